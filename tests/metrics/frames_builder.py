"""A year of frames from a few rows: what is not said takes the value of an ordinary row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import BY_ID
from reportkit.params import Units, YearParams
from reportkit.records.schemas import TABLES, UNIT_TABLES, frame_of

YEAR = 2023
Rows = Sequence[Mapping[str, Any]]


def day(text: str) -> dt.date:
    """A day of the year under test: "3-8" is 8 March 2023; a year before it may be given."""
    *year, month, number = (int(part) for part in text.split("-"))
    return dt.date(year[0] if year else YEAR, month, number)


def unit(unit_id: str = "aa", **fields: Any) -> dict[str, Any]:
    """A unit that exists through the year, unless its dates say otherwise."""
    start = fields.pop("valid_from", dt.date(2015, 1, 1))
    names = {"name": f"{unit_id}公司", "short_name": unit_id, "mask_label": unit_id}
    return {"unit_id": unit_id, **names, "valid_from": start, **fields}


def params(**changes: Any) -> YearParams:
    """A year's parameters without topics and rules; ``changes`` replace top-level fields.

    Every metric is on: what an office switches off by default is said where it is tested.
    """
    fields: dict[str, Any] = {
        "year": YEAR,
        "cutoff": dt.date(YEAR, 12, 31),
        "issued_on": dt.date(YEAR + 1, 1, 8),
        "topics": [],
        "archive_items": ["签到簿", "学习记录簿", "研讨发言簿", "学习计划", "学习总结"],
        "themes": [],
        "rules": [],
        "switched_off": [],
    }
    return YearParams.model_validate({**fields, **changes})


def topic(code: str, learn_by: str, *, mandatory: bool = True) -> dict[str, Any]:
    """A topic to be learnt by a day of the year."""
    return {"code": code, "name": f"专题{code}", "mandatory": mandatory,
            "issued_on": dt.date(YEAR, 1, 1), "learn_by": day(learn_by)}  # fmt: skip


def session(number: str, start: str, **fields: Any) -> dict[str, Any]:
    """A session "aa/1": one day, two hours, of kind 集体学习; ``end`` may be given as "3-10"."""
    kind = fields.get("kind", "集体学习")
    end = fields.pop("end", start)
    return {
        "session_id": number, "start": day(start), "end": day(end), "hours": 2.0, "kind": kind,
        "counted_as": kind, "title": "学习", "cancelled": False, **fields,
    }  # fmt: skip


def member(person: str, **fields: Any) -> dict[str, Any]:
    """A member "aa/甲" of the leadership, in post since 2020; ``since``, ``until`` as "7-1"."""
    since, until = fields.pop("since", "2020-1-1"), fields.pop("until", None)
    return {
        "person_id": person, "name": person.rpartition("/")[2], "role": "成员",
        "in_leadership": True, "party_affairs_head": False, "from": day(since),
        "to": day(until) if until else None, **fields,
    }  # fmt: skip


def at(session_id: str, person: str, status: str, **fields: Any) -> dict[str, Any]:
    """One row of attendance; ``makeup`` is the day of a makeup, as "3-20"."""
    makeup = fields.pop("makeup", None)
    return {"session_id": session_id, "person_id": person, "status": status,
            "makeup_on": day(makeup) if makeup else None, **fields}  # fmt: skip


def attended(person: str, statuses: str, unit_id: str = "aa") -> list[dict[str, Any]]:
    """One person at sessions 1, 2 …: 出 出席, 视 视频, 公 公务假, 病 病事假, 缺 缺席, 记 未记."""
    words = {"出": "出席", "视": "视频", "公": "公务假", "病": "病事假", "缺": "缺席", "记": "未记"}
    return [at(f"{unit_id}/{n}", person, words[s]) for n, s in enumerate(statuses, 1)]


def speech(
    session_id: str, person: str, kind: str = "重点", seq: int = 1, measures: str = "未评"
) -> dict[str, Any]:
    """One speech; ``measures``: whether it holds concrete ones (是, 否, 未评)."""
    return {
        "session_id": session_id,
        "person_id": person,
        "seq": seq,
        "type": kind,
        "linked_to_practice": "未评",
        "has_measures": measures,
    }


def report(session_id: str, received: str | None, due: str | None = None) -> dict[str, Any]:
    """A report on a session: the days it came and was due."""
    return {"session_id": session_id, "received_on": day(received) if received else None,
            "due_on": day(due) if due else None}  # fmt: skip


def check(item: str, state: str, unit_id: str = "aa") -> dict[str, Any]:
    """One item of the archive, as the office found it."""
    return {"unit_id": unit_id, "year": YEAR, "item": item, "state": state}


def account(person: str, unit_id: str = "aa") -> dict[str, Any]:
    """One person's account (述学), as ``unit_id`` reported it."""
    return {"unit_id": unit_id, "person_id": person, "year": YEAR}


def system(number: int, state: str, unit_id: str = "aa", **fields: Any) -> dict[str, Any]:
    """One of the systems (制度), by its number."""
    return {"unit_id": unit_id, "year": YEAR, "system_no": number, "system": f"制度{number}",
            "state": state, **fields}  # fmt: skip


def note(person: str, checked: str, grade: str) -> dict[str, Any]:
    """One notebook that the office looked at."""
    return {"person_id": person, "checked_on": day(checked), "grade": grade}


def plan(period: str, unit_id: str = "aa", **fields: Any) -> dict[str, Any]:
    """A plan of a unit: 2023, 2023Q1 or 2023-01."""
    level = "季" if "Q" in period else "月" if "-" in period else "年"
    return {"unit_id": unit_id, "level": level, "period": period, **fields}


