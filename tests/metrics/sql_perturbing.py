"""A demo year with its records disturbed at random, so that rare cases occur together.

Keys stay unique and ids refer to what exists; flags that a contract wants filled in are
blanked all the same, since the metrics say what a blank one means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportkit.params import Units, YearParams
from reportkit.records.schemas import TABLES, allowed

_SOURCE = {"source_file": "invented", "source_sheet": "-", "source_row": 1}


@dataclass
class Disturbed:
    """One year under way: its tables and units, and the stream from which chance is drawn."""

    tables: dict[str, pd.DataFrame]
    units: Units
    params: YearParams
    rng: np.random.Generator

    @property
    def unit_ids(self) -> list[str]:
        """Units that the year knows by June: of others the package takes records for an error."""
        first, june = (dt.date(self.params.year, *day) for day in ((1, 1), (6, 30)))
        known = [u for u in self.units if u.has_study_group and u.in_being_during(first, june)]
        return [unit.unit_id for unit in known]

    def hit(self, table: str, share: float) -> npt.NDArray[np.bool_]:
        """Some rows of a table."""
        return self.rng.random(len(self.tables[table])) < share

    def pick(self, choices: Sequence[Any], n: int) -> list[Any]:
        return [choices[i] for i in self.rng.integers(len(choices), size=n)]

    def one(self, choices: Sequence[Any]) -> Any:
        return self.pick(choices, 1)[0]

    def day(self) -> pd.Timestamp:
        """A day of the year, or of the three weeks behind it."""
        return pd.Timestamp(self.params.year, 1, 1) + pd.Timedelta(int(self.rng.integers(386)), "D")

    def days(self, n: int) -> list[pd.Timestamp]:
        return [self.day() for _ in range(n)]

    def put(self, table: str, column: str, share: float, choices: Sequence[Any] | None) -> None:
        """Other values in some rows of a column; None: a day each."""
        hit = self.hit(table, share)
        n = int(hit.sum())
        cells = self.tables[table][column].astype(object)
        if n:
            cells[hit] = pd.Series(
                self.days(n) if choices is None else self.pick(choices, n),
                index=cells.index[hit],
                dtype=object,
            )
        self.tables[table][column] = cells

    def blank(self, table: str, share: float, *columns: str) -> None:
        for column in columns:
            self.put(table, column, share, [None])

    def drop(self, table: str, share: float) -> None:
        self.tables[table] = self.tables[table][~self.hit(table, share)].reset_index(drop=True)

    def add(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """More rows; of those with one key the first stays."""
        names = TABLES[table].column_names
        more = pd.DataFrame(
            [{name: row.get(name, _SOURCE.get(name)) for name in names} for row in rows],
            columns=names,
            dtype=object,
        )
        both = pd.concat([self.tables[table].astype(object), more], ignore_index=True)
        self.tables[table] = both.drop_duplicates(list(TABLES[table].key), ignore_index=True)

    def replace_units(self, changed: Mapping[str, Mapping[str, Any]]) -> None:
        """Other lives or peers of some units, in the parameters and in the table alike."""
        units = [u.model_copy(update=changed.get(u.unit_id, {})) for u in self.units.units]
        names = self.units.model_dump(include={"group_name", "group_short_name"})
        self.units = Units(units=tuple(units), **names)  # anew: a copy would keep what is cached
        frame = self.tables["units"]
        for column in ("valid_from", "valid_to", "peer_group", "has_study_group"):
            told = [getattr(self.units[unit], column) for unit in frame["unit_id"]]
            cells = [pd.Timestamp(v) if isinstance(v, dt.date) else v for v in told]
            frame[column] = pd.Series(cells, dtype=object)

    def typed(self) -> dict[str, pd.DataFrame]:
        """The tables with the types of their schemas, each key once."""
        done = {}
        for name, frame in self.tables.items():
            types = {column.name: column.dtype for column in TABLES[name].columns}
            done[name] = frame.astype(object).where(frame.notna(), None).astype(types)
            assert not TABLES[name].key or not done[name].duplicated(list(TABLES[name].key)).any()
        return done


def perturb(
    tables: dict[str, pd.DataFrame], units: Units, params: YearParams, seed: int
) -> tuple[dict[str, pd.DataFrame], Units]:
    """A disturbed copy of a year's tables and of its units; the same seed gives the same."""
    year = Disturbed(
        {name: frame.copy() for name, frame in tables.items()},
        *(units, params, np.random.default_rng([seed, params.year])),
    )
    for part in (
        *(_lives, _members, _plans, _sessions, _topics, _attendance, _speeches, _reports),
        *(_duties, _visits, _platform, _checks, _submissions, _value_states, _absent),
    ):
        part(year)
    return year.typed(), year.units


