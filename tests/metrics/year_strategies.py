"""Years for hypothesis: four units, of which every table that a metric reads may hold rows.

Rows come from a seeded generator, so that most years are rich: hypothesis draws the seed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from frames_builder import YEAR, make, paired, params, topic, unit
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from reportkit.metrics.frames import YearFrames
from reportkit.records.schemas import allowed

Rows = dict[str, list[dict[str, Any]]]

UNITS = [
    unit("hq", level="group"),
    unit("aa", peer_group="矿山类"),
    unit("bb", peer_group="矿山类", valid_from=dt.date(YEAR, 4, 15)),
    unit("cc", peer_group="矿山类", valid_to=dt.date(YEAR, 6, 30), successor_id="aa"),
]
IDS = [row["unit_id"] for row in UNITS]
SENT = (
    "members", "sessions", "attendance", "speeches", "session_reports", "accounts", "plans",
    "plan_items", "research", "visits", "platform",
)  # fmt: skip
"""Tables that a unit sends, or leaves blank."""
HANGING = ("attendance", "speeches", "session_reports", "session_topics")
STATES = ("unreported", "zero", "unchecked", "exempt")
PLANS = ("2023", "2023Q1", "2023Q2", "2023Q3", "2023-01", "2023-02", "2023-05", "2023-12")
TOPICS = [topic("T1", "3-31"), topic("T2", "9-30"), topic("T3", "6-1", mandatory=False)]

few = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Drawn:
    """The rows of a year, and how to make frames of them."""

    rows: Rows
    states: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    units: tuple[dict[str, Any], ...] = tuple(UNITS)
    period: str | None = None
    cutoff: dt.date = dt.date(YEAR, 12, 31)
    papers: dict[str, dict[str, dt.date]] = field(default_factory=dict)
    """Period → its paper's day."""

    def frames(self, **changes: Any) -> YearFrames:
        """The frames of a snapshot; ``changes`` as for :func:`dataclasses.replace`."""
        year = replace(self, **changes)
        return make(
            list(year.units),
            year=params(
                topics=TOPICS, metrics=year.metrics, cutoff=year.cutoff, periods=year.papers
            ),
            period=year.period, refused={("aa", "sessions"): 1}, **year.states, **year.rows,
        )  # fmt: skip

    def __repr__(self) -> str:
        """Short: the seed, which hypothesis prints, is enough to make it again."""
        return f"Drawn({sum(map(len, self.rows.values()))} rows, {self.states}, {self.metrics})"


