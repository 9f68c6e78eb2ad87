"""One file's feedback: its own workbook, the cells coloured, and the list in front."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence

from reportkit.records.issues import Issue
from reportkit.records.opening.grid import Grid, address
from reportkit.records.writing.cells import save
from reportkit.records.writing.copies import (
    Copy,
    compact,
    copy_of,
    is_large,
    new_workbook,
    own_grids,
    reads_the_same,
)
from reportkit.records.writing.listing import AT_MOST_LISTED, Entry, Heading, add_list
from reportkit.records.writing.marking import (
    AT_MOST_CELLS,
    HIDDEN,
    HIDDEN_SIGN,
    MARKS,
    Area,
    areas_of,
    comment_on,
    mark_cells,
)

CORRECT = "请在本文件中更正标红的单元格，核对标蓝、标黄的单元格后，按原文件名重新报送"
CORRECT_THERE = "请按下表在原报送表中更正，按原文件名重新报送"
LOOK = "本次没有须更正的问题；请核对标蓝、标黄的单元格，如有误，更正后按原文件名重新报送"
KEPT = "各单元格的颜色和批注、“问题清单”工作表不影响重新报送，不必删除"
CLASSIFIED = "该文件有密级标志，内容未复制到本文件"
NOT_COPIED = "该文件没有采用，其内容未复制到本文件"
FAILED = "原文件的内容不能复制，本文件只有清单"
_PRIVATE = ("identity_number", "telephone")


def feedback_of(
    content: bytes | None,
    name: str,
    format: str,
    grids: Sequence[Grid] | None,
    issues: Sequence[Issue],
    *,
    unit_name: str,
    year: int,
) -> bytes:
    """The feedback file (反馈表) of one submission, as the bytes of an .xlsx workbook.

    The same arguments give the same bytes. Macros, links and drawings are never copied,
    numbers of persons are hidden, and a file marked as secret is not copied at all.

    Parameters
    ----------
    content:
        The file as it was sent; None if it is not at hand.
    name:
        Its name, as the list shows it.
    format:
        What :class:`~reportkit.records.opening.Opened` says of it; ``""`` if nothing.
    grids:
        Its sheets as they were read; empty or None if it was refused as a whole.
    issues:
        All issues of this file, decided ones too.
    unit_name:
        The unit it was taken to be from; ``""`` if that is not known.
    year:
        The year of the submissions.
    """
    if any(issue.code == "classified" for issue in issues):
        issues = [issue for issue in issues if issue.code == "classified"]
        return _list_alone(issues, Heading(unit_name, year, name, (CLASSIFIED,)))
    if not grids:
        return _list_alone(issues, Heading(unit_name, year, name, (CORRECT_THERE, NOT_COPIED)))
    heading = Heading(unit_name, year, name, ())
    if is_large(grids, sum(issue.open for issue in issues)):
        areas: dict[str, list[Area]] = defaultdict(list)
        for issue in [i for i in _in_order(issues, grids) if i.open][:AT_MOST_LISTED]:
            areas[issue.sheet or ""] += areas_of(issue.cell)
        return _marked(compact(grids, areas), grids, issues, heading)
    private = [
        (issue.sheet or "", *area[:2])
        for issue in issues if issue.code in _PRIVATE for area in areas_of(issue.cell)
    ]  # fmt: skip
    for source in (content, None):
        with contextlib.suppress(Exception):  # whatever a stranger's file makes openpyxl raise
            copy = copy_of(source, format, grids, private)
            made = _marked(copy, grids, issues, heading)
            if not copy.is_own or reads_the_same(made, copy, grids):
                return made
    return _list_alone(issues, dataclasses.replace(heading, sentences=(CORRECT_THERE, FAILED)))


def _marked(copy: Copy, grids: Sequence[Grid], issues: Sequence[Issue], heading: Heading) -> bytes:
    waiting = [issue for issue in issues if issue.open]
    sentences = [copy.sentence]
    if copy.rows is not None:
        sentences = [CORRECT_THERE, copy.sentence]
    elif waiting:
        wrong = any(issue.severity == "refused" for issue in waiting)
        sentences = [CORRECT if wrong else LOOK, f"{copy.sentence}。{KEPT}"]
    if copy.hidden:
        sentences.append(f"有 {len(copy.hidden)} 个单元格的证件或电话号码已在本文件中隐去")
    named = {grid.name: grid for grid in own_grids(grids)}
    entries = [_entry(issue, copy, named) for issue in _in_order(issues, grids)]
    _mark(copy, waiting)
    add_list(copy.workbook, dataclasses.replace(heading, sentences=tuple(sentences)), entries)
    return save(copy.workbook)


def _list_alone(issues: Sequence[Issue], heading: Heading) -> bytes:
    workbook = new_workbook()
    add_list(workbook, heading, [Entry(issue) for issue in _in_order(issues, ())])
    return save(workbook)


def _in_order(issues: Sequence[Issue], grids: Sequence[Grid]) -> list[Issue]:
    """Why a whole file was refused; by severity, then as the cells stand in the workbook."""
    sheets = {grid.name: n for n, grid in enumerate(grids)}
    severities = list(MARKS)

    def place(issue: Issue) -> tuple[bool, int, int, tuple[int, int]]:
        areas = areas_of(issue.cell)
        number = sheets.get(issue.sheet, len(sheets)) if issue.sheet else -1
        at = areas[0][:2] if areas else (0, 0)
        return not issue.of_whole_file, severities.index(issue.severity), number, at

    return sorted(issues, key=place)


def _entry(issue: Issue, copy: Copy, grids: Mapping[str, Grid]) -> Entry:
    grid = grids.get(issue.sheet or "")
    areas = areas_of(issue.cell)
    placed = copy.place(issue.sheet, areas[0]) if areas else None
    note = "（隐藏的工作表）" if grid and grid.hidden else ""
    if placed is None or (note and copy.rows is None):
        return Entry(issue, None, note)
    if grid and areas[0][0] - 1 in grid.hidden_rows:
        note += "（隐藏的行）"
    sheet, (top, left, _, _) = placed
    return Entry(issue, (sheet.title, address(top - 1, left - 1)), note)


def _mark(copy: Copy, issues: Sequence[Issue]) -> None:
    """Colour and comment all cells: the issues of one cell together, ranges after them."""
    for cell in copy.hidden:
        if hasattr(cell, "comment"):
            comment_on(cell, f"{HIDDEN_SIGN}{HIDDEN}")
    places: dict[tuple[str, tuple[Area, ...]], list[Issue]] = defaultdict(list)
    for issue in issues:
        placed = [p for a in areas_of(issue.cell) if (p := copy.place(issue.sheet, a))]
        if placed:
            areas = tuple(area for _, area in placed[:AT_MOST_CELLS])
            places[placed[0][0].title, areas].append(issue)
    sheets = {sheet.title: sheet for sheet in copy.workbook.worksheets}
    for (title, areas), together in _wide_first(places):
        mark_cells(sheets[title], areas, together)


def _wide_first(
    places: dict[tuple[str, tuple[Area, ...]], list[Issue]],
) -> list[tuple[tuple[str, tuple[Area, ...]], list[Issue]]]:
    """Ranges first, mild ones before grave ones: what is said of one cell comes on top."""

    def size(entry: tuple[tuple[str, tuple[Area, ...]], list[Issue]]) -> tuple[int, int]:
        (_, areas), issues = entry
        cells = sum((a[2] - a[0] + 1) * (a[3] - a[1] + 1) for a in areas)
        return -cells, -min(list(MARKS).index(issue.severity) for issue in issues)

    return sorted(places.items(), key=size)
