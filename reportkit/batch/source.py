"""Values as Python source: what a parameter was when it left is what it is when it arrives."""

from __future__ import annotations

import datetime as dt
import json
import keyword
import math
from collections.abc import Callable, Mapping
from typing import Any

from reportkit.errors import ParameterError

_PLAIN = (
    "text, numbers, True, False, None, dates and times, and lists, tuples, sets, dicts of these"
)


def assignments(parameters: Mapping[str, object], comment: str) -> str:
    """Lines ``name = value``, with an import before them where dates need one.

    Raises
    ------
    ParameterError
        For a name that is no identifier, and for a value of another kind.
    """
    lines = []
    for name, value in parameters.items():
        check_name(name)
        lines.append(f"{name} = {as_source(value, f'parameter {name}')}")
    needs = any("datetime." in line for line in lines)
    if needs and "datetime" in parameters:
        raise ParameterError(
            "a parameter called 'datetime' beside dates", expected="another name", where="datetime"
        )
    return "\n".join([f"# {comment}", *["import datetime"] * needs, *lines, ""])


def check_name(name: object, expected: str = "a name as Python has them") -> None:
    """Refuses what would not be a variable but code, or nothing at all.

    Raises
    ------
    ParameterError
        Saying so.
    """
    if not (isinstance(name, str) and name.isidentifier()) or keyword.iskeyword(name):
        raise ParameterError(f"{name!r} is no name", expected=expected, where="parameters")


def as_source(value: object, where: str = "parameters") -> str:
    """The value as a Python expression.

    Raises
    ------
    ParameterError
        If it is of no kind that source can hold.
    """
    write = _WRITERS.get(type(value))
    if write is None:
        raise ParameterError(
            f"{value!r} ({type(value).__name__}) is no plain value", expected=_PLAIN, where=where
        )
    return write(value, where)


def _text(value: str, _where: str) -> str:
    """In double quotes; what cannot be seen is written as its number."""
    body = json.dumps(value, ensure_ascii=False)[1:-1]
    seen = (c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in body)
    return f'"{"".join(seen)}"'


def _float(value: float, _where: str) -> str:
    return repr(value) if math.isfinite(value) else f'float("{value}")'


def _date(value: dt.date, where: str) -> str:
    if isinstance(value, dt.datetime | dt.time) and value.tzinfo not in (None, dt.UTC):
        raise ParameterError(f"{value!r}", expected="a time without a zone, or in UTC", where=where)
    return repr(value)


def _items(values: Any, where: str) -> str:
    return ", ".join(as_source(value, where) for value in values)


def _tuple(value: tuple[Any, ...], where: str) -> str:
    return f"({_items(value, where)}{',' if len(value) == 1 else ''})"


def _set(value: set[Any], where: str) -> str:
    members = sorted(as_source(member, where) for member in value)
    return f"{{{', '.join(members)}}}" if members else "set()"


def _dict(value: dict[Any, Any], where: str) -> str:
    pairs = (f"{as_source(k, where)}: {as_source(v, where)}" for k, v in value.items())
    return f"{{{', '.join(pairs)}}}"


_WRITERS: dict[type, Callable[[Any, str], str]] = {
    type(None): lambda _value, _where: "None",
    bool: lambda value, _where: repr(value),
    int: lambda value, _where: repr(value),
    float: _float,
    str: _text,
    bytes: lambda value, _where: repr(value),
    dt.date: _date,
    dt.datetime: _date,
    dt.time: _date,
    dt.timedelta: lambda value, _where: repr(value),
    list: lambda value, where: f"[{_items(value, where)}]",
    tuple: _tuple,
    set: _set,
    dict: _dict,
}


def as_plain(value: object) -> object:
    """The value in kinds that source can hold: of others, and their like, the text."""
    match value:
        case dict():
            return {as_plain(name): as_plain(each) for name, each in value.items()}
        case list():
            return [as_plain(each) for each in value]
        case tuple():
            return tuple(as_plain(each) for each in value)
    return value if type(value) in _WRITERS else str(value)


def as_json(value: object) -> Any:
    """The value as JSON can hold it, for records that people read."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case dict():
            return {str(name): as_json(each) for name, each in value.items()}
        case list() | tuple():
            return [as_json(each) for each in value]
        case set():
            return sorted((as_json(each) for each in value), key=str)
        case dt.date() | dt.time():
            return value.isoformat()
    return repr(value)
