"""Markings of state secrets (密级): recognised wherever text may stand.

A marking is told from a topic that speaks of secrecy: “机密★10年” is one, 《中华人民共和国
保守国家秘密法》 is none, nor are the secrets of trade and work (商业秘密, 工作秘密).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from reportkit.text.normalising import half_width

_LEVEL = "(?:秘密|机密|绝密)"
_OPEN, _CLOSE = r"[\[(〔〖【{「『<〈]", r"[\])〕〗】}」』>〉]"
_STAR = r"[★☆✩✪⭐*]"
_TERM = r"(?:[0-9〇零一二三四五六七八九十]{1,3}(?:年|个?月)|长期|启用前|解密前)"
_KIND = "(?:级|件|文件|资料|材料)?"
_LABEL = (
    "(?:密级|密别|密等|涉密等级|涉密级别|保密等级|保密级别|秘密等级|定密级别|定密等级)"
    "(?:及保密期限|和保密期限)?"
)
_CHOICE = rf"(?![级]?[/|、,或和及]\s*(?:{_LEVEL}|内部|公开|非密|无))"

_ALONE = re.compile(rf"{_OPEN}*({_LEVEL}){_KIND}{_STAR}*[-—:：]*{_TERM}?{_CLOSE}*")
_WITHIN = (
    re.compile(rf"(?<!商业)(?<!工作)({_LEVEL})级?{_STAR}"),
    re.compile(rf"{_LABEL}{_CLOSE}?[:：=]?(?:为|是|定为)?{_OPEN}?({_LEVEL}){_CHOICE}"),
    re.compile(rf"{_OPEN}({_LEVEL})(?:级|件)?{_STAR}*{_TERM}?{_CLOSE}"),
)
_TRADITIONAL = str.maketrans("機絕級別", "机绝级别")
_INVISIBLE = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")


@lru_cache(maxsize=4096)
def classified_marking(text: str) -> str | None:
    """The level that a text is marked with, 秘密, 机密 or 绝密; None if it bears no marking.

    Blanks, invisible characters, full-width forms and traditional characters make no
    difference. “密级：公开”, 商业秘密 and topics about secrecy are no markings.
    """
    if "密" not in text:
        return None
    lines = half_width(text).translate(_TRADITIONAL).strip().splitlines()
    plain = _INVISIBLE.sub("", "".join(lines))
    # The first line of several may be a marking set above a title in the same cell.
    for whole in (plain, _INVISIBLE.sub("", lines[0]) if lines else ""):
        if match := _ALONE.fullmatch(whole):
            return match[1]
    for pattern in _WITHIN:
        if match := pattern.search(plain):
            return match[1]
    return None


def first_marked(texts: Iterable[str]) -> str | None:
    """The first text that bears a marking; each distinct text is looked at once."""
    return next((text for text in texts if "密" in text and classified_marking(text)), None)
