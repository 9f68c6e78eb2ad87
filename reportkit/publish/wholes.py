"""What no line end may cut: names, and a number with its unit; and the contrary, long words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from reportkit.display import KEEP_JUSTIFIED, KEEP_LONGEST

PLAIN, WHOLE, MAY_BREAK, NEW_LINE, BETWEEN = range(5)

LONGEST_WORD = 24
_PIECE = 6

# ---------------------------------------------------------------- widths

_LATIN_EM = 0.6  # the widest of the text fonts' digits


def width_em(text: str) -> float:
    """About how long a line of text is, in em: full squares, and Latin letters."""
    return sum(char_em(char) for char in text)


@lru_cache(maxsize=8192)
def char_em(char: str) -> float:
    """About how wide one character is, in em."""
    wide = unicodedata.east_asian_width(char) in "WFA"
    return 1.0 if wide else 0.85 if char in "MWmw%@" else _LATIN_EM


# ---------------------------------------------------------------- names


class Kept:
    """The names that a document keeps whole, found in time that does not grow with their number.

    Of names that begin at the same place the longest counts: 东岭矿业, not 东岭.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        fit = (name for name in names if 2 <= len(name) <= KEEP_LONGEST and "\n" not in name)
        self._names = frozenset(fit)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {start: sorted(all_, reverse=True) for start, all_ in lengths.items()}

    def spans(
        self, text: str, longest: int = KEEP_LONGEST, room: float = math.inf
    ) -> Iterator[tuple[int, int]]:
        """Where the names are with the marks about them, in order.

        A name has at most ``longest`` characters, with its marks it fits into ``room`` em.
        """
        free = 0
        for place in range(len(text) - 1) if self._names else ():
            if place < free:
                continue
            for length in self._lengths.get(text[place : place + 2], ()):
                end = place + length
                if (
                    length <= longest
                    and text[place:end] in self._names
                    and _on_its_own(text, place, end)
                    and _fits(text, marked := _with_marks(text, place, end), room)
                ):
                    yield marked
                    free = marked[1]
                    break


def _on_its_own(text: str, start: int, end: int) -> bool:
    """Whether a name found there is no part of a longer Latin word: not A公司 in AA公司."""
    cut_before = start > 0 and _latin(text[start - 1]) and _latin(text[start])
    return not cut_before and not (end < len(text) and _latin(text[end - 1]) and _latin(text[end]))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


NO_NAMES = Kept()

# ---------------------------------------------------------------- marks about them

# No line begins with one of these or ends with one of those (禁则). A whole takes along what
# stands beside it: of a box nobody knows what is within, so a line could end on either side.
_CLOSING = re.compile(r"[，。、；：？！…·）》〉”’】〕」』％%‰℃]{0,4}")
_OPENING = re.compile(r"[（《〈“‘【〔「『]{0,3}$")
_BEFORE = 3


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of a whole with the marks that open before it and close behind it."""
    opening = _OPENING.search(text, max(0, start - _BEFORE), start)
    closing = _CLOSING.match(text, end)
    return opening.start() if opening else start, closing.end() if closing else end


def _fits(text: str, span: tuple[int, int], room: float) -> bool:
    return width_em(text[slice(*span)]) <= room


# ---------------------------------------------------------------- numbers

# Units of more than one character stay with their number as a whole; of any other word the
# first character does (2023年, 13项), so that nouns behind it may break.
_UNITS = re.findall(
    r"\S+",
    "个百分点 百分点 个必学专题 个专题 个工作日 个季度 个月份 个月 个年度 个单位 个部门 "
    "个支部 个党支部 个小组 个小时 个方面 个项目 个课题 个问题 家权属单位 家同类单位 家单位 "
    "家子公司 家公司 家企业 名成员 名党员 万人次 人次 场次 班次 期次 批次 件次 篇次 课时 "
    "学时 小时 分钟 季度 年度 月份 万元 亿元 公里",
)
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_DIGITS = r"[0-9×]{1,8}(?:[.,][0-9×]{1,8}){0,3}"  # × stands for a digit in a masked edition
_NUMERAL = "[零〇一二三四五六七八九十百千万两]"
_NUMBER = re.compile(
    # 三分之二, 3分之1, 百分之八十点五
    # with 前 or 后 before it, as in 前四分之一
    rf"(?P<side>[前后]?)(?:{_DIGITS}|{_NUMERAL}{{1,4}})分之(?:{_DIGITS}|{_NUMERAL}{{1,6}}(?:点{_NUMERAL}{{1,3}})?)"
    # 12次, −1.5个百分点, 第3季度, 1—9月, 9/12次, Q3季; no digits out of a date, an address
    r"|(?<![A-Za-z0-9.,_/×\-])(?P<bare>(?:第|[A-Za-z]{1,12})?[+−±＋－-]?"
    rf"{_DIGITS}(?:[—–~～至/-]{_DIGITS})?)(?:{_UNIT}|[一-鿿]|[%％‰℃])"
    # 两个季度, 第一季度, 十二次
    rf"|第?{_NUMERAL}{{1,5}}(?:{_UNIT}|[次家项期场])"
    # the other words for a place among others
    r"|中[上下位]水平"
)
# In justified text a long piece carried over opens the line above. There the noun behind 个, 家
# or 名 may go over alone: 7个 / 必学专题. 个百分点 is a unit and no noun: it parts only in a
# column too narrow for the whole, as 2.9个 / 百分点.
_NOUN = re.compile(r"(?<=[个家名])(?!季度|月份|年度|小时)[一-鿿]{2,}$")
_ONE_PIECE = {"百分点", "工作日"}
# Unicode's rules allow no line end between these where a digit follows; here it is BETWEEN two
# wholes: 63.5%（5人），.
_PERCENT = tuple("%％‰℃")
_BRACKETS = set("（《〈“‘【〔「『")
_LINE_EM = 20.0  # no number is wider than this; a line has 28, fewer in a list


def _wholes(text: str, kept: Kept, longest: int, room: float) -> list[tuple[int, int]]:
    """Where names and numbers are with their marks, in order; what both claim is the name's."""
    names = list(kept.spans(text, longest, room))
    taken = {place for span in names for place in range(*span)}
    numbers = _numbers(text, min(room, _LINE_EM), justified=longest <= KEEP_JUSTIFIED)
    return sorted([*names, *(span for span in numbers if taken.isdisjoint(range(*span)))])