def item(item_id: str, due: str) -> dict[str, Any]:
    """A line "aa/1" of a unit's plan, and the period in which it is due."""
    return {"item_id": item_id, "title": f"学习{item_id.rpartition('/')[2]}", "due_period": due}


def about(session_id: str, code: str) -> dict[str, Any]:
    """A topic of a session."""
    return {"session_id": session_id, "topic_code": code}


def paired(group_no: str, *unit_ids: str, year: int = YEAR) -> list[dict[str, Any]]:
    """Units that are to visit each other."""
    return [{"year": year, "group_no": group_no, "unit_id": one} for one in unit_ids]


def visit(observer: str, host: str, date: str, feedback: str | None = None) -> dict[str, Any]:
    """A visit (旁听), and the day of the feedback on it."""
    return {
        "visit_id": f"{observer}/{host}/{date}", "observer_unit": observer, "host_unit": host,
        "date": day(date), "feedback_on": day(feedback) if feedback else None,
        "reported_by": "双方",
    }  # fmt: skip


def month(
    number: int,
    members: int | None = None,
    joined: int | None = None,
    participation: float | None = None,
    points: float | None = None,
    unit_id: str = "aa",
) -> dict[str, Any]:
    """A month of 学习强国."""
    return {
        "unit_id": unit_id, "month": f"{YEAR}-{number:02d}", "party_members": members,
        "joined": joined, "participation": participation, "mean_daily_points": points,
    }  # fmt: skip


def research(
    research_id: str,
    person: str,
    date: str | None,
    outcome: str | None = None,
    *,
    has_report: bool | None = True,
) -> dict[str, Any]:
    """A piece of research "aa/1"."""
    return {"research_id": research_id, "person_id": person, "date": day(date) if date else None,
            "has_report": has_report, "outcome": outcome}  # fmt: skip


def told(table: str, row_key: str, column: str, state: str, unit_id: str = "aa") -> dict[str, Any]:
    """What is known of an empty cell: 零, 不适用, 未核查."""
    return {"unit_id": unit_id, "table": table, "row_key": row_key, "column": column,
            "state": state}  # fmt: skip


def _complete(name: str, rows: Rows) -> list[dict[str, Any]]:
    """Rows with every column: the unit from the row's ids, the rest empty."""
    complete = []
    for number, row in enumerate(rows, 1):
        full: dict[str, Any] = {column.name: None for column in TABLES[name].columns}
        keys = ("session_id", "item_id", "research_id", "person_id")
        key = next((row[name] for name in keys if row.get(name)), "")
        full |= {"unit_id": str(key).partition("/")[0], "source_file": "f", "source_sheet": "s"}
        full |= {"source_row": number, **row}
        complete.append({k: v for k, v in full.items() if k in TABLES[name].column_names})
    return complete


States = Mapping[str, Sequence[str]]
"""unit_id → tables."""


def make(
    units: Rows | None = None,
    *,
    unreported: States | None = None,
    zero: States | None = None,
    unchecked: States | None = None,
    exempt: States | None = None,
    refused: Mapping[tuple[str, str], int] | None = None,
    year: YearParams | None = None,
    period: str | None = None,
    **tables: Rows,
) -> YearFrames:
    """A year of frames, with the columns and types of a snapshot.

    Every unit has reported every table, but for ``unreported`` (未报), ``zero`` (零),
    ``unchecked`` (未核查) and ``exempt`` (不适用): {unit_id: tables}. ``refused``:
    (unit_id, table) → rows that did not enter.
    """
    group = Units.model_validate({
        "group_name": "集团", "group_short_name": "集团",
        "units": [{"order": n, **row} for n, row in enumerate(units or [unit()])],
    })  # fmt: skip
    year = year or params()
    frames = {
        name: frame_of(TABLES[name], _complete(name, rows)) if (rows := tables.get(name))
        else _empty(name)
        for name in TABLES
    }  # fmt: skip
    by_state = {"未报": unreported, "零": zero, "未核查": unchecked, "不适用": exempt}
    states = [
        {"unit_id": u.unit_id, "table": name, "state": _state(u.unit_id, name, by_state),
         "rows": 0, "refused": (refused or {}).get((u.unit_id, name), 0)}
        for u in group.in_year(year.year)
        for name in (*UNIT_TABLES, "archive_checks")
    ]  # fmt: skip
    frames["submissions"] = frame_of(TABLES["submissions"], _complete("submissions", states))
    return YearFrames(year, group, frames, period)


@cache
def _empty(name: str) -> pd.DataFrame:
    """A table without rows: most tables of most tests, and no test changes one in place."""
    return frame_of(TABLES[name], [])


def _state(unit_id: str, table: str, by_state: Mapping[str, States | None]) -> str:
    for state, tables in by_state.items():
        if table in (tables or {}).get(unit_id, ()):
            return state
    return "已报"


def figure(frames: YearFrames, metric_id: str, unit_id: str = "aa") -> dict[str, Any]:
    """What one metric says of one unit: value, numerator, denominator, left_out, missing, state.

    Missing numbers are None; the keys of ``left_out`` are filled in: {"未记2人次"}.
    """
    row = BY_ID[metric_id].compute(frames).loc[unit_id].to_dict()
    for name in ("value", "numerator", "denominator"):
        row[name] = None if pd.isna(row[name]) else row[name]
    row["left_out"] = {why.replace("{}", str(n)) for why, n in row["left_out"].items()}
    return row
