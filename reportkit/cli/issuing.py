"""What `issue`, `verify` and `correct` have in common: documents made from kept inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from reportkit.annual import effective
from reportkit.batch.contract import AS_MADE, Document, Options, Selection
from reportkit.batch.run import preview
from reportkit.cli.holding import why_held
from reportkit.cli.indexing import refresh_index
from reportkit.cli.run import opened
from reportkit.cli.standing import standing
from reportkit.cli.workbook import CIRCULAR, StudyWorkbook
from reportkit.errors import UsageError
from reportkit.issuing.folder import folder_of, read_manifest
from reportkit.params import GROUP_DOCUMENT, load_units
from reportkit.params.edits import load_edits
from reportkit.params.issue import UNITS, Issue, check_numbers
from reportkit.params.stages import SIGNATURE, Stages, load_stages

FORMATS = ("pdf", "docx", "html")


@dataclass(frozen=True)
class Act:
    """One act of issuing: what, by whom, and the documents that it is about."""

    home: Path
    issue_id: str
    issue: Issue
    by: str
    documents: tuple[Document, ...]

    @classmethod
    def prepared(cls, home: Path, issue_id: str, issue: Issue, by: str) -> Act:
        """The act, with its documents in the edition that is issued.

        Raises
        ------
        UsageError, ParameterError
            If a document named does not exist.
        """
        if not by.strip():
            raise UsageError("nobody is named", expected="who issues it", where="--by")
        check_numbers(home, issue_id, issue)
        selection = selection_of(issue)
        workbook = opened(home, selection)
        found = [d for d in workbook.documents(selection) if is_of(issue, d)]
        units = {document.unit for document in found}
        named = [*(each for each in issue.documents if each != UNITS), *issue.numbers]
        if strangers := [each for each in named if each not in units]:
            raise UsageError(
                f"{strangers[0]} gets no circular of {issue.period or issue.year}",
                expected=f"some of {', '.join(sorted(units)) or 'the units that get one'}",
                next_step="correct documents and numbers",
                where=f"params/issue/{issue_id}.yml",
            )
        return cls(home, issue_id, issue, by, tuple(found))

    @property
    def outputs(self) -> Path:
        return self.home / "outputs"

    @cached_property
    def stages(self) -> Stages:
        return load_stages(self.home, self.issue.year)

    def pins(self) -> dict[int, str]:
        """The snapshots that the documents are made from: they share one set.

        Raises
        ------
        UsageError
            If they were pinned to different ones.
        """
        found = {tuple(sorted(self.stages.snapshots_of(key_of(d)).items())) for d in self.documents}
        if len(found) > 1:
            raise UsageError(
                "its documents are pinned to different snapshots",
                expected="documents of one issue that are made from the same records",
                next_step="pin them anew together: reportkit stage signature --again --why TEXT, "
                "or issue them apart",
                where=f"params/issue/{self.issue_id}.yml",
            )
        return dict(next(iter(found), ()))

    # --- what stands in the way ---

    def hindrances(self) -> list[tuple[str, str]]:
        """(document or unit, why) of all that stands in the way; [] if nothing does."""
        found = [(key_of(d), why) for d in self.documents if (why := self._not_at_signature(d))]
        if found:
            return found
        found = self._unfit_drafts()
        return found + self._by_hand() + self._unconfirmed()

    def _not_at_signature(self, document: Document) -> str:
        if document.blocked:
            return f"it cannot be made: {document.blocked}"
        step = self.stages.of(key_of(document))
        at = step.stage if step else "no stage"
        if at == SIGNATURE:
            return ""
        return f"it is {at}; expected: {SIGNATURE}; next: reportkit stage signature"

    def _unfit_drafts(self) -> list[tuple[str, str]]:
        """Drafts that are not as they were when they were taken to signature."""
        selection = replace(selection_of(self.issue), edition="draft")
        planned = preview(
            StudyWorkbook(self.home), selection, Options(formats=("docx",), publisher=AS_MADE)
        )
        told = []
        for each in planned:
            if not is_of(self.issue, each.document):
                continue
            # The note of its stage is printed by the run after the step; it says nothing new.
            why = [r for r in each.reasons if r != "stage changed"]
            if why:
                reasons = f"the draft is not up to date: {'; '.join(why)}"
                next_step = f"next: reportkit run --unit {each.document.unit}"
                told.append((key_of(each.document), f"{reasons}; {next_step}"))
            if held := why_held(
                self.home, self.issue.year, each.document.key, each.before.get("held", ())
            ):
                told.append((key_of(each.document), held))
            if stale := each.before.get("stale_edits"):
                told.append((key_of(each.document), f"edits no longer fit: {'; '.join(stale)}; "
                             "next: reportkit adopt --list"))  # fmt: skip
        return told

    def _by_hand(self) -> list[tuple[str, str]]:
        """Figures that leaders changed by hand: they go out only if somebody says why."""
        if self.issue.by_hand_because:
            return []
        return [
            (key_of(d), f"{edit.place}: changed by hand: {name} {edit.figures[name]} -> {text}; "
             "next: mend the data, or reportkit adopt --drop, or say by_hand_because: in "
             f"params/issue/{self.issue_id}.yml")
            for d in self.documents
            for edit in load_edits(self.home, d.year, d.unit, d.wording).edits
            for name, text in edit.by_hand.items()
        ]  # fmt: skip

    def _unconfirmed(self) -> list[tuple[str, str]]:
        """Units that have not confirmed the figures that would be issued."""
        return [
            (unit, f"数据确认: {standing.state}: {standing.reason}; next: reportkit confirm --list")
            for unit, standing in self.standings(self.pins()).items()
            if standing.blocks
            and not (self.issue.unconfirmed_because and standing.state != "objected")
        ]

    def standings(self, pinned: Mapping[int, str]) -> dict[str, Any]:
        """unit_id → how it stands with its 数据确认单; {} of a part of a year, which has none.

        ``pinned``: the snapshots whose figures are to be confirmed.
        """
        if self.issue.period is not None:
            return {}
        units = {d.unit for d in self.documents}
        if GROUP_DOCUMENT in units:
            end = dt.date(self.issue.year, 12, 31)
            all_ = load_units(self.home).in_year(self.issue.year)
            units = {u.unit_id for u in all_ if u.level == "unit" and u.in_being_on(end)}
        pins = effective(self.home, pinned)
        return standing(self.home, self.issue.year, sorted(units - {GROUP_DOCUMENT}), pins)

    def not_yet_noted(self) -> list[Document]:
        """The documents that a correction in its place is of, and the stages do not know of."""
        manifest = read_manifest(folder_of(self.outputs, self.issue_id))
        corrected = {each["unit"] for each in manifest["documents"].values()}
        steps = self.stages.documents
        return [
            d for d in self.documents
            if d.unit in corrected
            and all(step.issue != self.issue_id for step in steps.get(key_of(d), ()))
        ]  # fmt: skip


def show_in_index(home: Path) -> None:
    """Let the index lead to what was issued."""
    refresh_index(StudyWorkbook(home), work_out=False)


def key_of(document: Document) -> str:
    """What a document is called among the stages, whatever its edition."""
    return f"{document.unit}/{document.wording}"


def selection_of(issue: Issue) -> Any:
    """The documents of an issue, in its edition, as a run selects them."""
    units = () if UNITS in issue.documents else issue.documents
    periods = (issue.period,) if issue.period else ()
    return Selection((issue.year,), units, (), periods, issue.edition)


def is_of(issue: Issue, document: Document) -> bool:
    """Whether a document is one of an issue's."""
    return document.name == CIRCULAR and issue.holds(document.unit, document.year, document.period)


def options_of(issue: Issue, jobs: int | None, standard_fonts: bool | None) -> Options:
    """How final files are made: all formats, from the start."""
    return Options(
        formats=FORMATS, jobs=jobs or Options().jobs, force=True, standard_fonts=standard_fonts
    )
