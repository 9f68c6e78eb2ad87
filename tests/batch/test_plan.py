"""Why a document must be made: told by name, and only what is true."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from batch_support import GOOD, YEAR, TinyWorkbook, notebook, options

from reportkit.batch.contract import Options, Selection
from reportkit.batch.fingerprint import changes, fingerprint, own_code
from reportkit.batch.manifest import Manifest
from reportkit.batch.plan import plan
from reportkit.batch.run import preview, run

SELECTION = Selection((YEAR,))


def reasons(workbook: TinyWorkbook, how: Options | None = None) -> dict[str, tuple[str, ...]]:
    """What a plan says of each unit."""
    manifests = {YEAR: Manifest(workbook.outputs, YEAR)}
    found = plan(workbook.docs, workbook, manifests, how or options())
    return {planned.document.unit: planned.reasons for planned in found}


def test_every_reason_has_its_words(workbook: TinyWorkbook) -> None:
    """Never made, blocked, changed data, notebook, files, formats, a failure, and --force."""
    workbook.add("a")
    workbook.add("b", blocked="报送材料被拒收")
    assert reasons(workbook) == {"a": ("never made",), "b": ("blocked: 报送材料被拒收",)}
    workbook.docs.pop()
    run(workbook, SELECTION, options())
    assert reasons(workbook) == {"a": ()}
    assert reasons(workbook, options(force=True)) == {"a": ("forced",)}
    assert reasons(workbook, options(formats=("html", "docx", "pdf"))) == {"a": ()}
    assert reasons(workbook, options(formats=("typ",))) == {"a": ("no typ yet",)}

    workbook.data["a"] = "4:b"
    assert reasons(workbook) == {"a": ("data changed: rows +3 rows",)}
    workbook.data.clear()

    notebook(workbook.docs[0].notebook, GOOD, "extra = 1")
    assert reasons(workbook) == {"a": ("notebook changed",)}
    notebook(workbook.docs[0].notebook, "1/0")
    run(workbook, SELECTION, options())
    told = reasons(workbook)["a"]
    assert told == ("last attempt failed (ZeroDivisionError)", "notebook changed")
    notebook(workbook.docs[0].notebook, GOOD)
    run(workbook, SELECTION, options())

    folder = workbook.outputs / str(YEAR) / "a"
    (folder / "circular.pdf").write_bytes(b"%PDF-")
    (folder / "circular.html").unlink()
    assert set(reasons(workbook)["a"]) == {
        "circular.pdf was changed since it was made", "circular.html is missing",
    }  # fmt: skip
    shutil.rmtree(folder)
    assert len(reasons(workbook)["a"]) == 4, "html, pdf, docx and the notebook"


def test_a_plan_knows_what_a_killed_run_had_begun(workbook: TinyWorkbook) -> None:
    """As the next run will see it; and nothing is written."""
    workbook.add("a")
    run(workbook, SELECTION, options())
    manifest = Manifest(workbook.outputs, YEAR)
    manifest.start("a/circular", manifest.entries["a/circular"])
    journal = manifest.journal.read_bytes()
    (planned,) = preview(workbook, SELECTION, options())
    assert planned.reasons == ("last attempt cancelled (Interrupted)",)
    assert manifest.journal.read_bytes() == journal
    again = run(workbook, SELECTION, options())
    assert [e["this_run"] and e["this_run"]["outcome"] for _, e in again.entries] == ["ran"]


def test_a_publisher_and_what_a_notebook_imports_count(
    workbook: TinyWorkbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publisher by its name and its modules' content; of our own modules those imported."""
    office = tmp_path / "office"
    office.mkdir()
    (office / "our_pages.py").write_text("from our_words import WORD\n", encoding="utf-8")
    (office / "our_words.py").write_text("WORD = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(office)
    workbook.add("a")
    found = [own_code(workbook, "our_pages:publish"), own_code(workbook, "our_pages:other")]
    (office / "our_words.py").write_text("WORD = 2\n", encoding="utf-8")
    found += [own_code(workbook, "our_pages:publish"), own_code(workbook, "our_pages:publish")]
    assert len({parts["publisher"] for parts in found}) == 3 and found[2] == found[3]
    assert {parts["workbook's code"] for parts in found} == {found[0]["workbook's code"]}
    assert "notebook's modules" not in fingerprint(workbook.docs[0], workbook)
    terms = workbook.add("b", GOOD, "def later():\n    from reportkit.terms import matching")
    assert fingerprint(terms, workbook)["notebook's modules"]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({}, {}, []),
        ({"notebook": "1"}, {"notebook": "1"}, []),
        ({"notebook": "1"}, {"notebook": "2"}, ["notebook changed"]),
        ({"data/visits": "7:a"}, {"data/visits": "6:b"}, ["data changed: visits -1 row"]),
        ({"data/visits": "7:a"}, {"data/visits": "9:b"}, ["data changed: visits +2 rows"]),
        ({"data/visits": "7:a"}, {"data/visits": "7:b"}, ["data changed: visits"]),
        ({"data/visits": "a"}, {"data/visits": "b"}, ["data changed: visits"]),
        ({}, {"params/x.md": "b"}, ["params changed: x.md added"]),
        ({"params/x.md": "b"}, {}, ["params changed: x.md removed"]),
        (
            {"data/a": "1:x", "fonts": "f", "data/b": "2:x"},
            {"data/a": "2:y", "fonts": "g", "data/b": "2:y"},
            ["data changed: a +1 row, b", "fonts changed"],
        ),
        ({}, {"fonts": "f"}, ["fonts changed"]),
    ],
)
def test_changes_are_told_by_family(
    before: dict[str, str], now: dict[str, str], told: list[str]
) -> None:
    """Rows are counted where both sides count them; one family, one sentence."""
    assert changes(before, now) == told
