"""What a run tells the analyst before it begins: wording and selections worth a second look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportkit.cli.console import complain
from reportkit.params import GROUP_DOCUMENT, load_decisions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportkit.batch.contract import Document, Selection
    from reportkit.cli.workbook import StudyWorkbook


def warn(workbook: StudyWorkbook, selection: Selection) -> None:
    """Set phrases (提法) that are not as approved; selected practices that are no candidates.

    Told on standard error, and nothing more: neither the documents nor the exit status change.
    """
    documents = workbook.documents(selection)
    told = [*_of_terms(workbook, documents), *_of_practices(workbook, documents)]
    for warning in dict.fromkeys(told):  # notebooks and letterhead are the same in every year
        complain(f"warning: {warning}", style="yellow")


def _of_terms(workbook: StudyWorkbook, documents: list[Document]) -> Iterator[str]:
    from reportkit.terms import check_workbook

    for year in sorted({d.year for d in documents}):
        notebooks = sorted({d.notebook for d in documents if d.year == year})
        for found in check_workbook(workbook.home, year, notebooks, _chosen(workbook, year)):
            yield str(found)


def _chosen(workbook: StudyWorkbook, year: int) -> list[tuple[str, str]]:
    """(where, text) of the practices that the group's circular tells of."""
    from reportkit.loaders import Records

    chosen = {p for ids in load_decisions(workbook.home, year).practices.values() for p in ids}
    if not chosen:
        return []
    rows = Records(workbook.home, year).read("practices", ["practice_id", "what", "outcome"])
    return [
        (f"practice {practice}", "，".join(t for t in (what, outcome) if isinstance(t, str)))
        for practice, what, outcome in zip(
            rows["practice_id"], rows["what"], rows["outcome"], strict=True
        )
        if practice in chosen
    ]


def _of_practices(workbook: StudyWorkbook, documents: list[Document]) -> Iterator[str]:
    from reportkit.circular import open_group

    years = {d.year for d in documents if d.unit == GROUP_DOCUMENT and d.period is None}
    for year in sorted(years):
        decided = load_decisions(workbook.home, year).practices
        chosen = {practice for ids in decided.values() for practice in ids}
        if not chosen:
            continue
        for one in open_group(year, home=workbook.home).candidates(chosen):
            if not one.fit:
                yield (
                    f"params/decisions/{year}.yml: practice {one.practice_id} is selected, but "
                    f"{one.against}; see 经验做法候选 in the working paper"
                )
