"""One invented unit's year: its plan, its sessions, who was there and who spoke."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportkit.params import Topic, Unit, YearParams
from reportkit.records.demo.cast import Cast, Person
from reportkit.records.demo.invented import invented
from reportkit.records.demo.profiles import Profile
from reportkit.records.periods import periods

DAY = dt.timedelta(days=1)
HOLIDAYS = {(1, 1), *((month, day) for month in (5, 10) for day in (1, 2, 3))}


@dataclass
class PlanItem:
    """One line of the year's plan."""

    number: int
    month: int
    title: str
    topic: str | None = None


@dataclass
class Meeting:
    """One session, as it went."""

    start: dt.date
    end: dt.date
    title: str
    kind: str = "集体学习"
    counted_as: str = "集体学习"
    form: str = "讲座"
    topics: list[str] = field(default_factory=list)
    item: PlanItem | None = None
    basis: str = ""
    joint_id: str = ""
    enlarged: bool = False
    cancelled: bool = False
    discussion: bool = False
    number: int = 0
    status: dict[str, str] = field(default_factory=dict)
    """name → 出席, 视频, 公务假, 病事假, 缺席."""
    speeches: list[tuple[str, str, bool]] = field(default_factory=list)
    """(name, type, with paper), in their order."""
    host: str = ""
    received_on: dt.date | None = None
    returned: int = 0

    @property
    def hours(self) -> float:
        """Class hours: a day of a reading class is six, a meeting two or three."""
        return 6.0 * ((self.end - self.start).days + 1) if self.kind == "读书班" else 2.0

    @property
    def present(self) -> list[str]:
        """Names of those who were there."""
        return [name for name, status in self.status.items() if status in ("出席", "视频")]


@dataclass
class UnitYear:
    """Everything that a unit would report of a year."""

    unit: Unit
    params: YearParams
    profile: Profile
    cast: Cast
    first: dt.date
    last: dt.date
    items: list[PlanItem]
    meetings: list[Meeting]
    makeups: list[tuple[int, str, dt.date, str]]
    """(session number, name, day, evidence)."""

    @property
    def held(self) -> list[Meeting]:
        """Sessions that were not cancelled."""
        return [meeting for meeting in self.meetings if not meeting.cancelled]

    def number_by_quarter(self) -> None:
        """Give sessions the numbers that our quarterly forms print: 1, 2 …, then 401, 402 …"""
        quarters = periods(self.params.year, "季")
        new: dict[int, int] = {}
        count: dict[int, int] = {}
        for meeting in self.meetings:
            first = next(q.first_number for q in quarters if q.holds(meeting.start))
            count[first] = count.get(first, 0) + 1
            new[meeting.number] = meeting.number = first + count[first] - 1
        self.makeups = [(new[makeup[0]], *makeup[1:]) for makeup in self.makeups]


def joint_day(year: int) -> dt.date:
    """The day of the group's joint session: the third Thursday of May."""
    first = dt.date(year, 5, 1)
    return first + DAY * ((3 - first.weekday()) % 7 + 14)


def live(
    unit: Unit, params: YearParams, profile: Profile, cast: Cast, rng: random.Random
) -> UnitYear:
    """A unit's year, drawn from ``rng``."""
    first = max(unit.valid_from, params.first_day)
    last = min(unit.valid_to or params.cutoff, params.cutoff)
    maker = _Maker(params, profile, cast, rng, first, last)
    items, meetings = maker.plan_and_hold()
    makeups = maker.attend(meetings)
    return UnitYear(unit, params, profile, cast, first, last, items, meetings, makeups)


