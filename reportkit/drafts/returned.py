"""A Word copy that came back: whose draft it is, what it said when it left, what it says now."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.batch.kept import DRAFTS
from reportkit.drafts.base import Base, read_base
from reportkit.errors import DraftError
from reportkit.files import replace_file
from reportkit.params.edits import Edits, Remark, edits_path, edits_text
from reportkit.params.stages import STAGES
from reportkit.word.model import Edited, Line
from reportkit.word.reading import read_word

_EDITIONS = frozenset({"formal", "masked"})


@dataclass(frozen=True)
class Returned:
    """A draft that came back. ``borrowed``: its own data were lost, and another file's stand in."""

    path: Path
    data: bytes
    base: Base
    edited: Edited
    borrowed: bool = False

    @property
    def wording(self) -> str:
        """The name under which the document's wording is kept, whatever its edition."""
        return ".".join(part for part in self.base.document.split(".") if part not in _EDITIONS)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The comments in it, each with the place of its paragraph."""
        by_mark = {line.mark: line.place for line in self.base.lines if line.place}
        return tuple(
            Remark(
                place=_place(line, by_mark), quoted=comment.quoted, text=comment.text,
                by=comment.author, day=comment.date[:10],
            )
            for line in (*self.edited.lines, *(gone.line for gone in self.edited.gone))
            for comment in line.comments
        )  # fmt: skip


def _place(line: Line, by_mark: dict[str, str]) -> str:
    return next((by_mark[mark] for mark in line.bookmarks if mark in by_mark), "")


def read_returned(path: Path, published: Path | None = None) -> Returned:
    """Read a Word copy back.

    Parameters
    ----------
    path:
        The file that came back.
    published:
        The draft that was sent, for a file whose own data some program has dropped.

    Raises
    ------
    DraftError
        If it is no Word file, or none of ours.
    """
    data = _bytes(path)
    edited = read_word(data, str(path))
    if edited.base is not None:
        return Returned(path, data, read_base(edited.base, str(path)), edited)
    if published is None:
        raise DraftError(
            "it does not say of which draft it is",
            expected="the Word copy that reportkit made, edited and saved as .docx",
            next_step="name the draft that was sent: --base outputs/<year>/<unit>/circular.docx",
            where=str(path),
        )
    sent = read_word(_bytes(published), str(published))
    if sent.base is None:
        raise DraftError(
            "it carries no data of its own",
            expected="a Word copy as reportkit made it",
            next_step="name the file in outputs/, or make it again: reportkit run",
            where=str(published),
        )
    return Returned(path, data, read_base(sent.base, str(published)), edited, borrowed=True)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DraftError(
            f"it cannot be read: {error.strerror}",
            expected="a .docx file",
            next_step="correct the path, or close the program that has it open",
            where=str(path),
        ) from None


def keep(home: Path, returned: Returned, edits: Edits) -> tuple[Path, Path]:
    """Keep the file as it came, then the document's edits, each at once.

    Returns
    -------
    tuple of Path
        The file of edits, and the copy of the draft.
    """
    base = returned.base
    folder = home / "outputs" / DRAFTS / str(base.year) / base.unit
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{returned.wording}.{returned.digest[:12]}.docx"
    replace_file(copy, returned.data)
    return write_edits(home, base.year, base.unit, returned.wording, edits), copy


def write_edits(home: Path, year: int, unit: str, wording: str, edits: Edits) -> Path:
    """Replace a document's file of edits at once; returns where it is."""
    path = edits_path(home, year, unit, wording)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, edits_text(edits).encode("utf-8"))
    return path


def signers(edited: Edited) -> dict[str, tuple[str, str]]:
    """What a tracked change took away whole, as it read before → who did, and when."""
    found: dict[str, tuple[str, str]] = {}
    for gone in edited.gone:
        if gone.line.changes:
            last = gone.line.changes[-1]
            found[gone.line.before] = last.author, last.date
    return found


_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_STAGES = frozenset(f"（{stage}）" for stage in STAGES)


def words_of(path: Path) -> list[str]:
    """All that a Word copy of ours said when it was made, line by line, tables included.

    Days are left open and stages left out: from the draft that is signed to what is issued 成文日期
    may become known, and what depends on it.

    Raises
    ------
    DraftError
        If it is none of ours.
    """
    lines = (line.text for line in read_returned(path).base.lines)
    return [
        _DAY.sub("〇年〇月〇日", text) for text in lines if text.strip() and text not in _STAGES
    ]


def words_hash(words: Sequence[str]) -> str:
    """The words in short."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
