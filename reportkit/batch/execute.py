"""One document in a worker process: execute the notebook, check it, publish into staging."""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
import re
import shutil
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reportkit import reads
from reportkit.batch.kernels.processes import MEMORY
from reportkit.batch.manifest import Error, File, State
from reportkit.display import BLOCK_MIME
from reportkit.errors import RenderError, ReportkitError
from reportkit.files import pages_in, sha256, sync_file
from reportkit.publish.editions import Edition
from reportkit.publish.masking import Mask
from reportkit.publish.persons import PrivateContent, check_persons

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNEL_STARTS = 3
CELL_FILE = "cell"
_TEMPORARY = re.compile(r"\(\d+\.py, line (\d+)\)$")
"""What a SyntaxError says of the file that a cell is to Python: the line alone means something."""


@dataclass(frozen=True)
class Job:
    """What a worker needs to make one document; travels by pickle."""

    key: str
    unit: str
    year: int
    notebook: Path
    source: str
    target: str
    stem: str
    parameters: Mapping[str, object]
    staging: Path
    home: Path
    kernel_name: str
    formats: tuple[str, ...]
    timeout: int
    publisher: str
    own_fonts: Path | None
    edition: Edition
    private: Mask
    """The persons that the paper must not show, masked or not, unless it may."""
    persons: bool
    warm: bool
    """Whether its kernel may be forked; one that has died once is started by itself, so that
    nothing that befalls others can end it again."""

    @property
    def executed(self) -> Path:
        """Where the notebook is written that has run."""
        return self.staging / f"{self.stem}.ipynb"

    @property
    def record(self) -> Path:
        """Where its kernel writes what it read."""
        return self.staging / "read.json"

    @property
    def partial(self) -> Path:
        """Where the notebook is kept if it does not come to its end."""
        return self.staging / f"{self.stem}.failed.ipynb"

    @property
    def partial_target(self) -> str:
        """Where that notebook goes, as seen from the workbook."""
        return self.target.removesuffix(".ipynb") + ".failed.ipynb"


@dataclass(frozen=True)
class Remarks:
    """What there is to say of a paper that is done.

    ``stale_edits``: places of leaders' wording that no longer fits, and why. ``left_out``: what
    its cells print and it does not show. ``held``: what holds it back until a person has looked.
    ``pages``: of its PDF; 0 if it has none.
    """

    stale_edits: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    pages: int = 0


@dataclass(frozen=True)
class Made:
    """What became of a job: the files in its staging folder, or the error."""

    state: State
    seconds: float
    error: Error | None = None
    files: dict[str, File] = field(default_factory=dict)
    remarks: Remarks = Remarks()
    read: dict[str, str] = field(default_factory=dict)
    """What was read on the way, as parts of the fingerprint: see :mod:`reportkit.reads`."""


class Phase:
    """What this worker is at, for a signal that tells it to end."""

    publishing = False
    ending = False


phase = Phase()


class WrongDocument(ReportkitError):
    """A circular that is not of the unit and year it was asked for."""

    def __init__(self, found: str, *, cell: int | None = None, **kwargs: str) -> None:
        super().__init__(found, **kwargs)
        self.cell = cell


class IncompleteNotebook(ReportkitError):
    """A notebook that ended before its last cell without an error (``sys.exit()``)."""

    cell: int | None = None


def make(job: Job) -> Made:
    """Makes one document; never raises but for what ends the worker itself."""
    started = time.monotonic()
    try:
        made = _attempt(job)
    except Exception as unforeseen:  # of the machinery itself: a full disk, a broken install
        _log_traceback()
        made = Made("failed", 0.0, _error(type(unforeseen).__name__, _say(unforeseen)))
    finally:
        phase.publishing = False
    return replace(made, seconds=round(time.monotonic() - started, 3))


