"""The group's circular: totals, selected practices, findings that name no unit."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from circular_support import Edit, cells, shown, text_of
from frames_builder import params, session, speech
from small_group import put_year, small_home

from reportkit.circular import open_group
from reportkit.errors import ParameterError

YEAR = 2023


def test_the_text_reads_as_chinese(demo_home: Path) -> None:
    """No nan, None, brace, Latin word or doubled stop; under 4,000 characters of body."""
    g = open_group(YEAR, home=demo_home)
    text = text_of(shown("group_circular", demo_home, year=YEAR))
    assert not re.search(r"[A-Za-z{}]", text), re.findall(r".{8}[A-Za-z{}]+.{8}", text)
    assert not re.search(r"[。；，、]{2}|；。|（）", text)
    body = text.partition("附件：")[0]
    assert 1500 < len(body) < 4000
    names = g.annual.records["members"]["name"]
    assert not [name for name in set(names) if name in text]


def test_findings_name_no_unit_and_no_figure(demo_home: Path) -> None:
    """个别, 部分 — neither names nor numbers beyond those of the heads."""
    g = open_group(YEAR, home=demo_home)
    text = text_of([g.findings()])
    assert "个别单位" in text and "多数" not in text
    for unit in g.annual.units:
        assert not [name for name in unit.names if name in text]
    heads = [block.fields["lead"] for block in g.findings()]
    assert re.findall(r"\d", text) == [lead[0] for lead in heads if lead]
    assert "%" not in text


def test_units_behind_a_finding_are_known_but_not_shown(demo_home: Path) -> None:
    """For the 底稿: who is behind it; 集团本级 and merged units never are."""
    g = open_group(YEAR, home=demo_home)
    behind = {f.rule.rule_id: f.units for f in g.triggered}
    units = [u.unit_id for u in g.annual.units.at_year_end(YEAR)]
    low = [unit for unit in units if g.annual.row(unit, "M4")["value"] < 0.8]
    assert behind["attendance"] == low and "shitang" in low
    assert "songao" in behind["party_affairs_head"]
    judged = {unit for f in g.triggered for unit in f.findings}
    assert not judged & {"hq", "linting"} and len(judged) == 23


def decide(home: Path, head: str, *practices: str) -> Path:
    """Write decisions that select these practices for one head."""
    body = f"practices:\n  {head}: [{', '.join(practices)}]\n"
    (home / "params" / "decisions" / "2023.yml").write_text(body, encoding="utf-8")
    return home


def test_practices_name_the_units_that_analysts_selected(edited: Edit) -> None:
    """By short name, under numbered heads, in the order of the decision."""
    home = decide(edited("2023.yml"), "二.（一）", "yanchi/1", "dongling/2", "canglu/1")
    blocks = list(open_group(YEAR, home=home).practices())
    assert [b.fields["lead"][:3] for b in blocks] == ["（一）", "（二）", "（三）"]
    text = blocks[0].fields["text"]
    assert text.index("砚池冶炼") < text.index("东岭矿业") < text.index("苍麓矿业")
    assert "砚池冶炼" not in blocks[1].fields["text"]


@pytest.mark.parametrize(("head", "practice", "found"), [
    ("二.（一）", "dongling/99", "no practice 'dongling/99'"),
    ("二.（一）", "nobody/1", "no practice 'nobody/1'"),
    ("二.（九）", "dongling/1", "no paragraph '二.（九）'"),
])  # fmt: skip
def test_a_wrong_selection_is_an_error_with_its_file(
    edited: Edit, head: str, practice: str, found: str
) -> None:
    """A practice that nobody sent, a head that the text does not have."""
    g = open_group(YEAR, home=decide(edited("2023.yml"), head, practice))
    with pytest.raises(ParameterError) as raised:
        g.practices()
    assert raised.value.found.startswith(found)
    assert raised.value.where == "params/decisions/2023.yml · practices"


def test_without_decisions_the_heads_stand_alone(edited: Edit) -> None:
    """No file: nothing is selected, nothing breaks."""
    home = edited("decisions/2023.yml")
    (home / "params" / "decisions" / "2023.yml").unlink()
    blocks = list(open_group(YEAR, home=home).practices())
    assert len(blocks) == 3 and all("矿业" not in b.fields["text"] for b in blocks)


def test_many_prints_once_confirmed(edited: Edit) -> None:
    """A line that most units miss: 部分 until the analyst has written the rule's name down."""
    line = "metric: M11\n    comparison: below\n    threshold: "
    home = edited("2023.yml", (f"{line}0.6", f"{line.replace('below', 'above')}0.0"))
    assert "多数单位" not in text_of([open_group(YEAR, home=home).findings()])
    edited("decisions/2023.yml", ("many_confirmed: []", "many_confirmed: [speech_coverage]"))
    text = text_of([open_group(YEAR, home=home).findings()])
    assert text.count("多数单位") == 1 and "多数单位研讨发言覆盖面不广" in text


