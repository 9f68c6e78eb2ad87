"""Who is named in a finished paper: what fails it, and what holds it back until a person looks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from reportkit.errors import RenderError
from reportkit.publish import model
from reportkit.publish.masking import Mask, joined
from reportkit.publish.model import Block, Document

_REMARK = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_BETWEEN = re.compile(r"(?:[^\w·•]|\d)+")
_LETTERS = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_AROUND = 8
_FREE = model.Title | model.Heading | model.Paragraph | model.Quote | model.Notice


class PrivateContent(RenderError):
    """A paper that shows persons, or ids of units, though it may not."""

    cell: int | None = None


def check_persons(
    document: Document, mask: Mask, wording: Iterable[tuple[str, str]] = (), *, persons: bool
) -> tuple[str, ...]:
    """What holds a paper back until a person has looked: names of persons within its sentences.

    Parameters
    ----------
    wording:
        Place and text of what leaders have put into it.
    persons:
        Whether the paper may name persons.

    Raises
    ------
    PrivateContent
        For a table, list, chart or printed text that shows persons.
    """
    names = frozenset[str]() if persons else frozenset(mask.persons)
    alone = names.union(() if persons else mask.heads)
    told = list(wording)
    for block, origin in zip(document.blocks, document.origins, strict=True):
        shows = not isinstance(block, _FREE)
        for text in _texts(block):
            if shows and (name := _only_names(block, text, alone)):
                raise _refused(f"{name!r}, which is of persons, in a {block.kind}", origin)
            told.append((origin.rpartition(", ")[2], text))
    held = (
        f"{place}: “{name}” stands in “{_around(text, name)}”"
        for place, text in told
        for name in names_within(text, names, mask)
    )
    return tuple(dict.fromkeys(held))


def names_within(text: str, names: frozenset[str], mask: Mask) -> list[str]:
    """The names that stand in a text, but for those within the name of a unit."""
    lengths = {len(name) for name in names}
    parts = {text[i : i + n] for n in lengths for i in range(len(text) - n + 1)}
    return [name for name in sorted(parts & names) if name in _without_units(text, name, mask)]


def _without_units(text: str, name: str, mask: Mask) -> str:
    for label in sorted((u for u, _ in mask.names if name in u), key=len, reverse=True):
        text = text.replace(label, "")
    return text


def check_codes(document: Document, codes: Sequence[str]) -> None:
    """Refuse a paper in which the id of a unit stands, but for the name of a file (dongling.xlsx).

    Raises
    ------
    PrivateContent
        Naming the cell.
    """
    words = "|".join(map(re.escape, codes))
    pattern = re.compile(
        rf"(?<![\w./\\-])(?:{words})(?![\w-])(?![^、，。；\n]{{0,60}}\.[A-Za-z]{{2,4}}\b)", re.ASCII
    )
    for block, origin in zip(document.blocks, document.origins, strict=True):
        for text in _texts(block):
            if code := pattern.search(text):
                raise _refused(f"the unit_id {code.group()!r} in “{_around(text, code.group())}”",
                               origin, "print the unit's name: short_name")  # fmt: skip


def _texts(block: Block) -> Iterator[str]:
    """Every text of a block, cells and items one by one; of a chart its letters as well."""
    for inner in model.walk((block,)):
        yield from joined(inner)
        if isinstance(inner, model.Figure):
            for letters in _LETTERS.findall(inner.svg):
                yield html.unescape(re.sub(r"<[^>]*>", "", letters))


def _only_names(block: Block, text: str, names: frozenset[str]) -> str:
    """The first name of a cell, an item or a printed word that holds nothing but names."""
    printed = isinstance(block, model.Preformatted)
    for part in (*text.split(), *text.split("\n")) if printed else (text,):
        for shown in (part, "".join(part.split())):
            found = [each for each in _BETWEEN.split(_REMARK.sub("", shown)) if each]
            if found and names.issuperset(found):
                return found[0]
    return ""


def _around(text: str, word: str) -> str:
    begin = text.find(word)
    return text[max(0, begin - _AROUND) : begin + len(word) + _AROUND].strip()


def _refused(
    found: str, origin: str,
    next_step: str = "leave the column or the names out; a word that is no name here goes under "
    "masked: allow in params/letterhead.yml",
) -> PrivateContent:  # fmt: skip
    error = PrivateContent(found, expected="a paper without persons and ids", next_step=next_step)
    number = origin.rpartition(", cell ")[2]
    error.cell = int(number) if number.isdigit() else None
    return error
