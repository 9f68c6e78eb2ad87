"""Every metric on one unit's year: whole, to June, founded in December, merged in June, bare.

The year stands in ``whole_year.py``; each figure here is worked by hand from it.
"""

from __future__ import annotations

from typing import Any

import pytest
from frames_builder import (
    about,
    account,
    at,
    check,
    day,
    figure,
    item,
    make,
    member,
    month,
    note,
    paired,
    params,
    plan,
    report,
    research,
    session,
    speech,
    system,
    unit,
    visit,
)  # fmt: skip
from whole_year import TOPICS, whole_year

from reportkit.metrics.registry import BY_ID
from reportkit.records.schemas import UNIT_TABLES

Expected = dict[str, tuple[Any, ...]]
"""metric_id → numerator, denominator (None: a count), what was left out; or a state alone."""

WHOLE: Expected = {
    "M1": (6, None, "取消1次", "计入其他类别1次"),  # 1 2 4 7 8 9; 5 is cancelled, 6 第一议题
    "M2": (3, None),  # 1, 3, 7
    "M2s": (4, None, "同场再次发言1次"),  # 乙, 丁 at 1; 甲 at 3, twice; 丙 at 7
    "M3": (1, None),  # 3
    "M3d": (3, None),  # 20 to 22 May
    # 甲 5 of 7, 乙 2 of 4, 丙 3 of 5 and one 未记
    "M4": (5 / 7 + 2 / 4 + 3 / 5, 3, "未记1人次"),
    "M4b": (22, 27, "未填应到实到的学习1次"),  # 4+5+3+4+2+4 of 5+5+5+4+4+4; 4 says nothing
    "M4c": (5 / 7 + 2 / 4 + 4 / 5, 3, "未记1人次"),  # 丙 made 3 up
    "M5": (3, 4),  # 1 in the first, 3 in the second, 7 in the third quarter
    "M6": (6, 12),  # January, March, May, June, September, December
    "M6d": (6, None, "未填学时的1次"),  # 0.5 + 1 + 3 + 0.5 + 0.5 + 0.5; 7 says no hours
    "M6n": (6, 12, "未填学时的1次"),
    "M7a": (7, 17),
    "M7b": (2, 4),  # items 1 and 2; 3 was to be held at 5, which was cancelled
    "M7c": (3, 6),  # 4, 8, 9
    "M8": (2, 3),  # T1 at 1, T3 at 8; T2 at a 第一议题 and at the cancelled one alone
    "M9a": (5, 6, "未到报送期限1次"),  # 1, 2, 3, 7, 8 of these and 4; 9 is not due
    "M9b": (3, 5),  # 1, 3, 8
    "M10a": (1, 2, "不适用1项"),
    "M10b": (2, 3, "不适用1项", "未查1项"),
    "M11": (4, 5),  # 甲 乙 丙 丁; 戊 spoke at a 第一议题
    "M12a": (3, 5, "未填主持人1次"),  # 1, 7, 8 of these, 2 and 9
    "M12b": (2, None),  # 1, 8
    "M13a": (1, 2, "结对安排外1次"),  # bb, three times; cc never; dd is no partner
    "M13b": (1, 2, "结对安排外1次"),  # bb; dd is no partner
    "M13c": (1, 3, "未到反馈期限1次"),  # April in time, October late, November never
    "M14": (1, 2),  # 甲 of 甲 and 丙; 丁 is no leader
    "M15": (2, 4),
    "M16": (6, 7),  # all but 1
    "M17a": (30, 35, "未填的1个月"),  # 8+9+13 of 10+12+13
    "M17b": (2.1, 3, "未填的1个月"),
    "M17c": (45, 3, "未填的1个月"),
    "M18a": (3, 5),  # 甲, 乙, 丙
    "M18b": (2, 3, "未填成果转化情况1项"),  # 1 and 5 of these and 2
    # 丁 at 1 and 甲 at 3 of these, 乙 at 1 and 丙 at 7; 甲's 补充 at 3 is not rated. 丙's 书面 at 2
    # and 领学, three times, are no speeches of a discussion
    "M19": (2, 4, "未评1篇"),
    # members 6/6, plans 8/14, items 4/4, sessions 27/29 (32 cells, 26 filled, one 零, three not
    # asked for), speeches 10/10, accounts 1/2, research 8/9, platform 13/20 (one row refused)
    "M20": (77, 94),
    "M21": (2, 4, "未查1项"),
}

YEARLY = (
    "M4", "M4c", "M8", "M10a", "M10b", "M11", "M13a", "M13b", "M14", "M18a", "M20", "M21",
)  # fmt: skip

