"""The same tables from a database or a folder: read exactly, or told by row and left out."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from reportkit.errors import RecordsError, ReportkitError, UsageError
from reportkit.params import Units, YearParams
from reportkit.records.schemas import SOURCE_TABLES, TABLES, contract
from reportkit.records.sources import Problem, read_source, records_from
from reportkit.records.sources.database import parse, redacted
from reportkit.records.sources.problems import MOST_OF_A_KIND

pytest.importorskip("sqlalchemy")

YEAR = 2023
SESSION = {
    "session_id": "aa/1", "unit_id": "aa", "start": "2023-03-08", "end": "2023-03-08",
    "hours": "2.5", "kind": "集体学习", "counted_as": "集体学习", "form": "研讨",
    "title": "学习专题一", "cancelled": "false", "expected": "4", "present": "3",
}  # fmt: skip
PRESENT = {"session_id": "aa/1", "unit_id": "aa", "person_id": "aa/张伟", "status": "出席",
           "makeup_on": None, "makeup_evidence": None}  # fmt: skip
Row = Mapping[str, Any]


def put_csv(folder: Path, name: str, rows: Sequence[Row], encoding: str = "utf-8") -> None:
    """One table as CSV."""
    folder.mkdir(exist_ok=True)
    frame = pd.DataFrame(rows)
    frame.to_csv(folder / f"{name}.csv", index=False, encoding=encoding, lineterminator="\r\n")


def put_sqlite(path: Path, tables: Mapping[str, Sequence[Row]], types: str = "") -> str:
    """A database with these tables; every column of one type ("" is SQLite's: any)."""
    connection = sqlite3.connect(path)
    for name, rows in tables.items():
        columns = ", ".join(f'"{c}" {types}' for c in rows[0])
        connection.execute(f'create table "{name}" ({columns})')
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(
            f'insert into "{name}" values ({marks})', [tuple(row.values()) for row in rows]
        )
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def told(problems: Sequence[Problem], *codes: str) -> list[tuple[str, str, str, str]]:
    """(table, column, row, found) of the problems of these codes."""
    return [(p.table, p.column, p.row, p.found) for p in problems if p.code in codes]


def refused(problems: Sequence[Problem]) -> list[Problem]:
    """What was left out."""
    return [p for p in problems if p.severity == "refused"]


# --- the same tables, from anywhere ---------------------------------------------------------


@pytest.mark.parametrize("kind", ["utf-8", "utf-8-sig", "gb18030", "parquet", "sqlite"])
def test_the_same_rows_come_from_every_kind_of_source(tmp_path: Path, kind: str) -> None:
    """Types as the contract says; where a row was read stands in its source columns."""
    folder = tmp_path / "tables"
    if kind == "sqlite":
        location = put_sqlite(tmp_path / "r.db", {"sessions": [SESSION], "attendance": [PRESENT]})
    elif kind == "parquet":
        folder.mkdir()
        whole = {**SESSION, "start": dt.date(2023, 3, 8), "end": dt.datetime(2023, 3, 8),
                 "hours": 2.5, "cancelled": False, "expected": 4.0, "present": 3}  # fmt: skip
        pd.DataFrame([whole]).to_parquet(folder / "sessions.parquet")
        pd.DataFrame([PRESENT]).to_parquet(folder / "attendance.parquet")
        location = str(folder)
    else:
        put_csv(folder, "sessions", [SESSION], kind)
        put_csv(folder, "attendance", [PRESENT], kind)
        location = str(folder)
    source = read_source(location, YEAR)
    assert refused(source.problems) == []
    assert set(source.frames) == {"sessions", "attendance"}
    for name, frame in source.frames.items():
        contract(TABLES[name]).validate(frame)
        assert frame.dtypes.astype(str).to_dict() == {c.name: c.dtype for c in TABLES[name].columns}
    row = source.frames["sessions"].iloc[0]
    assert (row["start"], row["hours"], row["cancelled"]) == (pd.Timestamp(2023, 3, 8), 2.5, False)
    assert (row["title"], row["expected"], row["source_row"]) == ("学习专题一", 4, 1)
    ending = {"parquet": ".parquet", "sqlite": ""}.get(kind, ".csv")
    expected = "sqlite:///r.db" if kind == "sqlite" else f"sessions{ending}"
    assert (row["source_file"], row["source_sheet"]) == (expected, "sessions")
    assert source.frames["attendance"]["makeup_on"].isna().all()
    assert all(len(entry["sha256"]) == 64 for entry in source.inputs)


def test_missing_tables_are_not_reported_and_never_zero(tmp_path: Path) -> None:
    """Each is told by name; a table that is there without rows is not missing."""
    put_csv(tmp_path / "t", "sessions", [SESSION])
    (tmp_path / "t" / "plans.csv").write_text("unit_id,level,period\r\n", encoding="utf-8")
    source = read_source(str(tmp_path / "t"), YEAR)
    assert "plans" in source.frames and source.frames["plans"].empty
    assert set(source.missing) == set(SOURCE_TABLES) - {
        "sessions", "plans", "submissions", "value_states"
    }  # fmt: skip
    assert {t for t, *_ in told(source.problems, "source_missing")} == set(source.missing)
    assert all("未报" in p.action for p in source.problems if p.code == "source_missing")


# --- only the year --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["folder", "sqlite", "sqlite text"])
def test_only_the_year_enters_and_nothing_undated_is_lost(tmp_path: Path, kind: str) -> None:
    """Sessions by their start, attendance through its session, accounts by their year."""
    sessions = [
        SESSION,
        {**SESSION, "session_id": "aa/2", "start": "2022-12-31"},
        {**SESSION, "session_id": "aa/3", "start": "2024-01-01"},
        {**SESSION, "session_id": "aa/4", "start": "2023-02-30"},
        {**SESSION, "session_id": "aa/5", "start": "2023-12-31"},
        {**SESSION, "session_id": "aa/6", "start": None},
    ]
    attendance = [{**PRESENT, "session_id": f"aa/{n}"} for n in (1, 2, 3, 4, 5, 6, 7)]
    account = {"unit_id": "aa", "person_id": "aa/张伟", "year": 2023, "date": None, "rating": None}
    accounts = [account, {**account, "year": 2022}, {**account, "year": "二〇二三"}]
    tables = {"sessions": sessions, "attendance": attendance, "accounts": accounts}
    if kind == "folder":
        for name, rows in tables.items():
            put_csv(tmp_path / "t", name, rows)
        location = str(tmp_path / "t")
    else:
        location = put_sqlite(tmp_path / "r.db", tables, "text" if "text" in kind else "")
    source = read_source(location, YEAR)
    assert list(source.frames["sessions"]["session_id"]) == ["aa/1", "aa/5"]
    assert list(source.frames["attendance"]["session_id"]) == ["aa/1", "aa/5"]
    assert list(source.frames["accounts"]["year"]) == [2023]
    lost = {(p.table, p.column, p.row.partition("，")[0].partition("（")[0], p.found)
            for p in refused(source.problems)}  # fmt: skip
    assert lost == {
        ("sessions", "start", "session_id=aa/4", "2023-02-30"),
        ("sessions", "start", "session_id=aa/6", "空白"),
        ("attendance", "session_id", "session_id=aa/4", "学习 aa/4 未采用"),
        ("attendance", "session_id", "session_id=aa/6", "学习 aa/6 未采用"),
        ("attendance", "session_id", "session_id=aa/7", "学习 aa/7 未采用"),
        ("accounts", "year", "person_id=aa/张伟", "二〇二三"),
    }


def test_a_session_number_used_in_two_years_is_told_and_left_out(tmp_path: Path) -> None:
    """Its attendance could be of either: nothing is guessed."""
    sessions = [SESSION, {**SESSION, "start": "2022-03-08"}, {**SESSION, "session_id": "aa/2"}]
    put = {"sessions": sessions, "attendance": [PRESENT, {**PRESENT, "session_id": "aa/2"}]}
    source = read_source(put_sqlite(tmp_path / "r.db", put), YEAR)
    assert list(source.frames["sessions"]["session_id"]) == ["aa/2"]
    assert list(source.frames["attendance"]["session_id"]) == ["aa/2"]
    assert told(source.problems, "source_key") == [
        ("sessions", "session_id", "session_id=aa/1", "aa/1 用于不同年度的学习")
    ]


def test_members_are_those_in_post_and_plans_those_of_the_year(tmp_path: Path) -> None:
    """Terms that touch the year; periods that begin with it; what no column dates is told."""
    member = {"unit_id": "aa", "name": "张伟", "role": "组长", "in_leadership": "是",
              "party_affairs_head": "否"}  # fmt: skip
    members = [
        {**member, "person_id": "p1", "from": "2020-01-01", "to": ""},
        {**member, "person_id": "p2", "from": "2020-01-01", "to": "2022-12-31"},
        {**member, "person_id": "p3", "from": "2020-01-01", "to": "2023-01-01"},
        {**member, "person_id": "p4", "from": "2024-01-01", "to": ""},
    ]
    plan = {"unit_id": "aa", "level": "季", "approved_on": None, "filed_on": None}
    plans = [{**plan, "period": p} for p in ("2023Q1", "2022Q4", "2023Q5", "2023-13")]
    practice = {
        "practice_id": "aa/1",
        "unit_id": "aa",
        "kind": "制度",
        "name": "首讲",
        "what": "讲",
    }
    for name, rows in (("members", members), ("plans", plans), ("practices", [practice])):
        put_csv(tmp_path / "t", name, rows)
    source = read_source(str(tmp_path / "t"), YEAR)
    assert list(source.frames["members"]["person_id"]) == ["p1", "p3"]
    assert list(source.frames["plans"]["period"]) == ["2023Q1"]
    assert [f for *_, f in told(source.problems, "source_value")] == ["2023Q5", "2023-13"]
    assert [t for t, *_ in told(source.problems, "source_year")] == ["practices"]


# --- one value at a time ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("kind", "集体 学习", "集体 学习"), ("kind", None, "空白"), ("kind", "  ", "空白"),
        ("start", "2023.3.8", "2023.3.8"), ("start", "8/3/2023", "8/3/2023"),
        ("start", 45000, "45000"), ("start", "1900-01-01", None),
        ("start", "2023-03-08 25:00", None),
        ("hours", "-1", "-1"), ("hours", "两小时", "两小时"), ("hours", float("inf"), "inf"),
        ("hours", "1e3", "1e3"), ("hours", "nan", "nan"), ("hours", "２", "２"),
        ("expected", "4.5", "4.5"), ("expected", 4.5, "4.5"), ("expected", "-3", "-3"),
        ("expected", "9" * 19, None), ("expected", "0x10", "0x10"),
        ("cancelled", "maybe", "maybe"), ("cancelled", 2, "2"), ("cancelled", None, "空白"),
        ("title", 1.5, "1.5"), ("title", "a\x07b", None), ("title", "长" * 40_000, None),
        ("title", b"\xb5\xba", None),
    ],
)  # fmt: skip
def test_what_breaks_the_contract_leaves_its_row_out(
    tmp_path: Path, column: str, value: Any, found: str | None
) -> None:
    """Told with key, column, what was found and what is expected; the row beside it stays."""
    rows = [{**SESSION, column: value}, {**SESSION, "session_id": "aa/2"}]
    source = read_source(put_sqlite(tmp_path / "r.db", {"sessions": rows}), YEAR)
    assert list(source.frames["sessions"]["session_id"]) == ["aa/2"]
    (problem,) = refused(source.problems)
    assert (problem.table, problem.column) == ("sessions", column)
    assert problem.row == "session_id=aa/1（第1行）"
    assert problem.expected and "更正" in problem.action
    assert found is None or problem.found == found


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("start", "2023/3/8", pd.Timestamp(2023, 3, 8)),
        ("start", "2023-03-08T09:30:00", pd.Timestamp(2023, 3, 8)),
        ("hours", 2, 2.0), ("hours", "", None), ("expected", 4.0, 4), ("expected", " 4 ", 4),
        ("cancelled", 1, True), ("cancelled", "T", True), ("cancelled", "否", False),
        ("title", "=HYPERLINK(1)", "=HYPERLINK(1)"), ("title", "@x", "@x"), ("title", 2023, "2023"),
        ("title", "'; drop table sessions; --", "'; drop table sessions; --"),
        ("form", None, None), ("present", 0, 0),
    ],
)  # fmt: skip
def test_what_keeps_the_contract_is_read_exactly(
    tmp_path: Path, column: str, value: Any, read: Any
) -> None:
    """A formula is a text; a blank is blank and a zero zero; a time of day is dropped and told."""
    rows = [{**SESSION, column: value}]
    source = read_source(put_sqlite(tmp_path / "r.db", {"sessions": rows}), YEAR)
    assert refused(source.problems) == []
    found = source.frames["sessions"].iloc[0][column]
    assert pd.isna(found) if read is None else found == read
    assert bool(told(source.problems, "source_time")) == ("T09" in str(value))


