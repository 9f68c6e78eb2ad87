"""Which files there are among a year's submissions, and which of them belong together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.errors import RecordsError
from reportkit.records.issues import Log
from reportkit.records.opening import TABLE_FORMAT, is_lock
from reportkit.records.opening.kinds import SYSTEM_NAMES


@dataclass(frozen=True)
class Found:
    """One file among the submissions.

    ``label`` is its path below ``data/``; ``folder`` the subfolder it lies in, which may
    bear the unit's name; ``problem`` says why it is not even opened.
    """

    path: Path
    label: str
    folder: str = ""
    problem: tuple[str, str, str] | None = None
    """(found, expected, what to do)."""
    lock: bool = False

    def log(self) -> Log:
        """A new log of this file."""
        return Log(self.label)


def submissions_of(home: Path, year: int) -> list[Found]:
    """The files under ``data/submissions/<year>`` and its subfolders, one level deep.

    Raises
    ------
    RecordsError
        If there is no such folder.
    """
    folder = home / "data" / "submissions" / str(year)
    if not folder.is_dir():
        raise RecordsError(
            "there is no folder of submissions",
            expected=f"a folder data/submissions/{year} with one workbook from each unit",
            next_step="put the units' workbooks there; `reportkit demo` makes an example",
            where=f"data/submissions/{year}",
        )
    return files_in(folder, f"submissions/{year}")


def files_in(folder: Path, label: str = "") -> list[Found]:
    """The files of a folder and its subfolders, one level deep, whatever their names end in.

    The one choice of all commands that read what units sent. What a system keeps in every
    folder is left out; locks and folders further down are among them, to be told.

    Parameters
    ----------
    label:
        What stands for the folder in the files' labels; its own name if none is given.
    """
    found = []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        is_folder = path.is_dir() and not path.is_symlink()
        for each in sorted(path.iterdir(), key=lambda p: p.name) if is_folder else [path]:
            if each.name.lower() not in SYSTEM_NAMES:
                found.append(_found(each, folder, path.name if is_folder else "", label))
    return found


def _found(path: Path, base: Path, folder: str, label: str) -> Found:
    # A name in another encoding than the system's holds bytes that are no text.
    parts = [p.encode("utf-8", "replace").decode("utf-8") for p in (folder, path.name) if p]
    label = "/".join([label or base.name, *parts])
    problem = None
    inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(base))
    if path.is_symlink() and not inside:
        problem = ("指向文件夹之外的链接", "文件本身", "请放入文件本身")
    elif path.is_dir():
        problem = ("子文件夹", TABLE_FORMAT, "请把报送表放在年度文件夹或其中各单位的文件夹下")
    return Found(path, label, parts[0] if folder else "", problem, is_lock(path.name))


def grouped(files: Sequence[Found], guess: Sequence[str | None]) -> list[list[Found]]:
    """Files that probably come from one unit, side by side; each group keeps the order.

    Parameters
    ----------
    guess:
        For each file, the unit that its name tells; None: none, and it stands alone.
    """
    groups: dict[str, list[Found]] = {}
    for number, (file, unit) in enumerate(zip(files, guess, strict=True)):
        groups.setdefault(unit or f"\0{number}", []).append(file)
    return list(groups.values())
