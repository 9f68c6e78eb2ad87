"""Any Unicode text in names, sentences and tables: a right page, or an error naming the character.

“Right” is judged by other readers: pypdf for the PDF, html.parser for the HTML.
"""

from __future__ import annotations

import io
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reportkit.display import BLOCK_MIME, Block
from reportkit.errors import FontError
from reportkit.fonts import FontSet
from reportkit.publish.model import clean
from reportkit.publish.page import html_page
from reportkit.publish.pdf import pdf_bytes
from reportkit.publish.reading import read_notebook

MARKUP = "#$@*_`\\<>[](){}=-+~^|/&;:'\"%!?"
CHINESE = "各单位党委认真贯彻落实上级部署要求精心组织学习〇一二三，。、；：？！（）《》“”——……"
SHOWN = st.text(alphabet=MARKUP + CHINESE + "abcXYZ0123456789 \n\t", max_size=40)
ANY = st.one_of(
    SHOWN,
    st.text(max_size=25),
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn"]), max_size=8),
    st.text(alphabet="喆堃玥垚翀旻彧𠮷👍🇨🇳é́א‏ب०①㊣㈱ﷺ\u200b\u202e\ufeff\ufffd\ue000", max_size=12),
)
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Text(HTMLParser):
    """What a page says, its style left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.said.append(data)


def bare(text: str) -> str:
    """Without what readers of PDFs tell as they please: blanks, and forms of one character."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def document_of(*blocks: Block) -> Any:
    outputs = [new_output("display_data", data={BLOCK_MIME: b.to_json()}) for b in blocks]
    return read_notebook(new_notebook(cells=[new_code_cell("x", outputs=outputs)]), name="样本")


def judged(document: Any, wanted: list[str], *also: str) -> None:
    """HTML says all of it; the PDF says all of it, or the error names a character of it.

    ``also``: texts of the document that are laid out in lines of their own, and not looked for.
    """
    said = Text(html_page(document)).said
    # A mark that begins a cell is none of the letter before it; one within a text is.
    page = bare("".join(said)) + bare("\n".join(said))
    for text in wanted:
        assert bare(clean(text)) in page
    try:
        data = pdf_bytes(document, FontSet.find(None))
    except FontError as error:
        named = re.findall(r"U\+([0-9A-F]{4,6})", str(error))
        assert named, error
        together = "".join(map(clean, [*wanted, *also]))
        assert all(chr(int(code, 16)) in together for code in named), error
        assert re.search(r"cell \d+", str(error)), error
        return
    told = bare("".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(data)).pages))
    for text in wanted:
        # Of letters that are written from the right, or combined, readers tell another order.
        for piece in re.findall(r"[\x21-\x7e\u3001-\u9fff\uff00-\uff60]+", clean(text)):
            assert bare(piece) in told, (piece, told)


@SETTINGS
@given(ANY, ANY, ANY)
@example("#set page(width: 1pt)", "$x$ *a* _b_ @c `d` <e> \\f", "= 标题\n/ a: b")
@example("{{ 7*7 }}{% x %}", "</style></script><b>&lt;", "\u202e反\u2066")
def test_names_and_sentences(name: str, sentence: str, lead: str) -> None:
    document = document_of(
        Block("document", title="通报", author="", language="zh-CN", date=None, keep=[name]),
        Block("paragraph", text=f"{name}组织学习。{sentence}", lead=lead, lead_level=2),
    )
    judged(document, [name, sentence, lead])


@SETTINGS
@example([("U", "\u0300")], "", "")
@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4), ANY, ANY)
def test_tables(rows: list[tuple[str, str]], head: str, note: str) -> None:
    columns = [{"text": text, "align": "left", "width": None} for text in (head, "次数")]
    document = document_of(
        Block("table", title="表", columns=columns, rows=[list(row) for row in rows],
              notes=[note], emphasis=[0], alt="表"),
    )  # fmt: skip
    judged(document, [head, note, *(cell for row in rows for cell in row)])


@SETTINGS
@given(ANY, ANY)
def test_titles_and_signatures(title: str, issuer: str) -> None:
    """A title is broken at places of its own; an empty one is no title."""
    document = document_of(
        Block("title", text=title or "通报"),
        Block("signature", issuer=issuer, date="2024年1月8日", seal=True, note=title),
        Block("annex", number=1, title=title, landscape=True),
        Block("paragraph", text="完", lead="", lead_level=2),
    )
    judged(document, [issuer], title)


@SETTINGS
@given(st.text(alphabet=MARKUP + CHINESE + "ab1 \n", max_size=60))
def test_markdown_never_breaks_a_page(source: str) -> None:
    """Whatever it amounts to, both formats take it, and Chinese words in it are all there."""
    document = read_notebook(new_notebook(cells=[new_markdown_cell(source)]), name="样本")
    page = "".join(Text(html_page(document)).said)
    try:
        pdf_bytes(document, FontSet.find(None))
    except FontError as error:
        assert re.search(r"U\+[0-9A-F]{4,6}", str(error))
    for word in re.findall("[各单位党委认真贯彻落实]{2,}", clean(source)):
        assert word in page.replace("\n", "") or word in "".join(document_alts(document))


def document_alts(document: Any) -> list[str]:
    """Formulas are drawn: what stood in them is their alternative text."""
    return re.findall(r"alt='([^']*)'", repr(document))


@pytest.mark.parametrize("char", ["𠮷", "👍", "\ue000", "ę"])
def test_a_character_without_glyph_is_named_with_its_cell(char: str) -> None:
    document = document_of(Block("paragraph", text=f"某{char}单位", lead="", lead_level=2))
    with pytest.raises(FontError, match=rf"cell 1.*U\+{ord(char):04X}"):
        pdf_bytes(document, FontSet.find(None))
    assert char in html_page(document)
