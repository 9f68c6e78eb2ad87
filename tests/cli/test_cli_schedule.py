"""``reportkit schedule`` as it is typed."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from test_cli_commands import call
from tzlocal import get_localzone_name

from reportkit.params import Schedule

JOBS = """\
jobs:
  annual: {cron: "0 6 8 1 *", do: [import, run], years: [last], editions: [draft, formal]}
  weekly: {cron: "30 2 * * 0", timezone: Europe/Berlin, do: [import]}
"""


@pytest.fixture
def scheduled(home: Path) -> Path:
    """A workbook with two jobs."""
    (home / "params" / "schedule.yml").write_text(JOBS, encoding="utf-8")
    return home


def test_next_lists_dates_and_commands(scheduled: Path) -> None:
    """Weekly runs among the yearly one; as JSON with the zone's offset."""
    shown = call("schedule", "next", "--count", 3)
    assert shown.exit_code == 0 and shown.output.count("02:30") + shown.output.count("06:00") == 3
    found = json.loads(call("schedule", "next", "--count", 60, "--json").stdout)
    assert len(found) == 60 and {each["job"] for each in found} == {"annual", "weekly"}
    annual = next(each for each in found if each["job"] == "annual")
    year = int(annual["when"][:4])
    assert annual["when"] == f"{year}-01-08T06:00:00+08:00"
    assert annual["commands"] == [
        f"reportkit import --year {year - 1} --wait 14400",
        f"reportkit run --year {year - 1} --wait 14400",
        f"reportkit run --year {year - 1} --formal --wait 14400",
    ]


def test_without_jobs_it_says_what_to_do(home: Path) -> None:
    """No file, no job, no error."""
    assert "params/schedule.yml" in call("schedule", "next").output
    assert "no job has run yet" in call("schedule", "history").output
    assert not (home / "outputs").exists()


def test_a_wrong_schedule_is_told_before_anything(scheduled: Path) -> None:
    """Status 2, line and field."""
    path = scheduled / "params" / "schedule.yml"
    path.write_text(JOBS.replace("30 2 * * 0", "30 2 * *"), encoding="utf-8")
    for command in (("next",), ("run", "--until-idle"), ("once", "annual"), ("install", "--cron")):
        result = call("schedule", *command)
        assert result.exit_code == 2, result.output
        assert "jobs.weekly.cron" in result.output and "line 3" in result.output


def test_once_refuses_a_job_that_is_not_there(scheduled: Path) -> None:
    """And names those that are."""
    result = call("schedule", "once", "yearly")
    assert result.exit_code == 2 and "one of annual, weekly" in result.output


def test_once_runs_a_job_and_history_tells_of_it(scheduled: Path) -> None:
    """By processes, as the service does; what cannot be done is said with its log."""
    (scheduled / "params" / "schedule.yml").write_text(
        'jobs:\n  now: {cron: "0 6 * * *", do: [import], years: [2023]}\n', encoding="utf-8"
    )
    assert call("schedule", "once", "now").exit_code == 1
    (run,) = json.loads(call("schedule", "history", "--json").stdout)
    assert (run["job"], run["state"], run["attempts"]) == ("now", "failed", 1)
    log = (scheduled / run["log"]).read_text(encoding="utf-8")
    assert "data/submissions/2023" in log and "Traceback" not in log
    assert "failed" in call("schedule", "history").output


def test_install_wants_one_scheduler(scheduled: Path) -> None:
    """Neither none nor two."""
    for options in ((), ("--systemd", "--cron")):
        result = call("schedule", "install", *options)
        assert result.exit_code == 2 and "one of --systemd, --cron, --windows" in result.output


