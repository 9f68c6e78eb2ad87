"""All that changes by year (``params/<year>.yml``), what analysts decided, and the letterhead."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from reportkit.params.model import Model


class Topic(Model):
    """A study topic (专题); mandatory ones (必学专题) enter M8."""

    code: str
    name: str
    mandatory: bool = False
    issued_on: dt.date
    learn_by: dt.date


# The words that the tables hold (records.schemas), so that a misspelt one is an error on load
# and not a figure of zero.
Status = Literal["出席", "视频", "公务假", "病事假", "缺席", "未记"]
Role = Literal["组长", "副组长", "成员", "学习秘书"]
CountedAs = Literal["集体学习", "读书班", "第一议题", "主题党日", "培训", "个人自学"]
SpeechType = Literal["领学", "重点", "补充", "书面"]


class AttendanceRules(Model):
    """How attendance counts (M4, M4b): offices differ, so nothing of it stands in code."""

    present: tuple[Status, ...] = ("出席", "视频")
    left_out: tuple[Status, ...] = ("未记",)
    roles: tuple[Role, ...] = ("组长", "副组长", "成员")
    minimum_sessions: int = 4


class MetricRules(Model):
    """The conventions by which the year's indicators are computed."""

    attendance: AttendanceRules = AttendanceRules()
    study_sessions: tuple[CountedAs, ...] = ("集体学习", "读书班")
    joint_sessions: Literal["each", "once"] = "each"
    discussion_speeches: tuple[SpeechType, ...] = ("重点", "补充")
    report_days: int = 7
    ledgers: tuple[str, ...] = ("签到簿", "学习记录簿", "研讨发言簿")


class Comparison(Model):
    """When a comparison with peers may be shown at all."""

    minimum_peers: int = 8
    minimum_person_times: int = 11


class Quantifiers(Model):
    """Which share of units is 个别, 部分, 多数; 多数 prints only once confirmed."""

    few_up_to: float = 0.10
    some_up_to: float = 0.50
    few: tuple[str, ...] = ("个别单位",)
    some: tuple[str, ...] = ("部分单位", "有的单位")
    many: tuple[str, ...] = ("多数单位",)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 <= self.few_up_to < self.some_up_to <= 1:
            raise ValueError("expected 0 ≤ few_up_to < some_up_to ≤ 1")
        if not (self.few and self.some and self.many):
            raise ValueError("few, some and many need at least one word each")
        return self


class Theme(Model):
    """One head of section three (三、存在的问题和不足), under which findings are grouped."""

    key: str
    title: str
    lead: str = ""


PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
"""Patterns take plain names in braces only: no attribute, index or format can be reached."""

UNIT_PLACEHOLDERS = {"value", "line", "numerator", "denominator", "missing", "evidence"}
GROUP_PLACEHOLDERS = {"quantifier"}


class Rule(Model):
    """One rule for findings (问题): a metric, a line, and the sentences it yields."""

    rule_id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    theme: str
    metric: str
    comparison: Literal["below", "above"]
    threshold: Annotated[float, Field(allow_inf_nan=False)]
    minimum_n: int = 1
    enabled: bool = True
    unit_pattern: str
    group_pattern: str
    requirement: str
    deadline: dt.date
    rectify: bool = True

    @model_validator(mode="after")
    def _placeholders(self) -> Self:
        for name, allowed in (
            ("unit_pattern", UNIT_PLACEHOLDERS),
            ("group_pattern", GROUP_PLACEHOLDERS),
        ):
            pattern = getattr(self, name)
            used = set(PLACEHOLDER.findall(pattern))
            if used - allowed or "{" in PLACEHOLDER.sub("", pattern):
                raise ValueError(
                    f"{self.rule_id}: {name} may hold {{{'}, {'.join(sorted(allowed))}}} only"
                )
        if "quantifier" not in PLACEHOLDER.findall(self.group_pattern):
            raise ValueError(f"{self.rule_id}: group_pattern needs {{quantifier}}")
        return self


class Prose(Model):
    """One block of standing prose: the heading behind its id (may be ""), and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


class YearParams(Model):
    """Everything that changes by year (``params/<year>.yml``)."""

    year: int
    cutoff: dt.date
    issued_on: dt.date
    topics: tuple[Topic, ...]
    archive_items: tuple[str, ...]
    systems: tuple[str, ...] = ()
    """The systems (制度) whose keeping is checked, by number from 1."""
    switched_off: tuple[str, ...] = ("M15", "M17")
    """Metrics that are not used: units are asked for nothing that only they need."""
    metrics: MetricRules = MetricRules()
    comparison: Comparison = Comparison()
    quantifiers: Quantifiers = Quantifiers()
    themes: tuple[Theme, ...]
    rules: tuple[Rule, ...]
    objection_days: int = 10

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        for what, values in (
            ("topic code", [topic.code for topic in self.topics]),
            ("rule_id", [rule.rule_id for rule in self.rules]),
            ("theme key", [theme.key for theme in self.themes]),
            ("system", list(self.systems)),
        ):
            if len(set(values)) < len(values):
                raise ValueError(f"a {what} is used twice")
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
            raise ValueError(f"cutoff {self.cutoff} does not lie in {self.year}")
        return self

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
    file: Annotated[str, Field(min_length=1)]
    sheet: str | None = None
    cell: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")] | None = None
    key: str | None = None
    found: str | None = None
    decision: Literal["accept", "override", "waive"]
    value: str | int | float | bool | dt.date | None = None
    by: Annotated[str, Field(min_length=1)]
    why: Annotated[str, Field(min_length=1)]

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


_PROSE_PLACEHOLDERS = {"group": ("year",), "unit": ("year", "unit", "org")}
"""What each document fills in, in its title and its standing prose; the rest would be printed."""


def placeholders(document: str) -> str:
    """The placeholders of a document as a person types them: {year}, {unit}, {org}."""
    return ", ".join(f"{{{name}}}" for name in _PROSE_PLACEHOLDERS[document])


def unknown_placeholder(text: str, document: str) -> str | None:
    """The first brace or placeholder in a title or in prose that the document does not fill."""
    for name in _PROSE_PLACEHOLDERS[document]:
        text = text.replace(f"{{{name}}}", "")
    found = re.search(r"\{[^}]*\}?|\}", text)
    return found.group() if found else None


class Letterhead(Model):
    """Who issues, to whom, and under which title."""

    issuer: str
    group_title: str
    unit_title: str
    group_addressee: str

    @model_validator(mode="after")
    def _placeholders(self) -> Self:
        for field, document in (("group_title", "group"), ("unit_title", "unit")):
            if found := unknown_placeholder(getattr(self, field), document):
                raise ValueError(f"{field} may hold {placeholders(document)} only, not {found!r}")
        return self
