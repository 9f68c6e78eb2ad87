"""A papermill engine that tells the truth about every cell.

papermill 2.7 itself knows one way for a notebook to fail, an exception in a cell. After a
kernel's death or a timeout it saves a notebook in which every cell is "completed", those
never run included. Here the running cell is "failed" and says why; the rest stay "pending".
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.iorw import write_ipynb
from papermill.log import logger
from papermill.translators import PythonTranslator, papermill_translators

from reportkit.batch import source
from reportkit.batch.notebooks import (
    error_output,
    join_streams,
    original_number,
    stream_output,
)

ENGINE = "reportkit"
LANGUAGE = "python (reportkit)"
"""What the engine calls Python, so that papermill's other engines keep their own translator."""

KEEP_EVERY = 5.0
"""Seconds between writes of a notebook under way."""

MOST_TEXT = 5_000_000
"""So many characters a cell may print; what comes after is dropped, and said to be."""


class KernelStartError(RuntimeError):
    """A kernel that did not come up."""


class Tracker:
    """Which cell runs now, in memory and in a small file that outlives the process.

    Cells are numbered as an analyst counts them: all cells of the original notebook from 1;
    the cell that papermill injects has no number of its own and counts as the ``parameters``
    cell before it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cell: int | None = None

    def at(self, nb: NotebookNode, index: int) -> None:
        """Notes that the cell at this index now runs."""
        self.cell = original_number(nb, index)
        self.path.write_text(str(self.cell), encoding="ascii")


class TruthfulManager(NotebookExecutionManager):  # type: ignore[misc]
    """papermill's keeper of states, without its last-minute promotion of pending cells.

    ``keep``: where the notebook is written every few seconds, and at a bad end; papermill's own
    way, with an ``output_path``, is to write it whole at each cell's start and end.
    """

    def __init__(
        self, nb: NotebookNode, tracker: Tracker | None, keep: Path | None, **kwargs: Any
    ) -> None:
        super().__init__(nb, **kwargs)
        self.tracker = tracker
        self.started = False
        self._cell: NotebookNode | None = None
        self._printed = self._dropped = 0
        self._keep = keep
        self._kept_at = time.monotonic()
        self._holding = False

    def cell_start(self, cell: NotebookNode, cell_index: int = 0, **kwargs: Any) -> None:
        """A cell begins."""
        self.started = True
        self._cell, self._printed, self._dropped = cell, 0, 0
        if self.tracker:
            self.tracker.at(self.nb, cell_index)
        super().cell_start(cell, cell_index, **kwargs)

    def cell_complete(self, cell: NotebookNode, cell_index: int = 0, **kwargs: Any) -> None:
        """A cell has ended; if by the kernel's death or a timeout, it has failed.

        papermill calls this on the way out of any exception, but tells only of errors in cells.
        """
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, CellExecutionError):
            self.cell_exception(cell, cell_index=cell_index, exception=error)
            if cell.cell_type == "code":
                message = str(error).strip().split("\n", 1)[0]
                cell.outputs.append(error_output(type(error).__name__, message))
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)
        if self._dropped:
            told = f"\n[{self._dropped:,} characters more were printed, and are left out here]\n"
            cell.outputs.append(stream_output(told))
        self._cell = None
        super().cell_complete(cell, cell_index, **kwargs)

    def autosave_cell(self, **kwargs: Any) -> None:
        """papermill calls this after each message: what a cell prints without end is cut here."""
        outputs = self._cell.get("outputs") if self._cell is not None else None
        if outputs and outputs[-1].output_type == "stream":
            last = outputs[-1]
            room = max(0, MOST_TEXT - self._printed)
            self._printed += len(last.text)
            if len(last.text) > room:
                self._dropped += len(last.text) - room
                last.text = last.text[:room]
                if not room:
                    outputs.pop()
        super().autosave_cell(**kwargs)

    def save(self, **kwargs: Any) -> None:
        """Writes the notebook as papermill does, or now and then to where it is kept."""
        if self._holding:
            return
        super().save(**kwargs)
        if self._keep and time.monotonic() - self._kept_at >= KEEP_EVERY:
            self._write()

    def _write(self) -> None:
        write_ipynb(self.nb, str(self._keep))
        self._kept_at = time.monotonic()

    def notebook_complete(self, **kwargs: Any) -> None:
        """Ends the notebook; cells that never ran stay pending."""
        states = [cell.metadata.papermill["status"] for cell in self.nb.cells]
        self._holding = True
        super().notebook_complete(**kwargs)
        self._holding = False
        broken = set(states) - {self.COMPLETED}
        if broken:
            for cell, state in zip(self.nb.cells, states, strict=True):
                cell.metadata.papermill["status"] = state
            self.nb.metadata.papermill["exception"] = True
        self.save()
        if self._keep and broken:
            self._write()


class TruthfulEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's nbclient engine with that keeper.

    Its own arguments are ``tracker``, ``keep`` and ``finish``, which is called with the notebook
    when all cells have run; all others are papermill's or nbclient's.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        tracker: Tracker | None = None,
        keep: Path | None = None,
        finish: Callable[[NotebookNode], None] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Executes the notebook, as papermill asks an engine to.

        Raises
        ------
        KernelStartError
            If the kernel does not come up: no fault of the notebook.
        """
        if passed := nb.metadata.get("papermill", {}).get("parameters"):
            nb.metadata.papermill["parameters"] = source.as_json(passed)
        manager = TruthfulManager(
            nb,
            tracker,
            keep,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=autosave_cell_every,
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        except Exception as error:
            if manager.started:
                raise
            raise KernelStartError(f"{type(error).__name__}: {error}") from error
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        if finish:
            finish(manager.nb)
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, record: Path | None = None, **kwargs: Any
    ) -> Any:
        """As papermill does; ``record``: where the kernel writes what the notebook read."""
        if record is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        kwargs["timeout"] = kwargs.pop("execution_timeout", None)
        kwargs["startup_timeout"] = kwargs.pop("start_timeout", 60)
        kwargs.pop("input_path", None)
        client = _Client(nb_man, kernel_name=kernel_name, log=logger, **kwargs)
        client.record = record
        return client.execute()


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, whose kernel notes what the notebook reads: :mod:`reportkit.reads`."""

    record: Path

    def papermill_execute_cells(self) -> None:
        """Executes all cells, between the begin of the record and its end."""
        self._silently("start()")
        super().papermill_execute_cells()
        self._silently(f"write({str(self.record)!r})")

    def _silently(self, call: str) -> None:
        """Leaves no trace in the notebook; a kernel that is none of Python's answers an error."""
        code = f"__import__('reportkit.reads').reads.{call}"
        self.wait_for_reply(self.kc.execute(code, silent=True, store_history=False))


class SourceTranslator(PythonTranslator):  # type: ignore[misc]
    """Parameters as Python source: dates stay dates, Chinese reads as Chinese."""

    @classmethod
    def codify(cls, parameters: dict[str, object], comment: str = "Parameters") -> str:
        """The source of the injected cell; values of other kinds as text, as papermill has it.

        Raises
        ------
        ParameterError
            For a name that is no identifier.
        """
        plain = {name: source.as_plain(value) for name, value in parameters.items()}
        return source.assignments(plain, comment)


def register_translator() -> None:
    """Makes papermill know the translator, under a language that only this engine names."""
    papermill_translators.register(LANGUAGE, SourceTranslator)