def _numbers(text: str, room: float, *, justified: bool) -> Iterator[tuple[int, int]]:
    """Numbers with their units; in a narrow column with the unit's first character alone."""
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        noun = _NOUN.search(found[0])
        fits = _fits(text, _with_marks(text, start, end), room)
        if fits and (not justified or found[0].endswith("百分点")):
            noun = None
        if noun:
            end = start + noun.start()
            rest = _with_marks(text, end, found.end())
            if noun[0] in _ONE_PIECE and _fits(text, rest, room):
                yield rest
        spans = [(start, end)]
        if found["bare"]:
            spans.append((start, found.end("bare") + 1))
        if found["side"]:
            spans.append((start + 1, end))
        marked = (_with_marks(text, *span) for span in spans)
        yield from islice((span for span in marked if _fits(text, span, room)), 1)


# ---------------------------------------------------------------- pieces of a line

_SPECIAL = re.compile(rf"(?P<long>[!-~]{{{LONGEST_WORD},}})|(?P<line>\n)")


def pieces(
    text: str,
    kept: Kept = NO_NAMES,
    *,
    longest: int = KEEP_JUSTIFIED,
    room: float = math.inf,
) -> list[tuple[str, int]]:
    """Text cut where lines may not break though they could, and the other way round.

    Parameters
    ----------
    kept:
        The document's names.
    longest:
        The most characters of a name that is kept whole here. Up to ``KEEP_JUSTIFIED`` the
        text is taken to be justified, where a noun may leave its number: 7个 / 必学专题.
    room:
        How wide a whole piece may be, in em: in a table, what its column holds.
    """
    result: list[tuple[str, int]] = []
    place = 0
    for found in _SPECIAL.finditer(text):
        result += _with_wholes(text[place : found.start()], kept, longest, room)
        result += [("", NEW_LINE)] if found["line"] else _cut(found[0])
        place = found.end()
    return result + _with_wholes(text[place:], kept, longest, room)


def _with_wholes(text: str, kept: Kept, longest: int, room: float) -> list[tuple[str, int]]:
    result: list[tuple[str, int]] = []
    place = 0
    for start, end in _wholes(text, kept, longest, room):
        if start > place:
            result.append((text[place:start], PLAIN))
        result.append((text[start:end], WHOLE))
        if text[start:end].endswith(_PERCENT) and text[end : end + 1] in _BRACKETS:
            result.append(("", BETWEEN))
        place = end
    return [*result, (text[place:], PLAIN)] if place < len(text) else result


def inside_wholes(text: str, kept: Kept = NO_NAMES) -> set[int]:
    """The places in a text before which no line may end, because they are within a whole."""
    spans = _wholes(text, kept, KEEP_LONGEST, math.inf)
    return {place for start, end in spans for place in range(start + 1, end)}


def long_words(text: str) -> list[tuple[str, int]]:
    """Code cut only where a word is too long for any line."""
    result: list[tuple[str, int]] = []
    for word in re.split(rf"(\S{{{LONGEST_WORD},}})", text):
        result += _cut(word) if len(word) >= LONGEST_WORD and " " not in word else [(word, PLAIN)]
    return [(word, how) for word, how in result if word or how == MAY_BREAK]


def _cut(word: str) -> list[tuple[str, int]]:
    starts = range(0, len(word), _PIECE)
    return [x for i in starts for x in ((word[i : i + _PIECE], PLAIN), ("", MAY_BREAK))]
