"""Several days in the cell of the first one: “12月28-29日” in 开始日期."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reportkit.records.forms import Field
from reportkit.records.issues import shown
from reportkit.records.reading.table import Row

_FIRST, _LAST = "start", "end"


def settle_spans(entry: Row, fields: Sequence[Field]) -> bool:
    """Make plain days of the spans in a row: False if its last day contradicts.

    A span fills in the last day where that is blank; where the form has no last day, the
    first day stands, and that is said.
    """
    whole = True
    for wanted in fields:
        if wanted.kind != "span" or not isinstance(entry.values.get(wanted.name), tuple):
            continue
        first, last = entry.values[wanted.name]
        entry.values[wanted.name] = first
        if first == last:
            continue
        if wanted.name == _FIRST and _LAST in entry.values:
            whole = _fill_last(entry, last) and whole
        else:
            entry.issue("corrected_span", wanted.name, f"{wanted.header}：{first}至{last}",
                        "一个日期", f"按首日 {first} 读取")  # fmt: skip
    return whole


def _fill_last(entry: Row, last: dt.date) -> bool:
    stated = entry.values[_LAST]
    if stated == last:
        return True
    if stated is None and _LAST not in entry.refused:
        entry.values[_LAST] = last
        entry.issue("corrected_span", _FIRST, f"开始日期含起止日期，结束日期空白（至{last}）",
                    "起止日期分填两格", f"结束日期读作 {last}")  # fmt: skip
        return True
    if stated is not None:
        entry.issue("session_dates", _LAST, f"结束日期：{shown(stated)}",
                    f"与开始日期一格中的止日一致：{last}")  # fmt: skip
        entry.refused.add(_LAST)
        entry.values[_LAST] = None
    return False
