"""A papermill engine that tells the truth about every cell.

papermill 2.7 itself knows one way for a notebook to fail, an exception in a cell. After a
kernel's death or a timeout it saves a notebook in which every cell is "completed", those
never run included. Here the running cell is "failed" and says why; the rest stay "pending".
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.log import logger
from papermill.translators import PythonTranslator, papermill_translators

from reportkit.batch.notebooks import error_output, original_number

ENGINE = "reportkit"
SAVE_EVERY = 5.0
"""Seconds between saves of a notebook under way: papermill's 2N+2 writes are waste."""


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
    """papermill's keeper of states, without its last-minute promotion of pending cells."""

    def __init__(self, nb: NotebookNode, tracker: Tracker | None, **kwargs: Any) -> None:
        super().__init__(nb, **kwargs)
        self.tracker = tracker
        self._saved_at = 0.0
        self._closing = False

    def cell_start(self, cell: NotebookNode, cell_index: int = 0, **kwargs: Any) -> None:
        """A cell begins."""
        if self.tracker:
            self.tracker.at(self.nb, cell_index)
        super().cell_start(cell, cell_index, **kwargs)

    def save(self, **kwargs: Any) -> None:
        """Writes the notebook, though not at every step."""
        if self._closing or time.monotonic() - self._saved_at >= SAVE_EVERY:
            super().save(**kwargs)
            self._saved_at = time.monotonic()

    def notebook_complete(self, **kwargs: Any) -> None:
        """Ends the notebook; cells that never ran stay pending."""
        states = [cell.metadata.papermill["status"] for cell in self.nb.cells]
        broken = self.FAILED in states or self.RUNNING in states or self.PENDING in states
        self._closing = True
        super().notebook_complete(**kwargs)
        if broken:
            for cell, state in zip(self.nb.cells, states, strict=True):
                cell.metadata.papermill["status"] = state
            self.nb.metadata.papermill["exception"] = True
            super().save()


class TruthfulClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client; a death or a timeout is a failure of the cell that ran."""

    def execute_cell(self, cell: NotebookNode, cell_index: int, **kwargs: Any) -> Any:
        """Executes one cell."""
        try:
            return super().execute_cell(cell, cell_index, **kwargs)
        except CellExecutionError:
            raise
        except BaseException as error:
            self.nb_man.cell_exception(cell, cell_index=cell_index, exception=error)
            if cell.cell_type == "code":
                message = str(error).strip().split("\n", 1)[0]
                name = type(error).__name__
                cell.outputs.append(error_output(name, message))
            raise

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Starts the kernel; what goes wrong here is no fault of the notebook."""
        try:
            super().start_new_kernel(**kwargs)
        except Exception as error:
            raise KernelStartError(f"{type(error).__name__}: {error}") from error

    def start_new_kernel_client(self) -> Any:
        """Connects to the kernel, and waits until it answers."""
        try:
            return super().start_new_kernel_client()
        except Exception as error:
            raise KernelStartError(f"{type(error).__name__}: {error}") from error


class TruthfulEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's nbclient engine with the two above.

    Its own argument is ``tracker``; all others are papermill's or nbclient's.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = False,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        tracker: Tracker | None = None,
        **kwargs: Any,
    ) -> Any:
        """Executes the notebook, as papermill asks an engine to."""
        manager = TruthfulManager(
            nb,
            tracker,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=autosave_cell_every,
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **kwargs)
        finally:
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: TruthfulManager, kernel_name: str, **kwargs: Any
    ) -> None:
        """Runs the cells."""
        for name in ("input_path", "stdout_file", "stderr_file"):
            kwargs.pop(name, None)
        kwargs["startup_timeout"] = kwargs.pop("start_timeout", 60)
        kwargs["timeout"] = kwargs.pop("execution_timeout", None)
        TruthfulClient(nb_man, kernel_name=kernel_name, log=logger, **kwargs).execute()


class LiteralTranslator(PythonTranslator):  # type: ignore[misc]
    """Parameters as Python literals; Chinese reads as Chinese in the injected cell."""

    @classmethod
    def codify(cls, parameters: dict[str, object], comment: str = "Parameters") -> str:
        """The source of the injected cell."""
        lines = [f"{name} = {value!r}" for name, value in parameters.items()]
        return "\n".join([f"# {comment}", *lines, ""])


def register() -> None:
    """Makes papermill know the engine and the translator, in this process."""
    papermill_engines.register(ENGINE, TruthfulEngine)
    papermill_translators.register("python", LiteralTranslator)
