"""数据确认单: before the draft goes up, each unit confirms the figures that it will be told by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from reportkit import wording
from reportkit.annual import blocked, load_annual, lost, pins_of
from reportkit.circular.sentences import paragraph
from reportkit.circular.unit import UnitCircular, open_unit
from reportkit.confirming.sheet import (
    CONFIRM,
    FIGURES,
    FIGURES_HEADS,
    FILLED_BY,
    OPINION,
    PRINTED_OPINION,
    RECEIVED,
    RECEIVED_HEADS,
    REMARK,
    SIGNED_BY,
    SIGNED_ON,
    Sheet,
)
from reportkit.display import Block, Blocks
from reportkit.loaders import Pins
from reportkit.metrics.indicator import Indicator
from reportkit.params import find_home
from reportkit.records.schemas import UNIT_TABLES
from reportkit.tables import table

CONFIRMATION = "confirmation"
SESSIONS_TITLE = "计入统计的学习场次"


@dataclass(frozen=True)
class Confirmation(UnitCircular):
    """A unit's figures for it to confirm: what arrived, what was counted, what was not."""

    official: ClassVar[bool] = False

    @property
    def due(self) -> str:
        """The day by which it is to come back, in words: the last one before the circular's own.

        What is confirmed later would be too late.
        """
        return wording.full_date(self.issued_on - dt.timedelta(days=1))

    @cached_property
    def sheet(self) -> Sheet:
        """What is to be confirmed: both tables, without the columns that the unit fills in."""
        rows = self.annual.records.of_unit("submissions", self.unit.unit_id)
        off = self.annual.params.switched_off
        return Sheet(
            received=tuple(
                (UNIT_TABLES[name].label, row["state"], str(row["rows"]), str(row["refused"]))
                for row in rows.to_dict("records")
                if (name := row["table"]) in UNIT_TABLES and row["state"] != "不适用"
            ),
            figures=tuple(
                (one.metric.name, _bare(one),
                 one.parts if one.reported and not one.metric.averaged else "—",
                 one.exclusions if one.left_out else "—")
                for one in self.indicators
                if not one.metric.off(off) and one.state != "不适用"
            ),
        )  # fmt: skip

    def received(self) -> Block:
        """报送情况: of each table how many rows arrived, and how many could not be counted."""
        return table(
            RECEIVED,
            [*_columns(RECEIVED_HEADS, (2.4, 1.2, 1.4, 1.6)), (CONFIRM, "center", 1.6)],
            [[*row, " "] for row in self.sheet.received],
            notes=["注：未计入的为填写有误的记录，见报送反馈；如有补正，请在确认前重新报送。"],
            alt="各类材料的报送情况",
        )

    def figures(self) -> Block:
        """拟采用的数据: each metric with its parts and what was left out, room for an answer."""
        rows = self.sheet.figures
        return table(
            FIGURES,
            [*_columns(FIGURES_HEADS, (2.5, 1.2, 1.2, 1.7), last="left"),
             (CONFIRM, "center", 1.4), (REMARK, "left", 2.7)],
            [[*row, " ", " "] for row in rows],
            notes=[
                "注：指标口径与年度通报附件相同；“未报”为未报送或未填报，不按零计。",
                f"数据版本：{self.sheet.version}（据以认定所确认的数据，请勿改动）",
            ],
            alt=f"拟采用的{len(rows)}项数据",
        )  # fmt: skip

    def answer(self) -> Blocks:
        """确认意见: what the unit fills in, with room for a signature and a seal.

        No name is printed.
        """
        lines = [
            [OPINION, PRINTED_OPINION],
            [FILLED_BY, _ROOM],
            [SIGNED_BY, _ROOM],
            [SIGNED_ON, f"{_ROOM}\n　　　　年　　月　　日"],
        ]
        return Blocks([
            paragraph(f"请于{self.due}以前签字盖章后报集团公司党委办公室。逾期未反馈的，另行催办。"),
            table(OPINION, [("项目", "left", 2.0), ("内容", "left", 4.0)], lines,
                  alt="确认意见、填表人、负责人签字和日期"),
        ])  # fmt: skip

    def annexes(self) -> Blocks:
        """附件 计入统计的学习场次, for the unit to check line by line."""
        held = self.study_sessions()
        rows = [
            [str(n), _days(row["start"], row["end"]), row["mark"], row["title"]]
            for n, row in enumerate(held.to_dict("records"), 1)
        ]
        listed = table(
            "", [("序号", "center", 0.7), ("日期", "left", 2.2), ("类型", "left", 2.2),
                 ("主题", "left", 5.0)],
            rows, alt=f"计入的{len(rows)}次学习",
        )  # fmt: skip
        return Blocks([
            Block("annex", number=None, title=SESSIONS_TITLE, landscape=False),
            listed if rows else paragraph("没有计入统计的学习。"),
        ])  # fmt: skip

    def annex_list(self) -> Block:
        """附件说明, below the body."""
        return Block("annex_list", items=[SESSIONS_TITLE])


_ROOM = " \n "
"""A cell of two lines, to be written in by hand."""


def _columns(
    heads: tuple[str, ...], widths: tuple[float, ...], last: str = "center"
) -> list[tuple[str, str, float | None]]:
    aligned = ["left", *["center"] * (len(heads) - 2), last]
    return list(zip(heads, aligned, widths, strict=True))


def _bare(one: Indicator) -> str:
    """The figure with its counter, without the parts, which stand beside it: 83.3%, 12次."""
    return f"{one}{one.metric.counter}" if one.reported else one.state


def _days(start: dt.datetime, end: dt.datetime) -> str:
    first = f"{start.month}月{start.day}日"
    return first if start == end else f"{first}至{end.month}月{end.day}日"


def open_confirmation(unit: str, year: int, *, home: Path | None = None) -> Confirmation:
    """A unit's 数据确认单 of a year; errors as for :func:`reportkit.circular.open_unit`."""
    opened = open_unit(unit, year, home=home or find_home())
    return Confirmation(opened.annual, CONFIRMATION, opened.unit)


def current_sheets(
    home: Path, year: int, unit_ids: Iterable[str], pins: Pins | None = None
) -> dict[str, Sheet]:
    """unit_id → what its 数据确认单 would say now; without those of which none can be made.

    ``pins``: the snapshots that its figures are taken from; None: those of its own circular.

    Raises
    ------
    ParameterError, RecordsError
        As :func:`~reportkit.annual.load_annual`.
    """
    found: dict[str, Sheet] = {}
    reasons: dict[Pins, dict[str, str]] = {}
    for unit_id in unit_ids:
        of_unit = pins_of(home, year, unit_id) if pins is None else pins
        if lost(home, of_unit):
            continue
        annual = load_annual(home, year, pins=of_unit)
        there = next((u for u in annual.units.in_year(year) if u.unit_id == unit_id), None)
        if of_unit not in reasons:
            reasons[of_unit] = blocked(home, year, of_unit)
        if there and unit_id not in reasons[of_unit]:
            found[unit_id] = Confirmation(annual, CONFIRMATION, there).sheet
    return found
