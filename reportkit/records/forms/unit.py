"""The sheets of a unit's own workbook (报送表).

The only place where their Chinese headers stand. Data, not code: an office's own forms of
earlier years are further names for the same columns, see ``params/forms.yml``.
"""

from __future__ import annotations

from reportkit.records.forms import words
from reportkit.records.forms.model import Field, Sheet
from reportkit.records.forms.words import choice

_NAME = ("姓名", "成员姓名", "名字")
_SESSION = ("学习序号", "学习编号", "学习情况序号", "场次序号")
_OF_SESSION = "“学习情况”表中该次学习的序号"
NUMBER = Field(
    "number", ("序号", "编号", "序 号", "No"), "key", True,
    hint="已印好，不要改动；其他表用它对应本行", example="1",
)  # fmt: skip

COVER = Sheet(
    "cover",
    ("封面", "封页", "首页"),
    (
        Field("unit", ("单位名称", "填报单位", "报送单位", "单位")),
        Field("year", ("年度", "填报年度", "报送年度", "年份"), "whole"),
        Field("period", ("报送期间", "填报期间", "期间", "报送季度", "填报季度"), "period"),
        Field("filled_on", ("填报日期", "报送日期", "填表日期"), "date"),
    ),
)
"""Label and value side by side, not a table."""

