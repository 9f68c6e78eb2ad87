"""Leaders' wording: what was rewritten in a draft's Word copy, and what it was written on.

``params/text/<year>/edits/<unit>/<document>.yml``, written by ``reportkit adopt``. A text in it is
a template: ``{sessions}`` stands for the figure of that indicator, ``{{`` for a brace.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from reportkit.params.model import FOREIGN, NAME, Model, Text, twice
from reportkit.params.reading import load_if_there
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

    texts: ClassVar[Text] = FOREIGN

    place: Annotated[str, Field(min_length=1)]
    was: str = ""
    now: str | None = None
    lead: str = ""
    """How ``now`` begins if a run-in heading opens it."""
    heading: Annotated[int, Field(ge=0, le=4)] = 0
    """The level of a heading that was added; 0: a paragraph."""
    of: str = ""
    of_was: str = ""
    """Of a line that was put in: the place of the line that its figures come from (one that was
    cut in two), and how that read."""
    moved: bool = False
    after: tuple[str, ...] = ()
    figures: Annotated[dict[str, str], Field(default_factory=dict)]
    by_hand: Annotated[dict[str, str], Field(default_factory=dict)]
    """Indicators whose figure the leader replaced by one of his own, and what he wrote."""
    by: NAME
    day: dt.date
    source: str = ""
    """The Word file it came from, with the beginning of its hash."""

    @property
    def added(self) -> bool:
        return not self.was

    @property
    def basis(self) -> str:
        """The line by which its figures are known: its own, or the one they were taken from."""
        return self.was or self.of_was

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
        if unknown := [name for name in self.by_hand if name not in self.figures]:
            raise ValueError(f"by_hand: {unknown[0]} is not under figures; expected one of "
                             f"{', '.join(self.figures) or 'none'}")  # fmt: skip
        return self


class Remark(Model):
    """A comment of a leader: to be seen to by a person, and kept."""

    texts: ClassVar[Text] = FOREIGN

    place: str = ""
    quoted: str = ""
    text: str
    by: str = ""
    day: str = ""


class Superseded(Model):
    """An edit that another took the place of, or that was dropped, and why."""

    because: Annotated[str, FOREIGN]
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
    """The figures with which a template reads as the text; None if it does not with any.

    Each is as short as can be: of two without a word between them the first has one character.
    """
    words, names = _taken_apart(template)
    values = _between(words, text)
    if values is None:
        return None
    found = dict(zip(names, values, strict=True))
    if all(found[name] == value for name, value in zip(names, values, strict=True)):
        return found
    # A figure that stands there twice must be the same: its first, shortest reading was not.
    pattern = re.escape(words[0])
    for n, name in enumerate(names):
        first = names.index(name)
        group = "(.+?)" if first == n else f"(?:\\{len(set(names[:first])) + 1})"
        pattern += group + re.escape(words[n + 1])
    match = re.fullmatch(pattern, text, re.DOTALL)
    return None if match is None else dict(zip(dict.fromkeys(names), match.groups(), strict=True))


def _taken_apart(template: str) -> tuple[list[str], list[str]]:
    """The words of a template before, between and behind its figures; and their names."""
    words, names, last = [""], [], 0
    for found in _FIELD.finditer(template):
        words[-1] += template[last : found.start()]
        last = found.end()
        if name := found.group(1):
            names.append(name)
            words.append("")
        else:
            words[-1] += found.group()[0]
    words[-1] += template[last:]
    return words, names


def _between(words: list[str], text: str) -> list[str] | None:
    """What stands between these words in the text; None if they do not stand there so.

    In one go: a pattern would try every way in which a long line does not fit.
    """
    if len(words) == 1:
        return [] if text == words[0] else None
    begin, values = len(words[0]), []
    for word in words[1:-1]:
        at = text.find(word, begin + 1)
        if at < 0:
            return None
        values.append(text[begin:at])
        begin = at + len(word)
    end = len(text) - len(words[-1])
    fits = text.startswith(words[0]) and text.endswith(words[-1]) and begin < end
    return [*values, text[begin:end]] if fits else None


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
    return load_if_there(edits_path(home, year, unit, document), Edits)


def edits_text(edits: Edits) -> str:
    """The edits as their file has them."""
    return HEAD + yaml_text(edits.model_dump(mode="python", exclude_defaults=True))
