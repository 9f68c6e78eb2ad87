"""What a circular's sentences and paragraphs are made of."""

from __future__ import annotations

import re

from reportkit import wording
from reportkit.display import Block
from reportkit.metrics.indicator import Indicator
from reportkit.metrics.printed import spans


def clauses(*parts: str, joint: str = "；") -> str:
    """Clauses of one theme as a sentence: joined by ； (or ，), ended by 。; no empty ones."""
    return wording.join_clauses(parts, joint)


def when(indicator: Indicator, text: str, zero: str | None = None) -> str:
    """The clause if its indicator has a value; else what is lacking: 研讨交流未报.

    ``zero``: the clause for a value of zero (未举办专题读书班), where 0期 would read badly.
    """
    if indicator.reported:
        # Masked, a zero must not show either.
        return text if zero is None or indicator.value or indicator.masked else zero
    return f"{indicator.metric.name}{indicator.state}"


class Named(str):
    """Standing prose that knows the id of its paragraph (二.（一）)."""

    paragraph_id: str

    def __new__(cls, text: str, paragraph_id: str) -> Named:
        """The text, under its id."""
        made = super().__new__(cls, text)
        made.paragraph_id = paragraph_id
        return made


def paragraph(*texts: str, lead: str = "", level: int = 2) -> Block:
    """A paragraph of the body; ``lead`` is a run-in heading in the font of its level.

    It bears the id of the first standing prose in it, by which the Word copy marks it, and the
    names of the indicators whose figures stand in it.
    """
    name = next((text.paragraph_id for text in texts if isinstance(text, Named)), "")
    text = "".join(texts)
    figures = [list(span) for span in spans(text)]
    more = {"figures": figures} if figures else {}
    return Block("paragraph", text=text, lead=lead, lead_level=level, name=name, **more)


def heading(text: str, level: int = 1) -> Block:
    """A heading on a line of its own; its number is part of the text (一、)."""
    return Block("heading", level=level, text=text)


def practice_name(name: str) -> str:
    """A practice's name in its quotation marks, which it may bring along: “三单”学习法."""
    return name if any(mark in name for mark in "“《") else f"“{name}”"


def practice_told(name: str, what: str, outcome: str | None) -> str:
    """A practice in a unit's own circular: its name first, unless what it does says it anyway."""
    quoted = re.findall("“(.+?)”", name) or [name]
    if any(part in str(what) for part in quoted):
        return practice_text(what, outcome)
    return f"{practice_name(name)}，{practice_text(what, outcome)}"


def practice_text(what: str, outcome: str | None) -> str:
    """What a practice does, and what came of it, as one clause without a full stop."""
    told = str(what).rstrip("。；，")
    if isinstance(outcome, str) and outcome:
        told += f"，{outcome.rstrip('。；，')}"
    return told
