"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TEMPORARY = ".new-"
"""How the names of files begin that are not whole yet."""


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Forces a file's content onto the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Forces a folder's names onto the disk, where the system knows how."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Replaces the file at once by ``content``: readers see the old one or the new one."""
    # Not mkstemp: what it makes only its owner can read, and others read these files too.
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, put in its place whole at the end; gone if something goes wrong."""
    making = path.with_name(f"{TEMPORARY}{path.name}")
    shutil.rmtree(making, ignore_errors=True)  # what a run that was killed has left
    making.mkdir(parents=True)
    try:
        yield making
        making.rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    sync_folder(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Replaces the file at once by the value as JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    replace_file(path, text.encode("utf-8"))


_COUNT = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b")


def pages_in(path: Path) -> int:
    """The number of pages of a PDF whose page tree stands in plain text, as Typst writes it.

    0 if the file is missing, or its page tree does not.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return 0
    return max((int(a or b) for a, b in _COUNT.findall(content)), default=0)
