"""What only shows when the units' submissions stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportkit.records.checks import UnitRecords
from reportkit.records.issues import Log


def merge(parts: Sequence[UnitRecords], logs: Mapping[str, Log]) -> None:
    """Settle what several units say of one person; changes ``parts`` in place.

    One staff number under two names means that units number their people themselves: such
    numbers are then told apart by unit. An account (述学) that two units report of one
    person is counted once, with the first unit in official order.
    """
    _separate_staff_numbers(parts, logs)
    _accounts_once(parts, logs)


def _separate_staff_numbers(parts: Sequence[UnitRecords], logs: Mapping[str, Log]) -> None:
    names: dict[str, set[str]] = {}
    for part in parts:
        for row in part.rows.get("members", ()):
            names.setdefault(row["person_id"], set()).add(row["name"])
    shared = {person for person, called in names.items() if len(called) > 1}
    if not shared:
        return
    for part in parts:
        mine = sorted(shared & {row["person_id"] for row in part.rows["members"]})
        if not mine:
            continue
        new = {person: f"{part.unit_id}/{person}" for person in mine}
        for rows in part.rows.values():
            for row in rows:
                for column in ("person_id", "host_id"):
                    if row.get(column) in new:
                        row[column] = new[row[column]]
        logs[part.file].add(
            "warned", "shared_staff_number",
            f"工号 {'、'.join(mine[:5])}{'等' if len(mine) > 5 else ''}在其他单位对应另一个姓名",
            "工号在集团内唯一", "按本单位自编号处理，不与其他单位合并为一人", sheet="成员名单",
        )  # fmt: skip


def _accounts_once(parts: Sequence[UnitRecords], logs: Mapping[str, Log]) -> None:
    first: dict[str, UnitRecords] = {}
    for part in parts:
        kept = []
        for row in part.rows.get("accounts", ()):
            other = first.setdefault(row["person_id"], part)
            if other is part:
                kept.append(row)
                continue
            logs[part.file].add(
                "corrected", "duplicate",
                f"第{row['source_row']}行的人员已由另一单位报送述学（{other.file}）",
                "每人每年一次", "只计一次", sheet=row["source_sheet"], cell=f"A{row['source_row']}",
            )  # fmt: skip
        if "accounts" in part.rows:
            part.rows["accounts"] = kept
