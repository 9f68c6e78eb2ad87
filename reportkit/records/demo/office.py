"""The office's own workbook: what it checked, rated, paired and had confirmed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from itertools import islice

from reportkit.params import Unit, YearParams
from reportkit.records import forms
from reportkit.records.demo.profiles import Profile
from reportkit.records.demo.visits import Visit, pair_number
from reportkit.records.demo.xlsx import SheetData, Value
from reportkit.records.demo.year import DAY, UnitYear

Rows = list[list[Value]]

_RATED_SPEECHES = 6
_DISCUSSION = ("重点", "补充")


class OfficeBook:
    """Collects the office's rows unit by unit, in official order."""

    def __init__(self, params: YearParams) -> None:
        self._params = params
        self._archive: Rows = []
        self._systems: Rows = []
        self._speeches: Rows = []
        self._pairings: Rows = []
        self._visits: list[tuple[dt.date, list[Value]]] = []
        self._confirmed: Rows = []

    def check(self, unit: Unit, profile: Profile, rng: random.Random) -> None:
        """档案核查, in the order of the year's items."""
        params = self._params
        states: list[Value] = []
        for n, item in enumerate(params.archive_items):
            state: Value = "有"
            if item in params.metrics.ledgers:
                if profile.ledgers_lacking and n in (1, 2):
                    state = "不规范" if n == 1 else "缺"
            else:
                state = rng.choices(("有", "不规范", "缺", None), (90, 5, 3, 2))[0]
            states.append(state)
        self._archive.append([unit.short_name, *states])

    def look_at(self, life: UnitYear, k: int | None, rng: random.Random) -> None:
        """制度核查 of every unit, 发言评议 and 数据确认 of some."""
        unit = life.unit
        weights = (96, 4, 0, 0) if life.profile.good else (88, 9, 1, 2)
        if life.profile.systems_lacking:
            weights = (55, 25, 17, 3)
        states = rng.choices(("已执行", "已建", "缺", None), weights, k=len(self._params.systems))
        self._systems.append([unit.short_name, *states])
        if k is not None and k % 3 == 1:
            self._rate(life, rng)
        self._confirm(unit, k)

    def pair(self, one: Unit, other: Unit) -> None:
        """旁听结对."""
        group = pair_number(one)
        self._pairings += [[group, one.short_name], [group, other.short_name]]

    def rate_visits(self, visits: Iterable[Visit]) -> None:
        """旁听评价 of those visits that were rated."""
        for visit in visits:
            if visit.rating:
                day = visit.meeting.start
                row: list[Value] = [
                    visit.observer.short_name, visit.host.short_name, day, visit.rating
                ]  # fmt: skip
                self._visits.append((day, row))

    def _rate(self, life: UnitYear, rng: random.Random) -> None:
        """A sample of a unit's speeches: whether they keep to its work, and say what to do."""
        empty = 0.6 if life.profile.measures_lacking else 0.08
        spoken = (
            (m.number, name)
            for m in life.held
            if m.discussion
            for name, kind, _ in m.speeches
            if kind in _DISCUSSION
        )
        for number, name in islice(spoken, 0, 3 * _RATED_SPEECHES, 3):
            linked = "否" if rng.random() < 0.1 else "是"
            measures = "否" if rng.random() < empty else "是"
            self._speeches.append([life.unit.short_name, number, name, linked, measures])

    def _confirm(self, unit: Unit, k: int | None) -> None:
        sent = self._params.issued_on - 5 * DAY
        if k in (0, 1, 2):
            who = ("党委副书记", "党群部门负责人", "党委书记")[k]
            self._confirmed.append([unit.short_name, sent, who, sent + (k + 1) * DAY, None])
        elif k == 3:
            self._confirmed.append([unit.short_name, sent, None, "未确认", None])
        elif k == 5:
            why = "数据已由集团公司现场核对"
            self._confirmed.append([unit.short_name, None, None, None, why])

    # --- the workbook ---

    def sheets(self) -> list[SheetData]:
        """The sheets, those without a row left out."""
        year, params = self._params.year, self._params
        self._visits.sort(key=lambda each: each[0])
        visits = [row for _, row in self._visits]
        archive, systems = ["单位", *params.archive_items], ["单位", *params.systems]
        unseen = "注：空白为未查。"
        made = (
            (forms.sheet_of("archive_checks"), archive, self._archive, unseen),
            (forms.sheet_of("system_checks"), systems, self._systems, unseen),
            (forms.sheet_of("speech_ratings"), None, self._speeches, "注：抽评，未列入的为未评。"),
            (forms.sheet_of("pairings"), None, self._pairings, ""),
            (forms.sheet_of("visit_ratings"), None, visits, ""),
            (forms.sheet_of("confirmations"), None, self._confirmed, ""),
        )
        return [
            _sheet(f"{year}年中心组", form, header, rows, note)
            for form, header, rows, note in made
            if rows and (header is None or len(header) > 1)
        ]


def _sheet(
    prefix: str, form: forms.Sheet, header: Sequence[str] | None, rows: Rows, note: str
) -> SheetData:
    titles = {"archive_checks": "学习档案核查表", "system_checks": "工作制度核查表"}
    columns = list(header or (f.header for f in form.fields))
    widths = [30 if name == "免于确认的理由" else 18 if n == 0 else 13
              for n, name in enumerate(columns)]  # fmt: skip
    title = prefix + titles.get(form.key, form.title)
    return SheetData(form.title, title, columns, rows, widths, [note] if note else [])
