"""Exit status 2: whatever is found to be wrong before anything ran; the cause by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cli_commands import call


def nothing_ran(*arguments: object) -> str:
    """What a command said that ended before anything ran, without a traceback."""
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert "expected:" in result.output and "next:" in result.output
    return str(result.output)


@pytest.mark.parametrize("command", ["run", "plan"])
def test_no_records(home: Path, command: str) -> None:
    """The year has not been imported."""
    assert "reportkit import" in nothing_ran(command)
    assert not list(home.glob("outputs/2023/**/*.pdf"))


@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_damaged_manifest(home: Path, no_records: dict[str, str], command: str) -> None:
    """It is named, and left as it is."""
    manifest = home / "outputs" / "2023" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{"documents": ', encoding="utf-8")
    assert "manifest.json" in nothing_ran(command)
    assert manifest.read_text(encoding="utf-8") == '{"documents": '


def test_outputs_that_is_a_file(home: Path, no_records: dict[str, str]) -> None:
    """It is named."""
    (home / "outputs").write_text("一份文件", encoding="utf-8")
    assert "outputs" in nothing_ran("run")
    assert (home / "outputs").read_text(encoding="utf-8") == "一份文件"


@pytest.mark.parametrize("name", ["letterhead.yml", "2023.yml"])
def test_a_folder_where_a_file_should_be(home: Path, no_records: dict[str, str], name: str) -> None:
    """The file of parameters is named."""
    (home / "params" / name).unlink(missing_ok=True)
    (home / "params" / name).mkdir()
    assert name in nothing_ran("run")


@pytest.mark.parametrize("command", ["run", "plan"])
def test_any_wrong_file_of_parameters(home: Path, no_records: dict[str, str], command: str) -> None:
    """Also one that nothing needs now: all that are wrong are named at once."""
    baseline = home / "params" / "baseline" / "2019.yml"
    baseline.parent.mkdir()
    baseline.write_text("year: 2019", encoding="utf-8")
    (home / "params" / "terms.yml").write_text("phrases: [", encoding="utf-8")
    said = nothing_ran(command)
    assert "2 faults" in said and "terms.yml: line 1" in said and "2019.yml: source" in said
