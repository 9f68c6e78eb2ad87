"""``reportkit check``: one or more workbooks, checked before they count."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json, shown_path
from reportkit.cli.issues import show_issues
from reportkit.cli.options import home_of, latest_year
from reportkit.errors import UsageError
from reportkit.files import replace_file
from reportkit.params import Units, available_years
from reportkit.records.importing.gathering import Found, files_in
from reportkit.records.importing.single import Checked, check_files, stated_year
from reportkit.records.importing.year import setting_of
from reportkit.records.opening import is_lock
from reportkit.records.writing.feedback import feedback_on


def check(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(help="Workbooks as units sent them, or folders of them.")
    ],
    year: Annotated[
        int | None, typer.Option(help="Default: the year on each cover, else the latest.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Where the feedback workbooks go. Default: outputs/check/."),
    ] = None,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Check workbooks one by one, and write feedback that a unit can mend from.

    Nothing enters the records: `reportkit import` does that. Files of one unit are checked
    together; what only shows beside other units' submissions shows at the import.

    Exit status: 0 all accepted, 1 something was refused, 2 wrong usage or parameters.
    """
    folder = home_of(context, home)

    by_year: dict[int, list[Found]] = {}
    for file in {file.path: file for path in files for file in _inside(path)}.values():
        by_year.setdefault(year or _year_of(file.path, folder), []).append(file)
    settings = {each: setting_of(folder, each) for each in sorted(by_year)}
    everything: list[tuple[int, Checked, list[Path]]] = []
    for each, setting in settings.items():
        checked = check_files(setting, by_year[each])
        target = out or folder / "outputs" / "check"
        written = _feedback(checked, by_year[each], target, setting.units, each)
        everything.append((each, checked, written))
    if as_json:
        say_json([_plain(each, checked, written) for each, checked, written in everything])
    else:
        for each, checked, written in everything:
            _show(each, checked, written)
    ok = all(checked.ok for _, checked, _ in everything)
    if not ok and not as_json:
        complain("Something was refused: the table above says what, and where.")
    raise typer.Exit(int(not ok))


def _year_of(path: Path, home: Path) -> int:
    stated = stated_year(path)
    return stated if stated in available_years(home) else latest_year(home)


def _feedback(
    checked: Checked, files: list[Found], out: Path, units: Units, year: int
) -> list[Path]:
    """A feedback workbook for each file of which a unit has something to read."""
    written: list[Path] = []
    for file, report in zip(files, checked.files, strict=True):
        issues = checked.issues_of(report.file)
        if issues and not file.lock:
            out.mkdir(parents=True, exist_ok=True)
            written.append(_free(out, file.path, written))
            name = units[report.unit_id].name if report.unit_id else ""
            feedback = feedback_on(file.path, report.sha256, issues, name, year)
            replace_file(written[-1], feedback)
    return written


def _free(out: Path, path: Path, taken: list[Path]) -> Path:
    """A name that no other file of this check has: aa.xlsx and aa.xls are two."""
    wanted = [path.stem, path.name, f"{path.absolute().parent.name}.{path.name}"]
    wanted += [f"{path.name}.{n}" for n in range(2, len(taken) + 3)]
    names = (out / f"{name}.feedback.xlsx" for name in wanted)
    lower = {str(each).lower() for each in taken}
    return next(name for name in names if str(name).lower() not in lower)


def _plain(year: int, checked: Checked, written: list[Path]) -> dict[str, object]:
    return {
        "year": year,
        "ok": checked.ok,
        "files": [dataclasses.asdict(file) for file in checked.files],
        "issues": [dataclasses.asdict(issue) for issue in checked.issues],
        "feedback": [str(path) for path in written],
    }


def _show(year: int, checked: Checked, written: list[Path]) -> None:
    for file in checked.files:
        unit = f" ({file.unit_id})" if file.unit_id else ""
        say(
            f"{year}: {file.file.split('/', 2)[2]}{unit}: {file.state}, {file.rows} rows, "
            f"{file.corrected} corrected, {file.rows_refused} rows refused",
            style="green" if file.state == "accepted" else "yellow",
        )
    show_issues(checked.issues, f"in {year}")
    for path in written:
        say(f"Feedback: {shown_path(path)}")


def _inside(path: Path) -> list[Found]:
    """The files in a folder, as an import chooses them; a file is itself.

    Raises
    ------
    UsageError
        If there is none.
    """
    if path.is_file():
        return [Found(path, path.name, lock=is_lock(path.name))]
    found = files_in(path) if path.is_dir() else []
    if not found:
        raise UsageError(
            f"no workbook in {path}" if path.is_dir() else f"{path} is no file",
            expected="a workbook that a unit sent, or a folder of them",
            where="FILE",
        )
    return found
