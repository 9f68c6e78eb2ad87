"""The pages as files: written where they have changed, removed where nobody is left."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from reportkit.batch.manifest import years_with_manifest
from reportkit.files import replace_file, write_json
from reportkit.site.gathering import Told, by_unit, rows_of
from reportkit.site.pages import FOLDER, index_page, unit_page

INDEX = "index.html"
KEY = Path(".reportkit") / "site.json"
"""Below ``outputs/``: what the pages were made of."""


def write_site(outputs: Path, told: Told) -> Path:
    """Brings the index and the units' pages up to date; the index's path.

    Raises
    ------
    OSError
        If one cannot be written; the others are as they were, or as they should be.
    """
    key = _key(outputs, told)
    index = outputs / INDEX
    if index.is_file() and _known(outputs) == key:
        return index
    rows = rows_of(outputs, told)
    folder = outputs / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {}
    for unit, own in by_unit(rows):
        if unit in told.units:
            wanted[folder / f"{unit}.html"] = unit_page(unit, own, told)
    for old in folder.glob("*.html"):
        if old not in wanted:
            old.unlink()
    for path, text in wanted.items():
        _write(path, text)
    _write(index, index_page(rows, told))
    write_json(outputs / KEY, key)
    return index


def _key(outputs: Path, told: Told) -> str:
    """Changes with all that the pages are made of: after a run with nothing to do none is made."""
    digest = hashlib.sha256(repr(told).encode())
    for year in years_with_manifest(outputs):
        for name in ("manifest.json", "journal.jsonl"):
            path = outputs / str(year) / name
            if path.is_file():
                stat = path.stat()
                digest.update(f"{path}:{stat.st_mtime_ns}:{stat.st_size}\0".encode())
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _known(outputs: Path) -> str | None:
    try:
        known: str = json.loads((outputs / KEY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known


def _write(path: Path, text: str) -> None:
    content = text.encode("utf-8")
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        pass
    replace_file(path, content)
