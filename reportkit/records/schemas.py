"""The tables of a snapshot: what a row is, which columns it has, which values are allowed.

One :class:`Table` for each table of the domain; :func:`contract` turns it into a pandera
schema. The Chinese names by which units know these columns stand in :mod:`.forms` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

Dtype = Literal["str", "Int64", "Float64", "boolean", "datetime64[us]"]

ROLES = ("组长", "副组长", "成员", "学习秘书")
PLAN_LEVELS = ("年", "季", "月")
SESSION_KINDS = ("集体学习", "读书班")
COUNTED_AS = ("集体学习", "读书班", "第一议题", "主题党日", "培训", "个人自学")
SESSION_FORMS = ("研讨", "讲座", "参观", "调研", "集中培训", "自学")
ATTENDANCE = ("出席", "视频", "公务假", "病事假", "缺席", "未记")
SPEECH_TYPES = ("领学", "重点", "补充", "书面")
ARCHIVE_STATES = ("有", "缺", "不规范", "不适用", "未查")
RATINGS = ("优秀", "较好", "一般", "差")
PRACTICE_KINDS = ("品牌学习法", "制度", "形式", "成果转化", "荣誉")
VALUE_STATES = ("已报", "零", "未报", "不适用", "未核查")
"""值的状态: reported, reported as zero, not reported, not applicable, not checked."""


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it may be empty, and the values it may hold."""

    name: str
    dtype: Dtype = "str"
    nullable: bool = False
    allowed: tuple[str, ...] = ()
    doc: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its name, its grain (the key that makes a row unique) and its columns."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    doc: str

    @property
    def label(self) -> str:
        """The table's Chinese name, with which its description begins."""
        return self.doc.partition(":")[0]

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


