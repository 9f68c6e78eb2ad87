"""A draft that comes back edited: what is named, what is printed from then on, what is stale."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from drafts_support import (
    Editor,
    adopted,
    back,
    circular,
    figures,
    kinds,
    texts,
    word_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.drafts.adopting import rebased
from reportkit.drafts.comparing import Question
from reportkit.errors import DraftError, RenderError
from reportkit.params.edits import Edits, edits_text, filled, names_in
from reportkit.publish.edited import edited, standings
from reportkit.publish.model import Document, Notice


@pytest.fixture(scope="module")
def sent() -> bytes:
    return word_of(circular())


@pytest.fixture(scope="module")
def sent_file(sent: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file, which a failing example shows by its name alone."""
    path = tmp_path_factory.mktemp("sent") / "sent.docx"
    path.write_bytes(sent)
    return path


def kept(edits: Edits) -> Edits:
    """The edits as they come back from their file."""
    return Edits.model_validate(yaml.safe_load(edits_text(edits)) or {})


def notices(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Notice)]


def test_nothing_changed_is_nothing_named(sent: bytes, tmp_path: Path) -> None:
    found = adopted(back(tmp_path, sent))
    assert kinds(found) == [] and not found.edits and found.edits.remarks == ()


def test_each_kind_of_edit_is_named_and_nothing_else(sent: bytes, tmp_path: Path) -> None:
    """A line rewritten with a figure changed, one taken out, one moved, one put in."""
    editor = Editor(sent)
    editor.rewrite(editor.find("全年组织"), "全年共学习13次，比上年增加2次；研讨交流7场次。")
    editor.remove(editor.find("把学习同"))
    editor.move(editor.find("请你单位"), editor.find("根据有关"))
    editor.add(editor.find("整改情况"), "请于3月1日前来电说明。")
    found = adopted(back(tmp_path, editor.save()))
    assert sorted(kinds(found)) == [
        ("added", "新增1"), ("moved", "四"), ("removed", "二+1"), ("reworded", "一"),
    ]  # fmt: skip
    assert figures(found) == [("sessions", "12次", "13次")]
    edit = found.edits.of("一")
    assert edit is not None
    # The figure changed by hand stands as text; the two that stayed keep their names.
    assert edit.now == "全年共学习13次，{sessions.change}；研讨交流{discussions}场次。"
    assert edit.by_hand == {"sessions": "13次"} and edit.by == "王芳"
    assert texts(edited(circular(), kept(found.edits))) == editor.reads


LINES = st.text("学习研讨组织次数，。；{}123457890%×“”", min_size=1, max_size=24).filter(str.strip)
STEPS = st.tuples(
    st.sampled_from(["rewrite", "digit", "insert", "cut", "remove", "move", "add"]),
    st.integers(0, 99), st.integers(0, 99), LINES, st.booleans(),
)  # fmt: skip


def take(editor: Editor, step: tuple[str, int, int, str, bool]) -> None:
    """One random edit; line 0 is the title, line 1 the addressee, which keeps its colon."""
    what, first, second, words, keep_mark = step
    lines = editor.lines
    if len(lines) < 4:
        return
    node = lines[2 + first % (len(lines) - 2)]
    text = editor.text(node)
    at = second % (len(text) + 1)
    match what:
        case "rewrite":
            editor.rewrite(node, words, keep_mark=keep_mark)
        case "digit":
            editor.rewrite(node, f"{text[:at]}{second}{text[at:]}", keep_mark=keep_mark)
        case "insert":
            editor.rewrite(node, text[:at] + words + text[at:], keep_mark=keep_mark)
        case "cut" if (text[:at] + text[at + 3 :]).strip():
            editor.rewrite(node, text[:at] + text[at + 3 :], keep_mark=keep_mark)
        case "remove":
            editor.remove(node)
        case "move":
            others = [other for other in lines[1:] if other is not node]
            editor.move(node, others[second % len(others)])
        case "add":
            editor.add(node, words)


@settings(max_examples=200, deadline=None)
@given(rounds=st.lists(st.lists(STEPS, min_size=1, max_size=6), min_size=1, max_size=2),
       same=st.booleans())  # fmt: skip
