"""What was the year's snapshot, since when; and how an earlier one becomes the year's again."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from snapshot_support import frames

from reportkit.errors import UsageError
from reportkit.records import snapshot
from reportkit.records.snapshot import (
    find_earlier,
    history,
    mend_history,
    read_history,
    read_pointer,
    read_table,
    restore_snapshot,
    write_snapshot,
)

YEAR = 2023
INPUTS = [{"file": "submissions/2023/aa.xlsx", "sha256": "ab" * 32, "unit_id": "aa",
           "state": "accepted"}]  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the clock says next, in UTC; asked more often than there are times, it fails."""
    times: list[str] = []
    monkeypatch.setattr("reportkit.records.snapshot.writing.now", lambda: times.pop(0))
    return times


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine eight hours before UTC."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be set here")
    monkeypatch.setenv("TZ", "UTC-8")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def rows(home: Path) -> int:
    """How many rows the year's snapshot has; each of these snapshots has another number."""
    return len(read_table(home, YEAR, "session_topics"))


def three(home: Path, clock: list[str]) -> list[str]:
    """Snapshots of 1, 2 and 3 rows, of 3, 8 and 8 January (UTC); their digests."""
    clock += ["2024-01-03T02:00:00+00:00", "2024-01-08T01:00:00+00:00",
              "2024-01-08T17:30:00+00:00"]  # fmt: skip
    return [write_snapshot(home, YEAR, frames(n), INPUTS)["digest"] for n in (1, 2, 3)]


def everything(home: Path) -> dict[str, bytes]:
    """Every file below outputs/, but for locks."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_the_history_says_what_when_from_which_files(tmp_path: Path, clock: list[str]) -> None:
    """Digest, time, inputs, version and the tables' hashes, in the order of the imports."""
    digests = three(tmp_path, clock)
    path = snapshot.folder(tmp_path, YEAR) / "history.json"
    written = json.loads(path.read_bytes())
    assert [e["digest"] for e in written] == digests
    assert [e["imported_at"] for e in written] == [
        "2024-01-03T02:00:00+00:00", "2024-01-08T01:00:00+00:00", "2024-01-08T17:30:00+00:00",
    ]  # fmt: skip
    last = written[-1]
    assert last["inputs"] == INPUTS and last["reportkit"]
    assert last["tables"] == read_pointer(tmp_path, YEAR)["tables"]
    assert read_history(tmp_path, YEAR).entries[-1].inputs == tuple(INPUTS)


def test_the_same_content_again_changes_no_byte(tmp_path: Path, clock: list[str]) -> None:
    """Not even the clock is asked: it would fail here."""
    three(tmp_path, clock)
    before = everything(tmp_path)
    write_snapshot(tmp_path, YEAR, frames(3), INPUTS)
    assert everything(tmp_path) == before and clock == []


def test_the_same_rows_from_another_file_are_a_new_entry(tmp_path: Path, clock: list[str]) -> None:
    """The folder is the same; the history tells which bytes were sent when."""
    three(tmp_path, clock)
    clock.append("2024-01-09T01:00:00+00:00")
    again = [{**INPUTS[0], "sha256": "cd" * 32}]
    pointer = write_snapshot(tmp_path, YEAR, frames(3), again)
    entries = read_history(tmp_path, YEAR).entries
    assert pointer["inputs"] == again and len(entries) == 4
    assert entries[2].digest == entries[3].digest and entries[2].inputs == tuple(INPUTS)


@pytest.mark.parametrize(
    ("day", "expected"),
    # By the calendar of a machine at UTC+8, the third import is of 9 January, 01:30.
    [("2024-01-03", 1), ("2024-01-07", 1), ("2024-01-08", 2), ("2024-01-09", 3), ("2030-01-01", 3)],
)
def test_as_of_takes_what_stood_at_the_end_of_that_local_day(
    tmp_path: Path, clock: list[str], shanghai: None, day: str, expected: int
) -> None:
    """The last import of the day counts, by this machine's calendar."""
    three(tmp_path, clock)
    clock.append("2024-02-01T00:00:00+00:00")
    pointer = restore_snapshot(tmp_path, YEAR, day)
    assert rows(tmp_path) == expected
    assert read_pointer(tmp_path, YEAR) == pointer
    # To go where one is already is no step: then the clock was not asked.
    assert len(clock) == (expected == 3)


def test_as_of_a_digest_and_forward_again(tmp_path: Path, clock: list[str]) -> None:
    """Back by six characters, twice without a second entry, and forward by an import."""
    digests = three(tmp_path, clock)
    clock += ["2024-02-01T00:00:00+00:00", "2024-02-02T00:00:00+00:00"]
    restore_snapshot(tmp_path, YEAR, digests[0][:6].upper())
    before = everything(tmp_path)
    restore_snapshot(tmp_path, YEAR, digests[0])
    assert everything(tmp_path) == before and rows(tmp_path) == 1
    write_snapshot(tmp_path, YEAR, frames(3), INPUTS)
    assert rows(tmp_path) == 3
    entries = read_history(tmp_path, YEAR).entries
    assert [e.digest for e in entries] == [*digests, digests[0], digests[2]]
    assert [e.as_of for e in entries] == ["", "", "", digests[0][:6].upper(), ""]


