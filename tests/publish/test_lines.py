"""Where lines end: in titles, about names and numbers, in narrow columns; how tight they are."""

from __future__ import annotations

import io
import re
from functools import partial
from itertools import pairwise
from typing import Any

import pdfplumber
import pytest

from reportkit.display import Block
from reportkit.publish.layout import PORTRAIT_PT, screen_shares, table_parts, title_lines
from reportkit.publish.model import Column, Table
from reportkit.publish.wholes import Kept, width_em

SIZE = 15.75
FILLER = "各单位党委认真贯彻落实上级部署要求精心组织学习深入研讨交流成果转化运用"
CLOSING = "，。、；：？！…·）》”’】％%"
OPENING = "（《“‘【"
NAME = "皓岩设计"


def document(*names: str) -> Block:
    return Block("document", title="题", author="", language="zh-CN", date=None, unit="a",
                 year=2023, keep=list(names))  # fmt: skip


def paragraph(text: str) -> Block:
    return Block("paragraph", text=text, lead="", lead_level=2)


def table(rows: list[list[str]], widths: list[float | None], notes: list[str]) -> Block:
    columns = [{"text": "栏", "align": "left", "width": width} for width in widths]
    return Block("table", title="", columns=columns, rows=rows, notes=notes, emphasis=[], alt="")


# ---------------------------------------------------------------- titles

ORGS = ("党委", "党总支", "党支部")
PERIODS = ("", "上半年", "前三季度", "第一季度")
UNITS = (
    "苍麓矿业", "祥埠物流", "西南区域事业部", "岱川能源西部分公司", "云屏稀有金属研究院",
    "新材料技术研究总院", "岱川工程勘察设计研究院", "岱川集团东岭矿业有限公司",
)  # fmt: skip


@pytest.mark.parametrize("org", ORGS)
@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("unit", ["", *UNITS])
def test_a_circular_s_title_breaks_before_the_group_s_name(
    unit: str, period: str, org: str
) -> None:
    """关于苍麓矿业2023年 / 党委理论学习中心组学习情况的通报: the group's name is one word."""
    group = f"{org}理论学习中心组"
    lines = title_lines(f"关于{unit}2023年{period}{group}学习情况的通报", kept=Kept(UNITS))
    assert all(width_em(line) <= 20 for line in lines)
    assert sum(group in line for line in lines) == 1
    if width_em(f"关于{unit}2023年{period}") <= 20 and (unit or period):
        assert lines == [f"关于{unit}2023年{period}", f"{group}学习情况的通报"]
    widths = [width_em(line) for line in lines]
    assert not any(b < min(a, c) for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))


@pytest.mark.parametrize(
    "title",
    [
        "关于2023年集团公司权属单位 / 党委理论学习中心组学习情况的通报",
        "关于2023年党委理论学习中心组 / 学习情况的通报",
        "关于2023年度集团公司 / 各级党委理论学习中心组 / 学习情况检查考核结果的通报",
        "关于印发《岱川能源集团有限公司 / 党委理论学习中心组学习规则》的通知",
        "党委理论学习中心组学习情况统计表",
    ],
)
def test_titles_of_other_papers_leave_the_group_s_name_whole_too(title: str) -> None:
    assert title_lines(title.replace(" / ", "")) == title.split(" / ")


# ---------------------------------------------------------------- marks about names and numbers


def texts_with_marks() -> list[str]:
    """Each mark behind and before a name and a number, at every place of a line."""
    pairs = [*((core + mark) for core in (NAME, "12次") for mark in "：；，”）"),
             *((mark + core) for core in (NAME, "12次") for mark in OPENING[:3])]  # fmt: skip
    return [FILLER[:offset] + pair + FILLER for pair in pairs for offset in range(3, 16, 2)]


def _within(cell: tuple[float, float, float, float], thing: dict[str, Any]) -> bool:
    left, top, right, bottom = cell
    middle = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return left < middle[0] < right and top < middle[1] < bottom


def cell_lines(data: bytes) -> list[str]:
    """The lines of text within each cell, and below the tables."""
    lines: list[str] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for found in page.find_tables():
                for cell in found.cells:
                    within = page.filter(partial(_within, cell))
                    lines += (within.extract_text() or "").split("\n")
    return [re.sub(r"\s", "", line) for line in lines if line.strip()]


def no_forbidden_mark(lines: list[str]) -> None:
    assert [line for line in lines if line[0] in CLOSING] == []
    assert [line for line in lines if line[-1] in OPENING] == []


def test_no_line_of_a_cell_begins_or_ends_with_a_mark_about_what_is_kept(pdf_of: Any) -> None:
    for widths in ([1.0, 1.0, 1.0], [1.0] * 5):
        texts = texts_with_marks()
        texts += [""] * (-len(texts) % len(widths))
        rows = [texts[i : i + len(widths)] for i in range(0, len(texts), len(widths))]
        lines = cell_lines(pdf_of(document(NAME), table(rows, list(widths), [])))
        assert len(lines) > 2 * len(texts)
        assert any(line.startswith(f"{NAME}：") for line in lines)
        no_forbidden_mark(lines)
        joined = "".join(lines)
        assert joined.count(NAME) == sum(line.count(NAME) for line in lines)


def test_nor_does_a_line_of_paragraphs_headings_and_notes(pages_of: Any) -> None:
    texts = [FILLER[:8] + text for text in texts_with_marks()]
    pages = pages_of(
        document(NAME),
        *map(paragraph, texts),
        *(Block("heading", level=2, text=text) for text in texts),
        table([["1"]], [None], [FILLER[:10] + text for text in texts]),
    )
    lines = ["".join(char["text"] for char in line) for page in pages for line in page[:-1]]
    no_forbidden_mark([line for line in lines if line.strip()])


