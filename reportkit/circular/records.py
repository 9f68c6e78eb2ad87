"""The annex in which each figure leads to its records (数据明细), of the HTML edition alone."""

from __future__ import annotations

from reportkit import wording
from reportkit.display import Block
from reportkit.metrics.indicator import Indicator

HEADS = ["日期", "内容", "计入", "条数", "文件", "工作表", "行"]


def anchor(metric_id: str) -> str:
    """Where the records of a metric stand in the document."""
    return f"records-{metric_id.lower()}"


def records_block(indicator: Indicator) -> Block:
    """The records behind one indicator: which session or item, in which file, sheet and row."""
    return Block(
        "records",
        anchor=anchor(indicator.metric.metric_id),
        title=f"{indicator.metric.name}：{indicator.cell}{_counter(indicator)}",
        definition=f"{indicator.definition}。",
        summary=_summary(indicator),
        columns=HEADS,
        rows=indicator.lines(),
        notes=[],
    )


def _counter(indicator: Indicator) -> str:
    return indicator.metric.counter if indicator.reported else ""


def _summary(indicator: Indicator) -> str:
    parts = []
    if indicator.reported and indicator.denominator is not None:
        if indicator.metric.averaged:
            parts.append(f"共{wording.number(indicator.denominator, 1)}{indicator.metric.base}")
        else:
            parts.append(f"分子/分母：{indicator.parts}{indicator.metric.base}")
    if indicator.exclusions:
        parts.append(f"未计入：{indicator.exclusions}")
    if indicator.missing:
        parts.append(f"尚缺：{'、'.join(indicator.missing)}")
    return "；".join(parts) + "。" if parts else ""
