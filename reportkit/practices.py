"""Which practices (经验做法) are fit for praise: borne out by sessions, not belied by findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.findings import Finding


@dataclass(frozen=True)
class Candidate:
    """One practice that a unit put forward, and what speaks against telling of it.

    ``unsupported``: why its claims are not borne out, "" if they are. ``contradicted``: what
    the unit's own findings say against it.
    """

    practice_id: str
    unit_id: str
    kind: str
    name: str
    unsupported: str
    contradicted: tuple[str, ...]

    @property
    def fit(self) -> bool:
        return not self.unsupported and not self.contradicted

    @property
    def against(self) -> str:
        """All that speaks against it, as one clause; "" if nothing does."""
        return "；".join(filter(None, [self.unsupported, *self.contradicted]))


def candidates(
    practices: Iterable[Mapping[str, Any]],
    held: Collection[str],
    findings: Mapping[str, Sequence[Finding]],
) -> list[Candidate]:
    """Every practice, judged.

    Parameters
    ----------
    practices:
        Rows of ``practices``: practice_id, unit_id, kind, name, sessions, outcome, award, issuer.
    held:
        session_ids of the study sessions that took place.
    findings:
        unit_id → what the rules said of the unit.
    """
    return [
        Candidate(
            row["practice_id"], row["unit_id"], row["kind"], row["name"], _unsupported(row, held),
            _contradicted(row["kind"], findings.get(row["unit_id"], ())),
        )
        for row in practices
    ]  # fmt: skip


def _unsupported(row: Mapping[str, Any], held: Collection[str]) -> str:
    """Why the claims of a practice are not borne out by what the unit reported; "" if they are."""
    if row["kind"] == "荣誉":
        lacking = [name for name, key in (("获奖情况", "award"), ("颁发单位", "issuer"))
                   if not _text(row[key])]  # fmt: skip
        return f"未填{'、'.join(lacking)}" if lacking else ""
    cited = [part for part in _text(row["sessions"]).split("、") if part]
    if not cited:
        return "未注明相关学习"
    absent = [session_id for session_id in cited if session_id not in held]
    if absent:
        numbers = "、".join(session_id.rpartition("/")[2] for session_id in absent)
        return f"所列学习{numbers}未举行或不属中心组学习"
    if row["kind"] == "成果转化" and not _text(row["outcome"]):
        return "未填成效"
    return ""


def _contradicted(kind: str, findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(
        finding.sentence for finding in findings
        if finding.triggered and kind in finding.rule.contradicts
    )  # fmt: skip


def _text(value: Any) -> str:
    """A cell as text; an empty one (None, NaN) as ""."""
    return value if isinstance(value, str) else ""
