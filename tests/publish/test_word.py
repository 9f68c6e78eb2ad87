"""The Word copy, read back by python-docx, by its XML, and by LibreOffice."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pdfplumber
import pytest
from docx.oxml.ns import qn
from font_support import with_own_fonts
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reportkit.fonts import FontSet
from reportkit.publish import model
from reportkit.publish.model import (
    Annex,
    AnnexList,
    Column,
    Document,
    Drawing,
    ErrorBox,
    Figure,
    Head,
    Heading,
    Imprint,
    Link,
    ListBlock,
    Notice,
    PageStyle,
    Paragraph,
    Preformatted,
    Quote,
    Records,
    Rule,
    Signature,
    Styled,
    Table,
    Text,
    Tint,
    Title,
)
from reportkit.publish.word import docx_bytes
from reportkit.publish.word.oxml import ORDER
from reportkit.word.bookmarks import Bookmarks, bookmark_name, paragraph_id

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="80pt">'
    '<text x="9" y="30" font-family="Noto Sans SC">集体学习</text></svg>'
)
TABLE = Table(
    (Column("序号", "center"), Column("单位"), Column("集体学习（次）", "right")),
    tuple((str(n), f"第{n}公司", str(n * 3)) for n in range(1, 60)),
    title="学习情况统计表",
    notes=("注：口径见附件。",),
    emphasis=(58,),
    alt="各单位次数",
    links=((None, None, "m1"),) * 59,
)
IMPRINT = Imprint("各权属单位", "党委办公室", "2024年1月8日印发")


def para(text: str, **more: Any) -> Paragraph:
    return Paragraph((Text(text),), **more)


EVERYTHING = Document(
    "关于学习情况的通报",
    (
        Title("关于岱川能源集团有限公司2023年党委理论学习中心组学习情况的通报"),
        model.Addressee("各单位："),
        para("根据安排，通报如下。", name="依据"),
        Heading(1, (Text("一、总体情况"),), 1),
        Heading(4, (Text("（1）跳级"),), 2),
        para("共组织学习12次。", lead="（一）做法。", lead_level=2, name="二.（一）"),
        Paragraph((
            Text("见"), Link("https://example.org/?a=1&b=<2>", (Text("链接"),)),
            Styled("strong", (Text("重要"),)), Styled("emph", (Text("强调"),)),
            Styled("strike", (Text("删去"),)), model.Code("x = 1"), model.LineBreak(),
            Drawing(SVG, "x^2", 2.0, 1.0, 0.2),
        )),
        Figure(SVG, "每月均有学习", "全年均有学习", 120),
        ListBlock(True, ((para("甲"), ListBlock(False, ((para("乙"),),))), (para("丙"),)), 3),
        Quote((para("引文"),)),
        Preformatted("ab\ncd  e", tints=(Tint(0, 2, "red"), Tint(3, 4, bold=True))),
        ErrorBox("ValueError", "坏了", "Traceback\n  x", (Tint(0, 9, "red"),)),
        Notice("〔此处略〕"),
        Rule(),
        AnnexList(("统计表", "口径")),
        Signature("某某集团委员会", "2024年1月8日", note="此件公开发布"),
        Annex("统计表", "1", landscape=True),
        TABLE,
        Annex("口径", "2"),
        para("口径如下。"),
        Annex("数据明细", only="html"),
        Records("m1", "集体学习", "", "", ("日期",), (("隐藏的记录",),)),
    ),
    author="某某集团党委",
    date="2024-01-08",
    keywords=("x", "2023"),
    head=Head("某某文件", number="某发〔2024〕3号"),
    imprint=IMPRINT,
    formal=True,
)  # fmt: skip


def made(document: Document) -> bytes:
    return docx_bytes(document, FontSet.find())


@pytest.fixture(scope="module")
def whole() -> bytes:
    return made(EVERYTHING)


@pytest.fixture(scope="module")
def word(whole: bytes) -> Any:
    return docx.Document(io.BytesIO(whole))


def part(data: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def texts(word: Any) -> list[str]:
    return [p.text for p in word.paragraphs]


def styled(word: Any, text: str) -> Any:
    """The paragraph that holds a text."""
    (found,) = [p for p in word.paragraphs if text in p.text]
    return found


def test_everything_is_there_in_its_order(word: Any) -> None:
    """Nothing of the document is lost but what the HTML edition alone has; no 版头."""
    told = "\n".join(texts(word))
    wanted_in_order = (
        "学习情况的通报|各单位：|根据安排|一、总体情况|（1）跳级|（一）做法。共组织学习12次。"
        "|见链接重要强调删去x = 1|全年均有学习|3. 甲|– 乙|4. 丙|引文|ab\ncd  e"
        "|运行出错：ValueError: 坏了|Traceback|〔此处略〕|附件：1.统计表|2.口径|某某集团委员会"
        "|2024年1月8日|（此件公开发布）|附件1|学习情况统计表|注：口径见附件。|附件2|口径如下。"
    )
    wanted = re.split(r"\|", wanted_in_order)
    places = [told.find(text) for text in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)
    for absent in ("隐藏的记录", "数据明细", "某某文件", "某发〔2024〕"):
        assert absent not in told


def test_styles_bear_names_that_word_and_wps_know(word: Any) -> None:
    """Built-in styles with Chinese aliases; fonts by standard names, black, for every script."""
    wanted = {
        "Normal": ("正文", "仿宋_GB2312", 32), "Title": ("公文标题", "方正小标宋简体", 44),
        "heading 1": ("一级标题", "黑体", 32), "heading 2": ("二级标题", "楷体_GB2312", 32),
        "heading 3": ("三级标题", "仿宋_GB2312", 32), "heading 4": ("四级标题", "仿宋_GB2312", 32),
        "footer": ("页码", "宋体", 28), "版记": ("", "仿宋_GB2312", 28),
    }  # fmt: skip
    styles = {
        s.find(qn("w:name")).get(qn("w:val")): s
        for s in word.styles.element
        if s.tag == qn("w:style")
    }
    for name, (alias, family, size) in wanted.items():
        style = styles[name]
        aliases = style.find(qn("w:aliases"))
        assert (aliases.get(qn("w:val")) if aliases is not None else "") == alias
        fonts = style.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "eastAsia", "cs")} == {family}
        assert style.find(qn("w:rPr")).find(qn("w:sz")).get(qn("w:val")) == str(size)
        assert style.find(qn("w:rPr")).find(qn("w:color")).get(qn("w:val")) == "000000"
    assert "Theme" not in etree.tostring(word.styles.element).decode()
    for text, name in [
        ("一、总体", "heading 1"),
        ("（1）跳级", "heading 4"),
        ("根据安排", "Normal"),
    ]:
        style_id = styled(word, text)._p.pPr.pStyle.val
        assert styles[name].get(qn("w:styleId")) == style_id


def test_the_outline_has_no_gap(word: Any) -> None:
    """A heading of level 4 below one of level 1 stands second in the navigation."""
    outline = styled(word, "（1）跳级")._p.pPr.find(qn("w:outlineLvl"))
    assert outline.get(qn("w:val")) == "1"


def test_the_sheet_and_its_grid(word: Any, whole: bytes) -> None:
    """A4, 37/35/28/26 mm mirrored, 22 lines of 28 characters, footers odd and even."""
    sections = word.element.body.findall(f".//{qn('w:sectPr')}")
    turned = [s.find(qn("w:pgSz")).get(qn("w:orient")) == "landscape" for s in sections]
    assert turned == [False, True, False]
    for section, landscape in zip(sections, turned, strict=True):
        margins = {
            k.rpartition("}")[2]: int(v) for k, v in section.find(qn("w:pgMar")).attrib.items()
        }
        sides = [round(margins[s] * 25.4 / 1440) for s in ("top", "bottom", "left", "right")]
        assert sides == ([28, 26, 35, 37] if landscape else [37, 35, 28, 26])
        assert section.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"
        kinds = [f.get(qn("w:type")) for f in section.iter(qn("w:footerReference"))]
        assert sorted(kinds) == ["default", "even"]
    assert 22 * 579 <= 225 / 25.4 * 1440 < 23 * 579
    spacing = word.styles.element.find(f".//{qn('w:spacing')}[@{qn('w:val')}]")
    assert 28 * (16 + int(spacing.get(qn("w:val"))) / 20) <= 156 / 25.4 * 72 < 29 * 15.75
    told = part(whole, "word/settings.xml")
    for tag in ("mirrorMargins", "evenAndOddHeaders"):
        assert told.find(qn(f"w:{tag}")) is not None


def test_page_numbers_odd_right_even_left(whole: bytes) -> None:
    """“— 1 —”, one character of 4号 from the outer edge."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        feet = {
            n: etree.fromstring(archive.read(n))
            for n in archive.namelist() if re.search(r"footer\d+\.xml$", n)
        }  # fmt: skip
    told = {}
    for root in feet.values():
        indent, align = root.find(f".//{qn('w:ind')}"), root.find(f".//{qn('w:jc')}")
        text = "".join(t.text for t in root.iter(qn("w:t")))
        assert text == "— 1 —"
        assert "PAGE" in "".join(t.text for t in root.iter(qn("w:instrText")))
        told[align.get(qn("w:val"))] = {k.rpartition("}")[2]: v for k, v in indent.attrib.items()}
    assert told["right"]["right"] == "280" and told["left"]["left"] == "280"


