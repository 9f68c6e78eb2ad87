"""``reportkit deliver``: each unit gets its own papers, once, and what was done is on record."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from aiosmtpd.controller import Controller
from mail_support import Box, serving
from test_cli_commands import call
from workbook_support import without_records, write_workbook

UNITS = ("dongling", "xiling")


def make(home: Path, *units: str) -> None:
    """Papers of all units, by a publisher that only writes text."""
    from batch_support import options

    from reportkit.batch.contract import Selection
    from reportkit.batch.run import run
    from reportkit.cli.workbook import StudyWorkbook

    wanted = options(formats=("html", "pdf", "docx"), jobs=1, warm=False)
    result = run(StudyWorkbook(home), Selection((2023,), units), wanted, lambda _: None)
    assert result.exit_status == 0


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the command line's tests, with its papers, made once."""
    folder = write_workbook(tmp_path_factory.mktemp("made"))
    with pytest.MonkeyPatch.context() as patch:
        without_records(patch)
        make(folder)
    return folder


@pytest.fixture
def made(
    template: Path, home: Path, no_records: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of it, and the user in it."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(template, home)
    monkeypatch.chdir(home)
    return home


def tree(folder: Path) -> dict[str, bytes]:
    """All files below, by name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def delivered(home: Path) -> Path:
    """Where the papers of the year are."""
    return home / "outputs" / "delivery" / "2023"


def recorded(home: Path) -> dict[str, Any]:
    """The year's manifest."""
    content = json.loads((delivered(home) / "manifest.json").read_text(encoding="utf-8"))
    return dict(content)


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    """The rows of a list, below its head."""
    sheet = openpyxl.load_workbook(path).active
    return [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]


def reword(home: Path, text: str) -> None:
    """An analyst changes the units' notebook."""
    path = home / "notebooks" / "unit_circular.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("，{year}", f"{text}，{{year}}"),
                    encoding="utf-8")  # fmt: skip


# --- folders ---


def test_each_unit_has_its_own_papers_and_no_others(made: Path) -> None:
    """PDF and Word, as made; hashes in the manifest; neither the group's nor a closed unit's."""
    result = call("deliver")
    assert result.exit_code == 0, result.output
    folders = sorted(path.name for path in delivered(made).iterdir() if path.is_dir())
    assert folders == list(UNITS)
    for unit in UNITS:
        there = tree(delivered(made) / unit)
        assert sorted(there) == ["circular.docx", "circular.pdf"]
        for name, content in there.items():
            assert content == (made / "outputs" / "2023" / unit / name).read_bytes()
            line = recorded(made)["units"][unit][name]
            assert line["sha256"] == hashlib.sha256(content).hexdigest()
            assert line["bytes"] == len(content) and line["version"] == 1


def test_a_second_call_changes_nothing(made: Path) -> None:
    """Not a byte of folders, list and manifest."""
    call("deliver")
    before = tree(made / "outputs" / "delivery")
    result = call("deliver")
    assert result.exit_code == 0 and "0 files changed, 4 as before" in result.output
    assert tree(made / "outputs" / "delivery") == before


def test_a_dry_run_shows_all_and_does_nothing(made: Path) -> None:
    """Not even an empty folder, or a record."""
    before = tree(made)
    folders = {path for path in made.rglob("*") if path.is_dir()}
    result = call("deliver", "--dry-run", "--json")
    told = json.loads(result.stdout)
    assert [(e["unit"], e["name"], e["what"]) for e in told["files"]] == [
        (unit, f"circular.{ending}", "new") for unit in UNITS for ending in ("pdf", "docx")
    ]
    assert tree(made) == before
    assert {path for path in made.rglob("*") if path.is_dir()} == folders


@pytest.mark.parametrize("as_made", [False, True])
def test_what_is_not_up_to_date_is_held_back(made: Path, as_made: bool) -> None:
    """And said why; as made it goes out only if somebody says so."""
    reword(made, "（新）")
    result = call("deliver", *(["--as-made"] if as_made else []))
    if as_made:
        assert result.exit_code == 0 and len(tree(delivered(made))) == 6
    else:
        assert result.exit_code == 1 and "notebook" in result.output
        assert not delivered(made).exists()


