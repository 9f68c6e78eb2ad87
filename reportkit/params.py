"""Frozen, typed, cross-checked parameters: everything under ``params/`` that an office may set.

``params/units.yml`` (the group and its units, over all years), ``params/<year>.yml`` (all
that changes by year) and ``params/letterhead.yml`` are read by ``yaml.safe_load`` and
checked on load; a wrong value is a :class:`ParameterError` that names file and field.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from reportkit.errors import ParameterError

HOME_VARIABLE = "REPORTKIT_HOME"
GROUP_DOCUMENT = "group"
"""The name by which `--unit` and the folders under ``outputs/`` know the group's circular."""

_RESERVED_IDS = {
    *(GROUP_DOCUMENT, "working_paper", "data_quality", "issued", "records", "index", "manifest"),
    *("con", "prn", "aux", "nul"),
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


class Model(BaseModel):
    """Base of all parameters: immutable, and a name that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- units -----------------------------------------------------------------------------


class Unit(Model):
    """One subordinate unit (权属单位), or the group's own level (集团本级)."""

    unit_id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
    name: Annotated[str, Field(min_length=1)]
    short_name: Annotated[str, Field(min_length=1)]
    order: int
    mask_label: str
    level: Literal["group", "unit"] = "unit"
    org_type: Literal["党委", "党总支", "直属党支部"] = "党委"
    has_study_group: bool = True
    peer_group: str | None = None
    valid_from: dt.date
    valid_to: dt.date | None = None
    successor_id: str | None = None
    aliases: tuple[str, ...] = ()

    @field_validator("unit_id")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value in _RESERVED_IDS:
            raise ValueError(f"{value!r} is reserved; choose another id")
        return value

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a submission may call this unit."""
        return (self.name, self.short_name, *self.aliases)

    def in_being_on(self, day: dt.date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def in_being_during(self, first: dt.date, last: dt.date) -> bool:
        """Whether the unit exists on at least one day from ``first`` to ``last``."""
        return self.valid_from <= last and (self.valid_to is None or self.valid_to >= first)


class Units(Model):
    """The group company and all units it ever had, in official order (规范顺序)."""

    group_name: str
    group_short_name: str
    units: tuple[Unit, ...]

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        ids = [unit.unit_id for unit in self.units]
        names = [name for unit in self.units for name in set(unit.names)]
        for what, values in (("unit_id", ids), ("name or alias", names)):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"{what} used twice: {', '.join(twice)}")
        if len({unit.order for unit in self.units}) < len(self.units):
            raise ValueError("two units have the same order")
        for unit in self.units:
            if unit.successor_id and unit.successor_id not in ids:
                raise ValueError(f"{unit.unit_id}: successor_id {unit.successor_id!r} is no unit")
        if sum(unit.level == "group" for unit in self.units) > 1:
            raise ValueError("more than one unit of level: group")
        return self

    def __iter__(self) -> Iterator[Unit]:  # type: ignore[override]
        return iter(sorted(self.units, key=lambda unit: unit.order))

    def __getitem__(self, unit_id: str) -> Unit:
        for unit in self.units:
            if unit.unit_id == unit_id:
                return unit
        known = ", ".join(unit.unit_id for unit in self)
        raise ParameterError(
            f"unknown unit {unit_id!r}",
            expected=f"one of {known}",
            next_step="add it to params/units.yml, or correct the name",
            where="unit",
        )

    def __contains__(self, unit_id: object) -> bool:
        return any(unit.unit_id == unit_id for unit in self.units)

    def in_year(self, year: int) -> list[Unit]:
        """Units in being on any day of the year, in official order, 集团本级 included."""
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        return [unit for unit in self if unit.in_being_during(first, last)]

    def at_year_end(self, year: int) -> list[Unit]:
        """Subordinate units in being on 31 December: those that get a circular."""
        last = dt.date(year, 12, 31)
        return [unit for unit in self if unit.level == "unit" and unit.in_being_on(last)]


# --- one year --------------------------------------------------------------------------


class Topic(Model):
    """A study topic (专题); mandatory ones (必学专题) enter M8."""

    code: str
    name: str
    mandatory: bool = False
    issued_on: dt.date
    learn_by: dt.date


class AttendanceRules(Model):
    """How attendance counts (M4, M4b): offices differ, so nothing of it stands in code."""

    present: tuple[str, ...] = ("出席", "视频")
    left_out: tuple[str, ...] = ("未记",)
    roles: tuple[str, ...] = ("组长", "副组长", "成员")
    minimum_sessions: int = 4


class MetricRules(Model):
    """The conventions by which the year's indicators are computed."""

    attendance: AttendanceRules = AttendanceRules()
    study_sessions: tuple[str, ...] = ("集体学习", "读书班")
    joint_sessions: Literal["each", "once"] = "each"
    discussion_speeches: tuple[str, ...] = ("重点", "补充")
    report_days: int = 7
    ledgers: tuple[str, ...] = ("签到簿", "学习记录簿", "研讨发言簿")
    study_days_norm: float = 12


class Comparison(Model):
    """When a comparison with peers may be shown at all."""

    minimum_peers: int = 8
    minimum_person_times: int = 11


class Quantifiers(Model):
    """Which share of units is 个别, 部分, 多数; 多数 prints only for rules listed as confirmed."""

    few_up_to: float = 0.10
    some_up_to: float = 0.50
    few: tuple[str, ...] = ("个别单位",)
    some: tuple[str, ...] = ("部分单位", "有的单位")
    many: tuple[str, ...] = ("多数单位",)
    many_confirmed: tuple[str, ...] = ()


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
    threshold: float
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
    metrics: MetricRules = MetricRules()
    comparison: Comparison = Comparison()
    quantifiers: Quantifiers = Quantifiers()
    themes: tuple[Theme, ...]
    rules: tuple[Rule, ...]
    practices: dict[str, tuple[str, ...]] = {}
    """Paragraph id of section two (二.（一）) → the practice_ids selected for it."""
    objection_days: int = 10

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        for what, values in (
            ("topic code", [topic.code for topic in self.topics]),
            ("rule_id", [rule.rule_id for rule in self.rules]),
            ("theme key", [theme.key for theme in self.themes]),
        ):
            if len(set(values)) < len(values):
                raise ValueError(f"a {what} is used twice")
        keys = {theme.key for theme in self.themes}
        for rule in self.rules:
            if rule.theme not in keys:
                raise ValueError(f"rule {rule.rule_id}: theme {rule.theme!r} is not in themes")
        missing = set(self.metrics.ledgers) - set(self.archive_items)
        if missing:
            raise ValueError(f"ledgers {'、'.join(sorted(missing))} are not in archive_items")
        unknown = set(self.quantifiers.many_confirmed) - {rule.rule_id for rule in self.rules}
        if unknown:
            raise ValueError(f"many_confirmed names no rule: {', '.join(sorted(unknown))}")
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


class Letterhead(Model):
    """Who issues, to whom, and under which title."""

    issuer: str
    group_title: str
    unit_title: str
    group_addressee: str

    @field_validator("group_title", "unit_title")
    @classmethod
    def _placeholders(cls, value: str) -> str:
        if "{" in re.sub(r"\{(year|unit)\}", "", value):
            raise ValueError("a title may hold {year} and {unit} only")
        return value


# --- reading ---------------------------------------------------------------------------

M = TypeVar("M", bound=Model)


def find_home(start: Path | None = None) -> Path:
    """The workbook's folder: ``REPORTKIT_HOME``, else the nearest one upward with ``params/units.yml``.

    Raises
    ------
    ParameterError
        If neither leads to a folder that holds ``params/units.yml``.
    """
    named = os.environ.get(HOME_VARIABLE)
    start = (start or Path.cwd()).resolve()
    candidates = [Path(named).resolve()] if named else [start, *start.parents]
    for folder in candidates:
        if (folder / "params" / "units.yml").is_file():
            return folder
    raise ParameterError(
        "no params/units.yml",
        expected="a workbook's folder: one with params/, notebooks/ and data/",
        next_step="change into it, or name it with --home; "
        "`reportkit demo --out DIR` makes one to start from",
        where=str(candidates[0]),
    )


def available_years(home: Path) -> list[int]:
    """The years that have a ``params/<year>.yml``, in ascending order."""
    return sorted(int(p.stem) for p in (home / "params").glob("*.yml") if p.stem.isdigit())


def load_units(home: Path) -> Units:
    """``params/units.yml``."""
    return _load(home / "params" / "units.yml", Units)


def load_year(home: Path, year: int) -> YearParams:
    """``params/<year>.yml``; its ``year`` must be the file's."""
    path = home / "params" / f"{year}.yml"
    if not path.is_file():
        years = "、".join(map(str, available_years(home))) or "none"
        raise ParameterError(
            f"no parameters for {year}",
            expected=f"one of the years that have a file: {years}",
            next_step=f"copy last year's file to params/{year}.yml and edit it",
            where="year",
        )
    params = _load(path, YearParams)
    if params.year != year:
        raise ParameterError(
            f"the file says year: {params.year}",
            expected=f"year: {year}",
            next_step="correct the field or the file's name",
            where=path.name,
        )
    return params


def load_letterhead(home: Path) -> Letterhead:
    """``params/letterhead.yml``."""
    return _load(home / "params" / "letterhead.yml", Letterhead)


def load_text(home: Path, year: int, document: str) -> dict[str, Prose]:
    """Standing prose of a document, ``params/text/<year>/<document>.md``, by paragraph id.

    A block begins with a line ``## <id> <heading>`` (一, 二.（一）, 四.（三）; the heading may
    be missing) and holds one paragraph a line; comments in ``<!-- -->`` are left out.

    Raises
    ------
    ParameterError
        If the file is missing or not UTF-8, or an id stands twice.
    """
    path = home / "params" / "text" / str(year) / f"{document}.md"
    where = f"params/text/{year}/{document}.md"
    try:
        body = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ParameterError(
            "the file does not exist",
            expected="the standing prose of the year",
            next_step=f"copy params/text/{year - 1}/{document}.md and edit it",
            where=where,
        ) from None
    except UnicodeDecodeError as error:
        raise ParameterError(
            str(error), expected="text in UTF-8", next_step="save the file as UTF-8", where=where
        ) from None
    blocks: dict[str, Prose] = {}
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    for part in re.split(r"^## +", body, flags=re.M)[1:]:
        heading, _, text = part.partition("\n")
        name, _, title = heading.strip().partition(" ")
        if name in blocks:
            raise ParameterError(
                f"paragraph {name!r} stands twice",
                expected="each paragraph id once",
                next_step="join the two blocks",
                where=where,
            )
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        blocks[name] = Prose(title=title.strip(), paragraphs=lines)
    return blocks


def _load(path: Path, model: type[M]) -> M:
    try:
        stat = path.stat()
    except OSError:
        raise ParameterError(
            "the file does not exist", expected=f"a file {path.name}", where=str(path)
        ) from None
    return _load_cached(path, stat.st_mtime_ns, stat.st_size, model)  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _load_cached(path: Path, _mtime: int, _size: int, model: type[Model]) -> Model:
    import yaml

    where = f"params/{path.name}"
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(
            " ".join(str(error).split()), expected="YAML in UTF-8", where=where
        ) from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg'].removeprefix('Value error, ')}"
            + (f" (found {e['input']!r})" if not isinstance(e["input"], dict | list) else "")
            for e in error.errors()[:5]
        )
        raise ParameterError(found, expected="valid parameters", where=where) from None
