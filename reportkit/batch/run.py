"""A run: plan → workers → publication, with each document's true state in the manifest."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.batch import contract, parameters
from reportkit.batch.contract import Document, Options, Reporter, Selection, Workbook
from reportkit.batch.kept import Kept
from reportkit.batch.manifest import Entry, Manifest
from reportkit.batch.plan import Planned, plan
from reportkit.batch.staging import PRIVATE, is_disk_full, recover
from reportkit.errors import ReportkitError, UsageError
from reportkit.locking import exclusive

INTERRUPTED = 130


@dataclass(frozen=True)
class RunResult:
    """What a run came to: each selected document's entry, in official order."""

    entries: list[tuple[Document, Entry]]
    interrupted: bool
    seconds: float
    log: Path | None
    kept: tuple[Kept, ...] = ()
    """Files that a person had changed, and that were kept before they were replaced."""

    @property
    def bad(self) -> list[tuple[Document, Entry]]:
        """Those that are not done, or were not reached."""
        return [(d, e) for d, e in self.entries if not _is_good(e)]

    @property
    def exit_status(self) -> int:
        """0 if every document selected is done, 130 after an interruption, else 1.

        Also 1 if something that was kept waits for a person.
        """
        return INTERRUPTED if self.interrupted else int(bool(self.bad or self.kept))


def _is_good(entry: Entry) -> bool:
    result, this = entry["last_result"], entry["this_run"]
    return bool(result and result["state"] == "done" and this and this["outcome"] != "not-reached")


def lock(outputs: Path, patience: float = 0.0) -> Any:
    """A context manager: nobody else runs or imports on this ``outputs/`` meanwhile.

    ``patience``: seconds for which to wait for another to end.
    """
    return exclusive(outputs / PRIVATE / "lock", patience=patience)


def preview(
    workbook: Workbook,
    selection: Selection,
    options: Options = Options(),  # noqa: B008 - frozen
) -> list[Planned]:
    """What a run would do about each selected document, and why; nothing is written.

    Raises
    ------
    UsageError
        As :func:`run` raises it for wrong parameters.
    """
    with nothing_ran():
        documents = _checked(workbook, selection)
        manifests = _manifests(workbook, documents)
        for manifest in manifests.values():
            manifest.see_unfinished()
        return plan(documents, workbook, manifests, options)


def _manifests(workbook: Workbook, documents: Iterable[Document]) -> dict[int, Manifest]:
    return {year: Manifest(workbook.outputs, year) for year in {d.year for d in documents}}


@contextlib.contextmanager
def nothing_ran() -> Iterator[None]:
    """Whatever is wrong here is wrong before anything ran: the exit status says so."""
    try:
        yield
    except ReportkitError as error:
        error.exit_status = UsageError.exit_status
        raise
    except OSError as error:
        if error.filename is None or is_disk_full(error):
            raise
        raise UsageError(
            error.strerror or type(error).__name__,
            expected="files and folders that can be read and written",
            next_step="see what stands there and what its permissions are, and run again",
            where=str(error.filename),
        ) from error


def _checked(workbook: Workbook, selection: Selection) -> list[Document]:
    """The selected documents, none of which would write where it must not."""
    documents = workbook.documents(selection)
    if not documents:
        raise UsageError("nothing to run", expected="a selection that some document meets")
    contract.check_documents(documents)
    declared: dict[Path, dict[str, object]] = {}
    for document in documents:
        path = document.notebook
        if path not in declared:
            declared[path] = parameters.declared(path)
        parameters.check_against(declared[path], document.parameters, path.name)
    return documents


def run(
    workbook: Workbook,
    selection: Selection,
    options: Options = Options(),  # noqa: B008 - frozen
    reporter: Reporter | None = None,
) -> RunResult:
    """Makes the selected documents that are not up to date.

    Parameters
    ----------
    workbook, selection, options:
        What to make, of which documents, and how.
    reporter:
        Is told each event, also of the log.

    Raises
    ------
    UsageError
        Before anything runs: for wrong parameters, or if another run is at work.
    """
    # Kernels and all that they take: whoever only plans or locks does not wait for it.
    from reportkit.batch.course import Course, times_of

    started = time.monotonic()
    with contextlib.ExitStack() as held:
        with nothing_ran():
            documents = _checked(workbook, selection)
            held.enter_context(lock(workbook.outputs, options.patience))
            manifests = _manifests(workbook, documents)
            stuck = recover(workbook.outputs, manifests)
            for manifest in manifests.values():
                manifest.settle_unfinished()
            planned = plan(documents, workbook, manifests, options)
            to_run = [p.document for p in planned if p.must_run]
            if to_run:
                workbook.prepare(times_of(to_run), len(to_run))
        work = Course(workbook, options, reporter, manifests, stuck)
        try:
            interrupted = work.through(planned)
        except OSError as error:
            if not is_disk_full(error):
                raise
            raise ReportkitError(
                f"{error.strerror}: {error.filename or workbook.outputs}",
                expected="room for circulars and manifest",
                next_step="free some space and run again; what was finished is kept",
            ) from error
        entries = [(d, manifests[d.year].entries[d.key]) for d in documents]
    seconds = round(time.monotonic() - started, 3)
    return RunResult(entries, interrupted, seconds, work.kept_log, tuple(work.kept))
