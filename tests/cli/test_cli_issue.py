"""``reportkit issue``: what holds it up, what it writes once, and calls that were cut off."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import docx
import pytest
from issued_support import (
    FONTS,
    call,
    good,
    later_data,
    listing,
    made_before,
    opened_up,
    refused,
    stage,
    write_issue,
)

from reportkit.cli import making
from reportkit.files import sha256
from reportkit.issuing import folder as folders
from reportkit.issuing.folder import changed_files, read_manifest
from reportkit.params.model import DEVICES
from reportkit.params.stages import load_stages

ISSUE = ("issue", "a1", "--by", "李", "--jobs", "1", FONTS)


def issue(home: Path, *more: object) -> Any:
    return call(*ISSUE, "--home", home, *more)


@pytest.fixture
def quick(issued_once: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are not made anew, but taken from where they were made once."""
    monkeypatch.setattr(making, "run_from", made_before(issued_once))


def stages(home: Path) -> dict[str, list[str]]:
    found = load_stages(home, 2023).documents
    return {key.partition("/")[0]: [step.stage for step in steps] for key, steps in found.items()}


SIGNED = {unit: ["送审稿", "签发稿"] for unit in ("dongling", "group")}
NOTED = {unit: ["送审稿", "签发稿", "已印发"] for unit in ("dongling", "group")}


def issued_names(home: Path) -> list[str]:
    folder = home / "outputs" / "issued"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


# --- what it writes ---


def test_all_that_is_kept(issued_once: Path) -> None:
    """Final files, executed notebooks, notebooks, parameters, the snapshot; by whom, of what."""
    folder = issued_once / "outputs" / "issued" / "a1"
    manifest = read_manifest(folder)
    assert changed_files(folder, manifest) == []
    names = set(manifest["files"])
    for unit in ("group", "dongling"):
        for ending in ("pdf", "docx", "html", "ipynb"):
            assert f"documents/{unit}/circular.formal.{ending}" in names
    digest = manifest["snapshots"]["2023"][:12]
    for name in (
        "params/2023.yml", "params/issue/a1.yml", "params/stages/2023.yml", "params/units.yml",
        "notebooks/group_circular.ipynb", "notebooks/unit_circular.ipynb",
        "outputs/records/2023/snapshot.json", f"outputs/records/2023/{digest}/sessions.parquet",
    ):  # fmt: skip
        assert f"inputs/{name}" in names
    assert not [name for name in names if "schedule.yml" in name or "delivery.yml" in name]
    told = ("signatory", "date", "issued_by", "year", "corrects")
    assert [manifest[name] for name in told] == ["王芳", "2024-01-12", "李", 2023, ""]
    assert {d["unit"]: d["number"] for d in manifest["documents"].values()} == {
        "group": "岱能党〔2024〕3号", "dongling": "岱能党〔2024〕4号",
    }  # fmt: skip
    assert [s["stage"] for s in manifest["stages"]["group/circular"]] == ["送审稿", "签发稿"]
    assert manifest["confirmations"] and manifest["unconfirmed_because"] == "演练"


def test_names_that_any_system_takes(issued_once: Path) -> None:
    """Of issued files and kept drafts: nothing that Windows refuses, no path too long for it."""
    outputs = issued_once / "outputs"
    for path in [*(outputs / "issued").rglob("*"), *(outputs / "drafts").rglob("*")]:
        name = path.name
        assert not set('<>:"|?*\\') & set(name) and name.rstrip(". ") == name
        assert name.split(".")[0].lower() not in DEVICES
        assert len(path.relative_to(outputs).as_posix()) < 150


def test_the_date_is_the_one_that_was_set(issued_once: Path) -> None:
    """成文日期 from params/issue, in words; the stage's note is gone; the number is on the PDF."""
    import pypdf

    folder = issued_once / "outputs" / "issued" / "a1" / "documents" / "group"
    text = "\n".join(p.text for p in docx.Document(str(folder / "circular.formal.docx")).paragraphs)
    assert "2024年1月12日" in text and "签发稿" not in text
    page = pypdf.PdfReader(folder / "circular.formal.pdf").pages[0].extract_text()
    assert "岱能党〔2024〕3号" in page.replace(" ", "") and "签发稿" not in page


def test_it_is_noted_behind_the_drafts(issued_once: Path) -> None:
    """With the id, the hash of the manifest and the snapshots; the drafts at signature are kept."""
    assert stages(issued_once) == NOTED
    step = load_stages(issued_once, 2023).of("group/circular")
    assert step is not None and step.issue == "a1" and step.by == "李"
    folder = issued_once / "outputs" / "issued" / "a1"
    assert step.manifest == sha256(folder / "issue.json")
    assert step.snapshots == {2023: read_manifest(folder)["snapshots"]["2023"]}
    kept = issued_once / "outputs" / "drafts" / "2023" / "group" / "circular.2-签发稿"
    assert (kept / "circular.docx").is_file()


