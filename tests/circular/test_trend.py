"""历年情况: a unit's figures over three years, two of them imported or printed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from circular_support import YEAR, cells, row_of, shown, tables_of

from reportkit.annual import load_annual
from reportkit.circular import open_unit
from reportkit.loaders import Records
from reportkit.metrics.indicator import SMALL_N
from reportkit.records.snapshot import write_snapshot

OLDEST = YEAR - 2
TOLD = ("M1", "M2", "M3", "M4", "M8")


def a_year_earlier(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of 2022 as if they were of 2021: days, years, periods, codes."""
    moved = frame.copy()
    for name in moved.columns:
        if pd.api.types.is_datetime64_any_dtype(moved[name]):
            moved[name] = (moved[name] - pd.DateOffset(years=1)).astype(frame[name].dtype)
        elif name == "year":
            moved[name] = moved[name] - 1
        elif name in ("period", "due_period", "month", "code", "topic_code"):
            moved[name] = moved[name].str.replace(str(YEAR - 1), str(OLDEST))
    return moved


@pytest.fixture(scope="module")
def three_years(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with a third year before its two: 2022's records and rules, a year earlier.

    dongling held two of its sessions less in it, so that the years can be told apart.
    """
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("three") / "workbook"))
    text = (home / "params" / f"{YEAR - 1}.yml").read_text(encoding="utf-8")
    for year in (YEAR - 1, YEAR):
        text = re.sub(rf"\b{year}\b|\b{year}(?=Q|H)", str(year - 1), text)
    (home / "params" / f"{OLDEST}.yml").write_text(text, encoding="utf-8")
    records = Records(home, YEAR - 1)
    tables = {name: a_year_earlier(records[name]) for name in records}
    sessions = tables["sessions"]
    own = sessions[(sessions["unit_id"] == "dongling") & (sessions["counted_as"] == "集体学习")]
    tables["sessions"] = sessions.drop(own.index[:2]).reset_index(drop=True)
    write_snapshot(home, OLDEST, tables, records.inputs)
    return home


def test_a_unit_s_three_years_stand_side_by_side(three_years: Path) -> None:
    """Each column is its own year's figures; the last one the paper's."""
    table = next(iter(open_unit("dongling", YEAR, home=three_years).trend_table(*TOLD)))
    heads = [each["text"] for each in table.fields["columns"]]
    assert heads == ["指标", "2021年", "2022年", "2023年"]
    own = load_annual(three_years, YEAR - 1).row("dongling", "M1")["value"]
    row = row_of(table, "集体学习（次）")
    assert (row["2021年"], row["2022年"]) == (f"{own - 2:.0f}", f"{own:.0f}")
    for year in (OLDEST, YEAR - 1, YEAR):
        annual = load_annual(three_years, year)
        assert row_of(table, "研讨交流（场次）")[f"{year}年"] == str(
            annual.of_unit("dongling").discussions
        )


def test_the_middle_year_is_compared_with_the_oldest(three_years: Path) -> None:
    """Last year's paper now has a year before it too; this year's is compared with last alone."""
    this, last = (load_annual(three_years, year) for year in (YEAR, YEAR - 1))
    now, then = (annual.of_unit("dongling").sessions for annual in (this, last))
    assert then.value is not None and then.last.value == then.value - 2
    assert now.last.value == then.value
    assert [year for year, _ in now.trend] == [OLDEST, YEAR - 1, YEAR]
    assert [value for _, value in now.trend] == [then.value - 2, then.value, now.value]


def test_a_new_unit_has_no_figure_before_it_was(three_years: Path) -> None:
    """xindu, of April 2023: — for both years, never 0."""
    table = next(iter(open_unit("xindu", YEAR, home=three_years).trend_table(*TOLD)))
    assert set(cells(table, "2021年")) == set(cells(table, "2022年")) == {"—"}
    assert "—" not in cells(table, "2023年")


def test_a_state_is_no_figure(three_years: Path) -> None:
    """wangchuan sent counts alone: M4 is 数据不足 this year and — before, never 0%."""
    table = next(iter(open_unit("wangchuan", YEAR, home=three_years).trend_table("M4", "M1")))
    row = row_of(table, "班子成员年度平均参学率")
    assert row["2023年"] == "数据不足" and {row["2021年"], row["2022年"]} == {"—"}


def test_a_ratio_of_few_stands_with_its_number_in_every_year(three_years: Path) -> None:
    """必学专题覆盖率 of seven topics: 85.7%（6/7）, whichever year's column it stands in."""
    for unit in ("canglu", "shitang"):
        table = next(iter(open_unit(unit, YEAR, home=three_years).trend_table("M8", "M4")))
        for year in (OLDEST, YEAR - 1, YEAR):
            annual = load_annual(three_years, year)
            for metric_id, cell in zip(("M8", "M4"), cells(table, f"{year}年"), strict=True):
                assert annual.row(unit, metric_id)["denominator"] < SMALL_N
                assert "（" in cell, (unit, metric_id, year, cell)


def test_the_group_has_a_trend_too(three_years: Path) -> None:
    """Totals of each year, 集团本级 included."""
    values = dict(load_annual(three_years, YEAR).of_group().sessions.trend)
    assert values == {
        year: load_annual(three_years, year).totals.at["M1", "value"]
        for year in (OLDEST, YEAR - 1, YEAR)
    }


def test_a_quarter_s_trend_is_of_quarters(three_years: Path) -> None:
    """The same nine months of each year."""
    values = dict(load_annual(three_years, YEAR, f"{YEAR}Q3").of_unit("canglu").sessions.trend)
    assert values == {
        year: load_annual(three_years, year, f"{year}Q3").row("canglu", "M1")["value"]
        for year in (OLDEST, YEAR - 1, YEAR)
    }


def test_the_paper_shows_it_with_three_years_and_not_with_two(
    demo_home: Path, three_years: Path
) -> None:
    """From the notebook as it is: one more table, with a warning that 口径 may have changed."""
    two, three = (
        [t.fields["title"] for t in tables_of(shown(
            "unit_circular", home, charts=False, unit="canglu", year=YEAR
        ))]
        for home in (demo_home, three_years)
    )  # fmt: skip
    assert "历年情况" not in two and three.count("历年情况") == 1
    table = next(iter(open_unit("canglu", YEAR, home=three_years).trend_table(*TOLD)))
    assert "口径" in table.fields["notes"][0]
