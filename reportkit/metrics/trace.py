"""From a figure back to its records: session, date, file, sheet and row (溯源)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from reportkit.metrics.definition import Metric
from reportkit.metrics.frames import YearFrames, places_in

COLUMNS = (
    "unit_id", "session_id", "date", "what", "counted", "top", "bottom", "file", "sheet", "row"
)  # fmt: skip

_AT_A_TIME = 20_000
"""Rows taken out of pandas at a time: as Python's own values they are many times as large."""

NUMERATOR, DENOMINATOR, LEFT_OUT = "计入", "仅计分母", "未计入"


def rows_behind(metric: Metric, frames: YearFrames) -> pd.DataFrame:
    """The records that a metric looked at, one row each, in the order of the tables.

    Columns: unit_id · session_id and date (empty where the record has none) · what (title of
    the session, item, plan; never a person's name) · counted (计入, 仅计分母: in the denominator
    alone, or 未计入：and why) · top, bottom (what it adds to numerator and denominator; of M4
    whether the person was there, and 1) · file, sheet, row (empty for a duty that no record
    meets).
    """
    found = metric.evidence(frames)
    rows = found.records().reset_index(drop=True)
    place = rows["record"].to_numpy()
    real = place >= 0
    table = _source(frames, found.table)
    source = table.iloc[np.where(real, place, 0)] if len(table) else table.reindex(range(len(rows)))
    source = source.reset_index(drop=True)
    result = pd.DataFrame({"unit_id": _units(frames, rows["unit"])})
    told = _told(frames, found.table, source)
    for column in ("session_id", "date", "what", "file", "sheet", "row"):
        result[column] = told[column].where(real) if column in told else None
    labels = rows["label"].astype(object)
    result["what"] = result["what"].astype(object).where(result["what"].notna(), labels)
    _name_duties(result, labels, real)
    if found.table == "submissions":  # sums over cells, not single records
        parts = zip(labels, rows["top"], rows["bottom"], strict=True)
        result["what"] = [f"{label}（应填{b:g}格，已填{t:g}格）" for label, t, b in parts]
    if found.table == "sessions":
        result["what"] = [
            f"{what}{_amount(metric, t, b)}"
            for what, t, b in zip(result["what"], rows["top"], rows["bottom"], strict=True)
        ]
    result["counted"] = _counted(rows, found.reasons)
    return result.assign(top=rows["top"], bottom=rows["bottom"])[list(COLUMNS)]


def _amount(metric: Metric, top: float, bottom: float) -> str:
    """What a session counts where it is not simply one: （实到9/应到10） reads （9/10）."""
    if bottom not in (0.0, 1.0):
        return f"（{top:g}/{bottom:g}）"
    if metric.kind == "count" and top not in (0.0, 1.0):
        return f"（{top:g}{metric.counter}）"
    return ""


def _name_duties(result: pd.DataFrame, labels: pd.Series, real: np.ndarray) -> None:
    """Name a duty beside the record that meets it: 《…》：学习…专题."""
    told = result["what"].astype(str)
    bare = [label and not what.startswith(label) for label, what in zip(labels, told, strict=True)]
    duty = real & np.array(bare, dtype=bool)
    result.loc[duty, "what"] = labels[duty] + "：" + told[duty]


def _units(frames: YearFrames, units: pd.Series) -> np.ndarray:
    known: np.ndarray = frames.unit_frame.index.to_numpy(dtype=object)
    result: np.ndarray = known[units.to_numpy()]
    return result


def _counted(rows: pd.DataFrame, reasons: tuple[str, ...]) -> list[str]:
    why = [reason.partition("{}")[0].rstrip("的") for reason in reasons]
    return [
        f"{LEFT_OUT}：{why[n]}" if n >= 0 else NUMERATOR if top > 0 else DENOMINATOR
        for n, top in zip(rows["why"], rows["top"], strict=True)
    ]


def _source(frames: YearFrames, table: str) -> pd.DataFrame:
    return frames.tables[table].reset_index(drop=True)


