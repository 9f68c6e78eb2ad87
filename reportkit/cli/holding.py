"""Papers that are done, and held back until a person has looked at them (待人工核实)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.batch.manifest import Entry, Manifest
from reportkit.batch.run import lock
from reportkit.cli.console import complain
from reportkit.errors import UsageError
from reportkit.params.stages import Release, load_stages, write_stages

if TYPE_CHECKING:
    from reportkit.batch.contract import Selection

RELEASE = "release"


def why_held(home: Path, year: int, key: str, held: Sequence[str]) -> str:
    """What holds a paper back, and what to do; "" if nothing does, or all was confirmed."""
    left = load_stages(home, year).unreleased(key, held)
    if not left:
        return ""
    return (
        f"held back: {'; '.join(left)}; next: look at it, and mend it or reportkit stage "
        f"{RELEASE} --unit {key.partition('/')[0]} --by NAME --why TEXT"
    )


def release(
    home: Path, selection: Selection, signed: tuple[str, dt.date], why: str, *, dry: bool
) -> list[str]:
    """Note that somebody has looked at what is held back of the units named; the papers' keys.

    Raises
    ------
    UsageError
        If no unit or no reason is given.
    """
    if not (selection.units and why.strip()):
        raise UsageError("not enough said", expected="--unit and --why", where=f"stage {RELEASE}")
    found: list[str] = []
    with lock(home / "outputs"):
        for year in selection.years:
            stages = load_stages(home, year)
            for key, entry in sorted(Manifest(home / "outputs", year).entries.items()):
                left = stages.unreleased(key, entry.get("held", ()))
                if left and entry["unit"] in selection.units:
                    note = Release(by=signed[0], day=signed[1], why=why, held=tuple(left))
                    stages = stages.with_release(key, note)
                    found.append(key)
            if found and not dry:
                write_stages(home, year, stages)
    return found


def warn_of_prints(home: Path, entries: Iterable[tuple[str, Entry]]) -> None:
    """Tell what papers do not show of their cells, a line a cell, and which are held back."""
    left_out: Counter[str] = Counter()
    for key, entry in entries:
        if (result := entry["last_result"]) and result["state"] == "done":
            left_out.update(f"{entry['notebook']}, {line}" for line in entry.get("left_out", ()))
        if why := why_held(home, entry["year"], key, entry.get("held", ())):
            complain(f"warning: {key} {entry['year']}: {why}", style="yellow")
    for line, papers in left_out.items():
        complain(f"warning: {line} (papers: {papers})", style="yellow")
