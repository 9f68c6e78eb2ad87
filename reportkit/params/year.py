"""All that changes by year (``params/<year>.yml``), what analysts decided, and the letterhead."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportkit.errors import ParameterError
from reportkit.params.model import CODE, FOREIGN, LABEL, NAME, PROSE, Model, twice
from reportkit.params.periods import Period
from reportkit.params.rules import Quantifiers, Rule, Theme


class Topic(Model):
    """A study topic (专题); mandatory ones (必学专题) enter M8."""

    code: CODE
    name: NAME
    mandatory: bool = False
    issued_on: dt.date
    learn_by: dt.date

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.learn_by < self.issued_on:
            raise ValueError(f"learn_by {self.learn_by} lies before issued_on {self.issued_on}")
        return self

    @property
    def quoted(self) -> str:
        """Its name as a sentence cites it: 《…》, whether or not it brings the marks along."""
        return self.name if self.name.startswith("《") else f"《{self.name}》"


# The words that the tables hold (records.schemas), so that a misspelt one is an error on load
# and not a figure of zero.
Status = Literal["出席", "视频", "公务假", "病事假", "请假（原因不明）", "缺席", "未记"]
Absence = Literal["公务假", "病事假", "缺席"]
Role = Literal["组长", "副组长", "成员", "学习秘书"]
CountedAs = Literal["集体学习", "读书班", "第一议题", "主题党日", "培训", "个人自学"]
SpeechType = Literal["领学", "重点", "补充", "书面"]
_METRIC = re.compile(r"M\d+[a-z]?", re.ASCII)


_REASONS: dict[Absence, str] = {
    "公务假": (
        "公务 公出 公差 公干 公事 因公 出差 开会 会议 参会 人代会 党代会 职代会 汇报 述职 培训 "
        "学习 党校 调研 考察 督查 督导 巡察 巡视 审计 迎检 陪同检查 陪同领导 接受检查 安全检查 "
        "现场检查 值班 值守 带班 加班 挂职 援疆 援藏 援青 援外 援派 援建 驻村 驻外 借调 抽调 "
        "外派 帮扶 接待 出访 谈判 抢险 防汛"
    ),
    "病事假": (
        "病 住院 就医 就诊 医院 体检 身体检查 身体不适 发烧 感冒 产假 产检 陪产 哺乳 育儿 婚假 "
        "丧假 奔丧 事假 私事 家事 家中有事 家里有事 家庭 家人 家属 家长会 个人 自学考试 休假 "
        "年假 年休 探亲 调休 轮休 补休 倒休"
    ),
    "缺席": "未请假 无故 无理由 未说明原因 旷会 旷课 忘记 擅自",
}
ABSENCE = {kind: tuple(text.split()) for kind, text in _REASONS.items()}
"""缺席原因: a reason with words of one kind is of that kind; see ``params/<year>.yml``."""


class AttendanceRules(Model):
    """How attendance counts (M4, M4b): offices differ, so nothing of it stands in code."""

    present: Annotated[tuple[Status, ...], Field(min_length=1)] = ("出席", "视频")
    left_out: tuple[Status, ...] = ("未记",)
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = ("组长", "副组长", "成员")
    minimum_sessions: Annotated[int, Field(ge=1, le=366)] = 4

    @model_validator(mode="after")
    def _present_or_left_out(self) -> Self:
        if both := [status for status in self.present if status in self.left_out]:
            raise ValueError(
                f"{'、'.join(both)} stands in present and in left_out; expected each status in "
                "one of them at most"
            )
        return self


class MetricRules(Model):
    """The conventions by which the year's indicators are computed."""

    attendance: AttendanceRules = AttendanceRules()
    study_sessions: Annotated[tuple[CountedAs, ...], Field(min_length=1)] = ("集体学习", "读书班")
    joint_sessions: Literal["each", "once"] = "each"
    discussion_speeches: Annotated[tuple[SpeechType, ...], Field(min_length=1)] = ("重点", "补充")
    discussions_counted: Literal["sessions", "speeches"] = "sessions"
    """研讨交流场次: sessions with such a speech, or the speeches themselves."""
    report_days: Annotated[int, Field(ge=0, le=366)] = 7
    ledgers: tuple[LABEL, ...] = ("签到簿", "学习记录簿", "研讨发言簿")
    study_days_norm: Annotated[float, Field(gt=0, le=366, allow_inf_nan=False)] = 12
    """年度学习天数标准, of a unit that exists throughout the year."""
    half_day_hours: Annotated[float, Field(gt=0, le=24, allow_inf_nan=False)] = 4
    """A session of one day and at most so many hours is half a day."""
    visits_a_partner: Annotated[int, Field(ge=1, le=366)] = 1
    """旁听: how often a unit is to visit each unit of its group in a year."""
    feedback_days: Annotated[int, Field(ge=0, le=366)] = 7
    """旁听: how many days after a visit the feedback is due."""
    completeness: dict[str, tuple[str, ...]] = Field(default_factory=lambda: dict(_REQUIRED))
    """报送完整率: table → the columns that must be filled in."""

    @model_validator(mode="after")
    def _known_cells(self) -> Self:
        for table, columns in self.completeness.items():
            known = _REQUIRED.get(table, ())
            unknown = [column for column in columns if column not in known]
            if table not in _REQUIRED or unknown:
                raise ValueError(
                    f"completeness: {table}.{(unknown or ['?'])[0]} cannot be required; expected "
                    + "; ".join(f"{name}: {', '.join(cells)}" for name, cells in _REQUIRED.items())
                )
        return self


