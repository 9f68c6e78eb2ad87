"""Input checks (数据验证) of a form's columns: drop-downs, dates in range, whole numbers, lengths.

They help whoever types. Reading trusts none of them: a form may be filled in by pasting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.forms import Field, Sheet
from reportkit.records.periods import Period, in_words

_EPOCH = dt.date(1899, 12, 30)
_LONGEST_LIST, _LONGEST_MESSAGE = 255, 220
_WITHIN = frozenset({("sessions", "start"), ("sessions", "end"), ("sign_in", "session")})
_LIFE = frozenset({("members", "from"), ("members", "to")})
_ALWAYS_SAID = ("不适用", "未核查")
"""What a column that may stay empty takes in place of a value, see :mod:`..values`."""


@dataclass(frozen=True)
class Lists:
    """The lists that drop-downs refer to, as formulas; a list that is not there is no entry."""

    period: Period
    formulas: Mapping[str, str] = field(default_factory=dict)
    """people, topics, units → a range, or a formula that gives one."""


def growing_range(title: str, column: str, first: int, last: int) -> str:
    """The filled part of a column as a formula: a list that grows as people add rows."""
    area = f"'{title}'!${column}${first}"
    return f"OFFSET({area},0,0,MAX(1,COUNTA({area}:${column}${last})),1)"


def fixed_range(title: str, column: str, first: int, last: int) -> str:
    """A column's rows ``first`` to ``last``, as a formula."""
    return f"'{title}'!${column}${first}:${column}${last}"


def validation(form: Sheet, wanted: Field, column: str, first: int, lists: Lists) -> Any:
    """The check of one column, for cells from row ``first`` on; None if anything may stand there.

    Parameters
    ----------
    column:
        Its letters.
    """
    kind = wanted.kind
    if kind in ("choice", "flag", "period"):
        return _of_words(form, wanted, lists.period)
    if kind in ("name", "person", "codes", "text") and (source := _source(form, wanted)):
        return _of_list(lists.formulas.get(source), source, wanted)
    cell = f"{column}{first}"
    if kind == "date":
        return _of_date(form, wanted, cell, lists.period)
    if kind in ("whole", "decimal", "percent"):
        return _of_number(wanted, cell)
    if kind in ("text", "absent"):
        return _made(
            "textLength", f"不超过{wanted.longest}字", operator="lessThanOrEqual",
            formula1=str(wanted.longest),
        )  # fmt: skip
    return None


def _source(form: Sheet, wanted: Field) -> str:
    """Which list a column's drop-down shows; empty: none."""
    if wanted.kind == "person":
        return "people"
    if wanted.name in ("topic_code", "topics"):
        return "topics"
    if wanted.name in ("unit", "observer_unit", "host_unit") and form.key != "cover":
        return "units"
    return ""


def _made(kind: str, message: str, *, style: str = "stop", **more: str) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type=kind, allow_blank=True, showErrorMessage=True, errorStyle=style,
        errorTitle="请核对", error=message[:_LONGEST_MESSAGE], **more,
    )  # fmt: skip


def words_of(wanted: Field, period: Period) -> list[str]:
    """The words that a column's drop-down shows, in order."""
    if wanted.kind == "flag":
        return ["是", "否"]
    if wanted.kind == "choice":
        return [word for word, _ in wanted.choices]
    year = period.year
    if wanted.name == "month":
        return [in_words(month) for month in period.months]
    months = [f"{year}年{month}月" for month in range(1, 13)]
    return [f"{year}年", *(in_words(f"{year}Q{n}") for n in range(1, 5)), *months]


def _of_words(form: Sheet, wanted: Field, period: Period) -> Any:
    words = words_of(wanted, period)
    if wanted is form.fields[0]:
        words.append("无")  # the whole sheet is empty, and says so
    text = ",".join(words)
    if len(text) > _LONGEST_LIST:
        return None
    strict = wanted.required and wanted.kind != "period"
    message = f"请从下拉表中选择：{'、'.join(words)}"
    if not strict:
        message += "。其他写法能否识别以导入结果为准，仍要采用请选“是”"
    return _made("list", message, style="stop" if strict else "warning", formula1=f'"{text}"')


def _of_list(formula: str | None, source: str, wanted: Field) -> Any:
    if formula is None:
        return None
    if source == "people":
        message = (
            "此人不在“成员名单”中，请先核对姓名或补填名单。同名人员填工号；"
            "整张表没有内容的填“无”。仍要采用请选“是”"
        )
    elif source == "units":
        message = "请从下拉表中选择单位"
    else:
        made = _made("list", "", formula1=formula)
        made.showErrorMessage = False  # several codes are typed, with 、 between them
        return made
    style = "stop" if source == "units" else "warning"
    return _made("list", message, style=style, formula1=formula)


def _said(wanted: Field, cell: str) -> str:
    """The words that a column takes in place of a value, as a condition; empty: none."""
    words = (*wanted.none_words, *(() if wanted.required else _ALWAYS_SAID))
    return ",".join(f'{cell}="{word}"' for word in dict.fromkeys(words))


def _custom(wanted: Field, cell: str, right: str, message: str) -> Any:
    """A number for which ``right`` holds, or one of the words that may stand instead."""
    said = _said(wanted, cell)
    formula = f"IF(ISNUMBER({cell}),{right},{f'OR({said})' if said else 'FALSE'})"
    return _made("custom", message, formula1=formula)


def date_bounds(form: Sheet, wanted: Field, year: int) -> tuple[dt.date, dt.date]:
    """The first and last day that a date column takes."""
    if (form.key, wanted.name) in _LIFE:
        return dt.date(1950, 1, 1), dt.date(2100, 12, 31)
    if (form.key, wanted.name) in _WITHIN:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year - 1, 1, 1), dt.date(year + 1, 12, 31)


def _of_date(form: Sheet, wanted: Field, cell: str, period: Period) -> Any:
    first, last = date_bounds(form, wanted, period.year)
    message = f"请填日期，如 {period.first.isoformat()}，在 {first} 至 {last} 之间"
    words = [word for word in wanted.none_words if word != "无"]
    if not wanted.required and words:
        message += f"；没有的填“{words[-1]}”"
    right = f"AND({cell}>={(first - _EPOCH).days},{cell}<{(last - _EPOCH).days + 1})"
    return _custom(wanted, cell, right, message)


def _of_number(wanted: Field, cell: str) -> Any:
    if wanted.kind == "percent":
        return _custom(wanted, cell, f"AND({cell}>=0,{cell}<=1)", "请填百分比，如 95%")
    if wanted.kind == "whole":
        right = f"AND({cell}>=0,{cell}=INT({cell}))"
        return _custom(wanted, cell, right, "请填不小于0的整数，只填数字")
    return _custom(wanted, cell, f"AND({cell}>=0,{cell}<=1000)", "请填不小于0的数字，如 2 或 1.5")
