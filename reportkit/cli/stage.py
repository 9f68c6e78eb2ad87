"""``reportkit stage``: how far each document has come, and the next step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.annual import current_pins
from reportkit.batch.contract import AS_MADE, Document, Options, Selection
from reportkit.batch.run import lock, nothing_ran, preview
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json, shown_path, table
from reportkit.cli.holding import RELEASE, release
from reportkit.cli.indexing import refresh_index
from reportkit.cli.options import home_of, today_of
from reportkit.cli.run import opened, selected
from reportkit.cli.workbook import CIRCULAR, StudyWorkbook
from reportkit.errors import ReportkitError, UsageError
from reportkit.params.stages import (
    COMMENTS,
    ISSUED,
    NAMES,
    SIGNATURE,
    Stage,
    Stages,
    Step,
    load_stages,
    write_stages,
)

if TYPE_CHECKING:
    from reportkit.batch.plan import Planned


def stage(
    context: typer.Context,
    to: Annotated[
        str | None,
        typer.Argument(
            metavar="[STAGE]",
            help="comments (征求意见稿), review (送审稿), signature (签发稿); release: what is "
            "held back of --unit was looked at, and may go out. Default: show all.",
        ),
    ] = None,
    unit: options.Units = None,
    year: Annotated[int | None, typer.Option(help="Default: the latest in params/.")] = None,
    period: options.Periods = None,
    by: Annotated[str | None, typer.Option("--by", help="Who takes the step.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day; default: today.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Pin the figures anew, to the records as they are now.")
    ] = False,
    why: Annotated[str, typer.Option("--why", help="Why it goes back, or is pinned anew.")] = "",
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Show the stage of each circular, or take them to the next one.

    From review on a document's figures are pinned to the records as they are: later data are
    listed here, not merged. The next run prints the stage on the first page; the drafts of the
    stage that is left are kept in outputs/drafts/. Exit status: 0 all taken, 1 some were not
    (failed, not up to date, or with edits that no longer fit), 2 wrong usage.
    """
    folder = home_of(context, home)

    with nothing_ran():
        selection = selected(folder, [year] if year else None, period, unit, None, "draft")
        workbook = opened(folder, selection)
    if to is None:
        rows = list(_listed(workbook, selection))
        _show(rows, as_json)
        return
    wanted = None if to == RELEASE else _named(to)
    if not (by and by.strip()):
        raise UsageError("nobody is named", expected="who takes the step", where="--by")
    signed = _signed(folder, by, on)
    if wanted is None:
        released = release(folder, selection, signed, why, dry=dry_run)
        say_json(released) if as_json else say(f"let go: {', '.join(released) or 'nothing'}")
        return
    told = _take(workbook, selection, wanted, signed, why, again=again, dry=dry_run)
    if not dry_run:
        refresh_index(workbook, work_out=False)
    if as_json:
        say_json(told)
    else:
        _tell(told, wanted, dry_run, folder)
    raise typer.Exit(int(bool(told["refused"])))


def _named(to: str) -> Stage:
    found = NAMES.get(to.strip().lower()) or next((s for s in NAMES.values() if s == to), None)
    if found is None:
        raise UsageError(
            f"{to!r}",
            expected=f"one of {', '.join(f'{name} ({s})' for name, s in NAMES.items())}",
            where="stage",
        )
    return found


def _signed(home: Path, by: str, on: str | None) -> tuple[str, dt.date]:
    try:
        return by, dt.date.fromisoformat(on) if on else today_of(home)
    except ValueError:
        raise UsageError(f"{on!r}", expected="a day as 2024-01-05", where="--on") from None


def _check_day(day: dt.date, now: Step | None) -> None:
    if now and day < now.day:
        raise UsageError(
            f"on {day}, before it became {now.stage}",
            expected=f"a day from {now.day} on",
            next_step="correct --on",
        )


# ---------------------------------------------------------------- the step


def _take(
    workbook: StudyWorkbook, selection: Selection, wanted: Stage, signed: tuple[str, dt.date],
    why: str, *, again: bool, dry: bool,
) -> dict[str, Any]:  # fmt: skip
    """Take every document that is fit for it; what is not is told with its reason."""
    taken: list[str] = []
    refused: list[dict[str, str]] = []
    with lock(workbook.outputs):
        for year in selection.years:
            done, bad = _of_year(workbook, selection, year, wanted, signed, why, again, dry)
            taken += done
            refused += bad
    return {"stage": wanted, "taken": taken, "refused": refused}


