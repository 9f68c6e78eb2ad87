"""Metrics of sessions: M1 集体学习, M2 研讨交流, M3 读书班, M5 季度研讨, M6 月度覆盖与学习天数."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence, due_within, duties, evidence
from reportkit.metrics.frames import YearFrames
from reportkit.records.periods import periods
from reportkit.wording import ordinal

SESSIONS = ("sessions",)
SPEECHES = ("sessions", "speeches")
JOINT = ("joint_sessions",)


@metric(
    "M1", "sessions", "集体学习", kind="count", counter="次", tables=SESSIONS,
    definition="类型和计入类别均为“集体学习”且实际举行的学习，取消的不计，重复登记的计一次，"
    "连续多日计一次，{joint}",
    total_rules=JOINT,
    serves="两级党委中心组共组织集体学习×次",
)  # fmt: skip
def collective_sessions(frames: YearFrames) -> Evidence:
    listed = frames.listed[frames.listed["kind"] == "集体学习"]
    if frames.ends_early:  # a paper on a part of the year knows nothing of the rest
        listed = listed[listed["start"] <= pd.Timestamp(frames.cutoff)]
    cancelled = frames.cancelled[listed.index]
    return evidence(
        "sessions", listed,
        left_out={
            "取消{}次": cancelled,
            "统计截止日后{}次": listed["start"] > pd.Timestamp(frames.cutoff),
            "计入其他类别{}次": listed["counted_as"] != "集体学习",
        },
    )  # fmt: skip


@metric(
    "M2", "discussions", "研讨交流", kind="count", counter="场次", tables=SPEECHES,
    definition="{study}中，{discussions}",
    rules=("study_sessions", "discussion_speeches", "discussions_counted"), total_rules=JOINT,
    serves="学习研讨交流×场次",
)  # fmt: skip
def discussions(frames: YearFrames) -> Evidence:
    if frames.params.metrics.discussions_counted == "speeches":
        return evidence("speeches", frames.discussion_speeches)
    return evidence("sessions", frames.discussions)


@metric(
    "M2s", "speakers", "研讨发言", kind="count", counter="人次", tables=SPEECHES,
    definition="在{study}上作{speeches}的人次，一人一场计一次",
    rules=("study_sessions", "discussion_speeches"),
    serves="学习研讨交流×场次",
)  # fmt: skip
def discussion_speakers(frames: YearFrames) -> Evidence:
    speeches = frames.discussion_speeches
    again = speeches.duplicated(["session_id", "person_id"])
    return evidence("speeches", speeches, left_out={"同场再次发言{}次": again})


@metric(
    "M3", "reading_classes", "专题读书班", kind="count", counter="期", tables=SESSIONS,
    definition="类型为“读书班”且实际举行的学习，不计入集体学习次数",
    total_rules=JOINT,
    serves="举办专题读书班×期",
)  # fmt: skip
def reading_classes(frames: YearFrames) -> Evidence:
    return evidence("sessions", _reading(frames))


@metric(
    "M3d", "reading_days", "读书班天数", kind="count", counter="天", tables=SESSIONS,
    definition="各期读书班首日至末日的天数之和",
    serves="举办专题读书班×期",
)  # fmt: skip
def reading_class_days(frames: YearFrames) -> Evidence:
    classes = _reading(frames)
    return evidence("sessions", classes, top=_span(classes))


@metric(
    "M5", "discussion_quarters", "季度研讨达标率", tables=SPEECHES, base="个季度",
    definition="有研讨交流的季度数除以单位全季在册的季度数",
    rules=("study_sessions", "discussion_speeches"),
    lacks="个季度",
    serves="每季度至少一次研讨",
)  # fmt: skip
def discussion_quarters(frames: YearFrames) -> Evidence:
    """A duty is a quarter that lies wholly within the unit's days; any discussion meets it."""
    spans = [(p.first, p.last) for p in periods(frames.params.year, "季")]
    due = due_within(frames, spans, (1, 2, 3, 4), [f"第{ordinal(n)}季度" for n in (1, 2, 3, 4)])
    held = frames.discussions
    met = held[["unit"]].assign(key=held["start"].dt.quarter)
    return duties("sessions", due, met, lacking=_quarters)


def _quarters(labels: Sequence[str]) -> tuple[str, ...]:
    """Quarters as a sentence lists them: 第一、三季度."""
    if len(labels) == 4:
        return ("全年",)
    numbers = [label.removeprefix("第").removesuffix("季度") for label in labels]
    return ("第" + "、".join(numbers) + "季度",) if labels else ()


