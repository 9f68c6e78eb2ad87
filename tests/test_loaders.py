"""A year's snapshot as frames, and what is kept beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from reportkit.errors import RecordsError
from reportkit.files import sha256
from reportkit.loaders import (
    FigureTables,
    Records,
    UnitRecords,
    has_snapshot,
    refused_units,
    remembered,
    rows_hash,
)  # fmt: skip
from reportkit.records.importing import import_year
from reportkit.records.schemas import TABLES, empty
from reportkit.records.snapshot import write_snapshot

YEAR = 2023


def test_records_are_the_tables_of_the_snapshot(demo_home: Path) -> None:
    """A mapping: every table of the domain, each read once."""
    records = Records(demo_home, YEAR)
    assert set(records) == set(TABLES) and len(records) == len(TABLES)
    assert records["sessions"] is records["sessions"]
    assert len(records.digest) >= 12


def test_of_unit_is_that_unit_s_rows_in_their_order(demo_home: Path) -> None:
    """As a filter would have it; a unit without rows has an empty frame of the same columns."""
    records = Records(demo_home, YEAR)
    sessions = records["sessions"]
    expected = sessions[sessions["unit_id"] == "canglu"].reset_index(drop=True)
    assert len(expected) > 5
    pd.testing.assert_frame_equal(records.of_unit("sessions", "canglu"), expected)
    nobody = records.of_unit("sessions", "nobody")
    assert nobody.empty and list(nobody.columns) == list(sessions.columns)


def test_a_year_without_a_snapshot(tmp_path: Path, demo_home: Path) -> None:
    """An error of records, with what to do; has_snapshot says so beforehand."""
    assert has_snapshot(demo_home, YEAR) and not has_snapshot(tmp_path, YEAR)
    with pytest.raises(RecordsError) as raised:
        Records(tmp_path, YEAR)
    assert "import" in raised.value.next_step


FRAME = pd.DataFrame({
    "unit_id": ["aa", "bb"], "value": [0.1 + 0.2, None],
    "left_out": [{"未记{}人次": 2}, {}], "missing": [("《甲》", "《乙》"), ()],
    "state": ["已报", "未报"],
})  # fmt: skip


def test_a_remembered_frame_comes_back_as_it_was(tmp_path: Path) -> None:
    """Exact floats, empty values, dicts and tuples, the order of columns."""
    (tmp_path / "outputs" / "records" / str(YEAR)).mkdir(parents=True)
    calls: list[int] = []

    def compute() -> pd.DataFrame:
        calls.append(1)
        return FRAME

    first = remembered(tmp_path, YEAR, "x", "k" * 64, compute)
    again = remembered(tmp_path, YEAR, "x", "k" * 64, compute)
    assert len(calls) == 1
    pd.testing.assert_frame_equal(first, again)
    assert again["left_out"][0] == {"未记{}人次": 2} and again["missing"][0] == ("《甲》", "《乙》")
    remembered(tmp_path, YEAR, "x", "j" * 64, compute)
    assert len(calls) == 2  # another key


def test_without_a_folder_nothing_is_remembered_and_nothing_breaks(tmp_path: Path) -> None:
    """What cannot be written is computed."""
    pd.testing.assert_frame_equal(remembered(tmp_path, YEAR, "x", "k", lambda: FRAME), FRAME)
    assert list(tmp_path.iterdir()) == []


def test_a_hash_of_values_tells_values_apart() -> None:
    """Values, their order, their types and where one part ends."""
    value = {"M1": [0.1 + 0.2, None]}
    assert rows_hash(value) == rows_hash(dict(value))
    different = [
        rows_hash(value), rows_hash({"M1": [0.3, None]}), rows_hash({"M1": [None, 0.1 + 0.2]}),
        rows_hash("ab", "c"), rows_hash("a", "bc"), rows_hash("1"), rows_hash(1), rows_hash(),
    ]  # fmt: skip
    assert len(set(different)) == len(different)


# --- only what is asked for ------------------------------------------------------------------

UNITS = ("zz", "aa", "mm")
"""In this order: official, not alphabetical."""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Three units with 60,000 rows of attendance each: four row groups."""
    rows = 60_000
    tables = {name: empty(table) for name, table in TABLES.items()}
    unit = [u for u in UNITS for _ in range(rows)]
    frame = pd.DataFrame({
        "session_id": [f"{u}/{n % rows // 40}" for n, u in enumerate(unit)],
        "unit_id": unit,
        "person_id": [f"{u}/人{n % 40}" for n, u in enumerate(unit)],
        "status": ["缺席" if n % 7 == 0 else "出席" for n in range(len(unit))],
        "makeup_on": None, "makeup_evidence": None,
        "source_file": "data", "source_sheet": "考勤", "source_row": range(len(unit)),
    })  # fmt: skip
    types = {c.name: c.dtype for c in TABLES["attendance"].columns}
    tables["attendance"] = frame.astype(types)
    write_snapshot(tmp_path, YEAR, tables, [])
    return tmp_path


