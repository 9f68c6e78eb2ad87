"""A 数据确认单 that came back: confirmed, objected to, unanswered, or refused with its place."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from confirming_support import (
    DAYS,
    YEAR,
    Form,
    deleted_row,
    in_content_control,
    opened,
    reply_of,
    sheet_of,
    tracked,
)
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from reportkit.confirming.grids import ReplyError
from reportkit.confirming.reply import read_reply
from reportkit.confirming.sheet import FIGURES, OPINION, RECEIVED, version_in
from reportkit.errors import SubmissionError

Blank = Callable[..., bytes]


@pytest.fixture
def form(blank: Blank) -> Form:
    """dongling's, not filled in."""
    return Form(blank())


@pytest.fixture
def refused(small_home: Path, tmp_path: Path) -> Callable[[Form], dict[str, str]]:
    """row → what was found there, of a form that is refused."""

    def problems(form: Form) -> dict[str, str]:
        with pytest.raises(ReplyError) as caught:
            reply_of(small_home, form, tmp_path)
        return {each.row or each.table: each.found for each in caught.value.problems}

    return problems


def test_the_form_bears_what_is_to_be_confirmed(small_home: Path, form: Form) -> None:
    """数据版本 in words on the page is that of the figures now; another figure, another version."""
    sheet = sheet_of(small_home)
    printed = next(filter(None, (version_in(p.text) for p in form.word.paragraphs)))
    assert printed == sheet.version
    first, *others = sheet.figures
    other = replace(sheet, figures=((*first[:1], "99次", *first[2:]), *others))
    assert other.version != sheet.version
    spaced = replace(sheet, figures=((first[0] + " ", *first[1:]), *others))
    assert spaced.version == sheet.version


def test_untouched(small_home: Path, form: Form, tmp_path: Path) -> None:
    """Nothing filled in: not confirmed, and told so."""
    reply = reply_of(small_home, form, tmp_path)
    assert (reply.result, reply.why, reply.points) == ("unanswered", "nothing is filled in", ())


def test_ticked_and_signed(small_home: Path, form: Form, tmp_path: Path) -> None:
    """数据无误, a name, a date: confirmed, with the version that the paper bears."""
    reply = reply_of(small_home, form.tick("数据无误").sign("王芳（签字）"), tmp_path)
    assert (reply.result, reply.signed_by, reply.signed_on, reply.figures, reply.changed) == (
        "confirmed", "王芳", dt.date(2024, 1, 5), sheet_of(small_home).version, (),
    )  # fmt: skip


def test_every_row_answered_but_no_opinion(small_home: Path, form: Form, tmp_path: Path) -> None:
    """是 throughout, and the boxes left open: not confirmed, and told what is lacking."""
    for row in sheet_of(small_home).figures:
        form.say(row[0], "是")
    reply = reply_of(small_home, form.sign(), tmp_path)
    assert (reply.result, reply.why) == (
        "unanswered", "rows are answered, but 确认意见 is not ticked",
    )  # fmt: skip


def test_ticked_without_a_signature(small_home: Path, form: Form, tmp_path: Path) -> None:
    """A confirmation is the head's: without 负责人签字 there is none."""
    reply = reply_of(small_home, form.tick("数据无误").sign(" ", "2024年1月5日"), tmp_path)
    assert reply.result == "unanswered" and "负责人签字" in reply.why


def test_names_keep_their_characters(small_home: Path, form: Form, tmp_path: Path) -> None:
    """月, 日 and 年 are parts of names; a date beside the name is none."""
    reply = reply_of(small_home, form.tick("数据无误").sign("签字：李月年 2024.1.5"), tmp_path)
    assert reply.signed_by == "李月年"


def test_one_objection_for_each_row(small_home: Path, form: Form, tmp_path: Path) -> None:
    """否, 说明 or both, in either table: one point a row; no confirmation, ticked or not."""
    form.say("集体学习", "否").remark("集体学习", "应为21次").say("研讨交流", "×")
    form.remark("述学率", "有1人在援派").say("学习计划", "不", RECEIVED)
    reply = reply_of(small_home, form.sign(), tmp_path)
    assert reply.result == "objected"
    assert [(point.about, point.text) for point in reply.points] == [
        ("学习计划", "（未填说明）"), ("集体学习", "应为21次"), ("研讨交流", "（未填说明）"),
        ("述学率", "有1人在援派"),
    ]  # fmt: skip


