"""经验做法: which practices of the records are fit for the group's circular, and why others not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from circular_support import YEAR, cells
from frames_builder import about, day, member, params, session, topic, unit
from small_group import put_year, small_home

from reportkit.circular import GroupCircular, open_group
from reportkit.practices import Candidate

UNITS = [
    unit("hq", level="group", order=0),
    unit("aa", short_name="甲岭矿业", order=1),
    unit("bb", short_name="乙川冶炼", order=2),
    unit("cc", short_name="丙湾物流", order=3, valid_to=day("6-30"), successor_id="aa"),
]
RULE = {
    "rule_id": "topics", "theme": "t", "metric": "M8", "comparison": "below", "threshold": 1.0,
    "unit_pattern": "{missing}未安排学习", "group_pattern": "{quantifier}应学未学",
    "requirement": "补学", "deadline": "2024-06-30", "contradicts": ["品牌学习法", "形式"],
}  # fmt: skip
SESSIONS = [
    session("aa/1", "3-8"),
    session("aa/2", "4-8", cancelled=True),
    session("aa/3", "5-8", counted_as="第一议题"),
    session("aa/4", "8-8", kind="读书班"),
    session("bb/1", "3-8"),
    session("cc/1", "3-8"),
    session("hq/1", "3-8"),
]


def practice(practice_id: str, kind: str = "制度", **fields: Any) -> dict[str, Any]:
    """A practice that cites its unit's first session."""
    unit_id = practice_id.partition("/")[0]
    return {"practice_id": practice_id, "unit_id": unit_id, "kind": kind, "name": "首讲负责",
            "what": "先讲一课", "sessions": f"{unit_id}/1", **fields}  # fmt: skip


def opened(root: Path, *practices: dict[str, Any]) -> GroupCircular:
    """The group's circular over these practices; bb has missed the one mandatory topic."""
    home = small_home(root, UNITS)
    year = params(topics=[topic("甲", "3-31")], themes=[{"key": "t", "title": "题"}], rules=[RULE])
    put_year(
        home, UNITS, year=year, practices=practices, sessions=SESSIONS,
        session_topics=[about("aa/1", "甲")], members=[member("aa/张")],
    )  # fmt: skip
    return open_group(YEAR, home=home)


@pytest.mark.parametrize(("sessions", "reason"), [
    ("aa/1", ""),
    ("aa/1、aa/4", ""),
    (None, "未注明相关学习"),
    ("aa/2", "所列学习2未举行或不属中心组学习"),  # cancelled
    ("aa/3", "所列学习3未举行或不属中心组学习"),  # 第一议题, not the group's study
    ("aa/9", "所列学习9未举行或不属中心组学习"),
    ("aa/1、aa/2、aa/3", "所列学习2、3未举行或不属中心组学习"),
])  # fmt: skip
def test_a_claim_rests_on_study_that_took_place(
    tmp_path: Path, sessions: str | None, reason: str
) -> None:
    """Held, of the study group, by the records themselves; else the reason names the number."""
    (one,) = opened(tmp_path, practice("aa/1", sessions=sessions)).candidates()
    assert (one.unsupported, one.contradicted, one.fit) == (reason, (), not reason)


def test_a_unit_s_own_fault_belies_its_practice(tmp_path: Path) -> None:
    """bb has missed a topic: no 品牌学习法 and no 形式 of it, with the clause that it was told."""
    g = opened(
        tmp_path,
        practice("bb/1", "品牌学习法"),
        practice("bb/2", "形式"),
        practice("bb/3", "制度"),
        practice("aa/1", "品牌学习法"),
    )
    found = {one.practice_id: one for one in g.candidates()}
    assert {name for name, one in found.items() if one.fit} == {"bb/3", "aa/1"}
    assert found["bb/1"].contradicted == found["bb/2"].contradicted == ("《专题甲》未安排学习",)


def test_who_gets_no_praise_is_no_candidate(tmp_path: Path) -> None:
    """集团本级 counts in totals only, and a unit merged within the year is gone."""
    g = opened(tmp_path, practice("hq/1"), practice("cc/1"), practice("bb/1"))
    assert [one.practice_id for one in g.candidates()] == ["bb/1"]


def test_the_table_says_where_each_is_used(tmp_path: Path) -> None:
    """Fit ones first; under 已选入 the paragraph for which an analyst selected it."""
    g = opened(tmp_path, practice("bb/1", "形式"), practice("aa/1"), practice("aa/2"))
    folder = g.annual.home / "params" / "decisions"
    folder.mkdir()
    (folder / f"{YEAR}.yml").write_text("practices:\n  二.（一）: [aa/2]\n", encoding="utf-8")
    table = open_group(YEAR, home=g.annual.home).candidates_table()
    assert cells(table, "编号") == ["aa/1", "aa/2", "bb/1"]
    assert cells(table, "单位") == ["甲岭矿业", "甲岭矿业", "乙川冶炼"]
    assert cells(table, "可用") == ["是", "是", "否"]
    assert cells(table, "已选入") == ["", "二.（一）", ""]
    assert cells(table, "不宜采用的理由") == ["", "", "《专题甲》未安排学习"]


def test_some_practices_can_be_asked_for_alone(demo_home: Path) -> None:
    """The same answer for one as among all; an unknown one is nobody's."""
    g = open_group(YEAR, home=demo_home)
    every = {one.practice_id: one for one in g.candidates()}
    for name in ("dongling/2", "haoyan/1", "shitang/1"):
        (alone,) = g.candidates([name])
        assert (alone.fit, alone.against) == (every[name].fit, every[name].against)
    assert g.candidates(["dongling/99"]) == []


def test_every_practice_of_the_demo_is_judged(demo_home: Path) -> None:
    """Each unit's, in the records' order, and with a reason for each that is not fit."""
    g = open_group(YEAR, home=demo_home)
    rows = g.annual.records["practices"]
    known = rows[~rows["unit_id"].isin(["hq", "linting"])]
    found: list[Candidate] = g.candidates()
    assert [one.practice_id for one in found] == list(known["practice_id"])
    for one in found:
        assert one.fit == (one.against == "")
    assert {one.practice_id for one in found if not one.fit} >= {"shitang/1", "chiyan/1"}


def test_the_demo_selects_none_that_is_not_fit(demo_home: Path) -> None:
    """What the group's circular praises is borne out and not belied."""
    g = open_group(YEAR, home=demo_home)
    chosen = {name for names in g.decisions.practices.values() for name in names}
    fit = {one.practice_id for one in g.candidates() if one.fit}
    assert chosen and chosen <= fit