HALF: Expected = {
    **WHOLE,
    **dict.fromkeys(YEARLY, ("未到期",)),
    # 1 2 4 and the cancelled 5; all from 6 on lies after June, and is not told of
    "M1": (3, None, "取消1次"),
    "M2": (2, None),  # 1, 3
    "M2s": (3, None, "同场再次发言1次"),
    "M4b": (12, 15, "未填应到实到的学习1次"),
    "M5": (2, 2),
    "M6": (4, 6),
    "M6d": (5, None),
    "M6n": (5, 6),
    "M7a": (6, 9),  # the year's, two quarters', six months'
    "M7b": (1, 2, "未到期2项"),  # items 1 and 3
    "M7c": (1, 3),  # 4 of 1, 2, 4
    "M9a": (3, 4),  # 4 is overdue
    "M9b": (2, 3),
    "M12a": (1, 2, "未填主持人1次"),
    "M12b": (1, None),
    "M13c": (1, 1),
    "M15": (1, 2),
    "M16": (3, 4),
    "M17a": (17, 22, "未填的1个月"),
    "M17b": (1.2, 2, "未填的1个月"),
    "M17c": (27, 2, "未填的1个月"),
    "M18b": (2, 2, "未填成果转化情况1项"),  # 1, 5; the undated 3 has no outcome
    "M19": (2, 3, "未评1篇"),  # 丁, 甲 of these and 乙; all but 丙's at 7
}

JUNE: Expected = {
    **HALF,
    "M4": (3 / 4 + 2 / 4, 2, "应到不足4次的1人"),  # 丙 was expected at 2, 3 and 4 alone
    "M4c": (3 / 4 + 2 / 4, 2, "应到不足4次的1人"),
    "M8": (1, 2),  # T1 and T2 were due by then
    **{metric_id: WHOLE[metric_id] for metric_id in ("M10a", "M10b", "M21")},
    "M11": (4, 5),
    "M13a": (1, 2),
    "M13b": (1, 2, "结对安排外1次"),
    "M14": ("不适用",),
    "M18a": (3, 5),
    # members 6/6, plans 7/12, items 4/4, sessions 14/15 (16 cells, 13 filled, one 零, one not asked
    # for), speeches 7/7, accounts 1/2, research 6/7, platform 9/16
    "M20": (54, 69),
}

DECEMBER: Expected = {
    **WHOLE,
    "M1": (2, None),  # 8, 9
    "M2": (0, None),
    "M2s": (0, None),
    "M3": (0, None),
    "M3d": (0, None),
    "M4": ("数据不足", "应到不足4次的2人"),  # 甲 and 丙: two sessions each
    "M4b": (6, 8),
    "M4c": ("数据不足", "应到不足4次的2人"),
    "M5": ("不适用",),  # no whole quarter
    "M6": (1, 1),
    "M6d": (1, None),
    "M6n": (1, 1),  # a twelfth of the norm
    "M7a": (1, 1),  # December's
    "M7b": (0, 1),
    "M7c": (2, 2),
    "M8": (1, 1),  # T3
    "M9a": (1, 1, "未到报送期限1次"),
    "M9b": (1, 1),
    "M11": (1, 4),  # 甲; 乙 had left
    "M12a": (1, 2),  # 8
    "M12b": (1, None),
    "M13a": (1, 2),  # bb on 29 December
    "M13b": (0, 2),
    "M13c": ("不适用", "未到反馈期限1次"),
    "M15": ("未核查",),
    "M16": (2, 2),
    "M17a": (13, 13),
    "M17b": (0.9, 1),
    "M17c": (18, 1),
    "M18a": (1, 4),  # 丙's, which bears no date
    "M18b": ("不适用", "未填成果转化情况1项"),
    "M19": ("未核查",),  # 领学 at 8 alone
    # members 6/6, plans 1/2, items 1/1, sessions 8/8, speeches 1/1, accounts 1/2, research 1/2,
    # platform 4/8
    "M20": (23, 30),
}

EMPTY: Expected = {
    **dict.fromkeys(("M1", "M2", "M2s", "M3", "M3d", "M6d", "M12b"), (0, None)),
    **dict.fromkeys(("M4", "M4c"), ("数据不足",)),
    "M4b": ("未报",),
    "M5": (0, 4), "M6": (0, 12), "M6n": (0, 12), "M7a": (0, 17), "M8": (0, 3),
    **dict.fromkeys((
        "M7b", "M7c", "M9a", "M9b", "M11", "M12a", "M13c", "M14", "M16", "M17a", "M17b", "M17c",
        "M18a", "M18b", "M20"), ("不适用",)),
    **dict.fromkeys(("M10a", "M10b", "M13a", "M13b", "M15", "M19", "M21"), ("未核查",)),
}  # fmt: skip
"""A unit that wrote 无 in every table, which the office did not check, and nobody paired."""

