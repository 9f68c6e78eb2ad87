"""Last year's printed totals: read strictly, used where no records exist, and said to be so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from reportkit.annual import load_annual, slices
from reportkit.circular.group import GroupCircular
from reportkit.circular.unit import UnitCircular
from reportkit.errors import ParameterError
from reportkit.params import load_baseline, load_units
from reportkit.records.schemas import TABLES, empty
from reportkit.records.snapshot import write_snapshot
from reportkit.tables import trend_table

UNITS = """\
group_name: 岱川能源集团有限公司
group_short_name: 岱川集团
units:
  - {unit_id: aa, name: 甲岭矿业有限公司, short_name: 甲岭矿业, order: 1, mask_label: A,
     valid_from: 2015-01-01}
  - {unit_id: bb, name: 乙川冶炼有限公司, short_name: 乙川冶炼, order: 2, mask_label: B,
     valid_from: 2015-01-01}
  - {unit_id: nn, name: 新渡物流有限公司, short_name: 新渡物流, order: 3, mask_label: C,
     valid_from: 2022-03-01}
"""
YEAR = """\
year: {year}
cutoff: {year}-12-31
issued_on: {next}-01-08
topics: []
archive_items: [签到簿, 学习记录簿, 研讨发言簿]
themes: []
rules: []
"""
SOURCE = "岱川集团党组发〔2022〕3号《关于学习情况的通报》附件1"
GOOD = f"""\
year: 2021
source: {SOURCE}
totals: {{M1: 4, M3: 1}}
units:
  aa: {{M1: 1, M6: 0.25}}
"""


def sessions_of(unit: str, days: list[str]) -> pd.DataFrame:
    """A unit's 集体学习, one on each day."""
    frame = pd.DataFrame({
        "session_id": [f"{unit}/{n}" for n, _ in enumerate(days)], "unit_id": unit,
        "start": days, "end": days, "hours": 2.0, "kind": "集体学习", "counted_as": "集体学习",
        "form": "研讨", "title": "学习", "cancelled": False,
    })  # fmt: skip
    table = TABLES["sessions"]
    for column in table.columns:
        if column.name not in frame:
            frame[column.name] = 1 if column.name == "source_row" else None
    frame[["source_file", "source_sheet"]] = "x"
    return frame[table.column_names].astype({c.name: c.dtype for c in table.columns})


def put_year(home: Path, year: int, days: dict[str, list[str]]) -> None:
    """A snapshot in which each unit of ``days`` has reported just these sessions."""
    tables = {name: empty(table) for name, table in TABLES.items()}
    tables["sessions"] = pd.concat([sessions_of(u, d) for u, d in days.items()], ignore_index=True)
    states = [
        {"unit_id": u, "table": t, "state": "已报", "rows": 1, "refused": 0, "source_file": None}
        for u in days
        for t in TABLES
    ]
    columns = {c.name: c.dtype for c in TABLES["submissions"].columns}
    tables["submissions"] = pd.DataFrame(states).astype(columns)
    inputs = [{"file": f"{u}.xlsx", "sha256": "", "unit_id": u, "state": "accepted"} for u in days]
    write_snapshot(home, year, tables, inputs)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """2022 with records (aa 3, bb 2, nn 1 sessions), 2021 with parameters only."""
    (tmp_path / "params" / "baseline").mkdir(parents=True)
    (tmp_path / "params" / "units.yml").write_text(UNITS, encoding="utf-8")
    for year in (2021, 2022):
        text = YEAR.format(year=year, next=year + 1)
        (tmp_path / "params" / f"{year}.yml").write_text(text, encoding="utf-8")
    put_year(tmp_path, 2022, {
        "aa": ["2022-01-05", "2022-01-25", "2022-05-05"], "bb": ["2022-02-05", "2022-03-05"],
        "nn": ["2022-04-05"],
    })  # fmt: skip
    return tmp_path


def put(home: Path, text: str, year: int = 2021) -> None:
    """Write the baseline of a year."""
    (home / "params" / "baseline" / f"{year}.yml").write_text(text, encoding="utf-8")


