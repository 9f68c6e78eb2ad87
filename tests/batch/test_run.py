"""Plan, skip, retry, fail fast: what a run does and what it leaves alone."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from batch_support import (
    GOOD,
    YEAR,
    TinyWorkbook,
    comparable,
    contents,
    notebook,
    options,
    read_manifest,
)  # fmt: skip

from reportkit.batch.contract import Options, Selection
from reportkit.batch.manifest import Manifest
from reportkit.batch.plan import Planned, plan
from reportkit.batch.run import RunResult, lock, run
from reportkit.errors import ParameterError, UsageError

SELECTION = Selection((2023,))


def outcomes(result: RunResult) -> dict[str, str]:
    """What this run did about each unit."""
    return {d.unit: e["this_run"]["outcome"] for d, e in result.entries if e["this_run"]}


def test_only_what_has_changed_runs_again(workbook: TinyWorkbook) -> None:
    """Data, notebook, a damaged or lost file, and --force each make a document run; else none.

    Two runs on the same data give the same bytes, and manifests that compare equal.
    """
    for unit in ("a", "b"):
        workbook.add(unit)
    first = run(workbook, SELECTION, options())
    assert outcomes(first) == {"a": "ran", "b": "ran"}
    assert workbook.prepared == [[(2023, None)]]
    before, manifest = contents(workbook.outputs), read_manifest(workbook.home)

    again = run(workbook, SELECTION, options())
    assert outcomes(again) == {"a": "up-to-date", "b": "up-to-date"}
    assert workbook.prepared == [[(2023, None)]]
    assert again.exit_status == 0

    (workbook.outputs / "2023/a/circular.pdf").write_bytes(b"%PDF-")
    (workbook.outputs / "2023/b/circular.html").unlink()
    changed = run(workbook, SELECTION, options())
    assert outcomes(changed) == {"a": "ran", "b": "ran"}
    copy = f"drafts/2023/a/circular.pdf.changed-{hashlib.sha256(b'%PDF-').hexdigest()[:12]}"
    assert changed.kept == (("2023/a/circular.pdf", f"{copy}/circular.pdf"),)
    assert changed.exit_status == 1, "something waits for a person"
    found = dict(contents(workbook.outputs))
    assert found.pop(f"{copy}/circular.pdf") == b"%PDF-"
    assert found.pop(f"{copy}/circular.ipynb") == before["2023/a/circular.ipynb"]
    origin = json.loads(found.pop(f"{copy}/made-from.json"))
    assert origin["fingerprint"] == manifest["documents"]["a/circular"]["fingerprint"]
    assert found == before
    os.utime(workbook.outputs / "2023/a/circular.pdf", (1, 1))
    quiet = run(workbook, SELECTION, options())
    assert (quiet.kept, quiet.exit_status) == ((), 0), "told once; a time stamp is no change"
    assert comparable(read_manifest(workbook.home)) == comparable(manifest)

    workbook.data["a"] = "2"
    assert outcomes(run(workbook, SELECTION, options())) == {"a": "ran", "b": "up-to-date"}
    assert stale(workbook, options()) == []

    notebook(workbook.docs[1].notebook, GOOD, "extra = 1")
    assert stale(workbook, options()) == ["b"]
    notebook(workbook.docs[1].notebook, GOOD)
    show_outputs(workbook.docs[1].notebook)
    assert stale(workbook, options()) == [], "what a notebook last showed is not what it does"
    assert stale(workbook, options(force=True)) == ["a", "b"]
    only_a = replace(SELECTION, units=("a",))
    assert outcomes(run(workbook, only_a, options(force=True))) == {"a": "ran"}
    documents = read_manifest(workbook.home)["documents"]
    assert documents["b/circular"]["this_run"] is None
    assert documents["b/circular"]["last_result"]["state"] == "done"


def stale(workbook: TinyWorkbook, how: Options) -> list[str]:
    """The units that a run would make now."""
    return [planned.document.unit for planned in plan_all(workbook, how) if planned.must_run]


def show_outputs(path: Path) -> None:
    """Saves the notebook as JupyterLab does after it was run there."""
    import nbformat

    nb = nbformat.read(path, as_version=4)
    nb.cells[2].execution_count = 7
    nb.cells[2].outputs = [nbformat.v4.new_output("stream", text="x")]
    nbformat.write(nb, path)


def plan_all(workbook: TinyWorkbook, how: Options) -> list[Planned]:
    """What a run would do now."""
    return plan(workbook.docs, workbook, {YEAR: Manifest(workbook.outputs, YEAR)}, how)


def test_a_failure_leaves_the_good_files_and_says_both(workbook: TinyWorkbook) -> None:
    """The last good set stays; the manifest says that the last attempt failed."""
    document = workbook.add("a")
    run(workbook, SELECTION, options())
    before = contents(workbook.outputs)
    good = read_manifest(workbook.home)["documents"]["a/circular"]

    notebook(document.notebook, "1 / 0")
    assert run(workbook, SELECTION, options()).exit_status == 1
    entry = read_manifest(workbook.home)["documents"]["a/circular"]
    assert entry["last_result"]["state"] == "failed"
    assert (entry["files"], entry["fingerprint"]) == (good["files"], good["fingerprint"])
    kept = {k: v for k, v in contents(workbook.outputs).items() if "failed" not in k}
    assert kept == before

    notebook(document.notebook, GOOD)
    assert outcomes(run(workbook, SELECTION, options())) == {"a": "ran"}
    assert contents(workbook.outputs) == before, "the partial notebook is gone again"


def test_a_death_is_retried_but_an_error_is_not(workbook: TinyWorkbook) -> None:
    """A kernel that dies once is given another; an error would only come again."""
    mark = workbook.home / "mark"
    once = f"import os\ntry:\n    open({str(mark)!r}, 'x')\nexcept OSError: pass\nelse: os._exit(1)"
    workbook.add("dies_once", once, GOOD)
    workbook.add("dies_always", "import os; os._exit(1)")
    workbook.add("raises", "1 / 0")
    result = run(workbook, SELECTION, options(retries=1))
    found = {d.unit: e["last_result"] for d, e in result.entries}
    assert [(r["state"], r["attempts"]) for r in found.values() if r] == [
        ("done", 2),
        ("dead", 2),
        ("failed", 1),
    ]


def test_fail_fast_begins_nothing_new(workbook: TinyWorkbook) -> None:
    """What was not reached is called so, and keeps what was known of it."""
    workbook.add("raises", "1 / 0")
    workbook.add("later")
    result = run(workbook, SELECTION, options(fail_fast=True, jobs=1))
    assert outcomes(result) == {"raises": "ran", "later": "not-reached"}
    assert result.entries[1][1]["last_result"] is None
    assert result.exit_status == 1


def test_wrong_parameters_are_refused_before_anything_runs(workbook: TinyWorkbook) -> None:
    """Neither a kernel nor a folder is made."""
    workbook.add("good")
    workbook.add("bad", parameters={"unti": "bad"})
    with pytest.raises(ParameterError, match="unknown parameter 'unti'"):
        run(workbook, SELECTION, options())
    assert not workbook.outputs.exists()


def test_two_runs_on_one_outputs_are_refused(workbook: TinyWorkbook) -> None:
    """The second one says who is at work; the lock is gone with its holder."""
    workbook.add("a", blocked="x")
    with lock(workbook.outputs), pytest.raises(UsageError, match=f"process {os.getpid()}"):
        run(workbook, SELECTION, options())
    assert run(workbook, SELECTION, options()).exit_status == 1


def test_a_format_that_is_not_asked_for_stays_and_is_stale_when_the_rest_differs(
    workbook: TinyWorkbook,
) -> None:
    """A new HTML beside last week's PDF: both are there, and the plan knows which is which."""
    workbook.add("a")
    folder = workbook.outputs / "2023/a"
    html, pdf = options(formats=("html",)), options(formats=("pdf",))
    run(workbook, SELECTION, options())
    old = (folder / "circular.pdf").read_bytes()
    assert outcomes(run(workbook, SELECTION, html)) == {"a": "up-to-date"}
    run(workbook, SELECTION, replace(html, force=True))
    assert stale(workbook, options()) == [], "nothing else came of it"

    workbook.data["a"] = "2:b"
    assert run(workbook, SELECTION, html).exit_status == 0
    assert (folder / "circular.pdf").read_bytes() == old
    assert plan_all(workbook, html)[0].reasons == ()
    assert plan_all(workbook, pdf)[0].reasons == (
        "circular.pdf is stale: it was not made anew with the rest",
    )
    (folder / "circular.pdf").write_bytes(b"annotated")
    assert plan_all(workbook, html)[0].reasons == (), "of no concern to who asks for HTML"
    run(workbook, SELECTION, options())
    assert stale(workbook, options()) == []


