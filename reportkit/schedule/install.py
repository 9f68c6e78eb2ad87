"""For those who prefer the machine's own scheduler: systemd, cron, Windows' task scheduler."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from reportkit.errors import UsageError
from reportkit.params import Schedule

NAME = "reportkit"


def systemd_unit(home: Path, python: str = sys.executable) -> str:
    """A user's service that runs the schedule, and is started again should it die.

    ``systemctl stop`` sends SIGTERM, on which a job under way ends in good order.
    """
    command = " ".join(
        _systemd_word(word) for word in (python, "-m", "reportkit", "--home", str(home))
    )
    return f"""\
[Unit]
Description=reportkit: scheduled circulars
Wants=network-online.target
After=network-online.target

[Service]
Type=simple
WorkingDirectory={_systemd_path(home)}
ExecStart={command} schedule run
Restart=on-failure
RestartSec=30
KillMode=mixed
TimeoutStopSec=90
# Passwords stand in a file that only this user can read, never in params/:
# REPORTKIT_SMTP_PASSWORD=… and REPORTKIT_WEBHOOK_TOKEN=…
EnvironmentFile=-%h/.config/reportkit.env

[Install]
WantedBy=default.target
"""


def crontab_lines(home: Path, schedule: Schedule, python: str = sys.executable) -> str:
    """One line for each job; cron reads times in the machine's own time zone.

    Raises
    ------
    UsageError
        For a job in another time zone than the machine's, or a path that no crontab can hold.
    """
    here = dt.datetime.now().astimezone()
    lines = ["# reportkit: one line a job; `reportkit schedule history` tells what became of them."]
    for name, job in schedule.jobs.items():
        zone = schedule.zone_of(name)
        if _offsets(zone) != _offsets(here.tzinfo) and not _same_zone(zone.key):
            raise UsageError(
                f"job {name} has its times in {zone.key}, the machine in {here.tzname()}",
                expected="one time zone: cron knows no other than the machine's",
                next_step="use `reportkit schedule run` or --systemd, or change the time zone",
                where="params/schedule.yml",
            )
        words = (python, "-m", "reportkit", "--home", str(home), "schedule", "once", name)
        lines.append(f"{job.cron} {' '.join(_cron_word(word) for word in words)}")
    return "\n".join(lines) + "\n"


def _offsets(zone: dt.tzinfo | None) -> list[dt.timedelta | None]:
    """A zone's distance from UTC in each month of some years: zones alike in it are one here."""
    moments = (dt.datetime(y, m, 15, 12, tzinfo=dt.UTC) for y in (2025, 2026) for m in range(1, 13))
    return [moment.astimezone(zone).utcoffset() for moment in moments]


def _same_zone(name: str) -> bool:
    """Whether the machine's clock is set to this zone by name."""
    from tzlocal import get_localzone_name

    return bool(get_localzone_name() == name)


def windows_task(home: Path, python: str = sys.executable) -> str:
    """A task for ``schtasks /Create /XML``: the service, whenever this user has logged on.

    In UTF-16, as Windows wants it, when written.
    """
    words = ["-m", "reportkit", "--home", str(home), "schedule", "run"]
    arguments = " ".join(_windows_word(word) for word in words)
    return f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>reportkit: scheduled circulars</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger><Enabled>true</Enabled></LogonTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>10</Count></RestartOnFailure>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(python)}</Command>
      <Arguments>{escape(arguments)}</Arguments>
      <WorkingDirectory>{escape(str(home))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def _systemd_word(word: str) -> str:
    """A word of a command line as systemd reads it: % and $ mean something there."""
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return safe if re.fullmatch(r"[\w@+=:,./-]+", _of_one_line(word)) else f'"{safe}"'


def _systemd_path(path: Path) -> str:
    return str(path).replace("%", "%%")


def _cron_word(word: str) -> str:
    """A word as the shell reads it; a percent sign ends a command in a crontab."""
    import shlex

    return shlex.quote(_of_one_line(word)).replace("%", "\\%")


def _windows_word(word: str) -> str:
    import subprocess

    return subprocess.list2cmdline([_of_one_line(word)])


def _of_one_line(word: str) -> str:
    """The word: a line break would begin another line of the file, with whatever it says."""
    if not word.isprintable():
        raise UsageError(f"a path with a line break or its like: {word!r}", expected="one without",
                         next_step="rename the folder", where="--home")  # fmt: skip
    return word