def test_totals_and_units_are_compared_with_what_was_printed(home: Path) -> None:
    """6 sessions against 4 printed; aa 3 against 1, in 2 months of 12 against a quarter."""
    put(home, GOOD)
    year = load_annual(home, 2022)
    assert year.of_group().sessions.change == "比上年增加2次，增长50%"
    one = year.of_unit("aa")
    assert one.sessions.last_year == 1 and one.sessions.change_short == "+2"
    assert one.months_covered.value == pytest.approx(2 / 12)
    assert one.months_covered.last_year == 0.25
    assert one.months_covered.change == "比上年下降8.3个百分点"


def test_what_was_not_printed_is_not_comparable_and_never_zero(home: Path) -> None:
    """Another unit, another metric; and a new unit is new whatever was printed."""
    put(home, GOOD)
    year = load_annual(home, 2022)
    assert year.of_unit("bb").sessions.change == "与上年不可比（上年通报未列）"
    assert year.of_unit("aa").discussions.last_year is None
    assert year.of_group().discussions.last.note == "上年通报未列"
    assert year.of_unit("nn").sessions.change == "与上年不可比（新设单位）"


def test_the_circulars_say_where_the_figures_come_from(home: Path) -> None:
    """Under the unit's comparison and the group's annex; not where nothing is compared."""
    put(home, GOOD)
    year = load_annual(home, 2022)
    said = f"上年数据取自{SOURCE}。"
    notes = [
        UnitCircular(year, "unit", year.units[unit]).comparison_table("M1").fields["notes"]
        for unit in ("aa", "bb")
    ]
    assert [said in " ".join(each) for each in notes] == [True, False]
    assert notes[0][0].startswith("注：")
    annex = list(GroupCircular(year, "group").annexes(["M1"]))[1]
    assert annex.fields["notes"][-1] == said


def test_without_a_baseline_nothing_is_said(home: Path) -> None:
    """As it was before there could be one."""
    year = load_annual(home, 2022)
    table = UnitCircular(year, "unit", year.units["aa"]).comparison_table("M1")
    assert "上年数据取自" not in " ".join(table.fields["notes"])
    assert year.of_group().sessions.change == "与上年不可比（无上年数据）"


def test_a_snapshot_counts_before_a_baseline(home: Path) -> None:
    """Once 2021 is imported, its own records are compared with, and no source is named.

    bb sent nothing in 2021: the group's totals are of other units then, and are not compared.
    """
    put(home, GOOD)
    assert load_annual(home, 2022).of_group().sessions.last_year == 4
    put_year(home, 2021, {"aa": ["2021-05-05", "2021-06-05"]})
    year = load_annual(home, 2022)
    assert year.baseline is None
    total = year.of_group().sessions
    assert (total.last_year, total.last.note) == (None, "填报单位不同")
    assert year.last is not None and year.last.of_group().sessions.value == 2
    assert year.of_unit("aa").sessions.last_year == 2
    assert year.of_unit("bb").sessions.last.note == "上年未报"
    assert GroupCircular(year, "group").last_year_note() == ""


def test_a_year_without_parameters_has_a_baseline_too(home: Path) -> None:
    """The usual case: nothing of that year is in the workbook but its circular."""
    (home / "params" / "2021.yml").unlink()
    put(home, GOOD)
    assert load_annual(home, 2022).of_group().sessions.last_year == 4


def test_a_trend_begins_with_what_was_printed(home: Path) -> None:
    """2021 printed, 2022 and 2023 imported: three years, a figure that was not printed is None."""
    text = YEAR.format(year=2023, next=2024)
    (home / "params" / "2023.yml").write_text(text, encoding="utf-8")
    put(home, GOOD)
    put_year(home, 2023, {"aa": ["2023-01-05"] * 5, "nn": ["2023-04-05"] * 2})
    year = load_annual(home, 2023)
    assert year.of_unit("aa").sessions.trend == ((2021, 1), (2022, 3), (2023, 5))
    assert year.of_unit("nn").sessions.trend == ((2021, None), (2022, 1), (2023, 2))
    assert year.of_unit("bb").sessions.trend == ((2021, None), (2022, 2), (2023, None))
    assert year.of_group().sessions.trend == ((2021, 4), (2022, 6), (2023, 7))
    table = trend_table(year.of_unit("aa"), ["M1", "M6"])
    assert table is not None
    assert [row[1:] for row in table.fields["rows"]] == [
        ["1", "3", "5"], ["25%", "16.7%", "8.3%"],
    ]  # fmt: skip


