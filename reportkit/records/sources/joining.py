"""One year's tables out of a source, and the rows that an import takes from it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import UsageError
from reportkit.params import Units, YearParams
from reportkit.records.issues import shown
from reportkit.records.schemas import SOURCE_TABLES, STATE_TABLES, TABLES
from reportkit.records.sources.cells import Dated, read_column
from reportkit.records.sources.frames import (
    ROW_OUT,
    TABLE_OUT,
    RawTable,
    typed,
)
from reportkit.records.sources.problems import Problem, Problems
from reportkit.records.sources.relations import fitting

if TYPE_CHECKING:
    import pandas as pd

_DAYS = ("checked_on", "received_on", "date")
"""Columns that date a row which has neither year nor session nor period."""
_PERIODS = ("period", "due_period", "month")
_UNIT_COLUMNS = ("unit_id", "observer_unit", "host_unit")


@dataclass(frozen=True)
class SourceTables:
    """What a source holds of one year.

    ``frames`` has the tables that were found, each as its contract says. ``inputs`` are
    entries for the snapshot: file (or redacted address and table) and sha256.
    """

    name: str
    year: int
    frames: dict[str, pd.DataFrame]
    problems: list[Problem]
    inputs: tuple[dict[str, str], ...] = ()

    @property
    def missing(self) -> list[str]:
        """Tables that the source does not have: 未报, which is not 零."""
        return [
            name for name in SOURCE_TABLES if name not in self.frames and name not in STATE_TABLES
        ]


def read_source(location: str, year: int) -> SourceTables:
    """The tables of a year from a database or a folder.

    Parameters
    ----------
    location:
        A database's SQLAlchemy address (``sqlite:///records.db``, ``postgresql://…``); a
        folder with a Parquet or CSV file a table; or ``env:NAME``, the environment variable
        that holds either, so that no password stands in a command.

    Raises
    ------
    UsageError
        If there is no such folder, file, variable or driver.
    RecordsError
        If the database refuses. No message holds the password.
    """
    from reportkit.records.sources.database import parse, read_database, redacted
    from reportkit.records.sources.folders import read_folder

    location = _location(location)
    if "://" in location:
        url = parse(location)
        name = redacted(url)
        problems = Problems(name)
        raws = list(read_database(url, year, problems))
    else:
        folder = Path(location)
        name = folder.name
        problems = Problems(name)
        raws = list(read_folder(folder, problems))
    inputs = tuple(
        {"file": raw.file if raw.file != name else f"{name}#{raw.name}", "sha256": raw.sha256}
        for raw in raws
    )
    frames = _frames({raw.name: raw for raw in raws}, year, problems)
    source = SourceTables(name, year, frames, [], inputs)
    for table in source.missing:
        if table not in {raw.name for raw in raws}:
            problems.add(
                "source_missing", table, "数据源中没有这个表",
                f"表 {table}（{TABLES[table].label}）", "按未报处理，不按零计",
            )  # fmt: skip
    return SourceTables(name, year, frames, problems.all(), inputs)


def records_from(
    source: SourceTables, units: Units, params: YearParams
) -> tuple[dict[str, list[dict[str, Any]]], list[Problem]]:
    """The rows of each table found, as an import joins them, and all problems.

    Rows of units that ``params/units.yml`` does not know are left out and told, and with
    them what hangs on their sessions. Units stand in official order, rows as in the source.

    Returns
    -------
    table → rows (plain values: str, int, float, bool, date, None), and the problems of
    reading with those found here after them.
    """
    if source.year != params.year:
        raise UsageError(
            f"the source was read for {source.year}", expected=f"the year {params.year}"
        )
    problems = Problems(source.name)
    frames = {name: _known_units(f, name, units, problems) for name, f in source.frames.items()}
    frames = _with_session(frames, problems)
    order = {unit.unit_id: n for n, unit in enumerate(units)}
    rows = {name: _rows(frame, order) for name, frame in frames.items()}
    rows = fitting(rows, units, params, problems)
    return rows, [*source.problems, *problems.all()]


def _location(location: str) -> str:
    if not location.startswith("env:"):
        return location
    name = location.removeprefix("env:")
    value = os.environ.get(name, "").strip()
    if not value:
        raise UsageError(
            f"the environment variable {name!r} is not set",
            expected="a database's address or a folder in it",
            next_step=f"set {name}, then import again",
            where="--from",
        )
    return value


# --- the year --------------------------------------------------------------------------


def _frames(raws: Mapping[str, RawTable], year: int, problems: Problems) -> dict[str, pd.DataFrame]:
    sessions = _session_years(raws.get("sessions"), year, problems)
    frames = {}
    for name in SOURCE_TABLES:
        if name not in raws:
            continue
        raw = _of_year(raws[name], year, sessions, problems)
        frame = typed(raw, problems) if raw is not None else None
        if frame is not None:
            frames[name] = frame
    return _with_session(frames, problems)


def _values(raw: RawTable, column: str, as_type: str = "") -> tuple[list[Any], dict[int, Any]]:
    from reportkit.records.schemas import Column

    table = {c.name: c for c in TABLES[raw.name].columns}
    kind = table.get(column) or Column(column, as_type or "str", nullable=True)  # type: ignore[arg-type]
    return read_column(raw.columns[column], kind, Dated())


def _session_years(
    raw: RawTable | None, year: int, problems: Problems
) -> dict[str, set[int | None]] | None:
    """session_id → the years in which it is; None where a date cannot be read."""
    if raw is None or not {"session_id", "start"} <= set(raw.columns):
        return None
    ids, _ = _values(raw, "session_id")
    days, _ = _values(raw, "start")
    years: dict[str, set[int | None]] = {}
    for session_id, day in zip(ids, days, strict=True):
        if session_id is not None:
            years.setdefault(session_id, set()).add(day.year if day else None)
    for session_id, found in years.items():
        if year in found and len(found) > 1:
            problems.add(
                "source_key", "sessions", f"{shown(session_id)} 用于不同年度的学习",
                "各年度的学习编号各不相同", "该编号的学习及其记录均未采用，请在数据源中更正",
                column="session_id", row=f"session_id={shown(session_id)}", file=raw.file,
            )  # fmt: skip
    return years


def _of_year(
    raw: RawTable, year: int, sessions: dict[str, set[int | None]] | None, problems: Problems
) -> RawTable | None:
    """The rows of the year, and those whose year cannot be read: they are told later on."""
    table = TABLES[raw.name]
    ambiguous = {i for i, y in (sessions or {}).items() if year in y and len(y) > 1}
    own_session = any(c.name == "session_id" and not c.nullable for c in table.columns)
    if "year" in raw.columns:
        years, _ = _values(raw, "year", "Int64")
        ids = _values(raw, "session_id")[0] if "session_id" in raw.columns else [None] * len(raw)
        return raw.take([
            n for n, (y, i) in enumerate(zip(years, ids, strict=True))
            if y in (None, year) and i not in ambiguous
        ])  # fmt: skip
    if raw.name == "sessions" and sessions is not None:
        days, _ = _values(raw, "start")
        ids, _ = _values(raw, "session_id")
        return raw.take([
            n for n, (day, i) in enumerate(zip(days, ids, strict=True))
            if (day is None or day.year == year)
            and i not in ambiguous
        ])  # fmt: skip
    if own_session and raw.name != "sessions" and "session_id" in raw.columns:
        if sessions is None:
            problems.add(
                "source_table", raw.name, "没有 sessions 表，不能判定年度",
                "同一数据源中的 sessions 表", TABLE_OUT, file=raw.file,
            )  # fmt: skip
            return None
        ids, _ = _values(raw, "session_id")
        return raw.take([
            n for n, i in enumerate(ids)
            if i not in ambiguous and (i is None or {year, None} & sessions.get(i, {None}))
        ])  # fmt: skip
    return _by_dates(raw, year, problems)


def _by_dates(raw: RawTable, year: int, problems: Problems) -> RawTable:
    for column in _PERIODS:
        if column in raw.columns:
            periods, _ = _values(raw, column)
            kept = [n for n, p in enumerate(periods) if p is None or p[:4] == str(year)]
            return raw.take(kept)
    if raw.name == "members" and "from" in raw.columns:
        first, last = dt.datetime(year, 1, 1), dt.datetime(year, 12, 31)
        since, _ = _values(raw, "from")
        until, wrong = _values(raw, "to") if "to" in raw.columns else ([None] * len(raw), {})
        return raw.take([
            n for n, (a, b) in enumerate(zip(since, until, strict=True))
            if n in wrong or ((a is None or a <= last) and (b is None or b >= first))
        ])  # fmt: skip
    for column in _DAYS:
        if column in raw.columns:
            days, _ = _values(raw, column)
            return raw.take([n for n, d in enumerate(days) if d is None or d.year == year])
    if len(raw):
        problems.add(
            "source_year", raw.name, "没有年度或日期列", "year 列",
            f"{len(raw)}行全部作为{year}年的记录采用，请核对", file=raw.file,
        )  # fmt: skip
    return raw


# --- what hangs together -----------------------------------------------------------------


def _with_session(
    frames: Mapping[str, pd.DataFrame], problems: Problems
) -> dict[str, pd.DataFrame]:
    """Without the rows whose session is not, or no longer, among the sessions."""
    kept = dict(frames)
    sessions = set(frames["sessions"]["session_id"]) if "sessions" in frames else set()
    for name, frame in frames.items():
        columns = {c.name: c for c in TABLES[name].columns}
        if name == "sessions" or "session_id" not in columns or columns["session_id"].nullable:
            continue
        good = frame["session_id"].isin(sessions)
        for row in frame.loc[~good].itertuples(index=False):
            problems.add(
                "source_session", name, f"学习 {shown(row.session_id)} 未采用",
                "sessions 表中已采用的一次学习", ROW_OUT, column="session_id",
                row=_label(row), unit_id=str(row.unit_id),
            )  # fmt: skip
        kept[name] = frame.loc[good].reset_index(drop=True)
    return kept


def _label(row: Any) -> str:
    key = [f"{k}={shown(getattr(row, k))}" for k in ("session_id", "person_id") if hasattr(row, k)]
    number = f"（第{row.source_row}行）" if hasattr(row, "source_row") else ""
    return "，".join(key) + number


def _known_units(frame: pd.DataFrame, name: str, units: Units, problems: Problems) -> pd.DataFrame:
    for column in _UNIT_COLUMNS:
        if column not in frame:
            continue
        known = frame[column].isin([unit.unit_id for unit in units])
        for row in frame.loc[~known].to_dict("records"):
            number = f"（第{row['source_row']}行）" if "source_row" in row else ""
            key = "，".join(f"{k}={shown(row[k])}" for k in TABLES[name].key)
            problems.add(
                "source_unit", name, f"没有单位 {shown(row[column])}",
                "params/units.yml 中的 unit_id", ROW_OUT, column=column, row=key + number,
            )  # fmt: skip
        frame = frame.loc[known].reset_index(drop=True)
    return frame


def _rows(frame: pd.DataFrame, order: Mapping[str, int]) -> list[dict[str, Any]]:
    if "unit_id" in frame:
        place = frame["unit_id"].map(dict(order)).to_numpy()
        frame = frame.take(place.argsort(kind="stable"))
    columns = []
    for name in frame:
        values = frame[name].astype(object)
        columns.append([_plain(v) for v in values.where(values.notna(), None)])
    names = [str(name) for name in frame]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    """A day as the checks of submissions hold it: without a time."""
    return value.date() if hasattr(value, "to_pydatetime") else value
