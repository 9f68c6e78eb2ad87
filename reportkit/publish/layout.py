"""What has to be worked out before a page is set: title lines, table columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from reportkit.publish.model import STANDARD_PAGE, Table, Tint
from reportkit.publish.wholes import (
    LONGEST_WORD,
    NO_NAMES,
    Kept,
    char_em,
    inside_wholes,
    width_em,
)

PORTRAIT_PT = STANDARD_PAGE.text_width_pt
LANDSCAPE_PT = STANDARD_PAGE.turned_width_pt
TITLE_LIMIT = 20.0  # characters of 22 pt in 156 mm


def wrapped_runs(
    text: str, tints: Sequence[Tint] = (), columns: int = 80
) -> list[list[tuple[str, str]]]:
    """Program output, cut at the width that its font has room for.

    Each line is a list of (text, style): "" for plain text, else a colour, "bold" or both
    ("bold red").
    """
    marks = [(tint.start, tint.end, _style(tint)) for tint in tints]
    lines, first = [], 0
    for start, end in _cuts(text, columns):
        while first < len(marks) and marks[first][1] <= start:
            first += 1
        runs, place = [], start
        for begin, stop, style in marks[first:]:
            if begin >= end:
                break
            begin, stop = max(begin, start), min(stop, end)
            runs += [(text[place:begin], ""), (text[begin:stop], style)]
            place = stop
        runs.append((text[place:end], ""))
        lines.append([run for run in runs if run[0]])
    return lines


def _style(tint: Tint) -> str:
    return " ".join(filter(None, ("bold" if tint.bold else "", tint.colour)))


def _cuts(text: str, columns: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each line: at the line ends, and where a line is too long."""
    start, used = 0, 0.0
    for place, char in enumerate(text):
        if char == "\n":
            yield start, place
            start, used = place + 1, 0.0
            continue
        step = 1.0 if char_em(char) < 1 else 1.7
        if used + step > columns:
            yield start, place
            start, used = place, 0.0
        used += step
    yield start, len(text)


# ---------------------------------------------------------------- title

# Words of this kind of title that no line end should cut.
_WORDS = frozenset(
    re.findall(
        r"\S+",
        "理论学习中心组 关于 情况 通报 通知 报告 意见 学习 党委 党支部 支部 理论 中心组 "
        "中心 集团公司 集团 公司 有限公司 单位 权属 检查 考核 工作 会议 年度 "
        "季度 半年 第一 第二 第三 第四 上半 下半 全面 贯彻 落实 开展 进一步 "
        "加强 改进 组织 安全 生产 管理 制度 总体 统计 明细 一览 排名 汇总 "
        "同类 专题 研讨 集体 参学 考勤 问题 整改 要求 任务 清单 建设 发展 "
        "委员会 领导 班子 成员 党总支 党组 上半年 下半年 前三季度 "
        "学习情况 一季度 二季度 三季度 四季度 第一季度 第二季度 第三季度 第四季度",
    )
)
# Of several such words: better one line more, the longer word whole, than a line that ends in it.
_COMPOUNDS = re.compile(
    r"(?:党委|党总支|党支部|党组)?理论学习中心组|年(?:[上下]半年|前三季度|第?[一二三四]季度)"
)
_NOT_FIRST = set("，。、；：？！）》”’〉】〕…—的之％%年月日号次")
_NOT_LAST = set("（《“‘〈【〔第")
_GOOD_LAST = set("的、，：；》”）与和及年月 ")