def test_a_remark_is_no_confirmation(small_home: Path, form: Form, tmp_path: Path) -> None:
    """数据无误 is ticked and a 说明 filled: an objection is recorded, and why is told."""
    form.tick("数据无误").say("集体学习", "是").remark("集体学习", "含视频联学1次")
    reply = reply_of(small_home, form.sign(), tmp_path)
    assert reply.result == "objected" and reply.why == "数据无误 is ticked, but there are remarks"
    assert [point.text for point in reply.points] == ["含视频联学1次"]


def test_objected_as_a_whole(small_home: Path, form: Form, tmp_path: Path) -> None:
    """有异议 without a row: one point about the document, with what was written there."""
    reply = reply_of(small_home, form.tick("有异议").sign(), tmp_path)
    assert [point.about for point in reply.points] == ["数据确认单"]
    cell = form.row(OPINION, "确认意见").cells[1]
    reply = reply_of(small_home, form.opinion(cell.text + "读书班漏计1期"), tmp_path)
    assert [point.text for point in reply.points] == ["读书班漏计1期"]


def test_what_is_added_to_a_confirmation_is_not_lost(
    small_home: Path, form: Form, tmp_path: Path
) -> None:
    """数据无误 with a “but” is no confirmation."""
    form.tick("数据无误").sign()
    form.opinion(form.row(OPINION, "确认意见").cells[1].text + "，但读书班应为2期")
    reply = reply_of(small_home, form, tmp_path)
    assert (reply.result, reply.points[0].text) == ("objected", "但读书班应为2期")


def test_a_figure_typed_over(small_home: Path, form: Form, tmp_path: Path) -> None:
    """Another number in 数据: an objection with old and new, though 数据无误 is ticked."""
    old = sheet_of(small_home).row(FIGURES, "集体学习")
    assert old is not None
    form.figure("集体学习", "99次").tick("数据无误").sign()
    reply = reply_of(small_home, form, tmp_path)
    assert reply.result == "objected"
    assert [(p.about, p.text) for p in reply.points] == [
        ("集体学习", f"表中改动：数据 {old[1]} → 99次")
    ]


def test_a_figure_typed_over_and_objected_to_is_one_objection(
    small_home: Path, form: Form, tmp_path: Path
) -> None:
    """One a row, both told."""
    form.figure("集体学习", "99次").say("集体学习", "否").remark("集体学习", "漏计")
    (point,) = reply_of(small_home, form.sign(), tmp_path).points
    assert point.text.startswith("漏计；表中改动：数据 ") and point.text.endswith("99次")


def test_figures_that_have_changed_since(small_home: Path, form: Form, tmp_path: Path) -> None:
    """A confirmation of what was sent counts for that version; what changed is told by name."""
    sheet = sheet_of(small_home)
    first, *others = sheet.figures
    now = replace(sheet, figures=((first[0], "99次", *first[2:]), *others))
    path = form.tick("数据无误").sign().save(tmp_path / "a.docx")
    reply = read_reply(opened(small_home, path), now, DAYS)
    assert (reply.result, reply.figures) == ("confirmed", sheet.version)
    assert reply.points == () and reply.changed == (f"{first[0]}：数据 {first[1]} → 99次",)


def test_without_its_version_the_figures_themselves_count(
    small_home: Path, form: Form, tmp_path: Path
) -> None:
    """The note was deleted: untouched figures are the present ones, others an objection."""
    for paragraph in form.word.paragraphs:
        if version_in(paragraph.text):
            paragraph.text = ""
    reply = reply_of(small_home, form.tick("数据无误").sign(), tmp_path)
    assert (reply.result, reply.figures) == ("confirmed", sheet_of(small_home).version)
    assert reply_of(small_home, form.figure("集体学习", "99次"), tmp_path).result == "objected"


def test_a_version_mistyped(small_home: Path, form: Form, tmp_path: Path) -> None:
    """The figures are the present ones, whatever became of the letters."""
    for paragraph in form.word.paragraphs:
        if version_in(paragraph.text):
            paragraph.text = "数据版本：BBBB-CCCC-DDDD"
    reply = reply_of(small_home, form.tick("数据无误").sign(), tmp_path)
    assert (reply.result, reply.figures, reply.changed) == (
        "confirmed", sheet_of(small_home).version, (),
    )  # fmt: skip


def test_words_are_kept_whole_and_numbers_of_persons_are_not(
    small_home: Path, form: Form, tmp_path: Path
) -> None:
    """A long 说明 is not cut off; a mobile number in it is masked."""
    long = "漏计联学、" * 60
    form.remark("集体学习", long + "联系13812345678").say("研讨交流", "否（应为8场次）")
    first, second = reply_of(small_home, form.sign(), tmp_path).points
    assert first.text.startswith(long) and "13812345678" not in first.text
    assert second.text == "应为8场次"


