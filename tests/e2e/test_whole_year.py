"""A whole year as the office has it: the commands of the guide, and what people do in between."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from guide_support import Guide, files_of, lines_of, text_of
from openpyxl import load_workbook

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "year.zh-CN.md"
for _folder in ("confirming", "circular", "drafts"):
    sys.path.insert(0, str(ROOT / "tests" / _folder))

UNITS = ("dongling", "yunping", "canglu")
PAPERS = (*UNITS, "group")
OLD, NEW = "为企业改革发展提供了有力的思想保证", "为企业高质量发展提供了坚强思想保证"
REWRITTEN = "看到成绩的同时，也要清醒看到存在的差距和不足，主要是："
DELETED = "（三）注重成果转化"
ADDED = "要把学习同安全生产结合起来，守住安全底线。"


@dataclass
class Year:
    """The guide being followed, and the workbook that it is followed in."""

    guide: Guide

    @property
    def home(self) -> Path:
        return self.guide.folder

    def draft(self, unit: str = "group", kind: str = "pdf") -> Path:
        return self.home / "outputs" / "2023" / unit / f"circular.{kind}"

    def issued(self, issue_id: str, unit: str, name: str = "circular.formal.pdf") -> Path:
        return self.home / "outputs" / "issued" / issue_id / "documents" / unit / name

    def submission(self, unit: str) -> Path:
        return self.home / "data" / "submissions" / "2023" / f"{unit}.xlsx"

    def submit(self, unit: str, cell: str, value: str, *, base: Path | None = None) -> None:
        """A unit sends its workbook with one cell of 学习情况 as it now has it."""
        book = load_workbook(base or self.submission(unit))
        book["学习情况"][cell].value = value
        book.save(self.submission(unit))

    def all_say(self, note: str) -> None:
        """Every circular bears a stage on its first page, and no other stage."""
        for unit in PAPERS:
            text = text_of(self.draft(unit))
            assert re.findall("（(征求意见稿|送审稿|签发稿)）", text) == [note], unit


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """The guide at its first line; nothing is there yet."""
    from libreoffice_support import office

    office()
    return Year(Guide(PAGE, tmp_path))


def test_a_whole_year_from_forms_to_archive(year: Year) -> None:
    """Forms, submissions, drafts, a leader's hand, issue, a correction, archive, the next year.

    Every command of the guide runs in its order with the status that it says; what is issued
    bears the leader's words, pinned figures, number and date, and can be proved and archived.
    """
    year.guide.type("reportkit demo")
    year.guide.type("cd")
    _forms(year)
    _submissions(year)
    _first_drafts(year)
    _confirmations(year)
    _comments(year)
    _leader(year)
    _figures_change(year)
    _review(year)
    _signature(year)
    _issue(year)
    _correction(year)
    _archive(year)
    _next_year(year)
    _purge(year)
    assert not year.guide.left


def _forms(year: Year) -> None:
    """What is there stays; a form a unit, with what 2022 left open."""
    params = year.home / "params" / "2023.yml"
    before = params.read_bytes()
    year.guide.type("reportkit import --year 2022")
    assert "kept: params/2023.yml" in year.guide.type("reportkit rollover 2023")
    assert params.read_bytes() == before
    assert (year.home / "params" / "baseline" / "2022.yml").is_file()
    year.guide.type("reportkit forms")
    year.guide.type("reportkit forms")
    names = {path.name for path in (year.home / "forms").iterdir()}
    assert names == {f"{u}.2023.xlsx" for u in (*UNITS, "hq")} | {"office.2023.xlsx"}
    assert _open_findings(year.home / "forms" / "yunping.2023.xlsx") == ["WT-07", "WT-15"]


def _open_findings(form: Path) -> list[str]:
    """The numbers in a form's 整改情况."""
    rows = load_workbook(form)["整改情况"].iter_rows(values_only=True)
    return [row[0] for row in rows if re.fullmatch(r"(\d{4}-)?WT-\d\d", str(row[0]))]


