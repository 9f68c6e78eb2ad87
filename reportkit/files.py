"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
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
    """Replaces the file at once by the value as JSON; an object bears a hash of its content."""
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    replace_file(path, sealed(text.encode("utf-8")))


def sealed(content: bytes) -> bytes:
    """A JSON object with the hash of all that follows the hash; other values as they are."""
    if not content.startswith(b"{") or content.rstrip() == b"{}":
        return content
    rest = content[1:]
    return b'{"sha256": "%b", %b' % (hashlib.sha256(rest).hexdigest().encode(), rest)


_SEAL = b'{"sha256": "'
_SEALED = len(_SEAL) + 64 + len('", ')


def unsealed(content: bytes) -> Any:
    """The JSON value without the hash of :func:`sealed`; of files of before there was one, as is.

    Raises
    ------
    ValueError
        If it is no JSON in UTF-8, nested without end, or not what was written.
    """
    seal = content.startswith(_SEAL)
    if seal and sealed(b"{" + content[_SEALED:]) != content:
        raise ValueError("the content is not what was written")
    try:
        value = json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if seal:
        del value["sha256"]
    return value


def read_json(path: Path) -> Any:
    """A file's JSON, held against its hash where it bears one.

    Raises
    ------
    OSError
        If it is not there or cannot be read.
    ValueError
        As :func:`unsealed`.
    """
    return unsealed(path.read_bytes())


def read_derived(path: Path) -> dict[str, Any]:
    """The JSON object of a file that can be worked out anew: empty if it is missing or damaged."""
    try:
        value = read_json(path)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        tell_damaged(path)
        return {}
    return value if isinstance(value, dict) else {}


def tell_damaged(path: Path) -> None:
    """One line to whoever runs this."""
    logging.getLogger("reportkit").warning("%s is damaged: it is worked out anew", path)


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