# --- refused with the place ------------------------------------------------------------


def test_contradiction(form: Form, refused: Callable[[Form], dict[str, str]]) -> None:
    """数据无误 and a 否: which of the two, nobody knows; the row is named."""
    found = refused(form.tick("数据无误").say("集体学习", "否").sign())
    assert found == {"确认意见": "勾选“数据无误”，但有1项填“否”（集体学习）"}


def test_both_ticked(form: Form, refused: Callable[[Form], dict[str, str]]) -> None:
    """Both boxes."""
    assert "确认意见" in refused(form.tick("数据无误").tick("有异议").sign())


def test_every_bad_cell_is_named_at_once(
    form: Form, refused: Callable[[Form], dict[str, str]]
) -> None:
    """A ring, a number in 确认, a day that does not exist: three places in one answer."""
    form.say("集体学习", "○").say("研讨交流", "8场次").tick("数据无误").sign(day="2024年2月30日")
    found = refused(form)
    assert found["集体学习"] == "“确认”栏是“○”" and found["研讨交流"] == "“确认”栏是“8场次”"
    assert found["日期（盖章）"] == "“2024年2月30日”"


@pytest.mark.parametrize("day", ["", "2023年1月5日", "2031年1月5日", "2024年 月 日"])
def test_days_that_cannot_be(
    form: Form, refused: Callable[[Form], dict[str, str]], day: str
) -> None:
    """Blank; before the figures were known (last year's number out of habit); not come yet."""
    assert list(refused(form.tick("数据无误").sign(day=day))) == ["日期（盖章）"]


def test_a_day_stated_by_the_office(small_home: Path, form: Form, tmp_path: Path) -> None:
    """Counts where the file bears none, and nowhere else."""
    days = replace(DAYS, stated=dt.date(2024, 1, 6))
    form.tick("数据无误").sign(day=" ")
    assert reply_of(small_home, form, tmp_path, days).signed_on == dt.date(2024, 1, 6)
    form.sign(day="1月5日")
    assert reply_of(small_home, form, tmp_path, days).signed_on == dt.date(2024, 1, 5)


def test_deleted_rows(form: Form, refused: Callable[[Form], dict[str, str]]) -> None:
    """What is no longer there was not confirmed."""
    row = form.row(FIGURES, "研讨交流")._tr
    row.getparent().remove(row)
    assert refused(form.tick("数据无误").sign()) == {"研讨交流": "没有这一行"}


def test_a_table_that_is_gone(form: Form, refused: Callable[[Form], dict[str, str]]) -> None:
    """And a column."""
    table = form.table(RECEIVED)._tbl
    table.getparent().remove(table)
    assert refused(form.tick("数据无误").sign()) == {"报送情况": "文件里没有这张表"}


def test_a_column_that_is_gone(form: Form, refused: Callable[[Form], dict[str, str]]) -> None:
    """说明 deleted: the head says so."""
    for row in form.table(FIGURES).rows:
        row._tr.remove(row._tr.tc_lst[-1])
    assert refused(form.tick("数据无误").sign()) == {"表头": "没有“说明”栏"}


def test_a_row_twice(form: Form, refused: Callable[[Form], dict[str, str]]) -> None:
    """A row that was copied: which of the two, nobody knows."""
    form.row(FIGURES, "研讨交流").cells[0].text = "集体学习"
    assert refused(form.tick("数据无误").sign()) == {
        "集体学习": "出现两次", "研讨交流": "没有这一行",
    }  # fmt: skip


def test_a_row_of_their_own(small_home: Path, form: Form, tmp_path: Path) -> None:
    """A line that the unit adds is what it wants said."""
    cells = form.table(FIGURES).add_row().cells
    cells[0].text, cells[1].text, cells[5].text = "支部共建", "3次", "应列入"
    (point,) = reply_of(small_home, form.sign(), tmp_path).points
    assert (point.about, point.text) == ("支部共建", "应列入；表中改动：单位增加的一行")


# --- as Word and WPS leave a file ------------------------------------------------------


