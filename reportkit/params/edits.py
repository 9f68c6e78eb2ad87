"""Leaders' wording: what was rewritten in a draft's Word copy, and what it was written on.

``params/text/<year>/edits/<unit>/<document>.yml``, written by ``reportkit adopt``. A text in it is
a template: ``{sessions}`` stands for the figure of that indicator, ``{{`` for a brace.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from reportkit.params.model import Model, twice
from reportkit.params.reading import load_model
from reportkit.params.recording import yaml_text

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")

HEAD = """\
# 领导修改的文字，由 reportkit adopt 从 Word 稿读入；运行时照此印出。
# place 段落位置；was 原文；now 改后（空为删去，无 was 为新增）；figures 所用数据，{名称} 是其占位；
# by_hand 领导直接改动的数据；
# after 其前的段落，近者在先（无 after 的新增段在最前）。
# 原文或数据变了，该处会标为“待核”，不会自行改动：reportkit adopt --list 查看，
# --refill、--keep、--drop 处理。也可在此直接改 now。
"""


class Edit(Model):
    """One line of a document as a leader wants it.

    ``was`` is the line as the notebook made it ("" for one that was added), ``now`` as it is to
    read (None: removed). ``after`` names the places before it, the nearest first (none: it
    comes first): where it stands if it was added or moved, or its own line is there no more.
    """

    place: Annotated[str, Field(min_length=1)]
    was: str = ""
    now: str | None = None
    lead: str = ""
    """How ``now`` begins if a run-in heading opens it."""
    heading: Annotated[int, Field(ge=0, le=4)] = 0
    """The level of a heading that was added; 0: a paragraph."""
    moved: bool = False
    after: tuple[str, ...] = ()
    figures: Annotated[dict[str, str], Field(default_factory=dict)]
    by_hand: Annotated[dict[str, str], Field(default_factory=dict)]
    """Indicators whose figure the leader replaced by one of his own, and what he wrote."""
    by: Annotated[str, Field(min_length=1)]
    day: dt.date
    source: str = ""
    """The Word file it came from, with the beginning of its hash."""

    @property
    def added(self) -> bool:
        return not self.was

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.was and self.now is None:
            raise ValueError("neither was nor now; expected at least one of them")
        if self.now is not None and not self.now.strip():
            raise ValueError("now is blank; expected text, or null where the line was removed")
        if self.now is not None and not self.now.startswith(self.lead):
            raise ValueError("now does not begin with its lead; expected lead to be how it begins")
        for text in (self.was, self.now or ""):
            if unknown := [name for name in names_in(text) if name not in self.figures]:
                raise ValueError(
                    f"{{{unknown[0]}}} stands in the text and not under figures; expected one of "
                    f"{', '.join(self.figures) or 'none'}, or {{{{ for a brace"
                )
        return self


class Remark(Model):
    """A comment of a leader: to be seen to by a person, and kept."""

    place: str = ""
    quoted: str = ""
    text: str
    by: str = ""
    day: str = ""


class Superseded(Model):
    """An edit that another took the place of, or that was dropped, and why."""

    because: str
    edit: Edit


class Edits(Model):
    """All that was rewritten in one document, in its order."""

    edits: tuple[Edit, ...] = ()
    remarks: tuple[Remark, ...] = ()
    earlier: tuple[Superseded, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        if again := twice(edit.place for edit in self.edits):
            raise ValueError(f"{again[0]} is edited twice; expected each place once")
        return self

    def __bool__(self) -> bool:
        return bool(self.edits)

    def of(self, place: str) -> Edit | None:
        """The edit of a place."""
        return next((edit for edit in self.edits if edit.place == place), None)


def names_in(template: str) -> list[str]:
    """The names of the figures in a template, in order."""
    return [found.group(1) for found in _FIELD.finditer(template) if found.group(1)]


def filled(template: str, figures: Mapping[str, str]) -> str:
    """The template with its figures; braces that were text are text again."""
    return with_spans(template, figures)[0]


def with_spans(template: str, figures: Mapping[str, str]) -> tuple[str, list[tuple[int, int, str]]]:
    """The same, with begin, end and name of each figure in it."""
    text, last = "", 0
    spans = []
    for found in _FIELD.finditer(template):
        text += template[last : found.start()]
        last = found.end()
        if name := found.group(1):
            spans.append((len(text), len(text) + len(figures[name]), name))
            text += figures[name]
        else:
            text += found.group()[0]
    return text + template[last:], spans


def as_text(template: str, figures: Mapping[str, str], names: Collection[str]) -> str:
    """The template with some of its figures written out, as words of its own."""

    def put(found: re.Match[str]) -> str:
        name = found.group(1)
        return escaped(figures[name]) if name in names else found.group()

    return _FIELD.sub(put, template)


def escaped(text: str) -> str:
    """Text as a template has it."""
    return text.replace("{", "{{").replace("}", "}}")


def figures_of(template: str, text: str) -> dict[str, str] | None:
    """The figures with which a template reads as the text; None if it does not with any."""
    pattern, last = "", 0
    for found in _FIELD.finditer(template):
        pattern += re.escape(template[last : found.start()])
        last = found.end()
        pattern += "(.+?)" if found.group(1) else re.escape(found.group()[0])
    match = re.fullmatch(pattern + re.escape(template[last:]), text, re.DOTALL)
    if match is None:
        return None
    values: dict[str, str] = {}
    for name, value in zip(names_in(template), match.groups(), strict=True):
        if values.setdefault(name, value) != value:
            return None
    return values


def edits_path(home: Path, year: int, unit: str, document: str) -> Path:
    """Where the edits of a document stand; ``document``: circular, circular.2023Q3."""
    return home / "params" / "text" / str(year) / "edits" / unit / f"{document}.yml"


def load_edits(home: Path, year: int, unit: str, document: str) -> Edits:
    """The edits of a document; none without the file.

    Raises
    ------
    ParameterError
        If the file is damaged, or an edit contradicts itself.
    """
    path = edits_path(home, year, unit, document)
    return load_model(path, Edits) if path.is_file() else Edits()


def edits_text(edits: Edits) -> str:
    """The edits as their file has them."""
    return HEAD + yaml_text(edits.model_dump(mode="python", exclude_defaults=True))
