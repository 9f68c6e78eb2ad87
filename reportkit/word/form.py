"""A Word file as a form that somebody filled in: paragraphs, and tables as grids of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from reportkit.word.model import Cell, Edited, Grid, Line
from reportkit.word.reading import read_word


@dataclass
class Table:
    """A table: the text of the paragraph above it (its title, mostly), and its rows."""

    title: str
    rows: list[list[Cell]] = field(default_factory=list)
    floating: bool = False


@dataclass
class WordFile:
    """What of a Word file is read."""

    paragraphs: list[str] = field(default_factory=list)
    """Outside of tables, in order."""
    head: list[str] = field(default_factory=list)
    """Those above the first table."""
    tables: list[Table] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    """批注."""
    keywords: str = ""
    texts: list[str] = field(default_factory=list)
    """Every text in it, of headers and notes too."""


def open_word(content: bytes) -> WordFile:
    """The form behind some bytes.

    Raises
    ------
    DraftError
        If it is damaged, or larger than an honest one can be.
    """
    edited = read_word(content, "")
    found = WordFile(keywords=edited.properties["keywords"])
    for block in blocks(edited):
        if isinstance(block, Table):
            found.tables.append(block)
            continue
        found.paragraphs.append(block.text)
        if not found.tables:
            found.head.append(block.text)
    comments = (" ".join(each.text.split()) for line in edited.every for each in line.comments)
    found.comments += filter(None, comments)
    found.texts += [*(line.text for line in edited.lines), *found.comments, found.keywords]
    return found


def blocks(edited: Edited) -> Iterator[Line | Table]:
    """The body's paragraphs and tables, in order."""
    above = ""
    for number, lines in groupby(edited.paragraphs, lambda each: each.cell and each.cell[0]):
        if number is None:
            for line in lines:
                above = line.text.strip() or above
                yield line
        else:
            rows = list(_rows(list(lines), edited.grid))
            yield Table(above, rows, number in edited.grid.floating)
            above = ""


def _rows(lines: list[Line], grid: Grid) -> Iterator[list[Cell]]:
    above: dict[int, Cell] = {}
    for _, row in groupby(lines, lambda each: each.cell and each.cell[1]):
        cells: list[Cell] = []
        for place, group in groupby(row, lambda each: each.cell):
            own = list(group)
            made = replace(
                grid.cells[place] if place else Cell("", 0),
                text="\n".join(line.text for line in own).strip("\n"),
                picture=any(line.pictures for line in own),
            )
            if made.merged and (up := above.get(made.start)):
                made = replace(made, text=up.text, picture=up.picture)
            above[made.start] = made
            cells.append(made)
        yield cells
