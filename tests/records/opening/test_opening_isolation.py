"""What parses a stranger's file runs apart: death, hunger and endless loops cost that file."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from records_support import Home, right_book

from reportkit.errors import SubmissionError
from reportkit.records.importing.gathering import files_in
from reportkit.records.importing.single import check_files
from reportkit.records.importing.year import setting_of
from reportkit.records.opening import isolation
from reportkit.records.opening.isolation import isolated

GIB = 2**30
FAULTS: dict[str, tuple[Any, ...]] = {
    "异常终止": (os.abort,),
    "异常终止 ": (sys.exit, 3),
    "内存": (bytearray, 64 * GIB),
    "没有结束": (re.match, "(a+)+$", "a" * 60 + "b"),  # never lets other threads run
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_call_that_dies_starves_or_never_ends_is_told_and_the_next_is_served(words: str) -> None:
    """Each by its own words, also right after others of its kind."""
    for _ in range(2):
        with pytest.raises(SubmissionError, match=words.strip()) as caught:
            isolated(*FAULTS[words], seconds=1 if "结束" in words else 60, memory=GIB)
        assert "另存为" in caught.value.next_step
    assert isolated(len, "abc") == 3


def test_results_prints_and_errors_come_back_as_they_are() -> None:
    """What is printed is no answer; an error of the call is raised here."""
    assert isolated(os.write, 1, b"noise") == 5
    with pytest.raises(ZeroDivisionError):
        isolated(divmod, 1, 0)
    assert isolated(divmod, 7, 2) == (3, 1)


PARSER = """
import os, sys, time
here = os.path.dirname(__file__)
sys.path.remove(here)
this = sys.modules.pop("python_calamine")
from python_calamine import CalamineWorkbook as Real
sys.modules["python_calamine"] = this
class CalamineWorkbook:
    @staticmethod
    def from_filelike(file):
        content = file.read()
        file.seek(0)
        if b"KILL" in content:
            os.kill(os.getpid(), SIGNAL)
        while b"EAT" in content:
            hoard.append(bytearray(1 << 28))
        while b"LOOP" in content:
            time.sleep(1)
        return Real.from_filelike(file)
hoard = []
"""


def test_a_parser_that_dies_starves_or_never_ends_costs_one_file(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At import and check alike, in one process: the other files are read."""
    fatal = getattr(signal, "SIGKILL", signal.SIGTERM)
    (tmp_path / "fake").mkdir()
    fake = PARSER.replace("SIGNAL", str(int(fatal)))
    (tmp_path / "fake" / "python_calamine.py").write_text(fake, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "fake")
    monkeypatch.setattr(isolation, "_idle", {})
    monkeypatch.setitem(isolated.__kwdefaults__, "seconds", 10)
    monkeypatch.setitem(isolated.__kwdefaults__, "memory", GIB)
    home.put(right_book(), "aa.xlsx")
    words = {"KILL": "异常终止", "EAT": "内存", "LOOP": "没有结束"}
    for word in words:
        book = right_book()
        book["封面"][0][1] = word
        home.put(book, f"bb-{word}.xlsx")
    told = {Path(f.file).stem: f.reason for f in home.run().files if f.state == "refused"}
    assert len(told) == 3 and all(words[word] in told[f"bb-{word}"] for word in words)
    (home.folder / "bb-LOOP.xlsx").unlink()
    checked = check_files(setting_of(home.root, 2023), files_in(home.folder))
    assert [file.state for file in checked.files] == ["accepted", "refused", "refused"]
