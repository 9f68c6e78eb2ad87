"""All metrics, one entry each: number, name, definition, and the function that computes it.

The definitions print as the 口径 annex of the group circular: there is no second place.
"""

from __future__ import annotations

from reportkit.metrics import attendance, duties, sessions
from reportkit.metrics.indicator import Metric

_NAMED = ("sessions", "attendance", "members")

METRICS: tuple[Metric, ...] = (
    Metric("M1", "sessions", "集体学习", "count", "次",
           "类型和计入类别均为“集体学习”且实际举行的学习，取消的不计，重复登记的计一次，连续多日计一次",
           ("sessions",), sessions.collective_sessions, "两级党委中心组共组织集体学习×次"),
    Metric("M2", "discussions", "研讨交流", "count", "场次",
           "集体学习和读书班中，有重点发言或补充发言的场次",
           ("sessions", "speeches"), sessions.discussions, "学习研讨交流×场次"),
    Metric("M2s", "speakers", "研讨发言", "count", "人次",
           "在集体学习和读书班上作重点发言或补充发言的人次，一人一场计一次",
           ("sessions", "speeches"), sessions.discussion_speakers),
    Metric("M3", "reading_classes", "专题读书班", "count", "期",
           "类型为“读书班”且实际举行的学习，不计入集体学习次数",
           ("sessions",), sessions.reading_classes, "举办专题读书班×期"),
    Metric("M3d", "reading_days", "读书班天数", "count", "天",
           "各期读书班首日至末日的天数之和",
           ("sessions",), sessions.reading_class_days),
    Metric("M4", "attendance", "班子成员年度平均参学率", "ratio", "",
           "班子成员每人到会（含视频）次数除以其任职期间应到次数，再取平均；请假计入应到，"
           "未记的不计入，应到次数不足的人员不计入",
           _NAMED, attendance.leadership_attendance, "班子成员年度平均参学率"),
    Metric("M4b", "overall_attendance", "总参学率", "ratio", "",
           "实到人次之和除以应到人次之和，与班子成员平均参学率口径不同",
           ("sessions",), attendance.overall_attendance),
    Metric("M4c", "attendance_with_makeup", "含补学参学率", "ratio", "",
           "在班子成员年度平均参学率基础上，有佐证的补学视为到会",
           _NAMED, attendance.leadership_attendance_with_makeup, "请假补课"),
    Metric("M5", "discussion_quarters", "季度研讨达标率", "ratio", "",
           "开展研讨的季度数除以单位全季在册的季度数",
           ("sessions", "speeches"), sessions.discussion_quarters, "每季度不少于一次"),
    Metric("M6", "months_covered", "月度学习覆盖率", "ratio", "",
           "有学习的月份数除以单位月初在册的月份数",
           ("sessions",), sessions.months_covered, "月度有重点"),
    Metric("M6d", "study_days", "学习天数", "count", "天",
           "集体学习和读书班天数之和，学时不超过4小时的计半天",
           ("sessions",), sessions.study_days),
    Metric("M7a", "plans_present", "计划齐备率", "ratio", "",
           "已制定的年度、季度、月度计划数除以应制定数",
           ("plans",), duties.plans_present, "年度有计划、季度有安排、月度有重点"),
    Metric("M7b", "plan_fulfilment", "计划兑现率", "ratio", "",
           "已落实的计划内容数除以到期的计划内容数",
           ("plan_items", "sessions"), duties.plan_fulfilment),
    Metric("M8", "mandatory_topics", "必学专题覆盖率", "ratio", "",
           "已学习的必学专题数除以应学习的必学专题数",
           ("sessions",), duties.mandatory_topics, "没有系统安排学习内容"),
    Metric("M9a", "reports", "一学一报率", "ratio", "",
           "已报送次数除以应报送次数，未到报送期限的不计",
           ("sessions", "session_reports"), duties.reports_received, "一学一报"),
    Metric("M9b", "reports_on_time", "一学一报及时率", "ratio", "",
           "按时报送次数除以已报送次数",
           ("sessions", "session_reports"), duties.reports_on_time, "一学一报"),
    Metric("M10a", "ledgers", "“三簿”齐全率", "ratio", "",
           "核查为“有”的项数除以核查项数，不适用和未查的不计",
           (), duties.ledgers_complete, "“三簿”齐全"),
    Metric("M10b", "archive", "档案齐全率", "ratio", "",
           "档案核查为“有”的项数除以核查项数，不适用和未查的不计",
           (), duties.archive_complete, "学习档案制度"),
    Metric("M11", "speech_coverage", "发言覆盖率", "ratio", "",
           "年内至少发言一次的中心组成员数除以中心组成员数",
           ("members", "speeches"), attendance.speech_coverage, "一人主讲、大家补充"),
    Metric("M14", "accounts", "述学率", "ratio", "",
           "已述学人数除以年末在任班子成员数",
           ("members", "accounts"), attendance.accounts_given, "领导述学"),
    Metric("M16", "party_affairs", "党群部门负责人纳入", "ratio", "",
           "学习当日党群部门负责人在中心组成员之列的次数除以学习次数",
           ("members", "sessions"), attendance.party_affairs_included,
           "未将党群部门负责人纳入中心组成员"),
)  # fmt: skip

BY_ID = {metric.metric_id: metric for metric in METRICS}
BY_ATTRIBUTE = {metric.attribute: metric for metric in METRICS}
