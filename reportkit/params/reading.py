"""Finding a workbook's folder and reading its parameters: the only place that opens them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from reportkit.errors import ParameterError
from reportkit.params.delivery import Delivery
from reportkit.params.forms import OfficeForms
from reportkit.params.letterhead import Letterhead, Prose, placeholders, unknown_placeholder
from reportkit.params.model import Model
from reportkit.params.schedule import Schedule
from reportkit.params.telling import no_utf8, no_yaml, wrong_fields
from reportkit.params.units import Units
from reportkit.params.yaml_data import fast_loader, plain_data
from reportkit.params.year import Decisions, YearParams

HOME_VARIABLE = "REPORTKIT_HOME"

M = TypeVar("M", bound=Model)


def find_home(start: Path | None = None) -> Path:
    """The workbook's folder: ``REPORTKIT_HOME``, else the nearest upward with params/units.yml.

    Raises
    ------
    ParameterError
        If neither leads to a folder that holds ``params/units.yml``.
    """
    named = os.environ.get(HOME_VARIABLE)
    start = (start or Path.cwd()).resolve()
    candidates = [Path(named).resolve()] if named else [start, *start.parents]
    for folder in candidates:
        if (folder / "params" / "units.yml").is_file():
            return folder
    raise ParameterError(
        "no params/units.yml",
        expected="a workbook's folder: one with params/, notebooks/ and data/",
        next_step="change into it, or name it with --home; "
        "`reportkit demo --out DIR` makes one to start from",
        where=str(candidates[0]),
    )


def own_fonts(home: Path) -> Path | None:
    """The office's own fonts, ``params/fonts/``; None if it has none."""
    folder = home / "params" / "fonts"
    return folder if folder.is_dir() else None


def available_years(home: Path) -> list[int]:
    """The years that have a ``params/<year>.yml``, in ascending order."""
    names = (path.stem for path in (home / "params").glob("*.yml"))
    return sorted(int(name) for name in names if re.fullmatch("[0-9]{4}", name))


def load_units(home: Path) -> Units:
    """``params/units.yml``."""
    return load_model(home / "params" / "units.yml", Units)


def load_year(home: Path, year: int) -> YearParams:
    """``params/<year>.yml``; its ``year`` must be the file's."""
    path = home / "params" / f"{year}.yml"
    if not path.is_file():
        years = "、".join(map(str, available_years(home))) or "none"
        raise ParameterError(
            f"no parameters for {year}",
            expected=f"one of the years that have a file: {years}",
            next_step=f"copy last year's file to params/{year}.yml and edit it",
            where="year",
        )
    params = load_model(path, YearParams)
    if params.year != year:
        raise ParameterError(
            f"the file says year: {params.year}",
            expected=f"year: {year}",
            next_step="correct the field or the file's name",
            where=path.name,
        )
    return params


def load_decisions(home: Path, year: int) -> Decisions:
    """``params/decisions/<year>.yml``; without the file nothing has been decided."""
    return load_if_there(home / "params" / "decisions" / f"{year}.yml", Decisions)


def load_forms(home: Path) -> OfficeForms:
    """``params/forms.yml``; without the file the office has no forms of its own."""
    return load_if_there(home / "params" / "forms.yml", OfficeForms)


def load_letterhead(home: Path) -> Letterhead:
    """``params/letterhead.yml``."""
    return load_model(home / "params" / "letterhead.yml", Letterhead)


def load_schedule(home: Path) -> Schedule:
    """``params/schedule.yml``; without the file there is no job."""
    return load_if_there(home / "params" / "schedule.yml", Schedule)


def load_delivery(home: Path) -> Delivery:
    """``params/delivery.yml``; without the file nothing is mailed to any unit."""
    return load_if_there(home / "params" / "delivery.yml", Delivery)


def override_path(home: Path, year: int, unit_id: str, period: str | None = None) -> Path:
    """Where a unit's own wording stands: ``units/<unit_id>.md``, of periods ``.period.md``."""
    name = f"{unit_id}.period.md" if period else f"{unit_id}.md"
    return home / "params" / "text" / str(year) / "units" / name


