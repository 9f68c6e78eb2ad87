"""The edits of leaders that no longer fit: listed, and settled one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.cli.console import complain, say, say_json, shown_path, table
from reportkit.cli.options import today_of
from reportkit.errors import UsageError

if TYPE_CHECKING:
    from reportkit.params.edits import Edit, Edits
    from reportkit.publish.edited import Standing

_NAME = "circular"


@dataclass(frozen=True)
class Document:
    """A document with edits, and how each stands; None: it has not been made yet."""

    unit: str
    year: int
    wording: str
    edits: Edits
    standings: list[Standing] | None


def run_command(unit: str, year: int, period: str | None) -> str:
    """The command that makes a document again."""
    time = f"--period {period}" if period else f"--year {year}"
    return f"reportkit run {time} --unit {unit}"


def documents(home: Path, unit: str | None, year: int | None) -> Iterator[Document]:
    """The documents that have edits, of a unit and year or of all."""
    folder = home / "params" / "text"
    for path in sorted(folder.glob("*/edits/*/*.yml")):
        of_unit, of_year = path.parent.name, path.parents[2].name
        if of_year.isdigit() and unit in (None, of_unit) and year in (None, int(of_year)):
            yield opened(home, of_unit, int(of_year), path.stem)


def opened(home: Path, unit: str, year: int, wording: str) -> Document:
    """A document's edits, held against what its notebook last said."""
    from reportkit.params.edits import load_edits
    from reportkit.publish.edited import standings

    edits = load_edits(home, year, unit, wording)
    made = _as_made(home / "outputs" / str(year) / unit / f"{wording}.ipynb")
    return Document(unit, year, wording, edits, None if made is None else standings(made, edits))


def _as_made(notebook: Path) -> Any:
    """The document of an executed notebook, without any edits in it; None if there is none."""
    import json

    from reportkit.publish.reading import read_notebook

    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return read_notebook(content, name=notebook.stem, folder=notebook.parent)


def list_edits(
    home: Path, unit: str | None, year: int | None, period: str | None, as_json: bool
) -> int:
    """Show all edits and how each stands; 1 if some no longer fit."""
    found = [
        each for each in documents(home, unit, year)
        if period is None or each.wording == f"{_NAME}.{period}"
    ]  # fmt: skip
    rows = [row for each in found for row in _rows(each)]
    if as_json:
        say_json(rows)
    elif not rows:
        say("no edits; next: reportkit adopt FILE.docx")
    else:
        columns = ("document", "year", "place", "state", "by", "day", "reads")
        shown = [[row[name] for name in columns] for row in rows]
        table("Edits of leaders:", columns, shown)
        for each in found:
            for remark in each.edits.remarks:
                say(f"comment on {remark.place or each.unit} by {remark.by}: {remark.text}")
    return int(any(row["stale"] for row in rows))


def _rows(document: Document) -> Iterator[dict[str, Any]]:
    from reportkit.params.edits import filled

    states = {each.edit.place: each for each in document.standings or ()}
    for edit in document.edits.edits:
        standing = states.get(edit.place)
        state = "not made yet" if standing is None else standing.reason or "fits"
        if edit.by_hand:
            told = ", ".join(f"{k} {edit.figures[k]} -> {v}" for k, v in edit.by_hand.items())
            state += f"; changed by hand: {told}"
        now = "(removed)" if edit.now is None else filled(edit.now, edit.figures)
        yield {
            "document": f"{document.unit}/{document.wording}", "year": document.year,
            "place": edit.place, "state": state, "stale": bool(standing and standing.stale),
            "by_hand": dict(edit.by_hand), "by": edit.by, "day": edit.day.isoformat(), "reads": now,
        }  # fmt: skip


def settle(
    home: Path, unit: str | None, year: int | None, period: str | None,
    wanted: Sequence[str], how: Sequence[str], by: str | None,
) -> None:  # fmt: skip
    """Settle edits of one document: refill, keep or drop.

    Raises
    ------
    UsageError
        If it is not said which, or how; or an edit cannot be refilled.
    """
    from reportkit.batch.run import lock
    from reportkit.cli.options import latest_year
    from reportkit.drafts.returned import write_edits

    if unit is None or len(how) != 1 or not wanted:
        raise UsageError(
            "not enough said",
            expected="--unit ID, --place PLACE (or all), and one of --refill, --keep, --drop",
            next_step="reportkit adopt --list",
            where="adopt",
        )
    of = year or latest_year(home)
    wording = f"{_NAME}.{period}" if period else _NAME
    with lock(home / "outputs"):
        document = opened(home, unit, of, wording)
        edits = document.edits
        for standing in _chosen(document, wanted, home):
            edits = _settled(edits, standing, how[0], by, today_of(home))
        path = write_edits(home, of, unit, wording, edits)
    say(f"{shown_path(path)} written; next: {run_command(unit, of, period)}")


def _chosen(document: Document, wanted: Sequence[str], home: Path) -> list[Standing]:
    """The edits named.

    Raises
    ------
    UsageError
        If there is none of that place, or the document was never made.
    """
    if document.standings is None:
        raise UsageError(
            f"{document.unit}/{document.wording} of {document.year} has not been made",
            expected="a document to hold its edits against",
            next_step=run_command(
                document.unit, document.year, document.wording.partition(".")[2] or None
            ),
            where="adopt",
        )
    by_place = {each.edit.place: each for each in document.standings}
    if list(wanted) == ["all"]:
        return [each for each in document.standings if each.stale]
    for place in wanted:
        if place not in by_place:
            raise UsageError(
                f"no edit of {place!r}",
                expected=f"one of {'、'.join(by_place) or 'none yet'}",
                next_step="reportkit adopt --list",
                where="--place",
            )
    return [by_place[place] for place in wanted]


def _settled(edits: Edits, standing: Standing, how: str, by: str | None, day: dt.date) -> Edits:
    from reportkit.drafts.adopting import rebased, settled

    edit = standing.edit
    if how == "drop":
        return settled(edits, edit.place, None, "弃用")
    if not standing.stale:
        return edits
    if how == "refill" and standing.why != "figures":
        raise UsageError(
            f"{edit.place}: {standing.reason}",
            expected="an edit of which nothing but figures has changed",
            next_step="change its `now` in params/text by hand, then settle it with --keep",
            where="--refill",
        )
    made = _with(rebased(standing, refill=how == "refill"), by, day)
    return settled(edits, edit.place, made, "换用新数据" if how == "refill" else "保留原话")


def _with(edit: Edit, by: str | None, day: dt.date) -> Edit:
    return edit.model_copy(update={"by": by, "day": day}) if by else edit


def warn_of_stale(stale: Iterable[tuple[str, str]]) -> None:
    """Tells of edits that no longer fit: (document, what)."""
    found = list(stale)
    for document, what in found:
        complain(f"warning: {document}: an edit no longer fits: {what}", style="yellow")
    if found:
        complain("next: reportkit adopt --list", style="yellow")
