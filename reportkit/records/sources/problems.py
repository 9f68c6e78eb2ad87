"""What a source holds that its contract does not allow: one :class:`Problem` each."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportkit.records.codes import Severity, catalogue

MOST_OF_A_KIND = 1000
"""Problems of one code in one column that are told row by row; the rest is counted."""


@dataclass(frozen=True)
class Problem:
    """One row, cell or table that was not read as it stands. The texts are Chinese.

    ``row`` names the row by its key and its number (``session_id=aa/1（第3行）``); "" when a
    table or a column is meant. ``file`` is a file's name or an address without user and
    password. ``severity``: refused, it is left out; corrected, it entered otherwise than it
    stands; warned, somebody should look.
    """

    code: str
    file: str
    table: str
    column: str
    row: str
    found: str
    expected: str
    action: str
    unit_id: str | None = None

    @property
    def severity(self) -> Severity:
        """As the catalogue says of its code."""
        return catalogue()[self.code].severity


@dataclass
class Problems:
    """The problems of one source, in the order in which they were met."""

    file: str
    _found: list[Problem] = field(default_factory=list)
    _counts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(
        self,
        code: str,
        table: str,
        found: str,
        expected: str,
        action: str,
        *,
        column: str = "",
        row: str = "",
        unit_id: str | None = None,
        file: str = "",
    ) -> None:
        """Put one down; of more than a thousand of a kind the rest is only counted."""
        kind = (table, code, column)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= MOST_OF_A_KIND:
            self._found.append(
                Problem(code, file or self.file, table, column, row, found, expected,
                        action, unit_id)
            )  # fmt: skip

    def all(self) -> list[Problem]:
        """Every problem, and one line for each kind that was too many to list."""
        rest = []
        for (table, code, column), count in self._counts.items():
            if count > MOST_OF_A_KIND:
                first = next(
                    p for p in self._found if (p.table, p.code, p.column) == (table, code, column)
                )
                rest.append(
                    Problem(code, first.file, table, column, "",
                            f"另有{count - MOST_OF_A_KIND}行同样", first.expected, first.action)
                )  # fmt: skip
        return [*self._found, *rest]
