"""One year in DuckDB: its tables and parameters, and the sets over which metrics are counted.

Second, independent computation of the metrics, for tests alone: it shares nothing with
``reportkit.metrics``. Data and parameters enter as rows; no value is spliced into SQL text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from reportkit.params import YearParams
from reportkit.records.schemas import TABLES

# Dtype of a schema's column → the type that it has in DuckDB, and on its way there.
_TYPES: dict[str, tuple[str, pa.DataType]] = {
    "str": ("VARCHAR", pa.string()),
    "Int64": ("BIGINT", pa.int64()),
    "Float64": ("DOUBLE", pa.float64()),
    "boolean": ("BOOLEAN", pa.bool_()),
    "datetime64[us]": ("DATE", pa.timestamp("us")),
}

_RULE = """CREATE TABLE rule (
    year INTEGER, first_day DATE, cutoff DATE, ends_early BOOLEAN, known_on DATE,
    minimum_sessions INTEGER, report_days INTEGER, feedback_days INTEGER,
    visits_a_partner INTEGER, study_days_norm DOUBLE, half_day_hours DOUBLE,
    discussions_counted VARCHAR, joint_sessions VARCHAR
)"""

_LISTS = {
    "study_kinds": "counted_as VARCHAR",
    "roster_roles": "role VARCHAR",
    "status_present": "status VARCHAR",
    "status_left_out": "status VARCHAR",
    "discussion_types": "type VARCHAR",
    "ledgers": "item VARCHAR",
    "switched_off": "number VARCHAR",
    "mandatory": "topic_code VARCHAR, learn_by DATE",
    "required": '"table" VARCHAR, "column" VARCHAR',
    "table_names": '"table" VARCHAR',
}
"""Parameters that are lists: table → its columns."""

SETS: dict[str, str] = {
    # The units of the year, each with its first and last day within it.
    "units_year": """
        SELECT unit_id, level, peer_group,
            greatest(valid_from, first_day) AS begins,
            least(coalesce(valid_to, cutoff), cutoff) AS ends,
            valid_from <= cutoff AND coalesce(valid_to >= cutoff, TRUE) AS at_end
        FROM units, rule
        WHERE has_study_group AND valid_from <= cutoff AND coalesce(valid_to >= first_day, TRUE)""",
    # What each unit sent of each table; without a row it sent nothing. A zero was sent, too.
    "sent": """
        SELECT unit_id, t."table", coalesce(s.state, '未报') AS told,
            coalesce(s.state, '未报') IN ('已报', '零') AS is_sent,
            coalesce(s.refused, 0) AS refused
        FROM units_year
        CROSS JOIN table_names AS t
        LEFT JOIN submissions AS s USING (unit_id, "table")""",
    # Not cancelled, begun by the cutoff. A blank is no cancellation.
    "held": """
        SELECT sessions.* FROM sessions, rule
        WHERE cancelled IS NOT TRUE AND start <= cutoff""",
    # Sessions of study: those for which attendance, discussions and reports are counted.
    "study": "SELECT held.* FROM held SEMI JOIN study_kinds USING (counted_as)",
    # What enters M1.
    "entered": "SELECT * FROM held WHERE kind = '集体学习' AND counted_as = '集体学习'",
    "reading": "SELECT * FROM held WHERE kind = '读书班'",
    # One row for each term of a member that touches the unit's year.
    "roster": """
        SELECT m.unit_id, m.person_id, m."from", coalesce(m."to", DATE 'infinity') AS until,
            coalesce(m.in_leadership, FALSE) AS leads,
            coalesce(m.party_affairs_head, FALSE) AS heads
        FROM members AS m
        SEMI JOIN roster_roles USING (role)
        JOIN units_year AS u USING (unit_id)
        WHERE m."from" <= u.ends AND coalesce(m."to" >= u.begins, TRUE)""",
    "leaders": "SELECT * FROM roster WHERE leads",
    # Terms as 组长, by the list of members: no rule on attendance decides who presides.
    "chairs": """
        SELECT unit_id, person_id, "from", coalesce("to", DATE 'infinity') AS until
        FROM members WHERE role = '组长'""",
    # Speeches at sessions of study; of them those that make a discussion.
    "spoken": """
        SELECT study.unit_id, study.start, speeches.* EXCLUDE (unit_id)
        FROM speeches JOIN study USING (session_id)""",
    "discussed": "SELECT spoken.* FROM spoken SEMI JOIN discussion_types USING (type)",
    # The year, its quarters, its months.
    "periods": """
        SELECT 'year' AS level, year::VARCHAR AS period,
            first_day AS begins, make_date(year, 12, 31) AS ends FROM rule
        UNION ALL
        SELECT 'quarter', format('{}Q{}', year, q),
            make_date(year, 3 * q - 2, 1), last_day(make_date(year, 3 * q, 1))
        FROM rule, range(1, 5) AS quarters(q)
        UNION ALL
        SELECT 'month', format('{}-{:02d}', year, m),
            make_date(year, m, 1), last_day(make_date(year, m, 1))
        FROM rule, range(1, 13) AS months(m)""",
    # Months in which a session is due: those begun while the unit was in being, and the one in
    # which it was born, if it studied in it. By their first days.
    "months_due": """
        SELECT unit_id, p.begins AS month
        FROM units_year AS u JOIN periods AS p ON p.begins BETWEEN u.begins AND u.ends
        WHERE p.level = 'month'
        UNION
        SELECT u.unit_id, date_trunc('month', u.begins)::DATE
        FROM units_year AS u
        JOIN study AS s ON s.unit_id = u.unit_id
            AND date_trunc('month', s.start) = date_trunc('month', u.begins)
        WHERE day(u.begins) > 1""",
    # Days of each session of study; unknown where a session of one day has no hours.
    "days": """
        SELECT unit_id, session_id,
            CASE WHEN "end" > start THEN date_diff('day', start, "end") + 1
                WHEN hours <= half_day_hours THEN 0.5
                WHEN hours > half_day_hours THEN 1 END::DOUBLE AS days
        FROM study, rule""",
    # Each leader at each session of study at which the person was in post as one.
    "expected": """
        WITH due AS (
            SELECT DISTINCT s.unit_id, l.person_id, s.session_id
            FROM study AS s JOIN leaders AS l
                ON l.unit_id = s.unit_id AND s.start BETWEEN l."from" AND l.until)
        SELECT due.*,
            a.status IS NOT NULL AND a.status NOT IN (FROM status_left_out) AS known,
            coalesce(a.status IN (FROM status_present), FALSE) AS present,
            a.makeup_on IS NOT NULL AND a.makeup_evidence IS NOT NULL AS made_up
        FROM due LEFT JOIN attendance AS a USING (session_id, person_id)""",
    # Each leader's year, with and without what was made up.
    "attenders": """
        SELECT unit_id, person_id, count(*) AS expected,
            count(*) FILTER (known) AS known,
            count(*) FILTER (known AND present) AS present,
            count(*) FILTER (known AND (present OR made_up)) AS with_makeup
        FROM expected GROUP BY unit_id, person_id""",
    # Units that count heads at their sessions and name nobody.
    "nameless": """
        SELECT unit_id FROM sent
        GROUP BY unit_id
        HAVING bool_and(is_sent) FILTER ("table" IN ('sessions', 'members'))
            AND NOT bool_and(is_sent) FILTER ("table" = 'attendance')
            AND unit_id IN (SELECT unit_id FROM study WHERE present IS NOT NULL)""",
    # Planned items with the last day of the period in which they are due. An item counts as
    # kept by a session of any unit.
    "items": """
        SELECT unit_id, item_id,
            CASE WHEN due_period LIKE '____Q_' THEN last_day(make_date(
                    left(due_period, 4)::INTEGER, 3 * right(due_period, 1)::INTEGER, 1))
                WHEN due_period LIKE '____-__' THEN last_day((due_period || '-01')::DATE)
                ELSE make_date(due_period::INTEGER, 12, 31) END AS due_on,
            EXISTS (SELECT 1 FROM held WHERE held.plan_item = item_id) AS kept
        FROM plan_items""",
    # Sessions of study with the report that came, or the day by which it is to come. Within the
    # year nothing has come that came after the day of the paper.
    "reported": """
        SELECT s.unit_id,
            CASE WHEN r.received_on > known_on THEN NULL ELSE r.received_on END
                AS received_on,
            coalesce(r.due_on, s."end" + report_days) AS due_on
        FROM rule, study AS s LEFT JOIN session_reports AS r USING (session_id)""",
    # Who visits whom: units of one group, both ways.
    "partners": """
        SELECT DISTINCT mine.unit_id, theirs.unit_id AS partner
        FROM rule, pairings AS mine
        JOIN pairings AS theirs
            ON theirs.year = mine.year AND theirs.group_no = mine.group_no
            AND theirs.unit_id <> mine.unit_id
        WHERE mine.year = rule.year
            AND mine.unit_id IN (SELECT unit_id FROM units_year)
            AND theirs.unit_id IN (SELECT unit_id FROM units_year)""",
    "visited": "SELECT visits.* FROM visits, rule WHERE date <= cutoff",
    "platform_months": """
        SELECT platform.* FROM platform, rule WHERE month <= strftime(cutoff, '%Y-%m')""",
    "researched": "SELECT research.* FROM research, rule WHERE coalesce(date <= cutoff, TRUE)",
    "persons": "SELECT DISTINCT unit_id, person_id FROM roster",
    # Every cell that may be required, filled or not, by table, row and column.
    "cells": """
        SELECT 'members' AS "table", unit_id,
            concat_ws('/', unit_id, person_id, "from") AS row_key,
            'from' AS "column", "from" IS NOT NULL AS filled
        FROM members
        UNION ALL
        SELECT 'plans', unit_id, concat_ws('/', unit_id, period),
            unnest(['approved_on', 'filed_on']),
            unnest([approved_on IS NOT NULL, filed_on IS NOT NULL])
        FROM plans
        UNION ALL
        SELECT 'plan_items', unit_id, item_id, 'title', title IS NOT NULL FROM plan_items
        UNION ALL
        SELECT 'sessions', unit_id, session_id,
            unnest(['hours', 'host_id', 'expected', 'present']),
            unnest([hours IS NOT NULL, host_id IS NOT NULL,
                expected IS NOT NULL, present IS NOT NULL])
        FROM sessions WHERE cancelled IS NOT TRUE
        UNION ALL
        SELECT 'speeches', unit_id, concat_ws('/', session_id, person_id, seq),
            'type', type IS NOT NULL
        FROM speeches
        UNION ALL
        SELECT 'accounts', unit_id, concat_ws('/', person_id, year), 'date', date IS NOT NULL
        FROM accounts
        UNION ALL
        SELECT 'research', unit_id, research_id,
            unnest(['has_report', 'outcome']),
            unnest([has_report IS NOT NULL, outcome IS NOT NULL])
        FROM research
        UNION ALL
        SELECT 'platform', unit_id, concat_ws('/', unit_id, month),
            unnest(['party_members', 'joined', 'participation', 'mean_daily_points']),
            unnest([party_members IS NOT NULL, joined IS NOT NULL,
                participation IS NOT NULL, mean_daily_points IS NOT NULL])
        FROM platform""",
}
"""The sets of the spec: name → the view's SQL. Views see those above them."""


