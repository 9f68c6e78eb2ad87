"""Executed notebook → HTML, PDF and Word.

:func:`publish_notebook` does what the exporters do that ``jupyter nbconvert --to circular_pdf``
runs, and reads the notebook but once for all formats. Importing this package imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reportkit.errors import RenderError
from reportkit.publish.editions import DRAFT, Edition
from reportkit.publish.masking import Mask

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from reportkit.publish.model import Document

# Format → (name of the nbconvert exporter, ending of its files).
FORMATS: dict[str, tuple[str, str]] = {
    "html": ("circular_html", ".html"),
    "pdf": ("circular_pdf", ".pdf"),
    "docx": ("circular_docx", ".docx"),
    "typ": ("typst", ".typ"),
}

__all__ = ["DRAFT", "FORMATS", "Edition", "Mask", "publish_document", "publish_notebook"]


def publish_notebook(
    nb: NotebookNode,
    formats: Sequence[str],
    stem: Path,
    *,
    own_fonts: Path | None = None,
    folder: Path | None = None,
    edition: Edition = DRAFT,
) -> dict[str, Path]:
    """Write an executed notebook as ``<stem>.html``, ``<stem>.pdf`` …

    Everything is made before the first file is written, so a failure leaves none.

    Parameters
    ----------
    nb:
        The executed notebook.
    formats:
        Keys of :data:`FORMATS`.
    stem:
        The files' path without ending; a dot in its name is part of the name.
    own_fonts:
        The office's font folder; None: no such folder is looked for.
    folder:
        The notebook's own folder, where pictures named by relative paths are; None: that of
        ``stem``.
    edition:
        Draft or formal, whole or masked.

    Returns
    -------
    dict[str, Path]
        For each format the file that was written.

    Raises
    ------
    RenderError, FontError
        If the notebook cannot be shown, some character has no glyph, or a masked edition
        would still hold a name or a figure.
    """
    _check_formats(formats)
    from reportkit.publish.reading import read_notebook

    # Read once for all formats; as it was executed here, it is valid, and nobody else changes it.
    place = folder or stem.parent
    document = read_notebook(nb, name=stem.name, folder=place)
    return publish_document(
        document, formats, stem, own_fonts=own_fonts, folder=place, edition=edition
    )


def publish_document(
    document: Document,
    formats: Sequence[str],
    stem: Path,
    *,
    own_fonts: Path | None = None,
    folder: Path | None = None,
    edition: Edition = DRAFT,
) -> dict[str, Path]:
    """The same of a document that was put together otherwise; parameters and errors as there."""
    _check_formats(formats)
    from reportkit.publish.exporters import in_edition

    place = folder or stem.parent
    document = in_edition(document, edition)
    made: dict[str, tuple[Path, bytes]] = {}
    for name in formats:
        exporter = _exporter(
            FORMATS[name][0],
            str(own_fonts or _NOWHERE),
            standard_fonts=edition.standard_fonts,
        )
        exporter.mask = edition.mask
        output = exporter.render(document, place)
        data = output if isinstance(output, bytes) else output.encode("utf-8")
        made[name] = (stem.with_name(stem.name + FORMATS[name][1]), data)
    return _written(made)


def _check_formats(formats: Sequence[str]) -> None:
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise RenderError(f"unknown format {unknown[0]!r}", expected=f"one of {', '.join(FORMATS)}")


def _written(made: dict[str, tuple[Path, bytes]]) -> dict[str, Path]:
    for path, data in made.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return {name: path for name, (path, _) in made.items()}


# A folder that holds no fonts: keeps the exporter from looking for one by itself.
_NOWHERE = Path(__file__).parent / "templates"


@lru_cache(maxsize=16)
def _exporter(name: str, own_fonts: str, **settings: Any) -> Any:
    from nbconvert.exporters import get_exporter

    exporter = cast(Any, get_exporter)(name)
    return exporter(own_fonts=own_fonts, optimistic_validation=True, **settings)
