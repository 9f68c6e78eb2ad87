"""The last stage of what was issued: noted behind the drafts of each document (已印发)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from reportkit.batch.manifest import Manifest
from reportkit.drafts.stages import keep_draft, numbered
from reportkit.files import sha256
from reportkit.issuing.folder import MANIFEST, folder_of, read_manifest, shut
from reportkit.params import load_schedule
from reportkit.params.stages import ISSUED, Step, load_stages, write_stages


def note(home: Path, issue_id: str) -> None:
    """Note an issue, or a correction, among the stages of its documents; once each.

    All that is noted comes from what was issued: also where the command that issued it was cut
    off before this, and parameters or records have changed since.

    Raises
    ------
    RecordsError
        If what was issued is no such folder, or its manifest is damaged.
    """
    outputs = home / "outputs"
    folder = folder_of(outputs, issue_id)
    manifest = read_manifest(folder)
    shut(folder)
    stages = load_stages(home, manifest["year"])
    steps: dict[str, Step] = {}
    made = Manifest(outputs, manifest["year"]).entries
    for key in _keys_of(manifest):
        if any(step.issue == issue_id for step in stages.documents.get(key, ())):
            continue
        now = stages.of(key)
        if now and now.stage != ISSUED and key in made:
            keep_draft(outputs, key, numbered(stages.documents, key), now.stage, made[key])
        steps[key] = _step(issue_id, manifest, folder, load_schedule(home).zone)
    if steps:
        write_stages(home, manifest["year"], stages.with_steps(steps))


def _keys_of(manifest: dict[str, Any]) -> list[str]:
    """What its documents are called among the stages; of a correction those that differ."""
    units = {each["unit"] for each in manifest["documents"].values()}
    return [key for key in manifest["stages"] if key.partition("/")[0] in units]


def _step(issue_id: str, manifest: dict[str, Any], folder: Path, zone: dt.tzinfo) -> Step:
    return Step(
        stage=ISSUED, by=manifest["issued_by"], issue=issue_id, manifest=sha256(folder / MANIFEST),
        day=dt.datetime.fromisoformat(manifest["recorded"]).astimezone(zone).date(),
        snapshots={int(year): digest for year, digest in manifest["snapshots"].items()},
    )  # fmt: skip
