"""Two units that sent the same: a workbook that was copied, or filed for the wrong unit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from reportkit.records.across.board import Board, Record, listed, own
from reportkit.records.across.merged import successors
from reportkit.text.normalising import bare

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords

FEWEST = 3
"""Rows below which a table may well be the same by chance."""

_SESSION = ("start", "end", "hours", "kind", "counted_as", "form", "ad_hoc_basis", "cancelled",
            "expected", "present")  # fmt: skip
_MEMBER = ("name", "role", "in_leadership", "party_affairs_head", "from", "to")
_PRACTICE = ("kind", "name", "what", "outcome", "award", "issuer")


def warn_of_identical(board: Board) -> None:
    """Warn every unit whose sessions, members or practices are another unit's, row for row.

    Ids do not count, nor does the order of rows; joint sessions (联学) may be the same. A
    merged unit and its successor are not compared.
    """
    for table, content in _CONTENTS.items():
        same: dict[str, list[UnitRecords]] = {}
        for part in board.parts:
            rows = content(part)
            if len(rows) >= FEWEST:
                same.setdefault(_digest(rows), []).append(part)
        for parts in same.values():
            parts = _unrelated(board, parts)
            if len(parts) > 1:
                _warn(board, table, parts)


def _warn(board: Board, table: str, parts: list[UnitRecords]) -> None:
    key = "、".join(part.unit_id for part in parts[:5])
    key += f"等{len(parts)}" if len(parts) > 5 else ""
    whole = {p.unit_id: _digest(_attended(p)) for p in parts} if table == "sessions" else {}
    names = [board.name(part.unit_id) for part in parts]
    copies: dict[str, int] = {}
    for digest in whole.values():
        copies[digest] = copies.get(digest, 0) + 1
    for n, part in enumerate(parts):
        first = board.rows(part, table)[0]
        # Of many only the first are named, so that the texts do not grow with their square.
        others = (names[:7][:n] + names[n + 1 : 7]) if n < 7 else names[:7]
        more = len(parts) - 1
        some = listed(others) if more <= 5 else f"{listed(others[:5])}等{more}个单位"
        deep = bool(part.rows.get("attendance")) and copies.get(whole.get(part.unit_id, ""), 0) > 1
        board.issue(
            part, first, "identical_submissions",
            f"“{first['source_sheet']}”的{len(_CONTENTS[table](part))}行与{some}的完全相同"
            f"{'（含主持人、考勤）' if deep else ''}",
            "各单位自己的记录", key=f"{table}/{key}", cell=False,
        )  # fmt: skip


def _unrelated(board: Board, parts: list[UnitRecords]) -> list[UnitRecords]:
    """Without units whose successor is among the others."""
    if len(parts) < 2:
        return parts
    ids = {part.unit_id for part in parts}
    return [
        part for part in parts
        if not ids & {s.unit_id for s in successors(board, board.units[part.unit_id])}
    ]  # fmt: skip


def _digest(rows: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    for text in sorted(map(repr, rows)):
        digest.update(text.encode("utf-8", "replace"))
        digest.update(b"\0")
    return digest.hexdigest()


def _values(row: Record, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in names)


def _apart(part: UnitRecords) -> list[Record]:
    """Sessions that the unit held by itself."""
    return [row for row in part.rows.get("sessions", ()) if not row["joint_id"]]


def _sessions(part: UnitRecords) -> list[Any]:
    return [(bare(row["title"]), *_values(row, _SESSION)) for row in _apart(part)]


def _members(part: UnitRecords) -> list[Any]:
    return [_values(row, _MEMBER) for row in part.rows.get("members", ())]


def _practices(part: UnitRecords) -> list[Any]:
    return [_values(row, _PRACTICE) for row in part.rows.get("practices", ())]


def _attended(part: UnitRecords) -> list[Any]:
    """Sessions with their hosts and everybody's attendance, people by name."""
    names = {row["person_id"]: row["name"] for row in part.rows.get("members", ())}

    def name(person: str | None) -> str:
        return str(names.get(person or "", own(part.unit_id, person or "")))

    attended: dict[str, list[Any]] = {}
    for row in part.rows.get("attendance", ()):
        attended.setdefault(row["session_id"], []).append(
            (name(row["person_id"]), row["status"], str(row["makeup_on"]))
        )
    return [
        (row["start"], bare(row["title"]), name(row["host_id"]),
         sorted(attended.get(row["session_id"], ())))
        for row in _apart(part)
    ]  # fmt: skip


_CONTENTS: dict[str, Callable[[UnitRecords], list[Any]]] = {
    "sessions": _sessions,
    "members": _members,
    "practices": _practices,
}
