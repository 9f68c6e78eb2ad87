"""What a batch is handed: documents, the workbook that knows them, and how to run them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol

from reportkit.errors import UsageError

if TYPE_CHECKING:
    from reportkit.params.edits import Edits
    from reportkit.publish import Mask

DRAFT = "draft"
FORMAL = "formal"
MASKED = "masked"
PUBLISHER = "reportkit.publish:publish_notebook"
AS_MADE = ""
"""As a publisher: whichever made the document, for who only looks whether it is up to date."""
OWN_KERNEL = "python3"
"""The kernel that is always this interpreter; it alone can be forked warm."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(10)}


@dataclass(frozen=True)
class Document:
    """One document that a workbook can make: what to run, with which parameters, to where.

    Parameters
    ----------
    unit, year, period:
        Whose it is and of when; ``period`` is None for a whole year.
    notebook:
        The notebook to execute.
    folder:
        Where its files go: a relative POSIX path under ``outputs/`` ("2023/dongling").
    parameters:
        Values for the notebook's ``parameters`` cell.
    edition, name:
        "draft", "formal", "masked" or "formal.masked", and the files' name ("circular").
    label:
        What people call it ("东岭公司"); data, in whatever language.
    blocked:
        Why it cannot be made (its submission was refused), or None.
    persons:
        Whether it may name persons.
    """

    unit: str
    year: int
    notebook: Path
    folder: str
    parameters: Mapping[str, object]
    period: str | None = None
    edition: str = DRAFT
    name: str = "circular"
    label: str = ""
    blocked: str | None = None
    persons: bool = False

    @property
    def stem(self) -> str:
        """The name of its files, without the ending: ``circular``, ``circular.2023Q3``."""
        parts = [self.name, self.period, None if self.edition == DRAFT else self.edition]
        return ".".join(part for part in parts if part)

    @property
    def wording(self) -> str:
        """The name under which its wording is kept, the same for all its editions."""
        return f"{self.name}.{self.period}" if self.period else self.name

    @property
    def formal(self) -> bool:
        """Whether it is a formal edition, with 版头 and 版记."""
        return FORMAL in self.edition.split(".")

    @property
    def masked(self) -> bool:
        """Whether it is a masked edition (脱敏版)."""
        return MASKED in self.edition.split(".")

    @property
    def key(self) -> str:
        """Its name in the manifest of its year: ``dongling/circular``."""
        return f"{self.unit}/{self.stem}"

    @property
    def title(self) -> str:
        """What to call it in front of people."""
        label = self.label or self.unit
        return label if self.stem == "circular" else f"{label} {self.stem}"


@dataclass(frozen=True)
class Selection:
    """What was asked for; an empty tuple of units or notebooks means all of them.

    ``periods`` (2023Q3): papers on these in place of those on whole years. ``edition``: as
    :class:`Document` has it.
    """

    years: tuple[int, ...]
    units: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    edition: str = DRAFT


@dataclass(frozen=True)
class Options:
    """How a run goes about its documents.

    ``retries`` counts further attempts after a death (of a kernel or a worker), never after
    an error or a timeout; ``timeout`` is for one cell, ``limit`` for one document from its
    kernel's start to its last file, in seconds. ``publisher`` names the
    function ("module:function") that turns an executed notebook into files.
    ``standard_fonts``: whether a PDF is refused in which another font stands for a standard
    one; None: a formal one is. ``warm``: whether kernels are forked, where the system can, from
    a process that has their imports done. ``memory``: how many MB a kernel may take beyond those
    it begins with; where the system knows no such limit, as many as there are. ``patience``:
    seconds to wait for another run to end.
    """

    formats: tuple[str, ...] = ("html", "pdf", "docx")
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    force: bool = False
    timeout: int = 600
    limit: int = 1800
    retries: int = 1
    fail_fast: bool = False
    publisher: str = PUBLISHER
    standard_fonts: bool | None = None
    warm: bool = True
    memory: int | None = None
    patience: float = 0.0

    def __post_init__(self) -> None:
        for name, least in (("jobs", 1), ("timeout", 1), ("limit", 1), ("retries", 0)):
            if getattr(self, name) < least:
                raise UsageError(
                    f"{getattr(self, name)}", expected=f"{least} or more", where=f"--{name}"
                )
        if self.memory is not None and self.memory < 16:
            raise UsageError(f"{self.memory}", expected="16 (MB) or more", where="--memory")
        if not self.formats:
            raise UsageError("no format", expected="html, pdf, docx", where="--format")