@pytest.mark.parametrize(("folio", "told"), [("hyphens", "-1-"), ("plain", "1")])
def test_page_numbers_as_the_office_writes_them(folio: Any, told: str) -> None:
    data = made(Document("t", (para("x"),), page=PageStyle(folio=folio)))
    root = part(data, "word/footer1.xml")
    assert "".join(t.text for t in root.iter(qn("w:t"))) == told


def test_each_paragraph_has_a_bookmark_of_its_own(word: Any) -> None:
    """With the id of its prose, or what it follows; it comes back from the name."""
    names = [b.get(qn("w:name")) for b in word.element.body.iter(qn("w:bookmarkStart"))]
    ends = [b.get(qn("w:id")) for b in word.element.body.iter(qn("w:bookmarkEnd"))]
    assert len(names) == len(set(names)) == len(ends) == len(set(ends)) >= 7
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names)
    ids = [paragraph_id(name) for name in names]
    assert ids[:7] == ["标题", "主送", "依据", "标题.一", "标题.一#2", "二.（一）", "二.（一）+1"]
    start = next(
        b for b in word.element.body.iter(qn("w:bookmarkStart")) if b.get(qn("w:name")) == names[5]
    )
    assert "共组织学习12次" in "".join(t.text for t in start.getparent().iter(qn("w:t")))


