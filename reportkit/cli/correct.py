"""``reportkit correct``: a 更正 of what was issued, and both linked to each other."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.annual import current_pins
from reportkit.batch.run import lock, nothing_ran
from reportkit.cli import options
from reportkit.cli.console import say, say_json, shown_path, table
from reportkit.cli.issue import IdArgument
from reportkit.cli.issuing import Act, options_of, show_in_index
from reportkit.cli.making import copy_records, manifest_of, run_from
from reportkit.cli.noting import note
from reportkit.cli.options import home_of
from reportkit.cli.refilling import refill, take_over
from reportkit.errors import ReportkitError, UsageError
from reportkit.issuing.correcting import Correction, differences, notice
from reportkit.issuing.folder import (
    INPUTS,
    add_correction,
    building,
    changed_files,
    corrections_of,
    folder_of,
    publish,
    read_manifest,
)
from reportkit.issuing.inputs import copy_parameters
from reportkit.params import GROUP_DOCUMENT, own_fonts
from reportkit.params.issue import UNITS, Issue, load_issue
from reportkit.publish import Edition, publish_document
from reportkit.publish.model import Document as Page
from reportkit.publish.model import Paragraph
from reportkit.publish.places import text_of
from reportkit.publish.reading import read_notebook
from reportkit.publish.word.rereading import reread

if TYPE_CHECKING:
    from reportkit.batch.contract import Options
    from reportkit.comparing.comparison import Comparison

ORIGINALS = "corrected"
"""Below the inputs of a correction: the Word copies of what it corrects."""
NOTICE = "correction"


def correct(
    context: typer.Context,
    issue_id: IdArgument,
    as_: Annotated[str, typer.Option("--id", help="The correction's own: params/issue/<id>.yml.")],
    by: Annotated[str, typer.Option("--by", help="Who issues it in the office.")],
    refill: Annotated[
        bool,
        typer.Option("--refill", help="Leaders' wording takes the figures as they are now."),
    ] = False,
    standard_fonts: options.StandardFonts = None,
    jobs: options.Jobs = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Correct what was issued: a 更正 that states what changes, and the text as it is to read.

    The documents are made anew from the records and parameters as they are now, and held against
    what was issued. The correction goes to outputs/issued/<its id>/, with its own number and
    date; what was issued stays as it is, and bears a note of what corrects it. Where figures in
    leaders' wording have changed, --refill puts those of now into their words. Exit status: 0
    corrected, 1 nothing differs, or a document could not be made, or wording of leaders does not
    fit any more, 2 wrong usage or parameters.
    """
    folder = home_of(context, home)

    with lock(folder / "outputs"):  # from the look at what was issued to the note of it
        with nothing_ran():
            content = load_issue(folder, as_)
            _check(folder, issue_id, as_, content)
            act = _of_issued(Act.prepared(folder, as_, content, by))
            options = options_of(content, jobs, standard_fonts)
        done = folder_of(act.outputs, as_).exists()
        told = {} if done else _make(act, options, dry_run, refill)
        if not dry_run:  # also what a call that was cut off has not come to
            _link(act)
            take_over(act)
            note(folder, issue_id)
            note(folder, as_)
            show_in_index(folder)
    if as_json:
        say_json({"id": as_, "corrects": issue_id, "differences": told})
        return
    for key, lines in told.items():
        table(f"{key}:", ("what changes",), [(line,) for line in lines])
    word = "was corrected already" if done else "would be" if dry_run else "is"
    word = word if done else f"{word} corrected"
    place = shown_path(folder_of(act.outputs, as_))
    say(f"{issue_id} {word} by {as_}: {place}/", style="green")
    if not dry_run:
        say(f"next: reportkit verify {place}; reportkit deliver --issue {as_}; reportkit run")


def _of_issued(act: Act) -> Act:
    """The same, of `units` with those alone that were issued by what is corrected."""
    manifest = read_manifest(folder_of(act.outputs, act.issue.corrects))
    issued = {each["unit"] for each in manifest["documents"].values()}
    return replace(act, documents=tuple(d for d in act.documents if d.unit in issued))


def _check(home: Path, issue_id: str, own: str, content: Issue) -> None:
    """Refuse a correction of something else, or of what was corrected already.

    Raises
    ------
    UsageError
        Naming what it has to correct.
    """
    where = f"params/issue/{own}.yml"
    if content.corrects != issue_id:
        raise UsageError(
            f"corrects: {content.corrects or '(nothing)'}", expected=f"corrects: {issue_id}",
            next_step="correct the field, or name what it says", where=where,
        )  # fmt: skip
    folder = folder_of(home / "outputs", issue_id)
    manifest = read_manifest(folder)
    if changed := changed_files(folder, manifest):
        raise UsageError(
            f"{issue_id} is not as it was issued: {changed[0]}",
            expected="files that nobody has changed",
            next_step="take them from the archive",
            where=str(folder),
        )
    there = folder_of(home / "outputs", own)
    if there.exists() and (made := read_manifest(there)["corrects"]) != issue_id:
        raise UsageError(
            f"{own} was issued already, and " + (f"corrects {made}" if made else "no correction"),
            expected="an id that is free",
            next_step="name the correction's file otherwise",
            where=where,
        )
    time = (manifest["year"], manifest["period"], manifest["edition"])
    if (content.year, content.period, content.edition) != time:
        raise UsageError(
            f"a correction of {content.period or content.year}, {content.edition}",
            expected=f"{manifest['period'] or manifest['year']}, {manifest['edition']}",
            next_step="correct year, period and edition",
            where=where,
        )
    _check_units(folder, manifest, own, content)


