"""What a run asks of a year: to be computed once, who can get no circular, what has changed."""

from __future__ import annotations

from pathlib import Path

from reportkit.annual.year import Annual, load_annual
from reportkit.loaders import refused_units, rows_hash
from reportkit.metrics.year import check_totals


def prepare(home: Path, year: int, period: str | None = None) -> None:
    """Compute the year's indicators (and those before), so that no circular computes them again.

    Totals are held against the records at each run, also where the figures are remembered.

    Raises
    ------
    RecordsError
        If a total over units differs from what the records hold; it names the difference.
    """
    annual = load_annual(home, year, period)
    for each in (annual, *annual.earlier):
        _ = each.table, each.totals, each.spreads
    check_totals(annual.frames, annual.table.reset_index())


def blocked(home: Path, year: int) -> dict[str, str]:
    """Units of which no circular can be made → why: submission refused, or none received."""
    annual = load_annual(home, year)
    reasons = refused_units(annual.records)
    sent = {entry["unit_id"] for entry in annual.records.inputs}
    told = annual.records["submissions"]  # a database or a folder has no file of a unit's own
    sent |= set(told.loc[(told["table"] == "sessions") & (told["state"] == "已报"), "unit_id"])
    for unit in annual.units.in_year(year):
        if unit.unit_id not in sent:
            reasons.setdefault(unit.unit_id, f"{year}年未收到报送材料")
    return reasons


def slice_fingerprint(home: Path, year: int, unit_id: str | None, period: str | None = None) -> str:
    """A hash of the data behind one circular; ``unit_id`` None is the group's.

    A unit's: its records, its indicators of all years (or the printed ones of the last), the
    spreads and its peers' values. The group's: everything.
    """
    annual = load_annual(home, year, period)
    printed = annual.baseline
    if unit_id is None:
        # Without printed figures the hash is what it was before there could be any.
        said = (printed.model_dump(mode="json"),) if printed else ()
        return rows_hash(annual.key, *(each.key for each in annual.earlier), *said)
    return _of_unit(annual, unit_id)


def _of_unit(annual: Annual, unit_id: str) -> str:
    printed = annual.baseline
    own = (printed.source, printed.units.get(unit_id)) if printed else None
    rows = [annual.records.unit_digest(name, unit_id) for name in annual.records]
    return rows_hash(
        *rows, annual.rows_of(unit_id), *(each.rows_of(unit_id) for each in annual.earlier),
        annual.compared_with(annual.units[unit_id]), *([own] if own else []),
    )  # fmt: skip
