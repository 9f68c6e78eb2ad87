"""Differences of an edited draft → the leaders' wording that the next run prints."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from reportkit.drafts.base import Base, BaseLine
from reportkit.drafts.comparing import Change, Compared, Question, compare
from reportkit.drafts.figures import retold, template_of
from reportkit.params.edits import (
    Edit,
    Edits,
    Remark,
    Superseded,
    as_text,
    figures_of,
    filled,
    names_in,
)
from reportkit.publish.edited import Standing
from reportkit.word.model import Line

_ADDED = "新增"
_ANCHORS = 4
_HEADING = re.compile(r"(?:heading|标题)\s*([1-4])", re.IGNORECASE)
_LEAD_LONGEST = 60


@dataclass(frozen=True)
class Signed:
    """Who answers for an edit where the file itself does not say, when, and the file's name."""

    by: str
    day: dt.date
    source: str = ""


@dataclass(frozen=True)
class Adopted:
    """What came of it: the differences, the document's edits from now on, and what was replaced.

    ``restored``: places that read as the notebook makes them again. ``replaced``: edits of others
    that the draft did not yet hold, and that this one takes the place of.
    """

    compared: Compared
    edits: Edits
    restored: tuple[str, ...] = ()
    replaced: tuple[Edit, ...] = ()


