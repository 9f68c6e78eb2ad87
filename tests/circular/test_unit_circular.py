"""A unit's circular, for units in every condition."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from circular_support import COMPARED, Edit, cells, row_of, text_of

from reportkit.annual import load_annual
from reportkit.circular import open_unit
from reportkit.display import BLOCK_MIME, Block
from reportkit.errors import ParameterError, RecordsError
from reportkit.params import load_units

ROOT = Path(__file__).resolve().parents[2]
YEAR = 2023
IDS = [u.unit_id for u in load_units(ROOT).in_year(YEAR)]


@pytest.mark.parametrize("unit", IDS)
def test_every_unit_s_text_reads_as_chinese(
    demo_home: Path, papers: dict[str, list[Block]], unit: str
) -> None:
    """No nan, None, brace, Latin word or doubled stop; and no person's name."""
    text = text_of(papers[unit])
    assert len(text) > 500
    words = re.sub(r"\bWT-\d\d\b", "", text)  # the numbers of the 整改台账
    assert not re.search(r"[A-Za-z{}]", words), re.findall(r".{8}[A-Za-z{}]+.{8}", words)
    assert not re.search(r"[。；，、]{2}|；。|^；|（）|[^0-9]%", text)
    names = load_annual(demo_home, YEAR).records["members"]["name"]
    assert not [name for name in set(names) if name in text]


def test_a_good_unit_is_found_in_order(demo_home: Path) -> None:
    """Nothing triggered: it says so, names what was checked, and has no 整改台账."""
    r = open_unit("dongling", YEAR, home=demo_home)
    assert r.triggered == []
    text = text_of([r.findings()])
    assert text.startswith("对照检查规则，未发现达不到要求的情况。")
    assert "经核查，" in text and "班子成员年度平均参学率" in text
    assert len(r.rectification_table()) == 0
    assert "重点做好" not in text_of([r.requirements()])


def test_a_faulty_unit_is_told_its_faults_with_figures(demo_home: Path) -> None:
    """Two mandatory topics were missed: named, required, and in the 整改台账 with a date."""
    r = open_unit("canglu", YEAR, home=demo_home)
    assert "mandatory_topics" in [finding.rule.rule_id for finding in r.triggered]
    text = text_of([r.findings()])
    assert text.startswith("1.") and "个必学专题中，" in text and "等2个专题未安排学习" in text
    assert "对照必学专题清单逐项补学" in text_of([r.requirements()])
    table = next(iter(r.rectification_table()))
    assert cells(table, "编号") == [f.number for f in r.triggered if f.rule.rectify]
    assert cells(table, "编号")[0] == "WT-01"
    assert cells(table, "责任人")[0] == "" and cells(table, "时限")[0] == "2024年3月31日"


def test_heads_without_findings_are_dropped_and_the_rest_renumbered(demo_home: Path) -> None:
    """The first of three heads falls away: the others are 1. and 2.; a single one has no number."""
    two = [block.fields["lead"] for block in open_unit("mugang", YEAR, home=demo_home).findings()]
    assert two[:2] == ["1.学习质量需进一步提高。", "2.学用结合需进一步加强。"]
    r = open_unit("shitang", YEAR, home=demo_home)
    assert {f.rule.theme for f in r.triggered} == {"quality"}
    lead = next(iter(r.findings())).fields["lead"]
    assert lead == "学习质量需进一步提高。"


def test_counts_without_names_give_no_m4_and_say_so(demo_home: Path) -> None:
    """wangchuan sent counts alone: M4 数据不足, M4b there, no chart, no finding on it."""
    r = open_unit("wangchuan", YEAR, home=demo_home)
    m = r.indicators
    assert (m.attendance.state, m.overall_attendance.reported) == ("数据不足", True)
    assert "attendance" not in [f.rule.rule_id for f in r.triggered]
    assert "班子成员年度平均参学率因报送材料不全，未作评价。" in text_of([r.findings()])
    assert r.peers_chart().fields["text"] == "班子成员年度平均参学率数据不足，不作同类比较。"
    table = r.comparison_table("M4", "M4b")
    assert row_of(table, "班子成员年度平均参学率")["本单位"] == "数据不足"
    assert row_of(table, "总参学率")["本单位"].endswith("%")