def _attempt(job: Job) -> Made:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from reportkit.batch.engine import KernelStartError, Tracker

    tracker = Tracker(job.staging / CELL_FILE)
    try:
        nb = _execute(job, tracker)
        phase.publishing = True
        _check_complete(nb)
        _check_document(job, nb)
        remarks = _remarks(job, nb)
        read = _read_in_kernel(job)
        reads.start(job.home)
        files = _publish(job, nb)
        read |= reads.taken()
        pages = pages_in(job.staging / f"{job.stem}.pdf")
        return Made("done", 0.0, None, files, replace(remarks, pages=pages), read)
    except PapermillExecutionError as error:
        cell = tracker.cell or error.cell_index
        message = _TEMPORARY.sub(r"(line \1)", error.evalue) or _unsaid(error.ename)
        return Made("failed", 0.0, _failure(job, error.ename, message, cell))
    except CellTimeoutError:
        message = f"the cell did not end within {job.timeout} s"
        return Made("timeout", 0.0, _failure(job, "CellTimeoutError", message, tracker.cell))
    except DeadKernelError:
        message = "the kernel died while this cell ran (out of memory, or ended by its code)"
        return Made("dead", 0.0, _failure(job, "DeadKernelError", message, tracker.cell))
    except KernelStartError as error:
        return Made("dead", 0.0, _failure(job, "KernelStartError", str(error), None))
    except (WrongDocument, IncompleteNotebook, PrivateContent) as error:
        name = type(error).__name__
        return Made("failed", 0.0, _failure(job, name, str(error), error.cell))
    except Exception as error:
        _log_traceback()
        return Made("failed", 0.0, _failure(job, type(error).__name__, _say(error), None))


def _read_in_kernel(job: Job) -> dict[str, str]:
    """What the notebook read; nothing where its kernel is none of Python's."""
    if not job.record.is_file():
        return {}
    read: dict[str, str] = json.loads(job.record.read_text(encoding="utf-8"))
    job.record.unlink()
    return read


def _remarks(job: Job, nb: NotebookNode) -> Remarks:
    """What there is to say of the paper, before it is published.

    Raises
    ------
    PrivateContent
        If it shows persons though it may not.
    """
    from reportkit.params.edits import Edits
    from reportkit.publish.edited import standings
    from reportkit.publish.reading import read_notebook

    document = read_notebook(nb, name=job.stem, folder=job.staging)
    # Masked figures cannot be held against any wording, and the mask itself takes persons out.
    masked = job.edition.mask is not None
    edits = Edits() if masked else job.edition.edits or Edits()
    wording = [(edit.place, edit.now or "") for edit in edits.edits]
    held = check_persons(document, job.private, wording, persons=job.persons or masked)
    found = standings(document, edits) if edits else []
    stale = tuple(f"{each.edit.place}: {each.reason}" for each in found if each.stale)
    return Remarks(stale, document.left_out, held)


def _execute(job: Job, tracker: Any) -> NotebookNode:
    """Executes the notebook by papermill's public function; a kernel may need two starts."""
    import papermill

    from reportkit.batch import engine, notebooks
    from reportkit.batch.kernels.manager import OrdinaryKernelManager, RunKernelManager

    def finish(nb: NotebookNode) -> None:
        notebooks.tidy(nb, job.source, job.target)

    for start in range(1, KERNEL_STARTS + 1):
        try:
            nb = papermill.execute_notebook(
                _escape(job.notebook),
                _escape(job.executed),
                parameters=dict(job.parameters),
                request_save_on_cell_execute=False,
                engine_name=engine.ENGINE,
                kernel_name=job.kernel_name,
                language="python",
                progress_bar=False,
                report_mode=False,
                cwd=job.home,
                autosave_cell_every=0,
                execution_timeout=job.timeout,
                iopub_timeout=max(60, job.timeout),
                record_timing=False,
                shutdown_kernel="immediate",
                kernel_manager_class=RunKernelManager if job.warm else OrdinaryKernelManager,
                tracker=tracker,
                keep=job.executed,
                finish=finish,
                record=job.record,
            )
        except engine.KernelStartError:
            if start == KERNEL_STARTS:
                raise
            _log_traceback()
        else:
            return cast("NotebookNode", nb)
    raise AssertionError("unreachable")


