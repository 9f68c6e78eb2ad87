"""What all checks of one unit share: its files, its roster, what was refused and repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.params import Unit, YearParams
from reportkit.records.checks.entry import Entry, short_name
from reportkit.records.checks.files import FileOrder
from reportkit.records.checks.records import Record
from reportkit.records.checks.roster import Roster
from reportkit.records.forms import SHEETS, Sheet
from reportkit.records.issues import Log
from reportkit.records.reading import Row, Source, Table
from reportkit.records.schemas import TABLES

SHEET: dict[str, Sheet] = {sheet.key: sheet for sheet in SHEETS}
_NO_SOURCE = Source("", "", Log(""))


@dataclass
class _Repeated:
    row: Row
    code: str
    name: str
    found: str
    expected: str
    action: str
    others: list[str] = field(default_factory=list)


@dataclass
class Context:
    """One unit's check in progress."""

    unit: Unit
    params: YearParams
    files: FileOrder
    names: Mapping[str, Unit]
    """Every name of every unit, plain (:func:`reportkit.records.identity.unit_by_name`)."""
    roster: Roster = field(default_factory=Roster)
    refused: Counter[str] = field(default_factory=Counter)
    """table → rows that did not enter."""
    value_states: list[Record] = field(default_factory=list)
    _repeated: dict[tuple[str, str, str], _Repeated] = field(default_factory=dict)
    _doubles: dict[tuple[str, str, str], tuple[Row, Row, list[int]]] = field(default_factory=dict)

    @property
    def unit_id(self) -> str:
        return self.unit.unit_id

    def tables(self, key: str) -> Iterator[Table]:
        """The table of each file, the file that counts most first."""
        for file in self.files.by_weight:
            table = file.tables.get(key)
            yield table if table is not None else Table(SHEET[key], source=_NO_SOURCE)

    def entries(self, key: str) -> Iterator[list[Entry]]:
        """The rows of each file as entries, the file that counts most first."""
        for table in self.tables(key):
            yield [Entry.of(row, SHEET[key]) for row in table.rows]

    # --- what is put down ---

    def admits(
        self, entry: Entry, table: str, code: str, name: str, found: str, expected: str,
        action: str = "",
    ) -> bool:  # fmt: skip
        """Refuse a row; whether the analyst decided that it enters nevertheless."""
        if entry.issue(code, name, found, expected, action).waived:
            return True
        self.refused[table] += 1
        return False

    def repeat(
        self, row: Row, code: str, name: str, found: str, expected: str, action: str = ""
    ) -> None:
        """Put an issue down that many cells of a file may share: once, with their number."""
        key = (row.source.file, code, found)
        first = self._repeated.get(key)
        if first is None:
            self._repeated[key] = _Repeated(row, code, name, found, expected, action)
        else:
            cell = row.cell(name) if name in row.columns else f"第{row.number}行"
            first.others.append(f"{row.source.sheet}{cell}")

    def double(self, row: Row, kept: Row) -> None:
        """Count a row that another file's row says already; said once for each two sheets."""
        key = (row.source.file, row.source.sheet, kept.source.file)
        entry = self._doubles.setdefault(key, (row, kept, [0]))
        entry[2][0] += 1

    def duplicate(self, row: Row, kept: Row, name: str, what: str) -> None:
        """A row that repeats another of its own sheet."""
        row.issue(
            "duplicate", name, f"第{row.number}行与第{kept.number}行重复（{what}）", "每项一行"
        )

    def flush(self) -> None:
        """Put down what was collected by :meth:`repeat` and :meth:`double`."""
        for each in self._repeated.values():
            found, others = each.found, each.others
            if others:
                cells = "、".join(others[:3]) + ("等" if len(others) > 3 else "")
                found += f"（另有{len(others)}处：{cells}）"
            each.row.issue(each.code, each.name, found, each.expected, each.action)
        for row, kept, count in self._doubles.values():
            name = min(row.columns, key=lambda n: row.columns[n], default="")
            row.issue(
                "duplicate", name,
                f"“{row.source.sheet}”有{count[0]}行与“{short_name(kept.source.file)}”的"
                f"“{kept.source.sheet}”相同（第{row.number}行起）",
                "每项只报一次",
            )  # fmt: skip
        self._repeated.clear()
        self._doubles.clear()

    # --- value states ---

    def note_states(self, table: str, record: Record, entry: Entry, **renamed: str) -> None:
        """One row for each empty value of a record whose cell said more than nothing.

        ``renamed``: the form's field by the table's column, where the two differ.
        """
        if not entry.states:
            return
        self.states_of(
            table, record, entry.states, {n: entry.origin(n) for n in entry.states}, renamed
        )

    def states_of(
        self,
        table: str,
        record: Record,
        states: Mapping[str, str],
        origins: Mapping[str, Row],
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        """The same for states by field; fields that are no column of the table are passed over."""
        columns = {field_name: column for column, field_name in (renamed or {}).items()}
        for name, state in states.items():
            column = columns.get(name, name)
            if record.get(column, name) is not None:
                continue
            self.value_states.append({
                "unit_id": self.unit_id, "table": table,
                "row_key": "/".join(str(record[k]) for k in TABLES[table].key),
                "column": column, "state": state, **origins[name].provenance(),
            })  # fmt: skip


def columns(entry: Entry, *names: str) -> dict[str, Any]:
    """Some values of an entry, by their names."""
    return {name: entry.values.get(name) for name in names}
