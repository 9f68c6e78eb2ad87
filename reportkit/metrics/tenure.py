"""Who was in post on which day (任职): answered for millions of rows at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportkit.metrics.frames import places_in

_DAYS = 1 << 20
"""More days than any date has since 1970: keys of person and day are made with it."""
_OPEN = _DAYS - 1


class Tenure:
    """The terms of some members, joined where they touch or overlap.

    Parameters
    ----------
    terms:
        Rows of ``members``: unit (place), person_id, from, to (NaT: still in).

    Attributes
    ----------
    pairs:
        One row a unit and person: unit, person_id, record (of the first of its terms).
    """

    def __init__(self, terms: pd.DataFrame) -> None:
        self._people = pd.Index(terms["person_id"].unique())
        key = self._keys(terms["unit"].to_numpy(), terms["person_id"])
        unique, first, pair = np.unique(key, return_index=True, return_inverse=True)
        self._unique = unique
        self.pairs = pd.DataFrame(
            {
                "unit": terms["unit"].to_numpy()[first],
                "person_id": terms["person_id"].to_numpy()[first],
                "record": terms.index.to_numpy()[first],
            }
        )
        self._join(pair, days_of(terms["from"]), days_of(terms["to"], empty=_OPEN))

    def _keys(self, units: np.ndarray, person_ids: pd.Series) -> np.ndarray:
        """One number for a unit and a person; −1 for someone who has no term at all."""
        person = places_in(self._people, person_ids)
        return np.where(person < 0, -1, units.astype(np.int64) * len(self._people) + person)

    def _join(self, pair: np.ndarray, first: np.ndarray, last: np.ndarray) -> None:
        """Terms of one pair that overlap become one: a day is never counted twice."""
        order = np.lexsort((first, pair))
        pair, first, last = pair[order], first[order], last[order]
        until = pd.Series(last).groupby(pair).cummax()
        before = until.groupby(pair).shift(fill_value=-1).to_numpy()
        run = np.cumsum(first > before)  # a pair's first term has −1 before it: a new run
        joined = pd.DataFrame({"pair": pair, "first": first, "last": last}).groupby(run).agg(
            pair=("pair", "first"), first=("first", "min"), last=("last", "max")
        )  # fmt: skip
        self._pair = joined["pair"].to_numpy(dtype=np.int64)
        self._first = joined["first"].to_numpy(dtype=np.int64)
        self._last = joined["last"].to_numpy(dtype=np.int64)
        self._starts = self._pair * _DAYS + self._first

    def in_post(self, units: Any, person_ids: pd.Series, days: np.ndarray) -> np.ndarray:
        """For each row the place in :attr:`pairs` of who is in post on that day, else −1.

        ``units``: places of units; ``days``: as :func:`days_of` gives them.
        """
        if not len(self._unique):
            return np.full(len(days), -1)
        keys = self._keys(np.asarray(units), person_ids)
        pair = np.searchsorted(self._unique, keys)
        pair[pair == len(self._unique)] = 0
        known = self._unique[pair] == keys
        # The last term that had begun by that day, of this very pair.
        term = np.searchsorted(self._starts, pair * _DAYS + days, side="right") - 1
        term[term < 0] = 0
        there = known & (self._pair[term] == pair) & (self._first[term] <= days)
        there &= days <= self._last[term]
        result: np.ndarray = np.where(there, pair, -1)
        return result

    def sessions_expected(self, units: np.ndarray, days: np.ndarray) -> np.ndarray:
        """For each pair how many sessions, given by unit and first day, fell into its terms."""
        held = np.sort(units.astype(np.int64) * _DAYS + days)
        base = self.pairs["unit"].to_numpy(dtype=np.int64)[self._pair] * _DAYS
        number = np.searchsorted(held, base + self._last, side="right") - np.searchsorted(
            held, base + self._first, side="left"
        )
        return np.bincount(self._pair, weights=number, minlength=len(self.pairs)).astype(int)


def days_of(dates: pd.Series, empty: int = -1) -> np.ndarray:
    """Dates as numbers of days since 1970 (never below zero); a missing one as ``empty``."""
    days = dates.to_numpy(dtype="datetime64[D]").astype(np.int64)
    result: np.ndarray = np.where(dates.isna(), empty, np.clip(days, 0, _OPEN))
    return result
