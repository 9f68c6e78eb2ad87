"""One unit's year, small enough to be worked by hand, in which every metric has something to count.

aa is the unit; bb, cc and dd are there to be visited. :func:`whole_year` cuts the rows to
what aa would have sent, had it been founded on 1 December or merged on 30 June.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from frames_builder import (
    about,
    account,
    at,
    check,
    day,
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
    told,
    topic,
    unit,
    visit,
)  # fmt: skip

from reportkit.metrics.frames import YearFrames

TOPICS = [
    topic("T1", "3-31"), topic("T2", "6-30"), topic("T3", "12-15"),
    topic("T4", "3-31", mandatory=False),
]  # fmt: skip

SESSIONS = [
    session("aa/1", "1-10", hours=2.0, host_id="aa/甲", plan_item="aa/1", expected=5, present=4),
    session("aa/2", "3-15", hours=6.0, host_id="aa/乙", ad_hoc_basis="上级部署",
            expected=5, present=5),
    session("aa/3", "5-20", end="5-22", kind="读书班", hours=18.0, host_id="aa/甲",
            expected=5, present=3),
    session("aa/4", "6-15", hours=4.0),
    session("aa/5", "6-20", cancelled=True, plan_item="aa/3"),
    session("aa/6", "8-8", counted_as="第一议题", hours=1.0, host_id="aa/甲"),
    session("aa/7", "9-12", hours=None, host_id="aa/甲", plan_item="aa/2", expected=4, present=4),
    session("aa/8", "12-5", hours=3.0, host_id="aa/甲", expected=4, present=2),
    session("aa/9", "12-28", hours=2.0, host_id="aa/乙", expected=4, present=4),
]  # fmt: skip
"""Study: 1, 2, 3, 4, 7, 8, 9. In M1: the same without 3, which is a 读书班."""

MEMBERS = [
    member("aa/甲", role="组长"),
    member("aa/乙", role="副组长", until="8-31"),
    member("aa/丙", since="3-1", party_affairs_head=True),
    member("aa/丁", in_leadership=False),
    member("aa/戊", in_leadership=False),
    member("aa/秘", role="学习秘书", in_leadership=False),
]

ATTENDANCE = [
    *[at(f"aa/{n}", "aa/甲", s) for n, s in (
        (1, "出席"), (2, "出席"), (3, "出席"), (4, "缺席"), (7, "出席"), (8, "公务假"),
        (9, "出席"))],
    *[at(f"aa/{n}", "aa/乙", s) for n, s in ((1, "出席"), (2, "缺席"), (3, "缺席"), (4, "视频"))],
    at("aa/2", "aa/丙", "出席"),
    at("aa/3", "aa/丙", "病事假", makeup="6-1", makeup_evidence="笔记"),
    at("aa/4", "aa/丙", "出席"), at("aa/7", "aa/丙", "未记"), at("aa/8", "aa/丙", "缺席"),
    at("aa/9", "aa/丙", "出席"), at("aa/5", "aa/甲", "缺席"),
]  # fmt: skip

SPEECHES = [
    speech("aa/1", "aa/甲", "领学", 1),
    speech("aa/1", "aa/乙", "重点", 2, "是"),
    speech("aa/1", "aa/丁", "补充", 3, "否"),
    speech("aa/2", "aa/乙", "领学", 1),
    speech("aa/2", "aa/丙", "书面", 2, "否"),
    speech("aa/3", "aa/甲", "重点", 1, "否"),
    speech("aa/3", "aa/甲", "补充", 2),
    speech("aa/6", "aa/戊", "重点", 1, "否"),
    speech("aa/7", "aa/丙", "补充", 1, "是"),
    speech("aa/8", "aa/甲", "领学", 1),
]

OF_SESSIONS = {
    "attendance": ATTENDANCE,
    "speeches": SPEECHES,
    "session_topics": [about("aa/1", "T1"), about("aa/5", "T2"), about("aa/6", "T2"),
                       about("aa/8", "T3")],
    "session_reports": [
        report("aa/1", "1-15"),  # due on 17 January
        report("aa/2", "3-30"),  # due on 22 March
        report("aa/3", "5-29"),  # due on 29 May: seven days from its last
        report("aa/4", None),  # due on 22 June
        report("aa/5", "6-21"),  # of a cancelled session
        report("aa/7", "9-18", due="9-15"),
        report("aa/8", "12-10"),
        report("aa/9", None),  # due on 4 January
    ],
}  # fmt: skip

DATED = {
    "visits": [
        visit("aa", "bb", "4-10", "4-15"), visit("bb", "aa", "5-5", "5-6"),
        visit("dd", "aa", "6-6", "6-7"), visit("aa", "bb", "10-10", "10-20"),
        visit("aa", "dd", "11-1"), visit("aa", "bb", "12-29"),
    ],
    "note_checks": [
        note("aa/甲", "6-1", "好"), note("aa/乙", "6-1", "简单潦草"),
        note("aa/丙", "11-1", "一般"), note("aa/丁", "11-1", "简单潦草"),
    ],
    "research": [
        research("aa/1", "aa/甲", "4-1", "已采纳"), research("aa/2", "aa/甲", "10-1", "无"),
        research("aa/3", "aa/丙", None), research("aa/4", "aa/丁", "5-1", has_report=False),
        research("aa/5", "aa/乙", "5-5", "已落地"),
    ],
}  # fmt: skip

BY_PERIOD = {
    "plans": [
        plan(period, approved_on=day("1-5"), filed_on=day("1-6") if period == "2023" else None)
        for period in ("2023", "2023Q1", "2023Q2", "2023-01", "2023-03", "2023-06", "2023-12")
    ],
    "platform": [
        month(1, 10, 8, 0.5, 12.0), month(3, 10, None, None, 15.0), month(6, 12, 9, 0.7, None),
        month(12, 13, 13, 0.9, 18.0),
    ],
}  # fmt: skip

UNDATED = {
    "plan_items": [item("aa/1", "2023-01"), item("aa/2", "2023Q3"), item("aa/3", "2023-05"),
                   item("aa/4", "2023-12")],
    "members": MEMBERS,
    "archive_checks": [check("签到簿", "有"), check("学习记录簿", "缺"),
                       check("研讨发言簿", "不适用"), check("学习计划", "有"),
                       check("学习总结", "未查")],
    "system_checks": [system(1, "已执行"), system(2, "已建"), system(3, "缺"), system(4, "未查"),
                      system(5, "已执行")],
    "accounts": [{**account("aa/甲"), "date": day("12-20")}, account("aa/丁")],
    "pairings": paired("一组", "aa", "bb", "cc"),
    "value_states": [
        told("sessions", "aa/6", "expected", "不适用"),
        told("sessions", "aa/6", "present", "不适用"),
        told("sessions", "aa/4", "present", "零"), told("sessions", "aa/4", "expected", "未核查"),
        told("research", "aa/4", "outcome", "不适用"),
    ],
}  # fmt: skip


def whole_year(
    first: str = "1-1", last: str = "12-31", period: str | None = None, **fields: Any
) -> YearFrames:
    """The year of aa, cut to what happened from ``first`` to ``last``; ``fields`` are aa's own."""
    since, until = day(first), day(last)
    sessions = [row for row in SESSIONS if since <= row["start"] <= until]
    ids = {row["session_id"] for row in sessions}
    rows: dict[str, Any] = {"sessions": sessions, **UNDATED}
    for name, every in OF_SESSIONS.items():
        rows[name] = [row for row in every if row["session_id"] in ids]
    for name, every in DATED.items():
        dates = ("date", "checked_on")
        rows[name] = [row for row in every if _within(row, dates, since, until)]
    for name, every in BY_PERIOD.items():
        rows[name] = [row for row in every
                      if since <= _begins(row.get("period") or row["month"]) <= until]  # fmt: skip
    if since > day("1-1"):
        rows["plan_items"] = [row for row in rows["plan_items"]
                              if since <= _begins(row["due_period"])]  # fmt: skip
    units = [unit("aa", **fields), unit("bb"), unit("cc"), unit("dd")]
    return make(units, year=params(topics=TOPICS), period=period,
                refused={("aa", "platform"): 1}, **rows)  # fmt: skip


def _within(row: dict[str, Any], names: tuple[str, ...], first: dt.date, last: dt.date) -> bool:
    on = next((row[name] for name in names if row.get(name)), None)
    return on is None or first <= on <= last


def _begins(period: str) -> dt.date:
    """The first day of 2023, 2023Q1 or 2023-01."""
    if "Q" in period:
        return dt.date(int(period[:4]), 3 * int(period[-1]) - 2, 1)
    return dt.date(int(period[:4]), int(period[5:] or 1), 1)
