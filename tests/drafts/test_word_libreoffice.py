"""A circular as we make it, edited in LibreOffice, and read back."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from libreoffice_support import (
    Accept,
    Add,
    Comment,
    Delete,
    Join,
    Move,
    Reject,
    Replace,
    Rewrite,
    Split,
    Step,
    edit,
)
from word_support import (
    p,
    rejected,
    texts,
    tracked,
    with_base,
    with_property,
    word_file,
)

from reportkit.fonts import FontSet
from reportkit.publish.model import (
    Addressee,
    Annex,
    Column,
    Document,
    Drawing,
    Figure,
    Heading,
    Paragraph,
    Signature,
    Table,
    Text,
    Title,
)
from reportkit.publish.word import docx_bytes
from reportkit.word.model import Edited, Line
from reportkit.word.reading import read_word

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="80pt">'
    '<text x="9" y="30" font-family="Noto Sans SC">集体学习</text></svg>'
)


def para(text: str, lead: str = "") -> Paragraph:
    return Paragraph((Text(text),), lead=lead)


CIRCULAR = Document(
    "关于学习情况的通报",
    (
        Title("关于岱川能源集团有限公司2023年党委理论学习中心组学习情况的通报"),
        Addressee("各单位："),
        para("根据安排，通报如下。"),
        Heading(1, (Text("一、总体情况"),), 1),
        para("共组织学习12次，比上年增加2次。", lead="（一）做法。"),
        para("第二段，集体学习情况良好。"),
        para("第三段，存在不足。"),
        para("第四段，提出要求。"),
        para("第五段，认真落实。"),
        para("第六段，按时报送。"),
        Heading(1, (Text("二、要求"),), 1),
        Paragraph((Text("第七段见"), Drawing(SVG, "x^2", 2.0, 1.0, 0.2), Text("为准。"))),
        Figure(SVG, "每月均有学习", "全年均有学习", 120),
        Signature("某某集团委员会", "2024年1月8日"),
        Annex("统计表", "1"),
        Table(
            (Column("序号", "center"), Column("单位"), Column("次数", "right")),
            (("1", "甲公司", "12"), ("2", "乙公司", "15")),
            title="学习情况统计表",
        ),
    ),
    author="某某集团党委",
    date="2024-01-08",
    keywords=("x",),
)
BASE = '{"段落": ["“<&>”", "第二段"], "备注": "' + "岱川" * 20_000 + '"}'
STEPS: tuple[Step, ...] = (
    Replace("（一）做法", "12次", "13次"),
    Rewrite("第二段", "改写后的第二段，学习情况较好。"),
    Delete("第三段"),
    Move("第四段", "第五段"),
    Add("根据安排", "新增一段。"),
    Replace("15", "15", "16"),
    Comment("根据安排", "请核对", "李四"),
)

Edits = Callable[[bool], Edited]


@pytest.fixture(scope="module")
def original() -> bytes:
    return docx_bytes(CIRCULAR, FontSet.find())


@pytest.fixture(scope="module")
def edited(original: bytes, tmp_path_factory: pytest.TempPathFactory) -> Edits:
    """The circular with all of :data:`STEPS` taken, tracked or not."""
    folder = tmp_path_factory.mktemp("edited")
    (folder / "a.docx").write_bytes(original)
    found = {}
    for track in (True, False):
        edit(folder / "a.docx", folder / f"{track}.docx", STEPS, track)
        found[track] = read_word((folder / f"{track}.docx").read_bytes(), "a.docx")
    return lambda track: found[track]


def line(edited: Edited, text: str) -> Line:
    (found,) = [each for each in edited.lines if each.text.startswith(text)]
    return found


def marks(data: bytes) -> dict[str, str]:
    """The begin of each marked paragraph of the circular as it was made → its bookmark."""
    return {
        each.text[:3]: each.bookmarks[0] for each in read_word(data, "x").lines if each.bookmarks
    }


def test_what_we_make_is_read_as_it_was_made(original: bytes) -> None:
    """All text, in order, each paragraph with its bookmark; nothing changed, nothing to warn of."""
    found = read_word(original, "x")
    assert [each.text for each in found.lines if each.style in ("Normal", "Heading1")] == [
        "根据安排，通报如下。", "一、总体情况", "（一）做法。共组织学习12次，比上年增加2次。",
        "第二段，集体学习情况良好。", "第三段，存在不足。", "第四段，提出要求。",
        "第五段，认真落实。", "第六段，按时报送。", "二、要求", "第七段见为准。",
    ]  # fmt: skip
    assert {each.style for each in found.lines if each.text} >= {
        "Title", "Addressee", "Signature", "AnnexLabel", "AnnexTitle", "Caption", "Cell", "Footer",
    }  # fmt: skip
    assert [each.pictures for each in found.lines if each.pictures] == [("x^2",), ("每月均有学习",)]
    cells = {each.cell: each.text for each in found.lines if each.cell}
    assert cells[(0, 2, 1)] == "乙公司" and len(cells) == 9
    assert all(each.text == each.before and not each.changes for each in found.lines)
    assert len(marks(original)) >= 8 and not any(each.collapsed for each in found.lines)
    assert found.gone == found.warnings == ()


@pytest.mark.parametrize("track", [True, False])
def test_every_edit_is_seen(edited: Edits, track: bool) -> None:
    """Rewritten, deleted, moved, added, a figure changed, commented: with tracking or not."""
    found = edited(track)
    body = [each.text for each in found.lines if each.text and each.where == "body"]
    begin, end = body.index("根据安排，通报如下。"), body.index("二、要求")
    assert body[begin + 1 : end] == [
        "新增一段。", "一、总体情况", "（一）做法。共组织学习13次，比上年增加2次。",
        "改写后的第二段，学习情况较好。", "第五段，认真落实。", "第四段，提出要求。",
        "第六段，按时报送。",
    ]  # fmt: skip
    assert {each.cell: each.text for each in found.lines}[(0, 2, 2)] == "16"
    (comment,) = line(found, "根据安排").comments
    assert (comment.author, comment.text) == ("李四", "请核对")
    assert comment.quoted == "根据安排，通报如下。" and comment.date
    assert found.author == "张三" and found.modified
    assert found.properties["title"] == CIRCULAR.title
    assert found.warnings == ()


@pytest.mark.parametrize("track", [True, False])
def test_paragraphs_are_known_again(original: bytes, edited: Edits, track: bool) -> None:
    """By their bookmarks, in or about the text that was theirs; also the one that was moved."""
    found, names = edited(track), marks(original)
    for begin in ("根据安", "（一）", "第五段", "第四段", "第六段", "第七段"):
        assert line(found, begin).bookmarks == (names[begin],), begin
    rewritten = line(found, "改写后")
    assert names["第二段"] in rewritten.bookmarks + rewritten.collapsed
    assert line(found, "新增").bookmarks == ()
    assert not any(names["第三段"] in each.bookmarks for each in found.lines)
    styles = {each.text: each.style for each in found.lines}
    assert (styles["各单位："], styles["一、总体情况"], styles["附件1"], styles["16"]) == (
        "Addressee", "Heading1", "AnnexLabel", "Cell")  # fmt: skip


def test_who_changed_what_is_told_where_it_was_tracked(original: bytes, edited: Edits) -> None:
    """And rejected, the text is what we sent."""
    found = edited(True)
    told = [(c.kind, c.text) for c in line(found, "（一）").changes]
    assert told == [("delete", "12次"), ("insert", "13次")]
    assert {c.author for each in found.lines for c in each.changes} == {"张三"}
    gone = [each.line for each in found.gone]
    assert [each.before for each in gone] == ["第三段，存在不足。", "第四段，提出要求。"]
    assert marks(original)["第三段"] in gone[0].collapsed
    was = [text for text in texts(read_word(original, "x")) if text and "—" not in text]
    assert [text for text in rejected(found).split("\n") if text and "—" not in text] == [
        text for each in was for text in each.split("\n")]  # fmt: skip
    assert not any(each.changes for each in edited(False).lines)


@pytest.mark.parametrize("track", [True, False])
def test_our_base_and_our_pictures_survive(original: bytes, edited: Edits, track: bool) -> None:
    """What we put into the file comes back to the letter; our pictures are known as ours."""
    found, base = edited(track), read_word(original, "x").base
    assert base and found.base == base
    assert [each.pictures for each in found.lines if each.pictures] == [("x^2",), ("每月均有学习",)]


@pytest.mark.parametrize("carrier", ["part", "property"])
def test_either_carrier_of_the_base_survives(tmp_path: Path, carrier: str) -> None:
    """LibreOffice keeps custom XML parts of the document, and custom properties, of any length."""
    data = word_file(p("甲"))
    if carrier == "part":
        data = with_base(data, BASE)
    else:
        data = with_property(data, {"reportkit_base": BASE})
    (tmp_path / "a.docx").write_bytes(data)
    edit(tmp_path / "a.docx", tmp_path / "b.docx", [Replace("甲", "甲", "乙")])
    found = read_word((tmp_path / "b.docx").read_bytes(), "x")
    assert (found.base, texts(found)) == (BASE, ["乙"])


def random_changes(chance: random.Random, *, edges: bool) -> bytes:
    """Paragraphs full of changes, in groups of which each begins with a line of its own.

    ``edges``: text that was there stands at either end of each.
    """
    body = ""
    for number in range(60):
        body += p(f"第{number}组")
        for _ in range(chance.randint(1, 5)):
            inner = [
                tracked(chance.choice("甲乙丙丁") * 2, chance.choice(("", *SINGLE)))
                for _ in range(chance.randint(0, 3))
            ]
            if edges:
                inner.insert(0, tracked("首", chance.choice(("", "del", "del"))))
                inner.append(tracked("尾", chance.choice(("", "del", "del"))))
            body += p("".join(inner), mark=chance.choice(("", "", "ins", "del")))
    return word_file(body + p("末"))


SINGLE = ("ins", "del", "moveFrom", "moveTo")
"""Not one within the other: LibreOffice 7.4 forgets the inner one."""


@pytest.mark.parametrize("step", [Accept(), Reject()])
def test_libreoffice_accepts_and_rejects_the_same(tmp_path: Path, step: Step) -> None:
    """Hundreds of random changes: its own accepting or rejecting of all leaves our texts.

    For the second no paragraph begins or ends with what was inserted, since LibreOffice 7.4 takes
    such an end and the next such begin for one change, with the mark between.
    """
    data = random_changes(random.Random(7), edges=isinstance(step, Reject))
    (tmp_path / "a.docx").write_bytes(data)
    edit(tmp_path / "a.docx", tmp_path / "b.docx", [step])
    ours, theirs = read_word(data, "x"), read_word((tmp_path / "b.docx").read_bytes(), "x")
    assert not any(each.changes for each in theirs.lines) and len(ours.gone) >= 5
    accepted = "".join(f"{text}\n" for text in texts(ours))
    assert "".join(f"{text}\n" for text in texts(theirs)) == (
        accepted if isinstance(step, Accept) else rejected(ours)
    )


def test_joined_paragraphs_and_a_second_hand(tmp_path: Path, original: bytes) -> None:
    """Two paragraphs made one by 张三, and 李四 upon that: one line, two bookmarks, two authors."""
    (tmp_path / "a.docx").write_bytes(original)
    edit(tmp_path / "a.docx", tmp_path / "b.docx", [Join("第四段")])
    edit(
        tmp_path / "b.docx", tmp_path / "c.docx", [Replace("第四段", "提出", "明确")], author="李四"
    )
    found = read_word((tmp_path / "c.docx").read_bytes(), "x")
    one, names = line(found, "第四段"), marks(original)
    assert one.text == "第四段，明确要求。第五段，认真落实。"
    assert one.before == "第四段，提出要求。\n第五段，认真落实。"
    assert one.bookmarks == (names["第四段"], names["第五段"])
    assert [(c.author, c.kind, c.text) for c in one.changes] == [
        ("李四", "delete", "提出"), ("李四", "insert", "明确"), ("张三", "delete", "\n"),
    ]  # fmt: skip
    assert found.author == "李四"


@pytest.mark.parametrize("track", [True, False])
def test_a_paragraph_cut_in_two_is_known_in_both(
    original: bytes, tmp_path: Path, track: bool
) -> None:
    """Who presses Enter in the midst of it leaves its bookmark on both."""
    (tmp_path / "a.docx").write_bytes(original)
    edit(tmp_path / "a.docx", tmp_path / "b.docx", [Split("第六段", "第六段，")], track)
    found, name = read_word((tmp_path / "b.docx").read_bytes(), "x"), marks(original)["第六段"]
    first, second = line(found, "第六段，"), line(found, "按时报送")
    assert (first.text, first.bookmarks, second.bookmarks) == ("第六段，", (name,), (name,))
    assert (first.continues, second.continues) == (track, False)


def test_nothing_changed_is_nothing_changed(tmp_path: Path) -> None:
    """Opened and saved: text, styles, cells and bookmarks of every line are what they were.

    Also spaces of all kinds, at either end too, hyphens, line ends, and what only few fonts have.
    """
    odd = " 两  格\u00a0不断\u3000全角\u2011连\u2003字——……“”‘’·〔2024〕㎡①𠮷😀\ue000—\n新行\n "
    document = replace(CIRCULAR, blocks=(*CIRCULAR.blocks, para(odd), para("  "), para("\n")))
    original = docx_bytes(document, FontSet.find())
    (tmp_path / "a.docx").write_bytes(original)
    edit(tmp_path / "a.docx", tmp_path / "b.docx", [], track=False)

    def shown(data: bytes) -> list[tuple[object, ...]]:
        return [
            (each.text, each.style, each.bookmarks, each.cell, each.pictures)
            for each in read_word(data, "x").lines if each.where == "body"
        ]  # fmt: skip

    assert shown((tmp_path / "b.docx").read_bytes()) == shown(original)
