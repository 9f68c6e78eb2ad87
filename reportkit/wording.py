"""How official Chinese states a count, a ratio, a change, a list (公文用语).

Numbers are rounded half up, as people round; the exact value stays with the indicator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from reportkit.text.numerals import spelt

_GUARD_DIGITS = 9
"""Floats are first rounded here, so that 0.80045 × 100 rounds as 80.045, not as 80.04499…"""

MOST_PLACES = _GUARD_DIGITS - 2
"""The most decimals that a percentage can show."""

MASK = "×××"
"""Any figure of a masked edition (脱敏版): of one width, so that no number of digits shows."""


def round_half_up(value: float, places: int = 0) -> Decimal:
    """``value`` rounded half up to ``places`` decimals."""
    exact = Decimal(f"{round(float(value), _GUARD_DIGITS):.{_GUARD_DIGITS}f}")
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded or abs(rounded)  # never −0


def number(value: float, places: int = 0) -> str:
    """A number without superfluous zeros: 12, 3.5."""
    return _plain(round_half_up(value, places))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_percent(ratio: float, places: int = 1) -> Decimal:
    """A ratio in percent, as rounded for print: 0.8567 → 85.7.

    A ratio below one is never rounded to 100, nor one above zero to 0: the sentence around
    it ("低于100%") would contradict it.
    """
    while places < MOST_PLACES:
        shown = round_half_up(ratio * 100, places)
        if (shown == 100 and ratio < 1 - 1e-9) or (shown == 0 and ratio > 1e-9):
            places += 1
            continue
        break
    return round_half_up(ratio * 100, places)


def percent(ratio: float, places: int = 1) -> str:
    """A ratio as a percentage: 0.8567 → 85.7%, 1.0 → 100%, after :func:`shown_percent`."""
    return f"{_plain(shown_percent(ratio, places))}%"


def shares(parts: Sequence[float], places: int = 1) -> list[str]:
    """Parts of a whole as percentages that add up to 100% as shown (largest remainders).

    Raises
    ------
    ValueError
        If a part is negative, or all are zero.
    """
    whole = sum(parts)
    if whole <= 0 or min(parts) < 0:
        raise ValueError(f"{list(parts)} are no parts of a whole")
    steps = 100 * 10**places
    exact = [Decimal(repr(part)) * steps / Decimal(repr(whole)) for part in parts]
    floors = [int(share) for share in exact]
    # What rounding down leaves goes to those that lost most by it, the first of equals first.
    by_loss = sorted(range(len(parts)), key=lambda n: (floors[n] - exact[n], n))
    for n in by_loss[: steps - sum(floors)]:
        floors[n] += 1
    return [f"{_plain(Decimal(n).scaleb(-places))}%" for n in floors]


def points(difference: float | Decimal) -> str:
    """The size of a difference of two percentages (个百分点): 1.5 → 1.5个百分点."""
    return f"{_plain(abs(round_half_up(float(difference), MOST_PLACES)))}个百分点"


def count_difference(now: float, before: float) -> Decimal:
    """The change of a count or a mean, as a reader finds it from the printed values."""
    return round_half_up(now, 1) - round_half_up(before, 1)


def count_change(now: float, before: float, counter: str, than: str = "上年") -> str:
    """The change of a count: 比上年增加2次，增长25% · 与上年持平. ``than``: 上年, 上年同期."""
    difference, printed = count_difference(now, before), round_half_up(before, 1)
    if difference == 0:
        return f"与{than}基本持平" if abs(now - before) > 1e-9 else f"与{than}持平"
    verb, rate = ("增加", "增长") if difference > 0 else ("减少", "下降")
    text = f"比{than}{verb}{_plain(abs(difference))}{counter}"
    if printed == 0:
        return f"{text}（{than}为零，增幅不可比）"
    return f"{text}，{rate}{percent(float(abs(difference) / printed))}"


def ratio_difference(now: float, before: float) -> Decimal:
    """The change of a ratio in percentage points, as a reader finds it from the printed values.

    85.7% after 84.2% is 1.5, though the exact values may differ by 1.4: what is shown adds up.
    """
    return shown_percent(now) - shown_percent(before)


def ratio_change(now: float, before: float, than: str = "上年") -> str:
    """The change of a ratio: 比上年提高1.2个百分点 · 与上年持平 · 与上年基本持平."""
    difference = ratio_difference(now, before)
    if difference == 0:
        return f"与{than}基本持平" if abs(now - before) > 1e-9 else f"与{than}持平"
    return f"比{than}{'提高' if difference > 0 else '下降'}{points(difference)}"


def ordinal(n: int) -> str:
    """A number in Chinese numerals, 0–99: 十二, 二十."""
    if n < 0 or n > 99:
        raise ValueError(f"{n} has no short numeral; expected 0 to 99")
    text = spelt(n)
    return text[1:] if text.startswith("一十") else text


def heading_number(level: int, n: int) -> str:
    """The number of a heading after GB/T 9704: 一、 · （一） · 1. · （1）."""
    match level:
        case 1:
            return f"{ordinal(n)}、"
        case 2:
            return f"（{ordinal(n)}）"
        case 3:
            return f"{n}."
        case 4:
            return f"（{n}）"
    raise ValueError(f"no heading of level {level}; expected 1 to 4")


def full_date(day: dt.date) -> str:
    """A date as a document states it, without padding: 2024年1月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def names(items: Sequence[str], counter: str = "", most: int = 5, *, masked: bool = False) -> str:
    """A list of names: 甲、乙 · beyond ``most``, or with a counter: 甲、乙等7家单位.

    ``masked``: how many there are is a figure, and prints as ×××.
    """
    shown = "、".join(items[:most])
    if len(items) > most or (counter and len(items) > 1):
        return f"{shown}等{MASK if masked else len(items)}{counter or '项'}"
    return shown


def join_clauses(clauses: Sequence[str], joint: str = "；") -> str:
    """Clauses of one theme, joined by ；and ended by 。 Empty ones are left out."""
    kept = [bare for clause in clauses if (bare := clause.rstrip("。；，"))]
    return joint.join(kept) + "。" if kept else ""


def enumerate_sentences(sentences: Sequence[str]) -> str:
    """Several measures in one paragraph: 一是…；二是…。 A single one stands bare."""
    kept = [bare for sentence in sentences if (bare := sentence.rstrip("。；，"))]
    if len(kept) < 2:
        return join_clauses(kept)
    return join_clauses([f"{ordinal(i)}是{s}" for i, s in enumerate(kept, 1)])
