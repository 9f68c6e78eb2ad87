"""The manifests of all years → one row a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportkit.batch.manifest import Entry, Manifest, stale_files, years_with_manifest
from reportkit.errors import ReportkitError
from reportkit.files import pages_in, read_derived, write_json

PAGES = Path(".reportkit") / "pages.json"
"""Below ``outputs/``: how many pages a PDF has, by its hash."""

FORMATS = ("pdf", "html", "docx", "ipynb")


@dataclass(frozen=True)
class Told:
    """What the workbook tells of itself.

    Parameters
    ----------
    group:
        What the pages are headed with.
    units:
        unit_id → all its names, the short one first; in official order.
    kinds:
        A document's name (circular) → what people call it.
    figures:
        year → unit_id → lines on its figures, the change on last year in them.
    feedback:
        year → unit_id → the file that went back to the unit, below ``outputs/``.
    stages, issued:
        year → document (dongling/circular) → the stage of its draft (送审稿); → the file that was
        issued, below ``outputs/``.
    """

    group: str
    units: Mapping[str, Sequence[str]]
    kinds: Mapping[str, str]
    figures: Mapping[int, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    feedback: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    issued: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One document: what a person wants to know of it.

    ``state``: ``done``, ``failed``, ``timeout``, ``dead``, ``cancelled``, ``none`` (never made).
    ``base``: the path of its files below ``outputs/``, but for their endings; ``files``: the
    endings that there are; ``stale``: those of them that were not made anew with the others.
    ``why``: of a document that is not done, the reason; ``partial``: the notebook that its last
    attempt left; ``document``: its name whatever its edition (dongling/circular).
    """

    unit: str
    label: str
    year: int
    period: str
    kind: str
    edition: str
    state: str
    date: str
    pages: int
    base: str
    files: Sequence[str]
    why: str
    partial: str
    document: str = ""
    stale: Sequence[str] = ()


def rows_of(outputs: Path, told: Told) -> list[Row]:
    """All documents: the latest year first, in it the units in official order, then the rest.

    A manifest that cannot be read is left out: ``reportkit status`` says what is wrong with it.
    """
    counted = _PageCounts(outputs)
    order = {unit: number for number, unit in enumerate(told.units)}
    rows: list[Row] = []
    for year in years_with_manifest(outputs):
        try:
            entries = Manifest(outputs, year).entries
        except ReportkitError:
            continue
        rows += [_row(outputs, key, entry, counted) for key, entry in entries.items()]
    counted.keep()
    rows.sort(key=lambda r: (-r.year, order.get(r.unit, len(order)), r.unit, r.kind, r.period,
                             r.edition))  # fmt: skip
    return rows


def _row(outputs: Path, key: str, entry: Entry, counted: _PageCounts) -> Row:
    stem = key.partition("/")[2]
    folder = outputs / entry["folder"]
    files = [ending for ending in FORMATS if f"{stem}.{ending}" in entry["files"]]
    last = entry["last_result"]
    error = last["error"] if last else None
    why = ""
    if error:
        cell = f"第{error['cell']}个单元格，" if error["cell"] is not None else ""
        why = f"{cell}{error['type']}：{error['message']}"
    stale = [ending for ending in files if f"{stem}.{ending}" in stale_files(entry)]
    record = None if "pdf" in stale else entry["files"].get(f"{stem}.pdf")
    return Row(
        unit=entry["unit"], label=entry["label"], year=entry["year"],
        period=entry["period"] or "", kind=stem.partition(".")[0], edition=entry["edition"],
        state=last["state"] if last else "none", date=_date(folder, stem, entry),
        pages=counted.of(folder / f"{stem}.pdf", record["sha256"]) if record else 0,
        base=f"{entry['folder']}/{stem}", files=files, why=why,
        partial=f"{entry['folder']}/{error['notebook']}" if error and error["notebook"] else "",
        document=f"{entry['unit']}/{wording_of(stem, entry)}", stale=stale,
    )  # fmt: skip


def wording_of(stem: str, entry: Entry) -> str:
    """The name of a document without its edition: circular, circular.2023Q3."""
    edition = entry["edition"].split(".")
    return ".".join(part for part in stem.split(".") if part not in edition)


def _date(folder: Path, stem: str, entry: Entry) -> str:
    """The day on which the files were made, by this machine's clock; "" if there are none."""
    fresh = [name for name in entry["files"] if name not in stale_files(entry)]
    names = [name for name in (f"{stem}.pdf", f"{stem}.html", *fresh) if name in fresh]
    for name in names[:1]:
        try:
            made = dt.datetime.fromtimestamp((folder / name).stat().st_mtime).astimezone()
        except OSError:
            return ""
        return made.date().isoformat()
    return ""


class _PageCounts:
    """How many pages PDFs have: each counted once, and remembered by its hash."""

    def __init__(self, outputs: Path) -> None:
        self._path = outputs / PAGES
        self._known: dict[str, int] = read_derived(self._path)
        self._used: dict[str, int] = {}

    def of(self, path: Path, hashed: str) -> int:
        """The number of pages; 0 if it cannot be told."""
        if hashed not in self._used:
            known: Any = self._known.get(hashed)
            self._used[hashed] = known if isinstance(known, int) else pages_in(path)
        return self._used[hashed]

    def keep(self) -> None:
        """Writes down what is new."""
        if self._used != self._known:
            write_json(self._path, self._used)


def by_unit(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each unit that has some."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(row)
    yield from found.items()
