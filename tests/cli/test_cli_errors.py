"""What a command says of errors that the system raises."""

from __future__ import annotations

import datetime as dt

import pytest
import typer

from reportkit.cli.errors import handled
from reportkit.params.stages import Step


def test_a_folder_that_may_not_be_written_is_no_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Which file, why, and what to do; exit status 1."""

    @handled
    def command() -> None:
        raise PermissionError(13, "Permission denied", "outputs/.reportkit/lock")

    with pytest.raises(typer.Exit) as ended:
        command()
    shown = capsys.readouterr()
    said = shown.out + shown.err
    assert ended.value.exit_code == 1
    assert "outputs/.reportkit/lock: Permission denied" in said and "next:" in said
    assert "Traceback" not in said


def test_a_name_that_no_record_takes_is_told_by_its_field(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Typed with a line break or a character that turns the order of reading: no traceback."""

    @handled
    def command() -> None:
        Step(stage="征求意见稿", by="李\u202e强", day=dt.date(2024, 1, 8))

    with pytest.raises(typer.Exit) as ended:
        command()
    shown = capsys.readouterr()
    said = shown.out + shown.err
    assert ended.value.exit_code == 2 and "by: a character that nobody sees (U+202E)" in said
    assert "Traceback" not in said and "next:" in said
