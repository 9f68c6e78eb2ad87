"""What is issued under one id: which documents, with which 文号, 签发人 and 成文日期.

``params/issue/<id>.yml``, written by the office before it issues. Nothing of it is ever taken from
the clock.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportkit.errors import ParameterError
from reportkit.params.model import DEVICES, NAME, PROSE, SENTENCE, Model, twice
from reportkit.params.periods import Period
from reportkit.params.reading import load_model
from reportkit.params.units import GROUP_DOCUMENT

DOCUMENT_NUMBER = re.compile(r"[^〔〕\d\s第]+〔[0-9]{4}〕[1-9][0-9]*号")
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
UNITS = "units"


class Issue(Model):
    """One act of issuing (印发).

    ``documents``: unit_ids and ``group``; ``units`` stands for every unit that gets a paper, but
    for those in ``without``, whose papers cannot be made yet.
    ``number`` is the 发文字号 of the group's circular, ``numbers`` those of units' papers, by
    unit_id: a 情况反馈 has none. ``signatory`` (签发人) is kept on record; it is printed only on
    what goes to a higher authority. ``corrects``: the id of what this corrects (更正).
    """

    year: int
    period: str | None = None
    documents: Annotated[tuple[str, ...], Field(min_length=1)]
    without: tuple[str, ...] = ()
    edition: Literal["formal", "draft"] = "formal"
    number: str = ""
    numbers: dict[str, str] = Field(default_factory=dict)
    signatory: NAME
    date: dt.date
    corrects: str = ""
    reason: Annotated[str, SENTENCE] = ""
    """What a correction gives as its reason, in print: 有关单位补报了材料."""
    by_hand_because: Annotated[str, PROSE] = ""
    """Why figures that leaders changed by hand, and that no indicator bears out, are issued."""
    unconfirmed_because: Annotated[str, PROSE] = ""
    """Why units that have not confirmed their figures do not hold it up; "": they do."""

    @field_validator("number")
    @classmethod
    def _is_number(cls, value: str) -> str:
        return _checked_number(value)

    @field_validator("period")
    @classmethod
    def _is_period(cls, value: str | None) -> str | None:
        try:
            return None if value is None else Period(value).text
        except ParameterError as error:
            raise ValueError(f"{error.found}; expected {error.expected}") from None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if again := twice(self.documents):
            raise ValueError(f"documents: {again[0]} twice; expected each once")
        if self.without and UNITS not in self.documents:
            raise ValueError(f"without, and no {UNITS} among the documents; expected both or none")
        for unit, number in self.numbers.items():
            _checked_number(number)
            if unit in self.without or not {unit, UNITS} & set(self.documents):
                raise ValueError(f"numbers: {unit} is not among the documents")
        numbers = [n for n in (self.number, *self.numbers.values()) if n]
        if again := twice(numbers):
            raise ValueError(f"{again[0]} is given to two documents; expected a number for each")
        if self.number and GROUP_DOCUMENT not in self.documents and not self.corrects:
            raise ValueError(f"number without {GROUP_DOCUMENT} among the documents; expected the "
                             "units' under numbers")  # fmt: skip
        if self.date < dt.date(self.year, 1, 1):
            raise ValueError(f"date {self.date} lies before {self.year}; expected a later day")
        for number in numbers:
            if f"〔{self.date.year}〕" not in number:
                raise ValueError(f"{number} with date {self.date}; expected 〔{self.date.year}〕")
        if self.period is not None and Period(self.period).year != self.year:
            raise ValueError(f"period {self.period} is not of {self.year}")
        if self.corrects and not is_id(self.corrects):
            raise ValueError(f"corrects: {self.corrects!r} is no id")
        return self

    def number_of(self, unit: str) -> str:
        """The 发文字号 of one document; "" if it bears none."""
        return self.number if unit == GROUP_DOCUMENT else self.numbers.get(unit, "")

    def holds(self, unit: str, year: int, period: str | None) -> bool:
        """Whether a document is issued by it."""
        of_all = UNITS in self.documents and unit not in (GROUP_DOCUMENT, *self.without)
        return (unit in self.documents or of_all) and (year, period) == (self.year, self.period)


def _checked_number(value: str) -> str:
    if value and not DOCUMENT_NUMBER.fullmatch(value):
        raise ValueError(f"{value!r} is no 发文字号; expected one as 岱能党〔2024〕3号")
    return value


def is_id(text: str) -> bool:
    """Whether it can name what is issued, and its folder on any system."""
    return bool(ID.fullmatch(text)) and text not in DEVICES


def issue_path(home: Path, issue_id: str) -> Path:
    """``params/issue/<id>.yml``."""
    return home / "params" / "issue" / f"{issue_id}.yml"


def load_issue(home: Path, issue_id: str) -> Issue:
    """What is issued under an id.

    Raises
    ------
    ParameterError
        If the id is none, there is no such file, or it is wrong.
    """
    if not is_id(issue_id):
        raise ParameterError(
            f"{issue_id!r}",
            expected="an id of small letters, digits and -, as 2023-annual, which names a folder",
            next_step="correct the id, or the file's name",
            where=f"params/issue/{issue_id}.yml" if issue_path(home, issue_id).is_file() else "id",
        )
    path = issue_path(home, issue_id)
    if not path.is_file():
        known = sorted(p.stem for p in path.parent.glob("*.yml"))
        raise ParameterError(
            "the file does not exist",
            expected="documents, number, signatory and date; there is "
            + (", ".join(known) if known else "none yet"),
            next_step="write it; README.md shows one",
            where=f"params/issue/{issue_id}.yml",
        )
    return load_model(path, Issue)


def check_numbers(home: Path, issue_id: str, issue: Issue) -> None:
    """Refuse a 发文字号 that another issue has, and a correction before what it corrects.

    Raises
    ------
    ParameterError
        Naming both files.
    """
    where = f"params/issue/{issue_id}.yml"
    own = {number for number in (issue.number, *issue.numbers.values()) if number}
    for name, other in _all(home, _looks(home / "params" / "issue")):
        if name == issue_id:
            continue
        if taken := own & {other.number, *other.numbers.values()}:
            raise ParameterError(
                f"{min(taken)} is also that of params/issue/{name}.yml",
                expected="a 发文字号 that was given to no other document",
                where=where,
            )
        if name == issue.corrects and issue.date < other.date:
            raise ParameterError(
                f"date {issue.date}, and what it corrects is of {other.date}",
                expected="the day of what it corrects, or a later one",
                where=where,
            )


def issues_of(home: Path, unit: str, year: int, period: str | None) -> list[tuple[str, Issue]]:
    """Id and content of what issues a document, corrections aside.

    Raises
    ------
    ParameterError
        If a file is wrong, or two of them issue the same document.
    """
    folder = home / "params" / "issue"
    if not folder.is_dir():
        return []
    all_ = _all(home, _looks(folder))
    found = [
        (name, each) for name, each in all_ if each.holds(unit, year, period) and not each.corrects
    ]
    if len(found) > 1:
        raise ParameterError(
            f"{unit} of {period or year} is issued by {found[0][0]} and by {found[1][0]}",
            expected="one issue for each document",
            next_step="take it out of one of the two",
            where=f"params/issue/{found[1][0]}.yml",
        )
    return found


def _looks(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What the files look like: to read them again only when one has changed."""
    found = ((path, path.stat()) for path in sorted(folder.glob("*.yml")))
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=8)
def _all(home: Path, looks: tuple[tuple[str, int, int], ...]) -> tuple[tuple[str, Issue], ...]:
    return tuple(
        (name.removesuffix(".yml"), load_issue(home, name.removesuffix(".yml")))
        for name, _, _ in looks
    )
