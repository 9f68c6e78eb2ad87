"""A real workbook on its way to issue, with notebooks of a few lines: quick, with true figures."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml
from closing_support import ROOT, call

sys.path.insert(0, str(Path(__file__).parents[1] / "batch"))

UNIT = (
    "from reportkit import open_unit, paragraph\n"
    "r = open_unit(unit, year, masked=masked)\nr.letterhead()",
    'paragraph(f"全年组织集体学习{r.indicators.sessions}次。")',
    'paragraph("请认真整改。")',
    "r.signature()",
)
GROUP = (
    "from reportkit import open_group, paragraph\n"
    "g = open_group(year, masked=masked)\ng.letterhead()",
    'paragraph(f"两级党委中心组共组织集体学习{g.totals.sessions}次。")',
    "g.signature()",
)
UNITS = ("dongling", "yunping", "canglu")
FONTS = "--allow-substitute-fonts"
FIRST = {
    "year": 2023, "documents": ["group", "dongling"], "number": "岱能党〔2024〕3号",
    "numbers": {"dongling": "岱能党〔2024〕4号"}, "signatory": "王芳", "date": "2024-01-12",
    "unconfirmed_because": "演练",
}  # fmt: skip


def thin_workbook(home: Path) -> Path:
    """The demo's parameters and three invented units, both years imported, thin notebooks."""
    from batch_support import notebook

    from reportkit.cli.demo import copy_example, generate
    from reportkit.records.importing import import_year

    home.mkdir(parents=True)
    copy_example(ROOT, home, [2022, 2023])
    generate(home, len(UNITS), [2022, 2023], 7)
    for path in (home / "notebooks").glob("*.ipynb"):
        path.unlink()
    parameters = 'unit = "dongling"\nyear = 2023\nmasked = False'
    notebook(home / "notebooks" / "unit_circular.ipynb", *UNIT, parameters=parameters)
    notebook(home / "notebooks" / "group_circular.ipynb", *GROUP,
             parameters="year = 2023\nmasked = False")  # fmt: skip
    # Printed figures would do for last year: these tests look at this one, and 2022 comes later.
    import_year(home, 2023, jobs=1)
    return home


def write_issue(home: Path, issue_id: str, **changes: Any) -> Path:
    """``params/issue/<id>.yml``: as the first, but for these fields; None takes one out."""
    content = {name: value for name, value in {**FIRST, **changes}.items() if value is not None}
    path = home / "params" / "issue" / f"{issue_id}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def correction(home: Path, issue_id: str, original: str, *documents: str, **changes: Any) -> Path:
    """The parameters of a correction."""
    fields = {
        "documents": list(documents), "corrects": original, "number": None, "numbers": None,
        "date": "2024-02-20", "reason": "有关单位补报了材料", **changes,
    }  # fmt: skip
    return write_issue(home, issue_id, **fields)


def good(*arguments: object) -> Any:
    """A command that has to end with status 0."""
    result = call(*arguments)
    assert result.exit_code == 0, result.output
    return result


def refused(*arguments: object, status: int = 2) -> str:
    """What a command says that is refused, in plain words."""
    result = call(*arguments)
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output and "unexpected" not in result.output
    return str(result.output)


def make(home: Path, *units: str) -> None:
    """The drafts as they are now."""
    chosen = [part for unit in units for part in ("--unit", unit)]
    good("run", "--home", home, "--format", "docx", "--jobs", "1", *chosen)


def stage(home: Path, to: str, *units: str, again: bool = False, **more: str) -> Any:
    """Take documents to a stage; --again, and options by name with their values."""
    chosen = [part for unit in units for part in ("--unit", unit)]
    options = [part for name, value in more.items() for part in (f"--{name}", value)]
    flag = ["--again"] if again else []
    return call("stage", to, "--home", home, "--by", "李", *chosen, *options, *flag)


def listing(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Everything below a folder: hash, mode and time of change of each file and folder."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        stat = path.stat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[path.relative_to(folder).as_posix()] = digest, stat.st_mode, stat.st_mtime_ns
    return found


def opened_up(folder: Path) -> None:
    """Take away the bits that keep an issued folder from being changed, as a culprit would."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def copied(home: Path, to: Path) -> Path:
    """A copy of a workbook to change, modes and times included."""
    return Path(shutil.copytree(home, to))


def later_data(home: Path, row: int = 12) -> None:
    """One session of dongling less than was reported, imported."""
    import openpyxl

    path = home / "data" / "submissions" / "2023" / "dongling.xlsx"
    book = openpyxl.load_workbook(path)
    book["学习情况"].delete_rows(row)
    book.save(path)
    call("import", "--home", home, "--year", "2023")


def at_signature(home: Path) -> Path:
    """A thin workbook with group and dongling at signature, yunping at no stage, a1 written.

    All three drafts are made and up to date; canglu was never made.
    """
    thin_workbook(home)
    write_issue(home, "a1")
    make(home, "group", "dongling", "yunping")
    assert stage(home, "review", "group", "dongling", on="2024-01-09").exit_code == 0
    make(home, "group", "dongling")
    assert stage(home, "signature", "group", "dongling", on="2024-01-10").exit_code == 0
    make(home, "group", "dongling")
    return home


def made_before(issued_once: Path) -> Any:
    """In place of a run: the documents of a1 as they were made once, put where a run puts them."""

    def run_from(
        inputs: Path, act: Any, options: Any, into: Path, units: Any = None
    ) -> dict[str, Any]:
        from reportkit.cli.issuing import is_of, selection_of
        from reportkit.cli.workbook import StudyWorkbook
        from reportkit.issuing.folder import read_manifest

        folder = issued_once / "outputs" / "issued" / "a1"
        known = read_manifest(folder)["documents"]
        workbook = StudyWorkbook(inputs, final=True)
        entries = {}
        for document in workbook.documents(selection_of(act.issue)):
            if not is_of(act.issue, document) or not (units is None or document.unit in units):
                continue
            source = folder / "documents" / document.unit
            shutil.copytree(source, into / document.unit, copy_function=shutil.copyfile)
            (into / document.unit).chmod(0o755)
            entry = known[document.key]
            entries[document.key] = {
                **entry, "label": entry["title"],
                "files": {path.name: {} for path in sorted(source.iterdir())},
            }  # fmt: skip
        return entries

    return run_from
