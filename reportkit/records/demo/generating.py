"""Writing the demo: units, submissions and the office's checks, the same bytes each time."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from reportkit.params import Unit, Units, YearParams, available_years, load_year
from reportkit.records.demo.cast import CYCLE, cast_people, cast_units
from reportkit.records.demo.decisions import decisions_yaml, select
from reportkit.records.demo.evidence import SCAN_NAME, scan
from reportkit.records.demo.office import OfficeBook
from reportkit.records.demo.profiles import profile
from reportkit.records.demo.rectified import rectified
from reportkit.records.demo.research import research_of
from reportkit.records.demo.sheets import Told, practices, workbooks_of
from reportkit.records.demo.visits import Visit, pairs, sides_of, visits_between
from reportkit.records.demo.xlsx import write
from reportkit.records.demo.year import UnitYear, live

DEFAULT_SEED = 20230101
_Lives = Mapping[str, tuple[UnitYear, random.Random]]
"""unit_id → its year, and the stream from which the rest of it is drawn."""


def generate(
    out: Path,
    units: int = 24,
    years: Sequence[int] = (2022, 2023),
    seed: int = DEFAULT_SEED,
    *,
    params: Mapping[int, YearParams] | None = None,
) -> None:
    """Write ``params/units.yml``, ``params/decisions``, ``data/submissions`` and ``data/checks``.

    The same arguments give the same bytes, on any machine with the same zlib. What unit k
    sends does not depend on how many units there are, but for what it tells of others: visits
    to its partner, and the records of a unit that became part of it.

    Parameters
    ----------
    units:
        How many units beside the group's own level (集团本级): 3 to 5,000. With 24 every
        kind of fault occurs; with more, each in the same share of units.
    params:
        year → its parameters (topics, archive items); by default ``params/<year>.yml``
        below ``out``.

    Raises
    ------
    ValueError
        If ``units`` is out of range.
    ParameterError
        If a year's parameters are not given and not found below ``out``.
    """
    if not 3 <= units <= 5000:
        raise ValueError(f"units must be 3 to 5000, not {units}")
    by_year = {year: params[year] if params else load_year(out, year) for year in sorted(years)}
    group = cast_units(units)
    _write(out / "params" / "units.yml", units_yaml(group.model_dump(mode="json")))
    for year, year_params in by_year.items():
        before = _parameters_of(out, year - 1, params)
        _write_year(out, group, year_params, before, seed)


def _parameters_of(
    out: Path, year: int, params: Mapping[int, YearParams] | None
) -> YearParams | None:
    """A year's parameters, if there are any: those given, else those below ``out``."""
    if params is not None:
        return params.get(year)
    return load_year(out, year) if year in available_years(out) else None


def _write_year(
    out: Path, group: Units, params: YearParams, before: YearParams | None, seed: int
) -> None:
    """One year's submissions, the office's workbook, and the practices that are selected."""
    year = params.year
    offered: list[tuple[str, str, str]] = []
    office = OfficeBook(params)
    for units in _rounds(group.in_year(year)):
        lives = {unit.unit_id: _live(unit, params, seed) for unit in units}
        visits = _visits(lives, office, seed)
        for unit_id, (life, rng) in lives.items():
            k = _number(life.unit)
            rng_told = _random(seed, unit_id, str(year), "rectified")
            told_of_findings = rectified(life.unit, k, before, rng_told)
            told_now = replace(_told(lives, visits, unit_id, seed), rectified=told_of_findings)
            _send(out, life, k, told_now, rng)
            office.check(life.unit, life.profile, rng)
            office.look_at(life, k, _random(seed, unit_id, str(year), "office"))
            if k is not None and life.profile.good:
                told = practices(life.profile, year, k)
                offered += [(f"{unit_id}/{n}", str(kind), str(name)) for n, kind, name, *_ in told]
    decided = decisions_yaml(year, select(offered))
    _write(out / "params" / "decisions" / f"{year}.yml", decided)
    _write(out / "data" / "checks" / f"{year}.xlsx", write(office.sheets()))


def _number(unit: Unit) -> int | None:
    """The k of a unit; None for 集团本级."""
    return None if unit.level == "group" else unit.order // 10 - 1


