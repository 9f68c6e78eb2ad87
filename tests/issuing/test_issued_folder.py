"""The issued folder: whole or not there, closed to writing, and every change of it named."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from issuing_support import fill, issue, manifest

from reportkit.errors import RecordsError
from reportkit.issuing import folder as folders
from reportkit.issuing.folder import (
    CORRECTIONS,
    MANIFEST,
    add_correction,
    building,
    changed_files,
    corrections_of,
    lies_in_issued,
    publish,
    read_manifest,
    wrong_links,
)

ENTRY = {"id": "c1", "number": "岱能党〔2024〕9号", "date": "2024-02-20"}


def names(outputs: Path) -> list[str]:
    return sorted(path.name for path in (outputs / "issued").iterdir())


def opened(folder: Path) -> None:
    """As whoever wants to change it would do first."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_what_was_issued_is_closed(tmp_path: Path) -> None:
    """No file and no folder of it bears a bit by which somebody may write."""
    target = issue(tmp_path, "a1")
    anyone = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    paths = [target, *target.rglob("*")]
    assert len(paths) > 10 and not [path for path in paths if path.stat().st_mode & anyone]
    assert all(os.access(path, os.R_OK) for path in paths)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the system lets root write")
def test_the_system_refuses_to_write_there(tmp_path: Path) -> None:
    """To change, to put in, to take out."""
    target = issue(tmp_path, "a1")
    for change in (
        lambda: (target / MANIFEST).write_text(""), lambda: (target / "new").touch(),
        lambda: (target / "documents" / "group" / "circular.formal.pdf").unlink(),
    ):  # fmt: skip
        with pytest.raises(PermissionError):
            change()


def test_the_manifest_lists_every_file_with_its_hash(tmp_path: Path) -> None:
    """Worked by hand: the SHA-256 of what was written."""
    target = issue(tmp_path, "a1")
    found = read_manifest(target)
    listed = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    assert set(found["files"]) == listed - {MANIFEST}
    # printf 'params/2023.yml' | sha256sum
    assert found["files"]["inputs/params/2023.yml"] == {
        "sha256": "b0245d440808cf0eafde587fd05aa5dbe3bbf742d9d451ca5b8ed97fb0068311", "bytes": 15,
    }  # fmt: skip
    assert found["id"] == "a1" and found["date"] == "2024-01-12"
    assert changed_files(target, found) == []


def test_an_id_is_used_once(tmp_path: Path) -> None:
    """What is there stays as it is, to the byte; nothing is left of the attempt."""
    target = issue(tmp_path, "a1")
    before = {p: p.read_bytes() for p in target.rglob("*") if p.is_file()}
    with pytest.raises(RecordsError, match="issued as a1 already"):
        issue(tmp_path, "a1", text="另一份")
    assert {p: p.read_bytes() for p in target.rglob("*") if p.is_file()} == before
    assert names(tmp_path) == ["a1"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(),
                                   ValueError("x")])  # fmt: skip
def test_building_that_fails_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    """Whatever stops it, also where files in it are read-only already."""
    with pytest.raises(type(error)), building(tmp_path, "a1") as making:
        fill(making)
        (making / "documents" / "group" / "circular.formal.pdf").chmod(0o400)
        (making / "inputs" / "params").chmod(0o555)
        raise error
    assert names(tmp_path) == []


STEPS = ["hashes_of", "replace_file", "shut"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device", "x"), KeyboardInterrupt()]
)
def test_publishing_that_fails_at_any_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    """Before the rename nothing is issued; behind it, all of it is."""

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(folders, step, fail)
        with pytest.raises(type(error)):
            issue(tmp_path, "a1")
    if step == "shut":
        target = tmp_path / "issued" / "a1"
        assert changed_files(target, read_manifest(target)) == []
    else:
        assert names(tmp_path) == []
        issue(tmp_path, "a1")
    assert names(tmp_path) == ["a1"]