def _told(frames: YearFrames, table: str, rows: pd.DataFrame) -> dict[str, Any]:
    """What is told of records of a table, by column of the trace."""
    told: dict[str, Any] = {
        "file": rows.get("source_file"), "sheet": rows.get("source_sheet"),
        "row": rows.get("source_row"),
    }  # fmt: skip
    told = {name: column for name, column in told.items() if column is not None}
    if table in ("attendance", "speeches", "sessions"):
        return {**told, **_of_sessions(frames, rows)}
    match table:
        case "plans":
            told["what"] = rows["period"]
        case "plan_items":
            told["what"] = rows["title"]
        case "archive_checks":
            told["what"] = rows["item"] + "：" + rows["state"]
        case "system_checks":
            told["what"] = rows["system"] + "：" + rows["state"]
        case "platform":
            told["what"] = rows["month"]
        case "note_checks":
            told |= {"date": rows["checked_on"], "what": rows["grade"]}
        case "research":
            told |= {"date": rows["date"], "what": rows["contact_point"].fillna("调研")}
        case "visits":
            names = frames.all_units
            observer = rows["observer_unit"].map(names).fillna(rows["observer_unit"])
            host = rows["host_unit"].map(names).fillna(rows["host_unit"])
            told |= {"date": rows["date"], "session_id": rows["session_id"],
                     "what": observer + "旁听" + host}  # fmt: skip
        case "members":
            told["what"] = rows["role"]
    return told


def _of_sessions(frames: YearFrames, rows: pd.DataFrame) -> dict[str, Any]:
    """Session, day and title of records that belong to a session."""
    sessions = frames.listed
    place = places_in(pd.Index(sessions["session_id"]), rows["session_id"])
    known = place >= 0
    # A place past the end (−1 of no session) gives an empty row: there may be no session at all.
    of_row = sessions.reset_index(drop=True).reindex(np.where(known, place, len(sessions)))
    of_row = of_row.reset_index(drop=True)
    return {
        "session_id": rows["session_id"],
        "date": of_row["start"].where(known),
        "what": of_row["title"].where(known),
    }


def told_together(rows: pd.DataFrame) -> list[list[str]]:
    """:func:`rows_behind` for people: rows that differ in nothing but their line told as one.

    Columns: date · what · counted · how many · file · sheet · lines (4—9、12). So no person
    shows, and a year of attendance stays short.
    """
    return [line for _, line in _told_as_one([None] * len(rows), rows)]


def told_by_unit(rows: pd.DataFrame) -> dict[str, list[list[str]]]:
    """:func:`told_together` of each unit that has rows, for all units at once."""
    told: dict[str, list[list[str]]] = {}
    for unit_id, line in _told_as_one(rows["unit_id"].tolist(), rows):
        told.setdefault(unit_id, []).append(line)
    return told


def _told_as_one(of: list[Any], rows: pd.DataFrame) -> Iterator[tuple[Any, list[str]]]:
    """What is told of rows that are alike, ``of`` included, in the order of the first of them."""
    keys = ("session_id", "date", "what", "counted", "file", "sheet", "row")
    found: dict[tuple[Any, ...], list[int | None]] = {}
    for first in range(0, len(rows), _AT_A_TIME):
        part = rows.iloc[first : first + _AT_A_TIME]
        columns = [part[key].astype(object).where(part[key].notna(), None).tolist() for key in keys]
        whose = of[first : first + _AT_A_TIME]
        for *key, number in zip(whose, *columns, strict=True):
            found.setdefault(tuple(key), []).append(None if number is None else int(number))
    for (who, _, date, what, counted, file, sheet), lines in found.items():
        yield (
            who,
            [
                "" if date is None else date.date().isoformat(),
                what or "",
                counted,
                str(len(lines)),
                # Of the path below data/ the file's name is what a person looks for.
                (file or "").rpartition("/")[2],
                sheet or "",
                ranges(n for n in lines if n is not None),
            ],
        )


def ranges(numbers: Iterable[int]) -> str:
    """Line numbers, runs of them together: 4—9、12."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in runs)
