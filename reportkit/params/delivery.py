"""What goes out to the units, and how (``delivery.yml``): 分发 and 催报."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportkit.params.model import ADDRESS, ONCE, PROSE, Model
from reportkit.params.rules import PLACEHOLDER

MOST_REMINDERS = 2
"""So often a unit is reminded of one year's submission, whatever befalls."""

_PLACEHOLDERS = {
    "deliver": ("group", "unit", "year", "count"),
    "remind": ("group", "year", "due", "count"),
}


def _check_wording(text: str, of: str) -> str:
    """A text with no braces but the placeholders that are filled."""
    if not text.strip():
        raise ValueError("nothing; expected some words")
    known = _PLACEHOLDERS[of]
    left = PLACEHOLDER.sub(lambda m: "" if m[1] in known else m[0], text)
    if wrong := re.search(r"[{}]", left):
        raise ValueError(
            f"{left[wrong.start() : wrong.start() + 20]!r} is no placeholder; expected one of "
            + ", ".join(f"{{{name}}}" for name in known)
        )
    return text


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with its placeholders filled; the values are data, and stay as they are."""
    return PLACEHOLDER.sub(lambda m: str(values.get(m[1], m[0])), text)


class Handing(Model):
    """分发: what a unit is handed, and whether it is sent by mail as well."""

    formats: Annotated[tuple[Literal["pdf", "docx", "html"], ...], Field(min_length=1), ONCE] = (
        "pdf",
        "docx",
    )
    with_group: bool = False
    """Whether each unit gets the group's circular besides its own."""
    mail: bool = False
    subject: str = "【{group}】{unit}{year}年度材料送达"
    text: Annotated[str, PROSE] = (
        "{unit}：\n现送上{year}年度材料{count}份，请查收并办理签收。"
        "对内容有异议的，请按材料所载方式反馈。"
    )

    @field_validator("subject", "text")
    @classmethod
    def _wording(cls, value: str) -> str:
        return _check_wording(value, "deliver")


class Reminding(Model):
    """催报: who hears of units that have not submitted, and how often the units do."""

    due: Mapping[int, dt.date] = Field(default_factory=dict)
    """Year → the day by which its materials were to be there (报送截止日期)."""
    mail: bool = False
    days_between: Annotated[int, Field(ge=1, le=60)] = 3
    tell: Annotated[tuple[ADDRESS, ...], ONCE] = ()
    """Addresses in the office that get the list with telephone numbers."""
    subject: str = "【{group}】关于报送{year}年度党委理论学习中心组学习情况材料的提醒"
    text: Annotated[str, PROSE] = (
        "有关单位：\n{year}年度党委理论学习中心组学习情况材料应于{due}前报送，"
        "目前以下{count}家单位尚未报送或须重新报送，请抓紧办理；已报送的，请与我们核对。"
    )

    @field_validator("subject", "text")
    @classmethod
    def _wording(cls, value: str) -> str:
        return _check_wording(value, "remind")

    @model_validator(mode="after")
    def _plausible(self) -> Self:
        for year, day in self.due.items():
            if not year <= day.year <= year + 1:
                raise ValueError(
                    f"due.{year}: {day} is far from {year}; expected a day of {year} or {year + 1}"
                )
        return self


class Delivery(Model):
    """Both; without the file nothing is mailed to any unit."""

    deliver: Handing = Handing()
    remind: Reminding = Reminding()
