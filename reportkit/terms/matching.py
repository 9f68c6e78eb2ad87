"""Set phrases in one text: pure, linear in its length, and defined for every text."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter

from reportkit.params.model import QUOTES
from reportkit.params.terms import (
    PhraseSequence,
    SetPhrase,
    Terms,
    WrongKind,
    fold,
    fold_character,
)
from reportkit.text.normalising import Normal

_AROUND = 12
"""Characters that an excerpt shows on either side."""
_LONGEST_SHOWN = 80
"""Characters of a place that an excerpt shows at most."""

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*(?=\n)|\u2029")
_SENTENCE_END = re.compile(r"[。!?\n]")
"""In folded text: ！and ？are half-width there, and \\n stands for the end of a paragraph."""


@dataclass(frozen=True)
class TermIssue:
    """One place in a text where a set phrase is not as approved."""

    kind: WrongKind
    found: str
    """What stands there; a sequence as its items, with … between them."""
    approved: str
    position: int
    """Where it begins: the index of its first character in the text."""
    line: int
    """The line in which it begins, from 1."""
    excerpt: str
    """The place with a few characters around it, on one line."""
    since: dt.date | None = None
    note: str = ""


def check(text: str, terms: Terms) -> list[TermIssue]:
    """The places where a set phrase is not as approved, in the order of the text.

    A wrong form inside an approved phrase is none; of wrong forms that overlap, the longest
    is told. Blanks, line breaks within a paragraph (a blank line ends it), widths and
    quotation marks make no difference. A sequence is told at most once a sentence, and not
    for items that stand together in an approved phrase. The time is linear in the length of
    the text.
    """
    return matcher_of(terms).issues(text)


@dataclass(frozen=True)
class _Start:
    """What may begin where a certain text is the longest known one: lengths in characters."""

    wrong: int = 0
    approved: int = 0
    """The longest approved phrase or item of a sequence."""
    items: tuple[tuple[int, int, int], ...] = ()
    """Sequence, place in it, length."""
    settled: tuple[tuple[int, int], ...] = ()
    """A sequence of which an approved phrase holds several items, and the phrase's length."""


Span = tuple[int, int]
"""Begin and end in folded text."""


@dataclass(frozen=True)
class _Item:
    """An item of a sequence: where it stands in the text, and its place in the sequence."""

    span: Span
    place: int


@dataclass(frozen=True)
class Matcher:
    """Terms made ready for searching; all texts in it are folded."""

    pattern: re.Pattern[str] | None
    """Any known text, the longest that fits."""
    starts: dict[str, _Start]
    wrong: dict[str, tuple[WrongKind, SetPhrase]]
    sequences: tuple[PhraseSequence, ...]

    def issues(self, text: str) -> list[TermIssue]:
        """As :func:`check`."""
        source = _Source.of(text)
        found, items = self._occurrences(source.folded.text)
        wrong = _longest(found)
        issues = []
        for span in wrong:
            kind, phrase = self.wrong[source.folded.text[slice(*span)]]
            told = source.issue(kind, source.shown(span), phrase.approved, span, phrase.note)
            issues.append(replace(told, since=phrase.since))
        for n, met in items.items():
            free = [item for item in met if not _within(item.span, wrong)]
            issues += _sequence_issues(source, self.sequences[n], free)
        return sorted(issues, key=lambda issue: (issue.position, issue.kind, issue.approved))

    def _occurrences(self, folded: str) -> tuple[list[Span], dict[int, list[_Item]]]:
        """Wrong forms outside approved phrases, and the items of each sequence.

        Items that stand together in an approved phrase do not count: it is approved as it is.
        """
        wrong: list[Span] = []
        items: dict[int, list[_Item]] = defaultdict(list)
        settled_until: dict[int, int] = defaultdict(int)
        approved_until = at = 0
        while self.pattern and (match := self.pattern.search(folded, at)):
            begin, start = match.start(), self.starts[match.group()]
            approved_until = max(approved_until, begin + start.approved)
            if begin + start.wrong > approved_until:
                wrong.append((begin, begin + start.wrong))
            for n, length in start.settled:
                settled_until[n] = max(settled_until[n], begin + length)
            for n, place, length in start.items:
                if begin + length > settled_until[n]:
                    items[n].append(_Item((begin, begin + length), place))
            at = begin + 1  # another may begin inside this one
        return wrong, items


@lru_cache(maxsize=8)
def matcher_of(terms: Terms) -> Matcher:
    """The terms made ready for searching, once for all texts."""
    wrong = {fold(form): (kind, p) for p in terms.phrases for kind, form in p.wrong_forms()}
    items: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for n, sequence in enumerate(terms.sequences):
        for place, item in enumerate(sequence.items):
            items[fold(item)].append((n, place))
    phrases = {fold(each.approved) for each in terms.phrases}
    settled = {phrase: _settled(phrase, items) for phrase in phrases}
    known = phrases | wrong.keys() | items.keys()
    starts = {}
    for text in known:
        # All that begins where this text does: itself, and what it begins with.
        heads = [text[:n] for n in range(1, len(text) + 1) if text[:n] in known]
        starts[text] = _Start(
            wrong=max((len(h) for h in heads if h in wrong), default=0),
            approved=max((len(h) for h in heads if h not in wrong), default=0),
            items=tuple((n, place, len(h)) for h in heads for n, place in items.get(h, ())),
            settled=tuple((n, len(h)) for h in heads for n in settled.get(h, ())),
        )
    pattern = re.compile(_alternation(sorted(known))) if known else None
    return Matcher(pattern, starts, wrong, terms.sequences)


