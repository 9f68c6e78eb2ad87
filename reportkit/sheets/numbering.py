"""Whether the numbers of headings run without gaps: 一、（一） 1.（1）; and 一是, 二是 in texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reportkit.sheets.facts import Passage
from reportkit.text.numerals import chinese_number

_WORDS = "[一二三四五六七八九十百]+"
_LEVELS = (
    (1, re.compile(rf"({_WORDS})、")),
    (2, re.compile(rf"[（(]({_WORDS})[）)]")),
    (3, re.compile(r"(\d{1,3})[.．](?!\d)")),
    (4, re.compile(r"[（(](\d{1,3})[）)]")),
)
_SERIES = re.compile(rf"(?:^|(?<=[：:；;。，,]))({_WORDS})是")


def numbering_faults(passages: Iterable[Passage]) -> list[str]:
    """What is wrong with the numbers of headings, in words; [] if nothing is.

    A number begins at one below each higher heading, and goes up by one.
    """
    last: dict[int, int] = {}
    told = []
    for passage in passages:
        found = _number(passage.text)
        if found is None:
            continue
        level, n, shown = found
        for below in [deeper for deeper in last if deeper > level]:
            del last[below]
        before = last.get(level, 0)
        if n != before + 1:
            told.append(_fault(shown, passage.text, n, before))
        last[level] = n
    return told


def series_faults(passages: Iterable[Passage]) -> list[str]:
    """The same for 一是…二是… within each paragraph."""
    return [fault for passage in passages for fault in _series(passage.text)]


def _series(text: str) -> Iterator[str]:
    before = 0
    for found in _SERIES.finditer(text):
        n = _worth(found.group(1))
        if n != before + 1 and n != 1:
            yield _fault(found.group(), text[found.start() :], n, before)
        before = n


def _fault(shown: str, text: str, n: int, before: int) -> str:
    what = "重复" if n == before else "缺号" if n > before + 1 else "次序不对"
    excerpt = text[:16] + ("…" if len(text) > 16 else "")
    return f"“{excerpt}”：{shown}之前为第{before}，{what}" if before else f"“{excerpt}”：不从一起编"


def _number(text: str) -> tuple[int, int, str] | None:
    """(level, number, as printed) of a passage that begins with one."""
    for level, pattern in _LEVELS:
        if found := pattern.match(text.lstrip()):
            return level, _worth(found.group(1)), found.group()
    return None


def _worth(text: str) -> int:
    return int(chinese_number(text) or 0)
