"""A unit's year as the sheets of its workbook, written the way people fill them in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportkit.records import forms
from reportkit.records.demo.invented import invented
from reportkit.records.demo.profiles import Profile
from reportkit.records.demo.research import Research, day_of
from reportkit.records.demo.visits import VisitSide
from reportkit.records.demo.xlsx import SheetData, Value
from reportkit.records.demo.year import DAY, Meeting, UnitYear
from reportkit.records.periods import Period, in_words, period_of, periods

Rows = list[list[Value]]

_REASONS = {
    "公务假": ("公务", "出差", "公务"),
    "病事假": ("病假", "事假", "休假"),
    "缺席": ("无故",),
}


@dataclass(frozen=True)
class Told:
    """What a unit tells of a year beside its own sessions."""

    research: Sequence[Research] = ()
    visits: Sequence[VisitSide] = ()
    repeated: Meeting | None = None
    """A session of the unit that became part of it, which it lists as well."""
    rectified: Rows = field(default_factory=list)
    """What it did about last year's findings: the rows of 整改情况."""


@dataclass(frozen=True)
class _Book:
    """One workbook in the making."""

    life: UnitYear
    part: Period
    k: int | None
    absent: Mapping[int, str]
    """Session number → 缺席人员及原因."""

    @property
    def profile(self) -> Profile:
        return self.life.profile

    @property
    def begins(self) -> bool:
        """Whether it is the first of the year: the plan of the year comes with it."""
        return self.part.holds(self.life.first)

    @property
    def ends(self) -> bool:
        """Whether it is the last: 述学 and 经验做法 come with it."""
        return self.part.holds(self.life.last)

    @property
    def meetings(self) -> list[Meeting]:
        return [m for m in self.life.meetings if self.part.holds(m.start)]

    @property
    def held(self) -> list[Meeting]:
        return [m for m in self.meetings if not m.cancelled]


def workbooks_of(
    life: UnitYear, k: int | None, told: Told, rng: random.Random
) -> Iterator[tuple[Period, list[SheetData]]]:
    """The workbooks that unit k (None: 集团本级) sends of a year, each with its sheets."""
    absent = {}
    if not (life.profile.counts_alone or life.profile.sign_in):
        absent = {m.number: _absent(m.status, rng) for m in life.held}
    accounts = _accounts(life, rng)
    year = life.params.year
    every = periods(year, "季") if life.profile.quarterly else [period_of(str(year))]
    for part in every:
        if part.last >= life.first and part.first <= life.last:
            yield part, _sheets(_Book(life, part, k, absent), told, accounts)


def _sheets(book: _Book, told: Told, accounts: Rows) -> list[SheetData]:
    k = book.k
    sheets = [
        _cover(book),
        _sheet(forms.sheet_of("members"), book, _members(book)),
        _sheet(forms.sheet_of("plans"), book, _plans(book)),
    ]
    if book.begins:
        sheets.append(_sheet(forms.sheet_of("plan_items"), book, _items(book)))
    sheets.append(_sessions(book, told.repeated))
    if book.profile.sign_in:
        sheets.append(_sheet(forms.sheet_of("sign_in"), book, _sign_in(book)))
    numbers = {m.number for m in book.held}
    makeups: Rows = [list(makeup) for makeup in book.life.makeups if makeup[0] in numbers]
    sheets += [
        _sheet(forms.sheet_of("makeups"), book, makeups),
        _speeches(book),
        _sheet(forms.sheet_of("research"), book, _research(book, told.research)),
        _sheet(forms.sheet_of("visits"), book, _visits(book, told.visits)),
        _sheet(forms.sheet_of("accounts"), book, accounts if book.ends else [["无", None, None]]),
    ]
    if book.ends:
        rows = _linked(practices(book.profile, book.life.params.year, k), book)
        sheets.append(_sheet(forms.sheet_of("practices"), book, rows))
        if told.rectified:
            sheets.append(_sheet(forms.sheet_of("rectifications"), book, told.rectified))
    return sheets


def _cover(book: _Book) -> SheetData:
    life, part = book.life, book.part
    year = life.params.year
    filled = min(min(part.last, life.last) + 12 * DAY, dt.date(year + 1, 1, 5))
    rows: Rows = [["单位名称", life.unit.name], ["年度", year], ["报送期间", part.in_words],
                  ["填报日期", filled]]  # fmt: skip
    title = f"{part.in_words}党委理论学习中心组学习情况报送表"
    return SheetData("封面", title, (), rows, (16, 34))