@dataclass(frozen=True)
class _UnitYear:
    """Makes one unit's rows: people with terms, sessions, who was there, who spoke, what came."""

    random: Random
    unit_id: str
    sessions: int

    def rows(self) -> Rows:
        people = [f"{self.unit_id}/{name}" for name in "甲乙丙丁"[: self.random.randint(1, 4)]]
        rows: Rows = {name: [] for name in (*SENT, *HANGING)}
        for person in people:
            rows["members"] += self._terms(person)
        for number in range(1, self.sessions + 1):
            self._hold(rows, f"{self.unit_id}/{number}", people)
        own = {"unit_id": self.unit_id, "year": YEAR}
        rows["accounts"] = [{**own, "person_id": one, "date": self._maybe_day()}
                            for one in self._some(people)]  # fmt: skip
        rows["plan_items"] = [
            {"item_id": f"{self.unit_id}/{n}", "title": f"学习{n}", "due_period": period}
            for n, period in enumerate(self._some(PLANS), 1)
        ]
        rows["plans"] = [{**own, "level": "年", "period": period, "approved_on": self._maybe_day()}
                         for period in self._some(PLANS)]  # fmt: skip
        rows["platform"] = [self._month(month) for month in self._some(range(1, 13))]
        rows["research"] = [
            {"research_id": f"{self.unit_id}/{n}", "person_id": self._any([*people, "客"]),
             "date": self._maybe_day(), "has_report": self._any([None, True, True, False]),
             "outcome": self._any([None, *allowed("outcomes")])}
            for n in range(self.random.randint(0, 4))
        ]  # fmt: skip
        self._checks(rows, own, people)
        return rows

    def _any(self, values: Any) -> Any:
        return self.random.choice(list(values))

    def _some(self, values: Any) -> list[Any]:
        return [value for value in values if self.random.random() < 0.5]

    def _day(self, first: int = 1, last: int = 365) -> dt.date:
        return dt.date(YEAR - 1, 12, 31) + dt.timedelta(days=self.random.randint(first, last))

    def _maybe_day(self) -> dt.date | None:
        return self._day(1, 390) if self.random.random() < 0.8 else None

    def _terms(self, person: str) -> list[dict[str, Any]]:
        """One term, or two, of which the second may begin the day after the first."""
        first = {
            "person_id": person, "name": person,
            "role": self._any([*allowed("roles"), "组长", "成员"]),
            "in_leadership": self.random.random() < 0.8,
            "party_affairs_head": self.random.random() < 0.3,
            "from": self._day(-300, 250), "to": None,
        }  # fmt: skip
        if self.random.random() < 0.6:
            return [first]
        until = first["from"] + dt.timedelta(days=self.random.randint(0, 300))
        again = until + dt.timedelta(days=self._any([1, 40]))
        second = {**first, "from": again, "role": self._any(allowed("roles"))}
        return [{**first, "to": until}, *self._some([second])]

    def _hold(self, rows: Rows, key: str, people: list[str]) -> None:
        start = self._day()
        end = min(start + dt.timedelta(days=self._any([0, 0, 0, 2])), dt.date(YEAR, 12, 31))
        expected = self._any([None, 5, 9])
        kind, counted = self._any([("集体学习", "集体学习")] * 6 + [
            ("读书班", "读书班"), ("读书班", "集体学习"),
            ("集体学习", self._any(allowed("counted_as"))),
        ])  # fmt: skip
        rows["sessions"].append({
            "session_id": key, "start": start, "end": end, "title": "学习", "kind": kind,
            "counted_as": counted, "hours": self._any([None, 2.0, 4.0, 6.0]),
            "cancelled": self.random.random() < 0.1, "joint_id": self._any([None, None, "LX1"]),
            "host_id": self._any([None, *people, *people]),
            "plan_item": self._any([None, f"{self.unit_id}/1", f"{self.unit_id}/2"]),
            "ad_hoc_basis": self._any([None, "上级部署"]), "expected": expected,
            "present": self._any([None, 0, 3, 5]) if expected else None,
        })  # fmt: skip
        received = self._any([None, self._day(1, 390)])
        rows["session_reports"] += self._some([{"session_id": key, "received_on": received}])
        rows["session_topics"] += [{"session_id": key, "topic_code": code}
                                   for code in self._some(["T1", "T2", "T3"])]  # fmt: skip
        for person in people:
            rows["attendance"] += [{
                "session_id": key, "person_id": person, "status": status,
                "makeup_on": self._any([None, end]),
                "makeup_evidence": self._any([None, "笔记"]),
            } for status in [self._any([None, *allowed("attendance"), "出席", "出席"])]
                if status]  # fmt: skip
            rows["speeches"] += [{
                "session_id": key, "person_id": person, "seq": seq,
                "type": self._any(allowed("speech_types")), "linked_to_practice": "未评",
                "has_measures": self._any(allowed("rated")),
            } for seq in range(self._any([0, 0, 0, 1, 2]))]  # fmt: skip

    def _month(self, month: int) -> dict[str, Any]:
        members = self._any([None, 0, 8, 30, 30])
        return {
            "unit_id": self.unit_id, "month": f"{YEAR}-{month:02d}", "party_members": members,
            "joined": self._any([None, 0, *range(min(members or 0, 9))]),
            "participation": self._any([None, 0.0, 0.25, 0.8, 1.0]),
            "mean_daily_points": self._any([None, 0.0, 12.5, 30.0]),
        }  # fmt: skip

    def _checks(self, rows: Rows, own: dict[str, Any], people: list[str]) -> None:
        """What the office found, and what was said of a unit's empty cells."""
        rows["archive_checks"] = [
            {**own, "item": item, "state": self._any(allowed("archive_states"))}
            for item in ("签到簿", "学习记录簿", "学习计划")
        ]
        rows["system_checks"] = [
            {
                **own,
                "system_no": n,
                "system": f"制度{n}",
                "state": self._any(allowed("system_states")),
            }
            for n in (1, 2, 3)
        ]
        rows["note_checks"] = [
            {
                **own,
                "person_id": person,
                "checked_on": self._day(),
                "grade": self._any(allowed("grades")),
            }
            for person in self._some(people)
        ]
        rows["value_states"] = [
            {**own, "table": table, "row_key": row[key], "column": column,
             "state": self._any(("零", "不适用", "未核查"))}
            for table, key, columns in (("sessions", "session_id", ("hours", "expected")),
                                        ("research", "research_id", ("outcome",)))
            for row in rows[table] for column in columns
            if row[column] is None and self.random.random() < 0.5
        ]  # fmt: skip


