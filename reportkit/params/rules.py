"""The rules for findings (问题规则): which metric, which line, which sentences."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportkit.params.model import NAME, SENTENCE, Model


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
        for name in ("few", "some", "many"):
            if not all(word.strip() for word in getattr(self, name)):
                raise ValueError(f"{name}: a word is blank; expected words as 个别单位")
        return self


class Theme(Model):
    """One head of section three (三、存在的问题和不足), under which findings are grouped."""

    key: str
    title: str
    lead: Annotated[str, SENTENCE] = ""


PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
"""Patterns take plain names in braces only: no attribute, index or format can be reached."""

UNIT_PLACEHOLDERS = {
    "value", "line", "against_line", "numerator", "denominator", "lacking", "missing", "evidence",
    "change",
}  # fmt: skip
GROUP_PLACEHOLDERS = {"quantifier"}
PracticeKind = Literal["品牌学习法", "制度", "形式", "成果转化", "荣誉"]


class Rule(Model):
    """One rule for findings (问题): a metric, a line, and the sentences it yields."""

    rule_id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    theme: str
    metric: str
    comparison: Literal["below", "above"]
    threshold: Annotated[float, Field(allow_inf_nan=False)]
    minimum_n: Annotated[int, Field(ge=1)] = 1
    enabled: bool = True
    unit_pattern: Annotated[tuple[str, ...], Field(min_length=1), SENTENCE]
    """The sentence for the unit; of several each unit keeps one."""
    none_pattern: Annotated[str, SENTENCE] = ""
    """The sentence where the numerator is zero; empty: as in any other case."""
    group_pattern: Annotated[str, SENTENCE]
    requirement: Annotated[NAME, SENTENCE]
    deadline: dt.date
    rectify: bool = True
    contradicts: tuple[PracticeKind, ...] = ()
    """Practices of a unit that it hits, which are then no candidates for praise."""

    @field_validator("unit_pattern", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _placeholders(self) -> Self:
        patterns = [("unit_pattern", text, UNIT_PLACEHOLDERS) for text in self.unit_pattern]
        if self.none_pattern:
            patterns.append(("none_pattern", self.none_pattern, UNIT_PLACEHOLDERS))
        for name, pattern, allowed in (
            *patterns,
            ("group_pattern", self.group_pattern, GROUP_PLACEHOLDERS),
        ):
            if not pattern.strip():
                raise ValueError(f"{self.rule_id}: {name} says nothing")
            used = set(PLACEHOLDER.findall(pattern))
            if used - allowed or "{" in PLACEHOLDER.sub("", pattern):
                raise ValueError(
                    f"{self.rule_id}: {name} may hold {{{'}, {'.join(sorted(allowed))}}} only"
                )
        if (number := PLACEHOLDER.findall(self.group_pattern).count("quantifier")) != 1:
            holds = f"holds it {number} times" if number else "does not hold it"
            raise ValueError(
                f"{self.rule_id}: group_pattern needs {{quantifier}} once; "
                f"{self.group_pattern!r} {holds}"
            )
        return self
