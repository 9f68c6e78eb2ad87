"""What `deliver` hands out: papers as they are made, or as they were issued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.batch.contract import AS_MADE, DRAFT, Options, Selection
from reportkit.batch.run import preview
from reportkit.cli.holding import why_held
from reportkit.cli.indexing import KINDS
from reportkit.cli.workbook import StudyWorkbook, own_notebooks
from reportkit.delivery import Parcel, Withheld, annexes_of, parcels_of
from reportkit.delivery.issued import issued_parcels
from reportkit.errors import UsageError
from reportkit.issuing.folder import changed_files, folder_of, read_manifest
from reportkit.params.issue import load_issue

if TYPE_CHECKING:
    from reportkit.params import Delivery


@dataclass(frozen=True)
class How:
    """How papers are to be handed out; ``issue``: those that were issued under this id."""

    formats: tuple[str, ...]
    mail: bool
    again: bool
    as_made: bool
    dry: bool
    issue: str = ""


def gathered(
    workbook: StudyWorkbook, selection: Selection, params: Delivery, how: How
) -> tuple[list[Parcel], list[Withheld]]:
    """What each unit is to get; of a year and of periods apart, as their annexes are."""
    asked = own_notebooks(selection, with_group=params.deliver.with_group)
    planned = preview(workbook, asked, Options(formats=how.formats, publisher=AS_MADE))
    held = {
        each.document.key: why_held(
            workbook.home, each.document.year, each.document.key, each.before.get("held", ())
        )
        for each in planned
    }
    parcels: list[Parcel] = []
    withheld: list[Withheld] = []
    for time in dict.fromkeys(p.document.period or str(p.document.year) for p in planned):
        some = [p for p in planned if (p.document.period or str(p.document.year)) == time]
        annexes = annexes_of(workbook.home, time, workbook.units)
        found, left = parcels_of(
            some, workbook.outputs, workbook.units, how.formats, KINDS, annexes, held,
            as_made=how.as_made,
        )  # fmt: skip
        parcels += found
        withheld += left
    return parcels, withheld


def selection_of_issue(home: Path, issue_id: str, asked: Selection) -> Selection:
    """The year and period of an issue, with the units that are asked for.

    Raises
    ------
    UsageError
        If an option names a time, a notebook or an edition: the issue has its own.
    """
    issue = load_issue(home, issue_id)
    for where, given in (("--notebook", asked.notebooks), ("--period", asked.periods)):
        if given:
            raise UsageError(
                f"{where} {given[0]} with --issue",
                expected="the papers of the issue, all of them or of some --unit",
                where=where,
            )
    if asked.edition != DRAFT:
        raise UsageError("--formal or --mask with --issue", expected="the issue's own edition",
                         where="--issue")  # fmt: skip
    periods = (issue.period,) if issue.period else ()
    return replace(asked, years=(issue.year,), periods=periods)


def issued(
    workbook: StudyWorkbook, selection: Selection, params: Delivery, how: How
) -> tuple[list[Parcel], list[Withheld]]:
    """What each unit is to get of an issue; nothing is held back.

    Raises
    ------
    UsageError
        If the files are not as they were issued, or a unit named gets none of them.
    """
    folder = folder_of(workbook.outputs, how.issue)
    manifest = read_manifest(folder)
    if changed := changed_files(folder, manifest):
        raise UsageError(
            f"{how.issue} is not as it was issued: {changed[0]}",
            expected="files that nobody has changed",
            next_step="take them from the archive; reportkit verify names all",
            where=str(folder),
        )
    annexes = annexes_of(workbook.home, manifest["period"] or str(manifest["year"]), workbook.units)
    found = issued_parcels(
        folder, manifest, workbook.units, how.formats, annexes, selection.units
    )  # fmt: skip
    if missing := [unit for unit in selection.units if unit not in {p.unit for p in found}]:
        raise UsageError(
            f"{missing[0]} gets nothing of {how.issue}",
            expected="a unit whose paper was issued, or to which the group's circular goes",
            where="--unit",
        )
    return found, []
