"""LibreOffice as the editor of a Word file, without a screen, with tracking of changes or not.

A Basic macro (``editing.bas``) in a profile of its own does what a user does: it selects,
types, deletes, cuts and pastes by the commands of menu and keyboard. Nothing is needed but
Debian's ``libreoffice-writer-nogui``: no Python bridge, no socket to wait for.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from font_support import with_own_fonts

MACRO = Path(__file__).with_name("editing.bas")
SECONDS = 120


@dataclass(frozen=True)
class Replace:
    """Select a stretch of a paragraph and type another over it."""

    paragraph_startswith: str
    old: str
    new: str


@dataclass(frozen=True)
class Rewrite:
    """Select all text of a paragraph and type another."""

    paragraph_startswith: str
    new_text: str


@dataclass(frozen=True)
class Delete:
    """Select a paragraph with its end, and delete it."""

    paragraph_startswith: str


@dataclass(frozen=True)
class Move:
    """Cut a paragraph with its end, and paste it behind another."""

    paragraph_startswith: str
    after_startswith: str


@dataclass(frozen=True)
class Add:
    """Press Enter at a paragraph's end, and type a new one."""

    paragraph_startswith: str
    text: str


@dataclass(frozen=True)
class Split:
    """Press Enter behind a stretch of a paragraph."""

    paragraph_startswith: str
    behind: str


@dataclass(frozen=True)
class Join:
    """Press Delete at a paragraph's end."""

    paragraph_startswith: str


@dataclass(frozen=True)
class Comment:
    """Comment on a paragraph. All comments go in when the other steps are done."""

    paragraph_startswith: str
    text: str
    author: str


@dataclass(frozen=True)
class Accept:
    """Accept all tracked changes."""


@dataclass(frozen=True)
class Reject:
    """Reject all tracked changes."""


Step = Replace | Rewrite | Delete | Move | Add | Split | Join | Comment | Accept | Reject


def edit(
    source: Path,
    target: Path,
    steps: Sequence[Step],
    track: bool = True,
    *,
    author: str = "张三",
) -> None:
    """Write ``target``: the Word file ``source`` as it is after some steps, saved as .docx.

    A paragraph is the first of the body, or of a table's cell there, that begins with a text;
    what is deleted with tracking on is still there for that. ``author``: who is at the keyboard.
    """
    lines = [source.resolve().as_uri(), target.resolve().as_uri(), "track" if track else "plain"]
    for step in steps:
        parts = [type(step).__name__.lower(), *astuple(step)]
        if any("\t" in part or "\n" in part for part in parts):
            raise ValueError(f"a tab or line end in {step}")
        lines.append("\t".join(parts))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "steps.txt").write_text("\n".join(lines), encoding="utf-8")
        _write_profile(folder / "profile" / "user", author)
        errors = _run(
            [office(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--norestore", "--nologo", "macro:///Standard.Editing.Main"],
            {**with_own_fonts(folder), "REPORTKIT_EDITING": folder.as_uri()},
        )  # fmt: skip
        told = folder / "result.txt"
        result = told.read_text(encoding="utf-8") if told.exists() else errors
        if result != "ok":
            raise RuntimeError(f"LibreOffice did not edit {source.name}: {result}")


def _run(command: list[str], environment: dict[str, str]) -> str:
    """Run LibreOffice to its end; what it said on stderr. It starts others: all end with it."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", errors="replace", start_new_session=True,
    ) as process:  # fmt: skip
        try:
            return process.communicate(timeout=SECONDS)[1]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return f"it was not done after {SECONDS} s"


def office() -> str:
    """LibreOffice's program; the test fails or is skipped where there is none."""
    found = shutil.which("soffice")
    if found is None:
        if os.environ.get("REPORTKIT_REQUIRE_TOOLS"):
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    return found


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARY = (
    'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def _write_profile(user: Path, author: str) -> None:
    """A user's profile with the macro in it, told that its first start is behind it."""
    basic = user / "basic" / "Standard"
    basic.mkdir(parents=True)
    settings = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in (
            ("Setup/Office", "ooSetupInstCompleted", "true"),
            ("UserProfile/Data", "givenname", escape(author)),
        )
    )
    contents = {
        user / "registrymodifications.xcu": '<oor:items xmlns:oor="http://openoffice.org/2001/'
        f'registry">{settings}</oor:items>',
        basic / "Editing.xba": '<script:module xmlns:script="http://openoffice.org/2000/script" '
        'script:name="Editing" script:language="StarBasic">'
        f"{escape(MACRO.read_text(encoding='utf-8'))}</script:module>",
    }
    for kind, modules in (("script", '<library:element library:name="Editing"/>'), ("dialog", "")):
        contents[basic.parent / f"{kind}.xlc"] = (
            f'<library:libraries {_LIBRARY}><library:library library:name="Standard" '
            'library:link="false"/></library:libraries>'
        )
        contents[basic / f"{kind}.xlb"] = (
            f'<library:library {_LIBRARY} library:name="Standard" library:readonly="false" '
            f'library:passwordprotected="false">{modules}</library:library>'
        )
    for path, content in contents.items():
        path.write_text(_XML + content, encoding="utf-8")
