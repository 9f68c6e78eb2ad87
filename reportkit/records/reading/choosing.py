"""Which sheet of a file is which of our forms: by its name, else by its headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportkit.errors import SubmissionError
from reportkit.records.forms import Sheet, sheet_of
from reportkit.records.forms.custom import forms_of
from reportkit.records.forms.feedback import is_feedback_list
from reportkit.records.issues import Log
from reportkit.records.opening import Grid, address, refusal
from reportkit.records.reading.headers import Header, best_header, fits
from reportkit.records.reading.words import is_known_page, loose_name, squeeze
from reportkit.records.values import is_blank

_SURE = 3
"""So many of a form's columns make a sheet of another name that form."""


@dataclass
class Chosen:
    """The sheets of one file by what they are."""

    cover: Grid | None = None
    tables: dict[str, tuple[Grid, Sheet]] = field(default_factory=dict)
    """Key of our sheet → the sheet of the file, and the form in which it comes."""
    copies: dict[str, list[tuple[Grid, Sheet]]] = field(default_factory=dict)
    """Key of our sheet → further sheets of the file that have its headers and hold data."""


def find_grid(grids: Sequence[Grid], sheet: Sheet) -> Grid | None:
    """The grid of a form's sheet, by any of its names.

    Raises
    ------
    SubmissionError
        If two sheets bear names of the same form.
    """
    names = _names(sheet)
    found = [grid for grid in grids if squeeze(grid.name) in names]
    if not found:
        loose = {loose_name(name) for form in forms_of(sheet) for name in form.names}
        found = [grid for grid in grids if loose_name(grid.name) in loose]
    if len(found) > 1:
        found = [grid for grid in found if holds_data(grid, sheet)] or found[:1]
    if len(found) > 1:
        raise one_too_many(sheet, [grid.name for grid in found])
    return found[0] if found else None


def _names(sheet: Sheet) -> set[str]:
    return {squeeze(name) for form in forms_of(sheet) for name in form.names}


def one_too_many(sheet: Sheet, names: Sequence[str]) -> SubmissionError:
    """The error of a file in which several sheets are one form."""
    titles = "”和“".join(names)
    return refusal(
        f"“{titles}”是同一张表",
        f"只有一张“{sheet.title}”",
        "合并为一张，删去或改名多余的后重新报送",
        sheet=names[-1],
    )


def is_filled(grid: Grid) -> bool:
    """Whether any cell holds something."""
    return bool(grid.unreadable) or any(not is_blank(raw) for cells in grid.rows for raw in cells)


def holds_data(grid: Grid, sheet: Sheet) -> bool:
    """Whether anything stands below the header; without a header, anywhere."""
    header = max(
        (h for form in forms_of(sheet) if (h := best_header(grid, form))),
        key=Header.rank,
        default=None,
    )
    if header is None:
        return is_filled(grid)
    return any(not is_blank(raw) for cells in grid.rows[header.bottom + 1 :] for raw in cells)


def choose(grids: Sequence[Grid], forms: Sequence[Sheet], log: Log) -> Chosen:
    """Every sheet of a file for what it is; what is no form of ours is told if it holds data.

    Raises
    ------
    SubmissionError
        If two sheets are the same form, a sheet may be two forms, or none is any.
    """
    chosen = Chosen(find_grid(grids, sheet_of("cover")))
    used = {id(chosen.cover)}
    for sheet in forms:
        left = [grid for grid in grids if id(grid) not in used]
        # Our own name is another's synonym nowhere; a loose name must not steal an exact one.
        others = {name for other in forms if other.key != sheet.key for name in _names(other)}
        grid = find_grid([g for g in left if squeeze(g.name) not in others], sheet)
        if grid is not None:
            chosen.tables[sheet.key] = (grid, _form_of(grid, sheet))
            used.add(id(grid))
    rest = [g for g in grids if id(g) not in used and not is_known_page(g.name) and is_filled(g)]
    for grid in rest:
        _take_by_headers(grid, forms, chosen, log)
    if not chosen.tables:
        names = "、".join(f"“{grid.name}”" for grid in grids[:10])
        raise refusal(
            f"没有认得出的工作表（现有{names}）",
            f"工作表：{'、'.join(sheet.title for sheet in forms if sheet.required)}等",
            "请用报送表填报，保留工作表名称和表头",
        )
    return chosen


def _form_of(grid: Grid, sheet: Sheet) -> Sheet:
    """The form in which a sheet of this name comes: one that it fits, of that name before all."""
    forms = forms_of(sheet)
    if len(forms) == 1:
        return sheet
    name = squeeze(grid.name)
    named = [form for form in forms if name in {squeeze(n) for n in form.names}]
    for several in (named, [form for form in forms if form not in named]):
        fitting = [
            (h.rank(), -n, form) for n, form in enumerate(several) if (h := fits(grid, form))
        ]
        if fitting:
            return max(fitting, key=lambda each: each[:2])[2]
    return (named or list(forms))[0]


def _take_by_headers(grid: Grid, forms: Sequence[Sheet], chosen: Chosen, log: Log) -> None:
    if is_feedback_list(grid.name, next((c for row in grid.rows[:1] for c in row[:1]), "")):
        return  # our own feedback, mended and sent back as it was
    found = []
    for sheet in forms:
        fit = _fit(grid, sheet)
        if fit is not None:
            found.append((fit[0], sheet, fit[1]))
    most = max((fit for fit, _, _ in found), default=None)
    candidates = [(sheet, form) for fit, sheet, form in found if fit == most]
    if not candidates:
        log.add("extra_sheet", f"工作表“{grid.name}”", "报送表的各工作表", "", sheet=grid.name)
        return
    if len(candidates) > 1:
        titles = "”或“".join(sheet.title for sheet, _ in candidates)
        raise refusal(
            f"工作表“{grid.name}”可能是“{titles}”",
            "工作表名称与报送表一致",
            "改正工作表名称后重新报送",
            sheet=grid.name,
        )
    sheet, form = candidates[0]
    if sheet.key in chosen.tables:
        other = chosen.tables[sheet.key][0]
        if not holds_data(grid, sheet):
            return
        if holds_data(other, sheet):
            chosen.copies.setdefault(sheet.key, []).append((grid, form))
            return
    chosen.tables[sheet.key] = (grid, form)
    header = best_header(grid, form)
    cell = address(header.top, 0) if header else None
    log.add("sheet_taken", f"工作表“{grid.name}”", f"工作表“{sheet.title}”",
            f"按表头认定为“{sheet.title}”，请确认", sheet=grid.name, cell=cell)  # fmt: skip


def _fit(grid: Grid, sheet: Sheet) -> tuple[tuple[int, int], Sheet] | None:
    """How well a sheet's headers fit a form: columns known, columns unknown (negative)."""
    best: tuple[tuple[int, int], Sheet] | None = None
    for form in forms_of(sheet):
        header = fits(grid, form)
        if header is None or len(header.columns) < min(_SURE, len(form.fields)):
            continue
        fit = (len(header.columns), len(header.columns) - len(header.texts))
        if best is None or fit > best[0]:
            best = fit, form
    return best
