"""``reportkit rollover``: the new year's files, all or none, and what stays open goes on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from closing_support import call, closed, closed_once, compared, tree

from reportkit.params import load_decisions, load_text, load_units, load_year

__all__ = ["closed", "closed_once"]

MADE = [
    "params/baseline/2023.yml",
    *(f"params/text/2024/{name}.md" for name in ("group", "group_period", "unit", "unit_period")),
    "params/decisions/2024.yml",
    "params/2024.yml",
]


def test_the_new_year_loads_and_is_told_line_by_line(closed: Path) -> None:
    """Parameters, prose and decisions load; each line to look over is named with its file."""
    units = closed / "params" / "text" / "2023" / "units"
    (units.parent / "edits").mkdir()
    units.mkdir()
    for own in (units / "hq.md", units.parent / "edits" / "group.md"):
        own.write_text("## 一 甲\n", encoding="utf-8")
    result = call("rollover", 2024, "--home", closed)
    assert result.exit_code == 0, result.stderr
    assert [f"written: {path}" in result.stdout for path in MADE] == [True] * len(MADE)
    params = load_year(closed, 2024)
    assert params.topics == () and params.rules == tuple(
        rule.model_copy(update={"deadline": new.deadline})
        for rule, new in zip(load_year(closed, 2023).rules, params.rules, strict=True)
    )
    assert load_decisions(closed, 2024).many_confirmed == ()
    assert set(load_text(closed, 2024, "unit")) == set(load_text(closed, 2023, "unit"))
    assert sorted(p.name for p in (closed / "params" / "text" / "2024").iterdir()) == [
        "group.md", "group_period.md", "unit.md", "unit_period.md",
    ]  # fmt: skip
    lines = (closed / "params" / "2024.yml").read_text(encoding="utf-8").splitlines()
    said = [line.strip() for line in result.stderr.splitlines() if "params/2024.yml:" in line]
    assert len(said) > 20
    for line in said:
        number, _, what = line.removeprefix("params/2024.yml:").partition(": ")
        for word in what.split("→")[1:]:
            assert word.split(",")[0].strip() in lines[int(number) - 1], line
    assert "remind.due has no day for 2024 (2023: 2024-01-05)" in result.stderr


def test_a_second_time_nothing_changes(closed: Path) -> None:
    """Also after the analyst has edited what was made: it is kept, and said to be."""
    assert call("rollover", 2024, "--home", closed).exit_code == 0
    before = tree(closed)
    result = call("rollover", 2024, "--home", closed)
    assert result.exit_code == 0 and "Nothing to do" in result.stdout
    assert tree(closed) == before
    path = closed / "params" / "2024.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# 我的\n", encoding="utf-8")
    before = tree(closed)
    result = call("rollover", 2024, "--home", closed)
    assert result.exit_code == 0
    assert "kept: params/2024.yml (it is there already, and differs)" in result.stdout
    assert tree(closed) == before


def test_dry_run_writes_nothing(closed: Path) -> None:
    """It lists what would be written, and what to look over."""
    before = tree(closed / "params")
    result = call("rollover", 2024, "--dry-run", "--json", "--home", closed)
    told = json.loads(result.stdout)
    assert list(told["files"]) == MADE and set(told["files"].values()) == {"to be written"}
    assert any("params/2024.yml:" in line for line in told["look_over"])
    assert tree(closed / "params") == before


@pytest.mark.parametrize(
    ("year", "name", "text", "said"),
    [
        (2025, "", "", "there is no params/2024.yml to begin from"),
        (2022, "", "", "there is no params/2021.yml"),
        (3000, "", "", "expected: a year from 1951 to 2200"),
        (2024, "2023.yml", "year: 2023\n", "cutoff"),
        (2024, "2023.yml", "year: [", "2023.yml"),
        (2024, "units.yml", "units: 3\n", "units.yml"),
        (2024, "decisions/2023.yml", "nonsense: 1\n", "decisions/2023.yml"),
        (2024, "text/2023/unit.md", "## 一 甲\n{nonsense}\n", "text/2023/unit.md"),
        (2024, "delivery.yml", "remind: {days_between: 0}\n", "delivery.yml"),
        (2024, "schedule.yml", "jobs: 3\n", "schedule.yml"),
    ],
)
def test_what_cannot_be_rolled_over_is_refused(
    closed: Path, year: int, name: str, text: str, said: str
) -> None:
    """A gap, or a file that does not load: status 2, and no file of the new year."""
    if name:
        (closed / "params" / name).write_text(text, encoding="utf-8")
    before = tree(closed / "params")
    result = call("rollover", year, "--home", closed)
    assert result.exit_code == 2
    assert said in result.stderr
    assert tree(closed / "params") == before


def test_a_damaged_snapshot_is_refused_before_anything_is_written(closed: Path) -> None:
    """Its figures could not be kept; without any snapshot that is only told."""
    pointer = closed / "outputs" / "records" / "2023" / "snapshot.json"
    whole = pointer.read_bytes()
    pointer.write_bytes(b"{")
    before = tree(closed / "params")
    assert call("rollover", 2024, "--home", closed).exit_code == 2
    assert tree(closed / "params") == before
    pointer.write_bytes(whole)
    shutil.rmtree(closed / "outputs" / "records" / "2023")
    result = call("rollover", 2024, "--home", closed)
    assert result.exit_code == 0
    assert "no records of 2023 have been imported" in result.stderr
    assert not (closed / "params" / "baseline" / "2023.yml").exists()


@pytest.mark.parametrize("fails_at", range(len(MADE)))
def test_all_files_are_written_or_none(
    closed: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    """A disk that is full at any file: those before it are gone again, their folders too."""
    from reportkit.cli import newfiles

    real, calls = newfiles.replace_file, iter(range(99))

    def failing(path: Path, content: bytes) -> None:
        if next(calls) == fails_at:
            raise OSError(28, "No space left on device", str(path))
        real(path, content)

    monkeypatch.setattr(newfiles, "replace_file", failing)
    before = tree(closed / "params")
    folders = {p for p in (closed / "params").rglob("*") if p.is_dir()}
    assert call("rollover", 2024, "--home", closed).exit_code == 1
    assert tree(closed / "params") == before
    assert {p for p in (closed / "params").rglob("*") if p.is_dir()} == folders


def test_a_killed_rollover_is_repeated(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after three files there is no new year yet; again, and all is as if at once."""
    whole = Path(shutil.copytree(closed, closed.parent / "whole"))
    assert call("rollover", 2024, "--home", whole).exit_code == 0
    for path in MADE[:3]:
        (closed / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(whole / path, closed / path)
    (closed / MADE[3]).with_name(".new-99-unit.md").write_bytes(b"half")
    assert call("rollover", 2024, "--home", closed).exit_code == 0
    assert tree(closed / "params") == tree(whole / "params")


def test_without_the_snapshot_the_baseline_gives_the_same_comparisons(closed: Path) -> None:
    """Every unit's and the group's change on last year, n and why not comparable, to the letter."""
    shutil.rmtree(closed / "params" / "baseline", ignore_errors=True)
    assert call("rollover", 2023, "--home", closed).exit_code == 0  # keeps 2022's figures
    baseline = yaml.safe_load((closed / "params" / "baseline" / "2022.yml").read_bytes())
    assert baseline["year"] == 2022 and baseline["source"] == "2022年通报"
    path = closed / "params" / "2023.yml"  # a convention of 2023 alone: some figures 口径调整
    text = path.read_text(encoding="utf-8").replace("minimum_sessions: 4", "minimum_sessions: 3")
    path.write_text(text, encoding="utf-8")
    before = compared(closed, 2023)
    assert any("口径调整" in line for line in before[""])
    assert any("（" in line.split(" ")[2] for own in before.values() for line in own)  # with its n
    shutil.move(closed / "outputs" / "records" / "2022", closed.parent / "lost")
    assert compared(closed, 2023) == before
    shutil.move(closed.parent / "lost", closed / "outputs" / "records" / "2022")
    from reportkit.annual import load_annual

    assert load_annual(closed, 2023).baseline is None  # the snapshot wins while it is there


def sheet_of(file: Path) -> list[dict[str, Any]]:
    """The rows of 整改情况 that are filled in, by header."""
    rows = list(openpyxl.load_workbook(file)["整改情况"].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0]]


