"""All files of parameters, read before anything runs: a wrong one is told if nothing needs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from reportkit.errors import ParameterError
from reportkit.params import (
    baseline,
    confirmations,
    edits,
    issue,
    letterhead,
    reading,
    retention,
    stages,
    terms,
)  # fmt: skip

_OF_A_YEAR: dict[str, Callable[[Path, int], object]] = {
    "baseline": lambda home, year: baseline.load_baseline(home, year, reading.load_units(home)),
    "decisions": reading.load_decisions,
    "stages": stages.load_stages,
    "confirmations": confirmations.load_confirmations,
}


def check_every_file(home: Path) -> None:
    """Read all that stands under ``params/``, of all years.

    Raises
    ------
    ParameterError
        If one is wrong; of several it names all.
    """
    wrong: dict[str, ParameterError] = {}
    for load in _loads(home):
        try:
            load()
        except ParameterError as error:
            wrong.setdefault(str(error), error)
    if len(wrong) == 1:
        raise next(iter(wrong.values()))
    if wrong:
        raise ParameterError(
            f"{len(wrong)} faults: " + "\n  ".join(["", *wrong]),
            expected="as is said of each",
            next_step="correct them and run again",
            where="params",
        )


def _loads(home: Path) -> Iterator[Callable[[], object]]:
    params = home / "params"
    for load in (
        reading.load_units,
        terms.load_terms,
        reading.load_forms,
        reading.load_schedule,
        reading.load_delivery,
        retention.load_retention,
    ):
        yield partial(load, home)  # fmt: skip
    if (params / "letterhead.yml").exists():  # a notebook may do without
        yield partial(reading.load_letterhead, home)
    for year in reading.available_years(home):
        yield partial(reading.load_year, home, year)
    for folder, of_year in _OF_A_YEAR.items():
        for year in _years(params / folder):
            yield partial(of_year, home, year)
    for path in sorted((params / "issue").glob("*.yml")):
        yield partial(issue.load_issue, home, path.stem)
    for year in _years(params / "text"):
        texts = params / "text" / str(year)
        for document in letterhead.DOCUMENTS:
            if (texts / f"{document}.md").is_file():
                yield partial(reading.load_text, home, year, document)
        for path in sorted((texts / "edits").glob("*/*.yml")):
            yield partial(edits.load_edits, home, year, path.parent.name, path.stem)


def _years(folder: Path) -> list[int]:
    return sorted(int(p.stem) for p in folder.glob("*") if re.fullmatch("[0-9]{4}", p.stem))