def _submissions(year: Year) -> None:
    """One unit is late, one has a day that does not exist: told by cell, mended in the feedback."""
    late = year.submission("canglu").rename(year.home / "canglu.late.xlsx")
    year.submit("dongling", "B7", "2023.2.30")
    for command in ("reportkit check", "reportkit import --year 2023"):
        said = year.guide.type(command)
        assert "学习情况\tB7\tbad_span" in said and "没有2023年2月30日这一天" in said
    assert "nothing accepted from: canglu" in said
    assert "苍麓矿业" in year.guide.type("reportkit remind")
    assert list((year.home / "outputs" / "delivery" / "2023").glob("late-*.xlsx"))
    feedback = year.home / "outputs" / "records" / "2023" / "feedback" / "dongling.xlsx"
    book = load_workbook(feedback)
    assert book.sheetnames[0] == "问题清单" and book["学习情况"]["B7"].comment
    year.submit("dongling", "B7", "2023-04-03", base=feedback)
    late.rename(year.submission("canglu"))
    assert "0 refused" in year.guide.type("reportkit import --year 2023")


def _first_drafts(year: Year) -> None:
    year.guide.type("reportkit run")
    assert "6 good, 0 not" in year.guide.type("reportkit status")
    text = text_of(year.draft())
    assert "稿）" not in text and "共组织集体学习70次" in text


def _confirmations(year: Year) -> None:
    """One confirms, one objects and is answered, one is waived."""
    from confirming_support import Form

    year.guide.type("reportkit run --notebook confirmation")
    year.guide.type("reportkit deliver --notebook confirmation")
    back = year.home / "data" / "confirmations" / "2023"
    back.mkdir(parents=True)
    handed = year.home / "outputs" / "delivery" / "2023"
    good = Form((handed / "yunping" / "confirmation.docx").read_bytes())
    good.tick("数据无误").sign("王芳", "2024年1月5日").save(back / "云屏矿业.docx")
    bad = Form((handed / "dongling" / "confirmation.docx").read_bytes())
    bad.say("集体学习", "否").remark("集体学习", "12月28日集体学习未计入")
    bad.tick("有异议").sign("李强", "2024年1月5日").save(back / "东岭矿业.docx")
    said = year.guide.type("reportkit confirm")
    assert "(yunping): confirmed by 王芳 on 2024-01-05" in said
    assert "dongling-1: 集体学习：12月28日集体学习未计入" in said
    year.guide.type("reportkit confirm --answer dongling-1")
    year.guide.type("reportkit confirm --waive canglu")
    assert "3 of 3 confirmed or waived" in year.guide.type("reportkit confirm --list")
    record = year.home / "params" / "confirmations" / "2023.yml"
    assert "&" not in record.read_text(encoding="utf-8")


def _comments(year: Year) -> None:
    assert "4 are 征求意见稿" in year.guide.type("reportkit stage comments")
    year.guide.type("reportkit run")
    assert year.guide.type("reportkit stage").count("征求意见稿") == len(PAPERS)
    year.all_say("征求意见稿")


def _leader(year: Year) -> None:
    """Tracked changes in LibreOffice: words, a paragraph, a place, figures, a cell, a comment."""
    from libreoffice_support import Comment, Delete, Move, Replace, Rewrite, edit

    (year.home / "returned").mkdir()
    returned = year.home / "returned" / "circular.docx"
    with_figures = "2022年通报向各单位"
    steps = (
        Replace("2023年，各单位党委坚持", OLD, NEW),
        Rewrite("在肯定成绩的同时", REWRITTEN),
        Delete(DELETED),
        Move(with_figures, "在肯定成绩的同时"),
        Replace(with_figures, "已反馈2项", "已反馈3项"),
        Replace("15", "15", "16"),
        Comment("（一）聚焦主题主线", "请加一句关于安全生产的要求", "郑海"),
    )
    edit(year.draft(kind="docx"), returned, steps, author="郑海")
    edits = year.home / "params" / "text" / "2023" / "edits" / "group" / "circular.yml"
    _ask_when_in_doubt(year)
    year.guide.type("reportkit adopt returned/circular.docx --dry-run")
    assert not edits.exists()
    said = year.guide.type("reportkit adopt returned/circular.docx")
    for told in (
        "reworded\t一\t", "reworded\t三\t", "removed\t四.（三）", "reworded and moved\t三.3+1",
        "cell\t表1第4行“集体学习（次）”\t15\t16", "三.3+1\t\t2项\t3项",
        "请加一句关于安全生产的要求",
    ):  # fmt: skip
        assert told in said, told
    assert edits.is_file() and said.count("郑海") >= 5
    kept = list((year.home / "outputs" / "drafts" / "2023" / "group").glob("circular.*.docx"))
    assert [path.read_bytes() for path in kept] == [returned.read_bytes()]
    prose = year.home / "params" / "text" / "2023" / "group.md"
    text = prose.read_text(encoding="utf-8")
    ending = "切实提高学习的系统性、针对性。"
    assert text.count(ending) == 1
    prose.write_text(text.replace(ending, ending + ADDED), encoding="utf-8")


