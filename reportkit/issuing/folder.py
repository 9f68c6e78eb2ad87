"""The folder of what was issued: built aside, put in place whole, and read-only from then on."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reportkit.errors import RecordsError
from reportkit.files import TEMPORARY, replace_file, sha256, sync_folder

ISSUED = "issued"
MANIFEST = "issue.json"
CORRECTIONS = "corrections.json"
DOCUMENTS, INPUTS = "documents", "inputs"
VERSION = 1

_READ = stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH


def folder_of(outputs: Path, issue_id: str) -> Path:
    """``outputs/issued/<id>/``."""
    return outputs / ISSUED / issue_id


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
        if path.is_file() and name not in (MANIFEST, CORRECTIONS):
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
    making.rename(target)
    for path in [*target.rglob("*"), target]:
        # The issue's own folder stays open for corrections.json alone.
        if path.is_dir() and path != target:
            path.chmod(_READ | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    sync_folder(target.parent)
    return target


def read_manifest(folder: Path) -> dict[str, Any]:
    """What an issued folder says of itself.

    Raises
    ------
    RecordsError
        If it is none, or its manifest is damaged.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["version"] != VERSION or not isinstance(found["files"], dict):
            raise ValueError
        return dict(found)
    except FileNotFoundError:
        raise RecordsError(
            f"no {MANIFEST}",
            expected="a folder below outputs/issued/, as `reportkit issue` makes it",
            next_step="correct the path",
            where=str(folder),
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise RecordsError(
            f"{MANIFEST} is damaged",
            expected="JSON as reportkit wrote it",
            next_step="take the folder from the archive or a copy",
            where=str(folder),
        ) from None


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
    replace_file(path, text.encode("utf-8"))


def corrections_of(folder: Path) -> list[dict[str, str]]:
    """What corrects it: id, number and day of each."""
    try:
        return list(json.loads((folder / CORRECTIONS).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise RecordsError(
            f"{CORRECTIONS} is damaged",
            expected="JSON as reportkit wrote it",
            next_step="take it from a copy; the corrections themselves name what they correct",
            where=str(folder),
        ) from None


def _remove(folder: Path) -> None:
    """Also where what is in it is read-only."""
    if not folder.exists():
        return
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(stat.S_IRWXU if path.is_dir() else stat.S_IREAD | stat.S_IWRITE)
    shutil.rmtree(folder)
