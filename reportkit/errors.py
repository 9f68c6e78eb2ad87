"""One family of errors: each says what was found, what is expected, and what to do next."""

from __future__ import annotations


class ReportkitError(Exception):
    """An error that a person can act upon; it never needs a traceback to be understood.

    Parameters
    ----------
    found:
        What was met, in the words of whoever made it ("cell B5 holds '2023.2.30'").
    expected:
        What would have been right ("a date in 2023").
    next_step:
        What to do about it ("correct the cell and import again").
    where:
        The place: a file, sheet and cell; a notebook and its cell number; a parameter.
    """

    exit_status = 1

    def __init__(
        self, found: str, *, expected: str = "", next_step: str = "", where: str = ""
    ) -> None:
        # All four travel through pickle (worker processes) by way of args and __dict__.
        super().__init__(found)
        self.found = found
        self.expected = expected
        self.next_step = next_step
        self.where = where

    def __str__(self) -> str:
        text = f"{self.where}: {self.found}" if self.where else self.found
        if self.expected:
            text += f"; expected: {self.expected}"
        if self.next_step:
            text += f"; next: {self.next_step}"
        return text


class UsageError(ReportkitError):
    """A wrong option, parameter or file of parameters, known before anything runs."""

    exit_status = 2


class ParameterError(UsageError):
    """A file under ``params/`` or a notebook's parameter does not hold what it must."""


class SubmissionError(ReportkitError):
    """A submission (报送) that cannot be read at all; sheet and cell say where, if known.

    ``code`` names the fault, as :mod:`reportkit.records.codes` lists them.
    """

    code: str = "file"
    sheet: str | None = None
    cell: str | None = None


class RecordsError(ReportkitError):
    """A snapshot that is missing, damaged, or contradicts itself."""


class FontError(ReportkitError):
    """A glyph or a font that no file on this machine provides."""


class RenderError(ReportkitError):
    """An executed notebook that cannot be turned into the format asked for."""


class DraftError(ReportkitError):
    """A draft that came back from a leader's desk (送审稿) and cannot be read."""
