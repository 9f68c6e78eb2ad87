"""发文稿纸 and 核稿单 as Word files: what is filled in, what is left to people."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import docx
import pdfplumber
import pytest
from font_support import with_own_fonts
from sheets_support import PAPER

from reportkit.fonts import FontSet
from reportkit.publish.model import Document
from reportkit.publish.word import docx_bytes
from reportkit.publish.word.forms import FormRow, filled, form_grid
from reportkit.sheets.checks import run_checks
from reportkit.sheets.facts import gather, read_facts
from reportkit.sheets.given import Form, Given
from reportkit.sheets.origins import origins
from reportkit.sheets.writing import write_checklist, write_dispatch_sheet

FORM = Form("中共岱川委员会", "岱委〔2024〕号", pages=3, draft="circular.docx")


def both(document: Document = PAPER, form: Form = FORM) -> tuple[bytes, bytes]:
    facts = gather(document)
    figures = origins(facts, ())
    checks = run_checks(facts, Given(), figures)
    return write_dispatch_sheet(facts, form), write_checklist(facts, form, checks, figures)


def cells(data: bytes) -> dict[str, str]:
    """Of the form: a label → what stands in the next cell."""
    found = {}
    for row in docx.Document(io.BytesIO(data)).tables[0].rows:
        texts = [cell.text for cell in dict.fromkeys(row.cells)]
        found |= dict(zip(texts[::2], texts[1::2], strict=False))
    return found


def test_the_form_holds_what_is_known_and_room_for_the_rest() -> None:
    """密级 is 无 unless said; nobody's name, no signature, no number that was not given."""
    found = cells(both()[0])
    assert found["文　号"] == "岱委〔2024〕　　号"
    assert found["密　级"] == "无"
    assert found["标　题"] == "关于2023年学习情况的通报"
    assert found["主　送"] == "各权属单位党委"
    assert found["抄　送"] == "集团公司领导"
    assert found["附　件"] == "学习情况统计表"
    assert found["成文日期"] == "2024年1月8日"
    assert found["页　数"] == "3页（PDF）"
    assert found["字　数"].startswith(f"正文{gather(PAPER).characters}字，附件")
    for room in ("紧急程度", "拟稿单位", "拟稿人", "核　稿", "印发份数", "备　注"):
        assert found[room] == ""
    (signing,) = [text for text in found if text.startswith("签发：")]
    assert signing.split() == ["签发：", "年", "月", "日"]
    assert found[signing].split() == ["会签：", "年", "月", "日"]


def test_several_annexes_are_numbered_and_none_is_said() -> None:
    from reportkit.publish import model

    several = Document("t", (model.AnnexList(("甲", "乙")),))
    assert cells(both(several)[0])["附　件"] == "1.甲\n2.乙"
    bare = cells(both(Document("t", ()), Form(""))[0])
    assert (bare["附　件"], bare["标　题"], bare["文　号"], bare["页　数"]) == ("无", "", "", "")


def test_the_checklist_has_a_line_a_check_and_a_line_a_figure() -> None:
    """Each with room for who checked and when, or a box."""
    checks, figures = docx.Document(io.BytesIO(both()[1])).tables
    assert [c.text for c in checks.rows[0].cells][-2:] == ["核对人", "时间"]
    assert all(row.cells[-1].text == "" for row in checks.rows[1:])
    shown = [[c.text for c in row.cells] for row in figures.rows[1:]]
    assert [row[1] for row in shown] == ["27次", "3次", "85%"]
    assert all(row[-1] == "□" for row in shown)
    empty = docx.Document(io.BytesIO(both(Document("t", ()))[1])).tables[1]
    assert empty.rows[1].cells[2].text == "正文无数字"


def test_the_files_are_the_same_bytes_each_time_and_take_any_text() -> None:
    nasty = Form("<w:p>&\x00", "〔2024〕号", "内部资料", "特急", None, '"&<')
    assert both() == both()
    assert cells(both(form=nasty)[0])["密　级"] == "内部资料"


def test_facts_read_from_the_word_copy_are_those_of_the_document() -> None:
    """Whatever way it takes, the checks see the same text."""
    assert read_facts(docx_bytes(PAPER, FontSet.find(None))) == gather(PAPER)


def test_a_row_that_does_not_fill_its_form_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 2"):
        form_grid([FormRow((filled("甲"),))], (10, 10))


def test_libreoffice_puts_the_form_on_one_page(tmp_path: Path) -> None:
    """Real fonts, long texts: one sheet of paper, all labels on it; the checklist opens too."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("REPORTKIT_REQUIRE_TOOLS"):
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    sheet, checklist = both()
    (tmp_path / "d.docx").write_bytes(sheet)
    (tmp_path / "c.docx").write_bytes(checklist)
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path),
         str(tmp_path / "d.docx"), str(tmp_path / "c.docx")],
        check=True, capture_output=True, timeout=600, env=with_own_fonts(tmp_path),
    )  # fmt: skip
    with pdfplumber.open(tmp_path / "d.pdf") as pdf:
        assert len(pdf.pages) == 1
        text = pdf.pages[0].extract_text().replace(" ", "")
        assert all(label in text for label in ("签发：", "会签：", "紧急程度", "印发份数", "备注"))
    with pdfplumber.open(tmp_path / "c.pdf") as pdf:
        assert "文中数字" in "".join(page.extract_text() for page in pdf.pages)
