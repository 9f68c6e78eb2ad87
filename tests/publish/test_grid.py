"""The page after GB/T 9704-2012, measured from the glyphs' positions in the finished PDF."""

from __future__ import annotations

import io
import random
from itertools import pairwise
from typing import Any

import pdfplumber
import pytest

from reportkit.display import Block

MM = 72 / 25.4
PITCH = 29.55
SIZE = 15.75
HANZI = "各单位党委认真贯彻落实上级部署要求精心组织学习"


def text_of(line: list[dict[str, Any]]) -> str:
    return "".join(char["text"] for char in line).strip()


def body(page: list[Any]) -> list[Any]:
    """The lines without the page number."""
    return page[:-1]


def test_a_page_of_plain_text_holds_22_lines_of_28_characters(pages_of: Any) -> None:
    pages = pages_of(Block("paragraph", text=(HANZI * 80)[:1600]))
    assert [len(body(page)) for page in pages[:2]] == [22, 22]
    for line in body(pages[1]):
        assert len(line) == 28
        steps = [b["x0"] - a["x0"] for a, b in pairwise(line)]
        assert all(abs(step - SIZE) < 0.06 for step in steps)
    assert len(body(pages[0])[0]) == 26  # indented by two characters


def test_lines_are_one_pitch_apart_with_headings_and_blank_lines_among_them(pages_of: Any) -> None:
    """Whatever its size or font, a line takes one place of the grid, a blank line too."""
    pages = pages_of(
        Block("title", text="关于2023年学习情况的通报"),
        Block("addressee", text="各单位"),
        Block("heading", level=1, text="一、总体情况"),
        Block("paragraph", text=HANZI * 5),
        Block("heading", level=2, text="（一）做法"),
        Block("paragraph", lead="（二）规范。", lead_level=2, text=HANZI * 12),
        Block("heading", level=3, text="1.小标题"),
        Block("paragraph", text=HANZI * 15),
        Block("annex_list", items=["甲表", "乙表"]),
        Block("signature", issuer="某公司委员会", date="2024年1月8日"),
    )
    top = 297 * MM - 37 * MM
    for page in pages:
        for line in body(page):
            # Baselines stand at top − (0.88 em + n pitches) for whole n.
            place = (top - line[0]["matrix"][5] - 0.88 * SIZE) / PITCH
            assert abs(place - round(place)) < 0.02, text_of(line)
            assert round(place) < 22


def test_text_keeps_within_the_text_area_and_the_binding_edge_alternates(pages_of: Any) -> None:
    pages = pages_of(Block("paragraph", text=HANZI * 90))
    for number, page in enumerate(pages[:3], start=1):
        left = 28 if number % 2 else 26
        chars = [char for line in body(page) for char in line]
        assert min(c["x0"] for c in chars) == pytest.approx(left * MM, abs=0.05)
        assert max(c["x1"] for c in chars) <= (left + 156) * MM + 0.05


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(pages_of: Any) -> None:
    """4号: one character (14 pt) in from the outer edge; the dash 7 mm below the text area."""
    pages = pages_of(Block("paragraph", text=HANZI * 90))
    for number, page in enumerate(pages, start=1):
        line = page[-1]
        assert text_of(line) == f"— {number} —"
        assert {round(char["size"], 2) for char in line} == {14.0}
        if number % 2:
            assert line[-1]["x1"] == pytest.approx(184 * MM - 14, abs=0.1)
        else:
            assert line[0]["x0"] == pytest.approx(26 * MM + 14, abs=0.1)
        # Noto Serif SC has the middle of its dash 0.2675 em above the baseline.
        assert line[0]["matrix"][5] + 0.2675 * 14 == pytest.approx(28 * MM, abs=0.2)


def test_no_line_begins_or_ends_with_a_forbidden_mark_and_dashes_stay_whole(pages_of: Any) -> None:
    chance = random.Random(7)
    marks = ["，", "。", "、", "；", "：", "？", "！", "）", "》", "”", "——", "……", "（", "《", "“"]
    words = ["学习", "2023年", "13项", "98.5%", "党委", "组织", "落实情况", "x"]
    text = "".join(
        chance.choice(words) + (chance.choice(marks) if chance.random() < 0.6 else "")
        for _ in range(900)
    )
    pages = pages_of(Block("paragraph", text=text))
    lines = [text_of(line) for page in pages for line in body(page)]
    for line, following in pairwise(lines):
        assert line[0] not in "，。、；：？！）》”", line
        assert line[-1] not in "（《“", line
        assert not (line[-1] == "—" and following[0] == "—" and not line.startswith("—"))
        assert not (line[-1].isdigit() and following[0] in "年项%.0123456789"), (line, following)


def test_signature_is_two_from_the_right_and_the_date_two_right_of_it(pages_of: Any) -> None:
    """Without seal: 署名右空二字, the date begins two characters right of the name."""
    page = pages_of(
        Block("paragraph", text=HANZI),
        Block("signature", issuer="中共某某集团公司委员会", date="2024年1月8日"),
    )[0]
    name, day = body(page)[-2:]
    assert name[-1]["x1"] == pytest.approx(184 * MM - 2 * SIZE, abs=0.1)
    assert day[0]["x0"] - name[0]["x0"] == pytest.approx(2 * SIZE, abs=0.1)


