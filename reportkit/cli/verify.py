"""``reportkit verify``: that what was issued is as it was, and comes out the same once more."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.batch.fingerprint import shared_parts
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json, shown_path
from reportkit.cli.correct import make_correction
from reportkit.cli.issuing import Act, options_of
from reportkit.cli.making import run_from
from reportkit.errors import ReportkitError
from reportkit.files import sha256
from reportkit.issuing.folder import (
    DOCUMENTS,
    INPUTS,
    MANIFEST,
    changed_files,
    corrections_of,
    lies_in_issued,
    read_manifest,
    wrong_links,
)
from reportkit.params import own_fonts
from reportkit.params.issue import load_issue
from reportkit.params.stages import load_stages


@dataclass
class Proof:
    """What was found about one issue."""

    issue_id: str
    changed: list[str]
    remade: str = "not tried"
    differing: list[str] = field(default_factory=list)
    not_made: str = ""
    """Why the files could not be made again."""
    since: list[str] = field(default_factory=list)
    """What is no longer as it was when it was made: package, fonts …"""
    corrections: list[dict[str, str]] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was changed, and nothing came out otherwise that should not."""
        return not self.changed and self.remade != "different"


def verify(
    issued: Annotated[
        list[Path], typer.Argument(metavar="FOLDER", help="outputs/issued/<id>, or several.")
    ],
    remake: Annotated[
        bool,
        typer.Option("--remake/--no-remake", help="Also make the files once more and compare."),
    ] = True,
    jobs: options.Jobs = None,
    as_json: options.Json = False,
) -> None:
    """Prove that issued files were not changed, and that the same inputs give the same bytes.

    Every file is held against the manifest, the manifest against the record of stages; then all
    is made again from the inputs that are kept, in a folder aside, and compared byte for byte.
    With another version of reportkit, other fonts or libraries than then, bytes may differ: it
    says so. Exit status: 0 proved, 1 something was changed or came out otherwise.
    """
    proofs = []
    for folder in issued:
        try:
            proofs.append(_proved(folder.resolve(), remake, jobs))
        except ReportkitError as error:
            complain(f"error: {error}")
            proofs.append(Proof(folder.name, [str(error)]))
            continue
        if not as_json:
            _show(proofs[-1], folder)
    if as_json:
        say_json([{**vars(proof), "good": proof.good} for proof in proofs])
    raise typer.Exit(int(not all(proof.good for proof in proofs)))


def _proved(folder: Path, remake: bool, jobs: int | None) -> Proof:
    manifest = read_manifest(folder)
    proof = Proof(folder.name, changed_files(folder, manifest))
    if manifest["id"] != folder.name:
        proof.changed.append(f"it says that it is {manifest['id']}")
    proof.corrections = corrections_of(folder)
    if lies_in_issued(folder):  # else a copy: there is no record to hold it against
        proof.changed += _manifest_changed(folder, manifest)
        proof.changed += wrong_links(folder, proof.corrections)
    proof.since = _since(folder, manifest)
    if remake and not proof.changed:
        try:
            proof.differing = _made_again(folder, manifest, jobs)
        except ReportkitError as error:
            proof.not_made = str(error)
        alike = not (proof.differing or proof.not_made)
        proof.remade = "same" if alike else _of_difference(proof)
    return proof


def _of_difference(proof: Proof) -> str:
    return "not comparable" if proof.since else "different"


def _home(folder: Path) -> Path:
    """The workbook that a folder below outputs/issued/ belongs to; of a copy, the folder itself."""
    return folder.parents[2] if lies_in_issued(folder) else folder


def _manifest_changed(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Whether the manifest itself is the one that the record of stages knows."""
    stages = load_stages(_home(folder), int(manifest["year"]))
    known = {
        step.manifest
        for steps in stages.documents.values()
        for step in steps
        if step.issue == folder.name and step.manifest
    }
    record = f"params/stages/{manifest['year']}.yml"
    if not known:
        command = "correct, with --id" if manifest["corrects"] else "issue"
        return [f"{record} does not know it: nothing shows that {MANIFEST} is as it was written; "
                f"if the command was cut off, or the record is lost, give it once more: "
                f"reportkit {command} {folder.name}"]  # fmt: skip
    return [] if sha256(folder / MANIFEST) in known else [
        f"{MANIFEST} is not the one that {record} knows"
    ]  # fmt: skip


def _since(folder: Path, manifest: dict[str, Any]) -> list[str]:
    now = shared_parts(own_fonts(_home(folder)))
    return [name for name, value in manifest["made_with"].items() if now.get(name) != value]


def _made_again(folder: Path, manifest: dict[str, Any], jobs: int | None) -> list[str]:
    """The files that came out otherwise."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        aside = Path(name).resolve()
        inputs = aside / INPUTS
        shutil.copytree(folder / INPUTS, inputs, copy_function=shutil.copyfile)
        for path in (inputs, *inputs.rglob("*")):  # the copy may be written to
            if path.is_dir():
                path.chmod(0o700)
        issue = load_issue(inputs, folder.name)
        act = Act(_home(folder), folder.name, issue, "verify", ())
        options = options_of(issue, jobs, manifest["standard_fonts"])
        if issue.corrects:
            make_correction(inputs, act, options, aside / DOCUMENTS)
        else:
            run_from(inputs, act, options, aside / DOCUMENTS)
        endings = tuple(f".{fmt}" for fmt in manifest["formats"])
        wanted = [n for n in manifest["files"] if n.startswith(DOCUMENTS) and n.endswith(endings)]
        return [
            name for name in wanted
            if not (aside / name).is_file()
            or sha256(aside / name) != manifest["files"][name]["sha256"]
        ]  # fmt: skip


def _show(proof: Proof, folder: Path) -> None:
    where = shown_path(folder)
    for what in proof.changed:
        complain(f"{where}: {what}")
    for name in proof.differing:
        complain(f"{where}: {name} comes out otherwise")
    if proof.not_made:
        complain(f"{where}: could not be made again: {proof.not_made}")
    if proof.since and proof.remade != "same":
        complain(
            f"{where}: not as it was when this was issued: {', '.join(proof.since)}; made again "
            "with the same ones, the bytes can be compared",
            style="yellow",
        )
    for each in proof.corrections:
        say(f"{where}: corrected by {each['id']} ({each.get('number') or '-'}, {each['date']})")
    told = {
        "same": "the same inputs give the same bytes",
        "different": "the same inputs give other bytes",
        "not comparable": "unchanged; the bytes cannot be compared any more",
        "not tried": "unchanged; not made again",
    }[proof.remade]
    if proof.changed:
        say(f"{where}: changed since it was issued", style="red")
    else:
        say(f"{where}: {told}", style="green" if proof.good else "red")
