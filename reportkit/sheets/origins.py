"""Where the figures of a text come from: indicators, cells of its tables, or nothing known.

Nothing is guessed: a figure has one source only where value, measure word and name all point to
it; otherwise what it may come from is listed, for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from reportkit.publish.model import Table
from reportkit.sheets.facts import Facts
from reportkit.sheets.given import Source
from reportkit.sheets.totals import column_name
from reportkit.text.figures import Found, figures
from reportkit.text.normalising import half_width

State = Literal["known", "candidates", "in a table", "differs", "unknown"]

_MOST = 4
"""Candidates that are listed; a value that more indicators share proves nothing."""
_MOST_TABLES = 2
_PERCENT = ("%", "个百分点")


@dataclass(frozen=True)
class Origin:
    """One figure of the body, and what it comes from.

    ``state``: differs: it is told as the indicator in ``sources``, which has another value.
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
        for figure in figures(passage.text)
        if figure.kind == "figure"
    ]


def dates(facts: Facts) -> list[str]:
    """The years and days that the body names, each once, in order."""
    found = (f for passage in facts.passages for f in figures(passage.text))
    return list(dict.fromkeys("".join(f.text.split()) for f in found if f.kind == "date"))


@dataclass(frozen=True)
class _Reading:
    """A number that a source shows: its value, its measure word ("" fits any), and what it is."""

    value: Decimal | None
    unit: str
    part: bool


def _readings(source: Source) -> Iterator[_Reading]:
    if found := _first(source.shown):
        yield _Reading(found.value, found.unit, part=False)
    for found in figures(source.parts):
        yield _Reading(found.value, "", part=True)


def _first(text: str) -> Found | None:
    """The figure that a text begins with."""
    found = next(figures(text.strip()), None)
    return found if found and found.value is not None and not found.start else None


def _origin(
    section: str, figure: Found, known: Sequence[tuple[Source, _Reading]], cells: Sequence[_Cell]
) -> Origin:
    fitting = [(s, r) for s, r in known if r.value == figure.value and _fits(r, figure.unit)]
    exact = [s for s, r in fitting if not r.part and _told(s, figure.before)]
    if exact:
        last = _named_last(exact, figure)
        others = tuple(s for s in exact if s not in last)
        if len(last) == 1 and not _belongs_elsewhere(last[0], known, figure):
            return Origin(section, figure, "known", (last[0],))
        return Origin(section, figure, "candidates", (*last, *others)[:_MOST])
    held = [cell for cell in cells if cell.holds(figure)]
    tables = tuple(cell.told for cell in held)[:_MOST_TABLES]
    if not any(all(word in figure.sentence for word in cell.words) for cell in held):
        # Told as an indicator's value, in its measure word, and yet another number.
        named = [s for s, r in known if s.kind == "value" and not r.part and r.unit == figure.unit
                 and _told(s, figure.before)]  # fmt: skip
        if named and not _belongs_elsewhere(best := _named_last(named, figure)[0], known, figure):
            return Origin(section, figure, "differs", (best,))
    near = _near(fitting, figure)
    if near:
        return Origin(section, figure, "candidates", near[:_MOST], tables)
    return Origin(section, figure, "in a table" if tables else "unknown", (), tables)


def _named_last(sources: Sequence[Source], figure: Found) -> list[Source]:
    """Of several those named last before the number: 集体学习…，研讨交流7场次; the longest name."""
    place = max(_place(s, figure.before) for s in sources)
    last = [s for s in sources if _place(s, figure.before) == place]
    # An indicator itself rather than a sentence that cites it.
    last = [s for s in last if s.kind != "sentence"] or last[:1]
    longest = max(len(s.called) for s in last)
    return [s for s in last if len(s.called) == longest]


def _near(fitting: Sequence[tuple[Source, _Reading]], figure: Found) -> tuple[Source, ...]:
    """Sources with the same number, those first whose names the text comes nearest to.

    A numerator alone, or a number without a measure word, is told only where the names agree.
    """
    found: dict[Source, int] = {}
    for source, reading in fitting:
        likeness = _likeness(source.called, figure.sentence)
        if likeness > 1 or (not reading.part and reading.unit and reading.unit == figure.unit):
            found.setdefault(source, likeness)
    alike = sorted(found, key=lambda source: -found[source])
    return tuple(s for s in alike if found[s] > 1) or tuple(alike)


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
        return any(cue in between for cue in source.cues)
    return not any(char.isdigit() for char in half_width(between))


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


@dataclass(frozen=True)
class _Cell:
    """A number in a table: ``words``: the row and the column, as a text on it names them."""

    value: Decimal | None
    percent: bool
    told: str
    words: tuple[str, ...]

    def holds(self, figure: Found) -> bool:
        """Whether it is the same number, and the sentence names its row or column."""
        return (
            self.value == figure.value
            and self.percent == (figure.unit == "%")
            and any(word in figure.sentence for word in self.words)
        )


def _cells(tables: Sequence[tuple[str, Table]]) -> Iterator[_Cell]:
    """All cells that begin with a number."""
    for place, table in tables:
        named = place + (f"“{table.title}”" if table.title else "")
        for row in table.rows:
            label = next((c.strip() for c in row if c.strip() and not c.strip().isdigit()), "")
            for column, cell in zip(table.columns, row, strict=True):
                if not (found := _first(cell)):
                    continue
                words = tuple(filter(None, (column_name(column.text), column_name(label))))
                told = f"{named}：{label or '—'}·{column.text}"
                yield _Cell(found.value, found.unit == "%", told, words)
