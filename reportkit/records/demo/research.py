"""调查研究: where members went, and what became of it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from reportkit.records.demo.cast import Person
from reportkit.records.demo.invented import invented
from reportkit.records.demo.year import DAY, UnitYear


@dataclass(frozen=True)
class Research:
    """One member's stay at a contact point (基层联系点)."""

    name: str
    contact_point: str
    first: dt.date
    last: dt.date
    has_report: bool
    outcome: str


def research_of(life: UnitYear, rng: random.Random) -> list[Research]:
    """A unit's research of the year, in order of time; most leaders go, some of the others."""
    profile = life.profile
    if profile.research_none:
        return []
    leaders = 0.25 if profile.research_lacking else 0.95 if profile.good else 0.75
    done: list[Research] = []
    for person in life.cast.people:
        chance = leaders if person.in_leadership else 0.3
        if person.role != "学习秘书" and rng.random() < chance:
            done += _stay(life, person, rng)
    return sorted(done, key=lambda each: (each.first, each.name))


def _stay(life: UnitYear, person: Person, rng: random.Random) -> Iterator[Research]:
    first = max(life.first, person.since)
    last = min(life.last, person.until or life.last) - 6 * DAY
    if last < first:
        return
    day = first + DAY * rng.randint(0, (last - first).days)
    if day.weekday() > 2:  # so that three days end within the week
        day += DAY * (7 - day.weekday())
    has_report = rng.random() < (0.95 if life.profile.good else 0.8)
    outcome = rng.choice(("无", "已采纳", "已采纳", "已落地")) if has_report else "无"
    point = rng.choice(invented()["contact_points"])
    yield Research(person.name, point, day, day + DAY * rng.randint(0, 2), has_report, outcome)


def day_of(research: Research, *, by_hand: bool) -> dt.date | str:
    """The day as a cell has it; ``by_hand``: the days, as 3月7-9日, read with a note."""
    first, last = research.first, research.last
    if by_hand and first.month == last.month and first != last:
        return f"{first.month}月{first.day}-{last.day}日"
    return first
