"""An archive of what was issued: one zip file with all that belongs to it, and its hashes."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.batch.manifest import Manifest, stale_files
from reportkit.errors import RecordsError
from reportkit.files import TEMPORARY, sync_file, sync_folder
from reportkit.issuing.folder import corrections_of, folder_of
from reportkit.params import GROUP_DOCUMENT

ARCHIVE = "archive"
LIST = "目录.csv"
SUMS = "SHA256SUMS"
FINAL, BASIS, DRAFTS, WORKING, CONFIRMED, CHECKED, CORRECTED = (
    "定稿", "依据", "历次稿", "底稿", "数据确认", "核稿", "更正"
)  # fmt: skip


@dataclass(frozen=True)
class Packed:
    """A file of the archive: its name there, and where it comes from."""

    name: str
    source: Path


def collect(home: Path, issue_id: str, manifest: Mapping[str, Any]) -> list[Packed]:
    """All files that belong to an issue, by kind; what there is none of is left out."""
    outputs, year = home / "outputs", str(manifest["year"])
    units = sorted({each["unit"] for each in manifest["documents"].values()})
    folder = folder_of(outputs, issue_id)
    found = list(_issued(folder, ""))
    for name in all_corrections(outputs, issue_id):
        found += _issued(folder_of(outputs, name), f"{CORRECTED}/{name}/")
    for unit in units:
        found += _below(outputs / "drafts" / year / unit, f"{DRAFTS}/{unit}")
        found += _below(outputs / "sheets" / year / unit, f"{CHECKED}/{unit}")
        found += _below(home / "params" / "text" / year / "edits" / unit, f"{DRAFTS}/{unit}/修改")
    if GROUP_DOCUMENT in units and not manifest["period"]:
        stale = stale_papers(outputs, int(year))
        papers = _below(outputs / year / "working_paper", WORKING)
        found += [each for each in papers if each.source not in stale]
    if not manifest["period"]:
        found += _below(home / "data" / "confirmations" / year, CONFIRMED)
        record = home / "params" / "confirmations" / f"{year}.yml"
        found += [Packed(f"{CONFIRMED}/{record.name}", record)] if record.is_file() else []
    stages = home / "params" / "stages" / f"{year}.yml"
    return found + ([Packed(f"{FINAL}/阶段记录.yml", stages)] if stages.is_file() else [])


def stale_papers(outputs: Path, year: int) -> list[Path]:
    """The files of the 底稿 that were not made anew with the others: they are left out."""
    place = f"{year}/working_paper"
    entries = [e for e in Manifest(outputs, year).entries.values() if e["folder"] == place]
    return [outputs / place / name for entry in entries for name in stale_files(entry)]


def all_corrections(outputs: Path, issue_id: str) -> list[str]:
    """The ids of what corrects an issue, of what corrects that, and so on."""
    found: dict[str, None] = {}
    waiting = [issue_id]
    while waiting:
        named = [each["id"] for each in corrections_of(folder_of(outputs, waiting.pop(0)))]
        waiting += [each for each in named if each not in found]
        found.update(dict.fromkeys(named))
    return list(found)


def _issued(folder: Path, before: str) -> Iterator[Packed]:
    """An issued folder: its inputs apart from the files that went out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            kind = BASIS if name.startswith("inputs/") else FINAL
            yield Packed(f"{before}{kind}/{name.removeprefix('inputs/')}", path)


def _below(folder: Path, into: str) -> Iterator[Packed]:
    """The files below a folder; none that is not whole yet, nor the lock (~$) of an open one."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        passing = any(part.startswith((TEMPORARY, "~$")) for part in name.parts)
        if path.is_file() and not path.is_symlink() and not passing:
            yield Packed(f"{into}/{name.as_posix()}", path)


def pack(files: Sequence[Packed], outputs: Path, issue_id: str, day: dt.date) -> tuple[Path, bool]:
    """Write the archive, read it back, and put it in place.

    The same files give the same bytes. An archive that differs from an earlier one (a correction
    has come since) is written beside it, as ``<id>.2.zip``.

    Returns
    -------
    tuple
        The archive, and whether it is new.

    Raises
    ------
    RecordsError
        If what was written does not read back as it was.
    """
    folder = outputs / ARCHIVE
    folder.mkdir(parents=True, exist_ok=True)
    making = folder / f"{TEMPORARY}{os.getpid()}-{issue_id}.zip"
    try:
        sums = _write(making, files, day)
        _check(making, sums)
        sync_file(making)
        digest = _digest(making)
        earlier = sorted(folder.glob(f"{issue_id}.zip")) + sorted(folder.glob(f"{issue_id}.*.zip"))
        for path in earlier:
            if _digest(path) == digest:
                return path, False
        names = (f"{issue_id}.zip", *(f"{issue_id}.{n}.zip" for n in range(2, len(earlier) + 3)))
        # The first that is free: one that somebody took away may leave a gap.
        target = next(folder / name for name in names if not (folder / name).exists())
        making.replace(target)
        sync_folder(folder)
        return target, True
    finally:
        making.unlink(missing_ok=True)


def _write(path: Path, files: Sequence[Packed], day: dt.date) -> dict[str, str]:
    """All files, then the list of them; name → SHA-256 of each."""
    moment = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    sums: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:

        def put(name: str, data: bytes) -> None:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, data)
            sums[name], sizes[name] = hashlib.sha256(data).hexdigest(), len(data)

        for each in files:
            put(each.name, each.source.read_bytes())
        listed, hashed = _list(sums, sizes), _sums(sums)
        put(LIST, listed)
        put(SUMS, hashed)
    return sums


def _list(sums: Mapping[str, str], sizes: Mapping[str, int]) -> bytes:
    """The list that a person opens in WPS."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["序号", "类别", "文件", "字节", "SHA-256"])
    for n, (name, digest) in enumerate(sums.items(), 1):
        writer.writerow([n, name.partition("/")[0], name, sizes[name], digest])
    return stream.getvalue().encode("utf-8-sig")


def _sums(sums: Mapping[str, str]) -> bytes:
    """The list that sha256sum checks."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()


def _check(path: Path, sums: Mapping[str, str]) -> None:
    with zipfile.ZipFile(path) as written:
        for name, digest in sums.items():
            if hashlib.sha256(written.read(name)).hexdigest() != digest:
                raise RecordsError(
                    f"{name} does not read back as it was written",
                    expected="a disk that keeps what it is given",
                    next_step="see to the disk, and archive again",
                    where=str(path.parent),
                )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