@pytest.mark.parametrize(
    "asked",
    ["2024-01-02", "2024-13-45", "20240108", "abcde", "ffffff", "", "..", "2024-1-8", "x" * 99],
)
def test_no_such_snapshot_names_what_there_is(
    tmp_path: Path, clock: list[str], shanghai: None, asked: str
) -> None:
    """Dates before the first import, no dates at all, too short or unknown digests."""
    digests = three(tmp_path, clock)
    before = everything(tmp_path)
    with pytest.raises(UsageError) as caught:
        restore_snapshot(tmp_path, YEAR, asked)
    assert f"{digests[0][:12]} since 2024-01-03 10:00" in caught.value.expected
    assert everything(tmp_path) == before


def test_a_year_without_snapshots_says_so_and_makes_no_folder(tmp_path: Path) -> None:
    """Nothing to go back to, nothing written."""
    with pytest.raises(UsageError, match="no snapshot of 2023 yet"):
        restore_snapshot(tmp_path, YEAR, "2024-01-08")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_earlier_snapshot_is_not_taken(tmp_path: Path, clock: list[str]) -> None:
    """The pointer stays where it is."""
    digests = three(tmp_path, clock)
    path = snapshot.folder(tmp_path, YEAR) / digests[0][:12] / "session_topics.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(UsageError, match="missing or damaged"):
        restore_snapshot(tmp_path, YEAR, digests[0])
    assert rows(tmp_path) == 3


def test_a_snapshot_of_another_version_s_tables_is_not_taken(
    tmp_path: Path, clock: list[str]
) -> None:
    """It could be pointed to, but not read."""
    clock += ["2024-01-01T00:00:00+00:00", "2024-01-02T00:00:00+00:00"]
    fewer = {name: frame for name, frame in frames(1).items() if name != "accounts"}
    old = write_snapshot(tmp_path, YEAR, fewer, INPUTS)["digest"]
    write_snapshot(tmp_path, YEAR, frames(2), INPUTS)
    with pytest.raises(UsageError, match="whose tables are others"):
        restore_snapshot(tmp_path, YEAR, old)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1, 2]", b'{"a": 1}', b"\xff\xfe\x00", b"[" * 100_000, b'[{"digest": 3}]',
     b'[{"digest":"' + b"a" * 64 + b'","imported_at":"2024-01-01","inputs":[],"reportkit":"1",'
     b'"tables":{}}]'],
)  # fmt: skip
def test_a_damaged_history_is_told_in_words_and_rebuilt(
    tmp_path: Path, clock: list[str], content: bytes
) -> None:
    """From the folders that are there; what stood in the file is kept beside it."""
    digests = three(tmp_path, clock)
    base = snapshot.folder(tmp_path, YEAR)
    for n, digest in enumerate(digests):  # the folders' times are all that is left
        moment = dt.datetime(2024, 1, 3 + n, tzinfo=dt.UTC).timestamp()
        os.utime(base / digest[:12] / "snapshot.json", (moment, moment))
    (base / "history.json").write_bytes(content)
    told = mend_history(tmp_path, YEAR)
    assert "outputs/records/2023/history.json" in told and "(3)" in told
    assert (base / "history.json.damaged").read_bytes() == content
    assert [e.digest for e in read_history(tmp_path, YEAR).entries] == digests
    assert mend_history(tmp_path, YEAR) == ""
    assert rows(tmp_path) == 3


@pytest.mark.parametrize("spilt", ["coffee", None])
def test_one_bad_entry_costs_no_other(tmp_path: Path, clock: list[str], spilt: str | None) -> None:
    """The good ones keep their times; the one that is lost is told by its folder."""
    digests = three(tmp_path, clock)
    base = snapshot.folder(tmp_path, YEAR)
    os.utime(base / digests[1][:12] / "snapshot.json", (1_704_500_000, 1_704_500_000))
    entries: list[Any] = json.loads((base / "history.json").read_bytes())
    # Also one that is changed by a figure: it bears the hash of what was written.
    entries[1] = spilt or {**entries[1], "imported_at": "2024-01-08T01:00:01+00:00"}
    (base / "history.json").write_text(json.dumps(entries), encoding="utf-8")
    found = read_history(tmp_path, YEAR)
    assert [e.digest for e in found.entries] == digests
    assert found.entries[0].imported_at == "2024-01-03T02:00:00+00:00"
    assert "no entry" in found.problem


def test_a_missing_history_is_rebuilt(tmp_path: Path, clock: list[str]) -> None:
    """Someone deleted it: the snapshots are still there to go back to."""
    digests = three(tmp_path, clock)
    (snapshot.folder(tmp_path, YEAR) / "history.json").unlink()
    clock.append("2024-02-01T00:00:00+00:00")
    restore_snapshot(tmp_path, YEAR, digests[0])
    assert rows(tmp_path) == 1


