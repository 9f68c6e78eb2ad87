"""The manifest and its journal tell the truth, also when the last line is torn."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from batch_support import TinyWorkbook, comparable
from hypothesis import given
from hypothesis import strategies as st

from reportkit.batch.contract import Document
from reportkit.batch.manifest import (
    Entry,
    File,
    Manifest,
    Result,
    after_good_attempt,
    new_entry,
    stale_files,
    years_with_manifest,
)
from reportkit.errors import RecordsError

EMPTY = new_entry(Document("a", 2023, Path("a.ipynb"), "2023/a", {}), Path())


@pytest.fixture
def entry(workbook: TinyWorkbook) -> Entry:
    entry = new_entry(workbook.add("a"), workbook.home)
    entry["last_result"] = Result(state="done", attempts=1, error=None)
    return entry


def test_a_result_is_known_before_the_manifest_is_exported(tmp_path: Path, entry: Entry) -> None:
    """Whoever opens manifest and journal next knows it."""
    Manifest(tmp_path, 2023).record("a/circular", entry)
    assert Manifest(tmp_path, 2023).entries == {"a/circular": entry}
    assert years_with_manifest(tmp_path) == [2023]


def test_export_moves_everything_into_the_manifest(tmp_path: Path, entry: Entry) -> None:
    """Afterwards the journal is gone."""
    manifest = Manifest(tmp_path, 2023)
    manifest.record("a/circular", entry)
    manifest.export()
    assert not manifest.journal.exists()
    assert Manifest(tmp_path, 2023).entries == {"a/circular": entry}


def test_a_torn_last_line_is_passed_over_and_swallows_nothing(tmp_path: Path, entry: Entry) -> None:
    """A crash in the middle of a write loses that line only, neither earlier nor later ones."""
    manifest = Manifest(tmp_path, 2023)
    manifest.record("a/circular", entry)
    with manifest.journal.open("ab") as file:
        file.write('{"key":"b/circular","entry":{"unit":"东'.encode()[:-1])
    again = Manifest(tmp_path, 2023)
    assert list(again.entries) == ["a/circular"]
    again.record("c/circular", entry)
    assert list(Manifest(tmp_path, 2023).entries) == ["a/circular", "c/circular"]


def test_what_was_begun_and_never_ended_is_cancelled(tmp_path: Path, entry: Entry) -> None:
    """A run that was killed leaves no result; the next one says so."""
    Manifest(tmp_path, 2023).start("a/circular", entry)
    manifest = Manifest(tmp_path, 2023)
    assert manifest.unfinished == {"a/circular"}
    reader = Manifest(manifest.path.parents[1], 2023)
    before = reader.journal.read_bytes()
    reader.see_unfinished()
    assert reader.journal.read_bytes() == before, "a reader writes nothing"
    manifest.settle_unfinished()
    assert reader.entries == manifest.entries
    result = Manifest(tmp_path, 2023).entries["a/circular"]["last_result"]
    assert result is not None and result["state"] == "cancelled"


def test_a_damaged_manifest_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """It is never taken for an empty one."""
    path = tmp_path / "2023" / "manifest.json"
    path.parent.mkdir()
    path.write_text('{"documents": ', encoding="utf-8")
    with pytest.raises(RecordsError, match="delete it"):
        Manifest(tmp_path, 2023)


def test_manifests_compare_without_their_timings(tmp_path: Path, entry: Entry) -> None:
    """Two runs with the same results have equal manifests."""
    one, two = Manifest(tmp_path / "one", 2023), Manifest(tmp_path / "two", 2023)
    one.entries["a/circular"] = {**entry, "this_run": {"outcome": "ran", "seconds": 1.0}}
    two.entries["a/circular"] = {**entry, "this_run": {"outcome": "up-to-date", "seconds": 0.0}}
    one.run = {"started": "2024-01-08"}
    written = []
    for manifest in (one, two):
        manifest.export()
        written.append(json.loads(manifest.path.read_text(encoding="utf-8")))
    assert written[0] != written[1]
    assert comparable(written[0]) == comparable(written[1])


FORMATS = ("html", "pdf", "docx")
ATTEMPTS = st.lists(
    st.tuples(
        st.sampled_from("abc"),  # what it is made from
        st.sets(st.sampled_from(FORMATS), min_size=1),
        st.sets(st.sampled_from(FORMATS)),  # what somebody deletes afterwards
    ),
    min_size=1,
    max_size=6,
)


@given(ATTEMPTS, st.booleans())
def test_a_file_is_stale_when_the_last_attempt_was_made_from_something_else(
    attempts: list[tuple[str, set[str], set[str]]], old_manifest: bool
) -> None:
    """Whatever is made in which order; what is gone is forgotten when others are made anew.

    A manifest of a former version says of no file what it was made from: all of its entry's.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entry = Entry({**EMPTY})
        held: dict[str, list[str]] = {}
        for number, (state, formats, deleted) in enumerate(attempts):
            files = {"circular.ipynb": File(sha256=f"notebook {state}", bytes=1)}
            for fmt in formats:
                (folder / f"circular.{fmt}").touch()
                files[f"circular.{fmt}"] = File(sha256=f"{fmt} {state}", bytes=1)
            made_from = {"data": state, **{f"files/for {fmt}": "x" for fmt in formats}}
            entry = after_good_attempt(entry, made_from, files, folder)
            if old_manifest and number == 0:
                for record in entry["files"].values():
                    del record["made_from"]
            held = {f: [*s, state] for f, s in held.items() if (folder / f"circular.{f}").exists()}
            held.update({fmt: [state] for fmt in formats})
            assert set(entry["files"]) == {"circular.ipynb", *(f"circular.{f}" for f in held)}
            stale = {name.partition(".")[2] for name in stale_files(entry)}
            assert {f for f, states in held.items() if states[0] != state} <= stale
            assert stale <= {f for f, states in held.items() if set(states) != {state}}
            for fmt in deleted:
                (folder / f"circular.{fmt}").unlink(missing_ok=True)
