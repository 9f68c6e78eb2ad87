"""How far the rest can be trusted: M20 报送完整率."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence
from reportkit.metrics.frames import YearFrames, places_in
from reportkit.records.schemas import TABLES


@metric(
    "M20", "completeness", "报送完整率", base="格", yearly=True,
    definition="各报送表已填的应填格数除以应填格数，整表未报的按一行计，被退回的行按未填计，"
    "注明不适用的不计",
    rules=("completeness",),
    lacks="项",
    serves="各项数据的可信程度",
)  # fmt: skip
def completeness(frames: YearFrames) -> Evidence:
    """One row a unit, table and column: how many cells were to be filled in, and were."""
    wanted = frames.params.metrics.completeness
    parts = [part for table, columns in wanted.items() for part in _table(frames, table, columns)]
    if not parts:
        parts = [_row(np.zeros(0, dtype=int), np.zeros(0), np.zeros(0), "")]
    return Evidence("submissions", pd.concat(parts, ignore_index=True))


def _table(frames: YearFrames, table: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """One frame a column, with a row for each unit."""
    units = len(frames.unit_frame)
    rows = frames.table(table)
    counts = (rows["unit"] >= 0).to_numpy()
    if table == "sessions":
        counts = counts & ~rows["cancelled"].fillna(False).to_numpy(dtype=bool)
    rows = rows.loc[counts, list(dict.fromkeys(["unit", *TABLES[table].key, *columns]))]
    told = frames.tables["submissions"]
    told = told.loc[told["table"] == table, ["unit_id", "state", "refused"]]
    told = told.drop_duplicates("unit_id", keep="last").set_index("unit_id")
    told = told.reindex(frames.unit_frame.index)
    # 零 is 已报 to states_of; a table of which it was said that there is nothing has no cells.
    state = frames.states_of((table,))
    reported = (state == "已报") & (told["state"] != "零").to_numpy(dtype=bool)
    silent = state == "未报"
    number = np.bincount(rows["unit"], minlength=units)
    number = number + told["refused"].fillna(0).to_numpy(dtype=int)
    blanks_told = frames.tables["value_states"]
    blanks_told = blanks_told[blanks_told["table"] == table]
    for column in columns:
        blank = rows[column].isna().to_numpy()
        filled = np.bincount(rows["unit"].to_numpy()[~blank], minlength=units)
        of_column = blanks_told[blanks_told["column"] == column]
        excused = zero = np.zeros(units, dtype=int)
        if blank.any() and len(of_column):
            excused, zero = _told_of_blanks(table, rows[blank], of_column, units)
        yield _row(
            np.arange(units),
            np.where(reported, filled + zero, 0),
            np.where(reported, number - excused, np.where(silent, 1, 0)),
            f"{TABLES[table].label}·{_HEADS[column]}",
        )


def _row(unit: np.ndarray, top: np.ndarray, bottom: np.ndarray, label: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"unit": unit, "top": top.astype(float), "bottom": bottom.astype(float),
         "why": np.int8(-1), "record": -1, "label": label}
    )  # fmt: skip


def _told_of_blanks(
    table: str, blanks: pd.DataFrame, told: pd.DataFrame, units: int
) -> tuple[np.ndarray, np.ndarray]:
    """By unit: blank cells that are 不适用 or 未核查; those that say 零.

    ``blanks``: rows in which one column is blank; ``told``: the value_states of that column.
    """
    keys = blanks[TABLES[table].key[0]].astype(str)
    for name in TABLES[table].key[1:]:
        keys = keys.str.cat(blanks[name].astype(str), sep="/")
    place = places_in(pd.Index(told["row_key"]), keys)
    state = told["state"].to_numpy().astype(str)[place]
    at = blanks["unit"].to_numpy()
    excused = (place >= 0) & np.isin(state, ("不适用", "未核查"))
    zero = (place >= 0) & (state == "零")
    return np.bincount(at[excused], minlength=units), np.bincount(at[zero], minlength=units)


_HEADS = {
    "from": "任职起", "approved_on": "审定日期", "filed_on": "报备日期", "title": "学习内容",
    "hours": "学时", "host_id": "主持人", "expected": "应到", "present": "实到",
    "type": "发言类型", "date": "述学日期", "has_report": "调研报告", "outcome": "成果转化",
    "party_members": "党员数", "joined": "已注册", "participation": "参与度",
    "mean_daily_points": "人均日积分",
}  # fmt: skip
"""What the columns are called in the forms."""
