"""What metrics are computed from: one year's tables, its units by date, its parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

import numpy as np
import pandas as pd

from reportkit.params import Period, Units, YearParams
from reportkit.records.schemas import TABLES

Made = TypeVar("Made")
UNREPORTED = "未报"
_WEAKEST_LAST = ("已报", "不适用", "未核查", UNREPORTED)


@dataclass(frozen=True)
class YearFrames:
    """One year's records by table, with what metrics share computed once.

    ``tables`` maps each table's name to a frame as ``records.schemas`` describes it. With a
    ``period`` (2023Q3) everything ends on its last day, as if the year had come no further.
    """

    params: YearParams
    units: Units
    tables: Mapping[str, pd.DataFrame]
    period: str | None = None
    only: str | None = None
    """One unit's id, where nothing but that unit's figures is wanted."""

    @cached_property
    def cutoff(self) -> dt.date:
        """The last day that counts (统计截止日)."""
        if self.period is None:
            return self.params.cutoff
        return min(self.params.cutoff, Period(self.period).last_day)

    @cached_property
    def known_on(self) -> dt.date | None:
        """The day of a paper on a part of the year: what came later was not known to it.

        None of a whole year, whose circular is made from all there is.
        """
        if not self.ends_early or self.period is None:
            return None
        paper = self.params.periods.get(self.period)
        return paper.issued_on if paper else self.cutoff

    @property
    def ends_early(self) -> bool:
        """Whether the year is not over: yearly metrics are 未到期 then."""
        return self.period is not None and not Period(self.period).ends_year

    @cached_property
    def unit_frame(self) -> pd.DataFrame:
        """One row a unit in being on any day of the year, by unit_id in official order.

        Columns: short_name, level, peer_group, first and last (the unit's days within the
        year, up to the cutoff), at_end (in being at the cutoff).
        """
        year_first, year_last = self.params.first_day, self.cutoff
        rows = []
        for unit in self.units.in_year(self.params.year):
            first = max(unit.valid_from, year_first)
            last = min(unit.valid_to or dt.date.max, year_last)
            if first > last or (self.only is not None and unit.unit_id != self.only):
                continue
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
        frame = pd.DataFrame(rows, columns=columns).set_index("unit_id")
        return frame.astype({"first": "datetime64[us]", "last": "datetime64[us]", "at_end": bool})

    @cached_property
    def not_yet(self) -> frozenset[str]:
        """Units of the year that are born after the period: their records do not count yet."""
        later = {u.unit_id for u in self.units.in_year(self.params.year)
                 if u.valid_from > self.cutoff}  # fmt: skip
        return frozenset(later)

    # --- states ---

    @cached_property
    def _submitted(self) -> pd.DataFrame:
        """How weak each table of each unit is: unit × table, as a place in _WEAKEST_LAST."""
        told = self.tables["submissions"]
        rank = told["state"].map({"零": 0, **{s: n for n, s in enumerate(_WEAKEST_LAST)}})
        wide = (
            told[["unit_id", "table"]].assign(rank=rank)
            .drop_duplicates(["unit_id", "table"], keep="last")
            .pivot(index="unit_id", columns="table", values="rank")
        )  # fmt: skip
        every = wide.reindex(index=self.unit_frame.index, columns=list(TABLES))
        return every.fillna(len(_WEAKEST_LAST) - 1).astype(int)

    def states_of(self, tables: Sequence[str]) -> np.ndarray:
        """By unit, in their order, the weakest state of some tables: 未报 before 未核查,
        before 不适用, before 已报 (to which 零 belongs); a table of which nothing is told is 未报.
        """
        words = np.array(_WEAKEST_LAST, dtype=object)
        if not tables:
            return np.full(len(self.unit_frame), words[0], dtype=object)
        found: np.ndarray = words[self._submitted[list(tables)].to_numpy().max(axis=1)]
        return found

    def state_of(self, unit_id: str, tables: Sequence[str]) -> str:
        """The same for one unit."""
        return str(self.states_of(tables)[self.unit_frame.index.get_loc(unit_id)])

    # --- tables, with the places of units and sessions ---

    def table(self, name: str) -> pd.DataFrame:
        """A table with the column ``unit``: the unit's place in :attr:`unit_frame`, else −1."""
        if name not in self._with_units:
            frame = self.tables[name]
            frame = frame.reset_index(drop=True).assign(unit=self.places(frame["unit_id"]))
            self._with_units[name] = frame
        return self._with_units[name]

    @cached_property
    def _with_units(self) -> dict[str, pd.DataFrame]:
        return {}

    def shared(self, name: str, make: Callable[[YearFrames], Made]) -> Made:
        """What several metrics need beside these frames, made once."""
        if name not in self._made:
            self._made[name] = make(self)
        return cast("Made", self._made[name])

    @cached_property
    def _made(self) -> dict[str, object]:
        return {}

    def places(self, unit_ids: pd.Series) -> np.ndarray:
        """Each unit's place in :attr:`unit_frame`; −1 where the year does not know it."""
        return places_in(self.unit_frame.index, unit_ids)

    @cached_property
    def all_units(self) -> pd.Series:
        """short_name by unit_id of every unit of the year, also where ``only`` one is wanted."""
        whole = YearFrames(self.params, self.units, self.tables, self.period).unit_frame
        return (self.unit_frame if self.only is None else whole)["short_name"]

    def places_of_all(self, unit_ids: pd.Series) -> np.ndarray:
        """Each unit's place in :attr:`all_units`; −1 where the year does not know it."""
        return places_in(self.all_units.index, unit_ids)

    def on_session(self, rows: pd.DataFrame, sessions: pd.DataFrame) -> np.ndarray:
        """For rows with a session_id the place of their session in ``sessions``, else −1."""
        return places_in(pd.Index(sessions["session_id"]), rows["session_id"])

    @cached_property
    def listed(self) -> pd.DataFrame:
        """All sessions that the units list, cancelled ones included: one row a session."""
        return self.table("sessions").drop_duplicates("session_id")

    @cached_property
    def cancelled(self) -> pd.Series:
        """Which of :attr:`listed` did not take place."""
        return self.listed["cancelled"].fillna(False).astype(bool)

    @cached_property
    def held(self) -> pd.DataFrame:
        """Sessions that took place: begun by the cutoff; cancelled ones and repeats out."""
        listed = self.listed
        return listed[~self.cancelled & (listed["start"] <= pd.Timestamp(self.cutoff))]

    @cached_property
    def study(self) -> pd.DataFrame:
        """Sessions of the study group proper: 集体学习 and 读书班, as the parameters say."""
        return self.held[self.held["counted_as"].isin(self.params.metrics.study_sessions)]

    @cached_property
    def entered(self) -> pd.DataFrame:
        """The sessions that M1 counts: of kind 集体学习, and counted as such."""
        held = self.held
        return held[(held["kind"] == "集体学习") & (held["counted_as"] == "集体学习")]

    @cached_property
    def study_speeches(self) -> pd.DataFrame:
        """Speeches at study sessions, with ``session``: its place in :attr:`study`."""
        speeches = self.table("speeches")
        at = self.on_session(speeches, self.study)
        return speeches.assign(session=at)[at >= 0]

    @cached_property
    def discussion_speeches(self) -> pd.DataFrame:
        """Those of :attr:`study_speeches` that make a session a discussion (研讨)."""
        speeches = self.study_speeches
        return speeches[speeches["type"].isin(self.params.metrics.discussion_speeches)]

    @cached_property
    def discussions(self) -> pd.DataFrame:
        """Study sessions with at least one speech that makes them a discussion (研讨)."""
        spoken = np.zeros(len(self.study), dtype=bool)
        spoken[self.discussion_speeches["session"].to_numpy()] = True
        return self.study[spoken]

    # --- people ---

    @cached_property
    def roster(self) -> pd.DataFrame:
        """Members whose role counts at sessions (学习秘书 does not), one row a term.

        Terms that touch none of the unit's days within the year are left out.
        """
        members = self.table("members")
        at = members["unit"].to_numpy()
        known = members[at >= 0]
        at = at[at >= 0]
        first = self.unit_frame["first"].to_numpy()[at]
        last = self.unit_frame["last"].to_numpy()[at]
        until = known["to"].fillna(pd.Timestamp.max.floor("D"))
        this_year = (known["from"] <= last) & (until >= first)
        counts = known["role"].isin(self.params.metrics.attendance.roles)
        roster: pd.DataFrame = known.loc[this_year & counts]
        return roster

    @cached_property
    def leaders(self) -> pd.DataFrame:
        """The terms of :attr:`roster` spent in the leadership (班子成员)."""
        return self.roster[self.roster["in_leadership"].fillna(False).astype(bool)]

    @cached_property
    def people(self) -> pd.DataFrame:
        """:attr:`roster` with one row a unit and person: the first of its terms."""
        return self.roster.drop_duplicates(["unit_id", "person_id"])


def places_in(index: pd.Index, values: pd.Series) -> np.ndarray:
    """Each value's place in a unique index, else −1; long columns of few values are cheap."""
    codes, found = pd.factorize(values)
    places = np.append(index.get_indexer(found), -1)
    result: np.ndarray = places[codes]
    return result
