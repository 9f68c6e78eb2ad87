"""The tables of a circular, as blocks: comparison, annex of all units, 整改台账, 口径."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from reportkit import wording
from reportkit.display import Block
from reportkit.findings import Finding
from reportkit.metrics.indicator import DASH, SMALL_N, Indicator
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.year import REPEATED

if TYPE_CHECKING:
    from reportkit.annual import Annual, Indicators
    from reportkit.metrics.comparison import Spread
    from reportkit.params import YearParams
    from reportkit.practices import Candidate


def table(
    title: str,
    columns: Sequence[tuple[str, str, float | None]],
    rows: Sequence[Sequence[object]],
    *,
    notes: Sequence[str] = (),
    emphasis: Sequence[int] = (),
    links: Sequence[Sequence[str | None]] | None = None,
    alt: str = "",
) -> Block:
    """A table block; ``columns`` are (head, left|center|right, relative width or None).

    An empty cell (None, NaN) prints as —. ``links``: for each cell the records to which it
    leads in the HTML edition, or None.
    """
    more = {} if links is None else {"links": [list(row) for row in links]}
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
        **more,
    )


def comparison_table(
    indicators: Indicators,
    metric_ids: Sequence[str],
    *,
    minimum_peers: int,
    minimum_person_times: int = 11,
    anchors: Mapping[str, str] | None = None,
) -> Block:
    """本单位 · 同类中位数 · 同类位置 · 集团中位数 · 上年 · 变化, one row a metric.

    A median over fewer than ``minimum_peers`` units is not shown: —, with a note; nor is the
    place among peers where attendance is of fewer than ``minimum_person_times``. A ratio of
    fewer than 11 is shown with its n. ``anchors``: metric → where its records stand.
    """
    rows, links, shown = [], [], [indicators[i] for i in metric_ids]
    for one in shown:
        unit = f"（{one.metric.counter}）" if one.metric.counter else ""
        rows.append(
            [
                f"{one.metric.name}{unit}",
                one.cell,
                _median(one, one.peers, minimum_peers),
                _place(one),
                _median(one, one.group, minimum_peers),
                one.last_cell,
                one.change_short,
            ]
        )
        link = (anchors or {}).get(one.metric.metric_id)
        links.append([None, link, *[None] * 5])
    notes = _comparison_notes(shown, rows, minimum_peers, minimum_person_times)
    than = shown[0].last.than if shown else "上年"
    return table(
        "主要指标对照表",
        [
            ("指标", "left", 3.5),
            ("本单位", "center", 2.35),
            ("同类中位数", "center", 1.45),
            ("同类位置", "center", 2.0),
            ("集团中位数", "center", 1.45),
            (than, "center", 2.35),
            ("变化", "center", 3.0),
        ],
        rows,
        notes=[f"注：{notes[0]}", *notes[1:]] if notes else [],
        links=links if anchors else None,
        alt=f"本单位各项指标与同类单位中位数、集团中位数、{than}的对照",
    )


def _median(one: Indicator, spread: Spread | None, minimum_peers: int) -> str:
    if spread is None or spread.fewer_than(minimum_peers):
        return DASH
    return f"{one.show(spread.median)}{_of_few(one, spread)}"


def _of_few(one: Indicator, spread: Spread) -> str:
    """Of how many units, behind ratios of few: （9家）."""
    few = one.metric.kind != "count" and not one.masked and spread.fewer_than(SMALL_N)
    return f"（{spread.units}家）" if few else ""


def _place(one: Indicator) -> str:
    """Where it stands among its peers; masked, that would tell too much."""
    return DASH if one.masked else one.quarter or DASH


def _comparison_notes(
    shown: Sequence[Indicator],
    rows: Sequence[Sequence[str]],
    minimum_peers: int,
    minimum_person_times: int,
) -> list[str]:
    notes = []
    if any(one.peers is None or one.peers.fewer_than(minimum_peers) for one in shown):
        notes.append(f"同类单位中已报送的不足{minimum_peers}家的指标，不列同类中位数和位置。")
    banded = [
        one for one in shown
        if one.reported and one.metric.better != "neither" and not one.quarter
        and one.peers and not one.peers.fewer_than(minimum_peers)
    ]  # fmt: skip
    if any(one.metric.kind != "count" for one in banded):
        notes.append(f"应到不足{minimum_person_times}人次的，参学率不列同类位置。")
    if any(one.metric.kind == "count" for one in banded):
        notes.append("年内设立的单位，次数不列同类位置。")
    if any("（" in cell for row in rows for cell in row[1:]):
        notes.append(f"分母或单位数小于{SMALL_N}的比率，括号内为分子/分母、人数或家数。")
    left_out = [f"{one.metric.name}不含{one.exclusions}" for one in shown if one.left_out]
    if left_out:
        notes.append("；".join(left_out) + "。")
    return notes


def trend_table(indicators: Indicators, metric_ids: Sequence[str]) -> Block | None:
    """历年情况: one row a metric, one column a year; None where there are fewer than three."""
    shown = [indicators[i] for i in metric_ids]
    years = [year for year, _ in shown[0].trend] if shown else []
    if len(years) < 3:
        return None
    rows = [
        [f"{one.metric.name}{f'（{one.metric.counter}）' if one.metric.counter else ''}",
         *(cell for _, cell in one.trend_cells[:-1]), one.cell]
        for one in shown
    ]  # fmt: skip
    head: list[tuple[str, str, float | None]] = [("指标", "left", 3.2)]
    head += [(f"{year}年", "center", 1.5) for year in years]
    return table(
        "历年情况", head, rows, notes=["注：各年口径如有调整，不宜直接比较。"],
        alt=f"本单位{years[0]}年至{years[-1]}年主要指标",
    )  # fmt: skip


def details_table(
    indicators: Indicators, metric_ids: Sequence[str], *, minimum_peers: int
) -> Block:
    """指标数据和口径: parts, interval, peers' middle half, definition and what was left out."""
    rows = []
    for one in (indicators[i] for i in metric_ids):
        peers = one.peers if one.peers and not one.peers.fewer_than(minimum_peers) else None
        half = DASH
        if peers:
            half = f"{one.show(peers.q1)}—{one.show(peers.q3)}{_of_few(one, peers)}"
        rows.append(
            [
                one.metric.name,
                _parts(one),
                one.interval_text,
                half,
                f"{one.definition}。{f'本单位未计入：{one.exclusions}。' if one.left_out else ''}",
            ]
        )
    return table(
        "",
        [
            ("指标", "left", 6.6),
            ("数据", "center", 4.6),
            ("95%区间", "center", 8.6),
            ("同类四分位", "center", 8.6),
            ("口径和未计入情况", "left", 27),
        ],
        rows,
        notes=[
            "注：“数据”为分子/分母；95%区间按威尔逊法计算，次数少时区间宽，比率仅供参考；"
            f"“同类四分位”为同类单位中间一半的范围，不足{minimum_peers}家的不列。"
        ],
        alt="各项指标的分子分母、未计入情况、区间和口径",
    )


