"""The exporters as nbconvert runs them, and the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pdfplumber
import pypdf
import pytest
from counting import steps
from nbconvert.exporters import get_export_names, get_exporter
from nbformat.v4 import new_markdown_cell, new_notebook

from reportkit.display import Block
from reportkit.errors import FontError, RenderError
from reportkit.publish import FORMATS, publish_notebook
from reportkit.publish.exporters import own_font_folder

TEXT = "2023年，各单位组织集体学习128次。"


def sample(notebook: Any) -> nbformat.NotebookNode:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="80pt">'
        '<text x="9" y="30" font-family="Noto Sans SC">集体学习</text></svg>'
    )
    column = {"text": "单位", "align": "left", "width": None}
    return notebook(
        Block("document", title="通报", author="办公室", language="zh-CN", date="2024-01-08",
              unit="东岭", year=2023),
        Block("title", text="学习情况的通报"),
        new_markdown_cell("## 一、总体情况\n\n见 $x^2$。"),
        Block("paragraph", text=TEXT, lead="（一）做法。", lead_level=2),
        Block("figure", svg=svg, title="图1", alt="图", width_mm=None),
        Block("table", title="表1", columns=[column], rows=[["甲"]], notes=[], emphasis=[], alt=""),
        Block("annex", number=1, title="表", landscape=True),
        Block("table", title="", columns=[column], rows=[["乙"]], notes=[], emphasis=[], alt=""),
    )  # fmt: skip


def test_all_formats_are_entry_points_of_nbconvert_with_cheap_constructors() -> None:
    names = get_export_names()
    for name, _ in FORMATS.values():
        assert name in names
        exporter = get_exporter(name)()
        assert steps(get_exporter(name)) < 200_000
        assert name.isidentifier()  # JupyterLab's route takes \w+ only
        assert exporter.export_from_notebook


def test_publishing_writes_all_formats_beside_each_other(notebook: Any, tmp_path: Path) -> None:
    stem = tmp_path / "outputs" / "circular.2023Q3.formal"
    written = publish_notebook(sample(notebook), ["html", "pdf", "typ"], stem, own_fonts=None)
    assert {name: path.name for name, path in written.items()} == {
        "html": "circular.2023Q3.formal.html",
        "pdf": "circular.2023Q3.formal.pdf",
        "typ": "circular.2023Q3.formal.typ",
    }
    assert all(path.stat().st_size > 500 for path in written.values())


def test_the_pdf_says_what_it_is(notebook: Any, tmp_path: Path) -> None:
    path = publish_notebook(sample(notebook), ["pdf"], tmp_path / "x")["pdf"]
    reader = pypdf.PdfReader(path)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    xmp = root["/Metadata"].get_data().decode("utf-8")
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert reader.metadata is not None
    assert reader.metadata.title == "通报"
    assert reader.metadata.author == "办公室"
    assert str(reader.metadata.creation_date).startswith("2024-01-08")
    assert [item.title for item in reader.outline if not isinstance(item, list)] == [
        "一、总体情况",
        "表",
    ]


def test_nothing_is_written_when_one_format_fails(notebook: Any, tmp_path: Path) -> None:
    with pytest.raises(FontError):
        publish_notebook(notebook(Block("paragraph", text="𠮷")), ["html", "pdf"], tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused(notebook: Any, tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="docm"):
        publish_notebook(notebook(), ["docm"], tmp_path / "x")


def test_the_bytes_are_the_same_in_another_process_folder_and_time_zone(
    notebook: Any, tmp_path: Path
) -> None:
    nb = sample(notebook)
    source = tmp_path / "n.ipynb"
    nbformat.write(nb, source)
    written = publish_notebook(nb, list(FORMATS), tmp_path / "a" / "n")
    code = (
        "import nbformat, sys; from pathlib import Path; "
        "from reportkit.publish import FORMATS, publish_notebook; "
        "publish_notebook(nbformat.read(sys.argv[1], 4), list(FORMATS), Path('b/n'))"
    )
    other = tmp_path / "elsewhere"
    other.mkdir()
    environment = os.environ | {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7"}
    subprocess.run(
        [sys.executable, "-c", code, str(source)], cwd=other, env=environment, check=True
    )
    for name, path in written.items():
        again = (other / "b" / path.name).read_bytes()
        assert hashlib.sha256(again).digest() == hashlib.sha256(path.read_bytes()).digest(), name


def test_a_document_without_a_date_is_the_same_every_time_too(
    notebook: Any, tmp_path: Path
) -> None:
    nb = notebook(Block("paragraph", text=TEXT))
    one = publish_notebook(nb, ["pdf"], tmp_path / "1" / "n")["pdf"].read_bytes()
    two = publish_notebook(nb, ["pdf"], tmp_path / "2" / "n")["pdf"].read_bytes()
    assert one == two


def test_many_notebooks_through_one_exporter_are_no_more_work(
    notebook: Any, tmp_path: Path
) -> None:
    """What is made ready for the first is there for all others, and nothing piles up."""
    nb = sample(notebook)
    publish_notebook(nb, ["html", "pdf"], tmp_path / "warm")
    work = [
        steps(lambda n=n: publish_notebook(nb, ["html", "pdf"], tmp_path / str(n)))  # type: ignore[misc]
        for n in range(3)
    ]
    assert max(work) < 1.02 * min(work) and max(work) < 60_000, work  # about 19,000 by now


def test_the_offices_fonts_are_found_above_the_notebook(tmp_path: Path) -> None:
    deep = tmp_path / "notebooks" / "sub"
    deep.mkdir(parents=True)
    assert own_font_folder(deep) is None
    (tmp_path / "params" / "fonts").mkdir(parents=True)
    assert own_font_folder(deep) == (tmp_path / "params" / "fonts").resolve()


def test_the_command_line_turns_any_notebook_into_pdf(tmp_path: Path) -> None:
    """``jupyter nbconvert --to circular_pdf`` in a folder that knows nothing of us."""
    nb = new_notebook(cells=[new_markdown_cell("# 通知\n\n各单位：\n\n![缺](no.png)")])
    nbformat.write(nb, tmp_path / "任意 笔记.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "circular_pdf", "任意 笔记.ipynb"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    reader = pypdf.PdfReader(io.BytesIO((tmp_path / "任意 笔记.pdf").read_bytes()))
    assert "通知" in reader.pages[0].extract_text()
    assert "missing" not in result.stderr.lower()


def test_importing_the_package_is_light() -> None:
    heavy = "nbconvert typst matplotlib pandas mistune jinja2 nbformat"
    code = (
        f"import reportkit.publish, sys; print([m for m in '{heavy}'.split() if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "[]"


def test_few_rows_that_fill_pages_are_not_cut_off(pdf_of: Any) -> None:
    """A table of ten rows, each a third of a page high, goes on over pages: every word is there."""
    rows = [[f"起{n}首", "字" * 400 + f"末{n}尾"] for n in range(10)]
    columns = [{"text": t, "align": "left", "width": None} for t in ("甲", "乙")]
    block = Block("table", title="长表", columns=columns, rows=rows, notes=["注：完。"],
                  emphasis=[], alt="长表")  # fmt: skip
    with pdfplumber.open(io.BytesIO(pdf_of(block))) as pdf:
        assert len(pdf.pages) > 1
        low = max(c["bottom"] for page in pdf.pages for c in page.chars if c["text"] == "字")
        assert low < (37 + 225) / 25.4 * 72 + 1
        text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert all(f"起{n}首" in text and f"末{n}尾" in text.replace(" ", "") for n in range(10))
    assert "注：完。" in text