@given(st.text(alphabet="一二三四依据.（）0123456789_-aZ#", max_size=14))
def test_a_bookmark_tells_its_paragraph(name: str) -> None:
    coded = bookmark_name(name)
    if coded:
        assert re.fullmatch(r"[A-Za-z]\w{0,39}", coded)
        assert paragraph_id(coded) == name
    assert paragraph_id("_GoBack") is None


def test_paragraphs_without_a_place_and_places_too_long() -> None:
    """They are counted; no place can look like such a number."""
    marks = Bookmarks()
    found = [paragraph_id(marks.next(name)[1]) for name in ("一", "一#2", "长" * 60, "")]
    assert found == ["一", "一#2", "#3", "#4"]


def test_tables_can_be_edited_and_repeat_their_head(word: Any) -> None:
    """Real tables: head row repeated, rows whole, right-aligned figures, a text alternative."""
    table, imprint = word.tables
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "单位", "集体学习（次）"]
    assert [cell.text for cell in table.rows[59].cells] == ["59", "第59公司", "177"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    aligned = [c.paragraphs[0]._p.pPr.jc.val for c in table.rows[1].cells]
    assert [str(a).split(" ")[0] for a in aligned] == ["CENTER", "LEFT", "RIGHT"]
    assert "黑体" in etree.tostring(table.rows[59]._tr, encoding="unicode")
    assert "黑体" not in etree.tostring(table.rows[58]._tr, encoding="unicode")
    properties = table._tbl.tblPr
    assert properties.find(qn("w:tblDescription")).get(qn("w:val")) == "各单位次数"
    widths = [int(c.get(qn("w:w"))) for c in table._tbl.tblGrid]
    assert sum(widths) <= 225 / 25.4 * 1440 + 2
    assert imprint.rows[0].cells[0].text == "抄送：各权属单位。"


def test_the_imprint_floats_at_the_foot_of_an_upright_page(word: Any) -> None:
    """版记: rules of 1, 0.75 and 1 pt (0.35, 0.25, 0.35 mm), as wide as the text."""
    imprint = word.tables[-1]._tbl.tblPr
    place = imprint.find(qn("w:tblpPr"))
    assert place.get(qn("w:vertAnchor")) == "margin" and place.get(qn("w:tblpYSpec")) == "bottom"
    borders = {
        b.tag.rpartition("}")[2]: b.get(qn("w:sz")) for b in imprint.find(qn("w:tblBorders"))
    }
    assert borders == {"top": "8", "bottom": "8", "insideH": "6"}
    turned = Document("t", (para("x"), Annex("表", landscape=True), TABLE), imprint=IMPRINT)
    sections = docx.Document(io.BytesIO(made(turned))).sections
    assert sections[-1].page_width < sections[-1].page_height and len(sections) == 3


def test_pictures_have_alternatives(word: Any) -> None:
    """Charts and formulas: PNG, named in words."""
    told = [p.get("descr") for p in word.element.body.iter(qn("wp:docPr"))]
    assert told == ["x^2", "每月均有学习"]
    images = [r.target_part for r in word.part.rels.values() if r.reltype.endswith("/image")]
    assert images and all(image.blob.startswith(b"\x89PNG") for image in images)


def test_links_lead_out(word: Any) -> None:
    (link,) = word.element.body.iter(qn("w:hyperlink"))
    target = word.part.rels[link.get(qn("r:id"))]
    assert target.is_external and target.target_ref == "https://example.org/?a=1&b=<2>"


def test_where_the_signature_stands(word: Any) -> None:
    """署名 two characters from the right, the date beginning two right of it; with a seal four."""
    name, day = styled(word, "某某集团委员会"), styled(word, "2024年1月8日")
    right = [int(p._p.pPr.find(qn("w:ind")).get(qn("w:rightChars"))) for p in (name, day)]
    assert right[0] == 200
    # 7 characters against 2024年1月8日 of 3 + 6/2: the date ends one character left of the name.
    assert right[1] == pytest.approx(100, abs=20)
    sealed = docx.Document(io.BytesIO(made(
        Document("t", (para("x"), Signature("某某集团委员会", "2024年1月8日", seal=True)))
    )))  # fmt: skip
    day = styled(sealed, "2024年1月8日")
    assert day._p.pPr.find(qn("w:ind")).get(qn("w:rightChars")) == "400"


def test_properties_are_the_document_s(whole: bytes, word: Any) -> None:
    """Never the clock's, nor the library's."""
    properties = word.core_properties
    assert (properties.title, properties.author) == ("关于学习情况的通报", "某某集团党委")
    assert str(properties.created)[:10] == str(properties.modified)[:10] == "2024-01-08"
    assert properties.keywords == "x，2023"
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(archive.read(n) for n in archive.namelist())
        assert not any("thumbnail" in n for n in archive.namelist())
    assert b"python-docx" not in everything and b"Macintosh" not in everything


def test_made_again_it_is_the_same(whole: bytes) -> None:
    assert made(EVERYTHING) == whole


def test_children_stand_in_the_schema_s_order(word: Any) -> None:
    """Word refuses a file in which they do not."""
    checked = 0
    for root in (word.element.body, word.styles.element):
        for node in root.iter(*ORDER):
            names = [child.tag.rpartition("}")[2] for child in node]
            places = [ORDER[node.tag].index(name) for name in names]
            assert places == sorted(set(places)), names
            checked += 1
    assert checked > 200
    wanted = ["footerReference", "footerReference", "type", "pgSz", "pgMar", "docGrid"]
    for section in word.element.body.iter(qn("w:sectPr")):
        assert [c.tag.rpartition("}")[2] for c in section] == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_text_comes_back_as_it_went_in(given_texts: list[str]) -> None:
    """Markup is text; characters that no page can hold have been replaced; nothing crashes."""
    lead, text, cell, title = given_texts
    document = Document(
        model.clean(title) or "t",
        (para(model.clean(text), lead=model.clean(lead)),
         Table((Column("甲"),), ((model.clean(cell),),))),
    )  # fmt: skip
    read = docx.Document(io.BytesIO(made(document)))
    assert read.paragraphs[0].text == model.clean(lead) + model.clean(text)
    assert read.tables[0].rows[1].cells[0].text == model.clean(cell)


@pytest.mark.parametrize(
    "text", ["a\x00b\x0b", "\ud800", "\ufffe", "𠮷野", "</w:t><w:p>", "{{x}}&lt;"]
)
def test_hostile_text(text: str) -> None:
    """Also where nobody has cleaned it before."""
    document = Document("t", (Title(text), para(text), Annex(text), Notice(text)))
    read = docx.Document(io.BytesIO(made(document)))
    assert model.clean(text) in "".join(p.text for p in read.paragraphs)


def test_a_document_of_nothing_is_a_file() -> None:
    assert docx.Document(io.BytesIO(made(Document("t", ())))).paragraphs


def test_libreoffice_lays_it_out_as_meant(tmp_path: Path) -> None:
    """Its PDF: 22 lines of 28 characters, a turned page, all of the text."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("REPORTKIT_REQUIRE_TOOLS"):
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    hanzi = "各单位党委认真贯彻落实上级部署要求精心组织学习"
    document = Document("t", (para((hanzi * 80)[:1600]), Annex("表", landscape=True), TABLE))
    (tmp_path / "x.docx").write_bytes(made(document))
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "x.docx")],
        check=True, capture_output=True, timeout=600, env=with_own_fonts(tmp_path),
    )  # fmt: skip
    with pdfplumber.open(tmp_path / "x.pdf") as pdf:
        lines = [line["text"] for line in pdf.pages[1].extract_text_lines()]
        assert len(lines[0].replace(" ", "")) == 28
        assert len(lines) == 23  # 22 and the page number
        assert [p.width > p.height for p in pdf.pages][:4] == [False, False, False, True]
        assert "第59公司" in pdf.pages[-1].extract_text()
