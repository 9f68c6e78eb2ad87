"""``reportkit deliver``: each unit's papers into its folder, to its address, onto the 签收 list."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportkit.batch.run import lock, nothing_ran
from reportkit.cli import options
from reportkit.cli.console import say, say_json, shown_moment, shown_path, table
from reportkit.cli.options import comma_separated, home_of
from reportkit.cli.parcels import How, issued, selection_of_issue
from reportkit.cli.parcels import gathered as gathered_of
from reportkit.cli.run import edition_named, opened, selected
from reportkit.delivery import Handed, Parcel, Record, Withheld, hand_out, letters_for
from reportkit.errors import ParameterError, UsageError
from reportkit.files import replace_file, sha256
from reportkit.notice import Outbox, send_waiting
from reportkit.notice.outbox import FILE, SENT, WAITING, at_once, told_of_damage
from reportkit.params import Delivery, Schedule, Units, load_delivery, load_schedule
from reportkit.records.writing.receipts import RECEIPTS, list_workbook

if TYPE_CHECKING:
    from reportkit.batch.contract import Selection
    from reportkit.cli.workbook import StudyWorkbook

FORMATS = ("pdf", "docx", "html")

_FormatsOption = Annotated[
    list[str] | None,
    typer.Option("--format", help="pdf, docx, html. Default: as params/delivery.yml says."),
]
_AsMadeOption = Annotated[
    bool, typer.Option("--as-made", help="Also papers that are whole, but no longer up to date.")
]
_AgainOption = Annotated[
    bool, typer.Option("--again", help="Mail the units named by --unit what they have got.")
]
_SentOption = Annotated[
    bool, typer.Option("--sent", help="Show what was mailed to whom, and when.")
]


_IssueOption = Annotated[
    str | None,
    typer.Option("--issue", help="Hand out what was issued under this id, and nothing else."),
]


def deliver(
    context: typer.Context,
    year: options.Years = None,
    period: options.Periods = None,
    unit: options.Units = None,
    notebook: options.Notebooks = None,
    format_: _FormatsOption = None,
    formal: options.Formal = False,
    mask: options.Mask = False,
    issue: _IssueOption = None,
    as_made: _AsMadeOption = False,
    no_mail: options.NoMail = False,
    again: _AgainOption = False,
    dry_run: options.DryRun = False,
    sent: _SentOption = False,
    wait: options.Wait = 0,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Put each unit's papers into a folder of its own, and mail them where that is switched on.

    Only papers that are done and up to date go out; with --issue the issued files. Writes
    outputs/delivery/<year>/: a folder a unit, a list to sign (签收单), a manifest of hashes. Mail
    goes to the address in params/units.yml if params/delivery.yml says so; nothing goes twice.

    Exit status: 0 all done, 1 something was held back or not sent, 2 wrong usage.
    """
    folder = home_of(context, home)

    if sent:
        _show_sent(folder / "outputs", as_json, load_schedule(folder).zone)
        return
    if again and not unit:
        raise UsageError(
            "all units", expected="--unit, for each that is to get its papers again",
            where="--again",
        )  # fmt: skip
    with nothing_ran():
        params, schedule = load_delivery(folder), load_schedule(folder)
        mail = params.deliver.mail and not no_mail
        check_mail(mail, schedule)
        formats = comma_separated(format_ or [], FORMATS, "--format")

        how = How(formats or params.deliver.formats, mail, again, as_made, dry_run, issue or "")
        edition = edition_named(formal=formal, mask=mask)
        selection = selected(folder, year, period, unit, notebook, edition)
        if issue:
            selection = selection_of_issue(folder, issue, selection)
    told = _deliver(folder, selection, params, schedule, how, wait)
    if as_json:
        say_json(told)
    else:
        _show(told, dry_run, schedule.zone)
    bad = any(letter["state"] in ("waiting", "given up") for letter in told["letters"])
    raise typer.Exit(int(bad or bool(told["withheld"])))


def check_mail(mail: bool, schedule: Schedule) -> None:
    """Refuse mail that no server would take.

    Raises
    ------
    ParameterError
        If mail is switched on, and no server is described.
    """
    if mail and schedule.mail is None:
        raise ParameterError(
            "mail is switched on, but there is no server",
            expected="mail: {server: …, sender: …} in params/schedule.yml",
            next_step="describe it there, or leave mail out: --no-mail",
            where="params/delivery.yml",
        )


