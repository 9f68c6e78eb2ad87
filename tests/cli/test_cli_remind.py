"""``reportkit remind``: who is late, one letter to them, at most two a unit."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from aiosmtpd.controller import Controller
from mail_support import Box
from test_cli_commands import call

DUE = dt.date(2024, 1, 5)
PHONE = "0311-80000001"


@pytest.fixture
def late(
    home: Path, no_records: dict[str, str], server: Controller, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Who is late: both units at first; both have addresses, and mail is switched on."""
    from reportkit import annual

    found = {"xiling": "2023年未收到报送材料", "dongling": "报送材料整份退回"}
    monkeypatch.setattr(annual, "blocked", lambda home, year: dict(found))
    units = home / "params" / "units.yml"
    text = units.read_text(encoding="utf-8")
    for unit in found:
        text = text.replace(
            f"unit_id: {unit},",
            f"unit_id: {unit}, email: {unit}@example.com, contact: 张三, telephone: '{PHONE}',",
        )
    units.write_text(text, encoding="utf-8")
    settings(home, "mail: true, tell: [office@example.com]")
    port = server.server.sockets[0].getsockname()[1]
    (home / "params" / "schedule.yml").write_text(
        f"mail: {{server: 127.0.0.1, port: {port}, security: none, sender: office@example.com}}",
        encoding="utf-8",
    )
    return found


def settings(home: Path, more: str) -> None:
    """params/delivery.yml, with the day of the year."""
    text = f"remind: {{due: {{2023: {DUE.isoformat()}}}, {more}}}"
    (home / "params" / "delivery.yml").write_text(text, encoding="utf-8")


def on(day: dt.date, *arguments: str) -> Any:
    """The command, on a day at noon in Shanghai."""
    moment = dt.datetime.combine(day, dt.time(4), dt.UTC)
    with time_machine.travel(moment, tick=True):
        return call("remind", "--year", "2023", *arguments)


def after(days: int) -> dt.date:
    """So many days after the day that was set."""
    return DUE + dt.timedelta(days=days)


def to_units(box: Box) -> list[str]:
    """Whom reminders reached."""
    return sorted(address for address in box.recipients if not address.startswith("office"))


def test_nobody_is_late_on_the_day_itself(late: dict[str, str], box: Box, home: Path) -> None:
    """Only once it has passed, by the office's own clock."""
    result = on(DUE)
    assert result.exit_code == 0 and "nobody is late" in result.output
    assert box.taken == [] and not (home / "outputs" / "delivery").exists()


def test_one_letter_to_all_and_the_list_to_the_office(
    late: dict[str, str], box: Box, home: Path
) -> None:
    """Telephones are for the office; a unit reads who is late, and nothing more."""
    result = on(after(1))
    assert result.exit_code == 0, result.output
    texts = {
        to[0]: message.get_body(("plain",)).get_content() for to, message in box.taken
    }  # fmt: skip
    assert set(texts) == {"xiling@example.com", "dongling@example.com", "office@example.com"}
    assert texts["xiling@example.com"] == texts["dongling@example.com"]
    for address, text in texts.items():
        assert "东岭公司全称" in text and "西岭公司全称" in text and "2024年1月5日" in text
        assert (PHONE in text) == address.startswith("office")
    sheet = openpyxl.load_workbook(
        home / "outputs" / "delivery" / "2023" / "late-2024-01-06.xlsx"
    ).active
    rows = list(sheet.iter_rows(min_row=4, max_col=6, values_only=True))
    assert rows == [
        ("1", "东岭公司全称", "报送材料整份退回", "张三", PHONE, "dongling@example.com"),
        ("2", "西岭公司全称", "2023年未收到报送材料", "张三", PHONE, "xiling@example.com"),
    ]


def test_never_more_than_two_and_not_day_after_day(late: dict[str, str], box: Box) -> None:
    """Run every day of a month: day 1 and, three days on, day 4; then somebody has to call."""
    for day in range(1, 31):
        before = len(to_units(box))
        assert on(after(day)).exit_code == 0
        assert len(to_units(box)) - before == (2 if day in (1, 4) else 0), day
    told = json.loads(on(after(31), "--json").stdout)
    assert [(each["unit"], each["reminder"], each["note"]) for each in told["late"]] == [
        ("dongling", None, "reminded 2 times: call"), ("xiling", None, "reminded 2 times: call"),
    ]  # fmt: skip
    assert told["late"][0]["reminded"] == ["2024-01-06", "2024-01-09"]


