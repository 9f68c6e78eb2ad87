"""One record as a unit means it: a row, or the rows of several files that say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.forms import Sheet
from reportkit.records.issues import Issue, shown
from reportkit.records.reading import Row
from reportkit.text.normalising import bare

_SAID = ("零", "不适用")
"""States in which an empty cell says something that a filled one can contradict."""


def short_name(file: str) -> str:
    """A file's bare name, as units know it."""
    return file.rpartition("/")[2]


def place(row: Row, name: str) -> str:
    """Where a cell stands, for a sentence in another file's feedback."""
    cell = row.cell(name) if name in row.columns else f"第{row.number}行"
    return f"“{short_name(row.source.file)}”的“{row.source.sheet}”{cell}"


def line(row: Row, seen_from: Row) -> str:
    """“第3行”, with its file if that is another."""
    here = f"第{row.number}行"
    if row.source.file == seen_from.source.file:
        return here
    return f"“{short_name(row.source.file)}”{here}"


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return bare(value) or value
    if isinstance(value, tuple) and not any(isinstance(v, dt.date) for v in value):
        return frozenset(value)
    return value


@dataclass(slots=True, eq=False)
class Entry:
    """The values of a record, each with the row it was read from; rows are never changed."""

    rows: list[Row]
    """The row that counts first, then those of other files that it took in."""
    sheet: Sheet
    values: dict[str, Any]
    states: dict[str, str]
    refused: set[str]
    numbers: list[tuple[str, str]] = field(default_factory=list)
    """(file, 序号) under which its own files know it."""
    id: str = ""
    _places: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row, sheet: Sheet) -> Entry:
        """An entry of one row."""
        number = row.values.get("number")
        numbers = [(row.source.file, number)] if number is not None else []
        return cls(
            [row], sheet, dict(row.values), dict(row.states), set(row.refused), numbers=numbers
        )

    @property
    def row(self) -> Row:
        """The row that counts."""
        return self.rows[0]

    def origin(self, name: str) -> Row:
        """The row that a value was read from."""
        return self._places.get(name, self.rows[0])

    def issue(self, code: str, name: str, found: str, expected: str, action: str = "") -> Issue:
        """Put an issue down at the cell that a value was read from."""
        return self.origin(name).issue(code, name, found, expected, action)

    def drop(self, name: str) -> None:
        """Empty a value that cannot stand."""
        self.values[name] = None
        self.refused.add(name)

    def lose(self, code: str, name: str, found: str, expected: str, action: str = "") -> None:
        """Refuse one value; the rest of the row stays."""
        self.issue(code, name, found, expected, action)
        self.drop(name)

    def same(self, other: Entry, names: Iterable[str]) -> bool:
        """Whether two entries agree in every one of these values."""
        return all(
            _comparable(self.values.get(n)) == _comparable(other.values.get(n)) for n in names
        )

    def differs(self, other: Entry, name: str, late: Collection[str] = ()) -> bool:
        """Whether both say something of a value, and not the same.

        A blank says nothing; “无” and 不适用 do. A ``late`` value (a report's date) may be
        没有 in the file that counts less: it came afterwards.
        """
        mine, theirs = self.values.get(name), other.values.get(name)
        if mine is not None and theirs is not None:
            return bool(_comparable(mine) != _comparable(theirs))
        if mine is None and theirs is not None:
            return self.states.get(name) in _SAID
        return mine is not None and name not in late and other.states.get(name) in _SAID

    def take(self, other: Entry, name: str) -> None:
        """Take one value over, with what is known of it."""
        self.values[name] = other.values.get(name)
        self._places[name] = other.origin(name)
        self.states.pop(name, None)
        if name in other.states:
            self.states[name] = other.states[name]
        (self.refused.add if name in other.refused else self.refused.discard)(name)

    def absorb(
        self,
        other: Entry,
        compare: Iterable[str],
        *,
        late: Collection[str] = (),
        ranks: Mapping[str, Mapping[Any, int]] | None = None,
    ) -> bool:
        """Take another file's entry of the same thing in; whether the two agreed.

        Blanks are filled from the other. What differs is put down as ``files_contradict`` at
        the other's cell, naming both; the value here counts, unless the analyst waived that
        issue: then the other's. A value with ``ranks`` may only grow: the higher counts.
        """
        agreed = True
        for name in compare:
            if self.differs(other, name, late):
                rank = (ranks or {}).get(name)
                mine, theirs = self.values.get(name), other.values.get(name)
                if rank and mine in rank and theirs in rank and rank[mine] > rank[theirs]:
                    continue
                agreed = False
                if self._contradict(other, name).waived:
                    self.take(other, name)
            elif self.values.get(name) is None and (
                other.values.get(name) is not None
                or (name in other.states and name not in self.states)
            ):
                self.take(other, name)
        self.rows += other.rows
        self.numbers += other.numbers
        return agreed

    def _contradict(self, other: Entry, name: str) -> Issue:
        header = self.sheet.field(name).header
        return other.issue(
            "files_contradict",
            name,
            f"{header}：此处为{other.text(name)}，"
            f"{place(self.origin(name), name)}为{self.text(name)}",
            "两份报送一致",
            f"暂以“{short_name(self.origin(name).source.file)}”为准；请核对后更正不实的一份",
        )

    def text(self, name: str) -> str:
        """A value as a sentence quotes it; as it was read, before references were looked up."""
        value = self.origin(name).values.get(name)
        if value is None:
            return f"“{self.states.get(name) or '空白'}”"
        if isinstance(value, tuple):
            parts = [f"{v[0]}（{v[1]}）" if isinstance(v, tuple) else str(v) for v in value]
            return f"“{shown('、'.join(parts) or '无')}”"
        if isinstance(value, bool):
            return "“是”" if value else "“否”"
        return f"“{shown(value)}”"
