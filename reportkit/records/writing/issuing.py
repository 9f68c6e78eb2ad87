"""Forms for all units of a period, as files: nothing that is there already is overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from reportkit.errors import UsageError
from reportkit.files import replace_file
from reportkit.params import Unit, Units, load_units, load_year
from reportkit.records.periods import Period

FormState = Literal["written", "unchanged", "kept"]


@dataclass(frozen=True)
class FormFile:
    """What became of one form.

    ``unchanged``: the same form is there; ``kept``: another file is there, perhaps with what
    somebody filled in, and stayed.
    """

    unit_id: str | None
    """None: the office's own workbook."""
    period: str
    file: Path
    state: FormState

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "file": str(self.file)}


def units_of(units: Units, period: Period, chosen: Sequence[str] = ()) -> list[Unit]:
    """The units with a study group in the period, in official order, 集团本级 included.

    Raises
    ------
    ParameterError
        If a unit chosen is in no list.
    UsageError
        If one chosen did not exist in the period, or has no study group; or nothing is left.
    """
    in_being = [
        unit for unit in units
        if unit.has_study_group and unit.in_being_during(period.first, period.last)
    ]  # fmt: skip
    if chosen:
        for unit_id in chosen:
            if units[unit_id] not in in_being:
                raise UsageError(
                    f"{unit_id} has no study group in {period.text}",
                    expected="a unit that exists in the period",
                    next_step="see valid_from, valid_to and has_study_group in params/units.yml",
                    where="--unit",
                )
        return [unit for unit in in_being if unit.unit_id in chosen]
    if not in_being:
        raise UsageError(
            f"no unit exists in {period.text}",
            expected="units with a study group in the period",
            next_step="see valid_from and valid_to in params/units.yml",
            where="--period",
        )
    return in_being


def write_forms(
    home: Path,
    period: Period,
    out: Path,
    *,
    chosen: Sequence[str] = (),
    force: bool = False,
    carried: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> Iterator[FormFile]:
    """Write one workbook a unit into ``out``, telling of each as it is done.

    ``carried``: by unit, the findings that the year before left open (整改).

    Raises
    ------
    UsageError, ParameterError
        Before anything is written: a wrong unit, or parameters that are missing or wrong.
    RecordsError
        If a snapshot is damaged.
    """
    from reportkit.records.writing.blank import FormKit, file_name
    from reportkit.records.writing.known import read_knowledge

    params = load_year(home, period.year)
    units = units_of(load_units(home), period, chosen)
    knowledge = read_knowledge(home, period, carried)
    _make_folder(out)
    kit = FormKit(params, period)
    for unit in units:
        file = out / file_name(unit.unit_id, period)
        content = kit.form(unit, knowledge.of(unit.unit_id))
        yield FormFile(unit.unit_id, period.text, file, _write(file, content, force))


def write_office_form(home: Path, year: int, out: Path, *, force: bool = False) -> FormFile:
    """Write the office's own workbook of the year into ``out``.

    Raises
    ------
    UsageError, ParameterError
        If parameters are missing or wrong.
    """
    from reportkit.records.writing.office import office_form

    params = load_year(home, year)
    content = office_form(load_units(home).in_year(year), params)
    _make_folder(out)
    file = out / f"office.{year}.xlsx"
    return FormFile(None, str(year), file, _write(file, content, force))


def _make_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(
            f"{out} is a file", expected="a folder", next_step="name another", where="--out"
        )
    out.mkdir(parents=True, exist_ok=True)


def _write(file: Path, content: bytes, force: bool) -> FormState:
    if file.exists():
        if file.is_file() and file.read_bytes() == content:
            return "unchanged"
        if not force:
            return "kept"
    replace_file(file, content)
    return "written"
