"""Snapshot → the frames a notebook asks for, named by grain."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.files import sha256, tell_damaged
from reportkit.fonts import stand_ins
from reportkit.params.reading import own_fonts

if TYPE_CHECKING:
    import pandas as pd


Pins = tuple[tuple[int, str], ...]
"""Year and digest of the snapshots that a document's figures are pinned to; () the current ones."""


class Records(Mapping[str, "pd.DataFrame"]):
    """One year's snapshot: table name → frame, each read once, when first asked for.

    What is read is the snapshot that was the year's on construction, also after an import; or
    an earlier one, by its digest.

    Raises
    ------
    RecordsError
        On construction, if the year has no snapshot or its pointer is damaged, or the one asked
        for is there no more.
    """

    def __init__(self, home: Path, year: int, digest: str = "") -> None:
        from reportkit.records import snapshot

        self.home = home
        self.year = year
        self.pointer = snapshot.read_pointer(home, year)
        if digest and not self.digest.startswith(digest):
            self.pointer = snapshot.pointer_to(home, year, digest)
        self._frames: dict[str, pd.DataFrame] = {}
        self._places: dict[str, Mapping[str, Any] | None] = {}

    @property
    def digest(self) -> str:
        """The hash of the snapshot's logical rows."""
        return str(self.pointer["digest"])

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """The files that went in: file, sha256, unit_id, state (accepted, partly, refused)."""
        return list(self.pointer["inputs"])

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = self.read(name)
        return self._frames[name]

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        units: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Some columns of some units of a table: nothing else is read, nothing is kept.

        What units wrote must not keep a paper from being printed: a character that no font
        has is shown by its code point, 〔U+1F600〕.

        Parameters
        ----------
        columns:
            The columns wanted, in this order; None: all.
        units:
            The unit_ids whose rows are wanted, in the order of the table; None: all.

        Raises
        ------
        RecordsError
            If the table has no such column, or its file is missing or damaged.
        KeyError
            If no table has this name.
        """
        from reportkit.records import snapshot

        pointer = self.pointer
        frame = snapshot.read_table(self.home, self.year, name, columns, units, pointer=pointer)
        for column in frame.columns[frame.dtypes == "str"]:
            own_words = "".join(frame[column].dropna().unique())
            if signs := stand_ins(own_words, own_fonts(self.home)):
                shown = frame[column].map(lambda text, signs=signs: text.translate(signs), "ignore")
                frame[column] = shown.astype("str")
        return frame

    def columns_of(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of a table, from memory if it was read whole already."""
        return (
            self._frames[name][list(columns)] if name in self._frames else self.read(name, columns)
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.pointer["tables"])

    def __len__(self) -> int:
        return len(self.pointer["tables"])

    def of_unit(self, name: str, unit_id: str) -> pd.DataFrame:
        """One unit's rows of a table, in the order of its submission.

        Of visits (旁听) those that it paid and those that it had; of a table that knows no
        units (topics) every row.
        """
        from reportkit.records.schemas import TABLES

        if name not in self._frames and "unit_id" in TABLES[name].column_names:
            return self.read(name, units=[unit_id])
        return self[name].take(self._rows_of(name, unit_id)).reset_index(drop=True)

    def _rows_of(self, name: str, unit_id: str) -> Any:
        if name not in self._places:
            self._places[name] = _places(self[name])
        places = self._places[name]
        return range(len(self[name])) if places is None else places.get(unit_id, [])

    def digests(self, name: str) -> Digests:
        """What a table's rows, and those of each unit, come to in short.

        The table is read for this, and not kept.
        """
        from pandas.util import hash_pandas_object

        frame = self._frames[name] if name in self._frames else self.read(name)
        hashes = hash_pandas_object(frame, index=False).to_numpy()
        places = _places(frame)
        of_units = None
        if places is not None:
            of_units = {unit: _digest(hashes[place]) for unit, place in places.items()}
        return Digests(_digest(hashes), of_units)


Digest = tuple[int, str]
"""A number of rows, and a hash of them."""

_NO_ROWS = (0, hashlib.sha256().hexdigest())


@dataclass(frozen=True)
class Digests:
    """Of a table: all rows in short, and those of each unit that has some.

    ``of_units`` is None of a table that knows no units: its rows concern every unit.
    """

    whole: Digest
    of_units: Mapping[str, Digest] | None

    def of(self, unit_id: str) -> Digest:
        """One unit's rows, as :meth:`Records.of_unit` gives them."""
        return self.whole if self.of_units is None else self.of_units.get(unit_id, _NO_ROWS)