def _check_units(folder: Path, manifest: dict[str, Any], own: str, content: Issue) -> None:
    """Refuse units that were not issued there, or of which another text is in force by now."""
    where = f"params/issue/{own}.yml"
    issued = {each["unit"] for each in manifest["documents"].values()}
    named = set(content.documents) - {UNITS}
    if UNITS in content.documents:
        named |= issued - {GROUP_DOCUMENT}
    if strangers := sorted(named - issued):
        raise UsageError(
            f"{strangers[0]} was not issued by {manifest['id']}",
            expected=f"some of {', '.join(sorted(issued))}",
            next_step="correct documents",
            where=where,
        )
    for other in [each["id"] for each in corrections_of(folder) if each["id"] != own]:
        documents = read_manifest(folder.with_name(other))["documents"].values()
        if again := sorted(named & {each["unit"] for each in documents}):
            raise UsageError(
                f"{again[0]} of {manifest['id']} was corrected by {other}",
                expected=f"a correction of what is in force: {other}",
                next_step=f"say corrects: {other}, and: reportkit correct {other}; or leave "
                f"{again[0]} out",
                where=where,
            )


# ---------------------------------------------------------------- making


def _make(act: Act, options: Options, dry: bool, wished: bool) -> dict[str, list[str]]:
    """Make it; what changes, by document.

    Raises
    ------
    ReportkitError
        If nothing differs from what was issued, or wording of leaders does not fit any more.
    """
    original = folder_of(act.outputs, act.issue.corrects)
    pins = current_pins(act.home, act.issue.year)
    with building(act.outputs, act.issue_id) as folder:
        inputs = folder / INPUTS
        copy_parameters(act.home, inputs, [d.notebook for d in act.documents])
        # Made from the records as they are now: nothing is pinned, and no stage is printed.
        shutil.rmtree(inputs / "params" / "stages", ignore_errors=True)
        copy_records(act.home, inputs, pins)
        refill(inputs, act, options.jobs, wished=wished)
        for document in act.documents:
            source = original / "documents" / document.unit / f"{document.stem}.docx"
            target = inputs / ORIGINALS / document.unit / source.name
            target.parent.mkdir(parents=True)
            shutil.copyfile(source, target)
        entries, told = make_correction(inputs, act, options, folder / "documents")
        if not told:
            raise ReportkitError(
                f"nothing differs from what was issued as {act.issue.corrects}",
                expected="records, parameters or wording that have changed since",
                next_step="import or edit what was wrong, then correct",
                where="correct",
            )
        if not dry:
            publish(folder, act.outputs, act.issue_id, manifest_of(act, entries, options, pins))
    return told


def make_correction(
    inputs: Path, act: Act, options: Options, into: Path
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The documents as they are to read, and of each that differs the 更正.

    Returns
    -------
    tuple
        The entries of the run, and by document what changes, a line each.
    """
    issued_units = [path.name for path in (inputs / ORIGINALS).iterdir()]
    entries = run_from(inputs, act, options, into, issued_units)
    issued = load_issue(inputs, act.issue.corrects)
    told: dict[str, list[str]] = {}
    for key, entry in list(entries.items()):
        unit = entry["unit"]
        stem = next(name for name in entry["files"] if name.endswith(".docx"))
        found = _differences(inputs / ORIGINALS / unit / stem, into / unit / stem)
        if found is None:
            shutil.rmtree(into / unit)
            del entries[key]
            continue
        about = Correction(
            act.issue.number_of(unit), act.issue.date, issued.number_of(unit), act.issue.reason
        )
        page = notice(found, _as_made(into / unit / stem), about)
        told[key] = _lines(page)
        edition = Edition(act.issue.edition == "formal", None, options.standard_fonts)
        publish_document(page, options.formats, into / unit / NOTICE, edition=edition,
                         own_fonts=own_fonts(act.home))  # fmt: skip
    return entries, told


def _differences(issued: Path, now: Path) -> Comparison | None:
    """What differs between two Word copies; None if nothing does."""
    before, after = (reread(path.read_bytes(), path.name).document for path in (issued, now))
    found = differences(before, after)
    return found if found.differs else None


def _as_made(word: Path) -> Page:
    """The document of the executed notebook beside a Word copy: with mark, page and imprint."""
    import json

    notebook = word.with_suffix(".ipynb")
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return read_notebook(content, name=notebook.stem, folder=notebook.parent)


def _lines(page: Page) -> list[str]:
    lines = [text_of(block) for block in page.blocks if isinstance(block, Paragraph)]
    return lines[1:-1]  # between what opens and what closes it


def _link(act: Act) -> None:
    """Let what was issued say what corrects it."""
    issue = act.issue
    number = issue.number or "、".join(issue.numbers.values())
    add_correction(
        folder_of(act.outputs, issue.corrects),
        {"id": act.issue_id, "number": number, "date": issue.date.isoformat()},
    )
