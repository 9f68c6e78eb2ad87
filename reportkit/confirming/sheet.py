"""The figures that a 数据确认单 puts before a unit, and the 数据版本 by which they are known."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportkit.text.normalising import plain

RECEIVED = "报送情况"
FIGURES = "拟采用的数据"
OPINION = "确认意见"
RECEIVED_HEADS = ("报送内容", "状态", "记录（条）", "未计入（条）")
FIGURES_HEADS = ("指标", "数据", "分子/分母", "未计入")
CONFIRM, REMARK = "确认（是/否）", "说明"
RIGHT, WRONG = "数据无误", "有异议"
PRINTED_OPINION = f"□ {RIGHT}\n□ {WRONG}（请在说明栏注明，并附依据）"
FILLED_BY, SIGNED_BY, SIGNED_ON = (
    "填表人、联系电话", "党委（党总支、党支部）负责人签字", "日期（盖章）",
)  # fmt: skip

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels: a version is neither a word nor a number, and no YAML takes it for one."""
_VERSION = re.compile(rf"数据版本[:：]?([{_LETTERS}]{{4}}(?:[-‐‑–—―－−]?[{_LETTERS}]{{4}}){{2}})")


@dataclass(frozen=True)
class Sheet:
    """Both tables of a 数据确认单, without the columns that a unit fills in.

    Parameters
    ----------
    received:
        报送情况: the cells under :data:`RECEIVED_HEADS`, row by row.
    figures:
        拟采用的数据: the cells under :data:`FIGURES_HEADS`, row by row.
    """

    received: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[str, ...], ...]

    @property
    def version(self) -> str:
        """数据版本, as BCDF-GHJK-LMNP: the same as long as all cells say the same."""
        rows = [[[plain(cell) for cell in row] for row in table] for table in self.tables.values()]
        digest = hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).digest()
        number = int.from_bytes(digest[:16], "big")
        letters = ""
        for _ in range(12):
            number, place = divmod(number, len(_LETTERS))
            letters += _LETTERS[place]
        return "-".join((letters[:4], letters[4:8], letters[8:]))

    @property
    def tables(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Title → rows."""
        return {RECEIVED: self.received, FIGURES: self.figures}

    def row(self, table: str, name: str) -> tuple[str, ...] | None:
        """The row of a table that begins with a name; blanks make no difference."""
        wanted = plain(name)
        return next((row for row in self.tables[table] if plain(row[0]) == wanted), None)


def version_in(text: str) -> str | None:
    """The 数据版本 that a text states; None if it states none."""
    found = _VERSION.search(plain(text).upper())
    if not found:
        return None
    letters = re.sub(r"[^A-Z]", "", found[1])
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def differences(table: str, before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What differs between two rows of a table, as “数据 20次 → 21次”, column by column."""
    heads = RECEIVED_HEADS if table == RECEIVED else FIGURES_HEADS
    return [
        f"{head} {old.strip() or '（空）'} → {new.strip() or '（空）'}"
        for head, old, new in zip(heads[1:], before[1:], after[1:], strict=True)
        if plain(old) != plain(new)
    ]
