"""Metrics of attendance: M4 班子成员年度平均参学率, M4b 总参学率, M4c 含补学参学率."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence, evidence
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.tenure import Tenure, days_of

NAMED = ("sessions", "attendance", "members")


@metric(
    "M4", "attendance", "班子成员年度平均参学率", tables=NAMED, base="人", averaged=True,
    yearly=True, when_empty="数据不足",
    definition="班子成员每人到会（{present}）次数除以其任职期间应到次数，再取平均；请假计入应到，"
    "{left_out}的不计入，应到不足{minimum_sessions}次的人员不计入",
    rules=("study_sessions", "attendance"),
    serves="班子成员年度平均参学率",
)  # fmt: skip
def leadership_attendance(frames: YearFrames) -> Evidence:
    """One row a person: its rate in ``top``, 1 in ``bottom``; ``detail`` has the sessions."""
    return frames.shared("rates", _Rates).evidence(with_makeup=False)


@metric(
    "M4c", "attendance_with_makeup", "含补学参学率", tables=NAMED, base="人", averaged=True,
    yearly=True, when_empty="数据不足",
    definition="在班子成员年度平均参学率基础上，有佐证的补学视为到会",
    rules=("study_sessions", "attendance"),
    serves="请假补课",
)  # fmt: skip
def leadership_attendance_with_makeup(frames: YearFrames) -> Evidence:
    """As M4, which it never replaces."""
    return frames.shared("rates", _Rates).evidence(with_makeup=True)


class _Rates:
    """How often each leader was there: one pass over all attendance, for M4 and M4c."""

    def __init__(self, frames: YearFrames) -> None:
        self.frames = frames
        self.tenure = Tenure(frames.leaders)
        # Columns alone, as arrays: a group may have ten million rows.
        table, sessions = frames.tables["attendance"], frames.study
        at = frames.on_session(table, sessions)
        place = np.flatnonzero(at >= 0)
        at = at[place]
        pair = self.tenure.in_post(
            sessions["unit"].to_numpy()[at],
            table["person_id"].iloc[place],
            days_of(sessions["start"])[at],
        )
        rules = frames.params.metrics.attendance
        status = table["status"].iloc[place]
        known = (pair >= 0) & ~status.isin(rules.left_out).to_numpy()
        self.place, self.pair = place[known], pair[known]
        self.present = status.isin(rules.present).to_numpy()[known]

    def _made_up(self) -> np.ndarray:
        """Which of the known rows were made up, with evidence (补学)."""
        table = self.frames.tables["attendance"]
        both = [table[name].iloc[self.place].notna() for name in ("makeup_on", "makeup_evidence")]
        return (both[0] & both[1]).to_numpy()

    def evidence(self, *, with_makeup: bool) -> Evidence:
        frames, pairs, study = self.frames, self.tenure.pairs, self.frames.study
        minimum = frames.params.metrics.attendance.minimum_sessions
        there = self.present | self._made_up() if with_makeup else self.present
        known = np.bincount(self.pair, minlength=len(pairs))
        present = np.bincount(self.pair[there], minlength=len(pairs))
        expected = self.tenure.sessions_expected(study["unit"].to_numpy(), days_of(study["start"]))
        enough = known >= max(minimum, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = np.where(enough, present / known, 0.0)
        gaps = np.bincount(
            pairs["unit"], weights=expected - known, minlength=len(frames.unit_frame)
        ).astype(int)
        found = evidence(
            "members", pairs.set_index("record"), top=rates, bottom=enough,
            left_out={f"应到不足{minimum}次的{{}}人": (known > 0) & ~enough},
            also_left_out={"未记{}人次": gaps}, states=_without_names(frames),
            detail=partial(self._sessions, there, enough),
        )  # fmt: skip
        return replace(found, table="attendance")

    def _sessions(self, there: np.ndarray, enough: np.ndarray) -> pd.DataFrame:
        """The rows of attendance behind the rates, of the persons that count."""
        kept = enough[self.pair]
        return pd.DataFrame(
            {
                "unit": self.tenure.pairs["unit"].to_numpy()[self.pair[kept]],
                "top": there[kept].astype(float),
                "bottom": 1.0,
                "why": np.int8(-1),
                "record": self.place[kept],
                "label": "",
            }
        )


def _without_names(frames: YearFrames) -> dict[int, str]:
    """Units that sent counts without names: M4 cannot be computed, and says so (数据不足)."""
    study = frames.study
    counted = np.zeros(len(frames.unit_frame), dtype=bool)
    at = study.loc[study["present"].notna(), "unit"].to_numpy()
    counted[at[at >= 0]] = True
    unnamed = frames.states_of(("attendance",)) != "已报"
    otherwise = frames.states_of(("sessions", "members")) == "已报"
    return {int(unit): "数据不足" for unit in np.flatnonzero(counted & unnamed & otherwise)}


@metric(
    "M4b", "overall_attendance", "总参学率", tables=("sessions",), base="人次",
    when_empty="未报",
    definition="实到人次之和除以应到人次之和，与班子成员年度平均参学率口径不同",
    rules=("study_sessions",),
    serves="班子成员年度平均参学率",
)  # fmt: skip
def overall_attendance(frames: YearFrames) -> Evidence:
    study = frames.study
    both = (study["expected"].notna() & study["present"].notna()).to_numpy()
    return evidence(
        "sessions", study,
        top=study["present"].fillna(0).to_numpy(dtype=float),
        bottom=study["expected"].fillna(0).to_numpy(dtype=float),
        left_out={"未填应到实到的学习{}次": ~both},
    )  # fmt: skip
