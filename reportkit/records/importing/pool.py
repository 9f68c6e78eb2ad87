"""Reading groups of files on all cores; a file that kills its process harms no other."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

from reportkit.errors import SubmissionError
from reportkit.records.importing.files import FileRead, GroupRead, GroupReader, Setting, refuse
from reportkit.records.importing.gathering import Found
from reportkit.records.importing.report import FileReport
from reportkit.records.opening.isolation import isolated

WORTH_A_POOL = 40
"""Groups from which on starting processes costs less than it saves."""
_SECONDS = 3600
"""For one group, of which each file is read within its own limits."""

Advance = Callable[[int], None]
"""Called with the number of files that are done since the last call."""


def read_groups(
    setting: Setting,
    groups: Sequence[Sequence[Found]],
    *,
    jobs: int | None = None,
    advance: Advance = lambda _: None,
) -> list[GroupRead]:
    """Every group, in the order given.

    Parameters
    ----------
    jobs:
        Processes; None: one a core where there are enough groups, else none but this.
    """
    if jobs is None:
        jobs = (os.cpu_count() or 1) if len(groups) >= WORTH_A_POOL else 1
    jobs = min(jobs, len(groups))
    results = []
    with ThreadPoolExecutor(max(jobs, 1)) as pool:  # each thread waits for a process of its own
        one_by_one: Iterable[GroupRead] = (
            pool.map(partial(_apart, pickle.dumps(setting)), groups)
            if jobs > 1
            else map(GroupReader(setting).read, groups)
        )
        for group, result in zip(groups, one_by_one, strict=True):
            results.append(result)
            advance(len(group))
    return results


@lru_cache(maxsize=1)
def _reader(setting: bytes) -> GroupReader:
    return GroupReader(pickle.loads(setting))  # noqa: S301 - our own, of another process


def _read(setting: bytes, group: Sequence[Found]) -> GroupRead:
    return _reader(setting).read(group)


def _apart(setting: bytes, group: Sequence[Found]) -> GroupRead:
    """A group in a process of its own; the files that end it, one by one, are refused."""
    try:
        return isolated(_read, setting, group, seconds=_SECONDS)
    except SubmissionError as error:
        ended = error
    parts = [_apart(setting, [file]) for file in group] if len(group) > 1 else []
    good = [
        file
        for file, part in zip(group, parts, strict=False)
        if part.files[0].report.state != "refused"
    ]
    if len(good) == len(parts):  # one file, or several that end it only together
        return GroupRead([_refused(file, ended) for file in group])
    # Those that can be read alone are checked together, without the deadly one.
    bad = [part.files[0] for part in parts if part.files[0].report.state == "refused"]
    rest = _apart(setting, good) if good else GroupRead([])
    return GroupRead([*rest.files, *bad], rest.records, rest.met)


def _refused(found: Found, error: SubmissionError) -> FileRead:
    result = FileRead(FileReport(found.label, "refused"), found.log())
    refuse(result, error)
    return result
