"""params/schedule.yml: what may stand in it, and how a mistake is told: line and field."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.params import load_schedule
from reportkit.schedule.commands import commands_of

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
timezone: Asia/Shanghai
mail:
  server: smtp.example.com
  sender: office@example.com
webhook:
  url: https://example.com/hook
jobs:
  annual:
    cron: "0 6 8 1 *"
    do: [import, check, run]
    years: [last]
    editions: [draft, formal.masked]
    units: [dongling]
    deadline: 1h30m
    tell:
      failure: [a@example.com, webhook]
      late: [b@example.com]
"""


def written(tmp_path: Path, text: str) -> Path:
    """A folder with this schedule."""
    (tmp_path / "params").mkdir(exist_ok=True)
    (tmp_path / "params" / "schedule.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_good_schedule_is_read(tmp_path: Path) -> None:
    """Each field arrives as it was meant."""
    job = load_schedule(written(tmp_path, GOOD)).jobs["annual"]
    assert job.allowed == dt.timedelta(minutes=90)
    assert job.tell.everybody == ("a@example.com", "webhook", "b@example.com")


def test_without_the_file_there_is_no_job(tmp_path: Path) -> None:
    """An office need not have one."""
    assert load_schedule(tmp_path).jobs == {}


def test_the_schedule_that_comes_with_the_demo_is_right(tmp_path: Path) -> None:
    """Whoever starts from it starts from what works."""
    (tmp_path / "params").mkdir()
    shutil.copy(ROOT / "params" / "schedule.yml", tmp_path / "params")
    assert set(load_schedule(tmp_path).jobs) == {"annual", "quarterly"}


@pytest.mark.parametrize(
    ("old", "new", "line", "found", "expected"),
    [
        ('"0 6 8 1 *"', '"0 6 8 1"', 9, "jobs.annual.cron: no cron expression", "five fields"),
        ('"0 6 8 1 *"', '"0 25 8 1 *"', 9, "jobs.annual.cron: the field hour is wrong", "as cron"),
        ('"0 6 8 1 *"', '"0 6 30 2 *"', 9, "jobs.annual.cron: the field day-of-month is wrong",
         "as cron"),
        ("[import, check, run]", "[import, print]", 10, "jobs.annual.do.1: found 'print'",
         "one of import, check, run"),
        ("[import, check, run]", "[]", 10, "jobs.annual.do: found an empty list", "at least one"),
        ("[last]", "[last, next]", 11, "jobs.annual.years.1", "one of this, last"),
        ("1h30m", "soon", 14, "jobs.annual.deadline: no span of time", "2h, 90m"),
        ("1h30m", "0h", 14, "jobs.annual.deadline: no span of time", "2h, 90m"),
        ("a@example.com", "a b@example.com", 16, "jobs.annual.tell.failure: no address",
         "one address"),
        ("a@example.com", "'a@example.com\\nBcc: x@example.com'", 16, "jobs.annual.tell.failure",
         "one address"),
        ("Asia/Shanghai", "Asia/Shanghia", 1, "timezone: no time zone", "IANA"),
        ("Asia/Shanghai", "../../etc/passwd", 1, "timezone: no time zone", "IANA"),
        ("https://example.com", "http://example.com", 6, "webhook.url: no address", "https://"),
        ("https://example.com", "https://u:p@example.com", 6, "webhook.url: a password",
         "REPORTKIT_WEBHOOK_TOKEN"),
        ("  sender:", "  password: secret\n  sender:", 4, "mail.password: no such field",
         "one of server"),
        ("    deadline: 1h30m\n", "", 8, "jobs.annual: tell.late without a deadline", "2h"),
        ("    years: [last]\n", "", 8, "jobs.annual: check without years", "[this]"),
        ("[import, check, run]\n    years: [last]", "[remind]", 8,
         "jobs.annual: remind without years", "[this]"),
        ("  annual:", "  年度:", 8, "jobs.年度", "small letters"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, found: str, expected: str
) -> None:
    """And with what may stand there; the file is named."""
    assert old in GOOD
    with pytest.raises(ParameterError) as caught:
        load_schedule(written(tmp_path, GOOD.replace(old, new, 1)))
    error = caught.value
    assert error.found.startswith(found), error.found
    assert expected in error.expected or expected in error.found, error.expected
    assert error.next_step == f"correct line {line} and run again"
    assert error.where == "params/schedule.yml"


def test_a_server_elsewhere_is_never_spoken_to_in_the_clear(tmp_path: Path) -> None:
    """One on this machine may be."""
    here = GOOD.replace("smtp.example.com", "127.0.0.1\n  security: none")
    assert load_schedule(written(tmp_path, here)).mail is not None
    there = GOOD.replace("smtp.example.com", "smtp.example.com\n  security: none  # now")
    with pytest.raises(ParameterError, match="expected: tls or starttls"):
        load_schedule(written(tmp_path, there))


def test_addresses_need_a_server(tmp_path: Path) -> None:
    """And the webhook an address of its own."""
    without = GOOD.replace("mail:\n  server: smtp.example.com\n  sender: office@example.com\n", "")
    with pytest.raises(ParameterError, match=r"jobs\.annual\.tell: an address"):
        load_schedule(written(tmp_path, without))


def test_steps_become_commands(tmp_path: Path) -> None:
    """Last year counts from the day it is due; each edition is a command; writers wait."""
    job = load_schedule(written(tmp_path, GOOD)).jobs["annual"]
    assert [str(command) for command in commands_of(job, dt.date(2024, 1, 8))] == [
        "reportkit import --year 2023 --wait 14400",
        "reportkit check data/submissions/2023",
        "reportkit run --year 2023 --unit dongling --wait 14400",
        "reportkit run --year 2023 --formal --mask --unit dongling --wait 14400",
    ]


def test_papers_are_handed_out_by_edition_and_reminders_by_year(tmp_path: Path) -> None:
    """As they are made; a run by hand is waited for, a reminder disturbs none."""
    text = GOOD.replace("[import, check, run]", "[deliver, remind]")
    job = load_schedule(written(tmp_path, text)).jobs["annual"]
    assert [str(command) for command in commands_of(job, dt.date(2024, 1, 8))] == [
        "reportkit deliver --year 2023 --unit dongling --wait 14400",
        "reportkit deliver --year 2023 --formal --mask --unit dongling --wait 14400",
        "reportkit remind --year 2023",
    ]


@pytest.mark.parametrize(
    ("day", "quarter", "half"),
    [
        (dt.date(2024, 1, 5), "2023Q4", "2023H2"),
        (dt.date(2024, 3, 31), "2023Q4", "2023H2"),
        (dt.date(2024, 4, 1), "2024Q1", "2023H2"),
        (dt.date(2024, 7, 1), "2024Q2", "2024H1"),
        (dt.date(2024, 12, 31), "2024Q3", "2024H1"),
    ],
)
def test_the_last_quarter_is_the_one_that_has_ended(
    tmp_path: Path, day: dt.date, quarter: str, half: str
) -> None:
    """So is the last half-year."""
    text = GOOD.replace("years: [last]", "periods: [last_quarter, last_half]")
    job = load_schedule(written(tmp_path, text)).jobs["annual"]
    run = next(c for c in commands_of(job, day) if c.step == "run")
    assert run.arguments[:5] == ("run", "--period", quarter, "--period", half)
