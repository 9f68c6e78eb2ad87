"""The nbconvert exporters: ``circular_html``, ``circular_pdf`` and ``typst``.

nbconvert makes one of each merely to show its help, so making one costs nothing: all that
is heavy is imported when something is exported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters.exporter import Exporter
from traitlets import Bool, Unicode

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from reportkit.fonts import FontSet
    from reportkit.publish.model import Document

OWN_FONTS = Path("params") / "fonts"


def own_font_folder(start: Path) -> Path | None:
    """The office's font folder: ``params/fonts`` beside the notebook or above it."""
    try:
        resolved = start.resolve()
    except OSError:
        return None
    folders = (folder / OWN_FONTS for folder in (resolved, *resolved.parents))
    return next((folder for folder in folders if folder.is_dir()), None)


class CircularExporter(Exporter):
    """What the exporters have in common: any notebook → a document → one file."""

    show_code = Bool(False, help="Print the code of cells too.").tag(config=True)
    own_fonts = Unicode(
        "", help="Folder with the office's own fonts; else params/fonts above the notebook."
    ).tag(config=True)

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a notebook; nbconvert's own preprocessors run before, if any is enabled."""
        from reportkit.publish.reading import read_notebook

        copy, resources = super().from_notebook_node(nb, resources, **kwargs)
        metadata = resources.get("metadata", {})
        folder = Path(metadata.get("path") or ".")
        document = read_notebook(
            copy,
            name=str(metadata.get("name") or ""),
            folder=folder,
            show_code=self.show_code,
        )
        return self.render(document, folder), resources

    def fonts(self, folder: Path) -> FontSet:
        """The fonts for a notebook in this folder."""
        from reportkit.fonts import FontSet

        return FontSet.find(Path(self.own_fonts) if self.own_fonts else own_font_folder(folder))

    def render(self, document: Document, folder: Path) -> str | bytes:
        """The document in the exporter's format."""
        raise NotImplementedError


class CircularHTMLExporter(CircularExporter):
    """A circular as one HTML file: no scripts, no network, printable."""

    export_from_notebook = "公文 HTML"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def render(self, document: Document, folder: Path) -> str:
        """The page as text."""
        from reportkit.publish.page import html_page

        return html_page(document)


class CircularPDFExporter(CircularExporter):
    """A circular as PDF, laid out after GB/T 9704-2012."""

    export_from_notebook = "公文 PDF"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def render(self, document: Document, folder: Path) -> bytes:
        """The finished PDF."""
        from reportkit.publish.pdf import pdf_bytes

        return pdf_bytes(document, self.fonts(folder))


class TypstExporter(CircularExporter):
    """The Typst source of the PDF, with its data in it."""

    export_from_notebook = "公文 Typst 源文件"
    output_mimetype = "text/vnd.typst"

    def _file_extension_default(self) -> str:
        return ".typ"

    def render(self, document: Document, folder: Path) -> str:
        """The source as text."""
        from reportkit.publish.pdf import typst_source

        return typst_source(document, self.fonts(folder))
