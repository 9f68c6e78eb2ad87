"""What a reader sees in Chinese text: its sentences, its clauses, and the figures in them.

A figure is a number with its measure word and the clause that it stands in (集体学习405次). Days,
years and the numbers of headings are none, and are told apart as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["figure", "date"]

_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;\n]+[”’」』）)》]*|$)")
_CLAUSE_END = re.compile(r"[，,。！？!?；;：:、\n]")

# Longer ones first: 场次 before 场.
COUNTERS = (
    "个百分点", "万人次", "万元", "亿元", "场次", "人次", "学时", "小时", "分钟", "季度", "个月",
    "次", "期", "天", "日", "项", "家", "人", "篇", "份", "名", "条", "件", "场", "门", "门课",
    "课时", "本", "批", "类", "处", "册", "户", "倍", "组", "字", "页", "元", "位", "堂", "讲",
    "年", "周", "分", "个",
)  # fmt: skip
"""What a number counts, as it stands right behind it."""
_COUNTER = "|".join(sorted(COUNTERS, key=len, reverse=True))
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"

_DATE = re.compile(
    r"(?<![\d.])(?:19|20)\d\d\s*年(?:(?:\d{1,2}\s*[—–~至-]\s*)?\d{1,2}\s*月(?:份)?(?:\d{1,2}\s*日)?)?"
    r"|(?<![\d.])\d{1,2}\s*月\d{1,2}\s*日|(?<![\d.])(?:\d{1,2}\s*[—–~至-]\s*)?\d{1,2}\s*月(?:份)?"
    r"|〔(?:19|20)\d\d〕\d*号?"
)
# The numbers of headings, of annexes and of articles.
_ORDINAL = re.compile(
    r"^\s*\d{1,3}[.．、](?!\d)|^\s*（\d{1,3}）|附件\s*\d{1,2}|附表\s*\d{1,2}|第\d+(?:\.\d+)?"
    r"|(?<=[：；。])\d{1,2}[.．](?!\d)|《[^》]*》"
)
_NUMBER = re.compile(rf"(?P<number>{_DIGITS})\s*(?P<unit>[%％‰]|{_COUNTER})?")
# In words a figure is one before what it counts, and only of ten and more: 一次, 两级, 三讲 are
# mostly phrases.
_IN_WORDS = re.compile(
    r"(?<![第初〇零一二两三四五六七八九十百千万])"
    r"(?P<number>百分之[〇零一二三四五六七八九十百点]+|[一二两三四五六七八九]?[十百千万]"
    rf"[〇零一二三四五六七八九十百千万]*)(?P<unit>余?(?:{_COUNTER}))?"
)


@dataclass(frozen=True)
class Found:
    """A figure or date in a text.

    ``text``: as printed, with its measure word; ``value``: of a figure its number, a percentage as
    such (85.7); None for a date; ``unit``: its measure word, %, or "".
    ``before``: what the sentence says ahead of it. ``clause``: its clause, itself in it;
    ``sentence``: its sentence.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    clause: str
    before: str
    sentence: str


def sentences(text: str) -> list[str]:
    """The sentences of a text, ；ending one too; joined they are the text again."""
    return [found.group() for found in _SENTENCE.finditer(text) if found.group()]


def narrow(text: str) -> str:
    """Full-width digits, points and percent signs as the usual ones: the text keeps its length."""
    return text.translate(_NARROW)


_NARROW = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


def figures(text: str) -> Iterator[Found]:
    """The figures and dates of one paragraph, in order."""
    text = narrow(text)
    taken = [m.span() for m in _ORDINAL.finditer(text)]
    dates = [m for m in _DATE.finditer(text) if not _overlaps(m.span(), taken)]
    taken += [m.span() for m in dates]
    found = [_found("date", m, m.group(), None, "", text) for m in dates]
    for pattern in (_NUMBER, _IN_WORDS):
        for match in pattern.finditer(text):
            if _overlaps(match.span("number"), taken) or _within_word(match, text):
                continue
            value, unit = _value(match.group("number")), match.group("unit") or ""
            if value is None or (pattern is _IN_WORDS and not _counts(match)):
                continue
            percent = match.group("number").startswith("百分之")
            taken.append(match.span())
            shown = "%" if percent or unit == "％" else unit
            found.append(_found("figure", match, match.group(), value, shown, text))
    yield from sorted(found, key=lambda each: each.start)


def _counts(match: re.Match[str]) -> bool:
    """Whether a number in words counts something: 二十三次, but not 二十大."""
    return bool(match.group("unit")) or match.group("number").startswith("百分之")


def _within_word(match: re.Match[str], text: str) -> bool:
    """A digit that belongs to a name: M4, A3."""
    before = text[match.start() - 1 : match.start()]
    after = text[match.end("number") : match.end("number") + 1]
    return bool(re.fullmatch(r"[A-Za-z]", before) or re.fullmatch(r"[A-Za-z]", after))


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _found(
    kind: Kind, match: re.Match[str], shown: str, value: Decimal | None, unit: str, text: str
) -> Found:
    start, end = match.span()
    opening = 0
    sentence = text
    for each in sentences(text):
        if start < opening + len(each):
            sentence = each
            break
        opening += len(each)
    ends = [m.end() for m in _CLAUSE_END.finditer(text, opening, start)]
    begin = ends[-1] if ends else opening
    after = _CLAUSE_END.search(text, end)
    clause = text[begin : after.start() if after else len(text)]
    return Found(kind, start, end, shown.strip(), value, unit, clause.strip(), text[opening:start],
                 sentence.strip())  # fmt: skip


_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000}


def _value(text: str) -> Decimal | None:
    """The number that digits or Chinese words state; None if they state none."""
    if text[0].isascii():
        return Decimal(text.replace(",", ""))
    return chinese_number(text.removeprefix("百分之"))


@lru_cache(maxsize=512)
def chinese_number(text: str) -> Decimal | None:
    """二十三 → 23, 一百零五 → 105, 八十点五 → 80.5; None for what is no number."""
    whole, point, rest = text.partition("点")
    total = section = digit = 0
    if not whole or (point and not all(c in _CHINESE for c in rest)):
        return None
    for char in whole:
        if char in _CHINESE:
            digit = digit * 10 + _CHINESE[char] if digit else _CHINESE[char]
        elif char == "万":
            total, section, digit = (total + section + digit) * 10000, 0, 0
        elif char in _SCALES:
            section, digit = section + (digit or 1) * _SCALES[char], 0
        else:
            return None
    digits = "".join(str(_CHINESE[c]) for c in rest)
    return Decimal(f"{total + section + digit}.{digits}" if digits else total + section + digit)
