"""Publication of all files of one document together, or not at all.

Files are made in a staging folder on the same disk. When all are whole and forced onto
the disk, a commit record (``commit.json``) says which go where, with their hashes and the
manifest's new entry; then each is renamed into place, a copy of what a person changed there
being kept first. Whatever ends the run, the next one finds either no commit record, and throws
the staging away, or one, and carries it out.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reportkit.batch.kept import keep
from reportkit.batch.manifest import Entry, Manifest, known_contents, note_left
from reportkit.files import read_json, sha256, sync_folder, write_json

PRIVATE = ".reportkit"
"""Folder under ``outputs/`` for what is of no concern to readers: lock and staging."""

COMMIT = "commit.json"
_BUSY_FOR = 2.0

InUse = (PermissionError, IsADirectoryError)
"""What is raised where a file cannot be replaced: someone has it open, or a folder stands there."""


def staging_root(outputs: Path) -> Path:
    """Where the staging folders of all runs are."""
    return outputs / PRIVATE / "staging"


def temporary_folder(run_id: str) -> Path:
    """A run's folder for sockets, outside ``outputs/``: their paths must be short and local."""
    return Path(tempfile.gettempdir()) / f"reportkit-{run_id}"


def write_commit(
    staging: Path, key: str, entry: Entry, put: Iterable[str], remove: Iterable[str]
) -> None:
    """Marks the staging folder as ready: from here on the publication will be carried out.

    Parameters
    ----------
    staging:
        Holds the files that are to be put in place, already forced onto the disk.
    key, entry:
        What the manifest will say.
    put, remove:
        Names of files of the entry that go into the document's folder; of files that no longer
        belong there.
    """
    sync_folder(staging)
    # The executed notebook comes last: copies are kept together with what they were made from.
    order = sorted(put, key=lambda name: name.endswith(".ipynb"))
    commit = {"key": key, "entry": entry, "put": order, "remove": sorted(remove)}
    write_json(staging / COMMIT, commit)


def carry_out(staging: Path, outputs: Path, manifest: Manifest) -> None:
    """Renames all files of a commit record into place and records the entry; may be repeated.

    Raises
    ------
    OSError
        If a file cannot be kept or replaced (on Windows: because someone has it open). The
        commit record stays; the next run tries again.
    """
    commit = read_json(staging / COMMIT)
    entry: Entry = commit["entry"]
    before = manifest.entries.get(commit["key"], entry)
    known = known_contents(before)
    folder = outputs / entry["folder"]
    folder.mkdir(parents=True, exist_ok=True)
    for name in commit.get("put", entry["files"]):
        if (staging / name).exists():
            own = [entry["files"][name]["sha256"], *known.get(name, ())]
            keep(outputs, folder / name, own, before)
            _replace(staging / name, folder / name)
    for name in commit["remove"]:
        keep(outputs, folder / name, known.get(name, ()), before)
        (folder / name).unlink(missing_ok=True)
    sync_folder(folder)
    manifest.record(commit["key"], entry)
    shutil.rmtree(staging, ignore_errors=True)


def _replace(source: Path, target: Path) -> None:
    """``os.replace``; on Windows a virus scanner may hold a new file for a moment."""
    deadline = time.monotonic() + (_BUSY_FOR if os.name == "nt" else 0)
    while True:
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.1)


def recover(outputs: Path, manifests: dict[int, Manifest]) -> dict[tuple[int, str], Path]:
    """Settles what an earlier run left behind; call it under the lock.

    Publications that were marked ready are carried out, all other staging is thrown away.

    Parameters
    ----------
    manifests:
        Those in use; others that a commit record needs are read, written and added.

    Returns
    -------
    dict
        Year and key of documents whose files still cannot be replaced → staging folder; to
        be thrown away when the document is made anew.
    """
    stuck = {}
    for run_folder in sorted(staging_root(outputs).glob("*")):
        for staging in sorted(run_folder.glob("*")):
            commit = _read_commit(staging)
            if commit is None:
                continue
            year = commit["entry"]["year"]
            if year not in manifests:
                manifests[year] = Manifest(outputs, year)
            try:
                carry_out(staging, outputs, manifests[year])
            except InUse:
                if before := manifests[year].entries.get(commit["key"]):
                    note_left(before, commit["entry"]["files"])
                stuck[year, commit["key"]] = staging
        shutil.rmtree(temporary_folder(run_folder.name.split("-")[-1]), ignore_errors=True)
        if not any(run_folder.glob(f"*/{COMMIT}")):
            shutil.rmtree(run_folder, ignore_errors=True)
    return stuck


def _read_commit(staging: Path) -> dict[str, Any] | None:
    """The commit record, if there is one and every file it names is where it can be."""
    try:
        commit: dict[str, Any] = read_json(staging / COMMIT)
        folder = staging.parents[3] / commit["entry"]["folder"]
        files = commit["entry"]["files"]
        for name in commit.get("put", files):
            path = staging / name if (staging / name).exists() else folder / name
            if sha256(path) != files[name]["sha256"]:
                return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return commit


def is_disk_full(error: OSError) -> bool:
    """Whether the error means that there is no room (or no quota) left."""
    return error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
