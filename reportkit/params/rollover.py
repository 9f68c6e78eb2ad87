"""Next year's parameters and prose, from those of the year that closes: prepared and checked.

Nothing is written here: :mod:`reportkit.cli.newfiles` does, when all is prepared.
``params/<year>.yml`` comes last: a rollover that is cut off has made no year yet, and is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.errors import ParameterError
from reportkit.params.moving import empty_decisions, move_year, next_year
from reportkit.params.reading import (
    load_decisions,
    load_delivery,
    load_schedule,
    load_text,
    load_units,
    load_year,
    parse_model,
)
from reportkit.params.year import Decisions, YearParams

FIRST, LAST = 1950, 2200
"""Years that can be rolled over into."""

_NAMING_YEARS = ("delivery.yml", "schedule.yml", "letterhead.yml", "forms.yml")


@dataclass(frozen=True)
class NewFile:
    """A file to be written, its path below the workbook, and what to look over in it."""

    path: str
    content: bytes
    remarks: tuple[str, ...] = ()


def prepare(home: Path, year: int) -> tuple[list[NewFile], list[str]]:
    """The files of ``year``, in the order of writing, and what to look over elsewhere.

    Raises
    ------
    ParameterError
        If the year before has no parameters, or they, its decisions or its prose are wrong, or
        their text cannot be moved on.
    """
    before = year - 1
    if not FIRST <= before < year <= LAST:
        raise ParameterError(
            f"year {year}", expected=f"a year from {FIRST + 1} to {LAST}", where="YEAR"
        )
    path = home / "params" / f"{before}.yml"
    if not path.is_file():
        raise ParameterError(
            f"there is no params/{before}.yml to begin from",
            expected="the parameters of the year before",
            next_step=f"roll over to {before} first, or put its file there",
            where="YEAR",
        )
    old = load_year(home, before)
    for load in (load_units, load_schedule, load_delivery):
        load(home)
    files = [*_texts(home, year), *_decisions(home, year), _year(path, old, year)]
    return files, list(_elsewhere(home, year))


def _year(path: Path, old: YearParams, year: int) -> NewFile:
    moved = move_year(path.read_bytes().decode("utf-8"), year)
    name = f"params/{year}.yml"
    why = ""
    try:
        new = parse_model(moved.text.removeprefix("\ufeff"), YearParams, name)
        right = new == _expected(old, new, year)
    except ParameterError as error:
        right, why = False, f" ({error.found})"
    if not right:
        raise ParameterError(
            f"the text of params/{year - 1}.yml cannot be moved on by itself{why}",
            expected="plain YAML, a key and a value a line",
            next_step=f"copy the file to {name} and change its dates by hand",
            where=f"params/{year - 1}.yml",
        )
    remarks = tuple(f"{name}:{remark.line}: {remark.what}" for remark in moved.remarks)
    return NewFile(name, moved.text.encode("utf-8"), remarks)


def _expected(old: YearParams, new: YearParams, year: int) -> YearParams:
    """The old parameters with nothing changed but the days, and the topics as they are now."""
    before = str(year - 1)
    periods = {
        period.replace(before, str(year)): paper.model_copy(
            update={"issued_on": next_year(paper.issued_on)}
        )
        for period, paper in old.periods.items()
    }
    rules = tuple(r.model_copy(update={"deadline": next_year(r.deadline)}) for r in old.rules)
    kept = tuple(topic for topic in old.topics if topic.learn_by.year >= year)
    return old.model_copy(
        update={
            "year": year, "cutoff": next_year(old.cutoff), "issued_on": next_year(old.issued_on),
            "rules": rules, "periods": periods,
            "topics": kept if new.topics else (),
        }
    )  # fmt: skip


def _texts(home: Path, year: int) -> Iterator[NewFile]:
    """The standing prose; not what one unit, or one paper of the year, has of its own."""
    for path in sorted((home / "params" / "text" / str(year - 1)).glob("*.md")):
        if path.name.startswith("."):
            continue
        load_text(home, year - 1, path.stem)
        name = f"params/text/{year}/{path.name}"
        content = path.read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
        told = _naming(lines, year, name)
        yield NewFile(name, content, tuple(told))


def _naming(lines: Sequence[str], year: int, name: str) -> Iterator[str]:
    years = re.compile(rf"(?<!\d)(?:{year - 1}|{year})(?!\d)")
    for number, line in enumerate(lines, 1):
        if match := years.search(line):
            yield f"{name}:{number}: the text names {match[0]}: does it still hold?"


def _decisions(home: Path, year: int) -> Iterator[NewFile]:
    path = home / "params" / "decisions" / f"{year - 1}.yml"
    if not path.is_file():
        return
    load_decisions(home, year - 1)
    name = f"params/decisions/{year}.yml"
    text = empty_decisions(path.read_bytes().decode("utf-8"), year).text
    decided = parse_model(text.removeprefix("\ufeff"), Decisions, name)
    if decided.issues or decided.many_confirmed or any(decided.practices.values()):
        raise ParameterError(
            f"the decisions of {year - 1} cannot be taken out by themselves",
            expected="plain YAML, a key a line",
            next_step=f"write {name} by hand",
            where=f"params/decisions/{year - 1}.yml",
        )
    yield NewFile(name, text.encode("utf-8"))


def _elsewhere(home: Path, year: int) -> Iterator[str]:
    """Files for all years that name one: told, never rewritten."""
    due = load_delivery(home).remind.due
    if due and year not in due:
        then = f" ({year - 1}: {due[year - 1]})" if year - 1 in due else ""
        yield f"params/delivery.yml: remind.due has no day for {year}{then}"
    for name in _NAMING_YEARS:
        path = home / "params" / name
        if not path.is_file():
            continue
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        bare = [re.sub(r"(?:^|\s)#.*", "", line) for line in lines]
        if name == "delivery.yml":
            bare = [re.sub(r"^\s*\d{4}:\s*['\"]?\d{4}-\d\d-\d\d.*", "", line) for line in bare]
        years = re.compile(rf"(?<!\d){year - 1}(?!\d)")
        for number, line in enumerate(bare, 1):
            if years.search(line):
                yield f"params/{name}:{number}: names {year - 1}: is it {year} now?"
