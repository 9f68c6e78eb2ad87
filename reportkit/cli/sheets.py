"""``reportkit sheets``: 发文稿纸 and 核稿单 for documents that are to go up for signature."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from reportkit.batch.contract import AS_MADE, Document, Options, Selection
from reportkit.batch.manifest import stale_files
from reportkit.batch.run import lock, nothing_ran, preview
from reportkit.cli import options
from reportkit.cli import workbook as names
from reportkit.cli.console import say, say_json, shown_path, table
from reportkit.cli.dependence import DATA_QUALITY, WORKING_PAPER
from reportkit.cli.masking import persons_of
from reportkit.cli.options import home_of
from reportkit.cli.run import edition_named, opened, selected
from reportkit.cli.sources import circular_of, head_offices, sources_of
from reportkit.errors import UsageError
from reportkit.files import pages_in, replace_file
from reportkit.params import GROUP_DOCUMENT, load_letterhead, load_year
from reportkit.params.terms import load_terms
from reportkit.sheets.checks import fails, run_checks
from reportkit.sheets.facts import Facts, read_facts
from reportkit.sheets.given import Form, Given, Phrase, Source
from reportkit.sheets.origins import origins
from reportkit.terms import check
from reportkit.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportkit.batch.plan import Planned
    from reportkit.cli.workbook import StudyWorkbook

FOLDER = "sheets"
"""Where they are put, below ``outputs/``."""
_HASH = 12
"""Characters of a file's SHA-256 that tell which text it was."""


