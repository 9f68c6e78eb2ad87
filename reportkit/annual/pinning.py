"""Which snapshots a document's figures are pinned to, from its 送审稿 on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reportkit.errors import RecordsError
from reportkit.loaders import Pins, current_digest, has_snapshot, records_of
from reportkit.params import available_years
from reportkit.params.stages import document_key, load_stages
from reportkit.records.snapshot import read_purge

CIRCULAR = "circular"


def pins_of(home: Path, year: int, unit: str, period: str | None = None) -> Pins:
    """The snapshots that a unit's circular (or the group's) is pinned to.

    (): the current ones, since it is pinned to none, or to none but those.
    """
    key = document_key(unit, CIRCULAR, period)
    return effective(home, load_stages(home, year).snapshots_of(key))


def effective(home: Path, pins: Mapping[int, str]) -> Pins:
    """The pins as they count: () while they are all that a document would be made from anyway.

    An earlier year that was imported since has no pin: to what is pinned it does not exist.
    """
    if not pins:
        return ()
    same = all(
        current_digest(home, year).startswith(digest)
        for year, digest in pins.items()
        if read_purge(home, year) is None  # of which there is but one set of figures
    )
    before = (year for year in available_years(home) if year < max(pins) and year not in pins)
    return () if same and not any(has_snapshot(home, year) for year in before) else tuple(
        sorted(pins.items())
    )  # fmt: skip


def lost(home: Path, pins: Pins) -> str:
    """Why nothing can be made that is pinned to these snapshots; "" if it can."""
    try:
        for year, digest in pins:
            records_of(home, year, digest)
    except RecordsError as error:
        return f"{error.found}; {error.next_step}"
    return ""


def all_pins(home: Path, year: int, period: str | None = None) -> list[Pins]:
    """The pins of all circulars of a year, or of a period of it, each once; () first.

    Without those of which a snapshot is missing: nothing can be made from them.
    """
    ending = f"/{document_key('', CIRCULAR, period)[1:]}"
    stages = load_stages(home, year)
    found = (
        effective(home, stages.snapshots_of(key))
        for key in stages.documents
        if key.endswith(ending)
    )
    return [pins for pins in dict.fromkeys([(), *found]) if not lost(home, pins)]


def current_pins(home: Path, year: int) -> dict[int, str]:
    """The snapshots of a year and those before that its documents would now be made from."""
    years = [each for each in available_years(home) if each <= year and has_snapshot(home, each)]
    return {each: current_digest(home, each) for each in years}