def _escape(path: Path) -> str:
    """papermill takes a path for a format string."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _publish(job: Job, nb: NotebookNode) -> dict[str, File]:
    """Leaves all of the document's files in staging."""
    from reportkit.batch import notebooks

    stem = job.staging / job.stem
    if job.edition.mask:  # the outputs still name the unit: only the text itself is kept
        notebooks.write(notebooks.without_outputs(nb), job.executed)
    module, _, name = job.publisher.partition(":")
    publish = getattr(importlib.import_module(module), name)
    made = publish(nb, job.formats, stem, own_fonts=job.own_fonts, edition=job.edition)
    paths = [Path(path) for path in made.values()]
    for fmt in job.formats:
        if fmt not in made or not Path(made[fmt]).is_file():
            raise RenderError(f"no {fmt} file was made", where=job.key)
    files = {}
    for path in [job.executed, *paths]:
        sync_file(path)
        files[path.name] = File(sha256=sha256(path), bytes=path.stat().st_size)
    return files


def _check_complete(nb: NotebookNode) -> None:
    """papermill takes ``sys.exit()`` for a good end, though cells after it never ran."""
    from reportkit.batch.notebooks import original_number

    for index, cell in enumerate(nb.cells):
        if cell.metadata.papermill["status"] != "completed":
            error = IncompleteNotebook(
                "the notebook ended at this cell; those after it did not run",
                expected="a notebook that runs to its last cell",
                next_step="remove sys.exit()",
            )
            error.cell = original_number(nb, index)
            raise error


def _check_document(job: Job, nb: NotebookNode) -> None:
    """The circular must say that it is of the unit and year it was made for."""
    from reportkit.batch.notebooks import original_number

    for index, cell in enumerate(nb.cells):
        for output in cell.get("outputs", []):
            block = output.get("data", {}).get(BLOCK_MIME, {})
            if block.get("kind") != "document":
                continue
            unit, year = block.get("unit"), block.get("year")
            if unit not in (None, job.unit) or str(year) not in ("None", str(job.year)):
                raise WrongDocument(
                    f"the circular is of {unit}, {year}",
                    expected=f"{job.unit}, {job.year}",
                    next_step="let the notebook use its parameters unit and year",
                    cell=original_number(nb, index),
                )


def _failure(job: Job, name: str, message: str, cell: int | None) -> Error:
    """The error record; tidies the partial notebook, and names it if there is one."""
    kept = _tidy_partial(job)
    for leftover in job.staging.iterdir():
        if leftover not in (kept, job.staging / CELL_FILE):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    return Error(type=name, message=message, cell=cell, notebook=kept.name if kept else None)


def _tidy_partial(job: Job) -> Path | None:
    from reportkit.batch import notebooks

    try:
        nb = notebooks.read(job.executed)
        notebooks.tidy(nb, job.source, job.partial_target)
        notebooks.write(nb, job.partial)
    except Exception:  # what is left of a notebook may be anything; the error itself matters
        _log_traceback()
        return None
    return job.partial


def _error(name: str, message: str) -> Error:
    return Error(type=name, message=message, cell=None, notebook=None)


def _log_traceback() -> None:
    """Into the worker's log, unless the disk is full."""
    with contextlib.suppress(OSError):
        traceback.print_exc()


def _unsaid(name: str) -> str:
    """What an error means that has no words of its own."""
    if name != "MemoryError":
        return ""
    limit = os.environ.get(MEMORY)
    limited = f", which --memory limits to {limit} MB" if limit else " than there is"
    return f"the notebook needs more memory{limited}; next: raise the limit, or read less at once"


def _say(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"{os.strerror(errno.ENOSPC)}; next: free some space and run again"
    return str(error)


def salvage(job: Job, kind: str, message: str) -> int | None:
    """After a worker's death: gives the notebook it left true states; says which cell ran."""
    from reportkit.batch import notebooks

    try:
        cell = int((job.staging / CELL_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        cell = None
    try:
        nb = notebooks.read(job.executed)
    except Exception:  # never written, or torn in the middle of a write
        nb = notebooks.read(job.notebook)
    notebooks.mark_states(nb, cell, kind, message)
    notebooks.tidy(nb, job.source, job.partial_target)
    notebooks.write(nb, job.partial)
    return cell