def test_one_equals_true_but_is_not_the_same(tmp_path: Path) -> None:
    """Values are remembered by type: 1 after True is still a number."""
    rows = [{**SESSION, "expected": v, "session_id": f"aa/{n}"}
            for n, v in enumerate([True, 1, 1.0])]  # fmt: skip
    folder = tmp_path / "t"
    folder.mkdir()
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist(
        [{k: v for k, v in row.items() if k != "expected"} for row in rows]
    )
    pq.write_table(
        table.append_column("expected", pa.array([1, 1, 0])), folder / "sessions.parquet"
    )
    assert list(read_source(str(folder), YEAR).frames["sessions"]["expected"]) == [1, 1, 0]
    from reportkit.records.sources.cells import Dated, read_column

    column = next(c for c in TABLES["sessions"].columns if c.name == "expected")
    values, wrong = read_column([True, 1, 1.0, False, 0], column, Dated())
    assert values == [None, 1, 1, None, 0] and set(wrong) == {0, 3}


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "手机13800138000", "１３８００１３８０００"]
)
def test_numbers_of_persons_are_told_and_left_out_without_quoting_them(
    tmp_path: Path, number: str
) -> None:
    """A cell that may be blank is; where a text is required, the row goes. Nothing quotes it."""
    attendance = [
        {**PRESENT, "makeup_evidence": number},
        {**PRESENT, "person_id": number},
    ]
    put_csv(tmp_path / "t", "sessions", [SESSION])
    put_csv(tmp_path / "t", "attendance", attendance)
    source = read_source(str(tmp_path / "t"), YEAR)
    frame = source.frames["attendance"]
    assert list(frame["person_id"]) == ["aa/张伟"] and frame["makeup_evidence"].isna().all()
    assert len(told(source.problems, "source_private")) == 2
    assert number not in str(source.problems) and "138001" not in str(source.problems)


