"""One year's checked tables on disk: replaced whole or not at all, earlier ones kept.

Below ``outputs/records/<year>/``:

- ``snapshot.json``, the pointer: which folder is the year's snapshot, and what went into it;
- ``<digest>/``, one folder for each snapshot there ever was: a Parquet file a table, and a
  ``snapshot.json`` of its own that says the same as the pointer did;
- ``history.json``, the list of what was the year's snapshot, since when: only appended to.

A new snapshot is written beside the old ones, and becomes the year's when the pointer is
replaced. Whatever happens before that moment leaves the earlier one as it was.
"""

from reportkit.records.snapshot.history import (
    HISTORY,
    Entry,
    History,
    mend_history,
    read_history,
)
from reportkit.records.snapshot.layout import POINTER, Pointer, folder, pointer_bytes
from reportkit.records.snapshot.purged import (
    Purge,
    has_snapshot,
    kept_folder,
    purged_error,
    read_purge,
    refuse_purged,
)
from reportkit.records.snapshot.reading import pointer_to, read_pointer, read_table
from reportkit.records.snapshot.restoring import find_earlier, restore_snapshot
from reportkit.records.snapshot.writing import digest_of, write_snapshot

__all__ = [
    "HISTORY",
    "POINTER",
    "Entry",
    "History",
    "Pointer",
    "Purge",
    "digest_of",
    "find_earlier",
    "folder",
    "has_snapshot",
    "kept_folder",
    "mend_history",
    "pointer_bytes",
    "pointer_to",
    "purged_error",
    "read_history",
    "read_pointer",
    "read_purge",
    "read_table",
    "refuse_purged",
    "restore_snapshot",
    "write_snapshot",
]