def test_open_rectifications_stand_in_the_new_forms(closed: Path) -> None:
    """2023's findings under their numbers; 2022's that are not 已完成 with their year before them.

    Counted here from rules and reports: those never answered are open too.
    """
    from reportkit.annual import load_annual
    from reportkit.circular.follow_up import told_of
    from reportkit.loaders import Records

    assert call("rollover", 2024, "--home", closed).exit_code == 0
    assert call("forms", "--year", 2024, "--out", closed / "f", "--home", closed).exit_code == 0
    this, last = (load_annual(closed, year) for year in (2023, 2022))
    told = Records(closed, 2023)["rectifications"]
    state = dict(zip(told["finding_id"], told["state"], strict=True))
    carried = 0
    for unit in load_units(closed).in_year(2023):
        if unit.level == "group" or not unit.in_being_on(this.cutoff):
            continue
        expected = [number for _, number in told_of(this, [unit.unit_id])]
        asked = {number for _, number in told_of(last, [unit.unit_id])}
        still = {n for n in asked if state.get(f"{unit.unit_id}/{n}") != "已完成"}
        carried += len(still)
        rows = sheet_of(closed / "f" / f"{unit.unit_id}.2024Q1.xlsx")
        assert [r["问题编号"] for r in rows][: len(expected)] == expected
        assert {r["问题编号"] for r in rows[len(expected) :]} == {f"2022-{n}" for n in still}
        assert all(r["整改时限"] is not None and r["问题"] for r in rows)
    assert carried > 0