def _year(random: Random, period: str | None) -> Drawn:
    rows: Rows = {}
    states: dict[str, dict[str, list[str]]] = {state: {} for state in STATES}
    for unit_id in IDS:
        of_unit = _UnitYear(random, unit_id, random.choice([0, 2, 8, 12])).rows()
        blank = {table: random.choice(STATES) for table in SENT if random.random() < 0.1}
        for table, state in blank.items():
            states[state].setdefault(unit_id, []).append(table)
            for each in (table, *(HANGING if table == "sessions" else ())):
                of_unit[each] = []
        kept = [row for row in of_unit["value_states"] if row["table"] not in blank]
        for table, part in {**of_unit, "value_states": kept}.items():
            rows.setdefault(table, []).extend(part)
    silent = {u for each in states.values() for u, tables in each.items() if "visits" in tables}
    rows["visits"] = [row for row in _visits(random) if row["observer_unit"] not in silent]
    groups = random.choice([[], [["aa", "bb", "cc"]], [["aa", "bb"], ["hq", "aa", "cc"]]])
    rows["pairings"] = [row for n, each in enumerate(groups) for row in paired(f"{n}组", *each)]
    metrics = {
        "joint_sessions": random.choice(["each", "once"]),
        "discussions_counted": random.choice(["sessions", "speeches"]),
        "visits_a_partner": random.randint(1, 2),
        "study_days_norm": random.choice([2, 12]),
        "attendance": {"minimum_sessions": random.randint(1, 4)},
    }
    return Drawn(rows, states, metrics, period=period)


def _visits(random: Random) -> list[dict[str, Any]]:
    made = _UnitYear(random, "", 0)
    return [
        {"visit_id": f"{n}", "observer_unit": random.choice(IDS),
         "host_unit": random.choice([*IDS, "zz"]), "date": made._day(),
         "feedback_on": made._maybe_day(), "reported_by": "双方"}
        for n in range(random.randint(0, 9))
    ]  # fmt: skip


def drawn_years(*periods: str | None) -> st.SearchStrategy[Drawn]:
    """A year of four units, some of whose tables are 未报, 零, 未核查 or 不适用."""
    seeds = st.randoms(use_true_random=True)
    return st.builds(_year, seeds, st.sampled_from(periods or (None,)))


def unit_rows(unit_id: str = "aa", sessions: int = 12) -> st.SearchStrategy[Rows]:
    """One unit's rows, every table sent."""
    seeds = st.randoms(use_true_random=True)
    return st.builds(lambda random: _UnitYear(random, unit_id, sessions).rows(), seeds)


def counted_leaders(frames: YearFrames) -> dict[str, dict[str, tuple[int, int, dt.date]]]:
    """unit_id → person_id → (present, known, one day on which the person is expected).

    Row by row, as M4 is defined: those leaders whose attendance is known often enough.
    """
    rules = frames.params.metrics.attendance
    status = {
        (row.session_id, row.person_id): row.status
        for row in frames.tables["attendance"].itertuples()
    }
    found: dict[str, dict[str, tuple[int, int, dt.date]]] = {}
    terms: dict[tuple[str, str], list[Any]] = {}
    for term in frames.leaders.rename(columns={"from": "since", "to": "until"}).itertuples():
        terms.setdefault((term.unit_id, term.person_id), []).append(term)
    for (unit_id, person), each in terms.items():
        held = [
            session for session in frames.study.itertuples() if session.unit_id == unit_id
            and any(term.since <= session.start
                    and not (term.until < session.start) for term in each)
        ]  # fmt: skip
        told = [(session, status.get((session.session_id, person))) for session in held]
        known = [(one, word) for one, word in told if word and word not in rules.left_out]
        if len(known) >= max(rules.minimum_sessions, 1):
            present = sum(word in rules.present for _, word in known)
            day = known[0][0].start.date()
            found.setdefault(unit_id, {})[person] = (present, len(known), day)
    return found
