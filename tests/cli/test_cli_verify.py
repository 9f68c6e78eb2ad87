"""``reportkit verify``: every change of what was issued is named, and the bytes come out again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from issued_support import call, copied, good, listing, opened_up

from reportkit.batch import fingerprint
from reportkit.cli import verify
from reportkit.issuing.folder import (
    CORRECTIONS,
    MANIFEST,
    changed_files,
    hashes_of,
    read_manifest,
)


def place(home: Path) -> Path:
    return home / "outputs" / "issued" / "a1"


def found(folder: Path, *more: str) -> dict[str, Any]:
    """What is said of one folder, for programs; without making it again."""
    result = call("verify", folder, "--json", *(more or ("--no-remake",)))
    proof = json.loads(result.stdout)[0]
    assert result.exit_code == int(not proof["good"])
    return dict(proof)


def made_from_kept(issued_once: Path, otherwise: str = "") -> Any:
    """In place of a run: the files of a1; of one of them other bytes."""

    def run_from(inputs: Path, act: Any, options: Any, into: Path, *_: Any) -> dict[str, Any]:
        shutil.copytree(place(issued_once) / "documents", into, copy_function=shutil.copyfile)
        if otherwise:
            (into / otherwise).write_bytes(b"x")
        return {}

    return run_from


def test_nothing_was_changed_and_the_same_bytes_come_out(issued_once: Path) -> None:
    """Made again from the inputs that were kept; nothing there is touched by it."""
    before = listing(issued_once / "outputs"), listing(issued_once / "params")
    result = call("verify", place(issued_once), "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert "the same inputs give the same bytes" in result.output
    assert (listing(issued_once / "outputs"), listing(issued_once / "params")) == before


def test_every_single_file_that_is_changed_removed_or_put_in(
    issued_once: Path, tmp_path: Path
) -> None:
    """Each of those there are, by its name; size and time of change tell nothing."""
    home = copied(issued_once, tmp_path / "workbook")
    folder = place(home)
    opened_up(folder)
    known = read_manifest(folder)
    names = [n for n in listing(folder) if (folder / n).is_file() and n != MANIFEST]
    assert len(names) > 40
    for name in names:
        path = folder / name
        content, stat = path.read_bytes(), path.stat()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert changed_files(folder, known) == [f"{name} was changed"]
        path.unlink()
        assert changed_files(folder, known) == [f"{name} is missing"]
        path.write_bytes(content)
    assert found(folder)["good"]
    put_in = [Path(parent, "附加.txt").as_posix() for parent in {Path(n).parent for n in names}]
    for name in put_in:
        (folder / name).touch()
    for name in names[1::2]:
        (folder / name).unlink()
    for name in names[::2]:
        (folder / name).write_bytes(b"x")
    assert found(folder)["changed"] == sorted([
        *(f"{name} was put in" for name in put_in), *(f"{n} is missing" for n in names[1::2]),
        *(f"{name} was changed" for name in names[::2]),
    ])  # fmt: skip


def test_what_was_changed_is_not_made_again(issued: Path) -> None:
    """Said in words, in red, with status 1; a second folder is looked at all the same."""
    opened_up(place(issued))
    (place(issued) / "documents" / "group" / "circular.formal.pdf").write_bytes(b"%PDF")
    result = call("verify", place(issued), place(issued))
    assert result.exit_code == 1
    assert result.output.count("documents/group/circular.formal.pdf was changed") == 2
    assert result.output.count("changed since it was issued") == 2
    assert "comes out" not in result.output


# --- the manifest ---


def test_a_manifest_that_was_replaced(issued: Path) -> None:
    """With hashes that fit the files: params/stages knows the one that was written."""
    folder = place(issued)
    opened_up(folder)
    path = folder / "documents" / "group" / "circular.formal.html"
    path.write_text("另一份", encoding="utf-8")
    content = read_manifest(folder)
    content["files"] = hashes_of(folder)
    (folder / MANIFEST).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert found(folder)["changed"] == [
        "issue.json is not the one that params/stages/2023.yml knows"
    ]


def test_a_manifest_that_nobody_knows(issued: Path) -> None:
    """The record of stages is gone: nothing shows that it is the one that was written."""
    (issued / "params" / "stages" / "2023.yml").unlink()
    told = found(place(issued))["changed"]
    assert len(told) == 1 and "params/stages/2023.yml does not know it" in told[0]
    assert "reportkit issue a1" in told[0]


def test_a_record_of_stages_that_is_damaged(issued: Path) -> None:
    """It is named: not taken for one that knows nothing."""
    (issued / "params" / "stages" / "2023.yml").write_text("documents: [", encoding="utf-8")
    assert "params/stages/2023.yml" in found(place(issued))["changed"][0]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 1, "files": {}}'])
def test_a_damaged_manifest(issued: Path, text: str) -> None:
    """Told plainly."""
    opened_up(place(issued))
    (place(issued) / MANIFEST).write_text(text, encoding="utf-8")
    assert "issue.json is damaged" in found(place(issued))["changed"][0]


def test_a_folder_under_another_id(issued: Path) -> None:
    """A copy beside it does not pass for an issue of its own."""
    shutil.copytree(place(issued), place(issued).with_name("a2"))
    told = found(place(issued).with_name("a2"))["changed"]
    assert told[0] == "it says that it is a1" and "does not know it" in told[1]


@pytest.mark.parametrize("path", [".", "outputs/issued", "outputs/issued/gone", "params", "/"])
def test_what_is_no_issued_folder(issued: Path, path: str) -> None:
    """However deep or shallow it lies."""
    told = call("verify", issued / path)
    assert told.exit_code == 1 and "no issue.json" in told.output
    assert "Traceback" not in told.output and "unexpected" not in told.output


# --- corrections ---


def test_corrections_that_somebody_wrote_in(issued: Path) -> None:
    """A note of a correction that there is not; then one that is no note."""
    folder = place(issued)
    opened_up(folder)
    entry = {"id": "c1", "number": "", "date": "2024-02-20"}
    (folder / CORRECTIONS).write_text(json.dumps([entry]), encoding="utf-8")
    assert found(folder)["changed"] == ["corrections.json names c1, which does not correct it"]
    (folder / CORRECTIONS).write_text("x", encoding="utf-8")
    assert "corrections.json is damaged" in found(folder)["changed"][0]


# --- made again ---


def test_other_bytes_from_the_same_inputs(
    issued_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all as it was: something is wrong, and which file; status 1."""
    one = "group/circular.formal.pdf"
    monkeypatch.setattr(verify, "run_from", made_from_kept(issued_once, one))
    proof = found(place(issued_once), "--remake")
    assert (proof["remade"], proof["differing"]) == ("different", [f"documents/{one}"])
    assert "comes out otherwise" in call("verify", place(issued_once)).output


