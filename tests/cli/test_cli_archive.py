"""``reportkit archive``: one file with all that belongs to an issue, of what nobody has changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from issued_support import call, correction, good, listing, opened_up, refused

from reportkit.issuing.folder import add_correction, read_manifest


def archive(home: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(home / "outputs" / "archive" / "a1.zip")


def test_all_of_a_real_issue(issued: Path) -> None:
    """定稿, 依据, 历次稿, 数据确认 with the issue's own bytes; what is missing is warned of."""
    (issued / "data" / "confirmations" / "2023").mkdir(parents=True)
    (issued / "data" / "confirmations" / "2023" / "dongling.pdf").write_bytes(b"%PDF")
    before = listing(issued / "outputs" / "issued")
    result = good("archive", "a1", "--home", issued)
    assert "outputs/archive/a1.zip written" in result.output.replace("\\", "/")
    assert "nothing of 底稿" in result.output and "nothing of 核稿" in result.output
    assert listing(issued / "outputs" / "issued") == before
    folder = issued / "outputs" / "issued" / "a1"
    with archive(issued) as packed:
        assert packed.testzip() is None
        for name, record in read_manifest(folder)["files"].items():
            inputs = name.startswith("inputs/")
            within = f"依据/{name.removeprefix('inputs/')}" if inputs else f"定稿/{name}"
            assert hashlib.sha256(packed.read(within)).hexdigest() == record["sha256"]
        names = packed.namelist()
    for name in (
        "定稿/issue.json", "定稿/阶段记录.yml", "数据确认/dongling.pdf",
        "历次稿/group/circular.1-送审稿/circular.docx",
        "历次稿/dongling/circular.2-签发稿/circular.docx", "目录.csv", "SHA256SUMS",
    ):  # fmt: skip
        assert name in names


def test_once_more(issued: Path) -> None:
    """The same bytes: nothing is written; JSON says so."""
    good("archive", "a1", "--home", issued)
    before = listing(issued / "outputs" / "archive")
    assert "is there already, and the same" in good("archive", "a1", "--home", issued).output
    told = json.loads(good("archive", "a1", "--home", issued, "--json").stdout)
    assert told["new"] is False and told["files"]["定稿"] == 10
    after = listing(issued / "outputs" / "archive")
    assert {n: v for n, v in after.items() if n != "."} == {
        n: v for n, v in before.items() if n != "."
    }


def test_what_was_changed_is_not_archived(issued: Path) -> None:
    """Named, with status 1; no archive is written. Also of a correction of it."""
    folder = issued / "outputs" / "issued" / "a1"
    other = shutil.copytree(folder, folder.with_name("c1"))
    add_correction(folder, {"id": "c1", "number": "", "date": "2024-02-20"})
    opened_up(other)
    (other / "documents" / "group" / "circular.formal.pdf").unlink()
    told = refused("archive", "a1", "--home", issued, status=1)
    assert "c1 is not as it was issued: documents/group/circular.formal.pdf is missing" in told
    opened_up(folder)
    (folder / "new").touch()
    assert "a1 is not as it was issued: new was put in" in refused(
        "archive", "a1", "--home", issued, status=1
    )
    shutil.rmtree(folder)
    assert "no issue.json" in refused("archive", "a1", "--home", issued, status=1)
    assert not (issued / "outputs" / "archive").exists()


@pytest.mark.parametrize("name", ["gone", "../a1", "A1"])
def test_ids_that_are_none(issued: Path, name: str) -> None:
    """Nothing is read or written elsewhere."""
    refused("archive", name, "--home", issued)
    assert not (issued / "outputs" / "archive").exists()


def test_what_is_not_issued_yet(issued: Path) -> None:
    """Parameters alone are nothing to archive."""
    correction(issued, "c1", "a1", "dongling")
    assert "no issue.json" in call("archive", "c1", "--home", issued).output
