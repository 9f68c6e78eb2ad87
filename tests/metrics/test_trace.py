"""From a figure back to its records: they add up to it, and each leads to its line."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest
from frames_builder import at, attended, day, figure, make, member, params, session, speech, unit
from hypothesis import given
from hypothesis import strategies as st
from whole_year import whole_year
from year_strategies import IDS, Drawn, counted_leaders, drawn_years, few

from reportkit.metrics.definition import Metric
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.trace import COLUMNS, DENOMINATOR, LEFT_OUT, NUMERATOR, rows_behind

BY_PERSON = ("M4", "M4c")


def behind(frames: YearFrames, metric_id: str) -> pd.DataFrame:
    """The records behind one metric."""
    return rows_behind(BY_ID[metric_id], frames)


def framed(year: Drawn) -> YearFrames:
    """The frames of a year, sessions or none."""
    return year.frames()


def sums(rows: pd.DataFrame, unit_id: str) -> tuple[float, float]:
    """Σ top and Σ bottom of one unit's rows."""
    of_unit = rows[rows["unit_id"] == unit_id]
    return of_unit["top"].sum(), of_unit["bottom"].sum()


@few
@given(drawn_years(None, "2023H1"))
def test_the_records_add_up_to_the_figure(year: Drawn) -> None:
    """Σ top is the numerator, Σ bottom the denominator, of each unit and metric with a value."""
    frames = framed(year)
    for metric in METRICS:
        rows, table = rows_behind(metric, frames), metric.compute(frames)
        known = table[table["state"].isin(("已报", "零"))]
        if metric.metric_id in BY_PERSON:
            continue
        for unit_id, row in known.iterrows():
            top, bottom = sums(rows, str(unit_id))
            assert top == pytest.approx(row["numerator"]), (metric.metric_id, unit_id)
            if metric.kind != "count":
                assert bottom == pytest.approx(row["denominator"]), (metric.metric_id, unit_id)


@few
@given(drawn_years())
def test_the_rows_behind_m4_are_those_of_the_persons_who_count(year: Drawn) -> None:
    """Σ bottom is how often they were expected, Σ top how often they came, counted row by row."""
    frames = framed(year)
    rows = behind(frames, "M4")
    counted = counted_leaders(frames)
    for unit_id in frames.unit_frame.index:
        people = counted.get(unit_id, {}).values()
        assert sums(rows, unit_id) == (sum(p for p, _, _ in people), sum(k for _, k, _ in people))
    assert set(rows["bottom"]) <= {1.0} and set(rows["top"]) <= {0.0, 1.0}


@few
@given(drawn_years(None, "2023H1"))
def test_each_record_leads_to_its_line(year: Drawn) -> None:
    """File, sheet and row are those of a record of the unit; a duty that none meets has none."""
    frames = framed(year)
    people = set(frames.tables["members"]["name"])
    for metric in METRICS:
        rows = rows_behind(metric, frames)
        assert list(rows.columns) == list(COLUMNS)
        assert rows["what"].map(lambda text: isinstance(text, str)).all()
        assert not any(name in text for text in set(rows["what"]) for name in people)
        found = metric.evidence(frames)
        table = frames.tables[found.table].set_index("source_row") if found.table != (
            "submissions") else None  # fmt: skip
        placed = rows[rows["file"].notna()]
        assert (placed["sheet"] == "s").all() and placed["row"].notna().all()
        if table is not None:
            own = [c for c in ("unit_id", "observer_unit", "host_unit") if c in table]
            for unit_id, line in zip(placed["unit_id"], placed["row"], strict=True):
                assert unit_id in set(table.loc[line, own])
        without = rows[rows["file"].isna()]
        if metric.metric_id not in ("M20", "M6n"):  # sums over cells; the norm of a year
            assert ((without["top"] == 0) & (without["bottom"] > 0)).all()


