"""What is written down of units' answers (``params/confirmations/``), by one writer at a time.

People may edit the file as well: what does not change stays as it stands, comments included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.confirming.reply import Reply
from reportkit.errors import ParameterError, UsageError
from reportkit.files import replace_file
from reportkit.locking import exclusive
from reportkit.params import (
    Answer,
    Confirmations,
    Objection,
    UnitConfirmation,
    confirmations_path,
    load_confirmations,
)
from reportkit.params.editing import edited
from reportkit.params.reading import parse_model

_HEAD = """\
# 数据确认单的反馈和异议（内部使用，含人名，不外发）。由 reportkit confirm 登记，也可手工修改；
# 登记时只改动有变化的地方，手写的注释保留。
# units：各单位的答复 answers（result：confirmed 数据无误，objected 有异议），sent_on 发出日期，
#   waived_because、waived_by、waived_on 免予确认的理由、批准人、日期（三项同时填写）。
# objections：异议；answer、answered_by、answered_on 为答复（三项同时填写），correction 为更正情况。
#   通报印发后收到的异议也可记在这里：document 写 circular。
"""


@dataclass
class Book:
    """The record of a year while it is being changed."""

    record: Confirmations


@contextmanager
def changing(home: Path, year: int) -> Iterator[Book]:
    """The year's record, written when the block ends well, if it was changed.

    Raises
    ------
    ParameterError
        If the file is wrong, or its YAML cannot be changed in place.
    UsageError
        If another process is writing it.
    """
    lock = home / "outputs" / ".reportkit" / "confirmations.lock"
    with exclusive(lock, "the record of confirmations is being written", "one writer", patience=30):
        before = load_confirmations(home, year)
        book = Book(before)
        yield book
        if book.record != before:
            _write(confirmations_path(home, year), before, book.record)


def _write(path: Path, before: Confirmations, after: Confirmations) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = path.read_bytes() if path.exists() else _HEAD.encode()
    found = raw.decode("utf-8-sig")
    text = edited(found.replace("\r\n", "\n"), _plain(before), _plain(after))
    try:
        same = parse_model(text, Confirmations, path.name) == after
    except ParameterError:
        same = False
    if not same:
        raise ParameterError(
            "what was answered cannot be added to this YAML in place",
            expected="plain YAML: keys and values on lines of their own, no anchors (&, *)",
            next_step="write it so, and run the command again",
            where=f"params/confirmations/{path.name}",
        )
    if "\r\n" in found:
        text = text.replace("\n", "\r\n")
    replace_file(path, text.encode("utf-8"))


def _plain(record: Confirmations) -> dict[str, Any]:
    """The record as YAML has it: lists for tuples, nothing that is as usual."""
    found: dict[str, Any] = _listed(record.model_dump(exclude_defaults=True))
    return found


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(each) for name, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, list | tuple) else value


# --- what is entered -------------------------------------------------------------------


def entered(
    record: Confirmations, unit_id: str, reply: Reply, file: str, sha256: str
) -> tuple[Confirmations, tuple[Objection, ...]]:
    """The record with a file's answer, and the objections that are new with it.

    A file that was recorded before changes nothing; an objection that is open, in the same
    words, is not entered twice.
    """
    entry = record.of(unit_id)
    if reply.signed_on is None or any(each.sha256 == sha256 for each in entry.answers):
        return record, ()
    answer = Answer(
        result="objected" if reply.result == "objected" else "confirmed",
        signed_by=reply.signed_by, signed_on=reply.signed_on, figures=reply.figures,
        file=file, sha256=sha256,
    )  # fmt: skip
    open_ones = (each for each in record.objections_of(unit_id) if not record.is_settled(each))
    known = {(each.about, each.text) for each in open_ones}
    new: list[Objection] = []
    for point in reply.points:
        if (point.about, point.text) not in known:
            known.add((point.about, point.text))
            number = _next_number(record, unit_id) + len(new)
            new.append(Objection(
                id=f"{unit_id}-{number}", unit=unit_id, received_on=reply.signed_on,
                about=point.about, text=point.text,
            ))  # fmt: skip
    changed = with_entry(record, unit_id, answers=(*entry.answers, answer))
    return _checked(changed, objections=(*record.objections, *new)), tuple(new)


def _next_number(record: Confirmations, unit_id: str) -> int:
    taken = {each.id for each in record.objections}
    number = 1
    while f"{unit_id}-{number}" in taken:
        number += 1
    # Numbers go up: one that somebody took out of the file is not given again in between.
    own = [each.rpartition("-")[2] for each in taken if each.rpartition("-")[0] == unit_id]
    return max([number, *(int(n) + 1 for n in own if n.isascii() and n.isdigit())])


def on_paper(
    record: Confirmations, unit_id: str, signed_by: str, signed_on: dt.date, version: str
) -> Confirmations:
    """The record with a paper that was signed without an objection."""
    answer = Answer(result="confirmed", signed_by=signed_by, signed_on=signed_on, figures=version)
    entry = record.of(unit_id)
    if answer in entry.answers:
        return record
    return with_entry(record, unit_id, answers=(*entry.answers, answer))


def waived(
    record: Confirmations, unit_id: str, because: str, by: str, on: dt.date
) -> Confirmations:
    """The record with a waiver: the unit need not confirm."""
    return with_entry(record, unit_id, waived_because=because, waived_by=by, waived_on=on)


def answered(
    record: Confirmations, objection_id: str, text: str, by: str, on: dt.date,
    correction: str | None, version: str | None,
) -> Confirmations:  # fmt: skip
    """The record with the answer to an objection.

    ``version``: 数据版本 on which it is answered; None where the unit has no figures.

    Raises
    ------
    UsageError
        If there is no such objection, it is answered already, or the day lies before it.
    """
    place = [each.id for each in record.objections]
    if objection_id not in place:
        raise UsageError(
            f"no objection {objection_id!r}",
            expected=f"one of {', '.join(place) or 'none yet'}",
            next_step="see reportkit confirm --list",
            where="--answer",
        )
    number = place.index(objection_id)
    found = record.objections[number]
    if found.answer:
        raise UsageError(
            f"{objection_id} was answered on {found.answered_on} by {found.answered_by}",
            expected="an objection without an answer",
            next_step="change the answer in params/confirmations/ by hand, if it was wrong",
            where="--answer",
        )
    if on < found.received_on:
        raise UsageError(
            f"{on} lies before {objection_id} was received, on {found.received_on}",
            expected="that day, or a later one",
            where="--on",
        )
    fields = {**dict(found), "answer": text, "answered_by": by, "answered_on": on,
              "figures": version, "correction": correction}  # fmt: skip
    objections = list(record.objections)
    objections[number] = Objection(**fields)
    return _checked(record, objections=tuple(objections))


def with_entry(record: Confirmations, unit_id: str, **fields: Any) -> Confirmations:
    """The record with some fields of a unit's entry changed, and checked anew."""
    entry = UnitConfirmation(**{**dict(record.of(unit_id)), **fields})
    return _checked(record, units={**record.units, unit_id: entry})


def _checked(record: Confirmations, **fields: Any) -> Confirmations:
    return Confirmations(**{**dict(record), **fields})