@pytest.mark.parametrize("part", ["package", "fonts", "environment", "template"])
def test_another_version_cannot_be_compared(
    issued_once: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Bytes may differ then: it is said which part is another, and that nothing was changed."""
    parts = fingerprint.shared_parts
    monkeypatch.setattr(verify, "shared_parts", lambda fonts: {**parts(fonts), part: "other"})
    one = "group/circular.formal.pdf"
    monkeypatch.setattr(verify, "run_from", made_from_kept(issued_once, one))
    proof = found(place(issued_once), "--remake")
    assert (proof["remade"], proof["since"], proof["good"]) == ("not comparable", [part], True)
    shown = call("verify", place(issued_once)).output
    assert "cannot be compared any more" in shown and part in shown
    # The same bytes from another version are the same bytes.
    monkeypatch.setattr(verify, "run_from", made_from_kept(issued_once))
    proof = found(place(issued_once), "--remake")
    assert (proof["remade"], proof["good"]) == ("same", True)


@pytest.mark.parametrize("another", [False, True])
def test_files_that_cannot_be_made_again(
    issued_once: Path, monkeypatch: pytest.MonkeyPatch, another: bool
) -> None:
    """Unchanged all the same; a fault only where everything is as it was then."""
    from reportkit.errors import ReportkitError

    def fail(*_: Any) -> None:
        raise ReportkitError("东岭矿业: KernelDied")

    monkeypatch.setattr(verify, "run_from", fail)
    if another:
        parts = fingerprint.shared_parts
        monkeypatch.setattr(verify, "shared_parts", lambda f: {**parts(f), "package": "x"})
    proof = found(place(issued_once), "--remake")
    assert proof["changed"] == [] and proof["not_made"] == "东岭矿业: KernelDied"
    assert proof["remade"] == ("not comparable" if another else "different")
    assert proof["good"] is another


def test_a_copy_elsewhere_is_proved_by_its_hashes(
    issued_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an archive, with no workbook around it: there is no record to hold it against."""
    copy = tmp_path / "a1"
    shutil.copytree(place(issued_once), copy)
    monkeypatch.setattr(verify, "run_from", made_from_kept(issued_once))
    assert found(copy, "--remake")["remade"] == "same"
    opened_up(copy)
    (copy / "inputs" / "params" / "units.yml").write_text("x", encoding="utf-8")
    assert found(copy)["changed"] == ["inputs/params/units.yml was changed"]


def test_inputs_are_what_files_are_made_from(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameters of the workbook that have changed since are of no account; its own are."""
    seen = {}

    def look(inputs: Path, act: Any, options: Any, into: Path, *_: Any) -> dict[str, Any]:
        seen["signatory"] = act.issue.signatory
        seen["fonts"] = options.standard_fonts
        seen["home"] = (inputs / "params" / "issue" / "a1.yml").is_file()
        return dict(made_from_kept(issued)(inputs, act, options, into))

    path = issued / "params" / "issue" / "a1.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**content, "signatory": "赵敏"}), encoding="utf-8")
    monkeypatch.setattr(verify, "run_from", look)
    good("verify", place(issued))
    assert seen == {"signatory": "王芳", "fonts": False, "home": True}