def test_no_seal_is_drawn(issued_once: Path) -> None:
    """Neither the Word copy nor the PDF of a document without a chart holds a picture."""
    import zipfile

    import pypdf

    folder = issued_once / "outputs" / "issued" / "a1" / "documents" / "group"
    with zipfile.ZipFile(folder / "circular.formal.docx") as package:
        assert not [name for name in package.namelist() if "/media/" in name]
    for page in pypdf.PdfReader(folder / "circular.formal.pdf").pages:
        assert not page.images


def test_once_more_it_changes_nothing(issued: Path) -> None:
    """The same call, a dry run, and one as JSON: all say so, with status 0."""
    before = listing(issued / "outputs" / "issued"), listing(issued / "params")
    assert "was issued already" in issue(issued).output
    assert "was issued already" in issue(issued, "--dry-run").output
    told = json.loads(issue(issued, "--json").stdout)
    assert told["issued"] is True and told["hindrances"] == []
    assert (listing(issued / "outputs" / "issued"), listing(issued / "params")) == before


# --- what holds it up ---


def test_a_dry_run_issues_nothing(signed: Path) -> None:
    """It says what would be issued; neither the folder nor a stage comes of it."""
    result = issue(signed, "--dry-run")
    assert result.exit_code == 0 and "would be issued: 2 documents" in result.output
    assert issued_names(signed) == [] and stages(signed) == SIGNED


def held_up(home: Path, *said: str) -> None:
    """Status 1, with these words; nothing is issued, no stage is noted."""
    before = stages(home)
    told = " ".join(refused(*ISSUE, "--home", home, status=1).split())
    for words in said:
        assert words in told
    assert "nothing was issued" in told
    assert issued_names(home) == [] and stages(home) == before


def test_a_document_that_is_not_at_signature(signed: Path) -> None:
    """Each is named with its stage; one that was never made with that."""
    stage(signed, "review", "group", why="改")
    write_issue(signed, "a1", documents=["group", "dongling", "yunping"])
    held_up(signed, "group/circular it is 送审稿; expected: 签发稿",
            "yunping/circular it is no stage")  # fmt: skip


def test_a_draft_that_was_changed_since(signed: Path) -> None:
    """Parameters that count for it, or the file itself: nobody has seen what would go out."""
    path = signed / "params" / "text" / "2023" / "group.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (signed / "outputs" / "2023" / "dongling" / "circular.docx").write_bytes(b"x")
    held_up(signed, "group/circular the draft is not up to date: params changed",
            "dongling/circular the draft is not up to date")  # fmt: skip


@pytest.mark.parametrize(
    ("field", "noted", "told"),
    [
        ("held", "cell 7: “高峰” stands in “高峰期”",
         ("held back: cell 7: “高峰”", "reportkit stage release --unit group")),
        ("stale_edits", "一.1: figures",
         ("edits no longer fit: 一.1: figures; next: reportkit adopt --list",)),
    ],
)  # fmt: skip
def test_a_paper_that_waits_for_a_person(
    signed: Path, field: str, noted: str, told: tuple[str, ...]
) -> None:
    """Names in its text are confirmed first; leaders' edits on other figures are settled."""
    path = signed / "outputs" / "2023" / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["sha256"]  # as an older version has it: unchecked
    content["documents"]["group/circular"][field] = [noted]
    path.write_text(json.dumps(content), encoding="utf-8")
    held_up(signed, *told)


def test_units_that_have_not_confirmed(signed: Path) -> None:
    """Of the group's circular every unit; the reason to go on without them is the office's."""
    write_issue(signed, "a1", unconfirmed_because=None)
    held_up(signed, "the draft is not up to date: params changed: issue/a1.yml",
            *(f"{unit} 数据确认: none" for unit in ("dongling", "yunping", "canglu")))  # fmt: skip


