"""What an analyst would decide on the demo: which practices the group circular tells of."""

from __future__ import annotations

from collections.abc import Iterable

HEADS = {
    "二.（一）": ("品牌学习法", "形式"),
    "二.（二）": ("制度",),
    "二.（三）": ("成果转化",),
}
"""Paragraph of section two → the kinds of practice that stand under it."""

MOST = 4


def select(offered: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Practices by paragraph: at most four each, no name twice, a unit once a paragraph.

    ``offered``: (practice_id, kind, name) in official order of the units.
    """
    candidates = list(offered)
    chosen: dict[str, list[str]] = {}
    told: set[str] = set()
    for head, kinds in HEADS.items():
        chosen[head] = []
        units: set[str] = set()
        for practice_id, kind, name in candidates:
            unit = practice_id.partition("/")[0]
            if kind in kinds and name not in told and unit not in units and len(units) < MOST:
                chosen[head].append(practice_id)
                told.add(name)
                units.add(unit)
    return chosen


def decisions_yaml(year: int, chosen: dict[str, list[str]]) -> str:
    """``params/decisions/<year>.yml`` with its comments."""
    lines = [f"  {head}: [{', '.join(ids)}]" for head, ids in chosen.items()]
    return "\n".join(
        [
            "# 人工决定：改完保存，再运行 reportkit run 即可。",
            "# 第二部分各段入选的做法：段落编号"
            f"（见 params/text/{year}/group.md）: [单位代码/序号, …]",
            "practices:",
            *lines,
            "# 经人工确认、可以印“多数单位”的规则代码",
            "many_confirmed: []",
            "",
        ]
    )
