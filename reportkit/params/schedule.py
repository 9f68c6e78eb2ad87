"""When what runs (``schedule.yml``): jobs by cron expression, and who is told how they ended."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator, model_validator

from reportkit.errors import ParameterError
from reportkit.params.model import ADDRESS, ONCE, Model, check_address, twice
from reportkit.params.periods import Period

WEBHOOK = "webhook"
"""Who is told by the webhook; everybody else is an address."""

Step = Literal["import", "check", "run", "deliver", "remind"]
"""What a job can do, each the command of that name."""

_SPAN = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?", re.ASCII)
_OF_LAST = ("last_quarter", "last_half")


def _checked_recipients(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each if each == WEBHOOK else check_address(each) for each in values)


_Recipients = Annotated[tuple[str, ...], ONCE, AfterValidator(_checked_recipients)]
_Year = Annotated[int, Field(ge=1950, le=2200)]


class Tell(Model):
    """Who hears of a job's end: addresses, or ``webhook``."""

    failure: _Recipients = ()
    late: _Recipients = ()
    success: _Recipients = ()

    @property
    def everybody(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.failure, *self.late, *self.success)))


class Mail(Model):
    """The server that takes letters. Its password is never in a file.

    It is taken from the environment (``REPORTKIT_SMTP_PASSWORD``), or from the system's
    keyring where the package ``keyring`` is installed.
    """

    server: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]+$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    sender: ADDRESS
    user: str | None = None

    @model_validator(mode="after")
    def _never_in_the_clear(self) -> Self:
        if self.security == "none" and not _is_here(self.server):
            raise ValueError(
                f"security: none for {self.server}; expected tls or starttls: only a server on "
                "this machine may be spoken to in the clear"
            )
        return self


class Webhook(Model):
    """Where the same is posted as JSON; a token in ``REPORTKIT_WEBHOOK_TOKEN`` goes with it."""

    url: str

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value)
        here = parts.scheme == "http" and _is_here(parts.hostname or "")
        if not (here or (parts.scheme == "https" and parts.hostname)):
            raise ValueError("no address to post to; expected https://… (http:// on this machine)")
        if parts.username or parts.password:
            raise ValueError(
                "a password in the address; expected none: the token is taken from the "
                "environment variable REPORTKIT_WEBHOOK_TOKEN"
            )
        return value


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Job(Model):
    """One job: when, what, by when, and who hears of it."""

    cron: str
    timezone: str | None = None
    do: Annotated[tuple[Step, ...], Field(min_length=1)]
    years: tuple[_Year | Literal["this", "last"], ...] = ()
    periods: tuple[str, ...] = ()
    units: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")], ...] = ()
    notebooks: tuple[Annotated[str, Field(pattern=r"^\w[^/\\]*$")], ...] = ()
    editions: tuple[Literal["draft", "formal", "masked", "formal.masked"], ...] = ("draft",)
    deadline: str | None = None
    tell: Tell = Tell()

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, value: str) -> str:
        from cronsim import CronSim, CronSimError

        if len(value.split()) != 5:
            raise ValueError(
                "no cron expression; expected five fields: minute, hour, day of the month, "
                "month, weekday (0 or 7: Sunday), as '0 6 8 1 *'"
            )
        try:
            next(CronSim(value, dt.datetime(2000, 1, 1)))
        except CronSimError as error:
            told = str(error).removeprefix("Bad ")
            raise ValueError(
                f"the field {told} is wrong; expected five fields as cron has them, as '0 6 8 1 *'"
            ) from None
        except StopIteration:
            raise ValueError("a day that never comes; expected one that does") from None
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return None if value is None else check_zone(value)

    @field_validator("periods")
    @classmethod
    def _periods(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if each not in _OF_LAST:
                try:
                    Period(each)
                except ParameterError:
                    raise ValueError(
                        f"{each!r} is no period; expected 2023Q3, 2023H1 or their like, "
                        "or last_quarter, last_half"
                    ) from None
        return value

    @field_validator("deadline")
    @classmethod
    def _span(cls, value: str | None) -> str | None:
        if value is not None and not _minutes(value):
            raise ValueError("no span of time; expected hours and minutes, as 2h, 90m or 1h30m")
        return value

    @model_validator(mode="after")
    def _senseful(self) -> Self:
        if again := twice(self.do):
            raise ValueError(f"{again[0]} stands twice in do; expected each step once")
        if self.years and self.periods:
            raise ValueError("both years and periods; expected one of them")
        for step in ("check", "remind"):
            if step in self.do and not (self.years or self.periods):
                raise ValueError(f"{step} without years; expected years: [this] or its like")
        if self.deadline is None and self.tell.late:
            raise ValueError("tell.late without a deadline; expected deadline: 2h or its like")
        return self

    @property
    def allowed(self) -> dt.timedelta | None:
        """How long after its time the job may end; None: as long as it takes."""
        return dt.timedelta(minutes=_minutes(self.deadline)) if self.deadline else None


def _minutes(span: str) -> int:
    found = _SPAN.fullmatch(span)
    hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0)
    return hours * 60 + minutes


def check_zone(value: str) -> str:
    """The name of a time zone that this system knows.

    Raises
    ------
    ValueError
        If it knows none of that name.
    """
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):  # a missing one is a LookupError
        raise ValueError(
            "no time zone of that name; expected one of the IANA list, as Asia/Shanghai"
        ) from None
    return value


class Schedule(Model):
    """All jobs, by name; without the file there are none."""

    timezone: str = "Asia/Shanghai"
    mail: Mail | None = None
    webhook: Webhook | None = None
    jobs: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)], Job] = Field(
        default_factory=dict
    )

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return check_zone(value)

    @model_validator(mode="after")
    def _ways_to_tell(self) -> Self:
        for name, job in self.jobs.items():
            told = job.tell.everybody
            if WEBHOOK in told and self.webhook is None:
                raise ValueError(f"jobs.{name}.tell: webhook; expected webhook: {{url: …}} above")
            if set(told) - {WEBHOOK} and self.mail is None:
                raise ValueError(f"jobs.{name}.tell: an address; expected mail: {{server: …}}")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    def zone_of(self, name: str) -> ZoneInfo:
        """The time zone in which a job's times are."""
        return ZoneInfo(self.jobs[name].timezone or self.timezone)
