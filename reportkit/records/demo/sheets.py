"""A unit's year as the sheets of its workbook, written the way people fill them in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from reportkit.params import Unit, YearParams
from reportkit.records import forms
from reportkit.records.demo import texts
from reportkit.records.demo.profiles import Profile
from reportkit.records.demo.xlsx import SheetData, Value
from reportkit.records.demo.year import DAY, UnitYear

Rows = list[list[Value]]

_REASONS = {"公务假": ("公务", "出差", "公务"), "病事假": ("病假", "事假", "休假"), "缺席": ("",)}
_NUMERALS = "一二三四"


def sheets_of(life: UnitYear, k: int | None, rng: random.Random) -> list[SheetData]:
    """All sheets of the workbook of unit k (None: 集团本级)."""
    year, name = life.params.year, life.unit.name
    filled = min(life.last + 12 * DAY, dt.date(year + 1, 1, 5))
    cover: Rows = [["单位名称", name], ["年度", year], ["填报日期", filled]]
    sheets = [
        SheetData("封面", f"{year}年党委理论学习中心组学习情况报送表", (), cover, (16, 34)),
        _sheet(forms.MEMBERS, life, _members(life)),
        _sheet(forms.PLANS, life, _plans(life)),
        _sheet(forms.PLAN_ITEMS, life, _items(life)),
        _sessions(life, k, rng),
    ]
    if life.profile.sign_in:
        sheets.append(_sheet(forms.SIGN_IN, life, _sign_in(life)))
    sheets += [
        _sheet(forms.MAKEUPS, life, [list(makeup) for makeup in life.makeups]),
        _sheet(forms.SPEECHES, life, _speeches(life)),
        _sheet(forms.ACCOUNTS, life, _accounts(life, rng)),
        _sheet(forms.PRACTICES, life, practices(life.profile, life.params.year, k)),
    ]
    return sheets


def _sheet(form: forms.Sheet, life: UnitYear, rows: Rows, notes: Sequence[str] = ()) -> SheetData:
    fields = form.fields
    title = f"{life.unit.short_name}{life.params.year}年{form.title}"
    widths = [36 if f.kind == "text" and f.longest == 200 else 13 for f in fields]
    wide = frozenset(n for n, f in enumerate(fields) if f.kind in ("text", "absent"))
    return SheetData(form.title, title, [f.header for f in fields], rows, widths, notes, wide)


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _members(life: UnitYear) -> Rows:
    rows: Rows = []
    for person in life.cast.people:
        if person.since > life.last or (person.until and person.until < life.first):
            continue
        role = person.role
        if life.profile.corrections == "roles" and role == "成员":
            role = "组员"
        until = person.until if person.until and person.until <= life.last else None
        rows.append([person.name, person.staff_number, role, _yes(person.in_leadership),
                     _yes(person.party_affairs_head), person.since, until])  # fmt: skip
    return rows


def _plans(life: UnitYear) -> Rows:
    year, first, last = life.params.year, life.first, life.last
    lacking = life.profile.plans_lacking
    rows: Rows = [["年度", f"{year}年", *_approval(life, first)]]
    for quarter in range((first.month + 2) // 3, (last.month + 2) // 3 + 1):
        if not (lacking and quarter in (2, 4)):
            start = dt.date(year, 3 * quarter - 2, 1)
            rows.append(
                ["季度", f"{year}年第{_NUMERALS[quarter - 1]}季度", *_approval(life, start)]
            )
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


def _items(life: UnitYear) -> Rows:
    year = life.params.year
    return [[i.number, f"{year}年{i.month}月", i.title, i.topic] for i in life.items]


def _sessions(life: UnitYear, k: int | None, rng: random.Random) -> SheetData:
    rows: Rows = []
    for m in life.meetings:
        expected = present = absent = received = None  # type: Value
        if not m.cancelled:
            expected, present = len(m.status), len(m.present)
            absent = (
                None
                if life.profile.counts_alone or life.profile.sign_in
                else _absent(m.status, rng)
            )
            received = m.received_on or "未报送"
        rows.append([
            m.number, m.start, m.end, m.hours, m.kind, m.counted_as, m.form, m.title,
            "、".join(m.topics), m.host, m.item.number if m.item and not m.cancelled else None,
            m.basis, m.joint_id, _yes(m.enlarged), _yes(m.cancelled), expected, present, absent,
            received, None if m.cancelled else m.returned,
        ])  # fmt: skip
    if life.profile.corrections == "duplicate" and len(rows) > 6:
        rows.append([len(rows) + 1, *rows[5][1:]])
    if life.profile.corrections == "digits":
        for row in rows[::7]:
            row[15] = "".join(chr(ord(c) + 0xFEE0) for c in str(row[15])) if row[15] else None
    notes = []
    if k is not None and k % 3 == 0:
        rows.append(["合计", None, None, sum(m.hours for m in life.held), *[None] * 16])
    if k is not None and k % 4 == 1:
        notes.append("注：一学一报以党群部门收到日期为准。")
    sheet = _sheet(forms.SESSIONS, life, rows, notes)
    return _own_way(sheet) if k is not None and k % 8 == 5 else sheet


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


def _sign_in(life: UnitYear) -> Rows:
    rows: Rows = []
    for m in life.held:
        for name, status in m.status.items():
            if life.profile.corrections == "names" and len(name) == 2 and m.number == 2:
                name = f"{name[0]} {name[1]}"
            rows.append([m.number, name, status])
    return rows


def _speeches(life: UnitYear) -> Rows:
    return [
        [m.number, name, kind, "有" if paper else "无", n]
        for m in life.held
        for n, (name, kind, paper) in enumerate(m.speeches, 1)
    ]


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
        good = (0, 1, 3, 6, 12, 13).index(n % 24) if n % 24 in (0, 1, 3, 6, 12, 13) else 2
        chosen = [
            texts.PRACTICES[(3 * good + j + 5 * year) % len(texts.PRACTICES)]
            for j in range(2 if k is None or n % 3 else 3)
        ]
    else:
        chosen = [texts.PLAIN_PRACTICES[(n + year) % len(texts.PLAIN_PRACTICES)]]
    return [[number, *practice] for number, practice in enumerate(chosen, 1)]


def checks_sheet(
    rows: Sequence[tuple[Unit, Profile, random.Random]], params: YearParams
) -> SheetData:
    """The office's own checks of the archives of all units."""
    body: Rows = []
    for unit, profile, rng in rows:
        states: list[Value] = []
        for n, item in enumerate(params.archive_items):
            state: Value = "有"
            if item in params.metrics.ledgers:
                if profile.ledgers_lacking and n in (1, 2):
                    state = "不规范" if n == 1 else "缺"
            else:
                state = rng.choices(("有", "不规范", "缺", None), (90, 5, 3, 2))[0]
            states.append(state)
        body.append([unit.short_name, *states])
    return SheetData(
        "档案核查", f"{params.year}年中心组学习档案核查表", ["单位", *params.archive_items], body,
        [18, *[13] * len(params.archive_items)], ["注：空白为未查。"],
    )  # fmt: skip
