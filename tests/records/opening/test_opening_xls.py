"""Old workbooks (.xls, .et) read as new ones do; what xlrd reads past is found."""

from __future__ import annotations

import datetime as dt
import re
import struct

import pytest
from opening_support import CELLS, FILES, codes, refused

from reportkit.errors import SubmissionError
from reportkit.records.opening import Range, open_file, xls
from reportkit.records.opening.biff import scan
from reportkit.records.opening.ole import Ole

OLD = (FILES / "old.xls").read_bytes()


@pytest.mark.parametrize(("name", "form"), [("a.xls", "xls"), ("a.et", "et")])
def test_an_old_workbook_reads_as_a_new_one(name: str, form: str) -> None:
    """Dates, flags, errors, formats, hidden and merged parts are all told apart."""
    opened = open_file(OLD, name)
    first, hidden = opened.grids
    assert opened.format == form and codes(opened) == ["struck_through"]
    assert first.rows[:3] == CELLS and type(first.rows[1][1]) is dt.date
    assert first.rows[1][3] is True and first.rows[4][4] == 2
    assert first.unreadable == {(4, 2): "#DIV/0!"}
    assert first.percent == {(4, 0)} and first.shown == {(4, 1): "2023.10"}
    assert (first.hidden_rows, first.hidden_columns) == ([1], [2])
    assert first.merged == [Range(5, 0, 6, 1)] and first.rows[6][0] == ""
    assert first.struck == {(7, 0)} and (hidden.name, hidden.hidden) == ("藏", True)


@pytest.mark.parametrize(("number", "is_date"), [(31, True), (57, True), (60, False)])
def test_built_in_formats_of_a_country_have_no_code_and_are_read(
    number: int, is_date: bool
) -> None:
    """31 and 57 show dates in Chinese Excel, 60 a Thai number; 165 is the date of this file."""
    content = re.sub(rb"(\xe0\0\x14\0..)\xa5\0", rb"\g<1>" + bytes([number, 0]), OLD, flags=re.S)
    value = open_file(content, "a.xls").grids[0].rows[1][1]
    assert value == (dt.date(2023, 3, 8) if is_date else 44993)


def test_an_old_workbook_under_a_new_name_is_read_with_a_notice() -> None:
    """The content decides."""
    opened = open_file(OLD, "a.xlsx")
    assert opened.format == "xls" and codes(opened)[0] == "extension"


def record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def formula(result: bytes, flags: int, tokens: bytes) -> bytes:
    head = struct.pack("<HHH", 4, 2, 15) + result + struct.pack("<HIH", flags, 0, len(tokens))
    return record(0x0006, head + tokens)


def test_formulas_without_a_result_or_with_a_link_are_found_in_the_records() -> None:
    """An empty text is a result, unless the formula waits to be worked out on loading."""
    empty = b"\x03\0\0\0\0\0\xff\xff"
    number = struct.pack("<d", 7)
    own = record(0x01AE, b"\x01\0\x01\x04")
    other = record(0x01AE, b"\x01\0\x04\0\0\x01b.xls")
    sheets = record(0x0017, struct.pack("<H6H", 2, 0, 0, 0, 1, 0, 0))
    begin = record(0x0809, b"\0\x06\x10\0" + bytes(12))
    linked = b"\x3a\x01\0\0\0\0\0"
    for body, external, missing in (
        (formula(empty, 0, b"\x17\0\0"), set(), set()),
        (formula(empty, 2, b"\x17\0\0"), set(), {(4, 2)}),
        (formula(number, 0, linked), {(4, 2)}, set()),
        (formula(number, 0, b"\x3a\0\0\0\0\0\0"), set(), set()),
    ):
        stream = own + other + sheets + begin + body
        found = scan(stream)
        (sheet,) = found.sheets.values()
        assert (sheet.external, sheet.without_result) == (external, missing)
        assert found.has_links


def test_a_locked_a_cut_and_a_marked_old_workbook_are_refused() -> None:
    """Each with its own code; FILEPASS is the record of a password."""
    assert refused(OLD[:3000], "a.xls").code == "damaged"
    start = OLD.find(b"\x09\x08\x10\x00\x00\x06")
    after = start + 20
    locked = OLD[:after] + record(0x2F, bytes(2)) + OLD[after + 6 :]
    assert refused(locked, "a.xls").code == "password"
    text = "备注".encode("utf-16-le")
    assert OLD.count(text) == 1
    marked = OLD.replace(text, "绝密".encode("utf-16-le"))
    error = refused(marked, "a.xls")
    assert (error.code, error.sheet, error.cell) == ("classified", "表", "E1")


@pytest.mark.parametrize(
    ("text", "is_marked"), [("&R秘密★10年", True), ("&C&12机密", True), ("&C商业秘密管理", False)]
)
def test_a_marking_in_the_header_of_an_old_workbook_is_seen(text: str, is_marked: bool) -> None:
    """Header, text box and comment are records of their own, texts in UTF-16."""
    body = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
    for stream in (record(0x14, body), record(0x1B6, bytes(18)) + record(0x3C, body[2:])):
        try:
            xls._check_texts_beside(scan(stream), Ole({}))
        except SubmissionError as error:
            assert is_marked and error.code == "classified"
        else:
            assert not is_marked