@few
@given(drawn_years(None, "2023H1"))
def test_what_was_left_out_is_among_the_rows(year: Drawn) -> None:
    """How each row counted is said, and why it did not; as often as the figure tells."""
    frames = framed(year)
    for metric in METRICS:
        rows, table = rows_behind(metric, frames), metric.compute(frames)
        out = rows["counted"].map(lambda text: text.startswith(f"{LEFT_OUT}：")).astype(bool)
        assert (rows.loc[out, ["top", "bottom"]] == 0).all(axis=None)
        assert (rows.loc[rows["counted"] == NUMERATOR, "top"] > 0).all()
        assert (rows.loc[rows["counted"] == DENOMINATOR, "top"] == 0).all()
        assert set(rows.loc[~out, "counted"]) <= {NUMERATOR, DENOMINATOR}
        if metric.metric_id in (*BY_PERSON, "M13a", "M13b"):  # persons; visits of no duty
            continue
        for unit_id, row in table.iterrows():
            assert sum(row["left_out"].values()) == (out & (rows["unit_id"] == unit_id)).sum()


@few
@given(drawn_years(), st.sampled_from(IDS))
def test_one_unit_s_trace_is_its_part_of_the_whole(year: Drawn, unit_id: str) -> None:
    """Read alone, a unit has the records that it has among all units."""
    frames = framed(year)
    alone = dataclasses.replace(frames, only=unit_id)
    for metric in METRICS:
        whole = rows_behind(metric, frames)
        part = whole[whole["unit_id"] == unit_id].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            rows_behind(metric, alone).astype(object), part.astype(object), check_dtype=False
        )


