"""Files that are no submission, damaged, or hostile: refused alone, the others go on."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from records_support import Home, of, right_book, to_bytes

from reportkit.annual import blocked
from reportkit.fonts import ROLES, FontSet
from reportkit.loaders import Records, refused_units
from reportkit.records import opening
from reportkit.records.opening import limits
from reportkit.records.snapshot import read_table


def other(home: Home) -> None:
    """A good submission of another unit, which must come through whatever else lies there."""
    book = right_book()
    book["封面"][0][1] = "乙川公司"
    home.put(book, "bb.xlsx")


def only_refusal(home: Home) -> Any:
    report = home.run()
    (issue,) = of(report, "refused")
    assert [f.unit_id for f in report.files if f.state == "accepted"] == ["bb"]
    assert report.tables["sessions"] == 3 and report.files_refused == 1
    return issue


def bomb() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (limits.MAXIMUM_UNPACKED + 1))
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """A bomb whose directory says that it is small."""
    content = bytearray(bomb())
    size = (limits.MAXIMUM_UNPACKED + 1).to_bytes(4, "little")
    return bytes(content.replace(size, (1000).to_bytes(4, "little")))


def far_cell() -> bytes:
    def spoil(book: Any) -> None:
        book["学习情况"]["XFD1048576"] = 1

    return to_bytes(right_book(), spoil)


def entity() -> bytes:
    buffer = BytesIO()
    source = zipfile.ZipFile(BytesIO(to_bytes(right_book())))
    with zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            body = source.read(item)
            if item.filename == "xl/workbook.xml":
                body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]>' + body
            target.writestr(item, body)
    return buffer.getvalue()


def without_workbook() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 字节"),
        (b"not a workbook at all", "不是 .xlsx"),
        (to_bytes(right_book())[:3000], "损坏"),
        (to_bytes(right_book())[:-30], "损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + b"x" * 600, ".xls"),
        (bomb(), "过大"),
        (lying_bomb(), "工作"),
        (far_cell(), "范围过大"),
        (entity(), "DTD"),
    ],
    ids=[
        "empty",
        "text",
        "cut",
        "tail",
        "password",
        "xls",
        "bomb",
        "liar",
        "far",
        "entity",
    ],
)
def test_a_broken_file_is_refused_with_its_reason(home: Home, content: bytes, words: str) -> None:
    other(home)
    home.put_bytes(content, "aa.xlsx")
    issue = only_refusal(home)
    assert words in issue.found and issue.file == "submissions/2023/aa.xlsx"
    assert "整份未采用" in issue.action


@pytest.mark.parametrize("part", ["xl/worksheets/sheet2.xml", "xl/styles.xml"])
def test_a_part_that_is_no_xml_harms_only_its_file(home: Home, part: str) -> None:
    other(home)
    buffer = BytesIO()
    right = BytesIO(to_bytes(right_book()))
    with zipfile.ZipFile(right) as source, zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            body = b"<<<\x00 garbage" if item.filename == part else source.read(item)
            target.writestr(item, body)
    home.put_bytes(buffer.getvalue(), "aa.xlsx")
    report = home.run()
    assert "bb" in {f.unit_id for f in report.files if f.state == "accepted"}
    assert sorted(f.state for f in report.files) == ["accepted", "refused"]


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a", "a.xlsx.exe"])
def test_other_kinds_of_file_are_refused_with_advice(home: Home, name: str) -> None:
    other(home)
    home.put_bytes(b"whatever", name)
    issue = only_refusal(home)
    assert "xlsx" in issue.action or "请用表格填报" in issue.action


def test_the_reason_that_refused_a_file_is_told_before_what_else_was_found(home: Home) -> None:
    """The report, the records and the feedback begin with it."""
    other(home)
    book = right_book()
    book["学习情况"][1][1] = "2023-02-31"  # found while the sheets are read
    del book["成员名单"]  # missed when all are read: nothing enters
    home.put(book, "aa.xlsx")
    report = home.run()
    issues = [i for i in report.issues if i.file.endswith("aa.xlsx") and i.severity == "refused"]
    (refused,) = [file for file in report.files if file.state == "refused"]
    assert "成员名单" in refused.reason and issues[0].found == refused.reason and len(issues) > 1
    reason = refused_units(Records(home.root, 2023))["aa"]
    assert reason == f"submissions/2023/aa.xlsx · 成员名单：{refused.reason}"
    feedback = openpyxl.load_workbook(home.root / "outputs/records/2023/feedback/aa.xlsx")
    listed = [str(c.value) for row in feedback.worksheets[0].iter_rows() for c in row if c.value]
    where = [next(n for n, text in enumerate(listed) if i.found in text) for i in issues]
    assert where[0] == min(where)


def test_papers_alone_are_no_report_and_do_not_hide_a_refusal(home: Home) -> None:
    """Word and PDF whose names tell the unit: 佐证 of it; a refused workbook stays refused."""
    other(home)
    home.put_bytes(b"%PDF-1.4", "甲岭矿业述学报告.pdf")
    home.put_bytes(b"PK\x03\x04 cut", "2023年甲岭矿业有限公司小结.docx")
    report = home.run()
    mine = {f.file.rpartition("/")[2]: (f.state, f.unit_id) for f in report.files}
    assert list(mine.values()).count(("evidence", "aa")) == 2
    assert blocked(home.root, 2023)["aa"] == "2023年仅收到佐证材料2个文件，未收到报送表"
    home.put_bytes(b"PK\x03\x04 cut", "aa.xlsx")
    home.run()
    assert "aa.xlsx" in blocked(home.root, 2023)["aa"]


def test_what_no_font_can_print_is_shown_by_its_code_point(home: Home) -> None:
    """In names of files, sheets and persons alike; the records keep what was written."""
    book = right_book()
    book["述学"][1][0] = book["成员名单"][1][0] = "张\U0001f600𠮷"
    book["附\u202e页😀"] = [["无关"]]
    book["学习情况"][1][9] = book["研讨发言"][1][1] = "张\U0001f600𠮷"
    home.put(book, "aa😀.xlsx")
    home.run()
    records = Records(home.root, 2023)
    texts = "".join(
        "".join(map(str, frame[column].dropna().unique()))
        for frame in records.values() for column in frame.columns[frame.dtypes == "str"]
    )  # fmt: skip
    assert "aa〔U+1F600〕.xlsx" in texts and "附〔U+202E〕页〔U+1F600〕" in texts
    assert "张〔U+1F600〕〔U+20BB7〕" in set(records["members"]["name"])
    fonts = FontSet.find(None)
    assert not any(fonts.missing(texts, role) for role in ROLES)
    kept = read_table(home.root, 2023, "members")
    assert "张\U0001f600𠮷" in set(kept["name"])


def test_lock_files_are_skipped_with_a_note_and_system_files_without(home: Home) -> None:
    other(home)
    home.put_bytes(b"x", "~$aa.xlsx")
    home.put_bytes(b"x", ".DS_Store")
    report = home.run()
    assert report.ok and [i.code for i in of(report, "warned")] == ["lock_file"]


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_a_link_out_of_the_folder_is_not_followed(home: Home) -> None:
    other(home)
    outside = home.root / "secret.xlsx"
    outside.write_bytes(to_bytes(right_book()))
    (home.folder / "aa.xlsx").symlink_to(outside)
    assert "链接" in only_refusal(home).found


@pytest.mark.skipif(os.name == "nt", reason="symbolic links and pipes")
def test_loops_pipes_and_folders_are_refused_and_do_not_hang(home: Home) -> None:
    other(home)
    (home.folder / "loop.xlsx").symlink_to(home.folder / "loop.xlsx")
    os.mkfifo(home.folder / "pipe.xlsx")
    (home.folder / "sub.xlsx").mkdir()
    report = home.run()
    assert report.files_refused == 2 and report.files_read == 1


@pytest.mark.skipif(os.name == "nt", reason="file names of other encodings")
def test_a_file_name_in_another_encoding_is_reported_and_harms_nothing(home: Home) -> None:
    other(home)
    (home.folder / os.fsdecode("甲岭".encode("gbk") + b".xls")).write_bytes(b"x")
    assert "?" in only_refusal(home).file


def test_cells_addresses_go_round() -> None:
    for column in (0, 25, 26, 701, 702, 16383):
        assert opening.position(opening.address(7, column)) == (7, column)
    assert opening.address(0, 16383) == "XFD1"


def test_no_folder_of_submissions_is_an_error_that_says_what_to_do(home: Home) -> None:
    from reportkit.errors import RecordsError

    home.folder.rmdir()
    with pytest.raises(RecordsError, match="data/submissions/2023"):
        home.run()


def test_an_empty_folder_gives_an_empty_snapshot_with_everyone_missing(home: Home) -> None:
    report = home.run()
    assert report.units_missing == ("aa", "bb", "cc")
    states = home.table("submissions")
    assert set(states[states.unit_id == "aa"].state) == {"未报", "未核查", "不适用"}
    assert "dd" not in set(states.unit_id)  # it has no study group
    assert len(home.table("sessions")) == 0
    assert str(home.table("sessions").start.dtype) == "datetime64[us]"


@pytest.mark.parametrize("name", ["a.pdf", "a.doc", "a.rar", "a.docx"])
def test_papers_and_scans_are_put_down_as_evidence_and_answered(home: Home, name: str) -> None:
    """A paper is no refusal: it is registered, and the unit hears that a table is wanted."""
    other(home)
    home.put_bytes(without_workbook() if name == "a.docx" else b"whatever", name)
    report = home.run()
    (issue,) = [i for i in report.issues if i.file.endswith(name)]
    assert report.evidence == 1 and issue.severity == "warned"
    assert "请用表格填报" in issue.action and "佐证" in issue.action
