"""The tables that the office fills: by its parameters, its checks, its own lists."""

from __future__ import annotations

from reportkit.records.schemas import values
from reportkit.records.schemas.model import Column, Table, source

OFFICE_TABLES: tuple[Table, ...] = (
    Table(
        "units",
        ("unit_id",),
        (
            Column("unit_id"),
            Column("name"),
            Column("short_name", doc="规范简称"),
            Column("order", "Int64", doc="规范顺序"),
            Column("mask_label"),
            Column("level", allowed=("group", "unit")),
            Column("parent_id", nullable=True),
            Column("org_type", allowed=values.ORG_TYPES),
            Column("has_study_group", "boolean"),
            Column("peer_group", nullable=True),
            Column("valid_from", "datetime64[us]"),
            Column("valid_to", "datetime64[us]", nullable=True),
            Column("successor_id", nullable=True),
            Column("aliases", nullable=True, doc="joined by 、"),
        ),
        "权属单位: one row for each unit of params/units.yml that the year knows",
    ),
    Table(
        "topics",
        ("year", "code"),
        (
            Column("year", "Int64"),
            Column("code"),
            Column("name"),
            Column("mandatory", "boolean", doc="必学专题"),
            Column("issued_on", "datetime64[us]", nullable=True),
            Column("learn_by", "datetime64[us]", nullable=True, doc="及时跟进学"),
        ),
        "学习专题: one row for each topic of the year's parameters",
    ),
    Table(
        "archive_checks",
        ("unit_id", "item"),
        (
            Column("unit_id"),
            Column("year", "Int64"),
            Column("item"),
            Column("state", allowed=values.ARCHIVE_STATES),
            *source(),
        ),
        "档案核查, filled in by the office: one row for each unit and item",
    ),
    Table(
        "system_checks",
        ("unit_id", "system_no"),
        (
            Column("unit_id"),
            Column("year", "Int64"),
            Column("system_no", "Int64", doc="1 to 13, in the order of the parameters"),
            Column("system", doc="the system's name"),
            Column("state", allowed=values.SYSTEM_STATES),
            *source(),
        ),
        "制度核查, filled in by the office: one row for each unit and system",
    ),
    Table(
        "note_checks",
        ("person_id", "checked_on"),
        (
            Column("unit_id"),
            Column("person_id", person=True),
            Column("checked_on", "datetime64[us]"),
            Column("grade", allowed=values.GRADES),
            *source(),
        ),
        "笔记抽查, filled in by the office: one row for each notebook looked at",
    ),
    Table(
        "pairings",
        ("year", "group_no", "unit_id"),
        (Column("year", "Int64"), Column("group_no"), Column("unit_id"), *source()),
        "旁听结对, filled in by the office: one row for each unit of a group",
    ),
    Table(
        "confirmations",
        ("unit_id",),
        (
            Column("unit_id"),
            Column("snapshot", nullable=True, doc="digest of what was confirmed"),
            Column("sent_on", "datetime64[us]", nullable=True),
            Column("confirmed_by", nullable=True),
            Column("confirmed_on", "datetime64[us]", nullable=True),
            Column("waived_because", nullable=True),
            *source(),
        ),
        "数据确认单, kept by the office: one row for each unit asked",
    ),
    Table(
        "objections",
        ("objection_id",),
        (
            Column("objection_id"),
            Column("unit_id"),
            Column("document", nullable=True),
            Column("received_on", "datetime64[us]"),
            Column("about"),
            Column("answer", nullable=True),
            Column("answered_on", "datetime64[us]", nullable=True),
            Column("correction", nullable=True),
            *source(),
        ),
        "异议, kept by the office: one row for each objection of a unit",
    ),
)
