"""Nothing in the project writes under outputs/issued/: every command is tried, also new ones."""

from __future__ import annotations

import inspect
import shutil
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from issued_support import FONTS, call, correction, listing, opened_up, write_issue

from reportkit.cli.app import app
from reportkit.cli.options import WRITTEN

HOME = ("--home", "{home}")
RUN = ("--format", "docx", "--jobs", "1")

TRIED: dict[str, list[tuple[str, ...]]] = {
    "demo": [("--out", "{into}"), ("--out", "{into}/demo", "--units", "3"), ("--out", "{link}/x")],
    "forms": [
        (*HOME, "--year", "2023", "--out", "{into}"),
        (*HOME, "--year", "2023", "--out", "{into}/new", "--force"),
        (*HOME, "--year", "2023", "--out", "{into}", "--office", "--force"),
        (*HOME, "--year", "2023", "--out", "{home}/outputs/2023/../issued/x"),
    ],
    "check": [
        (*HOME, "{home}/data/submissions/2023/dongling.xlsx", "--out", "{into}"),
        (*HOME, "{home}/data/submissions/2023/dongling.xlsx"),
    ],
    "import": [(*HOME, "--year", "2023"), (*HOME, "--year", "2022")],
    "plan": [(*HOME, "--force", "--formal")],
    "run": [(*HOME, "--unit", "yunping", "--force", "--formal", FONTS, *RUN)],
    "status": [HOME],
    "stage": [
        HOME,
        ("comments", *HOME, "--by", "李", "--why", "x"),
        ("review", *HOME, "--by", "李", "--why", "x", "--again"),
    ],
    "adopt": [
        ("{into}/documents/group/circular.formal.docx", *HOME, "--by", "李", "--on", "2024-01-20"),
        ("{home}/outputs/2023/group/circular.docx", *HOME, "--by", "李"),
        ("--list", *HOME),
        ("--place", "all", "--drop", "--unit", "group", *HOME),
    ],
    "issue": [
        ("a1", *HOME, "--by", "李", FONTS),
        ("b1", *HOME, "--by", "李", FONTS),
        ("../a1", *HOME, "--by", "李"),
    ],
    "correct": [
        ("a1", "--id", "a1", *HOME, "--by", "李"),
        ("a1", "--id", "b1", *HOME, "--by", "李"),
        ("a1", "--id", "c1", *HOME, "--by", "李"),
    ],
    "archive": [("a1", *HOME)],
    "verify": [("{into}", "--no-remake"), ("{into}/inputs",)],
    "diff": [
        ("group", "{into}/documents/group/circular.formal.docx", *HOME, "--out", "{into}/x"),
        ("group", "dongling", *HOME, "--out", "{into}/documents/group/circular.formal"),
        ("group", "dongling", *HOME),
    ],
    "sheets": [(*HOME, "--unit", "yunping")],
    "deliver": [(*HOME, "--issue", "a1"), (*HOME, "--as-made", "--unit", "yunping")],
    "remind": [HOME],
    "confirm": [(*HOME, "--list"), (*HOME, "--waive", "canglu", "--because", "x", "--by", "李")],
    "rollover": [("2024", *HOME)],
    "purge": [(*HOME, "--on", "2040-01-01"), (*HOME, "--year", "2023", "--on", "2040-01-01")],
    "fonts": [HOME],
    "schedule next": [HOME],
    "schedule run": [(*HOME, "--until-idle")],
    "schedule once": [("nightly", *HOME)],
    "schedule history": [HOME],
    "schedule install": [(*HOME, "--cron"), (*HOME, "--systemd", "--out", "{into}")],
}
"""Command → the calls that would most likely write there. A new command belongs in it."""

READ = {("check", "files"), ("adopt", "files"), ("adopt", "base"), ("verify", "issued"),
        ("confirm", "files")}  # fmt: skip
"""Parameters that are a path from which is read: nothing is ever written to it."""


def commands() -> Iterator[tuple[str, Callable[..., Any]]]:
    """All commands of the application, those of groups too, as they are typed."""
    for name, command in typer.main.get_group(app).commands.items():
        found = command.make_context(name, [], resilient_parsing=True).command
        inner = getattr(found, "commands", {"": found})
        for each, one in inner.items():
            assert one.callback is not None and not hasattr(one, "commands")
            yield f"{name} {each}".strip(), one.callback


COMMANDS = dict(commands())


def _paths_of(command: Callable[..., Any]) -> list[str]:
    """The parameters of a command that hold a path, or several."""
    function = inspect.unwrap(command)
    hints = typing.get_type_hints(function, vars(sys.modules[function.__module__]))
    return [name for name, hint in hints.items() if "Path" in str(hint)]


def test_every_command_is_tried() -> None:
    """One without an entry above fails here, and so does an entry without a command."""
    assert len(COMMANDS) > 25
    assert set(TRIED) == set(COMMANDS)


