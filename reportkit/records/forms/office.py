"""The sheets of the office's own workbook (``data/checks/<year>.xlsx``)."""

from __future__ import annotations

from reportkit.records.forms import words
from reportkit.records.forms.model import Field, Sheet
from reportkit.records.forms.words import choice

UNIT = Field("unit", ("单位", "单位名称", "权属单位"), required=True)
_NAME = ("姓名", "成员姓名", "名字")
_SESSION = ("学习序号", "学习编号", "场次序号")

ARCHIVE_CHECKS = Sheet(
    "archive_checks",
    ("档案核查", "核查"),
    (UNIT,),
    serves=("M10",),
)
"""The office's own checks; one further column for each archive item of the year's parameters."""


def archive_field(item: str) -> Field:
    """The column of one archive item in the office's checks; a blank cell is 未查."""
    return Field(
        item, (item,), "choice", choices=words.ARCHIVE[0], synonyms=words.ARCHIVE[1], none_words=()
    )


SYSTEM_CHECKS = Sheet(
    "system_checks",
    ("制度核查", "制度执行核查", "13项制度"),
    (UNIT,),
    serves=("M21",),
)
"""One further column for each of the systems (制度) of the year's parameters."""


def system_field(name: str) -> Field:
    """The column of one system in the office's checks; a blank cell is 未查."""
    return Field(
        name, (name,), "choice", choices=words.SYSTEM[0], synonyms=words.SYSTEM[1], none_words=()
    )


NOTE_CHECKS = Sheet(
    "note_checks",
    ("笔记抽查", "学习笔记抽查"),
    (
        UNIT,
        Field("name", _NAME, "person", True),
        Field("checked_on", ("抽查日期", "检查日期", "日期"), "date", True),
        choice("grade", ("评价", "等次", "评价等次"), words.GRADE),
    ),
    serves=("M15",),
)
SPEECH_RATINGS = Sheet(
    "speech_ratings",
    ("发言评议", "研讨发言评议"),
    (
        UNIT,
        Field("session", _SESSION, "key", True),
        Field("name", (*_NAME, "发言人"), "person", True),
        choice("linked_to_practice", ("是否联系实际", "联系实际"), words.RATED, required=False),
        choice("has_measures", ("有无具体措施", "具体措施"), words.RATED, required=False),
    ),
    serves=("M19",),
)
PAIRINGS = Sheet(
    "pairings",
    ("旁听结对", "结对安排", "结对旁听"),
    (
        Field("group_no", ("组别", "结对组", "组号"), "key", True),
        UNIT,
    ),
    serves=("M13",),
)
VISIT_RATINGS = Sheet(
    "visit_ratings",
    ("旁听评价", "旁听评议"),
    (
        Field("observer_unit", ("旁听单位",), required=True),
        Field("host_unit", ("被旁听单位",), required=True),
        Field("date", ("旁听日期", "日期"), "date", True),
        choice("ratings", ("评价", "评价等次", "等次"), words.RATING),
    ),
    serves=("M13",),
)
CONFIRMATIONS = Sheet(
    "confirmations",
    ("数据确认", "数据确认单"),
    (
        UNIT,
        Field("sent_on", ("发出日期", "发送日期"), "date"),
        Field("confirmed_by", ("确认人", "确认人（职务）"), longest=60),
        Field("confirmed_on", ("确认日期",), "date", none_words=("无", "未确认")),
        Field("waived_because", ("免于确认的理由", "免确认理由")),
    ),
)
OBJECTIONS = Sheet(
    "objections",
    ("异议", "异议处理", "异议登记"),
    (
        Field("number", ("序号", "编号"), "key", True),
        UNIT,
        Field("document", ("涉及文件", "文件"), longest=60),
        Field("received_on", ("收到日期", "提出日期"), "date", True),
        Field("about", ("异议内容", "内容"), required=True, longest=500),
        Field("answer", ("答复", "答复内容"), longest=500),
        Field("answered_on", ("答复日期",), "date", none_words=("无", "未答复")),
        Field("correction", ("更正情况", "更正"), longest=200),
    ),
)

OFFICE_SHEETS: tuple[Sheet, ...] = (
    ARCHIVE_CHECKS, SYSTEM_CHECKS, NOTE_CHECKS, SPEECH_RATINGS, PAIRINGS, VISIT_RATINGS,
    CONFIRMATIONS, OBJECTIONS,
)  # fmt: skip
"""All sheets of the office's workbook, in its order."""
