"""What every kind of file becomes: sheets as grids of cells, and what must not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reportkit.errors import SubmissionError

TABLE_FORMAT = "本年度报送表（.xlsx 格式）"


def column_letters(index: int) -> str:
    """The letters of a column, counted from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """A1 notation of a cell, both counted from 0."""
    return f"{column_letters(column)}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """Row and column, both from 0, of a cell in A1 notation."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1


@dataclass(frozen=True)
class Range:
    """A merged range, first and last row and column from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"


@dataclass
class Grid:
    """One sheet: its cells from A1 on, and what must not be read as a plain value.

    Places are (row, column), both from 0. Merged ranges are not filled in: what a blank
    below or beside a merged cell means is for reading to decide.
    """

    name: str
    rows: list[list[Any]]
    hidden: bool = False
    unreadable: dict[tuple[int, int], str] = field(default_factory=dict)
    """What stands in cells without a value that can be trusted: a formula, an error value."""
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    percent: set[tuple[int, int]] = field(default_factory=set)
    """Cells whose number is shown as a percentage: 0.95 as 95%."""
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """What a cell shows, where its number format makes it differ: 2023.1 as ``2023.10``."""
    struck: set[tuple[int, int]] = field(default_factory=set)
    """Cells of which the text, or a part of it, is struck through."""
    unseen: set[tuple[int, int]] = field(default_factory=set)
    """Cells whose value the sheet does not show, or shows as another text."""
    is_1904: bool = False
    """The workbook counts its days from 1904, as it says."""

    def make_room(self) -> None:
        """Blank cells down and across to the last unreadable one, so that none lies outside."""
        height = max((row + 1 for row, _ in self.unreadable), default=0)
        width = max((column + 1 for _, column in self.unreadable), default=0)
        width = max(width, max(map(len, self.rows), default=0))
        if len(self.rows) < height or any(len(row) < width for row in self.rows[:1]):
            self.rows += [[] for _ in range(height - len(self.rows))]
            self.rows[:] = [row + [""] * (width - len(row)) for row in self.rows]


@dataclass(frozen=True)
class Notice:
    """Something about a file that its unit should hear of, though its cells can be read."""

    code: str
    found: str
    expected: str
    action: str
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Opened:
    """A file that can be read: its format, its sheets, and what is to be said of it."""

    format: str
    """``xlsx``, ``xlsm``, ``xls``, ``et``, ``ods`` or ``csv``, by content rather than by name."""
    grids: tuple[Grid, ...]
    notices: tuple[Notice, ...] = ()


def refusal(
    found: str,
    expected: str = TABLE_FORMAT,
    next_step: str = "",
    *,
    code: str = "file",
    sheet: str | None = None,
    cell: str | None = None,
) -> SubmissionError:
    """The error of a file that cannot be read as a whole, in Chinese: units read it."""
    error = SubmissionError(found, expected=expected, next_step=next_step or "请用报送表重新填报")
    error.code, error.sheet, error.cell = code, sheet, cell
    return error


class EvidenceError(SubmissionError):
    """A file that is no table but evidence (佐证): it is registered, and not refused.

    ``code`` is ``evidence``, or ``archive`` for packed tables, which are to be sent unpacked.
    """

    code = "evidence"


def damaged(found: str, sheet: str | None = None, cell: str | None = None) -> SubmissionError:
    """The error of a file whose bytes contradict themselves."""
    return refusal(
        found,
        "完整、未损坏的报送表",
        "在本机打开确认内容后另存为 .xlsx，重新报送",
        code="damaged",
        sheet=sheet,
        cell=cell,
    )
