"""What a purge takes for a person: tables, columns, and names wherever they stand."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.records.scanning import files_naming
from reportkit.records.schemas import TABLES, frame_of
from reportkit.records.schemas.persons import (
    NameFinder,
    cleared_columns,
    is_on_persons,
    names_in,
    without_persons,
)

NAMES = st.lists(st.text("张王李晓明·aB ", min_size=2, max_size=4), min_size=1, max_size=6)


@given(NAMES, st.text("张王李晓明·aB ，x", max_size=30))
def test_a_name_is_found_as_a_plain_search_finds_it(names: list[str], text: str) -> None:
    """However many names, of whatever characters: the same answer as one by one."""
    assert NameFinder(names).found_in(text) == any(name in text for name in names)


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_every_column_of_text_is_judged(table: object) -> None:
    """A column that a new version adds is emptied unless it is known to hold a code."""
    column = type(TABLES["sessions"].columns[0])("remark_of_somebody")
    more = type(TABLES["sessions"])("new", (), (column,), "")
    assert cleared_columns(more) == ["remark_of_somebody"]
    name = getattr(table, "name", "")
    if "person_id" in TABLES[name].column_names:
        assert is_on_persons(TABLES[name])


def test_hosts_and_words_are_emptied_and_a_name_in_a_code_takes_its_row() -> None:
    """2 sessions: the first keeps its day, without host and title; the second is numbered 张三."""
    row = {
        "unit_id": "aa", "start": pd.Timestamp(2023, 3, 5), "end": pd.Timestamp(2023, 3, 5),
        "hours": 2.0, "kind": "集体学习", "counted_as": "集体学习", "form": "研讨",
        "title": "张三讲党课", "enlarged": False, "joint_id": None, "host_id": "aa/张三",
        "plan_item": None, "ad_hoc_basis": "李四电话通知", "cancelled": False, "expected": 9,
        "present": 8, "source_file": "a.xlsx", "source_sheet": "学习情况", "source_row": 4,
    }  # fmt: skip
    table = TABLES["sessions"]
    frame = frame_of(table, [{**row, "session_id": "aa/1"}, {**row, "session_id": "aa/张三"}])
    assert names_in({"sessions": frame}) == {"张三"}
    left = without_persons(table, frame, NameFinder({"张三"}))
    assert list(left["session_id"]) == ["aa/1"]
    assert left.loc[0, "title"] == "" and pd.isna(left.loc[0, "host_id"])
    assert pd.isna(left.loc[0, "ad_hoc_basis"]) and left.loc[0, "present"] == 8
    assert left.loc[0, "start"] == pd.Timestamp(2023, 3, 5)


def test_files_are_looked_into_however_they_write_a_name(tmp_path: Path) -> None:
    """UTF-8, JSON and XML in ASCII, a workbook's parts; a file without the name is not listed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings.xml", "<t>欧阳娜</t>" * 50)
    for name, content in {
        "plain.log": "见欧阳娜处".encode(), "escaped.ipynb": json.dumps("欧阳娜").encode(),
        "numbered.xml": "欧阳娜".encode("ascii", "xmlcharrefreplace"),
        "packed.xlsx": packed.getvalue(), "other.log": "欧阳".encode(), "odd.zip": b"PK\x05\x06",
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
    found = [path.name for path in files_naming([tmp_path], {"欧阳娜"})]
    assert found == ["escaped.ipynb", "numbered.xml", "packed.xlsx", "plain.log"]
    assert files_naming([tmp_path], set()) == []
