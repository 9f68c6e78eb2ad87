"""Compared with last year, or not: units that are new, merged, renamed or gone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from circular_support import YEAR, Edit, cells, row_of, text_of
from frames_builder import check, params, plan, session, speech, unit
from small_group import put_year, small_home

from reportkit.annual import load_annual
from reportkit.circular import open_group, open_unit
from reportkit.errors import ParameterError

LAST = YEAR - 1


def held(unit_id: str, count: int, year: int) -> list[dict[str, Any]]:
    """So many sessions of a unit, one a month."""
    return [session(f"{unit_id}/{n}", f"{year}-{n}-8") for n in range(1, count + 1)]


def two_years(root: Path, units: list[dict[str, Any]], now: dict[str, int], then: dict[str, int]
              ) -> Path:  # fmt: skip
    """A group of which each unit held so many sessions this year and last."""
    home = small_home(root, units)
    for year, counts in ((YEAR, now), (LAST, then)):
        of_year = params(year=year, cutoff=dt.date(year, 12, 31), issued_on=dt.date(year + 1, 1, 8))
        rows = [row for unit_id, n in counts.items() for row in held(unit_id, n, year)]
        put_year(home, units, year=of_year, sessions=rows)
    return home


HEAD_OFFICE = unit("hq", level="group", order=0)


@pytest.mark.parametrize(("fields", "change"), [
    ({}, "比上年增加2次，增长50%"),
    ({"valid_from": dt.date(LAST, 1, 1)}, "比上年增加2次，增长50%"),  # the whole of last year
    ({"valid_from": dt.date(LAST, 3, 1)}, "与上年不可比（上年非全年）"),
    ({"valid_to": dt.date(YEAR, 12, 31)}, "比上年增加2次，增长50%"),  # the whole of this year
    ({"valid_to": dt.date(YEAR, 11, 30)}, "与上年不可比（本年非全年）"),
])  # fmt: skip
def test_a_whole_year_is_compared_with_a_whole_year(
    tmp_path: Path, fields: dict[str, Any], change: str
) -> None:
    """Six sessions after four; a unit of some months is compared with nothing, and it says why."""
    units = [HEAD_OFFICE, unit("aa", order=1, **fields)]
    home = two_years(tmp_path, units, {"aa": 6}, {"aa": 4})
    one = open_unit("aa", YEAR, home=home).indicators.sessions
    assert one.change == change


def test_a_new_unit_is_compared_with_nothing(tmp_path: Path) -> None:
    """新设单位: not with zero, which would be an increase of all it did."""
    units = [HEAD_OFFICE, unit("aa", order=1), unit("nn", order=2, valid_from=dt.date(YEAR, 3, 1))]
    home = two_years(tmp_path, units, {"aa": 6, "nn": 3}, {"aa": 4})
    r = open_unit("nn", YEAR, home=home)
    assert r.indicators.sessions.change == "与上年不可比（新设单位）"
    row = row_of(r.comparison_table("M1"), "集体学习（次）")
    assert (row["上年"], row["变化"]) == ("—", "不可比")
    # The group's total counts it all the same: 9 after 4.
    assert open_group(YEAR, home=home).totals.sessions.change == "比上年增加5次，增长125%"


def test_a_base_of_zero_gives_no_percentage(tmp_path: Path) -> None:
    """零 is a figure to compare with in numbers, never in percent."""
    units = [HEAD_OFFICE, unit("aa", order=1)]
    home = two_years(tmp_path, units, {"aa": 3}, {"aa": 0})
    one = open_unit("aa", YEAR, home=home).indicators.sessions
    assert one.change == "比上年增加3次（上年为零，增幅不可比）" and one.change_short == "+3"


def test_a_merged_unit_keeps_its_months_and_its_row(tmp_path: Path) -> None:
    """Its records stay with it: the successor's figures do not take them, the annex adds up."""
    merged = unit("bb", short_name="乙川", order=2, valid_to=dt.date(YEAR, 6, 30),
                  successor_id="aa")  # fmt: skip
    units = [HEAD_OFFICE, unit("aa", short_name="甲岭", order=1), merged]
    home = two_years(tmp_path, units, {"hq": 1, "aa": 6, "bb": 3}, {"hq": 1, "aa": 4, "bb": 5})
    year = load_annual(home, YEAR)
    assert [year.of_unit(u).sessions.value for u in ("aa", "bb")] == [6, 3]
    # The successor existed throughout both years: it is compared with its own.
    assert year.of_unit("aa").sessions.change == "比上年增加2次，增长50%"
    assert year.of_unit("bb").sessions.change == "与上年不可比（本年非全年）"
    table = list(open_group(YEAR, home=home).annexes(["M1"]))[1]
    assert cells(table, "单位") == ["甲岭", "乙川（至6月）", "小计", "合计"]
    assert cells(table, "集体学习（次）") == ["6", "3", "9", "10"]
    assert "乙川已于2023年6月30日并入" in text_of([open_unit("aa", YEAR, home=home).data_notes()])


