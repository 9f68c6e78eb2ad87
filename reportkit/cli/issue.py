"""``reportkit issue``: final files, made once from inputs that are kept with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.batch.run import lock, nothing_ran
from reportkit.cli import options
from reportkit.cli.console import say, say_json, shown_path, table
from reportkit.cli.issuing import Act, options_of, show_in_index
from reportkit.cli.making import make
from reportkit.cli.noting import note
from reportkit.cli.options import home_of
from reportkit.errors import UsageError
from reportkit.issuing.folder import folder_of
from reportkit.params.issue import load_issue

if TYPE_CHECKING:
    from reportkit.batch.contract import Options

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Names params/issue/<id>.yml.")]


def issue(
    context: typer.Context,
    issue_id: IdArgument,
    by: Annotated[str, typer.Option("--by", help="Who issues it in the office.")],
    standard_fonts: options.StandardFonts = None,
    jobs: options.Jobs = None,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Issue documents: their final files, once and for all, in outputs/issued/<id>/.

    Number (文号), signatory (签发人) and date (成文日期) come from params/issue/<id>.yml. Every
    document must be at signature (签发稿), without edits that no longer fit; units that have not
    confirmed their figures hold it up unless waived. Exit status: 0 issued, 1 something stands in
    the way (nothing was issued), 2 wrong usage or parameters.
    """
    folder = home_of(context, home)

    with lock(folder / "outputs"):  # from the look at stages and drafts to the note of it
        with nothing_ran():
            content = load_issue(folder, issue_id)
            if content.corrects:
                raise UsageError(
                    f"{issue_id} corrects {content.corrects}",
                    expected="an issue that corrects none",
                    next_step=f"reportkit correct {content.corrects} --id {issue_id}",
                    where="id",
                )
            act = Act.prepared(folder, issue_id, content, by)
            options = options_of(content, jobs, standard_fonts)
        hindrances, done = _issued(act, options, dry_run)
    _tell(act, hindrances, as_json, done)
    raise typer.Exit(int(bool(hindrances)))


def _issued(act: Act, options: Options, dry: bool) -> tuple[list[tuple[str, str]], str]:
    """What stands in the way, and what was done."""
    there = folder_of(act.outputs, act.issue_id).exists()
    hindrances = [] if there else act.hindrances()
    if hindrances:
        return hindrances, ""
    if dry:
        return [], "was issued already" if there else "would be issued"
    if not there:
        make(act, options)
    note(act.home, act.issue_id)  # of a call that was cut off before it, too
    show_in_index(act.home)
    return [], "was issued already" if there else "is issued"


def _tell(act: Act, hindrances: Sequence[tuple[str, str]], as_json: bool, done: str) -> None:
    place = folder_of(act.outputs, act.issue_id)
    if as_json:
        say_json({
            "id": act.issue_id, "documents": [d.key for d in act.documents],
            "issued": place.exists(), "folder": str(place),
            "hindrances": [{"of": of, "why": why} for of, why in hindrances],
        })  # fmt: skip
        return
    if hindrances:
        table("In the way:", ("of", "why"), hindrances)
        say("nothing was issued", style="red")
        return
    numbers = [act.issue.number, *act.issue.numbers.values()]
    told = ", ".join([f"{len(act.documents)} documents", *filter(None, numbers)])
    say(f"{act.issue_id} {done}: {told}, {act.issue.date}; {shown_path(place)}/", style="green")
    if place.exists():
        say(f"next: reportkit verify {shown_path(place)}; reportkit archive {act.issue_id}")