def load_unit_text(
    home: Path, year: int, unit_id: str, period: str | None = None
) -> dict[str, Prose]:
    """A unit's standing prose: that of all units, but for the blocks that it has of its own.

    Raises
    ------
    ParameterError
        As for :func:`load_text`; also for a block of its own that the units' text has not.
    """
    document = "unit_period" if period else "unit"
    blocks = load_text(home, year, document)
    path = override_path(home, year, unit_id, period)
    if not path.is_file():
        return blocks
    where = path.relative_to(home).as_posix()
    own = _read_blocks(path, document, where)
    for name, prose in own.items():
        if name not in blocks:
            raise ParameterError(
                f"no paragraph {name!r} to override",
                expected=f"one of {'、'.join(blocks)}",
                next_step=f"correct the id, or add the block to {document}.md",
                where=where,
            )
        # The heading may be left out: then it stays that of all units.
        own[name] = (
            prose if prose.title else Prose(title=blocks[name].title, paragraphs=prose.paragraphs)
        )
    return {**blocks, **own}


def load_text(home: Path, year: int, document: str) -> dict[str, Prose]:
    """Standing prose of a document, ``params/text/<year>/<document>.md``, by paragraph id.

    A block begins with a line ``## <id> <heading>`` (一, 二.（一）, 四.（三）; the heading may
    be missing) and holds one paragraph a line; comments in ``<!-- -->`` are left out.

    Raises
    ------
    ParameterError
        If the file is missing or not UTF-8, or an id stands twice.
    """
    path = home / "params" / "text" / str(year) / f"{document}.md"
    where = f"params/text/{year}/{document}.md"
    if not path.is_file():
        raise ParameterError(
            "the file does not exist",
            expected="the standing prose of the year",
            next_step=f"copy params/text/{year - 1}/{document}.md and edit it",
            where=where,
        )
    return _read_blocks(path, document, where)


def _read_blocks(path: Path, document: str, where: str) -> dict[str, Prose]:
    """The blocks of one file of prose, by paragraph id."""
    try:
        body = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParameterError(
            str(error), expected="text in UTF-8", next_step="save the file as UTF-8", where=where
        ) from None
    blocks: dict[str, Prose] = {}
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    for part in re.split(r"^## +", body, flags=re.M)[1:]:
        heading, _, text = part.partition("\n")
        name, _, title = heading.strip().partition(" ")
        if name in blocks:
            raise ParameterError(
                f"paragraph {name!r} stands twice",
                expected="each paragraph id once",
                next_step="join the two blocks",
                where=where,
            )
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        if wrong := unknown_placeholder("".join((title, *lines)), document):
            raise ParameterError(
                f"paragraph {name!r} holds {wrong!r}",
                expected=f"no braces but {placeholders(document)}",
                next_step="correct the placeholder",
                where=where,
            )
        blocks[name] = Prose(title=title.strip(), paragraphs=lines)
    return blocks


def load_model(path: Path, model: type[M]) -> M:
    """A YAML file as its model; read anew only when the file has changed.

    Raises
    ------
    ParameterError
        If it is missing, no YAML, or a field is wrong.
    """
    try:
        stat = path.stat()
    except OSError:
        raise ParameterError(
            "the file does not exist", expected=f"a file {path.name}", where=str(path)
        ) from None
    return _load_cached(path, stat.st_mtime_ns, stat.st_size, model)  # type: ignore[return-value]


def load_if_there(path: Path, model: type[M]) -> M:
    """The same; without the file, the model of an empty one."""
    return load_model(path, model) if path.exists() else model()


@lru_cache(maxsize=64)
def _load_cached(path: Path, _mtime: int, _size: int, model: type[Model]) -> Model:
    where = "/".join(path.parts[path.parts.index("params") :])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise no_utf8(error, where) from None
    except OSError as error:
        raise ParameterError(
            f"cannot be read: {error.strerror}",
            expected="a file",
            next_step="see what stands there and what its permissions are, and run again",
            where=where,
        ) from None
    return parse_model(text, model, where)


def parse_model(text: str, model: type[M], where: str) -> M:
    """YAML text as its model; ``where`` names the file in errors.

    Raises
    ------
    ParameterError
        If it is no YAML, or a field is wrong.
    """
    import yaml

    try:
        data = plain_data(text)
    except ParameterError as error:
        error.where = where
        raise
    except yaml.YAMLError as error:
        raise no_yaml(text, error, where) from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        root = yaml.compose(text, fast_loader(yaml))
        raise wrong_fields(data, error, model, where, root) from None
