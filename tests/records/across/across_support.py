"""Hand-made records of an invented group, as the checks of single units leave them."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from typing import Any

from reportkit.params import Unit, Units, YearParams
from reportkit.records.across import settle
from reportkit.records.checks import UnitRecords
from reportkit.records.issues import Log
from reportkit.records.schemas import UNIT_TABLES

D = dt.date
YEAR = 2023
_LONG_AGO, _DECEMBER = D(2020, 1, 1), D(2023, 12, 20)


def unit(unit_id: str, order: int, **more: Any) -> Unit:
    """One unit that has been there for long."""
    facts = {"name": f"{unit_id}公司", "short_name": unit_id.upper(), "mask_label": unit_id,
             "valid_from": D(2015, 1, 1)} | more  # fmt: skip
    return Unit(unit_id=unit_id, order=order, **facts)


GROUP = Units(
    group_name="岱川能源集团有限公司",
    group_short_name="岱川集团",
    units=(
        unit("hq", 0, level="group"),
        unit("aa", 1),
        unit("bb", 2),
        unit("cc", 3),
        unit("old", 4, valid_to=D(2023, 6, 30), successor_id="aa"),
        unit("elder", 5, valid_to=D(2023, 3, 31), successor_id="old"),
    ),
)


def parameters(**more: Any) -> YearParams:
    """A year's parameters with what these tests need."""
    facts: dict[str, Any] = {
        "year": YEAR, "cutoff": D(2023, 12, 31), "issued_on": D(2024, 1, 8), "topics": (),
        "archive_items": ("签到簿", "学习记录簿", "研讨发言簿"), "themes": (), "rules": (),
    }  # fmt: skip
    return YearParams(**(facts | more))


def source(unit_id: str, sheet: str, row: int) -> dict[str, Any]:
    """Where a row stands."""
    return {
        "source_file": f"submissions/2023/{unit_id}.xlsx", "source_sheet": sheet, "source_row": row
    }  # fmt: skip


