"""The index and the units' pages: what they hold, and that data stays data."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from site_support import NASTY, PDF, entry, failed, large, outputs_with, told

from reportkit.site import write_site
from reportkit.site.gathering import pages_in


def data_of(page: Path) -> Any:
    """What the page's script is given."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>',
                      page.read_text(encoding="utf-8"), re.S)  # fmt: skip
    assert found
    return json.loads(found[1])


def test_each_document_is_a_row_in_official_order(tmp_path: Path) -> None:
    """The latest year first; in it units as the workbook has them, then what is no unit's."""
    outputs = outputs_with(tmp_path, entry("bb", 2023), entry("group", 2023, label="岱川集团"),
                           entry("aa", 2023), entry("aa", 2022))  # fmt: skip
    data = data_of(write_site(outputs, told("bb", "aa")))
    listed = [(row["y"], data["units"][row["u"]][0]) for row in data["rows"]]
    assert listed == [(2023, "bb公司"), (2023, "aa公司"), (2023, "岱川集团"), (2022, "aa公司")]
    assert data["rows"][0]["b"] == "2023/bb/circular"
    endings = [data["files"][n][0] for n in data["rows"][0]["f"]]
    assert endings == ["pdf", "html", "docx", "ipynb"]
    assert data["rows"][0]["o"] and "o" not in data["rows"][2]
    assert {p.name for p in (outputs / "index").iterdir()} == {"aa.html", "bb.html"}


def test_what_failed_says_why_and_where(tmp_path: Path) -> None:
    """Cell, error, message, and the notebook; in the summary, too."""
    outputs = outputs_with(tmp_path, entry("aa", 2023), failed("bb", 2023, "数据不足"))
    page = write_site(outputs, told("aa", "bb"))
    row = data_of(page)["rows"][1]
    assert row["s"] == "failed" and row["w"] == "第5个单元格，ValueError：数据不足"
    assert row["l"] == "2023/bb/circular.failed.ipynb"
    assert "共2份文档，其中1份未完成。" in page.read_text(encoding="utf-8")
    own = (outputs / "index" / "bb.html").read_text(encoding="utf-8")
    assert "第5个单元格" in own and 'href="../2023/bb/circular.failed.ipynb"' in own


def test_figures_and_feedback_stand_beside_the_documents(tmp_path: Path) -> None:
    """On the index and on the unit's page."""
    outputs = outputs_with(tmp_path, entry("aa", 2023))
    page = write_site(outputs, told(
        "aa", figures={2023: {"aa": ["集体学习26次（+4）"]}},
        feedback={2023: {"aa": "records/2023/feedback/aa.xlsx"}},
    ))  # fmt: skip
    (row,) = data_of(page)["rows"]
    assert row["c"] == ["集体学习26次（+4）"]
    assert row["g"] == "records/2023/feedback/aa.xlsx"
    own = (outputs / "index" / "aa.html").read_text(encoding="utf-8")
    assert "集体学习26次（+4）" in own and "../records/2023/feedback/aa.xlsx" in own


def test_names_and_messages_are_data(tmp_path: Path) -> None:
    """Neither markup nor script comes of them, and they arrive whole."""
    outputs = outputs_with(tmp_path, failed("aa", 2023, NASTY))
    names = {"aa": (NASTY, "又称" + NASTY)}
    page = write_site(outputs, told(names=names))
    text = page.read_text(encoding="utf-8")
    assert text.count("</script>") == 2 and "<!--" not in text
    assert not set("<&\u2028\u2029") & set(text.split('id="data">')[1].split("</script>")[0])
    assert data_of(page)["units"][0] == [NASTY, "又称" + NASTY, "aa"]
    assert data_of(page)["rows"][0]["w"].endswith(NASTY)
    own = (outputs / "index" / "aa.html").read_text(encoding="utf-8")
    assert "<script" not in own and "<b>" not in own
    assert html.escape(NASTY) in own


def test_pages_are_counted_once(tmp_path: Path) -> None:
    """By the root of the page tree; remembered by hash, so that no PDF is read again."""
    path = tmp_path / "2023" / "aa" / "circular.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(PDF)
    outputs = outputs_with(tmp_path, entry("aa", 2023))
    assert data_of(write_site(outputs, told("aa")))["rows"][0]["n"] == 12
    path.write_bytes(b"%PDF-1.7 another")
    outputs_with(tmp_path, entry("aa", 2023))
    assert data_of(write_site(outputs, told("aa")))["rows"][0]["n"] == 12
    outputs_with(tmp_path, entry("aa", 2023, period=""))
    (tmp_path / ".reportkit" / "pages.json").write_text("no JSON", encoding="utf-8")
    assert data_of(write_site(outputs, told("aa")))["rows"][0]["n"] == 0


@pytest.mark.parametrize(
    ("content", "pages"),
    [(PDF, 12), (b"<< /Count 3 /Kids [] /Type /Pages >>", 3), (b"", 0), (b"/Type/Pages", 0),
     (b"/Type /Page /Count 9", 0)],
)  # fmt: skip
def test_the_number_of_pages(tmp_path: Path, content: bytes, pages: int) -> None:
    """As the page tree says it, written in either order; 0 where it does not."""
    (tmp_path / "x.pdf").write_bytes(content)
    assert pages_in(tmp_path / "x.pdf") == pages


def test_the_number_of_pages_of_a_real_pdf(tmp_path: Path) -> None:
    """Typst writes it so: held against pypdf."""
    import typst
    from pypdf import PdfReader

    source = "#pagebreak()\n".join(["一"] * 23)
    path = tmp_path / "x.pdf"
    typst.compile(source.encode(), output=str(path))
    assert pages_in(path) == len(PdfReader(path).pages) == 23


def test_an_unchanged_page_is_not_written_again(tmp_path: Path) -> None:
    """And one of a unit that is no more is removed."""
    outputs = outputs_with(tmp_path, entry("aa", 2023), entry("bb", 2023))
    page = write_site(outputs, told("aa", "bb"))
    before = page.stat().st_mtime_ns
    write_site(outputs, told("aa", "bb"))
    assert page.stat().st_mtime_ns == before
    page.unlink()
    write_site(outputs, told("aa", "bb"))
    assert page.is_file()
    outputs_with(tmp_path, entry("aa", 2023))
    write_site(outputs, told("aa"))
    assert [p.name for p in (outputs / "index").iterdir()] == ["aa.html"]


def test_a_damaged_manifest_keeps_no_other_from_the_index(tmp_path: Path) -> None:
    """`reportkit status` says what is wrong with it."""
    outputs = outputs_with(tmp_path, entry("aa", 2023), entry("aa", 2022))
    (outputs / "2022" / "manifest.json").write_text("{", encoding="utf-8")
    assert [row["y"] for row in data_of(write_site(outputs, told("aa")))["rows"]] == [2023]


def test_a_thousand_units_over_five_years_stay_under_two_megabytes(tmp_path: Path) -> None:
    """With their names, figures and links."""
    outputs, workbook = large(tmp_path, 1000, 5)
    page = write_site(outputs, workbook)
    assert len(data_of(page)["rows"]) == 5000
    assert page.stat().st_size < 2_000_000