def _ask_when_in_doubt(year: Year) -> None:
    """A paragraph written anew without tracking, its bookmark lost: nobody guesses which it was."""
    from drafts_support import Editor

    editor = Editor(year.draft(kind="docx").read_bytes())
    editor.rewrite(editor.find("在肯定成绩的同时"), REWRITTEN, keep_mark=False)
    (year.home / "doubtful.docx").write_bytes(editor.save())
    said = year.guide.say("adopt", "doubtful.docx", "--by", "郑海", "--dry-run", status=1)
    assert "it is not certain that" in said and "--same" in said
    assert "reworded\t三\t" in year.guide.say(
        "adopt", "doubtful.docx", "--by", "郑海", "--dry-run", "--same"
    )


def _figures_change(year: Year) -> None:
    """A figure in the leader's paragraph changes: marked in the draft, settled by a person."""
    year.submit("dongling", "F4", "主题党日")  # a session less: 70 → 69
    year.guide.type("reportkit import --year 2023")
    assert "sessions 70 -> 69" in year.guide.type("reportkit run")
    mark = "〔待核：此段为修改稿，所用数据已变（70→69）〕"
    text = text_of(year.draft())
    assert mark in text and NEW in text and "共组织集体学习70次" in text
    word = docx.Document(str(year.draft(kind="docx")))
    assert mark in [p.text for p in word.paragraphs]
    assert "sessions 70 -> 69" in year.guide.type("reportkit adopt --list")
    year.guide.type("reportkit adopt --unit group --place 一 --refill")
    year.guide.type("reportkit adopt --unit group --place 三.3+1 --drop")
    year.guide.type("reportkit run --unit group")
    assert "sessions 70 -> 69" not in year.guide.type("reportkit adopt --list")
    text = text_of(year.draft())
    assert "待核" not in text and NEW in text and "共组织集体学习69次" in text
    assert "已反馈2项" in text and ADDED in text
    assert "dongling\t东岭矿业\toutdated" in year.guide.type("reportkit confirm --list")
    year.guide.type("reportkit confirm --unit dongling")
    said = year.guide.type("reportkit diff")  # against what the leader sent back
    assert "70次\t69次" in said and "3项\t2项" in said
    assert len(list((year.home / "outputs" / "diff").glob("circular--*.docx"))) == 1


def _review(year: Year) -> None:
    """From 送审稿 on later data are listed, and not merged."""
    assert "4 are 送审稿" in year.guide.type("reportkit stage review")
    year.guide.type("reportkit run")
    year.all_say("送审稿")
    drafts = year.home / "outputs" / "drafts" / "2023"
    kept = text_of(drafts / "group" / "circular.1-征求意见稿" / "circular.pdf")
    assert "（征求意见稿）" in kept and "共组织集体学习69次" in kept
    year.submit("yunping", "F3", "主题党日")  # a session less again: would be 68
    year.guide.type("reportkit import --year 2023")
    said = year.guide.type("reportkit stage")
    assert "yunping/circular: pinned; not merged: data of this unit changed: sessions" in said
    assert "group/circular: pinned; not merged: " in said


def _signature(year: Year) -> None:
    assert "0 of them with a check that failed" in year.guide.type("reportkit sheets")
    sheets = year.home / "outputs" / "sheets" / "2023"
    for unit in PAPERS:
        assert (sheets / unit / "circular.dispatch.docx").is_file()
    checklist = docx.Document(str(sheets / "group" / "circular.checklist.docx"))
    cells = [c.text for table in checklist.tables for row in table.rows for c in row.cells]
    assert any("69次" in cell for cell in cells)
    assert "4 are 签发稿" in year.guide.type("reportkit stage signature")
    year.guide.write("params/issue/2023-annual.yml")
    year.guide.type("reportkit run")
    year.all_say("签发稿")
    assert "2024年1月15日" in text_of(year.draft())


