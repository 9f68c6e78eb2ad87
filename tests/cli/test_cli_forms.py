"""``reportkit forms``: which files it writes, which it keeps, and with which status it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
from typer.testing import CliRunner

from reportkit.cli.app import app


def call(*arguments: object) -> Any:
    """Runs a command in this process."""
    from reportkit.cli import console

    console._console.cache_clear()
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    console._console.cache_clear()
    return result


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_workbook_a_unit_for_the_next_quarter(home: Path) -> None:
    """Without --period the first quarter without records is taken, and said."""
    result = call("forms", "--year", 2023, "--out", home / "new" / "forms")
    assert result.exit_code == 0
    assert "2023Q1: no records of 2023 have been imported" in result.stdout
    assert "4 written" in result.stdout
    assert names(home / "new" / "forms") == [
        f"{unit}.2023Q1.xlsx" for unit in ("dongling", "gone", "hq", "xiling")
    ]
    cover = openpyxl.load_workbook(home / "new" / "forms" / "xiling.2023Q1.xlsx")["封面"]
    assert [cover.cell(row, 3).value for row in range(6, 9)] == [
        "西岭公司全称",
        2023,
        "2023年第一季度",
    ]


def test_units_that_have_ended_get_no_form(home: Path) -> None:
    """A unit gets forms for the periods in which it exists; asked for by name, it is refused."""
    out = home / "forms"
    assert call("forms", "--year", 2023, "--period", "2023Q3", "--out", out).exit_code == 0
    assert names(out) == [f"{unit}.2023Q3.xlsx" for unit in ("dongling", "hq", "xiling")]
    result = call("forms", "--year", 2023, "--period", "2023Q3", "--unit", "gone", "--out", out)
    assert result.exit_code == 2
    assert "gone has no study group in 2023Q3" in result.stderr


def test_a_form_that_was_filled_in_is_kept(home: Path) -> None:
    """What differs is kept with status 1, the same is unchanged, --force overwrites."""
    command = ("forms", "--year", 2023, "--period", "2023-02", "--out", home / "f")
    assert call(*command, "--unit", "hq", "--unit", "xiling").exit_code == 0
    whole = (home / "f" / "hq.2023-02.xlsx").read_bytes()
    (home / "f" / "hq.2023-02.xlsx").write_bytes(b"filled in")
    result = call(*command)
    assert result.exit_code == 1
    assert "2 written, 1 unchanged, 1 kept" in result.stdout
    assert "hq.2023-02.xlsx is there already, and differs" in result.stderr
    assert (home / "f" / "hq.2023-02.xlsx").read_bytes() == b"filled in"
    assert call(*command, "--force").exit_code == 0
    assert (home / "f" / "hq.2023-02.xlsx").read_bytes() == whole
    assert not [name for name in names(home / "f") if not name.endswith("2023-02.xlsx")]


def test_json_tells_each_file_and_nothing_else(home: Path) -> None:
    """For programs: unit, period, file and state."""
    result = call("forms", "--year", 2023, "--unit", "hq", "--out", home / "f", "--json")
    assert json.loads(result.stdout) == [
        {
            "unit_id": "hq",
            "period": "2023Q1",
            "file": str(home / "f" / "hq.2023Q1.xlsx"),
            "state": "written",
        }
    ]


def test_the_offices_own_workbook(home: Path) -> None:
    """--office writes one workbook of the year, and takes neither unit nor period."""
    result = call("forms", "--year", 2023, "--office", "--out", home / "f")
    assert result.exit_code == 0
    assert "data/checks/2023.xlsx" in result.stdout
    assert names(home / "f") == ["office.2023.xlsx"]
    result = call("forms", "--year", 2023, "--office", "--unit", "hq", "--out", home / "g")
    assert result.exit_code == 2
    assert not (home / "g").exists()


def test_wrong_usage_writes_nothing(home: Path) -> None:
    """A year without parameters, a wrong period, an unknown unit, a file for a folder."""
    (home / "taken").write_text("x", encoding="utf-8")
    for arguments, said in (
        (("--year", 2024), "no parameters for 2024"),
        (("--year", 2023, "--period", "2022Q1"), "expected: a period of 2023"),
        (("--year", 2023, "--unit", "nobody"), "unknown unit 'nobody'"),
        (("--year", 2023, "--out", home / "taken"), "taken is a file"),
        (("--year", 2023, "--office", "--out", home / "taken"), "taken is a file"),
    ):
        result = call("forms", "--out", home / "f", *arguments)
        assert result.exit_code == 2, arguments
        assert said in result.stderr
        assert not (home / "f").exists()
