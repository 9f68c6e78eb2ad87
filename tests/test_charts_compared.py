"""The change on last year, and the charts of the 底稿: true titles, grey ink, whole names."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.charts import Change, attendance_chart, change_chart, months_charts, topics_charts
from reportkit.charts.group import A_SHEET
from reportkit.circular import open_unit, open_working_paper
from reportkit.display import Block
from reportkit.fonts import FontSet
from reportkit.loaders import Records

YEAR = 2023
NAME = "班子成员年度平均参学率"


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    return FontSet.find(None)


def texts(block: Block) -> list[str]:
    root = ElementTree.fromstring(block.fields["svg"])
    return ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]


def change(name: str, before: float, now: float, *, ratio: bool = False) -> Change:
    show = (lambda v: f"{v * 100:g}%") if ratio else (lambda v: f"{v:g}次")
    return Change(name, before, now, show(before), show(now), ratio)


def grey(colour: str) -> bool:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * d for d in colour[1:])
    return digits[:2] == digits[2:4] == digits[4:]


def test_the_title_counts_what_rose_and_fell(fonts: FontSet) -> None:
    """集体学习 16→18 up, 研讨 9→8 down, 参学率 100% as before: by what is printed."""
    block = change_chart(
        [change("集体学习", 16, 18), change("研讨", 9, 8), change("参学率", 1.0, 1.0, ratio=True)],
        "上年", fonts, ["述学率"],
    )  # fmt: skip
    assert block.fields["title"] == "与上年相比，3项指标中1项上升、1项下降、1项持平"
    assert block.fields["alt"] == (
        "与上年相比：集体学习由16次到18次，研讨由9次到8次，参学率持平（100%）；述学率不可比"
    )
    shown = texts(block)
    for text in ("集体学习", "16次", "18次", "9次", "8次", "100%", "上年", "本年"):
        assert text in shown
    assert shown.count("100%") == 1  # one mark where nothing changed


def test_all_of_one_kind_read_well(fonts: FontSet) -> None:
    block = change_chart([change("甲", 1, 2), change("乙", 0, 5)], "上年同期", fonts)
    assert block.fields["title"] == "与上年同期相比，2项指标均上升"
    assert "本期" in texts(block)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 1000), st.floats(0, 1000), st.booleans()), min_size=2, max_size=9
    )
)
def test_any_values_draw(values: list[tuple[float, float, bool]]) -> None:
    """Zeros, huge and equal ones: no NaN, and the title's numbers add up."""
    changes = [
        change(f"指标{n}", a / 1000 if r else a, b / 1000 if r else b, ratio=r)
        for n, (a, b, r) in enumerate(values)
    ]
    block = change_chart(changes, "上年", FontSet.find(None))
    assert "nan" not in block.fields["svg"].lower()
    told = [int(n) for n in re.findall(r"(\d+)项(?:上升|下降|持平)", block.fields["title"])]
    assert sum(told or [len(changes)]) == len(changes)


def test_attendance_names_those_below_the_line(fonts: FontSet) -> None:
    """Two of four below 80%: said in the title, named with their figures in the alternative."""
    values = {"甲": 0.62, "乙": 0.799, "丙": 0.8, "丁": 1.0}
    block = attendance_chart(NAME, values, 0.8, fonts)
    assert block.fields["title"] == f"4家单位中2家{NAME}低于80%"
    assert block.fields["alt"].endswith("低于80%的有甲62%、乙79.9%")
    assert "中位数80%" in block.fields["alt"]  # (79.9 + 80) / 2 = 79.95, as it prints: 80
    assert attendance_chart(NAME, values, 0.5, fonts).fields["title"].endswith("均不低于50%")
    assert "在62%至100%之间" in attendance_chart(NAME, values, None, fonts).fields["title"]


def test_a_thousand_units_are_bars(fonts: FontSet) -> None:
    """As many patches as columns, not a thousand dots; the file stays small."""
    values = {f"单位{n}": 0.5 + n / 2000 for n in range(1000)}
    block = attendance_chart(NAME, values, 0.8, fonts)
    assert block.fields["title"] == f"1000家单位中600家{NAME}低于80%"
    assert len(block.fields["svg"]) < 60_000
    assert "等600家" in block.fields["alt"]


