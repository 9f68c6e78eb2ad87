"""``reportkit correct``: what it refuses, what it says, and how both are linked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from issued_support import (
    FONTS,
    call,
    copied,
    correction,
    good,
    later_data,
    listing,
    made_before,
    opened_up,
    refused,
    write_issue,
)

from reportkit.issuing.folder import corrections_of, folder_of, read_manifest
from reportkit.params.stages import load_stages


def issued_folder(home: Path, issue_id: str) -> Path:
    return folder_of(home / "outputs", issue_id)


def correct(home: Path, issue_id: str, own: str, *more: object) -> Any:
    return call("correct", issue_id, "--id", own, "--by", "赵", "--jobs", "1", FONTS,
                "--home", home, *more)  # fmt: skip


def noted(home: Path, unit: str) -> list[tuple[str, str]]:
    """Stage and id of each step of a document."""
    steps = load_stages(home, 2023).documents[f"{unit}/circular"]
    return [(step.stage, step.issue) for step in steps]


def lines(home: Path, issue_id: str, unit: str) -> list[str]:
    path = issued_folder(home, issue_id) / "documents" / unit / "correction.docx"
    return [p.text for p in docx.Document(str(path)).paragraphs if p.text.strip()]


@pytest.fixture(scope="module")
def corrected_once(issued_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """a1 corrected for dongling by c1, since a session less was reported; not to be changed."""
    home = copied(issued_once, tmp_path_factory.mktemp("corrected") / "workbook")
    later_data(home)
    correction(home, "c1", "a1", "dongling", numbers={"dongling": "岱能党〔2024〕9号"})
    result = correct(home, "a1", "c1")
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def corrected(corrected_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return copied(corrected_once, tmp_path / "workbook")


# --- one correction ---


def test_it_says_what_changes(corrected_once: Path, issued_once: Path) -> None:
    """The sentence as it was and as it is to read, with one session less; number and date."""
    said = lines(corrected_once, "c1", "dongling")
    before = _sessions(issued_once)
    assert any(
        f"“全年组织集体学习{before}次”更正为“全年组织集体学习{before - 1}次”" in line
        for line in said
    )
    assert "关于更正《" in said[0] + said[1] and "（岱能党〔2024〕4号）印发后" in "".join(said)
    assert "有关单位补报了材料" in "".join(said) and "2024年2月20日" in said[-1]
    manifest = read_manifest(issued_folder(corrected_once, "c1"))
    assert (manifest["corrects"], manifest["date"]) == ("a1", "2024-02-20")
    assert [d["number"] for d in manifest["documents"].values()] == ["岱能党〔2024〕9号"]


def _sessions(home: Path) -> int:
    path = issued_folder(home, "a1") / "documents" / "dongling" / "circular.formal.docx"
    text = "".join(p.text for p in docx.Document(str(path)).paragraphs)
    return int(text.partition("全年组织集体学习")[2].partition("次")[0])


def test_both_are_linked(corrected_once: Path, issued_once: Path) -> None:
    """The original names its correction and is unchanged else; stages name both, in order."""
    folder = issued_folder(corrected_once, "a1")
    assert corrections_of(folder) == [
        {"id": "c1", "number": "岱能党〔2024〕9号", "date": "2024-02-20"}
    ]
    before = listing(issued_folder(issued_once, "a1"))
    after = listing(folder)
    assert {n: h for n, h in after.items() if n not in ("corrections.json", ".")} == {
        n: h for n, h in before.items() if n != "."
    }
    assert noted(corrected_once, "dongling")[-2:] == [("已印发", "a1"), ("已印发", "c1")]
    assert noted(corrected_once, "group")[-1] == ("已印发", "a1")
    step = load_stages(corrected_once, 2023).of("dongling/circular")
    manifest = read_manifest(issued_folder(corrected_once, "c1"))
    assert step is not None and step.by == "赵"
    assert step.snapshots == {2023: manifest["snapshots"]["2023"]}


def test_both_are_proved(corrected_once: Path) -> None:
    """The correction is made again from its inputs, the issued Word copy among them."""
    folders = [issued_folder(corrected_once, name) for name in ("a1", "c1")]
    result = call("verify", folders[1], "--jobs", "1")
    assert result.exit_code == 0 and "the same inputs give the same bytes" in result.output
    result = call("verify", folders[0], "--no-remake")
    assert result.exit_code == 0 and "corrected by c1 (岱能党〔2024〕9号" in result.output


def test_a_link_that_was_taken_out(corrected: Path) -> None:
    """The original without its note: what corrects it is found all the same."""
    folder = issued_folder(corrected, "a1")
    opened_up(folder)
    (folder / "corrections.json").unlink()
    told = refused("verify", folder, "--no-remake", status=1)
    assert "corrections.json does not name c1" in told


def test_once_more_it_changes_nothing(corrected: Path) -> None:
    """The same call says so, also where records have changed since."""
    before = listing(corrected / "outputs" / "issued"), listing(corrected / "params")
    later_data(corrected, 13)
    result = correct(corrected, "a1", "c1")
    assert result.exit_code == 0 and "a1 was corrected already by c1" in result.output
    assert (listing(corrected / "outputs" / "issued"), listing(corrected / "params")) == before


@pytest.mark.parametrize("cut", ["link", "note"])
def test_cut_off_behind_the_rename(corrected: Path, cut: str) -> None:
    """The next call links and notes it as of then: with its snapshots, not today's."""
    folder = issued_folder(corrected, "a1")
    stages = corrected / "params" / "stages" / "2023.yml"
    text = stages.read_text(encoding="utf-8")
    begin = text.rindex("  - stage: 已印发", 0, text.index("issue: c1"))
    end = text.index("manifest: ", begin)
    end = text.index("\n", end) + 1
    stages.write_text(text[:begin] + text[end:], encoding="utf-8")
    if cut == "link":
        opened_up(folder)
        (folder / "corrections.json").unlink()
    assert noted(corrected, "dongling")[-1] == ("已印发", "a1")
    later_data(corrected, 13)
    assert correct(corrected, "a1", "c1").exit_code == 0
    assert stages.read_text(encoding="utf-8") == text
    assert [each["id"] for each in corrections_of(folder)] == ["c1"]


