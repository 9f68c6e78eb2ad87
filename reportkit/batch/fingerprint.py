"""What a document depends on, part by part, so that a plan can say why one is stale."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.batch.contract import Document, Workbook
from reportkit.batch.parameters import read_notebook
from reportkit.batch.source import as_source
from reportkit.fonts import FontSet

_KERNEL_PACKAGES = ("ipython", "matplotlib-inline", "numpy", "jupyter-client", "pydantic-core")


def digest(value: Any) -> str:
    """A short hash of any JSON value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def fingerprint(document: Document, workbook: Workbook) -> dict[str, str]:
    """All parts for one document; those that only the workbook knows come from it."""
    passed = [as_source(dict(document.parameters)), document.edition]
    return {
        **shared_parts(workbook.own_fonts),
        **workbook.fingerprint(document),
        "notebook": _notebook(document.notebook, document.notebook.stat().st_mtime_ns),
        "parameters": digest(passed),
    }


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
    if before is None or now is None:
        return f"{part} {'added' if before is None else 'removed'}" if part else ""
    counts = [value.partition(":")[0] for value in (before, now) if ":" in value]
    if len(counts) < 2 or not all(count.isdigit() for count in counts):
        return part
    more = int(counts[1]) - int(counts[0])
    return f"{part} {more:+d} row{'s' * (abs(more) != 1)}" if more else part


@lru_cache(maxsize=64)
def _notebook(path: Path, _changed: int) -> str:
    """What the notebook does: its cells' sources, types and tags, not what it last showed."""
    cells = [
        [
            cell.get("cell_type"),
            "".join(cell.get("source", "")),
            cell.get("metadata", {}).get("tags", []),
        ]
        for cell in read_notebook(path)["cells"]
    ]
    return digest(cells)


@lru_cache(maxsize=8)
def shared_parts(own_fonts: Path | None) -> dict[str, str]:
    """The parts that are the same for every document of a run."""
    package = Path(__file__).resolve().parent.parent
    publish = package / "publish"
    code = [p for p in _files(package) if p.suffix == ".py" and "cli" not in p.parts[-2:-1]]
    templates = [p for p in _files(publish) if p.suffix != ".py"]
    return {
        "package": _tree(package, code),
        "template": _tree(package, templates),
        "fonts": FontSet.find(own_fonts).fingerprint()[:32],
        "environment": digest(_environment()),
    }


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", "_workbook"} & set(path.parts)
    )


def _tree(root: Path, files: Iterable[Path]) -> str:
    """Names and contents; line ends are evened out, as git may have changed them."""
    return digest(
        [
            [
                path.relative_to(root).as_posix(),
                hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest(),
            ]
            for path in files
        ]
    )


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
