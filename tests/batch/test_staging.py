"""All files of one document are published together, whenever the run is cut off."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from batch_support import TinyWorkbook, files_are_whole

from reportkit.batch import kept, staging
from reportkit.batch.manifest import Entry, File, Manifest, Result, new_entry
from reportkit.files import sha256

NAMES = ("circular.html", "circular.ipynb", "circular.pdf")


class Cut(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def entry(workbook: TinyWorkbook) -> Entry:
    return new_entry(workbook.add("a"), workbook.home)


def prepare(outputs: Path, entry: Entry, text: str, run: str = "1-r") -> tuple[Path, Entry]:
    """A staging folder with all files, and the entry for them."""
    folder = staging.staging_root(outputs) / run / "a.circular.1"
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_text(f"{name} {text}", encoding="utf-8")
    files = {
        name: File(sha256=sha256(folder / name), bytes=(folder / name).stat().st_size)
        for name in NAMES
    }
    result = Result(state="done", attempts=1, error=None)
    return folder, {**entry, "last_result": result, "files": files}


def published(outputs: Path) -> list[str]:
    """What stands where readers look."""
    folder = outputs / "2023" / "a"
    return [p.read_text(encoding="utf-8") for p in sorted(folder.glob("circular*"))]


@pytest.mark.parametrize("cut", range(5))
def test_a_publication_cut_off_is_carried_out_by_the_next_run(
    tmp_path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    """Between the commit record and the manifest the process may end anywhere.

    Half a set may stand on the disk for that while; the manifest never takes it for good.
    """
    old, first = prepare(tmp_path, entry, "old")
    staging.write_commit(old, "a/circular", first, NAMES, [])
    staging.carry_out(old, tmp_path, Manifest(tmp_path, 2023))
    folder, new = prepare(tmp_path, entry, "new")
    staging.write_commit(folder, "a/circular", new, NAMES, ["circular.failed.ipynb"])
    (tmp_path / "2023" / "a" / "circular.failed.ipynb").write_text("old", encoding="utf-8")

    steps = 0
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        nonlocal steps
        if steps == cut:
            raise Cut
        steps += 1
        real(source, target)

    def record(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(os, "replace", replace)
        patch.setattr(Manifest, "record", record)
        staging.carry_out(folder, tmp_path, Manifest(tmp_path, 2023))

    before = Manifest(tmp_path, 2023).entries["a/circular"]
    assert before["files"] == first["files"]
    assert files_are_whole(tmp_path, before) is (cut == 0)

    manifests = {2023: Manifest(tmp_path, 2023)}
    assert staging.recover(tmp_path, manifests) == {}
    assert published(tmp_path) == [f"{name} new" for name in NAMES]
    assert files_are_whole(tmp_path, Manifest(tmp_path, 2023).entries["a/circular"])
    assert list(staging.staging_root(tmp_path).iterdir()) == []


def test_staging_without_a_commit_record_is_thrown_away(tmp_path: Path, entry: Entry) -> None:
    """Files that were still being made are nobody's."""
    prepare(tmp_path, entry, "new")
    staging.recover(tmp_path, {})
    assert published(tmp_path) == []
    assert list(staging.staging_root(tmp_path).iterdir()) == []


@pytest.mark.parametrize("damage", ["torn record", "damaged file", "lost file"])
def test_a_commit_record_that_cannot_be_kept_is_thrown_away(
    tmp_path: Path, entry: Entry, damage: str
) -> None:
    """The set is published as it was made or not at all."""
    folder, new = prepare(tmp_path, entry, "new")
    staging.write_commit(folder, "a/circular", new, NAMES, [])
    if damage == "torn record":
        record = folder / staging.COMMIT
        record.write_bytes(record.read_bytes()[:-20])
    elif damage == "damaged file":
        (folder / "circular.pdf").write_text("half", encoding="utf-8")
    else:
        (folder / "circular.pdf").unlink()
    staging.recover(tmp_path, {})
    assert published(tmp_path) == []
    assert Manifest(tmp_path, 2023).entries == {}


