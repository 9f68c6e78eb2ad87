"""What stands in a Word file, element by element, as Word, WPS and LibreOffice write it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from word_support import (
    BY,
    NAMESPACES,
    OFFICE,
    PACKAGE,
    STRICT,
    STRICT_OFFICE,
    XML,
    W,
    dele,
    ins,
    lines,
    marked,
    p,
    part,
    r,
    read,
    rels,
    row,
    table,
    texts,
    unzipped,
    with_base,
    with_property,
    word_file,
    zipped,
)

from reportkit.word.model import Comment
from reportkit.word.reading import read_word

BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor>"
    "<wp:docPr id='1' name='文本框 1'/><a:graphic><a:graphicData uri='http://schemas.microsoft.com/"
    "office/word/2010/wordprocessingShape'><wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent>"
    "</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox>"
    "</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
PICTURE = (
    "<w:r><w:drawing><wp:inline><wp:docPr id='3' name='{}' descr='{}'/><a:graphic><a:graphicData "
    "uri='http://schemas.openxmlformats.org/drawingml/2006/picture'><a:blip/></a:graphicData>"
    "</a:graphic></wp:inline></w:drawing></w:r>"
)


def field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲    乙"),
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>", "甲\n乙\n丙"),
        ('<w:r><w:t>甲</w:t><w:br w:type="page"/><w:lastRenderedPageBreak/></w:r>', "甲"),
        ('<w:r><w:br w:type="column"/><w:t>甲</w:t></w:r>', "甲"),
        ("<w:r><w:t>2023</w:t><w:noBreakHyphen/><w:t>2024</w:t></w:r>", "2023-2024"),
        ("<w:r><w:t>甲</w:t><w:softHyphen/><w:t>\u200b乙\u00ad</w:t></w:r>", "甲乙"),
        ("<w:r><w:t> 甲 \n 乙 </w:t></w:r>", "甲   乙"),
        ('<w:r><w:t xml:space="preserve"> 甲 </w:t></w:r>', " 甲 "),
        ('<w:r><w:sym w:font="宋体" w:char="2460"/></w:r>', "①"),
        ('<w:r><w:sym w:font="宋体" w:char="F041"/></w:r>', "A"),
        ("<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>dài</w:t></w:r></w:rt><w:rubyBase><w:r>"
         "<w:t>岱</w:t></w:r></w:rubyBase></w:ruby></w:r>", "岱"),
        ("<w:hyperlink r:id='x'><w:r><w:t>甲</w:t></w:r></w:hyperlink>", "甲"),
        ("<w:smartTag><w:smartTagPr/><w:r><w:t>甲</w:t></w:r></w:smartTag>", "甲"),
        ("<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:r><w:t>甲</w:t></w:r>"
         "</w:sdtContent></w:sdt>", "甲"),
        ("<w:fldSimple w:instr='PAGE'><w:r><w:t>3</w:t></w:r></w:fldSimple>", "3"),
        ("<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>甲</w:t></w:r>", "甲"),
        ("<w:r><w:annotationRef/><w:footnoteRef/><w:t><![CDATA[<甲>&]]></w:t></w:r>", "<甲>&"),
        ("<w:dir w:val='ltr'><w:r><w:t>甲</w:t></w:r></w:dir>", "甲"),
        ("<w:moveFromRangeStart w:id='1'/><w:proofErr w:type='gramEnd'/><w:r><w:t>甲</w:t></w:r>",
         "甲"),
        ("<w:r><w:t>\ue000甲\x85</w:t></w:r>", "\ue000甲\n"),
    ],
)  # fmt: skip
def test_what_stands_within_a_paragraph(inner: str, text: str) -> None:
    """Each element that holds or stands for text, and nothing of those that do not."""
    (line,) = lines(p(inner))
    assert (line.text, line.before) == (text, text)


def test_of_a_field_the_result_alone() -> None:
    """Its code is no text, nor a field within its code; a result over two paragraphs is both."""
    nested = field("begin") + code("REF ") + r("藏") + field("separate") + r("x") + field("end")
    whole = field("begin") + code("IF ") + nested + field("separate") + r("甲")
    assert [line.text for line in lines(p("前", whole) + p("乙", field("end"), "后"))] == [
        "前甲", "乙后"]  # fmt: skip
    no_result = field("begin") + code("XE") + r("藏") + field("end")
    assert [line.text for line in lines(p("前", no_result, "后"))] == ["前后"]


def test_a_field_that_never_ends_hides_nothing() -> None:
    """A damaged field does not take the rest of the document with it."""
    assert texts(read(p("甲", field("begin"), "乙") + p("丙"))) == ["甲乙", "丙"]
    assert texts(read(p(field("end"), field("separate"), "甲"))) == ["甲"]


def test_a_text_box_is_read_once_and_apart() -> None:
    """Of Word's two spellings of a box the first; its lines stand behind their paragraph."""
    edited = read(p("甲", BOX.format(p("盒") + p(dele("旧"), ins(r("新")))), "乙") + p("丙"))
    assert [(line.text, line.where) for line in edited.lines] == [
        ("甲乙", "body"), ("盒", "textbox"), ("新", "textbox"), ("丙", "body")]  # fmt: skip
    assert edited.lines[2].before == "旧" and edited.warnings == ()
    box = f"<v:textbox><w:txbxContent>{p('盒')}</w:txbxContent></v:textbox>"
    old = f"<w:r><w:pict><v:shape>{box}</v:shape></w:pict></w:r>"
    assert texts(read(p("甲", old))) == ["甲", "盒"]


