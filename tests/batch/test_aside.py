"""Work in a process of its own: its answer comes back, its memory and its faults do not."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from reportkit.batch.aside import FRUGAL, aside
from reportkit.errors import RecordsError, ReportkitError


def where(name: str) -> tuple[int, str | None]:
    """The process this runs in, and one of its environment variables."""
    return os.getpid(), os.environ.get(name)


def refuse(what: str) -> None:
    """An error with all four of its parts."""
    raise RecordsError(what, expected="别的", next_step="再来", where="某处")


class Unsendable(Exception):
    """It cannot be made again from what is pickled of it."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def refuse_unsendably() -> None:
    """Raises what the other side cannot make again."""
    raise Unsendable("一", "二")


def end_by(number: int) -> None:
    """Ends the process from within."""
    os.kill(os.getpid(), number)


def leave(path: str) -> None:
    """Ends it without a word."""
    Path(path).touch()
    os._exit(3)


def test_the_answer_is_another_process_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which has what keeps its memory small; this one's environment stays as it was."""
    (name,) = FRUGAL
    monkeypatch.delenv(name, raising=False)
    number, setting = aside(where, name)
    assert number != os.getpid() and setting == FRUGAL[name]
    assert name not in os.environ
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_its_error_is_the_caller_s() -> None:
    """With all that it says."""
    with pytest.raises(RecordsError) as caught:
        aside(refuse, "不平")
    assert str(caught.value) == "某处: 不平; expected: 别的; next: 再来"


def test_an_error_that_cannot_travel_says_what_it_was() -> None:
    """Rather than one about pickle."""
    with pytest.raises(ReportkitError, match="Unsendable: 一"):
        aside(refuse_unsendably)


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
def test_a_process_that_is_killed_is_told_of() -> None:
    """By the work's name, the status, and what may have been the cause."""
    with pytest.raises(ReportkitError, match=r"end_by ended with status -9.*memory"):
        aside(end_by, int(signal.SIGKILL))


def test_one_that_ends_by_itself_is_told_of(tmp_path: Path) -> None:
    """As one that was killed."""
    with pytest.raises(ReportkitError, match="leave ended with status 3"):
        aside(leave, str(tmp_path / "was here"))
    assert (tmp_path / "was here").exists()
