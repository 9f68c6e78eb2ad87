"""Parcels → letters to units' addresses; no file goes to a unit twice unless it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from reportkit.delivery.parcels import Item, Parcel
from reportkit.delivery.record import DELIVERY
from reportkit.notice import Letter
from reportkit.notice.outbox import SENT
from reportkit.params import Handing, Units
from reportkit.params.delivery import filled

_HEAD = ("序号", "材料", "大小", "校验码（SHA-256）")


@dataclass(frozen=True)
class Mailing:
    """What is to be done about one unit's letter.

    Parameters
    ----------
    key, letter:
        Of a new letter; None if no file is left to be sent.
    again:
        Keys of letters that were not sent, and hold what still counts: to be tried again.
    elsewhere:
        If nothing is left to be sent: the address that got it, where it is another by now.
    overtaken:
        Keys of letters that were not sent, and shall not be: their files, or the address, are
        no longer what they were.
    """

    unit: str
    recipient: str
    key: str = ""
    letter: Letter | None = None
    again: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()
    elsewhere: str = ""


def letters_for(
    parcels: Sequence[Parcel], units: Units, handing: Handing, known: Sequence[dict[str, Any]],
    lying: Mapping[str, Mapping[str, str]], *, repeat: bool = False,
) -> list[Mailing]:  # fmt: skip
    """For each unit with an address, the letter with what it has not got as it is now.

    Parameters
    ----------
    known:
        All letters to units so far, as the outbox has them, the last one first.
    lying:
        unit_id → name → SHA-256 of what lies in the unit's folder; a letter that waits and
        holds something else is overtaken.
    repeat:
        With everything, also what the unit has got before.
    """
    of_units: dict[str, list[dict[str, Any]]] = {}
    for letter in reversed(known):
        of_units.setdefault(letter["key"].rpartition("/")[0], []).append(letter)
    found = []
    for parcel in parcels:
        if recipient := units[parcel.unit].email:
            before = of_units.get(_place(parcel), ())
            there = {**lying.get(parcel.unit, {}), **{i.name: i.sha256 for i in parcel.items}}
            letter = _mailing(parcel, recipient, units, handing, before, there, repeat)
            found.append(letter)
    return found


def _place(parcel: Parcel) -> str:
    """How the keys of a unit's letters begin."""
    return f"{DELIVERY}/{parcel.year}/{parcel.unit}"


def _mailing(
    parcel: Parcel, recipient: str, units: Units, handing: Handing,
    before: Sequence[dict[str, Any]], there: Mapping[str, str], repeat: bool,
) -> Mailing:  # fmt: skip
    last: dict[str, str] = {}
    elsewhere, again, overtaken = "", [], []
    for letter in before:
        files = {PurePosixPath(path).name: hashed
                 for _, path, hashed in letter["content"].get("enclosures", ())}  # fmt: skip
        if letter["state"] == SENT:
            last |= {} if repeat else files
            elsewhere = letter["recipient"]
        elif letter["recipient"] == recipient and files.items() <= there.items():
            again.append(letter["key"])
            last |= files
        else:
            overtaken.append(letter["key"])
    left = [item for item in parcel.items if last.get(item.name) != item.sha256]
    told = Mailing(
        parcel.unit, recipient, again=tuple(again), overtaken=tuple(overtaken),
        elsewhere=elsewhere if elsewhere != recipient else "",
    )  # fmt: skip
    if not left:
        return told
    key = f"{_place(parcel)}/{len(before) + 1}"
    return replace(told, key=key, letter=_letter(parcel, left, units, handing), elsewhere="")


def _letter(parcel: Parcel, items: Sequence[Item], units: Units, handing: Handing) -> Letter:
    values = {
        "group": units.group_short_name, "unit": units[parcel.unit].name,
        "year": parcel.year, "count": len(items),
    }  # fmt: skip
    rows = [
        (str(number), item.shown, _size(item.bytes), item.sha256)
        for number, item in enumerate(items, 1)
    ]
    return Letter(
        filled(handing.subject, values),
        [line for line in filled(handing.text, values).split("\n") if line.strip()],
        _HEAD,
        rows,
        {"event": "delivery", "unit": parcel.unit, "year": parcel.year},
        [(item.shown, f"{_place(parcel)}/{item.name}", item.sha256) for item in items],
    )


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
