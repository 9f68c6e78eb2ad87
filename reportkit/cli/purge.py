"""``reportkit purge``: rows on persons are removed when their term has passed (保存期满清除)."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.batch.kept import keep_changed, take_notes
from reportkit.batch.manifest import Manifest
from reportkit.batch.run import lock
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json
from reportkit.cli.indexing import refresh_index
from reportkit.cli.newfiles import write
from reportkit.cli.options import home_of, today_of
from reportkit.cli.rollover import baseline_of
from reportkit.cli.workbook import StudyWorkbook
from reportkit.errors import RecordsError, ReportkitError, UsageError
from reportkit.params.retention import Retention, load_retention
from reportkit.records.purging import Order, counted, keep, remove
from reportkit.records.scanning import archives_with_records, files_naming, issued_with_records
from reportkit.records.schemas import TABLES
from reportkit.records.schemas.persons import is_on_persons
from reportkit.records.snapshot import has_snapshot, read_pointer, read_purge


def purge(
    context: typer.Context,
    year: options.Years = None,
    on: Annotated[
        str | None, typer.Option(help="The day that counts, as 2027-01-04 (default: today).")
    ] = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Remove the rows on persons of years whose term in params/retention.yml has passed.

    The year's figures are kept (outputs/kept/YEAR/, with a record of the purge), so that later
    years compare as before; its own circulars cannot be made again. What was issued is never
    touched; what units sent only where `submissions` has a term. A paper that a person changed is
    kept in outputs/drafts/: look it over.

    Exit status: 0 done, 1 a year could not be purged or something kept waits, 2 wrong usage.
    """
    folder = home_of(context, home)

    retention, day = load_retention(folder), _day(folder, on)
    if retention.persons is None:
        if year:
            raise _no_term(year[0])
        if as_json:
            say_json([])
        else:
            say("params/retention.yml sets no term for persons: nothing is purged")
        return
    orders = _orders(folder, retention, day, sorted(set(year or ())))
    told: list[dict[str, Any]] = []
    if dry_run:
        told = [_planned(order) for order in orders]
    elif orders:
        with lock(folder / "outputs"):
            told = [_purged(order) for order in orders]
        refresh_index(StudyWorkbook(folder))
    if as_json:
        say_json(told)
    else:
        _show(told, day)
    raise typer.Exit(int(any("error" in each or each.get("kept") for each in told)))


def _day(home: Path, text: str | None) -> dt.date:
    if text is None:
        return today_of(home)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r}", expected="a day, as 2027-01-04", where="--on") from None


def _no_term(year: int) -> UsageError:
    return UsageError(
        f"no term is set for persons, so {year} is not to be purged",
        expected="persons: {years: 3} or its like",
        next_step="set it, if the office has decided so",
        where="params/retention.yml",
    )


def _orders(home: Path, retention: Retention, day: dt.date, wanted: list[int]) -> list[Order]:
    """The years whose term has passed and of which something is left to purge.

    Raises
    ------
    UsageError
        If one was asked for by name whose term has not passed.
    """
    term = retention.persons
    if term is None:
        return []
    for each in wanted:
        if not term.has_passed(each, day):
            raise UsageError(
                f"the records of {each} are kept until {term.ends(each)}",
                expected=f"a year whose term of {term.years} years has passed on {day}",
                next_step="leave it out, or see params/retention.yml",
                where="--year",
            )
    orders = [Order(home, each, day, retention) for each in wanted or _years(home)]
    return [
        order for order in orders
        if term.has_passed(order.year, day)
        and (has_snapshot(home, order.year)
             or _unfinished(order)
             or (order.year in wanted and order.to_remove()))
    ]  # fmt: skip


def _unfinished(order: Order) -> bool:
    purge = read_purge(order.home, order.year)
    return purge is not None and (purge.state != "done" or bool(order.to_remove()))


def _years(home: Path) -> list[int]:
    """The years of which there are records, or were."""
    outputs = home / "outputs"
    found = [*(outputs / "records").glob("*"), *(outputs / "kept").glob("*")]
    return sorted({int(p.name) for p in found if p.is_dir() and p.name.isdigit()})


def _planned(order: Order) -> dict[str, Any]:
    """What would be done about a year."""
    rows = {}
    if has_snapshot(order.home, order.year):
        tables = read_pointer(order.home, order.year)["tables"]
        rows = {name: entry["rows"] for name, entry in tables.items()
                if name in TABLES and is_on_persons(TABLES[name]) and entry["rows"]}  # fmt: skip
    return {
        "year": order.year,
        "state": "to purge",
        "rows": rows,
        "files": counted(order.to_remove()),
        "remove": [_below(order, path) for path in order.to_remove()],
        **_left(order),
    }