def test_a_snapshot_of_before_there_was_a_history_is_its_first_entry(tmp_path: Path) -> None:
    """A pointer without `folder`, a folder without an account of itself: both are taken over."""
    first = write_snapshot(tmp_path, YEAR, frames(1), INPUTS)
    base = snapshot.folder(tmp_path, YEAR)
    (base / "history.json").unlink()
    (base / first["folder"] / "snapshot.json").unlink()
    old = {key: value for key, value in first.items() if key != "folder"}
    (base / "snapshot.json").write_text(json.dumps(old), encoding="utf-8")
    assert rows(tmp_path) == 1
    write_snapshot(tmp_path, YEAR, frames(2), INPUTS)
    found = read_history(tmp_path, YEAR)
    assert found.entries[0].digest == first["digest"] and len(found.entries) == 2


def test_what_a_killed_import_wrote_ahead_is_not_what_stood(
    tmp_path: Path, clock: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history is written before the pointer: killed in between, the earlier one stands."""
    digests = three(tmp_path, clock)
    pointer = (snapshot.folder(tmp_path, YEAR) / "snapshot.json").read_bytes()
    clock += ["2024-01-10T00:00:00+00:00", "2024-01-20T00:00:00+00:00"]
    write_snapshot(tmp_path, YEAR, frames(4), INPUTS)
    (snapshot.folder(tmp_path, YEAR) / "snapshot.json").write_bytes(pointer)
    assert find_earlier(tmp_path, YEAR, "2024-01-15").digest == digests[2]
    restore_snapshot(tmp_path, YEAR, digests[0])
    found = [e.digest for e in read_history(tmp_path, YEAR).entries]
    assert found[-1] == digests[0] and found[-2] == digests[2] and len(found) == 6


# --- killed at every step ---------------------------------------------------------------------

_KILL_EVERYWHERE = """
import json, os, shutil, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import snapshot_support
from reportkit.records.schemas import TABLES
from reportkit.records.snapshot import reading
from reportkit.records.snapshot import read_table, read_history, write_snapshot, restore_snapshot
YEAR, INPUTS = 2023, {inputs!r}
reading.TABLES = {{name: TABLES[name] for name in {tables!r}}}  # fewer steps, the same ones
def frames(n=1):
    return {{k: v for k, v in snapshot_support.frames(n).items() if k in reading.TABLES}}
root = Path({root!r})
steps = {{"write": lambda home: write_snapshot(home, YEAR, frames(3), INPUTS),
         "back": lambda home: restore_snapshot(home, YEAR, {first!r}),
         "mend": lambda home: write_snapshot(home, YEAR, frames(2), INPUTS)}}
seen = []
for name, step in steps.items():
    for n in range(1, 500):
        home = root.with_name(f"{{name}}-{{n}}")
        shutil.copytree(root, home)
        if name == "mend":
            base = home / "outputs/records/2023"
            (base / "history.json").write_text("[")
        child = os.fork()
        if child == 0:
            left = [n]
            def hook(event, arguments):
                if event.startswith(("open", "os.", "shutil.")) and str(home) in str(arguments):
                    left[0] -= 1
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
            sys.addaudithook(hook)
            step(home)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        rows = len(read_table(home, YEAR, "session_topics"))
        for table in frames():
            read_table(home, YEAR, table)
        digests = [e.digest for e in read_history(home, YEAR).entries]
        seen.append([name, n, status, rows, len(digests)])
        step(home)
        assert read_history(home, YEAR).problem == ""
        seen[-1].append(len(read_table(home, YEAR, "session_topics")))
        shutil.rmtree(home)
        if status == 0:
            break
print(json.dumps(seen))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks a process for each step")
def test_a_kill_at_each_step_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    """SIGKILL before each file operation: of an import, of going back, of mending a history.

    The year's snapshot is the earlier or the later one, whole; the same command again ends.
    """
    root = tmp_path / "home"
    tables = ("members", "session_topics")
    few = [{name: frames(n)[name] for name in tables} for n in (1, 2)]
    first, _ = (write_snapshot(root, YEAR, each, INPUTS)["digest"] for each in few)
    code = _KILL_EVERYWHERE.format(
        tests=str(Path(__file__).parent), root=str(root), first=first[:12],
        inputs=INPUTS, tables=tables,
    )  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    for name, before, after, at_least in (
        ("write", 2, 3, 25),
        ("back", 2, 1, 8),
        ("mend", 2, 2, 8),
    ):
        of_step = [entry for entry in seen if entry[0] == name]
        assert len(of_step) > at_least, "the hook did not see the file operations"
        assert {entry[2] for entry in of_step[:-1]} == {9} and of_step[-1][2] == 0
        assert {entry[3] for entry in of_step} <= {before, after}
        assert of_step[0][3] == before and of_step[-1][3] == after
        assert {entry[5] for entry in of_step} == {after}


def test_the_clock_is_utc_to_the_second() -> None:
    """As the history has it, readable by any program."""
    assert dt.datetime.fromisoformat(history.now()).utcoffset() == dt.timedelta(0)
    assert len(history.now()) == len("2024-01-08T01:00:00+00:00")
