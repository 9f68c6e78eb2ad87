"""A guide whose commands are typed in its order: what stands on the page is what is run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pypdf import PdfReader

_BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```", re.S | re.M)
_STATUS = re.compile(r"退出码 (\d+)")


@dataclass(frozen=True)
class Line:
    """A command of the page: the words typed, and the exit status that the page says it has."""

    words: tuple[str, ...]
    status: int

    def __str__(self) -> str:
        return " ".join(self.words)


def lines_of(page: str) -> Iterator[Line]:
    """The commands of its console blocks; a comment may name an exit status other than 0."""
    for kind, block in _BLOCK.findall(page):
        for line in block.splitlines() if kind == "console" else ():
            command, _, comment = line.partition("#")
            if command.strip():
                told = _STATUS.search(comment)
                yield Line(tuple(shlex.split(command)), int(told[1]) if told else 0)


def files_of(page: str) -> dict[str, str]:
    """The YAML files that it shows, each with its path in a comment on the first line."""
    blocks = [block for kind, block in _BLOCK.findall(page) if kind == "yaml"]
    return {block.splitlines()[0].removeprefix("# ").strip(): block for block in blocks}


class Guide:
    """Somebody who types the guide's commands, in a folder, and nothing that is not there."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.text = page.read_text(encoding="utf-8")
        self.left = list(lines_of(self.text))
        self.folder = folder

    def type(self, command: str) -> str:
        """Type the next line, which has to begin so; what it said, once its status is right."""
        line = self.left.pop(0)
        assert str(line).startswith(command), f"the guide goes on with: {line}"
        if line.words[0] == "cd":
            self.folder = self.folder / line.words[1]
            return ""
        return self.say(*line.words[1:], status=line.status)

    def say(self, *words: str, status: int = 0) -> str:
        """A command that is not in the guide."""
        done = subprocess.run(
            [sys.executable, "-m", "reportkit", *words], cwd=self.folder, capture_output=True,
            text=True, encoding="utf-8", check=False, timeout=600,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == status, f"{' '.join(words)}: {done.returncode}\n{said}"
        assert "Traceback" not in said, said
        return said

    def write(self, path: str) -> None:
        """Copy a file from the page to where it says that it belongs."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = files_of(self.text)[path]
        yaml.safe_load(content)
        target.write_text(content, encoding="utf-8")


def text_of(pdf: Path) -> str:
    """All that a PDF says, without the blanks and line ends that a page puts in."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(pdf).pages))
