"""Metrics of attendance and membership: M4 and its kin, M11 发言覆盖, M14 述学, M16."""

from __future__ import annotations

import pandas as pd

from reportkit.metrics.frames import YearFrames
from reportkit.metrics.results import by_unit, counted, result

ATTENDANCE = ("sessions", "attendance", "members")


def leadership_attendance(frames: YearFrames) -> pd.DataFrame:
    """M4: mean over leadership of sessions attended ÷ sessions held while a member.

    Leave stays in the denominator; 未记 leaves it and shows as a gap; a person with fewer
    than ``minimum_sessions`` expected sessions is left out. Numerator: the sum of the
    persons' rates; denominator: the number of persons.
    """
    return _mean_rate(frames, with_makeup=False)


def leadership_attendance_with_makeup(frames: YearFrames) -> pd.DataFrame:
    """M4c: M4 with makeups that have evidence counted as attended; never replaces M4."""
    return _mean_rate(frames, with_makeup=True)


def _mean_rate(frames: YearFrames, *, with_makeup: bool) -> pd.DataFrame:
    rules = frames.params.metrics.attendance
    leaders = frames.roster[frames.roster["in_leadership"].fillna(False).astype(bool)]
    expected = frames.roster_by_session(leaders).merge(
        frames.tables["attendance"][
            ["session_id", "person_id", "status", "makeup_on", "makeup_evidence"]
        ],
        on=["session_id", "person_id"],
        how="left",
    )
    unknown = expected["status"].isna() | expected["status"].isin(rules.left_out)
    known = expected[~unknown]
    present = known["status"].isin(rules.present)
    if with_makeup:
        present |= known["makeup_on"].notna() & known["makeup_evidence"].notna()
    persons = (
        known.assign(present=present.astype(int))
        .groupby(["unit_id", "person_id"])["present"]
        .agg(["sum", "size"])
        .reset_index()
    )
    enough = persons["size"] >= rules.minimum_sessions
    counts = persons[enough]
    rates = (counts["sum"] / counts["size"]).groupby(counts["unit_id"]).sum()
    n_persons = counted(counts, frames)
    return result(
        frames,
        ATTENDANCE,
        by_unit(rates, frames),
        n_persons,
        left_out={
            f"应到不足{rules.minimum_sessions}次的{{}}人": counted(persons[~enough], frames),
            "未记{}人次": counted(expected[unknown], frames),
        },
        when_empty="数据不足",
        states=_without_names(frames),
    )


def _without_names(frames: YearFrames) -> dict[str, str]:
    """Units that sent counts without names: M4 cannot be computed, and says so (数据不足)."""
    sessions = frames.study
    counts = sessions[sessions["present"].notna()]["unit_id"].unique()
    return {
        str(unit): "数据不足"
        for unit in counts
        if frames.states.get((unit, "attendance"), "未报") != "已报"
        and frames.state_of(unit, ("sessions", "members")) == "已报"
    }


def overall_attendance(frames: YearFrames) -> pd.DataFrame:
    """M4b: Σ present ÷ Σ expected in 人次, over study sessions that state both."""
    both = frames.study["expected"].notna() & frames.study["present"].notna()
    stated = frames.study[both]
    sums = stated.groupby("unit_id")[["present", "expected"]].sum()
    return result(
        frames,
        ("sessions",),
        by_unit(sums["present"], frames),
        by_unit(sums["expected"], frames),
        left_out={"未填应到实到的学习{}次": counted(frames.study[~both], frames)},
        when_empty="未报",
    )


def speech_coverage(frames: YearFrames) -> pd.DataFrame:
    """M11: members with at least one speech at a study session ÷ members of the year."""
    members = frames.roster.drop_duplicates(["unit_id", "person_id"])
    speeches = frames.tables["speeches"]
    kept = speeches[speeches["session_id"].isin(frames.study["session_id"])]
    spoke = members.merge(
        kept[["unit_id", "person_id"]].drop_duplicates(), on=["unit_id", "person_id"]
    )
    return result(frames, ("members", "speeches"), counted(spoke, frames), counted(members, frames))


def accounts_given(frames: YearFrames) -> pd.DataFrame:
    """M14: persons who gave an account (述学) ÷ leadership in post at the cutoff.

    One account a person and year, whichever unit reported it: one who sits in two groups,
    or moved from one to another, gives one account.
    """
    cutoff = pd.Timestamp(frames.params.cutoff)
    leaders = frames.roster[frames.roster["in_leadership"].fillna(False).astype(bool)]
    in_post = leaders[
        (leaders["from"] <= cutoff) & (leaders["to"].isna() | (leaders["to"] >= cutoff))
    ].drop_duplicates(["unit_id", "person_id"])
    accounts = frames.tables["accounts"]
    gave = accounts.loc[accounts["year"] == frames.params.year, "person_id"]
    given = in_post[in_post["person_id"].isin(gave)]
    gone = {str(u): "不适用" for u in frames.unit_frame.index[~frames.unit_frame["at_end"]]}
    return result(
        frames,
        ("members", "accounts"),
        counted(given, frames),
        counted(in_post, frames),
        states=gone,
    )


def party_affairs_included(frames: YearFrames) -> pd.DataFrame:
    """M16: study sessions on whose day the group held a 党群部门负责人 ÷ study sessions."""
    heads = frames.roster[frames.roster["party_affairs_head"].fillna(False).astype(bool)]
    with_head = frames.roster_by_session(heads).drop_duplicates("session_id")
    without = counted(frames.study, frames) - counted(with_head, frames)
    missing = {str(unit): (f"{int(n)}",) for unit, n in without.items() if n}
    return result(
        frames,
        ("members", "sessions"),
        counted(with_head, frames),
        counted(frames.study, frames),
        missing=missing,
    )
