"""整改 rows that a year leaves open: the next year's forms bear them, until they are 已完成.

A finding of the year's own papers goes under its number (WT-03), which is what
:mod:`.follow_up` of the next year looks for. One of an earlier year bears that year before its
number (2022-WT-03): two years' rules give the same numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reportkit.annual import Annual
from reportkit.circular.follow_up import CARRIED, CLOSED, told_of

_COLUMNS = ("finding_id", "unit_id", "problem", "measure", "owner", "due_on", "replied_on", "state")


@dataclass(frozen=True)
class OpenRow:
    """One row of a unit's 整改情况, as the form is to hold it."""

    finding_id: str
    """Its number, without the unit: WT-03 or 2022-WT-03."""
    problem: str
    measure: str | None = None
    owner: str | None = None
    due_on: dt.date | None = None
    replied_on: dt.date | None = None
    state: str | None = None


def open_rows(annual: Annual) -> dict[str, list[dict[str, Any]]]:
    """unit_id → what the year leaves open: its own findings, then those of earlier years.

    Of the earlier ones those that the unit did not report as 已完成 during the year, those that
    it never answered included.
    """
    units = [unit.unit_id for unit in annual.at_end if unit.level == "unit"]
    rows: dict[str, list[OpenRow]] = {}
    for (unit, number), finding in told_of(annual, units).items():
        row = OpenRow(number, finding.plain_sentence, due_on=finding.rule.deadline)
        rows.setdefault(unit, []).append(row)
    for unit, row in _of_earlier_years(annual, units):
        rows.setdefault(unit, []).append(row)
    return {unit: [asdict(row) for row in own] for unit, own in rows.items()}


def _of_earlier_years(annual: Annual, units: list[str]) -> Iterable[tuple[str, OpenRow]]:
    before = annual.year - 1
    told = _reported(annual, units)
    last = annual.last
    asked = told_of(last, units) if last is not None else {}
    for key, finding in asked.items():
        if key not in told:
            row = OpenRow(key[1], finding.plain_sentence, due_on=finding.rule.deadline)
            yield key[0], _with_origin(row, before)
    for key, row in told.items():
        # With last year's records it is known what was found: other rows are the unit's own.
        known = bool(CARRIED.fullmatch(row.finding_id)) or key in asked or last is None
        if row.state != CLOSED and known:
            yield key[0], _with_origin(row, before)


def _with_origin(row: OpenRow, year: int) -> OpenRow:
    if CARRIED.fullmatch(row.finding_id):
        return row
    return OpenRow(**{
        **asdict(row), "finding_id": f"{year}-{row.finding_id}",
        "problem": f"（{year}年通报）{row.problem}",
    })  # fmt: skip


def _reported(annual: Annual, units: list[str]) -> Mapping[tuple[str, str], OpenRow]:
    """(unit_id, number) → what the unit reported of it; nothing of a year whose rows are gone."""
    if annual.purged:
        return {}
    frame = annual.records.read("rectifications", _COLUMNS, units)
    plain = frame.astype(object).where(frame.notna(), None)
    found = {}
    for row in plain.to_dict("records"):
        number = str(row["finding_id"]).rpartition("/")[2]
        values = {name: _plain(row[name]) for name in _COLUMNS if name != "unit_id"}
        found[str(row["unit_id"]), number] = OpenRow(**{**values, "finding_id": number})
    return found


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value