def test_rows_of_one_key(tmp_path: Path) -> None:
    """The same row twice counts once; two that differ are both left out."""
    rows = [PRESENT, PRESENT, {**PRESENT, "person_id": "b"},
            {**PRESENT, "person_id": "b", "status": "缺席"}]  # fmt: skip
    put_csv(tmp_path / "t", "sessions", [SESSION])
    put_csv(tmp_path / "t", "attendance", rows)
    source = read_source(str(tmp_path / "t"), YEAR)
    assert list(source.frames["attendance"]["person_id"]) == ["aa/张伟"]
    found = [(p.severity, p.row) for p in source.problems
             if p.code in ("source_key", "source_repeat")]  # fmt: skip
    assert found == [
        ("corrected", "session_id=aa/1，person_id=aa/张伟（第2行）"),
        ("refused", "session_id=aa/1，person_id=b（第3行）"),
        ("refused", "session_id=aa/1，person_id=b（第4行）"),
    ]


def test_a_thousand_of_a_kind_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    """A column that is wrong throughout does not fill memory with its problems."""
    rows = [{**PRESENT, "person_id": f"p{n}", "status": "到"} for n in range(MOST_OF_A_KIND + 7)]
    put_csv(tmp_path / "t", "sessions", [SESSION])
    put_csv(tmp_path / "t", "attendance", rows)
    found = [p for p in read_source(str(tmp_path / "t"), YEAR).problems if p.code == "source_value"]
    assert len(found) == MOST_OF_A_KIND + 1 and found[-1].found == "另有7行同样"


