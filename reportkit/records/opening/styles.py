"""What number formats and fonts say of a cell, beyond its value."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal
from xml.etree.ElementTree import Element

from reportkit.records.opening.xml import elements

Kind = Literal["date", "percent", "fixed", "other"]

EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in formats of Chinese Excel and WPS that show dates (32–35, 55 and 56: times).

They have no format code in the file, so calamine gives the bare serial number.
"""
_FIXED_BUILT_IN = {2: "0.00"}
_PERCENT_BUILT_IN = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


@dataclass(frozen=True)
class Styles:
    """Indices of cell styles whose cells need a second look; usually there are none."""

    dates: frozenset[int] = frozenset()
    """Dates that calamine takes for numbers."""
    percent: frozenset[int] = frozenset()
    fixed: dict[int, str] = field(default_factory=dict)
    """Index → a format of digits only, such as ``0.00``."""
    struck: frozenset[int] = frozenset()
    unseen: dict[int, str] = field(default_factory=dict)
    """Index → a format that may not show the value, see :func:`is_shown`; ``;;;`` in one colour."""


@lru_cache(maxsize=2048)
def kind_of_format(code: str) -> Kind:
    """What a number format's first section shows."""
    section = _QUOTED.sub("", code.partition(";")[0] if ";" in code else code)
    if "%" in section:
        return "percent"
    if re.fullmatch(r"0+(?:\.0+)?\s*", section):
        return "fixed" if re.fullmatch(r"0+(?:\.0+)?(?:_.)?\s*", code.partition(";")[0]) else (
            "other"
        )  # fmt: skip
    if re.search(r"[ymdhsYMDHSeEgGaA]", section) and not re.search(
        r"[0#?]|General|@", section, re.IGNORECASE
    ):
        return "date"
    return "other"


def is_shown(code: str, value: Any) -> bool:
    """Whether a number format shows this value, rather than nothing or another text."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    if isinstance(value, str):
        own = sections[3] if len(sections) > 3 else "@"
    elif re.search(r"\[[<>=]", code):  # which section holds is a matter of conditions
        return all(map(_shows, sections))
    else:
        number = value if isinstance(value, int | float) else 1
        place = 1 if number < 0 else 2 if number == 0 else 0
        own = sections[place] if place < len(sections) else sections[0]
    return _shows(own)


def may_hide(code: str) -> bool:
    """Whether some value in this format would not be shown."""
    return bool(code) and not all(is_shown(code, value) for value in (1, 0, -1, "文"))


def _shows(section: str) -> bool:
    """Whether a section prints the value, and no digits of its own beside it."""
    if re.search(r'"[^"]*\d[^"]*"|\\\d', section):
        return False
    return bool(re.search(r"[0#?@ymdhsega]|general", _QUOTED.sub("", section), re.IGNORECASE))


def _paper(fill: Element) -> str:
    """The colour of a fill: white if there is none, empty if it is a pattern."""
    pattern = fill.find("patternFill")
    kind = "none" if pattern is None else pattern.get("patternType", "none")
    if pattern is None or kind == "none":
        return "FFFFFF"
    return _colour(pattern.find("fgColor")) if kind == "solid" else ""


def _colour(element: Element | None) -> str:
    """A colour by which two can be compared; black where none is stated."""
    if element is None or element.get("auto"):
        return "000000"
    if rgb := element.get("rgb"):
        return rgb[-6:].upper()
    stated = ":".join(f"{key}{value}" for key, value in sorted(element.attrib.items()))
    return _WHITE_OR_BLACK.get(stated, stated)


_WHITE_OR_BLACK = {
    **dict.fromkeys(("theme0", "indexed1", "indexed9", "indexed65"), "FFFFFF"),
    **dict.fromkeys(("theme1", "indexed0", "indexed8", "indexed64"), "000000"),
}
NOTHING_SHOWN = ";;;"


def read_styles(xml: bytes) -> Styles:
    """The styles of a workbook that matter here.

    Raises
    ------
    SubmissionError
        ``damaged`` or ``dtd``.
    """
    codes: dict[int, str] = {}
    struck_fonts: set[int] = set()
    inks: dict[int, str] = {}
    papers: dict[int, str] = {}
    formats: list[tuple[int, int, int]] = []
    for element in elements(xml, "styles.xml"):
        if element.tag == "numFmt":
            codes[_integer(element.get("numFmtId"))] = element.get("formatCode", "")
        elif element.tag == "fonts":
            struck_fonts = {
                index for index, font in enumerate(element.findall("font"))
                if any(_is_on(strike.get("val")) for strike in font.iter("strike"))
            }  # fmt: skip
            inks = {n: _colour(f.find("color")) for n, f in enumerate(element.findall("font"))}
        elif element.tag == "fills":
            papers = {n: _paper(f) for n, f in enumerate(element.findall("fill"))}
        elif element.tag == "cellXfs":
            formats = [
                (_integer(xf.get("numFmtId")), _integer(xf.get("fontId")),
                 _integer(xf.get("fillId")))
                for xf in element.findall("xf")
            ]  # fmt: skip
    unseen = {
        index: NOTHING_SHOWN if inks.get(ink) == papers.get(paper, "FFFFFF") else codes[number]
        for index, (number, ink, paper) in enumerate(formats)
        if inks.get(ink) == papers.get(paper, "FFFFFF") or may_hide(codes.get(number, ""))
    }
    found = _sorted_out([(number, ink) for number, ink, _ in formats], codes, struck_fonts)
    return replace(found, unseen=unseen)


def _sorted_out(
    formats: list[tuple[int, int]], codes: dict[int, str], struck_fonts: set[int]
) -> Styles:
    dates, percent, fixed = set(), set(), {}
    for index, (number, _) in enumerate(formats):
        code = codes.get(number, "")
        kind = kind_of_format(code) if code else "other"
        if (number in EAST_ASIAN_DATES and not code) or (
            kind == "date" and not re.search("[ymdhs]", _QUOTED.sub("", code), re.IGNORECASE)
        ):  # a day of the week alone, which calamine does not know
            dates.add(index)
        elif kind == "percent" or (number in _PERCENT_BUILT_IN and not code):
            percent.add(index)
        elif kind == "fixed" or (number in _FIXED_BUILT_IN and not code):
            fixed[index] = re.sub(r"_.|\s", "", code.partition(";")[0]) or _FIXED_BUILT_IN[number]
    struck = {index for index, (_, font) in enumerate(formats) if font in struck_fonts}
    return Styles(frozenset(dates), frozenset(percent), fixed, frozenset(struck))


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _is_on(value: str | None) -> bool:
    return value not in ("0", "false", "off")


def as_date(serial: float, is_1904: bool) -> dt.date | dt.datetime | None:
    """The day, or day and time, of a serial number; None if it is none that Excel shows."""
    if not 61 <= serial < 2_958_466:
        return None
    origin = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)
    moment = origin + dt.timedelta(seconds=round(serial * 86_400))
    return moment.date() if moment.time() == dt.time() else moment


def shown_fixed(value: float, code: str) -> str | None:
    """A number as a format of digits shows it; None if that is how it reads anyway."""
    whole, _, decimals = code.partition(".")
    text = f"{value:.{len(decimals)}f}"
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    before, point, after = digits.partition(".")
    text = f"{sign}{before.zfill(len(whole))}{point}{after}"
    usual = str(int(value)) if value == int(value) else repr(value)
    return None if text == usual else text
