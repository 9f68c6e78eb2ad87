"""Reading a snapshot: the pointer, and of a table the rows and columns asked for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.files import read_json, sha256
from reportkit.records.schemas import TABLES, Table
from reportkit.records.snapshot.layout import (
    POINTER,
    Pointer,
    damaged,
    folder,
    folder_name,
    is_pointer,
    whole_folder,
)
from reportkit.records.snapshot.purged import refuse_purged

if TYPE_CHECKING:
    import pandas as pd

_checked: dict[tuple[str, str], tuple[int, int, int]] = {}
"""(path, sha256) → what the file looked like when its hash was found right, in this process."""


def read_pointer(home: Path, year: int) -> Pointer:
    """What ``snapshot.json`` says: year, digest, folder, tables, inputs, reportkit.

    Raises
    ------
    RecordsError
        If there is no snapshot of the year, it was purged, or the pointer is damaged.
    """
    refuse_purged(home, year)
    path = folder(home, year) / POINTER
    try:
        stat = path.stat()
        looks = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = _pointers.get(path)
        if known and known[0] == looks:
            return known[1]
        pointer = read_json(path)
    except FileNotFoundError:
        raise damaged(year, f"no records of {year} have been imported") from None
    except (OSError, ValueError) as error:
        raise damaged(year, f"snapshot.json cannot be read ({type(error).__name__})") from None
    if not is_pointer(pointer, year):
        raise damaged(year, "snapshot.json does not describe a snapshot of this year")
    found: Pointer = pointer
    _pointers[path] = (looks, found)
    return found


def pointer_to(home: Path, year: int, digest: str) -> Pointer:
    """An earlier snapshot of a year, by its digest.

    Raises
    ------
    RecordsError
        If it is there no more, or damaged.
    """
    base = folder(home, year)
    key = (base, digest)
    if key not in _earlier:
        found = whole_folder(base, digest)
        if found is None:
            raise RecordsError(
                f"the snapshot {digest[:12]} of {year} is missing or damaged",
                expected="the snapshot to which the document is pinned since its 送审稿",
                next_step="put back outputs/records from a copy, or pin the document anew: "
                "reportkit stage review --again",
                where=f"outputs/records/{year}",
            )
        _earlier[key] = found
    return _earlier[key]


_earlier: dict[tuple[Path, str], Pointer] = {}
"""Earlier snapshots that were found whole, in this process; their tables are checked when read."""

_pointers: dict[Path, tuple[tuple[int, int, int], Pointer]] = {}
"""What was read of each pointer: asked for several times a circular, it names every file."""


def read_table(
    home: Path,
    year: int,
    name: str,
    columns: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    *,
    pointer: Pointer | None = None,
) -> pd.DataFrame:
    """One table of the year's snapshot, with the types of its schema.

    Strings come as ``str`` columns, dates as ``datetime64[us]``. Only what is asked for is
    read from the disk: the columns named, and the row groups in which the units may be.

    Parameters
    ----------
    columns:
        The columns wanted, in this order; None: all.
    units:
        The unit_ids whose rows are wanted, in the order of the table; None: all.
    pointer:
        The snapshot to read from; None: the year's at this moment.

    Raises
    ------
    RecordsError
        If there is no snapshot, the table's file is missing or damaged, or it has no column
        of such a name.
    KeyError
        If no table has this name.
    """
    table = TABLES[name]
    wanted = _wanted(table, year, columns, units)
    for attempt in range(3):  # an import may replace the snapshot between two steps
        current = pointer or read_pointer(home, year)
        path = _sound_file(folder(home, year), current, name)
        if path is not None:
            return _frame(path, table, year, wanted, units)
        time.sleep(0.05 * attempt)
    raise damaged(year, f"table {name} is missing or damaged")


def _wanted(
    table: Table, year: int, columns: Sequence[str] | None, units: Sequence[str] | None
) -> list[str]:
    names = table.column_names
    wanted = list(dict.fromkeys(names if columns is None else columns))
    unknown = [column for column in wanted if column not in names]
    if units is not None and "unit_id" not in names:
        unknown.append("unit_id")
    if unknown:
        raise RecordsError(
            f"table {table.name} has no column {', '.join(map(repr, unknown))}",
            expected=f"one of {', '.join(names)}",
            next_step="correct the name",
            where=f"outputs/records/{year}",
        )
    return wanted


def _sound_file(base: Path, pointer: Pointer, name: str) -> Path | None:
    """The table's file, its hash compared once a process and again when the file changes."""
    entry = pointer["tables"].get(name)
    if not isinstance(entry, dict):
        return None
    path = base / folder_name(pointer) / f"{name}.parquet"
    try:
        stat = path.stat()
        looks = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        key = (str(path), entry["sha256"])
        if _checked.get(key) != looks:
            if sha256(path) != entry["sha256"]:
                return None
            _checked[key] = looks
    except OSError:
        return None
    return path


def _frame(
    path: Path, table: Table, year: int, wanted: list[str], units: Sequence[str] | None
) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow.names != table.column_names:
                raise damaged(year, f"table {table.name} has other columns than this version reads")
            content = _arrow(file, wanted, units)
    except (pa.ArrowException, OSError) as error:
        raise damaged(year, f"table {table.name} cannot be read ({type(error).__name__})") from None
    frame: pd.DataFrame = _plain_strings(content).to_pandas()
    return frame.astype({c.name: c.dtype for c in table.columns if c.name in wanted})


def _arrow(file: Any, wanted: list[str], units: Sequence[str] | None) -> Any:
    """The columns wanted of the units wanted, from the row groups that may hold them."""
    if units is None:
        return file.read(columns=wanted).select(wanted)
    import pyarrow as pa
    import pyarrow.compute as pc

    asked = sorted(set(units))
    values = pa.array(asked, pa.string())
    parts = []
    for n in range(file.num_row_groups):
        if not _may_hold(file.metadata.row_group(n), asked):
            continue
        # Units stand in official order: a group of ten may span the alphabet, and their own
        # column, a few bytes once packed, says for certain.
        mask = pc.is_in(
            file.read_row_group(n, columns=["unit_id"])["unit_id"].cast(pa.string()),
            value_set=values,
        )
        if pc.any(mask).as_py():
            parts.append(file.read_row_group(n, columns=wanted).select(wanted).filter(mask))
    if not parts:
        return file.schema_arrow.empty_table().select(wanted)
    return pa.concat_tables([_plain_strings(part) for part in parts])


def _plain_strings(content: Any) -> Any:
    """The same with strings in place of dictionaries."""
    import pyarrow as pa

    for n, field in enumerate(content.schema):
        if pa.types.is_dictionary(field.type):
            content = content.set_column(n, field.name, content.column(n).cast(pa.large_string()))
    return content


def _may_hold(group: Any, asked: list[str]) -> bool:
    """Whether the group's statistics allow for one of the units."""
    for n in range(group.num_columns):
        column = group.column(n)
        if column.path_in_schema == "unit_id":
            known = column.statistics
            if known is None or not known.has_min_max:
                return True
            return any(known.min <= unit <= known.max for unit in asked)
    return True


def fits_this_version(home: Path, pointer: Pointer) -> bool:
    """Whether the snapshot in the folder has the tables and columns that this version reads."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if set(pointer["tables"]) != set(TABLES):
        return False
    try:
        return all(
            pq.read_schema(home / f"{name}.parquet").names == table.column_names
            for name, table in TABLES.items()
        )
    except (pa.ArrowException, OSError):
        return False
