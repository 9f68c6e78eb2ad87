"""``reportkit diff``: the sentences, figures and tables that differ between two documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.batch.run import nothing_ran
from reportkit.cli import options
from reportkit.cli.console import say, say_json, shown_path, table
from reportkit.cli.options import home_of, latest_year
from reportkit.comparing.comparison import Comparison, compare
from reportkit.comparing.pages import page_of
from reportkit.errors import UsageError
from reportkit.files import replace_file
from reportkit.fonts import FontSet
from reportkit.publish.model import to_data
from reportkit.publish.page import html_page
from reportkit.publish.word import docx_bytes
from reportkit.publish.word.rereading import reread

FOLDER = "diff"
"""Where the pages are put, below ``outputs/``, if nothing else is said."""
_NAME = re.compile(
    r"(?:(?P<year>\d{4})/)?(?P<unit>[a-z][a-z0-9_-]*)(?:/(?P<stem>[A-Za-z0-9][\w.-]*?))?(?:\.docx)?"
)
_UNFIT = re.compile(r"[^\w.-]+")
_LONGEST = 80

_One = Annotated[
    str,
    typer.Argument(
        help="A published Word file, or a document: group, 2022/group, 2023/dongling/"
        "circular.formal.",
    ),
]
_OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="The page's files without ending. Default: in outputs/diff/."),
]


def diff(
    context: typer.Context,
    a: _One,
    b: _One,
    out: _OutOption = None,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Show what differs between two drafts, editions or years of a document.

    Writes one page, in Chinese, as HTML and Word: figures first, then sentences with what went
    and what came marked, then tables. Reads the Word copies, edited ones too. The own years of
    both documents are no difference. Exit status: 0 the same, 1 they differ, 2 trouble.
    """
    with nothing_ran():  # whatever goes wrong is trouble: 1 says that they differ
        workbook = _Home(context, home)
        found = _compared(workbook, a, b)
        files = _written(found, out or _default(workbook, found))
    if as_json:
        content = to_data(found)
        content["changes"] = [c for c in content["changes"] if c["kind"] != "same" or c["moved"]]
        say_json({"differs": found.differs, **content, "files": [shown_path(f) for f in files]})
    else:
        _show(found, files)
    raise typer.Exit(int(found.differs))


class _Home:
    """The workbook's folder, looked for only where it is needed: two files need none."""

    def __init__(self, context: typer.Context, home: Path | None) -> None:
        self._asked = context, home

    @property
    def folder(self) -> Path:
        return home_of(*self._asked)


def _compared(workbook: _Home, a: str, b: str) -> Comparison:
    read = []
    for text, where in ((a, "A"), (b, "B")):
        path, label = _resolved(workbook, text, where)
        read.append((reread(path.read_bytes(), shown_path(path)).document, label))
    (one, label_a), (other, label_b) = read
    return compare(one, other, label_a, label_b)


def _resolved(workbook: _Home, text: str, where: str) -> tuple[Path, str]:
    """The Word file that is meant, and what to call it.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    path = Path(text)
    if path.is_file():
        return path, path.name
    named = _NAME.fullmatch(text)
    if named is None or ".." in text:
        raise UsageError(
            f"{text!r}: no such file, and no document's name",
            expected="a .docx file, or a name as group, 2022/group, 2023/dongling/circular.formal",
            where=where,
        )
    year = named["year"] or str(_latest(workbook.folder))
    internal = named["unit"] in ("working_paper", "data_quality")
    stem = named["stem"] or (named["unit"] if internal else "circular")
    label = f"{year}/{named['unit']}/{stem}.docx"
    found = workbook.folder / "outputs" / label
    if not found.is_file():
        raise UsageError(
            f"{text!r}: no {shown_path(found)}",
            expected="a document that was made, with its Word copy",
            next_step=f"reportkit run --year {year} --unit {named['unit']}",
            where=where,
        )
    return found, label


def _latest(folder: Path) -> int:
    return latest_year(folder)


def _default(workbook: _Home, found: Comparison) -> Path:
    """outputs/diff/<A>--<B>, named after both."""
    names = [
        _UNFIT.sub(".", side.label.removesuffix(".docx")).strip(".")[:_LONGEST] or "x"
        for side in (found.a, found.b)
    ]
    return workbook.folder / "outputs" / FOLDER / "--".join(names)


def _written(found: Comparison, stem: Path) -> list[Path]:
    document = page_of(found)
    made = {
        ".html": html_page(document).encode("utf-8"),
        ".docx": docx_bytes(document, FontSet.find(None), returns=False),
    }
    stem.parent.mkdir(parents=True, exist_ok=True)
    files = []
    for ending, content in made.items():
        files.append(stem.with_name(stem.name + ending))
        replace_file(files[-1], content)
    return files


# --- showing ---


def _show(found: Comparison, files: list[Path]) -> None:
    if found.figures:
        rows: list[tuple[Any, ...]] = [(f.where, f.clause, f.a, f.b) for f in found.figures]
        table("Figures that differ:", ("where", "clause", "A", "B"), rows)
    if found.differs:
        moved = sum(change.moved for change in found.changes)
        cells = sum(len(change.cells) for change in found.tables)
        say(
            f"{found.counted('changed')} passages changed, {found.counted('a')} only in A, "
            f"{found.counted('b')} only in B, {moved} moved, {len(found.figures)} figures differ, "
            f"{len(found.tables)} tables differ in {cells} cells"
        )
    else:
        say("no difference", style="green")
    say("Look in " + ", ".join(shown_path(path) for path in files))
