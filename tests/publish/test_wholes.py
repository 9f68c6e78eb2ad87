"""Names, and a number with its unit, are never split over lines: in the PDF and in HTML."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pdfplumber
import pypdf
import pytest
from counting import steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.display import KEEP_JUSTIFIED, KEEP_LONGEST, Block
from reportkit.fonts import FontSet
from reportkit.publish.layout import title_lines
from reportkit.publish.model import Document, Paragraph, Text
from reportkit.publish.pdf import pdf_bytes
from reportkit.publish.wholes import BETWEEN, MAY_BREAK, NEW_LINE, PLAIN, WHOLE, Kept, pieces

FILLER = "各单位党委认真贯彻落实上级部署要求精心组织学习深入研讨交流成果转化运用"
NAMES = ("东岭", "东岭矿业", "云屏矿业", "A公司", "西部区域事业一部")
LONG = "岱川集团东岭矿业有限公司"  # 12 characters, with 东岭矿业 in it
NUMBERS = (
    "12.5个百分点", "−1.5个百分点", "128场次", "3056人次", "7家单位", "6个月", "3个季度", "4个专题",
    "2023年度", "98.5%", "第3季度", "1—9月", "9/12次", "三分之一", "3分之1", "两个季度", "十二次",
    "×××次", "×××个百分点", "×.×%", "×××家同类单位", "x2023年",
)  # fmt: skip
# In justified text the noun behind 个, 家, 名 may go over without its number.
PARTED = {
    "7家单位": ("7家",), "4个专题": ("4个",),
    "×××家同类单位": ("×××家",),
}  # fmt: skip
NASTY = ("<b>&矿", '"东#岭"', "$x$@ref", "*粗*_斜_", "码`\\公司")


def document(*names: str) -> Block:
    return Block("document", title="题", author="", language="zh-CN", date=None, unit="a",
                 year=2023, keep=list(names))  # fmt: skip


def at_every_place(targets: tuple[str, ...]) -> list[Block]:
    """Paragraphs in which each target meets the line's end with each of its characters."""
    return [
        Block("paragraph", text=FILLER[:offset] + target + FILLER, lead="", lead_level=2)
        for target in targets
        for offset in range(26 - len(target), 27)
    ]


def lines_of(pages: list[Any]) -> list[str]:
    """All lines but the page numbers, as text."""
    return ["".join(char["text"] for char in line) for page in pages for line in page[:-1]]


def split(lines: list[str], target: str) -> int:
    """How many times the target is cut by a line end."""
    return "".join(lines).count(target) - sum(line.count(target) for line in lines)


# ---------------------------------------------------------------- the finished PDF


def test_no_name_or_number_is_cut_wherever_the_line_ends(pages_of: Any) -> None:
    """Each begins some line, so the break did fall within it."""
    targets = [piece for target in (*NAMES, *NUMBERS) for piece in PARTED.get(target, (target,))]
    lines = lines_of(pages_of(document(*NAMES), *at_every_place((*NAMES, *NUMBERS))))
    assert [target for target in targets if split(lines, target)] == []
    assert [t for t in targets if not any(line.startswith(t) for line in lines)] == []


def test_names_are_cut_where_a_document_does_not_keep_them(pages_of: Any) -> None:
    """The test above would see it."""
    lines = lines_of(pages_of(document(), *at_every_place(("东岭矿业",))))
    assert split(lines, "东岭矿业") > 0


def test_names_full_of_markup_are_kept_and_print_as_themselves(pages_of: Any) -> None:
    lines = lines_of(pages_of(document(*NASTY), *at_every_place(NASTY)))
    for name in NASTY:
        assert "".join(lines).count(name) == len(name) + 1
        assert split(lines, name) == 0


def test_a_longer_name_may_break_in_justified_text_but_not_within_a_shorter_one(
    pages_of: Any,
) -> None:
    lines = lines_of(pages_of(document(LONG, "东岭矿业"), *at_every_place((LONG,))))
    assert split(lines, LONG) > 0
    assert split(lines, "东岭矿业") == 0


