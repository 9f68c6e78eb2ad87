"""Metrics of 结对旁听: M13 旁听完成, 被旁听, 反馈及时."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence, duties, evidence
from reportkit.metrics.frames import YearFrames

_SERVES = "采取结对子的方式进行学习旁听"


@metric(
    "M13a", "visits_paid", "旁听完成率", tables=("visits",), base="次", yearly=True,
    definition="已到结对单位旁听的次数除以应旁听次数，同组每个单位每年应旁听{visits}次，"
    "超过的和结对安排以外的不计",
    rules=("visits_a_partner",),
    lacks="家单位",
    serves=_SERVES,
)  # fmt: skip
def visits_paid(frames: YearFrames) -> Evidence:
    return _paired(frames, "observer_unit", "host_unit")


@metric(
    "M13b", "visits_received", "被旁听完成率", base="次", yearly=True,
    definition="结对单位已来旁听的次数除以应来旁听次数，次数要求与旁听相同，双方有一方报送即计",
    rules=("visits_a_partner",),
    lacks="家单位",
    serves=_SERVES,
)  # fmt: skip
def visits_received(frames: YearFrames) -> Evidence:
    return _paired(frames, "host_unit", "observer_unit")


def _paired(frames: YearFrames, own: str, other: str) -> Evidence:
    """Visits by partners of the unit, each partner a duty; those of others are left out."""
    partners = _partners(frames)
    visits = _visits(frames)
    met = pd.DataFrame(
        {"unit": frames.places(visits[own]), "key": frames.places_of_all(visits[other])},
        index=visits.index,
    )
    pairs = pd.MultiIndex.from_frame(partners[["unit", "key"]])
    outside = ~pd.MultiIndex.from_frame(met).isin(pairs) & (met["unit"] >= 0).to_numpy()
    number = np.bincount(met["unit"].to_numpy()[outside], minlength=len(frames.unit_frame))
    states: dict[int, str] = {}
    if not _pairings(frames).size:
        # Nobody was paired: whether there was anything to do is not known.
        idle = frames.states_of(("visits",) if own == "observer_unit" else ()) == "已报"
        states = {int(unit): "未核查" for unit in np.flatnonzero(idle)}
    return duties(
        "visits", partners, met, times=frames.params.metrics.visits_a_partner,
        also_left_out={"结对安排外{}次": number}, states=states,
    )  # fmt: skip


def _pairings(frames: YearFrames) -> pd.DataFrame:
    pairings = frames.tables["pairings"]
    return pairings[pairings["year"] == frames.params.year]


def _partners(frames: YearFrames) -> pd.DataFrame:
    """Who is to visit whom: unit, key (place of the partner among all units), label (its name)."""
    pairings = _pairings(frames)[["group_no", "unit_id"]].drop_duplicates()
    all_units = frames.all_units
    pairings = pairings.assign(place=frames.places_of_all(pairings["unit_id"]))
    pairings = pairings[pairings["place"] >= 0]
    both = pairings.merge(pairings, on="group_no", suffixes=("", "_other"))
    both = both[both["place"] != both["place_other"]]
    both = both.drop_duplicates(["place", "place_other"]).sort_values(["place", "place_other"])
    names = all_units.to_numpy(dtype=object)
    mine = frames.places(both["unit_id"])
    due = pd.DataFrame(
        {"unit": mine, "key": both["place_other"].to_numpy(),
         "label": names[both["place_other"].to_numpy()]}
    )  # fmt: skip
    return due[due["unit"] >= 0]


def _visits(frames: YearFrames) -> pd.DataFrame:
    visits = frames.tables["visits"].reset_index(drop=True)
    return visits[visits["date"] <= pd.Timestamp(frames.cutoff)]


@metric(
    "M13c", "feedback", "旁听反馈及时率", tables=("visits",), base="次",
    definition="旁听后{feedback_days}日内反馈的次数除以旁听次数，未到反馈期限的不计",
    rules=("feedback_days",),
    serves=_SERVES,
)  # fmt: skip
def feedback_in_time(frames: YearFrames) -> Evidence:
    visits = _visits(frames)
    # Of an observer that the year does not know only its host told: that is no unit's figure.
    hearsay = visits["reported_by"] == "被旁听单位"
    visits = visits[~hearsay | (frames.places_of_all(visits["observer_unit"]) >= 0)]
    given: Any = visits["feedback_on"]
    if frames.known_on is not None:
        given = given.where(given <= pd.Timestamp(frames.known_on))
    by = visits["date"] + pd.Timedelta(days=frames.params.metrics.feedback_days)
    early = given.isna() & (by > pd.Timestamp(frames.cutoff))
    return evidence(
        "visits", visits, unit=frames.places(visits["observer_unit"]), top=given <= by,
        bottom=1.0, left_out={"未到反馈期限{}次": early},
    )  # fmt: skip
