"""数据确认单 made as a run makes them, and filled in as units do."""

from __future__ import annotations

import copy
import datetime as dt
import io
from pathlib import Path
from typing import Any

import docx
from circular_support import shown
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from reportkit.circular.confirmation import current_sheets
from reportkit.confirming.reply import Days, Opened, Reply, open_reply, read_reply
from reportkit.confirming.sheet import FIGURES, OPINION, RECEIVED, Sheet
from reportkit.display import BLOCK_MIME
from reportkit.fonts import FontSet
from reportkit.params import load_units
from reportkit.publish.reading import read_notebook
from reportkit.publish.word import docx_bytes
from reportkit.records.identity import unit_by_name

YEAR = 2023
DAYS = Days(dt.date(2023, 12, 1), dt.date(2024, 6, 30), dt.date(2024, 1, 8))


def small_workbook(home: Path) -> Path:
    """集团本级 and three units, 2023 imported."""
    from reportkit.cli.demo import demo
    from reportkit.records.importing import import_year

    demo(home, units=3, years=str(YEAR), seed=None, force=False)
    import_year(home, YEAR)
    return home


def made(home: Path, unit: str) -> bytes:
    """A unit's 数据确认单, as a run publishes it in Word."""
    blocks = shown("confirmation", home, unit=unit, year=YEAR)
    cells = [
        {"cell_type": "code", "source": "", "metadata": {},
         "outputs": [{"output_type": "display_data", "metadata": {},
                      "data": block._repr_mimebundle_()}]}
        for block in blocks
    ]  # fmt: skip
    assert all(BLOCK_MIME in cell["outputs"][0]["data"] for cell in cells)
    document = read_notebook({"cells": cells, "metadata": {}}, name="confirmation")
    return docx_bytes(document, FontSet.find(None))


def sheet_of(home: Path, unit: str = "dongling") -> Sheet:
    """What its 数据确认单 says now."""
    return current_sheets(home, YEAR, [unit])[unit]


class Form:
    """A 数据确认单 that is being filled in."""

    def __init__(self, content: bytes) -> None:
        self.word = docx.Document(io.BytesIO(content))

    def table(self, title: str) -> Any:
        """A table by what its first head or row says."""
        head = {RECEIVED: "报送内容", FIGURES: "指标", OPINION: "项目"}[title]
        return next(t for t in self.word.tables if t.rows[0].cells[0].text == head)

    def row(self, title: str, name: str) -> Any:
        """The row that begins with a name."""
        return next(r for r in self.table(title).rows if r.cells[0].text.startswith(name))

    def say(self, name: str, text: str, title: str = FIGURES) -> Form:
        """What stands in 确认（是/否）."""
        self.row(title, name).cells[4].text = text
        return self

    def remark(self, name: str, text: str) -> Form:
        """What stands in 说明."""
        self.row(FIGURES, name).cells[5].text = text
        return self

    def figure(self, name: str, text: str) -> Form:
        """What stands in 数据."""
        self.row(FIGURES, name).cells[1].text = text
        return self

    def opinion(self, text: str) -> Form:
        """The whole cell of 确认意见."""
        self.row(OPINION, "确认意见").cells[1].text = text
        return self

    def tick(self, word: str, mark: str = "☑") -> Form:
        """A tick in place of the box in front of 数据无误 or 有异议."""
        cell = self.row(OPINION, "确认意见").cells[1]
        assert f"□ {word}" in cell.text
        return self.opinion(cell.text.replace(f"□ {word}", f"{mark} {word}"))

    def sign(self, name: str = "王芳", day: str = "2024年1月5日") -> Form:
        """负责人签字 and 日期."""
        self.row(OPINION, "党委").cells[1].text = name
        self.row(OPINION, "日期").cells[1].text = day
        return self

    def bytes(self) -> bytes:
        """As saved."""
        buffer = io.BytesIO()
        self.word.save(buffer)
        return buffer.getvalue()

    def save(self, path: Path) -> Path:
        """As a file."""
        path.write_bytes(self.bytes())
        return path


def opened(home: Path, path: Path, wanted: int | None = None) -> Opened:
    """The file, and whose it is."""
    return open_reply(path, unit_by_name(load_units(home)), wanted)


def reply_of(home: Path, form: Form, folder: Path, days: Days = DAYS) -> Reply:
    """What dongling's file says, held against the figures now."""
    path = form.save(folder / "reply.docx")
    return read_reply(opened(home, path), sheet_of(home), days)


# --- what Word writes where changes are tracked ----------------------------------------


def tracked(cell: Any, kept: str) -> None:
    """The cell's text deleted and other text inserted, both as tracked changes (修订)."""
    paragraph = cell.paragraphs[0]._p
    for run in list(paragraph.iter(qn("w:r"))):
        for text in run.iter(qn("w:t")):
            text.tag = qn("w:delText")
        gone = OxmlElement("w:del")
        run.addprevious(gone)
        gone.append(run)
    inserted, run, text = (OxmlElement(f"w:{tag}") for tag in ("ins", "r", "t"))
    text.text = kept
    run.append(text)
    inserted.append(run)
    paragraph.append(inserted)


def deleted_row(row: Any) -> None:
    """The row deleted as a tracked change."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:del"))


def in_content_control(cell: Any) -> None:
    """The cell's paragraph within a content control (内容控件), as Word's check boxes stand."""
    paragraph = cell.paragraphs[0]._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph.addprevious(control)
    control.append(content)
    content.append(copy.copy(paragraph))
    paragraph.getparent().remove(paragraph)
