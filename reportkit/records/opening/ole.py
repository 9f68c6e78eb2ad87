"""The container of old office files (OLE2): which streams it has, and their bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass


@dataclass(frozen=True)
class Ole:
    """An OLE2 file: the streams at its top, not those of objects embedded in it."""

    streams: dict[str, bytes]
    """Lower-case name → content; ``b""`` for those that are not looked into."""

    def has(self, name: str) -> bool:
        """Whether there is a stream of that name."""
        return name.lower() in self.streams

    def stream(self, name: str) -> bytes:
        """A stream's content; ``b""`` if there is none."""
        return self.streams.get(name.lower(), b"")


_WANTED = ("workbook", "book", "\x05summaryinformation", "\x05documentsummaryinformation")


def open_ole(content: bytes) -> Ole | None:
    """The container, or None if it is broken."""
    import olefile  # type: ignore[import-untyped, unused-ignore]

    try:
        # A directory that refers to an entry twice is refused: walking it might never end.
        with olefile.OleFileIO(
            io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT
        ) as document:
            streams = {}
            for path in document.listdir(streams=True, storages=False):
                if len(path) == 1:
                    name = path[0].lower()
                    streams[name] = document.openstream(path).read() if name in _WANTED else b""
            return Ole(streams)
    except Exception:  # noqa: BLE001, RUF100 - anything may come of a broken directory
        return None