def test_a_blank_table_is_unreported_in_text_and_notes(
    demo_home: Path, papers: dict[str, list[Block]]
) -> None:
    """yuba left 述学 blank: 未报, not 0%; the notes name the table; it is no fault of M14."""
    r = open_unit("yuba", YEAR, home=demo_home)
    text = text_of(papers["yuba"])
    assert "述学率未报" in text and "述学率0%" not in text
    assert "述学未填报，有关指标按未报处理，不按零计" in text
    assert "accounts" not in [f.rule.rule_id for f in r.triggered]


def test_a_new_unit_is_not_compared_with_last_year(demo_home: Path) -> None:
    """Founded on 1 April: 不可比, and why; three quarters are asked for."""
    r = open_unit("xindu", YEAR, home=demo_home)
    assert r.indicators.sessions.change == "与上年不可比（新设单位）"
    assert r.indicators.discussion_quarters.denominator == 3
    table = r.comparison_table(*COMPARED)
    assert set(cells(table, "变化")) == {"不可比"} and set(cells(table, "上年")) == {"—"}


def test_a_merged_unit_is_told_of_its_own_months(
    demo_home: Path, papers: dict[str, list[Block]]
) -> None:
    """Merged on 30 June: two quarters, no account owed, not compared with a whole year."""
    r = open_unit("linting", YEAR, home=demo_home)
    m = r.indicators
    assert (m.discussion_quarters.denominator, m.accounts.state) == (2, "不适用")
    assert m.sessions.change == "与上年不可比（本年非全年）"
    assert "述学率不适用" in text_of(papers["linting"])


@pytest.mark.parametrize("unit", ["hq", "linting"])
def test_who_is_nobody_s_peer_gets_no_chart(demo_home: Path, unit: str) -> None:
    """集团本级, and a unit merged within the year: a sentence in place of the chart."""
    shown = open_unit(unit, YEAR, home=demo_home).peers_chart()
    assert shown.kind == "paragraph"
    assert "不在年末同类单位之列" in shown.fields["text"]


def test_a_unit_merged_out_of_a_large_peer_group_gets_no_chart(edited: Edit) -> None:
    """Its eleven former peers have values, it is not among them: no median, and a sentence."""
    dates = "\n  valid_from: '2012-01-01'\n  valid_to"
    home = edited("units.yml", (f"peer_group: 服务保障类{dates}", f"peer_group: 矿山类{dates}"))
    r = open_unit("linting", YEAR, home=home)
    one = r.indicators.attendance
    assert r.unit.peer_group == "矿山类" and one.peers is None
    former = r.annual.spreads["M4", "矿山类"]
    assert former.units >= 8
    assert r.peers_chart().kind == "paragraph" and one.quarter == ""


def test_few_peers_are_not_shown(demo_home: Path) -> None:
    """Under eight units with a value: no chart and no median, and both say so."""
    r = open_unit("xiangbu", YEAR, home=demo_home)
    assert "不足8家，不作同类比较" in r.peers_chart().fields["text"]
    block = r.comparison_table("M1")
    row = row_of(block, "集体学习（次）")
    assert (row["同类中位数"], row["同类位置"]) == ("—", "—") and row["集团中位数"] != "—"
    assert "不足8家" in block.fields["notes"][0]


def test_a_refused_unit_has_no_circular(spoiled_home: Path) -> None:
    """Its workbook was none: the file and what to do, no circular out of blanks."""
    with pytest.raises(RecordsError) as raised:
        open_unit("chiyan", YEAR, home=spoiled_home)
    assert "chiyan.xlsx" in str(raised.value) or "未收到" in str(raised.value)
    assert raised.value.where == "chiyan" and "赤岩矿业" in raised.value.expected
    assert "import --year 2023" in raised.value.next_step


@pytest.mark.parametrize("unit", ["yuba", "linting"])
def test_a_missing_unit_has_no_circular(spoiled_home: Path, unit: str) -> None:
    """Nothing came from it — a unit merged within the year is no exception."""
    with pytest.raises(RecordsError, match="未收到报送材料"):
        open_unit(unit, YEAR, home=spoiled_home)