def test_headings_notes_and_lists_of_annexes_keep_names(pages_of: Any) -> None:
    """Notes and lists are not justified: longer names are kept too."""
    column = {"text": "a", "align": "left", "width": None}
    blocks = [document(*NAMES, LONG)]
    for offset in range(14, 36):
        text = (FILLER * 2)[:offset]
        blocks += [
            Block("heading", level=2, text=f"{text}云屏矿业{FILLER}"),
            Block("table", title="", columns=[column], rows=[["1"]], alt="", emphasis=[],
                  notes=[f"{text}{LONG}{FILLER}"]),
            Block("annex_list", items=[f"{text}{LONG}{FILLER}"]),
        ]  # fmt: skip
    lines = lines_of(pages_of(*blocks))
    assert split(lines, "云屏矿业") == split(lines, LONG) == 0


def test_a_kept_name_opens_the_line_above_by_less_than_half_a_character(pages_of: Any) -> None:
    """Names do not stay tight in a line that is stretched: the gap is shared by all of it."""
    name = "西部区域事业一部"
    assert len(name) == KEEP_JUSTIFIED
    text = "".join(f"{FILLER[:step]}{name}" for step in (9, 17, 4, 30, 21, 13, 26, 6, 34, 11) * 4)
    pages = pages_of(document(name), Block("paragraph", text=text, lead="", lead_level=2))
    lines = [line for page in pages for line in page[:-1]][1:-1]
    gaps = [max(b["x0"] - a["x1"] for a, b in pairwise(line)) for line in lines]
    assert split(lines_of(pages), name) == 0
    assert max(gaps) < 0.5 * 15.75
    for line, gap in zip(lines, gaps, strict=True):
        assert min(b["x0"] - a["x1"] for a, b in pairwise(line)) == pytest.approx(gap, abs=0.2)


def test_what_keeps_a_name_whole_is_no_part_of_the_text(pdf_of: Any) -> None:
    """Neither of the page, where it is searched, nor of a bookmark."""
    text = "东岭矿业12.5个百分点"
    data = pdf_of(
        document(*NAMES),
        Block("heading", level=1, text=text),
        Block("paragraph", text=text, lead=text, lead_level=2),
    )
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert re.sub(r"\s", "", reader.pages[0].extract_text()).startswith(text * 3)
    assert [item.title for item in reader.outline if not isinstance(item, list)] == [text]


@pytest.mark.parametrize("columns", [3, 8, 14])
def test_cells_hold_whole_what_fits_and_nothing_runs_into_the_next_column(
    pdf_of: Any, columns: int
) -> None:
    texts = ["东岭矿业", "−12.5个百分点", "岱川集团东岭矿业有限公司组织集体学习12345.5人次"]
    table = Block(
        "table",
        title="",
        columns=[{"text": "云屏矿业", "align": "left", "width": None} for _ in range(columns)],
        rows=[[texts[(x + y) % 3] for x in range(columns)] for y in range(3)],
        notes=[],
        emphasis=[],
        alt="",
    )
    with pdfplumber.open(io.BytesIO(pdf_of(document(*NAMES, LONG), table))) as pdf:
        page = pdf.pages[0]
        cells = [cell for found in page.find_tables() for cell in found.cells]
        assert len(cells) >= 4 * columns
        for left, top, right, bottom in cells:
            for char in page.chars:
                x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
                if left < x < right and top < y < bottom:
                    assert left - 0.6 <= char["x0"] and char["x1"] <= right + 0.6, char["text"]
        found = {cell for table in page.extract_tables() for row in table for cell in row if cell}
    assert {re.sub(r"\s", "", cell) for cell in found} == {"云屏矿业", *texts}