def test_a_group_in_which_all_is_well_says_so(without_rules: Path) -> None:
    """No rule was hit: one sentence, no empty heads, no 当前要重点抓好."""
    g = open_group(YEAR, home=without_rules)
    assert text_of([g.findings()]) == "对照检查规则，各单位均达到要求。"
    assert "当前要重点抓好" not in text_of([g.requirements()])


def test_requirements_stand_under_the_second_head_or_the_only_one(edited: Edit) -> None:
    """They are never lost: with a single head in the text they follow under it."""
    home = edited("2023.yml")
    both = list(open_group(YEAR, home=home).requirements())
    assert ["当前要重点抓好" in b.fields["text"] for b in both] == [False, True, False]
    path = home / "params" / "text" / "2023" / "group.md"
    body = path.read_text(encoding="utf-8")
    path.write_text(body[: body.index("## 四.（二）")], encoding="utf-8")
    one = list(open_group(YEAR, home=home).requirements())
    assert ["当前要重点抓好" in b.fields["text"] for b in one] == [True]


def test_totals_that_lack_units_say_how_many(demo_home: Path, spoiled_home: Path) -> None:
    """One refused, one missing, one merged and missing: 3; with all there, nothing is said."""
    assert open_group(YEAR, home=demo_home).unreported() == ""
    g = open_group(YEAR, home=spoiled_home)
    assert g.unreported() == "（另有3家单位未报送或材料被退回，未计入）"
    table = list(g.annexes(["M1"]))[1]
    cells = {row[1]: row[2] for row in table.fields["rows"]}
    assert cells["赤岩矿业"] == cells["裕坝锻造"] == cells["临汀置业（至6月）"] == "未报"
    assert any("赤岩矿业、裕坝锻造、临汀置业" in note for note in table.fields["notes"])


def test_the_annex_adds_up_to_the_text(demo_home: Path) -> None:
    """小计 is the sum of the rows; 合计 is 小计 and 集团本级, and is what the text prints."""
    g = open_group(YEAR, home=demo_home)
    table = list(g.annexes(["M1", "M2", "M3"]))[1]
    *rows, part, whole = table.fields["rows"]
    assert len(rows) == 24 and (part[1], whole[1]) == ("小计", "合计")
    for column, total in ((2, g.totals.sessions), (3, g.totals.discussions),
                          (4, g.totals.reading_classes)):  # fmt: skip
        assert sum(int(row[column]) for row in rows) == int(part[column])
        own = g.annual.row("hq", total.metric.metric_id)["value"]
        assert int(whole[column]) == int(part[column]) + own == total.value
        assert whole[column] == str(total)
    assert "集团本级" not in [row[1] for row in rows]
    assert rows[-1][1] == "临汀置业（至6月）"


def test_joint_sessions_counted_once_are_reconciled_in_the_annex(edited: Edit) -> None:
    """合计 falls by the repeats, and the note says by how many."""
    home = edited("2023.yml", ("joint_sessions: each", "joint_sessions: once"))
    g = open_group(YEAR, home=home)
    table = list(g.annexes(["M1"]))[1]
    part, whole = (int(cell) for cell in cells(table, "集体学习（次）")[-2:])
    note = next(n for n in table.fields["notes"] if "联学只计一次" in n)
    found = re.search(r"重复的集体学习(\d+)次", note)
    assert found is not None
    repeated = int(found[1])
    assert repeated > 0
    assert whole == part + g.annual.row("hq", "M1")["value"] - repeated


# --- requirements ----------------------------------------------------------------------------


def listed(home: Path) -> list[str]:
    """The requirements of findings that the circular lists."""
    text = text_of([open_group(YEAR, home=home).requirements()])
    told = text.partition("当前要重点抓好以下工作：")[2].partition("\n")[0].rstrip("。")
    return [re.sub(r"^[一二三四五六七八九十]+是", "", clause) for clause in told.split("；")]


