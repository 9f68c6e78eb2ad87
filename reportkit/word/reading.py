"""A ``.docx`` from its bytes to plain data."""

from __future__ import annotations

from collections.abc import Iterator, Set

from reportkit.errors import ReportkitError
from reportkit.word.archive import Element, damaged, open_archive
from reportkit.word.lines import Page
from reportkit.word.model import Comment, Edited, Where
from reportkit.word.parts import Parts
from reportkit.word.story import Story, iso_date
from reportkit.word.walking import Walker


def read_word(data: bytes, where: str) -> Edited:
    """Return what stands in a Word file, and how it came to stand there.

    Parameters
    ----------
    data:
        The file's bytes; what it is called does not matter.
    where:
        The file, as errors name it.

    Raises
    ------
    DraftError
        If it is no Word file of today's kind, has a password, is damaged, or is larger than an
        honest one can be.
    """
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
    remarks, unattached = _remarks(parts, {key for story in stories for key in story.attached()})
    page = Page(remarks)
    for story in stories:
        page.add(story)
    page.warnings += [
        f"a comment of {each.author or 'nobody'} is attached to nothing: “{each.text}”"
        for each in unattached
    ]
    told = parts.properties()
    return Edited(
        lines=tuple(page.lines),
        author=told.get("lastModifiedBy", ""),
        modified=told["modified"],
        base=parts.base(),
        properties={name: told.get(name, "") for name in ("title", "keywords", "creator")},
        warnings=tuple(page.warnings),
        gone=tuple(page.gone),
        grid=body.grid,
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


# ---------------------------------------------------------------- comments


def _remarks(parts: Parts, attached: Set[str]) -> tuple[dict[str, list[Comment]], list[Comment]]:
    """Id → comment and replies to it, and those that belong to no text, nor to one that does.

    A reply that is attached to no text of its own goes with what it replies to.
    """
    root = parts.part("comments")
    found: dict[str, list[Comment]] = {}
    left: list[Comment] = []
    if root is None:
        return found, left
    comments = {each.get("id", ""): _comment(each, parts) for each in root.findall("comment")}
    parents = _parents(parts, root)
    for key in sorted(comments, key=lambda key: key not in attached):
        owner = key if key in attached else parents.get(key, "")
        (found.setdefault(owner, []) if owner in attached else left).append(comments[key])
    return found, left


def _comment(comment: Element, parts: Parts) -> Comment:
    page = Page({})
    page.add(Walker(Story("body"), parts).walk(comment))
    text = "\n".join(line.text for line in page.lines)
    return Comment(comment.get("author", ""), iso_date(comment.get("date", "")), text, "")


def _parents(parts: Parts, comments: Element) -> dict[str, str]:
    """Comment → the one that it replies to, by the ids of their paragraphs (Word 2010 and on)."""
    owner = {
        para.get("paraId", ""): comment.get("id", "")
        for comment in comments.findall("comment")
        for para in comment.iter("p")
    }
    root = parts.part("commentsextended")
    return {
        owner[each.get("paraId", "")]: owner[each.get("paraIdParent", "")]
        for each in (() if root is None else root)
        if each.get("paraId", "") in owner and each.get("paraIdParent") in owner
    }
