"""How a unit stands: whether its figures are confirmed, and what holds up the issue if not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportkit.params import Confirmations, Objection

State = Literal["confirmed", "outdated", "objected", "waived", "none"]
CLEAR: frozenset[State] = frozenset({"confirmed", "waived"})


@dataclass(frozen=True)
class Standing:
    """A unit's state and, in plain English, why it is that.

    Objections that were answered hold nothing up: ``confirmed``, though the unit has not signed
    again, as long as the figures are those on which they were answered.
    """

    state: State
    reason: str

    @property
    def blocks(self) -> bool:
        """Whether the unit holds up the issue."""
        return self.state not in CLEAR


def judged(record: Confirmations, unit_id: str, version: str | None) -> Standing:
    """How a unit stands by the record.

    An objection that is open comes first: it is waived by nothing but an answer, or the unit's
    own later confirmation. A confirmation of the present figures counts before a waiver, a
    waiver before everything else; but not for an answer that came after the day of the waiver.

    Parameters
    ----------
    version:
        数据版本 of the figures now; None: there are none.
    """
    entry = record.of(unit_id)
    objections = record.objections_of(unit_id)
    open_ones = [each for each in objections if not record.is_settled(each)]
    if open_ones:
        told = ", ".join(f"{each.id} ({each.about})" for each in open_ones)
        return Standing("objected", f"objected on {open_ones[0].received_on}, unanswered: {told}")
    answer = entry.answer
    found = Standing("none", "no answer" + (f"; sent on {entry.sent_on}" if entry.sent_on else ""))
    if answer and answer.result == "confirmed":
        same = answer.figures == version
        by = f"signed by {answer.signed_by} on {answer.signed_on}"
        found = Standing("confirmed", by) if same else _outdated(by, version)
    elif answer or objections:
        found = _answered(objections, version)
    if found.state == "confirmed":
        return found
    if entry.waived_on and not (answer and answer.signed_on > entry.waived_on):
        by = f"by {entry.waived_by} on {entry.waived_on}"
        return Standing("waived", f"{by}: {entry.waived_because}")
    return found


def _answered(objections: tuple[Objection, ...], version: str | None) -> Standing:
    """The unit objected, and every objection is answered: so as long as the figures stay."""
    last = max(
        (each for each in objections if each.answered_on),
        key=lambda each: (each.answered_on, each.figures is not None), default=None,
    )  # fmt: skip
    if last is None:
        return Standing("none", "objected, but no objection of it is on record")
    told = f"its objections were answered, last on {last.answered_on}"
    if last.figures and last.figures != version:
        return _outdated(told, version)
    return Standing("confirmed", f"{told}; it has not confirmed anew since")


def _outdated(told: str, version: str | None) -> Standing:
    now = f"the figures are others now ({version})" if version else "there are no figures now"
    return Standing("outdated", f"{told}; {now}")
