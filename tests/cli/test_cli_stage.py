"""``reportkit stage``: the steps of a document, and figures that stay as they were pinned."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
import yaml
from counting import steps
from issued_support import call, good, later_data, listing, refused, stage

from reportkit.params.stages import Step, load_stages

ALL = ("group", "dongling", "yunping", "canglu")


def at(home: Path, unit: str) -> Step | None:
    return load_stages(home, 2023).of(f"{unit}/circular")


def listed(home: Path) -> dict[str, dict[str, Any]]:
    rows = json.loads(good("stage", "--home", home, "--json").stdout)
    return {row["document"].partition("/")[0]: row for row in rows}


def plan(home: Path) -> dict[str, str]:
    """Why each document would be made: unit → reasons; "" if it is up to date."""
    found = json.loads(good("plan", "--home", home, "--format", "docx", "--json").stdout)
    return {each["document"].partition("/")[0]: "; ".join(each["reasons"]) for each in found}


def text(home: Path, unit: str) -> str:
    path = home / "outputs" / "2023" / unit / "circular.docx"
    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


def current(home: Path) -> str:
    pointer = (home / "outputs" / "records" / "2023" / "snapshot.json").read_text(encoding="utf-8")
    return str(json.loads(pointer)["digest"])


# --- steps ---


def test_the_list(signed_once: Path) -> None:
    """Each circular, by whom and when; one that no draft of has gone out has no stage."""
    rows = listed(signed_once)
    assert set(rows) == set(ALL)
    told = {unit: (row["stage"], row["by"], row["day"]) for unit, row in rows.items()}
    assert told == {
        "group": ("签发稿", "李", "2024-01-10"), "dongling": ("签发稿", "李", "2024-01-10"),
        "yunping": (None, None, None), "canglu": (None, None, None),
    }  # fmt: skip
    assert rows["group"]["snapshots"] == {"2023": current(signed_once)}
    shown = good("stage", "--home", signed_once).output
    assert "签发稿" in shown and "云屏" in shown
    status = json.loads(good("status", "--home", signed_once, "--json").stdout)
    assert {row["unit"]: row["stage"] for row in status} == {
        "group": "签发稿", "dongling": "签发稿", "yunping": None,
    }  # fmt: skip


def test_a_step_is_kept_with_who_when_and_what(signed: Path) -> None:
    """From 送审稿 on with the snapshot; each step is added, none is changed."""
    before = load_stages(signed, 2023)
    assert stage(signed, "review", "yunping", on="2024-01-11").exit_code == 0
    step = at(signed, "yunping")
    assert step is not None and step.snapshots == {2023: current(signed)}
    assert (step.stage, step.by, step.day) == ("送审稿", "李", dt.date(2024, 1, 11))
    after = load_stages(signed, 2023).documents
    assert {key: after[key] for key in before.documents} == before.documents


@pytest.mark.parametrize(
    ("unit", "to", "more", "status", "said"),
    [
        ("yunping", "signature", (), 1, "next comes 征求意见稿 or 送审稿"),
        ("group", "signature", (), 1, "it is 签发稿 already"),
        ("group", "review", (), 1, "without a reason"),
        ("group", "review", ("--why", "  "), 1, "without a reason"),
        ("group", "comments", ("--again", "--why", "x"), 1, "--again at 签发稿"),
        ("yunping", "review", ("--again", "--why", "x"), 1, "--again at no stage"),
        ("group", "signature", ("--again",), 1, "without a reason"),
        ("group", "issued", (), 1, "reportkit issue"),
        ("canglu", "comments", (), 1, "never made"),
        ("group", "送审", (), 2, "one of comments (征求意见稿)"),
        ("nobody", "review", (), 2, "nobody"),
        ("group", "review", ("--why", "x", "--on", "5.1.2024"), 2, "a day as 2024-01-05"),
        ("group", "review", ("--why", "x", "--on", "2024-01-09"), 1, "before it became 签发稿"),
        ("working_paper", "review", (), 0, "0 are 送审稿"),
    ],
)
def test_steps_that_lead_nowhere(
    signed: Path, unit: str, to: str, more: tuple[str, ...], status: int, said: str
) -> None:
    """Told with what would be right; nothing is written."""
    (signed / "notebooks" / "working_paper.ipynb").write_bytes(
        (signed / "notebooks" / "group_circular.ipynb").read_bytes()
    )
    before = listing(signed / "params")
    told = refused("stage", to, "--home", signed, "--unit", unit, "--by", "李", *more,
                   status=status)  # fmt: skip
    assert said in " ".join(told.split())
    assert listing(signed / "params") == before


@pytest.mark.parametrize("by", [(), ("--by", ""), ("--by", " ")])
def test_a_step_is_somebodys(signed_once: Path, by: tuple[str, ...]) -> None:
    """Without a name none is taken."""
    assert "nobody is named" in refused("stage", "review", "--home", signed_once, *by)


def test_back_with_a_reason_and_on_again(signed: Path) -> None:
    """Pins are kept where it stays at 送审稿 or later, and gone where it goes back further."""
    assert stage(signed, "review", "group", why="领导有修改").exit_code == 0
    step = at(signed, "group")
    assert step is not None and (step.stage, step.why) == ("送审稿", "领导有修改")
    assert step.snapshots == {2023: current(signed)}
    told = refused("stage", "comments", "--home", signed, "--unit", "group", "--by", "李",
                   "--why", "再征求意见", status=1)  # fmt: skip
    assert "not up to date (stage changed)" in told  # nobody has seen it as 送审稿


def test_a_dry_run_takes_no_step(signed: Path) -> None:
    """It says what would be taken, as JSON too; params and drafts stay."""
    before = listing(signed / "params"), listing(signed / "outputs" / "drafts")
    arguments = (
        "stage",
        "review",
        "--home",
        signed,
        "--unit",
        "yunping",
        "--by",
        "李",
        "--dry-run",
    )
    assert "1 would be 送审稿" in good(*arguments).output
    assert json.loads(good(*arguments, "--json").stdout)["taken"] == ["yunping/circular"]
    assert (listing(signed / "params"), listing(signed / "outputs" / "drafts")) == before


def test_what_is_fit_is_taken_and_what_is_not_is_told(signed: Path) -> None:
    """canglu was never made, two are further already: yunping alone takes the step."""
    told = json.loads(call("stage", "review", "--home", signed, "--by", "李", "--json").stdout)
    assert told["taken"] == ["yunping/circular"]
    assert {each["document"] for each in told["refused"]} == {
        "canglu/circular", "dongling/circular", "group/circular",
    }  # fmt: skip
    assert "never made" in next(e["why"] for e in told["refused"] if "canglu" in e["document"])


def test_an_edited_word_copy_is_kept_and_can_be_adopted(signed: Path) -> None:
    """Replaced by the next run it is told of, with what it was made from; adopted it is printed."""
    own = signed / "outputs" / "2023" / "yunping" / "circular.docx"
    edited = docx.Document(str(own))
    changed = next(p for p in edited.paragraphs if "集体学习" in p.text and p.runs)
    changed.runs[-1].text += "领导所加的话。"
    edited.save(str(own))
    content = own.read_bytes()
    run = ("run", "--home", signed, "--format", "docx", "--jobs", "1", "--unit", "yunping")
    result = call(*run)
    assert (
        result.exit_code == 1
        and "is not as the manifest has it (changed by hand?)" in result.output
    )
    (copy,) = (signed / "outputs" / "drafts" / "2023" / "yunping").glob("*.changed-*/circular.docx")
    assert copy.read_bytes() == content and copy.with_name("circular.ipynb").is_file()
    assert f"next: reportkit adopt {copy}" in " ".join(result.output.split())
    assert call(*run).exit_code == 0
    good("adopt", copy, "--home", signed, "--by", "王")
    good(*run)
    assert "领导所加的话。" in text(signed, "yunping")


def test_nothing_stale_goes_up_or_is_issued(signed: Path) -> None:
    """A stale Word copy is refused by stage, sheets and issue; of a stale page no copy is kept."""
    path = signed / "outputs" / "2023" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["sha256"]  # as an older version has it: unchecked
    for unit, name in (("dongling", "docx"), ("yunping", "docx"), ("group", "html")):
        files = manifest["documents"][f"{unit}/circular"]["files"]
        files[f"circular.{name}"] = {**files["circular.docx"], "made_from": "before"}
    (path.parent / "group" / "circular.html").write_text("stale", encoding="utf-8")
    path.write_text(json.dumps(manifest), encoding="utf-8")
    stale = "circular.docx is stale"
    assert stale in stage(signed, "review", "yunping").output
    told = call("sheets", "--home", signed, "--year", "2023", "--unit", "yunping")
    assert told.exit_code == 1 and stale in told.output
    assert stale in refused("issue", "a1", "--home", signed, "--by", "李", status=1)
    assert stage(signed, "signature", "group", again=True, why="再看").exit_code == 0
    (kept,) = (signed / "outputs" / "drafts" / "2023" / "group").glob("circular.2-*")
    assert sorted(p.name for p in kept.iterdir()) == ["circular.docx", "circular.ipynb"]


def test_drafts_that_are_left_are_kept_as_they_were(signed: Path) -> None:
    """Byte for byte, by number and stage; of a step that was not taken, none."""
    kept = signed / "outputs" / "drafts" / "2023" / "group"
    assert [path.name for path in kept.iterdir()] == ["circular.1-送审稿"]
    with zipfile.ZipFile(kept / "circular.1-送审稿" / "circular.docx") as package:
        assert "（送审稿）" in package.read("word/document.xml").decode()
    draft = (signed / "outputs" / "2023" / "group" / "circular.docx").read_bytes()
    assert "（签发稿）" in _shown(signed, "group")
    assert stage(signed, "review", "group", why="改").exit_code == 0
    assert (kept / "circular.2-签发稿" / "circular.docx").read_bytes() == draft
    assert stage(signed, "signature", "group").exit_code == 1  # not seen as 送审稿
    assert len(list(kept.iterdir())) == 2


def _shown(home: Path, unit: str) -> str:
    """All text of the Word copy, headers and text boxes too."""
    with zipfile.ZipFile(home / "outputs" / "2023" / unit / "circular.docx") as package:
        return "".join(package.read(n).decode() for n in package.namelist() if n.endswith(".xml"))


def test_nobody_else_is_at_work(signed: Path) -> None:
    """While a run, an import or an issue goes on no step is taken, and none is lost."""
    from reportkit.batch.run import lock

    with lock(signed / "outputs"):
        told = refused("stage", "review", "--home", signed, "--unit", "yunping", "--by", "李")
    assert "another run is at work" in told


@pytest.mark.parametrize("command", ["stage", "plan", "status", "run"])
def test_a_damaged_record_is_named(signed: Path, command: str) -> None:
    """With its line; it is left as it is, and nothing is taken for unpinned."""
    path = signed / "params" / "stages" / "2023.yml"
    path.write_text("documents:\n  group/circular: [{stage: 送审}]\n", encoding="utf-8")
    told = refused(command, "--home", signed)
    assert "params/stages/2023.yml" in told and "line 2" in told
    assert "送审}" in path.read_text(encoding="utf-8")


def test_manifests_of_before_there_were_edits(signed: Path) -> None:
    """Entries without stale_edits are entries."""
    path = signed / "outputs" / "2023" / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["sha256"]  # as an older version has it: unchecked
    assert [entry.pop("stale_edits", None) for entry in content["documents"].values()]
    path.write_text(json.dumps(content), encoding="utf-8")
    good("status", "--home", signed)
    assert stage(signed, "review", "yunping").exit_code == 0
    assert listed(signed)["yunping"]["stage"] == "送审稿"


# --- pins ---


def test_later_data_are_listed_and_not_merged(signed: Path) -> None:
    """What is pinned stays as it was, with its snapshot; what is not takes the new data."""
    old = current(signed)
    snapshot = signed / "outputs" / "records" / "2023" / old[:12]
    before = listing(snapshot)
    later_data(signed)
    assert current(signed) != old and listing(snapshot) == before
    reasons = plan(signed)
    assert reasons["group"] == reasons["dongling"] == ""
    assert reasons["yunping"] == ""  # pinned to none, but its paper shows nothing of its peers
    rows = listed(signed)
    assert "sessions -1 row" in rows["dongling"]["later"][0]
    assert "sessions -1 row" in rows["group"]["later"][0] and rows["yunping"]["later"] == []
    shown = " ".join(call("stage", "--home", signed).output.split())
    assert "dongling/circular: pinned; not merged: data of this unit changed" in shown


def test_an_earlier_year_that_comes_later_is_not_merged_either(signed: Path) -> None:
    """Last year's figures, imported after the review, would change each comparison."""
    assert [plan(signed)[unit] for unit in ("group", "dongling", "yunping")] == [""] * 3
    good("import", "--home", signed, "--year", "2022")
    reasons = plan(signed)
    assert reasons["group"] == reasons["dongling"] == ""
    assert "2022 added" in reasons["yunping"]
    assert listed(signed)["group"]["later"] == ["figures changed: 2022 added"]


