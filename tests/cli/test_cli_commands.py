"""The command line: what it says, and with which status it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reportkit.cli.app import app
from reportkit.cli.workbook import StudyWorkbook


def call(*arguments: object) -> Any:
    """Runs a command in this process."""
    from reportkit.cli import console

    console._console.cache_clear()
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    console._console.cache_clear()
    return result


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "reportkit", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_help_imports_nothing_heavy() -> None:
    """It names every command; of the package and of all others it loads what it needs."""
    result = python("--help")
    for command in (b"demo", b"import", b"run", b"status", b"fonts", b"--version"):
        assert command in result.stdout
    for asked, most in (("['--help']", 350), ("['run', '--help']", 400)):  # 290 and 330 by now
        code = (
            f"import sys, reportkit.cli.app as a; a.app({asked}, standalone_mode=False);"
            "print({'pandas', 'papermill', 'nbconvert', 'typst', 'numpy', 'jupyter_client'}"
            " & sys.modules.keys(), len(sys.modules))"
        )
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        heavy, _, count = shown.strip().splitlines()[-1].rpartition(b" ")
        assert heavy == b"set()" and int(count) < most


@pytest.mark.parametrize("command", ["demo", "import", "run", "status", "fonts"])
def test_every_command_explains_itself(command: str) -> None:
    """`--help` of each command is complete: each option has a text."""
    result = call(command, "--help")
    assert result.exit_code == 0
    lines = [line.split(maxsplit=2) for line in result.output.splitlines() if " --" in line]
    assert lines and all(len(line) > 1 for line in lines)


def test_the_version_is_said() -> None:
    """Also without a workbook."""
    assert call("--version").output.startswith("reportkit ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--nonsense"],
        ["run", "--format", "doc"],
        ["run", "--formal"],  # the fonts here only stand for the standard ones
        ["run", "--require-standard-fonts"],
        ["run", "--mask", "--unit", "working_paper"],
        ["run", "--unit", "nobody"],
        ["run", "--unit", "../hq"],
        ["run", "--unit", "gone"],
        ["run", "--year", "1999"],
        ["run", "--notebook", "other"],
        ["run", "--jobs", "0"],
        ["run", "--timeout", "0"],
        ["run", "--home", "nowhere"],
        ["--home", "nowhere", "status"],
        ["import"],
        ["import", "--year", "1999"],
        ["demo", "--out", "."],
        ["demo", "--out", "new", "--years", "MMXXIII"],
        ["demo", "--out", "new", "--units", "0"],
    ],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(
    home: Path, no_records: dict[str, str], arguments: list[str]
) -> None:
    """Before anything runs, in words and without a traceback."""
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert not (home / "outputs").exists()
    assert not (home / "new").exists()


def test_an_error_says_found_expected_and_next(home: Path, no_records: dict[str, str]) -> None:
    """The three lines by which a person can act."""
    (home / "params" / "2023.yml").write_text("year: 2022\n", encoding="utf-8")
    result = call("run", "--unit", "nobody", "--year", "2022")
    assert "unknown unit 'nobody'" in result.output
    assert "expected: one of hq, dongling, xiling, gone" in result.output
    assert "next: " in result.output


def test_an_unexpected_error_leaves_its_traceback_in_a_file(
    home: Path, no_records: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal gets one line and the path."""
    from reportkit import annual

    def fail(home: Path, year: int, period: str | None, pins: object) -> annual.Slices:
        raise RuntimeError("出了意外")

    monkeypatch.setattr(annual, "known_slices", fail)
    result = call("run")
    assert result.exit_code == 1
    assert "RuntimeError: 出了意外" in result.output
    assert "Traceback" not in result.output
    (log,) = (home / "outputs" / "logs").iterdir()
    assert f"outputs/logs/{log.name}" in result.output
    assert "in fail" in log.read_text(encoding="utf-8")


def test_units_are_in_official_order_and_those_of_another_time_left_out(
    home: Path, no_records: dict[str, str]
) -> None:
    """By default every unit in being at the year's end, then the group; 本级 only by name."""
    from reportkit.batch.contract import Selection

    no_records["xiling"] = "报送材料被拒收"
    workbook = StudyWorkbook(home)
    found = workbook.documents(Selection((2022, 2023)))
    assert [(d.year, d.unit) for d in found] == [
        (2022, "dongling"),
        (2022, "xiling"),
        (2022, "gone"),
        (2022, "group"),
        (2023, "dongling"),
        (2023, "xiling"),
        (2023, "group"),
    ]
    assert {d.unit: d.blocked for d in found if d.blocked} == {"xiling": "报送材料被拒收"}
    assert found[0].parameters == {"unit": "dongling", "year": 2022}
    assert found[-1].parameters == {"year": 2023}
    assert found[-1].folder == "2023/group"
    named = workbook.documents(Selection((2023,), units=("group", "hq")))
    assert [d.unit for d in named] == ["hq", "group"]


