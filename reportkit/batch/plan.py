"""The plan: which of the selected documents must be made."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.batch.contract import Document, Options, Workbook
from reportkit.batch.fingerprint import fingerprint
from reportkit.batch.manifest import Entry, Manifest, files_are_whole, new_entry


@dataclass(frozen=True)
class Planned:
    """A document, what the manifest knew of it before, and whether it must run."""

    document: Document
    before: Entry
    fingerprint: dict[str, str]
    up_to_date: bool

    @property
    def must_run(self) -> bool:
        """Whether the document has to be made."""
        return not self.up_to_date and self.document.blocked is None


def plan(document: Document, workbook: Workbook, manifest: Manifest, options: Options) -> Planned:
    """Decides whether a document must be made.

    It need not if its last attempt was good, nothing that it depends on has changed, and
    every file that is asked for stands on the disk as recorded.
    """
    known = manifest.entries.get(document.key)
    entry = new_entry(document, workbook.home)
    if known:
        for name in ("last_result", "fingerprint", "files"):
            entry[name] = known[name]
    if document.blocked is not None:
        return Planned(document, entry, {}, False)
    now = fingerprint(document, workbook)
    result = entry["last_result"]
    up_to_date = (
        not options.force
        and result is not None
        and result["state"] == "done"
        and entry["fingerprint"] == now
        and {f"{document.stem}.{fmt}" for fmt in options.formats} <= entry["files"].keys()
        and files_are_whole(workbook.outputs, entry)
    )
    return Planned(document, entry, now, up_to_date)
