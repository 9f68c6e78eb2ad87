"""Metrics of duties: M7 计划, M8 必学专题, M9 一学一报, M10 三簿与档案."""

from __future__ import annotations

import pandas as pd

from reportkit.metrics.frames import YearFrames, period_last_day, periods
from reportkit.metrics.results import by_unit, collected, counted, result


def plans_present(frames: YearFrames) -> pd.DataFrame:
    """M7a: year, quarter and month plans present ÷ periods that began while the unit existed."""
    units = frames.unit_frame
    due = [
        {"unit_id": unit_id, "period": period}
        for level in ("年", "季", "月")
        for period, start, _ in periods(frames.params.year, level)
        for unit_id, first, last in zip(units.index, units["first"], units["last"], strict=True)
        if first <= pd.Timestamp(start) <= last
    ]
    required = pd.DataFrame(due, columns=["unit_id", "period"])
    plans = frames.tables["plans"][["unit_id", "period"]].drop_duplicates()
    present = required.merge(plans, on=["unit_id", "period"])
    return result(frames, ("plans",), counted(present, frames), counted(required, frames))


def plan_fulfilment(frames: YearFrames) -> pd.DataFrame:
    """M7b: plan items held ÷ plan items due by the cutoff (or the unit's last day)."""
    items = frames.tables["plan_items"].drop_duplicates("item_id")
    last_day = items["unit_id"].map(frames.unit_frame["last"])
    due_on = pd.to_datetime(items["due_period"].map(period_last_day))
    due = items[due_on <= last_day]
    held = due["item_id"].isin(frames.held["plan_item"].dropna())
    return result(
        frames,
        ("plan_items", "sessions"),
        counted(due[held], frames),
        counted(due, frames),
        left_out={"未到期{}项": counted(items, frames) - counted(due, frames)},
        missing=collected(due[~held], "title"),
    )


def mandatory_topics(frames: YearFrames) -> pd.DataFrame:
    """M8: mandatory topics held at a study session ÷ those to be learned while the unit existed."""
    units = frames.unit_frame
    due = pd.DataFrame(
        [
            {"unit_id": unit_id, "topic_code": topic.code, "name": f"《{topic.name}》"
             if not topic.name.startswith("《") else topic.name}
            for unit_id, first, last in zip(units.index, units["first"], units["last"], strict=True)
            for topic in frames.params.mandatory_topics
            if first <= pd.Timestamp(topic.learn_by) <= last
        ],
        columns=["unit_id", "topic_code", "name"],
    )  # fmt: skip
    studied = frames.tables["session_topics"]
    studied = studied[studied["session_id"].isin(frames.study["session_id"])]
    pairs = set(zip(studied["unit_id"], studied["topic_code"], strict=True))
    held = pd.Series(
        [pair in pairs for pair in zip(due["unit_id"], due["topic_code"], strict=True)],
        index=due.index,
        dtype=bool,
    )
    return result(
        frames,
        ("sessions",),
        counted(due[held], frames),
        counted(due, frames),
        missing=collected(due[~held], "name"),
    )


def _reports(frames: YearFrames) -> pd.DataFrame:
    """One row a study session: unit_id, due_on, received_on (NaT: not received)."""
    reports = frames.tables["session_reports"][["session_id", "due_on", "received_on"]]
    study = frames.study[["session_id", "unit_id", "end"]]
    merged = study.merge(reports.drop_duplicates("session_id"), on="session_id", how="left")
    by_rule = merged["end"] + pd.Timedelta(days=frames.params.metrics.report_days)
    return merged.assign(due_on=merged["due_on"].fillna(by_rule))


def reports_received(frames: YearFrames) -> pd.DataFrame:
    """M9a: reports received ÷ study sessions whose report was due by the cutoff.

    A session whose report is not yet due, and has not come, is left out.
    """
    reports = _reports(frames)
    received = reports["received_on"].notna()
    due = received | (reports["due_on"] <= pd.Timestamp(frames.params.cutoff))
    return result(
        frames,
        ("sessions", "session_reports"),
        counted(reports[received], frames),
        counted(reports[due], frames),
        left_out={"未到报送期限{}次": counted(reports[~due], frames)},
    )


def reports_on_time(frames: YearFrames) -> pd.DataFrame:
    """M9b: reports received by their due day ÷ reports received."""
    reports = _reports(frames)
    received = reports[reports["received_on"].notna()]
    on_time = received[received["received_on"] <= received["due_on"]]
    return result(
        frames,
        ("sessions", "session_reports"),
        counted(on_time, frames),
        counted(received, frames),
    )


def ledgers_complete(frames: YearFrames) -> pd.DataFrame:
    """M10a: 三簿 found in order ÷ 三簿 checked (有 + 缺 + 不规范)."""
    checks = frames.tables["archive_checks"]
    return _in_order(frames, checks[checks["item"].isin(frames.params.metrics.ledgers)])


def archive_complete(frames: YearFrames) -> pd.DataFrame:
    """M10b: archive items found in order ÷ items checked."""
    return _in_order(frames, frames.tables["archive_checks"])


def _in_order(frames: YearFrames, checks: pd.DataFrame) -> pd.DataFrame:
    """有 ÷ (有 + 缺 + 不规范); a unit of which nothing was checked is 未核查."""
    checked = checks[checks["state"].isin(("有", "缺", "不规范"))]
    good = checked["state"] == "有"
    return result(
        frames,
        (),  # the office fills this table: no unit can fail to send it
        by_unit(checked[good].groupby("unit_id").size(), frames),
        counted(checked, frames),
        left_out={
            state + "{}项": counted(checks[checks["state"] == state], frames)
            for state in ("不适用", "未查")
        },
        missing=collected(checked[~good], "item"),
        when_empty="未核查",
    )
