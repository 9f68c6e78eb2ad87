"""学习旁听: units in pairs sit in on each other's sessions, and each side writes it down."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reportkit.params import Unit
from reportkit.records.demo.invented import invented
from reportkit.records.demo.year import DAY, Meeting, UnitYear

OBSERVED, HOSTED = "旁听", "被旁听"


@dataclass(frozen=True)
class Visit:
    """One unit at another's session."""

    observer: Unit
    host: Unit
    meeting: Meeting
    """The host's session."""
    feedback_on: dt.date | None
    highlights: str
    problems: str
    rating: str
    """By the office; empty: not rated."""


@dataclass(frozen=True)
class VisitSide:
    """What one of the two writes down of it."""

    role: str
    other: str
    date: dt.date
    session: int | None
    feedback_on: dt.date | None
    highlights: str
    problems: str


def pair_number(unit: Unit) -> int:
    """Which pair a unit belongs to, from 1: units 1 and 2, 3 and 4 … of the official order."""
    return (unit.order // 10 + 1) // 2


def pairs(units: Iterable[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """The pairs of which both units are there; 集团本级 has no partner."""
    waiting: dict[int, Unit] = {}
    for unit in units:
        if unit.level == "group":
            continue
        partner = waiting.pop(pair_number(unit), None)
        if partner is None:
            waiting[pair_number(unit)] = unit
        else:
            yield partner, unit


def visits_between(one: UnitYear, other: UnitYear, rng: random.Random) -> list[Visit]:
    """Each unit sits in on two sessions of the other's, one in each half of the year."""
    visits = [
        visit
        for observer, host in ((one, other), (other, one))
        for meeting in _sat_in_on(observer, host, rng)
        for visit in [_visit(observer, host, meeting, rng)]
    ]
    return sorted(visits, key=lambda visit: visit.meeting.start)


def _sat_in_on(observer: UnitYear, host: UnitYear, rng: random.Random) -> Iterator[Meeting]:
    first, last = max(observer.first, host.first), min(observer.last, host.last)
    busy = {meeting.start for meeting in observer.meetings}
    fit = [
        meeting
        for meeting in host.held
        if first <= meeting.start <= last
        and meeting.kind == meeting.counted_as == "集体学习"
        and not meeting.joint_id
        and meeting.start not in busy
    ]
    for half in (range(1, 7), range(7, 13)):
        of_half = [meeting for meeting in fit if meeting.start.month in half]
        if of_half:
            yield rng.choice([m for m in of_half if m.discussion] or of_half)


def _visit(observer: UnitYear, host: UnitYear, meeting: Meeting, rng: random.Random) -> Visit:
    late = rng.random() < 0.1
    feedback = meeting.start + DAY * (rng.randint(15, 25) if late else rng.randint(2, 6))
    return Visit(
        observer.unit,
        host.unit,
        meeting,
        None if rng.random() < 0.08 else feedback,
        rng.choice(invented()["visit_highlights"]),
        rng.choice(invented()["visit_problems"]),
        rng.choice(("优秀", "较好", "较好", "一般", "", "", "")),
    )


def sides_of(life: UnitYear, visits: Sequence[Visit]) -> list[VisitSide]:
    """What a unit writes down of its visits, with its own slips."""
    sides = [_side(life.unit, visit) for visit in visits]
    profile = life.profile
    if profile.visit_forgotten:
        mine = [n for n, side in enumerate(sides) if side.role == profile.visit_forgotten]
        sides = [side for n, side in enumerate(sides) if n not in mine[-1:]]
    if profile.visit_a_day_off:
        n = next((n for n, side in enumerate(sides) if side.role == OBSERVED), None)
        if n is not None and (sides[n].date + DAY).year == sides[n].date.year:
            sides[n] = replace(sides[n], date=sides[n].date + DAY)
    return sides


def _side(unit: Unit, visit: Visit) -> VisitSide:
    """The observer says what it saw; the number of the session is the host's to give."""
    observed = unit.unit_id == visit.observer.unit_id
    other = visit.host if observed else visit.observer
    return VisitSide(
        OBSERVED if observed else HOSTED,
        other.short_name,
        visit.meeting.start,
        None if observed else visit.meeting.number,
        visit.feedback_on,
        visit.highlights if observed else "",
        visit.problems if observed else "",
    )
