"""The document → Typst: its data as JSON, one fixed template, and the finished PDF."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from reportkit.errors import FontError, RenderError
from reportkit.fonts import ROLES, WEIGHT, FontSet
from reportkit.publish.attachments import csv_attachments
from reportkit.publish.model import Document
from reportkit.publish.typst_blocks import Builder

TEMPLATE = Path(__file__).parent / "templates" / "circular.typ"
STANDARDS = ("a-3a", "ua-1")
# PDF/A wants a date; a document without one still gives the same bytes every time.
NO_DATE = dt.date(2000, 1, 1)

Json = dict[str, Any]


def pdf_bytes(document: Document, fonts: FontSet) -> bytes:
    """The document as PDF/A-3a and PDF/UA-1.

    Raises
    ------
    FontError
        If no font has a glyph for some character of the document.
    RenderError
        If Typst refuses the document.
    """
    import typst

    try:
        return _compiled(document, fonts)
    except typst.TypstError as error:
        raise _refused(error, _culprit(document, fonts)) from error


def _compiled(document: Document, fonts: FontSet) -> bytes:
    import typst

    data = typst_data(document, fonts)
    return typst.compile(
        _template(),
        root=str(TEMPLATE.parent),
        font_paths=_typst_fonts(tuple(fonts.folders())),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
        pdf_standards=cast(Any, list(STANDARDS)),
        timestamp=_timestamp(document),
    )


def _culprit(document: Document, fonts: FontSet) -> str:
    """The cell whose block Typst refuses by itself; "" if none does alone."""
    import typst

    for block, origin in zip(document.blocks, document.origins, strict=False):
        try:
            _compiled(replace(document, blocks=(block,), origins=()), fonts)
        except typst.TypstError:
            return origin
    return ""


def typst_source(document: Document, fonts: FontSet) -> str:
    """One ``.typ`` file, data and all: ``typst compile --font-path … x.typ`` sets it."""
    text = json.dumps(typst_data(document, fonts), ensure_ascii=False, indent=0)
    literal = text.replace("\\", "\\\\").replace('"', '\\"')
    head, mark, tail = _template().decode("utf-8").partition("#let embedded = none // @data\n")
    if not mark:
        raise RenderError("the template has no place for data", next_step="install reportkit anew")
    return f'{head}#let embedded = json(bytes("{literal}"))\n{tail}'


def typst_data(document: Document, fonts: FontSet) -> Json:
    """What the template is fed; every character in it has been checked for a glyph."""
    builder = Builder(document)
    sections = builder.sections(document)
    builder.texts.check(fonts)
    date = _date(document)
    lang, _, region = document.language.partition("-")
    return {
        "title": document.title,
        "author": [document.author] if document.author else [],
        "keywords": list(document.keywords),
        "date": {"year": date.year, "month": date.month, "day": date.day},
        "lang": lang.lower() or "zh",
        "region": region.lower() if len(region) == 2 else None,
        "fonts": {
            role: {"families": fonts.families(role), "weight": WEIGHT[role]} for role in ROLES
        },
        "page": asdict(document.page),
        "attachments": csv_attachments(document) if document.attach else [],
        "sections": sections,
    }


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()


@lru_cache(maxsize=4)
def _typst_fonts(folders: tuple[Path, ...]) -> Any:
    import typst

    return typst.Fonts(False, False, [str(folder) for folder in folders])


def _date(document: Document) -> dt.date:
    return dt.date.fromisoformat(document.date) if document.date else NO_DATE


def _timestamp(document: Document) -> int:
    day = _date(document)
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return int(moment.timestamp())


def _refused(error: Exception, where: str) -> RenderError | FontError:
    message = str(getattr(error, "message", error))
    hints = "; ".join(getattr(error, "hints", ()) or ())
    if "glyph" in message or "could not be displayed" in message:
        next_step = hints or "put a font that has it into params/fonts/"
        return FontError(message, next_step=next_step, where=where)
    return RenderError(f"Typst: {message}", next_step=hints, where=where)
