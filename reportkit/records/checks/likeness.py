"""Whether two rows of 学习情况 are one session."""

from __future__ import annotations

import datetime as dt
from difflib import SequenceMatcher

from reportkit.records.checks.entry import Entry
from reportkit.text.normalising import bare

_TELLING = set("0123456789一二三四五六七八九十百上中下前后首末")
"""Characters that set two titles apart however alike the rest is: 专题一, 专题二."""
_NEAR = 0.85
_SHORTEST = 6


def title_of(entry: Entry) -> str:
    """The title without blanks and punctuation."""
    return bare(entry.values["title"]) or entry.values["title"]


def near_titles(one: str, other: str) -> bool:
    """Whether two bare titles are one, written a little differently."""
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST or max(len(one), len(other)) > 200:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _NEAR or matcher.ratio() < _NEAR:
        return False
    changed = "".join(
        one[a:b] + other[c:d] for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
    )
    return not _TELLING.intersection(changed)


def _agree(one: Entry, other: Entry, name: str) -> bool:
    mine = one.values.get(name)
    return mine is not None and mine == other.values.get(name)


def _apart(one: Entry, other: Entry, name: str) -> bool:
    mine, theirs = one.values.get(name), other.values.get(name)
    return mine is not None and theirs is not None and mine != theirs


def same_session(one: Entry, other: Entry) -> int:
    """How surely two rows of two files are one session: 0 if they are two.

    Both begin on one day. With the same title they are one, whatever else differs; with a
    title a little different if host or number agree and they end on one day; with another
    title only if the number agrees and neither host nor hours differ. So two real sessions
    of one day stay two.
    """
    agreed = 2 * _agree(one, other, "host") + _agree(one, other, "number")
    agreed += _agree(one, other, "hours") + _agree(one, other, "end")
    if title_of(one) == title_of(other):
        return 20 + agreed - _apart(one, other, "hours") - _apart(one, other, "host")
    if one.values["end"] != other.values["end"]:
        return 0
    same_number = _agree(one, other, "number")
    if near_titles(title_of(one), title_of(other)):
        return 10 + agreed if same_number or _agree(one, other, "host") else 0
    clear = not _apart(one, other, "host") and not _apart(one, other, "hours")
    return agreed if same_number and clear else 0


def maybe_same(one: Entry, other: Entry) -> bool:
    """Whether two rows that count as two sessions may be one after all.

    The same first day with titles alike; or the day after the other's last, with the same
    title, kind and host: a session of several days in several rows.
    """
    first, second = sorted((one, other), key=lambda e: e.values["start"])
    titles = title_of(one), title_of(other)
    if first.values["start"] == second.values["start"]:
        return near_titles(*titles)
    follows = second.values["start"] - first.values["end"] == dt.timedelta(days=1)
    return (
        follows
        and titles[0] == titles[1]
        and not _apart(one, other, "kind")
        and not _apart(one, other, "host")
    )
