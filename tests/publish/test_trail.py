"""From a figure in the HTML page to the records behind it and back; nothing of it on paper."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from reportkit.display import Block
from reportkit.errors import RenderError
from reportkit.fonts import FontSet
from reportkit.publish.pdf import typst_source
from reportkit.publish.reading import read_notebook

NASTY = '东岭<b>&"引" # $x$ @ref *粗* _斜_ \\ ` <script>alert(1)</script>'
CSS = Path(__file__).parents[2] / "reportkit" / "publish" / "templates" / "circular.css"


def records(anchor: str, **changed: Any) -> Block:
    fields: dict[str, Any] = {
        "anchor": anchor,
        "title": "集体学习 22次",
        "definition": "实际举行的学习",
        "summary": "分子22，未计入：取消2次",
        "columns": ["日期", "主题"],
        "rows": [["2023年3月5日", "专题一"], ["2023年4月6日", "专题二"]],
        "notes": ["注：按日期。"],
    }
    return Block("records", **(fields | changed))


def table(links: Any = None, rows: Any = None) -> Block:
    columns = [{"text": text, "align": "center", "width": None} for text in ("指标", "本单位")]
    more = {} if links is None else {"links": links}
    return Block("table", title="对照表", columns=columns, notes=[], emphasis=[], alt="",
                 rows=rows or [["集体学习", "22"], ["研讨", "9"]], **more)  # fmt: skip


def annex(number: int | None, title: str, only: str | None = None) -> Block:
    more = {} if only is None else {"only": only}
    return Block("annex", number=number, title=title, landscape=False, **more)


def text(words: str) -> Block:
    return Block("paragraph", text=words, lead="", lead_level=2)


LINKS = [[None, "m1"], [None, "nowhere"]]


class Page(HTMLParser):
    """Ids, links within the page with their text, and headings; tags as a browser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.levels: list[int] = []
        self.tags: list[str] = []
        self.text = ""
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        if named.get("id"):
            self.ids.append(named["id"] or "")
        if tag == "a":
            self.links.append((named["href"] or "", ""))
            self._open = True
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "a"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            self.links[-1] = (self.links[-1][0], self.links[-1][1] + data)


# ---------------------------------------------------------------- HTML


