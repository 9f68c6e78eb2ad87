"""``reportkit demo``: a whole workbook with invented units, to start from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli.console import say, shown_path
from reportkit.errors import UsageError
from reportkit.params import available_years, load_year
from reportkit.records.demo import generate as invent

COPIED = ("notebooks", "params")


def demo(
    out: Annotated[Path, typer.Option(help="The folder to make.")] = Path("reportkit-demo"),
    units: Annotated[int, typer.Option(min=3, max=5000, help="How many units to invent.")] = 24,
    years: Annotated[str, typer.Option(help="Years, separated by commas.")] = "2022,2023",
    seed: Annotated[int | None, typer.Option(help="Another seed invents other data.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write into a folder that is not empty.")
    ] = False,
) -> None:
    """Make a workbook with invented units, to start from."""
    wanted = _years(years)
    if out.is_dir() and any(out.iterdir()) and not force:
        raise UsageError(
            f"{out} is not empty",
            expected="a new or empty folder",
            next_step="name another one, or overwrite with --force",
            where="--out",
        )
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", expected="a folder", where="--out")
    source = example_folder()
    if out.resolve() == source:
        raise UsageError("that is the example itself", expected="another folder", where="--out")
    copy_example(source, out, wanted)
    generate(out, units, wanted, seed)
    say(f"{shown_path(out)}/ is ready. Next:")
    say(f"  cd {shown_path(out)}")
    say("  reportkit import")
    say("  reportkit run")


def _years(text: str) -> list[int]:
    try:
        found = sorted({int(part) for part in text.split(",")})
    except ValueError:
        raise UsageError(text, expected="years, such as 2022,2023", where="--years") from None
    if not all(1950 <= year <= 2200 for year in found):
        raise UsageError(text, expected="years from 1950 to 2200", where="--years")
    return found


def example_folder() -> Path:
    """The example workbook: inside an installed package, else the checkout's root."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_workbook", package.parent):
        if all((folder / name).is_dir() for name in COPIED):
            return folder
    raise UsageError(
        "the example workbook is not there",
        expected=f"notebooks/ and params/ in {package / '_workbook'}",
        next_step="install reportkit anew",
    )


def copy_example(source: Path, out: Path, years: list[int]) -> None:
    """Copies notebooks and parameters; a year without parameters gets the nearest one's."""
    ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "~$*")
    for name in COPIED:
        shutil.copytree(source / name, out / name, dirs_exist_ok=True, ignore=ignore)

    known = available_years(source)
    for other in set(known) - set(years):  # the user's other years are none of the demo's
        (out / "params" / f"{other}.yml").unlink()
    for year in years:
        if year not in known:
            nearest = min(known, key=lambda each: (abs(each - year), -each))
            _shift_year(out / "params", nearest, year)


def _shift_year(params: Path, nearest: int, year: int) -> None:
    """``params/<nearest>.yml`` and its text as those of another year, all years moved along."""
    import re

    def moved(match: re.Match[str]) -> str:
        return str(int(match[0]) + year - nearest)

    near = "|".join(str(nearest + offset) for offset in range(-2, 3))
    pattern = re.compile(rf"(?<!\d)(?:{near})(?!\d)")
    text = pattern.sub(moved, (params / f"{nearest}.yml").read_text(encoding="utf-8"))
    text = re.sub(r"(?<!\d)(\d{4})-02-29(?!\d)", r"\1-02-28", text)
    (params / f"{year}.yml").write_text(text, encoding="utf-8", newline="\n")
    prose = params / "text" / str(nearest)
    for path in sorted(prose.rglob("*.md")) if prose.is_dir() else []:
        target = params / "text" / str(year) / path.relative_to(prose)
        target.parent.mkdir(parents=True, exist_ok=True)
        prose_text = pattern.sub(moved, path.read_text(encoding="utf-8"))
        target.write_text(prose_text, encoding="utf-8", newline="\n")


def generate(out: Path, units: int, years: list[int], seed: int | None) -> None:
    """Invents the units and their submissions."""
    params = {year: load_year(out, year) for year in years}
    more = {} if seed is None else {"seed": seed}
    invent(out, units=units, years=years, params=params, **more)
