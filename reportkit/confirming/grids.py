"""The tables of a 数据确认单 in a file that came back, found by their heads, row by row.

Titles may have been changed and columns moved: a table is the one that has its heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportkit.confirming.sheet import (
    CONFIRM,
    FIGURES,
    FIGURES_HEADS,
    OPINION,
    RECEIVED,
    RECEIVED_HEADS,
    REMARK,
    SIGNED_BY,
    SIGNED_ON,
)
from reportkit.errors import SubmissionError
from reportkit.records.issues import shown
from reportkit.text.normalising import plain
from reportkit.word.form import Table, WordFile
from reportkit.word.model import Cell

_HEADS = {RECEIVED: (*RECEIVED_HEADS, CONFIRM), FIGURES: (*FIGURES_HEADS, CONFIRM, REMARK)}
_HEAD_WITHIN = 4
"""In how many first rows of a table its heads are looked for."""
_BLANK = Cell("", 0)


@dataclass(frozen=True)
class Problem:
    """What of a file cannot be read for sure, and where."""

    table: str
    row: str
    found: str
    expected: str

    def __str__(self) -> str:
        return (
            f"{'，'.join(filter(None, (self.table, self.row)))}：{self.found}；应为{self.expected}"
        )


class ReplyError(SubmissionError):
    """A 数据确认单 that is refused; ``problems`` says each place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(
            first.found, expected=first.expected, next_step="改正后重新报送",
            where="，".join(filter(None, (first.table, first.row))),
        )  # fmt: skip
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Line:
    """One row of a table: its cells by head, and the heads whose cells others have swallowed."""

    name: str
    cells: dict[str, Cell] = field(default_factory=dict)
    swallowed: frozenset[str] = frozenset()

    def text(self, head: str) -> str:
        """What stands under a head."""
        return self.cells.get(head, _BLANK).text

    def row(self, heads: Sequence[str]) -> tuple[str, ...]:
        """The cells under some heads, tidied."""
        return tuple(" ".join(self.text(head).split()) for head in heads)


def lines_of(word: WordFile, title: str, problems: list[Problem]) -> list[Line]:
    """The rows of 报送情况 or 拟采用的数据; what is lacking goes to ``problems``."""
    heads = _HEADS[title]
    found: list[Line] = []
    there = False
    for table in word.tables:
        place, columns = _head_row(table, heads)
        if not columns:
            continue
        there = True
        if missing := [head for head in heads if head not in columns]:
            problems.append(
                Problem(title, "表头", f"没有“{missing[0]}”栏", f"有“{'”“'.join(heads)}”栏")
            )
            continue
        for cells in table.rows[place + 1 :]:
            line = _line(cells, heads, columns)
            if any(cell.text.strip() or cell.picture for cell in cells) and (
                plain(line.name) != plain(heads[0])  # the head again, at the top of a page
            ):
                found.append(line)
    if not there:
        problems.append(Problem(title, "", "文件里没有这张表", f"有“{heads[0]}”“{CONFIRM}”栏的表"))
    return found


def _head_row(table: Table, heads: Sequence[str]) -> tuple[int, dict[str, tuple[int, int]]]:
    """The row of the heads, and head → the columns from and to which it stands over."""
    for number, row in enumerate(table.rows[:_HEAD_WITHIN]):
        columns: dict[str, tuple[int, int]] = {}
        for cell in row:
            text = plain(cell.text)
            for head in heads:
                if head not in columns and text and _is_head(text, head):
                    columns[head] = cell.start, cell.start + cell.span
                    break
        if heads[0] in columns and CONFIRM in columns:
            return number, columns
    return 0, {}


def _is_head(text: str, head: str) -> bool:
    """The head itself; with another bracket behind it, or none."""
    return text == plain(head) or text.partition("(")[0] == plain(head).partition("(")[0]


def _line(cells: list[Cell], heads: Sequence[str], columns: dict[str, tuple[int, int]]) -> Line:
    found: dict[str, Cell] = {}
    swallowed = set()
    for head in heads:
        first, last = columns[head]
        own = [cell for cell in cells if first <= cell.start < last]
        if own:
            text = "\n".join(cell.text for cell in own)
            found[head] = Cell(text, first, 1, any(cell.picture for cell in own))
        elif any(cell.start < first < cell.start + cell.span for cell in cells):
            swallowed.add(head)
    name = found.get(heads[0], _BLANK).text
    return Line(" ".join(name.split()), found, frozenset(swallowed))


@dataclass(frozen=True)
class Closing:
    """What stands at the end: 确认意见, 负责人签字, 日期."""

    opinion: Cell
    signer: Cell
    date: Cell


_LABELS = (("opinion", OPINION), ("signer", "签字"), ("date", "日期"))


def closing_of(word: WordFile, problems: list[Problem]) -> Closing:
    """确认意见, signature and date; what is lacking goes to ``problems``."""
    found: dict[str, Cell] = {}
    tables = [
        table for table in word.tables
        if any(plain(row[0].text).startswith(OPINION) for row in table.rows)
    ]  # fmt: skip
    if len(tables) != 1:
        told = "文件里没有这张表" if not tables else f"有{len(tables)}张这样的表"
        problems.append(Problem(OPINION, "", told, f"一张有“{OPINION}”一行的表"))
        return Closing(_BLANK, _BLANK, _BLANK)
    for row in tables[0].rows:
        label = plain(row[0].text)
        name = next((name for name, word_ in _LABELS if word_ in label), None)
        if name is None or name in found:
            continue
        own = row[1:]
        text = "\n".join(cell.text for cell in own)
        if not own:  # label and content were merged into one cell
            text = row[0].text.replace(OPINION, "", 1)
        found[name] = Cell(text, 1, 1, any(cell.picture for cell in own or row))
    for name, told in (("signer", SIGNED_BY), ("date", SIGNED_ON)):
        if name not in found:
            problems.append(Problem(OPINION, told, "没有这一行", "与原发的表相同"))
    return Closing(*(found.get(name, _BLANK) for name, _ in _LABELS))


def quoted(text: str) -> str:
    """What stands in a cell, for a person: short, numbers of persons masked."""
    return f"“{shown(text)}”" if text.strip() else "空白"
