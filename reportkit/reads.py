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
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from reportkit.files import sha256
from reportkit.modules import PACKAGE

FIGURES = "figures of other units"
FINDINGS = "findings"
RULES = "rules"
FILES = "files"
FAMILIES = (FIGURES, FINDINGS, RULES, FILES)
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


def note_rules(rules: Iterable[Any]) -> None:
    """Note that rules themselves were read, not only what they found."""
    if _record is not None:
        for rule in rules:
            note(f"{RULES}/read", rule.rule_id, rule.model_dump_json())


def from_notebook() -> bool:
    """Whether a cell, or a module of the workbook's, calls the caller, and a record is kept."""
    return _record is not None and _of_notebook(sys._getframe(2))


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Nothing is noted within."""
    global _record
    record, _record = _record, None
    try:
        yield
    finally:
        _record = record


def start(home: Path | None = None) -> None:
    """Begin a record: of figures, and of files below ``home``; None: the working directory."""
    global _record, _home
    _hook_once()
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
    """What Python tells of each file that is opened, folder that is listed, import."""
    if _record is None or event not in _EVENTS:
        return
    frame, importing = sys._getframe(1), False
    while frame.f_back and _module(frame).startswith("importlib"):
        frame, importing = frame.f_back, True
    if event == "import":
        if _of_notebook(frame):
            _wanted.add(str(arguments[0]))
    elif isinstance(arguments[0], str | bytes | os.PathLike) and not (
        importing and event != "open"
    ):
        name = _below_home(os.fsdecode(arguments[0]))
        if name and not (f"{name}/".startswith("params/") and _ours(frame)):
            writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_TRUNC)
            (_written if writes else _read).add(name)


_EVENTS = frozenset({"open", "os.listdir", "os.scandir", "sqlite3.connect", "import"})


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _of_notebook(frame: FrameType) -> bool:
    return _module(frame) == "__main__" or bool(_below_home(frame.f_code.co_filename))


def _ours(frame: FrameType | None) -> bool:
    """Whether code of ours is at work, not a cell: what it reads of params/ has its own parts."""
    while frame and _module(frame) != "__main__":
        if _module(frame).startswith("reportkit."):
            return True
        frame = frame.f_back
    return False


def _below_home(path: str) -> str:
    """The name below the workbook's folder of what a paper may depend on; else ""."""
    path = os.path.normpath(Path.cwd() / path)
    if not path.startswith(_home + os.sep):
        path = os.path.realpath(path)
    if path.endswith(".pyc"):
        with contextlib.suppress(ValueError):
            path = importlib.util.source_from_cache(path)
    ours = path.startswith((str(PACKAGE) + os.sep, os.path.realpath(sys.prefix) + os.sep))
    if ours or not path.startswith(_home + os.sep):
        return ""
    name = path[len(_home) + 1 :].replace(os.sep, "/")
    hidden = any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))
    return "" if hidden or name.startswith("outputs/") else name