def test_a_text_box_that_is_deleted() -> None:
    """It goes with the run that it hangs on; a new one was not there before."""
    box = BOX.format(p("盒"))
    edited = read(
        p(f"<w:del w:id='1' {BY}>{box}</w:del>", "甲") + p(ins(BOX.format(p("新盒"))), "乙")
    )
    assert texts(edited) == ["甲", "乙", "新盒"]
    assert [(g.at, g.line.before, g.line.where) for g in edited.gone] == [(1, "盒", "textbox")]
    assert (edited.lines[2].before, edited.lines[2].continues) == ("", True)


def test_alternatives_around_runs() -> None:
    """The first choice, or what is there for others if there is none."""
    inner = (
        "<mc:AlternateContent>{}<mc:Fallback>" + r("乙") + "</mc:Fallback></mc:AlternateContent>"
    )
    choice = "".join(f"<mc:Choice Requires='w14'>{r(text)}</mc:Choice>" for text in "甲丙")
    assert [line.text for line in lines(p(inner.format(choice)) + p(inner.format("")))] == [
        "甲",
        "乙",
    ]


def test_empty_paragraphs_are_lines() -> None:
    """What is empty stays, so that places can be counted."""
    assert texts(read(p() + "<w:p/>" + p("甲"))) == ["", "", "甲"]


# ---------------------------------------------------------------- tables and bookmarks


def test_where_cells_stand() -> None:
    """(table, row, cell), also in content controls; a table within a cell is its cell's."""
    inner = p("上") + table(row("内")) + p("下")
    control = f"<w:sdt><w:sdtContent>{row('丙', '丁')}</w:sdtContent></w:sdt>"
    edited = read(p("x") + table(row("甲", inner), control) + p("y") + table(row("末")) + p(""))
    assert [(line.text, line.cell) for line in edited.lines] == [
        ("x", None), ("甲", (0, 0, 0)), ("上", (0, 0, 1)), ("内", (0, 0, 1)), ("下", (0, 0, 1)),
        ("丙", (0, 1, 0)), ("丁", (0, 1, 1)), ("y", None), ("末", (1, 0, 0)), ("", None),
    ]  # fmt: skip


def test_cells_inserted_and_deleted_by_tracking() -> None:
    """Columns are counted as they are once accepted."""
    cells = "".join(
        f"<w:tc><w:tcPr>{track}</w:tcPr>{p(text)}</w:tc>"
        for text, track in (
            ("甲", ""), ("乙", f"<w:cellDel w:id='1' {BY}/>"),
            ("丙", f"<w:cellIns w:id='2' {BY}/>"), ("丁", ""),
        )
    )  # fmt: skip
    edited = read(table(f"<w:tr>{cells}</w:tr>") + p(""))
    assert [(line.text, line.cell) for line in edited.lines][:3] == [
        ("甲", (0, 0, 0)), ("丙", (0, 0, 1)), ("丁", (0, 0, 2))]  # fmt: skip
    assert [(g.line.before, g.line.cell) for g in edited.gone] == [("乙", (0, 0, 1))]


def test_bookmarks_over_several_paragraphs() -> None:
    """Enter leaves the bookmark's begin in one paragraph, its end in the next: both have it."""
    body = (
        p("零", '<w:bookmarkStart w:id="5" w:name="rk_甲"/>', "一") + p()
        + p("二", '<w:bookmarkEnd w:id="5"/>', "三") + p("四")
    )  # fmt: skip
    assert [line.bookmarks for line in lines(body)] == [("rk_甲",), (), ("rk_甲",), ()]