def connect(
    tables: Mapping[str, pd.DataFrame], params: YearParams, cutoff: dt.date, ends_early: bool
) -> duckdb.DuckDBPyConnection:
    """A database in memory with the year's tables, its parameters, and the sets as views."""
    con = duckdb.connect(config={"threads": 1})
    for name in TABLES:
        _load(con, name, tables.get(name))
    _set_rules(con, params, cutoff, ends_early)
    for name, sql in SETS.items():
        con.execute(f"CREATE VIEW {name} AS {sql}")
    return con


def _load(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame | None) -> None:
    """A table with the types of its schema, whatever the frame's own; None: an empty one."""
    columns = [column for column in TABLES[name].columns if not column.name.startswith("source_")]
    types = ", ".join(f'"{column.name}" {_TYPES[column.dtype][0]}' for column in columns)
    con.execute(f'CREATE TABLE "{name}" ({types})')
    if frame is None or frame.empty:
        return
    schema = pa.schema([(column.name, _TYPES[column.dtype][1]) for column in columns])
    incoming = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
    con.register("incoming", incoming)
    con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM incoming')
    con.unregister("incoming")


def _known_on(params: YearParams, cutoff: dt.date) -> dt.date:
    """The day of the paper on the period that ends on the cutoff; without one the cutoff."""
    ends = {"Q1": (3, 31), "Q2": (6, 30), "H1": (6, 30), "Q3": (9, 30)}
    for name, paper in params.periods.items():
        if ends.get(name[4:]) == (cutoff.month, cutoff.day):
            return paper.issued_on
    return cutoff