def test_a_figure_leads_to_its_records_and_back(html_of: Any) -> None:
    """Every link has its place, every id is there once; a link to nowhere is plain text."""
    page = Page(html_of(table(LINKS), annex(None, "记录", "html"), records("m1"), records("m-2")))
    assert ("#m1", "22") in page.links
    assert ("#to_m1", "返回主表") in page.links
    assert all(href[1:] in page.ids for href, _ in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert "nowhere" not in [href for href, _ in page.links]
    assert page.links.count(("#to_m-2", "返回主表")) == 0  # no cell leads there
    assert "9" in page.text


def test_two_figures_may_lead_to_the_same_records(html_of: Any) -> None:
    """Back leads to the first of them; an empty cell is no link."""
    rows = [["", "22"], ["研讨", "9"]]
    page = Page(html_of(records("m1"), table([["m1", "m1"], [None, "m1"]], rows)))
    assert [shown for href, shown in page.links if href == "#m1"] == ["集体学习 22次", "22", "9"]
    assert page.ids.count("to_m1") == 1


def test_records_say_what_they_are_and_are_closed_until_asked_for(html_of: Any) -> None:
    """Without script: a link to a section shows it (CSS :target), in any browser."""
    html = html_of(annex(None, "记录", "html"), records("m1"))
    page = Page(html)
    for told in ("口径：实际举行的学习", "分子22，未计入：取消2次", "专题二", "注：按日期。"):
        assert told in page.text
    assert '<section class="rec" id="m1">' in html
    assert html.count('<th scope="col">') == 2
    assert ".rec>div{display:none" in html
    assert ".rec:target>div" in html
    assert "<script" not in html
    assert ("#m1", "集体学习 22次") in page.links
    assert ("#all_1", "全部展开") in page.links


def test_what_is_empty_leaves_no_empty_line(html_of: Any) -> None:
    html = html_of(records("m1", definition="", summary="", columns=[], rows=[], notes=[]))
    body = html[html.index("<body>") :]
    assert "口径" not in body
    assert "<table" not in body
    assert "<p" not in body


def test_markup_in_records_prints_as_itself(html_of: Any) -> None:
    fields = dict.fromkeys(("title", "definition", "summary"), NASTY)
    odd = records("m1", columns=[NASTY], rows=[[NASTY]], notes=[NASTY], **fields)
    html = html_of(table([[None, "m1"]], [["甲", NASTY]]), odd)
    page = Page(html)
    assert page.text.count(NASTY) == 7
    assert ("#m1", NASTY) in page.links
    assert not {"b", "script"} & set(page.tags)


@pytest.mark.parametrize("title", ["", "记录"])
def test_headings_of_records_skip_no_level(html_of: Any, title: str) -> None:
    head = Block("heading", level=1, text="一、情况")
    blocks = [Block("title", text="通报"), head, records("a"), annex(None, title, "html")]
    levels = Page(html_of(*blocks, records("b"), records("c"))).levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels[-1] == levels[-2]


def test_many_records_stay_lean(html_of: Any) -> None:
    """15 figures with 60 records each: little more than their own text."""
    row = ["2023年11月25日", "集体学习", "深入学习贯彻有关重要论述专题研讨", "是", "第12行"]
    many = [records(f"m{n}", columns=list("甲乙丙丁戊"), rows=[row] * 60) for n in range(15)]
    size = len(html_of(annex(None, "记录", "html"), *many).encode())
    own = 15 * 60 * len("".join(row).encode())
    assert size < 180_000
    assert size - own < 40_000


def test_a_chart_s_ids_never_are_an_anchor(html_of: Any) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"><g id="a"/></svg>'
    figure = Block("figure", svg=svg, title="图", alt="图", width_mm=None)
    ids = Page(html_of(figure, records("f1-a"), records("f1a"))).ids
    assert len(ids) == len(set(ids)) == 4


# ---------------------------------------------------------------- paper


def circular(*, html_only: bool) -> list[Block]:
    extra = [
        annex(None, "记录", "html"),
        text("仅供核对，含无字形的字𠮷。"),
        records("m1"),
        records("m2"),
    ]
    return [
        Block("title", text="通报"),
        text("正文。"),
        table(LINKS if html_only else None),
        *([records("m3")] if html_only else []),
        annex(1, "甲"),
        text("甲的内容。"),
        *(extra if html_only else []),
        annex(2, "乙"),
        *([records("m4")] if html_only else []),
        text("乙的内容。"),
        *([annex(None, "又一", "html"), records("m5")] if html_only else []),
    ]


def test_records_leave_no_trace_on_paper(notebook: Any, pdf_of: Any) -> None:
    """The PDF is the same byte for byte, the Typst source too: no page, no gap, no link."""
    assert pdf_of(*circular(html_only=True)) == pdf_of(*circular(html_only=False))
    sources = {
        typst_source(read_notebook(notebook(*circular(html_only=only))), FontSet.find())
        for only in (True, False)
    }
    assert len(sources) == 1


def test_records_are_left_out_when_the_html_page_is_printed(html_of: Any) -> None:
    """As in the PDF: the sheet of an annex for HTML alone, and records anywhere."""
    html = html_of(*circular(html_only=True))
    sheets = re.findall(r'<section class="(sheet[^"]*)"', html)
    assert sheets == ["sheet", "sheet", "sheet screen", "sheet", "sheet screen"]
    printed = CSS.read_text(encoding="utf-8").partition("@media print")[2]
    assert ".screen,.rec{display:none}" in printed


def test_an_annex_for_html_alone_has_no_label_without_a_number(html_of: Any) -> None:
    """“附件” alone would be one more beside 附件1 and 附件2."""
    html = html_of(text("正文。"), annex(None, "记录", "html"), records("m1"))
    assert "附件" not in html
    assert "附件3" in html_of(text("正文。"), annex(3, "记录", "html"))
    assert "附件" in html_of(text("正文。"), annex(None, "唯一"))


# ---------------------------------------------------------------- what is not understood


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (table("m1"), "links"),
        (table([["m1"], [None, None]]), "same shape"),
        (table([[None, None]]), "same shape"),
        (table([[None, "M 1"], [None, None]]), "a-z0-9"),
        (table([[None, 1], [None, None]]), "a-z0-9"),
        (table([[None, "m1\n"], [None, None]]), "a-z0-9"),
        (records("m_1"), "anchor"),
        (records(""), "anchor"),
        (records("m1", title=" "), "title"),
        (records("m1", columns="日期"), "columns"),
        (records("m1", rows=[["a"]]), "row 0"),
        (records("m1", rows=[["a", 1]]), "row 0"),
        (records("m1", notes="注"), "notes"),
        (annex(None, "记录", "pdf"), "only"),
        (Block("document", title="题", keep="东岭"), "keep"),
        (Block("document", title="题", keep=[1]), "keep"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_an_error_that_names_it(
    notebook: Any, block: Block, expected: str
) -> None:
    with pytest.raises(RenderError) as error:
        read_notebook(notebook(block), name="u")
    assert expected in str(error.value)
    assert "u, cell 1" in error.value.where


def test_two_records_of_one_anchor_are_an_error_that_names_the_second(notebook: Any) -> None:
    with pytest.raises(RenderError, match="'m1'") as error:
        read_notebook(notebook(records("m1"), records("m1")), name="u")
    assert error.value.where == "u, cell 2"


def test_optional_fields_may_be_null_or_absent(html_of: Any) -> None:
    null = Block("document", title="题", keep=None)
    plain = Block("table", **(dict(table().fields) | {"links": None}))
    html = html_of(null, plain, Block("annex", number=1, title="甲", landscape=False, only=None))
    assert "<a " not in html