MEMBERS = Sheet(
    "members",
    ("成员名单", "中心组成员名单", "成员", "中心组成员"),
    (
        Field("name", _NAME, "name", True),
        Field(
            "staff_number",
            ("工号", "员工编号", "人员编号", "职工编号"),
            "key",
            hint="有同名人员时必填，其余可留空；不得填身份证号、电话",
            example="G0012",
        ),
        choice("role", ("职务", "中心组职务", "组内职务", "中心组内职务"), words.ROLE),
        Field("in_leadership", ("是否班子成员", "班子成员", "是否领导班子成员"), "flag", True),
        Field(
            "party_affairs_head",
            ("是否党群部门负责人", "党群部门负责人", "是否党群负责人"),
            "flag",
            True,
        ),
        Field(
            "from",
            ("任职起", "任职开始", "任职起始日期", "任职起始", "进组日期"),
            "date",
            True,
            hint="进入本中心组的日期",
            example="2021-03-01",
        ),
        Field(
            "to",
            ("任职止", "任职结束", "任职终止日期", "任职终止", "离组日期"),
            "date",
            none_words=("无", "至今", "在任"),
            hint="离开本中心组的日期；仍在任的留空",
            example="{year}-06-30",
        ),
    ),
    required=True,
)
PLANS = Sheet(
    "plans",
    ("学习计划", "计划", "计划审定报备"),
    (
        choice("level", ("计划级次", "级次", "计划类型", "计划类别"), words.LEVEL),
        Field(
            "period",
            ("计划期间", "期间", "计划所属期", "计划时段"),
            "period",
            True,
            hint="计划所管的年、季或月，与计划级次一致",
        ),
        Field("approved_on", ("审定日期", "审定时间"), "date", hint="审定计划的日期"),
        Field("filed_on", ("报备日期", "报备时间"), "date", hint="向上级报备的日期"),
    ),
)
PLAN_ITEMS = Sheet(
    "plan_items",
    ("计划内容", "学习计划内容", "年度计划内容"),
    (
        NUMBER,
        Field("due_period", ("计划完成时间", "完成时间", "计划时间", "完成期限"), "period", True),
        Field("title", ("学习内容", "计划学习内容", "内容", "主要内容"), required=True),
        Field(
            "topic_code",
            ("专题编号", "学习专题编号", "专题"),
            "codes",
            hint="从“专题清单”中选择；不属清单的留空",
            example="{year}-01",
        ),
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
            "span",
            True,
            hint="学习的第一天",
        ),
        Field(
            "end",
            ("结束日期", "结束时间", "终止日期"),
            "date",
            vital=True,
            hint="学习的最后一天；只学一天的可留空",
        ),
        Field(
            "hours",
            ("学时", "学习时长", "学时（小时）", "时长（小时）", "学时数"),
            "decimal",
            hint="合计小时数",
        ),
        choice("kind", ("学习类型", "类型", "学习类别"), words.KIND),
        choice(
            "counted_as",
            ("计入类别", "计入", "统计类别", "计入类型"),
            words.COUNTED_AS,
            hint="按实际性质选择；只有“集体学习”计入集体学习次数",
        ),
        choice("form", ("学习形式", "形式", "学习方式"), words.FORM, required=False),
        Field("title", ("学习主题", "学习内容", "主题", "内容"), required=True),
        Field(
            "topics",
            ("专题编号", "学习专题编号", "专题"),
            "codes",
            hint="从“专题清单”中选择；多个的自行填写，用、隔开；不属清单的留空",
            example="{year}-01、{year}-02",
        ),
        Field("host", ("主持人", "主持", "主持人姓名", "主持学习人"), "person"),
        Field(
            "plan_item",
            ("计划内容序号", "对应计划序号", "计划序号", "计划内容编号"),
            "key",
            hint="“计划内容”表中对应的序号；计划外的留空",
            example="1",
        ),
        Field(
            "ad_hoc_basis",
            ("计划外依据", "计划外学习依据", "计划外学习的依据"),
            hint="计划外学习的依据；列入计划的留空",
            example="上级通知要求传达学习",
        ),
        Field(
            "joint_id",
            ("联学编号", "联学"),
            "key",
            hint="多个单位联合学习的，填统一的编号；其余留空",
            example="LX-01",
        ),
        Field("enlarged", ("扩大", "是否扩大", "扩大学习"), "flag", hint="扩大学习的选“是”"),
        Field(
            "cancelled",
            ("是否取消", "取消", "已取消"),
            "flag",
            vital=True,
            hint="已安排而取消的，保留该行，选“是”",
            example="否",
        ),
        Field(
            "expected",
            ("应到", "应到人数", "应参加人数"),
            "whole",
            hint="当日在任、应参加的成员人数，不含列席",
            example="9",
        ),
        Field(
            "present",
            ("实到", "实到人数", "实际参加人数"),
            "whole",
            hint="到会的成员人数，视频参会的计入，代会、列席的不计",
            example="8",
        ),
        Field(
            "absent",
            ("缺席人员及原因", "缺席人员", "请假人员及原因", "未参加人员及原因", "缺席及原因"),
            "absent",
            none_words=(),
            longest=500,
            hint="姓名（原因），多人用、隔开；没有缺席的填“无”",
        ),
        Field(
            "received_on",
            ("报告报送日期", "一学一报日期", "学习报告报送日期", "报送日期"),
            "date",
            none_words=("无", "未报", "未报送"),
            hint="学习情况报告送出的日期；没有报送的填“未报送”",
        ),
        Field(
            "times_returned",
            ("退回次数", "退回"),
            "whole",
            none_words=(),
            hint="报告被退回修改的次数，没有退回填0",
            example="0",
        ),
    ),
    required=True,
)
SIGN_IN = Sheet(
    "sign_in",
    ("签到表", "签到", "考勤签到", "签到情况"),
    (
        Field("session", _SESSION, "key", True, hint=_OF_SESSION, example="1"),
        Field("name", _NAME, "person", True),
        choice("status", ("状态", "出席情况", "考勤", "签到状态"), words.STATUS),
    ),
)
MAKEUPS = Sheet(
    "makeups",
    ("补学记录", "补学", "补学情况"),
    (
        Field("session", _SESSION, "key", True, hint=_OF_SESSION, example="1"),
        Field("name", _NAME, "person", True),
        Field("makeup_on", ("补学日期", "补学时间"), "date", True),
        Field("makeup_evidence", ("佐证", "佐证材料", "补学佐证")),
    ),
)
SPEECHES = Sheet(
    "speeches",
    ("研讨发言", "发言", "研讨发言情况", "发言情况"),
    (
        Field("session", _SESSION, "key", True, hint=_OF_SESSION, example="1"),
        Field("name", (*_NAME, "发言人"), "person", True),
        choice("type", ("发言类型", "类型", "发言类别"), words.SPEECH),
        Field(
            "has_paper",
            ("书面材料", "有无书面材料", "是否有书面材料"),
            "flag",
            none_words=(),
            hint="有书面材料的选“是”",
        ),
        Field("seq", ("顺序", "发言顺序", "次序"), "whole", hint="当次第几个发言", example="1"),
    ),
)
ACCOUNTS = Sheet(
    "accounts",
    ("述学", "领导述学", "述学情况"),
    (
        Field("name", (*_NAME, "述学人"), "person", True),
        Field("date", ("述学日期", "述学时间", "日期"), "date"),
        choice("rating", ("评价等次", "等次", "评价", "评议等次"), words.RATING, required=False),
    ),
)
PRACTICES = Sheet(
    "practices",
    ("经验做法", "经验", "典型经验"),
    (
        NUMBER,
        choice("kind", ("类别", "类型", "做法类别"), words.PRACTICE),
        Field("name", ("名称", "做法名称", "经验名称"), required=True, longest=60),
        Field(
            "what",
            ("主要做法", "做法", "主要内容", "内容"),
            required=True,
            longest=200,
            hint="200字以内，不写成员姓名",
        ),
        Field("outcome", ("成效", "取得成效", "主要成效"), longest=200),
        Field(
            "sessions",
            ("对应学习序号", "相关学习序号", "学习序号"),
            "codes",
            hint="“学习情况”表中相关学习的序号，多个用、隔开",
            example="1、3",
        ),
        Field("award", ("获奖情况", "所获荣誉", "荣誉名称"), longest=100),
        Field("issuer", ("颁发单位", "表彰单位", "授予单位"), longest=60),
    ),
    asked="last",
)
RESEARCH = Sheet(
    "research",
    ("调查研究", "调研", "调研情况", "专题调研"),
    (
        NUMBER,
        Field("name", (*_NAME, "调研人"), "person", True),
        Field("contact_point", ("基层联系点", "联系点", "调研地点"), longest=60),
        Field(
            "date",
            ("调研日期", "调研时间", "日期"),
            "span",
            hint="调研开始的日期",
            example="{year}-03-05",
        ),
        Field("has_report", ("有无调研报告", "调研报告", "是否形成报告"), "flag", none_words=()),
        choice("outcome", ("成果转化", "转化情况", "成果转化情况"), words.OUTCOME, required=False),
        Field("evidence", ("佐证材料", "佐证")),
    ),
    serves=("M18",),
)
VISITS = Sheet(
    "visits",
    ("旁听记录", "学习旁听", "结对旁听", "旁听情况"),
    (
        NUMBER,
        choice("role", ("旁听或被旁听", "旁听类型", "本单位角色"), words.VISIT_ROLE),
        Field(
            "other_unit",
            ("对方单位", "结对单位"),
            required=True,
            longest=60,
            hint="对方单位的全称或规范简称",
        ),
        Field("date", ("旁听日期", "旁听时间", "日期"), "date", True),
        Field("session", _SESSION, "key", hint="被旁听的那次学习的序号，不清楚的留空", example="1"),
        Field("feedback_on", ("反馈日期", "反馈时间"), "date", none_words=("无", "未反馈")),
        Field("highlights", ("亮点", "主要亮点", "值得借鉴之处")),
        Field("problems", ("问题", "问题建议", "意见建议")),
    ),
    serves=("M13",),
)
PLATFORM = Sheet(
    "platform",
    ("学习强国", "学习强国情况", "平台学习情况"),
    (
        Field("month", ("月份", "月度", "统计月份"), "period", True),
        Field("party_members", ("党员数", "党员人数", "在册党员"), "whole"),
        Field("joined", ("已注册", "注册人数", "加入人数"), "whole", none_words=()),
        Field("participation", ("参与度", "活跃度", "参与率"), "percent"),
        Field("mean_daily_points", ("人均日积分", "日人均积分", "人均积分"), "decimal"),
    ),
    serves=("M17",),
)
RECTIFICATIONS = Sheet(
    "rectifications",
    ("整改情况", "整改台账", "整改"),
    (
        Field(
            "finding_id",
            ("问题编号", "整改编号", "编号"),
            "key",
            True,
            hint="本单位通报材料中整改台账的编号",
            example="WT-01",
        ),
        Field("problem", ("问题", "存在问题", "问题表现"), required=True),
        Field("measure", ("整改措施", "措施"), longest=500),
        Field(
            "owner",
            ("责任部门", "责任人", "责任人（职务）"),
            longest=60,
            hint="部门或职务，不写姓名",
            example="党群工作部",
        ),
        Field("due_on", ("整改时限", "完成时限", "时限"), "date"),
        Field("replied_on", ("反馈日期", "回复日期"), "date", none_words=("无", "未反馈")),
        choice("state", ("整改状态", "进展", "状态"), words.RECTIFICATION, required=False),
    ),
)

SHEETS: tuple[Sheet, ...] = (
    MEMBERS, PLANS, PLAN_ITEMS, SESSIONS, SIGN_IN, MAKEUPS, SPEECHES, RESEARCH, VISITS, PLATFORM,
    ACCOUNTS, PRACTICES, RECTIFICATIONS,
)  # fmt: skip
"""All sheets of a unit's workbook but the cover, in the order of our own form."""

GUIDE, QUESTIONS, TOPICS = "填报说明", "上期问题", "专题清单"
UNITS_LIST = "单位清单"
SHEETS_OF_OURS = (GUIDE, QUESTIONS, TOPICS, UNITS_LIST)
"""Sheets of our own forms that say something to people and are not read."""
