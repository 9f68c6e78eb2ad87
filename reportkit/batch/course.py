"""The course of one run: documents through workers, each result recorded and published."""

from __future__ import annotations

import os
import secrets
import shutil
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from reportkit.batch.contract import (
    OWN_KERNEL,
    Document,
    Options,
    Preload,
    Reporter,
    Workbook,
)
from reportkit.batch.events import EventLog
from reportkit.batch.execute import CELL_FILE, Job, Made, salvage
from reportkit.batch.interrupt import interrupts
from reportkit.batch.kept import Kept, keep, take_notes
from reportkit.batch.manifest import (
    Entry,
    Error,
    File,
    Manifest,
    Outcome,
    Result,
    ThisRun,
    after_good_attempt,
    note_left,
    relative_to,
)
from reportkit.batch.plan import Planned
from reportkit.batch.staging import (
    COMMIT,
    InUse,
    carry_out,
    staging_root,
    temporary_folder,
    write_commit,
)
from reportkit.batch.worker import Death, Pool, Setting
from reportkit.files import pages_in, sha256
from reportkit.publish.editions import Edition
from reportkit.publish.masking import Mask

POLL = 0.25
KEPT_LOGS = 20
"""So many runs' logs stay."""


@dataclass
class _Attempt:
    """A document in the making."""

    planned: Planned
    attempts: int = 0
    seconds: float = 0.0