def test_what_was_not_made_anew_with_the_rest_is_told_and_stays_behind(made: Path) -> None:
    """A new page beside the PDF and Word copy of before: said by all that show, refused by all
    that take them, also as made; a format that was made with the page goes out."""
    reword(made, "（新）")
    result = call("run", "--format", "html", "--unit", "xiling")
    assert result.exit_code == 0, result.output
    stale = "2023/xiling/circular.pdf, 2023/xiling/circular.docx"
    assert f"stale, not made anew with the rest: {stale}; next" in result.output
    assert stale in call("plan", "--format", "html", "--unit", "xiling").output
    told = call("status")
    assert told.exit_code == 0, "nobody asked for it"
    assert "stale: circular.pdf is stale; circular.docx is stale" in told.output
    assert "next, for stale files: reportkit run --year 2023 --unit xiling" in told.output
    page = (made / "outputs" / "index" / "xiling.html").read_text(encoding="utf-8")
    assert ">PDF（已过时）</a>" in page and ">Word（已过时）</a>" in page and ">网页</a>" in page
    for more in ([], ["--as-made"], ["--as-made", "--format", "html,pdf"]):
        held = call("deliver", "--unit", "xiling", *more)
        assert held.exit_code == 1 and "circular.pdf is stale" in held.output
        assert not delivered(made).exists()
    assert call("deliver", "--unit", "xiling", "--format", "html").exit_code == 0


@pytest.mark.parametrize("as_made", [[], ["--as-made"]])
def test_what_waits_for_a_person_goes_out_once_somebody_confirms_it(
    made: Path, as_made: list[str]
) -> None:
    """What is confirmed is on record, by whom and why; what is new holds it back again."""

    def hold(*what: str) -> None:
        path = made / "outputs" / "2023" / "manifest.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        content.pop("sha256", None)  # as an older version has it: unchecked
        content["documents"]["dongling/circular"]["held"] = list(what)
        path.write_text(json.dumps(content), encoding="utf-8")

    release = ("stage", "release", "--unit", "dongling", "--by", "李娜")
    hold("cell 7: “高峰” stands in “防汛高峰期”")
    result = call("deliver", *as_made)
    assert result.exit_code == 1 and "cell 7" in result.output
    assert "reportkit stage release --unit dongling" in result.output
    assert not (delivered(made) / "dongling").exists() and (delivered(made) / "xiling").exists()
    assert call(*release).exit_code == 2, "a reason is wanted"
    assert call(*release, "--why", "普通词语").exit_code == 0
    kept = (made / "params" / "stages" / "2023.yml").read_text(encoding="utf-8")
    assert "李娜" in kept and "普通词语" in kept and "防汛高峰期" in kept
    assert call("deliver", *as_made).exit_code == 0 and (delivered(made) / "dongling").exists()
    hold("cell 7: “高峰” stands in “防汛高峰期”", "cell 8: “曹博” stands in “由曹博主持”")
    result = call("deliver", *as_made)
    assert result.exit_code == 1 and "cell 8" in result.output and "cell 7" not in result.output


@pytest.mark.parametrize("harm", ["changed", "gone", "failed", "blocked"])
def test_what_is_not_whole_never_goes_out(
    made: Path, no_records: dict[str, str], harm: str
) -> None:
    """The other unit's does, and the status says that something is missing."""
    paper = made / "outputs" / "2023" / "xiling" / "circular.pdf"
    if harm == "changed":
        paper.write_bytes(paper.read_bytes() + b" ")
    elif harm == "gone":
        paper.unlink()
    elif harm == "blocked":
        no_records["xiling"] = "2023年未收到报送材料"
    else:
        manifest = made / "outputs" / "2023" / "manifest.json"
        content = json.loads(manifest.read_text(encoding="utf-8"))
        content.pop("sha256", None)  # as an older version has it: unchecked
        content["documents"]["xiling/circular"]["last_result"]["state"] = "failed"
        content["documents"]["xiling/circular"]["last_result"]["error"] = {
            "type": "ValueError", "message": "m", "cell": 3, "notebook": None}  # fmt: skip
        manifest.write_text(json.dumps(content), encoding="utf-8")
    result = call("deliver", *(["--as-made"] if harm in ("changed", "gone") else []))
    assert result.exit_code == 1 and "xiling/circular" in result.output
    assert (delivered(made) / "dongling" / "circular.pdf").is_file()
    assert not (delivered(made) / "xiling").exists()