def _alternation(texts: list[str]) -> str:
    """An expression for any of the texts, the longest that fits.

    What several begin with is taken out, so that the number of texts hardly costs time.
    """
    rests: dict[str, list[str]] = {}
    for text in filter(None, texts):
        rests.setdefault(text[0], []).append(text[1:])
    branches = [re.escape(first) + _alternation(rest) for first, rest in rests.items()]
    if not branches:
        return ""
    if len(branches) == 1 and "" not in texts:
        return branches[0]
    return f"(?:{'|'.join(branches)})" + "?" * ("" in texts)


def _settled(phrase: str, items: dict[str, list[tuple[int, int]]]) -> list[int]:
    """The sequences of which the phrase holds more than one item."""
    held = Counter(n for item, places in items.items() if item in phrase for n, _ in places)
    return [n for n, count in held.items() if count > 1]


def _longest(spans: Iterable[Span]) -> list[Span]:
    """Of spans that overlap only the longest, and of those the first; in order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        at = bisect_left(kept, span)
        after_last = at == 0 or kept[at - 1][1] <= span[0]
        before_next = at == len(kept) or span[1] <= kept[at][0]
        if after_last and before_next:
            kept.insert(at, span)
    return kept


def _within(span: Span, spans: list[Span]) -> bool:
    """Whether one of these spans, which are in order and do not overlap, holds this one."""
    at = bisect_right(spans, span[0], key=itemgetter(0)) - 1
    return at >= 0 and span[1] <= spans[at][1]


def _sequence_issues(
    source: _Source, sequence: PhraseSequence, items: list[_Item]
) -> Iterator[TermIssue]:
    """At most one issue a sentence: the items out of order, else some of them lacking."""
    sentences: dict[int, list[_Item]] = defaultdict(list)
    for item in items:
        sentences[bisect_right(source.sentence_ends, item.span[0])].append(item)
    for told in sentences.values():
        kind: WrongKind = "misordered"
        wrong = next((run for run in _runs(told) if not _ascending(run)), None)
        if wrong is None:
            lacking = 1 < len({item.place for item in told}) < len(sequence.items)
            if not (sequence.whole and lacking):
                continue
            kind = "truncated"
            first: dict[int, _Item] = {}
            for item in told:
                first.setdefault(item.place, item)
            wrong = list(first.values())
        found = "…".join(source.shown(item.span) for item in wrong)
        span = (wrong[0].span[0], wrong[-1].span[1])
        yield source.issue(kind, found, sequence.approved, span, sequence.note)


def _runs(items: list[_Item]) -> Iterator[list[_Item]]:
    """Each time that a sentence goes through a sequence: a repeated item begins another."""
    run: list[_Item] = []
    for item in items:
        if any(item.place == before.place for before in run):
            yield run
            run = []
        run.append(item)
    yield run


def _ascending(items: list[_Item]) -> bool:
    return all(one.place < other.place for one, other in pairwise(items))


# --- the text itself ---


@dataclass(frozen=True)
class _Source:
    """A text, the same folded, and how to get from one to the other."""

    text: str
    folded: Normal
    sentence_ends: list[int]
    """In folded text."""
    line_ends: list[int]
    """In the text."""

    @classmethod
    def of(cls, text: str) -> _Source:
        breaks = {match.start() for match in _PARAGRAPH_END.finditer(text)}
        normal = Normal.of_pieces(
            "\n" if at in breaks else fold_character(c) for at, c in enumerate(text)
        )
        return cls(
            text,
            normal,
            [match.start() for match in _SENTENCE_END.finditer(normal.text)],
            [match.start() for match in re.finditer("\n", text)],
        )

    def issue(
        self,
        kind: WrongKind,
        found: str,
        approved: str,
        span: Span,
        note: str,
    ) -> TermIssue:
        """An issue at this span of the folded text."""
        begin, end = self._original(span)
        line = bisect_left(self.line_ends, begin) + 1
        return TermIssue(kind, found, approved, begin, line, self._excerpt(begin, end), note=note)

    def shown(self, span: Span) -> str:
        """What stands there, on one line."""
        begin, end = self._original(span)
        return _one_line(self.text[begin:end])

    def _original(self, span: Span) -> Span:
        """The place in the text, with the quotation mark that belongs to it: 增强“四个意识”."""
        begin, end = self.folded.place(*span)
        marks = sum(c in QUOTES for c in self.text[begin:end])
        before = begin > 0 and self.text[begin - 1] in QUOTES
        after = end < len(self.text) and self.text[end] in QUOTES
        if marks % 2:
            return (begin, end + 1) if after else (begin - before, end)
        if marks and before and after:
            return begin - 1, end + 1
        return begin, end

    def _excerpt(self, begin: int, end: int) -> str:
        left = max(begin - _AROUND, 0)
        right = min(min(end, begin + _LONGEST_SHOWN) + _AROUND, len(self.text))
        shown = _one_line(self.text[left:right])
        return "…" * (left > 0) + shown + "…" * (right < len(self.text))


def _one_line(text: str) -> str:
    """Without line breaks, which Chinese does not set off by a blank, and unprintable marks."""
    joined = "".join(line.strip() for line in text.split("\n"))
    return "".join(c for c in " ".join(joined.split()) if c.isprintable())