def test_a_bookmark_that_begins_twice() -> None:
    """LibreOffice writes one over two paragraphs with two begins and one end: it is one."""
    start = '<w:bookmarkStart w:id="{}" w:name="rk_甲"/>'
    body = (
        p(start.format(6), "一") + p("中") + p(start.format(7), "二", '<w:bookmarkEnd w:id="7"/>')
    )
    assert [line.bookmarks for line in lines(body)] == [("rk_甲",)] * 3
    again = p("间") + p(marked("rk_甲", "又", 9))
    assert [line.bookmarks for line in lines(body + again)][3:] == [(), ("rk_甲",)]


def test_bookmarks_between_paragraphs_and_without_end() -> None:
    """One that begins between counts from the next; one that never ends covers nothing."""
    body = (
        '<w:bookmarkStart w:id="1" w:name="rk_甲"/>' + p("一") + '<w:bookmarkEnd w:id="1"/>'
        + p("二", '<w:bookmarkStart w:id="2" w:name="rk_乙"/>', "三")
        + '<w:bookmarkStart w:id="3" w:name="rk_丙"/>'
    )  # fmt: skip
    first, second = lines(body)
    assert (first.bookmarks, first.collapsed) == (("rk_甲",), ())
    assert (second.bookmarks, second.collapsed) == ((), ("rk_乙", "rk_丙"))


def test_bookmarks_of_others_are_not_told() -> None:
    """Word's own (_GoBack), and the office's."""
    (line,) = lines(p(marked("_GoBack", "甲", 1), marked("章节", "乙", 2), marked("rk_x", "丙", 3)))
    assert line.bookmarks == ("rk_x",)


def test_a_copy_that_libreoffice_made_stands_for_what_was_moved() -> None:
    """Cut and pasted with tracking on, rk_甲 is left empty and rk_甲_Copy_1 has its text."""
    moved = (
        p(marked("rk_甲", dele("甲"), 1), mark="del") + p("乙") + p(marked("rk_甲_Copy_1", "甲", 2))
    )
    edited = read(moved)
    assert [line.bookmarks for line in edited.lines] == [(), ("rk_甲",)]
    assert edited.gone[0].line.collapsed == ()
    doubled = lines(p(marked("rk_甲", "甲", 1)) + p(marked("rk_甲_Copy_1", "甲", 2)))
    assert [line.bookmarks for line in doubled] == [("rk_甲",), ("rk_甲_Copy_1",)]


# ---------------------------------------------------------------- comments and notes


def commented(key: int, inner: str) -> str:
    return (
        f'<w:commentRangeStart w:id="{key}"/>{inner}<w:commentRangeEnd w:id="{key}"/>'
        f'<w:r><w:commentReference w:id="{key}"/></w:r>'
    )


def comments(*told: str) -> dict[str, str | bytes]:
    """comments.xml with a comment of 李四 for each text, or with those that are ready."""
    made = "".join(
        each if each.startswith("<") else
        f'<w:comment w:id="{key}" w:author="李四" w:date="2024-01-09T11:00:00Z">'
        f"{p('<w:r><w:annotationRef/></w:r>', each)}</w:comment>"
        for key, each in enumerate(told)
    )  # fmt: skip
    return {"word/comments.xml": part("comments", made)}


def test_comments_with_what_they_are_attached_to() -> None:
    """By whom, when, of how many lines, and to which text: as it reads once accepted."""
    two = (
        '<w:comment w:id="0" w:author="王五" w:date="0-00-00T00:00:00Z">'
        + p("请核", dele("实"), ins(r("对"))) + p("谢谢") + "</w:comment>"
    )  # fmt: skip
    body = p("共", commented(0, dele("12") + ins(r("15"))), "次", commented(1, ""))
    (line,) = lines(body, comments(two, "？"), comments="word/comments.xml")
    assert line.comments == (
        Comment("王五", "", "请核对\n谢谢", "15"),
        Comment("李四", "2024-01-09T11:00:00Z", "？", ""),
    )


def test_a_comment_over_several_paragraphs_belongs_to_the_first() -> None:
    """Quoted whole, a line for each paragraph."""
    body = (
        p("前", '<w:commentRangeStart w:id="0"/>', "甲")
        + p("乙")
        + p("丙", '<w:commentRangeEnd w:id="0"/>', "后")
    )
    found = lines(body, comments("为何"), comments="word/comments.xml")
    assert [line.comments for line in found[1:]] == [(), ()]
    assert found[0].comments[0].quoted == "甲\n乙\n丙"


