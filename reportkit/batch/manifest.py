"""The manifest of a year: what is true of each document, whatever befell the run.

``outputs/<year>/manifest.json`` is exported whole at the end of a run; until then each
result is one line of the append-only ``journal.jsonl`` beside it, on the disk before the
next result is taken. A reader takes both. A last line torn by a crash is passed over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

from reportkit.batch.contract import Document
from reportkit.batch.fingerprint import digest
from reportkit.batch.source import as_json
from reportkit.errors import RecordsError
from reportkit.files import read_json, replace_file, sealed, sha256, tell_damaged, unsealed

VERSION = 1
READ = "files/"
"""How those parts of a fingerprint begin that are files read while a document was made."""
State = Literal["done", "failed", "timeout", "dead", "cancelled"]
Outcome = Literal["ran", "up-to-date", "not-reached"]


class Error(TypedDict):
    """Why a document is not done; ``cell`` counts the original notebook's cells from 1."""

    type: str
    message: str
    cell: int | None
    notebook: str | None


class Result(TypedDict):
    """How the last attempt to make the document ended."""

    state: State
    attempts: int
    error: Error | None


class ThisRun(TypedDict):
    """What the last run that selected the document did about it."""

    outcome: Outcome
    seconds: float


class File(TypedDict):
    """A published file; ``made_from``: what :func:`state_of` was when it was made."""

    sha256: str
    bytes: int
    made_from: NotRequired[str]


class Entry(TypedDict):
    """All that the manifest says of one document.

    ``fingerprint`` and ``files`` are of the last *good* attempt, and stay when a later one
    fails; files of formats that it was not asked for stay too, and may be stale
    (:func:`stale_files`). ``last_result`` is of the last attempt, None before the first.
    ``stale_edits``: the places of leaders' wording that no longer fits, and why. ``left``: name
    → SHA-256 of what attempts that did not end well may have put there beside ``files``.
    ``left_out``: what its cells print and it does not show; ``held``: what holds it back until a
    person has looked; ``pages``: of the last good PDF that nothing was said of.
    ``this_run`` is None if the last run did not select the document.
    """

    unit: str
    year: int
    period: str | None
    edition: str
    label: str
    notebook: str
    folder: str
    parameters: dict[str, Any]
    last_result: Result | None
    this_run: ThisRun | None
    fingerprint: dict[str, str]
    files: dict[str, File]
    stale_edits: NotRequired[list[str]]
    left: NotRequired[dict[str, list[str]]]
    left_out: NotRequired[list[str]]
    held: NotRequired[list[str]]
    pages: NotRequired[int]


def new_entry(document: Document, home: Path) -> Entry:
    """An entry for a document of which nothing is known yet."""
    return Entry(
        unit=document.unit,
        year=document.year,
        period=document.period,
        edition=document.edition,
        label=document.label,
        notebook=relative_to(document.notebook, home),
        folder=document.folder,
        parameters=as_json(dict(document.parameters)),
        last_result=None,
        this_run=None,
        fingerprint={},
        files={},
        stale_edits=[],
        left={},
    )


def relative_to(path: Path, home: Path) -> str:
    """The path as it is seen from the workbook's folder, the same on every machine."""
    try:
        return path.resolve().relative_to(home.resolve()).as_posix()
    except ValueError:
        return path.name


def state_of(entry: Entry) -> str:
    """Return in short what the last good attempt was made from: fingerprint, executed notebook."""
    return digest([entry["fingerprint"], _executed(entry)])


def _executed(entry: Entry) -> list[str]:
    return [r["sha256"] for name, r in entry["files"].items() if name.endswith(".ipynb")]


def after_good_attempt(
    before: Entry, fingerprint: dict[str, str], files: dict[str, File], folder: Path
) -> Entry:
    """Return the entry after a good attempt; files of other formats stay, if they are there."""
    now = Entry({**before, "fingerprint": fingerprint, "files": files, "left": {}})
    same = _same_state(before, now)
    if same:  # what those of other formats read is still what they depend on
        read = {n: v for n, v in before["fingerprint"].items() if n.startswith(READ)}
        now["fingerprint"] = {**read, **fingerprint}
    old, new, stale = state_of(before), state_of(now), stale_files(before)
    now["files"] = {name: File({**record, "made_from": new}) for name, record in files.items()}
    for name, record in before["files"].items():
        if name not in files and (folder / name).is_file():
            state = new if same and name not in stale else record.get("made_from", old)
            now["files"][name] = File({**record, "made_from": state})
    return now


def _same_state(one: Entry, other: Entry) -> bool:
    """Whether both were made from the same, but for files that some formats alone read."""
    a, b = one["fingerprint"], other["fingerprint"]
    names = {n for n in a.keys() | b.keys() if (n in a and n in b) or not n.startswith(READ)}
    return _executed(one) == _executed(other) and all(a.get(n) == b.get(n) for n in names)


def stale_files(entry: Entry) -> list[str]:
    """Return the files that were made from something else than the document was last."""
    now = state_of(entry)
    return [name for name, record in entry["files"].items() if record.get("made_from", now) != now]


