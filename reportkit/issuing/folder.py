"""The folder of what was issued: built aside, put in place whole, and read-only from then on."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from reportkit.errors import RecordsError
from reportkit.files import TEMPORARY, replace_file, sha256, sync_folder

ISSUED = "issued"
MANIFEST = "issue.json"
CORRECTIONS = "corrections.json"
DOCUMENTS, INPUTS = "documents", "inputs"
VERSION = 1
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})

_DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What JSON raises, or reading what it holds, if that is not as it was written."""

_READ = stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH
_LOOK = _READ | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


def folder_of(outputs: Path, issue_id: str) -> Path:
    """``outputs/issued/<id>/``."""
    return outputs / ISSUED / issue_id


def lies_in_issued(path: Path) -> bool:
    """Whether a path is, or lies below, an ``outputs/issued/``, of whichever workbook."""
    parts = [part.casefold() for part in path.resolve().parts]  # Windows minds no capitals
    return ("outputs", ISSUED) in pairwise(parts)


@contextmanager
def building(outputs: Path, issue_id: str) -> Iterator[Path]:
    """A folder to build in, gone again unless :func:`publish` has put it in place."""
    root = outputs / ISSUED
    root.mkdir(parents=True, exist_ok=True)
    making = root / f"{TEMPORARY}{issue_id}"
    _remove(making)  # what a run that was cut off has left
    making.mkdir()
    try:
        yield making
    finally:
        _remove(making)


def hashes_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Name below the folder → sha256 and bytes, of every file but the manifest and corrections."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in (MANIFEST, CORRECTIONS) and not path.is_symlink():
            continue
        if path.name.lower() in _LITTER or path.name.startswith("~$"):
            continue  # of file managers and open programs
        if path.is_symlink():  # nothing here leads elsewhere
            found[name] = {"sha256": "", "bytes": 0}
        elif path.is_file():
            found[name] = {"sha256": sha256(path), "bytes": path.stat().st_size}
    return found


def publish(making: Path, outputs: Path, issue_id: str, manifest: dict[str, Any]) -> Path:
    """Write the manifest, with the hash of every file, and put the folder in its place.

    Raises
    ------
    RecordsError
        If something was issued under that id already.
    """
    target = folder_of(outputs, issue_id)
    whole = {"version": VERSION, "id": issue_id, **manifest, "files": hashes_of(making)}
    text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    replace_file(making / MANIFEST, text.encode("utf-8"))
    for path in making.rglob("*"):
        if path.is_file():
            path.chmod(_READ)
    if target.exists():
        raise RecordsError(
            f"something was issued as {issue_id} already",
            expected="an id that is free",
            next_step="see outputs/issued/; what was issued is corrected: reportkit correct",
            where=f"outputs/{ISSUED}/{issue_id}",
        )
    for path in making.rglob("*"):
        if path.is_dir():
            path.chmod(_LOOK)
    making.rename(target)
    shut(target)  # not before: a folder that cannot be written to cannot be moved everywhere
    sync_folder(target.parent)
    return target


def shut(folder: Path) -> None:
    """Let nothing be put into an issued folder, or taken out of it."""
    folder.chmod(_LOOK)