def test_read_is_what_a_filter_of_the_whole_would_give(large: Path) -> None:
    """Columns in the order asked, rows in the table's order, types as the schema says."""
    records = Records(large, YEAR)
    whole = records["attendance"]
    for units in (["aa"], ["mm", "zz"], ["nobody"], [], list(UNITS)):
        columns = ["status", "source_row", "makeup_on", "person_id"]
        expected = whole.loc[whole["unit_id"].isin(units), columns].reset_index(drop=True)
        found = Records(large, YEAR).read("attendance", columns, units)
        pd.testing.assert_frame_equal(found, expected)
    assert len(Records(large, YEAR).read("attendance", ["status"], ["aa"])) == 60_000
    pd.testing.assert_frame_equal(
        Records(large, YEAR).of_unit("attendance", "mm"), records.of_unit("attendance", "mm")
    )


def test_row_groups_of_other_units_are_not_touched(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 180,000 rows in groups of 50,000, unit zz is in the first two: no other is decoded."""
    import pyarrow.parquet as pq

    read: list[tuple[int, list[str]]] = []
    ordinary = pq.ParquetFile.read_row_group

    def spy(self: object, group: int, columns: list[str]) -> object:
        read.append((group, columns))
        return ordinary(self, group, columns=columns)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", spy)
    found = Records(large, YEAR).read("attendance", ["status"], ["zz"])
    assert len(found) == 60_000 and list(found) == ["status"]
    assert [group for group, columns in read if columns == ["status"]] == [0, 1]
    # Group 2 holds aa and mm, group 3 mm: their statistics end before zz.
    assert {group for group, _ in read} == {0, 1}


def test_rows_of_a_unit_are_put_together(tmp_path: Path) -> None:
    """As they came, units mixed: the unit that came first stays first, each in its order."""
    tables = {name: empty(table) for name, table in TABLES.items()}
    mixed = {"session_id": ["b1", "a1", "b2", "a2"], "unit_id": ["b", "a", "b", "a"],
             "topic_code": ["1", "2", "3", "4"]}  # fmt: skip
    tables["session_topics"] = pd.DataFrame(mixed, dtype="str")
    write_snapshot(tmp_path, YEAR, tables, [])
    assert list(Records(tmp_path, YEAR)["session_topics"]["session_id"]) == ["b1", "b2", "a1", "a2"]


def test_a_table_without_unit_id_has_a_unit_s_rows_all_the_same(tmp_path: Path) -> None:
    """Visits by both their units, topics all: a change to either changes whom it concerns."""
    tables = {name: empty(table) for name, table in TABLES.items()}
    visits = pd.DataFrame({"visit_id": ["1", "2", "3"], "observer_unit": ["aa", "bb", "cc"],
                           "host_unit": ["bb", "cc", "aa"]})  # fmt: skip
    for column in TABLES["visits"].columns:
        if column.name not in visits:
            visits[column.name] = "2023-05-05" if column.dtype.startswith("date") else "1"
    tables["visits"] = visits[TABLES["visits"].column_names].astype(
        {c.name: c.dtype for c in TABLES["visits"].columns}
    )
    write_snapshot(tmp_path, YEAR, tables, [])
    records = Records(tmp_path, YEAR)
    assert list(records.of_unit("visits", "aa")["visit_id"]) == ["1", "3"]
    assert list(records.of_unit("visits", "bb")["visit_id"]) == ["1", "2"]
    assert records.of_unit("visits", "dd").empty
    digests = Records(tmp_path, YEAR).digests("visits")
    assert len({digests.of(unit) for unit in ("aa", "bb", "cc", "dd")}) == 4
    assert [digests.of(unit)[0] for unit in ("aa", "bb", "cc", "dd")] == [2, 2, 2, 0]
    assert digests.whole[0] == 3
    topics = records.digests("topics")
    assert topics.of("aa") == topics.of("bb") == topics.whole


@pytest.mark.parametrize(
    ("name", "columns", "units", "wrong"),
    [("attendance", ["status", "stauts"], None, "'stauts'"),
     ("attendance", ["状态"], ["aa"], "'状态'"),
     ("topics", None, ["aa"], "'unit_id'")],
)  # fmt: skip
def test_an_unknown_column_is_an_error_that_lists_those_there_are(
    large: Path, name: str, columns: list[str] | None, units: list[str] | None, wrong: str
) -> None:
    """Also when rows of a unit are asked for of a table that knows no units."""
    with pytest.raises(RecordsError) as raised:
        Records(large, YEAR).read(name, columns, units)
    assert wrong in raised.value.found
    assert all(column in raised.value.expected for column in TABLES[name].column_names)


def test_a_file_is_hashed_once_and_again_when_it_changes(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten readings hash it once; a byte changed behind our back is found at the next."""
    from reportkit.records.snapshot import reading

    hashed: list[Path] = []

    def spy(path: Path) -> str:
        hashed.append(path)
        return sha256(path)

    monkeypatch.setattr(reading, "sha256", spy)
    monkeypatch.setattr(reading, "_checked", {})
    records = Records(large, YEAR)
    for unit in (*UNITS, *UNITS):
        records.read("attendance", ["status"], [unit])
    assert len(hashed) == 1
    content = bytearray(hashed[0].read_bytes())
    content[len(content) // 2] ^= 1
    hashed[0].write_bytes(content)
    with pytest.raises(RecordsError, match="attendance is missing or damaged"):
        records.read("attendance", ["status"], ["aa"])


def test_records_stay_those_of_one_snapshot_while_another_is_imported(large: Path) -> None:
    """Tables read before and after an import belong together; new Records see the new one."""
    records = Records(large, YEAR)
    write_snapshot(large, YEAR, {name: empty(t) for name, t in TABLES.items()}, [])
    assert len(records.read("attendance", ["status"], ["aa"])) == 60_000
    assert Records(large, YEAR)["attendance"].empty


# --- what figures are computed from ----------------------------------------------------------


def test_figures_are_computed_without_the_places_of_rows(demo_home: Path) -> None:
    """Every table, every row, but for the columns that say where it was read."""
    records = Records(demo_home, YEAR)
    tables = FigureTables(Records(demo_home, YEAR))
    assert set(tables) == set(records) and len(tables) == len(records)
    for name in tables:
        kept = [c for c in records[name].columns if not c.startswith("source_")]
        pd.testing.assert_frame_equal(tables[name], records[name][kept])
    assert tables["sessions"] is tables["sessions"]


def test_one_unit_s_records_are_its_rows_and_what_it_shares(demo_home: Path) -> None:
    """Accounts and pairings whole: another unit's row may be about this one's people."""
    records = Records(demo_home, YEAR)
    own = UnitRecords(records, "canglu")
    assert set(own) == set(records) and len(own) == len(records)
    for name in ("sessions", "attendance", "members", "visits", "practices"):
        pd.testing.assert_frame_equal(own[name], records.of_unit(name, "canglu"))
    for name in ("accounts", "pairings", "topics"):
        assert len(own[name]) == len(records[name]) > 0
    assert own["sessions"] is own["sessions"]


# --- who was refused -------------------------------------------------------------------------


def test_a_refused_unit_is_told_its_first_reason(demo_home: Path, tmp_path: Path) -> None:
    """The file and what was found in it; accepted units are not among the refused."""
    home = tmp_path / "workbook"
    shutil.copytree(demo_home / "params", home / "params")
    folder = home / "data" / "submissions" / str(YEAR)
    folder.mkdir(parents=True)
    source = demo_home / "data" / "submissions" / str(YEAR)
    shutil.copy(source / "hq.xlsx", folder)
    # The same unit twice: the second file is refused, the first counts — it is not blocked.
    shutil.copy(source / "hq.xlsx", folder / "hq2.xlsx")
    import_year(home, YEAR)
    assert refused_units(Records(home, YEAR)) == {}
    assert refused_units(Records(demo_home, YEAR)) == {}
