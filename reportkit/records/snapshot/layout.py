"""Where a snapshot's files lie, what the pointer holds, and whether a folder is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reportkit.errors import RecordsError
from reportkit.files import read_json, sealed, sha256

POINTER = "snapshot.json"
"""The file that says which folder is the year's snapshot; each folder has one of its own."""

Pointer = dict[str, Any]
"""year, digest, folder, tables {name: {rows, sha256}}, inputs [{file, sha256, …}], reportkit."""


def folder(home: Path, year: int) -> Path:
    """Where a year's snapshots live."""
    return home / "outputs" / "records" / str(year)


def folder_name(pointer: Pointer) -> str:
    """The folder below :func:`folder` that holds the pointer's tables."""
    # Snapshots of before there was a history do not name it.
    return str(pointer.get("folder") or pointer["digest"][:12])


def is_pointer(value: Any, year: int) -> bool:
    """Whether a JSON value describes a snapshot of the year."""
    if not isinstance(value, dict) or value.get("year") != year:
        return False
    name = value.get("folder", "")
    return (
        isinstance(value.get("digest"), str)
        and len(value["digest"]) >= 12
        and isinstance(name, str)
        and name == Path(name).name  # a name, and no way out of the year's folder
        and is_tables(value.get("tables"))
        and is_inputs(value.get("inputs"))
    )


def is_tables(value: Any) -> bool:
    """Whether a JSON value maps names of tables to their rows and hashes."""
    return isinstance(value, dict) and all(
        isinstance(entry, dict) and isinstance(entry.get("sha256"), str) for entry in value.values()
    )


def is_inputs(value: Any) -> bool:
    """Whether a JSON value lists files with their hashes."""
    return isinstance(value, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("file"), str) for entry in value
    )


def pointer_of(base: Path, name: str) -> Pointer | None:
    """What a snapshot's folder says of itself; None if it says nothing that can be used."""
    try:
        value = read_json(base / name / POINTER)
    except (OSError, ValueError):
        return None
    usable = is_pointer(value, int(base.name)) and folder_name(value) == name
    return value if usable else None


def is_whole(base: Path, pointer: Pointer) -> bool:
    """Whether every table's file is there, byte for byte."""
    home = base / folder_name(pointer)
    try:
        return all(
            sha256(home / f"{table}.parquet") == entry["sha256"]
            for table, entry in pointer["tables"].items()
        )
    except OSError:
        return False


def whole_folder(base: Path, digest: str) -> Pointer | None:
    """What the folder with this content says of itself; None if none is whole."""
    for path in sorted(base.glob(f"{digest[:12]}*")):
        found = pointer_of(base, path.name) if path.is_dir() else None
        if found and found["digest"] == digest and is_whole(base, found):
            return found
    return None


def pointer_bytes(pointer: Pointer) -> bytes:
    """The pointer as the file has it."""
    return sealed((json.dumps(pointer, ensure_ascii=False, indent=1) + "\n").encode())


def damaged(year: int, found: str) -> RecordsError:
    """The error of a snapshot that is missing or damaged."""
    return RecordsError(
        found,
        expected=f"a snapshot of {year}",
        next_step=f"reportkit import --year {year}",
        where=f"outputs/records/{year}",
    )


def version() -> str:
    """The version of reportkit that writes."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("reportkit")
    except PackageNotFoundError:
        return "unknown"
