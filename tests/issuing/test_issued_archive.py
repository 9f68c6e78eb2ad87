"""The archive of an issue: what belongs to it, the same bytes twice, and nothing written over."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from issuing_support import issue

from reportkit.errors import RecordsError
from reportkit.issuing import archiving
from reportkit.issuing.archiving import LIST, SUMS, Packed, all_corrections, collect, pack
from reportkit.issuing.folder import add_correction, read_manifest

DAY = dt.date(2024, 1, 12)


def put(home: Path, *names: str) -> None:
    for name in names:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """a1 issued for the group, with drafts, a working paper, confirmations and sheets beside it."""
    issue(tmp_path / "outputs", "a1")
    put(
        tmp_path, "outputs/drafts/2023/group/circular.1-征求意见稿/circular.docx",
        "outputs/drafts/2023/xiling/circular.1-征求意见稿/circular.docx",
        "outputs/drafts/2022/group/circular.1-征求意见稿/circular.docx",
        "outputs/drafts/2023/group/.new-circular.2-送审稿/circular.docx",
        "outputs/2023/working_paper/working_paper.pdf",
        "outputs/sheets/2023/group/circular.checklist.docx",
        "outputs/sheets/2023/group/~$rcular.checklist.docx",
        "data/confirmations/2023/dongling.xlsx", "params/confirmations/2023.yml",
        "params/text/2023/edits/group/circular.yml", "params/stages/2023.yml",
    )  # fmt: skip
    return tmp_path


def packed(home: Path, issue_id: str = "a1") -> tuple[Path, bool]:
    outputs = home / "outputs"
    files = collect(home, issue_id, read_manifest(outputs / "issued" / issue_id))
    return pack(files, outputs, issue_id, DAY)


def test_all_that_belongs_to_it_and_nothing_else(home: Path) -> None:
    """By kind; of other units and years nothing, nor what is half-written or a lock of Word."""
    with zipfile.ZipFile(packed(home)[0]) as archive:
        assert sorted(archive.namelist()) == sorted([
            "定稿/issue.json", "定稿/documents/group/circular.formal.pdf",
            "定稿/documents/group/circular.formal.docx",
            "定稿/documents/group/circular.formal.ipynb", "定稿/阶段记录.yml",
            "依据/params/2023.yml", "依据/notebooks/x.ipynb",
            "历次稿/group/circular.1-征求意见稿/circular.docx", "历次稿/group/修改/circular.yml",
            "底稿/working_paper.pdf", "核稿/group/circular.checklist.docx",
            "数据确认/dongling.xlsx", "数据确认/2023.yml", LIST, SUMS,
        ])  # fmt: skip


def test_its_lists_are_true(home: Path) -> None:
    """SHA256SUMS as sha256sum reads it; 目录.csv with size and hash of each file."""
    with zipfile.ZipFile(packed(home)[0]) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ", 1)) for line in content[SUMS].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(data).hexdigest() for name, data in content.items()
        if name not in (LIST, SUMS)
    }  # fmt: skip
    rows = list(csv.reader(io.StringIO(content[LIST].decode("utf-8-sig"))))
    assert rows[0] == ["序号", "类别", "文件", "字节", "SHA-256"]
    assert [(row[2], row[4]) for row in rows[1:]] == list(sums.items())
    assert all(int(row[3]) == len(content[row[2]]) for row in rows[1:])


def test_the_same_files_give_the_same_bytes(home: Path) -> None:
    """Whenever they are packed, whatever their times: nothing new is written."""
    path, new = packed(home)
    before = path.read_bytes()
    for file in home.rglob("*.docx"):
        if "issued" not in file.parts:
            file.touch()
    assert new and packed(home) == (path, False) and path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["a1.zip"]


def test_what_has_come_since_goes_into_a_further_archive(home: Path) -> None:
    """No archive is ever written over: also where one of them was taken away."""
    first = packed(home)[0].read_bytes()
    folder = home / "outputs" / "archive"
    for n in (2, 3):
        put(home, f"outputs/sheets/2023/group/{n}.docx")
        assert packed(home) == (folder / f"a1.{n}.zip", True)
    third = (folder / "a1.3.zip").read_bytes()
    (folder / "a1.2.zip").unlink()
    put(home, "outputs/sheets/2023/group/4.docx")
    assert packed(home) == (folder / "a1.2.zip", True)
    assert (folder / "a1.zip").read_bytes() == first
    assert (folder / "a1.3.zip").read_bytes() == third


def test_an_archive_with_another_id_that_begins_the_same_is_none_of_its_own(home: Path) -> None:
    """a1 and a1-b."""
    issue(home / "outputs", "a1-b", text="另一份")
    assert packed(home, "a1-b")[0].name == "a1-b.zip"
    assert packed(home)[0].name == "a1.zip"


def test_corrections_of_corrections_go_with_it(home: Path) -> None:
    """Two of the issue itself, one of the first of them; a circle has an end."""
    issued = home / "outputs" / "issued"
    for name, corrects in (("c1", "a1"), ("c2", "a1"), ("d1", "c1")):
        issue(home / "outputs", name, corrects=corrects)
        add_correction(issued / corrects, {"id": name, "number": "", "date": "2024-02-20"})
    assert all_corrections(home / "outputs", "a1") == ["c1", "c2", "d1"]
    with zipfile.ZipFile(packed(home)[0]) as archive:
        names = archive.namelist()
    for name in ("c1", "c2", "d1"):
        assert f"更正/{name}/定稿/documents/group/circular.formal.pdf" in names
    assert "定稿/corrections.json" in names and "更正/c1/定稿/corrections.json" in names
    add_correction(issued / "d1", {"id": "a1", "number": "", "date": "2024-02-20"})
    assert all_corrections(home / "outputs", "a1") == ["c1", "c2", "d1", "a1"]


def test_a_period_has_no_working_paper_and_no_confirmations(home: Path) -> None:
    """They belong to the year's circular."""
    issue(home / "outputs", "q3", period="2023Q3")
    with zipfile.ZipFile(packed(home, "q3")[0]) as archive:
        kinds = {name.partition("/")[0] for name in archive.namelist()}
    assert not kinds & {"底稿", "数据确认"}


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device", "x"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("step", ["_write", "_check", "sync_file"])
def test_packing_that_fails_leaves_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    """Neither half an archive nor a temporary file; an earlier one stays."""

    def fail(*_: Any) -> None:
        raise error

    packed(home)
    put(home, "outputs/sheets/2023/group/2.docx")
    monkeypatch.setattr(archiving, step, fail)
    with pytest.raises(type(error)):
        packed(home)
    assert [p.name for p in (home / "outputs" / "archive").iterdir()] == ["a1.zip"]


def test_a_disk_that_does_not_keep_what_it_is_given(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not read back as it was is told, and put in no place."""
    write = archiving._write

    def falsely(path: Path, files: list[Packed], day: dt.date) -> dict[str, str]:
        return {**write(path, files, day), "定稿/issue.json": "0" * 64}

    monkeypatch.setattr(archiving, "_write", falsely)
    with pytest.raises(RecordsError, match=r"issue\.json does not read back"):
        packed(home)
    assert not list((home / "outputs" / "archive").iterdir())


@pytest.mark.parametrize(("day", "year"), [(dt.date(1975, 5, 4), 1980), (DAY, 2024)])
def test_the_time_of_each_file_is_the_day_of_issue(home: Path, day: dt.date, year: int) -> None:
    """Never the clock's; a zip file knows none before 1980."""
    files = collect(home, "a1", read_manifest(home / "outputs" / "issued" / "a1"))
    with zipfile.ZipFile(pack(files, home / "outputs", "a1", day)[0]) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(year, day.month, day.day)}