def test_a_file_that_is_open_elsewhere_keeps_the_record_for_the_next_run(
    tmp_path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows does not replace a PDF that someone reads."""
    folder, new = prepare(tmp_path, entry, "new")
    staging.write_commit(folder, "a/circular", new, NAMES, [])

    def replace(source: Path, target: Path) -> None:
        raise PermissionError(13, "in use", str(source), None, str(target))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        assert staging.recover(tmp_path, {}) == {(2023, "a/circular"): folder}
    assert staging.recover(tmp_path, {}) == {}
    assert published(tmp_path) == [f"{name} new" for name in NAMES]


@pytest.mark.parametrize("cut", range(36))
def test_what_a_person_changed_is_kept_once_whenever_the_process_ends(
    tmp_path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    """An edited page, an annotated PDF, a notebook that an analyst ran: each has one copy.

    Cut off before any one of the steps by which files are moved, noted or recorded.
    """
    old, first = prepare(tmp_path, entry, "old")
    staging.write_commit(old, "a/circular", first, NAMES, [])
    staging.carry_out(old, tmp_path, Manifest(tmp_path, 2023))
    folder = tmp_path / "2023" / "a"
    edited = ("circular.failed.ipynb", "circular.html", "circular.pdf")
    for name in edited:
        (folder / name).write_text(f"{name} by a person", encoding="utf-8")
    (folder / "~$circular.html").write_text("open in WPS", encoding="utf-8")
    new, second = prepare(tmp_path, entry, "new")
    staging.write_commit(new, "a/circular", second, NAMES, edited[:1])

    left = cut

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            if left == 0:
                raise Cut
            left -= 1
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch, contextlib.suppress(Cut):
        for place, name in (
            (os, "replace"), (Path, "rename"), (Path, "unlink"), (Path, "touch"),
            (Manifest, "record"), (shutil, "rmtree"),
        ):  # fmt: skip
            patch.setattr(place, name, counted(getattr(place, name)))
        staging.carry_out(new, tmp_path, Manifest(tmp_path, 2023))
    if cut == 35:
        assert left > 0, "there are fewer steps than cuts"
    staging.recover(tmp_path, {2023: Manifest(tmp_path, 2023)})

    assert published(tmp_path) == [f"{name} new" for name in NAMES]
    assert (folder / "~$circular.html").is_file()
    copies = sorted(tmp_path.glob("drafts/2023/a/*.changed-*/circular*"))
    texts = [path.read_text(encoding="utf-8") for path in copies]
    own = [text for text in texts if text.endswith("by a person")]
    assert own == [f"{name} by a person" for name in edited]
    assert texts.count("circular.ipynb old") == 2, "beside the page and the PDF made from it"
    assert sorted(each.file for each in kept.take_notes(tmp_path)) == [
        f"2023/a/{name}" for name in edited
    ]
    assert kept.take_notes(tmp_path) == []


def test_a_set_that_was_put_in_place_by_half_is_no_persons(
    tmp_path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The PDF was open, its page was replaced already; a third set finds nothing to keep."""
    manifests = {2023: Manifest(tmp_path, 2023)}
    manifests[2023].start("a/circular", entry)
    manifests[2023].entries["a/circular"] = entry
    half, first = prepare(tmp_path, entry, "first")
    staging.write_commit(half, "a/circular", first, NAMES, [])
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if Path(target).name == "circular.pdf":
            raise PermissionError(13, "in use", str(source), None, str(target))
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        assert staging.recover(tmp_path, manifests) == {(2023, "a/circular"): half}
    shutil.rmtree(half)
    second, entry_of_second = prepare(tmp_path, entry, "second")
    staging.write_commit(second, "a/circular", entry_of_second, NAMES, [])
    assert staging.recover(tmp_path, manifests) == {}
    assert published(tmp_path) == [f"{name} second" for name in NAMES]
    assert kept.take_notes(tmp_path) == []


def test_a_file_that_cannot_be_kept_is_not_replaced(
    tmp_path: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk the edited file stays where it is, and nothing half is left of its copy."""
    page = tmp_path / "2023" / "a" / "circular.html"
    page.parent.mkdir(parents=True)
    page.write_text("by a person", encoding="utf-8")
    new, entry = prepare(tmp_path, entry, "new")
    staging.write_commit(new, "a/circular", entry, NAMES, [])

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(kept, "replace_file", full)
        staging.recover(tmp_path, {})
    assert page.read_text(encoding="utf-8") == "by a person"
    assert list(tmp_path.glob("drafts/2023/a/*")) == []
    staging.recover(tmp_path, {})
    assert published(tmp_path) == [f"{name} new" for name in NAMES]
    assert [each.file for each in kept.take_notes(tmp_path)] == ["2023/a/circular.html"]