def test_in_html_the_marks_are_held_by_the_same_span(html_of: Any) -> None:
    text = f"（{NAME}：12次，《{NAME}》98.5%（5人），后四分之一"
    page = html_of(document(NAME), paragraph(text), table([[text]], [None], [text]))
    held = [f"（{NAME}：", "12次，", f"《{NAME}》", "98.5%", "（5人），", "后四分之一"]
    assert re.findall(r'<span class="k">([^<]+)</span>', page) == held * 3
    assert page.count("98.5%</span><wbr><span") == 3


def test_marks_about_names_are_as_wide_as_others_in_a_line(pdf_of: Any) -> None:
    """A box by itself would set them at half their width."""
    text = f"一《{NAME}》：二"
    data = pdf_of(document(NAME), table([[text, "格"]], [3.0, 1.0], [text]))
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        chars = pdf.pages[0].chars
        places = [i for i, char in enumerate(chars) if char["text"] == "一"]
        assert len(places) == 2
        for place in places:
            one, two = chars[place], chars[place + len(text) - 1]
            # All but one half: two marks together share a whole one.
            assert (two["x0"] - one["x0"]) / one["size"] == pytest.approx(len(text) - 1.5, abs=0.02)


# ---------------------------------------------------------------- justified lines


def widest_gaps(pages: list[Any]) -> list[float]:
    """For each line the widest gap between its characters, in em."""
    lines = [line for page in pages for line in page[:-1] if len(line) > 1]
    return [max(b["x0"] - a["x1"] for a, b in pairwise(line)) / SIZE for line in lines]


@pytest.mark.parametrize(
    "piece",
    [
        "一个课题，",
        "7个必学专题，",
        "12家同类单位，",
        "63.5%（5人），",
        "5个工作日，",
    ],
)
def test_a_number_opens_no_line_by_more_than_a_fifth_of_a_character(
    pages_of: Any, piece: str
) -> None:
    """Wherever the line ends. It was 0.29 em for 63.5%（5人）.

    A change in 个百分点, which never parts from its number, may cost more: up to 0.3.
    """
    texts = [FILLER[:offset] + piece + FILLER for offset in range(17, 27)]
    assert max(widest_gaps(pages_of(document(), *map(paragraph, texts)))) < 0.2


# ---------------------------------------------------------------- narrow columns


def test_places_among_others_stay_whole_where_the_column_holds_them(pdf_of: Any) -> None:
    places = ["前四分之一", "后四分之一", "中上水平", "中下水平", "中位水平"]
    rows = [[f"{lead}{place}"] * 6 for place in places for lead in ("居", "现处于")]
    lines = cell_lines(pdf_of(document(), table(rows, [1.0] * 6, [])))
    assert len(lines) > len(rows) * 6
    assert [line for line in lines if not any(place in line for place in places)] == ["栏"] * 6 + [
        line for line in lines if line in ("居", "现处于")
    ]


def test_a_column_too_narrow_for_a_number_s_whole_unit_parts_it_before_the_noun(
    pdf_of: Any,
) -> None:
    lines = cell_lines(pdf_of(document(), table([["+10.5个百分点"] * 8], [1.0] * 8, [])))
    assert set(lines) == {"栏", "+10.5个", "百分点"}


# ---------------------------------------------------------------- columns on the screen


def main_table(*widths: float | None) -> Table:
    """As narrow as 主要指标对照表 with its first column."""
    align = ("left", *["center"] * (len(widths) - 1))
    columns = tuple(Column("栏", a, w) for a, w in zip(align, widths, strict=True))  # type: ignore[arg-type]
    row = ("班子成员年度平均参学率", *["98.5%"] * (len(widths) - 1))
    return Table(columns, (row,))


def shares_em(table: Table) -> list[float]:
    """Columns' widths on the screen, in em of its type."""
    (part,) = table_parts(table, PORTRAIT_PT)
    return [share * PORTRAIT_PT / 1200 for share in screen_shares(table, part, PORTRAIT_PT)]


def test_a_column_of_text_has_room_for_six_characters_on_the_screen() -> None:
    ems = shares_em(main_table(1.0, 2.2, 1.6, 2.1, 1.6, 2.1, 2.4))
    assert ems[0] == pytest.approx(6.9)
    assert sum(ems) == pytest.approx(PORTRAIT_PT / 12)
    assert min(ems[1:]) > 3


def test_widths_are_those_on_paper_where_there_is_room() -> None:
    given = main_table(3.0, 1.0, 1.0)
    (part,) = table_parts(given, PORTRAIT_PT)
    ems = shares_em(given)
    for em, width in zip(ems, part.widths, strict=True):
        assert em / sum(ems) == pytest.approx(width / sum(part.widths))


def test_only_columns_of_text_with_a_width_insist_on_it(html_of: Any) -> None:
    """So that cells of other columns that do not wrap cannot squeeze them."""
    columns = [
        {"text": text, "align": align, "width": width}
        for text, align, width in (("甲", "left", 1.0), ("乙", "center", 5.0), ("丙", "left", None))
    ]
    rows = [["班子成员年度平均参学率", "98.5%", "备注"]]
    page = html_of(
        Block("table", title="", columns=columns, rows=rows, notes=[], emphasis=[], alt="")
    )
    assert page.count('<th scope="col" class="t">') == 1
    assert '<th scope="col" class="t">甲' in page