def _issue(year: Year) -> None:
    """Final files: the leader's words, pinned figures, number and date, and no stage."""
    issued = year.home / "outputs" / "issued"
    year.guide.type("reportkit issue 2023-annual --by 周宁 --dry-run")
    assert not issued.exists()
    assert "is issued: 4 documents" in year.guide.type("reportkit issue 2023-annual")
    text = text_of(year.issued("2023-annual", "group"))
    for words in ("岱能党〔2024〕3号", "2024年1月15日", NEW, REWRITTEN, ADDED, "已反馈2项",
                  "共组织集体学习69次"):  # fmt: skip
        assert words in text, words
    for words in (OLD, DELETED, "稿）", "待核", "郑海", "2024年1月8日"):
        assert words not in text, words
    numbers = dict(zip(UNITS, (4, 5, 6), strict=True))
    for unit, number in numbers.items():
        text = text_of(year.issued("2023-annual", unit))
        assert f"岱能党〔2024〕{number}号" in text and "2024年1月15日" in text
        assert "稿）" not in text
    assert "全年组织集体学习19次" in text_of(year.issued("2023-annual", "yunping"))
    assert not any(p.stat().st_mode & 0o222 for p in issued.rglob("*.pdf"))
    assert "the same inputs give the same bytes" in year.guide.type("reportkit verify")
    _prove_that_verify_sees(year, issued / "2023-annual")
    year.guide.type("reportkit deliver --issue")
    handed = year.home / "outputs" / "delivery" / "2023" / "dongling" / "circular.formal.pdf"
    assert handed.read_bytes() == year.issued("2023-annual", "dongling").read_bytes()


def _prove_that_verify_sees(year: Year, folder: Path) -> None:
    """A byte more in a copy of what was issued is seen."""
    copy = year.home.parent / "other" / "outputs" / "issued" / folder.name
    shutil.copytree(folder, copy)
    pdf = copy / "documents" / "group" / "circular.formal.pdf"
    pdf.chmod(0o600)
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    said = year.guide.say("verify", str(copy), "--no-remake", status=1)
    assert "documents/group/circular.formal.pdf was changed" in said