def test_a_spoilt_folder_is_put_right(made: Path) -> None:
    """A paper that somebody wrote over in the folder is the one that was made again."""
    call("deliver")
    target = delivered(made) / "dongling" / "circular.pdf"
    good = target.read_bytes()
    target.write_bytes(b"%PDF other")
    (delivered(made) / "dongling" / "我的说明.txt").write_text("own", encoding="utf-8")
    assert "replaced" in call("deliver").output
    assert target.read_bytes() == good
    assert (delivered(made) / "dongling" / "我的说明.txt").read_text(encoding="utf-8") == "own"


def test_a_call_that_is_cut_off_goes_on(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the second unit: what was handed out is on record, the rest follows."""
    from reportkit.delivery import handing

    real = handing.replace_file

    def full(path: Path, content: bytes) -> None:
        if path.parent.name == "xiling":
            raise OSError(28, "No space left on device", str(path))
        real(path, content)

    monkeypatch.setattr(handing, "replace_file", full)
    result = call("deliver")
    assert result.exit_code != 0 and "Traceback" not in result.output
    assert set(recorded(made)["units"]) == {"dongling"}
    monkeypatch.undo()
    monkeypatch.chdir(made)
    # what the fixture had put in place of the year's figures is gone with the rest
    from reportkit import annual

    for name in ("known_slices", "slices"):
        monkeypatch.setattr(
            annual, name, lambda home, year, period=None, pins=(): annual.Slices({}, {})
        )
    assert call("deliver").exit_code == 0
    assert set(recorded(made)["units"]) == set(UNITS)
    assert [row[1] for row in rows_of(delivered(made) / "receipts-1.xlsx")] == [
        "东岭公司全称", "西岭公司全称",
    ]  # fmt: skip


# --- 签收单 ---


def test_the_list_names_units_in_official_order_and_is_no_formula(made: Path) -> None:
    """A unit's name is text, whatever it begins with; its telephone can be read."""
    units = made / "params" / "units.yml"
    text = units.read_text(encoding="utf-8").replace("name: 西岭公司全称", 'name: "=1+1|西岭"')
    text = text.replace("order: 3,", "order: 3, contact: 张三, telephone: '13900000000',")
    units.write_text(text, encoding="utf-8")
    make(made)
    assert call("deliver").exit_code == 0
    first, second = rows_of(delivered(made) / "receipts-1.xlsx")
    assert first[:4] == (
        "1",
        "东岭公司全称",
        "东岭公司2023年度通报.docx\n东岭公司2023年度通报.pdf",
        "2",
    )
    assert second[1] == "=1+1|西岭" and second[4:6] == ("张三", "13900000000")
    sheet = openpyxl.load_workbook(delivered(made) / "receipts-1.xlsx").active
    assert sheet["B5"].data_type == "s" and sheet["B5"].quotePrefix


def test_a_list_that_is_filled_in_is_never_touched(made: Path) -> None:
    """What is new since then stands on another; one that nobody touched is made anew."""
    call("deliver", "--unit", "dongling")
    first = delivered(made) / "receipts-1.xlsx"
    call("deliver")
    assert [row[1] for row in rows_of(first)] == ["东岭公司全称", "西岭公司全称"]
    assert not (delivered(made) / "receipts-2.xlsx").exists()

    book = openpyxl.load_workbook(first)
    book.active["H4"] = "张三"
    book.save(first)
    signed = first.read_bytes()
    reword(made, "（更正）")
    make(made, "xiling")
    result = call("deliver", "--unit", "xiling")
    assert result.exit_code == 0 and "receipts-2.xlsx" in result.output
    assert first.read_bytes() == signed
    ((_, unit, papers, *_),) = rows_of(delivered(made) / "receipts-2.xlsx")
    assert unit == "西岭公司全称" and papers.count("（第2次）") == 2
    lines = recorded(made)["units"]
    assert {line["receipts"] for line in lines["xiling"].values()} == {"receipts-2.xlsx"}
    assert {line["receipts"] for line in lines["dongling"].values()} == {"receipts-1.xlsx"}
    assert {line["version"] for line in lines["xiling"].values()} == {2}


def test_a_stranger_s_file_is_not_taken_for_a_list(made: Path) -> None:
    """One that lies there under the next name stays."""
    delivered(made).mkdir(parents=True)
    (delivered(made) / "receipts-1.xlsx").write_bytes(b"somebody's own")
    assert call("deliver").exit_code == 0
    assert (delivered(made) / "receipts-1.xlsx").read_bytes() == b"somebody's own"
    assert len(rows_of(delivered(made) / "receipts-2.xlsx")) == 2


# --- annexes ---


def test_annexes_go_to_all_or_to_one_and_can_be_withdrawn(made: Path) -> None:
    """Files beside the papers; what an editor leaves behind is none."""
    annexes = made / "data" / "annexes" / "2023"
    (annexes / "xiling").mkdir(parents=True)
    (annexes / "整改台账.xlsx").write_bytes(b"for all")
    (annexes / "xiling" / "附件2.docx").write_bytes(b"for one")
    (annexes / "~$整改台账.xlsx").write_bytes(b"lock")
    assert call("deliver").exit_code == 0
    assert sorted(tree(delivered(made) / "dongling")) == [
        "circular.docx", "circular.pdf", "整改台账.xlsx",
    ]  # fmt: skip
    assert tree(delivered(made) / "xiling")["附件2.docx"] == b"for one"
    (annexes / "xiling" / "附件2.docx").unlink()
    assert "withdrawn" in call("deliver").output
    assert "附件2.docx" not in tree(delivered(made) / "xiling")
    assert "附件2.docx" not in rows_of(delivered(made) / "receipts-1.xlsx")[1][2]
    assert "附件2.docx" not in recorded(made)["units"]["xiling"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("xilling/a.pdf", "xilling"),
        ("Circular.PDF", "Circular.PDF"),
        ("con.pdf", "con.pdf"),
        ("a:b.pdf", "a:b.pdf"),
        ("a.pdf.", "a.pdf."),
    ],
)
def test_an_annex_that_cannot_be_is_refused_before_anything_is_done(
    made: Path, path: str, told: str
) -> None:
    """A folder of no unit; a name that is a paper's; names that Windows does not take."""
    file = made / "data" / "annexes" / "2023" / path
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    result = call("deliver")
    assert result.exit_code == 2 and told in result.output and "expected:" in result.output
    assert not delivered(made).exists()