def test_a_unit_dissolved_last_year_is_in_last_year_s_totals_alone(tmp_path: Path) -> None:
    """No paper, no row and no finding this year; what the group is compared with holds it."""
    gone = unit("bb", order=2, valid_to=dt.date(LAST, 9, 30), successor_id="aa")
    units = [HEAD_OFFICE, unit("aa", order=1), gone]
    home = two_years(tmp_path, units, {"aa": 6}, {"aa": 4, "bb": 3})
    g = open_group(YEAR, home=home)
    assert (g.totals.sessions.value, g.totals.sessions.last.value) == (6, 7)
    assert len(cells(list(g.annexes(["M1"]))[1], "单位")) == 3  # aa, 小计, 合计
    with pytest.raises(ParameterError, match="did not exist in 2023"):
        open_unit("bb", YEAR, home=home)
    assert load_annual(home, YEAR).of_unit("aa").sessions.last.value == 4


def test_a_renamed_unit_is_the_same_unit(edited: Edit) -> None:
    """A new name in units.yml, the old one an alias: compared as ever, called by the new one."""
    old = "  name: 岱川集团苍麓矿业有限公司\n  short_name: 苍麓矿业\n"
    new = "  name: 岱川集团苍麓资源有限公司\n  short_name: 苍麓资源\n"
    alias = "  aliases:\n  - 苍麓矿业有限公司\n"
    home = edited("units.yml", (old, new), (alias, f"{alias}  - 岱川集团苍麓矿业有限公司\n"))
    r = open_unit("canglu", YEAR, home=home)
    assert r.indicators.sessions.change == "与上年持平"
    assert all(r.indicators[i].last.value is not None for i in ("M1", "M4", "M8"))
    text = text_of([r.letterhead()])
    assert "苍麓资源" in text and "苍麓矿业" not in text


def test_a_unit_renamed_into_a_new_one_is_told_as_such(tmp_path: Path) -> None:
    """Entered as a unit of its own, the new name is a new unit; the totals do not notice."""
    old = unit("aa", short_name="旧名", order=1, valid_to=dt.date(YEAR, 6, 30), successor_id="nn")
    new = unit("nn", short_name="新名", order=2, valid_from=dt.date(YEAR, 7, 1))
    home = two_years(tmp_path, [HEAD_OFFICE, old, new], {"aa": 4, "nn": 6}, {"aa": 8})
    year = load_annual(home, YEAR)
    assert year.of_unit("aa").sessions.last.note == "本年非全年"
    assert year.of_unit("nn").sessions.last.note == "新设单位"
    total = open_group(YEAR, home=home).totals.sessions
    assert (total.value, total.last.value) == (10, 8)


def test_last_year_without_records_is_not_comparable(tmp_path: Path) -> None:
    """无上年数据: no snapshot, no printed figures."""
    units = [HEAD_OFFICE, unit("aa", order=1)]
    home = small_home(tmp_path, units)
    put_year(home, units, sessions=held("aa", 3, YEAR))
    assert open_unit("aa", YEAR, home=home).indicators.sessions.last.note == "无上年数据"


@pytest.mark.parametrize(("metric_id", "unreported"), [
    ("M1", ["sessions"]), ("M2", ["speeches"]), ("M10a", []), ("M15", []),
])  # fmt: skip
def test_what_had_no_value_last_year_says_which_kind_of_none(
    tmp_path: Path, metric_id: str, unreported: list[str]
) -> None:
    """未报 is the unit's doing, 未核查 the office's: nobody is blamed for the other's."""
    units = [HEAD_OFFICE, unit("aa", order=1)]
    home = small_home(tmp_path, units)
    now = {
        "sessions": held("aa", 3, YEAR), "speeches": [speech("aa/1", "aa/张")],
        "archive_checks": [check(item, "有") for item in ("签到簿", "学习记录簿", "研讨发言簿")],
        "note_checks": [{"person_id": "aa/张", "checked_on": dt.date(YEAR, 6, 1), "grade": "好"}],
    }  # fmt: skip
    put_year(home, units, year=params(switched_off=[]), **now)
    last = params(year=LAST, cutoff=dt.date(LAST, 12, 31), issued_on=dt.date(YEAR, 1, 8),
                  switched_off=[])  # fmt: skip
    rows = {} if unreported else {"sessions": held("aa", 3, LAST)}
    put_year(home, units, year=last, unreported={"aa": unreported}, **rows)
    one = open_unit("aa", YEAR, home=home).indicators[metric_id]
    assert one.value is not None and one.last.value is None
    assert one.last.note and ("未报" in one.last.note) == bool(unreported)