def test_documents_pinned_to_different_snapshots(signed: Path) -> None:
    """One issue is made from one set of records."""
    later_data(signed)
    assert stage(signed, "signature", "group", why="补报", again=True).exit_code == 0
    assert "pinned to different snapshots" in refused(*ISSUE, "--home", signed)
    assert issued_names(signed) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"documents": ["nobody"], "number": None, "numbers": None}, "nobody"),
        ({"documents": ["working_paper"], "number": None, "numbers": None}, "working_paper"),
        ({"documents": ["units", "nobody"], "number": None, "numbers": None}, "nobody"),
        ({"documents": ["units", "group"], "numbers": {"nobody": "岱能党〔2024〕5号"}}, "nobody"),
        ({"date": None}, "date: missing"),
        ({"signatory": None}, "signatory: missing"),
        ({"corrects": "b1"}, "reportkit correct b1 --id a1"),
        ({"year": 2021}, "2021"),
    ],
)
def test_parameters_that_issue_nothing(signed: Path, changes: dict[str, Any], said: str) -> None:
    """Refused with status 2 before anything is made."""
    write_issue(signed, "a1", **changes)
    assert said in refused(*ISSUE, "--home", signed)
    assert issued_names(signed) == []


@pytest.mark.parametrize("name", ["A1", "../a1", "con", "a_1", "gone", ".new-a1", "a1/"])
def test_ids_that_are_none(signed_once: Path, name: str) -> None:
    """Nothing outside of its folder can be named; what is missing is named with what is there."""
    told = refused("issue", name, "--by", "李", "--home", signed_once)
    assert ("there is a1" if name == "gone" else "an id of small letters") in told
    assert issued_names(signed_once) == []


@pytest.mark.parametrize("by", ["", "  "])
def test_it_is_somebody_who_issues(signed_once: Path, by: str) -> None:
    """A blank name is found before anything is made."""
    told = refused("issue", "a1", "--by", by, "--home", signed_once)
    assert "nobody is named" in told and issued_names(signed_once) == []


def test_two_at_once(signed: Path) -> None:
    """The second is told so, at once; it makes nothing and clears nothing away."""
    from reportkit.batch.run import lock

    being_built = signed / "outputs" / "issued" / ".new-a1"
    being_built.mkdir(parents=True)
    with lock(signed / "outputs"):
        told = refused(*ISSUE, "--home", signed)
    assert "another run is at work" in told and being_built.is_dir()


# --- cut off, full, failed ---


class Killed(BaseException):
    """The process ends here."""


BEFORE = [
    (making, "copy_records"), (making, "run_from"), (making, "_check_same_words"),
    (making, "manifest_of"), (folders, "hashes_of"), (folders, "replace_file"),
]  # fmt: skip


def failing(error: BaseException) -> Any:
    """In place of a step: it fails with this."""

    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("module", "step"), BEFORE, ids=[step for _, step in BEFORE])
