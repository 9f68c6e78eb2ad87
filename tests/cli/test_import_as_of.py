"""`reportkit import --as-of`: earlier records again, without reading a submission."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reportkit.cli.app import app
from reportkit.records.schemas import TABLES, empty
from reportkit.records.snapshot import folder, read_pointer, write_snapshot


def call(*arguments: object) -> Any:
    """Runs a command in this process."""
    from reportkit.cli import console

    console._console.cache_clear()
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    console._console.cache_clear()
    return result


@pytest.fixture
def two(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two snapshots of 2023, of 3 and of 8 January; their digests. No submission at all."""
    times = ["2024-01-03T04:00:00+00:00", "2024-01-08T04:00:00+00:00"]
    monkeypatch.setattr("reportkit.records.snapshot.writing.now", lambda: times.pop(0))
    digests = []
    for n in (1, 2):
        tables = {name: empty(table) for name, table in TABLES.items()}
        rows = {"session_id": [f"s{n}"], "unit_id": ["hq"], "topic_code": ["x"]}
        tables["session_topics"] = tables["session_topics"].reindex([0]).assign(**rows)
        digests.append(write_snapshot(home, 2023, tables, [])["digest"])
    monkeypatch.undo()
    monkeypatch.chdir(home)
    return digests


@pytest.mark.parametrize("by", ["2024-01-05", "digest"])
def test_as_of_makes_the_earlier_records_count_again(home: Path, two: list[str], by: str) -> None:
    """By a day or by a digest; it says which, and what comes next."""
    result = call("import", "--year", "2023", "--as-of", two[0][:8] if by == "digest" else by)
    assert result.exit_code == 0, result.output
    assert two[0][:12] in result.output and "reportkit run" in result.output
    assert read_pointer(home, 2023)["digest"] == two[0]


def test_as_of_for_programs(home: Path, two: list[str]) -> None:
    """--json: the pointers, and nothing else."""
    result = call("import", "--year", "2023", "--as-of", "2024-01-05", "--json")
    assert [pointer["digest"] for pointer in json.loads(result.output)] == [two[0]]


@pytest.mark.parametrize(
    "arguments",
    [["--as-of", "2024-01-05"], ["--year", "2023", "--as-of", "2024-01-02"],
     ["--year", "2023", "--as-of", "nonsense"], ["--year", "1999", "--as-of", "2024-01-05"],
     ["--year", "2023", "--year", "2022", "--as-of", "2024-01-05"]],
)  # fmt: skip
def test_what_cannot_be_gone_back_to_is_wrong_usage_and_changes_nothing(
    home: Path, two: list[str], arguments: list[str]
) -> None:
    """No year, no snapshot by then, no date, no such year; one of two years is none of them."""
    result = call("import", *arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output and "expected: " in result.output
    assert read_pointer(home, 2023)["digest"] == two[1]


def test_a_damaged_history_is_told_in_the_terminal(home: Path, two: list[str]) -> None:
    """In words; the records of then are found all the same, by their folder."""
    (folder(home, 2023) / "history.json").write_text("{", encoding="utf-8")
    result = call("import", "--year", "2023", "--as-of", two[0][:6])
    assert result.exit_code == 0, result.output
    assert "history.json cannot be read" in " ".join(result.output.split())
    assert read_pointer(home, 2023)["digest"] == two[0]