def read_manifest(folder: Path) -> dict[str, Any]:
    """What an issued folder says of itself.

    Raises
    ------
    RecordsError
        If it is none, or its manifest is damaged.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["version"] != VERSION or not _is_sound(found):
            raise ValueError
        return dict(found)
    except (FileNotFoundError, NotADirectoryError):
        raise RecordsError(
            f"no {MANIFEST}",
            expected="a folder below outputs/issued/, as `reportkit issue` makes it",
            next_step="correct the path",
            where=str(folder),
        ) from None
    except _DAMAGE:
        raise RecordsError(
            f"{MANIFEST} is damaged",
            expected="JSON as reportkit wrote it",
            next_step="take the folder from the archive or a copy",
            where=str(folder),
        ) from None


def _is_sound(manifest: dict[str, Any]) -> bool:
    """Whether it has all that is read of it, of the right kind; may raise what damage raises."""
    texts = [manifest[name] for name in ("id", "edition", "date", "corrects", "issued_by")]
    texts += [each["sha256"] for each in manifest["files"].values()]
    texts += [each[name] for each in manifest["documents"].values()
              for name in ("unit", "title", "folder", "number")]  # fmt: skip
    dt.date.fromisoformat(manifest["date"])
    dt.datetime.fromisoformat(manifest["recorded"])
    of_years = all(int(year) for year in manifest["snapshots"])
    mappings = [manifest[name] for name in ("stages", "made_with", "snapshots", "documents")]
    return (
        of_years and isinstance(manifest["year"], int) and isinstance(manifest["formats"], list)
        and manifest["period"] in (None, str(manifest["period"]))
        and manifest["standard_fonts"] in (None, True, False)
        and all(isinstance(each, dict) for each in mappings)
        and all(isinstance(each, str) for each in texts)
    )  # fmt: skip


def changed_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """What is not as it was issued: files that are missing, changed, or were put in."""
    now = hashes_of(folder)
    then = manifest["files"]
    told = [f"{name} is missing" for name in then if name not in now]
    told += [f"{name} was put in" for name in now if name not in then]
    told += [
        f"{name} was changed"
        for name, record in then.items()
        if name in now and now[name]["sha256"] != record["sha256"]
    ]
    return sorted(told)


def add_correction(folder: Path, entry: dict[str, str]) -> None:
    """Note, beside what was issued, what corrects it; once each."""
    path = folder / CORRECTIONS
    known = corrections_of(folder)
    if entry["id"] in {each["id"] for each in known}:
        return
    text = json.dumps([*known, entry], ensure_ascii=False, indent=1) + "\n"
    # Made outside: what is left of it by a power cut is no change of what was issued.
    made = folder.with_name(f"{TEMPORARY}{folder.name}-{CORRECTIONS}")
    replace_file(made, text.encode("utf-8"))
    made.chmod(_READ)
    try:
        folder.chmod(_LOOK | stat.S_IWUSR)
        if path.exists():
            path.chmod(_READ | stat.S_IWUSR)  # Windows replaces no file that is read-only
        os.replace(made, path)
    finally:
        shut(folder)
    sync_folder(folder)


def corrections_of(folder: Path) -> list[dict[str, str]]:
    """What corrects it: id, number and day of each."""
    try:
        found = json.loads((folder / CORRECTIONS).read_text(encoding="utf-8"))
        return [{name: str(each[name]) for name in ("id", "number", "date")} for each in found]
    except FileNotFoundError:
        return []
    except _DAMAGE:
        raise RecordsError(
            f"{CORRECTIONS} is damaged",
            expected="JSON as reportkit wrote it",
            next_step="take it from a copy; the corrections themselves name what they correct",
            where=str(folder),
        ) from None


def wrong_links(folder: Path, corrections: list[dict[str, str]]) -> list[str]:
    """Where what is said to correct an issue, and what does, are not the same.

    Raises
    ------
    RecordsError
        If the manifest of another issue is damaged.
    """
    others = (path.parent for path in sorted(folder.parent.glob(f"*/{MANIFEST}")))
    there = {
        path.name for path in others
        if not path.name.startswith(TEMPORARY) and read_manifest(path)["corrects"] == folder.name
    }  # fmt: skip
    said = [each["id"] for each in corrections]
    told = [f"{CORRECTIONS} names {each}, which does not correct it" for each in said
            if each not in there]  # fmt: skip
    return told + [f"{CORRECTIONS} does not name {each}" for each in sorted(there - {*said})]


def _remove(folder: Path) -> None:
    """Also where what is in it is read-only."""
    if not folder.exists():
        return
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(stat.S_IRWXU if path.is_dir() else stat.S_IREAD | stat.S_IWRITE)
    shutil.rmtree(folder)