# --- further corrections ---


def test_a_chain(corrected: Path) -> None:
    """What c1 has in force is corrected by d1, not a1 again; each names the one before it."""
    later_data(corrected, 13)
    correction(corrected, "d1", "a1", "dongling", reason="")
    told = refused("correct", "a1", "--id", "d1", "--by", "赵", "--home", corrected)
    assert "dongling of a1 was corrected by c1" in told and "reportkit correct c1" in told
    correction(corrected, "d1", "c1", "units", reason="")
    result = correct(corrected, "c1", "d1")
    assert result.exit_code == 0, result.output
    said = "".join(lines(corrected, "d1", "dongling"))
    assert "（岱能党〔2024〕9号）" in said and "经核对，" in said
    sessions = _sessions(corrected)
    assert f"学习{sessions - 1}次”更正为“全年组织集体学习{sessions - 2}次”" in said
    assert [step for step in noted(corrected, "dongling") if step[1]] == [
        ("已印发", "a1"), ("已印发", "c1"), ("已印发", "d1"),
    ]  # fmt: skip
    names = ("a1", "c1", "d1")
    for name, by in zip(names, [["c1"], ["d1"], []], strict=True):
        assert [each["id"] for each in corrections_of(issued_folder(corrected, name))] == by
    folders = [issued_folder(corrected, name) for name in names]
    good("verify", *folders, "--no-remake")


