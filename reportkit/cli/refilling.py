"""Leaders' wording in what is corrected: with the figures as they are now, where that is wished.

What was issued is pinned to the figures that it bears, so that `adopt` finds every edit to fit
it. Whether they fit the records as they are now shows only when the correction is made.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.batch.contract import DRAFT, Document, Options
from reportkit.batch.run import run
from reportkit.cli.issuing import Act, selection_of
from reportkit.cli.settling import opened
from reportkit.cli.workbook import StudyWorkbook
from reportkit.errors import ReportkitError
from reportkit.issuing.folder import INPUTS, folder_of
from reportkit.params.edits import Edits, load_edits

if TYPE_CHECKING:
    from reportkit.publish.edited import Standing

BECAUSE = "换用新数据"


def refill(inputs: Path, act: Act, jobs: int, *, wished: bool) -> None:
    """Let leaders' wording in the inputs of a correction fit the figures as they are now.

    Parameters
    ----------
    inputs:
        The workbook that the correction is made from; its files of edits are rewritten.
    wished:
        Whether edits of which nothing but figures has changed take those of now.

    Raises
    ------
    ReportkitError
        Naming the edits that do not fit, and are not to be refilled or cannot be.
    """
    from reportkit.drafts.adopting import rebased, settled
    from reportkit.drafts.returned import write_edits

    left: list[tuple[Document, Standing]] = []
    for document, edits, standings in _made_again(inputs, act, jobs):
        now = edits
        for standing in standings:
            if not standing.stale:
                continue
            if wished and standing.why == "figures":
                fresh = rebased(standing, refill=True)
                now = settled(now, standing.edit.place, fresh, BECAUSE)
            else:
                left.append((document, standing))
        if now is not edits:
            write_edits(inputs, document.year, document.unit, document.wording, now)
    if left:
        raise _unfit(left, act)


def _made_again(
    inputs: Path, act: Act, jobs: int
) -> list[tuple[Document, Edits, list[Standing]]]:  # fmt: skip
    """The documents with edits, as they come out now; made as drafts, for that alone."""
    year, period = act.issue.year, act.issue.period
    edited = [d for d in act.documents if load_edits(inputs, year, d.unit, d.wording)]
    if not edited:
        return []
    units = tuple(document.unit for document in edited)
    selection = replace(selection_of(act.issue), units=units, edition=DRAFT)
    run(StudyWorkbook(inputs, final=True), selection, Options(formats=("docx",), jobs=jobs))
    found = []
    for document in edited:
        made = opened(inputs, document.unit, year, document.wording)
        if made.standings is None:
            raise ReportkitError(
                f"{document.title} could not be made",
                expected="every document made",
                next_step=f"reportkit run --unit {document.unit}, to see why",
                where=period or str(year),
            )
        found.append((document, made.edits, made.standings))
    return found


def _unfit(left: list[tuple[Document, Standing]], act: Act) -> ReportkitError:
    document, standing = left[0]
    told = "; ".join(f"{d.unit}: {s.edit.place}: {s.reason}" for d, s in left)
    time = f"--period {document.period}" if document.period else f"--year {document.year}"
    drop = f"reportkit adopt {time} --unit {document.unit} --place {standing.edit.place} --drop"
    if all(each.why == "figures" for _, each in left):
        next_step = f"let their words stand with the figures of now: --refill; or {drop}"
    else:
        next_step = f"change `was` and `now` in params/text by hand; or {drop}"
    return ReportkitError(
        f"edits of leaders no longer fit: {told}",
        expected="edits that fit the records and parameters as they are now",
        next_step=next_step,
        where=act.issue_id,
    )


def take_over(act: Act) -> None:
    """Let the workbook have the leaders' wording as the correction, just issued, has it."""
    from reportkit.drafts.returned import write_edits

    inputs = folder_of(act.outputs, act.issue_id) / INPUTS
    for document in act.not_yet_noted():
        place = document.year, document.unit, document.wording
        edits = load_edits(inputs, *place)
        if edits != load_edits(act.home, *place):
            write_edits(act.home, *place, edits)
