"""Metrics of what the office checked: M10 三簿与档案, M15 笔记, M19 空对空, M21 制度."""

from __future__ import annotations

import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence, evidence
from reportkit.metrics.frames import YearFrames

UNCHECKED = "未核查"


@metric(
    "M10a", "ledgers", "“三簿”齐全率", base="项", yearly=True, when_empty=UNCHECKED,
    definition="“三簿”（{ledgers}）核查为“有”的项数除以核查项数，不适用和未查的不计",
    rules=("ledgers",),
    lacks="项",
    serves="做到“三簿”齐全",
)  # fmt: skip
def ledgers_complete(frames: YearFrames) -> Evidence:
    checks = frames.table("archive_checks")
    return _in_order(checks[checks["item"].isin(frames.params.metrics.ledgers)])


@metric(
    "M10b", "archive", "档案齐全率", base="项", yearly=True, when_empty=UNCHECKED,
    definition="档案核查为“有”的项数除以核查项数，不适用和未查的不计",
    lacks="项",
    serves="学习档案制度",
)  # fmt: skip
def archive_complete(frames: YearFrames) -> Evidence:
    return _in_order(frames.table("archive_checks"))


def _in_order(checks: pd.DataFrame) -> Evidence:
    """有 ÷ (有 + 缺 + 不规范)."""
    state = checks["state"]
    return evidence(
        "archive_checks", checks, top=state == "有", bottom=1.0, label=checks["item"],
        left_out={"不适用{}项": state == "不适用", "未查{}项": state == "未查"},
    )  # fmt: skip


@metric(
    "M15", "poor_notes", "笔记简单潦草率", base="本", better="low", when_empty=UNCHECKED,
    definition="抽查为简单潦草的笔记本数除以抽查本数",
    serves="学习笔记简单、字迹潦草",
)  # fmt: skip
def poor_notes(frames: YearFrames) -> Evidence:
    checks = frames.table("note_checks")
    checks = checks[checks["checked_on"] <= pd.Timestamp(frames.cutoff)]
    return evidence("note_checks", checks, top=checks["grade"] == "简单潦草", bottom=1.0)


@metric(
    "M19", "without_measures", "空对空率", tables=("speeches",), base="篇", better="low",
    when_empty=UNCHECKED,
    definition="评议为无具体措施的研讨发言（{speeches}）篇数除以已评议篇数，未评的不计",
    rules=("study_sessions", "discussion_speeches"),
    serves="研讨发言“空对空”",
)  # fmt: skip
def without_measures(frames: YearFrames) -> Evidence:
    speeches = frames.discussion_speeches
    rated = speeches["has_measures"]
    return evidence(
        "speeches", speeches, top=rated == "否", bottom=1.0,
        left_out={"未评{}篇": ~rated.isin(("是", "否"))},
    )  # fmt: skip


@metric(
    "M21", "systems", "制度执行率", base="项", yearly=True, when_empty=UNCHECKED,
    definition="核查为“已执行”的工作制度项数除以核查项数，未查的不计",
    lacks="项",
    serves="学习考勤、研讨交流、学习旁听、领导述学等项工作制度",
)  # fmt: skip
def systems_kept(frames: YearFrames) -> Evidence:
    checks = frames.table("system_checks")
    checks = checks[checks["year"] == frames.params.year]
    return evidence(
        "system_checks", checks, top=checks["state"] == "已执行", bottom=1.0,
        label=checks["system"], left_out={"未查{}项": checks["state"] == "未查"},
    )  # fmt: skip