def test_what_comes_back_is_followed_up(closed: Path) -> None:
    """The forms filled in and imported: ids meet 2024's follow-up; what is done goes."""
    from reportkit.annual import load_annual
    from reportkit.circular.follow_up import CARRIED, follow_up
    from reportkit.loaders import Records
    from reportkit.records.importing import import_year

    assert call("rollover", 2024, "--home", closed).exit_code == 0
    sent = closed / "data" / "submissions" / "2024"
    assert call("forms", "--year", 2024, "--out", sent, "--home", closed).exit_code == 0
    ours = next(p for p in sorted(sent.iterdir()) if any(
        CARRIED.fullmatch(r["问题编号"]) for r in sheet_of(p)))  # fmt: skip
    rows = sheet_of(ours)
    book = openpyxl.load_workbook(ours)
    sheet = book["整改情况"]
    for place, word in ((4, "已完成"), (3 + len(rows), "整改中")):
        sheet.cell(place, 6, "2024-03-20")
        sheet.cell(place, 7, word)
    book.save(ours)
    import_year(closed, 2024, jobs=1, feedback=False)
    unit = ours.name.partition(".")[0]
    read = Records(closed, 2024)["rectifications"]
    own = read[read["unit_id"] == unit]
    assert list(own["finding_id"]) == [f"{unit}/{r['问题编号']}" for r in rows]
    got = follow_up(load_annual(closed, 2024), [unit])
    mine = [r for r in rows if not CARRIED.fullmatch(r["问题编号"])]
    assert (got.total, got.closed, got.answered) == (len(mine), 1, 1)
    assert len(got.carried) == len(rows) - len(mine) and "整改中" in got.carried
    assert "此前年度结转的问题" in got.unit_sentence
    assert call("forms", "--year", 2024, "--period", "2024Q2", "--unit", unit, "--out",
                closed / "g", "--home", closed).exit_code == 0  # fmt: skip
    again = sheet_of(closed / "g" / f"{unit}.2024Q2.xlsx")
    assert [r["问题编号"] for r in again] == [r["问题编号"] for r in rows[1:]]
    assert again[-1]["整改状态"] == "整改中"


def test_a_problem_of_many_words_is_seen_whole(closed: Path) -> None:
    """Rows are as high as their text wraps; of a unit after another heights are its own."""
    assert call("rollover", 2024, "--home", closed).exit_code == 0
    assert call("forms", "--year", 2024, "--out", closed / "f", "--home", closed).exit_code == 0
    high = 0
    for file in sorted((closed / "f").iterdir()):
        sheet = openpyxl.load_workbook(file)["整改情况"]
        for row in range(4, sheet.max_row + 1):
            text, height = str(sheet.cell(row, 2).value or ""), sheet.row_dimensions[row].height
            long = len(text) > 20
            assert height is None or (text and height > 18), (file.name, row)
            assert not long or height >= 34, (file.name, row)
            high += long
    assert high > 2
