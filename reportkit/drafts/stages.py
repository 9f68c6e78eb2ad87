"""From one stage (阶段) of a draft to the next: what may follow on what, and what is kept.

征求意见稿 → 送审稿 → 签发稿 → 已印发. Forward one by one (a draft may go up at once, without asking
the units); back to an earlier one only with a reason; to 已印发 only by being issued.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from reportkit.batch.kept import DRAFTS
from reportkit.batch.manifest import Entry, stale_files
from reportkit.errors import UsageError
from reportkit.files import new_folder
from reportkit.params.stages import COMMENTS, ISSUED, REVIEW, SIGNATURE, STAGES, Stage, Step

_NEXT: dict[Stage | None, tuple[Stage, ...]] = {
    None: (COMMENTS, REVIEW),
    COMMENTS: (REVIEW,),
    REVIEW: (SIGNATURE,),
    SIGNATURE: (),
}


def check_step(key: str, now: Step | None, wanted: Stage, why: str, *, again: bool) -> None:
    """Refuse a step that leads nowhere, or leaves something out.

    Parameters
    ----------
    why:
        The reason for going back, or for pinning the figures anew.
    again:
        Whether the document stays at its stage with new snapshots.

    Raises
    ------
    UsageError
        Saying which steps there are.
    """
    at = now.stage if now else None
    if at == ISSUED:
        raise _wrong(key, f"it is {ISSUED}", "a document that has not been issued",
                     "what was issued is corrected: reportkit correct <id>")  # fmt: skip
    if wanted == ISSUED:
        raise _wrong(key, ISSUED, "a document is issued by `reportkit issue`",
                     "reportkit issue <id>")  # fmt: skip
    back = at is not None and STAGES.index(wanted) < STAGES.index(at)
    if again and (wanted != at or at == COMMENTS):
        raise _wrong(key, f"--again at {at or 'no stage'}", f"a document that is {wanted}, and "
                     f"{REVIEW} or {SIGNATURE}", "leave --again out")  # fmt: skip
    if (back or again) and not why.strip():
        raise _wrong(key, f"from {at} to {wanted} without a reason", "a reason",
                     "say why it goes back, or is pinned anew: --why TEXT")  # fmt: skip
    if back or again:
        return
    if wanted == at:
        raise _wrong(key, f"it is {at} already", "another stage",
                     "to pin its figures anew: --again --why TEXT")  # fmt: skip
    if wanted not in _NEXT[at]:
        raise _wrong(key, f"from {at or 'no stage'} to {wanted}",
                     f"next comes {' or '.join(_NEXT[at]) or ISSUED}",
                     "take one stage after the other")  # fmt: skip


def _wrong(key: str, found: str, expected: str, next_step: str) -> UsageError:
    return UsageError(found, expected=expected, next_step=next_step, where=key)


def keep_draft(outputs: Path, key: str, number: int, stage: Stage, entry: Entry) -> Path | None:
    """Keep the files of a draft that goes on to its next stage, as they were; none that is stale.

    ``outputs/drafts/<year>/<unit>/<wording>.<number>-<stage>/``; what is there already is not
    touched. None if there are none of its files any more.
    """
    fresh = [name for name in entry["files"] if name not in stale_files(entry)]
    made = [outputs / entry["folder"] / name for name in fresh]
    made = [path for path in made if path.is_file()]
    if not made:
        return None
    unit, _, wording = key.partition("/")
    folder = outputs / DRAFTS / str(entry["year"]) / unit / f"{wording}.{number}-{stage}"
    if folder.exists():
        return folder
    with new_folder(folder) as making:
        for path in made:
            shutil.copyfile(path, making / path.name)
    return folder


def numbered(steps: Mapping[str, tuple[Step, ...]], key: str) -> int:
    """How many steps a document has taken."""
    return len(steps.get(key, ()))