def test_peers_of_few_person_times_get_no_band_and_a_reason(edited: Edit) -> None:
    """Under 11 人次 no quarter is told of attendance, and the table says so instead."""
    home = edited("2023.yml", ("minimum_person_times: 11", "minimum_person_times: 1000"))
    r = open_unit("canglu", YEAR, home=home)
    table = r.comparison_table("M1", "M4", "M4b", "M8")
    assert row_of(table, "集体学习（次）")["同类位置"] != "—"
    assert row_of(table, "必学专题覆盖率")["同类位置"] != "—"
    for name in ("班子成员年度平均参学率", "总参学率"):
        assert row_of(table, name)["同类位置"] == "—"
    assert "不足1000人次，不作同类比较" in text_of([r.peers_chart()])
    assert any("1000人次" in note for note in table.fields["notes"])


def test_bands_need_eight_peers(edited: Edit) -> None:
    """An office that asks for thirteen shows none of twelve: no median, no quarter, no chart."""
    home = edited("2023.yml", ("minimum_peers: 8", "minimum_peers: 13"))
    r = open_unit("canglu", YEAR, home=home)
    table = r.comparison_table("M4", "M8")
    assert set(cells(table, "同类中位数")) == set(cells(table, "同类位置")) == {"—"}
    assert "不足13家" in table.fields["notes"][0]
    assert "不足13家，不作同类比较" in text_of([r.peers_chart()])
    annex = list(r.annex("M8"))[1]
    # Beside the metric asked for stand those of the unit's findings.
    assert set(cells(annex, "同类四分位")) == {"—"}


def test_who_is_nobody_s_peer_is_compared_with_no_peers(edited: Edit) -> None:
    """A unit merged in June out of a group of eleven: neither median nor quarter of theirs."""
    dates = "\n  valid_from: '2012-01-01'\n  valid_to"
    home = edited("units.yml", (f"peer_group: 服务保障类{dates}", f"peer_group: 矿山类{dates}"))
    table = open_unit("linting", YEAR, home=home).comparison_table("M1", "M4")
    assert set(cells(table, "同类位置")) == {"—"}
    assert set(cells(table, "同类中位数")) == {"—"}


def test_every_unit_s_change_is_what_its_two_columns_give(demo_home: Path) -> None:
    """本单位 less 上年 is 变化, as a reader with a pencil finds it, in all papers of the demo."""
    annual = load_annual(demo_home, YEAR)
    seen = 0
    for one in annual.at_end:
        table = open_unit(one.unit_id, YEAR, home=demo_home).comparison_table(
            "M1", "M2", "M3", "M4", "M4b", "M5", "M7b", "M8", "M9a", "M9b", "M18a", "M21"
        )
        for now, then, change in zip(
            cells(table, "本单位"), cells(table, "上年"), cells(table, "变化"), strict=True
        ):
            if change == "不可比":
                continue
            a, b = (float(cell.partition("（")[0].rstrip("%")) for cell in (now, then))
            found = change.removesuffix("个百分点").replace("−", "-").replace("+", "")
            assert round(a - b, 6) == (0 if found == "持平" else float(found)), (one, now, then)
            seen += 1
    assert seen > 200


def test_plans_alone_make_no_session(tmp_path: Path) -> None:
    """A unit that reported none: 零, compared with last year's as a figure."""
    units = [HEAD_OFFICE, unit("aa", order=1)]
    home = two_years(tmp_path, units, {"aa": 0}, {"aa": 4})
    put_year(home, units, sessions=[], plans=[plan("2023")])
    one = open_unit("aa", YEAR, home=home).indicators.sessions
    assert (one.state, one.change) == ("零", "比上年减少4次，下降100%")
