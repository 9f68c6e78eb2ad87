"""Any notebook comes out whole: what cannot be shown says so in place."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)

from reportkit.display import BLOCK_MIME, Block
from reportkit.errors import RenderError
from reportkit.fonts import FontSet
from reportkit.publish import model
from reportkit.publish.htmltables import html_blocks
from reportkit.publish.images import clean_svg
from reportkit.publish.maths import drawn
from reportkit.publish.outputs import plain
from reportkit.publish.page import html_page
from reportkit.publish.pdf import pdf_bytes
from reportkit.publish.reading import read_notebook


def png() -> str:
    """A PNG of 4 × 2 grey pixels, as base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\x00" + b"\x80" * 4 for _ in range(2))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 2, 8, 0, 0, 0, 0))
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


def shown(mime: str, data: Any, **more: Any) -> Any:
    bundle = {mime: data, **more}
    return new_code_cell("hidden_code()", outputs=[new_output("display_data", data=bundle)])


MARKDOWN = r"""# 任意 *标题* <i>斜</i>

正文 `code`、**粗**、*斜*、~~删~~、[链接](https://example.org)、[坏](javascript:alert(1))，$E=mc^2$，
坏公式 $\begin{pmatrix}1\\2\end{pmatrix}$。

$$\frac{a}{b}$$

##### 跳级标题

1. 一
   - 甲
     1. 深

   项内段落

> 引用
> ## 引用里的标题

| A | B |
|---|--:|
| a | **1** |

---

```python
x = 1  # 注释
```

<div onclick="evil()">原始</div>

![图](attachment:a.png)

![缺](missing.png) 与 ![远](https://example.org/a.png)

- [x] 完成

脚注[^1]

[^1]: 内容

# 又一个标题
"""

PANDAS = """<div><style scoped>.x{color:red}</style><table border="1" class="dataframe">
<thead><tr><th></th><th>单位</th><th>次数</th></tr></thead><tbody>
<tr><th>0</th><td>东岭 &amp; &lt;b&gt;</td><td>14</td></tr>
<tr><th>1</th><td>西山</td><td>2.5</td></tr>
</tbody></table><p>2 rows × 2 columns</p></div>"""


@pytest.fixture
def weird() -> Any:
    markdown = new_markdown_cell(MARKDOWN, attachments={"a.png": {"image/png": png()}})
    error = new_output(
        "error",
        ename="ZeroDivisionError",
        evalue="division by zero",
        traceback=["\x1b[31mTraceback\x1b[39m", "----> 1 1/0"],
    )
    return new_notebook(
        cells=[
            markdown,
            new_code_cell(
                "a", outputs=[new_output("stream", name="stdout", text="行一\n\t行二\n")]
            ),
            new_code_cell("b", outputs=[new_output("stream", name="stderr", text="警告\x00\x07")]),
            shown("text/html", PANDAS, **{"text/plain": "x"}),
            shown("text/html", "<iframe src='https://x'></iframe>", **{"text/plain": "框架"}),
            shown("image/png", png()),
            shown("image/png", "不是图", **{"text/plain": "坏图"}),
            shown(
                "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
            ),
            shown("text/markdown", "# 输出里的标题\n\n**强调**"),
            shown("text/latex", r"$\displaystyle \sum_{i=1}^n x_i$"),
            shown("application/x-odd", "?"),
            shown("text/plain", "纯文本"),
            new_code_cell("1/0", outputs=[error]),
            new_raw_cell("原样"),
            new_raw_cell("\\x", metadata={"format": "text/latex"}),
            new_markdown_cell("删去的单元", metadata={"tags": ["remove-cell"]}),
            new_code_cell(
                "c",
                outputs=[new_output("stream", name="stdout", text="删去的输出")],
                metadata={"tags": ["remove-output"]},
            ),
            new_markdown_cell(""),
            new_code_cell(""),
        ]
    )


def text_in_pdf(document: model.Document) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf_bytes(document, FontSet.find())))
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


PRESENT = (
    "任意标题<i>斜</i>", "code", "公式无法绘出", "跳级标题", "项内段落", "引用里的标题", "x=1#注释",
    "evil()", "此处有无法显示的图片：缺，missing.png", "此处有无法显示的图片：远，https://example.org/a.png",
    "√完成", "[1]内容", "又一个标题", "行一", "警告□□", "东岭&<b>", "2rows×2columns",
    "（text/html）无法显示", "框架", "（image/png）无法显示", "坏图", "输出里的标题", "强调",
    "application/x-odd", "纯文本", "ZeroDivisionError:divisionbyzero", "---->11/0", "原样",
    "仅供text/latex使用",
)  # fmt: skip


