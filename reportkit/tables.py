"""The tables of a circular, as blocks: comparison, annex of all units, 整改台账, 口径."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportkit import wording
from reportkit.display import Block
from reportkit.findings import Finding
from reportkit.metrics.registry import BY_ID, METRICS

if TYPE_CHECKING:
    from reportkit.annual import Annual, Indicators

DASH = "—"


def table(
    title: str,
    columns: Sequence[tuple[str, str, float | None]],
    rows: Sequence[Sequence[object]],
    *,
    notes: Sequence[str] = (),
    emphasis: Sequence[int] = (),
    alt: str = "",
) -> Block:
    """A table block; ``columns`` are (head, left|center|right, relative width or None).

    An empty cell (None, NaN) prints as —.
    """
    return Block(
        "table",
        title=title,
        columns=[{"text": text, "align": align, "width": width} for text, align, width in columns],
        rows=[
            [DASH if cell is None or cell != cell else str(cell) for cell in row] for row in rows
        ],
        notes=list(notes),
        emphasis=list(emphasis),
        alt=alt or title or "统计表",
    )


def comparison_table(
    indicators: Indicators, metric_ids: Sequence[str], *, minimum_peers: int
) -> Block:
    """本单位 · 同类中位数 · 集团中位数 · 上年 · 变化, one row a metric.

    A median over fewer than ``minimum_peers`` units is not shown: —, with a note.
    """
    rows, too_few, notes = [], False, []
    for metric_id in metric_ids:
        one = indicators[metric_id]
        unit = f"（{one.metric.counter}）" if one.metric.counter else ""
        peer = one.show(one.peer_median) if one.peer_count >= minimum_peers else DASH
        group = one.show(one.group_median) if one.group_count >= minimum_peers else DASH
        too_few = too_few or one.peer_count < minimum_peers
        rows.append(
            [
                f"{one.metric.name}{unit}",
                str(one) if one.reported else one.state,
                peer,
                group,
                one.show(one.last_year),
                one.change_short,
            ]
        )
    if too_few:
        notes.append(f"同类单位中已报送的不足{minimum_peers}家的指标，不列同类中位数。")
    left_out = [
        f"{indicators[i].metric.name}不含{indicators[i].exclusions}"
        for i in metric_ids
        if indicators[i].left_out
    ]
    if left_out:
        notes.append("；".join(left_out) + "。")
    return table(
        "主要指标对照表",
        [
            ("指标", "left", 3.3),
            ("本单位", "center", 1.4),
            ("同类中位数", "center", 2.25),
            ("集团中位数", "center", 2.25),
            ("上年", "center", 1.25),
            ("变化", "center", 3.1),
        ],
        rows,
        notes=[f"注：{notes[0]}", *notes[1:]] if notes else [],
        alt="本单位各项指标与同类单位中位数、集团中位数、上年的对照",
    )


def units_table(annual: Annual, metric_ids: Sequence[str]) -> Block:
    """附件1: counts by unit in official order, a merged unit's months in a row of its own.

    The last two rows are 小计 (subordinate units) and 合计 (集团本级 included), so that the
    figures of the text can be added up from here.
    """
    metrics = [BY_ID[i] for i in metric_ids]
    head: list[tuple[str, str, float | None]] = [("序号", "center", 0.7), ("单位", "left", 2.6)]
    head += [(f"{m.name}（{m.counter}）", "center", 1.2) for m in metrics]
    rows: list[list[str]] = []
    sums = dict.fromkeys(metric_ids, 0.0)
    unreported: list[str] = []
    units = [u for u in annual.units.in_year(annual.year) if u.level == "unit"]
    for n, unit in enumerate(units, 1):
        gone = unit.valid_to is not None and unit.valid_to < annual.params.cutoff
        until = f"（至{unit.valid_to.month}月）" if gone and unit.valid_to else ""
        cells = []
        for metric_id in metric_ids:
            row = annual.row(unit.unit_id, metric_id)
            known = row["value"] == row["value"]
            sums[metric_id] += row["value"] if known else 0
            cells.append(wording.number(row["value"], 1) if known else row["state"])
        if all(cell == "未报" for cell in cells):
            unreported.append(unit.short_name)
        rows.append([str(n), unit.short_name + until, *cells])
    totals = annual.of_group()
    rows.append(["", "小计", *(wording.number(sums[i], 1) for i in metric_ids)])
    rows.append(["", "合计", *(str(totals[i]) if totals[i].reported else DASH for i in metric_ids)])
    notes = ["注：合计为小计与集团本级之和；“未报”为未报送或未填报，不按零计；口径见附件2。"]
    if unreported:
        notes.append(f"未计入：{wording.names(unreported, '家单位', most=len(unreported))}。")
    repeated = dict(totals["M1"].left_out).get("联学重复{}次")
    if repeated:
        notes.append(f"集体学习合计中，联学只计一次，已减去重复的{repeated}次。")
    return table(
        "", head, rows, notes=notes, emphasis=[len(rows) - 2, len(rows) - 1],
        alt=f"{annual.year}年各单位学习情况统计，共{len(units)}家单位",
    )  # fmt: skip


def rectification_table(findings: Sequence[Finding]) -> Block:
    """整改台账: 问题 · 整改要求 · 责任人 · 时限, one row a finding whose rule asks for it.

    责任人 stays blank: the unit fills it in, and no person's name stands in a circular.
    """
    rows = [
        [str(n), f.sentence, f.rule.requirement, "", wording.full_date(f.rule.deadline)]
        for n, f in enumerate(findings, 1)
    ]
    return table(
        "整改台账",
        [
            ("序号", "center", 0.9),
            ("问题", "left", 4.0),
            ("整改要求", "left", 3.6),
            ("责任人", "center", 1.2),
            ("时限", "center", 3.0),
        ],
        rows,
        notes=["注：责任人由单位填写。"],
        alt=f"整改台账，共{len(rows)}项",
    )


def definitions_table() -> Block:
    """指标口径 of all metrics, those of the units' circulars too, from their own definitions."""
    return table(
        "",
        [("序号", "center", 0.6), ("指标", "left", 2.2), ("口径", "left", 6.5)],
        [[str(n), m.name, m.definition + "。"] for n, m in enumerate(METRICS, 1)],
        alt="各项指标的统计口径",
    )
