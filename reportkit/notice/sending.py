"""What waits in the outbox, sent: by the service, or by the command that wrote it."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from reportkit.errors import UsageError
from reportkit.locking import exclusive
from reportkit.notice.letter import Letter
from reportkit.notice.mail import NotSent, Post
from reportkit.notice.outbox import Notice, Outbox
from reportkit.notice.webhook import post
from reportkit.params import WEBHOOK, Schedule

AGAIN = (1, 5, 15, 60, 180, 360, 720)
"""Minutes until a letter that did not go out is tried again, the last one from then on."""
GIVE_UP = 10
"""So often it is tried: for some three days."""
LOCK = Path(".reportkit") / "post.lock"
"""Below ``outputs/``: two senders at once would send the same letter twice."""


def send_waiting(
    outbox: Outbox, schedule: Schedule, now: dt.datetime, *, patience: float = 0.0,
    only: Collection[str] | None = None,
) -> None:  # fmt: skip
    """Sends what waits to go out; what cannot is tried again later, and said why.

    While another process sends, nothing is done; ``patience``: seconds to wait for its end.
    ``only``: the keys of the letters that it is about; None: all.
    """
    if not _asked(outbox, now, only):
        return
    with _alone(outbox.path.parent.parent, patience) as ours:
        if not ours:
            return
        waiting = _asked(outbox, now, only)  # the other may have sent some of it
        for notice in (n for n in waiting if n.recipient == WEBHOOK):
            _post(outbox, schedule, notice, now)
        letters = [n for n in waiting if n.recipient != WEBHOOK]
        while letters:
            letters = _send_letters(outbox, schedule, letters, now)


def _asked(outbox: Outbox, now: dt.datetime, only: Collection[str] | None) -> list[Notice]:
    return [each for each in outbox.waiting(now) if only is None or each.key in only]


@contextlib.contextmanager
def _alone(outputs: Path, patience: float) -> Iterator[bool]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(exclusive(outputs / LOCK, patience=patience))
        except UsageError:
            yield False
        else:
            yield True


def _post(outbox: Outbox, schedule: Schedule, notice: Notice, now: dt.datetime) -> None:
    if schedule.webhook is None:
        outbox.not_sent(notice, "there is no webhook in params/schedule.yml", None)
        return
    try:
        post(schedule.webhook, notice.key, notice.content["data"])
    except NotSent as error:
        _later(outbox, notice, error, now)
    else:
        outbox.sent(notice, now)


def _send_letters(
    outbox: Outbox, schedule: Schedule, letters: list[Notice], now: dt.datetime
) -> list[Notice]:
    """Sends letters over one connection; those that are left when it breaks after some success."""
    if schedule.mail is None:
        for notice in letters:
            outbox.not_sent(notice, "there is no mail server in params/schedule.yml", None)
        return []
    went = 0
    try:
        with Post(schedule.mail) as server:
            for number, notice in enumerate(letters):
                try:
                    letter = Letter.from_json(notice.content)
                    enclosed = list(_enclosed(letter, outbox.path.parent.parent))
                    sender = schedule.mail.sender
                    server.send(letter.message(sender, notice.recipient, notice.key, now, enclosed))
                except NotSent as error:
                    _later(outbox, notice, error, now)
                    if error.broken:
                        # One that fails at once is no better tried at once.
                        rest = letters[number + 1 :]
                        if went:
                            return rest
                        for other in rest:
                            _later(outbox, other, error, now)
                        return []
                except (TypeError, ValueError, LookupError) as error:
                    # A letter that cannot be written down must not keep the others from going.
                    outbox.not_sent(notice, f"{type(error).__name__}: {error}", None)
                else:
                    outbox.sent(notice, now)
                    went += 1
    except NotSent as error:
        for notice in letters:
            _later(outbox, notice, error, now)
    return []


def _enclosed(letter: Letter, outputs: Path) -> Iterator[tuple[str, bytes]]:
    """The letter's files, if they are still those that were meant.

    Raises
    ------
    NotSent
        For good, if one is missing or another than it was: nobody gets what nobody looked at.
    """
    for name, file, hashed in letter.enclosures:
        try:
            content = (outputs / file).read_bytes()
        except OSError as error:
            raise NotSent(f"outputs/{file}: {error.strerror}", for_good=True) from error
        if hashlib.sha256(content).hexdigest() != hashed:
            raise NotSent(f"outputs/{file} was changed since the letter was written", for_good=True)
        yield name, content


def _later(outbox: Outbox, notice: Notice, error: NotSent, now: dt.datetime) -> None:
    enough = error.for_good or notice.tries + 1 >= GIVE_UP
    minutes = AGAIN[min(notice.tries, len(AGAIN) - 1)]
    outbox.not_sent(notice, str(error), None if enough else now + dt.timedelta(minutes=minutes))