def lines(rows: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a trace as tuples; an empty cell is None."""
    return [
        tuple(None if pd.isna(cell) else cell for cell in line)
        for line in rows[list(columns)].itertuples(index=False, name=None)
    ]


def test_m1_s_trace_by_hand() -> None:
    """Each session with its day and how it counted; nothing of what is of another kind."""
    rows = behind(whole_year(), "M1")
    assert lines(rows, "session_id", "counted", "row") == [
        *[(f"aa/{n}", NUMERATOR, n) for n in (1, 2, 4)],
        ("aa/5", f"{LEFT_OUT}：取消", 5),
        ("aa/6", f"{LEFT_OUT}：计入其他类别", 6),
        *[(f"aa/{n}", NUMERATOR, n) for n in (7, 8, 9)],
    ]  # fmt: skip
    assert rows["date"].iloc[0] == pd.Timestamp(day("1-10"))
    assert set(rows["what"]) == {"学习"}


def test_m6_s_trace_shows_the_first_session_of_a_month_and_the_months_without() -> None:
    """A month is met once: by one session, which is named; an empty month has no record."""
    frames = make(
        sessions=[session("aa/1", "1-5"), session("aa/2", "1-9")], year=params(cutoff=day("2-28"))
    )
    assert lines(behind(frames, "M6"), "what", "session_id", "top", "bottom") == [
        ("1月：学习", "aa/1", 1, 1), ("2月", None, 0, 1),
    ]  # fmt: skip


def test_m4_s_trace_has_no_row_of_who_does_not_count() -> None:
    """Of two leaders one was expected too seldom: the other's four rows stand alone."""
    frames = make(
        members=[member("aa/甲"), member("aa/乙", since="8-1")],
        sessions=[session(f"aa/{n}", f"{2 * n}-8") for n in (1, 2, 3, 4)],
        attendance=[*attended("aa/甲", "出缺视出"), at("aa/4", "aa/乙", "缺席")],
    )
    rows = behind(frames, "M4")
    assert lines(rows, "session_id", "counted", "row") == [
        ("aa/1", NUMERATOR, 1), ("aa/2", DENOMINATOR, 2),
        ("aa/3", NUMERATOR, 3), ("aa/4", NUMERATOR, 4),
    ]  # fmt: skip
    assert figure(frames, "M4")["value"] == 0.75


def test_m13_s_trace_names_partners_and_visits() -> None:
    """A visit by the names of both units; a partner who was not visited by its own."""
    rows = behind(whole_year(), "M13a")
    assert lines(rows[rows["unit_id"] == "aa"], "what", "top", "bottom", "row") == [
        ("bb：aa旁听bb", 1, 1, 1), ("cc", 0, 1, None),
    ]  # fmt: skip
    feedback = behind(whole_year(), "M13c")
    assert lines(feedback[feedback["unit_id"] == "aa"], "what", "counted") == [
        ("aa旁听bb", NUMERATOR), ("aa旁听bb", DENOMINATOR), ("aa旁听dd", DENOMINATOR),
        ("aa旁听bb", f"{LEFT_OUT}：未到反馈期限"),
    ]  # fmt: skip


def test_m20_s_trace_is_of_columns_not_of_records() -> None:
    """How many cells of each column were asked for and filled; there is no one line to look at."""
    rows = behind(whole_year(), "M20")
    of_unit = rows[rows["unit_id"] == "aa"]
    assert sums(rows, "aa") == (77, 94)
    told = of_unit["what"].tolist()
    assert "学习情况·学时（应填8格，已填7格）" in told
    assert "述学·述学日期（应填2格，已填1格）" in told
    assert of_unit["file"].isna().all()


def test_m6n_s_trace_says_of_which_norm() -> None:
    """The norm stands in a row of its own, the sessions fill it up and not beyond."""
    frames = make(
        year=params(metrics={"study_days_norm": 2}),
        sessions=[session("aa/1", "1-5", end="1-6"), session("aa/2", "2-5")],
    )
    rows = behind(frames, "M6n")
    assert lines(rows, "session_id", "top", "bottom") == [("aa/1", 2, 0), (None, 0, 2)]


def test_every_row_of_a_trace_says_what_it_is() -> None:
    """No row without words: a norm of 12 days is named as such."""
    rows = behind(whole_year(), "M6n")
    assert all(rows["what"])


def test_m5_s_trace_names_quarters_in_full() -> None:
    """第四季度, which a reader understands without the column's head."""
    rows = behind(whole_year(), "M5")
    assert rows["what"].str.contains("季度").all()


def test_a_trace_of_nothing_is_empty() -> None:
    """No records, no duties: no rows, but the columns."""
    frames = make([unit("aa", valid_from=day("12-2"))])
    for metric in METRICS:
        rows = rows_behind(metric, frames)
        assert list(rows.columns) == list(COLUMNS)
        assert rows.empty or metric.metric_id in ("M6n", "M20")


@pytest.mark.parametrize("metric", METRICS, ids=lambda each: each.metric_id)
@pytest.mark.parametrize("how", ["zero", "unreported"])
def test_a_unit_without_a_session_has_a_trace(metric: Metric, how: str) -> None:
    """Its duties are unmet, each a row without a record: nothing breaks."""
    frames = make(**{how: {"aa": ["sessions"]}})
    rows = rows_behind(metric, frames)
    assert sums(rows, "aa")[1] >= sums(rows, "aa")[0] == 0


def test_a_speech_s_trace_leads_to_its_own_line() -> None:
    """Session, day and title of the session, the line of the speech."""
    frames = make(
        sessions=[session("aa/1", "1-5", title="学习甲"), session("aa/2", "2-5", title="学习乙")],
        speeches=[speech("aa/2", "aa/甲"), speech("aa/1", "aa/乙"), speech("aa/1", "aa/乙", seq=2)],
    )
    assert lines(behind(frames, "M2s"), "session_id", "what", "counted", "row") == [
        ("aa/2", "学习乙", NUMERATOR, 1), ("aa/1", "学习甲", NUMERATOR, 2),
        ("aa/1", "学习甲", f"{LEFT_OUT}：同场再次发言", 3),
    ]  # fmt: skip