def _parts(one: Indicator) -> str:
    if not one.reported:
        return one.state
    if one.denominator is not None and one.metric.averaged:
        return f"{one}（{one.amount(one.denominator)}{one.metric.base}）"
    return one.parts


def pairings_table(annual: Annual) -> Block | None:
    """旁听结对表: each group's units, how often each was to visit its partners, and did.

    None where the office paired nobody. Counts alone; a visit told by either side counts.
    """
    pairings = annual.records["pairings"]
    pairings = pairings[pairings["year"] == annual.year]
    if pairings.empty:
        return None
    rows = []
    for row in pairings.to_dict("records"):
        cells = []
        for metric_id in ("M13a", "M13b"):
            told = annual.row(row["unit_id"], metric_id)
            known = told["denominator"] == told["denominator"]
            cells += [wording.number(told[part], 0) if known else told["state"]
                      for part in ("denominator", "numerator")]  # fmt: skip
        rows.append([f"第{row['group_no']}组", annual.units[row["unit_id"]].short_name, *cells])
    groups = len({row[0] for row in rows})
    return table(
        "",
        [("组别", "center", 1.0), ("单位", "left", 2.4), ("应旁听（次）", "center", 1.2),
         ("已旁听（次）", "center", 1.2), ("应被旁听（次）", "center", 1.2),
         ("已被旁听（次）", "center", 1.2)],
        rows,
        notes=["注：只计结对单位之间的旁听，双方有一方报送即计。"],
        alt=f"{annual.year}年旁听结对情况，共{groups}个组{len(rows)}家单位",
    )  # fmt: skip


