"""All units' records side by side, in official order, and where to say something of a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reportkit.params import Unit, Units, YearParams
from reportkit.records.issues import Issue
from reportkit.records.schemas import TABLES

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords

Record = dict[str, Any]
Place = tuple[str, str, int]
"""source_file, source_sheet, source_row."""

_NAMED = 5


def place(row: Record) -> Place:
    """Where a row stands: what rows are put in order by."""
    return row["source_file"], row["source_sheet"], row["source_row"]


def own(unit_id: str, identifier: str) -> str:
    """A person's id without the unit's name in front, which those without a number bear."""
    return identifier.removeprefix(f"{unit_id}/")


def listed(names: Sequence[str], noun: str = "个单位") -> str:
    """“甲”“乙” of a list; of a long one the first five and how many there are."""
    text = "".join(f"“{name}”" for name in names[:_NAMED])
    return text if len(names) <= _NAMED else f"{text}等{len(names)}{noun}"


class Board:
    """The records of all units.

    Parameters
    ----------
    parts:
        One for each unit, in any order.
    """

    def __init__(self, parts: Sequence[UnitRecords], units: Units, params: YearParams) -> None:
        self.params = params
        self.units: dict[str, Unit] = {unit.unit_id: unit for unit in units.units}
        self.parts = sorted(parts, key=lambda part: self.rank(part.unit_id))
        self.by_id = {part.unit_id: part for part in self.parts}
        self.moved: dict[str, str] = {}
        """session_id that was taken out → that which stands for it."""
        self._held: dict[str, dict[str, Record]] = {}
        self._every_held: set[str] | None = None

    def rank(self, unit_id: str) -> tuple[float, str]:
        """The place of a unit in the official order (规范顺序)."""
        unit = self.units.get(unit_id)
        return (unit.order if unit else float("inf"), unit_id)

    def name(self, unit_id: str) -> str:
        """A unit's 规范简称; its id if it is none that is known."""
        unit = self.units.get(unit_id)
        return unit.short_name if unit else unit_id

    @staticmethod
    def rows(part: UnitRecords, table: str) -> list[Record]:
        """A unit's rows of one table in the order of its files."""
        return sorted(part.rows.get(table, ()), key=place)

    def issue(
        self,
        part: UnitRecords,
        row: Record,
        code: str,
        found: str,
        expected: str,
        action: str = "",
        *,
        key: str | None = None,
        cell: bool = True,
    ) -> Issue:
        """Put an issue down at a row's first cell; at its sheet if ``cell`` is False."""
        return part.logs[row["source_file"]].add(
            code,
            found,
            expected,
            action,
            sheet=row["source_sheet"],
            cell=f"A{row['source_row']}" if cell else None,
            key=key,
        )

    def held(self, unit_id: str) -> dict[str, Record]:
        """The sessions that a unit held, by their ids; to be asked once none is taken out."""
        if unit_id not in self._held:
            part = self.by_id.get(unit_id)
            rows = part.rows.get("sessions", ()) if part else ()
            self._held[unit_id] = {r["session_id"]: r for r in rows if not r["cancelled"]}
        return self._held[unit_id]

    def is_held(self, session_id: str) -> bool:
        """Whether any unit held this session."""
        if self._every_held is None:
            self._every_held = {i for part in self.parts for i in self.held(part.unit_id)}
        return session_id in self._every_held

    def session(self, session_id: str) -> str:
        """The session that stands for this one: itself, unless it was taken out."""
        while session_id in self.moved:
            session_id = self.moved[session_id]
        return session_id


def row_key(table: str, row: Record) -> str:
    """A row's own id, by which ``value_states`` names it."""
    return "/".join(str(row[column]) for column in TABLES[table].key)


def rename_values(part: UnitRecords, new: Mapping[tuple[str, str], str]) -> None:
    """Let ``value_states`` follow rows that got another id: (table, row_key) → row_key."""
    for state in part.rows.get("value_states", ()):
        state["row_key"] = new.get((state["table"], state["row_key"]), state["row_key"])


def take_out(part: UnitRecords, table: str, gone: Callable[[Record], bool]) -> None:
    """Take rows out of a table, with the states of their values; a table left empty is 零."""
    rows = part.rows.get(table, [])
    out = [gone(row) for row in rows]
    if not any(out):
        return
    forget_values(part, {(table, row_key(table, r)) for r, o in zip(rows, out, strict=True) if o})
    part.rows[table] = kept = [r for r, o in zip(rows, out, strict=True) if not o]
    if not kept and table in part.states:
        state, refused = part.states[table]
        part.states[table] = ("零" if state == "已报" else state, refused)


def forget_values(part: UnitRecords, keys: Collection[tuple[str, str]]) -> None:
    """Take out the ``value_states`` of some rows: (table, row_key)."""
    states = part.rows.get("value_states")
    if states:
        part.rows["value_states"] = [s for s in states if (s["table"], s["row_key"]) not in keys]
