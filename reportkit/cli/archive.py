"""``reportkit archive``: all that belongs to what was issued, in one file."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import typer

from reportkit.batch.run import nothing_ran
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json, shown_path, table
from reportkit.cli.issue import IdArgument
from reportkit.cli.options import home_of
from reportkit.errors import RecordsError
from reportkit.issuing.archiving import all_corrections, collect, pack, stale_papers
from reportkit.issuing.folder import changed_files, folder_of, read_manifest
from reportkit.params import GROUP_DOCUMENT
from reportkit.params.issue import load_issue


def archive(
    context: typer.Context,
    issue_id: IdArgument,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Pack what was issued, its drafts, 底稿, 确认单, inputs and hashes: outputs/archive/<id>.zip.

    A list (目录.csv) and SHA256SUMS stand in it. Packed again, the same files give the same bytes;
    where something has come since (a correction), a further file is written beside the first. Exit
    status: 0 packed, 1 what was issued is not as it was, 2 wrong usage.
    """
    folder = home_of(context, home)

    with nothing_ran():
        load_issue(folder, issue_id)
    outputs = folder / "outputs"
    issued = folder_of(outputs, issue_id)
    manifest = read_manifest(issued)
    for name in (issue_id, *all_corrections(outputs, issue_id)):
        place = folder_of(outputs, name)
        if changed := changed_files(place, read_manifest(place)):
            raise RecordsError(
                f"{name} is not as it was issued: {changed[0]}",
                expected="files that nobody has changed",
                next_step="take them from a copy; reportkit verify names all",
                where=shown_path(place),
            )
    files = collect(folder, issue_id, manifest)
    day = dt.date.fromisoformat(manifest["date"])
    path, new = pack(files, outputs, issue_id, day)
    counts = Counter(each.name.partition("/")[0] for each in files)
    if as_json:
        say_json({"id": issue_id, "archive": str(path), "new": new, "files": dict(counts)})
        return
    table("Packed:", ("kind", "files"), counts.items())
    of_group = any(each["unit"] == GROUP_DOCUMENT for each in manifest["documents"].values())
    for stale in stale_papers(outputs, manifest["year"]) if of_group else ():
        complain(f"warning: {shown_path(stale)} is stale: it was left out", style="yellow")
    for kind in (*(["底稿"] if of_group else []), "数据确认", "核稿"):
        if not counts[kind] and not manifest["period"]:
            complain(f"warning: nothing of {kind} is there to be packed", style="yellow")
    say(f"{shown_path(path)} {'written' if new else 'is there already, and the same'}",
        style="green")  # fmt: skip
