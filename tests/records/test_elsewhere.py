"""`import --from`: a year's tables out of a database or a folder, as if units had sent them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reportkit.annual import blocked
from reportkit.errors import RecordsError
from reportkit.loaders import Records
from reportkit.records.importing import import_year
from reportkit.records.schemas import SOURCE_TABLES, TABLES
from reportkit.records.snapshot import read_pointer

YEAR = 2023
ACCOUNT = {"files", "issues", "units", "topics"}
BACKWARDS = {"from": pd.Timestamp(2023, 5, 1), "to": pd.Timestamp(2023, 2, 1)}
Change = Callable[[dict[str, pd.DataFrame]], None]


def frames_of(home: Path) -> dict[str, pd.DataFrame]:
    """All tables of the year's snapshot."""
    records = Records(home, YEAR)
    return {name: records[name] for name in TABLES}


@pytest.fixture(scope="module")
def imported(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with its workbooks of 2023 imported."""
    home = tmp_path_factory.mktemp("elsewhere") / "home"
    shutil.copytree(demo_home, home)
    import_year(home, YEAR, feedback=False)
    return home


def empty_home(imported: Path, path: Path) -> Path:
    """The same parameters, and no data at all."""
    shutil.copytree(imported / "params", path / "params")
    return path


def put(frames: dict[str, pd.DataFrame], path: Path, kind: str) -> str:
    """The tables that a source may hold, as a source of that kind."""
    if kind == "sqlite":
        connection = sqlite3.connect(path / "records.db")
        for name in SOURCE_TABLES:
            frames[name].to_sql(name, connection, index=False)
        connection.commit()
        connection.close()
        return f"sqlite:///{path}/records.db"
    folder = path / "tables"
    folder.mkdir()
    for name in SOURCE_TABLES:
        if kind == "csv":
            frames[name].to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
        else:
            frames[name].to_parquet(folder / f"{name}.parquet")
    return str(folder)


def in_order(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """By its key: a database keeps rows in no order."""
    by = list(TABLES[table].key) or list(frame)
    return frame.sort_values(by, ignore_index=True)


@pytest.mark.parametrize("kind", ["parquet", "csv", "sqlite"])
def test_what_came_from_workbooks_comes_back_from_any_source(
    imported: Path, tmp_path: Path, kind: str
) -> None:
    """Every row, value and state of every table; no unit is blocked for want of a file."""
    before = frames_of(imported)
    home = empty_home(imported, tmp_path / "home")
    report = import_year(home, YEAR, source=put(before, tmp_path, kind))
    assert report.ok, [i for i in report.issues if i.severity == "refused"]
    after = frames_of(home)
    compared = set(TABLES) - ACCOUNT
    assert len(before["attendance"]) > 3000 and len(before["value_states"]) > 10
    for name in sorted(compared):
        drop = ["source_file"] if name == "submissions" else []
        pd.testing.assert_frame_equal(
            in_order(after[name].drop(columns=drop), name),
            in_order(before[name].drop(columns=drop), name),
            obj=name,
        )
    assert blocked(home, YEAR) == {}
    digest = report.digest
    assert import_year(home, YEAR, source=str(_location(tmp_path, kind))).digest == digest
    inputs = read_pointer(home, YEAR)["inputs"]
    assert {len(i["sha256"]) for i in inputs} == {64} and str(tmp_path) not in json.dumps(inputs)


def _location(path: Path, kind: str) -> str:
    return f"sqlite:///{path}/records.db" if kind == "sqlite" else str(path / "tables")


def _set(table: str, row: int, **values: Any) -> Change:
    def change(frames: dict[str, pd.DataFrame]) -> None:
        frame = frames[table].copy()
        for column, value in values.items():
            frame[column] = frame[column].astype(object)
            frame.loc[row, column] = value
        frames[table] = frame

    return change


@pytest.mark.parametrize(
    ("code", "table", "change", "gone"),
    [
        ("present_over_expected", "sessions", _set("sessions", 0, expected=3, present=4), False),
        ("session_dates", "sessions", _set("sessions", 0, end=pd.Timestamp(2022, 1, 1)), True),
        ("not_on_roster", "sessions", _set("sessions", 0, host_id="nobody"), False),
        ("not_on_roster", "attendance", _set("attendance", 5, person_id="nobody"), True),
        ("not_on_roster", "speeches", _set("speeches", 5, person_id="nobody"), True),
        ("not_on_roster", "accounts", _set("accounts", 5, person_id="nobody"), True),
        ("not_on_roster", "research", _set("research", 5, person_id="nobody"), True),
        ("makeup_before_session", "attendance",
         _set("attendance", 5, makeup_on=pd.Timestamp(2022, 1, 1)), False),
        ("report_before_session", "session_reports",
         _set("session_reports", 5, received_on=pd.Timestamp(2022, 1, 1)), False),
        ("topic", "session_topics", _set("session_topics", 0, topic_code="nothing"), True),
        ("member_dates", "members", _set("members", 0, **BACKWARDS), True),
        ("source_unit", "research", _set("research", 0, unit_id="nowhere"), True),
        ("feedback_before_visit", "visits",
         _set("visits", 0, feedback_on=pd.Timestamp(2022, 1, 1)), False),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_are_told_and_left_out(
    imported: Path, tmp_path: Path, code: str, table: str, change: Change, gone: bool
) -> None:
    """The row, or the value alone where it is optional; the issue names table and row."""
    frames = frames_of(imported)
    count = len(frames[table])
    change(frames)
    home = empty_home(imported, tmp_path / "home")
    report = import_year(home, YEAR, source=put(frames, tmp_path, "parquet"))
    told = [i for i in report.issues if i.code == code and i.sheet == table]
    assert told and not report.ok
    assert all(i.key and i.file == "tables" and i.severity == "refused" for i in told)
    assert report.tables[table] < count if gone else report.tables[table] == count


def test_a_practice_that_names_a_member_is_left_out(imported: Path, tmp_path: Path) -> None:
    """Practices are quoted in circulars."""
    frames = frames_of(imported)
    practice = frames["practices"].iloc[0]
    names = frames["members"].query("unit_id == @practice.unit_id")["name"]
    name = next(n for n in names if len(n) > 2)
    _set("practices", 0, what=f"{name}带头领学")(frames)
    home = empty_home(imported, tmp_path / "home")
    report = import_year(home, YEAR, source=put(frames, tmp_path, "parquet"))
    (told,) = [i for i in report.issues if i.code == "person_named"]
    assert told.unit_id == practice.unit_id
    assert practice.practice_id not in set(frames_of(home)["practices"]["practice_id"])


def test_a_marked_source_is_refused_and_the_snapshot_stays(imported: Path, tmp_path: Path) -> None:
    """密级: nothing of it enters."""
    frames = frames_of(imported)
    home = empty_home(imported, tmp_path / "home")
    location = put(frames, tmp_path, "parquet")
    import_year(home, YEAR, source=location)
    before = read_pointer(home, YEAR)
    _set("sessions", 0, title="机密★10年")(frames)
    frames["sessions"].to_parquet(Path(location) / "sessions.parquet")
    with pytest.raises(RecordsError, match=r"sessions\.title"):
        import_year(home, YEAR, source=location)
    assert read_pointer(home, YEAR) == before


@pytest.mark.parametrize("content", [None, "a,b\n", ""])
def test_a_source_without_a_table_of_use_replaces_nothing(
    imported: Path, tmp_path: Path, content: str | None
) -> None:
    """An empty folder, or files that are no tables: the records stay as they were."""
    home = tmp_path / "home"
    shutil.copytree(imported, home)
    before = read_pointer(home, YEAR)
    folder = tmp_path / "tables"
    folder.mkdir()
    if content is not None:
        (folder / "sessions.csv").write_text(content, encoding="utf-8")
    with pytest.raises(RecordsError, match="no table of use"):
        import_year(home, YEAR, source=str(folder))
    assert read_pointer(home, YEAR) == before