def test_tracked_changes_count_as_accepted(small_home: Path, form: Form, tmp_path: Path) -> None:
    """修订: what was inserted stands, what was deleted does not, in every kind of cell."""
    form.sign()
    tracked(form.row(OPINION, "确认意见").cells[1], "☑ 数据无误　　□ 有异议")
    tracked(form.row(OPINION, "党委").cells[1], "李强")
    reply = reply_of(small_home, form, tmp_path)
    assert (reply.result, reply.signed_by) == ("confirmed", "李强")
    tracked(form.row(FIGURES, "集体学习").cells[1], "99次")
    (point,) = reply_of(small_home, form, tmp_path).points
    assert point.text.endswith("→ 99次")


def test_a_row_deleted_as_a_tracked_change(
    form: Form, refused: Callable[[Form], dict[str, str]]
) -> None:
    """It is gone, too."""
    deleted_row(form.row(FIGURES, "研讨交流"))
    assert refused(form.tick("数据无误").sign()) == {"研讨交流": "没有这一行"}


def test_struck_through_is_deleted(small_home: Path, form: Form, tmp_path: Path) -> None:
    """A figure struck through by hand and another written behind it."""
    cell = form.row(FIGURES, "集体学习").cells[1]
    cell.paragraphs[0].runs[0].font.strike = True
    cell.paragraphs[0].add_run("99次")
    (point,) = reply_of(small_home, form.sign(), tmp_path).points
    assert point.text.endswith("→ 99次")


def test_content_controls_and_symbols(small_home: Path, form: Form, tmp_path: Path) -> None:
    """A cell within a 内容控件; a tick that is a letter of Wingdings 2."""
    form.tick("数据无误").sign()
    in_content_control(form.row(OPINION, "确认意见").cells[1])
    cell = form.row(FIGURES, "集体学习").cells[4]
    symbol = OxmlElement("w:sym")
    symbol.set(qn("w:font"), "Wingdings 2")
    symbol.set(qn("w:char"), "F050")
    cell.paragraphs[0].add_run()._r.append(symbol)
    assert reply_of(small_home, form, tmp_path).result == "confirmed"
    symbol.set(qn("w:char"), "F04F")
    with pytest.raises(ReplyError):
        reply_of(small_home, form, tmp_path)


def test_cells_merged_downwards(small_home: Path, form: Form, tmp_path: Path) -> None:
    """One 否 over three rows: each of the three is objected to."""
    rows = form.table(FIGURES).rows
    merged = rows[1].cells[4].merge(rows[3].cells[4])
    merged.text = "否"
    reply = reply_of(small_home, form.sign(), tmp_path)
    assert [point.about for point in reply.points] == [rows[n].cells[0].text for n in (1, 2, 3)]


def test_cells_merged_sideways(small_home: Path, form: Form, tmp_path: Path) -> None:
    """确认 and 说明 in one cell: an answer is an answer, words are a remark."""
    row = form.row(FIGURES, "集体学习")
    row.cells[4].merge(row.cells[5]).text = "少计了1次联学"
    (point,) = reply_of(small_home, form.sign(), tmp_path).points
    assert (point.about, point.text) == ("集体学习", "少计了1次联学")
    form.row(FIGURES, "集体学习").cells[4].text = "是"
    assert reply_of(small_home, form.tick("数据无误"), tmp_path).result == "confirmed"


def test_titles_that_were_changed(small_home: Path, form: Form, tmp_path: Path) -> None:
    """A table is the one that has its heads; a row put above them does no harm."""
    for paragraph in form.word.paragraphs:
        if paragraph.text in (RECEIVED, FIGURES, OPINION):
            paragraph.text = "改过的标题"
    table = form.table(FIGURES)
    added = table.add_row()._tr
    table.rows[0]._tr.addprevious(added)
    form.word.tables[1].rows[0].cells[0].text = "东岭矿业填报"
    assert reply_of(small_home, form.tick("数据无误").sign(), tmp_path).result == "confirmed"


def test_comments_in_the_margin(small_home: Path, form: Form, tmp_path: Path) -> None:
    """批注 is where many people object."""
    run = form.word.paragraphs[5].runs[0]
    form.word.add_comment(run, text="读书班漏计", author="东岭", initials="d")
    reply = reply_of(small_home, form.tick("数据无误").sign(), tmp_path)
    assert [(p.about, p.text) for p in reply.points] == [("批注", "读书班漏计")]


