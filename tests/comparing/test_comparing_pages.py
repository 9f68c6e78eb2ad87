"""The page of a comparison, as HTML and Word: what is on it, and what judges say of it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from comparing_support import paper, para
from docx.oxml.ns import qn
from font_support import with_own_fonts

from reportkit.comparing.comparison import compare
from reportkit.comparing.pages import page_of
from reportkit.fonts import FontSet
from reportkit.publish.model import Column, Document, Table
from reportkit.publish.page import html_page
from reportkit.publish.pdf import pdf_bytes
from reportkit.publish.word import docx_bytes

VNU = Path(__file__).resolve().parents[2] / "node_modules/vnu-jar/build/dist/vnu.jar"
LONG = "类型和计入类别均为集体学习且实际举行的学习"
COLUMNS = (Column("单位"), Column("次数"), Column("口径"))
A = paper(
    para("共学习20次，各单位重视。其余照旧。", "一"), "要删去的一段。", "会移到后面的一段。",
    "留下的。",
    Table(COLUMNS, (("甲", "1", LONG), ("乙", "2", "")), title="表"),
)  # fmt: skip
B = paper(
    para("共学习21次，各单位很重视。其余照旧。", "一"), "留下的。", "会移到后面的一段。",
    "新来！与前不同。",
    Table(COLUMNS, (("甲", "3", LONG + "。"), ("丙", "2", "")), title="表"),
)  # fmt: skip


def page(a: Document = A, b: Document = B) -> Document:
    return page_of(compare(a, b, "<甲>.docx", "乙.docx"))


def test_the_page_marks_what_went_and_what_came() -> None:
    """del and ins in HTML, which do not hang on colour; figures first; …… for what is left out."""
    text = html_page(page())
    assert "共学习<del>" in text and re.search(r"<ins>.*?21", text)
    assert text.index("数字的不同") < text.index("文字的不同") < text.index("表格的不同")
    assert "仅甲稿有" in text and "仅乙稿有" in text and "移位" in text
    assert "……" in text and "其余照旧" not in text
    assert "1→3" in text and f"<del>{LONG}</del>" in re.sub(r"</?(span|wbr)[^>]*>", "", text)
    assert "&lt;甲&gt;.docx" in text and "<script" not in text
    assert "default-src 'none'" in text.replace("&#39;", "'")


def test_the_word_page_strikes_through_and_underlines() -> None:
    """Marks that a black-and-white printer prints."""
    word = docx.Document(io.BytesIO(docx_bytes(page(), FontSet.find(None))))
    gone, come = "", ""
    for run in word.element.body.iter(qn("w:r")):
        text = "".join(t.text or "" for t in run.iter(qn("w:t")))
        properties = run.find(qn("w:rPr"))
        if properties is not None and properties.find(qn("w:strike")) is not None:
            gone += text
        if properties is not None and properties.find(qn("w:u")) is not None:
            come += text
    assert "20" in gone and "要删去的一段。" in gone and "21" not in gone
    assert "21" in come and "新来！与前不同。" in come and "20" not in come


def test_two_of_the_same_are_said_to_be_the_same() -> None:
    text = html_page(page(A, A))
    assert "没有不同" in text and "<ins>" not in text and "数字的不同" not in text


def test_the_page_can_be_printed_as_pdf_too() -> None:
    """The typesetter knows both marks, though the command writes no PDF."""
    assert pdf_bytes(page(), FontSet.find(None)).startswith(b"%PDF")


def tool(found: str | Path | None, name: str) -> str:
    if found is None or not Path(found).exists():
        if os.environ.get("REPORTKIT_REQUIRE_TOOLS"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return str(found)


def test_the_nu_checker_finds_nothing_in_it(tmp_path: Path) -> None:
    java, jar = tool(shutil.which("java"), "java"), tool(VNU, "vnu-jar")
    (tmp_path / "x.html").write_text(html_page(page()), encoding="utf-8")
    done = subprocess.run(
        [java, "-jar", jar, "--format", "json", "--exit-zero-always", str(tmp_path / "x.html")],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert json.loads(done.stderr)["messages"] == []


def test_libreoffice_opens_the_word_page(tmp_path: Path) -> None:
    office = tool(shutil.which("soffice"), "LibreOffice")
    (tmp_path / "x.docx").write_bytes(docx_bytes(page(), FontSet.find(None)))
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path),
         str(tmp_path / "x.docx")],
        check=True, capture_output=True, timeout=600, env=with_own_fonts(tmp_path),
    )  # fmt: skip
    text = (tmp_path / "x.txt").read_text(encoding="utf-8-sig")
    assert "两稿对照" in text and "要删去的一段。" in text and "1→3" in text
