"""Every metric of one year, a second time and in SQL: each unit's, the group's, the quartiles.

For tests alone. The definitions stand in :mod:`sql_queries`, the sets over which they count in
:mod:`sql_sets`; here is settled what is true of all metrics: states, totals, distributions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd
from sql_queries import METRICS, QUERIES
from sql_sets import connect

from reportkit.params import YearParams

_MEASURED = """
    CREATE TABLE measured (
        metric_id VARCHAR, unit_id VARCHAR, numerator DOUBLE, denominator DOUBLE,
        left_out BIGINT, instead VARCHAR, silent VARCHAR, when_empty VARCHAR);
    CREATE TABLE metrics (
        metric_id VARCHAR, place INTEGER, kind VARCHAR, when_empty VARCHAR, yearly BOOLEAN);
    CREATE TABLE needs (metric_id VARCHAR, "table" VARCHAR)"""

# In order of rank: what the office decided, what the calendar says, what the unit sent, and
# last what was counted. What was left out is told whatever the state is, but for metrics that
# are switched off.
_BY_UNIT = """
    CREATE TABLE by_unit AS
    WITH told AS (
        SELECT metric_id, unit_id,
            CASE WHEN bool_or(told = '未报') THEN '未报'
                WHEN bool_or(told = '未核查') THEN '未核查'
                WHEN bool_or(told = '不适用') THEN '不适用' END AS unsent
        FROM needs JOIN sent USING ("table") GROUP BY ALL),
    ranked AS (
        SELECT m.metric_id, m.place, m.kind, u.unit_id,
            coalesce(n.numerator, 0) AS numerator,
            CASE WHEN m.kind <> 'count' THEN coalesce(n.denominator, 0) END AS denominator,
            coalesce(n.left_out, 0) AS left_out,
            regexp_extract(m.metric_id, '^M\\d+') IN (SELECT number FROM switched_off)
                AS switched_off,
            CASE WHEN regexp_extract(m.metric_id, '^M\\d+') IN (SELECT number FROM switched_off)
                    THEN '不适用'
                WHEN m.yearly AND rule.ends_early THEN '未到期'
                ELSE coalesce(i.instead, t.unsent) END AS barred,
            n.silent, coalesce(n.when_empty, m.when_empty) AS when_empty
        FROM rule, metrics AS m CROSS JOIN units_year AS u
        LEFT JOIN told AS t USING (metric_id, unit_id)
        LEFT JOIN (FROM measured WHERE instead IS NULL) AS n USING (metric_id, unit_id)
        LEFT JOIN (FROM measured WHERE instead IS NOT NULL) AS i USING (metric_id, unit_id)),
    settled AS (
        SELECT *, CASE
            WHEN barred IS NOT NULL THEN barred
            WHEN silent IS NOT NULL THEN silent
            WHEN kind = 'count' AND numerator = 0 THEN '零'
            WHEN denominator = 0 THEN when_empty
            ELSE '已报' END AS state
        FROM ranked)
    SELECT unit_id, metric_id, place, kind, state,
        CASE WHEN state IN ('已报', '零') THEN numerator END AS numerator,
        CASE WHEN state IN ('已报', '零') THEN denominator END AS denominator,
        CASE WHEN state IN ('已报', '零')
            THEN CASE kind WHEN 'count' THEN numerator ELSE numerator / denominator END
        END AS value,
        -- of a metric that is not in use nothing is told
        CASE WHEN switched_off THEN 0 ELSE left_out END AS left_out_total
    FROM settled"""

# Sessions that several units held as one count once, if the office says so.
_TOTALS = """
    WITH joint AS (
        SELECT 'M1' AS metric_id, unit_id, session_id, joint_id FROM entered
        UNION ALL
        SELECT DISTINCT 'M2', unit_id, session_id, joint_id
        FROM discussed JOIN held USING (unit_id, session_id), rule
        WHERE discussions_counted = 'sessions'
        UNION ALL
        SELECT 'M3', unit_id, session_id, joint_id FROM reading),
    repeats AS (
        SELECT metric_id, count(joint_id) - count(DISTINCT joint_id) AS repeats
        FROM joint JOIN by_unit USING (unit_id, metric_id), rule
        WHERE state IN ('已报', '零') AND joint_sessions = 'once'
        GROUP BY metric_id),
    summed AS (
        SELECT metric_id, place, kind, sum(denominator) AS denominator,
            sum(numerator) - coalesce(any_value(repeats), 0) AS numerator
        FROM by_unit LEFT JOIN repeats USING (metric_id)
        GROUP BY metric_id, place, kind)
    SELECT metric_id, numerator, denominator,
        CASE kind WHEN 'count' THEN numerator ELSE numerator / denominator END AS value
    FROM summed ORDER BY place"""

# Units beside the group's own level that are still in being, among their peers and among all.
_QUARTILES = """
    WITH ranked AS (
        SELECT metric_id, place, peer_group, value
        FROM by_unit JOIN units_year USING (unit_id)
        WHERE level = 'unit' AND at_end AND state IN ('已报', '零')),
    grouped AS (
        SELECT * FROM ranked WHERE peer_group IS NOT NULL
        UNION ALL BY NAME
        SELECT * REPLACE ('' AS peer_group) FROM ranked)
    SELECT metric_id, peer_group,
        quantile_cont(value, 0.25) AS q1, quantile_cont(value, 0.5) AS median,
        quantile_cont(value, 0.75) AS q3, count(*) AS units
    FROM grouped GROUP BY metric_id, place, peer_group ORDER BY place, peer_group"""


@dataclass(frozen=True)
class Computed:
    """One year's metrics: by unit, over the group, and their distribution."""

    units: pd.DataFrame
    """unit_id, metric_id, numerator, denominator, value, state, left_out_total."""
    totals: pd.DataFrame
    """metric_id, numerator, denominator, value; empty where no unit reported."""
    quartiles: pd.DataFrame
    """metric_id, peer_group ("": all units), q1, median, q3, units; only of what is there."""