def _digest(hashes: Any) -> Digest:
    return len(hashes), hashlib.sha256(hashes.tobytes()).hexdigest()


def _places(frame: pd.DataFrame) -> dict[str, Any] | None:
    """unit_id → where its rows stand, ascending; of visits those of either side.

    None for a table that knows no units.
    """
    import numpy as np

    by_unit = ("unit_id",) if "unit_id" in frame else ("observer_unit", "host_unit")
    columns = [column for column in by_unit if column in frame]
    found: dict[str, Any] = {}
    for column in columns:
        for key, places in frame.groupby(column, sort=False).indices.items():
            unit_id = str(key)
            found[unit_id] = np.union1d(found[unit_id], places) if unit_id in found else places
    return found if columns else None


class FigureTables(Mapping[str, "pd.DataFrame"]):
    """All tables without the columns that say where a row was read: figures need none of them.

    Of a large group they are most of the memory. Tables that were read whole already are not
    read again.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        from reportkit.records.schemas import TABLES

        if name not in self._frames:
            columns = [c for c in TABLES[name].column_names if not c.startswith("source_")]
            self._frames[name] = self._records.columns_of(name, columns)
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


_WHOLE = frozenset({"accounts", "pairings"})
"""Tables in which a unit's figures depend on other units' rows too: an account counts whichever
unit reported it, and a pairing names the other."""


class UnitRecords(Mapping[str, "pd.DataFrame"]):
    """One unit's rows of each table, and all rows of those that its figures need whole."""

    def __init__(self, records: Records, unit_id: str) -> None:
        self._records = records
        self._unit_id = unit_id
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            whole = name in _WHOLE
            self._frames[name] = (
                self._records[name] if whole else self._records.of_unit(name, self._unit_id)
            )
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


def has_snapshot(home: Path, year: int) -> bool:
    """Whether the year has been imported, and was not purged since."""
    from reportkit.records import snapshot

    return snapshot.has_snapshot(home, year)


def has_figures(home: Path, year: int, pins: Pins = ()) -> bool:
    """Whether the year's figures are there: by its records, or kept when they were purged.

    ``pins``: for a document that is pinned, to which a year without a pin does not exist.
    """
    from reportkit.records import snapshot

    there = year in dict(pins) if pins else snapshot.has_snapshot(home, year)
    return there or snapshot.read_purge(home, year) is not None


class KeptRecords(Records):
    """A year whose rows on persons were purged: no table, but the figures that were kept.

    Raises
    ------
    RecordsError
        On reading any table: when, and under what, they were purged.
    """

    def __init__(self, home: Path, year: int) -> None:
        from reportkit.records import snapshot

        purge = snapshot.read_purge(home, year)
        if purge is None:
            raise RecordsError(f"{year} was not purged", where=f"outputs/kept/{year}")
        self.home, self.year, self.purge = home, year, purge
        self.pointer = {"digest": purge.digest, "inputs": [], "tables": {}}
        self._frames, self._places = {}, {}

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        units: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        from reportkit.records import snapshot

        raise snapshot.purged_error(self.purge)

    def figures(self, name: str) -> pd.DataFrame:
        """A frame of figures (indicators, totals, spreads; indicators.2023Q3) as it was kept.

        Raises
        ------
        RecordsError
            If it is missing or damaged.
        """
        import pandas as pd

        from reportkit.records import snapshot

        path = snapshot.kept_folder(self.home, self.year) / "figures" / f"{name}.parquet"
        try:
            if sha256(path) == self.purge.content["figures"][name]:
                return _unpack(pd.read_parquet(path))
        except (OSError, ValueError, KeyError):
            pass
        raise RecordsError(
            f"the figures kept of {self.year} are missing or damaged ({name})",
            expected="what `reportkit purge` kept",
            next_step=f"take outputs/kept/{self.year}/ from a backup",
            where=f"outputs/kept/{self.year}",
        )


def records_of(home: Path, year: int, digest: str = "") -> Records:
    """The year's records (``digest``: an earlier snapshot's), or what was kept of them.

    Raises
    ------
    RecordsError
        If it was not imported, or its pointer is damaged.
    """
    from reportkit.records import snapshot

    if snapshot.read_purge(home, year) is not None:
        return KeptRecords(home, year)
    return Records(home, year, digest)