WORDS = st.sampled_from([*NAMES, *NUMBERS, *"，。、（）各单位党委认真贯彻落实学习", "——", "AB"])


@given(st.lists(WORDS, min_size=60, max_size=160))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_whole_is_cut_in_any_text(words: list[str]) -> None:
    """Whatever stands beside it: every piece of the text is found within one line."""
    text = "".join(words)
    data = pdf_bytes(Document("题", (Paragraph((Text(text),)),), keep=NAMES), FontSet.find())
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        lines: list[str] = []
        for page in pdf.pages:
            tops: dict[float, str] = {}
            for char in page.chars:
                top = round(char["matrix"][5], 1)
                tops[top] = tops.get(top, "") + char["text"]
            lines += [tops[top] for top in sorted(tops, reverse=True)][:-1]
    assert "".join(lines) == text
    ends = set()
    for line in lines:
        ends.add((max(ends) if ends else 0) + len(line))
    place = 0
    for piece, how in pieces(text, Kept(NAMES)):
        if how == WHOLE:
            assert not ends & set(range(place + 1, place + len(piece))), piece
        place += len(piece)


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize("offset", range(8, 24))
@pytest.mark.parametrize("name", ["东岭", "东岭矿业", LONG, "2023年度"])
def test_no_title_is_cut_within_a_name(name: str, offset: int) -> None:
    title = f"关于{FILLER[:offset]}{name}{FILLER[:9]}情况的通报"
    lines = title_lines(title, kept=Kept([LONG, "东岭矿业", "东岭"]))
    assert "".join(lines) == title
    assert sum(line.count(name) for line in lines) == 1


def test_a_title_that_is_one_name_still_prints() -> None:
    """Where there is no other place to break, it breaks within the name."""
    name = "甲乙丙丁戊己庚辛"
    lines = title_lines(name, 5, Kept([name]))
    assert "".join(lines) == name
    assert len(lines) > 1


# ---------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("增加2次，提高1.2个百分点", ["2次，", "1.2个百分点"]),
        ("下降−1.5个百分点、+3次", ["−1.5个百分点、", "+3次"]),
        ("×××家单位×××人次", ["×××家", "×××人次"]),
        ("领办一个课题，5个工作日，3个季度", ["一个", "5个", "工作日，", "3个季度"]),
        ("2024年1月8日，1—9月", ["2024年", "1月", "8日，", "1—9月"]),
        ("占三分之二以上，百分之80.5", ["三分之二", "百分之80.5"]),
        ("第一季度、第十二次、两个月", ["第一季度、", "第十二次、", "两个月"]),
        ("2023-01-08日 https://a.cn/12次 abc123", []),
        ("统一部署，一是，十分重要", []),
        ("东岭矿业与东岭、AA公司、A公司", ["东岭矿业", "东岭、", "A公司"]),
        ("2023东岭矿业", ["东岭矿业"]),
        ("东岭矿业：好，《东岭》（12次）。", ["东岭矿业：", "《东岭》", "（12次）。"]),
        ("东岭矿业”“云屏矿业", ["东岭矿业”", "“云屏矿业"]),
        ("前四分之一，后四分之一", ["前四分之一，", "后四分之一"]),
        ("中上水平、中下水平、中位水平", ["中上水平、", "中下水平、", "中位水平"]),
    ],
)
def test_what_is_whole(text: str, whole: list[str]) -> None:
    """The longest name counts; a name is no part of a Latin word; a name before a number.

    Each takes along the marks about it.
    """
    assert [p for p, how in pieces(text, Kept(NAMES)) if how == WHOLE] == whole