def note_left(entry: Entry, files: Mapping[str, File]) -> None:
    """Note what an attempt may have put there: no person did, though it is not of a good set."""
    for name, record in files.items():
        left = entry.setdefault("left", {}).get(name, [])
        entry["left"][name] = list(dict.fromkeys([record["sha256"], *left]))[:3]


def known_contents(entry: Entry) -> dict[str, list[str]]:
    """Return name → SHA-256 of what reportkit wrote there."""
    known = {name: [*hashes] for name, hashes in entry.get("left", {}).items()}
    for name, record in entry["files"].items():
        known.setdefault(name, []).append(record["sha256"])
    return known


def files_changed(outputs: Path, entry: Entry, names: Iterable[str] | None = None) -> list[str]:
    """What is wrong with recorded files: missing, or other than they were published.

    ``names``: those that are looked at; None: all.
    """
    folder = outputs / entry["folder"]
    told = []
    for name in entry["files"] if names is None else names:
        record = entry["files"][name]
        try:
            same = (folder / name).stat().st_size == record["bytes"] and (
                sha256(folder / name) == record["sha256"]
            )
        except OSError:
            told.append(f"{name} is missing")
        else:
            told += [] if same else [f"{name} was changed since it was made"]
    return told


class Manifest:
    """The manifest and journal of one year, as one."""

    def __init__(self, outputs: Path, year: int) -> None:
        self.year = year
        self.path = outputs / str(year) / "manifest.json"
        self.journal = self.path.with_name("journal.jsonl")
        self.run: dict[str, Any] = {}
        self.entries: dict[str, Entry] = {}
        self.unfinished: set[str] = set()
        self._read()

    def _read(self) -> None:
        try:
            content = read_json(self.path)
            self.entries, self.run = content["documents"], content.get("run", {})
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError):
            raise RecordsError(
                "the manifest is damaged",
                expected="JSON as reportkit wrote it",
                next_step="delete it; the next run makes every circular anew",
                where=str(self.path),
            ) from None
        for line in _whole_lines(self.journal):
            if "started" in line:
                self.unfinished.add(line["key"])
                known = self.entries.setdefault(line["key"], line["started"])
                known["left"] = line["started"].get("left", {})
            else:
                self.unfinished.discard(line["key"])
                self.entries[line["key"]] = line["entry"]

    def start(self, key: str, entry: Entry) -> None:
        """Notes that the document is now being made (not yet forced onto the disk)."""
        self._append({"key": key, "started": entry}, sync=False)

    def record(self, key: str, entry: Entry) -> None:
        """Notes the document's new truth, on the disk when this returns."""
        self.entries[key] = entry
        self.unfinished.discard(key)
        self._append({"key": key, "entry": entry}, sync=True)

    def _append(self, line: dict[str, Any], *, sync: bool) -> None:
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        with self.journal.open("ab") as file:
            # A line torn earlier must not swallow this one.
            lead = "" if file.tell() == 0 or _ends_line(self.journal) else "\n"
            text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
            file.write(b"%b%b\n" % (lead.encode(), sealed(text.encode())))
            file.flush()
            if sync:
                os.fsync(file.fileno())

    def settle_unfinished(self) -> None:
        """Calls cancelled what an earlier run had begun and never ended."""
        for key in sorted(self.unfinished):
            self.record(key, self._cut_off(key))

    def see_unfinished(self) -> None:
        """The same for a reader, who writes nothing."""
        self.entries.update({key: self._cut_off(key) for key in self.unfinished})

    def _cut_off(self, key: str) -> Entry:
        error = Error(
            type="Interrupted",
            message="the run was ended from outside while this document was being made",
            cell=None,
            notebook=None,
        )
        result = Result(state="cancelled", attempts=1, error=error)
        return Entry({**self.entries[key], "last_result": result})

    def export(self) -> None:
        """Writes ``manifest.json`` at once, then empties the journal."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, sealed(self._text().encode("utf-8")))
        self.journal.unlink(missing_ok=True)

    def _text(self) -> str:
        """As JSON, an entry a line: a thousand are written at once, and compare line by line."""
        head = {"version": VERSION, "year": self.year, "run": self.run}
        entries = ",\n".join(
            f"  {json.dumps(key, ensure_ascii=False)}: {json.dumps(entry, ensure_ascii=False)}"
            for key, entry in sorted(self.entries.items())
        )
        start = json.dumps(head, ensure_ascii=False)[:-1]
        return f'{start}, "documents": {{\n{entries}\n}}}}\n'


def years_with_manifest(outputs: Path) -> list[int]:
    """The years of which something is recorded."""
    names = ("manifest.json", "journal.jsonl")
    folders = [f for f in outputs.glob("*") if f.name.isdigit()]
    return sorted(int(f.name) for f in folders if any((f / name).is_file() for name in names))


def _ends_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _whole_lines(path: Path) -> Iterable[dict[str, Any]]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for line in content.split(b"\n"):
        try:
            value = unsealed(line)
        except ValueError:
            if line.endswith(b"}"):  # no line that a kill has cut short
                tell_damaged(path)
            continue
        if isinstance(value, dict) and "key" in value:
            yield value