def test_a_rename_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is issued, nothing is left, and the next attempt succeeds."""

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(target))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        with pytest.raises(OSError, match="No space"):
            issue(tmp_path, "a1")
    assert names(tmp_path) == []
    assert issue(tmp_path, "a1").is_dir()


def test_what_a_killed_attempt_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    """Read-only files in it are no hindrance; it never counts as issued."""
    left = tmp_path / "issued" / ".new-a1"
    fill(left)
    for path in left.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    target = issue(tmp_path, "a1")
    assert names(tmp_path) == ["a1"] and changed_files(target, read_manifest(target)) == []


def test_ids_are_built_apart(tmp_path: Path) -> None:
    """One that is being built is not cleared away by another."""
    with building(tmp_path, "a1") as one, building(tmp_path, "a2") as other:
        fill(one)
        fill(other, text="另一份")
        publish(other, tmp_path, "a2", manifest())
        publish(one, tmp_path, "a1", manifest())
    assert names(tmp_path) == ["a1", "a2"]


# --- what was changed ---


def test_every_change_of_every_file_is_named(tmp_path: Path) -> None:
    """Changed by one byte, taken out, put in; a folder or a link in its place."""
    target = issue(tmp_path, "a1")
    known = read_manifest(target)
    opened(target)
    assert len(known["files"]) == 5
    for name in known["files"]:
        path = target / name
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
        assert changed_files(target, known) == [f"{name} was changed"]
        path.unlink()
        assert changed_files(target, known) == [f"{name} is missing"]
        path.mkdir()
        assert changed_files(target, known) == [f"{name} is missing"]
        path.rmdir()
        (tmp_path / "same").write_bytes(content)
        path.symlink_to(tmp_path / "same")
        assert changed_files(target, known) == [f"{name} was changed"]
        path.unlink()
        path.write_bytes(content)
        assert changed_files(target, known) == []
    for name in ("x", "documents/group/x", "inputs/.hidden", "documents/group/issue.json"):
        (target / name).touch()
        assert changed_files(target, known) == [f"{name} was put in"]
        (target / name).unlink()
    (target / "link").symlink_to(tmp_path / "nowhere")
    assert changed_files(target, known) == ["link was put in"]


def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    """Hashes are what counts."""
    target = issue(tmp_path, "a1")
    opened(target)
    path = target / "inputs" / "params" / "2023.yml"
    before = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    told = changed_files(target, read_manifest(target))
    assert told == ["inputs/params/2023.yml was changed"]


GOOD = {"version": 1, "id": "a1", "files": {}, **manifest()}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"[" * 100_000,
        *(json.dumps(each).encode() for each in (
            {**GOOD, "version": 2}, {**GOOD, "version": "1"}, {**GOOD, "files": []},
            {**GOOD, "files": {"a": {}}}, {**GOOD, "files": {"a": {"sha256": 1}}},
            {**GOOD, "year": "2023"}, {**GOOD, "date": "gestern"}, {**GOOD, "date": None},
            {**GOOD, "recorded": "x"}, {**GOOD, "documents": []}, {**GOOD, "documents": {"a": 1}},
            {**GOOD, "documents": {"a": {"unit": "a"}}}, {**GOOD, "snapshots": {"last": "a"}},
            {**GOOD, "snapshots": []}, {**GOOD, "made_with": None}, {**GOOD, "stages": []},
            {**GOOD, "period": 3}, {**GOOD, "formats": "pdf"}, {**GOOD, "corrects": None},
            {**GOOD, "standard_fonts": "yes"},
        )),
        *(json.dumps({k: v for k, v in GOOD.items() if k != name}).encode()
          for name in ("version", "id", "files", "year", "documents", "snapshots", "recorded")),
    ],
)  # fmt: skip
def test_a_damaged_manifest_is_told_plainly(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in it: an error of ours, with the folder."""
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(RecordsError, match="damaged") as caught:
        read_manifest(tmp_path)
    assert caught.value.where == str(tmp_path)


def test_a_sound_manifest_is_read(tmp_path: Path) -> None:
    """The one from which the damaged ones above are made."""
    (tmp_path / MANIFEST).write_text(json.dumps(GOOD), encoding="utf-8")
    assert read_manifest(tmp_path)["id"] == "a1"


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """Without a manifest, or not even a folder."""
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(RecordsError, match=f"no {MANIFEST}"):
            read_manifest(path)


# --- corrections ---


