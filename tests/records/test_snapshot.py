"""A snapshot is replaced whole or not at all, whatever happens in between."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
from records_support import Home, right_book
from snapshot_support import frames

from reportkit.errors import RecordsError
from reportkit.files import read_json
from reportkit.records import snapshot
from reportkit.records.schemas import TABLES, empty
from reportkit.records.snapshot import read_pointer, read_table, write_snapshot

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and limits")


def test_tables_come_back_with_the_types_of_their_schemas(home: Home) -> None:
    home.put()
    home.run()
    for name, table in TABLES.items():
        frame = read_table(home.root, 2023, name)
        assert {c.name: c.dtype for c in table.columns} == frame.dtypes.astype(str).to_dict()


def test_the_pointer_names_tables_inputs_and_version(home: Home) -> None:
    home.put()
    home.put_bytes(b"x", "bad.pdf")
    report = home.run()
    pointer = read_pointer(home.root, 2023)
    assert pointer["digest"] == report.digest and len(report.digest) == 64
    assert pointer["tables"]["sessions"]["rows"] == 3 and pointer["reportkit"]
    assert [(i["unit_id"], i["state"]) for i in pointer["inputs"]] == [
        ("aa", "accepted"), (None, "evidence"),
    ]  # fmt: skip
    assert str(home.root) not in json.dumps(pointer)


def test_the_digest_is_of_the_content_and_not_of_the_bytes(home: Home) -> None:
    home.put()
    first = home.run()
    pointer = (snapshot.folder(home.root, 2023) / "snapshot.json").read_bytes()
    again = home.run()
    assert again.digest == first.digest
    assert (snapshot.folder(home.root, 2023) / "snapshot.json").read_bytes() == pointer
    # The file saved again: `files` gives account of its bytes, and nothing else changes.
    before = {name: home.table(name) for name in TABLES}
    home.put(spoil=lambda book: setattr(book.properties, "creator", "someone else"))
    home.run()
    changed = {name for name in TABLES if not before[name].equals(home.table(name))}
    assert changed == {"files"}
    book = right_book()
    book["学习情况"][1][3] = 2.5
    home.put(book)
    assert home.run().digest != first.digest


def test_a_blank_and_an_empty_text_differ_in_the_digest() -> None:
    one, other = frames(), frames()
    one["session_topics"].loc[0, "topic_code"] = ""
    other["session_topics"].loc[0, "topic_code"] = None
    assert snapshot.digest_of(one) != snapshot.digest_of(other)


def test_earlier_snapshots_stay_each_complete_in_itself(tmp_path: Path) -> None:
    """Four imports leave four folders, each with its tables and its own account of them."""
    pointers = [write_snapshot(tmp_path, 2023, frames(n), []) for n in (1, 2, 3, 4)]
    base = snapshot.folder(tmp_path, 2023)
    assert {p.name for p in base.iterdir() if p.is_dir()} == {p["folder"] for p in pointers}
    for n, pointer in enumerate(pointers, 1):
        assert read_json(base / pointer["folder"] / "snapshot.json") == pointer
        assert len(read_table(tmp_path, 2023, "session_topics", pointer=pointer)) == n


@pytest.mark.parametrize("damage", ["cut", "gone", "folder", "pointer", "json", "other year"])
def test_a_damaged_snapshot_is_an_error_that_says_what_to_run(tmp_path: Path, damage: str) -> None:
    pointer = write_snapshot(tmp_path, 2023, frames(), [])
    base = snapshot.folder(tmp_path, 2023)
    table = base / pointer["digest"][:12] / "session_topics.parquet"
    if damage == "cut":
        table.write_bytes(table.read_bytes()[:-20])
    elif damage == "gone":
        table.unlink()
    elif damage == "folder":
        shutil.rmtree(table.parent)
    elif damage == "pointer":
        (base / "snapshot.json").unlink()
    elif damage == "json":
        (base / "snapshot.json").write_text("{", encoding="utf-8")
    else:
        (base / "snapshot.json").write_text('{"year": 2022}', encoding="utf-8")
    with pytest.raises(RecordsError) as caught:
        read_table(tmp_path, 2023, "session_topics")
    assert caught.value.next_step == "reportkit import --year 2023"


def test_writing_the_same_content_again_mends_a_damaged_file(tmp_path: Path) -> None:
    pointer = write_snapshot(tmp_path, 2023, frames(), [])
    path = snapshot.folder(tmp_path, 2023) / pointer["digest"][:12] / "session_topics.parquet"
    path.write_bytes(b"damaged")
    write_snapshot(tmp_path, 2023, frames(), [])
    assert len(read_table(tmp_path, 2023, "session_topics")) == 3


def test_leftovers_of_killed_imports_go_after_an_hour(tmp_path: Path) -> None:
    write_snapshot(tmp_path, 2023, frames(1), [])
    base = snapshot.folder(tmp_path, 2023)
    old, fresh = base / ".new-old", base / ".new-fresh"
    old.mkdir()
    fresh.mkdir()
    os.utime(old, (0, 0))
    write_snapshot(tmp_path, 2023, frames(2), [])
    assert not old.exists() and fresh.exists()


def test_readers_never_see_half_a_snapshot(tmp_path: Path) -> None:
    """Each reading is of one snapshot, while another thread replaces it again and again."""
    write_snapshot(tmp_path, 2023, frames(1, "m1"), [])
    stop = threading.Event()
    wrong: list[str] = []

    def look() -> None:
        while not stop.is_set():
            frame = read_table(tmp_path, 2023, "session_topics")
            mark = f"m{len(frame)}"
            if set(frame.unit_id) != {mark} or set(frame.topic_code) != {mark}:
                wrong.append(str(frame))

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for n in range(2, 22):
        write_snapshot(tmp_path, 2023, frames(n, f"m{n}"), [])
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


_WRITE_FOREVER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from snapshot_support import frames
from reportkit.records.snapshot import write_snapshot
n = 1
while True:
    n += 1
    write_snapshot(Path({root!r}), 2023, frames(n, f"m{{n}}"), [])
    print(n, flush=True)
"""