@dataclass(frozen=True)
class Preload:
    """What a template has ready: imported modules, and what one function leaves in memory.

    Parameters
    ----------
    modules:
        Names of modules to import.
    function, arguments:
        "module:function" to call with arguments that JSON can hold; "" calls none.
    """

    modules: tuple[str, ...] = ()
    function: str = ""
    arguments: tuple[Any, ...] = ()


class Workbook(Protocol):
    """What an office's workbook tells a batch."""

    @property
    def home(self) -> Path:
        """The workbook's folder, in which notebooks run."""

    @property
    def outputs(self) -> Path:
        """The only folder that is written to."""

    @property
    def kernel_name(self) -> str:
        """The kernel that runs the notebooks; ``python3`` is always this interpreter."""

    @property
    def own_fonts(self) -> Path | None:
        """A folder with the office's own fonts, if there is one."""

    def documents(self, selection: Selection) -> list[Document]:
        """The documents selected, in official order."""

    def fingerprint(self, document: Document) -> dict[str, str]:
        """What only the workbook knows of what a document depends on, part by part.

        Names are "family/part" ("data of this unit/attendance", "params/2023.yml"); a value is
        a hash, or, where rows can be counted, "37:" and a hash.
        """

    def now(self, document: Document, read: Mapping[str, str]) -> dict[str, str]:
        """Parts that a document noted as read when it was made, as they would be noted now.

        Only of figures, findings and rules; of files the batch itself knows.
        """

    def mask(self, document: Document) -> Mask:
        """Persons and ids that no edition of a document shows; and of a masked one what it may."""

    def edits(self, document: Document) -> Edits:
        """Leaders' wording in a document."""

    def stage(self, document: Document) -> str:
        """What a document's first page says of the draft (征求意见稿); "" if nothing."""

    def prepare(self, times: Iterable[tuple[int, str | None]], documents: int) -> None:
        """Computes once what so many documents of a year, or of a period of it, share."""

    def preload(self, times: Iterable[tuple[int, str | None]], documents: int) -> Preload:
        """What warm kernels have ready for so many documents of these times."""


Reporter = Callable[[Mapping[str, Any]], None]
"""Is told each event of a run, as :mod:`reportkit.batch.events` has them."""


def check_documents(documents: Iterable[Document]) -> None:
    """Refuses documents whose files would leave ``outputs/`` or overwrite each other's.

    Raises
    ------
    UsageError
        For a folder or a name that is none, and for two documents with the same files.
    """
    taken: dict[str, str] = {}
    for document in documents:
        path = PurePosixPath(document.folder)
        parts = (*path.parts, *document.stem.split("."), *document.unit.split("/"))
        bad = [p for p in parts if not _NAME.fullmatch(p) or p.lower() in _DEVICES]
        if path.is_absolute() or bad or not path.parts:
            raise UsageError(
                f"folder {document.folder!r}, name {document.stem!r}",
                expected="names of letters, digits, _ and -, relative to outputs/, "
                "none of which Windows reserves",
                where=f"document {document.key}",
            )
        if path.parts[0] != str(document.year):
            raise UsageError(
                f"folder {document.folder!r}",
                expected=f"a folder under {document.year}/",
                where=f"document {document.key}",
            )
        target = f"{document.folder}/{document.stem}".lower()
        if target in taken:
            raise UsageError(
                f"{target} is also written by {taken[target]}",
                expected="one document for each name",
                where=f"document {document.key}",
            )
        taken[target] = document.key
