"""``reportkit confirm``: 数据确认单 that came back, waivers, objections and their answers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli import options
from reportkit.cli.confirm_files import Read, read_files
from reportkit.cli.console import complain, say, say_json, table
from reportkit.cli.options import home_of, latest_year, today_of
from reportkit.cli.standing import standing
from reportkit.confirming.record import answered, changing, on_paper, waived
from reportkit.confirming.sheet import version_in
from reportkit.errors import ParameterError, UsageError
from reportkit.params import Unit, Units, load_confirmations, load_units, load_year

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Word files that units sent back, or folders of them. "
        "Default: data/confirmations/<year>/.",
        show_default=False,
    ),
]
YearOption = Annotated[
    int | None, typer.Option(help="Default: the latest in params/; of FILES: the year each bears.")
]
OnOption = Annotated[
    str | None, typer.Option(help="The day, as 2024-01-05. Of FILES: of those that bear no date.")
]
FiguresOption = Annotated[
    str | None, typer.Option(help="数据版本 on the paper. Default: that of the figures now.")
]


def confirm(
    context: typer.Context,
    files: FilesArgument = None,
    year: YearOption = None,
    unit: Annotated[str | None, typer.Option(help="A unit that confirmed on paper.")] = None,
    signed_by: Annotated[str | None, typer.Option(help="Who signed it (负责人签字).")] = None,
    on: OnOption = None,
    figures: FiguresOption = None,
    waive: Annotated[str | None, typer.Option(help="A unit that need not confirm.")] = None,
    because: Annotated[str | None, typer.Option(help="Why it is waived.")] = None,
    by: Annotated[str | None, typer.Option(help="Who waives, or answers.")] = None,
    answer: Annotated[str | None, typer.Option(help="The objection's id to answer.")] = None,
    text: Annotated[str | None, typer.Option(help="The answer.")] = None,
    correction: Annotated[str | None, typer.Option(help="What was corrected.")] = None,
    show: Annotated[bool, typer.Option("--list", help="How every unit stands.")] = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Read the 数据确认单 that units sent back, and keep the record of them.

    The record is params/confirmations/<year>.yml. A file with 否, a filled 说明, or a figure
    typed over gives objections, one each; 数据无误 without any gives a confirmation, which is
    outdated as soon as the figures are others. What cannot be read for sure is refused with its
    place, and the other files go on.

    Exit status: 0 it went well, 1 some file was refused, 2 wrong usage or parameters.
    """
    folder = home_of(context, home)
    given = {
        "--unit": unit, "--signed-by": signed_by, "--figures": figures, "--waive": waive,
        "--because": because, "--by": by, "--answer": answer, "--text": text,
        "--correction": correction, "--list": show or None, "--on": on,
        "FILES": files or None,
    }  # fmt: skip
    mode = _mode({name for name, value in given.items() if value is not None})
    for name, value in given.items():
        if isinstance(value, str) and not value.strip():
            raise UsageError("blank", expected="a text", where=name)
    day = _day(on)
    if mode == "FILES":
        _read(folder, files or [], year, day, as_json)
        return

    of = year or latest_year(folder)
    if mode == "--list":
        _list(folder, of, as_json)
    elif mode == "--unit":
        _paper(folder, of, str(unit), str(signed_by), day, figures, as_json)
    elif mode == "--waive":
        _waive(folder, of, str(waive), str(because), str(by), day, as_json)
    else:
        _answer(folder, of, str(answer), (str(text), str(by), correction), day, as_json)


_MODES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "--unit": (("--signed-by", "--on"), ("--figures",)),
    "--waive": (("--because", "--by"), ("--on",)),
    "--answer": (("--text", "--by"), ("--correction", "--on")),
    "--list": ((), ()),
    "FILES": ((), ("--on",)),
}
"""What is done → the options it needs, and those that it takes besides."""


def _mode(given: set[str]) -> str:
    """What is to be done.

    Raises
    ------
    UsageError
        If options are given that do not go together, or one is lacking.
    """
    chosen = [mode for mode in _MODES if mode in given] or ["FILES"]
    needed, more = _MODES[chosen[0]]
    if wrong := sorted(given - {chosen[0], *needed, *more}):
        told = f"with {chosen[0]}" if chosen[0] in given else "without --unit, --waive or --answer"
        raise UsageError(
            f"{wrong[0]} {told}",
            expected="files; or --unit, --waive, --answer or --list with its own options",
            next_step="see reportkit confirm --help",
            where=wrong[0],
        )
    if missing := [name for name in needed if name not in given]:
        raise UsageError(
            f"{chosen[0]} without {missing[0]}",
            expected=f"{chosen[0]} … {' … '.join(needed)} …",
            where=chosen[0],
        )
    return chosen[0]


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r}", expected="a day, as 2024-01-05", where="--on") from None


def _not_ahead(home: Path, day: dt.date | None) -> dt.date:
    """A day that has come; today where none is given."""
    today = today_of(home)
    if day is not None and day > today:
        raise UsageError(f"{day} has not come yet", expected=f"{today} or before", where="--on")
    return day or today


def _known_unit(units: Units, year: int, unit_id: str, where: str) -> Unit:
    """The unit, if it has figures of that year to confirm at all."""
    unit = units[unit_id]
    if unit not in units.in_year(year):
        raise UsageError(
            f"{unit_id} had no study group in {year}",
            expected="a unit that gets a circular of that year",
            next_step="choose another year, or see params/units.yml",
            where=where,
        )
    return unit


# --- files -----------------------------------------------------------------------------