def test_every_path_is_known_to_be_read_or_to_be_written() -> None:
    """What is written is refused in one place, by its name; a new name has to be told there."""
    found = {(name, path) for name, command in COMMANDS.items() for path in _paths_of(command)}
    assert {path for path in found if path[1] not in WRITTEN} == READ
    assert {("demo", "out"), ("forms", "out"), ("diff", "out"), ("check", "out"),
            ("schedule install", "out")} <= found  # fmt: skip


@pytest.fixture
def workbook(issued: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a job, a term for rows on persons, and the issued folder open for whoever may write."""
    monkeypatch.delenv("REPORTKIT_HOME", raising=False)
    write_issue(issued, "b1", documents=["yunping"], number=None, numbers=None)
    correction(issued, "c1", "b1", "yunping")
    (issued / "params" / "schedule.yml").write_text(
        "timezone: Asia/Shanghai\njobs:\n  nightly:\n    cron: '0 6 8 1 *'\n"
        "    do: [import]\n    years: [2023]\n    units: [yunping]\n",
        encoding="utf-8",
    )
    (issued / "params" / "retention.yml").write_text(
        "persons: {years: 3}\nsubmissions: {years: 3}\n", encoding="utf-8"
    )
    folder = issued / "outputs" / "issued" / "a1"
    opened_up(folder)
    folder.chmod(0o555)  # `issue` closes it again, and may
    (issued / "link").symlink_to(issued / "outputs" / "issued" / "a1")
    return issued


def filled(arguments: tuple[str, ...], home: Path, of: Path) -> list[str]:
    """A call with its places, taken as the workbook ``home``; the issued folder is of ``of``."""
    places = {"home": home, "into": of / "outputs" / "issued" / "a1", "link": of / "link"}
    return [part.format(**places) for part in arguments]


@pytest.mark.parametrize("name", sorted(TRIED))
def test_no_command_changes_what_was_issued(workbook: Path, name: str) -> None:
    """Hash, mode and time of every file and folder stay, the folder outputs/issued/ itself too.

    No bit keeps them from it here: as on Windows, or for root.
    """
    before = listing(workbook / "outputs" / "issued")
    for arguments in TRIED[name]:
        result = call(*name.split(), *filled(arguments, workbook, workbook))
        assert "Traceback" not in result.output and "unexpected" not in result.output
        if "--out" in arguments:
            assert result.exit_code == 2
            assert "lies in what has been issued" in result.output
        assert listing(workbook / "outputs" / "issued") == before, arguments


@pytest.mark.parametrize("name", sorted(TRIED))
def test_what_was_issued_is_no_workbook_to_work_in(
    workbook: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its inputs are one, by their look: refused as --home, and for who stands in it.

    `fonts` alone, which writes nothing, can do without a workbook.
    """
    inputs = workbook / "outputs" / "issued" / "a1" / "inputs"
    before = listing(workbook / "outputs" / "issued")
    for arguments in TRIED[name]:
        if HOME[0] not in arguments:
            continue
        told = call(*name.split(), *filled(arguments, inputs, workbook))
        assert told.exit_code == 2 and "lies in what has been issued" in told.output, told.output
        place = arguments.index(HOME[0])
        without = filled(arguments[:place] + arguments[place + 2 :], inputs, workbook)
        monkeypatch.chdir(inputs)
        assert call(*name.split(), *without).exit_code == (0 if name == "fonts" else 2)
        monkeypatch.setenv("REPORTKIT_HOME", str(inputs))
        monkeypatch.chdir(workbook)
        assert call(*name.split(), *without).exit_code == (0 if name == "fonts" else 2)
        monkeypatch.delenv("REPORTKIT_HOME")
    assert listing(workbook / "outputs" / "issued") == before


def test_the_demo_is_made_nowhere_within(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its default is the folder one stands in."""
    before = listing(workbook / "outputs" / "issued")
    monkeypatch.chdir(workbook / "outputs" / "issued" / "a1")
    assert "lies in what has been issued" in call("demo", "--units", "3").output
    assert listing(workbook / "outputs" / "issued") == before


def test_an_unexpected_error_leaves_its_log_elsewhere(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder that is named lies in what was issued, there is none."""
    from reportkit.cli import errors

    inputs = workbook / "outputs" / "issued" / "a1" / "inputs"
    before = listing(workbook / "outputs" / "issued")
    monkeypatch.chdir(inputs)

    @errors.handled
    def broken() -> None:
        raise ValueError("x")

    with pytest.raises(typer.Exit):
        broken()
    assert listing(workbook / "outputs" / "issued") == before


def test_a_copy_of_what_was_issued_may_be_worked_in(workbook: Path, tmp_path: Path) -> None:
    """As the message says: elsewhere its inputs are a workbook like any other."""
    copy = tmp_path / "copy"
    shutil.copytree(workbook / "outputs" / "issued" / "a1" / "inputs", copy)
    assert call("plan", "--home", copy).exit_code == 0
