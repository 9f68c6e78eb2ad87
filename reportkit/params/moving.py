"""A year's parameters moved on by a year, as text: comments, order and layout stay.

Only values whose meaning says that they belong to the year are changed, at the place where YAML
says that they stand; norms (thresholds, names, sentences) are not touched. What a person must
look over is marked in the line itself (待核) and listed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from reportkit.params.yaml_text import Source, last_index

MARK = "待核："
"""Begins what the text says is to be looked over; moved on again, the old marks go."""

_WEEKEND = {5: ("星期六", "Saturday"), 6: ("星期日", "Sunday")}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_OLD_MARK = re.compile(rf"(?:；|#\s*){MARK}.*$")
_HEAD = "# 由 reportkit rollover "
_OURS = (_HEAD, f"# {MARK}")
"""Whole lines that an earlier rollover put in."""


@dataclass(frozen=True)
class Remark:
    """Something to look over: line of the new text (from 1; 0: the file as a whole), and what."""

    line: int
    what: str


@dataclass(frozen=True)
class Moved:
    """The new text, and what to look over in it, by line."""

    text: str
    remarks: tuple[Remark, ...]


def next_year(day: dt.date) -> dt.date:
    """The same day a year later; the last day of a month stays the last one.

    2024-02-29 → 2025-02-28, 2023-02-28 → 2024-02-29.
    """
    last = calendar.monthrange(day.year, day.month)[1]
    then = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=then if day.day == last else min(day.day, then))


def weekend(day: dt.date, *, english: bool = False) -> str:
    """星期六, 星期日, or ""."""
    return _WEEKEND.get(day.weekday(), ("", ""))[english]


def move_year(text: str, year: int) -> Moved:
    """``params/<year - 1>.yml`` as the one of ``year``.

    Parameters
    ----------
    text:
        YAML that loads as the parameters of the year before, with whatever ends of line.
    """
    return _Moving(Source(text), year).moved()


def empty_decisions(text: str, year: int) -> Moved:
    """``params/decisions/<year - 1>.yml`` with nothing decided: keys and comments stay."""
    moving = _Moving(Source(text), year)
    moving.comments()
    for key, value in moving.source.root.value if moving.source.root is not None else ():
        if isinstance(value.value, list) and value.value and isinstance(value.value[0], tuple):
            for inner, practices in value.value:
                moving.empty(inner, practices)
        else:
            moving.empty(key, value)
    return moving.finished()


@dataclass
class _Moving:
    source: Source
    year: int
    edits: dict[tuple[int, int], str] = field(default_factory=dict)
    """Span of the source (within a line) → what stands there now."""
    marks: dict[int, list[str]] = field(default_factory=dict)
    """Line → what its comment is to say."""
    told: list[tuple[int, str]] = field(default_factory=list)
    """Line (of the source) and what to look over."""
    off: dict[int, int] = field(default_factory=dict)
    """Lines that become comments, and in which column."""
    before: dict[int, list[str]] = field(default_factory=dict)
    """Lines that are put in before a line."""
    done: set[int] = field(default_factory=set)
    """Lines of which all is told."""
    gone: set[int] = field(default_factory=set)
    """Lines that are left out."""

    def moved(self) -> Moved:
        self._top()
        self._topics()
        self._rules()
        self._periods()
        self._left()
        self.comments()
        head = f"{_HEAD}{self.year} 生成，标有“待核”的各行须逐一核对，核后删去标记。"
        self.before.setdefault(0, []).insert(0, head)
        return self.finished()

    # --- values ---

    def _top(self) -> None:
        for name in ("year", "cutoff", "issued_on"):
            found = self.source.child(name)
            if found is not None and name == "year":
                self._replace(found[1], str(self.year - 1), str(self.year))
            elif found is not None:
                self._day(found[1], name, mark=name != "cutoff")

    def _rules(self) -> None:
        found = self.source.child("rules")
        for rule in found[1].value if found else ():
            names = {key.value: value for key, value in rule.value}
            if "deadline" in names:
                of = names["rule_id"].value if "rule_id" in names else "a rule"
                self._day(names["deadline"], f"deadline of {of}")

    def _periods(self) -> None:
        found = self.source.child("periods")
        for key, paper in found[1].value if found else ():
            self._replace(key, str(self.year - 1), str(self.year))
            for name, value in paper.value:
                if name.value == "issued_on":
                    period = key.value.replace(str(self.year - 1), str(self.year))
                    self._day(value, f"issued_on of {period}")

    def _replace(self, node: Any, old: str, new: str) -> None:
        span = node.start_mark.index, node.end_mark.index
        self.edits[span] = self.source.text[slice(*span)].replace(old, new, 1)

    def _day(self, node: Any, what: str, *, mark: bool = True) -> None:
        """Move a date; what it was and a weekend stand in its line."""
        match = _DATE.search(node.value)
        span = (node.start_mark.index, node.end_mark.index)
        if match is None or span in self.edits:  # an alias leads to the same place again
            return
        old = dt.date.fromisoformat(match[0])
        new = next_year(old)
        self._replace(node, match[0], new.isoformat())
        line = self.source.line_of(span[0])
        if mark:
            rests = f"，{new}为{weekend(new)}" if weekend(new) else ""
            self.marks.setdefault(line, []).append(f"原{old}{rests}")
        if mark or what == "cutoff":
            rests = f", a {weekend(new, english=True)}" if weekend(new) else ""
            self.told.append((line, f"{what}: {old} → {new}{rests if mark else ''}"))

    def _left(self) -> None:
        """Words that name the old year, or the next: they may be right, or last year's."""
        years = re.compile(rf"(?<!\d)(?:{self.year - 1}|{self.year})(?!\d)")
        for start, end in self.source.scalars:
            line = self.source.line_of(start)
            if (start, end) in self.edits or line in self.off or line in self.done:
                continue
            if match := years.search(self.source.text[start:end]):
                self.told.append((line, f"the text names {match[0]}: does it still hold?"))

    # --- topics ---

    def _topics(self) -> None:
        """Last year's topics as comments: which are mandatory is decided anew each year."""
        found = self.source.child("topics")
        if found is None:
            return
        key, node = found
        line = self.source.line_of(key.start_mark.index)
        if not node.value:
            self.told.append((line, f"topics: none; list those of {self.year}"))
            return
        for topic in node.value:
            for name, value in topic.value:
                if name.value == "code":
                    self._replace(value, str(self.year - 1), str(self.year))
                elif name.value in ("issued_on", "learn_by"):
                    self._day(value, name.value, mark=False)
        kept = 0 if node.flow_style else self._block_off(key, node)
        if node.flow_style:
            self._flow_off(line, node)
        note = f"  # {MARK}{self.year}年的专题（尤其是必学专题）须重新确定，"
        note += "其余逐条补列。" if kept else "列出后删去上一行的 []。"
        first = self.source.line_of(node.start_mark.index)
        self.before.setdefault(max(first, line + 1), [])[:0] = [
            note,
            f"  # {MARK}以下为上年专题，编号和日期已顺延；仍要学的核定后去掉行首“# ”，不学的删去。",
        ]
        some = f"; {kept} to be learnt by a day of {self.year} stay" if kept else ""
        what = f"topics: those of {self.year - 1} stand as comments{some}; say which hold in "
        self.told.append((line, what + f"{self.year}, and which are mandatory"))

    def _block_off(self, key: Any, node: Any) -> int:
        """One topic a line or more: returns how many stay, since they run into the new year."""
        kept = 0
        for topic in node.value:
            first = self.source.line_of(topic.start_mark.index)
            last = self.source.line_of(last_index(topic) - 1)
            self.done |= set(range(first, last + 1))
            days = [_DATE.search(v.value) for k, v in topic.value if k.value == "learn_by"]
            if any(day is not None and int(day[0][:4]) >= self.year for day in days):
                kept += 1
                for _, value in topic.value:
                    self.edits.pop((value.start_mark.index, value.end_mark.index), None)
                self.marks[first] = [f"上年专题，学习期限在{self.year}年"]
                self.told.append((first, f"a topic of {self.year - 1} that runs on: mandatory?"))
            else:
                self.off |= dict.fromkeys(range(first, last + 1), node.start_mark.column)
        if not kept:
            colon = self.source.text.index(":", key.end_mark.index)
            self.edits[colon, colon + 1] = ": []"
        return kept

    def _flow_off(self, line: int, node: Any) -> None:
        """All topics between brackets."""
        start, end = node.start_mark.index, node.end_mark.index
        last = self.source.line_of(end - 1)
        first_end = min(end, self.source.starts[line] + len(self.source.body(line)))
        own = self._edited(start, first_end)
        for span in [s for s in self.edits if start <= s[0] < first_end]:
            del self.edits[span]
        self.edits[start, first_end] = "[]"
        self.off |= dict.fromkeys(range(line + 1, last + 1), 0)
        self.done |= set(range(line, last + 1))
        self.before.setdefault(line + 1, []).append(f"  # {own}")

    def empty(self, key: Any, node: Any) -> None:
        """Nothing, in place of a list."""
        source = self.source
        if isinstance(node.value, str) or not node.value:
            return
        start, end = node.start_mark.index, last_index(node)
        first, last = source.line_of(start), source.line_of(end - 1)
        key_line = source.line_of(key.start_mark.index)
        if first > key_line:  # a block below its key
            colon = source.text.index(":", key.end_mark.index)
            self.edits[colon, colon + 1] = ": []"
            self.gone |= set(range(first, last + 1))
            return
        first_end = min(end, source.starts[first] + len(source.body(first)))
        self.edits = {s: new for s, new in self.edits.items() if not start <= s[0] < end}
        self.edits[start, first_end] = "[]"
        self.gone |= set(range(first + 1, last + 1))

    # --- comments, and the new text ---

    def comments(self) -> None:
        """Paths, periods and titles in comments move on; of others that name the year is told."""
        old = self.year - 1
        moves = re.compile(
            rf"(?<!\d){old}(?=\.(?:yml|xlsx)|年参数|/|Q[1-4]|H[12])|(?<=Parameters of ){old}"
        )
        for number in range(len(self.source.lines)):
            place = self.source.comment_of(number)
            if place is None or number in self.off:
                continue
            start, body = self.source.starts[number], self.source.body(number)
            new = moves.sub(str(self.year), _OLD_MARK.sub("", body[place:]))
            if re.search(rf"(?<!\d){old}(?!\d)", new):
                self.told.append((number, f"the comment names {old}: does it still hold?"))
            if new == body[place:]:
                continue
            if not new:
                place = len(body[:place].rstrip())
            self.edits[start + place, start + len(body)] = new

    def _edited(self, start: int, end: int) -> str:
        parts, place = [], start
        for (first, last), new in sorted(self.edits.items()):
            if start <= first and last <= end:
                parts += [self.source.text[place:first], new]
                place = last
        return "".join(parts) + self.source.text[place:end]

    def finished(self) -> Moved:
        """The new text; remarks by its lines."""
        source = self.source
        newline = "\r\n" if source.lines and source.lines[0].endswith("\r\n") else "\n"
        new: list[str] = []
        at: dict[int, int] = {}
        for number, line in enumerate(source.lines):
            new += [each + newline for each in self.before.get(number, ())]
            at[number] = len(new) + 1
            if number in self.gone or line.strip().startswith(_OURS):
                continue
            new.append(self._line(number) + line[len(source.body(number)) :])
        if more := self.before.get(len(source.lines)):
            if new and not new[-1].endswith("\n"):
                new[-1] += newline
            new += [each + newline for each in more]
        told = sorted(self.told, key=lambda each: each[0])
        text = source.bom + "".join(new)
        return Moved(text, tuple(Remark(at[number], what) for number, what in told))

    def _line(self, number: int) -> str:
        start, old = self.source.starts[number], self.source.body(number)
        body = self._edited(start, start + len(old))
        if number in self.off:
            column = min(self.off[number], len(body) - len(body.lstrip()))
            return f"{body[:column]}# {body[column:]}" if body.strip() else body
        if number not in self.marks or self.source.within_scalar(start + len(old)):
            return body
        mark = MARK + "；".join(dict.fromkeys(self.marks[number]))
        comment = self.source.comment_of(number)
        had = comment is not None and not _OLD_MARK.match(old[comment:])
        return f"{body}；{mark}" if had else f"{body}  # {mark}"