_REQUIRED: dict[str, tuple[str, ...]] = {
    "members": ("from",),
    "plans": ("approved_on", "filed_on"),
    "plan_items": ("title",),
    "sessions": ("hours", "host_id", "expected", "present"),
    "speeches": ("type",),
    "accounts": ("date",),
    "research": ("has_report", "outcome"),
    "platform": ("party_members", "joined", "participation", "mean_daily_points"),
}
"""Cells from which indicators are computed, and which a unit cannot rightly leave blank."""


class Comparison(Model):
    """When a comparison with peers may be shown at all."""

    minimum_peers: Annotated[int, Field(ge=1)] = 8
    minimum_person_times: Annotated[int, Field(ge=0)] = 11


class PeriodPaper(Model):
    """A paper on a part of the year (季度、半年材料)."""

    issued_on: dt.date
    """成文日期: printed, never taken from the clock."""


class YearParams(Model):
    """Everything that changes by year (``params/<year>.yml``)."""

    year: int
    cutoff: dt.date
    issued_on: dt.date
    topics: tuple[Topic, ...]
    archive_items: tuple[LABEL, ...]
    systems: tuple[LABEL, ...] = ()
    """The systems (制度) whose keeping is checked, by number from 1."""
    switched_off: tuple[str, ...] = ("M15", "M17")
    """Metrics that are not used: units are asked for nothing that only they need."""
    metrics: MetricRules = MetricRules()
    absence: dict[Absence, tuple[str, ...]] = Field(default_factory=lambda: dict(ABSENCE))
    """缺席原因: status → the words that make a reason one of it; applied when files are read."""
    comparison: Comparison = Comparison()
    quantifiers: Quantifiers = Quantifiers()
    themes: tuple[Theme, ...]
    rules: tuple[Rule, ...]
    group_requirements: Annotated[int, Field(ge=1)] = 6
    """How many requirements the group's circular lists: those that concern most units."""
    group_characters: Annotated[int, Field(ge=1)] = 4000
    """A group circular longer than that is warned of: it is a text that a leader signs."""
    objection_days: Annotated[int, Field(ge=0, le=366)] = 10
    periods: dict[str, PeriodPaper] = Field(default_factory=dict)
    """Quarterly and half-year papers: 2023Q3 → what belongs to it."""

    @field_validator("switched_off")
    @classmethod
    def _numbers_of_metrics(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Whether there is such a metric is checked by who knows them."""
        for metric in value:
            if not _METRIC.fullmatch(metric):
                raise ValueError(f"{metric!r} is no metric's number; expected as M15 or M17b")
        return value

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        reasons = [word for words in self.absence.values() for word in words]
        if "" in map(str.strip, reasons):
            raise ValueError("absence: a word is blank; expected a word as it stands in reasons")
        for what, values in (
            ("word of absence", reasons),
            ("topic code", [topic.code for topic in self.topics]),
            ("rule_id", [rule.rule_id for rule in self.rules]),
            ("theme key", [theme.key for theme in self.themes]),
            ("system", list(self.systems)),
        ):
            if again := twice(values):
                raise ValueError(f"a {what} is used twice: {', '.join(again)}")
        keys = {theme.key for theme in self.themes}
        for rule in self.rules:
            if rule.theme not in keys:
                raise ValueError(f"rule {rule.rule_id}: theme {rule.theme!r} is not in themes")
            if rule.deadline < self.issued_on:
                raise ValueError(
                    f"rule {rule.rule_id}: deadline {rule.deadline} lies before issued_on "
                    f"{self.issued_on}"
                )
        missing = set(self.metrics.ledgers) - set(self.archive_items)
        if missing:
            raise ValueError(f"ledgers {'、'.join(sorted(missing))} are not in archive_items")
        if self.cutoff.year != self.year:
            raise ValueError(
                f"cutoff {self.cutoff} does not lie in {self.year}: one of the two is wrong"
            )
        if self.issued_on < self.cutoff:
            raise ValueError(f"issued_on {self.issued_on} lies before cutoff {self.cutoff}")
        return self

    @model_validator(mode="after")
    def _papers_of_periods(self) -> Self:
        for text, paper in self.periods.items():
            try:
                period = Period(text)
            except ParameterError as error:
                raise ValueError(
                    f"periods: {error.found} is none; expected {error.expected}"
                ) from None
            if period.year != self.year:
                raise ValueError(f"periods: {text} is no period of {self.year}")
            if paper.issued_on <= period.last_day:
                raise ValueError(
                    f"periods.{text}: issued_on {paper.issued_on} lies before its end"
                    f" {period.last_day}"
                )
        return self

    def finding_number(self, rule: Rule) -> str:
        """Under which a rule's findings stand in the 整改台账: WT-03, by its place in the file."""
        place = [each.rule_id for each in self.rules].index(rule.rule_id)
        return f"WT-{place + 1:02}"

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def mandatory_topics(self) -> tuple[Topic, ...]:
        """必学专题 of the year, in the order of the file."""
        return tuple(topic for topic in self.topics if topic.mandatory)


class IssueDecision(Model):
    """What an analyst decided of one issue (问题的人工决定) of an import.

    ``file`` is the path below ``data/``, or the bare name of a file among the year's
    submissions. Either ``sheet`` and ``cell`` or ``key`` says which issue is meant; with
    ``found`` it must also say what the decision was taken on, so that a decision never
    meets another content in the same cell.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    file: Annotated[str, Field(min_length=1), FOREIGN]
    sheet: Annotated[str | None, FOREIGN] = None
    cell: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")] | None = None
    key: Annotated[str | None, FOREIGN] = None
    found: Annotated[str | None, FOREIGN] = None
    decision: Literal["accept", "override", "waive"]
    value: Annotated[str | int | float | bool | dt.date | None, FOREIGN] = None
    by: NAME
    why: Annotated[NAME, PROSE]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.cell and not self.sheet:
            raise ValueError(f"{self.code}: a cell needs its sheet")
        if (self.decision == "override") != (self.value is not None):
            raise ValueError(f"{self.code}: override needs a value, and nothing else takes one")
        if self.decision == "override" and not self.cell:
            raise ValueError(f"{self.code}: override needs sheet and cell")
        return self

    def path(self, year: int) -> str:
        """The file's path below ``data/``."""
        return self.file if "/" in self.file else f"submissions/{year}/{self.file}"


class Decisions(Model):
    """What an analyst decided for one year (``params/decisions/<year>.yml``)."""

    practices: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Paragraph id of section two (二.（一）) → the practice_ids selected for it."""
    many_confirmed: tuple[str, ...] = ()
    """rule_ids for which “多数单位” may be printed."""
    issues: tuple[IssueDecision, ...] = ()
    """What was decided of the issues of this year's import."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        places: dict[str, str] = {}
        for paragraph, practices in self.practices.items():
            if again := twice(practices):
                raise ValueError(
                    f"practices.{paragraph}: {again[0]} stands twice; expected each practice once"
                )
            for practice in practices:
                if other := places.get(practice):
                    raise ValueError(
                        f"practices.{paragraph}: {practice} stands under {other} as well; "
                        "expected each practice under one paragraph"
                    )
                places[practice] = paragraph
        if again := twice(self.many_confirmed):
            raise ValueError(f"many_confirmed: {again[0]} stands twice; expected each rule once")
        return self
