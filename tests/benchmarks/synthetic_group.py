"""A group of any size with one year's records, made in seconds: what benchmarks are run on.

The tables of a snapshot, drawn as whole columns rather than read from workbooks: `Scale` says
how many units, sessions a unit and members a unit; everything else keeps realistic proportions.
The rows of attendance are the product of the three, to the row where units come by the fifty.

Not all is well in such a group: in each hundred units one is new, one is merged, one sent
nothing, and several left out a table (未报) or said “无” (零).

    python tests/benchmarks/synthetic_group.py HOME --units 500
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import hashlib
import itertools
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from reportkit.params import Unit, Units, YearParams, load_year
from reportkit.records.importing.tables import (
    OFFICE_TABLES,
    topic_rows,
    unit_rows,
)
from reportkit.records.schemas import TABLES, UNIT_TABLES, allowed, empty, frame_of, validate
from reportkit.records.snapshot import write_snapshot, writing

YEAR = THIS_YEAR = 2023
CHECKOUT = Path(__file__).resolve().parents[2]
PEER_GROUPS = 20
SPEECHES = 5
PLAN_ITEMS = 20
SMALL = 200_000
"""Up to so many rows the tables are checked against their schemas, as an import checks them."""

Whole = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]
Columns = dict[str, Any]

NEW, MERGED, SILENT, DOUBLED = 3, 5, 17, (8, 18)
"""Which of each hundred units is new, merged, or sent nothing; which have twice the sessions."""
WITHOUT = {
    "attendance": 7, "speeches": 11, "plans": 13, "plan_items": 13, "session_reports": 15,
    "accounts": 19, "visits": 23,
}  # fmt: skip
"""Table → which of each hundred units did not send it (未报)."""
NONE_SAID = {"research": 21, "practices": 24}
"""Table → which of each hundred units said “无” (零)."""
SHEETS = {
    "members": "成员名单", "plans": "学习计划", "plan_items": "计划内容", "sessions": "学习情况",
    "attendance": "签到表", "speeches": "研讨发言", "session_reports": "学习情况",
    "accounts": "述学", "research": "调查研究", "visits": "旁听记录", "platform": "学习强国",
    "practices": "经验做法", "rectifications": "整改情况", "value_states": "学习情况",
    "archive_checks": "档案核查", "system_checks": "制度核查", "note_checks": "笔记抽查",
    "pairings": "旁听结对", "confirmations": "数据确认", "objections": "异议",
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """How large the group is; 集团本级 is one of the units."""

    units: int
    sessions: int = 50
    members: int = 40

    @property
    def rows(self) -> int:
        """Rows of attendance."""
        return self.units * self.sessions * self.members


# --- columns ------------------------------------------------------------------------------


def words(pool: Sequence[str], codes: npt.NDArray[Any], absent: Mask | None = None) -> pd.Series:
    """The words of the pool by number, as a ``str`` column; none where ``absent``."""
    numbers = pa.array(codes.astype(np.int32), mask=absent)
    column = pa.DictionaryArray.from_arrays(numbers, pa.array(list(pool), pa.large_string()))
    series: pd.Series = pa.table({"": column.cast(pa.large_string())}).to_pandas()[""]
    return series


def whole(numbers: npt.NDArray[Any], absent: Mask | None = None) -> Any:
    """An ``Int64`` column."""
    mask = np.zeros(len(numbers), bool) if absent is None else absent
    return pd.arrays.IntegerArray(numbers.astype(np.int64), mask)


def decimal(numbers: npt.NDArray[Any], absent: Mask | None = None) -> Any:
    """A ``Float64`` column."""
    mask = np.zeros(len(numbers), bool) if absent is None else absent
    return pd.arrays.FloatingArray(numbers.astype(np.float64), mask)


def flags(yes: Mask, absent: Mask | None = None) -> Any:
    """A ``boolean`` column."""
    mask = np.zeros(len(yes), bool) if absent is None else absent
    return pd.arrays.BooleanArray(yes.astype(bool), mask)


def dates(days: Days, absent: Mask | None = None) -> Days:
    """A ``datetime64[us]`` column."""
    exact = days.astype("datetime64[us]")
    return exact if absent is None else np.where(absent, np.datetime64("NaT", "us"), exact)


def table(name: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """The columns in the order and with the types of the table's schema.

    A column that may be empty and is not given is empty; any other must be given.
    """
    rows = len(next(iter(columns.values())))
    made = {}
    for column in TABLES[name].columns:
        if column.nullable and column.name not in columns:
            made[column.name] = pd.Series(index=range(rows), dtype=column.dtype)
        else:
            made[column.name] = pd.Series(columns[column.name], dtype=column.dtype, copy=False)
    return pd.DataFrame(made, copy=False)


def day(month: int, number: int) -> np.datetime64:
    """A day of the year."""
    return np.datetime64(dt.date(YEAR, month, number))


# --- the group ----------------------------------------------------------------------------


def units_of(scale: Scale) -> Units:
    """集团本级 and its units, some of them new in the year, some merged into the next."""
    groups = max(1, min(PEER_GROUPS, scale.units // 25))
    digits = max(4, len(str(scale.units)))
    ids = ["hq", *(f"u{n:0{digits}d}" for n in range(1, scale.units))]
    made = [
        Unit(
            unit_id="hq", name="岱川集团本级", short_name="集团本级", order=0,
            mask_label="集团本级", level="group", valid_from=dt.date(2012, 1, 1),
        )
    ]  # fmt: skip
    for n in range(1, scale.units):
        merged = n % 100 == MERGED and n + 1 < scale.units
        made.append(
            Unit(
                unit_id=ids[n],
                name=f"岱川集团第{n:0{digits}d}矿业有限公司",
                short_name=f"第{n:0{digits}d}矿业",
                order=n * 10,
                mask_label=f"单位{n:0{digits}d}",
                org_type=("党委", "党总支", "直属党支部")[n % 3],
                peer_group=f"第{n % groups + 1:02d}类",
                valid_from=dt.date(THIS_YEAR, 5, 17) if n % 100 == NEW else dt.date(2012, 1, 1),
                valid_to=dt.date(THIS_YEAR, 8, 31) if merged else None,
                successor_id=ids[n + 1] if merged else None,
            )
        )
    return Units(group_name="岱川能源集团有限公司", group_short_name="岱川集团", units=tuple(made))


@dataclass(frozen=True)
class Group:
    """What the tables share: the units' numbers, their sessions, their people."""

    scale: Scale
    params: YearParams
    units: Units
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(YEAR))

    @cached_property
    def ids(self) -> list[str]:
        return [unit.unit_id for unit in self.units]

    @cached_property
    def files(self) -> list[str]:
        """Each unit's workbook."""
        return [f"submissions/{YEAR}/{unit_id}.xlsx" for unit_id in self.ids]

    @cached_property
    def numbers(self) -> Whole:
        return np.arange(self.scale.units)

    @cached_property
    def first(self) -> Days:
        """Each unit's first day in the year."""
        days = [max(unit.valid_from, self.params.first_day) for unit in self.units]
        return np.array(days, "datetime64[D]")

    @cached_property
    def last(self) -> Days:
        """Each unit's last day in the year."""
        days = [min(unit.valid_to or dt.date.max, self.params.cutoff) for unit in self.units]
        return np.array(days, "datetime64[D]")

    def state(self, name: str) -> list[str]:
        """The state in which each unit sent a table."""
        rest = self.numbers % 100
        states = np.full(self.scale.units, "已报", object)
        states[rest == NONE_SAID.get(name, -1)] = "零"
        states[(rest == WITHOUT.get(name, -1)) | (rest == SILENT)] = "未报"
        return list(states)

    def sent(self, name: str) -> Mask:
        """Which units have rows in a table."""
        return np.array([state == "已报" for state in self.state(name)], bool)

    @cached_property
    def held(self) -> Whole:
        """Sessions that each unit held: twice as many in some, for those that told of none."""
        counts = np.full(self.scale.units, self.scale.sessions)
        rest = self.numbers % 100
        counts[rest == SILENT] = 0
        counts[np.isin(rest, DOUBLED)] *= 2
        return counts

    @cached_property
    def unit(self) -> Whole:
        """The unit of each session held."""
        return np.repeat(self.numbers, self.held)

    @cached_property
    def place(self) -> Whole:
        """The number of each session in its unit's list, from 0."""
        return np.arange(len(self.unit)) - np.repeat(np.cumsum(self.held) - self.held, self.held)

    @cached_property
    def start(self) -> Days:
        """The first day of each session: spread over the unit's year."""
        span = (self.last - self.first).astype(int)[self.unit]
        part = (self.place + self.rng.random(len(self.unit))) / self.held[self.unit]
        start: Days = self.first[self.unit] + (span * part).astype("timedelta64[D]")
        return start

    @cached_property
    def session_ids(self) -> list[str]:
        return [f"{self.ids[u]}/{k}" for u, k in zip(self.unit, self.place + 1, strict=True)]

    @property
    def slots(self) -> int:
        """People a unit: the last of its members left in June, and another came in July."""
        return self.scale.members + 1

    @cached_property
    def names(self) -> list[str]:
        letters = ("赵钱孙李周吴郑王", "一二三四五", "甲乙丙丁戊己庚辛壬癸")
        return ["".join(name) for name in itertools.product(*letters)]

    @cached_property
    def people(self) -> list[str]:
        """person_id by unit and slot: two thirds of the units state staff numbers.

        One in a hundred deputies sits in the group of the next unit too.
        """
        people = []
        for n, unit in enumerate(self.ids):
            if n % 10 in (0, 4, 7):
                people += [f"{unit}/{self.name_of(n, slot)}" for slot in range(self.slots)]
            else:
                people += [f"DC{n:06d}{slot:04d}" for slot in range(self.slots)]
            if n % 100 == 36 and self.slots > 2:
                people[n * self.slots + 1] = people[(n - 1) * self.slots + 1]
        return people

    def name_of(self, unit: int, slot: int) -> str:
        return self.names[(slot * 7 + unit) % len(self.names)]

    def person(self, unit: Whole, slot: Whole, on: Days) -> Whole:
        """The number in :attr:`people` of who holds the unit's slot on a day."""
        changed = (slot == self.scale.members - 1) & (on > day(6, 30))
        person: Whole = unit * self.slots + slot + changed
        return person

    def of(self, name: str, unit: Whole, number: Whole) -> Columns:
        """unit_id, and the place in the unit's file where the row was read."""
        return {"unit_id": words(self.ids, unit), **self.source(name, unit, number)}

    def source(self, name: str, unit: Whole, number: Whole) -> Columns:
        """The place in the unit's file where the row was read."""
        checks = name in OFFICE_TABLES or name == "objections"
        own = words([f"checks/{YEAR}.xlsx"], unit * 0) if checks else words(self.files, unit)
        return {
            "source_file": own,
            "source_sheet": words([SHEETS[name]], unit * 0),
            "source_row": whole(number + 3),
        }

    def each(self, name: str, times: int) -> tuple[Whole, Whole]:
        """``times`` rows a unit that sent the table: unit and number of each row."""
        units = self.numbers[self.sent(name)]
        return np.repeat(units, times), np.tile(np.arange(times), len(units))

    def chance(self, share: float, rows: int) -> Mask:
        """True in about that share of the rows."""
        return self.rng.random(rows) < share