def test_a_comment_on_a_paragraph_that_is_deleted_is_not_lost() -> None:
    """It stands with the line that follows, or the last there is."""
    body = (
        p(commented(0, dele("甲")), mark="del") + p("乙", mark="del") + p(commented(1, dele("丙")))
    )
    (line,) = lines(body, comments("删去", "也删"), comments="word/comments.xml")
    assert [(c.text, c.quoted) for c in line.comments] == [("删去", ""), ("也删", "")]


def test_a_comment_over_a_paragraph_that_is_deleted_quotes_what_is_left() -> None:
    """Nothing stands in the quotation for what is gone, not even the end of its line."""
    body = (
        p('<w:commentRangeStart w:id="0"/>', dele("甲"), mark="del")
        + p("乙", '<w:commentRangeEnd w:id="0"/>', "后")
    )  # fmt: skip
    (line,) = lines(body, comments("?"), comments="word/comments.xml")
    assert [comment.quoted for comment in line.comments] == ["乙"]


def test_a_comment_whose_range_has_no_end() -> None:
    """It ends where its mark stands."""
    body = p(
        '<w:commentRangeStart w:id="0"/>', "甲", '<w:r><w:commentReference w:id="0"/></w:r>', "乙"
    )
    (line,) = lines(body, comments("?"), comments="word/comments.xml")
    assert [comment.quoted for comment in line.comments] == ["甲"]


def test_replies_are_comments_too() -> None:
    """One attached to text of its own, one only by its paragraph's id (commentsExtended)."""
    plain = (
        '<w:comment w:id="{0}" w:author="{1}"><w:p w14:paraId="0000000{0}"><w:r><w:t>{2}</w:t>'
        "</w:r></w:p></w:comment>"
    )
    told = comments(
        *(plain.format(*each) for each in ((0, "甲", "问"), (1, "乙", "答"), (2, "丙", "又答")))
    )
    told["word/commentsExtended.xml"] = (
        f"{XML}<w15:commentsEx {NAMESPACES}>"
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000000"/></w15:commentsEx>'
    )
    body = p(commented(0, r("文")), commented(1, ""))
    edited = read(
        body, told, comments="word/comments.xml", commentsExtended="word/commentsExtended.xml"
    )
    assert [(c.author, c.text, c.quoted) for c in edited.lines[0].comments] == [
        ("甲", "问", "文"), ("丙", "又答", "文"), ("乙", "答", "")]  # fmt: skip
    assert edited.warnings == ()


def test_a_comment_attached_to_nothing_is_told_of() -> None:
    """Neither lost nor laid upon some paragraph."""
    edited = read(p("甲"), comments("孤立"), comments="word/comments.xml")
    assert edited.warnings == ("a comment of 李四 is attached to nothing: “孤立”",)


def test_notes_headers_and_footers() -> None:
    """Behind the body: footnotes by their order in the text, endnotes, headers, footers."""
    body = (
        p("甲", '<w:r><w:footnoteReference w:id="5"/></w:r>')
        + p("乙", '<w:r><w:footnoteReference w:id="2"/><w:endnoteReference w:id="1"/></w:r>',
            f'<w:del w:id="1" {BY}><w:r><w:footnoteReference w:id="7"/></w:r></w:del>')
        + '<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="rIdheader"/>'
        '<w:footerReference w:type="default" r:id="rIdfooter"/></w:sectPr></w:pPr></w:p>'
        '<w:p><w:pPr><w:sectPr><w:headerReference w:type="even" r:id="rIdheader"/></w:sectPr>'
        "</w:pPr></w:p>"
    )  # fmt: skip
    note = '<w:{0} w:id="{1}"{3}>' + "{2}</w:{0}>"
    parts: dict[str, str | bytes] = {
        "word/footnotes.xml": part("footnotes", "".join((
            note.format("footnote", 0, p("—"), ' w:type="separator"'),
            note.format("footnote", 2, p("第二"), ""), note.format("footnote", 5, p("第一"), ""),
            note.format("footnote", 7, p("删去的"), ""), note.format("footnote", 9, p("无主"), ""),
        ))),
        "word/endnotes.xml": part("endnotes", note.format("endnote", 1, p("尾"), "")),
        "word/header1.xml": part("hdr", p("眉")), "word/footer1.xml": part("ftr", p("脚")),
    }  # fmt: skip
    edited = read(body, parts, footnotes="word/footnotes.xml", endnotes="word/endnotes.xml",
                  header="word/header1.xml", footer="word/footer1.xml")  # fmt: skip
    assert [(line.text, line.where) for line in edited.lines] == [
        ("甲", "body"), ("乙", "body"), ("", "body"), ("", "body"), ("第一", "footnote"),
        ("第二", "footnote"), ("尾", "endnote"), ("眉", "header"), ("脚", "footer"),
    ]  # fmt: skip
    assert [(g.line.before, g.line.where) for g in edited.gone] == [("删去的", "footnote")]


