"""``reportkit adopt``: a draft that leaders edited in Word, read back into the workbook."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.batch.run import lock
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json, shown_path, table
from reportkit.cli.options import home_of, today_of
from reportkit.cli.settling import list_edits, run_command, settle
from reportkit.cli.workbook import known_document
from reportkit.comparing.texts import changed, edit_sentences
from reportkit.drafts import adopting
from reportkit.drafts.adopting import Adopted, Signed, day_of
from reportkit.drafts.returned import Returned, keep, read_returned, signers
from reportkit.errors import DraftError, ReportkitError, UsageError
from reportkit.params import available_years
from reportkit.params.edits import load_edits

if TYPE_CHECKING:
    from reportkit.drafts.comparing import Change, Question

FilesArgument = Annotated[
    list[Path] | None, typer.Argument(help="Word copies that came back, as .docx.")
]
ByOption = Annotated[
    str | None,
    typer.Option("--by", help="Who edited it, where the file does not say."),
]
OnOption = Annotated[
    str | None, typer.Option("--on", help="The day, as 2024-01-05, where the file does not say.")
]


BaseOption = Annotated[
    Path | None,
    typer.Option("--base", help="The draft as it was sent, for a file that lost its own data."),
]
SameOption = Annotated[
    bool | None,
    typer.Option(
        "--same/--other",
        help="How to answer whether a line without its bookmark is another's new wording. "
        "Default: ask.",
        show_default=False,
    ),
]
ListOption = Annotated[bool, typer.Option("--list", help="Show all edits, and which fit.")]
UnitOption = Annotated[str | None, typer.Option("--unit", help="With --list, --place: whose.")]
YearOption = Annotated[int | None, typer.Option("--year", help="With --list, --place: of when.")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="The same, of a period.")]
PlaceOption = Annotated[
    list[str] | None, typer.Option("--place", help="The edit to settle; `all`: every stale one.")
]
RefillOption = Annotated[
    bool, typer.Option("--refill", help="Its words stay, with the figures as they are now.")
]
KeepOption = Annotated[
    bool, typer.Option("--keep", help="Its words and figures stay, for what there is now.")
]
DropOption = Annotated[
    bool, typer.Option("--drop", help="The notebook's own text again; the edit is kept aside.")
]


def adopt(
    context: typer.Context,
    files: FilesArgument = None,
    by: ByOption = None,
    on: OnOption = None,
    base: BaseOption = None,
    same: SameOption = None,
    list_: ListOption = False,
    unit: UnitOption = None,
    year: YearOption = None,
    period: PeriodOption = None,
    place: PlaceOption = None,
    refill: RefillOption = False,
    keep: KeepOption = False,
    drop: DropOption = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Read Word copies back that leaders have edited, tracked changes and comments included.

    Their wording goes into params/text/<year>/edits/, and each run prints it from then on. What
    cannot be taken over (tables, signature, text boxes) is named. An edit whose figures have
    changed since is marked in the draft: settle it with --unit, --place and --refill, --keep or
    --drop. Exit status: 0 all adopted, 1 something was not, 2 wrong usage.
    """
    folder = home_of(context, home)
    how = [name for name, on_ in (("refill", refill), ("keep", keep), ("drop", drop)) if on_]
    if list_ or place or how:
        if files:
            raise UsageError("a file with --list or --place", expected="one of the two",
                             where="adopt")  # fmt: skip
        if list_:
            raise typer.Exit(list_edits(folder, unit, year, period, as_json))
        settle(folder, unit, year, period, place or (), how, by)
        return
    if not files:
        raise UsageError("no file", expected="a Word copy that came back, or --list", where="adopt")
    told = [_adopted(folder, path, base, by, _day(on), same, dry_run, as_json) for path in files]
    if as_json:
        say_json(told)
    raise typer.Exit(int(not all(each["whole"] for each in told)))


