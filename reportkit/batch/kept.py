"""Published files that a person changed: kept before they are replaced or removed.

A copy goes to ``outputs/drafts/<year>/<unit>/<file>.changed-<hash>/``, whole or not at all and once
only, beside it what the file was made from. A mark lies there until a run has told of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from reportkit.batch.manifest import Entry, Manifest, files_changed, known_contents, stale_files
from reportkit.errors import ReportkitError
from reportkit.files import TEMPORARY, new_folder, replace_file, write_json

DRAFTS = "drafts"
"""Below outputs/: drafts as they left a stage or came back, and files that a person changed."""
_UNTOLD = f"{TEMPORARY}untold"
"""Lies beside a copy until a run has told of it."""
_PASSING = ("~$", ".~lock.", TEMPORARY)
"""How files begin that open programs leave beside a file, and those that are not whole yet."""


class Kept(NamedTuple):
    """A file that a person had changed, and its copy: both below ``outputs/``."""

    file: str
    copy: str


def keep(outputs: Path, path: Path, known: Collection[str], entry: Entry | None) -> None:
    """Keep a copy of a file, unless its content is known to be no person's.

    Parameters
    ----------
    path:
        The file, about to be replaced or removed; it need not be there.
    known:
        SHA-256 of the contents that reportkit gave it.
    entry:
        What the manifest says of its document; None: nothing.

    Raises
    ------
    OSError
        If it cannot be read, or the copy not be written; then nothing may be replaced.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    found = hashlib.sha256(content).hexdigest()
    if found in known:
        return
    place = path.parent.relative_to(outputs)
    folder = outputs / DRAFTS / place / f"{path.name}.changed-{found[:12]}"
    if not folder.is_dir():
        with new_folder(folder) as making:
            replace_file(making / path.name, content)
            if entry:
                _add_origin(making, outputs, path.name, entry)
    (folder / _UNTOLD).touch()


def _add_origin(folder: Path, outputs: Path, file: str, entry: Entry) -> None:
    """What a file was made from: the manifest's entry, and the executed notebook if it is there."""
    write_json(folder / "made-from.json", entry)
    notebooks = [name for name in entry["files"] if name.endswith(".ipynb") and name != file]
    if file not in stale_files(entry) and not files_changed(outputs, entry, notebooks):
        for name in notebooks:
            replace_file(folder / name, (outputs / entry["folder"] / name).read_bytes())


def keep_changed(outputs: Path, root: Path, *, strangers: bool = True) -> None:
    """Keep what a person changed, in all folders of a year, or in one of them.

    ``strangers``: also files that no manifest knows, which somebody put there.
    """
    year = int(root.relative_to(outputs).parts[0])
    manifest = None
    with contextlib.suppress(ReportkitError):  # a damaged one knows of no file
        manifest = Manifest(outputs, year)
    owners: dict[Path, Entry] = {}
    for entry in manifest.entries.values() if manifest else ():
        owners.update({outputs / entry["folder"] / name: entry for name in known_contents(entry)})
    own = {outputs / str(year) / name for name in ("manifest.json", "journal.jsonl")}
    for path in sorted(root.rglob("*")):
        owner = owners.get(path)
        wanted = owner or (strangers and path not in own and not path.name.startswith(_PASSING))
        if wanted and path.is_file():
            keep(outputs, path, known_contents(owner)[path.name] if owner else (), owner)


def take_notes(outputs: Path) -> list[Kept]:
    """Return what was kept since this was last asked: whoever asks tells of it."""
    taken = []
    for note in sorted(outputs.glob(f"{DRAFTS}/*/*/*/{_UNTOLD}")):
        folder = note.parent.relative_to(outputs)
        file = Path(*folder.parts[1:]).as_posix().rpartition(".changed-")[0]
        taken.append(Kept(file, (folder / Path(file).name).as_posix()))
        note.unlink()
    return taken


if __name__ == "__main__":  # of `make clean`
    folder = Path(sys.argv[1])
    for each in sorted(folder.glob("[0-9]" * 4)):
        keep_changed(folder, each)
    for note in take_notes(folder):
        print(f"{note.file} is not as the manifest has it (changed by hand?); kept as {note.copy}")
