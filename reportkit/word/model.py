"""What a Word file holds once it is read: frozen, plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["insert", "delete", "move_from", "move_to", "strike", "hidden"]
Where = Literal["body", "textbox", "footnote", "endnote", "header", "footer"]
Place = tuple[int, int, int]
"""A cell of the body: table, row and column, from 0."""


@dataclass(frozen=True)
class Change:
    """A tracked change (修订). A paragraph's end that it took in is ``\\n`` in its text.

    Text that somebody struck through or hid counts as deleted: such a change has no author.
    ``date``: ISO, as the program wrote it (Word writes the local hour and calls it Z); "" if
    there is none that is a date.
    """

    kind: Kind
    text: str
    author: str
    date: str


@dataclass(frozen=True)
class Comment:
    """A comment (批注), or a reply to one. ``quoted``: the text it is attached to, as accepted."""

    author: str
    date: str
    text: str
    quoted: str


@dataclass(frozen=True)
class Line:
    """One paragraph as it reads once all tracked changes are accepted.

    ``text``: as :func:`reportkit.text.characters.clean` leaves it, a forced line end as ``\\n``.
    ``before``: the same stretch with all changes rejected; a paragraph's end that comes back
    within it is ``\\n``. ``style``: for a style of ours its id (Heading1, Addressee), whatever
    the program calls it now; else the style's name.
    ``bookmarks``: names of ours that cover some of ``text``; ``collapsed``: those that begin
    here and cover no text any more. ``comments``: those attached first to this paragraph.
    ``cell``: (table, row, column) from 0, for a table of the body; of a table within a table
    the outer one's. ``numbered``: Word sets a number before it. ``continues``: its end was
    inserted, so that rejected it runs on into the next line. ``pictures``: the alternative text
    of each picture in it, or its name.
    """

    text: str
    before: str
    style: str
    bookmarks: tuple[str, ...]
    collapsed: tuple[str, ...]
    changes: tuple[Change, ...]
    comments: tuple[Comment, ...]
    cell: Place | None
    where: Where = "body"
    numbered: bool = False
    continues: bool = False
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gone:
    """A paragraph that a tracked change takes away whole: its ``line.text`` is "".

    ``at``: how many of ``Edited.lines`` stand before its place; its ``cell`` counts the rows
    and tables that were there before the changes.
    """

    at: int
    line: Line


@dataclass(frozen=True)
class Cell:
    """A cell: its text, the columns of the grid that it covers, whether a picture is in it.

    ``merged``: it goes on with the cell above, whose text it has.
    """

    text: str
    start: int
    span: int = 1
    picture: bool = False
    merged: bool = False


@dataclass
class Grid:
    """How the body's cells lie, once all changes are accepted; which tables float.

    The cells are bare: what stands in them is in the lines.
    """

    cells: dict[Place, Cell] = field(default_factory=dict)
    floating: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Edited:
    """A Word file as it came back.

    ``lines``: in the order of the page, text boxes behind the paragraph they belong to; then
    notes, headers and footers. ``gone``: what tracked changes take away whole. ``author`` and
    ``modified``: who saved it last, and when (ISO); "" if it does not say.
    ``base``: the text that we put in when we made it, None if it is lost
    (:func:`reportkit.word.parts.Parts.base`). ``properties``: title, keywords, creator.
    ``warnings``: what is in it that cannot be read back as text, and where.
    """

    lines: tuple[Line, ...]
    author: str
    modified: str
    base: str | None
    properties: Mapping[str, str]
    warnings: tuple[str, ...]
    gone: tuple[Gone, ...] = ()
    grid: Grid = field(default_factory=Grid)

    @property
    def every(self) -> Iterator[Line]:
        """The lines and those that are gone."""
        yield from (*self.lines, *(each.line for each in self.gone))

    @property
    def paragraphs(self) -> Iterator[Line]:
        """The body's lines, each with what stands in its text boxes behind its own text."""
        line: Line | None = None
        for each in self.lines:
            if each.where == "textbox" and line:
                text = "\n".join(filter(None, (line.text, each.text)))
                line = replace(line, text=text, pictures=line.pictures + each.pictures)
            elif each.where == "body":
                if line:
                    yield line
                line = each
        if line:
            yield line
