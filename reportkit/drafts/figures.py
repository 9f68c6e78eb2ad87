"""Figures in a sentence that was rewritten: those that stayed, and those changed by hand."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType

from reportkit.params.edits import escaped

Span = tuple[int, int, str]

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|.", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNIT = re.compile(r"[%％]|个百分点|[\u4e00-\u9fff]")
_CONTEXT = 6
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


@dataclass(frozen=True)
class FigureChange:
    """A number that was changed by hand: ``old`` or ``new`` is "" where it was added or taken out.

    ``name``: the indicator it came from, if known. ``near``: words before and behind it.
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
    ours, theirs = _tokens(before), _tokens(after)
    kept: list[Span] = []
    for block in _blocks(ours, theirs):
        if not block.size:
            continue
        begins, ends = ours[block.a][0], _end(ours, block.a + block.size - 1)
        shift = theirs[block.b][0] - begins
        for begin, end, name in spans:
            # A figure alone, with nothing around it that stayed, may as well be another one.
            if begins <= begin and end <= ends and (end - begin < ends - begins):
                kept.append((begin + shift, end + shift, name))
    return template_of(after, sorted(kept), figures)


def figure_changes(before: str, spans: Sequence[Span], after: str) -> list[FigureChange]:
    """Every number that differs between two wordings of a line.

    Numbers that merely stand elsewhere are none; of those in full-width digits their value counts.
    """
    before_plain, after_plain = before.translate(_FULL_WIDTH), after.translate(_FULL_WIDTH)
    ours, theirs = _tokens(before_plain), _tokens(after_plain)
    edits = []
    for tag, a, b, c, d in _matcher(ours, theirs).get_opcodes():
        if tag != "equal":
            old = [token for token in ours[a:b] if _NUMBER.fullmatch(token[1])]
            new = [token for token in theirs[c:d] if _NUMBER.fullmatch(token[1])]
            edits.append((old, new))
    # What was taken out here and stands there again was carried along, not changed.
    put = [token for _, new in edits for token in new]
    for old, _ in edits:
        for one in list(old):
            if same := next((each for each in put if each[1] == one[1]), None):
                old.remove(one)
                put.remove(same)
    told = []
    for old, new in edits:
        left = [token for token in new if token in put]
        for one, other in zip_longest(old, left):
            told.append(_change(before_plain, after_plain, one, other, spans))
    return told


def _change(
    before: str,
    after: str,
    old: tuple[int, str] | None,
    new: tuple[int, str] | None,
    spans: Sequence[Span],
) -> FigureChange:
    name = ""
    if old:
        begin, end = old[0], old[0] + len(old[1])
        name = next((n for b, e, n in spans if b <= begin and end <= e), "")
    text, place = (after, new) if new else (before, old)
    near = ""
    if place:
        at, number = place
        near = text[max(0, at - _CONTEXT) : at + len(number) + _CONTEXT]
    return FigureChange(_with_unit(before, old), _with_unit(after, new), name, near)


def _with_unit(text: str, token: tuple[int, str] | None) -> str:
    if token is None:
        return ""
    end = token[0] + len(token[1])
    unit = _UNIT.match(text, end)
    return token[1] + (unit.group() if unit else "")


def _tokens(text: str) -> list[tuple[int, str]]:
    return [(found.start(), found.group()) for found in _TOKEN.finditer(text)]


def _end(tokens: Sequence[tuple[int, str]], number: int) -> int:
    return tokens[number][0] + len(tokens[number][1])


def _matcher(
    ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]
) -> difflib.SequenceMatcher[str]:
    return difflib.SequenceMatcher(
        None, [token for _, token in ours], [token for _, token in theirs], autojunk=False
    )


def _blocks(
    ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]
) -> list[difflib.Match]:
    return _matcher(ours, theirs).get_matching_blocks()