def test_the_fingerprint_follows_the_files_that_matter(
    home: Path, no_records: dict[str, str]
) -> None:
    """This year's parameters and prose and last year's count; others do not."""
    from reportkit.batch.contract import Selection

    def parameters() -> dict[str, str]:
        workbook = StudyWorkbook(home)  # it reads each file but once
        return workbook.fingerprint(document)

    document = StudyWorkbook(home).documents(Selection((2023,), units=("dongling",)))[0]
    seen = [parameters()]
    (home / "params" / "2021.yml").write_text("x", encoding="utf-8")
    assert parameters() == seen[0]
    prose = home / "params" / "text" / "2023" / "unit.md"
    prose.parent.mkdir(parents=True)
    for path in (prose, home / "params" / "2022.yml", home / "params" / "letterhead.yml"):
        path.write_text("changed", encoding="utf-8")
        assert parameters() not in seen
        seen.append(parameters())


def test_run_and_status_tell_the_same_story(home: Path, no_records: dict[str, str]) -> None:
    """Good circulars, a blocked unit, where to look, and status 1: by the real exporters."""
    no_records["xiling"] = "报送材料被拒收"
    result = call("run", "--jobs", 2)
    assert result.exit_code == 1, result.output
    assert "Blocked: 报送材料被拒收" in result.output
    assert "2 made, 0 up to date, 1 not done" in result.output
    assert result.output.rstrip().endswith("Look in outputs/2023/")
    pdf = home / "outputs" / "2023" / "dongling" / "circular.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-")

    again = call("run")
    assert "0 made, 2 up to date, 1 not done" in again.output

    shown = call("status", "--json")
    assert shown.exit_code == 1
    rows = {row["unit"]: row for row in json.loads(shown.stdout)}
    assert {unit: row["good"] for unit, row in rows.items()} == {
        "dongling": True,
        "group": True,
        "xiling": False,
    }
    pdf.write_bytes(b"%PDF-")
    assert {row["key"] for row in json.loads(call("status", "--failed", "--json").stdout)} == {
        "dongling/circular",
        "xiling/circular",
    }
    told = call("status").output
    assert "damaged" in told
    assert "next, for damaged files: reportkit run --year 2023 --unit dongling" in told


def test_plan_tells_what_run_would_make(home: Path, no_records: dict[str, str]) -> None:
    """Why each, as text and as JSON; after the run nothing; a broken letterhead stops both."""
    no_records["xiling"] = "报送材料被拒收"
    first = call("plan")
    assert first.exit_code == 0, first.output
    assert "2 to make, 0 up to date, 1 blocked" in first.output
    assert "blocked: 报送材料被拒收" in first.output and "never made" in first.output
    assert not (home / "outputs" / "2023").exists()
    call("run", "--format", "html")
    assert "0 to make, 2 up to date, 1 blocked" in call("plan", "--format", "html").output
    (home / "params" / "text" / "2023").mkdir(parents=True)
    (home / "params" / "text" / "2023" / "unit.md").write_text("## 一\n改\n", encoding="utf-8")
    rows = {r["document"]: r for r in json.loads(call("plan", "--format", "html", "--json").stdout)}
    assert rows["dongling/circular"]["reasons"] == ["params changed: text/2023/unit.md added"]
    assert rows["group/circular"]["state"] == "up to date"
    (home / "params" / "letterhead.yml").write_text("seal: [1, 2\n", encoding="utf-8")
    for command in ("plan", "run"):
        refused = call(command)
        assert refused.exit_code == 2 and "letterhead.yml" in refused.output


def test_names_that_people_use_lead_to_the_right_ones(
    home: Path, no_records: dict[str, str]
) -> None:
    """A unit by its name, and a period's notebook without a period: the message says what to do."""
    assert "write its id: dongling" in call("run", "--unit", "东岭公司").output
    assert "add --period" in call("run", "--notebook", "unit_period").output


def test_a_terminal_that_cannot_show_a_character_does_not_stop_the_work(
    home: Path, no_records: dict[str, str]
) -> None:
    """A GBK or ASCII console gets question marks in place of what it lacks."""
    result = python("fonts", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0, result.stderr
    assert b"?" in result.stdout


def test_a_demo_shifts_the_nearest_years_parameters(tmp_path: Path) -> None:
    """A year without a file gets the nearest one's, dates and all; topics are read, not lost."""
    from reportkit.params import available_years, load_year

    out = tmp_path / "示例"
    result = call("demo", "--out", out, "--units", 3, "--years", "2023,2025")
    assert result.exit_code == 0, result.output
    assert {2023, 2025} <= set(available_years(out))
    assert load_year(out, 2025).cutoff.year == 2025
    assert len(load_year(out, 2025).topics) == len(load_year(out, 2023).topics)
    assert list((out / "data" / "submissions" / "2025").glob("*.xlsx"))
    again = call("demo", "--out", out, "--units", 3)
    assert again.exit_code == 2
    assert "is not empty" in again.output


def test_a_submission_that_is_not_as_imported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed, taken away or added since the import: run and plan both say so."""
    home = tmp_path / "demo"
    call("demo", "--out", home, "--units", 3, "--years", "2023")
    monkeypatch.chdir(home)
    call("import")
    assert "not as imported" not in call("plan").output
    folder = home / "data" / "submissions" / "2023"
    first, second = sorted(folder.glob("*.xlsx"))[:2]
    (folder / "neu.xlsx").write_bytes(second.read_bytes())
    first.write_bytes(second.read_bytes())
    second.unlink()
    told = call("plan").output
    assert "not as imported" in told and "next: reportkit import --year 2023" in told
    for path in (first, second, folder / "neu.xlsx"):
        assert f"submissions/2023/{path.name}" in told
