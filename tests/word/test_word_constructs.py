"""One table of all that Word, WPS and LibreOffice write: what each view says of each construct."""

from __future__ import annotations

import pytest
from word_support import BY, dele, ins, p, part, r, row, table, word_file

from reportkit.publish import model
from reportkit.publish.word.rereading import reread
from reportkit.word.form import open_word
from reportkit.word.model import Cell, Change, Edited
from reportkit.word.reading import read_word

STYLES = part(
    "styles",
    '<w:style w:type="paragraph" w:default="1" w:styleId="1"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="old"><w:name w:val="旧"/><w:rPr><w:strike/></w:rPr>'
    '</w:style><w:style w:type="paragraph" w:styleId="older"><w:name w:val="旧旧"/>'
    '<w:basedOn w:val="old"/></w:style><w:style w:type="paragraph" w:styleId="secret">'
    '<w:name w:val="密"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="out"><w:name w:val="删"/><w:rPr><w:dstrike/></w:rPr>'
    '</w:style><w:style w:type="character" w:styleId="line"><w:name w:val="线"/><w:rPr><w:strike/>'
    '</w:rPr></w:style><w:style w:type="character" w:styleId="unseen"><w:name w:val="隐"/>'
    '<w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="ticks">'
    '<w:name w:val="勾"/><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr></w:style>',
)
PARTS: dict[str, str | bytes] = {"word/styles.xml": STYLES}


