"""Feedback (反馈表) for all units of a year: only what changed is written anew.

``outputs/records/<year>/feedback/<unit_id>.xlsx``; further files of one unit are
``<unit_id>-2.xlsx`` …, files of no known unit ``unknown-1.xlsx`` …. A file without an open
issue gets none, and an earlier one of it is removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.errors import RecordsError, SubmissionError
from reportkit.files import TEMPORARY, read_derived, replace_file, sha256, write_json
from reportkit.records.issues import Issue
from reportkit.records.opening import open_file, read_bytes
from reportkit.records.opening.isolation import isolated
from reportkit.records.writing.annotating import feedback_of

if TYPE_CHECKING:
    from reportkit.records.importing.report import FileReport

__all__ = [
    "FeedbackItem",
    "feedback_folder",
    "feedback_for_file",
    "feedback_of",
    "feedback_on",
    "write_feedback",
]

STATE = ".state.json"
VERSION = 1
"""Of what is made: a higher one makes all feedback files anew."""
PARALLEL_FROM = 8
"""Files to be made from which starting further processes pays."""
_NOT_READ = ("classified", "reading_ended")
Progress = Callable[[int, int], None]
"""(files made, files to be made)."""


@dataclass(frozen=True)
class FeedbackItem:
    """One submission and what is to be said of it.

    Parameters
    ----------
    file:
        Its path below ``data/``, with forward slashes.
    unit_id, unit_name:
        Whose it is; None and ``""`` if that is not known.
    issues:
        All its issues, decided ones too.
    sha256:
        Of the content that was read; ``""`` if none could be.
    """

    file: str
    unit_id: str | None
    unit_name: str
    issues: tuple[Issue, ...]
    sha256: str = ""


@dataclass(frozen=True)
class _Task:
    """One file to be made, as it travels to another process."""

    item: FeedbackItem
    source: Path
    target: Path
    year: int


def feedback_folder(home: Path, year: int) -> Path:
    """Where the feedback files of a year stand."""
    return home / "outputs" / "records" / str(year) / "feedback"


def write_feedback(
    home: Path,
    year: int,
    items: Sequence[FeedbackItem],
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Bring the feedback files of a year in line with its issues.

    Parameters
    ----------
    home:
        The workbook's folder.
    items:
        All submissions, in the order that numbers several files of one unit.
    jobs:
        Processes at most; None: as many as there are processors.
    progress:
        Is told after each file.

    Returns
    -------
    The feedback files that are there now, in the order of the items.

    Raises
    ------
    RecordsError
        If some file cannot be written or removed; the others are in place.
    """
    folder = feedback_folder(home, year)
    state = _read_state(folder)
    named = {name: item for name, item in _names(items) if _says_something(item)}
    keys = {name: _key(item, year) for name, item in named.items()}
    tasks = [
        _Task(item, home / "data" / item.file, folder / name, year)
        for name, item in named.items()
        if not _is_there(folder / name, keys[name], state.get(name))
    ]
    stale = [name for name in state if name not in named]
    if not tasks and not stale:
        return [folder / name for name in named]
    _make_folder(folder)
    failed: list[str] = []
    made: dict[str, str] = {}
    for number, (name, digest, fault) in enumerate(_run(tasks, jobs), 1):
        made[name] = digest
        failed += [f"{name} ({fault})"] if fault else []
        if progress:
            progress(number, len(tasks))
    failed += _keep_state(folder, keys, made, state, stale)
    if failed:
        raise RecordsError(
            f"{len(failed)} feedback files could not be brought up to date: {', '.join(failed)}",
            expected="files that no other program holds open, and a disk with space",
            next_step="close them and import again: what is in place is not made twice",
            where=f"outputs/records/{year}/feedback",
        )
    return [folder / name for name in named]


# --- names and state --------------------------------------------------------------------------


def _says_something(item: FeedbackItem) -> bool:
    """Whether somebody has to read it; nobody has made a lock file (``~$…``) on purpose."""
    return any(issue.open and issue.code != "lock_file" for issue in item.issues)


def _keep_state(
    folder: Path,
    keys: Mapping[str, str],
    made: Mapping[str, str],
    state: Mapping[str, Mapping[str, str]],
    stale: Sequence[str],
) -> list[str]:
    """Remove what is stale, and write down what there is now; what could not be done."""
    failed: list[str] = []
    left: dict[str, Mapping[str, str]] = {}
    left |= {name: state[name] for name in stale if not _removed(folder / name)}
    failed += [f"{name} (cannot be removed)" for name in left]
    for name, key in keys.items():
        digest = made.get(name, state.get(name, {}).get("sha256", ""))
        if digest:
            left[name] = {"key": key, "sha256": digest}
    try:
        write_json(folder / STATE, {"version": VERSION, "files": dict(sorted(left.items()))})
    except OSError as error:
        failed.append(f"{STATE} ({error.strerror or type(error).__name__})")
    return failed


