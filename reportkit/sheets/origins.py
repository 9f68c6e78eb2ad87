"""Where the figures of a text come from: indicators, cells of its tables, or nothing known.

Nothing is guessed: a figure has one source only where value, measure word and name all point to
it; otherwise what it may come from is listed, for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from reportkit.publish import prose
from reportkit.publish.model import Table
from reportkit.publish.prose import Found
from reportkit.sheets.facts import Facts
from reportkit.sheets.given import Source
from reportkit.sheets.totals import column_name

State = Literal["known", "candidates", "in a table", "unknown"]

_MOST = 4
"""Candidates that are listed; a value that more indicators share proves nothing."""
_MOST_TABLES = 2
_ASIDE = ("比", "与", "低于", "高于", "不足", "增", "减", "升", "降")
_ALL_NUMBERS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_PERCENT = ("%", "个百分点")


@dataclass(frozen=True)
class Origin:
    """One figure of the body, and what it comes from.

    ``section``: the heading of level 1 above it. ``sources``: one if the state is known, else the
    candidates, the likeliest first; ``cells``: cells of the document's own tables that hold the
    same number (附件1“学习情况统计表”：合计·集体学习（次）).
    """

    section: str
    figure: Found
    state: State
    sources: tuple[Source, ...] = ()
    cells: tuple[str, ...] = ()


def origins(facts: Facts, sources: Sequence[Source]) -> list[Origin]:
    """Every figure of the body, in order; dates are left out, see :func:`dates`."""
    known = [(source, reading) for source in sources for reading in _readings(source)]
    cells = list(_cells(facts.tables))
    return [
        _origin(passage.section, figure, known, cells)
        for passage in facts.passages
        for figure in prose.figures(passage.text)
        if figure.kind == "figure"
    ]


def dates(facts: Facts) -> list[str]:
    """The years and days that the body names, each once, in order."""
    found = (f for passage in facts.passages for f in prose.figures(passage.text))
    return list(dict.fromkeys("".join(f.text.split()) for f in found if f.kind == "date"))


@dataclass(frozen=True)
class _Reading:
    """A number that a source shows: its value, its measure word ("" fits any), and what it is."""

    value: Decimal
    unit: str
    part: bool


def _readings(source: Source) -> Iterator[_Reading]:
    shown = prose.narrow(source.shown)
    if found := _ALL_NUMBERS.match(shown):
        unit = shown[found.end() :].strip()
        yield _Reading(Decimal(found.group().replace(",", "")), unit, part=False)
    for text in _ALL_NUMBERS.findall(source.parts):
        yield _Reading(Decimal(text.replace(",", "")), "", part=True)


def _origin(
    section: str, figure: Found, known: Sequence[tuple[Source, _Reading]],
    cells: Sequence[tuple[Decimal, bool, str, tuple[str, ...]]],
) -> Origin:  # fmt: skip
    fitting = [(s, r) for s, r in known if r.value == figure.value and _fits(r, figure.unit)]
    exact = [s for s, r in fitting if not r.part and _told(s, figure.before)]
    if exact:
        # Of several the one named last before the number: 集体学习…，研讨交流7场次.
        place = max(_place(s, figure.before) for s in exact)
        last = [s for s in exact if _place(s, figure.before) == place]
        # An indicator itself rather than a sentence that cites it.
        last = [s for s in last if s.kind != "sentence"] or last[:1]
        longest = max(len(s.called) for s in last)
        last = [s for s in last if len(s.called) == longest]
        others = tuple(s for s in exact if s not in last)
        if len(last) == 1 and not _belongs_elsewhere(last[0], known, figure):
            return Origin(section, figure, "known", (last[0],))
        return Origin(section, figure, "candidates", (*last, *others)[:_MOST])
    tables = tuple(
        told for value, percent, told, words in cells
        if value == figure.value and percent == (figure.unit == "%")
        and any(word in figure.sentence for word in words)
    )[:_MOST_TABLES]  # fmt: skip
    alike = sorted(
        dict.fromkeys(s for s, _ in fitting), key=lambda s: -_likeness(s.called, figure.before)
    )
    near = tuple(s for s in alike if _likeness(s.called, figure.before) > 1) or tuple(alike)
    if near:
        return Origin(section, figure, "candidates", near[:_MOST], tables)
    return Origin(section, figure, "in a table" if tables else "unknown", (), tables)


def _fits(reading: _Reading, unit: str) -> bool:
    """Whether a number with this measure word may be this reading."""
    if reading.part:
        return unit not in _PERCENT
    if "%" in (reading.unit, unit) or "个百分点" in (reading.unit, unit):
        return reading.unit == unit
    return not reading.unit or not unit or reading.unit == unit


def _belongs_elsewhere(
    source: Source, known: Sequence[tuple[Source, _Reading]], figure: Found
) -> bool:
    """Whether another indicator is named between this one and the number."""
    place = _place(source, figure.before)
    mine = source.called
    return any(
        _names(other, figure.before) and _place(other, figure.before) > place
        and other.called not in mine
        for other, _ in known
    )  # fmt: skip


def _names(source: Source, text: str) -> bool:
    """Whether a text names an indicator, and the unit where it is of one."""
    return source.called in text and source.of in text


def _told(source: Source, text: str) -> bool:
    """Whether the number behind a text is the one that it tells of the indicator.

    Its value stands next after its name; a change after words that say so. In 一学一报率95%，
    其中按时报送90% the second number is not that of 一学一报率.
    """
    if not _names(source, text):
        return False
    between = text[_place(source, text) :]
    if source.kind == "aside":
        return any(word in between for word in _ASIDE)
    return not any(char.isdigit() for char in prose.narrow(between))


def _place(source: Source, text: str) -> int:
    stem = source.called
    return text.rfind(stem) + len(stem)


@lru_cache(maxsize=4096)
def _likeness(name: str, text: str) -> int:
    """How many characters in a row of a name a text has."""
    for length in range(len(name), 0, -1):
        if any(name[n : n + length] in text for n in range(len(name) - length + 1)):
            return length
    return 0


def _cells(
    tables: Sequence[tuple[str, Table]],
) -> Iterator[tuple[Decimal, bool, str, tuple[str, ...]]]:
    """(value, whether a percentage, where it stands, words that a text on it has) of all cells."""
    for place, table in tables:
        named = place + (f"“{table.title}”" if table.title else "")
        for row in table.rows:
            label = next((c.strip() for c in row if c.strip() and not c.strip().isdigit()), "")
            for column, cell in zip(table.columns, row, strict=True):
                text = prose.narrow(cell.strip())
                if not (found := _ALL_NUMBERS.match(text)):
                    continue
                words = tuple(filter(None, (column_name(column.text), column_name(label))))
                told = f"{named}：{label or '—'}·{column.text}"
                value = Decimal(found.group().replace(",", ""))
                yield value, text[found.end() :].startswith("%"), told, words
