"""An office's own forms (params/forms.yml): read without code, refused where they name nothing."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from reading_support import grid_of, read_grids, short, told

from reportkit.errors import ParameterError, SubmissionError
from reportkit.params import OfficeForms
from reportkit.records.forms import Sheet, unit_sheets
from reportkit.records.forms.custom import with_office_forms

LEDGER: dict[str, Any] = {
    "sheet": "sessions",
    "names": ["理论学习登记表", "学习台账"],
    "headers": {"start": ["学习日期（年月日）"], "title": ["学习的主要内容"], "expected": ["到会"]},
    "words": {"form": {"观看专题片": "集中培训"}},
    "constants": {"kind": "集体学习", "counted_as": "集体学习"},
    "number_rows": True,
    "ignore": ["备注", "经费"],
}
HEADER = ["学习日期（年月日）", "学习的主要内容", "到会", "形式", "经费"]


def forms(*entries: dict[str, Any]) -> tuple[Sheet, ...]:
    return with_office_forms(
        unit_sheets(), OfficeForms.model_validate({"forms": entries or [LEDGER]})
    )


def test_their_form_is_read_as_ours() -> None:
    """Their names, headers and words; the columns that it lacks; rows numbered; ignored columns."""
    rows = [["登记表"], HEADER, ["2023-03-08", "甲", 8, "观看专题片", 200], [],
            ["2023-04-08", "乙", 7, "研讨", ""]]  # fmt: skip
    tables, _, log = read_grids([grid_of("学习台账", rows)], forms())
    assert [short(row) for row in tables.tables["sessions"].rows] == [
        "3: 1 2023-03-08 集体学习 集体学习 集中培训 甲 8",
        "5: 2 2023-04-08 集体学习 集体学习 研讨 乙 7",
    ]  # fmt: skip
    assert told(log) == []


def test_a_refused_row_keeps_its_number() -> None:
    """The numbers of the others do not depend on what is wrong with one."""
    rows = [HEADER, ["上旬", "甲", 8, "", ""], ["2023-04-08", "乙", 7, "", ""]]
    tables, _, log = read_grids([grid_of("学习台账", rows)], forms())
    assert [short(row) for row in tables.tables["sessions"].rows] == [
        "3: 2 2023-04-08 集体学习 集体学习 乙 7"
    ]
    assert told(log) == ["bad_span A2"]


def test_our_own_form_stays_as_it_is_beside_theirs() -> None:
    """A constant is no default: our form without 学习类型 is refused as before."""
    ours = [["序号", "开始日期", "学习类型", "计入类别", "学习主题"],
            [1, "2023-03-08", "读书班", "读书班", "甲"]]  # fmt: skip
    tables, _, _ = read_grids([grid_of("学习情况", ours)], forms())
    assert [short(r) for r in tables.tables["sessions"].rows] == [
        "2: 1 2023-03-08 读书班 读书班 甲"
    ]
    without = [["序号", "开始日期", "学习主题"], [1, "2023-03-08", "甲"]]
    read, _, _ = read_grids([grid_of("学习台账", without)], forms())
    assert len(read.tables["sessions"].rows) == 1
    plain = with_office_forms(unit_sheets(), OfficeForms())
    with pytest.raises(SubmissionError, match="学习类型"):
        read_grids([grid_of("学习情况", without)], plain)


def test_their_column_counts_where_it_is_there() -> None:
    """A constant is for a column that is missing, not for a blank in one that is not."""
    rows = [[*HEADER, "学习类型"], ["2023-03-08", "甲", 8, "", "", "读书班"],
            ["2023-03-09", "乙", 8, "", "", ""]]  # fmt: skip
    tables, _, log = read_grids([grid_of("学习台账", rows)], forms())
    assert [row.values["kind"] for row in tables.tables["sessions"].rows] == ["读书班"]
    assert told(log) == ["required F3"]


def test_a_header_that_means_another_column_in_their_form() -> None:
    """“时间” is our synonym of the first day; theirs gives it to the hours."""
    entry = {**LEDGER, "headers": {**LEDGER["headers"], "hours": ["时间"]}}
    rows = [[*HEADER[:3], "时间"], ["2023-03-08", "甲", 8, 2]]
    tables, _, _ = read_grids([grid_of("学习台账", rows)], forms(entry))
    (row,) = tables.tables["sessions"].rows
    assert (row.values["hours"], str(row.values["start"])) == (2.0, "2023-03-08")


def test_the_row_of_the_header_may_be_said() -> None:
    """Where an older table stands above, it is not the first header that counts."""
    old = [HEADER, ["2022-03-08", "旧", 8, "", ""], [], HEADER, ["2023-03-08", "甲", 8, "", ""]]
    tables, _, log = read_grids([grid_of("学习台账", old)], forms({**LEDGER, "header_row": 4}))
    assert [row.values["title"] for row in tables.tables["sessions"].rows] == ["甲"]
    assert told(log) == ["unrecognised_row A2"]  # what stands above is not dropped in silence


def test_the_forms_travel_to_worker_processes() -> None:
    """Pickled and back they are the same."""
    assert pickle.loads(pickle.dumps(forms())) == forms()


@pytest.mark.parametrize(("change", "word"), [
    ({"sheet": "session"}, "sheet 'session'"),
    ({"sheet": "cover"}, "sheet 'cover'"),
    ({"names": ["签到表"]}, "'签到表' is our own name of sheet sign_in"),
    ({"headers": {"begin": ["甲"]}}, "headers.begin"),
    ({"words": {"forms": {"甲": "研讨"}}}, "words.forms"),
    ({"words": {"form": {"甲": "茶话会"}}}, "words.form.甲: '茶话会'"),
    ({"words": {"title": {"甲": "乙"}}}, "words.title"),
    ({"constants": {"kinds": "集体学习"}}, "constants.kinds"),
    ({"constants": {"kind": "茶话会"}}, "constants.kind: '茶话会'"),
    ({"constants": {"present": "若干"}}, "constants.present: '若干'"),
    ({"constants": {"present": -1}}, "constants.present: -1"),
    ({"constants": {"received_on": "3月5日"}}, "constants.received_on"),
    ({"headers": {}, "constants": {"start": "2023-03-05"}}, "constants.start"),
    ({"constants": {"number": 1}}, "constants.number"),
    ({"sheet": "sign_in", "headers": {}, "words": {}, "constants": {}}, "number_rows"),
    ({"headers": {"number": ["编码"]}}, "number_rows and headers.number"),
])  # fmt: skip
def test_what_our_sheets_do_not_have_is_refused_with_file_and_key(
    change: dict[str, Any], word: str
) -> None:
    """Sheet, column, word and value, each by its key."""
    with pytest.raises(ParameterError) as caught:
        forms({**LEDGER, **change})
    assert word in caught.value.found
    assert caught.value.where == "params/forms.yml" and caught.value.expected