def adopt(
    base: Base,
    lines: Sequence[Line],
    known: Edits,
    signed: Signed,
    ask: Callable[[Question], bool],
    remarks: Sequence[Remark] = (),
    signers: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Adopted:
    """The edits of a document after a draft of it came back.

    Parameters
    ----------
    base, lines:
        The draft as it left the office, and as it reads now.
    known:
        The document's edits until now; those of other lines stay.
    signed, ask:
        For what the file does not say, and for lines that only likeness tells.
    remarks:
        The comments in the draft; those that are known already are not kept twice.
    signers:
        As :func:`~reportkit.drafts.comparing.compare` takes them.
    """
    compared = compare(base, lines, ask, signers)
    writer = _Writer(base, lines, known, signed, compared)
    for change in compared.changes:
        writer.take(change)
    placed = tuple(
        replace(each, place=writer.order[each.number]) if each.kind == "added" else each
        for each in compared.changes
    )
    compared = replace(compared, changes=placed)
    return Adopted(compared, writer.edits(remarks), tuple(writer.restored), tuple(writer.replaced))


class _Writer:
    """The edits of one document, one difference after the other."""

    def __init__(
        self, base: Base, lines: Sequence[Line], known: Edits, signed: Signed,
        compared: Compared,
    ) -> None:  # fmt: skip
        self.lines = lines
        self.known = known
        self.signed = signed
        self.now = {edit.place: edit for edit in known.edits}
        self.earlier = list(known.earlier)
        self.order = dict(compared.order)
        self.taken = {line.place for line in base.lines} | set(self.now)
        held = {line.place for line in base.lines}
        self.not_held = [e for e in known.edits if e.added and e.place not in held]
        self.cut_up = [
            each.base for each in compared.changes
            if each.base and each.base.figures and each.kind in ("reworded", "removed")
        ]  # fmt: skip
        self.restored: list[str] = []
        self.replaced: list[Edit] = []

    def take(self, change: Change) -> None:
        """Write down one difference; what cannot be rewritten here is left to the report."""
        if change.kind in ("fixed", "cell", "aside"):
            return
        if change.kind == "added":
            if not self._was_added(change):
                self._put(self._added(change))
            return
        line = change.base
        if line is None:
            return
        before = self.now.get(line.place)
        if before and _says(before, change):
            return  # the same file once more, or another in which the leader did the same
        if before and filled(before.now or "", before.figures) != line.text:
            # The draft was made without it: another leader had the same draft.
            self.replaced.append(before)
        self._put(self._changed(change, line, before), line.place)

    def _changed(self, change: Change, line: BaseLine, before: Edit | None) -> Edit | None:
        was, figures = self._was(line, before)
        if change.kind == "removed":
            return self._edit(change, line.place, was=was, figures=figures) if was else None
        moved = change.moved or (before.moved if before else False)
        if was and change.after == filled(was, figures) and not moved:
            self.restored.append(line.place)
            return None
        now, figures = retold(line.text, line.figures, figures, change.after)
        heading = before.heading if before else 0
        hand = {f.name: f.new for f in change.figures if f.name and f.old and f.new}
        if before:
            hand = {**before.by_hand, **hand}
        hand = {name: text for name, text in hand.items() if name in names_in(was)}
        return self._edit(
            change, line.place, was=was, now=now, figures=figures, moved=moved, heading=heading,
            lead=_lead(line, change.after, now), by_hand=hand,
            of=before.of if before else "", of_was=before.of_was if before else "",
        )  # fmt: skip

    @staticmethod
    def _was(line: BaseLine, before: Edit | None) -> tuple[str, dict[str, str]]:
        """The line as the notebook made it: an edit of an edit goes back to the same."""
        if before:
            known = {filled(text, before.figures) for text in (before.was, before.now or "")}
            if line.text in known:
                return before.was, dict(before.figures)
        return template_of(line.text, line.figures)

    def _was_added(self, change: Change) -> bool:
        """Whether the draft did not hold a line that was added before, and this is it again."""
        for edit in self.not_held:
            if _says(edit, change):
                self.not_held.remove(edit)
                self.order[change.number] = edit.place
                return True
        return False

    def _added(self, change: Change) -> Edit:
        number = 1
        while f"{_ADDED}{number}" in self.taken:
            number += 1
        place = f"{_ADDED}{number}"
        self.taken.add(place)
        self.order[change.number] = place
        level = _HEADING.search(self.lines[change.number].style)
        heading = int(level[1]) if level else 0
        for line in self.cut_up:  # a line cut in two: its other half keeps its figures
            before = self.known.of(line.place)
            was, known = self._was(line, before)
            of, of_was = line.place, was
            if before and before.added:  # itself the other half of a line
                of, of_was = before.of, before.of_was
            now, figures = retold(line.text, line.figures, known, change.after)
            if of_was and names_in(now):
                return self._edit(change, place, now=now, figures=figures, heading=heading,
                                  of=of, of_was=of_was)  # fmt: skip
        now, figures = template_of(change.after, ())
        return self._edit(change, place, now=now, figures=figures, heading=heading)

    def _edit(
        self, change: Change, place: str, *, figures: dict[str, str], now: str | None = None,
        **more: Any,
    ) -> Edit:  # fmt: skip
        """An edit, signed by whoever the editor kept track of, else by whoever sent the file."""
        return Edit(
            place=place, now=now, figures=figures, by=change.by or self.signed.by,
            day=day_of(change.on) or self.signed.day, source=self.signed.source, **more,
        )  # fmt: skip

    def _put(self, edit: Edit | None, place: str = "") -> None:
        """In place of what stood there, which is kept among the earlier ones."""
        place = edit.place if edit else place
        before = self.now.pop(place, None)
        if before:
            because = "改后又改" if edit else "已恢复或删去"
            self.earlier.append(Superseded(because=because, edit=before))
        if edit:
            self.now[place] = edit

    def edits(self, remarks: Sequence[Remark]) -> Edits:
        """All edits, in the order of the draft, each with what it stands behind."""
        sequence = [place for _, place in sorted(self.order.items())]
        rank = {place: n for n, place in enumerate(sequence)}
        made = []
        for place, edit in self.now.items():
            if place in rank:
                before = sequence[max(0, rank[place] - _ANCHORS) : rank[place]]
                edit = edit.model_copy(update={"after": tuple(reversed(before))})
            made.append(edit)
        made.sort(key=lambda edit: rank.get(edit.place, len(rank)))
        kept = dict.fromkeys([*self.known.remarks, *remarks])
        return Edits(edits=tuple(made), remarks=tuple(kept), earlier=tuple(self.earlier))


def _says(edit: Edit, change: Change) -> bool:
    """Whether an edit says what a difference says: the same words, removed, or moved."""
    if change.kind == "removed":
        return edit.now is None
    if edit.now is None:
        return False
    return filled(edit.now, edit.figures) == change.after and edit.moved >= change.moved


def _lead(line: BaseLine, after: str, now: str) -> str:
    """How the new wording begins if a run-in heading opened the line: kept, or its first sentence.

    As the template has it.
    """
    if not line.lead:
        return ""
    old = line.text[: line.lead]
    if after.startswith(old) and now.startswith(old):
        return old
    end = now.find("。") + 1
    return now[:end] if old.endswith("。") and 0 < end <= _LEAD_LONGEST else ""


def day_of(moment: str) -> dt.date | None:
    """The day of a moment in ISO's form; None if it is none."""
    try:
        return dt.datetime.fromisoformat(moment).date()
    except ValueError:
        return None


def settled(edits: Edits, place: str, edit: Edit | None, because: str) -> Edits:
    """The edits with that of one place replaced, or dropped; the old one is kept as an earlier."""
    old = edits.of(place)
    if old is None:
        return edits
    kept = tuple(each for one in edits.edits for each in ([edit] if one is old else [one]) if each)
    earlier = (*edits.earlier, Superseded(because=because, edit=old))
    return Edits(edits=kept, remarks=edits.remarks, earlier=earlier)


def rebased(standing: Standing, *, refill: bool) -> Edit:
    """An edit that no longer fits, made to fit what the notebook says now.

    Parameters
    ----------
    refill:
        Whether the figures in its words become those of now; else they stay as they are, as text.
    """
    edit = standing.edit
    now = edit.now
    if standing.why == "figures":
        fresh = figures_of(edit.basis, standing.now) or {}
        if refill or now is None:
            # Names that its words alone have (a figure typed by hand) keep what they stand for.
            return edit.model_copy(update={"figures": {**edit.figures, **fresh}})
        changed = {name: old for name, old, _ in standing.changed}
        now = as_text(now, edit.figures, changed)
        lead = as_text(edit.lead, edit.figures, changed)
        # It is the leader's own figure from now on: another change under it is told of again.
        hand = {**changed, **edit.by_hand}
        return edit.model_copy(
            update={
                "now": now, "lead": lead, "by_hand": hand, "figures": {**edit.figures, **fresh},
            }
        )  # fmt: skip
    if standing.why == "gone":  # it stands by itself from now on
        return edit.model_copy(update={"was": "", "of": "", "of_was": ""})
    was, figures = template_of(standing.now, ())
    words = None if now is None else as_text(now, edit.figures, set(edit.figures))
    lead = as_text(edit.lead, edit.figures, set(edit.figures))
    told = {"of_was": was} if edit.added else {"was": was}
    return edit.model_copy(update={**told, "now": words, "lead": lead, "figures": figures})


__all__ = ["Adopted", "Signed", "adopt", "settled"]
