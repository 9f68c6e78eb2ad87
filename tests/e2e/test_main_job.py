"""From workbooks to circulars, as `make circulars` does it: the demo year, and a bad unit in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest
import yaml
from openpyxl import load_workbook
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
YEAR = 2023
GONE, HEADQUARTERS = "linting", "hq"
MM = 72 / 25.4


def reportkit(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as an analyst types it, at a workbook."""
    return subprocess.run(
        [sys.executable, "-m", "reportkit", "--home", str(home), *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=900,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workbook after import and run: outputs/2023."""
    home = tmp_path_factory.mktemp("e2e") / "workbook"
    shutil.copytree(demo_home, home)
    run = reportkit(home, "run", "--year", str(YEAR))
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"outputs/{YEAR}" in run.stdout.replace("\\", "/")
    return home / "outputs" / str(YEAR)


@pytest.fixture(scope="module")
def units() -> list[dict[str, object]]:
    return list(yaml.safe_load((ROOT / "params/units.yml").read_text(encoding="utf-8"))["units"])


def text_of(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def test_every_unit_in_being_gets_pdf_html_and_notebook(
    made: Path, units: list[dict[str, object]]
) -> None:
    """Every unit in being at the year's end and the group, with the 底稿 in a folder of its own.

    Neither 集团本级 nor the merged unit.
    """
    wanted = {str(u["unit_id"]) for u in units} - {GONE, HEADQUARTERS} | {"group"}
    assert len(wanted) == 24
    folders = {p.name for p in made.iterdir() if p.is_dir()}
    internal = {"working_paper", "data_quality"}
    assert folders == wanted | internal
    for folder in folders:
        names = {p.name for p in (made / folder).iterdir()}
        name = folder if folder in internal else "circular"
        assert names == {f"{name}.{ending}" for ending in ("pdf", "html", "docx", "ipynb")}
        assert text_of(made / folder / f"{name}.pdf").strip()


def test_manifest_tells_the_truth(made: Path) -> None:
    """Each document is done, with hashes of the files that are there."""
    import hashlib

    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    documents = manifest["documents"]
    assert len(documents) == 26
    for entry in documents.values() if isinstance(documents, dict) else documents:
        assert entry["last_result"]["state"] == "done"
        assert len(entry["files"]) == 4
        for name, recorded in entry["files"].items():
            found = next(p for p in made.rglob(Path(name).name) if entry["unit"] in p.parts)
            assert hashlib.sha256(found.read_bytes()).hexdigest() == recorded["sha256"]


def test_documents_read_as_chinese_without_remnants_of_code(made: Path) -> None:
    """No nan, no None, no English word, no box in any circular, PDF or HTML."""
    pdfs = sorted(made.rglob("circular.pdf"))
    assert len(pdfs) == 24
    number = r"WT-\d\d"  # under which a finding stands in the 整改台账
    for pdf in pdfs:
        text = re.sub(number, "", text_of(pdf))
        assert not re.findall(r"[A-Za-z]{2,}", text), pdf
        assert "\ufffd" not in text and "□" not in text, pdf
        html = pdf.with_suffix(".html").read_text(encoding="utf-8")
        # The records behind the figures name the files that the unit sent.
        html = re.sub(r"<section\b[^>]*class=\"rec.*?</section>", "", html, flags=re.S)
        body = re.sub(r"<(style|svg|head)\b.*?</\1>|<[^>]*>", "", html, flags=re.S)
        assert not re.findall(r"[A-Za-z]{2,}", re.sub(number, "", body)), pdf
        assert "<script" not in html and not re.search(r"(src|href)=[\"']?https?:", html)


def test_fonts_are_embedded(made: Path) -> None:
    """Each font of each circular is embedded: it prints alike on any machine."""
    seen = 0
    for pdf in (made / "group/circular.pdf", made / "dongling/circular.pdf"):
        for page in PdfReader(pdf).pages:
            for font in page["/Resources"]["/Font"].values():
                descendant = font.get_object()["/DescendantFonts"][0].get_object()
                descriptor = descendant["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(descriptor)
                seen += 1
    assert seen >= 6


def test_page_is_22_lines_of_28_characters(made: Path) -> None:
    """A full page of plain text: 22 baselines 29.55 pt apart, full lines of 28 characters."""
    with pdfplumber.open(made / "group/circular.pdf") as pdf:
        page = pdf.pages[1]
        body = [c for c in page.chars if c["top"] < (37 + 225) * MM and c["text"].strip()]
        lines: dict[float, list[dict[str, float]]] = {}
        for char in body:
            lines.setdefault(round(char["bottom"], 0), []).append(char)
        tops = sorted(lines)
        assert len(tops) == 22
        pitches = {round(b - a) for a, b in pairwise(tops)}
        assert pitches <= {29, 30}
        counts = Counter(len(chars) for chars in lines.values())
        assert counts.most_common(1)[0][0] == 28
        # A mark at a line's end is set half as wide: its own box says more than it prints.
        words = [c for c in body if "一" <= c["text"] <= "鿿"]
        assert min(c["x0"] for c in words) >= 26 * MM - 0.1
        assert max(c["x1"] for c in words) <= (26 + 156) * MM + 0.1


def first_paragraph_figures(pdf: Path) -> tuple[int, int, int]:
    text = re.sub(r"\s", "", text_of(pdf))
    found = re.search(
        r"共组织集体学习(\d+)次，组织集中学习研讨交流(\d+)场次，举办专题读书班(\d+)期", text
    )
    assert found, text[:800]
    sessions, discussions, classes = (int(n) for n in found.groups())
    return sessions, discussions, classes


RENAMED = {"编号": "序号", "学习时间": "开始日期", "学习内容": "学习主题"}
"""Some units call these columns otherwise."""


def event_of(row: dict[str, object]) -> tuple[str, str]:
    """The day and the title of a session."""
    return str(row["开始日期"]), str(row["学习主题"])


def sheet_rows(path: Path, sheet: str, key: str) -> list[dict[str, object]]:
    """A sheet's rows by header, the header being the first row that holds ``key``."""
    cells = load_workbook(path)[sheet]
    for merge in [m for m in cells.merged_cells.ranges if m.min_col == m.max_col]:
        value = cells.cell(merge.min_row, merge.min_col).value
        cells.unmerge_cells(str(merge))  # one 序号 for all rows that it covers
        for number in range(merge.min_row, merge.max_row + 1):
            cells.cell(number, merge.min_col).value = value
    rows = [
        [RENAMED.get(str(cell), cell) for cell in row] for row in cells.iter_rows(values_only=True)
    ]
    start = next(i for i, row in enumerate(rows) if key in row)
    return [
        dict(zip(rows[start], row, strict=True))
        for row in rows[start + 1 :]
        if isinstance(row[0], int) or str(row[0]).isdigit()
    ]


def test_first_paragraph_equals_a_sum_over_the_workbooks(made: Path) -> None:
    """A reader with the workbooks and a pencil comes to the same three figures."""
    sessions = discussions = classes = 0
    # One unit sends four quarterly workbooks; all others one for the year.
    workbooks = sorted((ROOT / f"data/submissions/{YEAR}").rglob("*.xlsx"))
    by_unit: dict[str, list[Path]] = {}
    for path in workbooks:
        by_unit.setdefault(path.stem.partition(".")[0], []).append(path)
    assert (len(workbooks), len(by_unit)) == (28, 25)
    merged = {event_of(r) for r in sheet_rows(by_unit["linting"][0], "学习情况", "学习主题")
              if not r["联学编号"]}  # fmt: skip
    for unit, paths in by_unit.items():
        held = {}
        for row in (r for p in paths for r in sheet_rows(p, "学习情况", "学习主题")):
            if row["是否取消"] in ("是", "已取消", "取消"):
                continue
            if unit == "likun" and event_of(row) in merged:
                continue  # the unit that became part of it sent this session itself
            held[str(row["序号"])] = row
        # Two lines with the same dates, title and host are one session, listed twice.
        once = {(*event_of(r), str(r["主持人"])): n for n, r in reversed(held.items())}
        kept = {n: held[n] for n in once.values()}
        sessions += sum(
            r["学习类型"] == "集体学习" and r["计入类别"] in ("集体学习", None)
            for r in kept.values()
        )
        classes += sum(r["学习类型"] == "读书班" for r in kept.values())
        study = {n for n, r in kept.items() if r["计入类别"] in ("集体学习", "读书班", None)}
        spoken = {
            str(r["学习序号"])
            for path in paths
            for r in sheet_rows(path, "研讨发言", "发言类型")
            if str(r["发言类型"]).startswith(("重点", "补充"))
        }
        discussions += len(spoken & study)
    assert first_paragraph_figures(made / "group/circular.pdf") == (sessions, discussions, classes)


def test_annex_adds_up_the_merged_unit_included(made: Path) -> None:
    """附件1: the rows add up to 小计; 小计 and 集团本级 to 合计, which the text states."""
    rows: list[list[str]] = []
    with pdfplumber.open(made / "group/circular.pdf") as pdf:
        for page in pdf.pages:
            for table in page.extract_tables():
                if table and table[0][1] == "单位":
                    rows += [[(cell or "").strip() for cell in row] for row in table[1:]]
    units = [row for row in rows if row[0].isdigit()]
    assert len(units) == 24
    assert sum("（至6月）" in row[1] for row in units) == 1
    subtotal = next(row for row in rows if row[1] == "小计")
    total = next(row for row in rows if row[1] == "合计")
    for column in range(2, len(total)):
        numbers = [float(row[column]) for row in units if re.fullmatch(r"[\d.]+", row[column])]
        assert sum(numbers) == pytest.approx(float(subtotal[column]))
        assert float(total[column]) > float(subtotal[column])
    stated = first_paragraph_figures(made / "group/circular.pdf")
    assert (int(total[2]), int(total[3]), int(total[5])) == stated


def test_second_run_makes_nothing_again(made: Path) -> None:
    """What is up to date is left as it is."""
    before = {p: p.stat().st_mtime_ns for p in made.rglob("*.pdf")}
    run = reportkit(made.parents[1], "run", "--year", str(YEAR))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "26 up to date" in run.stdout
    assert {p: p.stat().st_mtime_ns for p in made.rglob("*.pdf")} == before


def published(folder: Path) -> dict[str, bytes]:
    """The files that leave the office: PDF, HTML, Word."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix in (".pdf", ".html", ".docx"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Names of files that are not in both, or not the same in both."""
    return sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))


