"""Documents that are done → what each unit is to get, and what is held back, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.batch.contract import Document
from reportkit.batch.manifest import files_changed, stale_files
from reportkit.batch.plan import Planned
from reportkit.errors import ParameterError
from reportkit.files import sha256
from reportkit.params import GROUP_DOCUMENT, Period, Units

ANNEXES = Path("data") / "annexes"
"""Where an office puts files that go with the papers: ``<year>/`` for all units, in it
``<unit_id>/`` for one; of a period ``2023Q3/``."""

_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """One file that goes out.

    Parameters
    ----------
    document:
        The document that it is of (``dongling/circular``), or its annex's time (``annex/2023``).
    name:
        Its name in the unit's folder.
    shown:
        Its name in Chinese, as a letter and the 签收 list have it.
    """

    document: str
    name: str
    shown: str
    source: Path
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Parcel:
    """All that one unit is to get."""

    unit: str
    label: str
    year: int
    annex: str
    """What the annexes of its time are of: ``annex/2023``, ``annex/2023Q3``."""
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Withheld:
    """A document that does not go out, and why."""

    document: Document
    why: str


def parcels_of(
    planned: Sequence[Planned],
    outputs: Path,
    units: Units,
    formats: Sequence[str],
    kinds: Mapping[str, str],
    annexes: Mapping[str, Sequence[Path]],
    held: Mapping[str, str],
    *,
    as_made: bool = False,
) -> tuple[list[Parcel], list[Withheld]]:
    """What each unit is to get of these documents, in official order.

    Parameters
    ----------
    planned:
        The documents selected, as a plan finds them; the group's goes to every unit.
    kinds:
        A document's name (circular) → what people call it.
    annexes:
        unit_id → files that go with its circular, as the group's does: see :func:`annexes_of`.
    held:
        A document's key → why it waits for a person to look at it.
    as_made:
        Whether a document goes out that is whole, but no longer up to date.
    """
    ready: dict[str, list[Planned]] = {}
    withheld: list[Withheld] = []
    for each in planned:
        unseen = held.get(each.document.key)
        if why := unseen or _why_not(each, outputs, formats, as_made):
            withheld.append(Withheld(each.document, why))
        else:
            ready.setdefault(each.document.unit, []).append(each)
    group = units.group_short_name
    for_all = [
        item
        for each in ready.pop(GROUP_DOCUMENT, ())
        for item in _items(each, group, outputs, formats, kinds, "group.")
    ]
    parcels = []
    for unit in units:
        if own := ready.get(unit.unit_id):
            name = unit.short_name
            items = [i for p in own for i in _items(p, name, outputs, formats, kinds, "")]
            first = own[0].document
            annex = f"annex/{first.period or first.year}"
            if any(p.document.name == "circular" for p in own):
                items += [
                    *for_all,
                    *annex_items(annexes.get(unit.unit_id, ()), annex, first.period),
                ]
            once = once_named(items, unit.unit_id)
            parcels.append(Parcel(unit.unit_id, name, first.year, annex, once))
    return parcels, withheld


def _why_not(planned: Planned, outputs: Path, formats: Sequence[str], as_made: bool) -> str:
    """Why a document cannot go out; "" if it can."""
    if planned.up_to_date:
        return ""
    last, files = planned.before["last_result"], planned.before["files"]
    done = last is not None and last["state"] == "done"
    if as_made and done and files:
        # What goes out together is of one state, also where it is an earlier one.
        names = [n for n in files if n in {f"{planned.document.stem}.{f}" for f in formats}]
        faults = files_changed(outputs, planned.before, names)
        faults += [f"{name} is stale" for name in stale_files(planned.before) if name in names]
        if names and not faults:
            return ""
    return "; ".join(planned.reasons)


def _items(
    planned: Planned, label: str, outputs: Path, formats: Sequence[str],
    kinds: Mapping[str, str], prefix: str,
) -> Iterator[Item]:  # fmt: skip
    document = planned.document
    for ending in formats:
        name = f"{document.stem}.{ending}"
        if record := planned.before["files"].get(name):
            yield Item(
                document=document.key, name=prefix + name,
                shown=f"{fit_for_file(label)}{_words(document, kinds)}.{ending}",
                source=outputs / document.folder / name,
                sha256=record["sha256"], bytes=record["bytes"],
            )  # fmt: skip


def _words(document: Document, kinds: Mapping[str, str]) -> str:
    """2023年度通报, 2023年前三季度通报（脱敏版）."""
    time = Period(document.period).in_words if document.period else "度"
    edition = ("（正式版）" if document.formal else "") + ("（脱敏版）" if document.masked else "")
    return f"{document.year}年{time}{kinds.get(document.name, document.name)}{edition}"


def fit_for_file(text: str) -> str:
    """A name as a file at the recipient's may bear it."""
    return _UNFIT.sub("_", text).strip(" .") or "_"


