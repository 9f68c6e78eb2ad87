"""The values that a column of choices may hold."""

from __future__ import annotations

ROLES = ("组长", "副组长", "成员", "学习秘书")
PLAN_LEVELS = ("年", "季", "月")
SESSION_KINDS = ("集体学习", "读书班")
COUNTED_AS = ("集体学习", "读书班", "第一议题", "主题党日", "培训", "个人自学")
SESSION_FORMS = ("研讨", "讲座", "参观", "调研", "集中培训", "自学")
ATTENDANCE = ("出席", "视频", "公务假", "病事假", "请假（原因不明）", "缺席", "未记")
SPEECH_TYPES = ("领学", "重点", "补充", "书面")
ARCHIVE_STATES = ("有", "缺", "不规范", "不适用", "未查")
RATINGS = ("优秀", "较好", "一般", "差")
PRACTICE_KINDS = ("品牌学习法", "制度", "形式", "成果转化", "荣誉")
OUTCOMES = ("无", "已采纳", "已落地")
RECTIFICATION_STATES = ("未反馈", "整改中", "已完成", "延期")
GRADES = ("好", "一般", "简单潦草")
SYSTEM_STATES = ("已建", "已执行", "缺", "未查")
RATED = ("是", "否", "未评")
REPORTED_BY = ("双方", "旁听单位", "被旁听单位")
ORG_TYPES = ("党委", "党总支", "直属党支部")
FILE_STATES = ("accepted", "partly", "refused", "evidence", "skipped")
SEVERITIES = ("refused", "corrected", "warned")
DECISIONS = ("accept", "override", "waive")
VALUE_STATES = ("已报", "零", "未报", "不适用", "未核查")
"""值的状态: reported, reported as zero, not reported, not applicable, not checked."""
