"""A Word copy in which a leader changed a figure by hand: struck it through, or hid it."""

from __future__ import annotations

import copy
import io
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from drafts_support import adopted, back, circular, figures, kinds, told, word_of
from hypothesis import given, settings
from hypothesis import strategies as st
from libreoffice_support import edit
from word_support import dele, ins, p, r, row, table, word_file

from reportkit.comparing.comparison import compare
from reportkit.publish.model import Document, Paragraph, Styled, Text
from reportkit.publish.word.oxml import element
from reportkit.publish.word.rereading import reread
from reportkit.sheets.facts import read_facts
from reportkit.word.form import open_word
from reportkit.word.reading import read_word

MARKS = ("strike", "dstrike", "vanish")


def by_hand(data: bytes, old: str, new: str, mark: str) -> bytes:
    """The copy with ``old`` under the mark, and ``new`` typed behind it."""
    word = docx.Document(io.BytesIO(data))
    text = next(t for t in word.element.body.iter(qn("w:t")) if old in (t.text or ""))
    run, (before, _, after) = text.getparent(), text.text.partition(old)
    runs = []
    for told_text in (before, old, new, after):
        runs.append(copy.deepcopy(run))
        runs[-1].find(qn("w:t")).text = told_text
    about = runs[1].find(qn("w:rPr"))
    if about is None:
        about = element("w:rPr")
        runs[1].insert(0, about)
    about.append(element(f"w:{mark}"))
    for made in reversed(runs):
        run.addnext(made)
    run.getparent().remove(run)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("mark", MARKS)
def test_adopt_diff_and_sheets_read_the_figure_that_stands(mark: str, tmp_path: Path) -> None:
    """12次 struck and 15次 typed beside it: 15次 in the next paper, the comparison, the checks."""
    sent = word_of(circular())
    came = by_hand(sent, "12次", "15次", mark)
    wording = "全年组织集体学习15次，比上年增加2次；研讨交流7场次。"
    returned = back(tmp_path, came)
    found = adopted(returned)
    assert [change.after for change in found.compared.changes] == [wording]
    assert figures(found) == [("sessions", "12次", "15次")]
    assert len(returned.edited.warnings) == 1
    (change,) = (
        each for each in compare(reread(sent).document, reread(came).document, "A", "B").changes
        if each.kind != "same"
    )  # fmt: skip
    assert (change.a, change.b) == (wording.replace("15", "12"), wording)
    facts = read_facts(came)
    assert wording in [each.text for each in facts.paragraphs]
    assert (facts.revisions, read_facts(sent).revisions) == (1, 0)


@pytest.mark.parametrize("mark", MARKS)
def test_a_line_struck_out_whole_is_taken_out(mark: str, tmp_path: Path) -> None:
    """As if it had been deleted: the next paper is without it."""
    text = "把学习同安全生产结合起来，解决问题。"
    found = adopted(back(tmp_path, by_hand(word_of(circular()), text, "", mark)))
    assert kinds(found) == [("removed", "二+1")]


def test_what_the_notebook_itself_strikes_through_is_no_change(tmp_path: Path) -> None:
    """It counts as deleted on both sides; a paper that was not touched comes back untouched."""
    line = Paragraph((Text("共"), Styled("strike", (Text("约"),)), Text("12次。")), name="一",
                     figures=((2, 4, "sessions"),))  # fmt: skip
    paper = Document(
        "t", (told("甲。", name="依据"), line), keywords=("x", "2023"), name="circular"
    )
    assert kinds(adopted(back(tmp_path, word_of(paper)))) == []


def test_libreoffice_keeps_what_is_read(tmp_path: Path) -> None:
    """Struck, hidden, ticked, hyphened: opened and saved by LibreOffice it reads as before."""
    states = (("学习", ""), ("20", "strike"), ("19", "dstrike"), ("18", "vanish"), ("21", "ins"),
              ("17", "del"), ("", "sym"))  # fmt: skip
    soft = "<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r>"
    runs = [*(made(*each) for each in states), "<w:r><w:noBreakHyphen/></w:r>", soft]
    data = word_file(p(*runs) + table(row("丁", p(*runs))) + p("末"))
    (tmp_path / "a.docx").write_bytes(data)
    edit(tmp_path / "a.docx", tmp_path / "b.docx", [], track=False)
    for each in (data, (tmp_path / "b.docx").read_bytes()):
        first, _, second, last = read_word(each, "x").lines
        assert first.text == second.text == "学习21☑-甲乙    丙"
        assert last.text == "末"
        kinds_told = {change.kind for change in first.changes}
        assert {"strike", "hidden", "insert", "delete"} <= kinds_told


# ---------------------------------------------------------------- at random

STATES = {"": "{}", "strike": "", "dstrike": "", "vanish": "", "del": "", "ins": "{}", "sym": "☑"}


def made(text: str, state: str) -> str:
    """A run in a state."""
    if state == "sym":
        return '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    if state in ("del", "ins"):
        return dele(text) if state == "del" else ins(r(text))
    return r(text).replace("<w:r>", f"<w:r><w:rPr><w:{state}/></w:rPr>") if state else r(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(
    st.tuples(st.text("学习20次，1", min_size=1, max_size=3), st.sampled_from(sorted(STATES))),
    max_size=5,
), min_size=1, max_size=4))  # fmt: skip
def test_any_edits_by_hand_read_as_a_list_says(paragraphs: list[list[tuple[str, str]]]) -> None:
    """In the text, in cells, and in all views alike; no word that was there is lost."""
    inner = ["".join(made(*each) for each in runs) or "<w:r/>" for runs in paragraphs]
    wanted = ["".join(STATES[s].format(t) for t, s in runs) for runs in paragraphs]
    data = word_file("".join(map(p, inner)) + table(*(row(p(each)) for each in inner)) + p("末"))
    edited = read_word(data, "x")
    assert [line.text for line in edited.lines] == [*wanted, *wanted, "末"]
    form = open_word(data)
    assert form.paragraphs == [*wanted, "末"]
    assert [[each.text for each in cells] for cells in form.tables[0].rows] == [
        [each] for each in wanted
    ]
    found = reread(data).document.blocks
    assert [b.children for b in found if isinstance(b, Paragraph)] == [
        (Text(each),) for each in [*wanted, "末"] if each
    ]
    for line, runs in zip(edited.lines, paragraphs, strict=False):
        assert line.before == "".join("☑" if s == "sym" else t for t, s in runs if s != "ins")
