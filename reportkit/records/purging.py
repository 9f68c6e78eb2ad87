"""Rows on persons are removed from every snapshot of a year, its figures having been kept.

First what stays is written beside (``outputs/kept/<year>/``), whole or not at all. Then the
record says that the year is purged: from that moment it has no snapshot, whatever is still on
the disk, so that nothing half removed looks whole. Then files go; cut off anywhere, it can be
done again.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.files import new_folder, sha256, sync_file, write_json
from reportkit.params.retention import RETENTION, Retention
from reportkit.records.schemas import TABLES
from reportkit.records.schemas.persons import (
    NameFinder,
    cleared_columns,
    names_in,
    without_persons,
)
from reportkit.records.snapshot import read_pointer, read_table
from reportkit.records.snapshot.layout import POINTER, folder, pointer_of, version
from reportkit.records.snapshot.purged import RECORD, kept_folder, read_record
from reportkit.records.snapshot.writing import write_parquet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Order:
    """What is to be purged, and why: everything that the record is to say beforehand."""

    home: Path
    year: int
    day: dt.date
    retention: Retention

    @property
    def base(self) -> Path:
        return folder(self.home, self.year)

    @property
    def kept(self) -> Path:
        return kept_folder(self.home, self.year)

    @property
    def with_submissions(self) -> bool:
        """Whether the originals' term has passed as well."""
        term = self.retention.submissions
        return term is not None and term.has_passed(self.year, self.day)

    def in_outputs(self) -> list[Path]:
        """What goes of outputs/: snapshots, feedback, caches; the paper that quotes cells."""
        quoting = self.home / "outputs" / str(self.year) / "data_quality"
        return [path for path in (self.base, quoting) if path.exists()]

    def originals(self) -> list[Path]:
        """What units sent and the office checked, where it is still there."""
        data = self.home / "data"
        found = (data / "submissions" / str(self.year), data / "checks" / f"{self.year}.xlsx")
        return [path for path in found if path.exists()]

    def to_remove(self) -> list[Path]:
        """All that goes now."""
        return [*self.in_outputs(), *(self.originals() if self.with_submissions else ())]


def keep(order: Order, figures: Mapping[str, bytes]) -> set[str]:
    """Write what stays of a year that has a snapshot; returns the names of persons it knew.

    Nothing is removed, and the snapshot still counts. What an earlier attempt prepared goes.

    Parameters
    ----------
    figures:
        Name → Parquet file of the year's figures.

    Raises
    ------
    RecordsError
        If the snapshot is damaged, or the disk does not take what is to be kept.
    """
    pointer = read_pointer(order.home, order.year)
    frames = {name: read_table(order.home, order.year, name) for name in TABLES}
    names = names_in(frames) | _names_of_earlier(order.base)
    try:
        with new_folder(order.kept) as making:
            record = _written(order, pointer, frames, names, figures, making)
            write_json(making / RECORD, record)
            if order.kept.exists():
                shutil.rmtree(order.kept)
    except OSError as error:
        raise RecordsError(
            f"what is to be kept could not be written ({error.strerror or type(error).__name__})",
            expected="a writable folder with free space; nothing was purged",
            next_step="make room and purge again",
            where=f"outputs/kept/{order.year}",
        ) from error
    return names


def _written(
    order: Order, pointer: Mapping[str, Any], frames: Mapping[str, pd.DataFrame], names: set[str],
    figures: Mapping[str, bytes], target: Path,
) -> dict[str, Any]:  # fmt: skip
    """The figures and the tables without persons, on the disk; what the record says of them."""
    for part in ("figures", "records"):
        (target / part).mkdir()
    hashes = {}
    for name, content in figures.items():
        path = target / "figures" / f"{name}.parquet"
        path.write_bytes(content)
        sync_file(path)
        hashes[name] = sha256(path)
    tables = {}
    finder = NameFinder(names)
    for name, frame in frames.items():
        left = without_persons(TABLES[name], frame, finder)
        write_parquet(target / "records" / f"{name}.parquet", left)
        gone = len(frame) - len(left)
        told: dict[str, Any] = {"rows": len(frame), "removed": gone}
        if columns := cleared_columns(TABLES[name]) if gone < len(frame) else []:
            told["cleared"] = columns
        tables[name] = told
    persons, submissions = order.retention.persons, order.retention.submissions
    return {
        "year": order.year,
        "state": "prepared",
        "day": order.day.isoformat(),
        "under": RETENTION,
        "term": {
            "persons": persons.years if persons else None,
            "submissions": submissions.years if submissions else None,
        },
        "reportkit": version(),
        "digest": pointer["digest"],
        "figures": hashes,
        "tables": tables,
        "snapshots": _snapshots(order.base),
        "removed": {},
        "originals_removed": [],
    }


def _snapshots(base: Path) -> list[dict[str, Any]]:
    """Every snapshot there is, with the rows and hashes of its tables."""
    found = [pointer_of(base, path.name) for path in sorted(base.iterdir()) if path.is_dir()]
    return [{"digest": each["digest"], "tables": each["tables"]} for each in found if each]


def _names_of_earlier(base: Path) -> set[str]:
    """Names in all snapshots there are, also those of versions with other tables."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names: set[str] = set()
    for path in base.glob("*/*.parquet"):
        try:
            with pq.ParquetFile(path) as file:
                known = {"name", "person_id", "host_id"} & set(file.schema_arrow.names)
                if known & {"person_id", "host_id"}:
                    names |= names_in({path.stem: file.read(columns=sorted(known)).to_pandas()})
        except (pa.ArrowException, OSError):
            continue  # damaged: it goes whatever it holds
    return names


def remove(order: Order) -> dict[str, Any]:
    """Remove what was kept the figures of; returns the record. To be repeated until it ends.

    Raises
    ------
    RecordsError
        If nothing was kept, or something could not be removed: then the year counts as purged,
        and what is left is removed by the next attempt.
    """
    known = read_record(order.home, order.year)
    if known is None:
        raise RecordsError(f"nothing was kept of {order.year}", where=f"outputs/kept/{order.year}")
    record = dict(known.content)
    listed = {p.relative_to(order.home).as_posix(): sha256(p)
              for root in order.in_outputs() for p in _files(root)}  # fmt: skip
    record["removed"] = {**record["removed"], **listed}
    if order.with_submissions:
        # A file's name may be a person's: its hash tells which one it was.
        own = [sha256(path) for root in order.originals() for path in _files(root)]
        record["originals_removed"] = sorted({*record["originals_removed"], *own})
    if record["state"] == "done" and not order.to_remove():
        return record
    write_json(order.kept / RECORD, {**record, "state": "begun"})
    try:
        (order.base / POINTER).unlink(missing_ok=True)
        for path in order.to_remove():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    except OSError as error:
        raise RecordsError(
            f"not all could be removed ({error.strerror or type(error).__name__})",
            expected="files that may be deleted; the year counts as purged from now on",
            next_step="close what holds them open, and purge again",
            where=error.filename or f"outputs/records/{order.year}",
        ) from error
    record["state"] = "done"
    write_json(order.kept / RECORD, record)
    return record


def _files(root: Path) -> Iterator[Path]:
    """Every file of a folder, or the file itself."""
    if root.is_file():
        yield root
        return
    for above, folders, files in os.walk(root):
        folders.sort()
        yield from (Path(above) / name for name in sorted(files))


def counted(paths: Sequence[Path]) -> int:
    """How many files they are or hold."""
    return sum(1 for path in paths for _ in _files(path))
