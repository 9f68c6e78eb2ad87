"""The annex in which each figure leads to its records (数据明细), of the HTML edition alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reportkit import wording
from reportkit.display import Block
from reportkit.metrics.indicator import Indicator

if TYPE_CHECKING:
    import pandas as pd

HEADS = ["日期", "内容", "计入", "条数", "文件", "工作表", "行"]


def anchor(metric_id: str) -> str:
    """Where the records of a metric stand in the document."""
    return f"records-{metric_id.lower()}"


def records_block(indicator: Indicator) -> Block:
    """The records behind one indicator: which session or item, in which file, sheet and row.

    Rows of one session, sheet and way of counting are told together (行4—9): so no person
    shows, and a year of attendance stays short.
    """
    rows = indicator.rows()
    return Block(
        "records",
        anchor=anchor(indicator.metric.metric_id),
        title=f"{indicator.metric.name}：{indicator.cell}{_counter(indicator)}",
        definition=f"{indicator.definition}。",
        summary=_summary(indicator),
        columns=HEADS,
        rows=[] if rows.empty else _together(rows),
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


def _together(rows: pd.DataFrame) -> list[list[str]]:
    """Rows that differ in nothing but their line in the sheet, told as one."""
    keys = ("session_id", "date", "what", "counted", "file", "sheet")
    columns = [rows[key].astype(object).where(rows[key].notna(), None).tolist() for key in keys]
    numbers = rows["row"].astype(object).where(rows["row"].notna(), None).tolist()
    found: dict[tuple[Any, ...], list[int | None]] = {}
    for key, number in zip(zip(*columns, strict=True), numbers, strict=True):
        found.setdefault(key, []).append(None if number is None else int(number))
    return [
        [
            "" if date is None else date.date().isoformat(),
            what or "",
            counted,
            str(len(lines)),
            # Of the path below data/ the file's name is what a person looks for.
            (file or "").rpartition("/")[2],
            sheet or "",
            ranges(n for n in lines if n is not None),
        ]
        for (_, date, what, counted, file, sheet), lines in found.items()
    ]


def ranges(numbers: Iterable[int]) -> str:
    """Line numbers, runs of them together: 4—9、12."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in runs)
