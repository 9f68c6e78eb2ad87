"""Writing a snapshot: beside the earlier ones, then the history, then the pointer."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.files import TEMPORARY, read_json, replace_file, sha256, sync_folder
from reportkit.locking import in_turn
from reportkit.records.snapshot.history import (
    entry_of,
    mend_history,
    now,
    read_history,
    write_history,
)
from reportkit.records.snapshot.layout import (
    POINTER,
    Pointer,
    folder,
    folder_name,
    is_pointer,
    pointer_bytes,
    version,
    whole_folder,
)

if TYPE_CHECKING:
    import pandas as pd

ROWS_A_GROUP = 50_000
"""Rows of a row group: a unit's rows are found by the groups' statistics."""

_STALE_AFTER = 3600.0
_NULL = "\x00"


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

    The same content from the same files again changes no byte on disk. Rows of one unit are
    put together, units in the order in which they first come.

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
    together = {name: _by_unit(frame) for name, frame in frames.items()}
    digest = digest_of(together)
    with writing(home, year) as base:
        found = whole_folder(base, digest)
        said = [dict(entry) for entry in inputs]
        if found is None:
            found = _write_folder(base, digest, together, said)
        pointer: Pointer = {**found, "inputs": said}
        point_to(home, year, pointer)
        _clear(base, found)
    return pointer


@contextmanager
def writing(home: Path, year: int) -> Iterator[Path]:
    """The year's folder, for one writer at a time; what the disk refuses is said in words."""
    base = folder(home, year)
    try:
        base.mkdir(parents=True, exist_ok=True)
        with in_turn(base / ".lock"):
            mend_history(home, year)
            # Before a folder is added: what is not the year's yet must not count as having been.
            write_history(base, read_history(home, year).entries)
            yield base
    except OSError as error:
        raise RecordsError(
            f"the snapshot could not be written ({error.strerror or type(error).__name__})",
            expected="a writable folder with free space; the earlier snapshot is unchanged",
            next_step=f"make room and run `reportkit import --year {year}` again",
            where=f"outputs/records/{year}",
        ) from error


def point_to(home: Path, year: int, pointer: Pointer, as_of: str = "") -> None:
    """Make the pointer's snapshot the year's: the history first, then the pointer itself.

    If it is the year's already, nothing is written, and the clock is not asked.
    """
    base = folder(home, year)
    entries = read_history(home, year).entries
    if not (entries and entries[-1].says(pointer)):
        entries = (*entries, entry_of(pointer, now(), as_of))
    write_history(base, entries)
    path, content = base / POINTER, pointer_bytes(pointer)
    if not _is_said(path, pointer, year):
        replace_file(path, content)


def _is_said(path: Path, pointer: Pointer, year: int) -> bool:
    """Whether the file points there already, by whatever version it was written."""
    try:
        value = read_json(path)
    except (OSError, ValueError):
        return False
    keys = ("digest", "inputs", "tables")
    return (
        is_pointer(value, year)
        and folder_name(value) == folder_name(pointer)
        and all(value[key] == pointer[key] for key in keys)
    )


def _by_unit(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of one unit together, units and rows otherwise in their order."""
    if "unit_id" not in frame or frame["unit_id"].isna().any():
        return frame
    codes = frame["unit_id"].factorize()[0]
    if (codes[1:] >= codes[:-1]).all():
        return frame
    return frame.take(codes.argsort(kind="stable")).reset_index(drop=True)


def _write_folder(
    base: Path,
    digest: str,
    frames: Mapping[str, pd.DataFrame],
    inputs: Sequence[Mapping[str, Any]],
) -> Pointer:
    """Write the tables into a folder of their own, by way of a temporary sibling."""
    name = digest[:12]
    for n in range(2, 10_000):  # a damaged folder of the same content stands in the way
        if not (base / name).exists():
            break
        name = f"{digest[:12]}-{n}"
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=base))
    try:
        tables = {}
        for table, frame in frames.items():
            path = temporary / f"{table}.parquet"
            write_parquet(path, frame)
            tables[table] = {"rows": len(frame), "sha256": sha256(path)}
        pointer: Pointer = {
            "year": int(base.name),
            "digest": digest,
            "folder": name,
            "tables": tables,
            "inputs": list(inputs),
            "reportkit": version(),
        }
        replace_file(temporary / POINTER, pointer_bytes(pointer))
        # mkdtemp's folder is its owner's alone; the outputs are for others to read, too.
        temporary.chmod(base.stat().st_mode & 0o777)
        temporary.rename(base / name)
        sync_folder(base)
        return pointer
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """A table as its file, on the disk when it returns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    # Plain strings: Parquet makes a dictionary for each row group by itself. One dictionary for
    # the whole column would stand in every row group again, and grow with the square of rows.
    columns = [
        column.cast(pa.string()) if pa.types.is_large_string(column.type) else column
        for column in (each.combine_chunks() for each in table.columns)
    ]
    table = pa.table(columns, names=table.column_names)
    with path.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd", row_group_size=ROWS_A_GROUP)
        stream.flush()
        os.fsync(stream.fileno())


def _clear(base: Path, current: Pointer) -> None:
    """Remove what killed imports left more than an hour ago, and damaged twins of this one."""
    for entry in base.iterdir():
        if entry.name.startswith(TEMPORARY):
            with contextlib.suppress(OSError):
                if time.time() - entry.stat().st_mtime < _STALE_AFTER:
                    continue
                entry.unlink() if entry.is_file() else shutil.rmtree(entry, ignore_errors=True)
        elif entry.is_dir() and entry.name != folder_name(current):
            twin = entry.name == current["digest"][:12] or entry.name.startswith(
                f"{current['digest'][:12]}-"
            )
            if twin:
                shutil.rmtree(entry, ignore_errors=True)
