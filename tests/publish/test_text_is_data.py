"""Text prints as it stands: no character of it is markup, and none is lost."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.display import Block
from reportkit.errors import FontError
from reportkit.fonts import FontSet
from reportkit.publish.layout import title_lines
from reportkit.publish.model import Document, Paragraph, Text, clean
from reportkit.publish.pdf import pdf_bytes, typst_source
from reportkit.publish.wholes import pieces

NASTY = (
    '东岭#1 $x$ @ref *粗* _斜_ <b>"引"</b> `码` \\ #{panic()} $&{{ x }}{% y %} '
    "[a](b) // 注 ~ -- ---"
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def pdf_text(data: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def every_place(text: str) -> list[Block]:
    """A document with the text wherever a text can stand."""
    column = {"text": text, "align": "left", "width": None}
    return [
        Block("document", title=text, author=text, language="zh-CN", date="2024-01-08",
              unit=text, year=2023),
        Block("title", text=text),
        Block("addressee", text=text),
        Block("heading", level=2, text=text),
        Block("paragraph", text=text, lead=text, lead_level=2),
        Block("table", title=text, columns=[column], rows=[[text]], notes=[text], emphasis=[0],
              alt=text),
        Block("annex_list", items=[text, text]),
        Block("signature", issuer=text, date=text),
        Block("annex", number=1, title=text, landscape=False),
    ]  # fmt: skip


def test_a_units_name_full_of_markup_prints_literally_everywhere(pdf_of: Any, html_of: Any) -> None:
    blocks = every_place(NASTY)
    data = pdf_of(*blocks)
    assert squeezed(pdf_text(data)).count(squeezed(NASTY)) == 14
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert reader.metadata is not None
    assert reader.metadata.title == NASTY
    page = html_of(*blocks)
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_a_closing_script_tag_stays_text_in_html(html_of: Any) -> None:
    page = html_of(Block("paragraph", text="</style></script><script>alert(1)</script>"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_control_characters_and_broken_unicode_do_no_harm(pdf_of: Any, html_of: Any) -> None:
    text = "甲\x00乙\x1b[31m丙\ufffe丁\u200b戊\ud800己\x0b庚"
    assert "甲□乙" in squeezed(pdf_text(pdf_of(Block("paragraph", text=text))))
    html_of(Block("paragraph", text=text)).encode("utf-8")


@pytest.mark.parametrize("char", ["𠮷", "\ue123", "☑", "😀", "م"])
def test_a_character_without_glyph_is_an_error_that_names_it(pdf_of: Any, char: str) -> None:
    with pytest.raises(FontError) as error:
        pdf_of(Block("paragraph", text=f"张{char}同志"))
    assert char in str(error.value)
    assert f"U+{ord(char):04X}" in str(error.value)
    assert "张" in error.value.where


def test_a_missing_glyph_in_a_chart_is_an_error_too(pdf_of: Any) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50">'
        '<text x="5" y="20">总𠮷</text></svg>'
    )
    with pytest.raises(FontError, match="U\\+20BB7"):
        pdf_of(Block("figure", svg=svg, title="图", alt="图", width_mm=None))


def test_rare_names_print_in_title_and_text(pdf_of: Any) -> None:
    rare = "喆堃玥垚翀旻彧"
    text = squeezed(pdf_text(pdf_of(Block("title", text=rare), Block("paragraph", text=rare))))
    assert text.count(rare) == 2


def test_the_typst_source_holds_text_as_data_alone() -> None:
    document = Document("题", (Paragraph((Text('"\\#panic()"\\u{41}'),)),))
    source = typst_source(document, FontSet.find())
    assert '\\\\\\"\\\\\\\\#panic()' in source
    import typst

    folders = [str(folder) for folder in FontSet.find().folders()]
    made = typst.compile(source.encode(), font_paths=folders, ignore_system_fonts=True)
    assert '"\\#panic()"\\u{41}' in pdf_text(made)


ALPHABET = st.sampled_from(
    [chr(code) for code in range(0x20, 0x7F)]
    + list("，。、；：？！（）《》“”‘’〔〕【】—…·×％①②㈠Ⅳ℃‰＋－＝")
    + [bytes((r, c)).decode("gb2312") for r in range(0xB0, 0xD7) for c in range(0xA1, 0xFE, 9)]
)
TEXTS = st.text(ALPHABET, min_size=1, max_size=120)


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_survives_into_the_pdf(texts: list[str]) -> None:
    blocks = tuple(Paragraph((Text(clean(text)),)) for text in texts)
    data = pdf_bytes(Document("题", blocks), FontSet.find())
    found = squeezed(pdf_text(data).replace("— 1 —", ""))
    assert found == squeezed("".join(texts))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_pieces_put_together_are_the_text(text: str) -> None:
    assert "".join(piece if how != 3 else "\n" for piece, how in pieces(text)) == text


@given(st.text(ALPHABET, max_size=90))
@settings(max_examples=150, deadline=None)
def test_title_lines_lose_nothing(text: str) -> None:
    assert squeezed("".join(title_lines(text))) == squeezed(text)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("2023年党委理论学习中心组学习情况的通报", 1),
        ("关于2023年集团公司权属单位党委理论学习中心组学习情况的通报", 2),
        ("关于印发《集团公司党委理论学习中心组学习列席旁听办法（试行）》的通知", 2),
        (
            "关于2023年度集团公司所属各级党委理论学习中心组"
            "开展专题学习研讨和调查研究情况检查考核结果的通报",
            3,
        ),
    ],
)  # fmt: skip
def test_a_long_title_breaks_into_balanced_lines(title: str, lines: int) -> None:
    found = title_lines(title)
    assert len(found) == lines
    assert min(map(len, found)) > 0.6 * max(map(len, found))
    for line in found[1:]:
        assert line[0] not in "，。、）》”的"
