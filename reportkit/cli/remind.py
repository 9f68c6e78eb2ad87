"""``reportkit remind``: who has not submitted by the day that was set, and a letter to them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit import annual
from reportkit.batch.run import nothing_ran
from reportkit.cli import options
from reportkit.cli.console import say, say_json, shown_moment, shown_path, table
from reportkit.cli.deliver import check_mail
from reportkit.cli.options import home_of, latest_year
from reportkit.delivery.record import DELIVERY
from reportkit.delivery.reminders import (
    REMIND,
    TO_OFFICE,
    LateUnit,
    late_units,
    overtaken,
    reminders,
    rows_for_office,
)
from reportkit.errors import ParameterError
from reportkit.files import replace_file
from reportkit.notice import Outbox, send_waiting
from reportkit.notice.outbox import FILE, SENT, WAITING, at_once, told_of_damage
from reportkit.params import Reminding, Schedule, Units, load_delivery, load_schedule, load_units
from reportkit.records.writing.receipts import LATE_UNITS, list_workbook


def remind(
    context: typer.Context,
    year: Annotated[int | None, typer.Option(help="Default: the latest in params/.")] = None,
    no_mail: options.NoMail = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """List the units that have not submitted, with telephones, and remind them by mail.

    Late is, from the day after `remind: due:` in params/delivery.yml, who sent nothing, or
    nothing that could be taken. Mail goes out only where params/delivery.yml says so: one letter
    to all that are due one, and to no unit more than two in a year, each recorded.

    Exit status: 0 it went well, 1 a letter could not be sent, 2 wrong usage.
    """
    folder = home_of(context, home)

    with nothing_ran():
        of = year or latest_year(folder)
        params, schedule = load_delivery(folder).remind, load_schedule(folder)
        if no_mail:
            params = params.model_copy(update={"mail": False, "tell": ()})
        check_mail(params.mail or bool(params.tell), schedule)
        due = _due(params, of)
        late = annual.blocked(folder, of)
        units = load_units(folder)
    today = dt.datetime.now(schedule.zone).date()
    if today <= due:
        late = {}
    told = _remind(folder / "outputs", late, units, of, params, schedule, due, today, dry_run)
    told |= {"year": of, "due": due.isoformat(), "past": today > due}
    if as_json:
        say_json(told)
    else:
        _show(told, dry_run, schedule.zone)
    raise typer.Exit(int(any(each["state"] not in ("sent", "to send") for each in told["letters"])))


def _due(params: Reminding, year: int) -> dt.date:
    if year not in params.due:
        raise ParameterError(
            f"no day by which the materials of {year} were to be there",
            expected=f"remind: {{due: {{{year}: {year + 1}-01-05}}}} or its like",
            next_step="add it",
            where="params/delivery.yml",
        )
    return params.due[year]


def _remind(
    outputs: Path, late: dict[str, str], units: Units, year: int, params: Reminding,
    schedule: Schedule, due: dt.date, today: dt.date, dry: bool,
) -> dict[str, Any]:  # fmt: skip
    now = dt.datetime.now(dt.UTC)
    with contextlib.ExitStack() as stack:
        there = not dry or (outputs / FILE).is_file()
        outbox = stack.enter_context(Outbox(outputs)) if there else None
        stack.enter_context(told_of_damage(outputs / FILE))
        if outbox and not dry:
            # Two at once must not both find that nobody was reminded yet.
            stack.enter_context(at_once(outbox.base))
        known = outbox.all(f"{REMIND}/{year}/") if outbox else []
        gone = overtaken(late, units, known)
        known = [each for each in known if each["key"] not in gone]
        found = late_units(late, units, year, params, known, now, schedule.zone)
        letters = reminders(found, units, year, params, due, today) if found else {}
        told = outbox.all(f"{TO_OFFICE}/{year}/") if outbox else []
        open_before = {each["key"] for each in told if each["state"] == WAITING}
        done = {each["key"] for each in told if each["state"] == SENT}
        letters = {key: letter for key, letter in letters.items() if key not in done}
        if outbox and not dry:
            outbox.give_up([*gone, *(open_before - set(letters))], "overtaken")
            outbox.add(letters, now)
    states: dict[str, dict[str, Any]] = {}
    if letters and not dry:
        with Outbox(outputs) as outbox, told_of_damage(outputs / FILE):
            now = dt.datetime.now(dt.UTC)
            send_waiting(outbox, schedule, now, patience=600, only=letters.keys())
            states = {each["key"]: each for each in outbox.all(REMIND)}
    path = None if dry or not found else _write(outputs, found, units, year, params.mail, today)
    return {
        "late": [_plain(each) for each in found],
        "letters": [
            {"recipient": to, **{n: states.get(key, {"state": "to send"}).get(n)
                                 for n in ("state", "sent", "error")}}
            for key, (to, _) in letters.items()
        ],
        "list": shown_path(path) if path else None,
    }  # fmt: skip


def _plain(late: LateUnit) -> dict[str, Any]:
    unit = late.unit
    return {
        "unit": unit.unit_id, "name": unit.name, "why": late.why, "contact": unit.contact,
        "telephone": unit.telephone, "email": unit.email, "reminded": list(late.reminded),
        "reminder": late.number, "note": late.note,
    }  # fmt: skip


def _write(
    outputs: Path, late: Sequence[LateUnit], units: Units, year: int, mail: bool, today: dt.date
) -> Path:
    """催报名单 of the day, to telephone from; another one that is there already stays."""
    rows = [[str(n), *rows_for_office(each, mail)] for n, each in enumerate(late, 1)]
    title = f"{year}年度材料催报名单"
    note = (
        f"{units.group_name}　　{today.year}年{today.month}月{today.day}日　　共{len(rows)}家单位"
    )
    content = list_workbook(title, note, LATE_UNITS, rows)
    folder = outputs / DELIVERY / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        mark = f"-{number}" if number > 1 else ""
        path = folder / f"late-{today.isoformat()}{mark}.xlsx"
        if not path.exists():
            replace_file(path, content)
            return path
        if path.read_bytes() == content:
            return path
        number += 1


def _show(told: dict[str, Any], dry: bool, zone: dt.tzinfo) -> None:
    if not told["past"]:
        say(f"{told['year']}: nobody is late before {told['due']} has passed")
        return
    if told["late"]:
        table(
            f"Not submitted by {told['due']}:",
            ("unit", "", "why", "contact", "telephone", "reminded", "now"),
            [(e["unit"], e["name"], e["why"], e["contact"], e["telephone"],
              " ".join(e["reminded"]), f"reminder {e['reminder']}" if e["reminder"] else e["note"])
             for e in told["late"]],
        )  # fmt: skip
    if told["letters"]:
        rows = [(each["recipient"], each["state"], shown_moment(each["sent"], zone), each["error"])
                for each in told["letters"]]  # fmt: skip
        table("Mail:", ("to", "state", "sent", "why"), rows)
    mail = sum(each["state"] in ("sent", "to send") for each in told["letters"])
    say(
        f"{len(told['late'])} units late; {mail} letters {'to send' if dry else 'sent'}",
        style="yellow" if told["late"] else "green",
    )
    if told["list"]:
        say(f"List to telephone from: {told['list']}")
