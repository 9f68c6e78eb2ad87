"""Whose file it is, and of which period: the cover, then the names; contradictions refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reportkit.errors import SubmissionError
from reportkit.params import Units
from reportkit.records.identity import guess_unit, identify, period_in, unit_by_name, units_in
from reportkit.records.issues import Log

UNITS = Units.model_validate({
    "group_name": "岱川能源集团有限公司", "group_short_name": "岱川集团",
    "units": [
        {"unit_id": uid, "name": name, "short_name": short, "order": n, "mask_label": uid,
         "valid_from": "2015-01-01", "aliases": aliases, **more}
        for n, (uid, name, short, aliases, more) in enumerate([
            ("hq", "岱川集团本级", "集团本级", ["岱川集团"], {"level": "group"}),
            ("dongling", "岱川集团东岭矿业有限公司", "东岭矿业", ["东岭矿业有限公司"], {}),
            ("dongling-north", "岱川集团东岭北矿有限公司", "东岭北矿", [], {}),
            ("yunping", "岱川集团云屏矿业有限公司", "云屏矿业", ["云屏铜业"], {}),
            ("old", "丙湾物流有限公司", "丙湾物流", [], {"valid_to": "2020-06-30"}),
        ])
    ],
})  # fmt: skip
NAMES = unit_by_name(UNITS)


@pytest.mark.parametrize(("stem", "folder", "unit_id"), [
    ("dongling", "", "dongling"),
    ("dongling.2024Q1", "", "dongling"),
    ("dongling-2024Q1", "", "dongling"),
    ("dongling2024Q1", "", "dongling"),
    ("2024_dongling_终稿", "", "dongling"),
    ("DONGLING", "", "dongling"),
    ("dongling-north.2024Q1", "", "dongling-north"),
    ("ｄｏｎｇｌｉｎｇ", "", "dongling"),
    ("东岭矿业", "", "dongling"),
    ("东岭 矿业", "", "dongling"),
    ("东岭矿业2024年第一季度报送表", "", "dongling"),
    ("岱川集团东岭矿业有限公司（第一季度）", "", "dongling"),
    ("岱川集团东岭矿业2024年", "", "dongling"),
    ("岱川集团（云屏铜业）", "", "yunping"),
    ("岱川集团本级", "", "hq"),
    ("一季度", "dongling", "dongling"),
    ("一季度", "东岭矿业", "dongling"),
    ("报送表", "", None),
    ("donglings", "", None),
    ("xdongling", "", None),
    ("东岭矿业、云屏矿业", "", None),
])  # fmt: skip
def test_the_unit_is_found_in_the_name_of_the_file_or_its_folder(
    stem: str, folder: str, unit_id: str | None
) -> None:
    """The longest name wins; part of a longer word, or two units, are none."""
    assert guess_unit(stem, folder, NAMES) == unit_id


def test_one_name_of_two_units_gives_both() -> None:
    """Names that differ only in case or width cannot tell two units apart."""
    pair = {"ＡＢ公司": UNITS["dongling"], "ab公司": UNITS["yunping"]}
    assert {unit.unit_id for unit in units_in("AB公司", pair)} == {"dongling", "yunping"}


@pytest.mark.parametrize(("text", "periods"), [
    ("dongling.2024Q1", {"2024Q1"}),
    ("dongling-2024q3", {"2024Q3"}),
    ("东岭矿业2024年第一季度报送表", {"2024Q1"}),
    ("一季度", {"2024Q1"}),
    ("第4季度", {"2024Q4"}),
    ("2024-03", {"2024-03"}),
    ("dongling_2024.11", {"2024-11"}),
    ("东岭3月份", {"2024-03"}),
    ("2024年12月", {"2024-12"}),
    ("1-3月", {"2024Q1"}),
    ("2024年10月至12月", {"2024Q4"}),
    ("1—12月", {"2024"}),
    ("2024全年", {"2024"}),
    ("2023年第四季度", {"2023Q4"}),
    ("1-9月", set()),
    ("2024年上半年", set()),
    ("第一、二季度", set()),
    ("2024年东岭", set()),
    ("东岭20240305", set()),
    ("2024-03-05", set()),
    ("3月5日报", set()),
    ("东岭一季度（2024年4月3日报）", {"2024Q1"}),
    ("一季度和三季度", {"2024Q1", "2024Q3"}),
    ("13月", set()),
])  # fmt: skip
def test_the_period_is_found_in_a_name(text: str, periods: set[str]) -> None:
    """Quarters, months and the year; dates of sending are none, nor are half years."""
    assert period_in(text, 2024) == periods


COVER = {"unit": "东岭矿业", "year": 2024}


@pytest.mark.parametrize(("cover", "stem", "folder", "expected"), [
    (COVER, "x", "", ("dongling", None)),
    ({**COVER, "period": "2024Q1"}, "x", "", ("dongling", "2024Q1")),
    ({**COVER, "period": "2024Q1"}, "东岭一季度", "", ("dongling", "2024Q1")),
    (COVER, "东岭二季度", "", ("dongling", "2024Q2")),
    ({}, "dongling.2024-02", "", ("dongling", "2024-02")),
    ({}, "报送表", "dongling", ("dongling", None)),
    (COVER, "x", "第一季度", ("dongling", "2024Q1")),
    ({**COVER, "period": "2024-02"}, "x", "第一季度", ("dongling", "2024-02")),
])  # fmt: skip
def test_cover_and_names_give_unit_and_period(
    cover: dict[str, Any], stem: str, folder: str, expected: tuple[str, str | None]
) -> None:
    """The cover first; what it leaves open the names say."""
    log = Log("f")
    unit, period = identify(cover, stem, folder, NAMES, 2024, log)
    assert (unit.unit_id, period) == expected
    assert log.unit_id == expected[0]
    assert {issue.code for issue in log.issues} == (set() if cover else {"cover_missing"})


@pytest.mark.parametrize(("cover", "stem", "folder", "word"), [
    ({"unit": "没有的公司"}, "dongling", "", "没有的公司"),
    (COVER, "云屏矿业", "", "文件名是“岱川集团云屏矿业有限公司”"),
    (COVER, "x", "yunping", "文件夹是"),
    ({}, "云屏矿业", "dongling", "文件名是“岱川集团云屏矿业有限公司”，文件夹是"),
    (COVER, "东岭矿业和云屏矿业", "", "两个单位"),
    ({}, "报送表", "", "没有单位名称"),
    ({**COVER, "year": 2023}, "x", "", "2023"),
    ({**COVER, "unit": "丙湾物流"}, "x", "", "在2024年不存在"),
    ({**COVER, "period": "2024Q1"}, "东岭二季度", "", "封面报送期间是2024Q1，文件名是2024Q2"),
    ({**COVER, "period": "2023Q1"}, "x", "", "2023Q1"),
    (COVER, "东岭2023年第一季度", "", "2023Q1"),
    (COVER, "一季度和三季度", "", "两个期间"),
    (COVER, "三季度", "第一季度", "文件名是2024Q3，文件夹是2024Q1"),
])  # fmt: skip
def test_contradictions_are_refused_with_both_sides(
    cover: dict[str, Any], stem: str, folder: str, word: str
) -> None:
    """Each refusal says what was found, what is expected and what to do."""
    with pytest.raises(SubmissionError) as caught:
        identify(cover, stem, folder, NAMES, 2024, Log("f"))
    assert word in caught.value.found
    assert caught.value.expected and caught.value.next_step


def test_a_unit_of_the_last_day_of_its_years_is_in_being() -> None:
    """A unit that ends in 2020 may still report for 2020."""
    unit, _ = identify({"unit": "丙湾物流", "year": 2020}, "x", "", NAMES, 2020, Log("f"))
    assert unit.valid_to == dt.date(2020, 6, 30)