def _lives(year: Disturbed) -> None:
    """Units born or gone within the year, some without peers."""
    changed = {}
    for unit in year.units:
        update: dict[str, Any] = {}
        if unit.level == "unit" and year.rng.random() < 0.35:
            born = dt.date(year.params.year, 1, 1) + dt.timedelta(int(year.rng.integers(170)))
            kind = year.rng.integers(3)
            update["valid_from"] = born if kind != 1 else dt.date(2012, 1, 1)
            gone = max(born, year.day().date()) if year.rng.random() < 0.7 else born
            update["valid_to"] = gone if kind != 0 else None
        if year.rng.random() < 0.1:
            update["peer_group"] = None
        changed[unit.unit_id] = update
    year.replace_units(changed)


def _members(year: Disturbed) -> None:
    """Terms cut short or split in two, with a gap or an overlap; people in two groups."""
    year.put("members", "role", 0.08, allowed("roles"))
    for flag in ("in_leadership", "party_affairs_head"):
        year.put("members", flag, 0.08, [True, False, None])
    year.tables["members"]["to"] = year.tables["members"]["to"].astype(object)
    split = []
    for n in np.flatnonzero(year.hit("members", 0.25)):
        frame = year.tables["members"]
        row = frame.loc[n].to_dict()
        until = max(row["from"], year.day() - pd.Timedelta(days=int(year.rng.integers(60))))
        if year.rng.random() < 0.1:  # a term that was over before the year
            until = max(row["from"], pd.Timestamp(year.params.year - 1, 12, 5))
        frame.at[n, "to"] = until
        if year.rng.random() < 0.6:
            again = until + pd.Timedelta(days=int(year.rng.integers(-20, 40)))
            role, leads = year.one(allowed("roles")), year.one([True, False])
            if again > row["from"]:
                split.append(row | {"from": again, "role": role, "in_leadership": leads})
    moved = year.tables["members"][year.hit("members", 0.06)].to_dict("records")
    split += [
        row | {"unit_id": year.one(year.unit_ids), "role": year.one(allowed("roles"))}
        for row in moved
    ]
    year.add("members", split)


def _plans(year: Disturbed) -> None:
    """Plans that are missing, items due in other periods."""
    year.drop("plans", 0.12)
    year.blank("plans", 0.15, "approved_on", "filed_on")
    periods = [f"{year.params.year}Q{q}" for q in range(1, 5)]
    periods += [f"{year.params.year}-{month:02}" for month in range(1, 13)]
    year.put("plan_items", "due_period", 0.15, periods)


def _sessions(year: Disturbed) -> None:
    """Sessions moved, also out of their unit's life; their cells blank, false or disputed."""
    frame = year.tables["sessions"]
    for n in np.flatnonzero(year.hit("sessions", 0.1)):
        start = year.day()
        frame.loc[n, "start"] = start
        frame.loc[n, "end"] = start + pd.Timedelta(days=year.one([0, 0, 0, 1, 2]))
    year.put("sessions", "kind", 0.04, allowed("session_kinds"))
    year.put("sessions", "counted_as", 0.12, allowed("counted_as"))
    year.put("sessions", "cancelled", 0.1, [True, False, None])
    year.put("sessions", "hours", 0.15, [2.0, 4.0, 4.5, 8.0])
    year.put("sessions", "host_id", 0.1, list(year.tables["members"]["person_id"]))
    year.put("sessions", "plan_item", 0.06, list(year.tables["plan_items"]["item_id"]))
    year.put("sessions", "ad_hoc_basis", 0.05, ["上级部署"])
    year.put("sessions", "joint_id", 0.1, ["联1", "联2", "联3", "联4"])
    year.blank("sessions", 0.12, "hours", "host_id", "expected", "present", "plan_item")
    year.blank("sessions", 0.3, "ad_hoc_basis")
    frame = year.tables["sessions"]
    # One unit that tells no hours, one that counts no heads.
    silent, headless = (frame["unit_id"] == unit for unit in year.pick(year.unit_ids, 2))
    frame.loc[silent, "hours"] = None
    frame.loc[silent, "end"] = frame.loc[silent, "start"]
    frame.loc[headless, "present"] = None


def _topics(year: Disturbed) -> None:
    """Topics that were not studied, and others at some session."""
    year.drop("session_topics", 0.25)
    codes = [topic.code for topic in year.params.topics]
    some = year.tables["sessions"][year.hit("sessions", 0.08)]
    rows = [
        {"session_id": s, "unit_id": u, "topic_code": year.one(codes)}
        for s, u in zip(some["session_id"], some["unit_id"], strict=True)
    ]
    year.add("session_topics", rows)