@dataclass
class Course:
    """The state of one run; :meth:`through` is its life."""

    workbook: Workbook
    options: Options
    reporter: Reporter | None
    manifests: dict[int, Manifest]
    stuck: dict[tuple[int, str], Path]
    run_id: str = field(default_factory=lambda: secrets.token_hex(6))
    kept_log: Path | None = None
    kept: list[Kept] = field(default_factory=list)
    """Files that a person had changed, of which this run is to tell."""
    _stop: bool = False
    _attempts: dict[str, _Attempt] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.started = datetime.now(UTC)
        self.outputs = self.workbook.outputs
        stamp = self.started.strftime("%Y%m%dT%H%M%S")
        self.staging = staging_root(self.outputs) / f"{stamp}-{self.run_id}"
        self.log = self.outputs / "logs" / f"{stamp}-{self.run_id}.log"
        self.events = EventLog(self.log.with_suffix(".jsonl"), self.reporter)
        self._notebooks: dict[Path, Path] = {}

    # --- the whole ---

    def through(self, plan: list[Planned]) -> bool:
        """Runs the plan; whether it was interrupted."""
        self._forget_last_run()
        to_run = [p for p in plan if p.must_run]
        blocked = [p for p in plan if p.document.blocked is not None]
        fresh = len(plan) - len(to_run) - len(blocked)
        self.events.run_started(self.run_id, self.options, len(to_run), fresh, len(blocked))
        try:
            for planned in plan:
                self._note(planned, "up-to-date" if planned.up_to_date else "not-reached")
            if to_run or blocked:
                # Should this run be killed, the manifest says already what it did not reach.
                self._export(finished=False)
            for planned in blocked:
                self._settle(planned, _blocked(planned.document), 0.0)
            if to_run:
                self._make_folders(sorted({p.document.notebook for p in to_run}))
                with interrupts(self.interrupt):
                    self._work(deque(_Attempt(p) for p in to_run))
            self._export(finished=True)
            self.kept = take_notes(self.outputs)
            for each in self.kept:
                self.events.write("kept", **each._asdict())
        finally:
            self.events.run_ended(self._stop, self._seconds(), self._counts(plan))
            self._clean_up()
        return self._stop

    def interrupt(self) -> None:
        """Asks the run to end: running documents are cancelled, others not reached."""
        self._stop = True

    def _seconds(self) -> float:
        return (datetime.now(UTC) - self.started).total_seconds()

    def _counts(self, plan: list[Planned]) -> dict[str, int]:
        """How many documents are in which state now, for the log."""
        entries = [self.manifests[p.document.year].entries[p.document.key] for p in plan]
        outcomes = Counter(e["this_run"]["outcome"] for e in entries if e["this_run"])
        states = Counter(
            e["last_result"]["state"]
            for e in entries
            if e["last_result"] and e["this_run"] and e["this_run"]["outcome"] == "ran"
        )
        left = {"up_to_date": outcomes["up-to-date"], "not_reached": outcomes["not-reached"]}
        return {**dict(sorted(states.items())), **left}

    def _make_folders(self, notebooks: list[Path]) -> None:
        self.staging.mkdir(parents=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        temporary_folder(self.run_id).mkdir(mode=0o700)
        for number, source in enumerate(notebooks):
            # A notebook that is edited during the run stays the same for all units.
            copy = self.staging / "notebooks" / str(number) / source.name
            copy.parent.mkdir(parents=True)
            self._notebooks[source] = Path(shutil.copyfile(source, copy)).resolve()

    # --- workers ---

    def _work(self, waiting: deque[_Attempt]) -> None:
        setting = Setting(
            parent=os.getpid(),
            home=self.workbook.home.resolve(),
            temporary=temporary_folder(self.run_id),
            log=self.log.resolve(),
            preload=self._preload(waiting),
            memory=self.options.memory,
        )
        pool = Pool(min(self.options.jobs, len(waiting)), setting)
        give_up = False
        try:
            while (waiting and not give_up) or pool.busy:
                while waiting and pool.free and not give_up and not self._stop:
                    pool.give(self._begin(waiting.popleft()))
                if self._stop:
                    break
                for job, made, seconds in pool.next(POLL, self.options.limit):
                    if self._stop and _has_died(made):
                        # Whoever ended the run may have ended its workers and kernels too.
                        self._cancel(job)
                    elif again := self._finish(job, made, seconds):
                        waiting.appendleft(again)
                    elif self.options.fail_fast and self._has_failed(job):
                        give_up = True
        finally:
            finished, given_up = pool.stop()
        for job, made, seconds in finished:
            if made.state == "done":
                self._finish(job, made, seconds)
            else:
                self._cancel(job)
        for job in given_up:
            self._cancel(job)

    def _preload(self, waiting: Collection[_Attempt]) -> Preload | None:
        """What warm kernels have ready; None where kernels are ordinary."""
        if not self.options.warm or self.workbook.kernel_name != OWN_KERNEL:
            return None
        times = times_of(attempt.planned.document for attempt in waiting)
        return self.workbook.preload(times, len(waiting))

    def _begin(self, attempt: _Attempt) -> Job:
        planned, options = attempt.planned, self.options
        document = planned.document
        private = self.workbook.mask(document)
        attempt.attempts += 1
        self._attempts[document.key] = attempt
        staging = self.staging / f"{document.unit}.{document.stem}.{attempt.attempts}"
        staging.mkdir()
        self.manifests[document.year].start(document.key, planned.before)
        self.events.started(document, attempt.attempts)
        return Job(
            key=document.key,
            unit=document.unit,
            year=document.year,
            notebook=self._notebooks[document.notebook],
            source=relative_to(document.notebook, self.workbook.home),
            target=f"{self.outputs.name}/{document.folder}/{document.stem}.ipynb",
            stem=document.stem,
            parameters=dict(document.parameters),
            staging=staging.resolve(),
            home=self.workbook.home.resolve(),
            kernel_name=self.workbook.kernel_name,
            formats=options.formats,
            timeout=options.timeout,
            publisher=options.publisher,
            own_fonts=self.workbook.own_fonts,
            edition=self._edition(document, private),
            private=replace(private, allowed=(), phrases=()),
            persons=document.persons,
            warm=attempt.attempts == 1,
        )

    def _edition(self, document: Document, private: Mask) -> Edition:
        mask, standard = private if document.masked else None, self.options.standard_fonts
        edits, stage = self.workbook.edits(document), self.workbook.stage(document)
        return Edition(document.formal, mask, standard, edits or None, stage, private.codes)

    def _finish(self, job: Job, made: Made | Death, seconds: float) -> _Attempt | None:
        """Takes a worker's result, or its death; the attempt if it is to be repeated."""
        attempt = self._attempts[job.key]
        if isinstance(made, Death):
            made = Made("timeout" if made.overdue else "dead", seconds, _error_of(job, made))
        attempt.seconds += made.seconds
        if made.state == "dead" and attempt.attempts <= self.options.retries:
            self.events.again(attempt.planned.document, made.error)
            return attempt
        result = Result(state=made.state, attempts=attempt.attempts, error=made.error)
        if made.state == "done":
            self._publish(job, attempt, made, result)
        else:
            self._put_partial(job, attempt.planned.before, made.error)
            self._settle(attempt.planned, result, attempt.seconds)
        return None

    def _has_failed(self, job: Job) -> bool:
        result = self.manifests[job.year].entries[job.key]["last_result"]
        return result is None or result["state"] != "done"

    # --- results ---

    def _publish(self, job: Job, attempt: _Attempt, made: Made, result: Result) -> None:
        planned = attempt.planned
        document, before = planned.document, planned.before
        folder = self.outputs / document.folder
        made_from = {**planned.fingerprint, **made.read}
        entry = after_good_attempt(before, made_from, made.files, folder)
        entry = _with(entry, result, "ran", attempt.seconds)
        entry["stale_edits"] = list(made.remarks.stale_edits)
        entry["left_out"] = list(made.remarks.left_out)
        known = before.get("pages") or pages_in(folder / f"{job.stem}.pdf")
        grown = _grown(known, made.remarks.pages, before)
        entry["held"] = [*made.remarks.held, *grown]
        entry["pages"] = known if grown else made.remarks.pages or known
        if older := self.stuck.pop((document.year, job.key), None):
            shutil.rmtree(older)
        write_commit(job.staging, job.key, entry, made.files, [job.partial.name])
        try:
            carry_out(job.staging, self.outputs, self.manifests[document.year])
            self.events.finished(document, entry)
        except InUse as error:
            note_left(before, made.files)
            name = Path(error.filename2 or error.filename or "").name
            failure = Error(
                type="FileInUse",
                message=f"{name} cannot be replaced: {error.strerror}; next: close the program "
                "that has it open or allow writing, and run again (the new files are kept)",
                cell=None,
                notebook=None,
            )
            failed = Result(state="failed", attempts=attempt.attempts, error=failure)
            self._settle(planned, failed, attempt.seconds)

    def _put_partial(self, job: Job, before: Entry, error: Error | None) -> None:
        """Puts the partial notebook beside the document's files, which stay as they are."""
        if not (error and error["notebook"] and job.partial.is_file()):
            return
        name = job.partial.name
        target = self.outputs / before["folder"] / name
        size = job.partial.stat().st_size
        note_left(before, {name: File(sha256=sha256(job.partial), bytes=size)})
        # In the journal before it is put there: whatever ends the run, it is no person's.
        self.manifests[job.year].start(job.key, before)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            keep(self.outputs, target, before["left"][name], before)
            os.replace(job.partial, target)
        except InUse as busy:
            error["message"] += f"; {name} is of an earlier attempt: {busy.strerror}"

    def _cancel(self, job: Job) -> None:
        attempt = self._attempts[job.key]
        error = Error(
            type="Interrupted",
            message="the run was interrupted while this document was being made",
            cell=_running_cell(job),
            notebook=None,
        )
        result = Result(state="cancelled", attempts=attempt.attempts, error=error)
        self._settle(attempt.planned, result, attempt.seconds)

    def _settle(self, planned: Planned, result: Result, seconds: float) -> None:
        """Records a result that leaves the document's files as they were."""
        document = planned.document
        entry = _with(planned.before, result, "ran", seconds)
        self.manifests[document.year].record(document.key, entry)
        self.events.finished(document, entry)

    def _forget_last_run(self) -> None:
        for manifest in self.manifests.values():
            for key, entry in manifest.entries.items():
                manifest.entries[key] = Entry({**entry, "this_run": None})

    def _note(self, planned: Planned, outcome: Outcome) -> None:
        """Notes what this run has (not) done about a document so far."""
        document = planned.document
        entry = _with(planned.before, planned.before["last_result"], outcome, 0.0)
        self.manifests[document.year].entries[document.key] = entry

    def _export(self, *, finished: bool) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for manifest in self.manifests.values():
            manifest.run = {
                "started": self.started.isoformat(timespec="seconds"),
                "finished": now if finished else None,
                "interrupted": self._stop,
            }
            manifest.export()

    def _clean_up(self) -> None:
        shutil.rmtree(temporary_folder(self.run_id), ignore_errors=True)
        if not any(self.staging.glob(f"*/{COMMIT}")):
            shutil.rmtree(self.staging, ignore_errors=True)
        _keep_last_logs(self.log)
        if self.log.is_file():
            if self.log.stat().st_size:
                self.kept_log = self.log
            else:
                self.log.unlink()


# --- helpers -----------------------------------------------------------------------------


def times_of(documents: Iterable[Document]) -> list[tuple[int, str | None]]:
    """The years, and periods of them, that documents are of, each once, in the order of time."""
    times = {(document.year, document.period) for document in documents}
    return sorted(times, key=lambda time: (time[0], time[1] or ""))


def _with(before: Entry, result: Result | None, outcome: Outcome, seconds: float) -> Entry:
    entry = before.copy()
    entry["last_result"] = result
    entry["this_run"] = ThisRun(outcome=outcome, seconds=round(seconds, 3))
    return entry


def _blocked(document: Document) -> Result:
    error = Error(type="Blocked", message=document.blocked or "", cell=None, notebook=None)
    return Result(state="failed", attempts=0, error=error)


_GROWN = "the paper is more than"


def _grown(known: int, pages: int, before: Entry) -> list[str]:
    """The remark on a paper that has more than twice the pages of the last good one.

    Where no PDF was made, what was said of the last one.
    """
    if not pages:
        return [each for each in before.get("held", ()) if each.startswith(_GROWN)]
    times = (pages - 1) // known if known else 0
    return [f"{_GROWN} {times} times as long as the last good one, of {known} pages"] * (times > 1)


def _has_died(made: Made | Death) -> bool:
    return isinstance(made, Death) or made.state == "dead"


def _running_cell(job: Job) -> int | None:
    try:
        return int((job.staging / CELL_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _error_of(job: Job, death: Death) -> Error:
    """The error for a worker that died; leaves a partial notebook with true states."""
    ended = "" if death.overdue else " (out of memory, or ended from outside)"
    kind = "DocumentTimeoutError" if death.overdue else "DeadWorker"
    message = f"{death.how}{ended}"
    try:
        salvage(job, kind, message)
        notebook = job.partial.name
    except OSError:
        notebook = None
    return Error(type=kind, message=message, cell=_running_cell(job), notebook=notebook)


def _keep_last_logs(own: Path) -> None:
    """Those of earlier runs beyond some go; never this run's, whatever the clock says."""
    for ending in (".log", ".jsonl"):
        others = [p for p in sorted(own.parent.glob(f"*{ending}")) if p.stem != own.stem]
        for path in others[: -(KEPT_LOGS - 1)]:
            path.unlink(missing_ok=True)
