"""How units stand with their 数据确认单, by the record and the figures of today."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.confirming.standing import Standing, judged
from reportkit.params import load_confirmations

if TYPE_CHECKING:
    from reportkit.loaders import Pins


def standing(
    home: Path, year: int, units: Sequence[str], pins: Pins | None = None
) -> dict[str, Standing]:
    """unit_id → whether it has confirmed the figures that its circular would print now.

    ``pins``: the snapshots of the circular that is meant; None: of each unit's own. For
    :attr:`~reportkit.confirming.standing.Standing.blocks` see there: ``outdated``,
    ``objected`` (an objection without an answer) and ``none`` hold up the issue.

    Raises
    ------
    ParameterError
        If the record or another file of parameters is wrong.
    RecordsError
        If the year has not been imported.
    """
    from reportkit.circular.confirmation import current_sheets

    record = load_confirmations(home, year)
    sheets = current_sheets(home, year, units, pins)
    versions = {unit_id: sheet.version for unit_id, sheet in sheets.items()}
    return {unit_id: judged(record, unit_id, versions.get(unit_id)) for unit_id in units}
