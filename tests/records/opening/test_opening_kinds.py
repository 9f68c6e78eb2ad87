"""What a file is, is told by its content before its name."""

from __future__ import annotations

import pytest
from opening_support import FILES, book, codes, parts_of, refused, zipped

from reportkit.records.opening import EvidenceError, evidence_notice, kind_of, open_file

DOCX = zipped({"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"})
PACKED = zipped({"甲岭/报送表.xlsx": book(), "说明.txt": "x"})


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (book(), "a.pdf", "table"),
        (b"%PDF-1.7 x", "a.xlsx", "evidence"),
        (b"\xff\xd8\xff\xe0xx", "a.xls", "evidence"),
        (b"\x89PNG\r\n\x1a\n", "a", "evidence"),
        (b"Rar!\x1a\x07\0", "a.xlsx", "evidence"),
        (b"\0\0\0\x18ftypheic", "a.heic", "evidence"),
        (DOCX, "a.xlsx", "evidence"),
        (PACKED, "a.xlsx", "evidence"),
        (zipped({"a.jpg": b"x"}), "a.zip", "evidence"),
        (b"broken", "a.pdf", "evidence"),
        (b"\x01\x02broken", "a.doc", "evidence"),
        ("说明".encode(), "a.txt", "evidence"),
        ("甲\t乙\n1\t2\n".encode(), "a.txt", "table"),
        (b"\x01\x02broken", "a.xlsx", "table"),
        (b"", "a.xlsx", "table"),
        ((FILES / "old.xls").read_bytes(), "a.doc", "table"),
        (book(), "~$a.xlsx", "system"),
        (b"", ".~lock.a.xlsx#", "system"),
        (b"x", "Thumbs.db", "system"),
        (b"x", ".DS_Store", "system"),
        (b"x", "desktop.ini", "system"),
    ],
)
def test_a_file_is_a_table_evidence_or_the_systems(content: bytes, name: str, kind: str) -> None:
    """Magic numbers first; the name only where the content says nothing."""
    assert kind_of(content, name) == kind


def test_evidence_is_answered_and_packed_tables_are_asked_for() -> None:
    """A scan is registered; a zip of workbooks is to be sent unpacked."""
    assert evidence_notice(b"%PDF-1.7", "a.pdf").action == "已登记为佐证，请用表格填报"
    assert "请解压后报送" in evidence_notice(PACKED, "a.zip").action
    for content, code in ((DOCX, "evidence"), (PACKED, "archive"), (b"%PDF-1.7", "evidence")):
        error = refused(content, "a.xlsx")
        assert isinstance(error, EvidenceError) and error.code == code


@pytest.mark.parametrize(
    "content",
    [
        b"<html><table><tr><td>1</td></tr></table></html>",
        b"\xef\xbb\xbf  <table><tr><td>1</td></tr></table>",
        b'<?xml version="1.0"?><Workbook xmlns="urn:x"/>',
        b"MIME-Version: 1.0\r\n",
        "<html/>".encode("utf-16"),
    ],
)
def test_web_pages_saved_as_xls_are_refused_with_advice(content: bytes) -> None:
    """They open in Excel, and are none of its formats."""
    error = refused(content, "a.xls")
    assert error.code == "html_as_xls" and "另存为 .xlsx" in error.next_step


def test_a_good_workbook_under_another_name_is_read_with_a_notice() -> None:
    """.et is the usual name of either kind in WPS, and no surprise."""
    assert codes(open_file(book(), "a.xls")) == ["extension"]
    assert codes(open_file(book(), "a.xlsx.exe")) == ["extension"]
    opened = open_file(book(), "A.ET")
    assert (opened.format, codes(opened)) == ("et", [])


def test_formats_that_are_no_form_are_refused_by_name() -> None:
    """A binary workbook and OpenDocument are asked for again as .xlsx."""
    binary = {p.replace("workbook.xml", "workbook.bin"): b for p, b in parts_of(book()).items()}
    ods = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
    for parts in (binary, ods):
        assert refused(zipped(parts)).code == "format"
