"""The finished PDF before other judges: qpdf, pdfua, pypdf. No claim of conformance is made."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pdfua
import pypdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from reportkit.display import Block
from reportkit.fonts import FontSet
from reportkit.publish.model import Document, Head, Imprint
from reportkit.publish.pdf import pdf_bytes
from reportkit.publish.reading import read_notebook

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="80pt">'
    '<text x="9" y="30" font-family="Noto Sans SC">集体学习</text></svg>'
)
COLUMNS = [{"text": f"第{n}项", "align": "center", "width": None} for n in range(12)]
TABLE = Block("table", title="统计表", columns=COLUMNS, rows=[["1"] * 12] * 50, notes=["注：无。"],
              emphasis=[49], alt="各单位统计")  # fmt: skip
ERROR = new_output(
    "error", ename="ValueError", evalue="坏", traceback=["\x1b[31mValueError\x1b[0m"]
)
CIRCULAR = (
    Block("document", title="通报", author="办公室", language="zh-CN", date="2024-01-08",
          unit="x", year=2023),
    Block("title", text="关于学习情况的通报"),
    Block("addressee", text="各单位"),
    Block("heading", level=1, text="一、总体情况"),
    Block("paragraph", text="组织学习12次。" * 200, lead="（一）做法。", lead_level=2),
    Block("figure", svg=SVG, title="全年均有学习", alt="每月均有学习", width_mm=120),
    Block("annex_list", items=["统计表"]),
    Block("signature", issuer="某委员会", date="2024年1月8日", seal=True, note="此件公开发布"),
    Block("annex", number=None, title="统计表", landscape=True),
    TABLE,
)  # fmt: skip
GENERAL = (
    new_markdown_cell(
        "# 分析\n\n### 跳级标题\n\n1. 一\n   - 二[链接](https://example.org)\n\n$$x^2$$\n\n行内 $y$"
        "\n\n| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |\n\n> 引文\n\n---\n\n```python\nprint(1)\n```"
    ),
    new_code_cell("1/0", outputs=[ERROR, new_output("stream", name="stderr", text="\x1b[1m警告")]),
)
FORMAL = {
    "formal": True,
    "head": Head("某某集团文件", number="某发〔2024〕3号", copy_number="000001", urgency="特急"),
    "imprint": Imprint("各单位", "办公室", "2024年1月8日印发"),
    "attach": True,
}
KINDS = ["draft", "formal", "general"]


@pytest.fixture(params=KINDS)
def made(request: pytest.FixtureRequest, notebook: Any) -> tuple[Document, bytes]:
    """A document of each kind, and its PDF."""
    parts = GENERAL if request.param == "general" else CIRCULAR
    document = read_notebook(notebook(*parts), name="样本", show_code=True)
    if request.param == "formal":
        document = dataclasses.replace(document, **FORMAL)
    return document, pdf_bytes(document, FontSet.find())


def test_qpdf_finds_nothing(made: tuple[Document, bytes], tmp_path: Path) -> None:
    """``qpdf --check``: structure and streams."""
    qpdf = shutil.which("qpdf")
    if qpdf is None:
        if os.environ.get("REPORTKIT_REQUIRE_TOOLS"):
            pytest.fail("qpdf is not installed")
        pytest.skip("qpdf is not installed")
    path = tmp_path / "x.pdf"
    path.write_bytes(made[1])
    done = subprocess.run([qpdf, "--check", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


def test_a_checker_for_pdf_ua_finds_no_error(made: tuple[Document, bytes], tmp_path: Path) -> None:
    """A second opinion on some of the rules, no proof."""
    path = tmp_path / "x.pdf"
    path.write_bytes(made[1])
    report = pdfua.validate(path)
    assert [str(finding) for finding in report.findings] == []


def test_the_checker_can_find_something(tmp_path: Path) -> None:
    """A PDF without structure is not passed."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "bare.pdf")
    assert pdfua.validate(tmp_path / "bare.pdf").findings


def test_the_file_says_what_it_is(made: tuple[Document, bytes]) -> None:
    """PDF/A-3a and PDF/UA-1 in its metadata; title, language, tags; every font a subset."""
    document, data = made
    reader = pypdf.PdfReader(io.BytesIO(data))
    catalog = reader.trailer["/Root"]
    xmp = catalog["/Metadata"].get_object().get_data().decode("utf-8")
    for told in (
        r"pdfaid:part>3<",
        r"pdfaid:conformance>A<",
        r"pdfuaid:part>1<",
    ):
        assert re.search(told, xmp), told
    assert catalog["/Lang"].lower().startswith("zh")
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and reader.metadata.title == document.title
    names = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert names and all(re.match(r"/[A-Z]{6}\+", name) for name in names), names
    assert reader.outline


def test_attachments_are_the_formal_edition_s_figures(made: tuple[Document, bytes]) -> None:
    """Only where switched on."""
    document, data = made
    attached = list(pypdf.PdfReader(io.BytesIO(data)).attachments)
    assert attached == (["table-1.csv"] if document.attach else [])


def test_made_again_it_is_the_same(made: tuple[Document, bytes]) -> None:
    assert pdf_bytes(made[0], FontSet.find()) == made[1]
