"""What all checks of one unit share: its files, its roster, what was refused and repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportkit.params import Unit, YearParams
from reportkit.records.checks.entry import Entry, short_name
from reportkit.records.checks.files import FileOrder
from reportkit.records.checks.records import Record
from reportkit.records.checks.roster import Roster
from reportkit.records.forms import sheet_of
from reportkit.records.issues import Log
from reportkit.records.reading import Row, Source, Table
from reportkit.records.schemas import TABLES

_NO_SOURCE = Source("", "", Log(""))


@dataclass
class _Repeated:
    row: Row
    code: str
    name: str
    found: str
    expected: str
    action: str
    causes: Sequence[Row] = ()
    cells: list[str] = field(default_factory=list)

    def put_down(self) -> None:
        """The issue, at the cell of its cause if that stands in the same file."""
        told = self.cells if self.causes else self.cells[1:]
        cells = "、".join(told[:3]) + ("等" if len(told) > 3 else "")
        if not self.causes:
            found = self.found + (f"（另有{len(told)}处：{cells}）" if told else "")
            self.row.issue(self.code, self.name, found, self.expected, self.action)
            return
        cause = self.causes[0]
        here = cause.source.file == self.row.source.file
        where = f"{cause.source.sheet} {'、'.join(_cell(each, each.fault) for each in self.causes)}"
        if not here:
            where = f"“{short_name(cause.source.file)}”的{where}"
        found = f"{where}：{self.found.format(n=len(self.cells))}（{cells}）"
        action = "更正该处后，这些内容随之采用"
        at, name = (cause, cause.fault) if here else (self.row, self.name)
        at.issue(self.code, name, found, self.expected, action)


def _cell(row: Row, name: str) -> str:
    return row.cell(name) if name in row.columns else f"第{row.number}行"


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
    _repeated: dict[tuple[object, ...], _Repeated] = field(default_factory=dict)
    _doubles: dict[tuple[str, str], tuple[Row, Row, str, Counter[str]]] = field(
        default_factory=dict
    )

    @property
    def unit_id(self) -> str:
        return self.unit.unit_id

    def tables(self, key: str) -> Iterator[Table]:
        """The table of each file, the file that counts most first."""
        for file in self.files.by_weight:
            table = file.tables.get(key)
            yield table if table is not None else Table(sheet_of(key), source=_NO_SOURCE)

    def entries(self, key: str) -> Iterator[list[Entry]]:
        """The rows of each file as entries, the file that counts most first."""
        for table in self.tables(key):
            yield [Entry.of(row, sheet_of(key)) for row in table.rows]

    # --- what is put down ---

    def admits(
        self, entry: Entry, table: str, code: str, name: str, found: str, expected: str,
        action: str = "",
    ) -> bool:  # fmt: skip
        """Refuse a row; whether the analyst decided that it enters nevertheless."""
        if entry.issue(code, name, found, expected, action).waived:
            return True
        entry.row.fault = name
        self.refused[table] += 1
        return False

    def repeat(
        self, row: Row, code: str, name: str, found: str, expected: str, action: str = "", *,
        causes: Sequence[Row] = (), effect: str = "{n}处因此未采用",
    ) -> None:  # fmt: skip
        """Put an issue down that many cells of a file may share: once, with their number.

        ``causes``: the rows that were refused already, and for which this does not add up. Then
        what follows from them is told in one line at their place, as ``effect`` says.
        """
        found = effect if causes else found
        key = (row.source.file, code, found, *map(id, causes))
        new = _Repeated(row, code, name, found, expected, action, causes)
        self._repeated.setdefault(key, new).cells.append(f"{row.source.sheet}{_cell(row, name)}")

    def unlisted(
        self, row: Row, name: str, person: str, why: str, expected: str, action: str = "",
        effect: str = "{n}行因此未采用",
    ) -> None:  # fmt: skip
        """Put down a person who is on no roster; under the roster's row, if that was refused."""
        self.repeat(row, "not_on_roster", name, why + self.roster.hint(person), expected, action,
                    causes=self.roster.causes(person), effect=effect)  # fmt: skip

    def double(self, row: Row, kept: Row, alone: str = "") -> None:
        """Count a row that another file's row says already; said once for each two files.

        ``alone``: what to say where it is the only one.
        """
        entry = self._doubles.setdefault(
            (row.source.file, kept.source.file), (row, kept, alone, Counter())
        )
        entry[3][row.source.sheet] += 1

    def duplicate(self, row: Row, kept: Row, name: str, what: str) -> None:
        """A row that repeats another of its own sheet."""
        row.issue(
            "duplicate", name, f"第{row.number}行与第{kept.number}行重复（{what}）", "每项一行"
        )

    def flush(self) -> None:
        """Put down what was collected by :meth:`repeat` and :meth:`double`."""
        for each in self._repeated.values():
            each.put_down()
        for row, kept, alone, count in self._doubles.values():
            name = min(row.columns, key=lambda n: row.columns[n], default="")
            rows = "、".join(f"“{sheet}”有{n}行" for sheet, n in count.items())
            found = f"{rows}与“{short_name(kept.source.file)}”相同（第{row.number}行起）"
            found = alone if alone and count.total() == 1 else found
            row.issue("duplicate", name, found, "每项只报一次")
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
