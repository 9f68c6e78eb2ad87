"""What a command says of errors that the system raises."""

from __future__ import annotations

import pytest
import typer

from reportkit.cli.errors import handled


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