def test_same_inputs_give_the_same_bytes(made: Path) -> None:
    """Made by force, one by one, each with a kernel of its own: the same to the byte."""
    units = ("dongling", "group", "working_paper")
    before = {unit: published(made / unit) for unit in units}
    assert all(len(files) == 3 for files in before.values())
    options = [part for unit in units for part in ("--unit", unit)]
    home = made.parents[1]
    run = reportkit(home, "run", "--year", str(YEAR), "--force", "--jobs", "1", "--no-warm",
                    *options)  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "3 made" in run.stdout
    for unit, files in before.items():
        assert not differing(files, published(made / unit))


@pytest.mark.slow
@pytest.mark.parametrize("way", [("--jobs", "1"), ("--no-warm",)])
def test_every_way_of_running_gives_the_same_bytes(made: Path, way: tuple[str, ...]) -> None:
    """The whole demo: one at a time, and without warm kernels."""
    before = published(made)
    assert len(before) == 26 * 3
    run = reportkit(made.parents[1], "run", "--year", str(YEAR), "--force", *way)
    assert run.returncode == 0 and "26 made" in run.stdout, run.stdout + run.stderr
    assert not differing(before, published(made))


@pytest.fixture(scope="module")
def with_a_broken_unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workbook whose second unit sends a list of sessions without its dates' header."""
    home = tmp_path_factory.mktemp("broken") / "workbook"
    run = reportkit(ROOT, "demo", "--out", str(home), "--units", "3", "--years", "2022,2023")
    assert run.returncode == 0, run.stdout + run.stderr
    workbooks = sorted((home / "data/submissions/2023").glob("*.xlsx"))
    broken = next(p for p in workbooks if p.stem not in (HEADQUARTERS, "dongling"))
    # Not a broken zip: a workbook that opens, with an error value where a header was.
    book = load_workbook(broken)
    sessions = book["学习情况"]
    head = ("开始日期", "学习时间")
    cell = next(c for row in sessions.iter_rows() for c in row if c.value in head)
    cell.value = "#N/A"
    book.save(broken)
    (home / "broken.txt").write_text(broken.stem, encoding="utf-8")
    return home


