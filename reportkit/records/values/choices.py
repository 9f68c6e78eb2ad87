"""Flags (是/否 in all their forms) and words of a closed list."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.values.base import Reading, is_number, narrow, without_header, words

_YES = words("是 √ 有 已 对 Y y Yes yes YES TRUE True true ✓ ☑ ✔ ✅ 是的")
_NO = words("否 × 无 未 错 N n No no NO FALSE False false ✗ ☒ ✘ ✕ ✖ ╳ ❌ 没有 不是")
_NOTED = {"1": True, "0": False, "■": True}
"""Read, but a person may have meant something else by them: so with a note."""
_WHY = {
    # In one office's forms a ring is “in order”, in another's “not done”; it is also a zero.
    "○": "“○”在不同表中可表示是或否",
    "◯": "“◯”在不同表中可表示是或否",
    "〇": "“〇”在不同表中可表示是或否",
    "●": "“●”在不同表中可表示是或否",
    "△": "“△”含义不明",
    "□": "“□”是未勾选的方框，等于没有填写",
    "☐": "“☐”是未勾选的方框，等于没有填写",
    # An x crosses out in Chinese forms and marks the chosen box in Western ones.
    "x": "字母“x”含义不明，不是的请填“否”",
    "X": "字母“X”含义不明，不是的请填“否”",
}
_BOXES = re.compile(r"([☑■√✓✔☒□☐]) ?(是|否|有|无|已|未) ?[/、]? ?([☑■√✓✔☒□☐]) ?(是|否|有|无|已|未)")
_TICKED = frozenset("☑■√✓✔")
_OPEN = frozenset("□☐")

_TRUE, _FALSE = Reading(True), Reading(False)
_PLAIN_FLAGS = {**dict.fromkeys(_YES, _TRUE), **dict.fromkeys(_NO, _FALSE)}


_BESIDE_HEADER = {
    **dict.fromkeys(words("= 已 已经 有 是"), _TRUE),
    **dict.fromkeys(words("未 没 没有 尚未 不 不是 非 无 否"), _FALSE),
}
"""What may stand before the header's own word: 已取消, 未取消; “=”: nothing does."""


def own_word(text: str, field: Field) -> Reading | None:
    """The reading of a word that is one of the field's own, whatever else it may mean.

    “无” is a plain no in a flag; “不适用” and “未查” are values where a list names them.
    """
    if field.kind == "choice":
        for word, stored in field.choices:
            if text == word:
                return _taken(stored)
        return _synonym(narrow(text), text, field)
    if field.kind == "flag" and narrow(text) in _PLAIN_FLAGS:
        return _PLAIN_FLAGS.get(text) or read_flag(text, field, 0)
    return None


@lru_cache(maxsize=1024)
def _taken(stored: str) -> Reading:
    return Reading(stored)


def _synonym(text: str, raw: str, field: Field) -> Reading | None:
    for word, stored in (*field.choices, *field.synonyms):
        if text in (word, narrow(word)):
            note = "" if raw == stored else f"“{raw}”读作“{stored}”"
            return Reading(stored, note)
    return None


def read_choice(raw: Any, field: Field, year: int) -> Reading:
    """One of the field's words, or a known synonym of it."""
    if isinstance(raw, str):
        tidy = re.sub(r"\s", "", raw)
        for text in (tidy, narrow(tidy)):
            if found := _synonym(text, raw, field):
                return found if found.note else Reading(found.value, f"“{raw}”读作“{found.value}”")
    return Reading(expected="、".join(word for word, _ in field.choices) + " 之一")


def read_flag(raw: Any, field: Field, year: int) -> Reading:
    """Yes or no. A ring, a cross of a letter and an empty box are neither."""
    expected = "是 或 否"
    if isinstance(raw, bool):
        return _TRUE if raw else _FALSE
    if is_number(raw):
        return _noted(str(int(raw))) if raw in (0, 1) else Reading(expected=expected)
    if not isinstance(raw, str):
        return Reading(expected=expected)
    text = narrow(raw)
    if boxes := _BOXES.fullmatch(raw):
        first, yes, second, no = boxes.groups()
        if {first, second} & _TICKED and {first, second} & _OPEN and (yes in _YES) != (no in _YES):
            chosen = yes if first in _TICKED else no
            return Reading(chosen in _YES, f"“{raw}”读作“{chosen}”")
    if text in _NOTED:
        return _noted(text)
    known = _PLAIN_FLAGS.get(text) or _BESIDE_HEADER.get(without_header(text, field) or raw)
    if known is not None:
        return Reading(known.value, f"“{raw}”读作“{'是' if known.value else '否'}”")
    why = _WHY.get(text)
    return Reading(expected=f"{expected}（{why}）" if why else expected)


def _noted(text: str) -> Reading:
    return Reading(_NOTED[text], f"“{text}”读作“{'是' if _NOTED[text] else '否'}”")