def test_every_kind_of_cell_reaches_the_pdf(weird: Any) -> None:
    text = text_in_pdf(read_notebook(weird, name="x"))
    assert [part for part in PRESENT if part not in text] == []
    for absent in ("删去的", "hidden_code", "\x1b"):
        assert absent not in text


class Outline(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_kind_of_cell_reaches_the_html_and_headings_skip_no_level(weird: Any) -> None:
    page = html_page(read_notebook(weird, name="x"))
    parsed = Outline(page)
    text = re.sub(r"\s", "", parsed.text)
    assert [part for part in PRESENT if part not in text] == []
    assert parsed.levels[0] == 1
    assert parsed.levels.count(1) == 1
    for before, after in pairwise(parsed.levels):
        assert after <= before + 1


def test_html_is_one_file_without_scripts_that_loads_nothing(weird: Any) -> None:
    page = html_page(read_notebook(weird, name="x"))
    for tag, attrs in Outline(page).tags:
        assert tag not in {"script", "iframe", "object", "embed", "link", "base"}
        for name, value in attrs.items():
            assert not name.startswith("on")
            if name in {"src", "xlink:href", "srcset", "data", "action", "poster"}:
                assert (value or "").startswith(("data:image/", "#"))
            if name == "href":
                assert tag == "a" and (value or "").startswith("https://example.org")
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert len(style) < 9000
    assert 'lang="zh-CN"' in page


def test_html_is_accessible_in_its_tables_and_pictures(notebook: Any, html_of: Any) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9pt' height='9pt'><g id='a'/></svg>"
    column = {"text": "单位", "align": "left", "width": None}
    page = html_of(
        Block("figure", svg=svg, title="图1", alt='一张"图"', width_mm=50),
        Block("figure", svg=svg, title="图2", alt="又一张", width_mm=None),
        Block(
            "table", title="表1", columns=[column], rows=[["a"]], notes=[], emphasis=[], alt="表"
        ),
    )
    tags = Outline(page).tags
    pictures = [attrs for tag, attrs in tags if tag == "svg"]
    assert [attrs["aria-label"] for attrs in pictures] == ['一张"图"', "又一张"]
    assert all(attrs["role"] == "img" for attrs in pictures)
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids)) == 2
    assert "<caption>表1</caption>" in page
    assert all(attrs["scope"] == "col" for tag, attrs in tags if tag == "th")


def test_an_empty_notebook_gives_a_document_named_after_its_file() -> None:
    document = read_notebook(new_notebook(), name="空")
    assert document.title == "空"
    assert pdf_bytes(document, FontSet.find()).startswith(b"%PDF-1.7")
    assert "<title>空</title>" in html_page(document)


TOKENS = (
    "# ", "## ", "### ", "###### ", "- ", "  - ", "1. ", "> ", "| a | b |\n|---|---|\n| 1 | 2 |",
    "```\n", "```py\ncode\n```", "***", "---", "$x$", "$$\\frac{1}{2}$$", "$$", "[l](http://a)",
    "[](http://a)", "![](data:image/png;base64,xx)", "![a](b.png)", "<div>", "<!-- c -->", "<br>",
    "**b**", "*e*", "`c`", "[[x](http://a)](http://b)", "文字", "t ", "\n", "\n\n", "\n    ",
    "[^1]", "[^1]: 注", "- [ ] t", "#", "$", "\\", "&amp;", "&#0;", "\x00", "0. z\n", "&nbsp;",
    "\\begin{align}x&=1\\\\y&=2\\end{align}", "# $x$\n", "## \n", "<script>",
)  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=20).map("".join))
@settings(max_examples=120, deadline=None)
def test_no_markdown_breaks_an_export(source: str) -> None:
    """PDF/UA refuses empty or skipped headings; none of it may come from an author's slip."""
    output = {"output_type": "display_data", "data": {"text/markdown": source}}
    cells = [
        {"cell_type": "markdown", "source": source},
        {"cell_type": "code", "source": "", "outputs": [output]},
    ]
    document = read_notebook({"cells": cells}, name="x")
    assert pdf_bytes(document, FontSet.find()).startswith(b"%PDF")
    assert "<script" not in html_page(document)