def test_two_years_make_no_trend(home: Path) -> None:
    """One printed and one imported: the comparison shows them already."""
    put(home, GOOD)
    year = load_annual(home, 2022)
    assert year.of_unit("aa").sessions.trend == ((2021, 1), (2022, 3))
    assert trend_table(year.of_unit("aa"), ["M1"]) is None


def test_a_part_of_a_year_is_not_compared_with_a_whole_one(home: Path) -> None:
    """Printed totals are a year's: beside those of a quarter they would mislead."""
    put(home, GOOD)
    quarter = load_annual(home, 2022, "2022Q1")
    assert quarter.of_group().sessions.value == 4  # aa 2, bb 2
    assert quarter.of_group().sessions.change == "与上年同期不可比（无上年数据）"
    assert quarter.of_unit("aa").sessions.last.value is None
    assert quarter.of_unit("aa").sessions.trend == ((2022, 2),)
    table = UnitCircular(quarter, "unit_period", quarter.units["aa"]).comparison_table("M1")
    assert "上年数据取自" not in " ".join(table.fields["notes"])


def test_an_edited_baseline_makes_its_circulars_stale(home: Path) -> None:
    """aa's figure concerns aa and the group; the source concerns whoever is compared."""

    def prints() -> dict[str | None, dict[str, str]]:
        return {unit: slices(home, 2022).of(unit) for unit in ("aa", "bb", None)}

    without = prints()
    put(home, GOOD)
    before = prints()
    assert all(without[unit] != before[unit] for unit in ("aa", None))
    put(home, GOOD.replace("aa: {M1: 1,", "aa: {M1: 22,"))
    after = prints()
    assert {unit for unit in after if after[unit] != before[unit]} == {"aa", None}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (f"source: {SOURCE}\n", "", "source"),
        (SOURCE, '""', "source"),
        (SOURCE, '"  "', "source"),
        ("year: 2021", "year: 2020", "year: 2020"),
        ("M1: 4", "M99: 4", "totals.M99"),
        ("M6: 0.25", "m6: 0.25", "units.aa.m6"),
        ("M6: 0.25", "M6: 25", "units.aa.M6"),
        ("M6: 0.25", "M6: 1.0001", "units.aa.M6"),
        ("M6: 0.25", "M6: -0.25", "units.aa.M6"),
        ("M6: 0.25", "M6: 25%", "units.aa.M6"),
        ("M6: 0.25", "M6: null", "units.aa.M6"),
        ("M1: 4", "M1: -4", "totals.M1"),
        ("M1: 4", "M1: 4.5", "totals.M1"),
        ("M1: 4", "M1: .nan", "totals.M1"),
        ("M1: 4", "M1: .inf", "totals.M1"),
        ("M1: 4", "M1: yes", "totals.M1"),
        ("M1: 4", "M1: '4'", "totals.M1"),
        ("M1: 4,", "M1: 4, M1: 5,", "stands twice"),
        ("  aa:", "  zz:", "units.zz is no unit"),
        ("  aa:", "  nn:", "units.nn did not exist"),
        ("totals:", "total:", "total"),
    ],
)
def test_a_wrong_baseline_is_refused_with_file_and_key(
    home: Path, old: str, new: str, told: str
) -> None:
    """Before any figure is printed: a misspelt metric would be a comparison that is not there."""
    assert old in GOOD
    put(home, GOOD.replace(old, new, 1))
    with pytest.raises(ParameterError) as raised:
        load_annual(home, 2022).of_group()
    assert raised.value.where == "params/baseline/2021.yml"
    assert told in raised.value.found


def test_a_baseline_without_figures_is_refused(home: Path) -> None:
    """A source alone compares nothing."""
    put(home, f"year: 2021\nsource: {SOURCE}\n")
    with pytest.raises(ParameterError, match="neither totals nor units"):
        load_baseline(home, 2021, load_units(home))


def test_the_day_s_halves_and_the_bounds_are_allowed(home: Path) -> None:
    """天 may be halves; 0 and 1 are shares; 0 is a count."""
    put(home, GOOD.replace("M1: 4, M3: 1", "M1: 0, M6d: 10.5, M4: 1, M8: 0.0"))
    group = load_annual(home, 2022).of_group()
    assert (group.study_days.last_year, group.attendance.last_year) == (10.5, 1)
    assert group.sessions.change == "比上年增加6次（上年为零，增幅不可比）"
