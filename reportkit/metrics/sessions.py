"""Metrics of sessions: M1 集体学习, M2 研讨交流, M3 读书班, M5 季度研讨, M6 月度覆盖."""

from __future__ import annotations

import pandas as pd

from reportkit.metrics.frames import YearFrames, periods
from reportkit.metrics.results import by_unit, counted, result
from reportkit.wording import ordinal

SESSIONS = ("sessions",)
SPEECHES = ("sessions", "speeches")


def collective_sessions(frames: YearFrames) -> pd.DataFrame:
    """M1: sessions of kind 集体学习 that count as such; several days are one session."""
    listed = frames.listed[frames.listed["kind"] == "集体学习"]
    cancelled = listed["cancelled"].fillna(False).astype(bool)
    later = ~cancelled & ~listed["session_id"].isin(frames.held["session_id"])
    held = frames.held[frames.held["kind"] == "集体学习"]
    entered = held["counted_as"] == "集体学习"
    return result(
        frames,
        SESSIONS,
        counted(held[entered], frames),
        left_out={
            "取消{}次": counted(listed[cancelled], frames),
            "统计截止日后{}次": counted(listed[later], frames),
            "计入其他类别{}次": counted(held[~entered], frames),
        },
    )


def discussions(frames: YearFrames) -> pd.DataFrame:
    """M2: study sessions with at least one 重点 or 补充 speech."""
    return result(frames, SPEECHES, counted(frames.discussions, frames))


def discussion_speakers(frames: YearFrames) -> pd.DataFrame:
    """M2 beside: speeches of those kinds at study sessions, in 人次 (a person once a session)."""
    speeches = frames.tables["speeches"]
    kept = speeches[
        speeches["type"].isin(frames.params.metrics.discussion_speeches)
        & speeches["session_id"].isin(frames.study["session_id"])
    ]
    return result(
        frames, SPEECHES, counted(kept.drop_duplicates(["session_id", "person_id"]), frames)
    )


def reading_classes(frames: YearFrames) -> pd.DataFrame:
    """M3: sessions of kind 读书班, which stand outside M1."""
    return result(frames, SESSIONS, counted(_reading(frames), frames))


def reading_class_days(frames: YearFrames) -> pd.DataFrame:
    """M3 beside: their days, first and last day included."""
    classes = _reading(frames)
    days = (classes["end"] - classes["start"]).dt.days + 1
    return result(frames, SESSIONS, by_unit(days.groupby(classes["unit_id"]).sum(), frames))


def discussion_quarters(frames: YearFrames) -> pd.DataFrame:
    """M5: quarters with at least one discussion ÷ quarters wholly within the unit's existence."""
    spans = periods(frames.params.year, "季")
    units = frames.unit_frame
    held = frames.discussions
    quarters = set(zip(held["unit_id"], held["start"].dt.quarter, strict=True))
    due, done, missing = {}, {}, {}
    for unit_id, first, last in zip(units.index, units["first"], units["last"], strict=True):
        whole = [
            n
            for n, (_, start, end) in enumerate(spans, 1)
            if first <= pd.Timestamp(start) and pd.Timestamp(end) <= last
        ]
        absent = [n for n in whole if (unit_id, n) not in quarters]
        due[unit_id], done[unit_id] = len(whole), len(whole) - len(absent)
        missing[unit_id] = (
            ("第" + "、".join(ordinal(n) for n in absent) + "季度",) if absent else ()
        )
    reached, expected = by_unit(pd.Series(done), frames), by_unit(pd.Series(due), frames)
    return result(frames, SPEECHES, reached, expected, missing=missing)


def months_covered(frames: YearFrames) -> pd.DataFrame:
    """M6: months in which a study session began ÷ months that began while the unit existed.

    A session in the month in which the unit came into being makes that month due too.
    """
    units = frames.unit_frame
    study = frames.study[["unit_id"]].assign(month=frames.study["start"].dt.month)
    study = study[study["unit_id"].isin(units.index)].drop_duplicates()
    due = pd.Series(0, index=units.index)
    for _, first, _ in periods(frames.params.year, "月"):
        start = pd.Timestamp(first)
        due += ((units["first"] <= start) & (start <= units["last"])).astype(int)
    born = study["unit_id"].map(units["first"])
    early = study[(study["month"] == born.dt.month) & (born.dt.day > 1)]
    return result(
        frames, SESSIONS, counted(study, frames), by_unit(due, frames) + counted(early, frames)
    )


def study_days(frames: YearFrames) -> pd.DataFrame:
    """M6 beside: days of study; a session of at most four hours is half a day.

    A session of one day whose hours were not stated is neither: it is left out.
    """
    study = frames.study
    days = ((study["end"] - study["start"]).dt.days + 1).astype(float)
    unknown = (days == 1) & study["hours"].isna()
    half = (days == 1) & (study["hours"].fillna(8) <= 4)
    days = days.mask(half.astype(bool), 0.5).mask(unknown, 0.0)
    silent, told = counted(study[unknown], frames), counted(study[~unknown], frames)
    return result(
        frames,
        SESSIONS,
        by_unit(days.groupby(study["unit_id"]).sum(), frames),
        left_out={"未填学时的{}次": silent},
        states={str(u): "未报" for u in silent.index if silent[u] and not told[u]},
    )


def _reading(frames: YearFrames) -> pd.DataFrame:
    return frames.held[frames.held["kind"] == "读书班"]