def test_the_title_comes_from_block_metadata_heading_or_name_in_this_order() -> None:
    heading = new_markdown_cell("# 标题甲")
    assert read_notebook(new_notebook(cells=[heading]), name="n").title == "标题甲"
    noted = new_notebook(cells=[heading], metadata={"title": "元数据"})
    assert read_notebook(noted, name="n").title == "元数据"
    assert read_notebook(new_notebook(cells=[new_markdown_cell("正文")]), name="n").title == "n"
    block = Block("document", title="块", author="", language="zh-CN", date=None)
    noted.cells.append(
        new_code_cell("", outputs=[new_output("display_data", data={BLOCK_MIME: block.to_json()})])
    )
    assert read_notebook(noted, name="n").title == "块"


def test_code_is_shown_only_on_demand_and_never_against_a_tag() -> None:
    cells = [
        new_code_cell("visible = 1"),
        new_code_cell("hidden = 1", metadata={"tags": ["hide-input"]}),
        new_code_cell("removed = 1", metadata={"tags": ["remove-input"]}),
    ]
    nb = new_notebook(cells=cells)
    assert read_notebook(nb).blocks == ()
    shown_blocks = read_notebook(nb, show_code=True).blocks
    assert [block.text for block in shown_blocks if isinstance(block, model.Preformatted)] == [
        "visible = 1"
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"version": 2, "kind": "title", "text": "x"}, "version 2"),
        ({"kind": "title", "text": "x"}, "version None"),
        ({"version": 1, "kind": "video"}, "unknown kind 'video'"),
        ({"version": 1, "kind": ["title"]}, "unknown kind"),
        ({"version": 1, "kind": "title"}, "no text"),
        ({"version": 1, "kind": "heading", "level": 5, "text": "x"}, "level is 5"),
        ({"version": 1, "kind": "table", "columns": [], "rows": []}, "columns is []"),
        ({"version": 1, "kind": "table", "columns": [{"text": "a"}], "rows": [["1", ""]]}, "row 0"),
        ({"version": 1, "kind": "figure", "svg": "<svg", "title": "t"}, "svg"),
        ({"version": 1, "kind": "document", "title": "t", "date": "2023-02-30"}, "2023-02-30"),
        ("text", "no object"),
    ],
)  # fmt: skip
def test_a_block_that_is_not_understood_is_an_error_that_names_its_cell(
    data: Any, expected: str
) -> None:
    output = {"output_type": "display_data", "data": {BLOCK_MIME: data}}
    cells = [new_markdown_cell("一"), {"cell_type": "code", "source": "", "outputs": [output]}]
    with pytest.raises(RenderError) as error:
        read_notebook({"cells": cells}, name="u")
    assert "u, cell 2" in error.value.where
    assert expected in str(error.value)
    assert error.value.expected


def test_svg_is_stripped_of_all_that_runs_or_loads() -> None:
    svg = clean_svg(
        "<!DOCTYPE svg><svg xmlns='http://www.w3.org/2000/svg' "
        "xmlns:xlink='http://www.w3.org/1999/xlink' onload='x()'><script>x()</script>"
        "<metadata>m</metadata><style>@import 'http://x'; .a{fill:url(http://x/#a)}</style>"
        "<image xlink:href='http://x/a.png'/><use href='#ok'/><foreignObject/>"
        "<rect style='fill:url(#grad)' clip-path='url(http://x#c)'/></svg>"
    )
    assert svg is not None
    for bad in ("script", "onload", "http://x", "metadata", "foreignObject", "@import"):
        assert bad not in svg
    assert "url(#grad)" in svg
    assert 'href="#ok"' in svg
    assert clean_svg("<svg") is None
    assert (
        clean_svg("<!DOCTYPE s [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'/>") is None
    )


def test_a_table_in_html_keeps_spans_heads_and_alignment() -> None:
    blocks = html_blocks(
        "<table><thead><tr><th rowspan=2>单位</th><th colspan=2>次数</th></tr>"
        "<tr><th>上半年</th><th>下半年</th></tr></thead>"
        "<tbody><tr><th rowspan=2>甲</th><td>1</td><td>a<br>b</td></tr>"
        "<tr><td>-2.5%</td><td></td></tr></tbody></table>"
    )
    assert blocks is not None
    table = blocks[0]
    assert isinstance(table, model.Table)
    assert [column.text for column in table.columns] == ["单位", "次数 上半年", "次数 下半年"]
    assert [column.align for column in table.columns] == ["left", "right", "left"]
    assert table.rows == (("甲", "1", "a\nb"), ("", "-2.5%", ""))
    assert html_blocks("<p>无表</p>") is None
    assert html_blocks("<table><tr><td><table></table></td></tr></table>") is None


