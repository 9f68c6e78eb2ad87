"""The forms: Chinese sheets and headers ↔ English tables and columns, in both directions.

They are declared in ``forms.yml`` beside this file, which is read when first asked for;
:mod:`.model` says what a form is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.params.yaml_data import plain_data
from reportkit.records.forms.model import Field, Kind, Sheet, Words

__all__ = [
    "GUIDE", "QUESTIONS", "SHEETS_OF_OURS", "TOPICS", "UNITS_LIST", "Field", "Kind", "Sheet",
    "archive_field", "choice_words", "kind_told", "office_sheets", "sheet_of",
    "system_field", "unit_sheets",
]  # fmt: skip

GUIDE, QUESTIONS, TOPICS, UNITS_LIST = "填报说明", "上期问题", "专题清单", "单位清单"
SHEETS_OF_OURS = (GUIDE, QUESTIONS, TOPICS, UNITS_LIST)
"""Sheets of our own forms that say something to people and are not read."""

_FILE = Path(__file__).with_name("forms.yml")


def unit_sheets() -> tuple[Sheet, ...]:
    """All sheets of a unit's workbook (报送表) but the cover, in the order of our own form."""
    return tuple(each for key, each in _sheets("unit").items() if key != "cover")


def office_sheets() -> tuple[Sheet, ...]:
    """All sheets of the office's workbook (``data/checks/<year>.xlsx``), in its order."""
    return tuple(_sheets("office").values())


def sheet_of(key: str) -> Sheet:
    """One sheet, the cover too; KeyError for one that no form has."""
    return (_sheets("unit") | _sheets("office"))[key]


def archive_field(item: str) -> Field:
    """The column of one archive item in 档案核查; a blank cell is 未查."""
    return _check_field(item, "archive")


def system_field(name: str) -> Field:
    """The column of one system (制度) in 制度核查; a blank cell is 未查."""
    return _check_field(name, "system")


def choice_words(name: str) -> tuple[Words, Words]:
    """What a choice allows as the form offers it, and what people write: (word, stored value)."""
    told = _declared()["choices"][name]
    return _pairs(told["allowed"]), _pairs(told["written"])


def kind_told(kind: Kind) -> Mapping[str, str]:
    """What is said of a column of this kind: ``advice``, and an ``example``."""
    told: Mapping[str, str] = _declared()["kinds"][kind]
    return told


@lru_cache(maxsize=1)
def _declared() -> Any:
    return plain_data(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=2)
def _sheets(whose: str) -> dict[str, Sheet]:
    found = {}
    for key, told in _declared()[whose].items():
        fields = tuple(_field(name, column) for name, column in told["fields"].items())
        found[key] = Sheet(key, **{**_frozen(told), "fields": fields})
    return found


def _field(name: str, told: Mapping[str, Any]) -> Field:
    given = _frozen(told)
    if (choice := given.pop("choice", None)) is not None:
        allowed, written = choice_words(choice)
        given |= {"kind": "choice", "choices": allowed, "synonyms": written}
    return Field(name, **given)


def _check_field(name: str, choice: str) -> Field:
    allowed, written = choice_words(choice)
    return Field(name, (name,), "choice", choices=allowed, synonyms=written, none_words=())


def _frozen(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in told.items()}


def _pairs(told: list[str] | dict[str, str]) -> Words:
    """Words that are stored as they stand are a list."""
    return tuple(told.items()) if isinstance(told, dict) else tuple((word, word) for word in told)
