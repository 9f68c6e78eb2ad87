"""What a document reads while it is made: figures by name, files of its workbook's folder.

One record for the process, kept from :func:`start` to :func:`taken`; else nothing is noted.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from reportkit.files import sha256
from reportkit.modules import PACKAGE

FIGURES = "figures of other units"
FINDINGS = "findings"
FILES = "files"
FAMILIES = (FIGURES, FINDINGS, FILES)
"""How the names of parts begin that are known only once a document was made."""

_record: dict[str, dict[str, str]] | None = None
_home = ""
_read: set[str] = set()
_written: set[str] = set()
_wanted: set[str] = set()
"""Files and folders that were looked at, files that were written, modules asked for."""


def short(value: object) -> str:
    """A value in short: to see whether it is another."""
    if isinstance(value, int):
        return str(value)
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def joined(values: Mapping[str, str]) -> str:
    """Names and values in short as one part of a fingerprint: M1 median=9f3a1c20;…"""
    return ";".join(f"{name}={value}" for name, value in sorted(values.items()))


def split(part: str) -> dict[str, str]:
    """The names and values of :func:`joined`."""
    return dict(each.split("=", 1) for each in part.split(";") if "=" in each)


def reading() -> bool:
    """Whether what is read is noted."""
    return _record is not None


def note(part: str, name: str, value: object) -> None:
    """Note that a figure was read, where a record is kept."""
    if _record is not None:
        _record.setdefault(part, {})[name] = short(value)


@contextlib.contextmanager
def recording(record: dict[str, dict[str, str]] | None) -> Iterator[None]:
    """What is read within is noted there; None: nowhere."""
    global _record
    before, _record = _record, record
    try:
        yield
    finally:
        _record = before


def start(home: Path | None = None) -> None:
    """Begin a record: of figures, and of files below ``home``; None: the working directory."""
    global _record, _home
    _hook_once()
    _below_home.cache_clear()
    for known in (_read, _written, _wanted):
        known.clear()
    _record, _home = {}, os.path.realpath(home or Path.cwd())


def taken() -> dict[str, str]:
    """End the record; its parts, as a fingerprint has them."""
    global _record
    record, _record = _record or {}, None
    for name in _wanted - sys.modules.keys():
        _read.update((f"{name.replace('.', '/')}.py", f"{name.replace('.', '/')}/__init__.py"))
    read = {part: joined(values) for part, values in record.items()}
    read |= {f"{FILES}/{name}": file_hash(Path(_home, name)) for name in _read - _written}
    return dict(sorted(read.items()))


def write(path: str) -> None:
    """End the record, and write it as JSON for who made the document."""
    Path(path).write_text(json.dumps(taken()), encoding="utf-8")


def file_hash(path: Path) -> str:
    """A file's content, or a folder's names, in short; "" if there is none."""
    try:
        if path.is_dir():
            names = sorted(each.name for each in path.iterdir())
            return short([n for n in names if not n.startswith(".") and n != "__pycache__"])
        return sha256(path)[:16]
    except OSError:
        return ""


# --- files ---


@functools.lru_cache(maxsize=1)
def _hook_once() -> None:
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    """What Python tells of each file that is opened, folder that is listed, module imported."""
    if _record is not None and event in _EVENTS:
        with contextlib.suppress(OSError, ValueError, TypeError):
            _take_note(event, arguments, sys._getframe(1))


_EVENTS = frozenset({"open", "os.listdir", "os.scandir", "sqlite3.connect", "import"})
_PREFIXES = (sys.prefix, sys.base_prefix)
_LIBRARIES = tuple({path + os.sep for p in _PREFIXES for path in (p, os.path.realpath(p))})
_OURS = f"{PACKAGE}{os.sep}"


def _take_note(event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
    asked_by: FrameType | None = frame
    while asked_by and _is_library(asked_by):
        asked_by = asked_by.f_back
    ours = asked_by is None or _module(asked_by).startswith("reportkit.")
    if event == "import":
        if not ours:
            _wanted.add(arguments[0])
    elif event == "open" or not _module(frame).startswith("importlib"):
        name = _below_home(os.path.normpath(Path.cwd() / os.fsdecode(arguments[0])))
        # What our own code reads of the parameters has parts of its own.
        if name and not (ours and f"{name}/".startswith("params/")):
            writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_TRUNC)
            (_written if writes else _read).add(name)


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _is_library(frame: FrameType) -> bool:
    """Whether it only does what a cell, a module of the workbook's or our own code wants."""
    path = frame.f_code.co_filename
    return path.startswith(("<frozen ", *_LIBRARIES)) and not path.startswith(_OURS)


@functools.lru_cache(maxsize=4096)
def _below_home(path: str) -> str:
    """The name below the workbook's folder of what a paper may depend on; else ""."""
    if path.endswith(".pyc"):
        path = importlib.util.source_from_cache(path)
    if not path.startswith(_home + os.sep):
        path = os.path.realpath(path)
    if path.startswith((_OURS, *_LIBRARIES)) or not path.startswith(_home + os.sep):
        return ""
    parts = Path(path).relative_to(_home).parts
    hidden = any(part.startswith((".", ":")) or part == "__pycache__" for part in parts)
    return "" if hidden or parts[0] == "outputs" else "/".join(parts)
