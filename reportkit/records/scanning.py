"""Which files still hold a person's name: after a purge, a person looks at those."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from reportkit.records.schemas.persons import NameFinder

_LARGEST = 64 * 2**20
"""Bytes of a file, or of a part of a workbook, that are looked at."""


def files_naming(roots: Iterable[Path], names: Collection[str]) -> list[Path]:
    """The files below some folders whose bytes, unpacked, hold one of the names.

    A PDF's text is packed and is not looked into; Word and Excel files are.
    """
    if not names:
        return []
    finder = NameFinder(names)
    return [
        path
        for root in roots
        for path in _files(root)
        if any(finder.found_in(text) for text in _texts(path))
    ]


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    return sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink())


_WRITTEN = re.compile(r"\\u([0-9a-fA-F]{4})|&#(\d{4,6});|&#x([0-9a-fA-F]{4,5});")
"""Characters as JSON and XML write them in ASCII."""


def _as_text(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    return _WRITTEN.sub(lambda m: chr(int(m[2]) if m[2] else int(m[1] or m[3], 16)), text)


def _texts(path: Path) -> Iterator[str]:
    try:
        if path.stat().st_size > _LARGEST:
            return
        content = path.read_bytes()
        if not content.startswith(b"%PDF"):
            yield _as_text(content)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                for part in package.infolist():
                    if part.file_size <= _LARGEST:
                        yield _as_text(package.read(part))
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return


def issued_with_records(outputs: Path, year: int) -> list[Path]:
    """The folders of ``outputs/issued/`` that hold a copy of a snapshot of the year."""
    folders = [path for path in sorted((outputs / "issued").glob("*")) if path.is_dir()]
    return [folder for folder in folders if _holds_records(folder, year)]


def archives_with_records(outputs: Path, year: int) -> list[Path]:
    """The files of ``outputs/archive/`` that hold a copy of a snapshot of the year, or are damaged.

    What cannot be looked into may hold one: it is named rather than passed over.
    """
    within = f"outputs/records/{year}/"
    found = []
    for path in sorted((outputs / "archive").glob("*.zip")):
        try:
            with zipfile.ZipFile(path) as package:
                held = any(within in name for name in package.namelist())
        except (OSError, zipfile.BadZipFile):
            held = True
        if held:
            found.append(path)
    return found


def _holds_records(folder: Path, year: int) -> bool:
    if any(_is_of(path, year) for path in folder.rglob("*.json")):
        return True
    tables = folder.rglob("members.parquet")
    return any(str(year) in path.relative_to(folder).parts for path in tables)


def _is_of(path: Path, year: int) -> bool:
    """Whether a JSON file describes a snapshot of the year."""
    from reportkit.files import read_json
    from reportkit.records.snapshot.layout import is_pointer

    try:
        return is_pointer(read_json(path), year)
    except (OSError, ValueError):
        return False