def test_a_unit_that_did_not_exist_has_no_circular(demo_home: Path) -> None:
    """Founded in 2023: none for 2022, and when it existed."""
    with pytest.raises(ParameterError, match="did not exist in 2022") as raised:
        open_unit("xindu", 2022, home=demo_home)
    assert "2023-04-01" in raised.value.expected


@pytest.mark.parametrize(("unit", "year", "word"), [
    ("nobody", 2023, "unknown unit 'nobody'"), ("dongling", 2031, "no parameters for 2031"),
])  # fmt: skip
def test_unknown_units_and_years(demo_home: Path, unit: str, year: int, word: str) -> None:
    """Both say what there is."""
    with pytest.raises(ParameterError, match=word):
        open_unit(unit, year, home=demo_home)


def test_a_paragraph_that_the_prose_lacks_is_an_error(demo_home: Path) -> None:
    """With the ids there are, and the file."""
    r = open_unit("dongling", YEAR, home=demo_home)
    with pytest.raises(ParameterError) as raised:
        r.text("五")
    assert raised.value.where == "params/text/2023/unit.md" and "依据" in raised.value.expected
    assert "2023年" in r.text("一") and "{year}" not in r.text("一")


AWKWARD = '东岭#$@*_<>"`&\\矿业'


def test_a_unit_s_name_is_data_never_markup(edited: Edit) -> None:
    """Marks of Markdown, HTML, TeX and typst in a name: literal in blocks, escaped in HTML."""
    quoted = AWKWARD.replace("\\", "\\\\").replace('"', '\\"')
    home = edited("units.yml", ("short_name: 东岭矿业", f'short_name: "{quoted}"'))
    r = open_unit("dongling", YEAR, home=home)
    title = list(r.letterhead())[1]
    assert title.fields["text"] == f"关于{AWKWARD}2023年党委理论学习中心组学习情况的通报"
    bundle = title._repr_mimebundle_()
    assert bundle[BLOCK_MIME]["text"] == bundle["text/plain"] == title.fields["text"]
    assert "&lt;&gt;" in bundle["text/html"] and "&amp;" in bundle["text/html"]
    assert "<>" not in bundle["text/html"] and "_<" not in bundle["text/html"]


def test_letterhead_and_signature(demo_home: Path) -> None:
    """Whose paper it is, for programs and people; the date is that of the parameters.

    From there on charts are in the fonts of the page, also those of an analyst's own.
    """
    import matplotlib as mpl

    r = open_unit("xiangbu", YEAR, home=demo_home)
    mpl.rcdefaults()
    document, title, addressee = r.letterhead()
    assert mpl.rcParams["font.family"] == r._fonts().families("黑体")
    assert (document.fields["unit"], document.fields["year"]) == ("xiangbu", 2023)
    assert document.fields["date"] == "2024-01-08"
    assert "祥埠物流2023年" in title.fields["text"]
    assert addressee.fields["text"] == "岱川集团祥埠物流有限公司党总支"
    assert r.signature().fields["date"] == "2024年1月8日"
    assert "2024年1月18日前" in r.objection().fields["text"]


def test_the_calendar_holds_the_study_sessions_of_the_unit(demo_home: Path) -> None:
    """In order of their days, none of another unit's, marked as what they were."""
    r = open_unit("dongling", YEAR, home=demo_home)
    sessions = r.study_sessions()
    assert list(sessions["start"]) == sorted(sessions["start"])
    assert set(sessions["mark"]) <= {"集体学习", "集体学习（含研讨）", "读书班"}
    m = r.indicators
    assert (sessions["mark"] == "读书班").sum() == m.reading_classes.value
    assert (sessions["mark"] != "读书班").sum() == m.sessions.value


def test_a_unit_without_findings_is_not_told_to_mend(demo_home: Path) -> None:
    """Nothing found: the calm paragraph, and no word of 整改; else the standing one."""
    calm, faulty = (open_unit(u, YEAR, home=demo_home) for u in ("dongling", "canglu"))
    assert not calm.triggered and faulty.triggered
    said = "".join(block.fields["text"] for block in calm.requirements())
    assert said == calm.text("四.无问题") and "整改" not in said
    told = "".join(block.fields["text"] for block in faulty.requirements())
    assert told.startswith(faulty.text("四")) and "整改" in told
