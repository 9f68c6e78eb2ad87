"""``reportkit status``: what the manifests say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.batch.manifest import (
    Entry,
    Manifest,
    files_changed,
    stale_files,
    years_with_manifest,
)
from reportkit.cli import options
from reportkit.cli.console import say, say_json, shown_path, table
from reportkit.cli.options import home_of
from reportkit.params.stages import load_stages
from reportkit.site.gathering import wording_of


def status(
    context: typer.Context,
    year: options.Years = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that are not good.")] = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Show the state of every circular.

    How its last attempt ended, whether its files are whole, and which are stale: of formats that
    were not asked for when the others were made anew. Reads the manifest, and the
    journal of a run that is under way or was cut off. Exit status: 0 all good, 1 some are not.
    """
    outputs = home_of(context, home) / "outputs"

    years = sorted(set(year)) if year else years_with_manifest(outputs)
    rows = [row for each in years for row in _of_year(outputs, each)]
    shown = [row for row in rows if not (failed and row["good"])]
    if as_json:
        say_json(shown)
    elif not rows:
        say("nothing has been made yet; next: reportkit run")
    else:
        columns = ("circular", "unit", "year", "last result", "cell", "message", "files", "stage",
                   "remarks")  # fmt: skip
        table("Circulars:", columns, [_shown(row) for row in shown])
        bad = {(row["files_state"], _again(row)) for row in shown if row["faults"]}
        for state, command in sorted(bad):
            say(f"next, for {state} files: {command}")
        good = sum(row["good"] for row in rows)
        say(f"{good} good, {len(rows) - good} not; {shown_path(outputs)}/")
    raise typer.Exit(int(any(not row["good"] for row in rows)))


def _of_year(outputs: Path, year: int) -> list[dict[str, Any]]:
    manifest = Manifest(outputs, year)
    stages = load_stages(outputs.parent, year)
    rows = []
    for key, entry in sorted(manifest.entries.items()):
        last = entry["last_result"]
        files, faults = _files_state(outputs, entry)
        running = key in manifest.unfinished
        good = bool(
            last and last["state"] == "done" and files in ("whole", "stale") and not running
        )
        step = stages.of(f"{entry['unit']}/{wording_of(key.partition('/')[2], entry)}")
        rows.append(
            {"key": key, "good": good, "unfinished": running, "files_state": files,
             "faults": faults, "stage": step.stage if step else None, **entry}
        )  # fmt: skip
    return rows


def _again(row: dict[str, Any]) -> str:
    """The command that makes a document again."""
    time = f"--period {row['period']}" if row["period"] else f"--year {row['year']}"
    options = {"formal": "--formal", "masked": "--mask"}
    edition = [options[part] for part in row["edition"].split(".") if part in options]
    named = "confirmation" if row["key"].partition("/")[2].startswith("confirmation") else ""
    notebook = [f"--notebook {named}"] if named else []
    return " ".join(["reportkit run", time, *edition, *notebook, f"--unit {row['unit']}"])


def _files_state(outputs: Path, entry: Entry) -> tuple[str, list[str]]:
    """Whether the files stand on the disk as recorded: none, whole, damaged or stale; and why."""
    damage = files_changed(outputs, entry)
    stale = [f"{name} is stale" for name in stale_files(entry)]
    state = "damaged" if damage else "stale" if stale else "whole" if entry["files"] else "none"
    return state, damage + stale


def _shown(row: dict[str, Any]) -> tuple[object, ...]:
    last = row["last_result"]
    error = last["error"] if last else None
    state = "unfinished" if row["unfinished"] else (last["state"] if last else "never made")
    message = f"{error['type']}: {error['message']}" if error else None
    cell = error["cell"] if error else None
    files = f"{row['files_state']}: {'; '.join(row['faults'])}".removesuffix(": ")
    remarks = "; ".join(
        what for name in ("held", "stale_edits", "left_out") for what in row.get(name, ())
    )
    return (row["key"], row["label"], row["year"], state, cell, message, files,
            row["stage"], remarks)  # fmt: skip
