"""Numbers of persons that no form asks for: identity cards (身份证号) and telephones (电话).

What is found by :func:`find_private` is refused; what an issue quotes goes through
:func:`mask_private`, which rather hides too much.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

PrivateCode = Literal["", "identity_number", "telephone"]

MASKED = "〔证件号码，已隐去〕"
MASKED_TELEPHONE = "〔电话号码，已隐去〕"

_UNSEEN = "\u00a0\u00ad\u3000\u2000-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_GAP = rf"[\s.·_\-‐-―−{_UNSEEN}]{{0,2}}"
"""What people put between the groups of a number."""
_APART = _GAP.replace("{0,2}", "{1,2}")

_MANY_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")
"""Without seven digits near each other there is no such number: most cells end here."""
_WIDE = {"Ｘ": "X", "ｘ": "x", "＋": "+", "－": "-", "（": "(", "）": ")", "：": ":", "．": "."}

IDENTITY = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|[1-9]\d{14})(?!\d)", re.ASCII)
"""An identity number (18 digits, or the old 15) in one piece, wherever it stands in a text."""
_BORN = rf"(?:0{_GAP}[1-9]|1{_GAP}[0-2]){_GAP}(?:0{_GAP}[1-9]|[12]{_GAP}\d|3{_GAP}[01])"
_GROUPED = re.compile(
    rf"(?<!\d)(?=([1-9](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_GAP}\d){{2}}{_GAP}{_BORN}"
    rf"(?:{_GAP}\d){{3}}{_GAP}[\dXx]|[1-9](?:{_GAP}\d){{5}}(?:{_GAP}\d){{2}}{_GAP}{_BORN}"
    rf"(?:{_GAP}\d){{3}})(?!\d))",
    re.ASCII,
)
"""The same in groups: only with a birthday in it, since dates and lists are digits too."""
_GAPS_AT = ({3, 6, 8, 10, 12, 14, 17}, {4, 8, 12, 16}, {5, 10, 15}, {3, 6, 9, 12, 15})
"""After which digits people leave a gap; elsewhere the digits are a list of other numbers."""

_NOT_WITHIN = r"(?<!\d)(?<![A-Za-z\d][-–])"
_MOBILE = re.compile(
    rf"{_NOT_WITHIN}(?:(?:\+|00)?86\)?{_GAP})?(?:1[3-9]\d{{9}}|1[3-9]\d{_APART}\d{{4}}{_APART}\d{{4}}"
    rf"|1[3-9]\d{{2}}{_APART}\d{{3}}{_APART}\d{{4}}|1[3-9]\d{_APART}\d{{3}}{_APART}\d{{5}}"
    rf"|1[3-9]\d{_APART}\d{{8}}|1[3-9]\d{{2}}{_APART}\d{{7}}|1[3-9]\d{{5}}{_APART}\d{{4}}"
    rf"|1[3-9]\d{{3}}{_APART}\d{{6}})(?!\d)",
    re.ASCII,
)
_AREA = r"(?:010|02\d|0[3-9]\d\d)"
_LANDLINE = re.compile(
    rf"{_NOT_WITHIN}(?:\+?86[ -]?)?(?:\({_AREA}\) ?|{_AREA}[ \-–—]{{1,2}})"
    rf"[2-8]\d{{2,3}}[ -]?\d{{4}}(?!\d)",
    re.ASCII,
)
_LANDLINE_CLOSED = re.compile(rf"(?<!\d){_AREA}[2-8]\d{{6,7}}(?!\d)", re.ASCII)
_LABELLED = re.compile(
    r"(?:电话|手机|座机|联系方式|联系号码|[Tt][Ee][Ll]|[Pp]hone)(?:号码?)?[:.\s是为]{0,3}"
    r"\+?\d(?:[ -]?\d){6,}",
    re.ASCII,
)
_LONG_NUMBER = re.compile(rf"\d(?:[\s{_UNSEEN}]{{0,2}}\d){{13,}}(?:{_GAP}[Xx])?", re.ASCII)


def _same_length(text: str) -> str:
    """Digits of any width as ordinary ones; every character stays where it is."""
    if text.isascii():
        return text
    return "".join(
        c if c < "\x80" else _WIDE.get(c) or str(unicodedata.decimal(c, c)) for c in text
    )


def _grouped(text: str) -> list[tuple[int, int]]:
    """Where identity numbers stand in groups."""
    found = []
    for match in _GROUPED.finditer(text):
        gaps, digits = set(), 0
        for before, character in zip(match[1], match[1][1:], strict=False):
            digits += before.isalnum()
            if before.isalnum() and not character.isalnum():
                gaps.add(digits)
        if any(gaps <= allowed for allowed in _GAPS_AT):
            found.append(match.span(1))
    return found


def find_private(text: str, *, numbered: bool = False) -> PrivateCode:
    """Which number of a person stands in the text; ``""`` if none.

    ``numbered``: the cell asks for a number (工号, 编号), where ten to twelve digits in one
    piece that begin with 0 need not be a telephone.
    """
    if not _MANY_DIGITS.search(text):
        return ""
    plain = _same_length(text)
    if IDENTITY.search(plain) or _grouped(plain):
        return "identity_number"
    if _MOBILE.search(plain) or _LANDLINE.search(plain) or _LABELLED.search(plain):
        return "telephone"
    if not numbered and _LANDLINE_CLOSED.search(plain):
        return "telephone"
    return ""


def find_private_number(value: float) -> PrivateCode:
    """The same for a number cell: whole numbers of 15 or 18 digits, and mobile numbers."""
    if not 10**10 <= value < 10**18 or value != int(value):
        return ""
    return find_private(str(int(value)), numbered=True)


def has_identity(text: str) -> bool:
    """Whether an identity number stands in the text, also in full-width digits or groups."""
    return find_private(text) == "identity_number"


def mask_private(text: str) -> str:
    """The text with identity numbers, telephones and all numbers of 14 digits or more hidden."""
    if not _MANY_DIGITS.search(text):
        return text
    plain = _same_length(text)
    spans = [(at, MASKED) for at in _grouped(plain)]
    for pattern, mask in (
        (_LONG_NUMBER, MASKED),
        (IDENTITY, MASKED),
        (_MOBILE, MASKED_TELEPHONE),
        (_LANDLINE, MASKED_TELEPHONE),
        (_LANDLINE_CLOSED, MASKED_TELEPHONE),
        (_LABELLED, MASKED_TELEPHONE),
    ):
        spans += [(match.span(), mask) for match in pattern.finditer(plain)]
    parts, done = [], 0
    for (start, end), mask in sorted(spans, key=lambda span: (span[0][0], -span[0][1])):
        if start >= done:
            parts += [text[done:start], mask]
        elif end > done and parts:
            parts[-1] = MASKED  # they overlap: neither may leave a rest
        done = max(done, end)
    return "".join((*parts, text[done:]))
