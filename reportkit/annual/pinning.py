"""Which snapshots a document's figures are pinned to, from its 送审稿 on."""

from __future__ import annotations

from pathlib import Path

from reportkit.loaders import Pins, current_digest, effective, has_snapshot
from reportkit.params import available_years
from reportkit.params.stages import document_key, load_stages

CIRCULAR = "circular"


def pins_of(home: Path, year: int, unit: str, period: str | None = None) -> Pins:
    """The snapshots that a unit's circular (or the group's) is pinned to.

    (): the current ones, since it is pinned to none, or to none but those.
    """
    key = document_key(unit, CIRCULAR, period)
    return effective(home, load_stages(home, year).snapshots_of(key))


def all_pins(home: Path, year: int, period: str | None = None) -> list[Pins]:
    """The pins of all circulars of a year, or of a period of it, each once; () first."""
    ending = f"/{document_key('', CIRCULAR, period)[1:]}"
    stages = load_stages(home, year)
    found = (
        effective(home, stages.snapshots_of(key))
        for key in stages.documents
        if key.endswith(ending)
    )
    return list(dict.fromkeys([(), *found]))


def current_pins(home: Path, year: int) -> dict[int, str]:
    """The snapshots of a year and those before that its documents would now be made from."""
    years = [each for each in available_years(home) if each <= year and has_snapshot(home, each)]
    return {each: current_digest(home, each) for each in years}
