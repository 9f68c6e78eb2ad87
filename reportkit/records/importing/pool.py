"""Reading groups of files on all cores; a file that kills its process harms no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from reportkit.records.importing.files import FileRead, GroupRead, GroupReader, Setting, refuse
from reportkit.records.importing.gathering import Found
from reportkit.records.importing.report import FileReport
from reportkit.records.opening.isolation import reading_ended

WORTH_A_POOL = 40
"""Groups from which on starting processes costs less than it saves."""
_AHEAD = 4
"""Groups handed to each process beyond the one that it reads."""

Advance = Callable[[int], None]
"""Called with the number of files that are done since the last call."""

_reader: GroupReader | None = None


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
    results: dict[int, GroupRead] = {}
    if jobs > 1:
        for number, result in _in_processes(setting, groups, jobs):
            results[number] = result
            advance(len(groups[number]))
    else:
        reader = GroupReader(setting)
        for number, group in enumerate(groups):
            results[number] = reader.read(group)
            advance(len(group))
    return [results[number] for number in range(len(groups))]


def _begin(setting: Setting) -> None:
    global _reader  # each process of the pool has one reader
    _reader = GroupReader(setting)


def _read(group: Sequence[Found]) -> GroupRead:
    if _reader is None:
        raise RuntimeError("the process was not begun")
    return _reader.read(group)


def _in_processes(
    setting: Setting, groups: Sequence[Sequence[Found]], jobs: int
) -> Iterator[tuple[int, GroupRead]]:
    left = dict(enumerate(groups))
    try:
        for number, result in _through_pool(setting, left, jobs):
            del left[number]
            yield number, result
    except BrokenProcessPool:
        # Some file killed its process (memory, a fault in a library). Each file that is left
        # gets a process of its own, so that the one that does it again is known.
        for number, group in list(left.items()):
            yield number, _alone(setting, group)


def _through_pool(
    setting: Setting, groups: dict[int, Sequence[Found]], jobs: int
) -> Iterator[tuple[int, GroupRead]]:
    waiting = iter(list(groups.items()))
    with _pool(setting, jobs) as pool:
        running: dict[Future[GroupRead], int] = {}

        def fill() -> None:
            while len(running) < jobs * _AHEAD and (following := next(waiting, None)):
                running[pool.submit(_read, following[1])] = following[0]

        fill()
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
            fill()


@contextmanager
def _pool(setting: Setting, jobs: int) -> Iterator[ProcessPoolExecutor]:
    # spawn: the same on every system, and safe whatever threads this process has.
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(setting,)
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(setting: Setting, group: Sequence[Found]) -> GroupRead:
    """A group in a process of its own; if that dies too, its files are refused."""
    try:
        with _pool(setting, 1) as pool:
            return pool.submit(_read, group).result()
    except BrokenProcessPool:
        if len(group) > 1:
            parts = [_alone(setting, [file]) for file in group]
            if all(file.report.state != "refused" for part in parts for file in part.files):
                return GroupRead([_died(file) for file in group])
            # Those that can be read alone are checked together, without the deadly one.
            good = [
                found
                for found, part in zip(group, parts, strict=True)
                if part.files[0].report.state != "refused"
            ]
            bad = [part for part in parts if part.files[0].report.state == "refused"]
            rest = _alone(setting, good) if good else GroupRead([])
            return GroupRead([*rest.files, *(p.files[0] for p in bad)], rest.records, rest.met)
        return GroupRead([_died(group[0])])


def _died(found: Found) -> FileRead:
    result = FileRead(FileReport(found.label, "refused"), found.log())
    refuse(result, reading_ended())
    return result