def test_a_signature_as_a_picture(small_home: Path, form: Form, tmp_path: Path) -> None:
    """A scanned signature is one; a picture in 确认 cannot be read."""
    picture = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
        "0000000d4948445200000001000000010806000000" "1f15c489"
        "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )  # fmt: skip
    form.tick("数据无误").sign("")
    form.row(OPINION, "党委").cells[1].paragraphs[0].add_run().add_picture(io.BytesIO(picture))
    assert reply_of(small_home, form, tmp_path).signed_by == "（签名图片）"
    form.row(FIGURES, "集体学习").cells[4].paragraphs[0].add_run().add_picture(io.BytesIO(picture))
    with pytest.raises(ReplyError, match="图片"):
        reply_of(small_home, form, tmp_path)


# --- whose it is -----------------------------------------------------------------------


def test_by_its_properties(small_home: Path, form: Form, tmp_path: Path) -> None:
    """Whatever the file is called."""
    found = opened(small_home, form.save(tmp_path / "扫描件 (2) 2024年1月5日.docx"))
    assert (found.unit.unit_id, found.year) == ("dongling", YEAR)


def test_without_properties_by_title_and_addressee(
    small_home: Path, form: Form, tmp_path: Path
) -> None:
    """WPS leaves them out: then title and 主送 say it; without these the file's name."""
    form.word.core_properties.keywords = ""
    found = opened(small_home, form.save(tmp_path / "x.docx"))
    assert (found.unit.unit_id, found.year) == ("dongling", YEAR)
    for paragraph in form.word.paragraphs[:7]:
        paragraph.text = ""
    found = opened(small_home, form.save(tmp_path / "东岭矿业2023年度.docx"))
    assert (found.unit.unit_id, found.year) == ("dongling", YEAR)
    with pytest.raises(SubmissionError, match="看不出"):
        opened(small_home, form.save(tmp_path / "x.docx"))


@pytest.mark.parametrize(("keywords", "name"), [
    ("yunping，2023", "x"), ("dongling，2022", "x"), ("", "yunping"),
    ("dongling，2023", "云屏矿业"), ("", "东岭矿业2022年度"),
])  # fmt: skip
def test_contradictions_are_refused(
    small_home: Path, form: Form, tmp_path: Path, keywords: str, name: str
) -> None:
    """Properties, title and name must not tell of two units, or two years."""
    form.word.core_properties.keywords = keywords
    with pytest.raises(SubmissionError, match="不一致"):
        opened(small_home, form.save(tmp_path / f"{name}.docx"))


def test_another_year_than_asked_for(small_home: Path, form: Form, tmp_path: Path) -> None:
    """The file's year is told, and where it belongs."""
    with pytest.raises(SubmissionError, match="2023年的数据确认单"):
        opened(small_home, form.save(tmp_path / "x.docx"), 2022)


def test_a_marking_of_secrecy(small_home: Path, form: Form, tmp_path: Path) -> None:
    """本工具不处理涉密信息."""
    with pytest.raises(SubmissionError, match="密级"):
        opened(small_home, form.remark("集体学习", "机密★1年").save(tmp_path / "x.docx"))


# --- damaged ---------------------------------------------------------------------------


def replaced(content: bytes, part: str, new: bytes) -> bytes:
    """The file with other bytes in place of one part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as made:
        for name in old.namelist():
            made.writestr(name, new if name == part else old.read(name))
    return buffer.getvalue()


def damaged(blank: bytes) -> dict[str, bytes]:
    """Files that cannot be read, by name."""
    document = "word/document.xml"
    w = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    deep = w + b"<w:sdt>" * 3000 + b"</w:sdt>" * 3000 + b"</w:document>"
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + w + b"&a;</w:document>"
    return {
        "empty.docx": b"", "half.docx": blank[: len(blank) // 2], "text.docx": b"hello",
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "scan.pdf": b"%PDF-1.7\n",
        "photo.jpg": b"\xff\xd8\xff\xe0", "cut.docx": replaced(blank, document, b"<w:document"),
        "none.docx": replaced(blank, document, w + b"<w:body/></w:document>"),
        "dtd.docx": replaced(blank, document, bomb), "deep.docx": replaced(blank, document, deep),
        "flipped.docx": blank[:3000] + bytes(b ^ 255 for b in blank[3000:3100]) + blank[3100:],
    }  # fmt: skip


def test_damaged_files(small_home: Path, blank: Blank, tmp_path: Path) -> None:
    """Each is refused in words, whatever is wrong with it, and says what to do."""
    for name, content in damaged(blank()).items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(SubmissionError) as caught:
            opened(small_home, path)
        assert caught.value.found and ".docx" in caught.value.expected, name
        if name.endswith((".doc", ".pdf", ".jpg")):
            assert caught.value.next_step == "请用 Word 文档填报或由办公室登记纸质件"