# --- whole files and tables ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sessions.csv", b""), ("sessions.csv", b"\x00\x01\x02"),
        ("sessions.csv", b"\xff\xfea\x00"),
        ("sessions.csv", b"session_id,session_id\n1,2\n"),
        ("sessions.csv", "学习序号,单位\n1,2\n".encode()),
        ("sessions.csv", b'session_id,unit_id\n"unclosed,aa\n'),
        ("sessions.parquet", b""), ("sessions.parquet", b"PAR1 and nothing else PAR1"),
        ("sessions.parquet", b"PK\x03\x04"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_and_harms_no_other(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """The table is 未报; the others enter."""
    folder = tmp_path / "t"
    folder.mkdir()
    (folder / name).write_bytes(content)
    account = {"unit_id": "aa", "person_id": "p", "year": 2023, "date": "", "rating": "优秀"}
    put_csv(folder, "accounts", [account])
    source = read_source(str(folder), YEAR)
    assert set(source.frames) == {"accounts"} and "sessions" in source.missing
    assert refused(source.problems)
    assert all(p.table == "sessions" for p in refused(source.problems))


def test_rows_of_another_length_two_files_of_a_table_and_strange_files(tmp_path: Path) -> None:
    """Each told; a line with a value too many is not shifted into place."""
    folder = tmp_path / "t"
    put_csv(folder, "attendance", [PRESENT])
    put_csv(folder, "sessions", [SESSION])
    with (folder / "sessions.csv").open("a", encoding="utf-8") as file:
        file.write("aa/2,aa\r\n\r\n")
    put_csv(folder, "plans", [{"unit_id": "aa"}])
    pd.DataFrame({"unit_id": ["aa"]}).to_parquet(folder / "plans.parquet")
    (folder / "学习情况.csv").write_text("x", encoding="utf-8")
    (folder / "issues.csv").write_text("x", encoding="utf-8")
    source = read_source(str(folder), YEAR)
    assert list(source.frames["sessions"]["session_id"]) == ["aa/1"]
    assert told(source.problems, "source_row") == [("sessions", "", "第2行", "2项")]
    files = {p.found for p in source.problems if p.code in ("source_file", "source_file_extra")}
    assert files == {"plans.csv、plans.parquet", "学习情况.csv", "issues.csv"}
    assert "plans" in source.missing


def test_text_that_is_no_utf_8_is_told_by_its_row(tmp_path: Path) -> None:
    """A database that somebody filled with GBK bytes: the rest of it is read."""
    rows = [SESSION, {**SESSION, "session_id": "aa/2"}]
    location = put_sqlite(tmp_path / "r.db", {"sessions": rows})
    connection = sqlite3.connect(tmp_path / "r.db")
    gbk = "你好".encode("gbk").hex()
    connection.execute(f"update sessions set title = cast(x'{gbk}' as text) where rowid = 1")
    connection.commit()
    connection.close()
    source = read_source(location, YEAR)
    assert list(source.frames["sessions"]["session_id"]) == ["aa/2"]
    (problem,) = refused(source.problems)
    assert "UTF-8" in problem.expected and problem.row == "session_id=aa/1（第1行）"
    problem.found.encode("utf-8")


# --- addresses and secrets ---------------------------------------------------------------------


def test_a_database_is_not_written_to(tmp_path: Path) -> None:
    """Not a byte of it, and no file beside it; what is not there is not made."""
    location = put_sqlite(tmp_path / "r.db", {"sessions": [SESSION]})
    before = (tmp_path / "r.db").read_bytes()
    read_source(location, YEAR)
    assert (tmp_path / "r.db").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["r.db"]
    with pytest.raises(UsageError, match=r"no file gone\.db"):
        read_source(f"sqlite:///{tmp_path}/gone.db", YEAR)
    assert [p.name for p in tmp_path.iterdir()] == ["r.db"]


@pytest.mark.parametrize(
    "location",
    ["postgresql://leader:s3cr3t@127.0.0.1:1/records", "nosuch://leader:s3cr3t@h/x",
     "postgresql://leader:s3cr3t@127.0.0.1:notaport/x", "://s3cr3t", "mysql://u:s3cr3t@127.0.0.1:1/x",
     "postgresql://u@127.0.0.1:1/x?password=s3cr3t", "sqlite:///gone.db?key=s3cr3t"],
)  # fmt: skip
def test_no_password_in_any_message_or_traceback(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the address itself and from the environment; the error is one of words."""
    monkeypatch.setenv("RECORDS_URL", location)
    for given in (location, "env:RECORDS_URL"):
        with pytest.raises(ReportkitError) as raised:
            read_source(given, YEAR)
        shown = "".join(traceback.format_exception(raised.value)) + str(raised.value)
        assert "s3cr3t" not in shown and raised.value.found


def test_env_takes_the_address_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is named afterwards is the redacted address; a variable that is not set is told."""
    location = put_sqlite(tmp_path / "r.db", {"sessions": [SESSION]})
    monkeypatch.setenv("RECORDS_URL", location)
    source = read_source("env:RECORDS_URL", YEAR)
    assert source.name == "sqlite:///r.db"
    assert source.inputs[0]["file"] == "sqlite:///r.db#sessions"
    monkeypatch.delenv("RECORDS_URL")
    with pytest.raises(UsageError, match="RECORDS_URL"):
        read_source("env:RECORDS_URL", YEAR)


def test_a_redacted_address_names_neither_user_nor_options() -> None:
    """Host, port and database are what tells one source from another."""
    url = parse("postgresql://leader:s3cr3t@db.example:5433/records?sslpassword=s3cr3t")
    assert redacted(url) == "postgresql://db.example:5433/records"
    assert url.drivername == "postgresql+psycopg"


def test_what_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    """A text file with the name of one; a folder that is not there."""
    (tmp_path / "r.db").write_text("no database " * 100, encoding="utf-8")
    with pytest.raises(RecordsError, match="refuses: file is not a database"):
        read_source(f"sqlite:///{tmp_path}/r.db", YEAR)
    with pytest.raises(UsageError, match="no folder"):
        read_source(str(tmp_path / "nowhere"), YEAR)


# --- what an import takes ------------------------------------------------------------------------


def units(*ids: str) -> Units:
    """A group of these units, in this order."""
    return Units.model_validate({
        "group_name": "岱川集团有限公司", "group_short_name": "岱川集团",
        "units": [{"unit_id": i, "name": f"{i}公司", "short_name": i, "order": n,
                   "mask_label": i, "valid_from": "2015-01-01"} for n, i in enumerate(ids)],
    })  # fmt: skip


PARAMS: YearParams = SimpleNamespace(year=YEAR, topics=())  # type: ignore[assignment]


def test_rows_for_an_import_are_plain_and_in_official_order(tmp_path: Path) -> None:
    """date, int, float, bool, str and None; unit bb stands before aa here."""
    other = {**SESSION, "session_id": "bb/1", "unit_id": "bb", "hours": None}
    location = put_sqlite(tmp_path / "r.db", {"sessions": [SESSION, other]})
    rows, _ = records_from(read_source(location, YEAR), units("bb", "aa"), PARAMS)
    assert [row["session_id"] for row in rows["sessions"]] == ["bb/1", "aa/1"]
    first, second = rows["sessions"]
    assert first["hours"] is None and second["hours"] == 2.5
    assert second["start"] == dt.date(2023, 3, 8) and type(second["start"]) is dt.date
    assert type(second["expected"]) is int and second["cancelled"] is False
    assert second["enlarged"] is None and second["source_row"] == 1


def test_rows_of_unknown_units_are_told_and_what_hangs_on_them_too(tmp_path: Path) -> None:
    """A session of nobody's, and the attendance that another unit has at it."""
    member = {"unit_id": "aa", "person_id": "aa/张伟", "name": "张伟", "role": "组长",
              "in_leadership": "是", "party_affairs_head": "否", "from": "2020-01-01",
              "to": None}  # fmt: skip
    put = {
        "members": [member],
        "sessions": [SESSION, {**SESSION, "session_id": "zz/1", "unit_id": "zz"}],
        "attendance": [PRESENT, {**PRESENT, "session_id": "zz/1"}],
    }
    source = read_source(put_sqlite(tmp_path / "r.db", put), YEAR)
    rows, problems = records_from(source, units("aa"), PARAMS)
    assert [len(rows[name]) for name in ("sessions", "attendance")] == [1, 1]
    assert told(problems, "source_unit") == [
        ("sessions", "unit_id", "session_id=zz/1（第2行）", "没有单位 zz")
    ]
    assert [f for *_, f in told(problems, "source_session")] == ["学习 zz/1 未采用"]


def test_the_same_database_gives_the_same_rows_whatever_order_it_keeps_them_in(
    tmp_path: Path,
) -> None:
    """Rows are numbered by their key: an import of either is the same to the byte."""
    rows = [{**SESSION, "session_id": f"aa/{n}"} for n in range(9)]
    one = read_source(put_sqlite(tmp_path / "1.db", {"sessions": rows}), YEAR)
    other = read_source(put_sqlite(tmp_path / "2.db", {"sessions": rows[::-1]}), YEAR)
    keep = [c for c in one.frames["sessions"] if c != "source_file"]
    pd.testing.assert_frame_equal(one.frames["sessions"][keep], other.frames["sessions"][keep])
    assert one.inputs[0]["sha256"] == other.inputs[0]["sha256"]


# --- PostgreSQL, where there is one ---------------------------------------------------------------

POSTGRES = os.environ.get("REPORTKIT_TEST_POSTGRES", "")


@pytest.mark.skipif(not POSTGRES, reason="REPORTKIT_TEST_POSTGRES names no database to try")
def test_postgresql_gives_what_sqlite_gives(tmp_path: Path) -> None:
    """Its own dates, numbers and flags; the year is chosen by the database."""
    import sqlalchemy as sa

    engine = sa.create_engine(parse(POSTGRES))
    types = {"start": "date", "end": "timestamp", "hours": "numeric(5,2)", "cancelled": "boolean",
             "expected": "integer", "present": "bigint", "makeup_on": "date"}  # fmt: skip
    sessions = [SESSION, {**SESSION, "session_id": "aa/2", "start": "2022-03-08"}]
    attendance = [PRESENT, {**PRESENT, "session_id": "aa/2"}, {**PRESENT, "session_id": "aa/9"}]
    tables: dict[str, list[dict[str, Any]]] = {"sessions": sessions, "attendance": attendance}
    with engine.begin() as connection:
        for name, rows in tables.items():
            columns = ", ".join(f'"{c}" {types.get(c, "text")}' for c in rows[0])
            connection.exec_driver_sql(f'drop table if exists "{name}"')
            connection.exec_driver_sql(f'create table "{name}" ({columns})')
            marks = ", ".join(["%s"] * len(rows[0]))
            for row in rows:
                connection.exec_driver_sql(
                    f'insert into "{name}" values ({marks})', tuple(row.values())
                )
    found, expected = (
        read_source(location, YEAR)
        for location in (POSTGRES, put_sqlite(tmp_path / "r.db", tables))
    )
    for name in tables:
        columns_ = [c for c in found.frames[name] if c not in ("source_file", "source_row")]
        pd.testing.assert_frame_equal(found.frames[name][columns_], expected.frames[name][columns_])
    assert told(found.problems, "source_session")[0][3] == "学习 aa/9 未采用"
    assert "@" not in found.name