def test_a_narrow_column_keeps_a_unit_s_first_character_or_nothing() -> None:
    """As wide as the column at most: a piece that cannot break must not run out of it."""
    wholes = [
        [p for p, how in pieces("12.5个百分点", longest=16, room=room) if how == WHOLE]
        for room in (9, 4, 2)
    ]
    assert wholes == [["12.5个百分点"], ["12.5个", "百分点"], []]
    kept = Kept(["东岭矿业公司", "东岭"])
    assert [p for p, how in pieces("东岭矿业公司", kept, room=3) if how == WHOLE] == ["东岭"]
    # Neither its marks: the name breaks rather than that one of them begins a line.
    assert pieces("东岭：", Kept(["东岭"]), room=2.5) == [("东岭：", PLAIN)]
    for room, whole in ((5, "前四分之一"), (4, "四分之一")):
        assert (whole, WHOLE) in pieces("前四分之一", longest=16, room=room)


@given(
    st.text(st.sampled_from("东岭矿业公司A12.×次个百分点第一\n，-x"), max_size=60),
    st.lists(st.text(st.sampled_from("东岭矿业公司A1\n"), max_size=18), max_size=6),
)
@settings(max_examples=200, deadline=None)
def test_pieces_with_names_put_together_are_the_text(text: str, names: list[str]) -> None:
    cut = pieces(text, Kept(names), longest=KEEP_LONGEST)
    assert "".join("\n" if how == NEW_LINE else piece for piece, how in cut) == text
    assert all(piece or how in (NEW_LINE, MAY_BREAK, BETWEEN) for piece, how in cut)


def test_thousands_of_names_cost_no_more_than_a_few() -> None:
    """Names that begin alike included, as those of one group do."""
    text = "单位1有限公司组织集体学习12次，单位名称见附件，单位数不变。" * 200

    def work(count: int) -> int:
        kept = Kept(f"单位{number}有限公司" for number in range(count))
        return steps(lambda: pieces(text, kept))

    work(2)
    assert work(5000) < 1.2 * work(2)


# ---------------------------------------------------------------- HTML


class Spans(HTMLParser):
    """The text of each span that is held together, and the text of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.held: list[str] = []
        self.text = ""
        self._within = False
        self.feed(page[page.index("<body>") :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span" and ("class", "k") in attrs:
            self._within = True
            self.held.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._within = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._within:
            self.held[-1] += data


def test_html_holds_names_and_numbers_together(html_of: Any) -> None:
    """In spans that do not wrap; long names in what is not justified alone."""
    column = {"text": "单位", "align": "left", "width": None}
    text = f"{LONG}、云屏矿业等12家单位提高1.2个百分点"
    page = html_of(
        document(*NAMES, LONG),
        Block("title", text=f"关于{LONG}2023年度情况的通报"),
        Block("heading", level=1, text=text),
        Block("paragraph", text=text, lead=text, lead_level=2),
        Block("table", title="", columns=[column], rows=[[text]], notes=[text], emphasis=[],
              alt=""),
    )  # fmt: skip
    spans = Spans(page)
    running = ["东岭矿业", "云屏矿业", "12家", "1.2个百分点"]
    ragged = [f"{LONG}、", "云屏矿业", "12家单位", "1.2个百分点"]
    assert spans.held == [LONG, "2023年度", *running * 3, *ragged * 2]
    assert spans.text.count(text) == 5
    assert ".k{white-space:nowrap}" in page


def test_names_full_of_markup_print_as_themselves_in_html(html_of: Any) -> None:
    text = "、".join(NASTY)
    page = html_of(document(*NASTY), Block("paragraph", text=text, lead="", lead_level=2))
    spans = Spans(page)
    assert spans.held == [f"{name}、" for name in NASTY[:-1]] + [NASTY[-1]]
    assert text in spans.text
    assert "<b>" not in page


def test_the_list_of_names_itself_is_nowhere(pdf_of: Any, html_of: Any) -> None:
    """A masked edition's list may hold names that must not be delivered."""
    parts = [document("秘密单位"), Block("paragraph", text="正文。", lead="", lead_level=2)]
    assert "秘密单位" not in html_of(*parts)
    assert pdf_of(*parts) == pdf_of(document(), parts[1])
