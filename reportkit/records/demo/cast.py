"""The invented group: its units and the people in their study groups."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from functools import cache

from reportkit.params import Unit, Units
from reportkit.records.demo.invented import invented
from reportkit.records.opening.grid import column_letters

GROUP_NAME = "岱川能源集团有限公司"
GROUP_SHORT = "岱川集团"
HEAD_OFFICE = "hq"
CYCLE = 24
"""Kinds of units repeat after this many: the first round is the default set."""
FOUNDED = dt.date(2012, 1, 1)
NEW_FROM = dt.date(2023, 4, 1)
MERGED_ON = dt.date(2023, 6, 30)

MERGED_AT, NEW_AT, SUCCESSOR_AT = 23, 22, 16


def mask_label(number: int) -> str:
    """A公司, B公司 … Z公司, AA公司: a label that tells nothing of the unit."""
    return f"{column_letters(number)}公司"


def cast_units(count: int) -> Units:
    """The group with its own level and ``count`` units; unit k does not depend on the count."""
    units = tuple(unit_list(count))
    return Units(group_name=GROUP_NAME, group_short_name=GROUP_SHORT, units=units)


def unit_list(count: int) -> list[Unit]:
    """The units alone, 集团本级 first."""
    units = [
        Unit(unit_id=HEAD_OFFICE, name="岱川集团本级", short_name="集团本级", order=0,
             mask_label="集团本级", level="group", valid_from=FOUNDED)
    ]  # fmt: skip
    used = {HEAD_OFFICE}
    for k in range(count):
        place, spelling, trade, trade_spelling, peers = _name(k)
        unit_id = spelling if spelling not in used else f"{spelling}-{trade_spelling}"
        while unit_id in used:
            unit_id = f"{unit_id}-{k}"
        used.add(unit_id)
        kind = k % CYCLE
        full = {"设计": "设计院有限公司", "建设": "建设工程有限公司"}.get(trade, f"{trade}有限公司")
        merged = kind == MERGED_AT
        units.append(
            Unit(
                unit_id=unit_id,
                name=f"{GROUP_SHORT}{place}{full}",
                short_name=f"{place}{trade}",
                order=10 * (k + 1),
                mask_label=mask_label(k),
                org_type="党总支" if kind in (5, 20) else "党委",
                peer_group=peers,
                valid_from=NEW_FROM if kind == NEW_AT else FOUNDED,
                valid_to=MERGED_ON if merged else None,
                successor_id=units[k - MERGED_AT + SUCCESSOR_AT + 1].unit_id if merged else None,
                aliases=(f"{place}{full}",) if f"{place}{full}" != f"{place}{trade}" else (),
            )
        )
    return units


def _name(k: int) -> tuple[str, str, str, str, str]:
    """Place, its spelling, trade, its spelling, peer group of unit k."""
    first_round, trades = invented()["first_round"], invented()["trades"]
    if k < CYCLE:
        place, spelling, trade, peers = first_round[k]
        return place, spelling, trade, f"u{k}", peers
    places = _places()
    k -= CYCLE
    place, spelling = places[k % len(places)]
    trade, trade_spelling, peers = trades[(k % len(places) + k // len(places)) % len(trades)]
    return place, spelling, trade, trade_spelling, peers


@cache
def _places() -> tuple[tuple[str, str], ...]:
    """Places of all further units, each with its spelling."""
    known = {name for name, *_ in invented()["first_round"]}
    begins, ends = invented()["place_begins"].items(), invented()["place_ends"].items()
    return tuple(
        (a + b, sa + sb) for b, sb in ends for a, sa in begins if a != b and a + b not in known
    )


# --- people ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """One person of a study group, and the time in it."""

    name: str
    role: str
    in_leadership: bool
    party_affairs_head: bool
    since: dt.date
    until: dt.date | None = None
    staff_number: str | None = None

    def there_on(self, day: dt.date) -> bool:
        """Whether the person is in the group on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Cast:
    """The people of one unit over the years."""

    people: tuple[Person, ...] = field(default_factory=tuple)

    def on(self, day: dt.date) -> list[Person]:
        """Those expected at a session on that day (the secretary is not)."""
        return [p for p in self.people if p.there_on(day) and p.role != "学习秘书"]


def cast_people(unit: Unit, rng: random.Random, *, numbers: str, without_head: bool) -> Cast:
    """A study group: 组长, 副组长, members of the leadership, heads of departments, secretary.

    ``numbers`` is the prefix of staff numbers, empty for units that give none.
    """
    size = rng.randint(5, 7)
    leaders = ["组长", "副组长", *["成员"] * (size - 2)]
    plan = [(role, True, False) for role in leaders]
    if not without_head:
        plan.append(("成员", False, True))
    plan += [("成员", False, False), ("学习秘书", False, False)]
    names = _names(rng, len(plan) + 1)
    change = dt.date(2023, rng.randint(3, 9), rng.randint(1, 28)) if rng.random() < 0.4 else None
    people = []
    for n, (role, leading, head) in enumerate(plan):
        since = max(unit.valid_from, dt.date(rng.randint(2015, 2021), rng.randint(1, 12), 1))
        until = change if change and n == 3 and unit.valid_from < change else None
        people.append(Person(names[n], role, leading, head, since, until))
    if change and any(p.until for p in people):
        since = change + dt.timedelta(days=1)
        people.insert(4, Person(names[-1], "成员", True, False, since))
    return Cast(
        tuple(
            Person(p.name, p.role, p.in_leadership, p.party_affairs_head, p.since, p.until,
                   f"{numbers}{n:03}" if numbers else None)
            for n, p in enumerate(people, 1)
        )
    )  # fmt: skip


def _names(rng: random.Random, count: int) -> list[str]:
    given_names, never = invented()["given"], invented()["never"]
    names: list[str] = []
    while len(names) < count:
        given = rng.choice(given_names) + (rng.choice(given_names) if rng.random() < 0.7 else "")
        name = rng.choice(invented()["surnames"]) + given
        if name not in never and name not in names and len(set(given)) == len(given):
            names.append(name)
    return names
