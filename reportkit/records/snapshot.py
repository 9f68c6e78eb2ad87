"""One year's checked tables on disk: replaced whole or not at all.

``outputs/records/<year>/snapshot.json`` points to the folder that holds the tables; a new
snapshot is written beside the old one, and becomes the snapshot when the pointer is replaced.
Whatever happens before that moment leaves the old one as it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.files import TEMPORARY, replace_file, sha256, sync_folder
from reportkit.locking import in_turn
from reportkit.records.schemas import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

POINTER = "snapshot.json"
_STALE_AFTER = 3600.0
_NULL = "\x00"

Pointer = dict[str, Any]


def folder(home: Path, year: int) -> Path:
    """Where a year's snapshot lives."""
    return home / "outputs" / "records" / str(year)


# --- writing ---------------------------------------------------------------------------


def digest_of(frames: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 of what the tables say, whatever the bytes of the files.

    Table names, column names, and each row in its order; no clock, no library version.
    """
    total = hashlib.sha256()
    for name in sorted(frames):
        total.update(f"{name}\n".encode())
        text = frames[name].to_csv(
            index=False, na_rep=_NULL, lineterminator="\n", date_format="%Y-%m-%dT%H:%M:%S"
        )
        total.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return total.hexdigest()


def write_snapshot(
    home: Path, year: int, frames: Mapping[str, pd.DataFrame], inputs: Sequence[Mapping[str, Any]]
) -> Pointer:
    """Make these tables the year's snapshot; returns its pointer.

    Parameters
    ----------
    frames:
        Every table of :data:`~reportkit.records.schemas.TABLES`, already checked.
    inputs:
        One entry a file: file, sha256, unit_id, state (accepted, partly, refused).

    Raises
    ------
    RecordsError
        If the disk does not take it; the old snapshot then still stands.
    """
    base = folder(home, year)
    digest = digest_of(frames)
    try:
        base.mkdir(parents=True, exist_ok=True)
        with in_turn(base / ".lock"):
            previous = _pointer_or_none(base)
            tables = _write_tables(base, digest[:12], frames)
            pointer: Pointer = {
                "year": year,
                "digest": digest,
                "tables": tables,
                "inputs": [dict(entry) for entry in inputs],
                "reportkit": _version(),
            }
            replace_file(base / POINTER, _pointer_bytes(pointer))
            _prune(base, keep={digest[:12], *([previous["digest"][:12]] if previous else [])})
    except OSError as error:
        raise RecordsError(
            f"the snapshot could not be written ({error.strerror or type(error).__name__})",
            expected="a writable folder with free space; the earlier snapshot is unchanged",
            next_step=f"make room and run `reportkit import --year {year}` again",
            where=f"outputs/records/{year}",
        ) from error
    return pointer


def _write_tables(
    base: Path, name: str, frames: Mapping[str, pd.DataFrame]
) -> dict[str, dict[str, Any]]:
    """Write the tables into ``base/name`` by way of a temporary sibling; rows and hashes."""
    final = base / name
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=base))
    try:
        tables = {}
        for table, frame in frames.items():
            path = temporary / f"{table}.parquet"
            _write_parquet(path, frame)
            tables[table] = {"rows": len(frame), "sha256": sha256(path)}
        sync_folder(temporary)
        if not final.exists():
            temporary.rename(final)
        else:  # the same content again: take over what differs, file by file
            for table, entry in tables.items():
                target = final / f"{table}.parquet"
                if not target.is_file() or sha256(target) != entry["sha256"]:
                    (temporary / target.name).replace(target)
        sync_folder(final)
        sync_folder(base)
        return tables
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_parquet(path: Path, frame: pd.DataFrame) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    columns = []
    for column in table.columns:
        if pa.types.is_large_string(column.type) or pa.types.is_string(column.type):
            column = column.cast(pa.string()).dictionary_encode()
        columns.append(column.combine_chunks())
    table = pa.table(columns, names=table.column_names)
    with path.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd")
        stream.flush()
        os.fsync(stream.fileno())


def _pointer_bytes(pointer: Pointer) -> bytes:
    return (json.dumps(pointer, ensure_ascii=False, indent=1) + "\n").encode()


def _prune(base: Path, keep: set[str]) -> None:
    """Remove older snapshots, and what killed imports left more than an hour ago."""
    for entry in base.iterdir():
        if entry.name.startswith(TEMPORARY):
            with contextlib.suppress(OSError):
                if time.time() - entry.stat().st_mtime < _STALE_AFTER:
                    continue
                entry.unlink() if entry.is_file() else shutil.rmtree(entry, ignore_errors=True)
        elif entry.is_dir() and entry.name not in keep:
            shutil.rmtree(entry, ignore_errors=True)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("reportkit")
    except PackageNotFoundError:
        return "unknown"


# --- reading ---------------------------------------------------------------------------


def read_pointer(home: Path, year: int) -> Pointer:
    """What ``snapshot.json`` says: year, digest, tables, inputs, reportkit.

    Raises
    ------
    RecordsError
        If there is no snapshot of the year, or the pointer is damaged.
    """
    path = folder(home, year) / POINTER
    try:
        pointer = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise _error(year, f"no records of {year} have been imported") from None
    except (OSError, ValueError) as error:
        raise _error(year, f"snapshot.json cannot be read ({type(error).__name__})") from None
    if (
        not isinstance(pointer, dict)
        or pointer.get("year") != year
        or not isinstance(pointer.get("digest"), str)
        or not isinstance(pointer.get("tables"), dict)
    ):
        raise _error(year, "snapshot.json does not describe a snapshot of this year")
    return pointer


def read_table(home: Path, year: int, name: str) -> pd.DataFrame:
    """One table of the year's snapshot, with the types of its schema.

    Strings repeat much and come as ``str`` columns; dates as ``datetime64[us]``.

    Raises
    ------
    RecordsError
        If there is no snapshot, or the table's file is missing or damaged.
    KeyError
        If no table has this name.
    """
    table = TABLES[name]
    for attempt in range(3):  # an import may replace the snapshot between two steps
        pointer = read_pointer(home, year)
        content = _read_checked(folder(home, year), pointer, name)
        if content is not None:
            return _frame(content, table, year)
        time.sleep(0.05 * attempt)
    raise _error(year, f"table {name} is missing or damaged")


def _read_checked(base: Path, pointer: Pointer, name: str) -> bytes | None:
    entry = pointer["tables"].get(name)
    if not isinstance(entry, dict):
        return None
    try:
        content = (base / pointer["digest"][:12] / f"{name}.parquet").read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == entry.get("sha256") else None


def _frame(content: bytes, table: Table, year: int) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        frame: pd.DataFrame = pq.read_table(pa.BufferReader(content)).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise _error(year, f"table {table.name} cannot be read ({type(error).__name__})") from None
    if list(frame.columns) != table.column_names:
        raise _error(year, f"table {table.name} has other columns than this version expects")
    return frame.astype({column.name: column.dtype for column in table.columns})


def _error(year: int, found: str) -> RecordsError:
    return RecordsError(
        found,
        expected=f"a snapshot of {year}",
        next_step=f"reportkit import --year {year}",
        where=f"outputs/records/{year}",
    )


def _pointer_or_none(base: Path) -> Pointer | None:
    try:
        return read_pointer(base.parents[2], int(base.name))
    except RecordsError:
        return None
