"""Metrics of duties: M7 计划, M8 必学专题, M9 一学一报."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence, due_within, duties, evidence
from reportkit.metrics.frames import YearFrames
from reportkit.records.periods import period_of, periods
from reportkit.wording import ordinal


@metric(
    "M7a", "plans_present", "计划齐备率", tables=("plans",), base="份",
    definition="已制定的年度、季度、月度计划数除以应制定数",
    lacks="份",
    serves="年度有计划、季度有安排、月度有重点",
)  # fmt: skip
def plans_present(frames: YearFrames) -> Evidence:
    """A plan is due for each period that began while the unit was in being."""
    due = [p for level in ("年", "季", "月") for p in periods(frames.params.year, level)]
    names = [p.text for p in due]
    begun = due_within(
        frames, [(p.first, p.first) for p in due], names, [_plan_name(n) for n in names]
    )
    return duties("plans", begun, frames.table("plans").rename(columns={"period": "key"}))


def _plan_name(period: str) -> str:
    """2023 → 年度计划, 2023Q1 → 第一季度计划, 2023-03 → 3月计划."""
    if "Q" in period:
        return f"第{ordinal(int(period[-1]))}季度计划"
    return f"{int(period[5:])}月计划" if "-" in period else "年度计划"


@metric(
    "M7b", "plan_fulfilment", "计划兑现率", tables=("plan_items", "sessions"), base="项",
    definition="已落实的计划内容数除以到期的计划内容数",
    lacks="项",
    serves="学习计划的落实",
)  # fmt: skip
def plan_fulfilment(frames: YearFrames) -> Evidence:
    """An item is due by the last day of its period; a session that names it fulfils it."""
    items = frames.table("plan_items").drop_duplicates("item_id")
    items = items[items["unit"] >= 0]
    ends = {p: np.datetime64(period_of(p).last) for p in items["due_period"].unique()}
    due_on = items["due_period"].map(ends).to_numpy(dtype="datetime64[D]")
    units = frames.unit_frame
    later = due_on > units["last"].to_numpy()[items["unit"]]
    before = due_on < units["first"].to_numpy()[items["unit"]]
    held = items["item_id"].isin(frames.held["plan_item"].dropna())
    return evidence(
        "plan_items", items, top=held, bottom=1.0, label=items["title"],
        left_out={"未到期{}项": later, "早于在册期{}项": before},
    )  # fmt: skip


@metric(
    "M7c", "unplanned", "计划外学习占比", tables=("sessions", "plan_items"), base="次",
    better="low",
    definition="未列入计划且未注明依据的集体学习次数除以集体学习次数，按上级部署跟进学习的不计入分子",
    serves="学习内容设计“碎片化”、不系统",
)  # fmt: skip
def unplanned_sessions(frames: YearFrames) -> Evidence:
    entered = frames.entered
    outside = entered["plan_item"].isna() & entered["ad_hoc_basis"].isna()
    return evidence("sessions", entered, top=outside, bottom=1.0)


@metric(
    "M8", "mandatory_topics", "必学专题覆盖率", tables=("sessions",), base="个专题", yearly=True,
    definition="已在{study}上学习的必学专题数除以应学习的必学专题数",
    rules=("study_sessions",),
    lacks="个专题",
    serves="没有系统安排学习内容",
)  # fmt: skip
def mandatory_topics(frames: YearFrames) -> Evidence:
    topics = frames.table("session_topics")
    at = frames.on_session(topics, frames.study)
    studied = topics[at >= 0]
    session = frames.study.iloc[at[at >= 0]]
    met = pd.DataFrame(
        {"unit": studied["unit"].to_numpy(), "key": studied["topic_code"].to_numpy()},
        index=session.index,
    )
    return duties("sessions", topics_due(frames), met.sort_index(kind="stable"))


def topics_due(frames: YearFrames) -> pd.DataFrame:
    """Mandatory topics (必学专题) that each unit was to have studied: unit, key (code), label."""
    topics = frames.params.mandatory_topics
    names = [topic.quoted for topic in topics]
    spans = [(topic.learn_by, topic.learn_by) for topic in topics]
    return due_within(frames, spans, [topic.code for topic in topics], names)


@metric(
    "M9a", "reports", "一学一报率", tables=("sessions", "session_reports"), base="次",
    definition="已报送次数除以应报送次数，每次学习结束后{report_days}日内应报，未到报送期限的不计",
    rules=("study_sessions", "report_days"),
    serves="严格落实“一学一报”制度",
)  # fmt: skip
def reports_received(frames: YearFrames) -> Evidence:
    study, due_on, received_on = _reports(frames)
    received = ~np.isnat(received_on)
    early = ~received & (due_on > np.datetime64(frames.cutoff))
    return evidence(
        "sessions", study, top=received, bottom=1.0, left_out={"未到报送期限{}次": early}
    )


@metric(
    "M9b", "reports_on_time", "一学一报及时率", tables=("sessions", "session_reports"), base="次",
    definition="按时报送次数除以已报送次数",
    rules=("study_sessions", "report_days"),
    serves="严格落实“一学一报”制度",
)  # fmt: skip
def reports_on_time(frames: YearFrames) -> Evidence:
    study, due_on, received_on = _reports(frames)
    received = ~np.isnat(received_on)
    return evidence("sessions", study, top=received & (received_on <= due_on), bottom=received)


def _reports(frames: YearFrames) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Study sessions; when each one's report was due; when it was received (NaT: not).

    A circular is made some days after the time it is about: a report that came by then has come.
    """
    study = frames.study
    reports = frames.tables["session_reports"].drop_duplicates("session_id")
    reports = reports.set_index("session_id")[["due_on", "received_on"]]
    told = reports.reindex(study["session_id"])
    rule = study["end"].to_numpy() + np.timedelta64(frames.params.metrics.report_days, "D")
    due_on, received_on = told["due_on"].to_numpy(), told["received_on"].to_numpy()
    if frames.known_on is not None:
        late = received_on > np.datetime64(frames.known_on)
        received_on = np.where(late, np.datetime64("NaT"), received_on)
    return study, np.where(np.isnat(due_on), rule, due_on), received_on
