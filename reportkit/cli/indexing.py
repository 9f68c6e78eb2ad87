"""``outputs/index.html`` after each run and import: what the workbook tells for it."""

from __future__ import annotations

from pathlib import Path

from reportkit.batch.manifest import years_with_manifest
from reportkit.cli.console import complain
from reportkit.cli.dependence import DATA_QUALITY, WORKING_PAPER
from reportkit.cli.workbook import CIRCULAR, CONFIRMATION, StudyWorkbook
from reportkit.errors import ReportkitError
from reportkit.issuing.folder import DOCUMENTS, ISSUED
from reportkit.params.stages import load_stages

KINDS = {
    CIRCULAR: "通报",
    CONFIRMATION: "数据确认单",
    WORKING_PAPER: "底稿",
    DATA_QUALITY: "数据质量报告",
}


def refresh_index(workbook: StudyWorkbook, *, work_out: bool = True) -> None:
    """Makes the index again; what goes wrong there is told, and fails no run.

    ``work_out``: whether figures that are not known yet are worked out for it.
    """
    from reportkit.site import Told, write_site

    outputs = workbook.outputs
    try:
        years = years_with_manifest(outputs)
        if not years:
            return
        told = Told(
            group=workbook.units.group_short_name,
            units={unit.unit_id: (unit.short_name, *(n for n in unit.names if n != unit.short_name))
                   for unit in workbook.units},
            kinds=KINDS,
            figures={year: workbook.headlines(year, work_out=work_out) for year in years},
            feedback={year: _feedback(outputs, year) for year in years},
            stages={year: _stages(workbook.home, year) for year in years},
            issued={year: _issued(workbook.home, year) for year in years},
        )  # fmt: skip
        write_site(outputs, told)
    except (ReportkitError, OSError) as error:
        complain(f"warning: {outputs / 'index.html'} was not made anew: {error}", style="yellow")


def _stages(home: Path, year: int) -> dict[str, str]:
    """Document → the stage of its draft."""
    return {key: steps[-1].stage for key, steps in load_stages(home, year).documents.items()}


def _issued(home: Path, year: int) -> dict[str, str]:
    """Document → the PDF that was issued last, the corrected one if it was corrected."""
    outputs, found = home / "outputs", {}
    for key, steps in load_stages(home, year).documents.items():
        unit, _, wording = key.partition("/")
        folder = outputs / ISSUED / steps[-1].issue / DOCUMENTS / unit
        files = [path for path in folder.glob(f"{wording}*.pdf") if steps[-1].issue]
        if files:
            found[key] = files[0].relative_to(outputs).as_posix()
    return found


def _feedback(outputs: Path, year: int) -> dict[str, str]:
    """unit_id → its feedback workbook, below ``outputs/``."""
    found = (outputs / "records" / str(year) / "feedback").glob("*.xlsx")
    return {path.stem: path.relative_to(outputs).as_posix() for path in found}