def _of_year(
    workbook: StudyWorkbook, selection: Selection, year: int, wanted: Stage,
    signed: tuple[str, dt.date], why: str, again: bool, dry: bool,
) -> tuple[list[str], list[dict[str, str]]]:  # fmt: skip
    from dataclasses import replace

    from reportkit.drafts.stages import check_step

    stages = load_stages(workbook.home, year)
    fresh = current_pins(workbook.home, year) if wanted != COMMENTS else {}
    steps: dict[str, Step] = {}
    ready: list[tuple[str, Planned]] = []
    refused = []
    for planned in _planned(workbook, replace(selection, years=(year,))):
        key = stage_key(planned.document)
        now = stages.of(key)
        try:
            check_step(key, now, wanted, why, again=again)
            _check_day(signed[1], now)
            gone = workbook.dependence.unmakeable(planned.document.unit, year,
                                                  planned.document.period)  # fmt: skip
            _check_made(planned, wanted, gone, again=again)
        except ReportkitError as error:
            refused.append({"document": key, "why": str(error).removeprefix(f"{key}: ")})
            continue
        pins = dict(now.snapshots) if now and now.snapshots and not again else fresh
        by, day = signed
        steps[key] = Step(
            stage=wanted, by=by, day=day, snapshots=pins if wanted != COMMENTS else {}, why=why,
            words=_words(workbook, planned) if wanted == SIGNATURE else "",
        )  # fmt: skip
        ready.append((key, planned))
    if steps and not dry:
        _keep_drafts(workbook, stages, ready)

        write_stages(workbook.home, year, stages.with_steps(steps))
    return list(steps), refused


def stage_key(document: Document) -> str:
    """What a document is called among the stages."""
    return f"{document.unit}/{document.wording}"


def _planned(workbook: StudyWorkbook, selection: Selection) -> list[Planned]:
    """The circulars selected, with all editions of each being one document: its draft."""
    found = preview(workbook, selection, Options(formats=("docx",), publisher=AS_MADE))
    return [planned for planned in found if planned.document.name == CIRCULAR]


def _check_made(planned: Planned, wanted: Stage, gone: str | None, *, again: bool) -> None:
    """Refuse a draft that nobody has seen as it now is.

    ``gone``: why it cannot be made from what it is pinned to.

    Raises
    ------
    UsageError
        If it is not made, not up to date, or has edits that no longer fit.
    """
    document = planned.document
    # Pinned anew it needs neither the data of before nor, where they are lost, those at all.
    passed = ("data", f"blocked: {gone}") if again and gone else ("data",) if again else ()
    reasons = [r for r in planned.reasons if not r.startswith(passed)]
    if reasons:
        raise UsageError(
            f"the draft is not up to date ({'; '.join(reasons)})",
            expected="a draft that is made, and seen, as it is now",
            next_step=f"reportkit run --unit {document.unit}, and look at it",
        )
    stale = planned.before.get("stale_edits", [])
    if stale and wanted == SIGNATURE:
        raise UsageError(
            f"edits of leaders no longer fit: {'; '.join(stale)}",
            expected=f"a draft without such edits from {wanted} on",
            next_step="reportkit adopt --list, and settle each",
        )


def _words(workbook: StudyWorkbook, planned: Planned) -> str:
    """What the draft says that is taken to signature, in short."""
    from reportkit.drafts.returned import words_hash, words_of

    document = planned.document
    return words_hash(words_of(workbook.outputs / document.folder / f"{document.stem}.docx"))


def _keep_drafts(
    workbook: StudyWorkbook, stages: Stages, ready: Sequence[tuple[str, Planned]]
) -> None:
    from reportkit.drafts.stages import keep_draft, numbered

    for key, planned in ready:
        now = stages.of(key)
        if now:
            number = numbered(stages.documents, key)
            keep_draft(workbook.outputs, key, number, now.stage, planned.before)


def _tell(told: dict[str, Any], wanted: Stage, dry: bool, home: Path) -> None:
    if told["refused"]:
        rows = [(each["document"], each["why"]) for each in told["refused"]]
        table("Not taken:", ("document", "why"), rows)
    verb = "would be" if dry else "are"
    say(f"{len(told['taken'])} {verb} {wanted}, {len(told['refused'])} not")
    if told["taken"] and not dry:
        say(f"next: reportkit run, which prints it on the first page; {shown_path(home / 'params')}"
            "/stages/ keeps who and when")  # fmt: skip


# ---------------------------------------------------------------- the list


def _listed(workbook: StudyWorkbook, selection: Selection) -> Iterator[dict[str, Any]]:
    """Each circular with its stage, and what has come in since its figures were pinned."""
    for document in workbook.documents(selection):
        if document.name != CIRCULAR:
            continue
        step = load_stages(workbook.home, document.year).of(stage_key(document))
        yield {
            "document": stage_key(document),
            "title": document.title,
            "year": document.year,
            "stage": step.stage if step else None,
            "by": step.by if step else None,
            "day": step.day.isoformat() if step else None,
            "why": step.why if step else "",
            "snapshots": {str(y): d for y, d in step.snapshots.items()} if step else {},
            "later": workbook.dependence.later_data(document),
        }


def _show(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        say_json(rows)
        return
    columns = ("document", "title", "year", "stage", "by", "day")
    shown = [[row[name] or "-" for name in columns] for row in rows]
    table("Stages:", columns, shown)
    for row in rows:
        if row["later"]:
            complain(
                f"{row['document']}: pinned; not merged: {'; '.join(row['later'])}", style="yellow"
            )
    stages = {row["stage"] for row in rows if row["later"]}
    if stages - {ISSUED}:
        say("to take later data in: reportkit stage review --unit ID --again --why TEXT --by NAME")
    if ISSUED in stages:
        say("what was issued is corrected: reportkit correct ID --id CORRECTION --by NAME")