def test_a_disk_that_is_full_at_any_step(
    signed: Path, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    """Told plainly; nothing is issued, nothing is noted, nothing is left."""
    monkeypatch.setattr(module, step, failing(OSError(28, "No space left on device")))
    told = refused(*ISSUE, "--home", signed, status=1)
    assert "No space left" in told and "free space" in told
    assert issued_names(signed) == [] and stages(signed) == SIGNED


@pytest.mark.usefixtures("quick")
def test_interrupted_and_given_again(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 130 and nothing left; the next call issues all."""
    for module, step in (BEFORE[1], BEFORE[4]):
        with monkeypatch.context() as patched:
            patched.setattr(module, step, failing(KeyboardInterrupt()))
            assert issue(signed).exit_code == 130
        assert issued_names(signed) == [] and stages(signed) == SIGNED
    assert issue(signed).exit_code == 0
    assert issued_names(signed) == ["a1"] and stages(signed) == NOTED


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("step", ["rename", "note", "kept", "written"])
def test_killed_between_the_rename_and_the_note(
    signed: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What is in place is whole; the next call notes it, as of then, and makes nothing anew."""

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        where = {
            "rename": (folders, "shut"), "note": ("reportkit.cli.issue.note",),
            "kept": ("reportkit.cli.noting.keep_draft",),
            "written": ("reportkit.cli.noting.write_stages",),
        }[step]  # fmt: skip
        patched.setattr(*where, die)
        with pytest.raises(Killed):
            issue(signed)
    folder = signed / "outputs" / "issued" / "a1"
    manifest = read_manifest(folder)
    assert changed_files(folder, manifest) == [] and stages(signed) == SIGNED
    assert "does not know it" in call("verify", folder, "--no-remake").output
    # Meanwhile: other data, other parameters, a draft that is gone, another day and person.
    if step == "note":
        later_data(signed)
    write_issue(signed, "a1", documents=["group", "dongling", "yunping"])
    shutil.rmtree(signed / "outputs" / "2023" / "group")
    monkeypatch.setattr(making, "run_from", die)
    assert call("issue", "a1", "--by", "赵", "--home", signed).exit_code == 0
    assert stages(signed) == NOTED
    noted = load_stages(signed, 2023).of("group/circular")
    assert noted is not None and noted.by == "李"
    assert noted.snapshots == {2023: manifest["snapshots"]["2023"]}
    assert not folder.stat().st_mode & 0o222
    assert call("verify", folder, "--no-remake").exit_code == 0


@pytest.mark.usefixtures("quick")
def test_what_a_killed_call_left_behind(signed: Path) -> None:
    """It is cleared away, read-only or not."""
    left = signed / "outputs" / "issued" / ".new-a1" / "inputs"
    left.mkdir(parents=True)
    (left / "x").touch()
    (left / "x").chmod(0o444)
    left.chmod(0o555)
    assert issue(signed).exit_code == 0 and issued_names(signed) == ["a1"]


@pytest.mark.usefixtures("quick")
def test_a_step_that_another_took_meanwhile_is_not_lost(
    signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is read anew where it is written, whatever was read before."""
    made = making.make

    def slowly(*arguments: Any) -> Any:
        from reportkit.params.stages import write_stages

        found = load_stages(signed, 2023)
        step = found.documents["group/circular"][0]
        write_stages(signed, 2023, found.with_steps({"yunping/circular": step}))
        return made(*arguments)

    monkeypatch.setattr("reportkit.cli.issue.make", slowly)
    assert issue(signed).exit_code == 0
    assert stages(signed) == {**NOTED, "yunping": ["送审稿"]}


@pytest.mark.usefixtures("quick")
def test_final_files_say_what_the_drafts_said(
    signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that the run made otherwise is found, with its place; nothing is issued."""
    run_from = making.run_from

    def otherwise(inputs: Path, act: Any, options: Any, into: Path, *_: Any) -> Any:
        entries = run_from(inputs, act, options, into)
        draft = signed / "outputs" / "drafts" / "2023" / "dongling" / "circular.1-送审稿"
        shutil.copyfile(draft / "circular.docx", into / "group" / "circular.formal.docx")
        return entries

    monkeypatch.setattr(making, "run_from", otherwise)
    told = refused(*ISSUE, "--home", signed, status=1)
    assert "group/circular" in told and "what the draft said" in told
    assert issued_names(signed) == [] and stages(signed) == SIGNED


@pytest.mark.parametrize("error", [None, {"type": "RenderError", "message": "no mark"}])
def test_a_document_that_cannot_be_made(
    signed: Path, monkeypatch: pytest.MonkeyPatch, error: dict[str, str] | None
) -> None:
    """One of two failed, or was not reached: nothing is issued, the document is named."""
    from reportkit.batch import run as batch

    def run(workbook: Any, selection: Any, options: Any) -> Any:
        found = [d for d in workbook.documents(selection) if d.name == "circular"]
        last = None if error is None else {"state": "failed", "error": error}
        return batch.RunResult(
            [(d, {"last_result": last, "files": {}}) for d in found], False, 0, None
        )

    monkeypatch.setattr(making, "run", run)
    told = refused(*ISSUE, "--home", signed, status=1)
    assert "东岭矿业" in told and "expected: every document made" in told
    assert ("not reached" if error is None else "RenderError: no mark") in told
    assert issued_names(signed) == [] and stages(signed) == SIGNED


def test_a_folder_that_somebody_opened_is_closed_again(issued: Path) -> None:
    """The issue's own folder, by the next call."""
    folder = issued / "outputs" / "issued" / "a1"
    opened_up(folder)
    good(*ISSUE, "--home", issued)
    assert not folder.stat().st_mode & 0o222


def test_units_without_the_group(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`units` is every unit's paper: they alone are made, with their notebook, not the group's."""
    from reportkit.cli.issuing import Act
    from reportkit.errors import ReportkitError

    write_issue(signed, "u1", documents=["units"], number=None, numbers=None)
    write_issue(signed, "a1", documents=["group"], numbers=None)
    told = refused("issue", "u1", "--by", "李", "--home", signed, FONTS, status=1)
    assert "yunping/circular" in told and "canglu/circular" in told and "group" not in told
    asked: dict[str, bool] = {}

    def run(workbook: Any, selection: Any, options: Any) -> None:
        asked.update({d.unit: d.notebook.is_file() for d in workbook.documents(selection)
                      if d.name == "circular"})  # fmt: skip
        raise ReportkitError("far enough")

    monkeypatch.setattr(making, "run", run)
    monkeypatch.setattr(Act, "hindrances", lambda self: [])
    monkeypatch.setattr(Act, "pins", lambda self: self.stages.snapshots_of("dongling/circular"))
    told = refused("issue", "u1", "--by", "李", "--home", signed, FONTS, status=1)
    assert "far enough" in told
    assert asked == {"dongling": True, "yunping": True, "canglu": True}
    assert issued_names(signed) == []