def compute_all(
    tables: Mapping[str, pd.DataFrame],
    params: YearParams,
    cutoff: dt.date,
    period_ends_early: bool = False,
) -> Computed:
    """Everything that is computed of a year, from tables as a snapshot holds them.

    Parameters
    ----------
    cutoff:
        The last day that counts: the parameters' own, or that of a period that ends before.
    period_ends_early:
        Whether a period is asked for that ends before 31 December.
    """
    with connect(tables, params, cutoff, period_ends_early) as con:
        _measure(con)
        units = con.sql(
            "SELECT unit_id, metric_id, numerator, denominator, value, state, left_out_total"
            " FROM by_unit ORDER BY place, unit_id"
        )
        return Computed(units.df(), con.sql(_TOTALS).df(), con.sql(_QUARTILES).df())


def compute(
    tables: Mapping[str, pd.DataFrame],
    params: YearParams,
    cutoff: dt.date,
    period_ends_early: bool = False,
) -> pd.DataFrame:
    """Each metric of each unit: one row for each pair."""
    return compute_all(tables, params, cutoff, period_ends_early).units


def totals(
    tables: Mapping[str, pd.DataFrame],
    params: YearParams,
    cutoff: dt.date,
    period_ends_early: bool = False,
) -> pd.DataFrame:
    """Each metric over the group (集团合计): one row for each metric."""
    return compute_all(tables, params, cutoff, period_ends_early).totals


def quartiles(
    tables: Mapping[str, pd.DataFrame],
    params: YearParams,
    cutoff: dt.date,
    period_ends_early: bool = False,
) -> pd.DataFrame:
    """Medians and quartiles: one row for each metric and peer group that has units."""
    return compute_all(tables, params, cutoff, period_ends_early).quartiles


def _measure(con: duckdb.DuckDBPyConnection) -> None:
    """Run every metric's query, and settle the states."""
    con.execute(_MEASURED)
    for place, (metric_id, metric) in enumerate(METRICS.items()):
        con.execute(
            "INSERT INTO metrics VALUES (?, ?, ?, ?, ?)",
            [metric_id, place, metric.kind, metric.when_empty, metric.yearly],
        )
        for table in metric.tables:
            con.execute("INSERT INTO needs VALUES (?, ?)", [metric_id, table])
        con.execute(
            f"INSERT INTO measured BY NAME SELECT ? AS metric_id, * FROM ({QUERIES[metric_id]})",
            [metric_id],
        )
    con.execute(_BY_UNIT)
