"""What a run asks of a year: to be computed once, who can get no circular, what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from reportkit import reads
from reportkit.annual.dependence import GROUP, Slices
from reportkit.annual.judging import findings_of
from reportkit.annual.main_figures import headlines
from reportkit.annual.year import Annual, load_annual
from reportkit.loaders import Pins, refused_units, rows_hash
from reportkit.metrics.indicator import SMALL_N
from reportkit.metrics.registry import METRICS
from reportkit.metrics.year import check_remembered
from reportkit.records.snapshot import refuse_purged


def prepare(
    home: Path, year: int, period: str | None = None, many: bool = False, pins: Pins = ()
) -> None:
    """Compute the year's indicators (and those before), so that no circular computes them again.

    Figures that are remembered are held against the records, as those just worked out were.
    ``many``: whether there are so many circulars that it pays to trace all units' figures;
    ``pins``: the snapshots that they are pinned to.

    Raises
    ------
    RecordsError
        If a figure, or a total over units, differs from what the records hold; it names the
        difference.
    """
    annual = load_annual(home, year, period, pins)
    annual.compute()
    if "indicators" not in annual.worked_out:
        check_remembered(annual.frames, annual.table, annual.totals)
    if period is None and not pins:
        headlines(home, year)
    if many:
        annual.let_go()  # the lines need the records with their places: not both at a time
        annual.work_out_lines()


def preload(home: Path, times: Sequence[tuple[int, str | None, Pins]], *, many: bool) -> None:
    """Bring into memory what the circulars of these years or periods, so pinned, share.

    For a process that others are forked from: they find it where they would have put it.
    ``many``: as for :func:`prepare`, which has remembered what is read here.
    """
    for year, period, pins in times:
        annual = load_annual(home, year, period, pins)
        annual.hold()
        blocked(home, year, pins)
        if many:
            annual.work_out_lines()


def blocked(home: Path, year: int, pins: Pins = ()) -> dict[str, str]:
    """Units of which no circular can be made → why: refused, evidence (佐证) alone, or nothing."""
    annual = load_annual(home, year, pins=pins)
    reasons = refused_units(annual.records)
    evidence = Counter(i["unit_id"] for i in annual.records.inputs if i["state"] == "evidence")
    sent = {i["unit_id"] for i in annual.records.inputs if i["state"] != "evidence"}
    told = annual.records["submissions"]  # a database or a folder has no file of a unit's own
    sent |= set(told.loc[(told["table"] == "sessions") & (told["state"] == "已报"), "unit_id"])
    for unit in annual.units.in_year(year):
        if unit.unit_id not in sent:
            files = evidence[unit.unit_id]
            why = f"仅收到佐证材料{files}个文件，未收到报送表" if files else "未收到报送材料"
            reasons.setdefault(unit.unit_id, f"{year}年{why}")
    return reasons


def cut(home: Path, year: int, period: str | None = None, pins: Pins = ()) -> Slices:
    """What each document depends on, worked out anew: see :func:`~.dependence.slices`.

    A unit's parts are its rows of each table, its figures of all years (or the printed ones of
    the last), and what its peers have that is shown beside them. The group's: everything.

    Raises
    ------
    RecordsError
        If the year's records were purged.
    """
    refuse_purged(home, year)
    annual = load_annual(home, year, period, pins)
    tables = {name: annual.records.digests(name) for name in annual.records}
    years = (annual, *annual.earlier)
    printed = annual.baseline
    units = annual.units.in_year(year)
    read = _read_by_any(annual)
    parts: dict[str, dict[str, str]] = {}
    for unit in units:
        own = {f"{_OWN_ROWS}/{name}": _counted(*t.of(unit.unit_id)) for name, t in tables.items()}
        for each in years:
            own[f"{_OWN_FIGURES}/{each.year}"] = _short(rows_hash(each.rows_of(unit.unit_id)))
        if printed:
            figures = rows_hash(printed.source, printed.units.get(unit.unit_id))
            own[f"{_OWN_FIGURES}/{printed.year}"] = _short(figures)
        own[f"{_PEERS}/medians and peers' values"] = _short(
            rows_hash([read.get(annual.among(group)) for group in ("", unit.peer_group or "")])
        )
        parts[unit.unit_id] = own
    parts[GROUP] = {f"{_ROWS}/{name}": _counted(*t.whole) for name, t in tables.items()}
    for each in years:
        parts[GROUP][f"{_FIGURES}/{each.year}"] = _short(each.key)
    if printed:
        figures = rows_hash(printed.model_dump(mode="json"))
        parts[GROUP][f"{_FIGURES}/{printed.year}"] = _short(figures)
    return Slices(blocked(home, year, pins), parts, read)


def _read_by_any(annual: Annual) -> dict[str, str]:
    """All that documents can read of other units' figures, and of findings, noted as read."""
    record: dict[str, dict[str, str]] = {}
    with reads.recording(record):
        _read_figures(annual)
        for each in (annual, *annual.earlier[:1]):
            for unit_id in each.frames.unit_frame.index:
                findings_of(each, unit_id, each.of_unit(unit_id))
    return {part: reads.joined(values) for part, values in record.items()}


def _read_figures(annual: Annual) -> None:
    limits = (annual.params.comparison.minimum_peers, SMALL_N)
    groups = {unit.peer_group or "": unit for unit in annual.at_end}
    for metric in METRICS:
        for group in {"", *groups}:
            if spread := annual.spread(metric.metric_id, group):
                _ = [getattr(spread, name) for name in ("q1", "median", "q3", "units")]
                _ = [spread.fewer_than(limit) for limit in limits]
        for unit in groups.values():
            annual.peers(unit, metric.metric_id)
        for unit in annual.units.in_year(annual.year):
            annual.quarter(unit, metric)


_ROWS, _FIGURES = "data", "figures"
_OWN_ROWS, _OWN_FIGURES = "data of this unit", "figures of this unit"
_PEERS = "figures of other units"


def _counted(rows: int, digest: str) -> str:
    return f"{rows}:{_short(digest)}"


def _short(digest: str) -> str:
    return digest[:16]
