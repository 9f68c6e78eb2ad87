"""What the letters of symbol fonts show: Word keeps a tick as a letter of Wingdings."""

from __future__ import annotations

_FONTS = ("symbol", "wingdings", "webdings", "mt extra", "marlett")
UNKNOWN = "〓"
"""Stands for a sign of which nothing is known, as in Chinese type for a letter that is lacking."""


def _row(start: int, signs: str) -> dict[int, str]:
    return dict(enumerate(signs, start))


_SIGNS: dict[str, dict[int, str]] = {
    "wingdings": {
        0x20: " ", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x74: "◆",
        0x75: "◆", 0x76: "❖", 0x77: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xD8: "➢",
        0xDF: "←", 0xE0: "→", 0xE8: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
        **_row(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    },
    "wingdings 2": {
        0x20: " ", 0x2A: "□", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒",
        0xA2: "■", 0xA3: "□", **_row(0x6A, "①②③④⑤⑥⑦⑧⑨⑩"),
    },
    "webdings": {0x20: " ", 0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"},
    "symbol": {
        **{code: chr(code) for code in range(0x20, 0x40)},
        **_row(0x41, "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"), **_row(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"),
        0x2D: "−", 0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
        0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD6: "√",
    },
}  # fmt: skip


def is_symbol(font: str, code: int) -> bool:
    """Whether a font shows something else for a character than other fonts do."""
    return font.lower().startswith(_FONTS) and (code < 0x100 or 0xF000 <= code < 0xF100)


def shown(font: str, code: int) -> str:
    """What people see: of a letter that symbol fonts alone have (U+F0xx), what others have there.

    :data:`UNKNOWN` if it is a sign that is not known here.
    """
    if 0xF020 <= code < 0xF100:
        code -= 0xF000
    if not is_symbol(font, code):
        return chr(code)
    return _SIGNS.get(font.lower(), {}).get(code, UNKNOWN)
