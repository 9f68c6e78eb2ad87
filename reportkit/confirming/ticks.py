"""Which of two things somebody ticked, in all the spellings of hand-filled forms.

Nothing is guessed: what can be meant both ways is :data:`UNCLEAR`, and its place is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from reportkit.confirming.sheet import RIGHT, WRONG
from reportkit.records.values import clean
from reportkit.records.values.base import words
from reportkit.text.normalising import plain

Choice = Literal["first", "second", "both", "none", "unclear"]
UNCLEAR: Choice = "unclear"

_TICK, _CROSS, _OPEN = "√✓✔☑■▣◼⬛✅🗹☒Vv✕✗✘×╳❌✖Xx□☐◻▢○◯〇⬜", "✕✗✘×╳❌✖Xx", "□☐◻▢○◯〇⬜"
_MARK = rf"[{_TICK}●]"
_PRINTED = re.compile(r"[(（]?请在说明栏注明[^)）]*[)）]?")
_BRACKETS = re.compile(r"[()（）\[\]【】〔〕「」{}]")
_SAME = (
    (re.compile("没有异议|无任何异议|未有异议"), "无异议"),
    (re.compile("(?:数据|全部|均|经核对|核对|确认|以上){0,3}(?:无误|无异议|属实|准确)"), RIGHT),
    (re.compile("数据有误|有误"), WRONG),
)
"""Other words for the two that are printed."""
_POLITE = re.compile(
    "同意上报|同意|经核对|已核对|经核实|核实|特此确认|已确认|确认|以上|全部|均|请在说明栏注明"
)


@dataclass(frozen=True)
class Ticked:
    """What of the two was chosen, and what else stands there."""

    choice: Choice
    rest: str = ""


def opinion(text: str) -> Ticked:
    """确认意见: 数据无误 (first) or 有异议 (second), and the words that were added to it."""
    text = _PRINTED.sub("", _tidy(text))
    for pattern, word in _SAME:
        text = pattern.sub(word, text)
    return _between(text, RIGHT, WRONG)


_YES = words(
    "是 是的 对 正确 无误 数据无误 一致 属实 准确 认可 同意 确认 已确认 已核对 核对无误 无异议 "
    "没有异议 没问题 yes y true ok"
)
_NO = words(
    "否 不 不是 不对 错 错误 有误 数据有误 不正确 不一致 不符 不属实 不准确 不认可 不同意 不确认 "
    "未确认 有异议 异议 no n false"
)
_NOTHING = re.compile(r"[/／\\＼\-－–—―─_＿~～.。,，、;；·…]*")
_EMPTY = words(
    "无 没有 无异议 没有异议 无误 数据无误 核对无误 已核对 同意 属实 是 对 一致 空 无说明"
)
_WITH_REMARK = re.compile(r"([^\s,，。;；:：(（、]+)[\s,，。;；:：(（、]+(.+?)[)）\s]*", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """What a cell of 确认（是/否） says, and a remark that was put there beside it."""

    answer: Literal["yes", "no", "blank", "unclear"]
    remark: str = ""


def yes_or_no(text: str) -> Said:
    """A cell of 确认（是/否）; 否（应为21次） is a no with a remark."""
    tidy = _tidy(text)
    found = _said(tidy)
    if found == "unclear" and (parts := _WITH_REMARK.fullmatch(tidy)):
        first = _said(parts[1])
        if first in ("yes", "no") and not set(parts[2]) & set(_TICK):
            return Said(first, parts[2])
    return Said(found)


def _said(tidy: str) -> Literal["yes", "no", "blank", "unclear"]:
    bare = plain(tidy).strip("。.,，;；、!！“”\"'").lower()
    if _NOTHING.fullmatch(bare):
        return "blank"
    marks = re.findall(_MARK, bare)
    word = _BRACKETS.sub("", re.sub(_MARK, "", bare))
    kinds = {_kind(mark) for mark in marks} - {"open"}
    if word in _YES:
        return "yes" if kinds <= {"tick"} else "unclear"  # 是 crossed out is anyone's guess
    if word in _NO:
        return "no"
    if not word:
        return _marks_alone(marks, kinds)
    if "是" in bare and "否" in bare:
        ticked = _between(tidy, "是", "否")
        if not ticked.rest:
            return _OF_BOXES.get(ticked.choice, "unclear")
    return "unclear"


_OF_BOXES: dict[Choice, Literal["yes", "no", "blank", "unclear"]] = {
    "first": "yes", "second": "no", "none": "blank",
}  # fmt: skip


def _marks_alone(marks: list[str], kinds: set[str]) -> Literal["yes", "no", "blank", "unclear"]:
    if set(marks) <= set("□☐◻▢⬜"):
        return "blank"
    # An x crosses out in Chinese forms and marks the box in Western ones; a ring may be both.
    if set(marks) & set("xX☒●○◯〇") or len(kinds) != 1:
        return "unclear"
    return "yes" if kinds == {"tick"} else "no"


def is_filled(text: str) -> bool:
    """Whether 说明 says anything: 无, 无误 and strokes say nothing."""
    bare = plain(_tidy(text)).strip("。.,，;；、")
    return not _NOTHING.fullmatch(bare) and bare not in _EMPTY


def _tidy(text: str) -> str:
    # How wide a gap is says to which word a tick belongs: blanks stay, a new line is a wide one.
    parts = re.split(r"(\s+)", text.strip().replace("\n", "    "))
    return "".join(part if part.isspace() else clean(part)[0] for part in parts)


def _kind(mark: str) -> str:
    return "cross" if mark in _CROSS else "open" if mark in _OPEN else "tick"


# --- two words with boxes --------------------------------------------------------------


def _between(text: str, first: str, second: str) -> Ticked:
    """Which of two words bears the tick, in front of it or behind; only one of them: that one."""
    text = _BRACKETS.sub(" ", text)
    counts = text.count(first), text.count(second)
    if max(counts) > 1:
        return Ticked("unclear", text)
    if counts == (0, 0):
        return Ticked("none" if not plain(re.sub(_MARK, "", text)) else "unclear", text)
    if counts != (1, 1):
        return (
            _only(*text.partition(first)[::2], "first")
            if counts[0]
            else (_only(*text.partition(second)[::2], "second"))
        )
    if text.index(first) > text.index(second):
        turned = _between(text, second, first)
        swapped: dict[Choice, Choice] = {"first": "second", "second": "first"}
        return Ticked(swapped.get(turned.choice, turned.choice), turned.rest)
    before, _, others = text.partition(first)
    middle, _, after = others.partition(second)
    shared = _shared(before, middle, after)
    rest = _rest(" ".join((before, middle, after)))
    if shared is None:
        return Ticked(UNCLEAR, rest)
    states = _state(before + shared[0]), _state(shared[1] + after)
    if UNCLEAR in states:
        return Ticked(UNCLEAR, rest)
    found = _CHOSEN[states[0] == "ticked", states[1] == "ticked"]
    # A cross at one word alone may stand for it or against it.
    return Ticked(UNCLEAR if found == "none" and "cross" in states else found, rest)


_CHOSEN: dict[tuple[bool, bool], Choice] = {
    (True, True): "both", (True, False): "first", (False, True): "second", (False, False): "none",
}  # fmt: skip


def _only(before: str, after: str, which: Choice) -> Ticked:
    """One of the words stands there alone: somebody typed it, or deleted the other."""
    state = _state(before + after) if re.search(_MARK, before + after) else "ticked"
    choice: Choice = {"ticked": which, "open": "none"}.get(state, UNCLEAR)
    return Ticked(choice, _rest(f"{before} {after}"))


def _shared(before: str, middle: str, after: str) -> tuple[str, str] | None:
    """The marks between two words: those of the first, those of the second; None: unclear."""
    marks = list(re.finditer(_MARK, middle))
    if not marks:
        return "", ""
    leading = bool(re.search(_MARK, before))
    for found in marks:
        if found[0] in _OPEN and leading:  # the second word's own box, as printed
            return middle[: found.start()], middle[found.start() :]
    left, right = marks[0].start(), len(middle) - marks[-1].end()
    gaps = [b.start() - a.end() for a, b in pairwise(marks)]
    if gaps and max(gaps) > 0:
        cut = marks[gaps.index(max(gaps))].end()
        return middle[:cut], middle[cut:]
    if len(marks) == 2 and leading is False:
        return middle[: marks[0].end()], middle[marks[0].end() :]
    if left != right:
        return (middle, "") if left < right else ("", middle)
    if leading:
        return "", middle
    return (middle, "") if re.match(rf"\s*{_MARK}", after) else None


def _state(text: str) -> str:
    """ticked, cross, open or unclear: the marks of one word together."""
    marks = re.findall(_MARK, text)
    kinds = {"tick" if mark == "☒" else _kind(mark) for mark in marks}
    if {"tick", "cross"} <= kinds or set(marks) & set("●Xx"):
        return UNCLEAR
    return "ticked" if "tick" in kinds else "cross" if "cross" in kinds else "open"


_PUNCTUATION = " \u3000,，。;；:：、!！/"


def _rest(text: str) -> str:
    """The words that were added: without marks, punctuation and what only agrees."""
    added = re.sub(_MARK, " ", text).strip(_PUNCTUATION)
    return added if _POLITE.sub("", re.sub(f"[{_PUNCTUATION}]", "", added)) else ""
