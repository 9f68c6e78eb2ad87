"""Figures in a sentence that was rewritten: those that stayed, and those changed by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, takewhile
from types import MappingProxyType

from reportkit.comparing.texts import changed_figures, tokens
from reportkit.params.edits import escaped
from reportkit.text.figures import Found

Span = tuple[int, int, str]

_DAY_PART = re.compile(r"\d*\D*")


@dataclass(frozen=True)
class FigureChange:
    """A figure that was changed by hand: ``old`` or ``new`` is "" where it was added or taken out.

    ``name``: the indicator it came from, if known. ``near``: its clause, … in its place.
    """

    old: str
    new: str
    name: str = ""
    near: str = ""


def template_of(
    text: str, spans: Sequence[Span], known: Mapping[str, str] = MappingProxyType({})
) -> tuple[str, dict[str, str]]:
    """The text with names in place of its figures, and what each stands for.

    ``known``: names that are taken already, and what they stand for.
    """
    made, last = "", 0
    figures = dict(known)
    for begin, end, name in spans:
        shown = text[begin:end]
        key = _free_name(name, shown, figures)
        figures[key] = shown
        made += f"{escaped(text[last:begin])}{{{key}}}"
        last = end
    return made + escaped(text[last:]), figures


def _free_name(name: str, shown: str, figures: Mapping[str, str]) -> str:
    """One name for one figure: of two that differ the second is sessions#2."""
    plain = re.sub(r"[{}]", "", name) or "数"
    key, number = plain, 1
    while figures.get(key, shown) != shown:
        number += 1
        key = f"{plain}#{number}"
    return key


def retold(
    before: str, spans: Sequence[Span], figures: Mapping[str, str], after: str
) -> tuple[str, dict[str, str]]:
    """The new wording as a template, with the names of the figures that stand in it unchanged.

    Parameters
    ----------
    before, spans:
        The line as it was, and where its figures stand.
    figures:
        Names that are taken already, and what they stand for.
    after:
        The line as it reads now.

    Returns
    -------
    tuple
        The template, which with its figures reads as ``after`` to the letter; and all figures.
    """
    ours, theirs = [[t.text for t in tokens(text, None)] for text in (before, after)]
    begins, there = [[0, *accumulate(map(len, some))] for some in (ours, theirs)]
    kept: list[Span] = []
    for a, b, size in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        first, last, shift = begins[a], begins[a + size], there[b] - begins[a]
        # A figure alone, with nothing around it that stayed, may as well be another one.
        kept += [
            (begin + shift, end + shift, name) for begin, end, name in spans
            if first <= begin and end <= last and end - begin < last - first
        ]  # fmt: skip
    return template_of(after, sorted(kept), figures)


def figure_changes(before: str, spans: Sequence[Span], after: str) -> tuple[FigureChange, ...]:
    """Every figure that differs between two wordings of a line; not those that only moved."""
    return tuple(_change(spans, *told) for told in changed_figures(before, after))


def _change(
    spans: Sequence[Span], old: Found | None, new: Found | None, clause: str
) -> FigureChange:
    begin, end = old.number if old else (0, 0)
    name = next((n for b, e, n in spans if old and b <= begin and end <= e), "")
    one, other = old.text if old else "", new.text if new else ""
    if old and new and old.kind == "date":  # of two days what differs: 8日, 9日
        parts = zip(_DAY_PART.findall(one), _DAY_PART.findall(other), strict=False)
        same = sum(len(x) for x, _ in takewhile(lambda pair: pair[0] == pair[1], parts))
        one, other = one[same:], other[same:]
    return FigureChange(one, other, name, clause)