def test_another_unit_of_the_same_issue(corrected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """c1 was about dongling: the group's is still as a1 has it, and may be corrected."""
    correction(corrected, "e1", "a1", "group", "dongling")
    assert "dongling of a1 was corrected by c1" in refused(
        "correct", "a1", "--id", "e1", "--by", "赵", "--home", corrected
    )
    correction(corrected, "e1", "a1", "group")
    monkeypatch.setattr("reportkit.cli.correct.run_from", made_before(corrected))
    told = refused("correct", "a1", "--id", "e1", "--by", "赵", "--home", corrected, status=1)
    assert "nothing differs from what was issued as a1" in told  # it was allowed to look


# --- refused ---


def test_nothing_differs(issued: Path, issued_once: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to correct: nothing is issued, linked or noted."""
    monkeypatch.setattr("reportkit.cli.correct.run_from", made_before(issued_once))
    correction(issued, "c1", "a1", "dongling")
    before = listing(issued_folder(issued, "a1")), listing(issued / "params")
    told = refused("correct", "a1", "--id", "c1", "--by", "赵", "--home", issued, status=1)
    assert "nothing differs" in told and not issued_folder(issued, "c1").exists()
    assert (listing(issued_folder(issued, "a1")), listing(issued / "params")) == before


def test_a_dry_run_corrects_nothing(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what would change."""
    run_from = made_before(issued)

    def otherwise(inputs: Path, act: Any, options: Any, into: Path, *units: Any) -> Any:
        entries = run_from(inputs, act, options, into, *units)
        path = into / "dongling" / "circular.formal.docx"
        document = docx.Document(str(path))
        line = next(p for p in document.paragraphs if "请认真整改" in p.text)
        line.runs[0].text = "请抓紧整改。"
        document.save(str(path))
        return entries

    monkeypatch.setattr("reportkit.cli.correct.run_from", otherwise)
    correction(issued, "c1", "a1", "units")
    before = listing(issued_folder(issued, "a1")), listing(issued / "params")
    result = correct(issued, "a1", "c1", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "“请认真整改”更正为“请抓紧整改”" in result.output and "would be" in result.output
    told = json.loads(correct(issued, "a1", "c1", "--dry-run", "--json").stdout)
    assert list(told["differences"]) == ["dongling/circular.formal"]
    assert not issued_folder(issued, "c1").exists()
    assert (listing(issued_folder(issued, "a1")), listing(issued / "params")) == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"corrects": None}, "corrects: (nothing)"),
        ({"corrects": "b1"}, "corrects: b1"),
        ({"documents": ["yunping"]}, "yunping was not issued by a1"),
        ({"documents": ["dongling", "canglu"]}, "canglu was not issued by a1"),
        ({"documents": ["nobody"]}, "nobody was not issued by a1"),
        ({"year": 2022}, "a correction of 2022"),
        ({"period": "2023Q3"}, "a correction of 2023Q3"),
        ({"edition": "draft"}, "a correction of 2023, draft"),
        ({"numbers": {"yunping": "岱能党〔2024〕9号"}}, "yunping is not among the documents"),
        ({"date": None}, "date: missing"),
    ],
)
def test_a_correction_of_something_else(issued: Path, fields: dict[str, Any], said: str) -> None:
    """Refused with status 2, with what is expected, before anything is made."""
    correction(issued, "c1", "a1", **{"documents": ["dongling"], **fields})
    before = listing(issued / "outputs" / "issued"), listing(issued / "params")
    told = refused("correct", "a1", "--id", "c1", "--by", "赵", "--home", issued)
    assert said in told and "expected:" in told
    assert (listing(issued / "outputs" / "issued"), listing(issued / "params")) == before


def test_what_was_changed_is_not_corrected(issued: Path) -> None:
    """A correction quotes what was issued: it has to be that."""
    correction(issued, "c1", "a1", "dongling")
    opened_up(issued_folder(issued, "a1"))
    path = issued_folder(issued, "a1") / "documents" / "dongling" / "circular.formal.docx"
    path.write_bytes(b"x")
    told = refused("correct", "a1", "--id", "c1", "--by", "赵", "--home", issued)
    assert "a1 is not as it was issued: documents/dongling/circular.formal.docx was" in told


@pytest.mark.parametrize("issue_id", ["gone", "..", "a1/inputs"])
def test_what_was_never_issued(issued: Path, issue_id: str) -> None:
    """There is nothing to correct."""
    correction(issued, "c1", "a1", "dongling")
    told = refused("correct", issue_id, "--id", "c1", "--by", "赵", "--home", issued)
    assert "corrects: a1" in told
    write_issue(issued, "b1")
    correction(issued, "c2", "b1", "dongling")
    assert "no issue.json" in refused("correct", "b1", "--id", "c2", "--by", "赵", "--home", issued)


def test_an_id_that_was_issued_for_something_else(corrected: Path) -> None:
    """c1 corrects a1: it does not come to correct another, or itself."""
    correction(corrected, "c1", "c1", "dongling")
    told = refused("correct", "c1", "--id", "c1", "--by", "赵", "--home", corrected)
    assert "c1 was issued already, and corrects a1" in told


def test_issue_and_correct_are_not_mixed_up(issued: Path) -> None:
    """`issue` makes no correction, `correct` no issue."""
    correction(issued, "c1", "a1", "dongling")
    told = refused("issue", "c1", "--by", "赵", "--home", issued)
    assert "reportkit correct a1 --id c1" in told