def title_lines(text: str, limit: float = TITLE_LIMIT, kept: Kept = NO_NAMES) -> list[str]:
    """A title over as few lines as it needs, about equally long, broken at good places.

    A name, or a number with its unit, is cut only if there is no other place at all. A line end
    in the text is the author's own choice and is kept.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        part = part.strip()
        if part:
            lines += _balanced(part, limit, kept)
    return lines


def _balanced(text: str, limit: float, kept: Kept) -> list[str]:
    total = width_em(text)
    if total <= limit:
        return [text]
    count = math.ceil(total / (limit - 1))
    ideal = total / count
    inside = inside_wholes(text, kept)
    costs = [
        _CUT_WHOLE if place in inside else _break_cost(text, place)
        for place in range(len(text) + 1)
    ]
    for found in _COMPOUNDS.finditer(text):
        for place in range(found.start() + 1, found.end()):
            costs[place] = max(costs[place], _CUT_COMPOUND)
    cuts = _cheapest([char_em(char) for char in text], costs, limit, ideal)
    return [text[a:b].strip() for a, b in pairwise(cuts)]


# More than all else that can be wrong with the lines of a title together.
_CUT_WHOLE = 100_000.0
_CUT_COMPOUND = 130.0
# A line shorter than both its neighbours: 梯形 and 菱形 are wanted, no hourglass.
_WAIST = 80.0


def _cheapest(
    widths: Sequence[float], costs: Sequence[float], limit: float, ideal: float
) -> list[int]:
    """The places of the best cuts, both ends included.

    A line is judged together with the two before it.
    """
    sums = [0.0, *accumulate(widths)]
    count = len(widths)
    # By the line's begin and end: the least cost of all up to its end, and the line before it.
    best: dict[tuple[int, int], tuple[float, int]] = {}
    begins: list[list[int]] = [[] for _ in range(count + 1)]
    for end in range(1, count + 1):
        for begin in range(end - 1, -1, -1):
            long = sums[end] - sums[begin]
            # One single character may be too wide for any line; it still prints.
            if long > limit and end - begin > 1:
                break
            cost = (long - ideal) ** 2 + max(0.0, long - limit) * 1000
            cost += 0 if end == count else costs[end]
            before = [
                (best[last, begin][0] + _waist(sums, best[last, begin][1], last, begin, end), last)
                for last in begins[begin]
            ]
            least, last = min(before, default=(0.0, 0))
            best[begin, end] = least + cost, last
            begins[end].append(begin)
    cuts = [count, min(begins[count], key=lambda begin: best[begin, count][0])]
    while cuts[-1] > 0:
        cuts.append(best[cuts[-1], cuts[-2]][1])
    return cuts[::-1]


def _waist(sums: Sequence[float], first: int, second: int, third: int, end: int) -> float:
    """What it costs if the middle one of three lines, of which the last ends at ``end``, is short.

    Two lines, ``first`` and ``second`` being the same place, have no middle one.
    """
    if first == second:
        return 0.0
    middle = sums[third] - sums[second]
    shorter = min(sums[second] - sums[first], sums[end] - sums[third])
    return _WAIST if middle < shorter else 0.0


def _break_cost(text: str, place: int) -> float:
    """How bad it is to break before the character at ``place``."""
    if not 0 < place < len(text):
        return 0.0
    before, after = text[place - 1], text[place]
    if after in _NOT_FIRST or before in _NOT_LAST:
        return 500.0
    if before.isascii() and after.isascii() and before != " " and after != " ":
        return 800.0
    if before.isdigit() and not after.isspace():
        return 300.0
    for word in _WORDS:
        for offset in range(1, len(word)):
            if text.startswith(word, place - offset) and place >= offset:
                return 250.0
    if text.rfind("《", 0, place) > text.rfind("》", 0, place):
        return 30.0
    if before in _GOOD_LAST:
        return 0.0
    known = any(text.startswith(w, place) or text.endswith(w, 0, place) for w in _WORDS)
    return 4.0 if known else 16.0


# ---------------------------------------------------------------- tables

_SIZES = (12.0, 10.5, 9.0, 7.5)
_COMFORT_EM = 8.0  # a narrower column of Chinese is tiresome to read
_LEAST_EM = 2.0
_WIDEST_EM = 30.0
_WORD = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class TablePart:
    """How one table, or some columns of one too wide, is set."""

    places: tuple[int, ...]
    widths: tuple[float, ...]
    size: float
    inset: float
    breakable: bool

    @property
    def rooms(self) -> tuple[float, ...]:
        """How much text each column holds in a line, in em."""
        return tuple(max(width - 2 * self.inset, 0.0) / self.size for width in self.widths)


def table_parts(table: Table, available: float) -> list[TablePart]:
    """Font size and column widths for a table, in points; never wider than ``available``.

    A table whose columns do not fit even in the smallest size is cut into several, each
    beginning with the first column again.
    """
    natural, least = [], []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        words = max(_longest_word(text) for text in (column.text, *cells))
        # A head may take two lines.
        full = max([_longest_line(column.text) / 2 + 0.6, *map(_longest_line, cells)])
        least.append(max(_LEAST_EM, words))
        natural.append(max(min(full, _WIDEST_EM), least[-1]))
    everything = tuple(range(len(table.columns)))
    for size in _SIZES:
        wanted = sum(max(low, min(full, _COMFORT_EM))
                     for low, full in zip(least, natural, strict=True))  # fmt: skip
        if wanted <= _room(len(everything), size, available):
            return [_part(table, everything, natural, least, size, available)]
    size = _SIZES[-1]
    if sum(least) <= _room(len(everything), size, available):
        return [_part(table, everything, natural, least, size, available)]
    return [
        _part(table, places, natural, least, size, available)
        for places in _groups(least, size, available)
    ]


# On the screen a table keeps one size of type, with more room about its text.
SCREEN_PT = 12.0
_SCREEN_INSET_EM = 0.45  # its share of the lines about the cells included
_SCREEN_LEAST_EM = 6.0
SCREEN_TEXT_EM = _SCREEN_LEAST_EM + 2 * _SCREEN_INSET_EM - 0.01


def screen_shares(table: Table, part: TablePart, available: float) -> list[float]:
    """The columns' widths on the screen, in per cent of the table.

    They are those on paper, but that a column of text has room for six characters, or for all
    it holds, where on paper the smaller type did that.
    """
    room = available / SCREEN_PT
    low = [
        _least_on_screen(table, place) if table.columns[place].width is not None else 0.0
        for place in part.places
    ]
    if sum(low) > room:
        low = [0.0] * len(low)
    ems = _shared(low, part.widths, room)
    return [100 * em / room for em in ems]


def _least_on_screen(table: Table, place: int) -> float:
    """What a column wants of the screen's width at least, in em."""
    cells = [row[place] for row in table.rows]
    words = max(map(_longest_word, (table.columns[place].text, *cells)))
    least = words
    if table.columns[place].align == "left":
        least = max(words, min(_SCREEN_LEAST_EM, max(map(_longest_line, cells), default=0.0)))
    return least + 2 * _SCREEN_INSET_EM


