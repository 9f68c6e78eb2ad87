"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reportkit.errors import UsageError
from reportkit.issuing.folder import lies_in_issued
from reportkit.params import available_years, find_home, load_schedule

Home = Annotated[
    Path | None, typer.Option(help="The workbook's folder (default: here, or upward).")
]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON, nothing else.")]
Years = Annotated[
    list[int] | None, typer.Option("--year", help="A year; may be given more than once.")
]
Periods = Annotated[
    list[str] | None,
    typer.Option(
        "--period",
        help="A quarter or half-year, as 2023Q3 or 2023H1: the papers on it, cumulative.",
    ),
]
Units = Annotated[
    list[str] | None,
    typer.Option(
        "--unit",
        help="A unit's id, `group`, `working_paper` or `data_quality`; may be given more than "
        "once. Default: all.",
    ),
]
Notebooks = Annotated[
    list[str] | None,
    typer.Option("--notebook", help="Only documents made by this notebook, as confirmation."),
]
Formats = Annotated[
    list[str], typer.Option("--format", help="html, pdf, docx; several with commas.")
]
Formal = Annotated[bool, typer.Option("--formal", help="The formal edition, with 版头 and 版记.")]
Mask = Annotated[
    bool, typer.Option("--mask", help="The masked edition: no unit's name, no figure.")
]
StandardFonts = Annotated[
    bool | None,
    typer.Option(
        "--require-standard-fonts/--allow-substitute-fonts",
        help="Refuse, or allow, PDFs in other fonts than 仿宋_GB2312 … "
        "Default: a formal one is refused.",
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Circulars made at a time. Default: one a core.")
]
Force = Annotated[bool, typer.Option("--force", help="Also those that are up to date.")]
Timeout = Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")]
Limit = Annotated[
    int,
    typer.Option(
        "--timeout-circular", min=1, help="Seconds that one circular may take, files included."
    ),
]
Warm = Annotated[
    bool,
    typer.Option(
        "--warm/--no-warm",
        help="Fork kernels from a process that has the imports done, where the system can.",
        show_default=False,
    ),
]
Memory = Annotated[
    int | None,
    typer.Option(
        "--memory", min=16, help="MB that a notebook may take beyond what it begins with (Linux)."
    ),
]
Events = Annotated[
    bool, typer.Option("--json", help="For programs: one JSON object a line for each event.")
]
Wait = Annotated[
    int,
    typer.Option("--wait", min=0, help="Seconds to wait for another run or import to end."),
]
NoMail = Annotated[
    bool, typer.Option("--no-mail", help="No letters, also where mail is switched on.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; do nothing.")]
Retries = Annotated[
    int, typer.Option(min=0, help="Further attempts after a kernel's or worker's death.")
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", help="Begin nothing new after the first failure.")
]


WRITTEN = {"out": "--out", "home": "--home"}
"""The parameters of commands by which files are written somewhere, as an analyst types them."""


def outside_issued(path: Path, where: str) -> Path:
    """A place to write to, wherever it is but in what has been issued (印发).

    Raises
    ------
    UsageError
        If it lies below an ``outputs/issued/``: nothing but `issue` and `correct` writes there.
    """
    if lies_in_issued(path):
        raise UsageError(
            f"{path} lies in what has been issued",
            expected="a folder outside of outputs/issued/, in which nothing is ever changed",
            next_step="name another, or work on a copy of what was issued",
            where=where,
        )
    return path


def home_of(context: typer.Context, home: Path | None) -> Path:
    """The workbook's folder: the command's ``--home``, the global one, or the nearest.

    Raises
    ------
    UsageError
        If the folder named is no workbook, or the nearest lies in what has been issued.
    """
    named = home or context.obj
    if named is not None:
        if not (named / "params" / "units.yml").is_file():
            raise UsageError(
                f"{named} holds no params/units.yml",
                expected="a workbook's folder",
                next_step="correct --home; `reportkit demo --out DIR` makes a workbook",
                where="--home",
            )
        return outside_issued(Path(named).resolve(), "--home")

    return outside_issued(find_home(), "--home")


def today_of(home: Path) -> dt.date:
    """The day it is, by the office's clock."""
    return dt.datetime.now(load_schedule(home).zone).date()


def latest_year(home: Path) -> int:
    """The latest year that has parameters."""
    years = available_years(home)
    if not years:
        raise UsageError(
            "no year has parameters", expected="a file params/<year>.yml", where=str(home)
        )
    return years[-1]


def comma_separated(values: Sequence[str], allowed: Sequence[str], where: str) -> tuple[str, ...]:
    """``["html,pdf"]`` → ``("html", "pdf")``, each once, each one of those allowed."""
    found = [part.strip().lower() for value in values for part in value.split(",")]
    for part in found:
        if part not in allowed:
            raise UsageError(f"{part!r}", expected=f"one of {', '.join(allowed)}", where=where)
    return tuple(dict.fromkeys(found))