@posix
def test_a_kill_at_any_moment_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    writers = []
    for delay in (0.011, 0.037, 0.083):
        root = tmp_path / str(delay)
        write_snapshot(root, 2023, frames(1, "m1"), [])
        code = _WRITE_FOREVER.format(tests=str(Path(__file__).parent), root=str(root))
        writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        writers.append((root, delay, writer))
    for root, delay, writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()  # it is writing by now
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        frame = read_table(root, 2023, "session_topics")
        assert set(frame.unit_id) == {f"m{len(frame)}"} and len(frame) > 1
        for name in TABLES:
            read_table(root, 2023, name)
        write_snapshot(root, 2023, frames(1, "m1"), [])  # and the lock is free


_LIMITED = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from snapshot_support import frames
from reportkit.errors import RecordsError
from reportkit.records.snapshot import write_snapshot
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
for limit in (100, 900, 20_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    try:
        write_snapshot(Path({root!r}), 2023, frames(50_000, "big"), [])
    except RecordsError as error:
        print(error)
"""


@posix
def test_a_full_disk_leaves_the_old_snapshot_and_nothing_behind(tmp_path: Path) -> None:
    write_snapshot(tmp_path, 2023, frames(2, "m2"), [])
    base = snapshot.folder(tmp_path, 2023)
    before = sorted(p.name for p in base.iterdir())
    code = _LIMITED.format(tests=str(Path(__file__).parent), root=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("reportkit import --year 2023") == 3
    assert sorted(p.name for p in base.iterdir()) == before
    assert len(read_table(tmp_path, 2023, "session_topics")) == 2


def test_a_table_that_breaks_its_contract_is_an_error_and_nothing_is_written(home: Home) -> None:
    from reportkit.records.schemas import validate

    tables = {name: empty(table) for name, table in TABLES.items()}
    row = {"session_id": "a/1", "unit_id": "a", "topic_code": "x"}
    tables["session_topics"] = pd.DataFrame([row, row], dtype="str")
    with pytest.raises(RecordsError, match="session_topics"):
        validate(tables, TABLES, 2023)


def test_words_that_repeat_are_stored_once_in_each_row_group(home: Home) -> None:
    """Dictionaries are Parquet's own: one for the whole column would stand in every row group."""
    import pyarrow.parquet as pq

    home.put()
    digest = home.run().digest
    path = snapshot.folder(home.root, 2023) / digest[:12] / "attendance.parquet"
    assert str(pq.read_schema(path).field("status").type) == "string"
    group = pq.ParquetFile(path).metadata.row_group(0)
    place = pq.read_schema(path).names.index("status")
    assert group.column(place).has_dictionary_page