def _day(on: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(on) if on else None
    except ValueError:
        raise UsageError(f"{on!r}", expected="a day as 2024-01-05", where="--on") from None


def _adopted(
    home: Path, path: Path, base: Path | None, by: str | None, on: dt.date | None,
    same: bool | None, dry: bool, quiet: bool,
) -> dict[str, Any]:  # fmt: skip
    """One file; what is wrong with it is told, and does not keep others from being read."""
    try:
        returned = read_returned(path, base)
        _check_known(home, returned)
        source = f"{path.name} ({returned.digest[:12]})"
        signed = Signed(*_signed(home, returned, by, on), source)
        own = returned.base
        with lock(home / "outputs"):
            known = load_edits(home, own.year, own.unit, returned.wording)
            adopted = adopting.adopt(
                own, returned.edited.lines, known, signed, _asked(same, path, quiet),
                returned.remarks, signers(returned.edited),
            )  # fmt: skip
            kept = None if dry else keep(home, returned, adopted.edits)
    except ReportkitError as error:
        if error.exit_status == UsageError.exit_status:
            raise
        complain(f"error: {error}")
        return {"file": str(path), "whole": False, "error": str(error)}
    told = _told(returned, adopted, path)
    if not quiet:
        _show(returned, adopted, told)
        if kept:
            say(f"adopted into {shown_path(kept[0])}; the file is kept as {shown_path(kept[1])}")
            say(f"next: {_run_again(returned)}")
    return told


def _check_known(home: Path, returned: Returned) -> None:
    own = returned.base
    if own.year not in available_years(home) or not known_document(home, own.unit):
        raise DraftError(
            f"a draft of {own.unit}, {own.year}",
            expected="a document of this workbook",
            next_step="see --home, and the units in params/units.yml",
            where=str(returned.path),
        )


def _signed(
    home: Path, returned: Returned, by: str | None, on: dt.date | None
) -> tuple[str, dt.date]:
    """Who and when: as given, else as the file says."""
    edited = returned.edited
    # A program that does not say who saved leaves the name that we put there: that is nobody's.
    own = edited.author == edited.properties.get("creator", "")
    tracked = {c.author for line in edited.lines for c in line.changes if c.author}
    who = by or "、".join(sorted(tracked)) or ("" if own else edited.author)
    if not who:
        raise UsageError(
            f"{returned.path} does not say who edited it",
            expected="a name", next_step="name the person: --by NAME", where="--by",
        )  # fmt: skip
    moment = "" if own else edited.modified
    return who, on or day_of(moment) or today_of(home)


def _asked(same: bool | None, path: Path, quiet: bool) -> Any:
    """How a question is answered: by the options, by the person at the terminal, or not at all."""

    def ask(question: Question) -> bool:
        if same is not None:
            return same
        if quiet or not sys.stdin.isatty():
            raise DraftError(
                f"{question.place}: it is not certain that “{question.after}” is the new wording "
                f"of “{question.before}” (likeness {question.likeness:.0%})",
                expected="an answer",
                next_step="run it at a terminal, or answer all such questions with --same or "
                "--other",
                where=str(path),
            )
        say(f"{question.place} has lost its bookmark (likeness {question.likeness:.0%}):")
        say(f"  was  {question.before}")
        say(f"  now  {question.after}")
        return typer.confirm("Is this its new wording?", default=True)

    return ask


NOT_ADOPTED = ("fixed", "cell", "aside")
"""Differences that are told of, and that only a person can carry out."""


def _told(returned: Returned, adopted: Adopted, path: Path) -> dict[str, Any]:
    own = returned.base
    changes = [_plain(change) for change in adopted.compared.changes]
    return {
        "file": str(path),
        "whole": not any(change["kind"] in NOT_ADOPTED for change in changes),
        "unit": own.unit,
        "year": own.year,
        "document": returned.wording,
        "changes": changes,
        "restored": list(adopted.restored),
        "replaced": [edit.model_dump(mode="json") for edit in adopted.replaced],
        "remarks": [remark.model_dump() for remark in returned.remarks],
        "warnings": list(returned.edited.warnings),
    }


def _plain(change: Change) -> dict[str, Any]:
    figures = [
        {"old": f.old, "new": f.new, "indicator": f.name, "near": f.near} for f in change.figures
    ]
    return {
        "kind": change.kind, "place": change.place, "moved": change.moved,
        "before": change.before, "after": change.after, "figures": figures,
        "by": change.by, "on": change.on[:10],
    }  # fmt: skip


def _show(returned: Returned, adopted: Adopted, told: dict[str, Any]) -> None:
    own = returned.base
    say(f"{returned.path.name}: {own.unit}, {own.year}, {returned.wording}")
    if returned.borrowed:
        complain("warning: it lost its own data; held against the file named", style="yellow")
    taken = [c for c in told["changes"] if c["kind"] not in NOT_ADOPTED]
    left = [c for c in told["changes"] if c["kind"] in NOT_ADOPTED]
    columns = ("what", "place", "before", "after", "by")
    if taken:
        table("Adopted:", columns, [_row(change) for change in taken])
    figures = [
        (change["place"], f["indicator"], f["old"], f["new"], f["near"])
        for change in told["changes"] if change["kind"] not in ("removed", "added")
        for f in change["figures"]
    ]  # fmt: skip
    if figures:
        table("Figures changed by hand:", ("place", "indicator", "was", "is", "near"), figures)
    if left:
        table("Not adopted, to be seen to by hand:", columns, [_row(change) for change in left])
    if returned.remarks:
        rows = [(r.place, r.by, r.quoted, r.text) for r in returned.remarks]
        table("Comments:", ("place", "by", "on the words", "comment"), rows)
    for edit in adopted.replaced:
        complain(
            f"warning: {edit.place}: takes the place of an edit of {edit.by}, {edit.day}, which "
            f"this draft did not hold: {edit.now or '(removed)'}",
            style="yellow",
        )
    for place in adopted.restored:
        say(f"{place} reads as the notebook makes it again")
    for warning in told["warnings"]:
        complain(f"warning: {warning}", style="yellow")
    if not (told["changes"] or returned.remarks):
        say("nothing was changed")


def _row(change: dict[str, Any]) -> Sequence[object]:
    what = change["kind"] + (" and moved" if change["moved"] and change["kind"] != "moved" else "")
    before, after = change["before"], change["after"]
    if before and after:
        before, after = _differing(before, after)
    return (what, change["place"], before, after, change["by"])


def _differing(before: str, after: str) -> tuple[str, str]:
    """Of two wordings the sentences that differ: a long paragraph is found by its place."""
    found = [each for each in edit_sentences(before, after) if changed(each)]
    return ("".join(edit.a for each in found for edit in each),
            "".join(edit.b for each in found for edit in each))  # fmt: skip


def _run_again(returned: Returned) -> str:
    period = returned.wording.partition(".")[2]
    return run_command(returned.base.unit, returned.base.year, period or None)