def units_table(annual: Annual, metric_ids: Sequence[str], *, conventions: int = 2) -> Block:
    """附件1: counts by unit in official order, a merged unit's months in a row of its own.

    The last two rows are 小计 (subordinate units) and 合计 (集团本级 included), so that the
    figures of the text can be added up from here. ``conventions``: the annex of the 统计口径.
    """
    metrics = [BY_ID[i] for i in metric_ids]
    head: list[tuple[str, str, float | None]] = [("序号", "center", 0.7), ("单位", "left", 2.6)]
    head += [(f"{m.name}（{m.counter}）", "center", 1.2) for m in metrics]
    rows: list[list[str]] = []
    sums = dict.fromkeys(metric_ids, 0.0)
    unreported: list[str] = []
    there = annual.frames.unit_frame.index
    units = [u for u in annual.units.in_year(annual.year)
             if u.level == "unit" and u.unit_id in there]  # fmt: skip
    for n, unit in enumerate(units, 1):
        gone = unit.valid_to is not None and unit.valid_to < annual.cutoff
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
    notes = [
        f"注：合计为小计与集团本级之和；“未报”为未报送或未填报，不按零计；口径见附件{conventions}。"
    ]
    if unreported:
        notes.append(f"未计入：{wording.names(unreported, '家单位', most=len(unreported))}。")
    repeated = [
        f"{BY_ID[i].name}{number}{BY_ID[i].counter}" for i in metric_ids
        if (number := dict(totals[i].left_out).get(REPEATED))
    ]  # fmt: skip
    if repeated:
        notes.append(f"合计中联学只计一次，已减去重复的{'、'.join(repeated)}。")
    return table(
        "", head, rows, notes=notes, emphasis=[len(rows) - 2, len(rows) - 1],
        alt=f"{annual.year}年各单位学习情况统计，共{len(units)}家单位",
    )  # fmt: skip


def rectification_table(findings: Sequence[Finding]) -> Block:
    """整改台账: 编号 · 问题 · 整改要求 · 责任人 · 时限, one row a finding whose rule asks for it.

    Under its 编号 the unit answers it in next year's 整改情况. 责任人 stays blank: the unit
    fills it in, and no person's name stands in a circular.
    """
    rows = [
        [f.number, f.sentence, f.rule.requirement, "", wording.full_date(f.rule.deadline)]
        for f in findings
    ]
    return table(
        "整改台账",
        [
            ("编号", "center", 1.2),
            ("问题", "left", 4.0),
            ("整改要求", "left", 3.6),
            ("责任人", "center", 1.2),
            ("时限", "center", 3.0),
        ],
        rows,
        notes=["注：责任人由单位填写；反馈整改情况时请注明编号。"],
        alt=f"整改台账，共{len(rows)}项",
    )


def definitions_table(params: YearParams, metric_ids: Collection[str]) -> Block:
    """统计口径 of the metrics named, but for those switched off, under the year's conventions."""
    used = [m for m in METRICS if m.metric_id in metric_ids and not m.off(params.switched_off)]
    return table(
        "",
        [("序号", "center", 0.6), ("指标", "left", 2.2), ("口径", "left", 6.5)],
        [[str(n), m.name, f"{m.definition(params.metrics)}。"] for n, m in enumerate(used, 1)],
        alt="各项指标的统计口径",
    )


def candidates_table(
    candidates: Sequence[Candidate], chosen: Mapping[str, str], names: Mapping[str, str]
) -> Block:
    """经验做法候选表: fit ones first, then those against which something speaks.

    ``chosen``: practice_id → the paragraph for which it was selected; ``names``: unit_id →
    规范简称.
    """
    ordered = sorted(candidates, key=lambda c: not c.fit)
    return table(
        "经验做法候选表",
        [
            ("编号", "left", 2.0),
            ("单位", "left", 1.6),
            ("类别", "center", 1.5),
            ("名称", "left", 2.6),
            ("可用", "center", 0.9),
            ("不宜采用的理由", "left", 3.6),
            ("已选入", "center", 1.5),
        ],
        [
            [c.practice_id, names[c.unit_id], c.kind, c.name, "是" if c.fit else "否", c.against,
             chosen.get(c.practice_id, "")]
            for c in ordered
        ],
        notes=["注：入选的做法写在本年度人工决定文件的“practices”一栏。"],
        alt=f"经验做法候选表，共{len(candidates)}项，可用{sum(c.fit for c in candidates)}项",
    )  # fmt: skip