def _correction(year: Year) -> None:
    """What came late is an error in what was issued: told sentence by sentence, both linked."""
    before = _hashes(year.home / "outputs" / "issued" / "2023-annual")
    year.guide.write("params/issue/2023-correction.yml")
    said = year.guide.type("reportkit correct 2023-annual")
    assert "sessions 69 -> 68" in said and "--refill" in said
    year.guide.type("reportkit correct 2023-annual")
    told = text_of(year.issued("2023-correction", "group", "correction.pdf"))
    for words in (
        "（岱能党〔2024〕3号）印发后，因云屏矿业报送有误，有关内容更正如下：",
        "“两级党委中心组共组织集体学习69次”更正为“两级党委中心组共组织集体学习68次”。",
        "“云屏矿业”的“集体学习（次）”由“19”更正为“18”",
        "岱能党〔2024〕9号", "2024年2月20日",
    ):  # fmt: skip
        assert words in told, words
    text = text_of(year.issued("2023-correction", "group"))
    assert NEW in text and "共组织集体学习68次" in text and ADDED in text
    after = _hashes(year.home / "outputs" / "issued" / "2023-annual")
    assert after.keys() - before.keys() == {"corrections.json"}
    assert before.items() <= after.items()
    assert "the same inputs give the same bytes" in year.guide.type("reportkit verify")
    year.guide.type("reportkit deliver --issue 2023-correction")
    assert "no longer fits" not in year.guide.type("reportkit run")
    assert "共组织集体学习68次" in text_of(year.draft())


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _archive(year: Year) -> None:
    """All of it in one file, with hashes that check out; packed again, the same."""
    year.guide.type("reportkit archive 2023-annual")
    path = year.home / "outputs" / "archive" / "2023-annual.zip"
    with zipfile.ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    sums = dict(line.split("  ")[::-1] for line in held["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(held) - {"SHA256SUMS", "目录.csv"}
    assert all(hashlib.sha256(held[name]).hexdigest() == digest for name, digest in sums.items())
    listed = csv.DictReader(io.StringIO(held["目录.csv"].decode("utf-8-sig")))
    assert [row["文件"] for row in listed] == list(sums)
    kinds = {name.partition("/")[0] for name in sums}
    assert kinds == {"定稿", "依据", "历次稿", "底稿", "数据确认", "核稿", "更正"}
    final = "documents/group/circular.formal.pdf"
    issued = year.issued("2023-annual", "group")
    assert held[f"定稿/{final}"] == issued.read_bytes()
    for name in (
        "历次稿/group/circular.1-征求意见稿/circular.docx",
        "历次稿/group/circular.2-送审稿/circular.docx",
        "历次稿/group/circular.3-签发稿/circular.docx",
        "历次稿/group/修改/circular.yml",
        "底稿/working_paper.pdf", "数据确认/东岭矿业.docx", "数据确认/2023.yml",
        "核稿/group/circular.checklist.docx", f"更正/2023-correction/定稿/{final}",
    ):  # fmt: skip
        assert name in held, name
    returned = (year.home / "returned" / "circular.docx").read_bytes()
    assert returned in [data for name, data in held.items() if name.startswith("历次稿/group/")]
    assert "the same" in year.guide.say("archive", "2023-annual")


def _next_year(year: Year) -> None:
    """Next year's parameters load; its forms bear what is still open, by the issued numbers."""
    from reportkit.params import load_year

    year.guide.type("reportkit rollover 2024")
    params = load_year(year.home, 2024)
    assert (params.year, params.topics) == (2024, ())
    year.guide.type("reportkit forms")
    told = re.findall(r"WT-\d\d", text_of(year.issued("2023-annual", "canglu")))
    forms = year.home / "forms"
    assert told and _open_findings(forms / "canglu.2024Q1.xlsx") == sorted(set(told))
    assert _open_findings(forms / "yunping.2024Q1.xlsx") == ["2022-WT-15"]


def _purge(year: Year) -> None:
    """Rows on persons go after their term; what was issued stays, also when all is cleaned."""
    retention = year.home / "params" / "retention.yml"
    text = retention.read_text(encoding="utf-8")
    assert text.count("persons: null ") == 1
    retention.write_text(text.replace("persons: null ", "persons: {years: 3} "), encoding="utf-8")
    members = "outputs/records/2022/*/members.parquet"
    year.guide.type("reportkit purge --on 2026-01-05 --dry-run")
    assert list(year.home.glob(members))
    said = year.guide.type("reportkit purge --on 2026-01-05")
    assert not list(year.home.glob(members))
    assert (year.home / "outputs" / "kept" / "2022" / "purged.json").is_file()
    for left in ("outputs/issued/2023-annual", "outputs/archive/2023-annual.zip"):
        assert f"left as it is: {left} " in said
    year.guide.type("reportkit verify outputs/issued/2023-annual")
    kept = {
        name: _hashes(year.home / "outputs" / name)
        for name in ("issued", "delivery", "kept", "archive", "drafts", "records", ".reportkit")
    }
    subprocess.run(["make", "-s", "-f", str(ROOT / "Makefile"), "clean"], cwd=year.home, check=True)
    assert all(found and found == _hashes(year.home / "outputs" / n) for n, found in kept.items())
    assert not (year.home / "outputs" / "2023").exists()


def test_the_guide_names_every_command_of_the_year() -> None:
    """No command between forms and archive is left out; statuses other than 0 are told."""
    typed = {line.words[1] for line in lines_of(PAGE.read_text(encoding="utf-8"))}
    wanted = (
        "forms check import run confirm stage adopt diff sheets issue verify correct archive "
        "rollover purge deliver remind"
    )
    assert set(wanted.split()) <= typed


def test_the_guide_s_parameters_are_right() -> None:
    """Its YAML is what `params/issue/` takes: a first issue, and what corrects it."""
    import yaml

    from reportkit.params.issue import Issue

    files = files_of(PAGE.read_text(encoding="utf-8"))
    assert list(files) == ["params/issue/2023-annual.yml", "params/issue/2023-correction.yml"]
    first, second = (Issue.model_validate(yaml.safe_load(text)) for text in files.values())
    assert second.corrects == "2023-annual" and not first.corrects
    assert set(first.numbers) == set(UNITS)
