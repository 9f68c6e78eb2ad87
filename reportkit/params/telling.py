"""What is wrong with a file of parameters, in plain words: its YAML, or its fields."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from reportkit.errors import ParameterError
from reportkit.params.model import Model

if TYPE_CHECKING:
    import yaml

USUAL = (
    "YAML as is usual: lines indented with spaces, never with a tab; a half-width colon and a "
    "space behind each key (key: value); quotation marks and brackets closed"
)
AS_DESCRIBED = "values as the comments in the file describe them"
SHOWN = 5
"""How many wrong fields one error tells of."""

_KEY = r"(?:^\s*(?:- +)?|[{,]\s*)[\w.（）()-]+"
_SUSPECTS = (
    (re.compile(r"^ *(?P<at>\t)"), "the line is indented with a tab"),
    (re.compile(_KEY + r"(?P<at>：)"), "the colon behind the key is a full-width one (：)"),
    (re.compile(_KEY + r"(?P<at>:)(?=[^\s:])"), "no space behind the colon"),
)
_FURTHER_UP = (re.compile(r"^\s*(?:- +)?[a-z_]+(?P<at>：)"), _SUSPECTS[1][1])
"""A key of ours: without its colon, the lines below are taken for one long text."""
_LINES_UP = 10

_IN_PLAIN_WORDS = {
    "mapping values are not allowed in this context": (
        "a colon where none can stand: a text that holds “: ” needs quotation marks, and the "
        "indentation must fit the lines above"
    ),
    "could not find expected ':'": "no colon behind the key",
    "found character that cannot start any token": (
        "no value can begin with this character: put the text in quotation marks"
    ),
    "did not find expected node content": (
        "a value is missing: a bracket or brace before is not closed, or a comma is one too many"
    ),
    "found undefined alias": "no value can begin with *: put the text in quotation marks",
    "did not find expected key": (
        "no key where one should stand: the indentation does not fit the lines above, or a "
        "quotation mark or bracket is one too many"
    ),
    "did not find expected '-' indicator": "the indentation does not fit the lines above",
    "found a tag": "a tag (!…) cannot stand here: put the text in quotation marks",
    "found unhashable key": "a list or a mapping stands where a key should",
}
_OPENED = {
    "while scanning a quoted scalar": "the quotation mark opened here is not closed",
    "while parsing a flow sequence": "the bracket opened here is not closed, or lacks a comma",
    "while parsing a flow mapping": "the brace opened here is not closed, or lacks a comma",
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def no_yaml(text: str, error: Exception, where: str) -> ParameterError:
    """The error of a text that is no YAML: line, column, what stands there, what is usual."""
    line, column, what = _fault(text, error)
    place = f"line {line}, column {column}: " if line else ""
    return ParameterError(
        place + what,
        expected=USUAL,
        next_step=f"correct line {line} and run again" if line else "correct the file",
        where=where,
    )


def no_utf8(error: UnicodeDecodeError, where: str) -> ParameterError:
    """The error of a file in another encoding: GBK, mostly."""
    line = error.object[: error.start].count(b"\n") + 1
    return ParameterError(
        f"line {line} holds what is no UTF-8 (byte {error.object[error.start]:#04x})",
        expected="YAML in UTF-8",
        next_step="save the file in the encoding UTF-8 (另存为，编码选 UTF-8) and run again",
        where=where,
    )


def _fault(text: str, error: Exception) -> tuple[int, int, str]:
    """Line and column, both from 1 (0: not known), and what is wrong there."""
    if found := _CONTROL.search(text):
        before = text[: found.start()]
        return before.count("\n") + 1, found.start() - before.rfind("\n"), "a control character"
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    if not problem or mark is None:
        return 0, 0, " ".join(str(error).split())
    context, opened = getattr(error, "context", None) or "", getattr(error, "context_mark", None)
    if opened is not None and context in (*_OPENED, "while scanning a simple key"):
        rows, mark = {opened.line, mark.line}, opened
        what = _OPENED.get(context) or _IN_PLAIN_WORDS.get(problem, problem)
    else:
        rows, what = {mark.line - 1, mark.line}, _IN_PLAIN_WORDS.get(problem, problem)
    for row in sorted((row for row in rows if row >= 0), reverse=True):
        if suspect := _suspect(text, row, *_SUSPECTS):
            return row + 1, *suspect
    for row in range(mark.line - 1, max(mark.line - _LINES_UP, 0) - 1, -1):
        if suspect := _suspect(text, row, _FURTHER_UP):
            return row + 1, *suspect
    # The end of a text is found behind its last line, where nobody would look.
    last = text.rstrip().count("\n")
    column = mark.column if mark.line <= last else len(text.rstrip().rpartition("\n")[2])
    return min(int(mark.line), last) + 1, int(column) + 1, str(what)


def _suspect(text: str, row: int, *suspects: tuple[re.Pattern[str], str]) -> tuple[int, str] | None:
    """What people get wrong in a line, and its column."""
    lines = text.removeprefix("\ufeff").splitlines()
    if row < len(lines):
        for pattern, what in suspects:
            if found := pattern.search(lines[row]):
                return found.start("at") + 1, what
    return None


# --- fields ----------------------------------------------------------------------------------

_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "string": "text (a number as text needs quotation marks)",
    "bool": "true or false",
    "date": "a date as 2024-01-08",
    "tuple": "a list, as [a, b]",
    "list": "a list, as [a, b]",
    "dict": "keys and values, as key: value",
    "model": "keys and values, as key: value",
    "none": "nothing",
}
_PATTERNS = {
    "^[0-9a-f]{64}$": "a hash of 64 characters, as the command wrote it",
    "^$|^[0-9a-f]{64}$": "a hash of 64 characters, as the command wrote it",
    r"^[a-z][a-z0-9_]*$": "small letters, digits and _, beginning with a letter",
    r"^[a-z][a-z0-9_-]*$": "small letters, digits, - and _, beginning with a letter",
    r"^[A-Z]{1,3}[1-9][0-9]{0,6}$": "a cell as B5",
}


def wrong_fields(
    data: Any, error: ValidationError, model: type[Model], where: str, root: yaml.Node | None
) -> ParameterError:
    """The error of a file whose fields are not as they must be.

    ``root``: the file's YAML, for the lines where they stand.
    """
    found: dict[str, str] = {}
    lines: dict[int, None] = {}
    expected: dict[str, list[str]] = {}
    for each in error.errors():
        place = _place(data, each)
        field = _field(data, place) or ("" if each["type"] == "value_error" else "file")
        if field not in found and len(found) == SHOWN:
            break
        found.setdefault(field, _found(each))
        if field and (line := _line(root, place)):
            lines[line] = None
        plain = _expected(each, model, place)
        if plain and plain not in expected.setdefault(field, []):
            expected[field].append(plain)
    told = {field: " or ".join(plain) for field, plain in expected.items() if plain}
    one = len(found) == 1
    return ParameterError(
        "; ".join(f"{field}: {what}" if field else what for field, what in found.items()),
        expected="; ".join(
            plain if one or not field else f"{field}: {plain}" for field, plain in told.items()
        )
        or AS_DESCRIBED,
        next_step=f"correct {_lines(list(lines))} and run again",
        where=where,
    )


def _line(node: yaml.Node | None, place: list[int | str]) -> int:
    """The line, from 1, of a field, or of what should hold it; 0 if that is not known."""
    line = 0
    for step in place:
        value = getattr(node, "value", None)
        if not isinstance(value, list):
            break
        if isinstance(step, int) and step < len(value) and not isinstance(value[step], tuple):
            node = value[step]
            line = node.start_mark.line + 1
            continue
        pairs = [pair for pair in value if isinstance(pair, tuple)]
        key, node = next((p for p in pairs if p[0].value == str(step)), (None, None))
        if key is None:
            break
        line = key.start_mark.line + 1
    return line


def _lines(numbers: list[int]) -> str:
    if not numbers:
        return "the field"
    return f"line{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"


def _found(error: ErrorDetails) -> str:
    value = error["input"]
    if error["type"] == "missing":
        return "missing"
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        return "no such field" + (" (a full-width colon stands in it)" if "：" in key else "")
    if error["type"] == "value_error":
        shown = "" if isinstance(value, dict | list | tuple | Model) else f" (found {said(value)})"
        return _message(error)[0] + shown
    return f"found {said(value)}"


def _message(error: ErrorDetails) -> tuple[str, str]:
    """What one of our own checks found, and what it expected, if it says so."""
    found, _, expected = error["msg"].removeprefix("Value error, ").partition("; expected ")
    return found, expected


def said(value: Any) -> str:
    """A value of a file as a person would name it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return "keys and values" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        number = len(value)
        return f"a list of {number}" if number else "an empty list"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _expected(error: ErrorDetails, model: type[Model], place: list[int | str]) -> str:
    """What would be right, where pydantic's error says it; "" where its message does already."""
    kind, given = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _known_fields(model, place)
    if kind == "missing":
        return "the field with its value"
    if kind == "literal_error":
        return "one of " + ", ".join(re.findall(r"'([^']*)'", given["expected"]))
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(given["pattern"], f"text of the form {given['pattern']}")
    for limit, words in (("ge", "{} or more"), ("gt", "more than {}"), ("le", "{} or less"),
                         ("lt", "less than {}")):  # fmt: skip
        if limit in given:
            return words.format(f"{given[limit]:g}")
    what = "characters" if kind.startswith("string_too") else "entries"
    if "min_length" in given:
        one = given["min_length"] == 1
        return "some text" if one and what == "characters" else (
            "at least one entry" if one else f"at least {given['min_length']} {what}"
        )  # fmt: skip
    if "max_length" in given:
        return f"at most {given['max_length']} {what}"
    return _message(error)[1] if kind == "value_error" else _TYPES.get(kind.split("_")[0], "")


