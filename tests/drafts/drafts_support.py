"""A small circular with figures, its Word copy, and what becomes of it when it comes back."""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from reportkit.drafts.adopting import Adopted, Signed, adopt
from reportkit.drafts.comparing import Question
from reportkit.drafts.returned import Returned, read_returned, signers
from reportkit.fonts import FontSet
from reportkit.params.edits import Edits
from reportkit.publish.model import (
    Addressee,
    Annex,
    AnnexList,
    Column,
    Document,
    Heading,
    Paragraph,
    Signature,
    Table,
    Text,
    Title,
)
from reportkit.publish.places import places
from reportkit.publish.word import docx_bytes

SIGNED = Signed("王芳", dt.date(2024, 1, 9))


def told(text: str, *figures: tuple[str, str], lead: str = "", name: str = "") -> Paragraph:
    """A paragraph; ``{}`` in its text is the next figure: (name, what it prints)."""
    spans = []
    for figure, shown in figures:
        begin = text.index("{}")
        text = text.replace("{}", shown, 1)
        spans.append((begin, begin + len(shown), figure))
    return Paragraph((Text(text),), lead=lead, name=name, figures=tuple(spans))


def circular(sessions: str = "12", change: str = "比上年增加2次", rate: str = "85.7%") -> Document:
    """A unit's circular with these figures."""
    return Document(
        "关于东岭公司2023年党委理论学习中心组学习情况的通报",
        (
            Title("关于东岭公司2023年党委理论学习中心组学习情况的通报"),
            Addressee("东岭公司党委"),
            told("根据有关要求，现将情况通报如下。", name="依据"),
            Heading(1, (Text("一、总体情况"),), 1),
            told("全年组织集体学习{}次，{}；研讨交流{}场次。", ("sessions", sessions),
                 ("sessions.change", change), ("discussions", "7"), name="一"),
            told("平均参学率{}，学习计划兑现率{}。", ("attendance", rate), ("plan", "100%")),
            Heading(1, (Text("二、经验做法"),), 1),
            told("坚持领导带头学，带动全员学。", name="二"),
            told("把学习同安全生产结合起来，解决问题。"),
            Heading(1, (Text("三、存在的问题和不足"),), 1),
            told("第2季度未开展集体学习研讨；笔记抽查{}本，潦草{}本。", ("notes", "10"),
                 ("notes.numerator", "3"), lead="1.学习质量需进一步提高。", name="三.2"),
            Heading(1, (Text("四、工作要求"),), 1),
            told("请你单位认真研究本通报，抓好整改落实。", name="四"),
            told("整改情况于2月底前报集团公司党委。"),
            AnnexList(("指标数据",)),
            Signature("集团公司党委", "2024年1月8日"),
            Annex("指标数据"),
            Table((Column("指标"), Column("本单位")), (("集体学习", sessions), ("参学率", rate))),
        ),
        author="集团公司党委",
        date="2024-01-08",
        keywords=("dongling", "2023"),
        name="circular",
    )  # fmt: skip


def word_of(document: Document) -> bytes:
    """Its Word copy."""
    return docx_bytes(document, FontSet.find())


def never(question: Question) -> bool:
    """For drafts in which nothing is left to be asked."""
    raise AssertionError(question)


def back(folder: Path, data: bytes, **more: Any) -> Returned:
    """A Word copy that came back as these bytes."""
    path = folder / "back.docx"
    path.write_bytes(data)
    return read_returned(path, **more)


def adopted(
    returned: Returned, known: Edits | None = None, ask: Callable[[Question], bool] = never
) -> Adopted:
    """What is made of a draft that came back."""
    return adopt(
        returned.base, returned.edited.lines, known or Edits(), SIGNED, ask, returned.remarks,
        signers(returned.edited),
    )  # fmt: skip


def texts(document: Document) -> list[str]:
    """Every line of a document that can be rewritten."""
    return [line.text for line in places(document.blocks)]


# ---------------------------------------------------------------- an editor in a few lines


class Editor:
    """A Word copy whose paragraphs are rewritten, moved, taken out and put in, untracked."""

    def __init__(self, data: bytes) -> None:
        self.word = docx.Document(io.BytesIO(data))

    @property
    def lines(self) -> list[Any]:
        """The paragraphs of the text, up to the list of annexes, without blank ones."""
        found = []
        for node in self.word.element.body.iterchildren(qn("w:p")):
            if node.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == "AnnexList":
                break
            if self.text(node).strip():
                found.append(node)
        return found

    @staticmethod
    def text(node: Any) -> str:
        return "".join(each.text or "" for each in node.iter(qn("w:t")))

    def find(self, start: str) -> Any:
        """The paragraph that begins so."""
        return next(node for node in self.lines if self.text(node).startswith(start))

    def rewrite(self, node: Any, text: str, *, keep_mark: bool = True) -> None:
        """Other words, in the first of its runs; with its bookmark or without."""
        runs = list(node.iter(qn("w:r")))
        for run in runs[1:]:
            run.getparent().remove(run)
        for child in list(runs[0]):
            if child.tag in (qn("w:t"), qn("w:br")):
                runs[0].remove(child)
        made = runs[0].makeelement(qn("w:t"), {})
        made.text = text
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        runs[0].append(made)
        if not keep_mark:
            self.unmark(node)

    @staticmethod
    def unmark(node: Any) -> None:
        for mark in list(node.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
            mark.getparent().remove(mark)

    def remove(self, node: Any) -> None:
        node.getparent().remove(node)

    def move(self, node: Any, behind: Any) -> None:
        self.remove(node)
        behind.addnext(node)

    def add(self, behind: Any, text: str) -> Any:
        """A new paragraph of the same look."""
        made = copy.deepcopy(behind)
        self.unmark(made)
        behind.addnext(made)
        self.rewrite(made, text)
        return made

    def unmark_all(self) -> None:
        for node in self.lines:
            self.unmark(node)

    def save(self) -> bytes:
        buffer = io.BytesIO()
        self.word.save(buffer)
        return buffer.getvalue()

    @property
    def reads(self) -> list[str]:
        """What its text says, line by line."""
        return [self.text(node) for node in self.lines]


def kinds(found: Adopted) -> list[tuple[str, str]]:
    """Kind and place of each difference."""
    return [(change.kind, change.place) for change in found.compared.changes]


def figures(found: Adopted) -> list[tuple[str, str, str]]:
    """Indicator, old and new of each figure in lines that were rewritten."""
    changes: Sequence[Any] = [c for c in found.compared.changes if c.before and c.after]
    return [(f.name, f.old, f.new) for change in changes for f in change.figures]
