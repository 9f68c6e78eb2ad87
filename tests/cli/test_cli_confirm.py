"""``reportkit confirm``: files, papers, waivers, objections and answers, and how units stand."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_cli_commands import call

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "confirming"), str(TESTS / "circular")]

from confirming_support import Form, made, small_workbook  # noqa: E402

UNITS = ["dongling", "yunping", "canglu"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of three units, 2023 imported; tests copy it."""
    return small_workbook(tmp_path_factory.mktemp("confirm") / "workbook")


@pytest.fixture(scope="module")
def forms(small: Path) -> dict[str, bytes]:
    """unit_id → its 数据确认单."""
    return {unit: made(small, unit) for unit in UNITS[:2]}


@pytest.fixture
def home(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the user in it."""
    shutil.copytree(small, tmp_path / "workbook")
    monkeypatch.chdir(tmp_path / "workbook")
    monkeypatch.delenv("REPORTKIT_HOME", raising=False)
    (tmp_path / "workbook" / "data" / "confirmations" / "2023").mkdir(parents=True)
    return tmp_path / "workbook"


@pytest.fixture
def inbox(home: Path) -> Path:
    """Where units' answers are put."""
    return home / "data" / "confirmations" / "2023"


def states() -> dict[str, str]:
    """unit → how it stands."""
    return {each["unit"]: each["state"] for each in listed()}


def listed() -> list[dict[str, Any]]:
    """What --list tells programs."""
    result = call("confirm", "--list", "--json")
    assert result.exit_code == 0, result.output
    return list(json.loads(result.stdout))


def recorded(home: Path) -> Any:
    """The file, as YAML."""
    path = home / "params" / "confirmations" / "2023.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_a_folder_of_answers(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """One confirms, one objects, one is a scan: each gets its due, and the status says 1."""
    Form(forms["dongling"]).tick("数据无误").sign().save(inbox / "东岭.docx")
    objecting = Form(forms["yunping"]).say("集体学习", "否").remark("集体学习", "应为21次")
    objecting.sign("李强", "2024.1.4").save(inbox / "b.docx")
    (inbox / "苍麓矿业.pdf").write_bytes(b"%PDF-1.7\n")
    (inbox / "~$东岭.docx").write_bytes(b"lock")
    result = call("confirm")
    assert result.exit_code == 1
    assert "东岭.docx (dongling): confirmed by 王芳 on 2024-01-05" in result.stdout
    assert "yunping-1: 集体学习：应为21次" in result.stdout
    assert "苍麓矿业.pdf: refused" in result.stderr
    assert "请用 Word 文档填报或由办公室登记纸质件" in result.stderr and "~$" not in result.output
    assert states() == {"dongling": "confirmed", "yunping": "objected", "canglu": "none"}
    (objection,) = recorded(home)["objections"]
    assert str(objection.pop("received_on")) == "2024-01-04"
    assert objection == {
        "id": "yunping-1", "unit": "yunping", "about": "集体学习", "text": "应为21次",
    }  # fmt: skip


def test_reading_again_changes_nothing(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """Not a byte, though the file got another name."""
    form = Form(forms["yunping"]).say("集体学习", "否").sign().save(inbox / "a.docx")
    assert call("confirm").exit_code == 0
    before = (home / "params" / "confirmations" / "2023.yml").read_bytes()
    form.rename(inbox / "z.docx")
    result = call("confirm")
    assert result.exit_code == 0 and "(recorded before)" in result.stdout
    assert (home / "params" / "confirmations" / "2023.yml").read_bytes() == before


def test_two_answers_of_one_unit(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """The later date wins, whatever the files are called; the earlier is kept."""
    Form(forms["dongling"]).tick("数据无误").sign(day="2024年1月8日").save(inbox / "a.docx")
    Form(forms["dongling"]).tick("有异议").sign(day="2024年1月5日").save(inbox / "b.docx")
    assert call("confirm").exit_code == 0
    assert states()["dongling"] == "confirmed"
    answers = recorded(home)["units"]["dongling"]["answers"]
    assert [(str(a["signed_on"]), a["result"], a["file"]) for a in answers] == [
        ("2024-01-05", "objected", "b.docx"), ("2024-01-08", "confirmed", "a.docx"),
    ]  # fmt: skip


def test_of_one_day_the_objection_counts(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """Which of the two came later nobody knows: none is covered up."""
    Form(forms["dongling"]).tick("有异议").sign().save(inbox / "a.docx")
    Form(forms["dongling"]).tick("数据无误").sign().save(inbox / "b.docx")
    assert call("confirm").exit_code == 0
    assert states()["dongling"] == "objected"


def test_an_objection_is_answered(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """With its correction; then the unit no longer holds up the issue."""
    Form(forms["yunping"]).say("集体学习", "否").sign().save(inbox / "a.docx")
    call("confirm")
    result = call("confirm", "--answer", "yunping-1", "--text", "已核：“联学”按1次计",
                  "--by", "李强", "--correction", "无", "--on", "2024-01-06")  # fmt: skip
    assert result.exit_code == 0 and "yunping: confirmed" in result.stdout, result.output
    (objection,) = recorded(home)["objections"]
    assert (objection["answer"], objection["correction"]) == ("已核：“联学”按1次计", "无")
    yunping = next(each for each in listed() if each["unit"] == "yunping")
    assert not yunping["blocks"] and objection["figures"] == yunping["figures"]
    again = call("confirm", "--answer", "yunping-1", "--text", "x", "--by", "y")
    assert again.exit_code == 2 and "answered on 2024-01-06" in again.stderr


def test_figures_that_change_after_the_confirmation(
    home: Path, inbox: Path, forms: dict[str, bytes]
) -> None:
    """Another convention, other figures: outdated; a form made before says what has changed."""
    path = Form(forms["dongling"]).tick("数据无误").sign().save(inbox / "a.docx")
    call("confirm")
    year = home / "params" / "2023.yml"
    text = year.read_text(encoding="utf-8")
    assert "switched_off: [" in text
    year.write_text(text.replace("switched_off: [", "switched_off: [M1, "), encoding="utf-8")
    assert states()["dongling"] == "outdated"
    Form(path.read_bytes()).sign(day="2024年1月6日").save(inbox / "b.docx")
    result = call("confirm", inbox / "b.docx")
    assert "outdated" in result.stdout and "集体学习：不再列入" in result.stdout
    assert states()["dongling"] == "outdated"


def test_a_paper(home: Path) -> None:
    """Registered by the office, of the figures now or of those that the paper bears."""
    result = call("confirm", "--unit", "dongling", "--signed-by", "王芳", "--on", "2024-01-05")
    assert result.exit_code == 0 and "dongling: confirmed" in result.stdout
    call("confirm", "--unit", "yunping", "--signed-by", "李强", "--on", "2024-01-05",
         "--figures", "bcdf ghjk lmnp")  # fmt: skip
    assert states() == {"dongling": "confirmed", "yunping": "outdated", "canglu": "none"}


def test_a_waiver(home: Path) -> None:
    """With its reason, and who."""
    result = call("confirm", "--waive", "canglu", "--because", "新设单位", "--by", "李强",
                  "--on", "2024-01-07", "--json")  # fmt: skip
    assert json.loads(result.stdout) == {
        "unit": "canglu", "year": 2023, "state": "waived", "blocks": False,
        "reason": "by 李强 on 2024-01-07: 新设单位",
    }  # fmt: skip


def test_bad_files_never_stop_the_others(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """Damaged, of another unit by its name, of another year, with a bad cell: one is good."""
    good = Form(forms["dongling"]).tick("数据无误").sign()
    good.save(inbox / "m.docx")
    good.save(inbox / "云屏矿业.docx")
    (inbox / "a.docx").write_bytes(good.bytes()[:5000])
    (inbox / "empty.docx").write_bytes(b"")
    Form(forms["yunping"]).say("研讨交流", "○").tick("数据无误").sign().save(inbox / "c.docx")
    other = Form(forms["yunping"])
    other.word.core_properties.keywords = "yunping，2022"
    other.save(inbox / "d.docx")
    result = call("confirm", "--json")
    assert result.exit_code == 1
    read = {Path(each["file"]).name: each for each in json.loads(result.stdout)}
    assert {name for name, each in read.items() if each["result"] == "refused"} == {
        "云屏矿业.docx", "a.docx", "empty.docx", "c.docx", "d.docx",
    }  # fmt: skip
    assert read["m.docx"]["result"] == "confirmed"
    assert read["c.docx"]["problems"] == [
        {"place": "拟采用的数据，研讨交流", "found": "“确认”栏是“○”", "expected": "是、否或空白"}
    ]
    assert states()["dongling"] == "confirmed" and states()["yunping"] == "none"


def test_a_day_for_files_without_one(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """--on with files; without it the file is refused, and says so."""
    Form(forms["dongling"]).tick("数据无误").sign(day="").save(inbox / "a.docx")
    result = call("confirm")
    assert result.exit_code == 1 and "--on" in result.stderr
    assert call("confirm", "--on", "2024-01-06").exit_code == 0
    assert str(recorded(home)["units"]["dongling"]["answers"][0]["signed_on"]) == "2024-01-06"


def test_nothing_but_the_record_is_written(
    home: Path, inbox: Path, forms: dict[str, bytes]
) -> None:
    """What units sent stays as it is; beside the record only a lock under outputs/."""
    Form(forms["dongling"]).tick("数据无误").sign().save(inbox / "a.docx")

    def files() -> dict[str, bytes]:
        found = (p for p in home.rglob("*") if p.is_file() and "outputs" not in p.parts)
        return {p.relative_to(home).as_posix(): p.read_bytes() for p in found}

    before = files()
    call("confirm")
    call("confirm", "--list")
    now = files()
    del now["params/confirmations/2023.yml"]
    assert now == before


@pytest.mark.parametrize("arguments", [
    ("--waive", "dongling", "--by", "x"), ("--unit", "dongling", "--on", "2024-01-05"),
    ("--answer", "a-1"), ("--list", "--by", "x"), ("--because", "x"),
    ("--unit", "dongling", "--list"),
    ("--unit", "nobody", "--signed-by", "x", "--on", "2024-01-05"),
    ("--unit", "dongling", "--signed-by", "x", "--on", "2024-02-30"),
    ("--unit", "dongling", "--signed-by", "x", "--on", "2999-01-01"),
    ("--unit", "dongling", "--signed-by", "x", "--on", "2024-01-05", "--figures", "12"),
    ("--waive", "dongling", "--by", "x", "--because", " "), ("missing.docx",), (),
    ("--answer", "a-1", "--text", "x", "--by", "y"), ("--list", "--year", "1999"),
])  # fmt: skip
def test_wrong_usage(home: Path, arguments: tuple[str, ...]) -> None:
    """Options that do not go together, unknown units, days that do not exist: status 2, no file."""
    result = call("confirm", *arguments)
    assert result.exit_code == 2, result.output
    assert "expected" in result.stderr
    assert not (home / "params" / "confirmations").exists()


def test_a_record_that_is_wrong(home: Path, inbox: Path, forms: dict[str, bytes]) -> None:
    """Told with file and field before anything is read, and not touched."""
    path = home / "params" / "confirmations" / "2023.yml"
    path.parent.mkdir()
    path.write_text("units: {dongling: {waived_by: 李强}}\n", encoding="utf-8")
    Form(forms["dongling"]).tick("数据无误").sign().save(inbox / "a.docx")
    for arguments in ((), ("--list",)):
        result = call("confirm", *arguments)
        assert result.exit_code == 2 and "params/confirmations/2023.yml" in result.stderr
    assert path.read_text(encoding="utf-8") == "units: {dongling: {waived_by: 李强}}\n"


def test_help_imports_nothing_heavy() -> None:
    """Neither pandas nor docx to say what the command does."""
    code = (
        "import sys, reportkit.cli.app as a; a.app(['confirm', '--help'], standalone_mode=False);"
        "print({'pandas', 'docx', 'lxml', 'openpyxl', 'typst'} & sys.modules.keys())"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert shown.strip().endswith(b"set()")
