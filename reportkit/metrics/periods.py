"""The calendar of plans, quarters and months: 2023, 2023Q1, 2023-01."""

from __future__ import annotations

import datetime as dt


def periods(year: int, level: str) -> list[tuple[str, dt.date, dt.date]]:
    """The periods of a level (年, 季, 月) as (period, first day, last day).

    Periods read 2023, 2023Q1 and 2023-01.
    """
    months = {"年": 12, "季": 3, "月": 1}[level]
    result = []
    for start in range(1, 13, months):
        first = dt.date(year, start, 1)
        end = start + months
        last = dt.date(year + end // 13, (end - 1) % 12 + 1, 1) - dt.timedelta(days=1)
        name = {"年": f"{year}", "季": f"{year}Q{(start + 2) // 3}", "月": f"{year}-{start:02d}"}
        result.append((name[level], first, last))
    return result


def period_last_day(period: str) -> dt.date:
    """The last day of a period written 2023, 2023Q1 or 2023-01."""
    level = "季" if "Q" in period else "月" if "-" in period else "年"
    for name, _, last in periods(int(period[:4]), level):
        if name == period:
            return last
    raise ValueError(f"{period!r} is no period; expected 2023, 2023Q1 or 2023-01")
