"""How far each document has come on its way to issue, and who moved it there.

``params/stages/<year>.yml``, written by ``reportkit stage`` and only ever added to. From 送审稿 on
a document's figures are those of the snapshots that are named there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from reportkit.files import replace_file
from reportkit.params.model import NAME, PROSE, Model
from reportkit.params.reading import load_if_there
from reportkit.params.recording import yaml_text

Stage = Literal["征求意见稿", "送审稿", "签发稿", "已印发"]

STAGES: tuple[Stage, ...] = ("征求意见稿", "送审稿", "签发稿", "已印发")
COMMENTS, REVIEW, SIGNATURE, ISSUED = STAGES

_HASH = "^[0-9a-f]{64}$"

HEAD = """\
# 各文稿走到哪一步，由 reportkit stage 和 reportkit issue 记录，只增不改。
# 自送审稿起，数据固定为 snapshots 所列（年份: 快照）；其后的数据只列出，不并入。
# released 是 reportkit stage release 记下的：文中有成员姓名、篇幅倍增等，经人看过，可以印发。
"""


class Step(Model):
    """A document came to a stage: by whom, when, and with which snapshots from 送审稿 on."""

    stage: Stage
    by: NAME
    day: dt.date
    snapshots: dict[int, Annotated[str, Field(pattern=_HASH)]] = Field(default_factory=dict)
    why: Annotated[str, PROSE] = ""
    """Why it was sent back, or its figures were pinned anew."""
    issue: str = ""
    """The id under which it was issued."""
    manifest: Annotated[str, Field(pattern=f"^$|{_HASH}")] = ""
    """The SHA-256 of the manifest of that issue: it cannot be changed without being seen."""
    words: Annotated[str, Field(pattern=f"^$|{_HASH}")] = ""
    """At 签发稿, a hash of all that the draft says: what is issued says the same."""

    @model_validator(mode="after")
    def _pinned(self) -> Self:
        if self.stage == COMMENTS and self.snapshots:
            raise ValueError(f"snapshots at {COMMENTS}; expected them from {REVIEW} on")
        if self.stage != COMMENTS and not self.snapshots:
            raise ValueError(f"no snapshots at {self.stage}; expected them from {REVIEW} on")
        noted = bool(self.issue) and bool(self.manifest)
        if self.stage == ISSUED and not noted:
            raise ValueError(f"no issue or manifest at {ISSUED}; expected both, as written")
        if self.stage != ISSUED and (self.issue or self.manifest):
            raise ValueError(f"issue or manifest at {self.stage}; expected them at {ISSUED} alone")
        return self


class Release(Model):
    """Somebody has looked at what held a paper back, and lets it go: by whom, when, why."""

    by: NAME
    day: dt.date
    why: str
    held: tuple[str, ...]


class Stages(Model):
    """All steps of all documents of a year: key (group/circular) → steps in order of time.

    ``released``: what was held back, and may go out.
    """

    documents: dict[str, tuple[Step, ...]] = Field(default_factory=dict)
    released: dict[str, tuple[Release, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _never_empty(self) -> Self:
        for key, steps in self.documents.items():
            if not steps:
                raise ValueError(f"{key} has no step; expected at least one")
            issued = [step.stage == ISSUED for step in steps]
            if sorted(issued) != issued:
                raise ValueError(f"{key} goes on after {ISSUED}; expected but corrections of it")
        return self

    def of(self, key: str) -> Step | None:
        """Where a document stands; None: no draft of it has gone out yet."""
        steps = self.documents.get(key)
        return steps[-1] if steps else None

    def snapshots_of(self, key: str) -> Mapping[int, str]:
        """Year → digest of the snapshots that its figures are pinned to; none before 送审稿."""
        step = self.of(key)
        return step.snapshots if step else {}

    def with_steps(self, steps: Mapping[str, Step]) -> Stages:
        """The same with one step more of each of these documents."""
        more = {key: (*self.documents.get(key, ()), step) for key, step in steps.items()}
        return Stages(documents={**self.documents, **more}, released=self.released)

    def unreleased(self, key: str, held: Iterable[str]) -> list[str]:
        """What holds a paper back still."""
        seen = {what for each in self.released.get(key, ()) for what in each.held}
        return [what for what in held if what not in seen]

    def with_release(self, key: str, note: Release) -> Stages:
        """The same with a paper let go."""
        released = {**self.released, key: (*self.released.get(key, ()), note)}
        return Stages(documents=self.documents, released=released)


def stages_path(home: Path, year: int) -> Path:
    """``params/stages/<year>.yml``."""
    return home / "params" / "stages" / f"{year}.yml"


def load_stages(home: Path, year: int) -> Stages:
    """The stages of a year's documents; none without the file.

    Raises
    ------
    ParameterError
        If the file is damaged.
    """
    return load_if_there(stages_path(home, year), Stages)


def stages_text(stages: Stages) -> str:
    """The stages as their file has them."""
    plain = {
        name: {
            key: [each.model_dump(mode="python", exclude_defaults=True) for each in notes]
            for key, notes in sorted(by_key.items())
        }
        for name, by_key in (("documents", stages.documents), ("released", stages.released))
        if by_key or name == "documents"
    }
    return HEAD + yaml_text(plain)


def write_stages(home: Path, year: int, stages: Stages) -> None:
    """Replace the year's stages at once."""
    path = stages_path(home, year)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, stages_text(stages).encode("utf-8"))


def document_key(unit: str, name: str, period: str | None) -> str:
    """What a document is called here, whatever its edition: group/circular, x/circular.2023Q3."""
    return f"{unit}/{name}.{period}" if period else f"{unit}/{name}"


NAMES: dict[str, Stage] = {
    "comments": COMMENTS, "review": REVIEW, "signature": SIGNATURE, "issued": ISSUED
}  # fmt: skip
"""What an analyst types."""