def _room(count: int, size: float, available: float) -> float:
    return (available - count * 2 * _inset(count) - 1) / size


def table_height(table: Table, part: TablePart) -> float:
    """About how high a part of a table will be: its rows, each as high as its fullest cell."""
    rows = [[column.text for column in table.columns], *table.rows]
    room = [max(width - 2 * part.inset, part.size) for width in part.widths]
    height = 0.0
    for row in rows:
        filled = zip(part.places, room, strict=True)
        lines = max(math.ceil(width_em(row[i]) * part.size / wide) for i, wide in filled)
        height += (max(lines, 1) * 1.4 + 0.8) * part.size
    return height


def _inset(count: int) -> float:
    return 4.0 if count <= 8 else 2.0


def _longest_line(text: str) -> float:
    return max(width_em(line) for line in text.split("\n")) + 0.2


def _longest_word(text: str) -> float:
    # Longer words are given places to break by pieces().
    words = (found[0][:LONGEST_WORD] for found in _WORD.finditer(text))
    return max((width_em(word) for word in words), default=0.0) + 0.2


def _groups(least: Sequence[float], size: float, available: float) -> list[tuple[int, ...]]:
    groups: list[tuple[int, ...]] = []
    current = [0]
    for place in range(1, len(least)):
        long = sum(least[i] for i in [*current, place])
        if long > _room(len(current) + 1, size, available) and len(current) > 1:
            groups.append(tuple(current))
            current = [0]
        current.append(place)
    return [*groups, tuple(current)]


def _part(
    table: Table,
    places: tuple[int, ...],
    natural: Sequence[float],
    least: Sequence[float],
    size: float,
    available: float,
) -> TablePart:
    inset = _inset(len(places))
    room = _room(len(places), size, available)
    low = [least[i] for i in places]
    given = [table.columns[i].width for i in places]
    stated = [weight for weight in given if weight is not None]
    if stated:
        mean = sum(stated) / len(stated)
        target = [weight if weight is not None else mean for weight in given]
    else:
        target = [natural[i] for i in places]
    ems = _shared(low, target, room)
    longest = max((len(row[i]) * size / (em * size) for row in table.rows
                   for i, em in zip(places, ems, strict=True)), default=0)  # fmt: skip
    return TablePart(
        places,
        tuple(round(em * size + 2 * inset, 2) for em in ems),
        size,
        inset,
        breakable=longest > 12,
    )


def _shared(low: Sequence[float], target: Sequence[float], room: float) -> list[float]:
    """Widths in proportion to ``target``, none below ``low``, together ``room``."""
    if sum(low) >= room:
        return [width * room / sum(low) for width in low]
    fixed: set[int] = set()
    while True:
        rest = room - sum(low[i] for i in fixed)
        weight = sum(target[i] for i in range(len(low)) if i not in fixed)
        share = [low[i] if i in fixed else target[i] * rest / weight for i in range(len(low))]
        short = {i for i in range(len(low)) if i not in fixed and share[i] < low[i]}
        if not short:
            return share
        fixed |= short
