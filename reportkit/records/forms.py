"""The forms that units fill in: Chinese sheets and headers ↔ English tables and columns.

The only place where the Chinese headers stand. Data, not code: an office's own forms of
earlier years are further :class:`Sheet` objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "key",
    "name",
    "person",
    "absent",
    "date",
    "whole",
    "decimal",
    "flag",
    "choice",
    "codes",
    "period",
]


@dataclass(frozen=True)
class Field:
    """One column of a form.

    Parameters
    ----------
    name:
        The English column.
    headers:
        The header as our form has it, then the synonyms that are read as the same.
    kind:
        How a cell is read: see :mod:`reportkit.records.values`.
    required:
        The column must be there, and a row without a value in it does not enter.
    choices:
        For ``choice``: (word in the form, stored value), the form's own words.
    synonyms:
        For ``choice``: (word that people write, stored value), read with a note.
    none_words:
        Words that say in so many words that there is nothing; the value is then empty.
    longest:
        The most characters that a text may have.
    vital:
        May be blank, but a row in which it cannot be read does not enter: what it would
        change cannot be left open (a session's last day; whether it was cancelled).
    """

    name: str
    headers: tuple[str, ...]
    kind: Kind = "text"
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    none_words: tuple[str, ...] = ("无",)
    longest: int = 200
    vital: bool = False

    @property
    def header(self) -> str:
        """The header as our own form has it."""
        return self.headers[0]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a unit's workbook: its names, the table it fills, and its columns."""

    key: str
    names: tuple[str, ...]
    fields: tuple[Field, ...]
    required: bool = False

    @property
    def title(self) -> str:
        """The sheet's name in our own form."""
        return self.names[0]

    def field(self, name: str) -> Field:
        """The field of this English name.

        Raises
        ------
        KeyError
            If the sheet has none.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


def _same(*words: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, word) for word in words)


ROLE = (
    _same("组长", "副组长", "成员", "学习秘书"),
    (("组员", "成员"), ("秘书", "学习秘书"), ("中心组组长", "组长"), ("中心组副组长", "副组长")),
)
LEVEL = (
    (("年度", "年"), ("季度", "季"), ("月度", "月")),
    (("年", "年"), ("季", "季"), ("月", "月"), ("全年", "年"), ("每季度", "季"), ("每月", "月")),
)
KIND = (
    _same("集体学习", "读书班"),
    (("集中学习", "集体学习"), ("集体学习研讨", "集体学习"), ("专题读书班", "读书班")),
)
COUNTED_AS = (
    _same("集体学习", "读书班", "第一议题", "主题党日", "培训", "个人自学"),
    (
        ("集中学习", "集体学习"),
        ("“第一议题”", "第一议题"),
        ("专题读书班", "读书班"),
        ("自学", "个人自学"),
    ),
)
FORM = (
    _same("研讨", "讲座", "参观", "调研", "集中培训", "自学"),
    (
        ("研讨交流", "研讨"), ("学习研讨", "研讨"), ("集体研讨", "研讨"), ("专题研讨", "研讨"),
        ("专题讲座", "讲座"), ("辅导讲座", "讲座"), ("现场参观", "参观"), ("参观学习", "参观"),
        ("调研式学习", "调研"), ("培训", "集中培训"),
    ),
)  # fmt: skip
SPEECH = (
    _same("领学", "重点", "补充", "书面"),
    (
        ("重点发言", "重点"), ("补充发言", "补充"), ("书面发言", "书面"), ("交流发言", "补充"),
        ("主讲", "重点"), ("书面交流", "书面"),
    ),
)  # fmt: skip
STATUS = (
    _same("出席", "视频", "公务假", "病事假", "缺席"),
    (
        ("到会", "出席"), ("√", "出席"), ("已到", "出席"), ("到", "出席"),
        ("视频参会", "视频"), ("线上", "视频"), ("公务", "公务假"), ("公差", "公务假"),
        ("公出", "公务假"), ("病假", "病事假"), ("事假", "病事假"), ("休假", "病事假"),
        ("请假", "病事假"), ("×", "缺席"), ("未到", "缺席"), ("缺勤", "缺席"),
    ),
)  # fmt: skip
RATING = (
    _same("优秀", "较好", "一般", "差"),
    (("优", "优秀"), ("好", "较好"), ("良好", "较好"), ("较差", "差")),
)
PRACTICE = (
    _same("品牌学习法", "制度", "形式", "成果转化", "荣誉"),
    (("学习法", "品牌学习法"), ("制度建设", "制度"), ("形式创新", "形式"), ("获得荣誉", "荣誉")),
)
ARCHIVE = (
    _same("有", "缺", "不规范", "不适用", "未查"),
    (("齐全", "有"), ("√", "有"), ("无", "缺"), ("缺失", "缺"), ("×", "缺"), ("未核查", "未查")),
)


def _choice(
    name: str,
    headers: tuple[str, ...],
    words: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]],
    required: bool = True,
) -> Field:
    return Field(name, headers, "choice", required, choices=words[0], synonyms=words[1])


_NAME = ("姓名", "成员姓名", "名字")
_SESSION = ("学习序号", "学习编号", "学习情况序号", "场次序号")
NUMBER = Field("number", ("序号", "编号", "序 号", "No"), "key", True)

COVER = Sheet(
    "cover",
    ("封面", "封页", "首页"),
    (
        Field("unit", ("单位名称", "填报单位", "报送单位", "单位")),
        Field("year", ("年度", "填报年度", "报送年度", "年份"), "whole"),
        Field("filled_on", ("填报日期", "报送日期", "填表日期"), "date"),
    ),
)
"""Label and value side by side, not a table."""

MEMBERS = Sheet(
    "members",
    ("成员名单", "中心组成员名单", "成员", "中心组成员"),
    (
        Field("name", _NAME, "name", True),
        Field("staff_number", ("工号", "员工编号", "人员编号", "职工编号"), "key"),
        _choice("role", ("职务", "中心组职务", "组内职务", "中心组内职务"), ROLE),
        Field("in_leadership", ("是否班子成员", "班子成员", "是否领导班子成员"), "flag", True),
        Field(
            "party_affairs_head",
            ("是否党群部门负责人", "党群部门负责人", "是否党群负责人"),
            "flag",
            True,
        ),
        Field("from", ("任职起", "任职开始", "任职起始日期", "任职起始", "进组日期"), "date", True),
        Field(
            "to",
            ("任职止", "任职结束", "任职终止日期", "任职终止", "离组日期"),
            "date",
            none_words=("无", "至今", "在任"),
        ),
    ),
    required=True,
)
PLANS = Sheet(
    "plans",
    ("学习计划", "计划", "计划审定报备"),
    (
        _choice("level", ("计划级次", "级次", "计划类型", "计划类别"), LEVEL),
        Field("period", ("计划期间", "期间", "计划所属期", "计划时段"), "period", True),
        Field("approved_on", ("审定日期", "审定时间"), "date"),
        Field("filed_on", ("报备日期", "报备时间"), "date"),
    ),
)
PLAN_ITEMS = Sheet(
    "plan_items",
    ("计划内容", "学习计划内容", "年度计划内容"),
    (
        NUMBER,
        Field("due_period", ("计划完成时间", "完成时间", "计划时间", "完成期限"), "period", True),
        Field("title", ("学习内容", "计划学习内容", "内容", "主要内容"), required=True),
        Field("topic_code", ("专题编号", "学习专题编号", "专题"), "codes"),
    ),
)
SESSIONS = Sheet(
    "sessions",
    ("学习情况", "学习情况登记", "学习开展情况", "集体学习情况"),
    (
        NUMBER,
        Field(
            "start",
            ("开始日期", "学习时间", "时间", "日期", "学习日期", "开始时间", "起始日期"),
            "date",
            True,
        ),
        Field("end", ("结束日期", "结束时间", "终止日期"), "date", vital=True),
        Field("hours", ("学时", "学习时长", "学时（小时）", "时长（小时）", "学时数"), "decimal"),
        _choice("kind", ("学习类型", "类型", "学习类别"), KIND),
        _choice("counted_as", ("计入类别", "计入", "统计类别", "计入类型"), COUNTED_AS),
        _choice("form", ("学习形式", "形式", "学习方式"), FORM, required=False),
        Field("title", ("学习主题", "学习内容", "主题", "内容"), required=True),
        Field("topics", ("专题编号", "学习专题编号", "专题"), "codes"),
        Field("host", ("主持人", "主持", "主持人姓名", "主持学习人"), "person"),
        Field("plan_item", ("计划内容序号", "对应计划序号", "计划序号", "计划内容编号"), "key"),
        Field("ad_hoc_basis", ("计划外依据", "计划外学习依据", "计划外学习的依据")),
        Field("joint_id", ("联学编号", "联学"), "key"),
        Field("enlarged", ("扩大", "是否扩大", "扩大学习"), "flag"),
        Field("cancelled", ("是否取消", "取消", "已取消"), "flag", vital=True),
        Field("expected", ("应到", "应到人数", "应参加人数"), "whole"),
        Field("present", ("实到", "实到人数", "实际参加人数"), "whole"),
        Field(
            "absent",
            ("缺席人员及原因", "缺席人员", "请假人员及原因", "未参加人员及原因", "缺席及原因"),
            "absent",
            none_words=(),
            longest=500,
        ),
        Field(
            "received_on",
            ("报告报送日期", "一学一报日期", "学习报告报送日期", "报送日期"),
            "date",
            none_words=("无", "未报", "未报送"),
        ),
        Field("times_returned", ("退回次数", "退回"), "whole", none_words=()),
    ),
    required=True,
)
SIGN_IN = Sheet(
    "sign_in",
    ("签到表", "签到", "考勤签到", "签到情况"),
    (
        Field("session", _SESSION, "key", True),
        Field("name", _NAME, "person", True),
        _choice("status", ("状态", "出席情况", "考勤", "签到状态"), STATUS),
    ),
)
MAKEUPS = Sheet(
    "makeups",
    ("补学记录", "补学", "补学情况"),
    (
        Field("session", _SESSION, "key", True),
        Field("name", _NAME, "person", True),
        Field("makeup_on", ("补学日期", "补学时间"), "date", True),
        Field("makeup_evidence", ("佐证", "佐证材料", "补学佐证")),
    ),
)
SPEECHES = Sheet(
    "speeches",
    ("研讨发言", "发言", "研讨发言情况", "发言情况"),
    (
        Field("session", _SESSION, "key", True),
        Field("name", (*_NAME, "发言人"), "person", True),
        _choice("type", ("发言类型", "类型", "发言类别"), SPEECH),
        Field("has_paper", ("书面材料", "有无书面材料", "是否有书面材料"), "flag", none_words=()),
        Field("seq", ("顺序", "发言顺序", "次序"), "whole"),
    ),
)
ACCOUNTS = Sheet(
    "accounts",
    ("述学", "领导述学", "述学情况"),
    (
        Field("name", (*_NAME, "述学人"), "person", True),
        Field("date", ("述学日期", "述学时间", "日期"), "date"),
        _choice("rating", ("评价等次", "等次", "评价", "评议等次"), RATING, required=False),
    ),
)
PRACTICES = Sheet(
    "practices",
    ("经验做法", "经验", "典型经验"),
    (
        NUMBER,
        _choice("kind", ("类别", "类型", "做法类别"), PRACTICE),
        Field("name", ("名称", "做法名称", "经验名称"), required=True, longest=60),
        Field("what", ("主要做法", "做法", "主要内容", "内容"), required=True, longest=200),
        Field("outcome", ("成效", "取得成效", "主要成效"), longest=200),
    ),
)

SHEETS: tuple[Sheet, ...] = (
    MEMBERS, PLANS, PLAN_ITEMS, SESSIONS, SIGN_IN, MAKEUPS, SPEECHES, ACCOUNTS, PRACTICES,
)  # fmt: skip
"""All sheets of a unit's workbook but the cover, in the order of our own form."""

CHECKS = Sheet(
    "archive_checks",
    ("档案核查", "核查"),
    (Field("unit", ("单位", "单位名称", "权属单位"), required=True),),
    required=True,
)
"""The office's own checks; one further column for each archive item of the year's parameters."""


def archive_field(item: str) -> Field:
    """The column of one archive item in the office's checks; a blank cell is 未查."""
    return Field(item, (item,), "choice", choices=ARCHIVE[0], synonyms=ARCHIVE[1], none_words=())
