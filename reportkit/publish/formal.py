"""版头 and 版记 of the formal edition, as the Typst template takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportkit.fonts import Role
from reportkit.publish.model import Head, Imprint
from reportkit.publish.wholes import width_em

LARGEST_MARK_PT = 62.0
"""A mark (发文机关标志) is as large as the width allows, up to here."""

Json = dict[str, Any]
Noted = Callable[[str, Role, str], None]
"""Takes note of a text, the role that prints it and its place, to be checked for glyphs."""


def mark_lines(head: Head) -> list[str]:
    """The mark's lines: organs that issue together stand on a line each."""
    return [line.strip() for line in head.mark.split("\n") if line.strip()] or ["　"]


def mark_pt(head: Head, width_pt: float) -> float:
    """The mark's size: the office's own, or as large as the width allows; never wider."""
    longest = max(width_em(line) for line in mark_lines(head))
    fits = width_pt / max(longest, 1.0)
    return round(min(head.mark_pt or LARGEST_MARK_PT, fits), 2)


def copies(imprint: Imprint) -> str:
    """抄送机关 with the full stop that ends them; "" if there are none."""
    text = imprint.copies_to.strip().rstrip("。")
    return f"{text}。" if text else ""


def head_data(head: Head, width_pt: float, note: Noted) -> Json:
    """版头: 份号, 密级, 紧急程度, 发文机关标志, 发文字号, 签发人 and the red rule."""
    lines = mark_lines(head)
    note("\n".join(lines), "小标宋", "mark")
    note(head.copy_number, "仿宋", "copy number")
    for text, place in ((head.secrecy, "secrecy"), (head.urgency, "urgency")):
        note(text, "黑体", place)
    note(f"{head.number}签发人：", "仿宋", "number")
    note(head.signatory, "楷体", "signatory")
    return {
        "kind": "head",
        "mark": lines,
        "mark_pt": mark_pt(head, width_pt),
        "copy_number": head.copy_number,
        "secrecy": head.secrecy,
        "urgency": head.urgency,
        "number": head.number,
        "signatory": head.signatory,
    }


def imprint_data(imprint: Imprint, note: Noted) -> Json:
    """版记: 抄送, 印发机关 and 印发日期, between rules."""
    note(f"抄送：{copies(imprint)}{imprint.printed_by}{imprint.printed_on}", "仿宋", "imprint")
    return {
        "kind": "imprint",
        "copies": copies(imprint),
        "printed_by": imprint.printed_by,
        "printed_on": imprint.printed_on,
    }