def _source() -> tuple[Column, ...]:
    """Where a row was read: every row of a submission leads back to its line in a file."""
    return (
        Column("source_file", doc="path below data/, with forward slashes"),
        Column("source_sheet"),
        Column("source_row", "Int64", doc="row number as Excel shows it, from 1"),
    )


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "members",
            ("unit_id", "person_id", "from"),
            (
                Column("unit_id"),
                Column("person_id", doc="group-wide; staff number, else unit_id/name"),
                Column("name"),
                Column("role", allowed=ROLES),
                Column("in_leadership", "boolean", doc="班子成员"),
                Column("party_affairs_head", "boolean", doc="党群部门负责人"),
                Column("from", "datetime64[us]", doc="first day in the group"),
                Column("to", "datetime64[us]", nullable=True, doc="last day; empty: still in"),
                *_source(),
            ),
            "中心组成员: one row for each person and term in one unit's group",
        ),
        Table(
            "plans",
            ("unit_id", "period"),
            (
                Column("unit_id"),
                Column("level", allowed=PLAN_LEVELS),
                Column("period", doc="2023, 2023Q1 or 2023-01"),
                Column("approved_on", "datetime64[us]", nullable=True, doc="审定"),
                Column("filed_on", "datetime64[us]", nullable=True, doc="报备"),
                *_source(),
            ),
            "学习计划: one row for each plan of a unit",
        ),
        Table(
            "plan_items",
            ("item_id",),
            (
                Column("item_id", doc="unit_id/number"),
                Column("unit_id"),
                Column("topic_code", nullable=True),
                Column("title"),
                Column("due_period", doc="2023Q1 or 2023-01"),
                *_source(),
            ),
            "计划内容: one row for each item that a unit planned to study",
        ),
        Table(
            "sessions",
            ("session_id",),
            (
                Column("session_id", doc="unit_id/number in the unit's own list"),
                Column("unit_id"),
                Column("start", "datetime64[us]"),
                Column("end", "datetime64[us]"),
                Column("hours", "Float64", nullable=True),
                Column("kind", allowed=SESSION_KINDS),
                Column("counted_as", allowed=COUNTED_AS),
                Column("form", nullable=True, allowed=SESSION_FORMS),
                Column("title"),
                Column("enlarged", "boolean", nullable=True, doc="扩大学习"),
                Column("joint_id", nullable=True, doc="联学: the same id in each unit"),
                Column("host_id", nullable=True, doc="person_id of 主持人"),
                Column("plan_item", nullable=True, doc="item_id"),
                Column("ad_hoc_basis", nullable=True, doc="计划外学习的依据"),
                Column("cancelled", "boolean"),
                Column("expected", "Int64", nullable=True, doc="应到, 人次"),
                Column("present", "Int64", nullable=True, doc="实到, 人次"),
                *_source(),
            ),
            "学习情况: one row for each session that a unit held or cancelled",
        ),
        Table(
            "session_topics",
            ("session_id", "topic_code"),
            (Column("session_id"), Column("unit_id"), Column("topic_code")),
            "one row for each topic of a session",
        ),
        Table(
            "attendance",
            ("session_id", "person_id"),
            (
                Column("session_id"),
                Column("unit_id"),
                Column("person_id"),
                Column("status", allowed=ATTENDANCE),
                Column("makeup_on", "datetime64[us]", nullable=True, doc="补学"),
                Column("makeup_evidence", nullable=True),
                *_source(),
            ),
            "考勤名单: one row for each session and person expected at it; a list of the absent "
            "is expanded over the roster of that day",
        ),
        Table(
            "speeches",
            ("session_id", "person_id", "seq"),
            (
                Column("session_id"),
                Column("unit_id"),
                Column("person_id"),
                Column("seq", "Int64"),
                Column("type", allowed=SPEECH_TYPES),
                Column("has_paper", "boolean", nullable=True),
                *_source(),
            ),
            "发言: one row for each speech",
        ),
        Table(
            "session_reports",
            ("session_id",),
            (
                Column("session_id"),
                Column("unit_id"),
                Column("due_on", "datetime64[us]", nullable=True),
                Column("received_on", "datetime64[us]", nullable=True),
                Column("times_returned", "Int64", nullable=True),
                *_source(),
            ),
            "一学一报: one row for each report on a session",
        ),
        Table(
            "archive_checks",
            ("unit_id", "item"),
            (
                Column("unit_id"),
                Column("year", "Int64"),
                Column("item"),
                Column("state", allowed=ARCHIVE_STATES),
                *_source(),
            ),
            "档案核查, filled in by the office: one row for each unit and item",
        ),
        Table(
            "accounts",
            ("person_id", "year"),
            (
                Column("unit_id"),
                Column("person_id"),
                Column("year", "Int64"),
                Column("date", "datetime64[us]", nullable=True),
                Column("rating", nullable=True, allowed=RATINGS),
                *_source(),
            ),
            "述学: one row for each person who gave an account",
        ),
        Table(
            "practices",
            ("practice_id",),
            (
                Column("practice_id", doc="unit_id/number"),
                Column("unit_id"),
                Column("kind", allowed=PRACTICE_KINDS),
                Column("name"),
                Column("what", doc="at most 200 characters"),
                Column("outcome", nullable=True),
                *_source(),
            ),
            "经验做法: one row for each practice that a unit puts forward",
        ),
        Table(
            "submissions",
            ("unit_id", "table"),
            (
                Column("unit_id"),
                Column("table"),
                Column("state", allowed=VALUE_STATES),
                Column("rows", "Int64", doc="rows that entered the table"),
                Column("refused", "Int64", doc="rows that did not"),
                Column("source_file", nullable=True),
            ),
            "报送情况: one row for each unit and table; a blank table is 未报, one that says "
            "“无” is 零: a blank is never a zero",
        ),
        Table(
            "issues",
            (),
            (
                Column("severity", allowed=("refused", "corrected", "warned")),
                Column("code"),
                Column("unit_id", nullable=True),
                Column("file"),
                Column("sheet", nullable=True),
                Column("cell", nullable=True),
                Column("found"),
                Column("expected"),
                Column("action", doc="what to do next, or what was done"),
            ),
            "one row for each cell, row or file that was refused, corrected or warned of",
        ),
    )
}


def empty(table: Table) -> pd.DataFrame:
    """A frame with the table's columns and types, and no rows."""
    import pandas as pd

    return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in table.columns})


def contract(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of a table: types, allowed values, unique key, no other columns."""
    import pandera.pandas as pa

    columns = {
        column.name: pa.Column(
            column.dtype,
            checks=[pa.Check.isin(column.allowed)] if column.allowed else None,
            nullable=column.nullable,
        )
        for column in table.columns
    }
    return pa.DataFrameSchema(
        columns, unique=list(table.key) or None, strict=True, coerce=True, name=table.name
    )
