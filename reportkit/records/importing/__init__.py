"""Submissions of a year → checked tables → snapshot, with a report of what happened.

:mod:`.gathering` finds the files, :mod:`.files` reads them and checks a unit's own,
:mod:`.pool` does so on all cores, :mod:`.year` puts the units side by side and writes the
snapshot and the feedback, :mod:`.report` says what became of everything.
"""

from __future__ import annotations

from reportkit.records.importing.report import FileReport, FileState, ImportReport
from reportkit.records.importing.year import import_year

__all__ = ["FileReport", "FileState", "ImportReport", "import_year"]