def test_a_correction_is_noted_once_and_is_no_change(tmp_path: Path) -> None:
    """The folder is closed again behind it."""
    target = issue(tmp_path, "a1")
    assert corrections_of(target) == []
    add_correction(target, ENTRY)
    add_correction(target, ENTRY)
    add_correction(target, {**ENTRY, "id": "c2"})
    assert [each["id"] for each in corrections_of(target)] == ["c1", "c2"]
    assert changed_files(target, read_manifest(target)) == []
    assert not target.stat().st_mode & 0o222
    assert not (target / CORRECTIONS).stat().st_mode & 0o222
    assert names(tmp_path) == ["a1"]


def test_a_note_that_fails_midway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was issued is unchanged and closed; the note is written by the next call."""
    target = issue(tmp_path, "a1")
    add_correction(target, ENTRY)

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device", "x")

    with monkeypatch.context() as patched:
        patched.setattr(folders.os, "replace", fail)
        with pytest.raises(OSError, match="No space"):
            add_correction(target, {**ENTRY, "id": "c2"})
    assert [each["id"] for each in corrections_of(target)] == ["c1"]
    assert changed_files(target, read_manifest(target)) == []
    assert not target.stat().st_mode & 0o222
    add_correction(target, {**ENTRY, "id": "c2"})
    assert [each["id"] for each in corrections_of(target)] == ["c1", "c2"]


@pytest.mark.parametrize("text", ["", "{", "{}x", '["c1"]', "[{}]", '[{"id": "c1"}]', "7", "\xff"])
def test_damaged_corrections_are_told_plainly(tmp_path: Path, text: str) -> None:
    """Not taken for none: else the one in force would not be known."""
    (tmp_path / CORRECTIONS).write_bytes(text.encode("latin-1"))
    with pytest.raises(RecordsError, match=r"corrections\.json is damaged"):
        corrections_of(tmp_path)


def test_links_that_lead_nowhere_or_are_missing(tmp_path: Path) -> None:
    """Both ways: what is named has to correct it, what corrects it has to be named."""
    target = issue(tmp_path, "a1")
    assert wrong_links(target, corrections_of(target)) == []
    issue(tmp_path, "c1", corrects="a1")
    assert wrong_links(target, []) == ["corrections.json does not name c1"]
    add_correction(target, ENTRY)
    assert wrong_links(target, corrections_of(target)) == []
    issue(tmp_path, "b1")
    said = [{**ENTRY, "id": name} for name in ("c1", "b1", "gone")]
    assert wrong_links(target, said) == [
        f"corrections.json names {name}, which does not correct it" for name in ("b1", "gone")
    ]


# --- where it lies ---


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("outputs/issued", True), ("outputs/issued/a1/x", True), ("outputs/issued/a1/../b", True),
        ("outputs/2023/../issued/x", True), ("Outputs/ISSUED/x", True),
        ("outputs/issued/../2023", False), ("outputs/issued-copy/x", False),
        ("outputs/2023/issued", False), ("issued/outputs/x", False), ("outputs", False),
    ],
)  # fmt: skip
def test_what_lies_in_issued(tmp_path: Path, path: str, inside: bool) -> None:
    """However the way there is written."""
    assert lies_in_issued(tmp_path / path) is inside


def test_links_lead_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that stands for the folder, and a path relative to it."""
    target = issue(tmp_path / "outputs", "a1")
    (tmp_path / "link").symlink_to(target)
    assert lies_in_issued(tmp_path / "link" / "x")
    monkeypatch.chdir(target)
    assert lies_in_issued(Path("x")) and not lies_in_issued(Path("../../x"))


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store", "~$circular.docx"])
def test_litter_of_file_managers_is_no_change(tmp_path: Path, name: str) -> None:
    """Windows and open programs leave such files; any other one is told."""
    target = issue(tmp_path, "a1")
    opened(target)
    (target / "documents" / name).write_bytes(b"x")
    assert changed_files(target, read_manifest(target)) == []
    (target / "documents" / f"{name}.pdf").write_bytes(b"x")
    told = changed_files(target, read_manifest(target))
    assert len(told) == (0 if name.startswith("~$") else 1)
