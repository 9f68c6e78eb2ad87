"""The roster (成员名单) of one unit: who belonged to the group on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reportkit.records.reading import Row


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
    row: Row

    def covers(self, day: dt.date) -> bool:
        """Whether the person is in the group on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


_SHOWN = 3
"""With more names alike than this a hint says nothing."""
_MANY = 50


def _patterns(word: str) -> Iterable[str]:
    """What a word has in common with any that differs in one character."""
    for n in range(len(word)):
        yield f"{word[:n]}?{word[n + 1 :]}"


def _shortened(word: str) -> Iterable[str]:
    for n in range(len(word)):
        yield word[:n] + word[n + 1 :]


@dataclass
class Roster:
    """All terms of a unit, in the order of its sheet."""

    terms: list[Term] = field(default_factory=list)
    lost: Sequence[Row] = ()
    """Rows of the sheet that were refused; their people are missing here."""

    def __post_init__(self) -> None:
        self._by_word: dict[str, list[Term]] = {}
        self._near: dict[str, list[str]] = {}
        self._hints: dict[str, str] = {}
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

    def causes(self, word: str) -> list[Row]:
        """The refused row of a name or staff number that is on no roster, if there is one."""
        if word in self._by_word:
            return []
        names = ("name", "staff_number")
        return [row for row in self.lost if word in map(row.values.get, names)][:1]

    def lost_on(self, day: dt.date, roles: Sequence[str]) -> list[Row]:
        """The refused rows of people who may have been expected on that day."""
        return [
            row for row in self.lost
            if row.values.get("role") in (None, *roles)
            and (row.values.get("from") or day) <= day <= (row.values.get("to") or day)
        ]  # fmt: skip

    def hint(self, word: str) -> str:
        """“是否为“张三丰”？” for a word that is on no roster, if a name is like it; else empty.

        Alike are names that differ in one character; of two characters the surname agrees.
        """
        if word in self._by_word or word.isdigit():
            return ""
        if word not in self._hints:
            self._hints[word] = self._hint(word)
        return self._hints[word]

    def _hint(self, word: str) -> str:
        if not self._near:
            for name in dict.fromkeys(term.name for term in self.terms):
                for key in (name, *_patterns(name), *_shortened(name)):
                    self._near.setdefault(key, []).append(name)
        near: dict[str, None] = {}
        for key in (word, *_patterns(word), *_shortened(word)):
            for name in self._near.get(key, ())[:_MANY]:
                size = abs(len(name) - len(word))
                swapped = size == 0 and sum(a != b for a, b in zip(name, word, strict=True)) != 1
                if size <= 1 and not swapped and (len(word) > 2 or name[0] == word[0]):
                    near[name] = None
        if not near or len(near) > _SHOWN:
            return ""
        return f"，是否为“{'”或“'.join(near)}”？"