def _deliver(
    folder: Path, selection: Selection, params: Delivery, schedule: Schedule, how: How, wait: int
) -> dict[str, Any]:
    """Does it all, or says what it would do."""
    now = dt.datetime.now(dt.UTC)
    with contextlib.ExitStack() as held:
        with nothing_ran():
            workbook = opened(folder, selection)
            if not how.dry:
                held.enter_context(lock(workbook.outputs, wait))
            gathered = issued if how.issue else gathered_of
            parcels, withheld = gathered(workbook, selection, params, how)
            if how.mail:
                _check_addresses(parcels, workbook.units)
            records = {p.year: Record(workbook.outputs, p.year) for p in parcels}
        handed: list[Handed] = []
        for year, record in records.items():
            mine = [parcel for parcel in parcels if parcel.year == year]
            handed += hand_out(mine, record, now, dry=how.dry)
        letters = list(_mailed(workbook, parcels, records, params, schedule, how))
        lists = [] if how.dry else [
            path for record in records.values() if (path := _write_receipts(workbook, record))
        ]  # fmt: skip
    return {
        "files": [dataclasses.asdict(each) for each in handed],
        "withheld": [_plain(each) for each in withheld],
        "letters": letters,
        "receipts": [shown_path(path) for path in lists],
        "folders": [shown_path(record.folder) for record in records.values()],
    }


def _plain(withheld: Withheld) -> dict[str, Any]:
    document = withheld.document
    return {"unit": document.unit, "label": document.title, "document": document.key,
            "year": document.year, "why": withheld.why}  # fmt: skip


def _write_receipts(workbook: StudyWorkbook, record: Record) -> Path | None:
    """The 签收 list of what is on none yet; one that was filled in stays as it is."""
    units = {unit.unit_id: unit for unit in workbook.units}
    found, held = record.to_sign(list(units))
    if not found:
        return None
    ways = _ways(workbook.outputs, record.year)
    rows = []
    for number, (unit_id, lines) in enumerate(found.items(), 1):
        unit = units[unit_id]
        shown = [
            line.shown + (f"（第{line.version}次）" if line.version > 1 else "")
            for line in lines.values()
        ]
        way = ways.get(unit_id, "")
        rows.append([str(number), unit.name, "\n".join(shown), str(len(lines)),
                     unit.contact or "", unit.telephone or "", way])  # fmt: skip
    title = f"{record.year}年度材料签收单"
    note = f"{workbook.units.group_name}　　共{len(rows)}家单位"
    content = list_workbook(title, note, RECEIPTS, rows)
    if held and hashlib.sha256(content).hexdigest() == held.sha256:
        return None
    name = held.file if held else record.next_name()
    try:
        replace_file(record.folder / name, content)
    except PermissionError:  # open in WPS on Windows: it may be being filled in just now
        held, name = None, record.next_name()
        replace_file(record.folder / name, content)
    record.note_list(name, sha256(record.folder / name), found, held)
    record.keep()
    return record.folder / name


def _ways(outputs: Path, year: int) -> dict[str, str]:
    """unit_id → how its papers went: the address of its last letter, if that went or is to go."""
    found: dict[str, str] = {}
    if (outputs / FILE).is_file():
        with Outbox(outputs) as outbox:
            for letter in reversed(outbox.all(f"delivery/{year}/")):
                unit = letter["key"].split("/")[2]
                if letter["state"] in (SENT, WAITING):
                    waits = "（待发）" if letter["state"] == WAITING else ""
                    found[unit] = f"电子邮件{waits}\n{letter['recipient']}"
    return found


def _check_addresses(parcels: Sequence[Parcel], units: Units) -> None:
    """Refuse one address for two units: one of them would get the other's papers.

    Raises
    ------
    ParameterError
        Naming both.
    """
    taken: dict[str, str] = {}
    for parcel in parcels:
        address = units[parcel.unit].email
        if address and (other := taken.setdefault(address.casefold(), parcel.unit)) != parcel.unit:
            raise ParameterError(
                f"{other} and {parcel.unit} have one address: {address}",
                expected="an address of its own for each unit",
                next_step="correct the one that is wrong",
                where="params/units.yml",
            )


