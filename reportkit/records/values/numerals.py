"""Numbers in Chinese characters: 十二, 一百零五, 二〇二三."""

from __future__ import annotations

import re

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇○", "一二三四五六七八九十百千零零")
_DIGITS = "零一二三四五六七八九"
_PLACES = {"千": 1000, "百": 100, "十": 10}


def chinese_whole(text: str) -> int | None:
    """The whole number below 100,000 that is written; None if it is not written in full.

    “一百五” (105 or 150), “三五” (three to five) and “十几” are not numbers written in full.
    """
    plain = text.translate(_FORMAL)
    plain = re.sub("^两(?=$|[百千万])|(?<=万)两(?=千)|(?<=千)两(?=百)", "二", plain)
    if plain == "零":
        return 0
    if not plain or len(plain) > 11 or re.search(r"[^零一二三四五六七八九十百千万]", plain):
        return None
    value = section = digit = 0
    for character in plain:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character == "万":
            value, section, digit = (section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _PLACES[character]
            digit = 0
    value += section + digit
    # whatever was read loosely must be what one would write for the number
    spelt = {
        _spelt(value),
        re.sub("^一十", "十", _spelt(value)),
        re.sub("百一十", "百十", _spelt(value)),
    }
    return value if 0 < value < 100_000 and plain in spelt else None


def _spelt(value: int) -> str:
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return f"{_spelt(high)}万{gap}{_spelt(low) if low else ''}"
    text = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, place)
        if digit:
            text += _DIGITS[digit] + name
        elif text and value and not text.endswith("零"):
            text += "零"
    return text


def chinese_year(text: str) -> int | None:
    """The four digits of a year, each as a character: 二〇二三."""
    plain = text.translate(str.maketrans("〇○OＯoｏ0０", "零零零零零零零零"))
    if len(plain) != 4 or any(c not in _DIGITS for c in plain):
        return None
    return int("".join(str(_DIGITS.index(c)) for c in plain))
