"""上年问题整改: what last year's papers found, what was answered, closed, and found again."""

from __future__ import annotations

from pathlib import Path

from circular_support import YEAR, text_of

from reportkit.annual import load_annual
from reportkit.circular import open_group, open_unit
from reportkit.circular.follow_up import FollowUp, follow_up
from reportkit.circular.judging import findings_of
from reportkit.loaders import Records


def test_every_finding_of_last_year_is_followed_up(demo_home: Path) -> None:
    """Those in last year's 整改台账, counted here from last year's rules unit by unit."""
    annual = load_annual(demo_home, YEAR)
    last = annual.last
    assert last is not None
    told = Records(demo_home, YEAR)["rectifications"]
    state_of = dict(zip(told["finding_id"], told["state"], strict=True))
    total, closed, answered = 0, 0, 0
    for unit in annual.at_end:
        if unit.unit_id not in last.frames.unit_frame.index:
            continue
        for found in findings_of(last, unit.unit_id, last.of_unit(unit.unit_id)):
            if found.triggered and found.rule.rectify:
                state = state_of.get(f"{unit.unit_id}/{found.number}", "未反馈")
                total, closed = total + 1, closed + (state == "已完成")
                answered += state != "未反馈"
    assert total > 20 and 0 < closed < answered < total
    got = follow_up(annual, [unit.unit_id for unit in annual.at_end])
    assert (got.total, got.answered, got.closed) == (total, answered, closed)
    said = text_of([open_group(YEAR, home=demo_home).follow_up()])
    assert f"问题{total}项，已反馈{answered}项" in said and f"完成整改{closed}项" in said


def test_its_numbers_are_no_indicator_s(demo_home: Path) -> None:
    """Last year's rules print figures on the way; a 2 among them is not the 2 of 完成整改2项."""
    for paper in (open_group(YEAR, home=demo_home), open_unit("haoyan", YEAR, home=demo_home)):
        (block,) = paper.follow_up()
        assert "figures" not in block.fields


def test_what_is_closed_and_found_again_is_told(demo_home: Path) -> None:
    """haoyan reported three as 已完成 that this year's checks find again."""
    got = follow_up(load_annual(demo_home, YEAR), ["haoyan"])
    assert got.closed >= got.found_again > 0
    said = text_of([open_unit("haoyan", YEAR, home=demo_home).follow_up()])
    assert f"其中完成整改{got.closed}项（经核查仍存在{got.found_again}项）" in said


def test_a_unit_without_findings_last_year_is_told_nothing(demo_home: Path) -> None:
    """No sentence about nothing."""
    assert len(open_unit("dongling", YEAR, home=demo_home).follow_up()) == 0


def test_one_finding_is_not_all_of_them() -> None:
    """均 needs more than one; who answered nothing is told so."""
    one = FollowUp(2022, ("已完成",)).unit_sentence
    assert one == "2022年通报指出的问题1项，已反馈完成整改。"
    assert FollowUp(2022, ("未反馈",)).unit_sentence == "2022年通报指出的问题1项，尚未反馈。"
    both = FollowUp(2022, ("已完成", "已完成"), found_again=1).unit_sentence
    assert both == "2022年通报指出的问题2项，均已反馈完成整改（经核查仍存在1项）。"
    none = FollowUp(2022, ("未反馈", "未反馈"), ("甲", "乙")).group_sentence
    assert none == "2022年通报向各单位指出问题2项，均未反馈。"
    some = FollowUp(2022, ("整改中", "未反馈"), ("甲", "乙")).group_sentence
    assert some == "2022年通报向各单位指出问题2项，已反馈1项，尚未完成整改，尚有1项未反馈。"
