"""What a masked edition (脱敏版) of a study-group circular must not hold, and what it may."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.params import Units, load_letterhead, load_units, load_year
from reportkit.params.letterhead import MaskedEdition
from reportkit.publish import Mask

_CONVENTIONS = ("95%区间",)
"""Numbers in the heads and notes of tables that are no figure of a unit."""


def mask_of(home: Path, year: int, notebook: Path) -> Mask:
    """The year's mask: units and group by their labels, persons of the records, the office's text.

    What may stand though it holds numbers is what the office itself laid down for all: the
    standing prose, the parameters' sentences, definitions of metrics, and the notebook's own
    words.
    """
    from reportkit.records.schemas.persons import person_heads

    # A notebook may do without a letterhead.
    there = (home / "params" / "letterhead.yml").exists()
    masked, units = load_letterhead(home).masked if there else MaskedEdition(), load_units(home)
    persons = set(persons_of(home, year)) - set(masked.allow)
    allowed = (*_prose(home, year), *_parameters(home, year), *_words(notebook))
    return Mask(
        names=tuple(_names(units, masked).items()),
        persons=tuple(sorted(persons)),
        allowed=tuple(allowed),
        phrases=(*_CONVENTIONS, *masked.allow),
        codes=tuple(unit.unit_id for unit in units),
        heads=tuple(sorted(person_heads())),
    )


def _names(units: Units, masked: MaskedEdition) -> dict[str, str]:
    """Each name of a unit, old ones included, and of the group → what stands in its place."""
    found = {units.group_name: masked.group, units.group_short_name: masked.group}
    for unit in units:
        found |= dict.fromkeys(unit.names, unit.mask_label)
    return found | masked.words


@lru_cache(maxsize=2)
def persons_of(home: Path, year: int) -> tuple[str, ...]:
    """The names of all members in the records of a year and of the one that it is compared with."""
    from reportkit.loaders import Records, has_snapshot
    from reportkit.records.schemas.persons import names_in

    frames = {
        str(each): Records(home, each).read("members", ["name", "person_id"])
        for each in (year - 1, year)
        if has_snapshot(home, each)
    }
    return tuple(sorted(names_in(frames)))


def _prose(home: Path, year: int) -> Iterator[str]:
    """The prose that all units share; wording of one unit's own (``units/``) is about that unit."""
    folder = home / "params" / "text" / str(year)
    for path in sorted(folder.glob("*.md")):
        yield path.read_text(encoding="utf-8-sig")


def _parameters(home: Path, year: int) -> Iterator[str]:
    from reportkit.metrics.registry import METRICS

    params = load_year(home, year)
    yield from _strings(params.model_dump(mode="json"))
    for metric in METRICS:
        yield metric.name
        yield f"{metric.definition(params.metrics)}。"


def _words(notebook: Path) -> Iterator[str]:
    """What the notebook itself says, in Markdown and in the text of its cells."""
    from reportkit.batch.parameters import read_notebook

    for cell in read_notebook(notebook)["cells"]:
        yield "".join(cell.get("source", ""))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
