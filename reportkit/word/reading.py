"""A ``.docx`` from its bytes to plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportkit.errors import ReportkitError
from reportkit.word.archive import Element, damaged, open_archive
from reportkit.word.lines import Made, Page, lay_out
from reportkit.word.model import Edited, Gone, Line, Where
from reportkit.word.parts import Parts
from reportkit.word.spans import Remark
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
        author=told.get("lastModifiedBy", ""),
        modified=told["modified"],
        base=parts.base(),
        properties={name: told.get(name, "") for name in ("title", "keywords", "creator")},
        warnings=tuple(warnings),
        gone=tuple(gone),
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
    found = {each.get("id", ""): _remark(each, parts) for each in root.findall("comment")}
    attached = {key for story in _all(stories) for key in story.comments}
    parents = _parents(parts, root)
    left = []
    for key, remark in found.items():
        if key in attached:
            continue
        parent = parents.get(key, "")
        if parent in attached and parent in found:
            above = found[parent]
            found[parent] = replace(above, replies=(*above.replies, remark))
        else:
            left.append(remark)
    return found, left


def _remark(comment: Element, parts: Parts) -> Remark:
    lines, _ = _in_order([lay_out(Walker(Story("body"), parts).walk(comment), {})])
    text = "\n".join(line.text for line in lines)
    return Remark(comment.get("author", ""), iso_date(comment.get("date", "")), text)


def _all(stories: Sequence[Story]) -> Iterator[Story]:
    for story in stories:
        yield story
        for para in story.paras:
            yield from _all(para.boxes)


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