def test_the_circular_lists_at_most_six_requirements(demo_home: Path) -> None:
    """Those that concern most units, in the order of the rules: a leader signs a text, no list."""
    g = open_group(YEAR, home=demo_home)
    told = listed(demo_home)
    assert len(g.triggered) > 6 and len(told) == 6
    order = [rule.requirement for rule in g.annual.params.rules]
    assert [order.index(each) for each in told] == sorted(order.index(each) for each in told)
    shares = {found.rule.requirement: found.share for found in g.triggered}
    least = min(shares[each] for each in told)
    assert all(share <= least for name, share in shares.items() if name not in told)


@pytest.mark.parametrize("most", [1, 3, 99])
def test_how_many_is_the_office_s(edited: Edit, most: int) -> None:
    """group_requirements of the year's file; never more than there are findings."""
    home = edited("2023.yml", ("group_requirements: 6", f"group_requirements: {most}"))
    assert len(listed(home)) == min(most, len(open_group(YEAR, home=home).triggered))


def test_two_rules_of_one_requirement_ask_for_it_once(edited: Edit) -> None:
    """Attendance and reports in time, told once; nothing stands in the list twice."""
    late = 'requirement: "明确专人负责，按规定时限报送"'
    home = edited("2023.yml", (late, 'requirement: "严格执行学习考勤和请假补课制度"'))
    told = listed(home)
    assert "严格执行学习考勤和请假补课制度" in told
    assert len(told) == len(set(told)) <= 6


# --- joint sessions --------------------------------------------------------------------------

JOINT = [
    session("hq/1", "5-18", joint_id="LX1"),
    session("aa/1", "5-18", joint_id="LX1"),
    session("bb/1", "5-18", joint_id="LX1"),
    session("aa/2", "6-8"),
    session("aa/3", "9-1", kind="读书班", joint_id="LX2"),
    session("bb/3", "9-1", kind="读书班", joint_id="LX2"),
    session("bb/4", "10-8"),
]
SPOKEN = [speech(f"{one}", f"{one[:2]}/张") for one in ("hq/1", "aa/1", "bb/1", "aa/3", "bb/4")]
COUNTED = {"集体学习（次）": "M1", "研讨交流（场次）": "M2", "专题读书班（期）": "M3"}


@pytest.mark.parametrize(("counted", "wholes"), [
    ("each", {"M1": 5, "M2": 5, "M3": 2}),
    # LX1 is one session of three, with one discussion of three; LX2 one class of two.
    ("once", {"M1": 3, "M2": 3, "M3": 1}),
])  # fmt: skip
def test_joint_sessions_are_reconciled_for_each_total(
    tmp_path: Path, counted: str, wholes: dict[str, int]
) -> None:
    """合计 = 小计 + 集团本级 − what the line under the table takes off, for M1, M2 and M3."""
    home = small_home(tmp_path)
    put_year(
        home, year=params(metrics={"joint_sessions": counted}), sessions=JOINT, speeches=SPOKEN
    )
    g = open_group(YEAR, home=home)
    table = list(g.annexes(["M1", "M2", "M3"]))[1]
    line = next((note for note in table.fields["notes"] if "联学" in note), "")
    assert bool(line) == (counted == "once")
    for head, metric_id in COUNTED.items():
        *units, part, whole = (int(cell) for cell in cells(table, head))
        assert sum(units) == part
        assert whole == wholes[metric_id] == g.totals[metric_id].value
        own = int(g.annual.row("hq", metric_id)["value"])
        found = re.search(rf"{head.partition('（')[0]}(\d+)", line)
        assert whole == part + own - (int(found[1]) if found else 0)
    text = text_of(shown("group_circular", home, year=YEAR))
    assert f"集体学习{wholes['M1']}次" in text and f"读书班{wholes['M3']}期" in text


def test_a_total_that_is_counted_otherwise_is_not_compared(tmp_path: Path) -> None:
    """联学 once this year and each last year: M1, M2 and M3 of the group are 口径调整."""
    home = small_home(tmp_path)
    put_year(home, year=params(metrics={"joint_sessions": "once"}), sessions=JOINT, speeches=SPOKEN)
    last = params(year=YEAR - 1, cutoff=dt.date(YEAR - 1, 12, 31), issued_on=dt.date(YEAR, 1, 8))
    put_year(
        home, year=last, speeches=SPOKEN,
        sessions=[{**row, "start": row["start"].replace(year=YEAR - 1),
                   "end": row["end"].replace(year=YEAR - 1)} for row in JOINT],
    )  # fmt: skip
    totals = open_group(YEAR, home=home).totals
    assert {i: totals[i].last.note for i in COUNTED.values()} == dict.fromkeys(
        COUNTED.values(), "口径调整"
    )
