"""Who issues, under which title, and the standing prose between the figures."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportkit.params.model import PROSE, SENTENCE, Model


class Prose(Model):
    """One block of standing prose: the heading behind its id (may be ""), and its paragraphs."""

    title: str
    paragraphs: Annotated[tuple[str, ...], PROSE]


_PROSE_PLACEHOLDERS = {
    "group": ("year",),
    "unit": ("year", "unit", "org"),
    "group_period": ("year", "period"),
    "unit_period": ("year", "unit", "org", "period"),
    "working_paper": ("year",),
    "confirmation": ("year", "unit", "org"),
    "data_quality": ("year",),
}
"""What each document fills in, in its title and its standing prose; the rest would be printed."""
DOCUMENTS = tuple(_PROSE_PLACEHOLDERS)


def placeholders(document: str) -> str:
    """The placeholders of a document as a person types them: {year}, {unit}, {org}."""
    return ", ".join(f"{{{name}}}" for name in _PROSE_PLACEHOLDERS[document])


def unknown_placeholder(text: str, document: str) -> str | None:
    """The first brace or placeholder in a title or in prose that the document does not fill."""
    for name in _PROSE_PLACEHOLDERS[document]:
        text = text.replace(f"{{{name}}}", "")
    found = re.search(r"\{[^}]*\}?|\}", text)
    return found.group() if found else None


_NUMBER = re.compile(r"[^〔〕0-9第]+〔(?:\d{4}|\{issue_year\})〕(?:[1-9]\d*)?号")
_SECRET = re.compile("秘密|机密|绝密")


class FormalEdition(Model):
    """版头 of the formal edition (``--formal``); what is left empty is not printed.

    ``number`` is the 发文字号 of the group's papers, ``unit_number`` that of units' (a 情况反馈
    bears none); without a number behind 〕 it is left for the office to fill in.
    """

    mark: Annotated[str, Field(min_length=1), PROSE]
    """发文机关标志; organs that issue together stand on a line each."""
    mark_pt: Annotated[float, Field(ge=14, le=80)] | None = None
    number: str = ""
    unit_number: str = ""
    copy_number: Annotated[str, Field(pattern=r"^(\d{6})?$")] = ""
    secrecy: str = ""
    urgency: Literal["", "特急", "加急"] = ""
    signatory: str = ""

    @field_validator("number", "unit_number")
    @classmethod
    def _form_of_number(cls, value: str) -> str:
        if value and not _NUMBER.fullmatch(value):
            raise ValueError(
                f"{value!r} is no 发文字号; expected as 岱能党〔{{issue_year}}〕3号: year in 〔〕, "
                "no 第, no leading zero (without a number the office fills it in)"
            )
        return value

    @field_validator("secrecy")
    @classmethod
    def _no_secrets(cls, value: str) -> str:
        if _SECRET.search(value):
            raise ValueError(f"{value!r}: 本工具不处理涉密信息; expected 内部资料, or nothing")
        return value


class Imprint(Model):
    """版记, at the foot of the formal edition and of the Word copy."""

    copies_to: Annotated[str, SENTENCE] = ""
    """抄送机关, without 抄送： and the full stop."""
    printed_by: Annotated[str, Field(min_length=1)]
    """印发机关; the date beside it is the document's."""


class Sheet(Model):
    """The page where the office differs from GB/T 9704-2012, in millimetres."""

    top_mm: Annotated[float, Field(ge=15, le=60)] = 37.0
    bottom_mm: Annotated[float, Field(ge=15, le=60)] = 35.0
    inside_mm: Annotated[float, Field(ge=15, le=45)] = 28.0
    outside_mm: Annotated[float, Field(ge=15, le=45)] = 26.0
    folio: Literal["dashes", "hyphens", "plain"] = "dashes"
    """The page number: — 1 —, -1- or 1."""


class MaskedEdition(Model):
    """What the masked edition (脱敏版) needs beyond the units' ``mask_label``."""

    group: Annotated[str, Field(min_length=1)] = "集团公司"
    """What stands in place of the group's name."""
    words: dict[str, str] = Field(default_factory=dict)
    """Further words that tell who it is (岱能党), and what stands in their place."""
    allow: tuple[str, ...] = ()
    """Phrases that may stand though a number, or a person's name, is in them."""


class Letterhead(Model):
    """Who issues, to whom, and under which title; how the sheet and its editions look."""

    issuer: str
    group_title: str
    unit_title: str
    group_addressee: Annotated[str, SENTENCE]
    group_period_title: str = "关于{year}年{period}党委理论学习中心组学习情况的通报"
    unit_period_title: str = "关于{unit}{year}年{period}{org}理论学习中心组学习情况的通报"
    working_paper_title: str = "{year}年党委理论学习中心组学习情况通报底稿"
    confirmation_title: str = "{unit}{year}年{org}理论学习中心组学习情况数据确认单"
    data_quality_title: str = "{year}年党委理论学习中心组学习情况数据质量报告"
    formal: FormalEdition | None = None
    imprint: Imprint | None = None
    seal: bool = False
    """Leave the room for a seal at the signature; none is ever drawn."""
    note: Annotated[str, SENTENCE] = ""
    """附注, without its brackets."""
    page: Sheet = Sheet()
    attach_figures: bool = False
    """The figures of a circular's tables go with its PDF, as CSV."""
    masked: MaskedEdition = MaskedEdition()

    def title(self, document: str) -> str:
        """The title of a document: group, unit, group_period, working_paper, confirmation …"""
        return str(getattr(self, f"{document}_title"))

    @model_validator(mode="after")
    def _placeholders(self) -> Self:
        for document in _PROSE_PLACEHOLDERS:
            field = f"{document}_title"
            if found := unknown_placeholder(getattr(self, field), document):
                raise ValueError(f"{field} may hold {placeholders(document)} only, not {found!r}")
        return self
