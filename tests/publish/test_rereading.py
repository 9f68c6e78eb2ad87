"""The Word copy read back: what was written, and what a leader made of it since."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import UsageError
from reportkit.fonts import FontSet
from reportkit.publish import model
from reportkit.publish.model import Column, Document, Heading, Paragraph, Table, Text
from reportkit.publish.word import docx_bytes
from reportkit.publish.word.oxml import element, run
from reportkit.publish.word.rereading import reread

FONTS = FontSet.find(None)
PAPER = Document(
    "关于2023年学习情况的通报",
    (
        model.Title("关于2023年学习情况的通报"),
        model.Addressee("各权属单位党委"),
        Paragraph((Text("现通报如下。"),), name="依据"),
        Heading(1, (Text("一、总体情况"),)),
        Paragraph((Text("共学习20次。"),), lead="（一）很好。", name="二.（一）"),
        Table(
            (Column("单位"), Column("次数")), (("甲", "12"), ("合计", "12")),
            title="统计表", notes=("注：一。", "二。"),
        ),
        model.AnnexList(("统计表", "口径")),
        model.Signature("中共岱川委员会", "2024年1月8日", note="此件公开发布"),
        model.Annex("统计表", "1", landscape=True),
        Table((Column("单位"),), (("甲",),)),
        model.Annex("口径", "2"),
        Paragraph((Text("口径如下。"),)),
    ),
    author="中共岱川委员会",
    imprint=model.Imprint("各单位", "党委办公室", "2024年1月8日印发"),
)  # fmt: skip


def made(document: Document = PAPER) -> bytes:
    return docx_bytes(document, FONTS)


def edited(change: Any) -> bytes:
    """The paper after a change to its body in python-docx."""
    word = docx.Document(io.BytesIO(made()))
    change(word)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def texts(data: bytes) -> list[str]:
    blocks = reread(data).document.blocks
    return [model.inline_text(b.children) for b in blocks if isinstance(b, Paragraph)]


def test_a_copy_comes_back_as_it_went_in() -> None:
    """Every kind of block, the ids of paragraphs, notes, annexes and the 版记."""
    found = reread(made())
    plain = [b for b in found.document.blocks if not isinstance(b, Table | Paragraph | Heading)]
    assert plain == [
        PAPER.blocks[0], PAPER.blocks[1], PAPER.blocks[6],
        model.Signature("中共岱川委员会", "2024年1月8日", note="（此件公开发布）"),
        model.Annex("统计表", "1"), model.Annex("口径", "2"),
    ]  # fmt: skip
    table = next(b for b in found.document.blocks if isinstance(b, Table))
    assert [column.text for column in table.columns] == ["单位", "次数"]
    assert (table.title, table.rows, table.notes) == (
        "统计表", (("甲", "12"), ("合计", "12")), ("注：一。", "二。")
    )  # fmt: skip
    names = {b.name: model.inline_text(b.children) for b in found.document.blocks
             if isinstance(b, Paragraph)}  # fmt: skip
    assert names["依据"] == "现通报如下。"
    assert names["二.（一）"] == "（一）很好。共学习20次。"
    assert found.document.imprint == PAPER.imprint
    assert found.document.title == PAPER.title
    assert (found.revisions, found.comments, found.numbered) == (0, 0, 0)


def test_styles_are_known_by_name_when_a_program_renames_their_ids() -> None:
    """WPS gives styles ids such as a3: names stay."""

    def rename(word: Any) -> None:
        ids = {}
        for n, style in enumerate(word.styles.element.iter(qn("w:style"))):
            ids[style.get(qn("w:styleId"))] = f"a{n}"
            style.set(qn("w:styleId"), f"a{n}")
        for tag in ("w:pStyle", "w:basedOn", "w:next"):
            for node in [*word.element.iter(qn(tag)), *word.styles.element.iter(qn(tag))]:
                node.set(qn("w:val"), ids[node.get(qn("w:val"))])

    assert reread(edited(rename)).document == reread(made()).document


def test_tracked_changes_are_read_as_accepted_and_counted() -> None:
    """Inserted text counts, deleted and moved-away text does not; three changes are told."""

    def change(word: Any) -> None:
        paragraph = next(p for p in word.paragraphs if p.text == "现通报如下。")._p
        old = paragraph.find(qn("w:r"))
        gone = element("w:del", element("w:r", element("w:delText")))
        gone[0][0].text = "旧"
        away = element("w:moveFrom", run("移走"))
        old.addnext(element("w:ins", run("新加。")))
        old.addnext(gone)
        old.addnext(away)

    found = reread(edited(change))
    assert "现通报如下。新加。" in texts(edited(change))
    assert found.revisions == 3


def test_content_controls_tabs_and_text_boxes_are_read_once() -> None:
    """A paragraph in a w:sdt is one; a text box is read, its fallback is not."""

    def change(word: Any) -> None:
        wrapped = element("w:sdt", element("w:sdtContent", element("w:p", run("控件中的段落"))))
        word.element.body.insert(0, wrapped)
        box = element("w:txbxContent", element("w:p", run("框内")))
        mc = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
        alternate = copy.deepcopy(box).makeelement(f"{mc}AlternateContent")
        choice = alternate.makeelement(f"{mc}Choice")
        fallback = alternate.makeelement(f"{mc}Fallback")
        choice.append(box)
        fallback.append(copy.deepcopy(box))
        alternate.extend([choice, fallback])
        word.element.body.insert(1, element("w:p", run("框外"), element("w:r", alternate)))

    assert texts(edited(change))[:2] == ["控件中的段落", "框外\n框内"]


def test_numbers_that_word_gives_are_counted_since_no_text_holds_them() -> None:
    """A paragraph with w:numPr has a number that cannot be read."""

    def change(word: Any) -> None:
        paragraph = next(p for p in word.paragraphs if p.text == "现通报如下。")
        numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbered.append(element("w:numId", val=1))
        assert word.part.numbering_part.element.num_having_numId(1) is not None

    assert reread(edited(change)).numbered == 1


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for n in range(25):
            package.writestr(f"word/{n}.xml", b"\0" * 10_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"not a zip", b"\xd0\xcf\x11\xe0" + b"\0" * 600, bomb(), made()[:900]],
    ids=["empty", "text", "old Word", "bomb", "cut off"],
)  # fmt: skip
def test_what_is_no_word_file_is_refused_by_name(data: bytes) -> None:
    """Never a traceback of zipfile or lxml; the error names the file."""
    with pytest.raises(UsageError) as caught:
        reread(data, "稿.docx")
    assert caught.value.where == "稿.docx"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text(alphabet="学习，。 12\t<&>\"'次\u3000", min_size=1, max_size=20), max_size=5)
)
def test_any_text_comes_back_but_for_blanks_at_its_ends(some: list[str]) -> None:
    """Markup, quotes and blanks are data."""
    wanted = [model.clean(text).strip() for text in some]
    blocks = tuple(Paragraph((Text(text),)) for text in some)
    assert texts(made(Document("t", blocks))) == [text for text in wanted if text]
