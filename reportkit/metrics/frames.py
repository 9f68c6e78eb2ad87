"""What metrics are computed from: one year's tables, its units by date, its parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reportkit.params import Units, YearParams

UNREPORTED = "未报"


@dataclass(frozen=True)
class YearFrames:
    """One year's records by table, with what metrics share computed once.

    ``tables`` maps each table's name to a frame as ``records.schemas`` describes it.
    """

    params: YearParams
    units: Units
    tables: Mapping[str, pd.DataFrame]

    @cached_property
    def unit_frame(self) -> pd.DataFrame:
        """One row a unit in being on any day of the year, by unit_id in official order.

        Columns: short_name, level, peer_group, first and last (the unit's days within the
        year, up to the cutoff), whole_year, at_end (in being at the cutoff).
        """
        params = self.params
        year_first, year_last = params.first_day, params.cutoff
        rows = []
        for unit in self.units.in_year(params.year):
            first = max(unit.valid_from, year_first)
            last = min(unit.valid_to or dt.date.max, year_last)
            rows.append(
                {
                    "unit_id": unit.unit_id,
                    "short_name": unit.short_name,
                    "level": unit.level,
                    "peer_group": unit.peer_group,
                    "first": pd.Timestamp(first),
                    "last": pd.Timestamp(last),
                    "at_end": unit.in_being_on(year_last),
                }
            )
        columns = ["unit_id", "short_name", "level", "peer_group", "first", "last", "at_end"]
        return pd.DataFrame(rows, columns=columns).set_index("unit_id")

    @cached_property
    def states(self) -> dict[tuple[str, str], str]:
        """The state in which a unit sent a table: (unit_id, table) → 已报 · 零 · 未报."""
        frame = self.tables["submissions"]
        keys = zip(frame["unit_id"], frame["table"], strict=True)
        return dict(zip(keys, frame["state"], strict=True))

    def state_of(self, unit_id: str, tables: tuple[str, ...]) -> str:
        """The weakest state of the tables that a metric needs: 未报 before 零 before 已报."""
        states = [self.states.get((unit_id, table), UNREPORTED) for table in tables]
        for weakest in (UNREPORTED, "未核查", "不适用"):
            if weakest in states:
                return weakest
        return "已报"

    @cached_property
    def listed(self) -> pd.DataFrame:
        """All sessions that the units list, cancelled ones included: one row a session."""
        return self.tables["sessions"].drop_duplicates("session_id")

    @cached_property
    def held(self) -> pd.DataFrame:
        """Sessions that took place: begun by the cutoff; cancelled ones and repeats out."""
        listed = self.listed
        happened = ~listed["cancelled"].fillna(False).astype(bool)
        return listed[happened & (listed["start"] <= pd.Timestamp(self.params.cutoff))]

    @cached_property
    def study(self) -> pd.DataFrame:
        """Sessions of the study group proper: 集体学习 and 读书班, as the parameters say."""
        return self.held[self.held["counted_as"].isin(self.params.metrics.study_sessions)]

    @cached_property
    def roster(self) -> pd.DataFrame:
        """Members whose role counts at sessions (学习秘书 does not), one row a term.

        Terms that touch none of the unit's days within the year are left out.
        """
        members = self.tables["members"]
        first, last = (members["unit_id"].map(self.unit_frame[day]) for day in ("first", "last"))
        this_year = (members["from"] <= last) & (members["to"].isna() | (members["to"] >= first))
        return members[this_year & members["role"].isin(self.params.metrics.attendance.roles)]

    def roster_by_session(self, members: pd.DataFrame) -> pd.DataFrame:
        """One row a study session and member in post on its first day.

        Columns: session_id, unit_id, start, person_id.
        """
        study = self.study[["session_id", "unit_id", "start"]]
        terms = members[["unit_id", "person_id", "from", "to"]]
        pairs = study.merge(terms, on="unit_id")
        in_post = (pairs["from"] <= pairs["start"]) & (
            pairs["to"].isna() | (pairs["to"] >= pairs["start"])
        )
        kept = pairs.loc[in_post, ["session_id", "unit_id", "start", "person_id"]]
        return kept.drop_duplicates(["session_id", "person_id"])

    @cached_property
    def discussions(self) -> pd.DataFrame:
        """Study sessions with at least one speech that makes them a discussion (研讨)."""
        speeches = self.tables["speeches"]
        kinds = self.params.metrics.discussion_speeches
        spoken = speeches.loc[speeches["type"].isin(kinds), "session_id"]
        return self.study[self.study["session_id"].isin(spoken)]


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
