"""A ``.docx`` as it came back → its paragraphs with all that was changed and remarked in them.

:func:`read_word` gives plain data. Importing this package imports nothing heavy.

=============  =====================================================================
:mod:`.archive`  the zip, opened with nothing of it believed; what is no ``.docx`` is refused
:mod:`.markup`   XML without DTD; elements by short names, whichever namespace they bear
:mod:`.parts`    which parts there are: styles, numbering, comments, properties, our base
:mod:`.story`    one flow of text, as pieces and paragraph marks; :mod:`.walking` takes it down
:mod:`.lines`    pieces and marks → paragraphs once all changes are accepted
=============  =====================================================================
"""

from __future__ import annotations

from reportkit.drafts.word.model import Change, Comment, Edited, Gone, Line

__all__ = ["Change", "Comment", "Edited", "Gone", "Line", "read_word"]


def read_word(data: bytes, where: str) -> Edited:
    """What stands in a Word file, and how it came to stand there.

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
    from reportkit.drafts.word.reading import read

    return read(data, where)