def _sheet(form: forms.Sheet, book: _Book, rows: Rows, notes: Sequence[str] = ()) -> SheetData:
    fields = form.fields
    title = f"{book.life.unit.short_name}{book.part.in_words}{form.title}"
    widths = [36 if f.kind == "text" and f.longest == 200 else 13 for f in fields]
    wide = frozenset(n for n, f in enumerate(fields) if f.kind in ("text", "absent"))
    return SheetData(form.title, title, [f.header for f in fields], rows, widths, notes, wide)


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _members(book: _Book) -> Rows:
    rows: Rows = []
    first, last = max(book.part.first, book.life.first), min(book.part.last, book.life.last)
    for person in book.life.cast.people:
        if person.since > last or (person.until and person.until < first):
            continue
        role = person.role
        if book.profile.corrections == "roles" and role == "成员":
            role = "组员"
        until = person.until if person.until and person.until <= last else None
        rows.append([person.name, person.staff_number, role, _yes(person.in_leadership),
                     _yes(person.party_affairs_head), person.since, until])  # fmt: skip
    return rows


def _plans(book: _Book) -> Rows:
    life, part = book.life, book.part
    year = life.params.year
    first, last = max(part.first, life.first), min(part.last, life.last)
    lacking = life.profile.plans_lacking
    rows: Rows = []
    if book.begins:
        rows.append(["年度", f"{year}年", *_approval(life, first)])
    for quarter in range((first.month + 2) // 3, (last.month + 2) // 3 + 1):
        if not (lacking and quarter in (2, 4)):
            start = dt.date(year, 3 * quarter - 2, 1)
            rows.append(["季度", in_words(f"{year}Q{quarter}"), *_approval(life, start)])
    for month in range(first.month, last.month + 1):
        if not (lacking and month in (4, 5, 11)):
            rows.append(["月度", f"{year}年{month}月", *_approval(life, dt.date(year, month, 1))])
    return rows


def _approval(life: UnitYear, start: dt.date) -> tuple[Value, Value]:
    approved, filed = start - 8 * DAY, start - 3 * DAY
    if start == life.first and life.unit.valid_from == start:
        approved, filed = start + 5 * DAY, start + 8 * DAY
    if life.profile.corrections == "dates" and start.month % 4 == 0:
        return approved, f"{filed.year}.{filed.month}.{filed.day}"
    return approved, filed


def _items(book: _Book) -> Rows:
    year = book.life.params.year
    return [[i.number, f"{year}年{i.month}月", i.title, i.topic] for i in book.life.items]


def _sessions(book: _Book, repeated: Meeting | None) -> SheetData:
    meetings, k = book.meetings, book.k
    rows = [_session(m, book.absent.get(m.number)) for m in meetings]
    following = book.part.first_number + len(rows)
    if book.profile.corrections == "duplicate" and len(rows) > 6:
        rows.append([following, *rows[5][1:]])
    if repeated:
        rows.append(_as_own(repeated, following, book))
    rows += _of_last_quarter(book, following)
    if book.profile.corrections == "digits":
        for row in rows[::7]:
            row[15] = "".join(chr(ord(c) + 0xFEE0) for c in str(row[15])) if row[15] else None
    notes = []
    if k is not None and k % 3 == 0:
        hours = sum(row[3] for row in rows if isinstance(row[3], float))
        rows.append(["合计", None, None, hours, *[None] * 16])
    if k is not None and k % 4 == 1:
        notes.append("注：一学一报以党群部门收到日期为准。")
    sheet = _sheet(forms.sheet_of("sessions"), book, rows, notes)
    return _own_way(sheet) if k is not None and k % 8 == 5 else sheet


def _session(m: Meeting, absent: str | None) -> list[Value]:
    expected = present = received = None  # type: Value
    if not m.cancelled:
        expected, present = len(m.status), len(m.present)
        received = m.received_on or "未报送"
    return [
        m.number, m.start, m.end, m.hours, m.kind, m.counted_as, m.form, m.title,
        "、".join(m.topics), m.host, m.item.number if m.item and not m.cancelled else None,
        m.basis, m.joint_id, _yes(m.enlarged), _yes(m.cancelled), expected, present, absent,
        received, None if m.cancelled else m.returned,
    ]  # fmt: skip


def _as_own(meeting: Meeting, number: int, book: _Book) -> list[Value]:
    """Another unit's session as one of this unit's, with its own people all there."""
    people = [person.name for person in book.life.cast.on(meeting.start)]
    mine = replace(
        meeting, number=number, item=None, basis=invented()["ad_hoc_bases"][0], host=people[0],
        status=dict.fromkeys(people, "出席"),
    )  # fmt: skip
    return _session(mine, "无")


def _of_last_quarter(book: _Book, following: int) -> Rows:
    """In the third quarter's workbook the last session of the second is listed again."""
    if not book.part.text.endswith("Q3"):
        return []
    before = [m for m in book.life.held if m.start < book.part.first]
    if not before:
        return []
    again = replace(before[-1], number=following, item=None)
    return [_session(again, book.absent.get(before[-1].number))]


def _own_way(sheet: SheetData) -> SheetData:
    """The same sheet with headers and an order of columns that somebody found handier."""
    other = {
        "序号": "编号",
        "开始日期": "学习时间",
        "学习主题": "学习内容",
        "应到": "应到人数",
        "实到": "实到人数",
    }
    order = [0, 1, 2, 7, 4, 5, 6, 3, *range(8, len(sheet.header))]

    def moved(row: Sequence[Value]) -> list[Value]:
        return [row[n] for n in order]

    return SheetData(
        sheet.name, sheet.title, [other.get(str(h), str(h)) for h in moved(sheet.header)],
        [moved(row) for row in sheet.rows], [sheet.widths[n] for n in order], sheet.notes,
        frozenset(order.index(n) for n in sheet.wide),
    )  # fmt: skip


def _absent(status: dict[str, str], rng: random.Random) -> str:
    parts = []
    for name, what in status.items():
        if what in _REASONS:
            reason = rng.choice(_REASONS[what])
            parts.append(f"{name}（{reason}）" if reason else name)
    return "、".join(parts) or "无"


def _sign_in(book: _Book) -> Rows:
    rows: Rows = []
    for m in book.held:
        for name, status in m.status.items():
            if book.profile.corrections == "names" and len(name) == 2 and m.number == 2:
                name = f"{name[0]} {name[1]}"
            rows.append([m.number, name, status])
    return rows


def _speeches(book: _Book) -> SheetData:
    rows: Rows = []
    merges = []
    for m in book.held:
        first = len(rows)
        for n, (name, kind, paper) in enumerate(m.speeches, 1):
            blank = book.profile.merged_cells and n > 1
            rows.append([None if blank else m.number, name, kind, "有" if paper else "无", n])
        if book.profile.merged_cells and len(m.speeches) > 1:
            merges.append((0, first, len(rows) - 1))
    return replace(_sheet(forms.sheet_of("speeches"), book, rows), merges=merges)


def _numbered(rows: Rows, book: _Book, columns: int) -> Rows:
    """Rows with their 序号 in front; 无 if there are none."""
    if not rows:
        return [["无", *[None] * (columns - 1)]]
    return [[number, *row] for number, row in enumerate(rows, book.part.first_number)]


def _research(book: _Book, research: Sequence[Research]) -> Rows:
    by_hand = book.profile.corrections == "dates"
    rows: Rows = [
        [each.name, each.contact_point, day_of(each, by_hand=by_hand),
         "有" if each.has_report else "无", each.outcome, "调研报告" if each.has_report else None]
        for each in research if book.part.holds(each.first)
    ]  # fmt: skip
    return _numbered(rows, book, 7)


def _visits(book: _Book, visits: Sequence[VisitSide]) -> Rows:
    rows: Rows = [
        [side.role, side.other, side.date, side.session, side.feedback_on or "未反馈",
         side.highlights, side.problems]
        for side in visits if book.part.holds(side.date)
    ]  # fmt: skip
    return _numbered(rows, book, 8)


def _accounts(life: UnitYear, rng: random.Random) -> Rows:
    if life.profile.accounts_blank:
        return []
    people = [p for p in life.cast.on(life.last) if p.in_leadership]
    people = people[: max(len(people) - life.profile.accounts_lacking, 0)]
    if not people:
        return [["无", None, None]]
    day = dt.date(life.params.year, 12, rng.randint(12, 28))
    ratings = ("优秀", "较好", "较好", "一般")
    return [[p.name, day, rng.choice(ratings[: 3 if life.profile.good else 4])] for p in people]


def practices(profile: Profile, year: int, k: int | None) -> Rows:
    """The rows of 经验做法 of unit ``k``: number, kind, name, what, outcome; or a single 无."""
    if profile.practices_none:
        return [["无", None, None, None, None]]
    n = 30 if k is None else k
    if profile.good:
        some = invented()["practices"]
        good = (0, 1, 3, 6, 12, 13).index(n % 24) if n % 24 in (0, 1, 3, 6, 12, 13) else 2
        chosen = [
            some[(3 * good + j + 5 * year) % len(some)]
            for j in range(2 if k is None or n % 3 or n >= 24 else 3)
        ]
    else:
        plain = invented()["plain_practices"]
        chosen = [plain[(n + year) % len(plain)]]
    return [[number, *practice] for number, practice in enumerate(chosen, 1)]


def _linked(rows: Rows, book: _Book) -> Rows:
    """Practices with the sessions that they grew from, and what was awarded for them."""
    talks = [m.number for m in book.held if m.discussion]
    linked: Rows = []
    for n, row in enumerate(rows):
        if row[0] == "无":
            linked.append([*row, None, None, None])
            continue
        number = book.part.first_number + n
        # A plain unit may forget to say from which sessions its second practice grew.
        told = book.profile.good or n % 2 == 0
        sessions = "、".join(str(t) for t in talks[n : n + 2]) if told else None
        honour = row[1] == "荣誉"
        linked.append([number, *row[1:], sessions, row[2] if honour else None,
                       invented()["award_issuer"] if honour else None])  # fmt: skip
    return linked