def test_two_snapshots_in_one_run(signed: Path) -> None:
    """dongling as it was pinned; the group, pinned anew, with one session less; warm and not."""
    before = {unit: sessions(signed, unit) for unit in ("dongling", "group")}
    old = current(signed)
    later_data(signed)
    assert stage(signed, "signature", "group", why="补报", again=True).exit_code == 0
    pinned = [step.snapshots[2023] for unit in ("dongling", "group") if (step := at(signed, unit))]
    assert pinned == [old, current(signed)]
    for warm, formats in (("--no-warm", "docx"), ("--warm", "docx,pdf")):
        good("run", "--home", signed, "--unit", "group", "--unit", "dongling", "--force", warm,
             "--format", formats, "--jobs", "2")  # fmt: skip
        assert sessions(signed, "dongling") == before["dongling"]
        assert sessions(signed, "group") == before["group"] - 1
    for unit in ("dongling", "group"):
        assert "（签发稿）" in _first_page(signed, unit)


def sessions(home: Path, unit: str) -> int:
    """What a circular says of them."""
    found = re.search(r"组织集体学习(\d+)次", text(home, unit))
    assert found
    return int(found[1])


def _first_page(home: Path, unit: str) -> str:
    pdf = pypdf.PdfReader(home / "outputs" / "2023" / unit / "circular.pdf")
    return pdf.pages[0].extract_text().replace("\n", "").replace(" ", "")


