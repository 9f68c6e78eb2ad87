"""One query for each metric: what it counts for each unit, and how many it leaves out.

Every query gives ``unit_id`` and whichever of these it has: ``numerator``, ``denominator``,
``left_out``; ``instead``, a state that holds whatever the unit sent; ``silent``, a state in
place of 零 or 已报; ``when_empty``, one in place of the metric's own. A unit without a row
has nothing to count. The states themselves are settled in :mod:`sql_metrics`.
"""

from __future__ import annotations

from typing import NamedTuple


class Metric(NamedTuple):
    """How a metric is to be taken: what a unit must have sent, and what an empty one is."""

    kind: str
    """count; ratio or mean, which divide."""
    tables: tuple[str, ...]
    when_empty: str = "不适用"
    yearly: bool = False


METRICS: dict[str, Metric] = {
    "M1": Metric("count", ("sessions",)),
    "M2": Metric("count", ("sessions", "speeches")),
    "M2s": Metric("count", ("sessions", "speeches")),
    "M3": Metric("count", ("sessions",)),
    "M3d": Metric("count", ("sessions",)),
    "M4": Metric("ratio", ("sessions", "attendance", "members"), "数据不足", yearly=True),
    "M4b": Metric("ratio", ("sessions",), "未报"),
    "M4c": Metric("ratio", ("sessions", "attendance", "members"), "数据不足", yearly=True),
    "M5": Metric("ratio", ("sessions", "speeches")),
    "M6": Metric("ratio", ("sessions",)),
    "M6d": Metric("count", ("sessions",)),
    "M6n": Metric("ratio", ("sessions",)),
    "M7a": Metric("ratio", ("plans",)),
    "M7b": Metric("ratio", ("plan_items", "sessions")),
    "M7c": Metric("ratio", ("sessions", "plan_items")),
    "M8": Metric("ratio", ("sessions",), yearly=True),
    "M9a": Metric("ratio", ("sessions", "session_reports")),
    "M9b": Metric("ratio", ("sessions", "session_reports")),
    "M10a": Metric("ratio", (), "未核查", yearly=True),
    "M10b": Metric("ratio", (), "未核查", yearly=True),
    "M11": Metric("ratio", ("members", "speeches"), yearly=True),
    "M12a": Metric("ratio", ("sessions", "members")),
    "M12b": Metric("count", ("sessions", "members", "speeches")),
    "M13a": Metric("ratio", ("visits",), yearly=True),
    "M13b": Metric("ratio", (), yearly=True),
    "M13c": Metric("ratio", ("visits",)),
    "M14": Metric("ratio", ("members", "accounts"), yearly=True),
    "M15": Metric("ratio", (), "未核查"),
    "M16": Metric("ratio", ("members", "sessions")),
    "M17a": Metric("ratio", ("platform",)),
    "M17b": Metric("ratio", ("platform",)),
    "M17c": Metric("mean", ("platform",)),
    "M18a": Metric("ratio", ("members", "research"), yearly=True),
    "M18b": Metric("ratio", ("research",)),
    "M19": Metric("ratio", ("speeches",), "未核查"),
    "M20": Metric("ratio", (), yearly=True),
    "M21": Metric("ratio", (), "未核查", yearly=True),
}

