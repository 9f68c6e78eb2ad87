"""What has been issued → what each unit is to get of it: the issued files themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reportkit.delivery.parcels import Item, Parcel, annex_items, fit_for_file, once_named
from reportkit.params import GROUP_DOCUMENT, Period, Units

_CORRECTION = "correction."


def issued_parcels(
    folder: Path,
    manifest: Mapping[str, Any],
    units: Units,
    formats: Sequence[str],
    annexes: Mapping[str, Sequence[Path]],
    chosen: Collection[str] = (),
) -> list[Parcel]:
    """The parcels of one issue, in official order.

    Parameters
    ----------
    folder, manifest:
        What was issued, and what it says of itself.
    annexes:
        unit_id → files that go with its papers.
    chosen:
        The units that are meant; empty: all. The group's circular goes to every unit that is in
        being on its date.
    """
    year, period = int(manifest["year"]), manifest["period"]
    day = dt.date.fromisoformat(manifest["date"])
    papers = {each["unit"]: each for each in manifest["documents"].values()}
    of_group = papers.pop(GROUP_DOCUMENT, None)
    parcels = []
    for unit in units:
        own = papers.get(unit.unit_id)
        for_all = of_group if unit.level == "unit" and unit.in_being_on(day) else None
        if (chosen and unit.unit_id not in chosen) or not (own or for_all):
            continue
        items: list[Item] = []
        if own:
            items += _items(folder, manifest, own, unit.short_name, formats, "")
        if for_all:
            items += _items(folder, manifest, for_all, units.group_short_name, formats, "group.")
        annex = f"annex/{period or year}"
        items += annex_items(annexes.get(unit.unit_id, ()), annex, period)
        once = once_named(items, unit.unit_id)
        parcels.append(Parcel(unit.unit_id, unit.short_name, year, annex, once))
    return parcels


def _items(
    folder: Path, manifest: Mapping[str, Any], paper: Mapping[str, Any], label: str,
    formats: Sequence[str], prefix: str,
) -> Iterator[Item]:  # fmt: skip
    """The files of one document; of a correction the 更正 first."""
    found = [
        (name, record) for name, record in manifest["files"].items()
        if name.startswith(f"{paper['folder']}/") and name.rpartition(".")[2] in formats
    ]  # fmt: skip
    found.sort(key=lambda each: (_CORRECTION not in each[0], formats.index(_ending(each[0]))))
    time = Period(manifest["period"]).in_words if manifest["period"] else "度"
    number = f"（{paper['number']}）" if paper["number"] else ""
    for name, record in found:
        file = name.rpartition("/")[2]
        corrects = file.startswith(_CORRECTION)
        kind = "通报更正" if corrects else "通报（更正后）" if manifest["corrects"] else "通报"
        shown = f"{fit_for_file(label)}{manifest['year']}年{time}{kind}"
        # A correction bears a number of its own; the text that it corrects keeps its own.
        told = number if corrects or not manifest["corrects"] else ""
        yield Item(
            document=f"{paper['unit']}/{manifest['id']}", name=prefix + file,
            shown=f"{shown}{told}.{_ending(name)}", source=folder / name,
            sha256=record["sha256"], bytes=record["bytes"],
        )  # fmt: skip


def _ending(name: str) -> str:
    return name.rpartition(".")[2]