def test_the_next_run_prints_exactly_what_was_written(
    rounds: list[list[tuple[str, int, int, str, bool]]], same: bool, sent_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """Whatever is done to the text, once or twice over; while no figure has changed."""
    folder = tmp_path_factory.getbasetemp()
    known = Edits()
    for steps in rounds:
        editor = Editor(word_of(edited(circular(), known)) if known else sent_file.read_bytes())
        for step in steps:
            take(editor, step)
        found = adopted(back(folder, editor.save()), known, lambda question: same)
        known = kept(found.edits)
        made = edited(circular(), known)
        assert texts(made) == editor.reads
        assert notices(made) == []
        assert not any(each.stale for each in standings(circular(), known))
        # No edit is lost: what is no longer in force stands among the earlier ones.
        assert len(known.edits) + len(known.earlier) >= len(found.edits.edits)
    # Then figures change: lines without those figures still read as they were written.
    later = circular(sessions="15", change="比上年增加5次")
    stale = {each.edit.place for each in standings(later, known) if each.stale}
    made = edited(later, known)
    written = [filled(edit.now, edit.figures) for edit in known.edits if edit.now is not None]
    assert all(text in texts(made) for text in written)
    changed = {"sessions", "sessions.change"}
    shown = {
        edit.place for edit in known.edits
        if changed & {*names_in(edit.now or edit.was), *edit.by_hand}
    }  # fmt: skip
    assert stale == shown and len(notices(made)) == len(stale)


def test_a_changed_figure_marks_the_edit_and_drops_nothing(sent: bytes, tmp_path: Path) -> None:
    """The leader's words and figures stay; the draft says what is to be looked at; the formal
    edition is refused."""
    editor = Editor(sent)
    editor.rewrite(editor.find("全年组织"), "全年学习{}次，扎实有效。".replace("{}", "12"))
    editor.rewrite(editor.find("坚持领导"), "坚持领导带头学。")
    known = adopted(back(tmp_path, editor.save())).edits
    later = circular(sessions="13")
    found = {each.edit.place: each for each in standings(later, known)}
    assert found["一"].changed == (("sessions", "12", "13"),) and not found["二"].stale
    made = edited(later, known)
    assert "全年学习12次，扎实有效。" in texts(made) and "坚持领导带头学。" in texts(made)
    assert notices(made) == ["〔待核：此段为修改稿，所用数据已变（12→13）〕"]
    with pytest.raises(RenderError, match="no longer fit: 一"):
        edited(later, known, formal=True)
    # A figure that the leader left out of his sentence may change.
    assert not any(each.stale for each in standings(circular(change="与上年持平"), known))


def test_a_figure_replaced_by_hand_is_watched(sent: bytes, tmp_path: Path) -> None:
    """The leader wrote 13 for 12; when the figure becomes 14, somebody has to look."""
    editor = Editor(sent)
    editor.rewrite(editor.find("全年组织"), "全年组织集体学习13次，比上年增加2次；研讨交流7场次。")
    known = adopted(back(tmp_path, editor.save())).edits
    assert not any(each.stale for each in standings(circular(), known))
    found = standings(circular(sessions="14"), known)
    assert [each.changed for each in found] == [(("sessions", "12", "14"),)]


def test_a_kept_figure_is_watched_and_a_refilled_one_is_not(sent: bytes, tmp_path: Path) -> None:
    """Kept, the 12 that stands by now for 13 has to be looked at again when it becomes 14."""
    editor = Editor(sent)
    editor.rewrite(editor.find("全年组织"), "全年学习12次，扎实有效。")
    known = adopted(back(tmp_path, editor.save())).edits
    (stale,) = standings(circular(sessions="13"), known)

    def settled_by(*, refill: bool) -> Edits:
        return kept(Edits(edits=(rebased(stale, refill=refill),)))

    for refill, reads in ((False, "全年学习12次，扎实有效。"), (True, "全年学习13次，扎实有效。")):
        now = settled_by(refill=refill)
        assert reads in texts(edited(circular(sessions="13"), now, formal=True))
        (later,) = standings(circular(sessions="14"), now)
        assert later.changed == (("sessions", "13", "14"),)
    assert settled_by(refill=False).edits[0].by_hand == {"sessions": "12"}


def test_a_line_that_reads_otherwise_or_is_gone(sent: bytes, tmp_path: Path) -> None:
    """The words stay where they were, and it is said what has become of the text under them."""
    editor = Editor(sent)
    editor.rewrite(editor.find("坚持领导"), "坚持领导带头，层层抓学。")
    known = adopted(back(tmp_path, editor.save())).edits
    base = circular()
    blocks = list(base.blocks)
    place = next(n for n, b in enumerate(blocks) if getattr(b, "name", "") == "二")
    other = Document(base.title, (*blocks[:place], *blocks[place + 1 :]), keywords=base.keywords)
    # The next paragraph has become the first of its part: it is not taken for the other.
    made = edited(other, known)
    assert texts(made)[6:9] == ["二、经验做法", "坚持领导带头，层层抓学。",
                                "把学习同安全生产结合起来，解决问题。"]  # fmt: skip
    assert [each.why for each in standings(other, known)] == ["gone"]
    assert notices(made) == ["〔待核：此段为修改稿，所改的原文已不在〕"]


def test_a_run_in_heading_stays_one(sent: bytes, tmp_path: Path) -> None:
    """A heading that opens a line keeps its look where its words stay, or where it is rewritten."""
    editor = Editor(sent)
    node = editor.find("1.学习质量")
    editor.rewrite(node, "1.学习质量有待提高。第2季度未开展研讨；笔记抽查10本，潦草3本。")
    known = adopted(back(tmp_path, editor.save())).edits
    made = edited(circular(), known)
    block = next(b for b in made.blocks if getattr(b, "lead", ""))
    assert getattr(block, "lead", "") == "1.学习质量有待提高。"
    assert texts(made) == editor.reads


def test_tables_signature_and_asides_are_told_not_adopted(sent: bytes, tmp_path: Path) -> None:
    """A figure typed into a table, another day, a line behind the signature."""
    editor = Editor(sent)
    word = editor.word
    word.tables[0].rows[1].cells[1].paragraphs[0].runs[0].text = "13"
    day = next(p for p in word.paragraphs if p.text == "2024年1月8日")
    day.runs[0].text = "2024年1月9日"
    found = adopted(back(tmp_path, editor.save()))
    assert kinds(found) == [("fixed", ""), ("cell", "表1第2行“本单位”")]
    assert [c.figures[0].new for c in found.compared.changes] == ["9日", "13"]
    assert not found.edits


def test_without_bookmarks_likeness_is_asked_about(sent: bytes, tmp_path: Path) -> None:
    """Yes: its new wording. No: one line taken out, another put in; neither is lost."""
    editor = Editor(sent)
    editor.rewrite(editor.find("坚持领导"), "坚持领导带头学，带动全体党员学。")
    editor.unmark_all()
    returned = back(tmp_path, editor.save())
    asked: list[Question] = []

    def answer(value: bool) -> list[tuple[str, str]]:
        def ask(question: Question) -> bool:
            asked.append(question)
            return value

        found = adopted(returned, ask=ask)
        assert texts(edited(circular(), found.edits)) == editor.reads
        return kinds(found)

    assert answer(True) == [("reworded", "二")]
    assert answer(False) == [("removed", "二"), ("added", "新增1")]
    assert [(q.place, q.after) for q in asked] == [("二", "坚持领导带头学，带动全体党员学。")] * 2


def test_two_leaders_with_the_same_draft(sent: bytes, tmp_path: Path) -> None:
    """Edits of different lines go together; of the same line the later one counts, and the
    earlier one is kept and named."""
    first, second = Editor(sent), Editor(sent)
    first.rewrite(first.find("坚持领导"), "甲的话。")
    first.rewrite(first.find("根据有关"), "现通报如下。")
    second.rewrite(second.find("坚持领导"), "乙的话。")
    known = adopted(back(tmp_path, first.save())).edits
    found = adopted(back(tmp_path, second.save()), known)
    assert [edit.now for edit in found.replaced] == ["甲的话。"]
    assert [each.edit.now for each in found.edits.earlier] == ["甲的话。"]
    lines = texts(edited(circular(), found.edits))
    assert "乙的话。" in lines and "现通报如下。" in lines and "甲的话。" not in lines


def test_the_same_file_twice_is_adopted_once(sent: bytes, tmp_path: Path) -> None:
    """Rewritten, removed, moved, added: nothing is doubled, nothing counts as replaced."""
    editor = Editor(sent)
    editor.rewrite(editor.find("坚持领导"), "坚持带头学。")
    editor.remove(editor.find("把学习同"))
    editor.move(editor.find("请你单位"), editor.find("根据有关"))
    editor.add(editor.find("整改情况"), "请于3月1日前来电说明。")
    once = adopted(back(tmp_path, editor.save()))
    twice = adopted(back(tmp_path, editor.save()), once.edits)
    assert twice.edits == once.edits and twice.replaced == () and once.edits.earlier == ()
    assert texts(edited(circular(), twice.edits)) == editor.reads


def test_an_edit_taken_back_is_no_edit_any_more(sent: bytes, tmp_path: Path) -> None:
    """In the second draft the leader writes the old sentence again."""
    editor = Editor(sent)
    old = editor.text(editor.find("坚持领导"))
    editor.rewrite(editor.find("坚持领导"), "换一种说法。")
    known = adopted(back(tmp_path, editor.save())).edits
    again = Editor(word_of(edited(circular(), known)))
    again.rewrite(again.find("换一种"), old)
    found = adopted(back(tmp_path, again.save()), known)
    assert found.restored == ("二",) and not found.edits
    assert [each.edit.now for each in found.edits.earlier] == ["换一种说法。"]


def test_braces_in_a_leader_s_words_are_words(sent: bytes, tmp_path: Path) -> None:
    editor = Editor(sent)
    editor.rewrite(editor.find("坚持领导"), "见{附件}和{{二}}，{sessions}不是数据。")
    known = kept(adopted(back(tmp_path, editor.save())).edits)
    assert "见{附件}和{{二}}，{sessions}不是数据。" in texts(edited(circular(), known))


def test_a_file_that_lost_its_own_data(sent: bytes, tmp_path: Path) -> None:
    """The draft that was sent stands in for it, if it is named."""
    editor = Editor(sent)
    editor.rewrite(editor.find("坚持领导"), "坚持带头学。")
    part = editor.word.part
    for key in [key for key, each in part.rels.items() if each.reltype.endswith("/customXml")]:
        del part.rels[key]
    data = editor.save()
    with pytest.raises(DraftError, match="does not say of which draft"):
        back(tmp_path, data)
    (tmp_path / "sent.docx").write_bytes(sent)
    returned = back(tmp_path, data, published=tmp_path / "sent.docx")
    assert returned.borrowed and kinds(adopted(returned)) == [("reworded", "二")]
    with pytest.raises(DraftError, match="no data of its own"):
        back(tmp_path, data, published=tmp_path / "back.docx")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"version": 2}', '{"version": 1, "unit": "../../x", "year": "2023",'
     ' "document": "circular", "lines": []}', '{"version": 1, "unit": "x", "year": "2023",'
     ' "document": "a/b", "lines": []}', '{"version": 1, "unit": "x", "year": "2023", "document":'
     ' "circular", "lines": [{"text": "x", "figures": [[0, 9, "n"]]}]}'],
)  # fmt: skip
def test_data_that_were_tampered_with_are_refused(text: str) -> None:
    """What names a file or a place in a text must be such a name, and such a place."""
    from reportkit.drafts.base import read_base

    with pytest.raises(DraftError):
        read_base(text, "x.docx")


@pytest.mark.parametrize("first_half", [True, False])
def test_a_line_cut_in_two_keeps_its_figures(sent: bytes, tmp_path: Path, first_half: bool) -> None:
    """Enter in the middle: both halves know their figures, and both are watched."""
    editor = Editor(sent)
    node = editor.find("全年组织")
    whole = editor.text(node)
    cut = whole.index("研讨交流")
    # The bookmark may stay with either half.
    rest = editor.add(node, whole[cut:] if first_half else whole[:cut])
    editor.rewrite(node, whole[:cut] if first_half else whole[cut:])
    if not first_half:
        editor.move(rest, editor.find("一、总体"))
    found = adopted(back(tmp_path, editor.save()))
    assert figures(found) == []  # nothing was changed by hand
    known = kept(found.edits)
    assert texts(edited(circular(), known)) == editor.reads
    assert not any(each.stale for each in standings(circular(), known))
    later = {e.edit.place: e.changed for e in standings(circular(sessions="13"), known) if e.stale}
    assert list(later.values()) == [(("sessions", "12", "13"),)]
    other = next(e for e in known.edits if e.place not in later)
    assert other.now is not None and "{discussions}" in other.now