def test_terminal_output_is_what_stays_on_the_screen() -> None:
    assert plain("\x1b[1;31m红\x1b[0m\n 10%\r100%\n") == "红\n100%"


def test_maths_is_drawn_or_shown_as_source() -> None:
    drawing = drawn(r"\frac{a}{b}+\sqrt{x}")
    assert drawing is not None
    assert drawing.alt == r"\frac{a}{b}+\sqrt{x}"
    assert clean_svg(drawing.svg) is not None
    assert drawn(r"\begin{matrix}1\end{matrix}") is None
    assert drawn("总数") is None
    assert drawn("") is None
    assert drawn(r"\unknowncommand") is None


def circular_with(stderr: str) -> Any:
    """An executed circular of which one cell wrote to stderr."""
    document = Block("document", title="通报", author="党委", language="zh-CN", date=None,
                     unit="a", year=2023)  # fmt: skip
    cells = [
        new_code_cell(
            "1", outputs=[new_output("display_data", data={BLOCK_MIME: document.to_json()})]
        ),
        new_code_cell("2", outputs=[new_output("stream", name="stderr", text=stderr)]),
        new_markdown_cell("正文。"),
    ]
    return new_notebook(cells=cells)


def test_a_circular_prints_no_warnings() -> None:
    """A warning with a path is for whoever runs it; a general notebook shows it."""
    warned = circular_with("/somewhere/x.py:1: FutureWarning: soon")
    assert "FutureWarning" not in html_page(read_notebook(warned, name="样本"))
    general = new_notebook(cells=warned.cells[1:])
    assert "FutureWarning" in html_page(read_notebook(general, name="样本"))


ASIDE = {
    "print": new_output("stream", name="stdout", text="打印的话"),
    "warning": new_output("stream", name="stderr", text="打印的话"),
    "error": new_output("error", ename="E", evalue="打印的话", traceback=["打印的话"]),
    "value": new_output("execute_result", data={"text/plain": "打印的话"}),
    "value of a widget": new_output("display_data", data={
        "text/plain": "打印的话", "application/vnd.jupyter.widget-view+json": {}}),
    "value in HTML that is no table": new_output("execute_result", data={
        "text/plain": "打印的话", "text/html": "<b>打印的话</b>"}),
    "value for a program": new_output("display_data", data={
        "text/plain": "打印的话", "application/vnd.plotly.v1+json": {}}),
}  # fmt: skip
SHOWN = {
    "a table": {"text/html": "<table><tr><td>打印的话</td></tr></table>", "text/plain": "x"},
    "Markdown": {"text/markdown": "打印的话", "text/plain": "x"},
    "a block": {BLOCK_MIME: Block("paragraph", text="打印的话").to_json(), "text/plain": "x"},
}


@pytest.mark.parametrize("what", ASIDE)
def test_a_circular_shows_no_prints_warnings_and_bare_values(what: str) -> None:
    """A line names the cell, as an analyst counts; the tag shows it; any other notebook does."""
    made = circular_with("")
    made.cells[1].outputs = [ASIDE[what]]
    made.cells.insert(0, new_code_cell("x", metadata={"tags": ["injected-parameters"]}))
    document = read_notebook(made, name="样本")
    assert "打印的话" not in html_page(document)
    word = what.partition(" ")[0]
    assert document.left_out == (
        f"cell 2: {word} left out of the paper; tag the cell `print` to show it",
    )
    general = read_notebook(new_notebook(cells=made.cells[2:]), name="样本")
    made.cells[2].metadata["tags"] = ["print"]
    for each in (read_notebook(made, name="样本"), general):
        assert "打印的话" in html_page(each) and not each.left_out


@pytest.mark.parametrize("what", SHOWN)
def test_a_circular_shows_what_is_displayed(what: str) -> None:
    """Tables, Markdown and blocks are what a paper is made of."""
    made = circular_with("")
    made.cells[1].outputs = [new_output("execute_result", data=SHOWN[what])]
    document = read_notebook(made, name="样本")
    assert "打印的话" in html_page(document) and not document.left_out


def test_a_chart_with_boxes_is_an_error() -> None:
    """Matplotlib only warns of a missing glyph: here it names the character, and what to do."""
    with pytest.raises(RenderError) as caught:
        read_notebook(circular_with("UserWarning: Glyph 26631 (x) missing from font(s)"), name="样")
    assert "“标”" in caught.value.found and "chart_fonts" in caught.value.next_step