def test_who_has_submitted_meanwhile_is_left_in_peace(late: dict[str, str], box: Box) -> None:
    """The second letter is for the other one, and names it alone."""
    on(after(1))
    del late["dongling"]
    on(after(9))
    assert to_units(box) == ["dongling@example.com", "xiling@example.com", "xiling@example.com"]
    last = [m for to, m in box.taken if to == ["xiling@example.com"]][-1]
    assert "东岭公司全称" not in last.get_body(("plain",)).get_content()


def test_the_office_hears_once_a_day(late: dict[str, str], box: Box) -> None:
    """However often the command is run."""
    for _ in range(3):
        on(after(1))
    assert box.recipients.count("office@example.com") == 1
    assert len(to_units(box)) == 2


def test_a_refused_letter_does_not_count(late: dict[str, str], box: Box) -> None:
    """It reached nobody; once the server takes it, it is the first."""
    box.refused = {"xiling@example.com"}
    assert on(after(1)).exit_code == 1
    box.refused = set()
    told = json.loads(on(after(2), "--json").stdout)
    (xiling,) = (each for each in told["late"] if each["unit"] == "xiling")
    assert xiling["reminder"] == 1
    assert to_units(box) == ["dongling@example.com", "xiling@example.com"]


@pytest.mark.parametrize("change", ["submitted", "address"])
def test_a_reminder_that_waits_does_not_go_when_it_should_not(
    late: dict[str, str], box: Box, home: Path, change: str
) -> None:
    """The unit has submitted meanwhile, or has another address."""
    box.busy = {"xiling@example.com"}
    assert on(after(1)).exit_code == 1
    if change == "submitted":
        del late["xiling"]
    else:
        units = home / "params" / "units.yml"
        text = units.read_text(encoding="utf-8")
        units.write_text(text.replace("xiling@example.com", "new@example.com"), encoding="utf-8")
    box.busy = set()
    assert on(after(1)).exit_code == 0
    expected = [] if change == "submitted" else ["new@example.com"]
    assert to_units(box) == ["dongling@example.com", *expected]


def test_days_are_the_office_s(late: dict[str, str]) -> None:
    """At two in the morning in Shanghai it is still the day before in UTC."""
    with time_machine.travel(dt.datetime(2024, 1, 6, 18, 30, tzinfo=dt.UTC), tick=True):
        assert call("remind", "--year", "2023").exit_code == 0
        told = json.loads(call("remind", "--year", "2023", "--json").stdout)
    assert {day for each in told["late"] for day in each["reminded"]} == {"2024-01-07"}


def test_a_dry_run_and_no_mail(late: dict[str, str], box: Box, home: Path) -> None:
    """A dry run does nothing at all; without mail there is the list."""
    assert on(after(1), "--dry-run").exit_code == 0
    assert not (home / "outputs").exists()
    assert on(after(1), "--no-mail").exit_code == 0
    assert [path.name for path in (home / "outputs").rglob("*.xlsx")] == ["late-2024-01-06.xlsx"]
    assert box.taken == []


def test_without_an_address_somebody_has_to_call(
    late: dict[str, str], box: Box, home: Path
) -> None:
    """The unit stands on the list all the same."""
    units = home / "params" / "units.yml"
    text = units.read_text(encoding="utf-8").replace(" email: xiling@example.com,", "")
    units.write_text(text, encoding="utf-8")
    result = on(after(1))
    assert result.exit_code == 0 and "no address: call" in result.output
    assert to_units(box) == ["dongling@example.com"]


def test_a_list_that_is_filled_in_stays(late: dict[str, str], home: Path) -> None:
    """The second one of a day has another name."""
    on(after(1), "--no-mail")
    first = home / "outputs" / "delivery" / "2023" / "late-2024-01-06.xlsx"
    book = openpyxl.load_workbook(first)
    book.active["H4"] = "明日报送"
    book.save(first)
    filled = first.read_bytes()
    on(after(1), "--no-mail")
    assert first.read_bytes() == filled
    assert first.with_name("late-2024-01-06-2.xlsx").is_file()


def test_without_a_day_nothing_is_done(late: dict[str, str], home: Path, box: Box) -> None:
    """Where to set it is said."""
    (home / "params" / "delivery.yml").write_text("remind: {mail: true}", encoding="utf-8")
    result = on(after(1))
    assert result.exit_code == 2 and "params/delivery.yml" in result.output
    assert "due: {2023: 2024-01-05}" in result.output and box.taken == []