class _Maker:
    def __init__(
        self,
        params: YearParams,
        profile: Profile,
        cast: Cast,
        rng: random.Random,
        first: dt.date,
        last: dt.date,
    ) -> None:
        self._params = params
        self._profile = profile
        self._cast = cast
        self._rng = rng
        self._first = first
        self._last = last
        self._taken: set[dt.date] = set()
        self._general = rng.sample(invented()["general_titles"], len(invented()["general_titles"]))

    # --- when, and about what ---

    def plan_and_hold(self) -> tuple[list[PlanItem], list[Meeting]]:
        """The year's plan and the sessions, in order of their dates."""
        meetings = [*self._joint(), *self._reading_classes()]
        items: list[PlanItem] = []
        missed = self._missed()
        for topic in self._params.topics:
            due = min(max(topic.learn_by, self._first), self._last)
            if topic.issued_on > self._last or not (topic.mandatory or self._rng.random() < 0.6):
                continue
            item = PlanItem(0, due.month, f"学习{topic.name}", topic.code)
            ad_hoc = not topic.mandatory and self._rng.random() < 0.3
            if not ad_hoc:
                items.append(item)
            if topic.code not in missed:
                meetings.append(self._topic_meeting(topic, None if ad_hoc else item))
        meetings += self._fill_months(meetings, items)
        self._unfulfilled(items)
        items.sort(key=lambda item: (item.month, item.topic or "~"))
        for number, item in enumerate(items, 1):
            item.number = number
        meetings.sort(key=lambda meeting: meeting.start)
        self._choose_discussions(meetings)
        for number, meeting in enumerate(meetings, 1):
            meeting.number = number
        return items, meetings

    def _missed(self) -> set[str]:
        codes = [t.code for t in self._params.mandatory_topics if t.issued_on <= self._last]
        return set(self._rng.sample(codes, min(self._profile.missed_topics, len(codes))))

    def _joint(self) -> Iterator[Meeting]:
        day = joint_day(self._params.year)
        if self._first <= day <= self._last:
            self._taken.add(day)
            yield Meeting(day, day, invented()["joint_title"], joint_id=f"LX{self._params.year}-01",
                          basis="集团公司党委统一安排", enlarged=True)  # fmt: skip

    def _reading_classes(self) -> Iterator[Meeting]:
        count = 2 if self._profile.good else self._rng.choice((0, 1, 1))
        titles = self._rng.sample(invented()["reading_titles"], count)
        for n, title in enumerate(titles):
            length = self._rng.choice((2, 2, 3))
            start = self._day(dt.date(self._params.year, 3 + 5 * n, 1),
                              dt.date(self._params.year, 6 + 5 * n, 20), length)  # fmt: skip
            if start:
                yield Meeting(
                    start,
                    start + DAY * (length - 1),
                    title,
                    "读书班",
                    "读书班",
                    "集中培训",
                    basis="上级党委关于举办读书班的通知",
                )

    def _topic_meeting(self, topic: Topic, item: PlanItem | None) -> Meeting:
        begin = max(topic.issued_on + 3 * DAY, self._first)
        end = max(min(topic.learn_by, self._last), begin)
        day = self._day(begin, min(end, begin + 55 * DAY)) or self._day(begin, self._last)
        day = day or self._day(self._first, self._last) or self._last
        meeting = Meeting(day, day, f"学习{topic.name}", topics=[topic.code], item=item)
        meeting.basis = "" if item else self._rng.choice(invented()["ad_hoc_bases"])
        return meeting

    def _fill_months(self, meetings: list[Meeting], items: list[PlanItem]) -> list[Meeting]:
        added: list[Meeting] = []
        busy = {meeting.start.month for meeting in meetings}
        for month in range(self._first.month, self._last.month + 1):
            begin = max(dt.date(self._params.year, month, 1), self._first)
            end = min(dt.date(self._params.year, month, 26), self._last)
            wanted = (month not in busy) + (
                self._rng.random() < (0.5 if self._profile.good else 0.3)
            )
            for _ in range(wanted):
                day = self._day(begin, end)
                if not day:
                    continue
                title = self._general.pop() if self._general else "专题学习"
                meeting = Meeting(
                    day,
                    day,
                    f"学习{title}",
                    form=self._rng.choice(("讲座", "参观", "调研", "研讨")),
                )
                draw = self._rng.random()
                if draw < 0.18:
                    meeting.counted_as = "第一议题"
                elif draw < 0.24:
                    meeting.counted_as = "主题党日"
                elif draw < 0.28:
                    meeting.cancelled = True
                elif draw < 0.8:
                    meeting.item = PlanItem(0, month, meeting.title)
                    items.append(meeting.item)
                added.append(meeting)
        return added

    def _unfulfilled(self, items: list[PlanItem]) -> None:
        """Lines of the plan for which no session was held."""
        count = 0 if self._profile.good else self._rng.choice((0, 0, 1))
        if self._profile.plan_unfulfilled:
            count = round(0.5 * len(items))
        for _ in range(count):
            title = self._general.pop() if self._general else "专题学习"
            month = self._rng.randint(self._first.month, self._last.month)
            items.append(PlanItem(0, month, f"学习{title}"))

    def _day(self, begin: dt.date, end: dt.date, length: int = 1) -> dt.date | None:
        """A free working day (or that many in a row) between two days."""
        begin, end = max(begin, self._first), min(end, self._last - DAY * (length - 1))
        days = [begin + DAY * n for n in range((end - begin).days + 1)]
        free = [
            day for day in days
            if day.weekday() + length <= 5
            and not {day + DAY * n for n in range(length)} & self._taken
            and (day.month, day.day) not in HOLIDAYS
        ]  # fmt: skip
        if not free:
            return None
        day = self._rng.choice(free)
        self._taken |= {day + DAY * n for n in range(length)}
        return day

    def _choose_discussions(self, meetings: list[Meeting]) -> None:
        """Which sessions are discussions: one a quarter at least, but for a silent quarter."""
        for meeting in meetings:
            if meeting.topics or meeting.form == "研讨":
                meeting.discussion = self._rng.random() < (0.85 if self._profile.good else 0.6)
        for quarter in range(1, 5):
            mine = [m for m in meetings if (m.start.month + 2) // 3 == quarter
                    and m.counted_as == "集体学习" and not m.cancelled]  # fmt: skip
            if quarter == self._profile.silent_quarter:
                for meeting in meetings:
                    if (meeting.start.month + 2) // 3 == quarter:
                        meeting.discussion = False
            elif mine and not any(m.discussion for m in mine):
                mine[0].discussion = True
        for meeting in meetings:
            if meeting.cancelled or meeting.counted_as != "集体学习":
                meeting.discussion = False
            if meeting.discussion:
                meeting.form = "研讨"
            elif meeting.form == "研讨":
                meeting.form = "讲座"

    # --- who ---

    def attend(self, meetings: list[Meeting]) -> list[tuple[int, str, dt.date, str]]:
        """Attendance, host, speeches and report of each session; makeups of the absent."""
        makeups: list[tuple[int, str, dt.date, str]] = []
        spoken: dict[str, int] = {}
        for meeting in meetings:
            if meeting.cancelled:
                continue
            people = self._cast.on(meeting.start)
            meeting.status = {p.name: self._status(p, meeting) for p in people}
            if not meeting.present:
                meeting.status[people[0].name] = "出席"
            there = [p for p in people if p.name in meeting.present]
            meeting.host = there[0].name
            self._speak(meeting, there, people, spoken)
            self._report(meeting)
            makeups += self._makeups(meeting)
        return makeups

    def _status(self, person: Person, meeting: Meeting) -> str:
        chance = self._profile.absence * (0.4 if person.role == "组长" else 1.0)
        if self._rng.random() >= chance:
            video = meeting.joint_id and self._profile.sign_in and self._rng.random() < 0.4
            return "视频" if video else "出席"
        return self._rng.choices(("公务假", "病事假", "缺席"), (60, 33, 7))[0]

    def _speak(
        self, meeting: Meeting, there: list[Person], people: list[Person], spoken: dict[str, int]
    ) -> None:
        circle = there
        if self._profile.few_speakers:
            circle = [p for p in there if p in people[:3]] or there[:1]
        turn = sorted(circle, key=lambda p: spoken.get(p.name, 0))
        types = ["领学"] if not meeting.discussion else ["领学", "重点", "重点", "补充", "补充"]
        if not meeting.discussion and self._rng.random() < 0.25:
            types = []
        for kind, person in zip(types, turn, strict=False):
            spoken[person.name] = spoken.get(person.name, 0) + 1
            meeting.speeches.append((person.name, kind, kind == "重点" or self._rng.random() < 0.3))

    def _report(self, meeting: Meeting) -> None:
        if self._rng.random() < self._profile.reports_missing:
            return
        days = self._params.metrics.report_days
        late = self._rng.random() < self._profile.reports_late
        wait = (
            self._rng.randint(days + 2, days + 15)
            if late
            else self._rng.randint(1, max(days - 1, 1))
        )
        meeting.received_on = meeting.end + DAY * wait
        meeting.returned = 1 if self._rng.random() < 0.06 else 0

    def _makeups(self, meeting: Meeting) -> Iterator[tuple[int, str, dt.date, str]]:
        if self._profile.counts_alone:
            return
        for name, status in meeting.status.items():
            if status in ("公务假", "病事假") and self._rng.random() < 0.6:
                day = meeting.end + DAY * self._rng.randint(3, 25)
                evidence = (
                    self._rng.choice(invented()["makeup_evidence"])
                    if self._rng.random() < 0.85
                    else ""
                )
                yield meeting.number, name, day, evidence