def _read(
    home: Path, files: list[Path], year: int | None, on: dt.date | None, as_json: bool
) -> None:
    read = read_files(home, files, year, on, today_of(home))
    if as_json:
        say_json([each.plain() for each in read])
    else:
        for each in read:
            _show(each)
        if any(each.problems for each in read):
            complain("Some file was refused: see above what, and where. The others are recorded.")
        say("How every unit stands: reportkit confirm --list")
    raise typer.Exit(int(any(each.problems for each in read)))


def _show(read: Read) -> None:
    whose = f" ({read.unit})" if read.unit else ""
    if read.problems:
        complain(f"{read.file}{whose}: refused")
        for problem in read.problems:
            complain(f"  {problem['place'] + '：' if problem['place'] else ''}{problem['found']}")
            complain(f"    expected: {problem['expected']}")
        complain(f"  next: {read.next_step}")
        return
    again = "" if read.new or read.result == "unanswered" else " (recorded before)"
    signed = f" by {read.signed_by}" if read.signed_by else ""
    told = (
        "not confirmed"
        if read.result == "unanswered"
        else f"{read.result}{signed} on {read.signed_on}"
    )
    good = read.result == "confirmed" and not read.outdated
    say(f"{read.file}{whose}: {told}{again}", style="green" if good else "yellow")
    if read.why:
        say(f"  {read.why}")
    for objection in read.objections:
        say(f"  {objection['id'] or 'objection'}: {objection['about']}：{objection['text']}")
    if read.outdated:
        say(f"  outdated: the figures are others now ({read.figures} is what the file bears)")
        for change in read.changed:
            say(f"    {change}")


# --- one entry -------------------------------------------------------------------------


def _paper(
    home: Path, year: int, unit_id: str, by: str, day: dt.date | None, figures: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    from reportkit.circular.confirmation import current_sheets

    signed = _not_ahead(home, day)
    _known_unit(load_units(home), year, unit_id, "--unit")
    sheet = current_sheets(home, year, [unit_id]).get(unit_id)
    stated = version_in(f"数据版本：{figures}") if figures else None
    if figures and stated is None:
        raise UsageError(
            figures, expected="数据版本 as the paper bears it: BCDF-GHJK-LMNP", where="--figures"
        )
    version = stated or (sheet.version if sheet else None)
    if version is None:
        raise UsageError(
            f"{unit_id} has no figures of {year} now",
            expected="a unit whose submission was accepted",
            next_step="give the 数据版本 that its paper bears, with --figures",
            where="--unit",
        )
    with changing(home, year) as book:
        book.record = on_paper(book.record, unit_id, by, signed, version)
    _stands(home, year, unit_id, as_json)
    if not figures and not as_json:
        say(f"  taken as said of the figures now: the paper must bear 数据版本 {version}")


def _waive(
    home: Path, year: int, unit_id: str, because: str, by: str, day: dt.date | None, as_json: bool
) -> None:
    _known_unit(load_units(home), year, unit_id, "--waive")
    with changing(home, year) as book:
        book.record = waived(book.record, unit_id, because, by, _not_ahead(home, day))
    _stands(home, year, unit_id, as_json)


def _answer(
    home: Path, year: int, objection: str, said: tuple[str, str, str | None],
    day: dt.date | None, as_json: bool,
) -> None:  # fmt: skip
    from reportkit.circular.confirmation import current_sheets

    text, by, correction = said
    known = {each.id: each.unit for each in load_confirmations(home, year).objections}
    unit_id = known.get(objection, "")
    sheet = current_sheets(home, year, [unit_id]).get(unit_id) if unit_id else None
    version = sheet.version if sheet else None
    with changing(home, year) as book:
        book.record = answered(
            book.record, objection, text, by, _not_ahead(home, day), correction, version
        )
    _stands(home, year, unit_id, as_json)


def _stands(home: Path, year: int, unit_id: str, as_json: bool) -> None:
    found = standing(home, year, [unit_id])[unit_id]
    if as_json:
        told = {"unit": unit_id, "year": year, "state": found.state, "reason": found.reason}
        say_json(told | {"blocks": found.blocks})
    else:
        say(
            f"{unit_id}: {found.state}: {found.reason}", style="yellow" if found.blocks else "green"
        )


# --- all -------------------------------------------------------------------------------


def _list(home: Path, year: int, as_json: bool) -> None:
    from reportkit.circular.confirmation import current_sheets

    load_year(home, year)
    units, record = load_units(home), load_confirmations(home, year)
    own = {each.unit_id for each in units.at_year_end(year)} | record.units.keys()
    own |= {each.unit for each in record.objections}
    shown = [each for each in units if each.unit_id in own]
    if not shown:
        raise ParameterError(f"no unit in {year}", expected="a unit in being", where="params")
    states = standing(home, year, [each.unit_id for each in shown])
    if as_json:
        sheets = current_sheets(home, year, states)
        say_json([
            {"unit": each.unit_id, "name": each.short_name, "state": states[each.unit_id].state,
             "blocks": states[each.unit_id].blocks, "reason": states[each.unit_id].reason,
             "figures": sheets[each.unit_id].version if each.unit_id in sheets else None,
             "record": record.of(each.unit_id).model_dump(mode="json", exclude_none=True),
             "objections": [one.model_dump(mode="json", exclude_none=True)
                            for one in record.objections_of(each.unit_id)]}
            for each in shown
        ])  # fmt: skip
        return
    rows = [
        (each.unit_id, each.short_name, states[each.unit_id].state, states[each.unit_id].reason)
        for each in shown
    ]
    table(f"数据确认单 of {year}", ("unit", "name", "state", "why"), rows)
    blocking = sum(state.blocks for state in states.values())
    say(f"{len(shown) - blocking} of {len(shown)} confirmed or waived, {blocking} not")
