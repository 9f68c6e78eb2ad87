"""What stands in a workbook beside its cells: markings, and what points or runs elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable, Iterator
from xml.etree.ElementTree import Element

from reportkit.errors import SubmissionError
from reportkit.records.opening.classified import first_marked
from reportkit.records.opening.grid import Grid, Notice, address, refusal
from reportkit.records.opening.limits import MAXIMUM_NOTICES
from reportkit.records.opening.xml import elements, is_utf8
from reportkit.records.opening.zipped import Archive

_MI = "密".encode()
_PARAGRAPHS = frozenset({"p", "comment", "threadedComment", "si", "is", "text", "rich"})
_WITHOUT_TEXT = ("theme/", "calcchain.xml", "printersettings", "[content_types].xml", ".rels")


def refuse_classified(where: str, sheet: str | None = None, cell: str | None = None,
                      ) -> SubmissionError:  # fmt: skip
    """The error of a file that bears a marking; it quotes nothing of the file but the place."""
    return refusal(
        f"{where}有密级标志",
        "不涉及国家秘密的报送表",
        "本工具不处理涉密信息，请按保密规定处理：停止传送，删去已导入的副本，并报告保密部门",
        code="classified",
        sheet=sheet,
        cell=cell,
    )


def check_parts(archive: Archive, but: Container[str]) -> None:
    """Look for markings in drawings, comments, properties and every other part.

    Raises
    ------
    SubmissionError
        ``classified``, or ``damaged`` or ``dtd`` if a part cannot be looked at.
    """
    for path in archive.members:
        if path in but or any(word in path for word in _WITHOUT_TEXT):
            continue
        if path.endswith((".xml", ".vml")) and first_marked(_texts(archive.read(path), path)):
            raise refuse_classified(_place(path))


def _texts(xml: bytes, path: str) -> Iterator[str]:
    if _MI not in xml and b"&#" not in xml and is_utf8(xml):
        return
    if path.endswith(".vml"):  # drawn by old Excel, and often not well-formed
        for paragraph in re.split(r"(?i)</(?:div|p|td)>|<br", xml.decode("utf-8", "replace")):
            yield html.unescape(re.sub(r"<[^<>]*>", "", paragraph))
        return
    for element in elements(xml, path):
        if element.tag in _PARAGRAPHS:
            yield "".join(_text(element))
        yield element.text or ""
        yield from element.attrib.values()


def _text(element: Element, levels: int = 4) -> Iterator[str]:
    """The text of an element and its runs; some levels only, lest deep nesting cost squares."""
    yield element.text or ""
    for child in element if levels else ():
        yield from _text(child, levels - 1)
        yield child.tail or ""


def _place(path: str) -> str:
    for word, place in (("drawing", "文本框或图形"), ("comment", "批注"), ("docprops", "文档属性"),
                        ("chart", "图表"), ("externallink", "外部链接")):  # fmt: skip
        if word in path:
            return place
    return "工作簿的附属部分"


def notices_of(archive: Archive) -> list[Notice]:
    """What a workbook holds that is not run, not fetched and not read."""
    paths = list(archive.members)
    found = []
    if any("vbaproject" in p or "macrosheets/" in p for p in paths):
        found.append(macros())
    if any("externallinks/" in p and p.endswith(".xml") for p in paths):
        found.append(links())
    if any(p.endswith("connections.xml") or "querytables/" in p for p in paths):
        found.append(_external("工作簿有外部数据连接"))
    if any(_fetches(archive.read(p)) for p in paths if p.endswith(".rels")
           and "externallinks/" not in p):  # fmt: skip
        found.append(_external("工作簿引用外部图片或对象"))
    if any("embeddings/" in p or "activex/" in p for p in paths):
        found.append(Notice("embedded", "工作簿内嵌有文件或控件", "只含表格的报送表",
                            "嵌入的文件未打开；需要时请另行报送"))  # fmt: skip
    return found


def _fetches(relations: bytes) -> bool:
    """Whether something but a hyperlink is to be fetched from elsewhere."""
    return b"External" in relations and any(
        relation.get("TargetMode") == "External"
        and not relation.get("Type", "").endswith(("/hyperlink", "/externalLinkPath"))
        for relation in elements(relations, "rels")
    )


def macros() -> Notice:
    """The notice of a workbook with macros."""
    return Notice("macros", "工作簿含有宏", "不含宏的报送表（.xlsx）",
                  "宏没有运行，只读取已保存的值；请核对，下次另存为 .xlsx 报送")  # fmt: skip


def _external(found: str) -> Notice:
    return Notice("external_link", found, "只含本表数据的报送表",
                  "没有读取外部内容；请断开链接，并把引用外部的公式改为数值")  # fmt: skip


def links() -> Notice:
    """The notice of a workbook that links to others."""
    return _external("工作簿链接到其他文件")


def external_cell(found: str, sheet: str, cell: str) -> Notice:
    """The notice of a cell whose formula takes its value from elsewhere."""
    return Notice("external_link", found, "数值或文字本身", "该值未采用，请粘贴为数值后重新报送",
                  sheet, cell)  # fmt: skip


def looks_of_cells(grid: Grid) -> list[Notice]:
    """The notices of cells that are struck through or not shown: one for all of a row."""
    struck = [
        Notice("struck_through", "单元格的文字带有删除线", "没有删除线的内容",
               "仍按有效内容读取；如已作废请删去后重新报送", grid.name, cells)
        for cells in _by_row(grid.struck)
    ]  # fmt: skip
    unseen = [
        Notice("not_shown", "单元格的值没有显示，或显示成别的文字", "看得到的值",
               "按单元格里的值读取；请核对数字格式和字体颜色", grid.name, cells)
        for cells in _by_row(grid.unseen)
    ]  # fmt: skip
    return [*shortened(struck), *shortened(unseen)]


def _by_row(cells: Iterable[tuple[int, int]]) -> list[str]:
    """The addresses of cells, a text for each row: A5:K5、N5."""
    places: dict[int, list[str]] = {}
    last = (-1, -1)
    for row, column in sorted(cells):
        own, cell = places.setdefault(row, []), address(row, column)
        if last == (row, column - 1):
            own[-1] = f"{own[-1].partition(':')[0]}:{cell}"
        else:
            own.append(cell)
        last = (row, column)
    return ["、".join(own) for own in places.values()]


def shortened(notices: list[Notice]) -> list[Notice]:
    """Of many notices of one kind the first, the last of them with the count of the rest."""
    if len(notices) <= MAXIMUM_NOTICES:
        return notices
    last = notices[MAXIMUM_NOTICES - 1]
    rest = len(notices) - MAXIMUM_NOTICES
    found = f"{last.found}（另有 {rest} 个单元格同此）"
    return [
        *notices[: MAXIMUM_NOTICES - 1],
        Notice(last.code, found, last.expected, last.action, last.sheet, last.cell),
    ]