def sheets(
    context: typer.Context,
    year: options.Years = None,
    period: options.Periods = None,
    unit: options.Units = None,
    formal: options.Formal = False,
    wait: options.Wait = 0,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Write the dispatch sheet (发文稿纸) and the checklist (核稿单) of each circular.

    Only of circulars that are done and up to date. Writes
    outputs/sheets/<year>/<unit>/<name>.dispatch.docx and .checklist.docx; nothing in them is
    signed. Exit status: 0 all good, 1 a check failed or a circular was left out, 2 wrong usage.
    """
    folder = home_of(context, home)

    with nothing_ran():
        selection = _selected(folder, year, period, unit, formal)
        workbook = opened(folder, selection)
    with lock(workbook.outputs, wait):
        told = _made(workbook, selection)
    if as_json:
        say_json(told)
    else:
        _show(told)
    bad = any(each["fails"] for each in told["documents"])
    raise typer.Exit(int(bad or bool(told["withheld"])))


def _selected(
    folder: Path, year: list[int] | None, period: list[str] | None, unit: list[str] | None,
    formal: bool,
) -> Selection:  # fmt: skip
    """The circulars asked for: neither 底稿 nor 数据质量报告 is ever signed.

    Raises
    ------
    UsageError
        If one of those is asked for.
    """
    if wrong := [each for each in unit or () if each in (WORKING_PAPER, DATA_QUALITY)]:
        raise UsageError(
            f"{wrong[0]!r} is for the office alone",
            expected="a unit of params/units.yml, or `group`",
            where="--unit",
        )
    of_year = (names.UNIT_NOTEBOOK, names.GROUP_NOTEBOOK)
    of_period = (names.UNIT_PERIOD_NOTEBOOK, names.GROUP_PERIOD_NOTEBOOK)
    notebooks = [Path(name).stem for name in (of_period if period else of_year)]
    edition = edition_named(formal=formal, mask=False)
    return selected(folder, year, period, unit, notebooks, edition)


def _made(workbook: StudyWorkbook, selection: Selection) -> dict[str, Any]:
    """Writes the sheets of all that is ready; says what is not, and why."""
    with nothing_ran():
        planned = preview(workbook, selection, Options(formats=("docx",), publisher=AS_MADE))
    withheld = [
        {"document": p.document.key, "label": p.document.title, "year": p.document.year,
         "why": "; ".join(p.reasons)}
        for p in planned if not p.up_to_date
    ]  # fmt: skip
    documents = [_of(workbook, each) for each in planned if each.up_to_date]
    return {"documents": documents, "withheld": withheld}


def _of(workbook: StudyWorkbook, planned: Planned) -> dict[str, Any]:
    """The two sheets of one circular, written; what they say, for programs."""
    from reportkit.sheets.writing import origin_text, write_checklist, write_dispatch_sheet

    document = planned.document
    copy = workbook.outputs / document.folder / f"{document.stem}.docx"
    facts = read_facts(copy.read_bytes(), shown_path(copy))
    circular = circular_of(workbook, document)
    given = _given(workbook, document, facts, sources_of(workbook, document, circular))
    figures = origins(facts, given.sources)
    checks = run_checks(facts, given, figures)
    form = _form(workbook, planned, circular)
    target = workbook.outputs / FOLDER / document.folder
    target.mkdir(parents=True, exist_ok=True)
    made = {
        "dispatch": write_dispatch_sheet(facts, form),
        "checklist": write_checklist(facts, form, checks, figures),
    }
    files = {kind: target / f"{document.stem}.{kind}.docx" for kind in made}
    for kind, content in made.items():
        replace_file(files[kind], content)
    return {
        "document": document.key, "label": document.title, "year": document.year,
        "characters": facts.characters, "annex_characters": facts.annex_characters,
        "fails": fails(checks), "checks": [dataclasses.asdict(check) for check in checks],
        "figures": [
            {"text": each.figure.text, "clause": each.figure.clause, "section": each.section,
             "state": each.state, "origin": origin_text(each)}
            for each in figures
        ],
        "files": {kind: shown_path(path) for kind, path in files.items()},
    }  # fmt: skip


def _given(
    workbook: StudyWorkbook, document: Document, facts: Facts, sources: Sequence[Source]
) -> Given:
    home, year = workbook.home, document.year
    group = document.unit == GROUP_DOCUMENT
    allowed = set(load_letterhead(home).masked.allow)
    units = workbook.units.in_year(year) if group else ()
    return Given(
        sources=tuple(sources),
        phrases=_phrases(home, year, facts),
        persons=tuple(name for name in persons_of(home, year) if name not in allowed),
        units=tuple(name for each in units for name in each.names),
        rest_of=next((each.short_name for each in head_offices(workbook, year)), ""),
        most_characters=load_year(home, year).group_characters,
    )


def _phrases(home: Path, year: int, facts: Facts) -> tuple[Phrase, ...] | None:
    """Set phrases of the text that are not as approved; None if there is no table of them."""
    terms = load_terms(home)
    if not (terms.phrases or terms.sequences):
        return None
    in_force = terms.in_force(load_year(home, year).issued_on)
    found = []
    for text in (facts.title, facts.addressee, *(each.text for each in facts.passages)):
        for issue in check(text, in_force):
            end = 0
            for sentence in sentences(text):
                end += len(sentence)
                if issue.position < end:
                    break
            told = Phrase(issue.kind, issue.found, issue.approved, sentence.strip(), issue.note)
            found.append(told)
    return tuple(found)


def _form(workbook: StudyWorkbook, planned: Planned, circular: Any) -> Form:
    """What letterhead and files tell for the dispatch sheet."""
    document, letter = planned.document, circular.letter
    head = letter.formal
    number = ""
    if head is not None:
        number = head.number if document.unit == GROUP_DOCUMENT else head.unit_number
        number = number.replace("{issue_year}", str(circular.issued_on.year))
    pdf = f"{document.stem}.pdf"
    whole = pdf in planned.before["files"] and pdf not in stale_files(planned.before)
    copy = f"{document.stem}.docx"
    hashed = planned.before["files"][copy]["sha256"][:_HASH]
    return Form(
        organ=letter.issuer, number=number, secrecy=head.secrecy if head else "",
        urgency=head.urgency if head else "",
        pages=pages_in(workbook.outputs / document.folder / pdf) or None if whole else None,
        draft=f"{document.folder}/{copy}（SHA-256 {hashed}…）",
    )  # fmt: skip


# --- showing ---


def _show(told: dict[str, Any]) -> None:
    rows = [
        (each["document"], each["label"], check["what"], check["result"],
         "; ".join(check["found"])[:120])
        for each in told["documents"]
        for check in each["checks"] if check["result"] in ("不通过", "提醒")
    ]  # fmt: skip
    if rows:
        table("To look at:", ("document", "", "check", "result", "found"), rows)
    if told["withheld"]:
        withheld = [(e["document"], e["label"], e["year"], e["why"]) for e in told["withheld"]]
        table("Left out:", ("document", "", "year", "why"), withheld)
        say("next: reportkit run")
    bad = sum(each["fails"] for each in told["documents"])
    say(
        f"sheets of {len(told['documents'])} circulars, {bad} of them with a check that failed; "
        f"{len(told['withheld'])} left out",
        style="red" if bad or told["withheld"] else "green",
    )
    years = {str(Path(e["files"]["dispatch"]).parent.parent) for e in told["documents"]}
    for folder in sorted(years):
        say(f"Look in {folder}/")