def test_months_tell_zero_from_unknown_and_from_not_there(fonts: FontSet) -> None:
    """A zero is printed, what was not reported is hatched, before its time a unit is blank."""
    rows: dict[str, list[int | str | None]] = {
        "甲": [1, 0, 2], "乙": ["未报"] * 3, "丙": [None, None, 3],
    }  # fmt: skip
    (block,) = months_charts(YEAR, rows, 3, fonts)
    shown = texts(block)
    assert sorted(t for t in shown if t.isdigit()) == ["0", "1", "2", "3"]
    assert block.fields["title"] == "2023年有1家单位存在未学习的月份"
    assert block.fields["alt"] == "各单位各月学习次数，最多一个月3次；未学习的月份：甲2月"
    assert block.fields["svg"].count("<pattern") == 1
    (full,) = months_charts(YEAR, {"甲": [1, 1]}, 2, fonts)
    assert full.fields["title"] == "2023年各单位在册月份均有学习"


def test_large_groups_come_in_sheets(fonts: FontSet) -> None:
    """Of 101 units three sheets of 34, 34 and 33, each unit once, no name cut."""
    names = [f"某某集团第{n:03}矿业有限责任公司" for n in range(101)]
    blocks = list(months_charts(YEAR, {name: [1] * 12 for name in names}, 12, fonts))
    assert len(blocks) == 3 and -(-101 // A_SHEET) == 3
    found = [t for block in blocks for t in texts(block) if t.startswith("某某")]
    assert found == names
    for number, block in enumerate(blocks, 1):
        assert block.fields["title"].endswith(f"（{number}/3）")
        root = ElementTree.fromstring(block.fields["svg"])
        assert float(root.get("height", "0").removesuffix("pt")) <= 200 / 25.4 * 72


def test_topics_say_who_lacks_which(fonts: FontSet) -> None:
    rows = {"甲": [True, False], "乙": [True, True], "丙": [None, None]}
    (block,) = topics_charts(["《一》", "《二》"], rows, fonts)
    assert block.fields["title"] == "2家单位中1家有必学专题未学"
    assert block.fields["alt"].endswith("甲未学《二》")


def test_all_is_grey(fonts: FontSet) -> None:
    """Nothing is told by colour: a copying machine shows it all."""
    blocks = [
        change_chart([change("甲", 1, 2), change("乙", 1, 1)], "上年", fonts),
        attendance_chart(NAME, {"甲": 0.7, "乙": 0.9}, 0.8, fonts),
        *months_charts(YEAR, {"甲": [1, 0, "未报"]}, 3, fonts),
        *topics_charts(["《一》"], {"甲": [True], "乙": [False]}, fonts),
    ]
    for block in blocks:
        found = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{3,6})", block.fields["svg"]))
        assert found and all(map(grey, found)), found


def test_the_same_each_time(fonts: FontSet) -> None:
    made = [
        change_chart([change("甲", 1, 2), change("乙", 1, 1)], "上年", fonts).fields["svg"]
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_the_demo_s_charts_show_what_the_records_hold(demo_home: Path) -> None:
    """Sessions a month, counted once more from the tables; topics by the unit's own figures."""
    paper = open_working_paper(YEAR, home=demo_home)
    (block,) = paper.months_chart().blocks
    sessions = Records(demo_home, YEAR)["sessions"]
    held = sessions[
        ~sessions["cancelled"].fillna(False).astype(bool)
        & sessions["counted_as"].isin(["集体学习", "读书班"])
    ]
    by_month = held.groupby(["unit_id", held["start"].dt.month]).size()
    shown = sorted(int(t) for t in texts(block) if t.isdigit() and int(t) > 0)
    assert shown == sorted(by_month.tolist())
    topics = paper.topics_chart().blocks
    lacking = [
        unit.short_name for unit in paper.annual.at_end
        if open_unit(unit.unit_id, YEAR, home=demo_home).indicators["M8"].missing
    ]  # fmt: skip
    for name in lacking:
        assert f"{name}未学" in topics[0].fields["alt"]
    assert f"{len(lacking)}家有必学专题未学" in topics[0].fields["title"]


def test_too_little_to_compare_is_a_sentence(demo_home: Path) -> None:
    """A unit founded this year, or one metric alone."""
    r = open_unit("dongling", YEAR, home=demo_home)
    assert r.change_chart("M1").fields["text"] == "可与上年比较的指标不足2项，不列变化图。"
    assert r.change_chart("M1", "M2").kind == "figure"
