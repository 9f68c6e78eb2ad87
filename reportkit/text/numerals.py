"""Numbers in Chinese characters: 十二, 一百零五, 贰拾叁, 一万二, 零点八五, 二〇二三."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = "零一二三四五六七八九"
_USUAL = str.maketrans(
    dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟〇○俩仨", "一二三四五六七八九十百千零零两三", strict=True))
    | {"廿": "二十", "卅": "三十", "卌": "四十"}
)
_VALUES = {c: n for n, c in enumerate(DIGITS)} | {"两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_TWO = re.compile("^两(?=$|[百千万])|(?<=万)两(?=千)|(?<=千)两(?=百)")
_PIECE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|.", re.DOTALL)


@lru_cache(maxsize=4096)
def chinese_number(text: str) -> Decimal | None:
    """The number that digits, characters, or both state; None for what is no number.

    二十三 → 23, 八十点五 → 80.5, 1.2万 → 12000; as people speak: 一百五 → 150, 一万二 → 12000.
    """
    whole, point, rest = text.translate(_USUAL).partition("点")
    if not whole or (point and not (rest and all(c in _VALUES for c in rest))):
        return None
    total = section = digit = Decimal(0)
    scale = 0
    for piece in _PIECE.findall(whole):
        if piece[0].isascii() and piece[0].isdigit():
            digit = Decimal(piece.replace(",", ""))
        elif piece in _VALUES:
            scale = 0 if piece == "零" or digit else scale
            digit = digit * 10 + _VALUES[piece]
        elif piece not in _SCALES:
            return None
        else:
            scale = _SCALES[piece]
            if scale < 10_000:
                section += (digit or 1) * scale
            elif scale == 10_000:
                total, section = total + (section + digit or Decimal(1)) * scale, Decimal(0)
            else:
                total, section = (total + section + digit or Decimal(1)) * scale, Decimal(0)
            digit = Decimal(0)
    if scale > 10 and digit < 10:
        digit *= scale // 10
    value = total + section + digit
    return value + Decimal(f"0.{''.join(str(_VALUES[c]) for c in rest)}") if rest else value


def chinese_whole(text: str) -> int | None:
    """The whole number below 100,000 that is written; None if it is not written in full.

    “一百五” (105 or 150), “三五” (three to five) and “十几” are not numbers written in full.
    """
    usual = re.sub(
        "^两(?=$|[百千万])|(?<=万)两(?=千)|(?<=千)两(?=百)", "二", text.translate(_USUAL)
    )
    value = None if "点" in usual else chinese_number(usual)
    if value is None or not 0 <= value < 100_000:
        return None
    # whatever was read loosely must be what one would write for the number
    full = spelt(int(value))
    written = {full, re.sub("^一十", "十", full), full.replace("百一十", "百十")}
    return int(value) if usual in written else None


def chinese_decimal(text: str) -> Decimal | None:
    """The same with decimals: 两点五; None if it is not written in full."""
    whole, point, rest = text.partition("点")
    value = chinese_whole(whole)
    return None if value is None else chinese_number(f"{spelt(value)}{point}{rest}")


def spelt(value: int) -> str:
    """A number below 100,000,000 in full: 一百零五, 一十二; 零."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return f"{spelt(high)}万{gap}{spelt(low) if low else ''}"
    text = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, place)
        if digit:
            text += DIGITS[digit] + name
        elif text and value and not text.endswith("零"):
            text += "零"
    return text or "零"


def chinese_year(text: str) -> int | None:
    """The four digits of a year, each as a character: 二〇二三."""
    usual = text.translate(str.maketrans("〇○OＯoｏ0０", "零零零零零零零零"))
    if len(usual) != 4 or any(c not in DIGITS for c in usual):
        return None
    return int("".join(str(DIGITS.index(c)) for c in usual))