def figures_bytes(frame: pd.DataFrame) -> bytes:
    """A frame of figures as :meth:`KeptRecords.figures` reads it."""
    import io

    stream = io.BytesIO()
    _pack(frame).to_parquet(stream)
    return stream.getvalue()


def current_digest(home: Path, year: int) -> str:
    """The digest of what is the year's snapshot; "" if it has none.

    Raises
    ------
    RecordsError
        If its pointer is damaged.
    """
    return Records(home, year).digest if has_snapshot(home, year) else ""


def remembered(
    home: Path, year: int, name: str, key: str, compute: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """A frame computed once and kept beside the snapshot, until ``key`` changes.

    Columns that hold dicts or tuples are kept as JSON text. What is remembered can always be
    computed again: a file whose content is not that of which its name bears the hash is, and
    told; one that cannot be written is no error.
    """
    import pandas as pd

    folder = home / "outputs" / "records" / str(year)
    for path in folder.glob(f"{name}-{key[:16]}-*.parquet"):
        try:
            if sha256(path).startswith(path.stem[-_HASH:]):
                return _unpack(pd.read_parquet(path))
        except (OSError, ValueError):
            pass
        tell_damaged(path)  # computed again, and replaced below
    frame = _pack(compute())
    temporary = folder / f".{name}-{key[:16]}-{os.getpid()}.tmp"
    try:
        for old in folder.glob(f"{name}-*.parquet"):
            old.unlink(missing_ok=True)
        frame.to_parquet(temporary)
        # Read back: types are the same whether a frame was computed just now or remembered.
        frame = pd.read_parquet(temporary)
        temporary.replace(folder / f"{name}-{key[:16]}-{sha256(temporary)[:_HASH]}.parquet")
    except OSError:
        temporary.unlink(missing_ok=True)
    return _unpack(frame)


_HASH = 16
"""Characters of the content's hash in the name of what is remembered."""

_JSON = "json:"
_EMPTY: dict[str, Any] = {"{}": {}, "[]": ()}
"""Most dicts and tuples are empty: they are neither written nor read as JSON one by one."""


def _pack(frame: pd.DataFrame) -> pd.DataFrame:
    structured = [
        str(c) for c in frame
        if frame[c].dtype == object and frame[c].map(lambda v: isinstance(v, dict | tuple)).any()
    ]  # fmt: skip
    packed = frame.copy()
    for column in structured:
        packed[column] = [
            json.dumps(v, ensure_ascii=False) if v else "{}" if isinstance(v, dict) else "[]"
            for v in packed[column]
        ]
    return packed.rename(columns={column: f"{_JSON}{column}" for column in structured})


def _unpack(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as it was, its columns in their order: a fingerprint of either is the same."""
    for column in [str(c) for c in frame if str(c).startswith(_JSON)]:
        values = [_EMPTY[v] if v in _EMPTY else json.loads(v) for v in frame[column]]
        frame[column] = [tuple(v) if isinstance(v, list) else v for v in values]
    return frame.rename(columns=lambda name: str(name).removeprefix(_JSON))


def rows_hash(*parts: object) -> str:
    """A hash of plain values, as ``repr`` shows them, for fingerprints."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def refused_units(records: Records) -> dict[str, str]:
    """Units whose submission was refused as a whole → the first reason, with file and cell."""
    reasons: dict[str, str] = {}
    accepted = {i["unit_id"] for i in records.inputs if i["state"] in ("accepted", "partly")}
    issues = records["issues"]
    refused = issues[issues["severity"] == "refused"]
    for entry in records.inputs:
        unit = entry["unit_id"]
        if entry["state"] != "refused" or not unit or unit in accepted:
            continue
        of_file = refused[refused["file"] == entry["file"]]
        if of_file.empty:
            raise RecordsError(
                f"{entry['file']} is refused without a reason",
                expected="an issue for each refused file",
                next_step=f"import again: reportkit import --year {records.year}",
            )
        first = of_file.iloc[0]
        columns = ("file", "sheet", "cell")
        place = " · ".join(first[c] for c in columns if isinstance(first[c], str) and first[c])
        reasons[str(unit)] = f"{place}：{first['found']}"
    return reasons