def test_install_writes_what_each_scheduler_reads(scheduled: Path) -> None:
    """systemd: the command as it is; Windows: XML in UTF-16 that holds it, for this user."""
    result = call("schedule", "install", "--systemd")
    assert result.exit_code == 0 and "systemctl --user enable" in result.output
    unit = (scheduled / "outputs/schedule/reportkit.service").read_text(encoding="utf-8")
    assert f"WorkingDirectory={scheduled}" in unit
    assert f"ExecStart={sys.executable} -m reportkit --home {scheduled} schedule run\n" in unit
    assert "PASSWORD=…" in unit
    assert call("schedule", "install", "--windows").exit_code == 0
    content = (scheduled / "outputs/schedule/reportkit.xml").read_bytes()
    assert content.startswith((b"\xff\xfe", b"\xfe\xff"))
    task = ElementTree.fromstring(content)
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.findtext(".//t:Command", "", space) == sys.executable
    assert task.findtext(".//t:Arguments", "", space).endswith(f"--home {scheduled} schedule run")


def test_a_crontab_has_but_one_time_zone(scheduled: Path) -> None:
    """A job elsewhere is refused by name; the others are a line each, percent signs escaped."""
    result = call("schedule", "install", "--cron")
    assert result.exit_code == 2 and "has its times in" in result.output
    from reportkit.schedule.install import crontab_lines

    here = Schedule.model_validate({"timezone": get_localzone_name(), "jobs": {
        "daily": {"cron": "0 6 * * *", "do": ["run"]},
    }})  # fmt: skip
    lines = crontab_lines(Path("/home/100% 我/卷宗"), here, "/usr/bin/python3").splitlines()
    assert lines[1] == (
        "0 6 * * * /usr/bin/python3 -m reportkit --home '/home/100\\% 我/卷宗' schedule once daily"
    )


@pytest.mark.parametrize(
    "name", ["卷\n[Service]\nExecStart=x", "卷\r* * * * * x", "卷\x1b[2J", "a\u2028b"]
)
def test_no_path_begins_a_line_of_what_is_installed(name: str) -> None:
    """Of a unit file, a crontab or a task: refused by name."""
    from reportkit.errors import UsageError
    from reportkit.schedule.install import crontab_lines, systemd_unit, windows_task

    schedule = Schedule.model_validate({"timezone": get_localzone_name(), "jobs": {
        "daily": {"cron": "0 6 * * *", "do": ["run"]},
    }})  # fmt: skip
    for made in (systemd_unit, windows_task, lambda home: crontab_lines(home, schedule)):
        with pytest.raises(UsageError, match="a path with a line break"):
            made(Path("/srv") / name)


def test_a_quotation_mark_in_a_path_is_no_mark_to_systemd() -> None:
    """A word with anything but letters, digits and plain signs is quoted whole."""
    from reportkit.schedule.install import systemd_unit

    unit = systemd_unit(Path("/srv/o'neil; 卷 $HOME"), "/usr/bin/python3")
    assert 'reportkit --home "/srv/o\'neil; 卷 $$HOME" schedule run' in unit


@pytest.mark.parametrize("field", [
    "units: [--force]", "units: [-x]", "notebooks: [--unit=all]", "notebooks: [../x]",
    "years: [-2023]", "units: ['a b']", 'notebooks: ["x\\n--force"]', "periods: [--force]",
])  # fmt: skip
def test_no_value_of_a_job_becomes_an_option(field: str) -> None:
    """A job's commands are words of a command line."""
    from reportkit.errors import ParameterError
    from reportkit.params.reading import parse_model

    text = f"jobs:\n  daily: {{cron: 0 6 * * *, do: [run], {field}}}\n"
    with pytest.raises(ParameterError, match="correct"):
        parse_model(text, Schedule, "params/schedule.yml")


@pytest.mark.parametrize("command", [("history",), ("run", "--until-idle"), ("once", "annual")])
def test_a_damaged_ledger_is_told_of(scheduled: Path, command: tuple[str, ...]) -> None:
    """By its path, and what to do; it is left as it is."""
    ledger = scheduled / "outputs" / ".reportkit" / "schedule.sqlite"
    ledger.parent.mkdir(parents=True)
    ledger.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    before = ledger.read_bytes()
    result = call("schedule", *command)
    assert result.exit_code == 1 and "schedule.sqlite" in result.output, result.output
    assert "next:" in result.output and "Traceback" not in result.output
    assert ledger.read_bytes() == before