def _attendance(year: Disturbed) -> None:
    """Statuses of every kind, makeups with and without evidence, people hardly ever recorded."""
    year.put("attendance", "status", 0.15, allowed("attendance"))
    year.put("attendance", "makeup_on", 0.12, None)
    year.put("attendance", "makeup_evidence", 0.12, ["笔记"])
    year.blank("attendance", 0.2, "makeup_on", "makeup_evidence")
    people = year.tables["attendance"]["person_id"]
    rare = year.pick(sorted(set(people)), len(set(people)) // 6)
    hit = people.isin(rare).to_numpy() & year.hit("attendance", 0.8)
    year.tables["attendance"].loc[hit, "status"] = "未记"
    year.drop("attendance", 0.06)


def _speeches(year: Disturbed) -> None:
    """Speeches of other types, rated by the office, repeated; a unit in which few speak."""
    year.put("speeches", "type", 0.25, allowed("speech_types"))
    year.put("speeches", "has_measures", 0.3, allowed("rated"))
    again = year.tables["speeches"][year.hit("speeches", 0.06)]
    year.add("speeches", (again.assign(seq=again["seq"] + 100)).to_dict("records"))
    year.drop("speeches", 0.15)
    frame = year.tables["speeches"]
    quiet = (frame["unit_id"] == year.one(year.unit_ids)) & year.hit("speeches", 0.85)
    year.tables["speeches"] = frame[~quiet].reset_index(drop=True)


def _reports(year: Disturbed) -> None:
    """一学一报 on time, late, after the cutoff, not at all."""
    year.put("session_reports", "received_on", 0.2, None)
    year.put("session_reports", "received_on", 0.04, [pd.Timestamp(year.params.year + 1, 2, 1)])
    year.put("session_reports", "due_on", 0.1, None)
    year.blank("session_reports", 0.25, "received_on", "due_on")
    year.drop("session_reports", 0.08)


def _duties(year: Disturbed) -> None:
    """Accounts that are missing or told by another unit; research without report or outcome."""
    year.drop("accounts", 0.15)
    year.put("accounts", "unit_id", 0.06, year.unit_ids)
    year.blank("accounts", 0.2, "date")
    year.put("research", "date", 0.2, None)
    year.put("research", "outcome", 0.2, allowed("outcomes"))
    year.put("research", "has_report", 0.3, [True, False, None])
    year.blank("research", 0.15, "date", "outcome")


def _visits(year: Disturbed) -> None:
    """Visits that nobody arranged, several to one partner; groups of three, or no pairs known."""
    ids = year.unit_ids
    rows = []
    for n in range(len(ids)):
        one, other = (ids[k] for k in year.rng.choice(len(ids), size=2, replace=False))
        date = year.day()
        back = date + pd.Timedelta(days=int(year.rng.integers(14)))
        visit = {"visit_id": f"invented/{n}", "observer_unit": one, "host_unit": other}
        rows.append(visit | {"date": date, "feedback_on": back, "reported_by": "双方"})
    again = year.tables["visits"][year.hit("visits", 0.3)]
    again = again.assign(visit_id="again/" + again["visit_id"], date=year.days(len(again)))
    rows += again.to_dict("records")
    year.add("visits", rows)
    year.put("visits", "feedback_on", 0.1, None)
    year.blank("visits", 0.2, "feedback_on")
    year.drop("visits", 0.1)
    year.drop("pairings", 1.0 if year.rng.random() < 0.25 else 0.1)
    if len(year.tables["pairings"]):
        groups = [*year.tables["pairings"]["group_no"], "甲", "乙"]
        year.add(
            "pairings",
            [
                {"year": year.params.year, "group_no": year.one(groups), "unit_id": unit}
                for unit in year.pick(ids, len(ids) // 2)
            ],
        )


def _platform(year: Disturbed) -> None:
    """学习强国, of which the demo has nothing: months with gaps."""
    rows = []
    for unit in year.pick(year.unit_ids, len(year.unit_ids)):
        for month in range(1, 13):
            members = int(year.rng.integers(1, 80))
            rows.append(
                {
                    "unit_id": unit,
                    "month": f"{year.params.year}-{month:02}",
                    "party_members": members,
                    "joined": int(year.rng.integers(members + 1)),
                    "participation": round(float(year.rng.random()), 3),
                    "mean_daily_points": round(50 * float(year.rng.random()), 1),
                }
            )
    year.add("platform", rows)
    year.drop("platform", 0.2)
    year.blank("platform", 0.15, "party_members", "joined")
    year.blank("platform", 0.15, "participation", "mean_daily_points")


def _checks(year: Disturbed) -> None:
    """The office's checks: archives, systems, and notes, of which the demo has none."""
    year.put("archive_checks", "state", 0.2, allowed("archive_states"))
    year.put("system_checks", "state", 0.2, allowed("system_states"))
    for table in ("archive_checks", "system_checks"):
        unseen = year.tables[table]["unit_id"] == year.one(year.unit_ids)
        year.tables[table].loc[unseen, "state"] = "未查"
        year.drop(table, 0.08)
    seen = year.tables["members"][year.hit("members", 0.3)]
    seen = seen[seen["unit_id"].isin(year.pick(year.unit_ids, len(year.unit_ids)))]
    year.add(
        "note_checks",
        [
            {**{"unit_id": unit, "person_id": person, "checked_on": year.day()},
             "grade": year.one(allowed("grades"))}
            for unit, person in zip(seen["unit_id"], seen["person_id"], strict=True)
        ],
    )  # fmt: skip


def _submissions(year: Disturbed) -> None:
    """Tables not sent, not applicable, not checked, zero; rows refused; whole rows missing."""
    frame = year.tables["submissions"]
    frame.loc[frame["table"].isin(["platform", "note_checks"]), "state"] = "已报"
    year.put("submissions", "state", 0.05, allowed("value_states"))
    # One unit in eight is a muddle: each of its tables has another state.
    muddles = year.pick(year.unit_ids, 1 + len(year.unit_ids) // 8)
    muddled = year.tables["submissions"]["unit_id"].isin(muddles)
    year.tables["submissions"].loc[muddled, "state"] = year.pick(
        allowed("value_states"), int(muddled.sum())
    )
    year.put("submissions", "refused", 0.1, [0, 1, 2, 5])
    unnamed = year.tables["submissions"]["unit_id"].isin(year.pick(year.unit_ids, 2))
    lists = year.tables["submissions"]["table"] == "attendance"
    year.tables["submissions"].loc[unnamed & lists, "state"] = "未报"
    year.drop("submissions", 0.01)
    frame = year.tables["submissions"]
    sent = frame[frame["state"].isin(["已报", "零"])]
    # What was not sent is not there: of sessions and speeches the package takes anything else
    # for a contradiction, and computes nothing.
    hangs_on = {name: ["sessions"] for name in ("sessions", "session_topics", "attendance")}
    hangs_on |= {"speeches": ["sessions", "speeches"], "session_reports": ["sessions"]}
    for name, needed in hangs_on.items():
        for need in needed:
            rows = year.tables[name]
            has = rows["unit_id"].isin(sent.loc[sent["table"] == need, "unit_id"])
            year.tables[name] = rows[has].reset_index(drop=True)


def _absent(year: Disturbed) -> None:
    """Two units of which nothing is known but what they were to send, and with whom to pair.

    One comes only in autumn; the other is gone before the year, or has no study group.
    """
    ids = [unit.unit_id for unit in year.units if unit.level == "unit"]
    late, other = (ids[n] for n in year.rng.choice(len(ids), size=2, replace=False))
    gone = {"valid_from": dt.date(2012, 1, 1), "valid_to": dt.date(year.params.year - 1, 12, 31)}
    year.replace_units(
        {
            late: {"valid_from": dt.date(year.params.year, 9, 20), "valid_to": None},
            other: year.one([gone, {"has_study_group": False}]),
        }
    )
    for name, frame in year.tables.items():
        owners = [c for c in ("unit_id", "observer_unit", "host_unit") if c in frame]
        if owners and name not in ("units", "submissions", "pairings"):
            alien = frame[owners].isin([late, other]).any(axis=1)
            year.tables[name] = frame[~alien].reset_index(drop=True)
    groups = sorted(set(year.tables["pairings"]["group_no"]))
    year.add(
        "pairings",
        [
            {"year": year.params.year, "group_no": group, "unit_id": unit}
            for group in groups[:2]
            for unit in (late, other)
        ],
    )


def _value_states(year: Disturbed) -> None:
    """States of cells: of blank and of filled ones, of columns that nobody requires."""
    rows = []
    tables = ["plans", "sessions", "accounts", "research", "platform", "members", "speeches"]
    for table in tables:
        names = [c.name for c in TABLES[table].columns if c.nullable] or ["type"]
        for _, row in year.tables[table][year.hit(table, 0.3)].iterrows():
            key = "/".join(str(row[k].date() if k == "from" else row[k]) for k in TABLES[table].key)
            cell = {"unit_id": row["unit_id"], "table": table, "row_key": key}
            rows += [
                cell | {"column": column, "state": year.one(allowed("value_states"))}
                for column in year.pick(names, 3)
            ]
    year.add("value_states", rows)
