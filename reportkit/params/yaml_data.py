"""YAML as plain data, as a person reads it: ``010`` is ten, ``no`` is a word, ``1:30`` no number.

Of YAML 1.1 only what nobody misreads is left: texts, ``true`` and ``false``, decimal numbers, days
as 2024-01-08, nothing. Whatever else stands without quotation marks is text, and the models say
whether text may stand there.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from reportkit.errors import ParameterError

MOST_LEVELS = 30
"""So deep may lists and mappings stand in each other; no file of ours has more than eight."""
MOST_VALUES = 500_000
"""Values of one file, those that aliases repeat counted each time."""

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None, "true": True,
          "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}  # fmt: skip
# No form may be read that the writer (PyYAML) would not put in quotation marks as text.
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})\.\d{1,30}(?:[eE][-+]\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MERGE = "<<"


def plain_data(text: str) -> Any:
    """What one document of YAML says; None for an empty one.

    Raises
    ------
    ParameterError
        With the line and without the file: a key that stands twice, a day that does not exist, a
        second document, too many levels or values.
    yaml.YAMLError
        If it is no YAML, has a tag, or a key that is a list or a mapping.
    """
    import yaml

    return _Reading(yaml, text).document()


def fast_loader(yaml: Any) -> Any:
    """YAML's loader in C, where there is one."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refusal(event: Any, found: str, expected: str, next_step: str) -> ParameterError:
    return ParameterError(
        f"line {event.start_mark.line + 1}: {found}",
        expected=expected,
        next_step=f"{next_step} and run again",
    )


class _Reading:
    """The parser's events, taken one by one: nothing is built before it is known to be harmless."""

    def __init__(self, yaml: Any, text: str) -> None:
        self._yaml = yaml
        self._events = yaml.parse(text, Loader=fast_loader(yaml))
        self._anchored: dict[str, tuple[Any, int]] = {}
        """Anchor → its value, and how many values that is."""
        self._values = 0

    def document(self) -> Any:
        """The one document."""
        next(self._events)
        if isinstance(next(self._events), self._yaml.StreamEndEvent):
            return None
        data = self._value(next(self._events), 0)
        next(self._events)
        if not isinstance(more := next(self._events), self._yaml.StreamEndEvent):
            raise _refusal(more, "a second document begins", "one document, without a line ---",
                           "join the two")  # fmt: skip
        return data

    def _wrong(self, event: Any, problem: str) -> Exception:
        error: Exception = self._yaml.MarkedYAMLError(
            problem=problem, problem_mark=event.start_mark
        )
        return error

    def _value(self, event: Any, level: int) -> Any:
        if isinstance(event, self._yaml.AliasEvent):
            if event.anchor not in self._anchored:
                raise self._wrong(event, "found undefined alias")
            value, number = self._anchored[event.anchor]
            self._count(event, number)
            return value
        if event.tag is not None:
            raise self._wrong(event, "found a tag")
        before = self._values
        self._count(event, 1)
        if isinstance(event, self._yaml.ScalarEvent):
            value = _scalar(event) if event.implicit[0] else event.value
        else:
            if level == MOST_LEVELS:
                raise _refusal(event, f"more than {MOST_LEVELS} levels in each other", "as many as "
                               "the comments show", "take out brackets or indentation")  # fmt: skip
            is_list = isinstance(event, self._yaml.SequenceStartEvent)
            value = self._list(level + 1) if is_list else self._mapping(level + 1)
        if event.anchor is not None:
            self._anchored[event.anchor] = value, self._values - before
        return value

    def _count(self, event: Any, number: int) -> None:
        self._values += number
        if self._values > MOST_VALUES:
            raise _refusal(event, f"more than {MOST_VALUES:,} values up to here", "a file that "
                           "a person can look over", "take out aliases (*)")  # fmt: skip

    def _list(self, level: int) -> list[Any]:
        values = []
        while not isinstance(event := next(self._events), self._yaml.SequenceEndEvent):
            values.append(self._value(event, level))
        return values

    def _mapping(self, level: int) -> dict[Any, Any]:
        values: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        while not isinstance(event := next(self._events), self._yaml.MappingEndEvent):
            key = self._value(event, level)
            if isinstance(key, list | dict):
                raise self._wrong(event, "found unhashable key")
            value = self._value(next(self._events), level)
            if key == _MERGE and event.implicit[0]:
                for other in value if isinstance(value, list) else [value]:
                    if not isinstance(other, dict):
                        raise _refusal(event, "<< without keys and values", "<<: *name, of an "
                                       "anchor with keys and values", "correct it")  # fmt: skip
                    merged = {**other, **merged}
                continue
            if key in values:
                raise _refusal(event, f"the key {key!r:.80} stands twice", "each key once",
                               "leave one of the two")  # fmt: skip
            values[key] = value
        return {**merged, **values} if merged else values


def _scalar(event: Any) -> Any:
    """A value without quotation marks."""
    text = event.value
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isascii() or text[0].isalpha():
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise _refusal(event, f"{text!r} is no date", "a day that exists, as 2024-01-08",
                           "correct the date") from None  # fmt: skip
    return text