def test_a_date_longer_than_the_name_keeps_the_two_characters_itself(pages_of: Any) -> None:
    page = pages_of(Block("signature", issuer="某部", date="2024年12月28日"))[0]
    name, day = body(page)[-2:]
    assert day[-1]["x1"] == pytest.approx(184 * MM - 2 * SIZE, abs=0.1)
    assert day[0]["x0"] - name[0]["x0"] == pytest.approx(2 * SIZE, abs=0.1)


def test_an_annex_begins_a_page_with_its_label_on_line_1_and_its_title_on_line_3(
    pages_of: Any,
) -> None:
    pages = pages_of(
        Block("paragraph", text=HANZI),
        Block("annex", number=2, title="统计表", landscape=False),
        Block("paragraph", text=HANZI),
    )
    assert len(pages) == 2
    label, title = body(pages[1])[:2]
    assert (text_of(label), text_of(title)) == ("附件2", "统计表")
    assert label[0]["matrix"][5] - title[0]["matrix"][5] == pytest.approx(2 * PITCH, abs=0.1)
    assert title[0]["size"] == pytest.approx(22)


def wide_table(rows: int, columns: int) -> Block:
    heads = ["单位", *(f"第{i}项指标（次）" for i in range(1, columns))]
    return Block(
        "table",
        title="附表",
        columns=[{"text": head, "align": "right", "width": None} for head in heads],
        rows=[
            [f"第{r}家单位有限公司", *(f"{r * 1000 + c}" for c in range(1, columns))]
            for r in range(rows)
        ],
        notes=["注：截至年底。"],
        emphasis=[rows - 1],
        alt="各单位指标",
    )


def test_a_landscape_annex_of_60_rows_and_15_columns_is_not_clipped(pdf_of: Any) -> None:
    """Every cell is inside the page's text area, the head on each page, the number in place."""
    data = pdf_of(
        Block("paragraph", text=HANZI),
        Block("annex", number=None, title="各单位情况", landscape=True),
        wide_table(60, 15),
    )
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        pages = pdf.pages[1:]
        assert len(pages) > 1
        found: set[str] = set()
        for page in pages:
            assert page.width > page.height
            words = page.extract_words()
            found |= {word["text"] for word in words}
            upright = [char for char in page.chars if abs(char["matrix"][1]) < 1e-3]
            assert min(c["x0"] for c in upright) >= 35 * MM - 0.1
            assert max(c["x1"] for c in upright) <= (297 - 37) * MM + 0.1
            assert max(c["bottom"] for c in upright) <= (210 - 26) * MM + 0.1
            assert "单位" in found
            turned = [c for c in page.chars if abs(c["matrix"][1]) > 1e-3]
            middle = sum(c["top"] for c in turned) / len(turned)
            # Rotated, at the left edge: below on odd, above on even pages.
            assert all(c["x1"] < 34 * MM for c in turned)
            assert (middle > 105 * MM) == (page.page_number % 2 == 1)
    assert {f"{r * 1000 + c}" for r in range(60) for c in range(1, 15)} <= found


@pytest.mark.parametrize("columns", [2, 9, 25, 60])
def test_a_table_of_any_width_stays_on_a_portrait_page(pdf_of: Any, columns: int) -> None:
    """What does not fit in the smallest size is cut into several tables."""
    with pdfplumber.open(io.BytesIO(pdf_of(wide_table(12, columns)))) as pdf:
        words = [word for page in pdf.pages for word in page.extract_words()]
        assert max(word["x1"] for word in words) <= 184 * MM + 0.1
    assert {f"{r * 1000 + c}" for r in range(12) for c in range(1, columns)} <= {
        word["text"] for word in words
    }


def test_a_cell_longer_than_a_page_breaks_over_pages(pdf_of: Any) -> None:
    long = "".join(f"第{i}句。" for i in range(900))
    table = Block(
        "table",
        title="长表",
        columns=[{"text": "序", "align": "left", "width": 1}, {"text": "内容", "align": "left"}],
        rows=[["1", long]],
        notes=[],
        emphasis=[],
        alt="",
    )
    with pdfplumber.open(io.BytesIO(pdf_of(table))) as pdf:
        text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert "第0句。" in text
    assert "第899句。" in text


def test_a_long_word_is_broken_instead_of_running_off_the_page(pdf_of: Any) -> None:
    word = "https://example.org/" + "0123456789abcdef" * 20
    parts = [Block("paragraph", text=word), Block("heading", level=1, text=word)]
    with pdfplumber.open(io.BytesIO(pdf_of(*parts))) as pdf:
        page = pdf.pages[0]
        assert max(char["x1"] for char in page.chars) <= 184 * MM + 0.1
        assert page.extract_text().replace("\n", "").count(word) == 2