def test_a_pinned_snapshot_that_is_gone(signed: Path) -> None:
    """Its documents cannot be made, and say so; others are; pinned anew they can be again."""
    old = current(signed)
    later_data(signed)
    shutil.rmtree(signed / "outputs" / "records" / "2023" / old[:12])
    result = call("run", "--home", signed, "--format", "docx", "--unit", "group", "--unit",
                  "dongling", "--unit", "yunping", "--jobs", "1")  # fmt: skip
    assert result.exit_code == 1 and "Traceback" not in result.output
    shown = " ".join(result.output.split())
    assert f"the snapshot {old[:12]} of 2023 is missing or damaged" in shown
    assert "0 made, 1 up to date, 2 not done" in shown
    reasons = plan(signed)
    assert "put back outputs/records" in reasons["group"] and reasons["yunping"] == ""
    assert "is missing" in listed(signed)["group"]["later"][0]
    assert call("status", "--home", signed).exit_code == 1
    assert stage(signed, "signature", "group", why="原数据已失", again=True).exit_code == 0
    assert plan(signed)["group"].startswith("last attempt failed")


def test_a_pinned_snapshot_with_a_damaged_table(signed: Path) -> None:
    """One byte of one table: it is not taken for what was pinned."""
    old = current(signed)
    later_data(signed)
    path = signed / "outputs" / "records" / "2023" / old[:12] / "sessions.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:99] + bytes([content[99] ^ 1]) + content[100:])
    assert "missing or damaged" in plan(signed)["dongling"]


