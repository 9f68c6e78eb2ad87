"""The rows that give account of an import: units, topics, files, the state of each table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from reportkit.params import Unit, Units, YearParams
from reportkit.records.checks import UnitRecords
from reportkit.records.forms import office_sheets, unit_sheets
from reportkit.records.importing.report import FileReport
from reportkit.records.office import OfficeRecords
from reportkit.records.schemas import TABLES, UNIT_TABLES

OFFICE_TABLES = ("archive_checks", "system_checks", "note_checks", "pairings", "confirmations")
"""The office's tables whose state by unit is 已报 or 未核查."""


def unit_rows(units: Units) -> list[dict[str, Any]]:
    """The rows of ``units``: every unit of the parameters, in official order."""
    columns = [c for c in TABLES["units"].column_names if c not in ("aliases", "parent_id")]
    group = next((unit.unit_id for unit in units if unit.level == "group"), None)
    return [
        {
            **{column: getattr(unit, column) for column in columns},
            "parent_id": group if unit.level == "unit" else None,
            "aliases": "、".join(unit.aliases) or None,
        }
        for unit in units
    ]


def topic_rows(params: YearParams) -> list[dict[str, Any]]:
    """The rows of ``topics``: those of the year's parameters."""
    columns = [c for c in TABLES["topics"].column_names if c != "year"]
    return [
        {"year": params.year, **{column: getattr(topic, column) for column in columns}}
        for topic in params.topics
    ]


def file_rows(reports: Iterable[FileReport]) -> list[dict[str, Any]]:
    """The rows of ``files``: what became of each file that arrived."""
    return [
        {
            "file": report.file,
            "unit_id": report.unit_id,
            "period": report.period,
            "filled_on": report.filled_on,
            "format": report.format or None,
            "state": report.state,
            "rows": report.rows,
            "refused": report.rows_refused,
            "corrected": report.corrected,
            "sha256": report.sha256,
            "reason": report.reason or None,
        }
        for report in reports
    ]


def submission_states(
    units: Sequence[Unit],
    records: Mapping[str, UnitRecords],
    office: OfficeRecords | None,
    switched_off: Collection[str] = (),
) -> list[dict[str, Any]]:
    """One row for each unit and table: reported, zero, not reported, not applicable, not checked.

    Parameters
    ----------
    records:
        unit_id → what its submissions brought.
    office:
        The office's own checks; None if there are none.
    switched_off:
        Metrics that are not used: a table that only they need, and that nobody filled in, is
        不适用.
    """
    idle = {
        sheet.key for sheet in (*unit_sheets(), *office_sheets()) if not sheet.is_on(switched_off)
    }
    counts = {name: office.checked_units(name) if office else {} for name in OFFICE_TABLES}
    reported = [name for name in UNIT_TABLES if name != "session_topics"]
    rows = []
    for unit in units:
        part = records.get(unit.unit_id)
        for name in reported:
            state, refused = ("未报" if unit.has_study_group else "不适用"), 0
            if part and name in part.states:
                state, refused = part.states[name]
            count = len(part.rows.get(name, ())) if part else 0
            # Without a finding put to it a unit has nothing to answer in 整改情况.
            idle_here = name in idle or (name == "rectifications" and state == "未报")
            if idle_here and not count and not refused:
                state = "不适用"
            source = part.files[0] if part and part.files else None
            rows.append(_state(unit, name, state, count, refused, source))
        for name in OFFICE_TABLES:
            count = counts[name].get(unit.unit_id, 0)
            state = "已报" if count else "不适用" if name in idle else "未核查"
            source = office.file if office and count else None
            rows.append(_state(unit, name, state, count, 0, source))
    return rows


def _state(
    unit: Unit, table: str, state: str, rows: int, refused: int, source: str | None
) -> dict[str, Any]:
    return {
        "unit_id": unit.unit_id,
        "table": table,
        "state": state,
        "rows": rows,
        "refused": refused,
        "source_file": source,
    }
