"""Final files, made from inputs that are kept with them: of `issue`, `correct` and `verify`."""

from __future__ import annotations

import datetime as dt
import difflib
import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.batch.fingerprint import shared_parts
from reportkit.batch.kept import DRAFTS
from reportkit.batch.run import run
from reportkit.cli.issuing import Act, is_of, key_of, selection_of
from reportkit.cli.workbook import StudyWorkbook
from reportkit.errors import ReportkitError
from reportkit.files import replace_file
from reportkit.issuing.folder import DOCUMENTS, INPUTS, building, publish
from reportkit.issuing.inputs import copy_parameters, lend_fonts, take_fonts_back
from reportkit.params import own_fonts
from reportkit.records.snapshot import (
    POINTER,
    folder,
    pointer_bytes,
    pointer_to,
    read_pointer,
    read_purge,
)

if TYPE_CHECKING:
    from reportkit.batch.contract import Document, Options


def make(act: Act, options: Options) -> Path:
    """Keep the inputs, make the final files from them, and put all in place at once.

    Raises
    ------
    ReportkitError
        If a document could not be made, or says other than its draft; nothing is issued.
    """
    with building(act.outputs, act.issue_id) as folder:
        inputs, pins = folder / INPUTS, act.pins()
        copy_parameters(act.home, inputs, [d.notebook for d in act.documents])
        copy_records(act.home, inputs, pins)
        entries = run_from(inputs, act, options, folder / DOCUMENTS)
        _check_same_words(act, folder / DOCUMENTS)
        return publish(folder, act.outputs, act.issue_id, manifest_of(act, entries, options, pins))


def copy_records(home: Path, inputs: Path, pins: dict[int, str]) -> None:
    """Copy the snapshots named, each as what is its year's in the copy."""
    for year, digest in pins.items():
        if read_purge(home, year) is not None:
            continue
        now = read_pointer(home, year)
        pointer = now if now["digest"] == digest else pointer_to(home, year, digest)
        source = folder(home, year) / (pointer.get("folder") or digest[:12])
        target = folder(inputs, year)
        shutil.copytree(source, target / source.name)
        replace_file(target / POINTER, pointer_bytes(pointer))
    # Of years whose records were purged the figures that were kept for comparison.
    if (kept := home / "outputs" / "kept").is_dir():
        shutil.copytree(kept, inputs / "outputs" / "kept", copy_function=shutil.copyfile)


def run_from(
    inputs: Path, act: Act, options: Options, into: Path, units: Collection[str] | None = None
) -> dict[str, Any]:
    """Make the documents in the workbook of the inputs, and move them out of it.

    ``units``: only those of these; None: all of the issue.

    Returns
    -------
    dict
        Document's key → its entry in the manifest of that run.
    """
    lend_fonts(act.home, inputs)
    workbook = StudyWorkbook(inputs, final=True)
    wanted = selection_of(act.issue)
    found = [d.unit for d in workbook.documents(wanted) if is_of(act.issue, d)]
    # By name: of others neither notebook nor drafts are here.
    chosen = tuple(unit for unit in found if units is None or unit in units)
    result = run(workbook, replace(wanted, units=chosen), options)
    entries = {}
    for document, entry in result.entries:
        if not is_of(act.issue, document):
            continue
        last = entry["last_result"]
        if last is None or last["state"] != "done":
            error = last["error"] if last else None
            why = f"{error['type']}: {error['message']}" if error else "not reached"
            raise ReportkitError(
                f"{document.title}: {why}",
                expected="every document made",
                next_step=f"make it by hand first: reportkit run --formal --unit {document.unit}",
                where=act.issue_id,
            )
        for name in entry["files"]:
            source = inputs / "outputs" / document.folder / name
            target = into / document.unit / name
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
        entries[document.key] = entry
    for left in (inputs / "outputs").iterdir():  # what the run itself needed
        if left.name not in ("records", "kept"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    for year in [int(path.name) for path in (inputs / "outputs" / "records").iterdir()]:
        for left in folder(inputs, year).iterdir():
            if left.is_file() and left.name != "snapshot.json":
                left.unlink()  # what was worked out on the way
    take_fonts_back(inputs)
    return entries


def _check_same_words(act: Act, made: Path) -> None:
    """Refuse final files that say other than the drafts that were taken to signature.

    Raises
    ------
    ReportkitError
        Naming the first line that differs.
    """
    from reportkit.drafts.returned import words_hash, words_of

    for document in act.documents:
        final = words_of(made / document.unit / f"{document.stem}.docx")
        step = act.stages.of(key_of(document))
        if step and words_hash(final) == step.words:
            continue
        old, new = _first_difference(words_of(_signed(act, document)), final)
        raise ReportkitError(
            f"it now says “{new}”" if new else "it has lost a line",
            expected=f"what the draft said that was taken to signature: “{old}”",
            next_step="undo the change; or look at the draft again (reportkit run), and: "
            "reportkit stage signature --again --why TEXT --by NAME",
            where=key_of(document),
        )


def _signed(act: Act, document: Document) -> Path:
    """The Word copy of the draft that was taken to signature, kept at that step."""
    key = key_of(document)
    steps = act.stages.documents[key]
    before = len(steps) - 1
    folder = act.outputs / DRAFTS / str(document.year) / document.unit
    kept = folder / f"{document.wording}.{before}-{steps[before - 1].stage}"
    path = kept / f"{document.wording}.docx"
    return path if path.is_file() else act.outputs / document.folder / f"{document.wording}.docx"


def _first_difference(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            return "".join(before[a:b][:1]), "".join(after[c:d][:1])
    return "", ""


def manifest_of(
    act: Act, entries: dict[str, Any], options: Options, pins: dict[int, str]
) -> dict[str, Any]:
    """All that an issue says of itself, but for its files."""
    issue = act.issue
    documents = {
        key: {
            "unit": entry["unit"], "title": entry["label"], "folder": f"documents/{entry['unit']}",
            "number": issue.number_of(entry["unit"]), "notebook": entry["notebook"],
            "parameters": entry["parameters"], "fingerprint": entry["fingerprint"],
        }
        for key, entry in entries.items()
    }  # fmt: skip
    return {
        "year": issue.year,
        "period": issue.period,
        "edition": issue.edition,
        "date": issue.date.isoformat(),
        "signatory": issue.signatory,
        "corrects": issue.corrects,
        "issued_by": act.by,
        "recorded": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "snapshots": {str(year): digest for year, digest in pins.items()},
        "formats": list(options.formats),
        "standard_fonts": options.standard_fonts,
        "made_with": shared_parts(own_fonts(act.home)),
        "documents": documents,
        "stages": _history(act),
        "confirmations": {
            unit: {"state": s.state, "reason": s.reason} for unit, s in act.standings(pins).items()
        },
        "unconfirmed_because": issue.unconfirmed_because,
        "by_hand_because": issue.by_hand_because,
    }


def _history(act: Act) -> dict[str, Sequence[dict[str, Any]]]:
    steps = act.stages.documents
    return {
        key_of(d): [s.model_dump(mode="json") for s in steps.get(key_of(d), ())]
        for d in act.documents
    }