# --- annexes ---


def annexes_of(home: Path, time: str, units: Units) -> dict[str, list[Path]]:
    """unit_id → the files that the office has put beside its papers; ``time``: 2023, 2023Q3.

    Raises
    ------
    ParameterError
        For a folder that bears no unit's id, or a name that Windows does not take.
    """
    folder = home / ANNEXES / time
    for path in sorted((home / ANNEXES).iterdir()) if (home / ANNEXES).is_dir() else ():
        if not (path.is_dir() and _TIME.fullmatch(path.name)) and not _is_litter(path):
            raise ParameterError(
                f"{path.name!r} belongs to no time",
                expected="folders named by a year or period, as 2023 or 2023Q3",
                next_step="put it into such a folder",
                where=ANNEXES.as_posix(),
            )
    if not folder.is_dir():
        return {}
    for_all = list(_files(folder, home))
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        if inner.name not in units:
            raise ParameterError(
                f"no unit {inner.name!r}",
                expected="folders named by unit_id, and files for all units beside them",
                next_step="rename the folder after a unit of params/units.yml, or take it away",
                where=(ANNEXES / time / inner.name).as_posix(),
            )
        for path in inner.iterdir():
            if path.is_dir():
                raise ParameterError(
                    f"a folder {path.name!r}",
                    expected="files alone in a unit's folder",
                    next_step="put its files into the unit's folder itself",
                    where=(ANNEXES / time / inner.name).as_posix(),
                )
    return {unit.unit_id: [*for_all, *_files(folder / unit.unit_id, home)] for unit in units}


_TIME = re.compile(r"\d{4}(?:[QH]\d)?", re.ASCII)
_LONGEST_NAME = 180


def _is_litter(path: Path) -> bool:
    """What editors and file managers leave behind."""
    return path.name.startswith((".", "~$")) or path.name.lower() in ("thumbs.db", "desktop.ini")


def _files(folder: Path, home: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _is_litter(path) or path.is_dir():
            continue
        if not path.is_file() or not path.resolve().is_relative_to(home.resolve()):
            raise ParameterError(
                f"{path.name!r} leads to no file of this workbook",
                expected="a file",
                next_step="put the file itself there, or take the link away",
                where=str(folder),
            )
        if len(path.name.encode()) > _LONGEST_NAME:
            raise ParameterError(
                f"the file's name {path.name[:20]!r}… has {len(path.name)} characters",
                expected=f"at most {_LONGEST_NAME} bytes, {_LONGEST_NAME // 3} Chinese characters",
                next_step="give it a shorter name",
                where=str(folder),
            )
        if _UNFIT.search(path.name) or path.name != path.name.strip(" .") or _device(path.name):
            raise ParameterError(
                f"the file's name {path.name!r}",
                expected='a name that Windows takes: no < > : " / \\ | ? *, no name of a device',
                next_step="rename the file",
                where=str(folder),
            )
        yield path


def _device(name: str) -> bool:
    return _DEVICE.fullmatch(name) is not None


def annex_items(paths: Iterable[Path], annex: str, period: str | None) -> Iterator[Item]:
    """Annexes of a period bear its name in front: those of a year lie in the same folder."""
    for path in paths:
        name = f"{period}.{path.name}" if period else path.name
        yield Item(annex, name, path.name, path, sha256(path), path.stat().st_size)


def once_named(items: Sequence[Item], unit: str) -> tuple[Item, ...]:
    """The items, no two of which bear one name, capitals or not."""
    seen: dict[str, Item] = {}
    for item in items:
        other = seen.setdefault(item.name.casefold(), item)
        if other is not item:
            raise ParameterError(
                f"two files for {unit} bear the name {item.name!r}",
                expected="each file under a name of its own, capitals or not",
                next_step="rename the annex",
                where=str(item.source),
            )
    return tuple(items)
