"""The sheet 问题清单: every issue of a file in words, with a link to its cell."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.records.codes import catalogue
from reportkit.records.forms.feedback import LIST_SHEET, TITLE
from reportkit.records.issues import Issue
from reportkit.records.writing.cells import HEAD_FONT, Look, paint, put
from reportkit.records.writing.marking import MARKS, rows_high, safe

NOTHING = "本次报送未发现问题"
AT_MOST_LISTED = 5_000
"""Issues that are listed one by one; the rest is counted by kind."""

_HEADER = ("序号", "级别", "问题", "工作表", "单元格", "发现", "应为", "处理意见", "原值→读作")
_DECIDED_HEADER = (*_HEADER[:7], "人工决定", "决定人及理由")
_WIDTHS = (6, 9, 19, 15, 10, 30, 27, 30, 28)
_TITLE_LOOK = Look(True, 16, HEAD_FONT)
_LINE = Look(wrap=True, vertical="top")
_STRONG = dataclasses.replace(_LINE, bold=True)
_HEADER_LOOK = Look(True, fill="FFE7E6E6", border=True, horizontal="center", wrap=True)
_CELL = Look(border=True, wrap=True, horizontal="left")
_MIDDLE = dataclasses.replace(_CELL, horizontal="center")
_LINK = dataclasses.replace(_MIDDLE, colour="FF0563C1")
_LABELS = {s: dataclasses.replace(_MIDDLE, bold=True, fill=m.fill) for s, m in MARKS.items()}
_DECISIONS = {
    "accept": "认可软件的处理",
    "override": "按人工决定的值读取",
    "waive": "准予按原样采用",
}


@dataclass(frozen=True)
class Entry:
    """One issue, and where its cell stands in the feedback file."""

    issue: Issue
    target: tuple[str, str] | None = None
    """Sheet and cell that the link jumps to; None: nothing to jump to."""
    note: str = ""
    """What must be said of the place, such as that it is hidden."""


@dataclass(frozen=True)
class Heading:
    """What stands above the list."""

    unit_name: str
    year: int
    file: str
    sentences: tuple[str, ...]
    """What to do, and what kind of copy this is."""


def list_name(taken: Sequence[str]) -> str:
    """The list's name in a workbook that has these sheets already."""
    used = {name.casefold() for name in taken}
    names = [LIST_SHEET, f"{LIST_SHEET}（反馈）"]
    names += [f"{LIST_SHEET}（反馈{n}）" for n in range(2, len(used) + 3)]
    return next(name for name in names if name.casefold() not in used)


def add_list(workbook: Any, heading: Heading, entries: Sequence[Entry]) -> None:
    """Put the list in front of a workbook's sheets, and show it first."""
    sheet = workbook.create_sheet(list_name(workbook.sheetnames), 0)
    waiting = [entry for entry in entries if entry.issue.open]
    decided = [entry for entry in entries if not entry.issue.open]
    row = _heading(sheet, heading, waiting, len(decided))
    row = _header(sheet, row, _HEADER)
    sheet.freeze_panes = f"A{row}"
    sheet.print_title_rows = f"{row - 1}:{row - 1}"
    row = _rows(sheet, row, waiting)
    if decided:
        text = f"以下 {len(decided)} 处已作人工决定，不需要再处理"
        _line(sheet, row + 1, text, _STRONG)
        row = _header(sheet, row + 2, _DECIDED_HEADER)
        _rows(sheet, row, decided)
    _set_up_page(workbook, sheet)


def _set_up_page(workbook: Any, sheet: Any) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHI"[number]].width = width
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.sheet_view.showGridLines = False
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet  # two selected sheets are edited at once
    workbook.active = 0


def _line(sheet: Any, row: int, text: str, look: Look) -> None:
    put(sheet, row, 1, safe(text), look)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADER))
    sheet.row_dimensions[row].height = 16 * rows_high(text, sum(_WIDTHS)) + 2


def _heading(sheet: Any, heading: Heading, waiting: Sequence[Entry], decided: int) -> int:
    _line(sheet, 1, TITLE, _TITLE_LOOK)
    sheet.row_dimensions[1].height = 28
    place = (
        f"单位：{heading.unit_name or '（未识别）'}　　年度：{heading.year}　　文件：{heading.file}"
    )
    _line(sheet, 2, place, _LINE)
    counts = Counter(entry.issue.severity for entry in waiting)
    text = "、".join(f"{MARKS[s].label} {counts[s]} 处" for s in ("refused", "corrected", "warned"))
    text += f"；已作人工决定 {decided} 处" if decided else ""
    _line(sheet, 3, text if waiting or decided else NOTHING, _STRONG)
    for number, sentence in enumerate(heading.sentences):
        _line(sheet, 4 + number, sentence, _LINE if number else _STRONG)
    return 5 + len(heading.sentences)


def _header(sheet: Any, row: int, texts: Sequence[str]) -> int:
    for column, text in enumerate(texts, 1):
        put(sheet, row, column, text, _HEADER_LOOK)
    sheet.row_dimensions[row].height = 22
    return row + 1


def _rows(sheet: Any, row: int, entries: Sequence[Entry]) -> int:
    for number, entry in enumerate(entries[:AT_MOST_LISTED], 1):
        texts = _texts(entry)
        issue = entry.issue
        put(sheet, row, 1, number, _MIDDLE)
        put(
            sheet,
            row,
            2,
            MARKS[issue.severity].label,
            _LABELS[issue.severity] if issue.open else _MIDDLE,
        )
        for column, text in enumerate(texts, 3):
            put(sheet, row, column, text, _MIDDLE if column == 5 else _CELL)
        if entry.target:
            _link(sheet.cell(row, 5), entry.target)
        high = max(rows_high(t, _WIDTHS[n]) for n, t in enumerate(texts, 2))
        sheet.row_dimensions[row].height = min(15 * high + 4, 400)
        row += 1
    rest = Counter(_title(entry.issue) for entry in entries[AT_MOST_LISTED:])
    for title, count in sorted(rest.items()):
        _line(sheet, row, f"另有“{title}” {count} 处，未逐条列出", _STRONG)
        row += 1
    return row


def _title(issue: Issue) -> str:
    return catalogue()[issue.code].title if issue.code in catalogue() else issue.code


def _texts(entry: Entry) -> tuple[str, ...]:
    issue = entry.issue
    sheet = f"{issue.sheet or ''}{entry.note}" or "（整份文件）"
    texts = [_title(issue), sheet, issue.cell or issue.key or "—", issue.found, issue.expected]
    if issue.open:
        is_read = issue.severity == "corrected"
        texts += [issue.action, f"{issue.found} → {issue.action}" if is_read else ""]
    else:
        who = "；".join(filter(None, (issue.decided_by, issue.why)))
        texts += [_DECISIONS.get(issue.decision or "", ""), who]
    return tuple(safe(text) for text in texts)


def _link(cell: Any, target: tuple[str, str]) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet, place = target
    location = f"'{sheet.replace(chr(39), chr(39) * 2)}'!{place}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, tooltip="点击转到该单元格")
    paint(cell, _LINK)
