"""How far the rest can be trusted: M20 报送完整率."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence
from reportkit.metrics.frames import YearFrames, places_in
from reportkit.records.schemas import TABLES


@metric(
    "M20", "completeness", "报送完整率", base="格",
    definition="各报送表已填的应填格数除以应填格数，整表未报的按一行计，被退回的行按未填计，"
    "注明不适用的不计",
    serves="各项数据的可信程度",
)  # fmt: skip
def completeness(frames: YearFrames) -> Evidence:
    """One row a unit, table and column: how many cells were to be filled in, and were."""
    parts = [
        _column(frames, table, column)
        for table, columns in frames.params.metrics.completeness.items()
        for column in columns
    ]
    if not parts:
        parts = [_row(np.zeros(0, dtype=int), np.zeros(0), np.zeros(0), "")]
    return Evidence("submissions", pd.concat(parts, ignore_index=True))


def _column(frames: YearFrames, table: str, column: str) -> pd.DataFrame:
    units = len(frames.unit_frame)
    rows = frames.table(table)
    if table == "sessions":
        rows = rows[~rows["cancelled"].fillna(False).astype(bool)]
    rows = rows[rows["unit"] >= 0]
    at, blank = rows["unit"].to_numpy(), rows[column].isna().to_numpy()
    number = np.bincount(at, minlength=units)
    filled = np.bincount(at[~blank], minlength=units)
    excused, zero = _told_of_blanks(frames, table, column, rows[blank])
    required = number + _refused(frames, table) - excused
    state = frames.states_of((table,))
    reported = state == "已报"
    # 零 is 已报 to states_of; a table of which it was said that there is nothing has no cells.
    reported &= ~_is_zero(frames, table)
    silent = state == "未报"
    top = np.where(reported, filled + zero, 0)
    bottom = np.where(reported, required, np.where(silent, 1, 0))
    return _row(np.arange(units), top, bottom, f"{TABLES[table].label}·{_HEADS[column]}")


def _row(unit: np.ndarray, top: np.ndarray, bottom: np.ndarray, label: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"unit": unit, "top": top.astype(float), "bottom": bottom.astype(float),
         "why": np.int8(-1), "record": -1, "label": label}
    )  # fmt: skip


def _told_of_blanks(
    frames: YearFrames, table: str, column: str, blanks: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """By unit: blank cells that are 不适用 or 未核查; those that say 零."""
    units = len(frames.unit_frame)
    told = frames.tables["value_states"]
    told = told[(told["table"] == table) & (told["column"] == column)]
    if told.empty or blanks.empty:
        return np.zeros(units, dtype=int), np.zeros(units, dtype=int)
    keys = blanks[TABLES[table].key[0]].astype(str)
    for name in TABLES[table].key[1:]:
        keys = keys.str.cat(blanks[name].astype(str), sep="/")
    place = places_in(pd.Index(told["row_key"]), keys)
    state = told["state"].to_numpy()[place]
    at = blanks["unit"].to_numpy()
    excused = (place >= 0) & np.isin(state.astype(str), ("不适用", "未核查"))
    zero = (place >= 0) & (state.astype(str) == "零")
    return np.bincount(at[excused], minlength=units), np.bincount(at[zero], minlength=units)


def _refused(frames: YearFrames, table: str) -> np.ndarray:
    """By unit, rows of the table that did not enter."""
    return _told_of_table(frames, table)["refused"].fillna(0).to_numpy(dtype=int)


def _is_zero(frames: YearFrames, table: str) -> np.ndarray:
    result: np.ndarray = (_told_of_table(frames, table)["state"] == "零").to_numpy(dtype=bool)
    return result


def _told_of_table(frames: YearFrames, table: str) -> pd.DataFrame:
    told = frames.tables["submissions"]
    told = told[told["table"] == table].drop_duplicates("unit_id", keep="last")
    return told.set_index("unit_id")[["state", "refused"]].reindex(frames.unit_frame.index)


_HEADS = {
    "from": "任职起", "approved_on": "审定日期", "filed_on": "报备日期", "title": "学习内容",
    "hours": "学时", "host_id": "主持人", "expected": "应到", "present": "实到",
    "type": "发言类型", "date": "述学日期", "has_report": "调研报告", "outcome": "成果转化",
    "party_members": "党员数", "joined": "已注册", "participation": "参与度",
    "mean_daily_points": "人均日积分",
}  # fmt: skip
"""What the columns are called in the forms."""