class Sent:
    """What one unit sent, put together row by row; rows of a sheet begin with line 2."""

    def __init__(self, unit_id: str) -> None:
        file = f"submissions/2023/{unit_id}.xlsx"
        self.unit_id = unit_id
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in UNIT_TABLES}
        rows["value_states"] = []
        self.part = UnitRecords(
            unit_id, (file,), rows, dict.fromkeys(UNIT_TABLES, ("已报", 0)),
            {file: Log(file, unit_id)},
        )  # fmt: skip

    def _at(self, table: str, sheet: str) -> dict[str, Any]:
        return source(self.unit_id, sheet, len(self.part.rows[table]) + 2)

    def person(self, name: str) -> str:
        """person_id of a member's name."""
        return next(r["person_id"] for r in self.part.rows["members"] if r["name"] == name)

    def member(
        self, name: str, number: str | None = None, *, since: dt.date = _LONG_AGO,
        until: dt.date | None = None, **more: Any,
    ) -> Sent:  # fmt: skip
        """A line of 成员名单."""
        self.part.rows["members"].append({
            "unit_id": self.unit_id, "person_id": number or f"{self.unit_id}/{name}",
            "name": name, "role": "成员", "in_leadership": True, "party_affairs_head": False,
            "from": since, "to": until, **more, **self._at("members", "成员名单"),
        })  # fmt: skip
        return self

    def session(
        self, number: int | str, day: dt.date, title: str = "学习", *,
        there: Sequence[str] = (), video: Sequence[str] = (), host: str | None = None,
        **more: Any,
    ) -> Sent:  # fmt: skip
        """A line of 学习情况, with the attendance of those named."""
        session_id = f"{self.unit_id}/{number}"
        at = self._at("sessions", "学习情况")
        self.part.rows["sessions"].append({
            "session_id": session_id, "unit_id": self.unit_id, "start": day, "end": day,
            "hours": 2.0, "kind": "集体学习", "counted_as": "集体学习", "form": None,
            "title": title, "enlarged": None, "joint_id": None,
            "host_id": self.person(host) if host else None, "plan_item": None,
            "ad_hoc_basis": None, "cancelled": False, "expected": None, "present": None,
            **more, **at,
        })  # fmt: skip
        for name, status in [(n, "出席") for n in there] + [(n, "视频") for n in video]:
            self.part.rows["attendance"].append({
                "session_id": session_id, "unit_id": self.unit_id,
                "person_id": self.person(name), "status": status, "makeup_on": None,
                "makeup_evidence": None, **at,
            })  # fmt: skip
        return self

    def speech(self, number: int | str, name: str, seq: int = 1) -> Sent:
        """A line of 研讨发言."""
        self.part.rows["speeches"].append({
            "session_id": f"{self.unit_id}/{number}", "unit_id": self.unit_id,
            "person_id": self.person(name), "seq": seq, "type": "重点", "has_paper": None,
            "linked_to_practice": "未评", "has_measures": "未评",
            **self._at("speeches", "研讨发言"),
        })  # fmt: skip
        return self

    def report(self, number: int) -> Sent:
        """What 学习情况 says of a session's report."""
        row = next(r for r in self.part.rows["sessions"]
                   if r["session_id"] == f"{self.unit_id}/{number}")  # fmt: skip
        self.part.rows["session_reports"].append({
            "session_id": row["session_id"], "unit_id": self.unit_id, "due_on": row["start"],
            "received_on": row["start"], "times_returned": None,
            **source(self.unit_id, "学习情况", row["source_row"]),
        })  # fmt: skip
        return self

    def account(self, name: str, day: dt.date | None = _DECEMBER) -> Sent:
        """A line of 述学."""
        self.part.rows["accounts"].append({
            "unit_id": self.unit_id, "person_id": self.person(name), "year": YEAR, "date": day,
            "rating": None, **self._at("accounts", "述学"),
        })  # fmt: skip
        return self

    def practice(self, number: int, name: str, sessions: str | None = None) -> Sent:
        """A line of 经验做法."""
        self.part.rows["practices"].append({
            "practice_id": f"{self.unit_id}/{number}", "unit_id": self.unit_id, "kind": "制度",
            "name": name, "what": f"{name}的做法", "outcome": None, "sessions": sessions,
            "award": None, "issuer": None, **self._at("practices", "经验做法"),
        })  # fmt: skip
        return self

    def visit(self, role: str, other: str, day: dt.date, **more: Any) -> Sent:
        """A line of 旁听记录, by the unit in this role (旁听 or 被旁听)."""
        mine, theirs = self.unit_id, other
        observer, host = (mine, theirs) if role == "旁听" else (theirs, mine)
        self.part.rows["visits"].append({
            "visit_id": f"{observer}/{host}/{day}", "observer_unit": observer,
            "host_unit": host, "session_id": None, "date": day, "feedback_on": None,
            "ratings": None, "highlights": None, "problems": None,
            "reported_by": "旁听单位" if role == "旁听" else "被旁听单位",
            **more, **self._at("visits", "旁听记录"),
        })  # fmt: skip
        return self

    def value(self, table: str, row_key: str, column: str, state: str = "零") -> Sent:
        """A row of ``value_states``."""
        self.part.rows["value_states"].append({
            "unit_id": self.unit_id, "table": table, "row_key": row_key, "column": column,
            "state": state, **source(self.unit_id, "x", 1),
        })  # fmt: skip
        return self


Said = tuple[str, str, str | None, str | None, str | None]


def settled(
    *sent: Sent, params: YearParams | None = None, office: Any = None, units: Units = GROUP
) -> list[Said]:
    """Settle what the units sent; (unit, code, sheet, cell, key) of all that was said."""
    settle([each.part for each in sent], units, params or parameters(), office)
    return said(*sent)


def said(*sent: Sent) -> list[Said]:
    """(unit, code, sheet, cell, key) of the issues in the units' logs, unit by unit."""
    return [
        (each.unit_id, issue.code, issue.sheet, issue.cell, issue.key)
        for each in sent
        for log in each.part.logs.values()
        for issue in log.issues
    ]


def texts(sent: Sent) -> list[tuple[str, str, str]]:
    """(found, expected, action) of the issues in one unit's log."""
    return [(i.found, i.expected, i.action) for log in sent.part.logs.values() for i in log.issues]


def ids(sent: Sent, table: str, column: str) -> list[Any]:
    """One column of one unit's table."""
    return [row[column] for row in sent.part.rows[table]]


def clone(*sent: Sent) -> list[Sent]:
    """The same again, independent of the first."""
    return [copy.deepcopy(each) for each in sent]
