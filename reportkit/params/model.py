"""The base of all parameters, and what their numbers, days, texts and names are held to."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ValidationInfo,
    field_validator,
    model_validator,
)

from reportkit.text.normalising import half_width

_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
"""Control characters, those that turn the order of reading, and what nobody sees."""


@dataclass(frozen=True)
class Text:
    """What the texts of a field may be: how long, and which characters they cannot hold."""

    most: int
    wrong: re.Pattern[str]


SHORT = Text(200, re.compile(f"[\t\n{_UNSEEN}]"))
"""As every text of parameters is unless its field says otherwise: a name, a heading."""
SENTENCE = Text(3000, SHORT.wrong)
PROSE = Text(30_000, re.compile(f"[{_UNSEEN}]"))
"""In several lines."""
FOREIGN = Text(10_000_000, re.compile(r"(?!)"))
"""Taken over from a file of others as it stands there."""


class Model(BaseModel):
    """Base of all parameters: immutable, and a name that nobody knows is an error.

    Values are what stands there: no number is made of ``true``, no day of a number, no two keys
    become one; texts are of one line and of characters that are seen (:class:`Text`). A list or
    mapping with nothing behind its name is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    texts: ClassVar[Text] = SHORT

    @model_validator(mode="before")
    @classmethod
    def _nothing_yet(cls, data: Any) -> Any:
        """A file of comments alone, or a name with nothing behind it."""
        return {} if data is None else data

    @field_validator("*", mode="wrap")
    @classmethod
    def _as_it_stands(cls, value: Any, typed: Any, info: ValidationInfo) -> Any:
        field = cls.model_fields[str(info.field_name)]
        if value is None and field.get_default(call_default_factory=True) in ((), {}):
            return field.get_default(call_default_factory=True)
        result = typed(value)
        text = next((each for each in field.metadata if isinstance(each, Text)), cls.texts)
        for stated, taken in _pairs(value, result):
            if isinstance(taken, str):
                _check_text(taken, text)
            elif isinstance(taken, int | float | dt.date):
                _check_taken(stated, taken)
        return result


def _pairs(stated: Any, taken: Any) -> Iterator[tuple[Any, Any]]:
    """What stands in the file, and what was made of it: value by value, keys as well."""
    if isinstance(taken, dict):
        stated = stated if isinstance(stated, dict) else taken
        if len(stated) > len(taken):
            raise ValueError("a key stands twice; expected each key once")
        for (key, value), taken_pair in zip(stated.items(), taken.items(), strict=True):
            yield key, taken_pair[0]
            yield from _pairs(value, taken_pair[1])
    elif isinstance(taken, tuple) and not (taken and isinstance(taken[0], Model)):
        same = isinstance(stated, list | tuple)
        for value, taken_value in zip(stated if same else taken, taken, strict=True):
            yield from _pairs(value, taken_value)
    else:
        yield stated, taken


def _check_text(text: str, rule: Text) -> None:
    if len(text) > rule.most:
        raise ValueError(f"{len(text):,} characters; expected at most {rule.most:,}")
    if found := rule.wrong.search(text):
        _checked_name(text)
        character = found.group()
        breaks = character in "\t\n\r\x85\u2028\u2029"
        what = "a line break or tab" if breaks else "a character that nobody sees"
        raise ValueError(
            f"{what} (U+{ord(character):04X}) behind {text[: found.start()][-20:]!r}; expected "
            "text without"
        )


def _check_taken(stated: Any, taken: float | dt.date) -> None:
    if isinstance(taken, dt.date):
        if not isinstance(stated, dt.date) and not _DAY.fullmatch(str(stated)):
            raise ValueError("no day; expected a date as 2024-01-08")
    elif isinstance(stated, bool) and not isinstance(taken, bool):
        raise ValueError("no number; expected a number")
    elif not -_LARGEST < taken < _LARGEST:
        raise ValueError("no number that can be reckoned with; expected a smaller one")


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LARGEST = 10**15


def _checked_name(value: str) -> str:
    if not value.strip():
        raise ValueError("it says nothing; expected some words")
    return value


NAME = Annotated[str, AfterValidator(_checked_name)]
"""Some text: who did something is never left blank."""

QUOTES = frozenset("\"'“”‘’„‟‚‛「」『』〝〞〟＂＇﹁﹂﹃﹄")
"""Quotation marks: in texts they are typed in any style or forgotten, so they tell nothing."""

_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_CODE = re.compile(r"[0-9A-Za-z㐀-鿿〇(][0-9A-Za-z㐀-鿿〇()._/#+-]{0,29}")


def _checked_label(value: str) -> str:
    plain = _WIDE.sub(lambda m: half_width(m[0]), " ".join(value.split()))
    quotes = [place for place, character in enumerate(plain) if character in QUOTES]
    ends = {0, len(plain) - 1}
    if set(quotes) == ends or (len(quotes) % 2 and ends & set(quotes)):
        plain = "".join(c for c in plain if c not in QUOTES).strip()
    if not plain or value != plain:
        raise ValueError(
            f"not as units write it; expected {plain!r}" if plain else "nothing; expected some text"
        )
    return value


def _checked_code(value: str) -> str:
    if not _CODE.fullmatch(value):
        narrow = half_width(value)
        plain = "".join(c for c in narrow if c not in QUOTES and not c.isspace())
        plain = re.sub("[‐-―−]", "-", re.sub(f"[{_UNSEEN}]", "", plain))
        meant = f"{plain!r}" if _CODE.fullmatch(plain) else "a code as 2023-01"
        raise ValueError(
            f"no code that a cell can hold; expected {meant}: letters, digits and - in half width, "
            "without blanks and quotation marks"
        )
    return value


LABEL = Annotated[str, AfterValidator(_checked_label)]
"""A name by which units' cells or the office's columns are known: it stands there as here."""
CODE = Annotated[str, AfterValidator(_checked_code)]
"""The same of a code, which cells hold side by side: 2023-01、2023-02."""

DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""What Windows takes for a device, and for the name of no file or folder."""


def twice(values: Iterable[str]) -> list[str]:
    """What stands there more than once, in the order of its first place."""
    return [value for value, number in Counter(values).items() if number > 1]


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)


def check_address(value: str) -> str:
    """One address of e-mail, and nothing that could be more than one.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not _ADDRESS.fullmatch(value):
        raise ValueError("no address; expected one address of e-mail, as office@example.com")
    return value


ADDRESS = Annotated[str, AfterValidator(check_address)]


def _checked_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if again := twice(values):
        raise ValueError(f"{again[0]} stands there twice; expected each once")
    return values


ONCE = AfterValidator(_checked_once)
"""No entry of a list stands there twice."""
