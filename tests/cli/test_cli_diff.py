"""``reportkit diff``: 0 the same, 1 they differ, 2 trouble; by file or by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli_commands import call

from reportkit.fonts import FontSet
from reportkit.publish import model
from reportkit.publish.model import Document, Paragraph, Text
from reportkit.publish.word import docx_bytes

FONTS = FontSet.find(None)


def put(path: Path, text: str, year: int = 2023) -> Path:
    """A published Word copy that says this."""
    title = f"关于{year}年的通报"
    document = Document(title, (model.Title(title), Paragraph((Text(text),))))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(docx_bytes(document, FONTS))
    return path


@pytest.fixture
def published(home: Path) -> Path:
    """outputs/ with a few Word copies: of two years, a unit's, a formal one."""
    outputs = home / "outputs"
    put(outputs / "2022/group/circular.docx", "2022年学习20次。", 2022)
    put(outputs / "2023/group/circular.docx", "2023年学习21次。")
    put(outputs / "2023/dongling/circular.docx", "学习7次。")
    put(outputs / "2023/dongling/circular.formal.docx", "学习7次。")
    put(outputs / "2023/working_paper/working_paper.docx", "底稿。")
    return outputs


def test_two_years_by_name(published: Path) -> None:
    """The figure is told; the page is in outputs/diff/, named after both; status 1."""
    result = call("diff", "2022/group", "group")
    assert result.exit_code == 1, result.output
    assert "20次" in result.output and "21次" in result.output
    made = {path.name for path in (published / "diff").iterdir()}
    stem = "2022.group.circular--2023.group.circular"
    assert made == {f"{stem}.html", f"{stem}.docx"}


def test_json_tells_all_that_differs_and_nothing_else(published: Path) -> None:
    result = call("diff", "2022/group", "2023/group", "--json", "--out", "here/page")
    content = json.loads(result.stdout)
    assert content["differs"] is True
    assert [(f["a"], f["b"]) for f in content["figures"]] == [("20次", "21次")]
    assert [change["kind"] for change in content["changes"]] == ["changed"]
    assert content["files"] == ["here/page.html", "here/page.docx"]
    assert Path("here/page.html").is_file() and not (published / "diff").exists()


def test_editions_of_the_same_text_are_the_same(published: Path) -> None:
    """Status 0, and a page that says so."""
    result = call("diff", "dongling", "2023/dongling/circular.formal")
    assert result.exit_code == 0, result.output
    page = published / "diff" / "2023.dongling.circular--2023.dongling.circular.formal.html"
    assert "没有不同" in page.read_text(encoding="utf-8")


def test_files_need_no_workbook_if_the_page_is_told_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leader's copy against one's own, anywhere; names with blanks and Chinese."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPORTKIT_HOME", raising=False)
    a, b = put(tmp_path / "领导 改稿.docx", "甲。"), put(tmp_path / "原稿.docx", "乙。")
    assert call("diff", a, b, "--out", tmp_path / "对照").exit_code == 1
    assert (tmp_path / "对照.html").is_file() and (tmp_path / "对照.docx").is_file()
    # Without --out there is nowhere to put the page.
    assert call("diff", a, b).exit_code == 2


@pytest.mark.parametrize(
    "name",
    ["nowhere", "2021/group", "2023/group/circular.formal", "../group", "2023/../../x", "Group",
     "missing.docx", ""],
)  # fmt: skip
def test_what_is_not_there_is_trouble(published: Path, name: str) -> None:
    """Status 2, never a traceback, and no path leads out of outputs/."""
    result = call("diff", name, "group")
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert not (published / "diff").exists()


def test_a_damaged_file_is_trouble_and_leaves_no_page(published: Path) -> None:
    """1 says that two documents differ: a file that cannot be read is no such thing."""
    (published / "2023/group/circular.docx").write_bytes(b"PK not a zip")
    assert call("diff", "2022/group", "group").exit_code == 2
    assert not (published / "diff").exists()


def test_the_working_paper_is_found_by_its_own_name(published: Path) -> None:
    assert call("diff", "working_paper", "2023/working_paper/working_paper").exit_code == 0
