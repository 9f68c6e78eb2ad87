"""The roster (成员名单) of one unit: who belonged to the group on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportkit.records.issues import Log
from reportkit.records.reading import Row, Table


@dataclass(frozen=True, slots=True)
class Term:
    """One person's time in the group, in one role."""

    person_id: str
    name: str
    staff_number: str | None
    role: str
    in_leadership: bool
    party_affairs_head: bool
    first: dt.date
    last: dt.date | None
    row: int

    def covers(self, day: dt.date) -> bool:
        """Whether the person is in the group on that day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: Term) -> bool:
        """Whether the two terms share a day."""
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )


@dataclass
class Roster:
    """All terms of a unit, in the order of its sheet."""

    terms: list[Term] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_word: dict[str, list[Term]] = {}
        for term in self.terms:
            for word in {term.name, term.staff_number} - {None}:
                self._by_word.setdefault(str(word), []).append(term)

    def on(self, day: dt.date, roles: Iterable[str]) -> list[Term]:
        """Those in the group on that day in one of the roles, each person once."""
        wanted, seen = set(roles), dict[str, Term]()
        for term in self.terms:
            if term.role in wanted and term.covers(day):
                seen.setdefault(term.person_id, term)
        return list(seen.values())

    def find(self, word: str, first: dt.date, last: dt.date) -> tuple[str | None, str]:
        """The person of this name or staff number between two days; else None and why not."""
        terms = self._by_word.get(word, ())
        people = {
            term.person_id
            for term in terms
            if term.first <= last and (term.last is None or first <= term.last)
        }
        if len(people) == 1:
            return people.pop(), ""
        if people:
            return None, f"成员名单中有{len(people)}位“{word}”，请改填工号"
        if terms:
            return None, f"“{word}”当日不在成员名单的任职期内"
        return None, f"“{word}”不在成员名单中"


def build_roster(table: Table, unit_id: str, log: Log) -> Roster:
    """The roster from 成员名单; contradictory rows are refused."""
    terms = [term for row in table.rows if (term := _term(row, table, unit_id, log)) is not None]
    refused = _clashes(terms, table, log)
    table.refused += len(refused)
    return Roster([term for term in terms if term.row not in refused])


def _term(row: Row, table: Table, unit_id: str, log: Log) -> Term | None:
    values = row.values
    if values["to"] is not None and values["to"] < values["from"]:
        log.add("refused", "dates", f"任职止 {values['to']} 早于任职起 {values['from']}",
                "任职止不早于任职起", "该行未采用，请更正后重新报送",
                sheet=table.title, cell=row.cell("to"))  # fmt: skip
        table.refused += 1
        return None
    return Term(
        person_id=values["staff_number"] or f"{unit_id}/{values['name']}",
        name=values["name"],
        staff_number=values["staff_number"],
        role=values["role"],
        in_leadership=values["in_leadership"],
        party_affairs_head=values["party_affairs_head"],
        first=values["from"],
        last=values["to"],
        row=row.number,
    )


def _clashes(terms: list[Term], table: Table, log: Log) -> set[int]:
    """Row numbers of the terms that cannot stand beside each other."""
    refused: set[int] = set()
    by_name: dict[str, list[Term]] = {}
    by_id: dict[str, list[Term]] = {}
    for term in terms:
        by_name.setdefault(term.name, []).append(term)
        by_id.setdefault(term.person_id, []).append(term)
    for name, same in by_name.items():
        for i, one in enumerate(same):
            for other in same[i + 1 :]:
                if not one.overlaps(other) or (one.staff_number and other.staff_number):
                    continue
                for term in (one, other):
                    if term.staff_number is None and term.row not in refused:
                        refused.add(term.row)
                        _refuse(table, term, log, "same_name",
                                f"“{name}”在第{one.row}行和第{other.row}行各有一条，任期重叠，且未填工号",
                                "同名的人各填工号；同一人只填一行")  # fmt: skip
    for identifier, same in by_id.items():
        if not same[0].staff_number:
            continue
        for i, one in enumerate(same):
            for other in same[i + 1 :]:
                if other.row in refused or one.row in refused:
                    continue
                if one.name != other.name or one.overlaps(other):
                    refused.add(other.row)
                    _refuse(table, other, log, "staff_number",
                            f"工号 {identifier} 在第{one.row}行和第{other.row}行重复"
                            f"（{one.name}、{other.name}）",
                            "一个工号对应一人，任期不重叠")  # fmt: skip
    return refused


def _refuse(table: Table, term: Term, log: Log, code: str, found: str, expected: str) -> None:
    row = next(row for row in table.rows if row.number == term.row)
    column = "staff_number" if code == "staff_number" else "name"
    log.add("refused", code, found, expected, "该行未采用，请更正后重新报送",
            sheet=table.title, cell=row.cell(column))  # fmt: skip
