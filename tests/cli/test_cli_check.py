"""``reportkit check``: files checked by themselves, feedback for each, nothing in the records."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from reportkit.cli.app import app
from reportkit.records.importing.gathering import submissions_of


def call(*arguments: object) -> Any:
    """Runs a command in this process."""
    from reportkit.cli import console

    console._console.cache_clear()
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    console._console.cache_clear()
    return result


@pytest.fixture
def folder(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's parameters, and a folder with one good and one spoilt workbook."""
    shutil.copytree(demo_home / "params", tmp_path / "params")
    inbox = tmp_path / "收件"
    inbox.mkdir()
    sent = demo_home / "data" / "submissions" / "2023"
    shutil.copy(sent / "shitang.xlsx", inbox / "a.xlsx")
    workbook = openpyxl.load_workbook(sent / "shitang.xlsx")
    sheet = workbook["学习情况"]
    header = next(r for r in range(1, 6) if "开始日期" in [c.value for c in sheet[r]])
    column = [c.value for c in sheet[header]].index("开始日期") + 1
    sheet.cell(header + 1, column).value = "2023-02-31"
    workbook.save(inbox / "b.xlsx")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_wrong_cell_is_named_and_marked(folder: Path) -> None:
    """Exit 1; the table names sheet and cell, the feedback marks the cell; nothing imported."""
    result = call("check", folder / "收件" / "b.xlsx")
    assert result.exit_code == 1
    assert "2023-02-31" in result.stdout and "学习情况" in result.stdout
    (feedback,) = (folder / "outputs" / "check").iterdir()
    assert feedback.name == "b.feedback.xlsx"
    workbook = openpyxl.load_workbook(feedback)
    marked = [
        c.coordinate for row in workbook["学习情况"].iter_rows() for c in row if c.comment
        and "2023-02-31" in c.comment.text
    ]  # fmt: skip
    assert len(marked) == 1
    listed = {str(c.value) for row in workbook["问题清单"].iter_rows() for c in row}
    assert marked[0] in listed
    assert not (folder / "outputs" / "records").exists()


def test_json_names_every_issue_and_a_good_file_ends_zero(folder: Path) -> None:
    """Plain JSON alone on standard output."""
    result = call("check", folder / "收件" / "a.xlsx", "--json")
    (said,) = json.loads(result.stdout)
    assert result.exit_code == 0 and said["ok"] and said["year"] == 2023
    assert said["files"][0]["unit_id"] == "shitang" and said["files"][0]["rows"] > 100


def test_two_files_of_one_name_keep_their_own_issues_and_feedback(folder: Path) -> None:
    """From two folders, or with two endings: none overwrites the other."""
    other = folder / "退回"
    other.mkdir()
    shutil.copy(folder / "收件" / "b.xlsx", other / "b.xlsx")
    (other / "b.xls").write_bytes(b"no workbook")
    files = [folder / "收件" / "b.xlsx", other / "b.xlsx", other / "b.xls"]
    result = call("check", *files, "--year", 2023, "--json", "--out", folder / "out")
    (said,) = json.loads(result.stdout)
    names = [file["file"] for file in said["files"]]
    assert len(set(names)) == 3
    by_file = {name: [i for i in said["issues"] if i["file"] == name] for name in names}
    assert all(by_file.values())
    assert len(list((folder / "out").iterdir())) == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged", b"just text", b"\xd0\xcf\x11\xe0"])
def test_a_damaged_file_is_refused_in_words(folder: Path, content: bytes) -> None:
    """Never a traceback; the feedback says what to do."""
    bad = folder / "坏.xlsx"
    bad.write_bytes(content)
    result = call("check", bad)
    assert result.exit_code == 1 and "Traceback" not in result.output
    assert (folder / "outputs" / "check" / "坏.feedback.xlsx").is_file()


def test_a_folder_gives_the_files_that_an_import_would_take(folder: Path) -> None:
    """Whatever their names end in; papers and locks are told, deeper folders refused."""
    year = folder / "data" / "submissions" / "2023"
    (year / "shitang" / "deep").mkdir(parents=True)
    good, bad = ((folder / "收件" / name).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    names = ["a.xlsx", "B.XLSX", "c.et", "d.CSV", "e.ods", "f.pdf", "shitang/g.XLSM", "no ending"]
    for name in names:
        (year / name).write_bytes(bad if name == "B.XLSX" else good)
    (year / "f.pdf").write_bytes(b"%PDF-1.4")
    for lock in ("~$a.xlsx", ".~c.et", "._a.xlsx"):
        (year / lock).write_bytes(b"lock")
    (year / "Thumbs.db").write_bytes(b"system")
    result = call("check", year, "--json")
    (said,) = json.loads(result.stdout)
    states = {file["file"].rpartition("/")[2]: file["state"] for file in said["files"]}
    found = [file.label.rpartition("/")[2] for file in submissions_of(folder, 2023)]
    assert sorted(states) == sorted(found) and len(found) == len(names) + 4
    assert {name: state for name, state in states.items() if state != "accepted"} == {
        "B.XLSX": "partly", "f.pdf": "evidence", "deep": "refused",
        "~$a.xlsx": "skipped", ".~c.et": "skipped", "._a.xlsx": "skipped",
    }  # fmt: skip
    assert result.exit_code == 1


def test_a_missing_file_and_a_folder_are_wrong_usage(folder: Path) -> None:
    """Exit 2, and what is expected."""
    empty = folder / "空"
    empty.mkdir()
    for wrong, what in ((folder / "nowhere.xlsx", "is no file"), (empty, "no workbook in")):
        result = call("check", wrong)
        assert result.exit_code == 2 and what in result.output