def _rounds(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    """The units in rounds of the cast: whoever has to do with another is in its round."""
    for _, of_round in groupby(units, key=lambda unit: (_number(unit) or 0) // CYCLE):
        yield list(of_round)


def _live(unit: Unit, params: YearParams, seed: int) -> tuple[UnitYear, random.Random]:
    """A unit's year, and the stream from which the rest of it is drawn."""
    state = profile(_number(unit), params.year)
    cast = cast_people(
        unit,
        _random(seed, unit.unit_id, "people"),
        numbers=f"DC{unit.order:05}" if unit.order % 20 == 0 else "",
        without_head=state.no_party_affairs_head,
    )
    rng = _random(seed, unit.unit_id, str(params.year))
    life = live(unit, params, state, cast, rng)
    if state.quarterly:
        life.number_by_quarter()
    return life, rng


def _visits(lives: _Lives, office: OfficeBook, seed: int) -> dict[str, list[Visit]]:
    """unit_id → its visits; the pairs and the ratings go to the office's workbook."""
    of_unit: dict[str, list[Visit]] = {}
    for one, other in pairs(life.unit for life, _ in lives.values()):
        mine, theirs = lives[one.unit_id][0], lives[other.unit_id][0]
        rng = _random(seed, one.unit_id, other.unit_id, str(mine.params.year), "visits")
        of_unit[one.unit_id] = of_unit[other.unit_id] = visits_between(mine, theirs, rng)
        office.pair(one, other)
        office.rate_visits(of_unit[one.unit_id])
    return of_unit


def _told(lives: _Lives, visits: Mapping[str, list[Visit]], unit_id: str, seed: int) -> Told:
    """What a unit tells beside its own sessions."""
    life = lives[unit_id][0]
    rng = _random(seed, unit_id, str(life.params.year), "research")
    repeated = None
    if life.profile.repeats_merged:
        busy = {day for m in life.meetings for day in (m.start, m.end)}
        gone = (each for each, _ in lives.values() if each.unit.successor_id == unit_id)
        repeated = next(
            (m for other in gone if other.last < life.last for m in other.held
             if not m.joint_id and m.discussion and m.start not in busy),
            None,
        )  # fmt: skip
    return Told(research_of(life, rng), sides_of(life, visits.get(unit_id, ())), repeated)


def _send(out: Path, life: UnitYear, k: int | None, told: Told, rng: random.Random) -> None:
    """Write a unit's workbook, or its quarterly ones in a folder with a scan beside them."""
    unit_id = life.unit.unit_id
    folder = out / "data" / "submissions" / str(life.params.year)
    for part, sheets in workbooks_of(life, k, told, rng):
        name = f"{unit_id}/{unit_id}.{part.text}" if life.profile.quarterly else unit_id
        _write(folder / f"{name}.xlsx", write(sheets))
    if life.profile.quarterly:
        _write(folder / unit_id / SCAN_NAME, scan())


def _random(seed: int, *what: str) -> random.Random:
    """A stream of its own for each unit and year; a text as seed does not depend on hashes."""
    return random.Random("/".join((str(seed), *what)))  # noqa: S311


def _write(path: Path, content: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def units_yaml(group: Mapping[str, Any]) -> str:
    """``params/units.yml`` as people would write it: defaults left out, comments above."""
    import yaml

    defaults = {"level": "unit", "org_type": "党委", "has_study_group": True, "aliases": []}
    slim = [
        {
            key: value
            for key, value in unit.items()
            if value is not None and defaults.get(key) != value
        }
        for unit in group["units"]
    ]
    body = yaml.safe_dump(
        {
            "group_name": group["group_name"],
            "group_short_name": group["group_short_name"],
            "units": slim,
        },
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )
    return (
        "# 单位名录：集团本级和历年全部权属单位，order 为规范顺序（列表不按数值排序）。\n"
        "# 合并、新设的单位不删除，用 valid_from、valid_to、successor_id 表示。\n"
        "# mask_label 用于脱敏版。\n"
        "# 本文件中的单位、人员均为虚构。All units and people of the demo are invented.\n" + body
    )
