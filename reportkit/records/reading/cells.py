"""Reading one cell of a sheet: its value, or an issue with its address."""

from __future__ import annotations

from typing import Any

from reportkit.params import IssueDecision
from reportkit.records.codes import catalogue
from reportkit.records.forms import Field
from reportkit.records.issues import Log, shown
from reportkit.records.opening import Grid
from reportkit.records.reading.table import Row
from reportkit.records.values import Reading, is_blank, percent_text, read

_AS_SHOWN = frozenset({"text", "key", "codes", "date", "span", "period", "name", "person"})
"""Kinds for which a number is what the cell shows (2023.10), not what it counts (2023.1)."""
_REMEMBERED = 65_536
_OF_READING = {"required", "formula", "merged_cells", "identity_number", "telephone"}


def as_shown(raw: Any, wanted: Field, grid: Grid, at: tuple[int, int]) -> Any:
    """The cell's number as a person sees it, where its format says more than its value."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return raw
    if at in grid.percent:
        return percent_text(raw)
    return grid.shown.get(at, raw) if wanted.kind in _AS_SHOWN else raw


class CellReader:
    """Reads the cells of one sheet; cells that repeat are read once."""

    def __init__(self, grid: Grid, year: int, log: Log) -> None:
        self._grid = grid
        self._year = year
        self._log = log
        self._formatted = bool(grid.percent or grid.shown)
        self._decided = bool(log.decided)
        self._known: dict[str, dict[tuple[type, Any], Reading]] = {}

    def read(
        self,
        wanted: Field,
        raw: Any,
        entry: Row,
        stopped: tuple[str, str, str] | None = None,
        at: tuple[int, int] | None = None,
    ) -> bool:
        """Read one cell into ``entry``; False if the row may not enter without it.

        Parameters
        ----------
        raw:
            What stands there; for a cell under a merge what stands in its first cell.
        stopped:
            (code, found, expected) of a cell that must not be read as it stands.
        at:
            Where ``raw`` stands, row and column from 0, for its format; None: not formatted.
        """
        if self._formatted and at is not None:
            raw = as_shown(raw, wanted, self._grid, at)
        reading = None if stopped else self.reading(wanted, raw)
        if self._decided:
            cell = entry.cell(wanted.name)
            decision = self._log.decided.override(self._log.file, self._grid.name, cell)
            if decision is not None:
                return self._overridden(wanted, raw, reading, stopped, entry, decision)
        return self._take(wanted, raw, reading, stopped, entry)

    def reading(self, wanted: Field, raw: Any) -> Reading:
        """The reading of what stands in a cell of this column."""
        known = self._known.setdefault(wanted.name, {})
        key = (type(raw), raw)
        try:
            found = known.get(key)
        except TypeError:  # nothing that a cell holds, but no reason to fall over
            return read(raw, wanted, self._year)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[key] = read(raw, wanted, self._year)
        return found

    def _take(
        self,
        wanted: Field,
        raw: Any,
        reading: Reading | None,
        stopped: tuple[str, str, str] | None,
        entry: Row,
    ) -> bool:
        entry.values[wanted.name] = None
        if reading is None or reading.refused:
            return self._refuse(wanted, raw, reading, stopped, entry)
        if reading.state:
            entry.states[wanted.name] = reading.state
        if reading.note:
            self._say(f"corrected_{wanted.kind}", wanted, raw, wanted.header, reading.note, entry)
        if reading.value is None and wanted.required:
            return self._blank(wanted, raw, entry)
        entry.values[wanted.name] = reading.value
        return True

    def _blank(self, wanted: Field, raw: Any, entry: Row) -> bool:
        found = "空白" if is_blank(raw) else shown(raw)
        self._say("required", wanted, found, f"{wanted.header}（必填）", "", entry)
        entry.refused.add(wanted.name)
        return False

    def _refuse(
        self,
        wanted: Field,
        raw: Any,
        reading: Reading | None,
        stopped: tuple[str, str, str] | None,
        entry: Row,
    ) -> bool:
        lost = wanted.required or wanted.vital
        action = "该行未采用，请更正后重新报送" if lost else "该项按未报处理，其余照常采用"
        entry.refused.add(wanted.name)
        if stopped:
            self._say(stopped[0], wanted, stopped[1], stopped[2], action, entry)
        elif reading is not None:
            code = reading.code or f"bad_{wanted.kind}"
            self._say(code, wanted, raw, reading.expected, action, entry)
        return not lost

    def _say(
        self, code: str, wanted: Field, found: Any, expected: str, action: str, entry: Row
    ) -> None:
        self._log.add(code, f"{wanted.header}：{shown(found)}", expected, action,
                      sheet=self._grid.name, cell=entry.cell(wanted.name))  # fmt: skip

    def _overridden(
        self,
        wanted: Field,
        raw: Any,
        reading: Reading | None,
        stopped: tuple[str, str, str] | None,
        entry: Row,
        decision: IssueDecision,
    ) -> bool:
        """The value of the decision, unless the cell is not what the decision was taken on.

        What the cell gives as it stands is put down first: so the decision is met.
        """
        before = len(self._log.issues)
        whole = self._take(wanted, raw, reading, stopped, entry)
        of_reading = decision.code in _OF_READING or decision.code.startswith(
            ("bad_", "corrected_")
        )
        if not of_reading and decision.code in catalogue():
            # The check that the decision answers comes later and will not see the old value.
            if decision.found is not None and shown(raw) not in decision.found:
                return whole
            self._log.add(
                decision.code, decision.found or f"{wanted.header}：{shown(raw)}", wanted.header,
                "已按人工决定处理", sheet=self._grid.name, cell=entry.cell(wanted.name),
            )  # fmt: skip
        elif not any(issue.decision == "override" for issue in self._log.issues[before:]):
            return whole
        new = self.reading(wanted, decision.value)
        if new.refused or (new.value is None and wanted.required):
            expected = new.expected or f"{wanted.header}（必填）"
            self._say(f"bad_{wanted.kind}", wanted, f"人工决定的值“{shown(decision.value)}”",
                      expected, "人工决定未采用，请更正决定中的值", entry)  # fmt: skip
            return whole
        entry.refused.discard(wanted.name)
        entry.states.pop(wanted.name, None)
        if new.state:
            entry.states[wanted.name] = new.state
        entry.values[wanted.name] = new.value
        note = f"按人工决定读作“{shown(decision.value)}”（{decision.by}：{decision.why}）"
        self._say(f"corrected_{wanted.kind}", wanted, raw, wanted.header, note, entry)
        return True
