"""What a command does about errors: words for those it knows, a log for those it does not."""

from __future__ import annotations

import errno
import functools
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from reportkit.cli.console import complain, shown_path
from reportkit.cli.options import WRITTEN, outside_issued
from reportkit.errors import ReportkitError

INTERRUPTED = 130
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""What the system says of a full disk: not always of which file."""


def handled(command: Callable[..., None]) -> Callable[..., None]:
    """The command, ending with an exit status where it would raise."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        try:
            for name in WRITTEN.keys() & kwargs.keys():
                if kwargs[name] is not None:
                    outside_issued(kwargs[name], WRITTEN[name])
            command(*args, **kwargs)
        except ReportkitError as error:
            _show(error)
            raise typer.Exit(error.exit_status) from None
        except KeyboardInterrupt:
            complain("interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except OSError as error:
            if error.filename is None and error.errno not in _FULL:
                _show_unexpected(error, _named_home(kwargs))
            else:
                place = f"{error.filename}: " if error.filename else ""
                complain(f"error: {place}{error.strerror}")
                complain(
                    "  next: check the folder's permissions and the free space, then run again"
                )
            raise typer.Exit(1) from None
        except Exception as error:
            if type(error).__name__ == "ValidationError" and (wrong := _of_options(error)):
                _show(wrong)
                raise typer.Exit(wrong.exit_status) from None
            _show_unexpected(error, _named_home(kwargs))
            raise typer.Exit(1) from None

    return wrapper


def _of_options(error: Exception) -> ReportkitError | None:
    """What a model of parameters says of a name or a text that was typed; None for other errors."""
    from pydantic import ValidationError

    from reportkit.params.model import Model
    from reportkit.params.telling import wrong_fields

    if not isinstance(error, ValidationError):
        return None
    fields = {each["loc"][0]: None for each in error.errors() if each["loc"]}
    return wrong_fields(fields, error, Model, "what was typed", None)


def _show(error: ReportkitError) -> None:
    complain(f"error: {error.where}: {error.found}" if error.where else f"error: {error.found}")
    if error.expected:
        complain(f"  expected: {error.expected}")
    if error.next_step:
        complain(f"  next: {error.next_step}")


def _named_home(kwargs: dict[str, Any]) -> Path | None:
    context = kwargs.get("context")
    return kwargs.get("home") or (context.obj if context else None)


def _show_unexpected(error: Exception, home: Path | None) -> None:
    complain(f"unexpected error: {type(error).__name__}: {error}")
    log = _write_log(home)
    if log:
        complain(f"  details: {shown_path(log)}")
    else:
        traceback.print_exc()


def _write_log(home: Path | None) -> Path | None:
    """The traceback in a file under the workbook's ``outputs/``, if there is a workbook."""
    from reportkit.params import find_home

    try:
        folder = outside_issued(home or find_home(), "--home") / "outputs" / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / f"error-{datetime.now(UTC):%Y%m%dT%H%M%S}.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
    except (ReportkitError, OSError):
        return None
    return log
