"""Writing the demo: units, submissions and the office's checks, the same bytes each time."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportkit.params import Units, YearParams, load_year
from reportkit.records.demo.cast import cast_people, cast_units
from reportkit.records.demo.decisions import decisions_yaml, select
from reportkit.records.demo.profiles import profile
from reportkit.records.demo.sheets import checks_sheet, practices, sheets_of
from reportkit.records.demo.xlsx import write
from reportkit.records.demo.year import live

DEFAULT_SEED = 20230101


def generate(
    out: Path,
    units: int = 24,
    years: Sequence[int] = (2022, 2023),
    seed: int = DEFAULT_SEED,
    *,
    params: Mapping[int, YearParams] | None = None,
) -> None:
    """Write ``params/units.yml``, ``params/decisions``, ``data/submissions`` and ``data/checks``.

    The same arguments give the same bytes, on any machine with the same zlib; what unit k
    sends does not depend on how many units there are.

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
    for year_params in by_year.values():
        _write_year(out, group, year_params, seed)


def _write_year(out: Path, group: Units, params: YearParams, seed: int) -> None:
    """One year's submissions, the office's checks, and the practices an analyst would select."""
    year, checked = params.year, []
    offered: list[tuple[str, str, str]] = []
    for unit in group.in_year(year):
        k = None if unit.level == "group" else unit.order // 10 - 1
        state = profile(k, year)
        cast = cast_people(
            unit,
            _random(seed, unit.unit_id, "people"),
            numbers=f"DC{unit.order:05}" if unit.order % 20 == 0 else "",
            without_head=state.no_party_affairs_head,
        )
        rng = _random(seed, unit.unit_id, str(year))
        content = write(sheets_of(live(unit, params, state, cast, rng), k, rng))
        _write(out / "data" / "submissions" / str(year) / f"{unit.unit_id}.xlsx", content)
        checked.append((unit, state, rng))
        if unit.level == "unit" and state.good:
            told = practices(state, year, k)
            offered += [(f"{unit.unit_id}/{n}", str(kind), str(name)) for n, kind, name, *_ in told]
    decided = decisions_yaml(year, select(offered))
    _write(out / "params" / "decisions" / f"{year}.yml", decided)
    _write(out / "data" / "checks" / f"{year}.xlsx", write([checks_sheet(checked, params)]))


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
