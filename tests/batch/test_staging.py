"""All files of one document are published together, whenever the run is cut off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from batch_support import TinyWorkbook

from reportkit.batch import staging
from reportkit.batch.manifest import Entry, File, Manifest, Result, files_are_whole, new_entry
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
    staging.write_commit(old, "a/circular", first, [])
    staging.carry_out(old, tmp_path, Manifest(tmp_path, 2023))
    folder, new = prepare(tmp_path, entry, "new")
    staging.write_commit(folder, "a/circular", new, ["circular.failed.ipynb"])
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
    staging.write_commit(folder, "a/circular", new, [])
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
    staging.write_commit(folder, "a/circular", new, [])

    def replace(source: Path, target: Path) -> None:
        raise PermissionError(13, "in use", str(source), None, str(target))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        assert staging.recover(tmp_path, {}) == {(2023, "a/circular"): folder}
    assert staging.recover(tmp_path, {}) == {}
    assert published(tmp_path) == [f"{name} new" for name in NAMES]
