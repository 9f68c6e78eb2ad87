"""From a figure in a table to the records behind it, and back: links within the HTML page."""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.publish import model
from reportkit.publish.model import Block

# An anchor has no underscore: ids that begin like this are never one.
BACK = "to_"
ALL = "all_"


class Trail:
    """Which links lead somewhere, and which of them is the first to a place.

    Made for one page: :meth:`link` counts on being asked in the order of the page.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        everything = list(model.walk(blocks))
        self.anchors = {block.anchor for block in everything if isinstance(block, model.Records)}
        linked = (
            link
            for block in everything
            if isinstance(block, model.Table)
            for row, cells in zip(block.rows, block.links, strict=bool(block.links))
            for cell, link in zip(row, cells, strict=True)
            if cell.strip()
        )
        self.linked = self.anchors.intersection(linked)
        self._begun: set[str] = set()

    def link(self, links: Sequence[Sequence[str | None]], row: int, column: int) -> str | None:
        """Where a cell leads to; None without link, and where the document has no such records."""
        found = links[row][column] if links else None
        return found if found in self.anchors else None

    def first(self, anchor: str) -> bool:
        """Whether this link is the first to its records: the one that leads back here."""
        if anchor in self._begun:
            return False
        self._begun.add(anchor)
        return True

    def back(self, anchor: str) -> bool:
        """Whether some cell leads to these records."""
        return anchor in self.linked