def test_a_link_that_leads_nowhere_is_no_annex_that_is_left_out(made: Path) -> None:
    """It is named: somebody meant a file to go out."""
    annexes = made / "data" / "annexes" / "2023"
    annexes.mkdir(parents=True)
    (annexes / "台账.xlsx").symlink_to(made / "gone.xlsx")
    result = call("deliver")
    assert result.exit_code == 2 and "台账.xlsx" in result.output
    assert not delivered(made).exists()


# --- what can be asked for ---


@pytest.mark.parametrize(
    "arguments",
    [
        ("--unit", "group"), ("--unit", "working_paper"), ("--notebook", "working_paper"),
        ("--format", "exe"), ("--again",), ("--year", "1999"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_and_nothing_is_done(made: Path, arguments: tuple[str, ...]) -> None:
    """What is for the office alone goes to no unit."""
    result = call("deliver", *arguments)
    assert result.exit_code == 2 and "Traceback" not in result.output
    assert not delivered(made).exists()


def test_a_damaged_record_is_named_and_left_alone(made: Path) -> None:
    """Nothing is handed out over it."""
    delivered(made).mkdir(parents=True)
    (delivered(made) / "manifest.json").write_text('{"units": ', encoding="utf-8")
    result = call("deliver")
    assert result.exit_code == 2 and "manifest.json" in result.output and "next:" in result.output
    assert list(tree(delivered(made))) == ["manifest.json"]


def test_the_group_s_circular_goes_along_where_that_is_switched_on(made: Path) -> None:
    """Under a name of its own."""
    settings(made, "deliver: {with_group: true, formats: [pdf]}")
    assert call("deliver").exit_code == 0
    there = tree(delivered(made) / "xiling")
    assert sorted(there) == ["circular.pdf", "group.circular.pdf"]
    group = (made / "outputs" / "2023" / "group" / "circular.pdf").read_bytes()
    assert there["group.circular.pdf"] == group != there["circular.pdf"]


@pytest.mark.parametrize(
    "content",
    [
        {"units": {"dongling": {"../../../params/units.yml": {}}}, "lists": []},
        {"units": {"dongling": {"circular.pdf": {"version": "x"}}}, "lists": []},
        {"units": {"dongling": {"circular.pdf": {"receipts": "../x"}}}, "lists": []},
        {"units": {}, "lists": {}},
        {"units": [], "lists": []},
        [],
    ],
)
def test_a_record_that_cannot_be_ours_is_damaged(made: Path, content: Any) -> None:
    """Names that lead elsewhere above all: nothing is taken away on such a word."""
    line = {"document": "annex/2023", "shown": "a", "sha256": "b", "bytes": 1, "version": 1,
            "at": "x", "receipts": None}  # fmt: skip
    if isinstance(content, dict) and isinstance(content["units"], dict):
        for lines in content["units"].values():
            for name, changes in lines.items():
                lines[name] = {**line, **changes}
    delivered(made).mkdir(parents=True)
    (delivered(made) / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    before = tree(made)
    result = call("deliver")
    assert result.exit_code == 2 and "is damaged" in result.output, result.output
    assert tree(made) == before


def test_a_list_that_was_thrown_away_is_made_again(made: Path) -> None:
    """All that stood on it stands on the next."""
    call("deliver")
    (delivered(made) / "receipts-1.xlsx").unlink()
    assert call("deliver").exit_code == 0
    (path,) = delivered(made).glob("receipts-*.xlsx")
    assert len(rows_of(path)) == 2


@pytest.mark.parametrize("path", ["a.txt", "附件/a.txt", "2023/dongling/sub/a.txt", "202/a.txt"])
def test_an_annex_in_the_wrong_place_is_told(made: Path, path: str) -> None:
    """It would be left out in silence otherwise; what a file manager leaves is passed over."""
    file = made / "data" / "annexes" / path
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    (made / "data" / "annexes" / "Thumbs.db").write_bytes(b"x")
    result = call("deliver")
    assert result.exit_code == 2 and "data/annexes" in result.output, result.output
    file.unlink()
    shutil.rmtree(made / "data" / "annexes" / path.split("/")[0], ignore_errors=True)
    assert call("deliver").exit_code == 0
    assert "Thumbs.db" not in tree(delivered(made) / "dongling")


# --- mail ---


def settings(home: Path, text: str) -> None:
    """params/delivery.yml."""
    (home / "params" / "delivery.yml").write_text(text, encoding="utf-8")


def addressed(home: Path, port: int, **addresses: str) -> None:
    """Units with addresses, mail switched on, and the server."""
    units = home / "params" / "units.yml"
    text = re.sub(r", email: [^,}]+", "", units.read_text(encoding="utf-8"))
    for unit, address in addresses.items():
        text = re.sub(rf"unit_id: {unit},", rf"unit_id: {unit}, email: {address},", text)
    units.write_text(text, encoding="utf-8")
    settings(home, "deliver: {mail: true}")
    (home / "params" / "schedule.yml").write_text(
        f"mail: {{server: 127.0.0.1, port: {port}, security: none, sender: office@example.com}}",
        encoding="utf-8",
    )


def port_of(server: Controller) -> int:
    """Where it listens."""
    return int(server.server.sockets[0].getsockname()[1])


BOTH = {"dongling": "d@example.com", "xiling": "x@example.com"}


@pytest.fixture
def mailed(made: Path, server: Controller) -> Path:
    """The same, where both units have an address and mail is switched on.

    That makes no paper anew.
    """
    addressed(made, port_of(server), **BOTH)
    return made


def enclosed(message: Any) -> dict[str, bytes]:
    """A letter's files."""
    parts = message.iter_attachments()
    return {part.get_filename(): part.get_payload(decode=True) for part in parts}


def test_without_a_switch_nothing_is_mailed(mailed: Path, box: Box) -> None:
    """Addresses and a server alone do not do it."""
    settings(mailed, "deliver: {mail: false}")
    assert call("deliver").exit_code == 0
    (mailed / "params" / "delivery.yml").unlink()
    assert call("deliver").exit_code == 0
    settings(mailed, "deliver: {mail: true}")
    assert call("deliver", "--no-mail").exit_code == 0
    dry = json.loads(call("deliver", "--dry-run", "--json").stdout)
    assert {each["state"] for each in dry["letters"]} == {"to send"}
    assert box.taken == []


def test_each_unit_is_sent_its_own_papers_once(mailed: Path, box: Box) -> None:
    """Under Chinese names, with their hashes in the letter; who got what and when is on record."""
    assert call("deliver").exit_code == 0
    assert sorted(box.recipients) == ["d@example.com", "x@example.com"]
    for to, message in box.taken:
        unit = {address: unit for unit, address in BOTH.items()}[to[0]]
        label = {"dongling": "东岭公司", "xiling": "西岭公司"}[unit]
        files = enclosed(message)
        assert set(files) == {f"{label}2023年度通报.pdf", f"{label}2023年度通报.docx"}
        for name, content in files.items():
            made = mailed / "outputs" / "2023" / unit / f"circular{Path(name).suffix}"
            assert content == made.read_bytes()
            text = message.get_body(("plain",)).get_content()
            assert hashlib.sha256(content).hexdigest() in text
        other = {"东岭公司": "西岭公司", "西岭公司": "东岭公司"}[label]
        assert other not in message.as_string() and other not in text
    for _ in range(2):
        assert call("deliver").exit_code == 0
    assert len(box.taken) == 2
    sent = json.loads(call("deliver", "--sent", "--json").stdout)
    assert {(each["unit"], each["recipient"], each["state"]) for each in sent} == {
        (unit, address, "sent") for unit, address in BOTH.items()
    }
    assert all(each["sent"] and len(each["files"]) == 2 for each in sent)


def test_only_what_is_new_is_sent_later(mailed: Path, box: Box) -> None:
    """A paper made anew, an annex added: the unit gets these, and not the rest again."""
    call("deliver")
    annexes = mailed / "data" / "annexes" / "2023" / "xiling"
    annexes.mkdir(parents=True)
    (annexes / "附件.txt").write_bytes(b"new")
    call("deliver")
    assert box.recipients[2:] == ["x@example.com"]
    assert enclosed(box.taken[2][1]) == {"附件.txt": b"new"}
    reword(mailed, "（更正）")
    make(mailed)
    call("deliver")
    assert sorted(box.recipients[3:]) == ["d@example.com", "x@example.com"]
    assert all("附件.txt" not in enclosed(message) for _, message in box.taken[3:])


def test_again_sends_again_and_only_to_whom_was_named(mailed: Path, box: Box) -> None:
    """The unit lost its letter."""
    call("deliver")
    assert call("deliver", "--again", "--unit", "xiling").exit_code == 0
    assert box.recipients[2:] == ["x@example.com"]
    assert len(enclosed(box.taken[2][1])) == 2


def test_a_refused_address_is_told_and_a_corrected_one_gets_the_papers(
    mailed: Path, box: Box
) -> None:
    """The other unit has its own, and gets no second."""
    box.refused = {"x@example.com"}
    result = call("deliver")
    assert result.exit_code == 1 and "550 no such user here" in result.output
    addressed(mailed, box_port(mailed), dongling="d@example.com", xiling="new@example.com")
    assert call("deliver").exit_code == 0
    assert box.recipients == ["d@example.com", "new@example.com"]


def box_port(home: Path) -> int:
    """The port in the schedule."""
    text = (home / "params" / "schedule.yml").read_text(encoding="utf-8")
    found = re.search(r"port: (\d+)", text)
    assert found
    return int(found[1])


def test_a_unit_without_an_address_is_told(mailed: Path, box: Box) -> None:
    """Its folder is there; somebody has to carry it."""
    addressed(mailed, box_port(mailed), dongling="d@example.com")
    result = call("deliver")
    assert result.exit_code == 0 and "xiling" in result.output and "no address" in result.output
    assert box.recipients == ["d@example.com"]
    assert (delivered(mailed) / "xiling" / "circular.pdf").is_file()


def test_a_server_that_breaks_off_loses_nothing_and_doubles_nothing(mailed: Path, box: Box) -> None:
    """One letter went, the other did not: the next call sends that one."""
    box.fall_silent_after = 1
    assert call("deliver").exit_code == 1
    assert len(box.taken) == 1
    box.fall_silent_after = None
    assert call("deliver").exit_code == 0
    assert sorted(box.recipients) == ["d@example.com", "x@example.com"]


def test_a_paper_made_anew_while_the_server_was_down_goes_out_alone(made: Path, box: Box) -> None:
    """Nobody ever gets the old one; the letter that held it is overtaken."""
    with serving(Box()) as gone:
        port = port_of(gone)
    addressed(made, port, **BOTH)
    assert call("deliver").exit_code == 1
    reword(made, "（更正）")
    make(made)
    with serving(box) as server:
        addressed(made, port_of(server), **BOTH)
        assert call("deliver").exit_code == 0
    assert sorted(box.recipients) == ["d@example.com", "x@example.com"]
    for to, message in box.taken:
        unit = {address: unit for unit, address in BOTH.items()}[to[0]]
        paper = made / "outputs" / "2023" / unit / "circular.pdf"
        assert paper.read_bytes() in enclosed(message).values()
        assert "（更正）".encode() in paper.read_bytes()
    states = [each["state"] for each in json.loads(call("deliver", "--sent", "--json").stdout)]
    assert sorted(states) == ["given up", "given up", "sent", "sent"]


def test_mail_without_a_server_is_refused_before_anything_is_done(mailed: Path) -> None:
    """Where to describe it is said."""
    (mailed / "params" / "schedule.yml").unlink()
    result = call("deliver")
    assert result.exit_code == 2 and "params/schedule.yml" in result.output
    assert not delivered(mailed).exists()


def annex(home: Path, content: bytes) -> None:
    """An annex of one unit."""
    path = home / "data" / "annexes" / "2023" / "xiling" / "附件.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_what_is_put_back_is_sent_again(mailed: Path, box: Box) -> None:
    """Else the unit would keep the wrong one as the latest."""
    for content in (b"right", b"wrong", b"right"):
        annex(mailed, content)
        assert call("deliver").exit_code == 0
    sent = [enclosed(message).get("附件.txt") for to, message in box.taken
            if to == ["x@example.com"]]  # fmt: skip
    assert sent == [b"right", b"wrong", b"right"]


def test_a_narrower_call_takes_nothing_from_letters_that_wait(mailed: Path, box: Box) -> None:
    """The PDF asked for alone, while PDF and Word wait: both reach the unit."""
    box.busy = {"x@example.com"}
    assert call("deliver").exit_code == 1
    assert call("deliver", "--format", "pdf", "--unit", "xiling").exit_code == 1
    box.busy = set()
    assert call("deliver", "--unit", "xiling").exit_code == 0
    ((_, message),) = [each for each in box.taken if each[0] == ["x@example.com"]]
    assert len(enclosed(message)) == 2


def test_the_list_tells_how_papers_really_went(mailed: Path, box: Box) -> None:
    """Who waits for a letter is said to; an address corrected later did not get it."""
    box.busy = {"x@example.com"}
    call("deliver")
    ways = [row[6] for row in rows_of(delivered(mailed) / "receipts-1.xlsx")]
    assert ways == ["电子邮件\nd@example.com", "电子邮件（待发）\nx@example.com"]
    box.busy = set()
    call("deliver")
    addressed(mailed, box_port(mailed), dongling="new@example.com", xiling="x@example.com")
    result = call("deliver")
    assert result.exit_code == 0 and "--again --unit dongling" in result.output
    ways = [row[6] for row in rows_of(delivered(mailed) / "receipts-1.xlsx")]
    assert ways == ["电子邮件\nd@example.com", "电子邮件\nx@example.com"]


def test_two_units_with_one_address_are_refused(mailed: Path, box: Box) -> None:
    """One of them would get the other's papers."""
    addressed(mailed, box_port(mailed), dongling="d@example.com", xiling="D@example.com")
    result = call("deliver")
    assert result.exit_code == 2 and "dongling and xiling have one address" in result.output
    assert not box.taken and not delivered(mailed).exists()


def test_only_letters_to_units_are_sent(mailed: Path, box: Box) -> None:
    """What else waits in the outbox is another command's."""
    import datetime as dt

    from reportkit.notice import Letter, Outbox

    with Outbox(mailed / "outputs") as outbox:
        letter = Letter("other").to_json()
        outbox.add({"other/1": ("o@example.com", letter)}, dt.datetime.now(dt.UTC))
    assert call("deliver").exit_code == 0
    assert sorted(box.recipients) == ["d@example.com", "x@example.com"]
