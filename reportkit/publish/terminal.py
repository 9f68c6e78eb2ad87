"""What a program printed for a terminal → text, and where it was in colour (ECMA-48)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from reportkit.publish.model import Colour, Tint, clean

# Colours and cursor movements, and window titles.
_ANSI = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
_SGR = re.compile(r"\x1b\[([\d;:]*)m")
_BASIC: tuple[Colour | None, ...] = (
    None, "red", "green", "yellow", "blue", "magenta", "cyan", None,
)  # fmt: skip
_HUES: tuple[tuple[float, Colour], ...] = (
    (20, "red"), (70, "yellow"), (165, "green"), (200, "cyan"), (270, "blue"), (330, "magenta"),
    (361, "red"),
)  # fmt: skip
_DULL = 40
"""A colour whose parts differ by less is a grey."""


@dataclass(frozen=True)
class _Look:
    colour: Colour | None = None
    bold: bool = False


_PLAIN = _Look()
_Run = tuple[str, _Look]


def screen(text: object) -> tuple[str, tuple[Tint, ...]]:
    """Text as a terminal would leave it on its screen, and the stretches it shows in colour.

    A carriage return starts the line anew: of a progress bar the last state stays.
    """
    joined = "".join(text) if isinstance(text, list) else str(text)
    lines: list[list[_Run]] = [[]]
    for run, look in _runs(joined.replace("\r\n", "\n")):
        for number, line in enumerate(run.split("\n")):
            if number:
                lines.append([])
            for again, part in enumerate(line.split("\r")):
                if again and part:
                    lines[-1].clear()
                if part:
                    lines[-1].append((clean(part), look))
    while len(lines) > 1 and not any(run for run, _ in lines[-1]):
        lines.pop()
    return _joined(lines)


def _runs(text: str) -> Iterator[_Run]:
    """Stretches of one look; what else a terminal is told is left out."""
    look, place = _PLAIN, 0
    for found in _ANSI.finditer(text):
        if found.start() > place:
            yield text[place : found.start()], look
        place = found.end()
        if codes := _SGR.fullmatch(found.group()):
            look = _changed(look, codes.group(1))
    yield text[place:], look


def _joined(lines: list[list[_Run]]) -> tuple[str, tuple[Tint, ...]]:
    parts: list[str] = []
    tints: list[Tint] = []
    place = 0
    for number, line in enumerate(lines):
        if number:
            parts.append("\n")
            place += 1
        for run, look in line:
            if run and look != _PLAIN:
                tints.append(Tint(place, place + len(run), look.colour, look.bold))
            parts.append(run)
            place += len(run)
    return "".join(parts), tuple(tints)


def _changed(look: _Look, codes: str) -> _Look:
    """The look after one SGR sequence; of unknown codes nothing changes."""
    numbers = [int(code) if code else 0 for code in re.split("[;:]", codes)] if codes else [0]
    rest = iter(numbers)
    for code in rest:
        match code:
            case 0:
                look = _PLAIN
            case 1 | 22:
                look = replace(look, bold=code == 1)
            case 38 | 48:
                chosen = _extended(rest)
                look = replace(look, colour=chosen) if code == 38 else look
            case 39:
                look = replace(look, colour=None)
            case 90:
                look = replace(look, colour="grey")
            case _ if 30 <= code <= 37 or 91 <= code <= 97:
                look = replace(look, colour=_BASIC[code % 10])
    return look


def _extended(rest: Iterator[int]) -> Colour | None:
    """38;5;n and 38;2;r;g;b: the nearest of the colours that we print."""
    kind = next(rest, 0)
    if kind == 2:
        return nearest(*(next(rest, 0) for _ in range(3)))
    if kind != 5:
        return None
    number = next(rest, 0)
    if number < 16:
        return "grey" if number == 8 else _BASIC[number % 8]
    if number >= 232:
        return "grey"
    number -= 16
    return nearest(*(51 * (number // step % 6) for step in (36, 6, 1)))


def nearest(red: int, green: int, blue: int) -> Colour | None:
    """The colour of a hue; black and white are the text's own, a grey is grey."""
    low, high = min(red, green, blue), max(red, green, blue)
    if high - low < _DULL:
        return "grey" if 64 <= high < 216 else None
    if high == red:
        hue = 60 * ((green - blue) / (high - low)) % 360
    elif high == green:
        hue = 60 * ((blue - red) / (high - low)) + 120
    else:
        hue = 60 * ((red - green) / (high - low)) + 240
    return next(colour for limit, colour in _HUES if hue < limit)


COLOURS: tuple[Colour, ...] = get_args(Colour)