SILENT: Expected = {
    **{metric_id: ("未报",) for metric_id, metric in BY_ID.items() if metric.tables},
    **dict.fromkeys(("M10a", "M10b", "M13b", "M15", "M21"), ("未核查",)),
    "M20": (0, 16),  # a row of each table
}
"""A unit that sent nothing."""

SINGLE: Expected = {
    "M1": (1, None), "M2": (1, None), "M2s": (1, None), "M3": (0, None), "M3d": (0, None),
    "M4": ("数据不足", "应到不足4次的1人"), "M4c": ("数据不足", "应到不足4次的1人"), "M4b": (1, 1),
    "M5": (1, 4), "M6": (1, 12), "M6d": (0.5, None), "M6n": (0.5, 12),
    "M7a": (1, 17), "M7b": (1, 1), "M7c": (0, 1), "M8": (1, 3), "M9a": (1, 1), "M9b": (1, 1),
    "M10a": (1, 1), "M10b": (1, 1), "M11": (1, 1), "M12a": (1, 1), "M12b": (0, None),
    "M13a": (1, 1), "M13b": (0, 1), "M13c": (1, 1), "M14": (1, 1), "M15": (1, 1), "M16": (1, 1),
    "M17a": (4, 5), "M17b": (0.8, 1), "M17c": (20, 1), "M18a": (1, 1), "M18b": (1, 1),
    "M19": (1, 1),
    "M20": (16, 16),  # of 1 + 2 + 1 + 4 + 1 + 1 + 2 + 4 cells all
    "M21": (1, 1),
}  # fmt: skip
"""One person, one session, one row of everything."""

EVERYTHING = list(UNIT_TABLES)
BARE = {"year": params(topics=TOPICS)}


def single() -> Any:
    """The year behind SINGLE."""
    return make(
        [unit("aa"), unit("bb")],
        **BARE,
        members=[member("aa/甲", role="组长", party_affairs_head=True)],
        sessions=[session("aa/1", "3-8", host_id="aa/甲", plan_item="aa/1", expected=1, present=1)],
        attendance=[at("aa/1", "aa/甲", "出席")],
        speeches=[speech("aa/1", "aa/甲", "重点", 1, "否")],
        session_topics=[about("aa/1", "T1")],
        session_reports=[report("aa/1", "3-9")],
        plans=[plan("2023", approved_on=day("1-5"), filed_on=day("1-5"))],
        plan_items=[item("aa/1", "2023-03")],
        archive_checks=[check("签到簿", "有")],
        system_checks=[system(1, "已执行")],
        note_checks=[note("aa/甲", "6-1", "简单潦草")],
        pairings=paired("一组", "aa", "bb"),
        visits=[visit("aa", "bb", "5-5", "5-6")],
        accounts=[{**account("aa/甲"), "date": day("12-1")}],
        platform=[month(1, 5, 4, 0.8, 20.0)],
        research=[research("aa/1", "aa/甲", "5-5", "已采纳")],
    )


CASES = {
    "whole": (WHOLE, lambda: whole_year()),
    "half": (HALF, lambda: whole_year(period="2023H1")),
    "june": (JUNE, lambda: whole_year(last="6-30", valid_to=day("6-30"), successor_id="bb")),
    "december": (DECEMBER, lambda: whole_year(first="12-1", valid_from=day("12-1"))),
    "empty": (EMPTY, lambda: make(**BARE, zero={"aa": EVERYTHING})),
    "silent": (SILENT, lambda: make(**BARE, unreported={"aa": EVERYTHING})),
    "single": (SINGLE, single),
}


@pytest.mark.parametrize("case", CASES)
def test_each_metric_is_what_the_hand_finds(case: str) -> None:
    """Numerator, denominator, value, state, and what was left out, of all metrics."""
    expected, build = CASES[case]
    frames = build()
    assert set(expected) == set(BY_ID)
    assert {name: told(figure(frames, name)) for name in BY_ID} == {
        name: wanted(figures) for name, figures in expected.items()
    }


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    """A figure as this table has it, its numbers rounded; of 未到期 the state alone."""
    if row["value"] is None:
        left_out = () if row["state"] == "未到期" else tuple(sorted(row["left_out"]))
        assert row["numerator"] is None and row["denominator"] is None
        return row["state"], *left_out
    top, bottom = round(row["numerator"], 9), row["denominator"]
    assert row["value"] == pytest.approx(top if bottom is None else top / bottom)
    zero = bottom is None and top == 0
    assert row["state"] == ("零" if zero else "已报")
    return top, bottom, *sorted(row["left_out"])


def wanted(figures: tuple[Any, ...]) -> tuple[Any, ...]:
    """A line of the tables above, in the same form."""
    if isinstance(figures[0], str):
        return figures[0], *sorted(figures[1:])
    return round(figures[0], 9), figures[1], *sorted(figures[2:])
