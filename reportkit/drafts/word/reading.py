"""A ``.docx`` from its bytes to plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportkit.drafts.word.archive import damaged, open_archive
from reportkit.drafts.word.lines import Made, Page, lay_out
from reportkit.drafts.word.markup import Element, attribute, inside, iso_date, name
from reportkit.drafts.word.model import Edited, Gone, Line, Where
from reportkit.drafts.word.parts import Parts
from reportkit.drafts.word.spans import Remark
from reportkit.drafts.word.story import Story
from reportkit.drafts.word.walking import Walker
from reportkit.errors import ReportkitError


def read(data: bytes, where: str) -> Edited:
    """See :func:`reportkit.drafts.word.read_word`."""
    try:
        return _read(Parts(open_archive(data, where)))
    except ReportkitError:
        raise
    except RecursionError:
        raise damaged("its elements are nested deeper than any program nests them", where) from None
    except Exception as error:  # noqa: BLE001, RUF100 - what comes from outside ends no command
        raise damaged(f"it cannot be read: {type(error).__name__}: {error}", where) from error


def _read(parts: Parts) -> Edited:
    body = Walker(Story("body"), parts).walk(parts.body)
    stories = [body, *_notes(body, parts), *_margins(parts)]
    remarks, unattached = _remarks(parts, stories)
    pages = [lay_out(story, remarks) for story in stories]
    lines, gone = _in_order(pages)
    warnings = [warning for page in pages for warning in page.warnings]
    warnings += [
        f"a comment of {each.author or 'nobody'} is attached to nothing: “{each.text}”"
        for each in unattached
    ]
    told = parts.properties()
    return Edited(
        lines=tuple(lines),
        author=told.author,
        modified=told.modified,
        base=parts.base(),
        properties={"title": told.title, "keywords": told.keywords, "creator": told.creator},
        warnings=tuple(warnings),
        gone=tuple(gone),
    )


def _notes(body: Story, parts: Parts) -> Iterator[Story]:
    """Footnotes, then endnotes, in the order in which the text refers to them."""
    kinds: tuple[Where, ...] = ("footnote", "endnote")
    for kind in kinds:
        found = parts.notes(kind)
        for called, key, tracks in body.notes:
            if called == kind and key in found:
                yield Walker(Story(kind), parts, tracks).walk(found.pop(key))


def _margins(parts: Parts) -> Iterator[Story]:
    for where, root in parts.margins():
        yield Walker(Story(where), parts).walk(root)


def _in_order(pages: Sequence[Page]) -> tuple[list[Line], list[Gone]]:
    lines: list[Line] = []
    gone: list[Gone] = []

    def take(made: Sequence[Made]) -> None:
        for each in made:
            if each.lives:
                lines.append(each.line)
            else:
                gone.append(Gone(len(lines), each.line))
            take(each.below)

    for page in pages:
        take(page.made)
    return lines, gone


# ---------------------------------------------------------------- comments


def _remarks(parts: Parts, stories: Sequence[Story]) -> tuple[dict[str, Remark], list[Remark]]:
    """Id → comment, and those that belong to no text, nor to a comment that does.

    A reply that is attached to no text of its own goes with what it replies to.
    """
    root = parts.part("comments")
    if root is None:
        return {}, []
    found: dict[str, Remark] = {}
    ids: dict[str, str] = {}  # of a comment's paragraphs → the comment's
    for each in (each for each in root if name(each) == "comment"):
        key = attribute(each, "id")
        found[key] = _remark(each, parts)
        ids |= {para: key for para in map(_para_id, inside(each, "p")) if para}
    attached = {key for story in _all(stories) for key in story.comments}
    left = []
    for key, remark in found.items():
        if key not in attached:
            parent = _parent(parts, ids, key)
            if parent in attached and parent in found:
                above = found[parent]
                found[parent] = replace(above, replies=(*above.replies, remark))
            else:
                left.append(remark)
    return found, left


def _remark(comment: Element, parts: Parts) -> Remark:
    lines, _ = _in_order([lay_out(Walker(Story("body"), parts).walk(comment), {})])
    text = "\n".join(line.text for line in lines)
    return Remark(attribute(comment, "author"), iso_date(attribute(comment, "date")), text)


def _all(stories: Sequence[Story]) -> Iterator[Story]:
    for story in stories:
        yield story
        for para in story.paras:
            yield from _all(para.boxes)


def _para_id(element: Element) -> str:
    """An attribute of Word 2010 and later, by which replies refer to comments."""
    return next((v for k, v in element.attrib.items() if k.endswith("}paraId")), "")


def _parent(parts: Parts, ids: dict[str, str], key: str) -> str:
    """The id of the comment that one replies to; "" if it replies to none."""
    root = parts.part("commentsextended")
    for each in root if root is not None else ():
        told = {k.rpartition("}")[2]: v for k, v in each.attrib.items()}
        if ids.get(told.get("paraId", "")) == key:
            return ids.get(told.get("paraIdParent", ""), "")
    return ""