def _purged(order: Order) -> dict[str, Any]:
    """Purge one year; what went wrong is told, and keeps no other year from it."""
    try:
        return _purge(order)
    except ReportkitError as error:
        return {"year": order.year, "state": "not purged", "error": str(error)}


def _purge(order: Order) -> dict[str, Any]:
    home, year = order.home, order.year
    names: set[str] = set()
    if has_snapshot(home, year):
        from reportkit.annual.keeping import figures_of

        figures = figures_of(home, year)
        write(home, baseline_of(home, year)[0])
        names = keep(order, figures)
    elif read_purge(home, year) is None:
        raise UsageError(
            f"no records of {year} have been imported, so its figures are not kept",
            expected="a snapshot of the year",
            next_step=f"reportkit import --year {year}, then purge",
            where=f"outputs/records/{year}",
        )
    for folder in order.in_outputs():
        if folder != order.base:
            keep_changed(home / "outputs", folder, strangers=False)
    record = remove(order)
    _forget(order)
    naming = [_below(order, path) for path in files_naming(_looked_at(order), names)]
    rows = {name: entry["removed"] for name, entry in record["tables"].items() if entry["removed"]}
    return {
        "year": year,
        "state": "purged",
        "rows": rows,
        "files": len(record["removed"]) + len(record["originals_removed"]),
        "record": f"outputs/kept/{year}/purged.json",
        "naming": naming,
        "kept": [each._asdict() for each in take_notes(home / "outputs")],
        **_left(order),
    }


def _forget(order: Order) -> None:
    """The manifest tells no more of papers that went: else they would count as damaged."""
    outputs = order.home / "outputs"
    with contextlib.suppress(RecordsError):  # a damaged one is told of by `status`
        manifest = Manifest(outputs, order.year)
        gone = [key for key, entry in manifest.entries.items()
                if not (outputs / entry["folder"]).exists()]  # fmt: skip
        for key in gone:
            del manifest.entries[key]
        manifest.unfinished -= set(gone)
        if gone:
            manifest.settle_unfinished()
            manifest.export()


def _looked_at(order: Order) -> list[Path]:
    """Where something about the year's persons may still stand that the tool does not delete."""
    outputs, params, year = order.home / "outputs", order.home / "params", str(order.year)
    places = (outputs / year, outputs / "logs", outputs / "delivery" / year,
              outputs / "drafts" / year, outputs / "sheets" / year, order.kept,
              params / "decisions" / f"{year}.yml", params / "text" / year,
              params / "baseline" / f"{year}.yml", params / "confirmations" / f"{year}.yml",
              order.home / "data" / "confirmations" / year)  # fmt: skip
    return [path for path in places if path.exists()]


def _left(order: Order) -> dict[str, Any]:
    """What is there of the year and is not touched."""
    originals = [] if order.with_submissions else order.originals()
    outputs = order.home / "outputs"
    issued = issued_with_records(outputs, order.year)
    issued += archives_with_records(outputs, order.year)
    return {
        "originals": [_below(order, path) for path in originals],
        "issued": [_below(order, path) for path in issued],
    }


def _below(order: Order, path: Path) -> str:
    return path.relative_to(order.home).as_posix()


def _show(told: list[dict[str, Any]], day: dt.date) -> None:
    if not told:
        say(f"No year's term has passed on {day} that was not purged already.")
    for each in told:
        year = each["year"]
        if "error" in each:
            complain(f"{year}: not purged: {each['error']}")
            continue
        rows = ", ".join(f"{name} {n}" for name, n in each["rows"].items()) or "none left"
        dry = each["state"] == "to purge"
        say(f"{year}: {'would be purged' if dry else 'purged'}: rows on persons ({rows}), "
            f"{each['files']} files", style="yellow" if dry else "green")  # fmt: skip
        for path in each.get("remove", ()):
            say(f"  to be removed: {path}")
        if "record" in each:
            say(f"  figures and the record are in outputs/kept/{year}/")
        for path in each["originals"]:
            complain(f"  left as it is: {path} (no term for submissions has passed)",
                     style="yellow")  # fmt: skip
        for path in each["issued"]:
            complain(f"  left as it is: {path} (issued, with a snapshot of {year})", style="yellow")
        for kept in each.get("kept", ()):
            complain(
                f"  not as the manifest has it: {kept['file']}; kept as {kept['copy']}",
                style="yellow",
            )
        for path in each.get("naming", ()):
            complain(f"  look over: {path} holds words that are a person's name", style="yellow")
