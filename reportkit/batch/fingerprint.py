"""What a document depends on, part by part, so that a plan can say why one is stale."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import reportkit
from reportkit import reads
from reportkit.batch.contract import PUBLISHER, Document, Workbook
from reportkit.batch.parameters import read_notebook
from reportkit.batch.source import as_source
from reportkit.fonts import FontSet
from reportkit.modules import PACKAGE, digest_of, files_of, imported_in

_MACHINERY = (
    "reportkit.batch.worker", "reportkit.batch.kernels.template",
    "reportkit.batch.kernels.provisioner", "reportkit.batch.papermill_engine",
)  # fmt: skip
"""What executes a notebook; found by name, or started as a program."""

_MOST = 6
"""So many names of what changed in a part are told one by one."""

_KERNEL_PACKAGES = ("ipython", "matplotlib-inline", "numpy", "jupyter-client", "pydantic-core")


def digest(value: Any) -> str:
    """A short hash of any JSON value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def fingerprint(
    document: Document, workbook: Workbook, code: Mapping[str, str] | None = None
) -> dict[str, str]:
    """All parts for one document; those that only the workbook knows come from it.

    ``code``: what :func:`own_code` has found, where it was asked for all documents at once.
    """
    passed = [as_source(dict(document.parameters)), document.edition]
    cells, imports = _notebook(document.notebook, document.notebook.stat().st_mtime_ns)
    more = {"notebook's modules": imports} if imports else {}
    return {
        **shared_parts(workbook.own_fonts),
        **(own_code(workbook, PUBLISHER) if code is None else code),
        **workbook.fingerprint(document),
        **more,
        "notebook": cells,
        "parameters": digest(passed),
    }


def recorded(before: Mapping[str, str]) -> dict[str, str]:
    """Those parts of a fingerprint that were noted while the document was made."""
    return {n: v for n, v in before.items() if n.partition("/")[0] in reads.FAMILIES and "/" in n}


def read_now(document: Document, workbook: Workbook, read: Mapping[str, str]) -> dict[str, str]:
    """What a document read when it was made, as it is now."""
    files = {name: name.partition("/")[2] for name in read if name.startswith(f"{reads.FILES}/")}
    others = {name: value for name, value in read.items() if name not in files}
    return {
        **{name: reads.file_hash(workbook.home / path) for name, path in files.items()},
        **(workbook.now(document, others) if others else {}),
    }


def own_code(workbook: Workbook, publisher: str) -> dict[str, str]:
    """The code that a workbook and a publisher add to what all documents are made with."""
    preload = workbook.preload((), 0)
    of_workbook = (type(workbook).__module__, *preload.modules, preload.function.partition(":")[0])
    published_by = publisher.partition(":")[0]
    return {
        "workbook's code": digest_of(files_of(*of_workbook) - _shared_code()),
        "publisher": f"{publisher} {digest_of(files_of(published_by) - _shared_code())}",
    }


def _shared_code() -> frozenset[Path]:
    return files_of(*_MACHINERY, PUBLISHER.partition(":")[0], *reportkit.PLACES.values())


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What has changed between two fingerprints, in words, family by family.

    ``data of this unit changed: attendance +3 rows, sessions``; a part that is only in one of
    the two is told as added or removed.
    """
    told: dict[str, list[str]] = {}
    for name in dict.fromkeys([*now, *before]):
        if before.get(name) != now.get(name):
            family, _, part = name.partition("/")
            told.setdefault(family, []).extend([_change(part, before.get(name), now.get(name))])
    return [
        f"{family} changed: {', '.join(parts)}" if all(parts) else f"{family} changed"
        for family, parts in told.items()
    ]


def _change(part: str, before: str | None, now: str | None) -> str:
    before, now = before or None, now or None  # a file that was looked for, and is not there
    if before is None or now is None:
        return f"{part} {'added' if before is None else 'removed'}" if part else ""
    earlier, later = reads.split(before), reads.split(now)
    if others := [n for n in {**earlier, **later} if earlier.get(n) != later.get(n)]:
        more = f" and {len(others) - _MOST} more" if len(others) > _MOST else ""
        return f"{part} ({', '.join(others[:_MOST])}{more})"
    counts = [value.partition(":")[0] for value in (before, now) if ":" in value]
    if len(counts) < 2 or not all(count.isdigit() for count in counts):
        return part
    rows = int(counts[1]) - int(counts[0])
    return f"{part} {rows:+d} row{'s' * (abs(rows) != 1)}" if rows else part


@lru_cache(maxsize=64)
def _notebook(path: Path, _changed: int) -> tuple[str, str]:
    """What the notebook does, not what it last showed; and what code it alone imports.

    Of its cells sources, types and tags count.
    """
    cells = [
        [
            cell.get("cell_type"),
            "".join(cell.get("source", "")),
            cell.get("metadata", {}).get("tags", []),
        ]
        for cell in read_notebook(path)["cells"]
    ]
    named = {name for kind, source, _ in cells if kind == "code" for name in imported_in(source)}
    ours = sorted(name for name in named if name.startswith("reportkit."))
    further = files_of(*ours) - _shared_code()
    return digest(cells), digest_of(further) if further else ""


@lru_cache(maxsize=8)
def shared_parts(own_fonts: Path | None) -> dict[str, str]:
    """The parts that are the same for every document of a run."""
    publish = PACKAGE / "publish"
    templates = [p for p in publish.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")]
    return {
        "package": digest_of(_shared_code()),
        "template": digest_of(templates),
        "fonts": FontSet.find(own_fonts).fingerprint()[:32],
        "environment": digest(_environment()),
    }


def _environment() -> dict[str, str]:
    """Versions of Python and of what reportkit needs at run time, without importing it."""
    try:
        requires = importlib.metadata.requires("reportkit") or []
    except importlib.metadata.PackageNotFoundError:
        requires = []
    names = {re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0] for line in requires}
    versions = {name.lower(): _version(name) for name in names | set(_KERNEL_PACKAGES)}
    return {"python": platform.python_version(), **versions}


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