# --- cost ---


def test_with_stages_status_and_plan_load_nothing_heavy(signed_once: Path) -> None:
    """Neither pandas nor python-docx, though stages and pins are read."""
    call("plan", "--home", signed_once, "--format", "docx")  # what documents depend on is known now
    for command in ("status", "plan"):
        code = (
            "import sys, reportkit.cli.app as a\n"
            f"try: a.app(['{command}', '--home', {str(signed_once)!r}])\n"
            "except SystemExit as e: print(e.code)\n"
            "print({'pandas', 'docx', 'papermill', 'nbconvert', 'pyarrow'} & sys.modules.keys())"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        lines = done.stdout.decode().splitlines()
        assert lines[-2:] == ["0", "set()"], done


def _many(home: Path, units: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook of so many units, each with a draft on the disk as the manifest has it."""
    from workbook_support import without_records, write_workbook

    from reportkit import annual
    from reportkit.batch.contract import Options, Selection
    from reportkit.batch.manifest import Manifest
    from reportkit.batch.run import preview
    from reportkit.cli.workbook import StudyWorkbook
    from reportkit.files import sha256

    home.mkdir()
    write_workbook(home)
    path = home / "params" / "units.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["units"] = content["units"][:1] + [
        {"unit_id": f"u{n}", "name": f"单位{n}全称", "short_name": f"单位{n}", "order": n + 2,
         "mask_label": f"A{n}", "valid_from": "2010-01-01"} for n in range(units)
    ]  # fmt: skip
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    without_records(monkeypatch)
    monkeypatch.setattr(annual, "pins_of", lambda *_: ())
    monkeypatch.setattr(annual, "current_pins", lambda *_: {2023: "a" * 64})
    workbook = StudyWorkbook(home)
    manifest = Manifest(workbook.outputs, 2023)
    for each in preview(workbook, Selection((2023,), (), (), (), "draft"), Options()):
        file = workbook.outputs / each.document.folder / "circular.docx"
        file.parent.mkdir(parents=True)
        file.write_text(each.document.key, encoding="utf-8")
        entry = each.before
        entry["fingerprint"] = each.fingerprint
        entry["files"] = {"circular.docx": {"sha256": sha256(file), "bytes": file.stat().st_size}}
        entry["last_result"] = {"state": "done", "attempts": 1, "error": None}  # type: ignore[typeddict-item]
        manifest.entries[each.document.key] = entry
    manifest.export()


def test_many_units_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty units more are twice the work of twenty more, without a kernel."""
    work = {}
    for units in (10, 30, 70):
        home = tmp_path / str(units)
        _many(home, units, monkeypatch)
        said: list[str] = []
        work[units] = steps(lambda: said.append(stage(home, "comments").output))  # noqa: B023
        assert f"{units + 1} are 征求意见稿, 0 not" in said[0], said
        assert len(load_stages(home, 2023).documents) == units + 1
    assert work[70] - work[30] < 2.5 * (work[30] - work[10]), work