# ---------------------------------------------------------------- styles, numbering, warnings

STYLES = part(
    "styles",
    '<w:style w:type="paragraph" w:default="1" w:styleId="1"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Style10"><w:name w:val="主送机关"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="af"><w:name w:val="Body Text"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="l"><w:name w:val="List Number"/>'
    '<w:basedOn w:val="m"/></w:style><w:style w:type="paragraph" w:styleId="m"><w:name w:val="m"/>'
    '<w:basedOn w:val="l"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>',
)
NUMBERING = part(
    "numbering",
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="none"/>'
    '<w:lvlText w:val="%2"/></w:lvl><w:lvl w:ilvl="2"><w:numFmt w:val="none"/>'
    '<w:lvlText w:val="附%3"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
)


@pytest.mark.parametrize(
    ("style", "told"),
    [("", "Normal"), ("2", "Heading1"), ("Style10", "Addressee"), ("af", "Body Text"),
     ("nowhere", "Normal")],
)  # fmt: skip
def test_styles_go_by_our_ids_whatever_a_program_calls_them(style: str, told: str) -> None:
    """WPS numbers the ids of styles, LibreOffice calls them Style10: their names stay."""
    (line,) = lines(p("甲", style=style), {"word/styles.xml": STYLES}, styles="word/styles.xml")
    assert line.style == told


def test_automatic_numbering_is_warned_of() -> None:
    """Set on the paragraph or by its style; not what is switched off, or shows nothing."""
    number = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
    edited = read(
        p("甲", more=number.format(0, 1)) + p("乙", style="l")
        + p("丙", style="l", more=number.format(0, 0)) + p("丁", more=number.format(1, 1))
        + p("戊", more=number.format(0, 7)) + p("己") + p("庚", more=number.format(2, 1)),
        {"word/styles.xml": STYLES, "word/numbering.xml": NUMBERING},
        styles="word/styles.xml", numbering="word/numbering.xml",
    )  # fmt: skip
    assert edited.warnings == tuple(
        f"automatic numbering in the paragraph that begins “{t}”: its number is not text"
        for t in "甲乙庚"
    )


