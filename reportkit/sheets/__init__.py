"""What goes in front of a draft when it goes up for signature: 发文稿纸 and 核稿单.

Facts are gathered from a document (:func:`gather`), checks made of them (:func:`run_checks`), and
both written as Word files. Nothing is ever signed or sealed here: the rooms for it stay empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportkit.sheets.checks import Check
    from reportkit.sheets.facts import Facts
    from reportkit.sheets.given import Form, Given

__all__ = ["Check", "Facts", "Form", "Given"]