def _names(items: Sequence[FeedbackItem]) -> Iterator[tuple[str, FeedbackItem]]:
    """Each item's file. A number never takes the name that another unit's first file has."""
    taken = {f"{item.unit_id}.xlsx" for item in items if item.unit_id}
    first: set[str] = set()
    for item in items:
        unit = item.unit_id
        if unit and unit not in first:
            first.add(unit)
            yield f"{unit}.xlsx", item
            continue
        number = 2 if unit else 1
        while (name := f"{unit or 'unknown'}-{number}.xlsx") in taken:
            number += 1
        taken.add(name)
        yield name, item


def _key(item: FeedbackItem, year: int) -> str:
    """A digest of all that a feedback file is made of."""
    digest = hashlib.sha256(f"{VERSION}\n{year}\n".encode())
    for part in (item.file, item.unit_name, item.sha256, *item.issues):
        digest.update(repr(part).encode("utf-8", "backslashreplace") + b"\n")
    return digest.hexdigest()


def _read_state(folder: Path) -> dict[str, dict[str, str]]:
    """What this module wrote before; a damaged state counts as none."""
    try:
        files = read_derived(folder / STATE)["files"]
        return {
            str(name): {"key": str(entry["key"]), "sha256": str(entry["sha256"])}
            for name, entry in files.items()
            if Path(name).name == name and name.endswith(".xlsx")
        }
    except (KeyError, TypeError, AttributeError):
        return {}


def _is_there(path: Path, key: str, entry: Mapping[str, str] | None) -> bool:
    """Whether the file that would be made stands there already, untouched."""
    if entry is None or entry["key"] != key:
        return False
    try:
        return sha256(path) == entry["sha256"]
    except OSError:
        return False


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in folder.glob(f"{TEMPORARY}*"):  # of an import that was killed
            left_over.unlink()
    except OSError as error:
        raise RecordsError(
            f"the folder of feedback cannot be written ({error.strerror or error})",
            expected="a folder that can be written to",
            next_step="check its permissions and the space on the disk",
            where=str(folder.relative_to(folder.parents[3])),
        ) from None


def _removed(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


# --- making -----------------------------------------------------------------------------------


def _run(tasks: Sequence[_Task], jobs: int | None) -> Iterator[tuple[str, str, str]]:
    """(name, sha256 or "", fault or "") of each file, in order."""
    workers = min(jobs or os.cpu_count() or 1, len(tasks))
    if workers > 1 and len(tasks) >= PARALLEL_FROM:
        with ThreadPoolExecutor(workers) as pool:  # each thread waits for a process of its own
            yield from pool.map(_make, tasks)
    else:
        yield from map(_make, tasks)


def _make(task: _Task) -> tuple[str, str, str]:
    """Make one feedback file and put it in place."""
    item = task.item
    made = feedback_on(task.source, item.sha256, item.issues, item.unit_name, task.year)
    try:
        replace_file(task.target, made)
    except OSError as error:
        return task.target.name, "", error.strerror or type(error).__name__
    return task.target.name, hashlib.sha256(made).hexdigest(), ""


def feedback_on(
    source: Path, digest: str, issues: Sequence[Issue], unit_name: str, year: int
) -> bytes:
    """The feedback on a file, read again; nothing is copied if it is not what was checked.

    If it ends the process that reads it, the list of issues stands alone.
    """
    try:
        return isolated(_feedback, source, digest, issues, unit_name, year)
    except SubmissionError:
        return feedback_of(None, source.name, "", None, issues, unit_name=unit_name, year=year)


def _feedback(
    source: Path, digest: str, issues: Sequence[Issue], unit_name: str, year: int
) -> bytes:
    content, opened = None, None
    if digest and not any(issue.code in _NOT_READ for issue in issues):
        with contextlib.suppress(SubmissionError):
            read = read_bytes(source)
            if hashlib.sha256(read).hexdigest() == digest:
                content, opened = read, open_file(read, source.name)
    return feedback_of(
        content,
        source.name,
        opened.format if opened else "",
        opened.grids if opened else None,
        issues,
        unit_name=unit_name,
        year=year,
    )


def feedback_for_file(
    path: Path,
    report: FileReport,
    issues: Sequence[Issue],
    out: Path,
    year: int,
    *,
    unit_name: str = "",
) -> Path:
    """Write the feedback on one file that was checked by itself, and say where it is.

    It has the file's name, ``.xlsx`` in place of or behind its ending; the file itself is
    never written over.

    Parameters
    ----------
    path:
        The file that was checked.
    report:
        What the check says of it: its hash, and whose it is.
    issues:
        All its issues.
    out:
        The folder to write to; made if it is not there.
    year:
        The year it was checked for.
    unit_name:
        The unit's name; its ``unit_id`` stands for it otherwise.

    Raises
    ------
    RecordsError
        If the feedback cannot be written.
    """
    known = path.suffix.lower() in (".xlsx", ".xlsm")
    target = out / (f"{path.stem}.xlsx" if known else f"{path.name}.xlsx")
    if target.resolve() == path.resolve():
        target = out / f"{path.stem}.feedback.xlsx"
    made = feedback_on(path, report.sha256, issues, unit_name or report.unit_id or "", year)
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(target, made)
    except OSError as error:
        raise RecordsError(
            f"the feedback cannot be written ({error.strerror or type(error).__name__})",
            expected="a file that no other program holds open, in a folder open to writing",
            next_step="close it, or choose another folder by --out",
            where=target.name,
        ) from None
    return target