@metric(
    "M6", "months_covered", "月度学习覆盖率", tables=SESSIONS, base="个月",
    definition="有学习的月份数除以单位月初在册的月份数，单位设立当月有学习的也计",
    rules=("study_sessions",),
    lacks="个月",
    serves="月度有重点",
)  # fmt: skip
def months_covered(frames: YearFrames) -> Evidence:
    study = frames.study
    met = study[["unit"]].assign(key=study["start"].dt.month)
    return duties("sessions", months_due(frames), met)


def months_due(frames: YearFrames) -> pd.DataFrame:
    """The months in which each unit was to study: unit, key (1 to 12), label (1月).

    Those on whose first day it was in being; and the month of its birth if it studied then.
    """
    spans = [(p.first, p.first) for p in periods(frames.params.year, "月")]
    months = range(1, 13)
    due = due_within(frames, spans, months, [f"{n}月" for n in months])
    first = frames.unit_frame["first"]
    study = frames.study
    at = study["unit"].to_numpy()
    known = at >= 0
    born = pd.Series(first.to_numpy()[at[known]], index=study.index[known])
    begun = study.loc[known, "start"].dt.month
    early = study.loc[known, ["unit"]].assign(key=begun)
    early = early.loc[(begun == born.dt.month) & (born.dt.day > 1)].drop_duplicates()
    if early.empty:
        return due
    early = early.assign(label=[f"{n}月" for n in early["key"]])
    both = pd.concat([due, early], ignore_index=True).astype({"unit": int, "key": int})
    ordered: pd.DataFrame = both.sort_values(["unit", "key"], kind="stable", ignore_index=True)
    return ordered


@metric(
    "M6d", "study_days", "学习天数", kind="count", counter="天", tables=SESSIONS,
    definition="{study}天数之和，一日之内学时不超过{half_day}小时的计半天，未填学时的不计",
    rules=("study_sessions", "half_day_hours"),
    serves="全年学习天数",
)  # fmt: skip
def study_days(frames: YearFrames) -> Evidence:
    """A unit none of whose sessions says how long it was is 未报."""
    study, silent, days = _study_days(frames)
    return evidence(
        "sessions", study, top=days, left_out={"未填学时的{}次": silent},
        states=_silent_units(study, silent),
    )  # fmt: skip


@metric(
    "M6n", "study_days_reached", "学习天数达标率", tables=SESSIONS, base="天", trials=False,
    definition="学习天数（超过标准的按标准计）除以年度标准{norm}天，标准按应学习的月份数折算",
    rules=("study_sessions", "half_day_hours", "study_days_norm"),
    serves="全年学习天数",
)  # fmt: skip
def study_days_reached(frames: YearFrames) -> Evidence:
    """The norm of a unit's months stands in a row of its own; its sessions fill it up in turn."""
    study, silent, days = _study_days(frames)
    units = len(frames.unit_frame)
    months = np.bincount(months_due(frames)["unit"], minlength=units)
    norm = frames.params.metrics.study_days_norm * months / 12
    at = study["unit"].to_numpy()
    before = pd.Series(days, index=study.index).groupby(at).cumsum().to_numpy() - days
    room = np.where(at >= 0, norm[at] - before, 0.0)
    told = evidence(
        "sessions", study, top=np.clip(np.minimum(days, room), 0, None),
        left_out={"未填学时的{}次": silent}, states=_silent_units(study, silent),
    )  # fmt: skip
    whole = pd.DataFrame(
        {"unit": np.arange(units), "top": 0.0, "bottom": norm, "why": np.int8(-1), "record": -1,
         "label": "学习天数标准"}
    )  # fmt: skip
    rows = pd.concat([told.rows, whole], ignore_index=True)
    nothing: tuple[str, ...] = ()  # a norm is no duty that could be named as lacking
    return Evidence(told.table, rows, told.reasons, states=told.states, lacking=lambda _: nothing)


def _study_days(frames: YearFrames) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Study sessions; which of them do not say how long they were; the days of each."""
    study = frames.study
    days = _span(study)
    hours = study["hours"].to_numpy(dtype=float, na_value=np.nan)
    one = days == 1
    silent = one & np.isnan(hours)
    days = np.where(one & (hours <= frames.params.metrics.half_day_hours), 0.5, days)
    return study, silent, np.where(silent, 0.0, days)


def _silent_units(study: pd.DataFrame, silent: np.ndarray) -> dict[int, str]:
    at = study["unit"].to_numpy()
    mute, told = set(at[silent]), set(at[~silent])
    return {int(unit): "未报" for unit in mute - told if unit >= 0}


def _span(sessions: pd.DataFrame) -> np.ndarray:
    """Days from first to last, both included."""
    days: np.ndarray = (sessions["end"] - sessions["start"]).dt.days.to_numpy(dtype=float) + 1
    return days


def _reading(frames: YearFrames) -> pd.DataFrame:
    return frames.held[frames.held["kind"] == "读书班"]
