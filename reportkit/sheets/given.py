"""What the sheets are told beyond the document itself, by whoever knows the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Source:
    """A figure that the records yield: where a number in the text may come from.

    Parameters
    ----------
    name:
        The indicator (集体学习), with what of it, if not its value (集体学习：比上年).
    words:
        By which words a text names it.
    kind:
        value: it stands next after these words · aside: a change or the like, told after the
        value, behind one of its ``cues`` (比上年) · sentence: a number in a sentence that is worked
        out from the records.
    shown:
        As it prints, with its measure word: 405次, 85.7%.
    parts:
        Numerator and denominator as text: 9/12; "" where there are none.
    of:
        Whose: a unit's short name; "" for what the document is about.
    """

    name: str
    shown: str
    parts: str = ""
    of: str = ""
    words: str = ""
    kind: Literal["value", "aside", "sentence"] = "value"
    cues: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The words by which a text names it: its own name, if no others are given."""
        return self.words or self.name


@dataclass(frozen=True)
class Phrase:
    """A set phrase (提法) in the text that is not as approved.

    ``kind``: outdated, truncated or misordered; ``sentence``: where it stands.
    """

    kind: str
    found: str
    approved: str
    sentence: str
    note: str = ""


@dataclass(frozen=True)
class Given:
    """What the checks hold the document against.

    Parameters
    ----------
    sources:
        All figures that its numbers may come from.
    phrases:
        Set phrases that are not as approved; None: no table of them to check by.
    persons:
        Names of persons of the records, of whom none may stand.
    units:
        Names of units, of which none may stand among the group's problems; () for a unit's own
        paper, which may name it.
    rest_of:
        Who counts in totals and has no row of its own (集团本级); its figures stand among
        ``sources``, ``of`` it.
    most_characters:
        What a leader will sign.
    """

    sources: tuple[Source, ...] = ()
    phrases: tuple[Phrase, ...] | None = None
    persons: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rest_of: str = ""
    most_characters: int = 4000


@dataclass(frozen=True)
class Form:
    """What the dispatch sheet says that the document does not: "" leaves the room empty.

    Parameters
    ----------
    organ:
        发文机关, in the head of the sheet.
    number, secrecy, urgency:
        文号, 密级 (内部资料; "" prints 无), 紧急程度.
    pages:
        Of the PDF; None where there is none.
    draft:
        Which file it is about, in words: its name and the beginning of its SHA-256.
    """

    organ: str
    number: str = ""
    secrecy: str = ""
    urgency: str = ""
    pages: int | None = None
    draft: str = ""
