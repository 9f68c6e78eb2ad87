"""Who issues, under which title, and the standing prose between the figures."""

from __future__ import annotations

import re
from typing import Self

from pydantic import model_validator

from reportkit.params.model import Model


class Prose(Model):
    """One block of standing prose: the heading behind its id (may be ""), and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


_PROSE_PLACEHOLDERS = {
    "group": ("year",),
    "unit": ("year", "unit", "org"),
    "group_period": ("year", "period"),
    "unit_period": ("year", "unit", "org", "period"),
    "working_paper": ("year",),
}
"""What each document fills in, in its title and its standing prose; the rest would be printed."""


def placeholders(document: str) -> str:
    """The placeholders of a document as a person types them: {year}, {unit}, {org}."""
    return ", ".join(f"{{{name}}}" for name in _PROSE_PLACEHOLDERS[document])


def unknown_placeholder(text: str, document: str) -> str | None:
    """The first brace or placeholder in a title or in prose that the document does not fill."""
    for name in _PROSE_PLACEHOLDERS[document]:
        text = text.replace(f"{{{name}}}", "")
    found = re.search(r"\{[^}]*\}?|\}", text)
    return found.group() if found else None


class Letterhead(Model):
    """Who issues, to whom, and under which title."""

    issuer: str
    group_title: str
    unit_title: str
    group_addressee: str
    group_period_title: str = "关于{year}年{period}党委理论学习中心组学习情况的通报"
    unit_period_title: str = "关于{unit}{year}年{period}{org}理论学习中心组学习情况的通报"
    working_paper_title: str = "{year}年党委理论学习中心组学习情况通报底稿"

    def title(self, document: str) -> str:
        """The title of a document: group, unit, group_period, unit_period, working_paper."""
        return str(getattr(self, f"{document}_title"))

    @model_validator(mode="after")
    def _placeholders(self) -> Self:
        for document in _PROSE_PLACEHOLDERS:
            field = f"{document}_title"
            if found := unknown_placeholder(getattr(self, field), document):
                raise ValueError(f"{field} may hold {placeholders(document)} only, not {found!r}")
        return self
