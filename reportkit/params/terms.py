"""Set phrases (提法) that the office has approved, and their wrong forms (``params/terms.yml``).

Whoever checks a text against them is warned; nothing is rewritten (:mod:`reportkit.terms`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, permutations
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from reportkit.params.model import QUOTES, SENTENCE, Model
from reportkit.params.reading import load_if_there
from reportkit.text.normalising import plain

WrongKind = Literal["outdated", "truncated", "misordered"]
"""旧称或不规范 · 缺字漏字 · 次序或搭配颠倒."""


def fold(text: str) -> str:
    """The text as it is compared: half-width, without blanks, line breaks and quotation marks."""
    return "".join(map(fold_character, text))


@lru_cache(maxsize=1 << 14)
def fold_character(character: str) -> str:
    """What is left of one character by :func:`fold`: nothing, itself, or its plain form."""
    return "".join(c for c in plain(character) if c not in QUOTES)


LONGEST = 100
"""Characters of a phrase: what is longer is a paragraph."""


def _phrase(text: str) -> str:
    if not 0 < len(fold(text)) <= LONGEST:
        raise ValueError(
            f"expected 1 to {LONGEST} characters, not counting blanks and quotation marks"
        )
    return text


Phrase = Annotated[str, AfterValidator(_phrase)]


class SetPhrase(Model):
    """An approved phrase, and the wrong forms of it that are met."""

    approved: Phrase
    outdated: tuple[Phrase, ...] = ()
    """Earlier wordings, and such as never were the proper ones."""
    truncated: tuple[Phrase, ...] = ()
    """Forms that lack words; inside the approved phrase they are no fault."""
    misordered: tuple[Phrase, ...] = ()
    """Forms whose parts stand in another order, or are paired wrongly."""
    since: dt.date | None = None
    """From which day the wrong forms are wrong: earlier documents are not warned of."""
    note: Annotated[str, SENTENCE] = ""
    """Shown with the warning: the source, or what to bear in mind."""

    def wrong_forms(self) -> Iterator[tuple[WrongKind, str]]:
        """Every wrong form with its kind, in the order of the file."""
        for kind in get_args(WrongKind):
            for form in getattr(self, kind):
                yield kind, form

    @model_validator(mode="after")
    def _differ(self) -> Self:
        for kind, form in self.wrong_forms():
            if fold(form) == fold(self.approved):
                raise ValueError(
                    f"{kind}: {form!r} is the approved phrase itself (width, blanks and quotation "
                    "marks do not tell phrases apart)"
                )
        return self


class PhraseSequence(Model):
    """Phrases of which a sentence that holds two or more holds them in this order."""

    items: Annotated[tuple[Phrase, ...], Field(min_length=2)]
    whole: bool = False
    """Such a sentence must hold all of them."""
    note: Annotated[str, SENTENCE] = ""

    @property
    def approved(self) -> str:
        """The whole sequence as it is written: 读原著、学原文、悟原理."""
        return "、".join(self.items)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for one, other in permutations(self.items, 2):
            if fold(one) in fold(other):
                raise ValueError(
                    f"items: {one!r} is a part of {other!r}, so that their order cannot be told"
                )
        return self


class Terms(Model):
    """``params/terms.yml``; without the file there are none."""

    phrases: tuple[SetPhrase, ...] = ()
    sequences: tuple[PhraseSequence, ...] = ()

    def in_force(self, day: dt.date) -> Terms:
        """The terms for a document of that day: what is wrong only since later is not wrong.

        A phrase stays approved, though: a form inside it is no fault at any time.
        """
        none: dict[str, tuple[str, ...]] = dict.fromkeys(get_args(WrongKind), ())
        phrases = tuple(
            each if each.since is None or each.since <= day else each.model_copy(update=none)
            for each in self.phrases
        )
        return Terms.model_construct(phrases=phrases, sequences=self.sequences)

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        approved: dict[str, str] = {}
        for each in self.phrases:
            field = f"phrases.{each.approved}.approved"
            if place := approved.get(fold(each.approved)):
                raise ValueError(f"{field}: {each.approved!r} is approved twice (also {place})")
            approved[fold(each.approved)] = field
        self._check_order()
        for n, sequence in enumerate(self.sequences):
            for item in sequence.items:
                approved.setdefault(fold(item), f"sequences.{n}.items")
        self._check_wrong(approved)
        return self

    def _check_order(self) -> None:
        """No sequence stands twice, and no two want the same phrases in opposite orders."""
        sequences: set[tuple[str, ...]] = set()
        orders: dict[tuple[str, str], int] = {}
        for n, sequence in enumerate(self.sequences):
            items = tuple(map(fold, sequence.items))
            if items in sequences:
                raise ValueError(f"sequences.{n}.items: {sequence.approved!r} stands twice")
            sequences.add(items)
            for one, other in combinations(sequence.items, 2):
                pair = fold(one), fold(other)
                if (earlier := orders.get(pair[::-1])) is not None:
                    raise ValueError(
                        f"sequences.{n}.items: {one!r} stands before {other!r}, but behind it in "
                        f"sequences.{earlier}.items; expected one order"
                    )
                orders.setdefault(pair, n)

    def _check_wrong(self, approved: dict[str, str]) -> None:
        """No form is both approved and wrong, nor wrong twice: which would then be proper?"""
        wrong: dict[str, str] = {}
        for each in self.phrases:
            for kind, form in each.wrong_forms():
                field = f"phrases.{each.approved}.{kind}"
                if place := approved.get(fold(form)):
                    raise ValueError(f"{field}: {form!r} is approved as well ({place})")
                if place := wrong.get(fold(form)):
                    raise ValueError(f"{field}: {form!r} stands twice (also {place})")
                wrong[fold(form)] = field


def load_terms(home: Path) -> Terms:
    """``params/terms.yml``; without the file no phrase is checked.

    Raises
    ------
    ParameterError
        If it is no YAML in UTF-8, or a field is wrong.
    """
    return load_if_there(home / "params" / "terms.yml", Terms)
