"""What a run tells the analyst before it begins: wording and selections worth a second look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reportkit.cli.console import complain
from reportkit.cli.workbook import StudyWorkbook, known_document
from reportkit.display import BLOCK_MIME
from reportkit.errors import ParameterError
from reportkit.files import sha256
from reportkit.loaders import Records, has_snapshot
from reportkit.params import GROUP_DOCUMENT, load_decisions, load_year
from reportkit.params.edits import load_edits
from reportkit.params.stages import load_stages
from reportkit.terms import check_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from reportkit.batch.contract import Document, Selection
    from reportkit.batch.run import RunResult


def warn(workbook: StudyWorkbook, selection: Selection) -> None:
    """Set phrases (提法) that are not as approved; selected practices that are no candidates.

    Told on standard error, and nothing more: neither the documents nor the exit status change.
    """
    documents = [d for d in workbook.documents(selection) if has_snapshot(workbook.home, d.year)]
    told = [
        *_of_imports(workbook, documents),
        *_of_terms(workbook, documents),
        *_of_practices(workbook, documents),
    ]
    for warning in dict.fromkeys(told):  # notebooks and letterhead are the same in every year
        complain(f"warning: {warning}", style="yellow")


def warn_of_submissions(workbook: StudyWorkbook, selection: Selection) -> None:
    """Tells of files of submissions that are not those which were imported."""
    from reportkit.records.importing.gathering import submissions_of

    data = workbook.home / "data"
    for year in sorted({d.year for d in workbook.documents(selection)}):
        if not has_snapshot(workbook.home, year):
            continue
        inputs = Records(workbook.home, year).inputs
        known = {i["file"]: i["sha256"] for i in inputs if i["file"].startswith(_KEPT_IN)}
        changed = [
            name for name, hashed in known.items()
            if hashed and not ((data / name).is_file() and sha256(data / name) == hashed)
        ]  # fmt: skip
        # What came from a database has no files to compare with.
        if known and (data / "submissions" / str(year)).is_dir():
            files = submissions_of(workbook.home, year)
            changed += [f.label for f in files if f.label not in known and not f.lock]
        if changed:
            shown = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
            complain(
                f"warning: not as imported: {shown}; next: reportkit import --year {year}",
                style="yellow",
            )


_KEPT_IN = ("submissions/", "checks/")
"""Where below data/ the files are that an import reads."""


def check_overrides(workbook: StudyWorkbook, selection: Selection) -> None:
    """Refuse wording of its own (``units/*.md``) for a unit that there is not.

    Raises
    ------
    ParameterError
        Naming the file.
    """
    known = {unit.unit_id for unit in workbook.units}
    for year in sorted({d.year for d in workbook.documents(selection)}):
        folder = workbook.home / "params" / "text" / str(year) / "units"
        for path in sorted(folder.glob("*.md")):
            unit_id, _, rest = path.name.partition(".")
            if unit_id not in known or rest not in ("md", "period.md"):
                raise ParameterError(
                    f"no unit {path.name.removesuffix('.md')!r}",
                    expected="<unit_id>.md, or <unit_id>.period.md for papers of a period",
                    next_step="name the file after a unit of params/units.yml",
                    where=path.relative_to(workbook.home).as_posix(),
                )


def check_edits(workbook: StudyWorkbook, selection: Selection) -> None:
    """Refuse edits or stages that cannot be read, before anything runs.

    Raises
    ------
    ParameterError
        Naming the file and the field; also for edits of a unit that there is not.
    """
    for year in selection.years:
        for key in load_stages(workbook.home, year).documents:
            if not known_document(workbook.home, key.partition("/")[0]):
                raise ParameterError(
                    f"no document {key!r}",
                    expected="group/circular, <unit_id>/circular, or of a period …/circular.2023Q3",
                    next_step="correct the key",
                    where=f"params/stages/{year}.yml",
                )
        folder = workbook.home / "params" / "text" / str(year) / "edits"
        for path in sorted(folder.glob("*/*.yml")):
            if not known_document(workbook.home, path.parent.name):
                raise ParameterError(
                    f"no unit {path.parent.name!r}",
                    expected="a folder named after a unit, or group",
                    next_step="name it after a unit of params/units.yml, or take it away",
                    where=path.relative_to(workbook.home).as_posix(),
                )
            load_edits(workbook.home, year, path.parent.name, path.stem)


def warn_of_length(result: RunResult, outputs: Path, home: Path) -> None:
    """Tells of a group circular whose text is longer than a leader will sign (4,000 characters)."""
    for document, entry in result.entries:
        path = outputs / document.folder / f"{document.stem}.ipynb"
        made = entry["last_result"] and entry["last_result"]["state"] == "done"
        if document.unit != GROUP_DOCUMENT or document.masked or not made or not path.is_file():
            continue
        most = load_year(home, document.year).group_characters
        count = body_length(path)
        if count > most:
            complain(
                f"warning: {document.title}: the text has {count:,} characters, more than {most:,};"
                " next: shorten the standing prose or select fewer practices",
                style="yellow",
            )


def body_length(notebook: Path) -> int:
    """Characters of an executed circular's text, up to its signature; blanks do not count."""
    count = 0
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown" and "remove-cell" not in cell["metadata"].get(
            "tags", ()
        ):
            count += _characters("".join(cell["source"]).lstrip("# "))
        for output in cell.get("outputs", ()):
            block = output.get("data", {}).get(BLOCK_MIME, {})
            if block.get("kind") in ("annex_list", "signature", "annex"):
                return count
            if block.get("kind") in ("title", "addressee", "heading", "paragraph"):
                count += _characters(block.get("lead", "") + block["text"])
    return count


