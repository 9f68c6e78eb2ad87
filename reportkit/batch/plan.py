"""The plan: which of the selected documents must be made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from reportkit.batch.contract import PUBLISHER, Document, Options, Workbook
from reportkit.batch.fingerprint import changes, fingerprint, own_code, read_now, recorded
from reportkit.batch.manifest import Entry, Manifest, files_changed, new_entry, stale_files


@dataclass(frozen=True)
class Planned:
    """A document, what the manifest knew of it before, and why it must run.

    ``fingerprint`` is without what the document reads when it is made: that is known afterwards.
    ``reasons`` is empty if it is up to date.
    """

    document: Document
    before: Entry
    fingerprint: dict[str, str]
    reasons: tuple[str, ...]

    @property
    def up_to_date(self) -> bool:
        """Whether nothing has to be done about it."""
        return not self.reasons

    @property
    def must_run(self) -> bool:
        """Whether the document has to be made, and can be."""
        return bool(self.reasons) and self.document.blocked is None


def plan(
    documents: Iterable[Document],
    workbook: Workbook,
    manifests: Mapping[int, Manifest],
    options: Options,
) -> list[Planned]:
    """Decides of each document whether it must be made, and says why.

    It need not if its last attempt was good, nothing that it depends on has changed, and
    every file that is asked for stands on the disk as recorded.
    """
    code = lru_cache(partial(own_code, workbook))
    found = [_plan(d, workbook, manifests[d.year], options, code) for d in documents]

    def looked_at(planned: Planned) -> Planned:
        if not planned.up_to_date:
            return planned
        names = _looked_at(planned.document, planned.before, options)
        damage = files_changed(workbook.outputs, planned.before, names)
        return replace(planned, reasons=tuple(damage))

    # Hashing releases the interpreter's lock: as many files at once as there are cores.
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return list(pool.map(looked_at, found))


def _plan(
    document: Document,
    workbook: Workbook,
    manifest: Manifest,
    options: Options,
    code: Callable[[str], Mapping[str, str]],
) -> Planned:
    known = manifest.entries.get(document.key)
    entry = new_entry(document, workbook.home)
    if known:
        for name in ("last_result", "fingerprint", "files"):
            entry[name] = known[name]
        entry["stale_edits"] = known.get("stale_edits", [])
        entry["left"] = known.get("left", {})
        entry["left_out"], entry["held"] = known.get("left_out", []), known.get("held", [])
        entry["pages"] = known.get("pages", 0)
    if document.blocked is not None:
        return Planned(document, entry, {}, (f"blocked: {document.blocked}",))
    made_by = entry["fingerprint"].get("publisher", "").partition(" ")[0]
    now = fingerprint(document, workbook, code(options.publisher or made_by or PUBLISHER))
    read = read_now(document, workbook, recorded(entry["fingerprint"]))
    reasons = tuple(_reasons(document, entry, {**now, **read}, options))
    if reasons:  # of the others the files' contents are looked at too
        folder = workbook.outputs / document.folder
        names = _looked_at(document, entry, options)
        reasons += tuple(f"{name} is missing" for name in names if not (folder / name).is_file())
    return Planned(document, entry, now, reasons)


def _looked_at(document: Document, entry: Entry, options: Options) -> list[str]:
    """Of the recorded files those that have to be up to date."""
    asked = {f"{document.stem}.{ending}" for ending in ("ipynb", *options.formats)}
    return [name for name in entry["files"] if name in asked]


def _reasons(
    document: Document, entry: Entry, now: Mapping[str, str], options: Options
) -> Iterator[str]:
    """Why the document must be made, but for what its files' contents say."""
    result = entry["last_result"]
    if result is None:
        yield "never made"
        return
    if result["state"] != "done":
        error = result["error"]
        yield f"last attempt {result['state']}" + (f" ({error['type']})" if error else "")
    if not entry["files"]:
        if result["state"] == "done":
            yield "no files"
        return
    yield from changes(entry["fingerprint"], now)
    for fmt in options.formats:
        if f"{document.stem}.{fmt}" not in entry["files"]:
            yield f"no {fmt} yet"
    stale = stale_files(entry)
    for name in _looked_at(document, entry, options):
        if name in stale:
            yield f"{name} is stale: it was not made anew with the rest"
    if options.force:
        yield "forced"