def test_a_broken_workbook_stops_no_other(with_a_broken_unit: Path) -> None:
    """It is refused with file, sheet and cell; all others are published; exit status 1."""
    home = with_a_broken_unit
    broken = (home / "broken.txt").read_text(encoding="utf-8")
    imported = reportkit(home, "import", "--year", "2023", "--json")
    assert imported.returncode == 1, imported.stdout + imported.stderr
    assert f"{broken}.xlsx" in imported.stdout and "学习情况" in imported.stdout
    shown = reportkit(home, "import", "--year", "2023")
    assert re.search(r"\b[A-Z]+\d+\b", shown.stdout[shown.stdout.index("学习情况") :])
    run = reportkit(home, "run", "--year", "2023")
    assert run.returncode == 1, run.stdout + run.stderr
    made = {p.parent.name for p in (home / "outputs/2023").rglob("circular.pdf")}
    units = yaml.safe_load((home / "params/units.yml").read_text(encoding="utf-8"))["units"]
    everyone = {str(u["unit_id"]) for u in units} - {HEADQUARTERS} | {"group"}
    assert made == everyone - {broken}
    status = reportkit(home, "status", "--failed")
    assert broken in status.stdout and "学习情况" in status.stdout


def test_a_file_that_is_no_workbook_stops_no_other(with_a_broken_unit: Path) -> None:
    """A text file, a cut-off zip and an empty file are refused by name, each on its own."""
    home = with_a_broken_unit
    folder = home / "data/submissions/2023"
    good = sorted(folder.glob("*.xlsx"))[0].read_bytes()
    bad = {"text.xlsx": b"not a workbook", "cut.xlsx": good[: len(good) // 2], "empty.xlsx": b""}
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    assert not zipfile.is_zipfile(folder / "text.xlsx")
    run = reportkit(home, "import", "--year", "2023")
    assert run.returncode == 1
    assert "Traceback" not in run.stdout + run.stderr
    for name in bad:
        assert name in run.stdout
        (folder / name).unlink()


HOSTILE = '西岭#$@*_<b>"`\\公司'


def test_names_are_data(tmp_path: Path) -> None:
    """A unit whose name holds markup of every kind is printed as written; a path is no id."""
    home = tmp_path / "workbook"
    run = reportkit(ROOT, "demo", "--out", str(home), "--units", "3", "--years", "2023")
    assert run.returncode == 0, run.stdout + run.stderr
    path = home / "params/units.yml"
    units = yaml.safe_load(path.read_text(encoding="utf-8"))
    victim = units["units"][1]
    victim["aliases"] = [victim["name"], victim["short_name"]]
    victim["name"] = victim["short_name"] = HOSTILE
    path.write_text(yaml.safe_dump(units, allow_unicode=True), encoding="utf-8")
    assert reportkit(home, "import").returncode == 0
    run = reportkit(home, "run", "--unit", victim["unit_id"], "--unit", "group")
    assert run.returncode == 0, run.stdout + run.stderr
    made = home / "outputs/2023"
    for folder in (victim["unit_id"], "group"):
        text = re.sub(r"\s", "", text_of(made / folder / "circular.pdf"))
        assert HOSTILE in text
        html = (made / folder / "circular.html").read_text(encoding="utf-8")
        assert "<b>" not in html and "&lt;b&gt;" in html
    victim["unit_id"] = "../../x"
    path.write_text(yaml.safe_dump(units, allow_unicode=True), encoding="utf-8")
    for command in ("import", "run"):
        refused = reportkit(home, command)
        assert refused.returncode == 2
        assert "unit_id" in refused.stdout + refused.stderr
        assert "Traceback" not in refused.stdout + refused.stderr
    assert not (tmp_path.parent / "x").exists()
