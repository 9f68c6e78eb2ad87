"""What only shows when the units' submissions stand side by side.

:mod:`.people` one person in several units · :mod:`.merged` units that became part of another ·
:mod:`.joint` sessions held together · :mod:`.visits` the two sides of a visit ·
:mod:`.identical` two units that sent the same · :mod:`.ratings` what the office says of
people, speeches and visits. Each takes a :class:`.board.Board` and changes it in place; each
costs what the rows cost, and never compares units pair by pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportkit.params import Units, YearParams
from reportkit.records.across.board import Board
from reportkit.records.across.identical import warn_of_identical
from reportkit.records.across.joint import reconcile_joint
from reportkit.records.across.merged import count_merged_once
from reportkit.records.across.people import accounts_once, separate_staff_numbers, warn_two_places
from reportkit.records.across.ratings import join_office
from reportkit.records.across.visits import join_visits

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords
    from reportkit.records.office import OfficeRecords

__all__ = ["settle"]


def settle(
    parts: Sequence[UnitRecords],
    units: Units,
    params: YearParams,
    office: OfficeRecords | None,
) -> None:
    """Settle what several units, and the office, say of one thing; changes all in place.

    The order of ``parts``, and of the rows within them, never matters: units come in their
    official order, rows in that of their files.

    Parameters
    ----------
    parts:
        What each unit sent. Rows that another unit's replace are taken out, visits are joined
        into one row each, and issues go to the log of the row's file.
    office:
        The office's own workbook; what it says of people, speeches and visits is looked up
        in ``parts``. None: there is none.
    """
    board = Board(parts, units, params)
    separate_staff_numbers(board)
    count_merged_once(board)
    accounts_once(board)
    warn_of_identical(board)
    reconcile_joint(board)
    warn_two_places(board)
    dates = join_visits(board, office.rows["pairings"] if office else ())
    if office:
        join_office(board, office, dates)
