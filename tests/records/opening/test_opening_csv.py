"""A CSV is read when its encoding and delimiter are sure, and refused when not."""

from __future__ import annotations

import pytest
from opening_support import codes, refused

from reportkit.records.opening import open_file

TABLE = [["姓名", "次数"], ["张伟", "012"], ["李娜，王强", ""]]
TEXT = "姓名,次数\r\n张伟,012\r\n李娜，王强,\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_known_without_being_told(
    encoding: str, delimiter: str
) -> None:
    """All values are text as they stand: 012 keeps its zero, a blank is a blank."""
    content = TEXT.replace(",", delimiter).encode(encoding)
    opened = open_file(content, "甲岭出席.csv")
    (grid,) = opened.grids
    assert (opened.format, grid.name, grid.rows, opened.notices) == ("csv", "甲岭出席", TABLE, ())


def test_quotes_line_breaks_and_short_rows_keep_their_meaning() -> None:
    """Rows are made even with blanks; a break within quotes is one of the value."""
    content = '姓名,备注,甲\n"张,伟","一\n二"\n李娜,"他说""好""",x\n'.encode()
    assert open_file(content, "a.csv").grids[0].rows == [
        ["姓名", "备注", "甲"], ["张,伟", "一\n二", ""], ["李娜", '他说"好"', "x"]
    ]  # fmt: skip


def test_the_delimiter_that_the_first_line_states_is_taken() -> None:
    """Excel's own sep= line is no row of the table."""
    assert open_file("sep=;\n甲,乙;丙\n".encode(), "a.csv").grids[0].rows == [["甲,乙", "丙"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("姓名,次數\n張偉,一\n李娜,臺灣國語學習紀錄\n".encode("big5"), "encoding"),
        ("姓名,次数\n张伟,一\n".encode()[:-3] + b"\xff\n", "encoding"),
        ("一,一".encode("gbk"), "encoding"),
        (b"\xff\xfe\x00", "encoding"),
        (b"a,b\n1,\0\n", "nul"),
        ("a,b".encode("utf-16-le"), "nul"),
        ('姓名,次数\n"张伟,1\n'.encode(), "damaged"),
        ("甲,乙;丙\n丁,戊;己\n".encode(), "delimiter"),
        (b"a,b\n1," + b"x" * 32_768 + b"\n", "cell_length"),
        (b"\n\n  \n", "empty_file"),
        ("姓名,密级\n张伟,秘密\n".encode("gbk"), "classified"),
        (b"a" + b"," * 2_000 + b"\n", "columns"),
    ],
)
def test_what_is_not_sure_is_refused(content: bytes, code: str) -> None:
    """Other encodings, NULs, open quotes, two possible delimiters, and what is too long."""
    assert refused(content, "a.csv").code == code


def test_a_text_under_a_workbooks_name_is_read_with_a_notice() -> None:
    """Web systems save CSV as .xls; without columns it is no table."""
    opened = open_file(TEXT.encode("gbk"), "a.xls")
    assert (opened.format, codes(opened)) == ("csv", ["extension"])
    assert refused("说明文字\n没有列\n".encode(), "a.xls").code == "format"
