"""A year's snapshot as frames, and what is kept beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from reportkit.errors import RecordsError
from reportkit.loaders import Records, has_snapshot, refused_units, remembered, rows_hash
from reportkit.records.importing import import_year
from reportkit.records.schemas import TABLES

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
    assert rows_hash(first) == rows_hash(again)
    assert again["left_out"][0] == {"未记{}人次": 2} and again["missing"][0] == ("《甲》", "《乙》")
    remembered(tmp_path, YEAR, "x", "j" * 64, compute)
    assert len(calls) == 2  # another key


def test_without_a_folder_nothing_is_remembered_and_nothing_breaks(tmp_path: Path) -> None:
    """What cannot be written is computed."""
    pd.testing.assert_frame_equal(remembered(tmp_path, YEAR, "x", "k", lambda: FRAME), FRAME)
    assert list(tmp_path.iterdir()) == []


def test_a_hash_of_rows_tells_rows_apart() -> None:
    """Values, their order and where one part ends."""
    assert rows_hash(FRAME) == rows_hash(FRAME.copy())
    assert rows_hash(FRAME) != rows_hash(FRAME[::-1])
    assert rows_hash("ab", "c") != rows_hash("a", "bc")
    changed = FRAME.assign(value=[0.3, None])
    assert rows_hash(FRAME) != rows_hash(changed)


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