def _mailed(
    workbook: StudyWorkbook, parcels: Sequence[Parcel], records: Mapping[int, Record],
    params: Delivery, schedule: Schedule, how: How,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The letters, sent as far as could be, and what became of each; dry: what would be sent."""
    if not how.mail:
        return

    known: list[dict[str, Any]] = []
    with contextlib.ExitStack() as stack:
        # A dry run makes no file, not even an empty record.
        there = not how.dry or (workbook.outputs / FILE).is_file()
        outbox = stack.enter_context(Outbox(workbook.outputs)) if there else None
        stack.enter_context(told_of_damage(workbook.outputs / FILE))
        known = outbox.all("delivery/") if outbox else []
        lying = {
            unit: {name: line.sha256 for name, line in lines.items()}
            for record in records.values() for unit, lines in record.units.items()
        }  # fmt: skip
        found = letters_for(parcels, workbook.units, params.deliver, known, lying, repeat=how.again)
        if outbox and not how.dry:
            now = dt.datetime.now(dt.UTC)
            with at_once(outbox.base):
                for each in found:
                    outbox.give_up(each.overtaken, "overtaken by newer papers or another address")
                    outbox.try_again(each.again, now)
                    if each.letter:
                        outbox.add({each.key: (each.recipient, each.letter.to_json())}, now)
            mine = {key for each in found for key in (each.key, *each.again) if key}
            now = dt.datetime.now(dt.UTC)
            send_waiting(outbox, schedule, now, patience=600, only=mine)
            known = outbox.all("delivery/")
    states = {letter["key"]: letter for letter in known}
    for each in found:
        for key in (*each.again, *([each.key] if each.letter else [])):
            state = states.get(key, {"state": "to send", "error": None, "sent": None})
            yield {"unit": each.unit, "recipient": each.recipient,
                   "state": "to send" if how.dry else state["state"],
                   "sent": state["sent"], "error": state["error"]}  # fmt: skip
        if each.elsewhere:
            yield {"unit": each.unit, "recipient": each.elsewhere, "state": "sent before",
                   "sent": None, "error": f"the address is {each.recipient} by now; to send it "
                   f"there: --again --unit {each.unit}"}  # fmt: skip
    addressed = {each.unit for each in found}
    for parcel in parcels:
        if parcel.unit not in addressed:
            yield {"unit": parcel.unit, "recipient": "", "state": "no address", "sent": None,
                   "error": "no email in params/units.yml: hand it over"}  # fmt: skip


# --- showing ---


def _show(told: dict[str, Any], dry: bool, zone: dt.tzinfo) -> None:
    changed = [each for each in told["files"] if each["what"] != "unchanged"]
    if changed:
        table("To hand out:" if dry else "Handed out:", ("unit", "", "file", "what"),
              [(e["unit"], e["label"], e["name"], e["what"]) for e in changed])  # fmt: skip
    if told["letters"]:
        table("Mail:", ("unit", "to", "state", "sent", "why"),
              [(e["unit"], e["recipient"], e["state"], shown_moment(e["sent"], zone),
                e["error"])
               for e in told["letters"]])  # fmt: skip
    if told["withheld"]:
        rows = [(e["document"], e["label"], e["year"], e["why"]) for e in told["withheld"]]
        table("Held back:", ("document", "", "year", "why"), rows)
        if any(not e["why"].startswith(("blocked", "held back")) for e in told["withheld"]):
            say("next: reportkit run; --as-made hands out what is whole but not up to date")
    units = len({each["unit"] for each in told["files"]})
    same = len(told["files"]) - len(changed)
    mail = sum(each["state"] in ("sent", "to send") for each in told["letters"])
    say(
        f"{units} units: {len(changed)} files {'to change' if dry else 'changed'}, {same} as "
        f"before; {mail} letters {'to send' if dry else 'sent'}; {len(told['withheld'])} held back",
        style="red" if told["withheld"] else "green",
    )
    for path in told["receipts"]:
        say(f"List to sign: {path}")
    if told["folders"] and not dry:
        say("Look in " + ", ".join(f"{path}/" for path in told["folders"]))


def _show_sent(outputs: Path, as_json: bool, zone: dt.tzinfo) -> None:
    found: list[dict[str, Any]] = []
    if (outputs / FILE).is_file():
        with Outbox(outputs) as outbox:
            found = outbox.all("delivery/")
    rows = []
    for letter in reversed(found):
        _, year, unit, _ = letter["key"].split("/", 3)
        files = [
            {"name": Path(path).name, "sha256": hashed}
            for _, path, hashed in letter["content"].get("enclosures", ())
        ]
        known = {name: letter[name] for name in ("recipient", "state", "sent", "tries", "error")}
        rows.append({"unit": unit, "year": int(year), "files": files, **known})
    if as_json:
        say_json(rows)
    elif not rows:
        say("nothing has been mailed to units yet")
    else:
        table("Mail to units:", ("unit", "year", "to", "state", "sent", "files", "why"),
              [(r["unit"], r["year"], r["recipient"], r["state"], shown_moment(r["sent"], zone),
                " ".join(f"{f['name']}:{f['sha256'][:8]}" for f in r["files"]), r["error"])
               for r in rows])  # fmt: skip
