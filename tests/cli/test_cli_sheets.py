"""``reportkit sheets``: of circulars that are done and up to date, and of no others."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import docx
import pytest
from test_cli_commands import call, python

from reportkit.cli.warnings import body_length


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's first three units, with the group's circular of 2023 and one unit's made."""
    home = tmp_path_factory.mktemp("sheets") / "workbook"
    for arguments in (
        ("demo", "--out", home, "--units", "3"),
        ("import", "--home", home, "--year", "2023"),
        ("run", "--home", home, "--unit", "group", "--unit", "dongling",
         "--format", "docx,pdf", "--jobs", "1"),
    ):  # fmt: skip
        done = python(*map(str, arguments))
        assert done.returncode == 0, done.stderr.decode()
    return home


@pytest.fixture
def workbook(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the user in it."""
    shutil.copytree(made, tmp_path / "workbook")
    monkeypatch.chdir(tmp_path / "workbook")
    return tmp_path / "workbook"


def told(*arguments: str) -> dict[str, Any]:
    content = json.loads(call("sheets", "--json", *arguments).stdout)
    return dict(content)


def test_both_sheets_of_what_is_ready(workbook: Path) -> None:
    """Files at their places, that python-docx opens; status 0; nothing else in outputs/ changes."""
    before = {p: p.read_bytes() for p in (workbook / "outputs" / "2023").rglob("*") if p.is_file()}
    result = call("sheets", "--unit", "group", "--unit", "dongling")
    assert result.exit_code == 0, result.output
    for unit in ("group", "dongling"):
        for kind in ("dispatch", "checklist"):
            path = workbook / "outputs" / "sheets" / "2023" / unit / f"circular.{kind}.docx"
            assert docx.Document(str(path)).tables
    after = {p: p.read_bytes() for p in (workbook / "outputs" / "2023").rglob("*") if p.is_file()}
    assert after == before


def test_what_the_sheets_say_of_the_demos_circular(workbook: Path) -> None:
    """The count is that of the run's own warning; 集团本级 explains the totals; nothing fails."""
    (group,) = told("--unit", "group")["documents"]
    notebook = workbook / "outputs" / "2023" / "group" / "circular.ipynb"
    assert group["characters"] == body_length(notebook)
    results = {check["key"]: check["result"] for check in group["checks"]}
    for key in ("parts", "length", "phrases", "numbering", "series", "annexes", "persons", "units"):
        assert results[key] == "通过", key
    totals = [c for c in group["checks"] if c["key"] == "totals"]
    assert any("等于集团本级各数" in line for check in totals for line in check["found"])
    main = [f for f in group["figures"] if "两级党委中心组共组织集体学习" in f["clause"]]
    assert [(f["state"], f["origin"]) for f in main] == [("known", "集体学习")]
    form = docx.Document(str(workbook / group["files"]["dispatch"])).tables[0]
    shown = [cell.text for row in form.rows for cell in row.cells]
    assert "岱能党〔2024〕　　号" in shown and "2024年1月8日" in shown
    assert any(text.endswith("页（PDF）") for text in shown)


def test_what_is_not_made_failed_or_stale_is_left_out(workbook: Path) -> None:
    """Status 1, with the reason; a file that somebody changed is not what was made."""
    assert {w["document"]: w["why"] for w in told()["withheld"]} == {
        "yunping/circular": "never made", "canglu/circular": "never made",
    }  # fmt: skip
    assert call("sheets").exit_code == 1
    copy = workbook / "outputs" / "2023" / "dongling" / "circular.docx"
    copy.write_bytes(copy.read_bytes() + b"x")
    found = told("--unit", "dongling")
    assert not found["documents"] and "was changed" in found["withheld"][0]["why"]
    assert not (workbook / "outputs" / "sheets" / "2023" / "yunping").exists()
    letter = workbook / "params" / "letterhead.yml"
    text = letter.read_text(encoding="utf-8").replace('note: ""', "note: 此件公开发布")
    letter.write_text(text, encoding="utf-8")
    (left,) = told("--unit", "group")["withheld"]
    assert "letterhead.yml" in left["why"]


def test_a_named_person_or_unit_fails_with_status_1(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member of the records whose name stands in the text."""

    monkeypatch.setattr("reportkit.cli.sheets.persons_of", lambda home, year: ("党的创新",))
    result = call("sheets", "--unit", "group")
    assert result.exit_code == 1 and "不出现个人姓名" in result.output


@pytest.mark.parametrize("unit", ["working_paper", "data_quality", "nowhere"])
def test_what_is_never_signed_is_wrong_usage(workbook: Path, unit: str) -> None:
    """底稿 and 数据质量报告 stay in the office; an unknown unit is unknown."""
    assert call("sheets", "--unit", unit).exit_code == 2
    assert not (workbook / "outputs" / "sheets").exists()


def test_the_same_bytes_when_made_again(workbook: Path) -> None:
    """No clock stands in them."""
    call("sheets", "--unit", "group")
    folder = workbook / "outputs" / "sheets" / "2023" / "group"
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    call("sheets", "--unit", "group")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    properties = docx.Document(io.BytesIO(first["circular.dispatch.docx"])).core_properties
    assert properties.created is not None and properties.created.year == 2000