def _known_fields(model: type[Model], place: list[int | str]) -> str:
    """The field that was probably meant, else all that may stand there."""
    for step in place[:-1]:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_models(model.model_fields[step].annotation), model)
    near = difflib.get_close_matches(str(place[-1]), list(model.model_fields), n=1, cutoff=0.8)
    return near[0] if near else f"one of {', '.join(model.model_fields)}"


def _models(annotation: Any) -> Iterator[type[Model]]:
    """The models that an annotation speaks of: of a tuple or of a dict, those in it."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _place(data: Any, error: ErrorDetails) -> list[int | str]:
    """Where the file is wrong: without the steps that exist in our types alone (unions)."""
    place: list[int | str] = []
    for step in error["loc"]:
        if isinstance(data, dict) and (step in data or error["type"] == "missing"):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            break
        place.append(step)
    return place


def _field(data: Any, place: list[int | str]) -> str:
    """A field as a person finds it: list entries by their own id (rules.attendance.threshold).

    "" is the file as a whole: what a check across its fields found names them itself.
    """
    parts: list[str] = []
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        ids = ("rule_id", "unit_id", "code", "key")
        named = next((data[i] for i in ids if isinstance(data, dict) and i in data), None)
        parts.append(_seen(str(named if isinstance(step, int) and named else step)))
    return ".".join(parts)


def _seen(key: str) -> str:
    """A key as it can be shown: nothing unseen, nothing that steers a terminal, not too long."""
    shown = key if key.isprintable() else repr(key)[1:-1]
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
