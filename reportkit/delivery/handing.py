"""Parcels → one folder a unit under ``outputs/delivery/<year>/``."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.delivery.parcels import Item, Parcel
from reportkit.delivery.record import Record
from reportkit.errors import RecordsError
from reportkit.files import replace_file, sha256

_KEEP_EVERY = 50
"""Units after which the record is written: it is written whole."""


@dataclass(frozen=True)
class Handed:
    """What becomes of one file: ``new``, ``replaced``, ``unchanged``, or ``withdrawn``."""

    unit: str
    label: str
    name: str
    what: str


def hand_out(
    parcels: Sequence[Parcel], record: Record, now: dt.datetime, *, dry: bool = False
) -> list[Handed]:
    """Puts what is new into the units' folders, and takes out annexes that are no more.

    Whatever ends this, what was put there is on record, but for a kill, after which the next
    call finds the files and goes on. ``dry``: only says what it would do.

    Raises
    ------
    RecordsError
        If a file was changed while it was copied.
    """
    told: list[Handed] = []
    changed = False
    try:
        for number, parcel in enumerate(parcels, 1):
            found = [Handed(parcel.unit, parcel.label, item.name, _state(record, parcel.unit, item))
                     for item in parcel.items]  # fmt: skip
            gone = _withdrawn(record, parcel)
            told += [*found, *(Handed(parcel.unit, parcel.label, n, "withdrawn") for n in gone)]
            if dry:
                continue
            for item, state in zip(parcel.items, found, strict=True):
                if state.what != "unchanged":
                    _put(record.folder / parcel.unit, item)
                    record.note(parcel.unit, item, now)
                    changed = True
            for name in gone:
                (record.folder / parcel.unit / name).unlink(missing_ok=True)
                record.forget(parcel.unit, name)
                changed = True
            if changed and number % _KEEP_EVERY == 0:
                record.keep()
                changed = False
    finally:
        if changed:
            record.keep()
    return told


def _state(record: Record, unit: str, item: Item) -> str:
    """What there is to do; a file that somebody has spoilt in the folder is put there again."""
    try:
        there = sha256(record.folder / unit / item.name)
    except OSError:
        there = ""
    if record.line_of(unit, item) and there == item.sha256:
        return "unchanged"
    if item.name in record.units.get(unit, {}) or there not in ("", item.sha256):
        return "replaced"
    return "new"


def _put(folder: Path, item: Item) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = item.source.read_bytes()
    if hashlib.sha256(content).hexdigest() != item.sha256:
        raise RecordsError(
            "the file was changed while it was being handed out",
            expected="the file that was made",
            next_step="see who writes there, and run again",
            where=str(item.source),
        )
    replace_file(folder / item.name, content)


def _withdrawn(record: Record, parcel: Parcel) -> list[str]:
    """Annexes that were handed out, and are no longer to be."""
    names = {item.name for item in parcel.items}
    known = record.units.get(parcel.unit, {})
    return [
        name for name, line in known.items() if line.document == parcel.annex and name not in names
    ]