def test_a_kernelspec_of_the_users_own_does_not_take_over(
    workbook: TinyWorkbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python3` is the interpreter that runs reportkit, whatever ~/.local says."""
    spec = workbook.home / "data/kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(workbook.home / "data"))
    monkeypatch.setenv("JUPYTER_PATH", str(workbook.home / "data"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    workbook.add("a", "import sys, os; print(sys.executable, os.environ['REPORTKIT_HOME'])")
    assert run(workbook, SELECTION, options()).exit_status == 0
    import json
    import sys

    cells = json.loads((workbook.outputs / "2023/a/circular.ipynb").read_text("utf-8"))["cells"]
    assert "".join(cells[-1]["outputs"][0]["text"]).strip() == (
        f"{sys.executable} {workbook.home.resolve()}"
    )


def test_a_publisher_that_fails_is_a_failed_document(workbook: TinyWorkbook) -> None:
    """The error is its own; the executed notebook is kept as the partial one."""
    workbook.add("a")
    result = run(workbook, SELECTION, options(publisher="os:no_such_function"))
    error = (result.entries[0][1]["last_result"] or {})["error"]
    assert error and error["type"] == "AttributeError"
    assert error["notebook"] == "circular.failed.ipynb"
    assert Path(workbook.outputs / "2023/a/circular.failed.ipynb").is_file()


SCRATCH = (
    "print('曹博')",
    "import pandas as pd\npd.DataFrame({'n': [1]})",
    "display(Block('paragraph', text='由曹博主持。', lead='', lead_level=2))",
)


def test_what_cells_say_by_the_way_is_told_and_names_hold_the_paper_back(
    workbook: TinyWorkbook,
) -> None:
    """In the manifest, until the paper is made anew; it is done all the same."""
    workbook.persons = ("曹博",)
    document = workbook.add("a", GOOD, *SCRATCH)
    (entry,) = [e for _, e in run(workbook, SELECTION, options()).entries]
    assert entry["last_result"] and entry["last_result"]["state"] == "done"
    assert [line.partition(" left")[0] for line in entry["left_out"]] == ["cell 4: print"]
    assert entry["held"] == ["cell 6: “曹博” stands in “由曹博主持。”"]
    assert stale(workbook, options()) == []
    assert plan_all(workbook, options())[0].before["held"] == entry["held"]
    notebook(document.notebook, GOOD)
    (entry,) = [e for _, e in run(workbook, SELECTION, options()).entries]
    assert entry["held"] == entry["left_out"] == []


def test_a_table_of_persons_fails_the_paper_unless_it_may_show_them(workbook: TinyWorkbook) -> None:
    """The cell is named; nothing is published; ``persons`` of the document allows it."""
    workbook.persons = ("曹博",)
    frame = "import pandas as pd\npd.DataFrame({'责任人': ['曹博']})"
    workbook.add("a", GOOD, frame)
    workbook.add("b", GOOD, frame, persons=True)
    entries = {d.unit: e for d, e in run(workbook, SELECTION, options()).entries}
    result = entries["a"]["last_result"]
    assert result and result["state"] == "failed" and result["error"]
    assert result["error"]["type"] == "PrivateContent" and result["error"]["cell"] == 4
    assert entries["a"]["files"] == {} and entries["b"]["files"]


def test_a_paper_that_has_grown_to_more_than_twice_its_pages_is_held_back(
    workbook: TinyWorkbook,
) -> None:
    """Compared with the last good one, also when it is made once more, or without a PDF."""
    pages = {"a": (4, 8), "b": (4, 9), "c": (1, 3)}
    for unit in pages:
        workbook.add(unit)
    held: dict[str, list[list[str]]] = {unit: [] for unit in pages}
    again = options(force=True)
    for grown, how in ((0, again), (1, again), (1, again), (1, replace(again, formats=("html",)))):
        for document in workbook.docs:
            nb = json.loads(document.notebook.read_text(encoding="utf-8"))
            nb["metadata"]["pages"] = pages[document.unit][grown]
            document.notebook.write_text(json.dumps(nb), encoding="utf-8")
        for document, entry in run(workbook, SELECTION, how).entries:
            held[document.unit].append([what.rpartition(" of ")[2] for what in entry["held"]])
    assert held == {
        "a": [[]] * 4, "b": [[], *[["4 pages"]] * 3], "c": [[], *[["1 pages"]] * 3]
    }  # fmt: skip
