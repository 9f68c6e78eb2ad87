"""Leaders' wording in a document: each edit put in its place, or marked where it no longer fits.

An edit was written on a line as it then read. While that line still reads so, the leader's words
stand in its place. Once the line reads otherwise the words stay all the same, with the figures
that the leader saw, and the document says that they have to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportkit.errors import RenderError
from reportkit.params.edits import Edit, Edits, figures_of, filled, names_in, with_spans
from reportkit.publish import model
from reportkit.publish.model import Block, Document
from reportkit.publish.places import Editable, Placed, named, places

Why = Literal["", "figures", "wording", "gone"]

_FIRST, _LAST = "^", "$"
"""Where a line goes that stands behind nothing, or behind what is there no more."""


@dataclass(frozen=True)
class Standing:
    """How one edit stands to the document as it is now made.

    ``why`` is "" while it fits; else what has changed under it: its figures, the wording, or the
    line is there no more. ``now`` is the line as the notebook makes it now, ``changed`` its
    figures by name: the one that the leader saw, and the one that it would be.
    """

    edit: Edit
    why: Why = ""
    now: str = ""
    changed: tuple[tuple[str, str, str], ...] = ()

    @property
    def stale(self) -> bool:
        return bool(self.why)

    @property
    def reason(self) -> str:
        """What has changed under it, for whoever runs it; "" if nothing has."""
        pairs = ", ".join(f"{name} {old} -> {new}" for name, old, new in self.changed)
        reasons = {
            "figures": f"its figures have changed ({pairs})",
            "wording": f"the text it was written on reads otherwise now: {self.now}",
            "gone": "the line it was written on is there no more",
        }
        return reasons.get(self.why, "")

    @property
    def told(self) -> str:
        """What is to be looked at, for the page."""
        match self.why:
            case "figures":
                pairs = "、".join(f"{old}→{new}" for _, old, new in self.changed)
                gone = self.edit.now is None
                which = "此处删去的一段，" if gone else "此段为修改稿，所用"
                return f"〔待核：{which}数据已变（{pairs}）〕"
            case "wording" if self.edit.now is None:
                return f"〔待核：此处删去的一段，内容已变：{self.now}〕"
            case "wording":
                return f"〔待核：此段为修改稿，原文已变：{self.now}〕"
            case "gone":
                return "〔待核：此段为修改稿，所改的原文已不在〕"
        return ""


def standings(document: Document, edits: Edits) -> list[Standing]:
    """Of each edit whether it still fits the document, which has none of them in it yet."""
    return [standing for standing, _ in _held(places(document.blocks), edits)]


def _held(lines: Sequence[Placed], edits: Edits) -> list[tuple[Standing, Placed | None]]:
    """Each edit with its standing, and the line that it is about; an added one has none."""
    free = {line.place: line for line in lines}
    found: dict[str, tuple[Standing, Placed | None]] = {}
    # First those whose line reads as it did, wherever it stands by now: others may have moved in.
    for edit in edits.edits:
        if edit.added:
            found[edit.place] = _of_added(edit, lines), None
            continue
        was = filled(edit.was, edit.figures)
        same = [line for line in free.values() if line.text == was]
        line = next((line for line in same if line.place == edit.place), same[0] if same else None)
        if line:
            del free[line.place]
            found[edit.place] = Standing(edit), line
    for edit in edits.edits:
        if edit.place not in found:
            line = _of_template(edit, free) or free.get(edit.place)
            if line:
                del free[line.place]
            found[edit.place] = _compared(edit, line), line
    return [found[edit.place] for edit in edits.edits]


def _of_added(edit: Edit, lines: Sequence[Placed]) -> Standing:
    """How a line that was put in stands: by the line that its figures were taken from, if any."""
    if not edit.of_was:
        return Standing(edit)
    here = [line for line in lines if line.place == edit.of]
    for line in [*here, *lines]:
        if figures_of(edit.of_was, line.text) is not None:
            return _compared(edit, line)
    return _compared(edit, here[0] if here else None)


def _of_template(edit: Edit, free: dict[str, Placed]) -> Placed | None:
    """The line that is the same but for its figures: the one of that place first."""
    here = free.get(edit.place)
    others = [line for line in free.values() if line is not here]
    for line in ([here] if here else []) + others:
        if names_in(edit.was) and figures_of(edit.was, line.text) is not None:
            return line
    return None


def _compared(edit: Edit, line: Placed | None) -> Standing:
    if line is None:  # what was to be removed, and is there no more, is as it should be
        return Standing(edit, "gone" if edit.now is not None else "")
    figures = figures_of(edit.basis, line.text)
    if figures is None:
        return Standing(edit, "wording", line.text)
    # A figure that the leader left out may be what it will; one that he replaced may not.
    used = dict.fromkeys([*names_in(edit.now or edit.was), *edit.by_hand])
    changed = tuple(
        (name, edit.figures[name], figures[name])
        for name in used
        if name in figures and figures[name] != edit.figures[name]
    )
    return Standing(edit, "figures" if changed else "", line.text, changed)


def edited(document: Document, edits: Edits, *, formal: bool = False) -> Document:
    """The document with the leaders' wording in it.

    Parameters
    ----------
    edits:
        Of this document. A masked one takes them as they are: what it prints as ××× cannot be
        held against figures, and masking goes over them afterwards.
    formal:
        Whether it is for signature, and may hold nothing that is still to be looked at.

    Raises
    ------
    RenderError
        If a formal edition holds an edit whose figures or wording have changed since.
    """
    if not edits:
        return document
    document = replace(document, blocks=named(document.blocks), origins=())
    lines = places(document.blocks)
    held = _placed(lines, edits) if document.masked else _held(lines, edits)
    stale = [standing for standing, _ in held if standing.stale]
    if formal and stale:
        raise RenderError(
            f"{len(stale)} edit{'s' * (len(stale) > 1)} of leaders no longer fit: "
            + "、".join(standing.edit.place for standing in stale),
            expected="edits whose figures and wording are as they were",
            next_step="reportkit adopt --list shows them; settle each with --refill, --keep or "
            "--drop",
        )
    blocks = list(_arranged(document.blocks, lines, held))
    titled = next((block.text for block in blocks if isinstance(block, model.Title)), None)
    title = " ".join(titled.split()) if titled else document.title
    return replace(document, blocks=tuple(blocks), title=title)


def _placed(lines: Sequence[Placed], edits: Edits) -> list[tuple[Standing, Placed | None]]:
    """Each edit with the line of its place, as it is."""
    by_place = {line.place: line for line in lines}
    return [(Standing(edit), by_place.get(edit.place)) for edit in edits.edits]


def _arranged(
    blocks: Sequence[Block],
    lines: Sequence[Placed],
    held: Sequence[tuple[Standing, Placed | None]],
) -> Iterator[Block]:
    """The blocks with rewritten lines in place, and those added or moved where they belong."""
    place_of = {id(line.block): line.place for line in lines}
    rewritten: dict[int, list[Block]] = {}
    behind: dict[str, list[tuple[str, list[Block]]]] = {}
    known = {*place_of.values(), *(standing.edit.place for standing, _ in held)}
    for standing, line in held:
        made = _made(standing, line.block if line else None)
        if line is not None and not standing.edit.moved:
            rewritten[id(line.block)] = made
            continue
        if line is not None:
            rewritten[id(line.block)] = []
            del place_of[id(line.block)]  # what follows it goes along
        after = standing.edit.after
        anchor = next((each for each in after if each in known), _LAST) if after else _FIRST
        behind.setdefault(anchor, []).append((standing.edit.place, made))

    def followed(place: str) -> Iterator[Block]:
        for name, made in behind.pop(place, []):
            yield from made
            yield from followed(name)

    yield from followed(_FIRST)
    tail = _end_of_text(blocks)
    for number, block in enumerate(blocks):
        if number == tail:
            yield from followed(_LAST)
        yield from rewritten.get(id(block), [block])
        if place := place_of.get(id(block)):
            yield from followed(place)
    if tail == len(blocks):
        yield from followed(_LAST)
    for anchor in list(behind):  # two that were each put behind the other
        yield from followed(anchor)


def _end_of_text(blocks: Sequence[Block]) -> int:
    """Where the text ends: before the list of annexes, the signature, or the first annex."""
    ends = (model.AnnexList, model.Signature, model.Annex)
    return next((n for n, block in enumerate(blocks) if isinstance(block, ends)), len(blocks))


def _made(standing: Standing, block: Editable | None) -> list[Block]:
    """What stands in the document for an edit: the leader's words, and what is to be looked at."""
    edit = standing.edit
    made: list[Block] = []
    if edit.now is not None:
        text, lead = filled(edit.now, edit.figures), filled(edit.lead, edit.figures)
        made.append(_in_words(block, text, lead, edit))
    if standing.told:
        made.append(model.Notice(standing.told))
    return made


def _in_words(block: Editable | None, text: str, lead: str, edit: Edit) -> Block:
    """The line in the leader's words, of the kind that it was."""
    match block:
        case model.Title():
            return replace(block, text=text)
        case model.Addressee():
            return replace(block, text=text.rstrip("：:"))
        case model.Heading():
            return replace(block, children=(model.Text(text),))
        case model.Paragraph():
            return replace(block, children=(model.Text(text[len(lead) :]),), lead=lead,
                           figures=_figures(edit, len(lead)))  # fmt: skip
        case None if edit.heading:
            level = edit.heading
            return model.Heading(level, (model.Text(text),), outline=level, name=edit.place)
    return model.Paragraph(
        (model.Text(text[len(lead) :]),),
        lead=lead,
        name=edit.place,
        figures=_figures(edit, len(lead)),
    )


def _figures(edit: Edit, lead: int) -> tuple[tuple[int, int, str], ...]:
    """Where the figures stand in an edit's text, behind its run-in heading."""
    _, spans = with_spans(edit.now or "", edit.figures)
    return tuple((b - lead, e - lead, name) for b, e, name in spans if b >= lead)
