"""Metrics of members: M11 发言覆盖, M12 组长主持与领学, M14 述学, M16 党群负责人, M18 调研."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence, evidence
from reportkit.metrics.frames import YearFrames, places_in
from reportkit.metrics.tenure import Tenure, days_of


@metric(
    "M11", "speech_coverage", "发言覆盖率", tables=("members", "speeches"), base="人",
    yearly=True,
    definition="年内在{study}上至少发言一次的中心组成员（{roles}）数除以中心组成员数",
    rules=("study_sessions", "attendance.roles"),
    serves="一人主讲、大家补充",
)  # fmt: skip
def speech_coverage(frames: YearFrames) -> Evidence:
    people = frames.people
    return evidence("members", people, top=_among(people, frames.study_speeches), bottom=1.0)


def _among(people: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Which of ``people`` stand in ``rows``, by unit and person."""
    known = pd.Index(people["person_id"].unique())
    # A number for each unit and person, so that no texts are joined.
    mine = people["unit"].to_numpy() * len(known) + places_in(known, people["person_id"])
    person = places_in(known, rows["person_id"])
    theirs = rows["unit"].to_numpy()[person >= 0] * len(known) + person[person >= 0]
    result: np.ndarray = np.isin(mine, theirs)
    return result


def _chairs(frames: YearFrames) -> Tenure:
    members = frames.table("members")
    return Tenure(members[(members["role"] == "组长") & (members["unit"] >= 0)])


@metric(
    "M12a", "chaired", "组长主持率", tables=("sessions", "members"), base="次",
    definition="组长主持的集体学习次数除以集体学习次数，未填主持人的不计",
    serves="主要领导带头领学",
)  # fmt: skip
def chaired_by_leader(frames: YearFrames) -> Evidence:
    entered = frames.entered
    there = _chairs(frames).in_post(entered["unit"], entered["host_id"], days_of(entered["start"]))
    return evidence(
        "sessions", entered, top=there >= 0, bottom=1.0,
        left_out={"未填主持人{}次": entered["host_id"].isna()},
    )  # fmt: skip


@metric(
    "M12b", "led", "组长领学次数", kind="count", counter="次",
    tables=("sessions", "members", "speeches"),
    definition="组长在{study}上领学的次数，一次学习计一次",
    rules=("study_sessions",),
    serves="主要领导带头领学",
)  # fmt: skip
def led_by_leader(frames: YearFrames) -> Evidence:
    speeches = frames.study_speeches
    leading = speeches[speeches["type"] == "领学"]
    days = days_of(frames.study["start"])[leading["session"].to_numpy()]
    units = frames.study["unit"].to_numpy()[leading["session"].to_numpy()]
    there = _chairs(frames).in_post(units, leading["person_id"], days)
    by_leader = leading[there >= 0]
    return evidence("speeches", by_leader[~by_leader.duplicated("session_id")])


@metric(
    "M14", "accounts", "述学率", tables=("members", "accounts"), base="人", yearly=True,
    definition="已述学人数除以年末在任班子成员数，一人在几个中心组的，述学一次即可",
    rules=("attendance.roles",),
    serves="领导述学",
)  # fmt: skip
def accounts_given(frames: YearFrames) -> Evidence:
    """Leaders in post at the cutoff; an account counts whichever unit reported it."""
    cutoff, leaders = pd.Timestamp(frames.cutoff), frames.leaders
    until = leaders["to"]
    in_post = leaders[(leaders["from"] <= cutoff) & (until.isna() | (until >= cutoff))]
    in_post = in_post.drop_duplicates(["unit_id", "person_id"])
    accounts = frames.tables["accounts"]
    gave = accounts.loc[accounts["year"] == frames.params.year, "person_id"]
    gone = np.flatnonzero(~frames.unit_frame["at_end"].to_numpy())
    return evidence(
        "members", in_post, top=in_post["person_id"].isin(gave), bottom=1.0,
        states={int(unit): "不适用" for unit in gone},
    )  # fmt: skip


@metric(
    "M16", "party_affairs", "党群部门负责人纳入", tables=("members", "sessions"), base="次",
    definition="学习当日党群部门负责人在中心组成员之列的学习次数除以学习次数",
    rules=("study_sessions", "attendance.roles"),
    serves="未将党群部门负责人纳入中心组成员",
)  # fmt: skip
def party_affairs_included(frames: YearFrames) -> Evidence:
    roster, study = frames.roster, frames.study
    heads = roster[roster["party_affairs_head"].fillna(False).astype(bool)]
    # Any head will do: the unit itself takes the place of the person.
    units = pd.Series(study["unit"].to_numpy().astype(str), index=study.index)
    anyone = Tenure(heads.assign(person_id=heads["unit"].astype(str)))
    there = anyone.in_post(study["unit"], units, days_of(study["start"]))
    return evidence("sessions", study, top=there >= 0, bottom=1.0)


@metric(
    "M18a", "research_coverage", "调研覆盖率", tables=("members", "research"), base="人",
    yearly=True,
    definition="年内有调研报告的中心组成员（{roles}）数除以中心组成员数",
    rules=("attendance.roles",),
    serves="调查研究的成效不明显",
)  # fmt: skip
def research_coverage(frames: YearFrames) -> Evidence:
    people = frames.people
    return evidence("members", people, top=_among(people, _reports(frames)), bottom=1.0)


@metric(
    "M18b", "research_outcome", "调研成果转化率", tables=("research",), base="项",
    definition="成果已采纳或已落地的调研报告数除以调研报告数，未填转化情况的不计",
    serves="调查研究的成效不明显",
)  # fmt: skip
def research_outcome(frames: YearFrames) -> Evidence:
    reports = _reports(frames)
    return evidence(
        "research", reports, top=reports["outcome"].isin(("已采纳", "已落地")), bottom=1.0,
        left_out={"未填成果转化情况{}项": reports["outcome"].isna()},
    )  # fmt: skip


def _reports(frames: YearFrames) -> pd.DataFrame:
    """Research by the cutoff that led to a report."""
    research = frames.table("research")
    by_now = research["date"].isna() | (research["date"] <= pd.Timestamp(frames.cutoff))
    return research[by_now & research["has_report"].fillna(False).astype(bool)]
