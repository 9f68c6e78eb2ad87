"""A real circular through LibreOffice and back: every edit named, printed again, watched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pytest
from circular_support import shown
from drafts_support import adopted, figures, kinds, texts, word_of
from libreoffice_support import Comment, Delete, Move, Replace, Rewrite, Step, edit
from nbformat.v4 import new_code_cell, new_notebook, new_output
from typer.testing import CliRunner

from reportkit.cli.app import app
from reportkit.display import BLOCK_MIME
from reportkit.drafts.adopting import Adopted
from reportkit.drafts.returned import Returned, keep, read_returned
from reportkit.params.edits import Edits, load_edits
from reportkit.publish.edited import edited, standings
from reportkit.publish.model import Document, Notice, Paragraph
from reportkit.publish.places import places
from reportkit.publish.reading import read_notebook
from reportkit.records.importing import import_year

UNIT, YEAR = "dongling", 2023
TRACKED = (True, False)
REWRITTEN = "根据集团公司党委要求，现将2023年有关情况通报如下。"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of three invented units, imported."""
    folder = tmp_path_factory.mktemp("office") / "workbook"
    made = CliRunner().invoke(app, ["demo", "--out", str(folder), "--units", "3"])
    assert made.exit_code == 0, made.output
    for year in (YEAR - 1, YEAR):
        import_year(folder, year)
    return folder


def circular_of(home: Path) -> Document:
    """The unit's circular as a run would hand it to the exporters; without its charts."""
    blocks = shown("unit_circular", home, charts=False, unit=UNIT, year=YEAR)
    cells = []
    for block in blocks:
        data = {BLOCK_MIME: {"version": 1, "kind": block.kind, **block.fields}}
        plain: Any = json.loads(json.dumps(data))
        cells.append(new_code_cell("", outputs=[new_output("display_data", data=plain)]))
    notebook: nbformat.NotebookNode = new_notebook(cells=cells)
    return read_notebook(notebook, name="circular")


@pytest.fixture(scope="module")
def made(home: Path) -> Document:
    return circular_of(home)


def line(document: Document, place: str) -> str:
    return next(each.text for each in places(document.blocks) if each.place == place)


def demands(document: Document) -> str:
    """The place of the first paragraph of 四: its id says of which kind the unit is."""
    return next(each.place for each in places(document.blocks) if each.place.startswith("四"))


def sessions(document: Document) -> str:
    """The unit's figure of 集体学习 in its first paragraph."""
    block = next(b for b in document.blocks if isinstance(b, Paragraph) and b.name == "一")
    begin, end = next((b, e) for b, e, name in block.figures if name == "sessions")
    return line(document, "一")[begin:end]


@pytest.fixture(scope="module")
def steps(made: Document) -> tuple[Step, ...]:
    """A paragraph rewritten, one moved, one deleted, a figure changed, a comment."""
    number = sessions(made)
    return (
        Replace(line(made, "一")[:12], f"集体学习{number}次", f"集体学习{int(number) + 1}次"),
        Rewrite(line(made, "依据")[:12], REWRITTEN),
        Delete(line(made, "一+1")[:12]),
        Move(line(made, demands(made))[:12], line(made, "标题.一")[:6]),
        Comment(line(made, "二")[:12], "这一段写得好，可推广。", "李书记"),
    )


@pytest.fixture(scope="module")
def returned(
    made: Document, steps: tuple[Step, ...], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[bool], Returned]:
    """The Word copy as it comes back, tracked or not."""
    folder = tmp_path_factory.mktemp("leader")
    (folder / "sent.docx").write_bytes(word_of(made))
    found = {}
    for track in TRACKED:
        edit(folder / "sent.docx", folder / f"{track}.docx", steps, track, author="李书记")
        found[track] = read_returned(folder / f"{track}.docx")
    return lambda track: found[track]


def adopt_it(returned: Returned) -> Adopted:
    return adopted(returned)


@pytest.mark.parametrize("track", TRACKED)
def test_each_edit_is_named_and_nothing_else(
    returned: Callable[[bool], Returned], made: Document, track: bool
) -> None:
    """With changes tracked and without, LibreOffice as the leader's editor."""
    back = returned(track)
    assert (back.base.unit, back.base.year, back.wording) == (UNIT, YEAR, "circular")
    assert not back.borrowed  # its own data came through the editor
    found = adopt_it(back)
    assert sorted(kinds(found)) == [
        ("moved", demands(made)), ("removed", "一+1"), ("reworded", "一"), ("reworded", "依据"),
    ]  # fmt: skip
    number = sessions(made)
    assert figures(found) == [("sessions", f"{number}次", f"{int(number) + 1}次")]
    assert [(r.place, r.text, r.by) for r in found.edits.remarks] == [
        ("二", "这一段写得好，可推广。", "李书记")
    ]
    if track:
        assert {edit.by for edit in found.edits.edits} == {"李书记"}


@pytest.mark.parametrize("track", TRACKED)
def test_the_next_run_prints_the_leader_s_words(
    returned: Callable[[bool], Returned], made: Document, track: bool
) -> None:
    """Line by line what stood in the file that came back."""
    back = returned(track)
    marks = {line.mark for line in back.base.lines if line.place}
    reads = [
        each.text.replace("\n", "") if each.style == "Title" else each.text
        for each in back.edited.lines
        if each.where == "body"
        and each.cell is None
        and each.text
        and marks & {*each.bookmarks, *each.collapsed}
    ]
    assert texts(edited(made, adopt_it(back).edits)) == reads
    assert REWRITTEN in reads


def test_then_the_data_change_and_the_stale_edit_is_reported(
    returned: Callable[[bool], Returned], home: Path, made: Document
) -> None:
    """The unit takes one session back: the figure that the leader had changed is another now."""
    path, _ = keep(home, returned(True), adopt_it(returned(True)).edits)
    known: Edits = load_edits(home, YEAR, UNIT, "circular")
    assert path.is_file() and known == adopt_it(returned(True)).edits
    submission = home / "data" / "submissions" / str(YEAR) / f"{UNIT}.xlsx"
    book = openpyxl.load_workbook(submission)
    sheet = book["学习情况"]
    held = [n for n in range(3, sheet.max_row + 1) if sheet.cell(n, 5).value == "集体学习"]
    sheet.delete_rows(held[-1])
    book.save(submission)
    import_year(home, YEAR)
    now = circular_of(home)
    assert int(sessions(now)) == int(sessions(made)) - 1
    stale = {each.edit.place: each for each in standings(now, known) if each.stale}
    assert ("sessions", sessions(made), sessions(now)) in stale["一"].changed
    assert "依据" not in stale and demands(made) not in stale
    printed = edited(now, known)
    assert f"集体学习{int(sessions(made)) + 1}次" in "".join(texts(printed))
    told = [block.text for block in printed.blocks if isinstance(block, Notice)]
    assert any(f"{sessions(made)}→{sessions(now)}" in text for text in told)