def _set_rules(
    con: duckdb.DuckDBPyConnection, params: YearParams, cutoff: dt.date, ends_early: bool
) -> None:
    """The parameters: one row of ``rule``, and a table for each list."""
    rules = params.metrics
    values = (
        *(params.year, dt.date(params.year, 1, 1), cutoff, ends_early),
        _known_on(params, cutoff) if ends_early else None,
        *(rules.attendance.minimum_sessions, rules.report_days, rules.feedback_days),
        *(rules.visits_a_partner, rules.study_days_norm, rules.half_day_hours),
        *(rules.discussions_counted, rules.joint_sessions),
    )
    con.execute(_RULE)
    _insert(con, "rule", [values])
    rows: dict[str, Iterable[Sequence[Any]]] = {
        "study_kinds": [(kind,) for kind in rules.study_sessions],
        "roster_roles": [(role,) for role in rules.attendance.roles],
        "status_present": [(status,) for status in rules.attendance.present],
        "status_left_out": [(status,) for status in rules.attendance.left_out],
        "discussion_types": [(type_,) for type_ in rules.discussion_speeches],
        "ledgers": [(item,) for item in rules.ledgers],
        "switched_off": [(number,) for number in params.switched_off],
        "mandatory": [(topic.code, topic.learn_by) for topic in params.topics if topic.mandatory],
        "required": [(table, c) for table, cells in rules.completeness.items() for c in cells],
        "table_names": [(name,) for name in TABLES],
    }
    for name, columns in _LISTS.items():
        con.execute(f"CREATE TABLE {name} ({columns})")
        _insert(con, name, rows[name])


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        con.execute(f"INSERT INTO {table} VALUES ({marks})", list(row))