def test_pictures_of_ours_and_of_others() -> None:
    """Ours have a name and an alternative text; one put in by hand is warned of, with its place."""
    edited = read(
        p("根据安排，现将学习情况通报如下，请各单位对照检查。", PICTURE.format("图片 1", ""))
        + p(PICTURE.format("图3", "每月次数")) + p("甲", dele("x"))
        + p(f"<w:del w:id='1' {BY}>{PICTURE.format('图片 9', '')}</w:del>", "乙")
    )  # fmt: skip
    assert [line.pictures for line in edited.lines] == [("图片 1",), ("每月次数",), (), ()]
    assert edited.warnings == (
        "a picture (图片 1) in the paragraph that begins "
        "“根据安排，现将学习情况通报如下，请各单位…”",
    )


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        ("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>", "an equation"),
        ("<w:r><w:object><o:OLEObject ProgID='Excel.Sheet.12'/></w:object></w:r>",
         "an embedded object (Excel.Sheet.12)"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>", "hidden text"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F022"/></w:r>',
         "a sign of the font Wingdings (F022)"),
        ("<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri='http://x/2006/chart'/>"
         "</a:graphic></wp:inline></w:drawing></w:r>", "a chart"),
        ("<w:r><w:drawing><wp:anchor><a:graphic><a:graphicData uri='http://x/2010/wordprocessingInk'/>"
         "</a:graphic></wp:anchor></w:drawing></w:r>", "handwriting (ink)"),
        ("<w:r><w:pict><v:line/></w:pict></w:r>", "a drawn shape"),
        ("<w:r><w:pict><v:shape><v:imagedata r:id='x'/></v:shape></w:pict></w:r>", "a picture"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_back_is_told_with_its_place(inner: str, told: str) -> None:
    """Behind which text, if it stands alone."""
    edited = read(p("前文") + p(inner))
    told_text = "〓" if "sym" in inner else ""
    assert edited.lines[1].text == told_text
    place = "the paragraph that begins “〓”" if told_text else "an empty paragraph behind “前文”"
    assert edited.warnings == (f"{told} in {place}",)


def test_a_picture_in_a_text_box_is_told_of_once() -> None:
    """With its place in the box."""
    edited = read(p("甲", BOX.format(p("盒", PICTURE.format("图片 1", "")))))
    assert edited.warnings == ("a picture (图片 1) in the paragraph that begins “盒” of a textbox",)
    assert [line.pictures for line in edited.lines] == [(), ("图片 1",)]


def test_a_rule_is_no_loss() -> None:
    """A line across the page."""
    assert read(p("<w:r><w:pict><v:rect o:hr='t'/></w:pict></w:r>")).warnings == ()


def test_a_file_embedded_as_a_whole_is_told_of() -> None:
    """altChunk: what somebody merged in, and no program here can read."""
    (told,) = read(p("甲") + '<w:altChunk r:id="x"/>').warnings
    assert told.startswith("a file embedded as a whole (altChunk)")


# ---------------------------------------------------------------- the file itself


def test_the_strict_dialect() -> None:
    """Word's “Strict Open XML”: other namespaces, the same text, comments and properties."""
    parts = comments("问")
    data = unzipped(word_file(p(commented(0, ins(r("甲")))), parts, comments="word/comments.xml"))
    strict = {
        name: content.replace(W.encode(), STRICT.encode()).replace(
            OFFICE.encode(), STRICT_OFFICE.encode()
        )
        for name, content in data.items()
    }
    assert strict != data
    (line,) = read_word(zipped(strict), "x").lines
    assert (line.text, line.before, line.comments[0].quoted) == ("甲", "", "甲")


def test_a_document_under_another_name() -> None:
    """The web editions write word/document2.xml: the relationships tell, not the name."""
    data = unzipped(word_file(p("甲")))
    data["word/document2.xml"] = data.pop("word/document.xml")
    data["word/_rels/document2.xml.rels"] = data.pop("word/_rels/document.xml.rels")
    relation = f'<Relationship Id="x" Type="{OFFICE}/officeDocument" Target="/word/document2.xml"/>'
    data["_rels/.rels"] = rels(relation).encode()
    assert texts(read_word(zipped(data), "x")) == ["甲"]


def test_who_saved_it_and_when() -> None:
    """Core properties; what the file does not say is "", and so is what is no date."""
    core = (
        f'{XML}<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:t="t"><dc:title>题</dc:title>'
        "<dc:creator>某某</dc:creator><cp:lastModifiedBy>张三</cp:lastModifiedBy><t:modified>{}"
        "</t:modified></cp:coreProperties>"
    )
    relation = (
        f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="b" Type="{PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/>'
    )
    for date, told in (("2024-01-09T10:00:00Z", "2024-01-09T10:00:00Z"), ("gestern", "")):
        edited = read(
            p("甲"), {"docProps/core.xml": core.format(date), "_rels/.rels": rels(relation)}
        )
        assert (edited.author, edited.modified) == ("张三", told)
        assert edited.properties == {"title": "题", "keywords": "", "creator": "某某"}
    assert read(p("甲")).author == ""


def test_importing_the_reader_imports_nothing_heavy() -> None:
    """Nor does it read a file: what is heavy comes with the first file that is read."""
    program = (
        "import sys, reportkit.word.reading\n"
        "print([m for m in ('docx', 'lxml', 'typst', 'pandas', 'nbconvert') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_our_base_comes_back() -> None:
    """From a custom XML part, else from a custom property, in one piece or numbered ones."""
    data, text = word_file(p("甲")), '{"段落": "“<&>” \u3000"}'
    assert read_word(data, "x").base is None
    assert read_word(with_base(data, text), "x").base == text
    assert read_word(with_property(data, {"reportkit_base": text}), "x").base == text
    pieces = {f"reportkit_base_{n}": c for n, c in reversed(list(enumerate(text, 1)))}
    assert read_word(with_property(data, {"别的": "x", **pieces}), "x").base == text
    both = with_base(with_property(data, {"reportkit_base": "旧"}), text)
    assert read_word(both, "x").base == text
    other = unzipped(with_base(data, text))
    other["customXml/item9.xml"] = b"<base>x</base>"
    assert read_word(zipped(other), "x").base is None
