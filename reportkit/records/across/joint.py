"""联学: one session that several units hold together, under the same number in each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reportkit.records.across.board import Board, Record, listed

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords

_Held = tuple["UnitRecords", "Record"]


def reconcile_joint(board: Board) -> None:
    """Say of each 联学 how the group's total counts it, and of each that does not fit why."""
    joint: dict[str, list[_Held]] = {}
    for part in board.parts:
        for row in board.rows(part, "sessions"):
            if row["joint_id"] and not row["cancelled"]:
                joint.setdefault(row["joint_id"], []).append((part, row))
    for joint_id, held in sorted(joint.items()):
        if len({part.unit_id for part, _ in held}) == 1:
            for part, row in held:
                board.issue(
                    part, row, "joint_alone",
                    f"联学编号 {joint_id} 只有本单位填报", "至少两个单位填同一联学编号",
                    key=joint_id,
                )  # fmt: skip
            continue
        _dates_agree(board, joint_id, held)
        _reconcile(board, joint_id, held)


def _dates_agree(board: Board, joint_id: str, held: list[_Held]) -> None:
    """Warn those whose days differ from what most units say; all of them if none prevails."""
    units: dict[tuple[object, object], list[str]] = {}
    for part, row in held:
        units.setdefault((row["start"], row["end"]), []).append(part.unit_id)
    if len(units) == 1:
        return
    count = Counter({days: len(set(names)) for days, names in units.items()})
    (usual, most), (_, second) = count.most_common(2)
    for part, row in held:
        days = (row["start"], row["end"])
        if most > second and days == usual:
            continue
        other = usual if most > second else next(d for d in sorted(units, key=str) if d != days)
        names = listed([board.name(unit) for unit in dict.fromkeys(units[other])])
        board.issue(
            part, row, "joint_dates",
            f"联学编号 {joint_id}：本单位 {_days(days)}，{names} {_days(other)}",
            "同一次联学日期一致", key=joint_id,
        )  # fmt: skip


def _days(days: tuple[object, object]) -> str:
    return str(days[0]) if days[0] == days[1] else f"{days[0]} 至 {days[1]}"


def _reconcile(board: Board, joint_id: str, held: list[_Held]) -> None:
    """The line between the units' own figures of M1 and the group's total."""
    cutoff = board.params.cutoff
    counted = [
        (part, row) for part, row in held
        if row["kind"] == row["counted_as"] == "集体学习" and row["start"] <= cutoff
    ]  # fmt: skip
    n, once = len(counted), board.params.metrics.joint_sessions == "once"
    units = len({part.unit_id for part, _ in held})
    difference = max(n - 1, 0)
    found = f"联学 {joint_id}：{units}个单位填报，计入集体学习{n}次（各单位各计1次）"
    rule = "集团合计只计1次" if once else "集团合计每单位各计1次"
    line = (
        f"各单位之和比集团合计多{difference}次" if once
        else f"与只计1次的口径相差{difference}次"
    )  # fmt: skip
    first = next(
        ((p, r) for p, r in held if board.units[p.unit_id].level == "group"), held[0]
    )  # fmt: skip
    board.issue(*first, "joint_sessions", found, rule, f"{rule}，{line}", key=joint_id)