QUERIES: dict[str, str] = {
    # 集体学习. Every listed session of that kind is counted, or left out for one reason.
    "M1": """
        SELECT unit_id,
            count(*) FILTER (is_held AND counted_as = '集体学习') AS numerator,
            count(*) FILTER (NOT is_held OR counted_as <> '集体学习') AS left_out
        FROM (SELECT unit_id, counted_as,
                cancelled IS NOT TRUE AND start <= cutoff AS is_held
            FROM sessions, rule WHERE kind = '集体学习' AND (NOT ends_early OR start <= cutoff))
        GROUP BY unit_id""",
    # 研讨交流: the sessions in which it took place, or the speeches.
    "M2": """
        SELECT unit_id, CASE discussions_counted
            WHEN 'sessions' THEN count(DISTINCT session_id) ELSE count(*) END AS numerator
        FROM discussed, rule GROUP BY unit_id, discussions_counted""",
    # 发言人次: a person who speaks again at one session is left out, and told.
    "M2s": """
        SELECT unit_id, count(DISTINCT (session_id, person_id)) AS numerator,
            count(*) - count(DISTINCT (session_id, person_id)) AS left_out
        FROM discussed GROUP BY unit_id""",
    "M3": "SELECT unit_id, count(*) AS numerator FROM reading GROUP BY unit_id",
    "M3d": """
        SELECT unit_id, sum(date_diff('day', start, "end") + 1) AS numerator
        FROM reading GROUP BY unit_id""",
    # 参学率: the mean of persons' rates, of whom something is known in any case. A unit that names
    # nobody has too little, not nothing.
    "M4": """
        SELECT unit_id,
            sum(present / known) FILTER (known >= greatest(minimum_sessions, 1)) AS numerator,
            count(*) FILTER (known >= greatest(minimum_sessions, 1)) AS denominator,
            sum(expected - known) + count(*) FILTER (known BETWEEN 1 AND minimum_sessions - 1)
                AS left_out
        FROM attenders, rule GROUP BY unit_id
        UNION ALL BY NAME
        SELECT unit_id, '数据不足' AS instead FROM nameless""",
    # 总参学率: heads, where a session states both.
    "M4b": """
        SELECT unit_id,
            sum(present) FILTER (expected IS NOT NULL) AS numerator,
            sum(expected) FILTER (present IS NOT NULL) AS denominator,
            count(*) FILTER (present IS NULL OR expected IS NULL) AS left_out
        FROM study GROUP BY unit_id""",
    # The same, with what was made up and can be shown to be.
    "M4c": """
        SELECT unit_id,
            sum(with_makeup / known) FILTER (known >= greatest(minimum_sessions, 1)) AS numerator,
            count(*) FILTER (known >= greatest(minimum_sessions, 1)) AS denominator,
            sum(expected - known) + count(*) FILTER (known BETWEEN 1 AND minimum_sessions - 1)
                AS left_out
        FROM attenders, rule GROUP BY unit_id
        UNION ALL BY NAME
        SELECT unit_id, '数据不足' AS instead FROM nameless""",
    # Whole quarters of the unit's life, and those with a discussion.
    "M5": """
        SELECT u.unit_id, count(*) AS denominator,
            count(*) FILTER (EXISTS (SELECT 1 FROM discussed AS d
                WHERE d.unit_id = u.unit_id AND d.start BETWEEN p.begins AND p.ends)) AS numerator
        FROM units_year AS u
        JOIN periods AS p ON p.begins >= u.begins AND p.ends <= u.ends
        WHERE p.level = 'quarter' GROUP BY u.unit_id""",
    # Months that were due, and those of them with a session.
    "M6": """
        SELECT unit_id, count(*) AS denominator,
            count(*) FILTER (EXISTS (SELECT 1 FROM study AS s
                WHERE s.unit_id = d.unit_id AND date_trunc('month', s.start) = d.month))
                AS numerator
        FROM months_due AS d GROUP BY unit_id""",
    # 学习天数. Where no session tells its days, their number is not told.
    "M6d": """
        SELECT unit_id, sum(days) AS numerator,
            count(*) FILTER (days IS NULL) AS left_out,
            CASE WHEN count(days) = 0 THEN '未报' END AS silent
        FROM days GROUP BY unit_id""",
    # Against the norm, by the months in which the unit was to study.
    "M6n": """
        WITH due AS (
            SELECT unit_id, study_days_norm * count(month) / 12 AS norm
            FROM units_year LEFT JOIN months_due USING (unit_id), rule
            GROUP BY unit_id, study_days_norm)
        SELECT unit_id, norm AS denominator, least(coalesce(sum(days), 0), norm) AS numerator,
            count(session_id) - count(days) AS left_out,
            CASE WHEN count(session_id) > 0 AND count(days) = 0 THEN '未报' END AS silent
        FROM due LEFT JOIN days USING (unit_id) GROUP BY unit_id, norm""",
    # Plans of the year, the quarters and the months that began while the unit was in being.
    "M7a": """
        SELECT u.unit_id, count(*) AS denominator, count(plans.period) AS numerator
        FROM units_year AS u
        JOIN periods AS p ON p.begins BETWEEN u.begins AND u.ends
        LEFT JOIN plans ON plans.unit_id = u.unit_id AND plans.period = p.period
        GROUP BY u.unit_id""",
    "M7b": """
        SELECT u.unit_id, count(*) FILTER (due_on BETWEEN begins AND ends) AS denominator,
            count(*) FILTER (due_on BETWEEN begins AND ends AND kept) AS numerator,
            count(*) FILTER (due_on NOT BETWEEN begins AND ends) AS left_out
        FROM items JOIN units_year AS u USING (unit_id) GROUP BY u.unit_id""",
    # A session without plan and without an order from above.
    "M7c": """
        SELECT unit_id, count(*) AS denominator,
            count(*) FILTER (plan_item IS NULL AND ad_hoc_basis IS NULL) AS numerator
        FROM entered GROUP BY unit_id""",
    "M8": """
        SELECT u.unit_id, count(*) AS denominator,
            count(*) FILTER (EXISTS (SELECT 1 FROM study AS s
                JOIN session_topics AS t USING (session_id)
                WHERE s.unit_id = u.unit_id AND t.topic_code = m.topic_code)) AS numerator
        FROM units_year AS u JOIN mandatory AS m ON m.learn_by BETWEEN u.begins AND u.ends
        GROUP BY u.unit_id""",
    # 一学一报: what came counts, also before it was due; what is not yet due does not.
    "M9a": """
        SELECT unit_id, count(received_on) AS numerator,
            count(*) FILTER (received_on IS NOT NULL OR due_on <= cutoff) AS denominator,
            count(*) FILTER (received_on IS NULL AND due_on > cutoff) AS left_out
        FROM reported, rule GROUP BY unit_id""",
    "M9b": """
        SELECT unit_id, count(received_on) AS denominator,
            count(*) FILTER (received_on <= due_on) AS numerator
        FROM reported GROUP BY unit_id""",
    "M10a": """
        SELECT unit_id, count(*) FILTER (state = '有') AS numerator,
            count(*) FILTER (state IN ('有', '缺', '不规范')) AS denominator,
            count(*) FILTER (state IN ('不适用', '未查')) AS left_out
        FROM archive_checks SEMI JOIN ledgers USING (item) GROUP BY unit_id""",
    "M10b": """
        SELECT unit_id, count(*) FILTER (state = '有') AS numerator,
            count(*) FILTER (state IN ('有', '缺', '不规范')) AS denominator,
            count(*) FILTER (state IN ('不适用', '未查')) AS left_out
        FROM archive_checks GROUP BY unit_id""",
    "M11": """
        SELECT unit_id, count(*) AS denominator,
            count(*) FILTER ((unit_id, person_id) IN (
                SELECT (unit_id, person_id) FROM spoken)) AS numerator
        FROM persons GROUP BY unit_id""",
    # 组长主持率: of the sessions that name who presided.
    "M12a": """
        SELECT unit_id, count(host_id) AS denominator,
            count(*) FILTER (EXISTS (SELECT 1 FROM chairs AS c
                WHERE c.unit_id = e.unit_id AND c.person_id = e.host_id
                    AND e.start BETWEEN c."from" AND c.until)) AS numerator,
            count(*) FILTER (host_id IS NULL) AS left_out
        FROM entered AS e GROUP BY unit_id""",
    "M12b": """
        SELECT s.unit_id, count(DISTINCT s.session_id) AS numerator
        FROM spoken AS s JOIN chairs AS c
            ON c.unit_id = s.unit_id AND c.person_id = s.person_id
            AND s.start BETWEEN c."from" AND c.until
        WHERE s.type = '领学' GROUP BY s.unit_id""",
    # 旁听: as often as agreed with each partner, and no visit in excess makes up for another.
    "M13a": """
        WITH paid AS (
            SELECT observer_unit AS unit_id, host_unit AS partner, count(*) AS visits
            FROM visited GROUP BY ALL),
        agreed AS (
            SELECT unit_id, sum(visits_a_partner) AS denominator,
                sum(least(coalesce(visits, 0), visits_a_partner)) AS numerator
            FROM rule, partners LEFT JOIN paid USING (unit_id, partner) GROUP BY unit_id),
        others AS (
            SELECT unit_id, sum(visits) AS left_out
            FROM paid ANTI JOIN partners USING (unit_id, partner) GROUP BY unit_id)
        SELECT u.unit_id, numerator, denominator, left_out,
            CASE WHEN EXISTS (SELECT 1 FROM pairings, rule WHERE pairings.year = rule.year)
                THEN '不适用' ELSE '未核查' END AS when_empty
        FROM units_year AS u LEFT JOIN agreed USING (unit_id) LEFT JOIN others USING (unit_id)""",
    "M13b": """
        WITH had AS (
            SELECT host_unit AS unit_id, observer_unit AS partner, count(*) AS visits
            FROM visited GROUP BY ALL),
        agreed AS (
            SELECT unit_id, sum(visits_a_partner) AS denominator,
                sum(least(coalesce(visits, 0), visits_a_partner)) AS numerator
            FROM rule, partners LEFT JOIN had USING (unit_id, partner) GROUP BY unit_id),
        others AS (
            SELECT unit_id, sum(visits) AS left_out
            FROM had ANTI JOIN partners USING (unit_id, partner) GROUP BY unit_id)
        SELECT u.unit_id, numerator, denominator, left_out,
            CASE WHEN EXISTS (SELECT 1 FROM pairings, rule WHERE pairings.year = rule.year)
                THEN '不适用' ELSE '未核查' END AS when_empty
        FROM units_year AS u LEFT JOIN agreed USING (unit_id) LEFT JOIN others USING (unit_id)""",
    "M13c": """
        WITH told AS (
            SELECT * REPLACE (CASE WHEN feedback_on > known_on THEN NULL
                ELSE feedback_on END AS feedback_on) FROM visited, rule)
        SELECT observer_unit AS unit_id,
            count(*) FILTER (feedback_on <= date + feedback_days) AS numerator,
            count(*) FILTER (feedback_on IS NOT NULL OR date + feedback_days <= cutoff)
                AS denominator,
            count(*) FILTER (feedback_on IS NULL AND date + feedback_days > cutoff) AS left_out
        FROM told GROUP BY observer_unit""",
    # 述学, of leaders who are in post at the end; a unit that is gone by then owes none.
    "M14": """
        SELECT u.unit_id, count(DISTINCT l.person_id) AS denominator,
            count(DISTINCT a.person_id) AS numerator,
            CASE WHEN NOT at_end THEN '不适用' END AS instead
        FROM units_year AS u
        CROSS JOIN rule
        LEFT JOIN leaders AS l
            ON l.unit_id = u.unit_id AND cutoff BETWEEN l."from" AND l.until
        LEFT JOIN accounts AS a ON a.person_id = l.person_id AND a.year = rule.year
        GROUP BY u.unit_id, at_end""",
    "M15": """
        SELECT unit_id, count(*) AS denominator,
            count(*) FILTER (grade = '简单潦草') AS numerator
        FROM note_checks, rule WHERE checked_on <= cutoff GROUP BY unit_id""",
    "M16": """
        SELECT unit_id, count(*) AS denominator,
            count(*) FILTER (EXISTS (SELECT 1 FROM roster AS r
                WHERE r.unit_id = s.unit_id AND r.heads
                    AND s.start BETWEEN r."from" AND r.until)) AS numerator
        FROM study AS s GROUP BY unit_id""",
    # 学习强国, of the months that state what is counted.
    "M17a": """
        SELECT unit_id, sum(joined) FILTER (party_members IS NOT NULL) AS numerator,
            sum(party_members) FILTER (joined IS NOT NULL) AS denominator,
            count(*) FILTER (joined IS NULL OR party_members IS NULL) AS left_out
        FROM platform_months GROUP BY unit_id""",
    "M17b": """
        SELECT unit_id, sum(participation) AS numerator, count(participation) AS denominator,
            count(*) - count(participation) AS left_out
        FROM platform_months GROUP BY unit_id""",
    "M17c": """
        SELECT unit_id, sum(mean_daily_points) AS numerator,
            count(mean_daily_points) AS denominator,
            count(*) - count(mean_daily_points) AS left_out
        FROM platform_months GROUP BY unit_id""",
    "M18a": """
        SELECT unit_id, count(*) AS denominator,
            count(*) FILTER ((unit_id, person_id) IN (
                SELECT (unit_id, person_id) FROM researched WHERE has_report)) AS numerator
        FROM persons GROUP BY unit_id""",
    "M18b": """
        SELECT unit_id, count(outcome) AS denominator,
            count(*) FILTER (outcome IN ('已采纳', '已落地')) AS numerator,
            count(*) - count(outcome) AS left_out
        FROM researched WHERE has_report GROUP BY unit_id""",
    "M19": """
        SELECT unit_id, count(*) FILTER (has_measures = '否') AS numerator,
            count(*) FILTER (has_measures IN ('是', '否')) AS denominator,
            count(*) FILTER (has_measures = '未评') AS left_out
        FROM discussed GROUP BY unit_id""",
    # 报送完整率. A table not sent is one empty row; one that is empty with reason is none.
    "M20": """
        WITH asked AS (
            SELECT unit_id, "table", told, refused, count(*) AS width
            FROM sent JOIN required USING ("table") GROUP BY ALL),
        found AS (
            SELECT c.unit_id, c."table", count(*) AS cells,
                count(*) FILTER (filled OR v.state = '零') AS reported,
                count(*) FILTER (NOT filled AND v.state IN ('不适用', '未核查')) AS waived
            FROM cells AS c
            SEMI JOIN required USING ("table", "column")
            LEFT JOIN value_states AS v USING ("table", row_key, "column")
            GROUP BY c.unit_id, c."table")
        SELECT unit_id,
            sum(CASE told WHEN '已报' THEN coalesce(reported, 0) ELSE 0 END) AS numerator,
            sum(CASE told
                WHEN '未报' THEN width
                WHEN '已报' THEN coalesce(cells - waived, 0) + refused * width
                ELSE 0 END) AS denominator
        FROM asked LEFT JOIN found USING (unit_id, "table") GROUP BY unit_id""",
    "M21": """
        SELECT unit_id, count(*) FILTER (state = '已执行') AS numerator,
            count(*) FILTER (state IN ('已建', '已执行', '缺')) AS denominator,
            count(*) FILTER (state = '未查') AS left_out
        FROM system_checks, rule WHERE system_checks.year = rule.year GROUP BY unit_id""",
}
"""metric_id → its SQL, over the views of :data:`sql_sets.SETS`."""