def styled(properties: str, text: str) -> str:
    """A run with properties of its own."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def sym(font: str, char: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'


def mark(kind: str, inner: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def field(instruction: str, result: str) -> str:
    return mark("begin") + code(instruction) + mark("separate") + result + mark("end")


def box(kind: str) -> str:
    """A box to tick of old forms."""
    return mark("begin", f"<w:ffData><w:checkBox>{kind}</w:checkBox></w:ffData>") + code(
        "FORMCHECKBOX") + mark("end")  # fmt: skip


def ruby(base: str, above: str) -> str:
    return (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{r(above)}</w:rt><w:rubyBase>{r(base)}</w:rubyBase>"
        "</w:ruby></w:r>"
    )


def either(choice: str, fallback: str) -> str:
    return (
        f"<mc:AlternateContent><mc:Choice Requires='w14'>{choice}</mc:Choice><mc:Fallback>"
        f"{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def control(inner: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def text_box(inner: str) -> str:
    held = f"<v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox>"
    return f"<w:r><w:pict><v:shape>{held}</v:shape></w:pict></w:r>"


STRIKE, DOUBLE, HIDDEN = "<w:strike/>", "<w:dstrike/>", "<w:vanish/>"
WPS = 'xmlns:wpsCustomData="http://www.wps.cn/officeDocument/2013/wpsCustomData"'
PARAGRAPHS = [
    # what a person strikes through or hides
    ("struck", p("学习", styled(STRIKE, "20"), "21次"), "学习21次"),
    ("struck twice", p("学习", styled(DOUBLE, "20"), "21次"), "学习21次"),
    ("struck, in two runs", p("学习", styled(STRIKE, "2"), styled(STRIKE, "0"), "21次"),
     "学习21次"),
    ("not struck after all", p("学习", styled('<w:strike w:val="0"/>', "20次")), "学习20次"),
    ("struck by the style of its letters",
     p("学习", styled('<w:rStyle w:val="out"/>', "20"), "21次"), "学习21次"),
    ("struck by the style of the paragraph", p("学习20次", style="old"), ""),
    ("struck by what that is based on", p("学习20次", style="older"), ""),
    ("spared in a struck paragraph", p("20", styled('<w:strike w:val="false"/>', "21次"),
                                       style="older"), "21次"),
    ("struck by both styles: not", p("旧", styled('<w:rStyle w:val="line"/>', "21次"), style="old"),
     "21次"),
    ("struck within an insertion", p("学习", ins(styled(STRIKE, "20") + r("21")), "次"),
     "学习21次"),
    ("hidden", p("学习", styled(HIDDEN, "（内部：20）"), "21次"), "学习21次"),
    ("shown after all", p("学习", styled('<w:vanish w:val="off"/>', "21"), "次"), "学习21次"),
    ("hidden by the style of its letters", p("甲", styled('<w:rStyle w:val="unseen"/>', "乙")),
     "甲"),
    ("hidden by the style of the paragraph", p("学习20次", style="secret"), ""),
    ("hidden on the web alone", p("甲", styled("<w:webHidden/>", "乙")), "甲乙"),
    # signs
    ("a tick of Wingdings", p(sym("Wingdings", "F0FC"), "数据无误"), "✓数据无误"),
    ("a ticked box", p(sym("Wingdings", "F0FE"), "数据无误"), "☑数据无误"),
    ("a crossed box", p(sym("Wingdings", "F0FD"), "有异议"), "☒有异议"),
    ("an empty box", p(sym("Wingdings", "F0A8"), "有异议"), "□有异议"),
    ("by its plain number", p(sym("Wingdings 2", "52"), "是"), "☑是"),
    ("a root as a tick", p(sym("Symbol", "F0D6"), "是"), "√是"),
    ("a tick of Webdings", p(sym("Webdings", "F061")), "✓"),
    ("a figure in a circle", p(sym("Wingdings", "F082"), "学习"), "②学习"),
    ("letters in a symbol font", p(styled('<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>',
                                          "\u00fe"), "是"), "☑是"),
    ("letters of the private area", p(styled('<w:rFonts w:hAnsi="Wingdings 2"/>', "\uf0a3是")),
     "□是"),
    ("a symbol font by style", p(styled('<w:rStyle w:val="ticks"/>', "R"), "是"), "☑是"),
    ("a sign nobody knows", p(sym("Wingdings 3", "F07D"), "甲"), "〓甲"),
    ("no number at all", p(sym("Wingdings", "x"), "甲"), "〓甲"),
    ("a letter of a plain font", p(sym("宋体", "2460")), "①"),
    # hyphens, tabs, line ends
    ("a no-break hyphen", p("<w:r><w:t>2023</w:t><w:noBreakHyphen/><w:t>2024</w:t></w:r>"),
     "2023-2024"),
    ("the same as a character", p("2023\u20112024"), "2023-2024"),
    ("a soft hyphen", p("<w:r><w:t>学</w:t><w:softHyphen/><w:t>习\u00ad会</w:t></w:r>"), "学习会"),
    ("a tab", p("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>"), "甲    乙"),
    ("a line end", p("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r>"), "甲\n乙"),
    ("a page's end", p("<w:r><w:t>甲</w:t><w:br w:type='page'/><w:t>乙</w:t></w:r>"), "甲乙"),
    # fields
    ("a field", p("共", field("DOCPROPERTY x", r("20")), "次"), "共20次"),
    ("a field in a field's code", p("共", field("IF " + field("REF a", r("藏")), r("20")), "次"),
     "共20次"),
    ("a field in a field's result", p("共", field("IF x", r("约") + field("REF a", r("20"))), "次"),
     "共约20次"),
    ("a simple field", p("第", "<w:fldSimple w:instr='PAGE'>" + r("3") + "</w:fldSimple>", "页"),
     "第3页"),
    ("a field without a result", p("甲", mark("begin") + code("XE 乙") + mark("end")), "甲"),
    ("a deleted instruction", p("甲", f"<w:del w:id='1' {BY}><w:r><w:delInstrText>REF"
                                "</w:delInstrText></w:r></w:del>"), "甲"),
    ("an old box, ticked", p(box("<w:default w:val='0'/><w:checked/>"), "是"), "☒是"),
    ("an old box, not ticked", p(box("<w:default w:val='1'/><w:checked w:val='0'/>"), "是"), "□是"),
    ("an old box, as it came", p(box("<w:default w:val='1'/>"), "是"), "☒是"),
    # what stands about text
    ("ruby", p(ruby("岱", "dài"), "川"), "岱川"),
    ("a content control", p("学习", control(r("21")), "次"), "学习21次"),
    ("a box in a content control", p(control(sym("Wingdings", "F0FE"), "<w14:checkbox/>"), "是"),
     "☑是"),
    ("a hyperlink", p("<w:hyperlink r:id='x'>" + r("甲") + "</w:hyperlink>"), "甲"),
    ("a smart tag", p("<w:smartTag><w:smartTagPr/>" + r("甲") + "</w:smartTag>"), "甲"),
    ("custom XML", p("<w:customXml w:element='x'>" + r("甲") + "</w:customXml>"), "甲"),
    ("text from right to left", p("<w:bdo w:val='rtl'>" + r("甲") + "</w:bdo>"), "甲"),
    ("alternatives", p(either(r("甲"), r("乙"))), "甲"),
    ("a text box", p("甲", text_box(p("盒"))), "甲\n盒"),
    ("a text box that is empty", p("甲", text_box(p())), "甲"),
    ("a text box at a struck run", p("甲", f"<w:r><w:rPr>{STRIKE}</w:rPr>"
                                     + text_box(p("盒")).removeprefix("<w:r>")), "甲\n盒"),
    ("a text box at a hidden run", p("甲", f"<w:r><w:rPr>{HIDDEN}</w:rPr>"
                                     + text_box(p("盒")).removeprefix("<w:r>")), "甲"),
    ("an equation", p("甲", "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"), "甲"),
    ("a section's end", p("甲", more="<w:sectPr><w:type w:val='nextPage'/></w:sectPr>"), "甲"),
    ("a footnote's sign", p("甲", "<w:r><w:footnoteReference w:id='1'/></w:r>", "乙"), "甲乙"),
    ("numbering typed by hand", p("（一）学习"), "（一）学习"),
    ("WPS's own elements", p(f"<wpsCustomData:t {WPS}>x</wpsCustomData:t>", "甲"), "甲"),
    ("unknown elements of another vocabulary", p("<a:r><a:t>x</a:t></a:r>", "甲"), "甲"),
    ("proofing marks", p("<w:proofErr w:type='spellStart'/>", "甲", "<w:lastRenderedPageBreak/>"),
     "甲"),
    # tracked changes
    ("inserted and deleted", p("共", dele("20"), ins(r("21")), "次"), "共21次"),
    ("inserted by one, deleted by another", p("甲", ins(r("乙") + dele("丙"))), "甲乙"),
    ("deleted by nobody", p("甲", r("乙", deleted=True)), "甲"),
    ("moved away", p("甲", f"<w:moveFrom w:id='1' {BY}>{r('乙')}</w:moveFrom>"), "甲"),
    ("moved here", p("甲", f"<w:moveTo w:id='1' {BY}>{r('乙')}</w:moveTo>"), "甲乙"),
    ("deleted in a run's properties", p("共", styled(f"<w:del w:id='1' {BY}/>", "20"), "21次"),
     "共21次"),
    ("another look is no other text", p(styled(f"<w:rPrChange w:id='1' {BY}><w:rPr><w:strike/>"
                                               "</w:rPr></w:rPrChange>", "20次")), "20次"),
    ("a deleted mark", p("甲", mark="del") + p("乙"), "甲乙"),
]  # fmt: skip


def edited_of(body: str) -> Edited:
    return read_word(word_file(body, PARTS, styles="word/styles.xml"), "x")


def document_of(body: str) -> list[str]:
    """The paragraphs of the document view."""
    found = reread(word_file(body, PARTS, styles="word/styles.xml"), "x").document
    return [model.inline_text(b.children) for b in found.blocks if isinstance(b, model.Paragraph)]


@pytest.mark.parametrize(
    ("body", "text"), [each[1:] for each in PARAGRAPHS], ids=[each[0] for each in PARAGRAPHS]
)
def test_a_paragraph_reads_alike_in_all_views(body: str, text: str) -> None:
    """The edited draft, the filled form and the document."""
    assert [line.text for line in edited_of(body).paragraphs] == [text]
    form = open_word(word_file(body, PARTS, styles="word/styles.xml"))
    assert form.paragraphs == [text]
    assert document_of(body) == [each for each in [text] if each]


def test_the_table_is_long_enough() -> None:
    """And no construct stands in it twice."""
    assert len({name for name, *_ in PARAGRAPHS}) == len(PARAGRAPHS) >= 60


@pytest.mark.parametrize(
    ("inner", "changes", "before"),
    [
        (styled(STRIKE, "20") + r("21"), [Change("strike", "20", "", "")], "共2021次"),
        (styled(HIDDEN, "约") + r("21"), [Change("hidden", "约", "", "")], "共约21次"),
        (styled(STRIKE + HIDDEN, "约"),
         [Change("hidden", "约", "", ""), Change("strike", "约", "", "")], "共约次"),
        (ins(styled(STRIKE, "20")), [
            Change("insert", "20", "张三", "2024-01-09T10:00:00Z"), Change("strike", "20", "", ""),
        ], "共次"),
    ],
)  # fmt: skip
def test_what_is_struck_or_hidden_is_told(inner: str, changes: list[Change], before: str) -> None:
    """As a change that nobody signed; the document counts it among its revisions."""
    edited = edited_of(p("共", inner, "次"))
    (line,) = edited.lines
    assert (list(line.changes), line.before) == (changes, before)
    assert all("begins “共" in warning for warning in edited.warnings) and edited.warnings
    found = reread(word_file(p("共", inner, "次")), "x")
    assert found.revisions == len(changes)


# ---------------------------------------------------------------- tables


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if inner[:1] == '<' else p(inner)}</w:tc>"


def line_of(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


SPAN, DOWN, ON = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
TABLES = [
    ("plain", table(row("甲", "12"), row("乙", "8")), [["甲", "12"], ["乙", "8"]]),
    ("struck in a cell", table(row("甲", p(styled(STRIKE, "20"), "21"))), [["甲", "21"]]),
    ("hidden in a cell", table(row("甲", p(styled(HIDDEN, "20"), "21"))), [["甲", "21"]]),
    ("a tick in a cell", table(row("甲", p(sym("Wingdings", "F0FC")))), [["甲", "✓"]]),
    ("tracked in a cell", table(row("甲", p(dele("20"), ins(r("21"))))), [["甲", "21"]]),
    ("two paragraphs", table(row("甲", p("一") + p("二"))), [["甲", "一\n二"]]),
    ("all of a cell deleted", table(row("甲", p(dele("12"), mark="del"))), [["甲", ""]]),
    ("a row deleted", table(row("甲", "1"), row("乙", "2", track="del")), [["甲", "1"]]),
    ("a row inserted", table(row("甲", "1"), row("乙", "2", track="ins")),
     [["甲", "1"], ["乙", "2"]]),
    ("a row hidden", table(row("甲", "1"), line_of(cell("乙"), properties="<w:hidden/>")),
     [["甲", "1"]]),
    ("a cell deleted", table(line_of(cell("甲"), cell("乙", f"<w:cellDel w:id='1' {BY}/>"))),
     [["甲"]]),
    ("rows in a content control", table(row("甲", "1"), control(row("乙", "2"))),
     [["甲", "1"], ["乙", "2"]]),
    ("a cell in a content control", table(line_of(cell("甲"), control(cell("1")))), [["甲", "1"]]),
    ("a paragraph in a content control", table(row("甲", control(p("1")))), [["甲", "1"]]),
    ("a table in a cell", table(row("甲", p("上") + table(row("内", "1")) + p("下"))),
     [["甲", "上\n内\n1\n下"]]),
    ("a text box in a cell", table(row("甲", p("1", text_box(p("盒"))))), [["甲", "1\n盒"]]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "rows"), [each[1:] for each in TABLES], ids=[each[0] for each in TABLES]
)
def test_a_table_reads_alike_in_all_views(body: str, rows: list[list[str]]) -> None:
    """Cell by cell: the draft's numbers of rows and columns, the form's grid, the document."""
    data = word_file(p("题") + body + p("末"), PARTS, styles="word/styles.xml")
    cells: dict[tuple[int, int, int], list[str]] = {}
    for line in read_word(data, "x").paragraphs:
        if line.cell:
            cells.setdefault(line.cell, []).append(line.text)
    wanted = {(0, y, x): text for y, told in enumerate(rows) for x, text in enumerate(told)}
    assert {place: "\n".join(texts).strip("\n") for place, texts in cells.items()} == wanted
    form = open_word(data)
    (grid,) = form.tables
    assert (grid.title, form.head, form.paragraphs) == ("题", ["题"], ["题", "末"])
    assert [[each.text for each in told] for told in grid.rows] == rows
    (found,) = (b for b in reread(data, "x").document.blocks if isinstance(b, model.Table))
    assert [[column.text for column in found.columns], *map(list, found.rows)] == rows


def test_merged_cells() -> None:
    """Over columns, over rows, and a row that begins further in.

    A form's cell has the text that it shows; the document has it once, where it begins.
    """
    body = table(
        line_of(cell("题", SPAN), cell("数")),
        line_of(cell("甲", DOWN), cell("一"), cell("1")),
        line_of(cell("", ON), cell("二"), cell("2")),
        line_of(cell("丙"), properties='<w:gridBefore w:val="2"/>'),
    )
    (grid,) = open_word(word_file(body + p(""))).tables
    assert grid.rows == [
        [Cell("题", 0, 2), Cell("数", 2)],
        [Cell("甲", 0), Cell("一", 1), Cell("1", 2)],
        [Cell("甲", 0, merged=True), Cell("二", 1), Cell("2", 2)],
        [Cell("丙", 2)],
    ]
    (found,) = reread(word_file(body + p("")), "x").document.blocks
    assert isinstance(found, model.Table)
    assert found.rows == (("甲", "一", "1"), ("", "二", "2"), ("丙", "", ""))


PICTURE = (
    "<w:r><w:drawing><wp:inline><wp:docPr id='3' name='图片 1'/><a:blip/></wp:inline></w:drawing>"
    "</w:r>"
)
INK = (
    "<w:r><w:drawing><a:graphic><a:graphicData uri='http://x/2010/wordprocessingInk'/></a:graphic>"
    "</w:drawing></w:r>"
)


@pytest.mark.parametrize("inner", [PICTURE, INK, "<w:r><w:object><o:OLEObject/></w:object></w:r>",
                                   "<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>",
                                   f"<w:r><w:rPr>{STRIKE}</w:rPr>" + PICTURE[5:]])  # fmt: skip
def test_a_signature_that_is_no_text(inner: str) -> None:
    """A picture, handwriting or an object in a cell is seen; one that was deleted is not."""
    (grid,) = open_word(word_file(table(row("签字", p(inner))) + p(""))).tables
    assert [each.picture for each in grid.rows[0]] == [False, True]
    gone = f"<w:del w:id='1' {BY}>{inner}</w:del>"
    (grid,) = open_word(word_file(table(row("签字", p(gone))) + p(""))).tables
    assert [each.picture for each in grid.rows[0]] == [False, False]


def test_comments_notes_and_headers_are_no_paragraphs() -> None:
    """But among all texts of a form, in which markings are looked for."""
    body = (
        p('<w:commentRangeStart w:id="0"/>', "甲", '<w:commentRangeEnd w:id="0"/>',
          '<w:r><w:footnoteReference w:id="2"/></w:r>')
        + '<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="rIdheader"/></w:sectPr>'
        "</w:pPr></w:p>"
    )  # fmt: skip
    parts: dict[str, str | bytes] = {
        "word/comments.xml": part("comments", f'<w:comment w:id="0" {BY}>{p("请 核")}</w:comment>'),
        "word/footnotes.xml": part("footnotes", f'<w:footnote w:id="2">{p("注")}</w:footnote>'),
        "word/header1.xml": part("hdr", p("眉")),
    }
    data = word_file(body, parts, comments="word/comments.xml", footnotes="word/footnotes.xml",
                     header="word/header1.xml")  # fmt: skip
    form = open_word(data)
    assert (form.paragraphs, form.comments) == (["甲", ""], ["请 核"])
    assert {"甲", "注", "眉", "请 核"} <= set(form.texts)
    found = reread(data, "x")
    assert found.comments == 1
    assert list(found.document.blocks) == [model.Paragraph((model.Text("甲"),))]
