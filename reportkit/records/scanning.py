"""Which files still hold a person's name: after a purge, a person looks at those."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_LARGEST = 64 * 2**20
"""Bytes of a file, or of a part of a workbook, that are looked at."""


def files_naming(roots: Iterable[Path], names: Collection[str]) -> list[Path]:
    """The files below some folders whose bytes, unpacked, hold one of the names.

    A PDF's text is packed and is not looked into; Word and Excel files are.
    """
    wanted = [form for name in names for form in _forms(name)]
    return [
        path
        for root in roots
        for path in _files(root)
        if any(form in content for content in _contents(path) for form in wanted)
    ]


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    return sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink())


def _forms(name: str) -> set[bytes]:
    """A name as UTF-8, as JSON and as XML may write it in ASCII."""
    return {
        name.encode("utf-8"),
        json.dumps(name)[1:-1].encode("ascii"),
        name.encode("ascii", "xmlcharrefreplace"),
    }


def _contents(path: Path) -> Iterator[bytes]:
    try:
        if path.stat().st_size > _LARGEST:
            return
        yield path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                for part in package.infolist():
                    if part.file_size <= _LARGEST:
                        yield package.read(part)
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return


def issued_with_records(outputs: Path, year: int) -> list[Path]:
    """The folders of ``outputs/issued/`` that hold a copy of a snapshot of the year."""
    folders = [path for path in sorted((outputs / "issued").glob("*")) if path.is_dir()]
    return [folder for folder in folders if _holds_records(folder, year)]


def _holds_records(folder: Path, year: int) -> bool:
    if any(_is_of(path, year) for path in folder.rglob("*.json")):
        return True
    tables = folder.rglob("members.parquet")
    return any(str(year) in path.relative_to(folder).parts for path in tables)


def _is_of(path: Path, year: int) -> bool:
    """Whether a JSON file describes a snapshot of the year."""
    from reportkit.records.snapshot.layout import is_pointer, read_json

    try:
        return is_pointer(read_json(path), year)
    except (OSError, ValueError):
        return False
