"""An office's own forms of earlier years (``params/forms.yml``) beside our sheets.

Parameters know nothing of our sheets; so what they name is looked up here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.errors import ParameterError
from reportkit.params import OfficeForm, OfficeForms
from reportkit.params.year import Absence
from reportkit.records.forms import choice_words
from reportkit.records.forms.model import Field, Sheet
from reportkit.records.values import narrow, read

_WHERE = "params/forms.yml"
_ANY_YEAR = 2000
_BOUND_TO_A_YEAR = frozenset({"date", "span", "period"})


@dataclass(frozen=True)
class OwnForm(Sheet):
    """One of our sheets as a form of the office's has it.

    Parameters
    ----------
    constants:
        (column, value) of the columns that the form does not have.
    number_rows:
        The form has no 序号: its rows are numbered from 1.
    header_row:
        Where its header begins, as Excel counts rows; None: it is looked for.
    ignored:
        Headers of columns that are known and not wanted.
    """

    constants: tuple[tuple[str, Any], ...] = ()
    number_rows: bool = False
    header_row: int | None = None
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class ManyForms(Sheet):
    """One of our sheets, and the other forms in which it may come."""

    own_forms: tuple[OwnForm, ...] = ()


def forms_of(sheet: Sheet) -> tuple[Sheet, ...]:
    """Every form in which a sheet may come, ours first."""
    return (sheet, *(sheet.own_forms if isinstance(sheet, ManyForms) else ()))


def lacking(sheet: Sheet) -> Mapping[str, Any]:
    """The columns that a form need not have → the value for all rows; None: numbered."""
    if not isinstance(sheet, OwnForm):
        return {}
    return {**({"number": None} if sheet.number_rows else {}), **dict(sheet.constants)}


def with_office_forms(sheets: Sequence[Sheet], custom: OfficeForms) -> tuple[Sheet, ...]:
    """The sheets, each with the further forms that the office's file describes.

    Raises
    ------
    ParameterError
        If the file names a sheet, a column or a value that there is not, or a name of
        another sheet.
    """
    by_key = {sheet.key: sheet for sheet in sheets}
    made: dict[str, list[OwnForm]] = {}
    for number, form in enumerate(custom.forms):
        where = f"forms[{number}] ({form.names[0]})"
        if form.sheet not in by_key:
            raise _refuse(f"{where}: sheet {form.sheet!r}", f"one of {', '.join(by_key)}")
        for other in sheets:
            taken = {_plain(name) for name in other.names} if other.key != form.sheet else set()
            for name in form.names:
                if _plain(name) in taken:
                    raise _refuse(
                        f"{where}: names: {name!r} is our own name of sheet {other.key}",
                        f"a name that means {form.sheet} alone",
                    )
        made.setdefault(form.sheet, []).append(_own_form(by_key[form.sheet], form, where))
    return tuple(
        _many(sheet, tuple(made[sheet.key])) if sheet.key in made else sheet for sheet in sheets
    )


def with_absence(
    sheets: Sequence[Sheet], absence: Mapping[Absence, Sequence[str]]
) -> tuple[Sheet, ...]:
    """The sheets with the parameters' reasons for absence: in 缺席人员及原因 and in 签到表."""
    reasons = tuple((word, status) for status, words in absence.items() for word in words)

    def told(field: Field) -> Field:
        if field.kind != "absent" and field.choices != choice_words("status")[0]:
            return field
        return dataclasses.replace(field, synonyms=(*field.synonyms, *reasons))

    return tuple(
        dataclasses.replace(sheet, fields=tuple(map(told, sheet.fields))) for sheet in sheets
    )


def _many(sheet: Sheet, own_forms: tuple[OwnForm, ...]) -> ManyForms:
    return ManyForms(**_shallow(sheet), own_forms=own_forms)


def _shallow(sheet: Sheet) -> dict[str, Any]:
    return {f.name: getattr(sheet, f.name) for f in dataclasses.fields(Sheet)}


def _own_form(sheet: Sheet, form: OfficeForm, where: str) -> OwnForm:
    columns = {field.name for field in sheet.fields}
    for key in ("headers", "words", "constants"):
        for name in getattr(form, key):
            if name not in columns:
                raise _refuse(
                    f"{where}: {key}.{name} is no column of {sheet.key}",
                    f"one of {', '.join(f.name for f in sheet.fields)}",
                )
    if form.number_rows and "number" not in columns:
        raise _refuse(f"{where}: number_rows: {sheet.key} has no 序号", "number_rows: false")
    if form.number_rows and "number" in form.headers:
        raise _refuse(f"{where}: number_rows and headers.number", "one of the two")
    # A header that the office gives to one column is no synonym of another any more.
    given = {_plain(h) for headers in form.headers.values() for h in headers}
    given |= {_plain(h) for h in form.ignore}
    fields = tuple(_own_field(field, form, given, where) for field in sheet.fields)
    constants = tuple(
        (name, _constant(sheet.field(name), value, where)) for name, value in form.constants.items()
    )
    return OwnForm(
        **{**_shallow(sheet), "names": form.names, "fields": fields},
        constants=constants,
        number_rows=form.number_rows,
        header_row=form.header_row,
        ignored=form.ignore,
    )


def _own_field(field: Field, form: OfficeForm, given: set[str], where: str) -> Field:
    ours = tuple(header for header in field.headers if _plain(header) not in given)
    headers = (*form.headers.get(field.name, ()), *ours) or ("",)
    choices = field.choices
    if words := form.words.get(field.name):
        if field.kind != "choice":
            raise _refuse(
                f"{where}: words.{field.name}: the column holds no words of a list",
                "words only for columns of fixed words, such as kind or status",
            )
        known_words = (*field.choices, *field.synonyms)
        stored = {**dict(field.choices), **{value: value for _, value in known_words}}
        for word, value in words.items():
            if value not in stored:
                raise _refuse(
                    f"{where}: words.{field.name}.{word}: {value!r}", f"one of {'、'.join(stored)}"
                )
        known = {word: stored[value] for word, value in words.items()}
        # What the office says of its own words is no guess: they are read without a note.
        choices = (*(c for c in field.choices if c[0] not in known), *known.items())
    return dataclasses.replace(field, headers=headers, choices=choices)


def _constant(field: Field, value: Any, where: str) -> Any:
    place = f"{where}: constants.{field.name}"
    if field.name == "number" or field.kind == "span":
        raise _refuse(f"{place}: differs from row to row", "number_rows, or a header")
    reading = read(value, field, _ANY_YEAR)
    unsure = reading.note and field.kind in _BOUND_TO_A_YEAR
    if reading.refused or reading.value is None or unsure:
        wanted = reading.expected or reading.note or "a value"
        raise _refuse(f"{place}: {value!r}", wanted)
    return reading.value


def _plain(text: str) -> str:
    return re.sub(r"\s|[*:]", "", narrow(text))


def _refuse(found: str, expected: str) -> ParameterError:
    return ParameterError(
        found, expected=expected, next_step="correct the file and run again", where=_WHERE
    )