def _characters(text: str) -> int:
    return len("".join(text.split()))


def _of_imports(workbook: StudyWorkbook, documents: list[Document]) -> Iterator[str]:
    """Units and topics by which the records were checked, and which have changed since."""
    from reportkit.records.importing.tables import topic_rows, unit_rows
    from reportkit.records.schemas import TABLES, frame_of

    for year in sorted({d.year for d in documents}):
        records = Records(workbook.home, year)
        for table, key, file, rows in (
            ("units", "unit_id", "params/units.yml", unit_rows(workbook.units)),
            ("topics", "code", f"params/{year}.yml", topic_rows(load_year(workbook.home, year))),
        ):
            known = {row[key]: row for row in _plain(records[table])}
            now = {row[key]: row for row in _plain(frame_of(TABLES[table], rows))}
            changed = [i for i in {**known, **now} if known.get(i) != now.get(i)]
            if changed:
                shown = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
                yield (
                    f"{file}: {table} changed since the import of {year} ({shown}); "
                    f"next: reportkit import --year {year}"
                )


def _plain(frame: pd.DataFrame) -> list[dict[str, str]]:
    """Rows as texts: what is compared is what they say."""
    columns = {str(name): frame[name].astype(str).tolist() for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _of_terms(workbook: StudyWorkbook, documents: list[Document]) -> Iterator[str]:
    for year in sorted({d.year for d in documents}):
        notebooks = sorted({d.notebook for d in documents if d.year == year})
        for found in check_workbook(workbook.home, year, notebooks, _chosen(workbook, year)):
            yield str(found)


def _chosen(workbook: StudyWorkbook, year: int) -> list[tuple[str, str]]:
    """(where, text) of the practices that the group's circular tells of."""
    chosen = {p for ids in load_decisions(workbook.home, year).practices.values() for p in ids}
    if not chosen:
        return []
    rows = Records(workbook.home, year).read("practices", ["practice_id", "what", "outcome"])
    return [
        (f"practice {practice}", "，".join(t for t in (what, outcome) if isinstance(t, str)))
        for practice, what, outcome in zip(
            rows["practice_id"], rows["what"], rows["outcome"], strict=True
        )
        if practice in chosen
    ]


def _of_practices(workbook: StudyWorkbook, documents: list[Document]) -> Iterator[str]:
    from reportkit.circular import open_group

    of_group = (d for d in documents if d.unit == GROUP_DOCUMENT and d.blocked is None)
    years = {d.year for d in of_group if d.period is None}
    for year in sorted(years):
        decided = load_decisions(workbook.home, year).practices
        chosen = {practice for ids in decided.values() for practice in ids}
        group = open_group(year, home=workbook.home)
        group.check_decisions()
        if not chosen:
            continue
        for one in group.candidates(chosen):
            if not one.fit:
                yield (
                    f"params/decisions/{year}.yml: practice {one.practice_id} is selected, but "
                    f"{one.against}; see 经验做法候选 in the working paper"
                )
