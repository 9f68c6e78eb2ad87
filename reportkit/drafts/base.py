"""The draft as it left the office, read from the data that its Word copy carries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportkit.errors import DraftError
from reportkit.publish.places import TITLE
from reportkit.publish.word.base import VERSION
from reportkit.text.characters import NO_BREAK_HYPHEN
from reportkit.word.bookmarks import paragraph_id

_DOCUMENT = re.compile(r"[a-z0-9_]+(?:\.[A-Za-z0-9]+)*")
_UNIT = re.compile(r"[a-z][a-z0-9_-]*|")


@dataclass(frozen=True)
class BaseLine:
    """One paragraph of the draft; ``place`` is "" where it is none that can be rewritten.

    ``lead``: how many of its characters are a run-in heading; ``figures``: begin, end and name;
    ``cell``: number of table, row and column if it stands in a table.
    """

    text: str
    style: str = ""
    mark: str = ""
    place: str = ""
    lead: int = 0
    figures: tuple[tuple[int, int, str], ...] = ()
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Base:
    """Whose paper the draft was, and what it said. ``unit`` "" is the group's, or the office's."""

    unit: str
    year: int
    document: str
    lines: tuple[BaseLine, ...]


def read_base(text: str, where: str) -> Base:
    """The draft's own data.

    Raises
    ------
    DraftError
        If they are damaged, or of another version.
    """
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            raise _damaged(where, f"a draft of version {data['version']!r}")
        found = Base(
            str(data["unit"]), int(data["year"]), str(data["document"]),
            tuple(_line(each) for each in data["lines"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged(where, "the draft's own data are damaged") from None
    # They name a file of parameters: nothing in them may lead elsewhere.
    if not _UNIT.fullmatch(found.unit) or not _DOCUMENT.fullmatch(found.document):
        raise _damaged(where, f"a draft of {found.unit!r}, {found.document!r}")
    return found


def _line(data: Mapping[str, Any]) -> BaseLine:
    text, mark = str(data["text"]).replace(NO_BREAK_HYPHEN, "-"), str(data.get("mark", ""))
    figures, last = [], 0
    for begin, end, name in data.get("figures", ()):
        if not last <= begin < end <= len(text):
            raise ValueError
        figures.append((int(begin), int(end), str(name)))
        last = end
    place = paragraph_id(mark) or ""
    place = "" if place.startswith("#") else place
    if place == TITLE:  # its line ends are a matter of looks
        text = text.replace("\n", "")
    cell = data.get("cell")
    table, row, column = map(int, cell) if cell else (0, 0, 0)
    return BaseLine(
        text=text,
        style=str(data.get("style", "")),
        mark=mark,
        place=place,
        lead=int(data.get("lead", 0)),
        figures=tuple(figures),
        cell=(table, row, column) if cell else None,
    )


def _damaged(where: str, found: str) -> DraftError:
    return DraftError(
        found,
        expected="a Word copy as reportkit makes it, edited in Word, WPS or LibreOffice",
        next_step="edit the Word copy itself rather than text pasted into a new file",
        where=where,
    )
