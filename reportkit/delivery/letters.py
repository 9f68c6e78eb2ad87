"""Parcels → letters to units' addresses; no file goes to a unit twice unless it is asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
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


def letters_for(
    parcels: Sequence[Parcel], units: Units, handing: Handing, known: Sequence[dict[str, Any]],
    now: dt.datetime, *, repeat: bool = False,
) -> list[Mailing]:  # fmt: skip
    """For each unit with an address, the letter with what has not been sent to it yet.

    ``known``: all letters to units so far, as the outbox has them. ``repeat``: with everything,
    also what the unit has got before.
    """
    of_units: dict[str, list[dict[str, Any]]] = {}
    for letter in known:
        of_units.setdefault(letter["key"].rpartition("/")[0], []).append(letter)
    found = []
    for parcel in parcels:
        if recipient := units[parcel.unit].email:
            before = of_units.get(_place(parcel), ())
            found.append(_mailing(parcel, recipient, units, handing, before, now, repeat))
    return found


def _place(parcel: Parcel) -> str:
    """How the keys of a unit's letters begin."""
    return f"{DELIVERY}/{parcel.year}/{parcel.unit}"


def _mailing(
    parcel: Parcel, recipient: str, units: Units, handing: Handing,
    known: Sequence[dict[str, Any]], now: dt.datetime, repeat: bool,
) -> Mailing:  # fmt: skip
    current = {item.sha256 for item in parcel.items}
    covered: set[str] = set()
    again, overtaken = [], []
    for letter in known:
        hashes = {hashed for _, _, hashed in letter["content"].get("enclosures", ())}
        if letter["state"] == SENT:
            covered |= set() if repeat else hashes
        elif letter["recipient"] == recipient and hashes <= current:
            again.append(letter["key"])
            covered |= hashes
        else:
            overtaken.append(letter["key"])
    left = [item for item in parcel.items if item.sha256 not in covered]
    told = Mailing(parcel.unit, recipient, again=tuple(again), overtaken=tuple(overtaken))
    if not left:
        return told
    text = "\n".join([recipient, *(f"{item.name} {item.sha256}" for item in left)])
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    mark = f"@{now:%Y%m%dT%H%M%SZ}" if repeat else ""
    return Mailing(
        parcel.unit, recipient, f"{_place(parcel)}/{digest}{mark}",
        _letter(parcel, left, units, handing), tuple(again), tuple(overtaken),
    )  # fmt: skip


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
