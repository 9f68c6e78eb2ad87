"""What a year's circulars are made of: prose, titles, patterns, notebooks, and their phrases."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reportkit.params import load_letterhead, load_year
from reportkit.params.model import Model
from reportkit.params.terms import load_terms
from reportkit.terms.matching import Matcher, TermIssue, matcher_of


@dataclass(frozen=True)
class TermWarning:
    """An issue, and where an analyst finds it: a file with paragraph id, rule_id or cell."""

    where: str
    issue: TermIssue

    def __str__(self) -> str:
        issue = self.issue
        since = f" since {issue.since}" if issue.since else ""
        text = f"{self.where}: {issue.found!r} is {issue.kind}; approved{since}: {issue.approved!r}"
        if issue.excerpt != issue.found:
            text += f"; it stands in {issue.excerpt!r}"
        return f"{text} ({issue.note})" if issue.note else text


@dataclass(frozen=True)
class _Text:
    """A text of the workbook, and where an analyst finds it."""

    file: str
    place: str
    text: str
    lines: tuple[int, ...] = ()
    """The number in the file of each line of the text, where that helps to find it."""

    def warnings(self, matcher: Matcher) -> Iterator[TermWarning]:
        """One for each issue."""
        for issue in matcher.issues(self.text):
            line = f"line {self.lines[issue.line - 1]}" if self.lines else ""
            where = ", ".join(part for part in (self.file, line, self.place) if part)
            yield TermWarning(where, issue)


def check_workbook(
    home: Path, year: int, notebooks: Iterable[Path], texts: Iterable[tuple[str, str]] = ()
) -> list[TermWarning]:
    """All that a year's circulars are made of, checked against ``params/terms.yml``.

    That is: the standing prose; patterns, titles, leads and names in the year's parameters
    and the letterhead; the strings and the Markdown of the notebooks. A notebook or prose
    file that cannot be read is passed over: whoever runs it is told.

    Parameters
    ----------
    texts:
        Others that will be printed, such as the chosen practices: where, text.

    Raises
    ------
    ParameterError
        If ``params/terms.yml``, ``<year>.yml`` or ``letterhead.yml`` is itself wrong.
    """
    terms = load_terms(home)
    if not (terms.phrases or terms.sequences):
        return []
    params = load_year(home, year)
    matcher = matcher_of(terms.in_force(params.issued_on))
    everything = [
        *_prose(home, year),
        *_parameters(f"params/{year}.yml", params),
        *_parameters("params/letterhead.yml", load_letterhead(home)),
        *(each for path in notebooks for each in _notebook(home, path)),
        *(_Text(where, "", text) for where, text in texts),
    ]
    return [warning for each in everything for warning in each.warnings(matcher)]


def _prose(home: Path, year: int) -> Iterator[_Text]:
    """The blocks of ``params/text/<year>/``; a block is printed as one paragraph."""
    folder = home / "params" / "text" / str(year)
    for path in [*sorted(folder.glob("*.md")), *sorted(folder.glob("units/*.md"))]:
        name = path.relative_to(home).as_posix()
        # Comments keep their line breaks, so that lines can be told by number.
        body = re.sub(r"<!--.*?-->", lambda m: "\n" * m[0].count("\n"), _read(path), flags=re.S)
        block: list[tuple[int, str]] | None = None
        place = ""
        for number, line in enumerate(body.split("\n"), 1):
            if line.startswith("## "):
                yield from _block(name, place, block)
                identity, _, title = line[3:].strip().partition(" ")
                place, block = f"paragraph {identity}", []
                yield _Text(name, place, title, (number,))
            elif block is not None and line.strip():
                block.append((number, line))
        yield from _block(name, place, block)


def _block(name: str, place: str, block: list[tuple[int, str]] | None) -> Iterator[_Text]:
    if block:
        numbers, lines = zip(*block, strict=True)
        yield _Text(name, place, "\n".join(lines), numbers)


def _read(path: Path) -> str:
    """The file's text; what is no UTF-8 in it is left out, and what cannot be read is empty."""
    try:
        return path.read_text(encoding="utf-8-sig", errors="ignore")
    except OSError:
        return ""


def _parameters(file: str, value: object, place: tuple[str, ...] = ()) -> Iterator[_Text]:
    """Every text in parameters, by field; entries by their own id (rules.attendance.requirement).

    Not only those that are printed today: an id or a code holds no phrase. What a rule that
    is switched off would say is left out.
    """
    match value:
        case str():
            yield _Text(file, ".".join(place), value)
        case Model():
            if getattr(value, "enabled", True):
                for name, each in value:
                    yield from _parameters(file, each, (*place, name))
        case dict():
            for name, each in value.items():
                yield from _parameters(file, each, (*place, str(name)))
        case tuple() | list():
            for n, each in enumerate(value):
                yield from _parameters(file, each, (*place, *_name(each, n, len(value))))


def _name(entry: object, n: int, of: int) -> tuple[str, ...]:
    """What an entry of a list is called: by its id, else by number; a single one needs none."""
    for field in ("rule_id", "key", "code"):
        if name := getattr(entry, field, ""):
            return (str(name),)
    return (str(n),) if of > 1 else ()


def _notebook(home: Path, path: Path) -> Iterator[_Text]:
    """The Markdown and the strings of a notebook, by cell as an analyst counts them."""
    name = path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name
    try:
        cells = json.loads(_read(path))["cells"]
        numbered = [
            (n, cell["cell_type"], "".join(cell["source"])) for n, cell in enumerate(cells, 1)
        ]
    except (ValueError, LookupError, TypeError, RecursionError):
        return
    for number, kind, source in numbered:
        for text in _strings(source) if kind == "code" else [source]:
            yield _Text(name, f"cell {number}", text)


def _strings(code: str) -> Iterator[str]:
    """The strings in Python code, with {…} for what an f-string fills in.

    Code that is not Python alone (%magic) is taken as it stands.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # "\d": no matter of ours
            nodes: list[ast.AST] = [ast.parse(code)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield code
        return
    while nodes:
        match nodes.pop():
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{…}" for p in parts)
                filled = [p.value for p in parts if isinstance(p, ast.FormattedValue)]
                nodes += reversed(filled)
            case node:
                nodes += reversed(list(ast.iter_child_nodes(node)))
