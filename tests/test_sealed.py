"""Of files that are read back no flipped bit gives another value: it is seen, and told."""

from __future__ import annotations

import datetime as dt
import logging
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "records"))

from snapshot_support import frames

from reportkit import loaders
from reportkit.annual.dependence import _read
from reportkit.batch.manifest import Manifest
from reportkit.delivery.record import Line, Record
from reportkit.errors import RecordsError
from reportkit.files import read_derived, read_json, write_json
from reportkit.records.snapshot import read_history, read_pointer, read_purge, write_snapshot

FLIPS = 40
YEAR = 2023
FRAME = pd.DataFrame({"unit_id": ["aa", "bb"], "value": [0.625, 1.0], "missing": [("甲",), ()]})


def remembered(home: Path) -> Any:
    """A frame beside the snapshot."""
    (home / "outputs/records/2023").mkdir(parents=True, exist_ok=True)
    return loaders.remembered(home, YEAR, "x", "k" * 16, FRAME.copy).to_dict()


def slices(home: Path) -> Any:
    """What documents depend on; None: to be worked out anew."""
    path = home / "slices.json"
    if not path.is_file():
        parts: dict[str, Any] = {"blocked": {"aa": "拒收"}, "parts": {"b": {"rows": "37:9"}}}
        write_json(path, {"key": "k", "read": {"M4": "5"}, **parts})
    return _read(path, "k")


def pointer(home: Path) -> Any:
    """The year's snapshot."""
    if not (home / "outputs").is_dir():
        inputs = [{"file": "aa.xlsx", "sha256": "0", "unit_id": "aa", "state": "accepted"}]
        write_snapshot(home, YEAR, frames(2), inputs)
    found = read_pointer(home, YEAR)
    return {key: found[key] for key in ("year", "digest", "folder", "tables", "inputs")}


def history(home: Path) -> Any:
    """What was the year's snapshot, since when; nothing where a problem is told."""
    pointer(home)
    found = read_history(home, YEAR)
    return None if found.problem else found


def manifest(home: Path) -> Any:
    """What is known of documents."""
    made = Manifest(home, YEAR)
    if not made.path.is_file():
        made.entries = {f"{unit}/circular": {"fingerprint": {"rows": "5/8"}} for unit in "ab"}  # type: ignore[typeddict-item]
        made.export()
    return made.entries


def delivery(home: Path) -> Any:
    """What was handed out."""
    record = Record(home, YEAR)
    if not record.path.is_file():
        at = dt.datetime(2024, 1, 8, tzinfo=dt.UTC).isoformat()
        record.units["aa"] = {"通报.pdf": Line("circular", "通报", "0" * 64, 812, 1, at)}
        record.keep()
    return record.units


def purge(home: Path) -> Any:
    """The record of a purge."""
    path = home / "outputs/kept/2023/purged.json"
    if not path.is_file():
        path.parent.mkdir(parents=True)
        record = {"year": YEAR, "state": "done", "day": "2034-01-08", "digest": "0" * 64}
        write_json(path, {**record, "figures": {"totals": "f" * 64}})
    found = read_purge(home, YEAR)
    return found and (found.day, found.state, found.digest, found.content["figures"])


READ: dict[str, tuple[Callable[[Path], Any], str]] = {
    "remembered": (remembered, "outputs/records/2023/x-*.parquet"),
    "slices": (slices, "slices.json"),
    "pointer": (pointer, "outputs/records/2023/snapshot.json"),
    "history": (history, "outputs/records/2023/history.json"),
    "manifest": (manifest, "2023/manifest.json"),
    "delivery": (delivery, "delivery/2023/manifest.json"),
    "purge": (purge, "outputs/kept/2023/purged.json"),
}


@pytest.mark.parametrize("kind", READ)
def test_no_flipped_bit_gives_another_value(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The same value, worked out anew and told; or a refusal that says what to do."""
    read, pattern = READ[kind]
    right = read(tmp_path)
    (path,) = tmp_path.glob(pattern)
    content = path.read_bytes()
    chance, seen = random.Random(kind), 0
    for _ in range(FLIPS):
        place = chance.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        path.unlink(missing_ok=True)  # the caches of this process go by inode and time
        path.write_bytes(flipped)
        caplog.clear()
        try:
            found = read(tmp_path)
        except RecordsError as error:
            assert error.next_step and "2023" in str(error)
            seen += 1
            continue
        assert found in (right, None), place
        told = any("worked out anew" in record.message for record in caplog.records)
        if found is None or kind == "remembered":
            assert told or kind == "history"
            seen += 1
    assert seen > FLIPS * 0.6  # the rest is in the name of the hash, or in no part that is read


def test_lines_of_the_journal_bear_their_hash(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A result that was changed there counts as none, and is told; one cut short by a kill too."""
    made = Manifest(tmp_path, YEAR)
    entry: Any = {"last_result": {"state": "failed"}}
    made.start("a/circular", entry)
    made.record("a/circular", {"last_result": {"state": "done"}})  # type: ignore[typeddict-item]
    assert Manifest(tmp_path, YEAR).entries and not Manifest(tmp_path, YEAR).unfinished
    content = made.journal.read_bytes()
    made.journal.write_bytes(content.replace(b"done", b"gone"))
    found = Manifest(tmp_path, YEAR)
    last = found.entries["a/circular"]["last_result"]
    assert last == entry["last_result"] and found.unfinished == {"a/circular"}
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    made.journal.write_bytes(content[:-9])
    assert Manifest(tmp_path, YEAR).unfinished == {"a/circular"} and len(caplog.records) == 1


@pytest.mark.parametrize("value", [{}, {"a": {"sha256": "x"}}, [1], "text", None, {"中": "文"}])
def test_what_is_written_is_what_is_read(tmp_path: Path, value: Any) -> None:
    """Whatever it is; only objects bear a hash, and no reader sees it."""
    path = tmp_path / "x.json"
    write_json(path, value)
    assert read_json(path) == value
    assert read_derived(path) == (value if isinstance(value, dict) else {})


def test_files_of_before_there_were_hashes_are_read(tmp_path: Path) -> None:
    """As they are: the next time they are written they have one."""
    path = tmp_path / "x.json"
    path.write_text('{"key": "k", "sha256": "of something else"}', encoding="utf-8")
    assert read_json(path) == {"key": "k", "sha256": "of something else"}