# --- the units' tables --------------------------------------------------------------------


def members(group: Group) -> pd.DataFrame:
    """One row a slot, and one for who took the place of the last."""
    unit, slot = group.each("members", group.slots)
    size = group.scale.members
    roles = np.select([slot == 0, slot == 1, slot == size - 2], [0, 1, 3], 2)
    long_ago = np.datetime64("2016-03-01") + (slot * 37).astype("timedelta64[D]")
    begin = np.where(slot == size, day(7, 1), long_ago)
    return table("members", {
        **group.of("members", unit, slot),
        "person_id": words(group.people, unit * group.slots + slot),
        "name": words([group.name_of(u, s) for u, s in zip(unit, slot, strict=True)],
                      np.arange(len(unit))),
        "role": words(allowed("roles"), roles),
        "in_leadership": flags(slot < max(1, size // 2)),
        "party_affairs_head": flags((slot == size // 2) & (unit % 7 > 0)),
        "from": dates(begin),
        "to": dates(np.full(len(unit), day(6, 30)), slot != size - 1),
    })  # fmt: skip


def plans(group: Group) -> pd.DataFrame:
    """One of the year, four of its quarters, twelve of its months; a few are missing."""
    periods = [f"{YEAR}", *(f"{YEAR}Q{n}" for n in range(1, 5))]
    periods += [f"{YEAR}-{n:02d}" for n in range(1, 13)]
    unit, number = group.each("plans", len(periods))
    kept = ~group.chance(0.03, len(unit))
    unit, number = unit[kept], number[kept]
    level = np.select([number == 0, number < 5], [0, 1], 2)
    approved = day(1, 1) - group.rng.integers(1, 20, len(unit)).astype("timedelta64[D]")
    return table("plans", {
        **group.of("plans", unit, number),
        "level": words(allowed("plan_levels"), level),
        "period": words(periods, number),
        "approved_on": dates(approved, group.chance(0.02, len(unit))),
        "filed_on": dates(approved + 5, group.chance(0.05, len(unit))),
    })  # fmt: skip


def _items(group: Group, unit: Whole, number: Whole, absent: Mask | None = None) -> pd.Series:
    """item_id of the number-th item of each unit."""
    pool = [f"{unit_id}/{n}" for unit_id in group.ids for n in range(1, PLAN_ITEMS + 1)]
    return words(pool, unit * PLAN_ITEMS + number % PLAN_ITEMS, absent)


def _titles(group: Group) -> list[str]:
    named = [f"学习{topic.name}" for topic in group.params.topics]
    return named + [f"专题学习之{n}" for n in range(1, 101)]


def plan_items(group: Group) -> pd.DataFrame:
    """Twenty a unit: the year's topics, and others; due by month, some by quarter."""
    periods = [f"{YEAR}-{n:02d}" for n in range(1, 13)] + [f"{YEAR}Q{n}" for n in range(1, 5)]
    unit, number = group.each("plan_items", PLAN_ITEMS)
    topics = [topic.code for topic in group.params.topics]
    return table("plan_items", {
        **group.of("plan_items", unit, number),
        "item_id": _items(group, unit, number),
        "topic_code": words(topics, number % len(topics), number >= len(topics)),
        "title": words(_titles(group), number),
        "due_period": words(periods, number % 16),
    })  # fmt: skip


@dataclass(frozen=True)
class Signed:
    """The attendance of all sessions held, one entry a session and slot."""

    session: Whole
    slot: Whole
    status: npt.NDArray[np.uint8]


def sign(group: Group) -> Signed:
    """Who was there: the same shares everywhere."""
    rows = len(group.unit) * group.scale.members
    shares = np.repeat(np.arange(6, dtype=np.uint8), (72, 8, 8, 7, 3, 2))
    return Signed(
        np.repeat(np.arange(len(group.unit)), group.scale.members),
        np.tile(np.arange(group.scale.members), len(group.unit)),
        shares[group.rng.integers(0, 100, rows)],
    )


def attendance(group: Group, signed: Signed) -> pd.DataFrame:
    """One row a session and person expected at it."""
    kept = group.sent("attendance")[group.unit[signed.session]]
    session, slot, status = signed.session[kept], signed.slot[kept], signed.status[kept]
    unit, start = group.unit[session], group.start[session]
    made_up = ((status == 2) | (status == 3)) & group.chance(0.4, len(session))
    return table("attendance", {
        "session_id": words(group.session_ids, session),
        **group.of("attendance", unit, group.place[session] * group.scale.members + slot),
        "person_id": words(group.people, group.person(unit, slot, start)),
        "status": words(allowed("attendance"), status),
        "makeup_on": dates(start + 9, ~made_up),
        "makeup_evidence": words(["补学记录单"], unit * 0, ~made_up | (slot % 4 == 0)),
    })  # fmt: skip


def sessions(group: Group, signed: Signed) -> pd.DataFrame:
    """Those held, and one in every other unit that was cancelled."""
    unit, place, start = group.unit, group.place, group.start
    rows, size = len(unit), group.scale.members
    reading = place % 25 == 12
    counted = np.where(reading, 1, np.select([place % 16 == 5, place % 50 == 9], [2, 3], 0))
    silent = group.chance(0.03, rows)
    present = np.bincount(signed.session[signed.status < 2], minlength=rows)
    unplanned = (place >= PLAN_ITEMS) | group.chance(0.1, rows) | ~group.sent("plan_items")[unit]
    joint = (place == 3) & (unit % 10 < 4)
    held = table("sessions", {
        "session_id": words(group.session_ids, np.arange(rows)),
        **group.of("sessions", unit, place),
        "start": dates(start),
        "end": dates(np.minimum(start + reading * 3, group.last[unit])),
        "hours": decimal(group.rng.choice([2.0, 2.5, 3.0, 6.0], rows), group.chance(0.01, rows)),
        "kind": words(allowed("session_kinds"), reading.astype(int)),
        "counted_as": words(allowed("counted_as"), counted),
        "form": words(allowed("session_forms"), group.rng.integers(0, 6, rows),
                      group.chance(0.02, rows)),
        "title": words(_titles(group), group.rng.integers(0, len(_titles(group)), rows)),
        "enlarged": flags(group.chance(0.1, rows), group.chance(0.02, rows)),
        "joint_id": words([f"联学{n}" for n in range(len(group.ids) // 2 + 1)], unit // 2, ~joint),
        "host_id": words(group.people, unit * group.slots, group.chance(0.02, rows)),
        "plan_item": _items(group, unit, place, unplanned),
        "ad_hoc_basis": words(["上级通知"], unit * 0, place < PLAN_ITEMS),
        "cancelled": flags(np.zeros(rows, bool)),
        "expected": whole(np.full(rows, size), silent),
        "present": whole(present, silent),
    })  # fmt: skip
    off = held.iloc[np.flatnonzero((place == 0) & (unit % 2 == 1))]
    off = off.assign(session_id=off["unit_id"] + "/9001", cancelled=True, source_row=9003)
    off[["joint_id", "plan_item", "expected", "present"]] = None
    both = pd.concat([held, off.astype(held.dtypes)], ignore_index=True)
    order = np.argsort(np.concatenate([unit, unit[off.index]]), kind="stable")
    return both.iloc[order].reset_index(drop=True)


def session_topics(group: Group) -> pd.DataFrame:
    """Every other session is about a topic of the year; some units leave some out."""
    about = (group.place % 2 == 0) & ~group.chance(0.1, len(group.unit))
    unit, place = group.unit[about], group.place[about]
    codes = [topic.code for topic in group.params.topics]
    return table("session_topics", {
        "session_id": words(group.session_ids, np.flatnonzero(about)),
        "unit_id": words(group.ids, unit),
        "topic_code": words(codes, place // 2 % len(codes)),
    })  # fmt: skip


def speeches(group: Group) -> pd.DataFrame:
    """About five a session, at one in six none; the office has rated half of them."""
    counts = group.rng.integers(0, 2 * SPEECHES + 1, len(group.unit))
    counts[group.chance(0.16, len(counts))] = 0
    counts[~group.sent("speeches")[group.unit]] = 0
    session = np.repeat(np.arange(len(counts)), counts)
    seq = np.arange(len(session)) - np.repeat(np.cumsum(counts) - counts, counts)
    unit, rows = group.unit[session], len(session)
    slot = (group.rng.integers(0, group.scale.members, rows) ** 2) // group.scale.members
    types = np.array([0, 1, 2, 2, 3])[group.rng.integers(0, 5, rows)]
    rated = group.chance(0.5, rows)
    return table("speeches", {
        "session_id": words(group.session_ids, session),
        **group.of("speeches", unit, group.place[session] * 10 + seq),
        "person_id": words(group.people, group.person(unit, slot, group.start[session])),
        "seq": whole(seq + 1),
        "type": words(allowed("speech_types"), types),
        "has_paper": flags(group.chance(0.5, rows), group.chance(0.1, rows)),
        "linked_to_practice": words(allowed("rated"), np.where(rated, group.chance(0.3, rows), 2)),
        "has_measures": words(allowed("rated"), np.where(rated, group.chance(0.5, rows), 2)),
    })  # fmt: skip


def session_reports(group: Group) -> pd.DataFrame:
    """Of nearly every session; some late, some not received."""
    kept = group.sent("session_reports")[group.unit] & ~group.chance(0.04, len(group.unit))
    unit, place, rows = group.unit[kept], group.place[kept], int(kept.sum())
    start = group.start[kept]
    late = group.rng.integers(1, 12, rows).astype("timedelta64[D]")
    return table("session_reports", {
        "session_id": words(group.session_ids, np.flatnonzero(kept)),
        **group.of("session_reports", unit, place),
        "due_on": dates(start + 10, group.chance(0.3, rows)),
        "received_on": dates(start + late, group.chance(0.03, rows)),
        "times_returned": whole(group.rng.integers(0, 3, rows), group.chance(0.1, rows)),
    })  # fmt: skip


def accounts(group: Group) -> pd.DataFrame:
    """Nine of ten in leadership gave one."""
    unit, slot = group.each("accounts", max(1, group.scale.members // 2))
    kept = ~group.chance(0.1, len(unit))
    unit, slot = unit[kept], slot[kept]
    when = day(12, 5) + group.rng.integers(0, 25, len(unit)).astype("timedelta64[D]")
    made = table("accounts", {
        **group.of("accounts", unit, slot),
        "person_id": words(group.people, unit * group.slots + slot),
        "year": whole(np.full(len(unit), YEAR)),
        "date": dates(when, group.chance(0.02, len(unit))),
        "rating": words(allowed("ratings"), group.rng.integers(0, 4, len(unit)),
                        group.chance(0.1, len(unit))),
    })  # fmt: skip
    return made.drop_duplicates("person_id", ignore_index=True)


def research(group: Group) -> pd.DataFrame:
    """One piece for every other member."""
    unit, number = group.each("research", max(1, group.scale.members // 2))
    rows = len(unit)
    slot = group.rng.integers(0, group.scale.members, rows)
    span = (group.last - group.first).astype(int)[unit]
    when = group.first[unit] + (span * group.rng.random(rows)).astype("timedelta64[D]")
    return table("research", {
        **group.of("research", unit, number),
        "research_id": words([f"{group.ids[u]}/{n + 1}" for u, n in zip(unit, number, strict=True)],
                             np.arange(rows)),
        "person_id": words(group.people, group.person(unit, slot, when)),
        "contact_point": words(["物资仓储站", "项目工地", "供电工区"], slot % 3,
                               group.chance(0.2, rows)),
        "date": dates(when, group.chance(0.02, rows)),
        "has_report": flags(group.chance(0.8, rows), group.chance(0.03, rows)),
        "outcome": words(
            allowed("outcomes"), group.rng.integers(0, 3, rows), group.chance(0.1, rows)
        ),
        "evidence": words(["调研报告"], slot * 0, group.chance(0.3, rows)),
    })  # fmt: skip


def _partner(group: Group) -> Whole:
    """Each unit's partner of 旁听结对: 1 and 2, 3 and 4 …; its own number where it has none."""
    partner = np.where(group.numbers % 2 == 1, group.numbers + 1, group.numbers - 1)
    alone = (partner < 1) | (partner >= group.scale.units)
    return np.where(alone, group.numbers, partner)


def visits(group: Group) -> pd.DataFrame:
    """Most units looked on at one or two of their partner's sessions."""
    observer, number = group.each("visits", 2)
    host = _partner(group)[observer]
    there = (host != observer) & ~((number == 1) & (observer % 3 == 0)) & (group.held[host] > 3)
    observer, number, host = observer[there], number[there], host[there]
    place = (number + 1) * group.held[host] // 3
    session = (np.cumsum(group.held) - group.held)[host] + place
    when, rows = group.start[session], len(host)
    ids = [
        f"{group.ids[o]}/{group.ids[h]}/{d}"
        for o, h, d in zip(observer, host, when, strict=True)
    ]  # fmt: skip
    known = group.chance(0.9, rows)
    return table("visits", {
        **group.source("visits", observer, number),
        "visit_id": words(ids, np.arange(rows)),
        "observer_unit": words(group.ids, observer),
        "host_unit": words(group.ids, host),
        "session_id": words(group.session_ids, session, ~known),
        "date": dates(when),
        "feedback_on": dates(when + group.rng.integers(1, 12, rows), group.chance(0.1, rows)),
        "ratings": words(
            allowed("ratings"), group.rng.integers(0, 4, rows), group.chance(0.3, rows)
        ),
        "highlights": words(["研讨联系本单位改革实际"], host * 0, group.chance(0.1, rows)),
        "problems": words(["补充发言面可再宽一些"], host * 0, group.chance(0.2, rows)),
        "reported_by": words(allowed("reported_by"), np.where(known, 0, 1)),
    })  # fmt: skip


def platform(group: Group) -> pd.DataFrame:
    """Twelve months a unit."""
    unit, month = group.each("platform", 12)
    people = 80 + unit % 300
    share = 0.5 + group.rng.random(len(unit)) / 2
    blank = group.chance(0.02, len(unit))
    return table("platform", {
        **group.of("platform", unit, month),
        "month": words([f"{YEAR}-{n:02d}" for n in range(1, 13)], month),
        "party_members": whole(people),
        "joined": whole((people * share).astype(int), blank),
        "participation": decimal(share.round(3), blank),
        "mean_daily_points": decimal((20 + 20 * share).round(1), blank),
    })  # fmt: skip


def practices(group: Group) -> pd.DataFrame:
    """One or two a unit."""
    unit, number = group.each("practices", 2)
    kept = (number == 0) | (unit % 2 == 0)
    unit, number = unit[kept], number[kept]
    return table("practices", {
        **group.of("practices", unit, number),
        "practice_id": words([f"{group.ids[u]}/{n + 1}" for u, n in zip(unit, number, strict=True)],
                             np.arange(len(unit))),
        "kind": words(allowed("practice_kinds"), (unit + number) % 5),
        "name": words(["“炉前十分钟”微课", "学习“回头看”制度"], number),
        "what": words(["由中心组成员轮流把学到的内容讲给班组听，讲完当场听取意见"], number * 0),
        "outcome": words(["中心组学习带动了基层学习"], number * 0, unit % 3 == 0),
        "sessions": words([f"{i}/1、{i}/2" for i in group.ids], unit, unit % 4 == 0),
    })  # fmt: skip


def rectifications(group: Group) -> pd.DataFrame:
    """Two findings in every tenth unit."""
    unit, number = group.each("rectifications", 2)
    unit, number = unit[unit % 10 == 6], number[unit % 10 == 6]
    return table("rectifications", {
        **group.of("rectifications", unit, number),
        "finding_id": words([f"{YEAR - 1}/{group.ids[u]}/{n + 1}"
                             for u, n in zip(unit, number, strict=True)], np.arange(len(unit))),
        "year": whole(np.full(len(unit), YEAR - 1)),
        "problem": words(["学习计划落实不够到位", "发言覆盖面不广"], number),
        "measure": words(["按月对照计划检查"], number * 0, unit % 3 == 0),
        "due_on": dates(np.full(len(unit), day(6, 30))),
        "replied_on": dates(np.full(len(unit), day(6, 20)), unit % 4 == 0),
        "state": words(allowed("rectification_states"), (unit // 10 + number) % 4),
    })  # fmt: skip


# --- the office's tables, and the account of what arrived ----------------------------------


def archive_checks(group: Group) -> pd.DataFrame:
    """Every item in every unit."""
    items = group.params.archive_items
    unit = np.repeat(group.numbers, len(items))
    shares = np.repeat(np.arange(5), (85, 5, 5, 2, 3))
    return table("archive_checks", {
        **group.of("archive_checks", unit, unit),
        "year": whole(np.full(len(unit), YEAR)),
        "item": words(items, np.tile(np.arange(len(items)), len(group.ids))),
        "state": words(allowed("archive_states"), shares[group.rng.integers(0, 100, len(unit))]),
    })  # fmt: skip


def system_checks(group: Group) -> pd.DataFrame:
    """Every system in every unit."""
    systems = group.params.systems
    unit, number = np.repeat(group.numbers, len(systems)), np.arange(len(systems))
    number = np.tile(number, len(group.ids))
    shares = np.repeat(np.arange(4), (30, 60, 6, 4))
    return table("system_checks", {
        **group.of("system_checks", unit, unit),
        "year": whole(np.full(len(unit), YEAR)),
        "system_no": whole(number + 1),
        "system": words(systems, number),
        "state": words(allowed("system_states"), shares[group.rng.integers(0, 100, len(unit))]),
    })  # fmt: skip


def note_checks(group: Group) -> pd.DataFrame:
    """The notebooks of the head and of another in every fourth unit."""
    unit, slot = group.each("note_checks", 2)
    slot = slot * max(0, group.scale.members // 2 - 1)
    unit, slot = unit[unit % 4 == 0], slot[unit % 4 == 0]
    made = table("note_checks", {
        **group.of("note_checks", unit, slot),
        "person_id": words(group.people, unit * group.slots + slot),
        "checked_on": dates(np.full(len(unit), day(11, 8))),
        "grade": words(allowed("grades"), group.rng.integers(0, 3, len(unit))),
    })  # fmt: skip
    return made.drop_duplicates("person_id", ignore_index=True)


def pairings(group: Group) -> pd.DataFrame:
    """旁听结对: two units a group."""
    unit = group.numbers[_partner(group) != group.numbers]
    return table("pairings", {
        **group.of("pairings", unit, unit),
        "year": whole(np.full(len(unit), YEAR)),
        "group_no": words([str(n) for n in range(len(group.ids) // 2 + 1)], (unit + 1) // 2),
    })  # fmt: skip


def confirmations(group: Group) -> pd.DataFrame:
    """Every fifth unit was asked; half of them confirmed."""
    unit = group.numbers[group.numbers % 5 == 1]
    blank = unit % 10 == 6
    return table("confirmations", {
        **group.of("confirmations", unit, unit),
        "sent_on": dates(np.full(len(unit), day(12, 20))),
        "confirmed_by": words(["党委副书记"], unit * 0, blank),
        "confirmed_on": dates(np.full(len(unit), day(12, 28)), blank),
    })  # fmt: skip


def value_states(group: Group, research: pd.DataFrame) -> pd.DataFrame:
    """Every outcome of research that is empty: said to be 不适用."""
    rows = research[research["outcome"].isna()].reset_index(drop=True)
    constant = {"table": "research", "column": "outcome", "state": "不适用"}
    first = np.zeros(len(rows), int)
    return table("value_states", {
        **{name: rows[name] for name in ("unit_id", "source_file", "source_sheet", "source_row")},
        "row_key": rows["research_id"],
        **{name: words([word], first) for name, word in constant.items()},
    })  # fmt: skip


def submissions(group: Group, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each unit and table, with the rows that the table has of it."""
    names = (*(n for n in UNIT_TABLES if n != "session_topics"), *OFFICE_TABLES)
    known = dict(zip(group.ids, group.numbers, strict=True))
    counts = np.zeros((len(group.ids), len(names)), int)
    states = np.zeros((len(group.ids), len(names)), object)
    for n, name in enumerate(names):
        sender = frames[name]["observer_unit" if name == "visits" else "unit_id"]
        for unit_id, rows in sender.value_counts().items():
            counts[known[str(unit_id)], n] = rows
        states[:, n] = group.state(name)
        if name in OFFICE_TABLES:
            states[:, n] = np.where(counts[:, n] > 0, "已报", "未核查")
        elif name == "rectifications":
            states[:, n] = np.where(counts[:, n] > 0, "已报", "不适用")
    unit = np.repeat(group.numbers, len(names))
    said = list(allowed("value_states"))
    state = np.array([said.index(word) for word in states.ravel()])
    return table("submissions", {
        "unit_id": words(group.ids, unit),
        "table": words(names, np.tile(np.arange(len(names)), len(group.ids))),
        "state": words(said, state),
        "rows": whole(counts.ravel()),
        "refused": whole(unit * 0),
        "source_file": words(group.files, unit, state == said.index("未报")),
    })  # fmt: skip


def files(group: Group, rows: int) -> pd.DataFrame:
    """One workbook a unit that sent any."""
    unit = group.numbers[group.sent("members")]
    return table("files", {
        "file": words(group.files, unit),
        "unit_id": words(group.ids, unit),
        "period": words([f"{YEAR}"], unit * 0),
        "filled_on": dates(np.full(len(unit), day(12, 29))),
        "format": words(["xlsx"], unit * 0),
        "state": words(["accepted"], unit * 0),
        "rows": whole(np.full(len(unit), rows // max(1, len(unit)))),
        "refused": whole(unit * 0),
        "corrected": whole(unit * 0),
        "sha256": words([hashlib.sha256(i.encode()).hexdigest() for i in group.ids], unit),
    })  # fmt: skip


def issues(group: Group) -> pd.DataFrame:
    """A warning in the workbook of every tenth unit."""
    unit = group.numbers[group.sent("members") & (group.numbers % 10 == 2)]
    constant = {
        "severity": "warned", "code": "hidden_rows", "sheet": "学习情况", "cell": "A9",
        "found": "有隐藏的行", "expected": "没有隐藏的行", "action": "已照常读取，请确认",
    }  # fmt: skip
    return table("issues", {
        "unit_id": words(group.ids, unit),
        "file": words(group.files, unit),
        **{name: words([word], unit * 0) for name, word in constant.items()},
    })  # fmt: skip


# --- all of it ----------------------------------------------------------------------------


def tables_of(scale: Scale, params: YearParams, units: Units) -> dict[str, pd.DataFrame]:
    """Every table of the year, as an import would hand them to the snapshot."""
    group = Group(scale, params, units)
    signed = sign(group)
    made = {
        "attendance": attendance(group, signed),
        "sessions": sessions(group, signed),
        "units": frame_of(TABLES["units"], unit_rows(units)),
        "topics": frame_of(TABLES["topics"], topic_rows(params)),
        "objections": empty(TABLES["objections"]),
    }
    for make in (
        members, plans, plan_items, session_topics, speeches, session_reports, accounts, research,
        visits, platform, practices, rectifications, archive_checks, system_checks, note_checks,
        pairings, confirmations, issues,
    ):  # fmt: skip
        made[make.__name__] = make(group)
    made["value_states"] = value_states(group, made["research"])
    made["files"] = files(group, sum(map(len, made.values())))
    made["submissions"] = submissions(group, made)
    return {name: made[name] for name in TABLES}


def of_year(scale: Scale, params: YearParams, units: Units) -> dict[str, pd.DataFrame]:
    """The tables of a year; of the year before without the units that were not there yet."""
    if params.year == THIS_YEAR:
        return tables_of(scale, params, units)
    old = [unit.model_copy(update={"valid_from": dt.date(2012, 1, 1), "valid_to": None})
           for unit in units]  # fmt: skip
    names = {"group_name": units.group_name, "group_short_name": units.group_short_name}
    frames = tables_of(scale, params, Units(**names, units=tuple(old)))
    new = {unit.unit_id for unit in units if unit.valid_from.year == THIS_YEAR}
    for name, frame in frames.items():
        for column in {"unit_id", "observer_unit", "host_unit"} & set(frame):
            frame = frame[~frame[column].isin(new)]
        frames[name] = frame.reset_index(drop=True)
    return frames


def write_group(home: Path, scale: Scale) -> int:
    """A workbook folder with the checkout's parameters, such units and a snapshot of the year.

    Returns the rows of attendance in it. The snapshot is written as an import writes it; only
    its digest is taken from the scale: to hash ten million rows is slow, and not measured here.
    """
    shutil.copytree(CHECKOUT / "params", home / "params", dirs_exist_ok=True)
    units = units_of(scale)
    lines = [
        f"- {json.dumps(unit.model_dump(mode='json', exclude_defaults=True), ensure_ascii=False)}"
        for unit in units
    ]
    head = f"group_name: {units.group_name}\ngroup_short_name: {units.group_short_name}\nunits:"
    (home / "params" / "units.yml").write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    frames = of_year(scale, load_year(home, YEAR), units)
    if scale.rows <= SMALL:
        validate(frames, TABLES, YEAR)
    inputs = [
        {"file": file, "sha256": sha256, "unit_id": unit_id, "state": "accepted"}
        for file, sha256, unit_id in frames["files"][["file", "sha256", "unit_id"]].to_numpy()
    ]
    digest = hashlib.sha256(repr(dataclasses.astuple(scale)).encode()).hexdigest()
    with patch.object(writing, "digest_of", lambda _: digest):
        write_snapshot(home, YEAR, frames, inputs)
    return len(frames["attendance"])


def main() -> None:
    """Make one such folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path, help="a new folder")
    parser.add_argument("--units", type=int, required=True)
    parser.add_argument("--sessions", type=int, default=Scale.sessions, help="a unit")
    parser.add_argument("--members", type=int, default=Scale.members, help="a unit")
    parser.add_argument("--last-year", action="store_true", help="of the year before")
    options = parser.parse_args()
    if options.last_year:
        global YEAR
        YEAR -= 1
    scale = Scale(options.units, options.sessions, options.members)
    print(write_group(options.home.resolve(), scale))


if __name__ == "__main__":
    main()
