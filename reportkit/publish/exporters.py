"""The nbconvert exporters: ``circular_html``, ``circular_pdf``, ``circular_docx`` and ``typst``.

nbconvert makes one of each merely to show its help, so making one costs nothing: all that
is heavy is imported when something is exported.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode, ValidationError
from traitlets import Bool, Unicode

from reportkit.errors import FontError, RenderError
from reportkit.publish.editions import Edition

if TYPE_CHECKING:
    from reportkit.fonts import FontSet
    from reportkit.publish.masking import Mask
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
    formal = Bool(False, help="The formal edition, with 版头 and 版记.").tag(config=True)
    standard_fonts = Bool(
        None,
        allow_none=True,
        help="Refuse a PDF in which another font stands for a standard one (仿宋_GB2312 …). "
        "Default: refuse a formal one.",
    ).tag(config=True)
    mask: Mask | None = None
    """What a masked edition must not hold; None: the whole text."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a notebook; nbconvert's own preprocessors run before, if any is enabled."""
        from reportkit.publish.reading import read_notebook

        name = str(((resources or {}).get("metadata") or {}).get("name") or "notebook")
        try:
            copy, resources = super().from_notebook_node(nb, resources, **kwargs)
        except ValidationError as error:
            raise _invalid(error, name) from error
        metadata = resources.get("metadata", {})
        folder = Path(metadata.get("path") or ".")
        document = read_notebook(
            copy,
            name=str(metadata.get("name") or ""),
            folder=folder,
            show_code=self.show_code,
        )
        document = in_edition(document, Edition(self.formal, self.mask, self.standard_fonts))
        return self.render(document, folder), resources

    def fonts(self, folder: Path) -> FontSet:
        """The fonts for a notebook in this folder."""
        from reportkit.fonts import FontSet

        return FontSet.find(Path(self.own_fonts) if self.own_fonts else own_font_folder(folder))

    def render(self, document: Document, folder: Path) -> str | bytes:
        """The document in the exporter's format."""
        raise NotImplementedError


def _invalid(error: ValidationError, name: str) -> RenderError:
    """What is wrong with a notebook that is none, and in which cell, as an analyst counts."""
    path = list(getattr(error, "absolute_path", None) or getattr(error, "path", None) or ())
    cell = path[1] + 1 if len(path) > 1 and path[0] == "cells" else None
    return RenderError(
        f"no valid notebook: {str(error).splitlines()[0]}",
        expected="a notebook as JupyterLab saves it",
        next_step="open it in JupyterLab and save it again",
        where=f"{name}, cell {cell}" if cell else name,
    )


def in_edition(document: Document, edition: Edition) -> Document:
    """The document as an edition shows it: in leaders' words, with 版头 and 版记, masked.

    Raises
    ------
    RenderError
        If it cannot be had in that edition.
    """
    if edition.codes:
        from reportkit.publish.persons import check_codes

        check_codes(document, edition.codes)
    if edition.edits:
        from reportkit.publish.edited import edited

        document = edited(document, edition.edits, formal=edition.formal)
    if edition.stage:
        document = _at_stage(document, edition.stage)
    if edition.formal:
        document = _formal(document)
    if edition.mask is not None:
        document = _masked(document, edition.mask)
    return document


def _at_stage(document: Document, stage: str) -> Document:
    """The draft with its stage on the first page: （征求意见稿） below the title."""
    from reportkit.publish import model

    said = model.Styled("emph", (model.Text(f"（{stage}）"),))
    note = model.Paragraph((said,), centred=True)
    blocks = list(document.blocks)
    titles = (n for n, block in enumerate(blocks) if isinstance(block, model.Title))
    blocks.insert(next(titles, -1) + 1, note)
    return replace(document, blocks=tuple(blocks))


def _formal(document: Document) -> Document:
    """The formal edition: the same document with 版头 and 版记 in view."""
    if document.head is None:
        raise RenderError(
            "a formal edition of a document without a mark (发文机关标志)",
            expected="formal: with a mark, in params/letterhead.yml, and a circular that shows its "
            "letterhead",
            next_step="fill it in, or leave --formal out",
        )
    return replace(document, formal=True)


def _masked(document: Document, mask: Mask) -> Document:
    """The masked edition, looked over once more when it is done."""
    from reportkit.publish.masking import check_masked, masked

    if not document.masked:
        raise RenderError(
            "a masked edition of a notebook that prints its figures",
            expected="a notebook that opens its figures with masked=masked",
            next_step="add masked = False to its parameters cell, and masked=masked to "
            "open_unit(...) or open_group(...)",
        )
    document = masked(document, mask)
    check_masked(document, mask)
    return document


class CircularHTMLExporter(CircularExporter):
    """A circular as one HTML file: no scripts, no network, printable."""

    export_from_notebook = "公文 HTML"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def render(self, document: Document, folder: Path) -> str:
        """The page as text."""
        from reportkit.publish.page import html_page

        page = html_page(document)
        if self.mask is not None:
            from reportkit.publish.masking import check_page

            check_page(page, self.mask)
        return page


class CircularPDFExporter(CircularExporter):
    """A circular as PDF, laid out after GB/T 9704-2012."""

    export_from_notebook = "公文 PDF"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def render(self, document: Document, folder: Path) -> bytes:
        """The finished PDF."""
        from reportkit.publish.pdf import pdf_bytes

        fonts = self.fonts(folder)
        wanted = document.formal if self.standard_fonts is None else self.standard_fonts
        if wanted:
            check_standard(fonts)
        return pdf_bytes(document, fonts)


def check_standard(fonts: FontSet) -> None:
    """Refuse fonts that stand for the standard ones.

    Raises
    ------
    FontError
        Naming each role, and the font that would stand for its own.
    """
    if fonts.substituted:
        raise FontError(
            "other fonts stand for the standard ones: "
            + "; ".join(
                f"{stand_in} for {wanted}" for wanted, stand_in in fonts.substituted.values()
            ),
            expected="、".join(wanted for wanted, _ in fonts.substituted.values()),
            next_step="put them into params/fonts/, or allow it: --allow-substitute-fonts",
        )


class CircularDOCXExporter(CircularExporter):
    """A circular as a Word copy, for leaders to edit in Word or WPS."""

    export_from_notebook = "公文 Word"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def _file_extension_default(self) -> str:
        return ".docx"

    def render(self, document: Document, folder: Path) -> bytes:
        """The finished file."""
        from reportkit.publish.word import docx_bytes

        return docx_bytes(document, self.fonts(folder))


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
