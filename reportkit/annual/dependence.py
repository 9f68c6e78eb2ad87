"""What each document of a year depends on, part by part: known without reading a table.

Worked out once for a snapshot and its parameters, and kept beside the snapshot: to see that
nothing has changed, neither pandas nor a single record is needed.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from reportkit import reads
from reportkit.files import read_derived, write_json
from reportkit.loaders import Pins, has_figures, records_of
from reportkit.modules import code_of
from reportkit.params import available_years
from reportkit.records.snapshot import folder, read_purge

GROUP = ""
"""The key of the group's own parts, and of the papers for the office alone."""


@dataclass(frozen=True)
class Slices:
    """What the documents of one year, or of a period of it, are made of.

    Parameters
    ----------
    blocked:
        Units of which no circular can be made → why.
    parts:
        unit_id (:data:`GROUP`: the group) → name of a part → its content in short: where the
        part is a table, the number of its rows and a hash ("37:9f3a…"), else a hash.
    read:
        What documents can read of other units, and what rules find, as :mod:`reportkit.reads`
        notes it when they do.
    """

    blocked: dict[str, str]
    parts: dict[str, dict[str, str]]
    read: dict[str, str] = field(default_factory=dict)

    def of(self, unit_id: str | None) -> dict[str, str]:
        """The parts of one unit; None: of the group. Empty for a unit of another year."""
        return self.parts.get(unit_id or GROUP, {})

    @cached_property
    def values(self) -> dict[str, dict[str, str]]:
        """:attr:`read` by part and name."""
        return {part: reads.split(values) for part, values in self.read.items()}


def slices(home: Path, year: int, period: str | None = None, pins: Pins = ()) -> Slices:
    """What the documents of a year, or of a period of it, depend on.

    ``pins``: of those that are pinned to these snapshots.

    Raises
    ------
    ParameterError, RecordsError
        As :func:`~reportkit.annual.year.load_annual`.
    """
    if (known := known_slices(home, year, period, pins)) is not None:
        return known
    from reportkit.annual.serving import cut

    found = cut(home, year, period, pins)
    with contextlib.suppress(OSError):  # it can always be worked out again
        key = key_of(home, year, period, pins)
        content = {"key": key, **asdict(found)}
        write_json(_place(home, year, period, pins), content)
    return found


def known_slices(
    home: Path, year: int, period: str | None = None, pins: Pins = ()
) -> Slices | None:
    """The same, if it was worked out before and nothing has changed since; nothing is computed."""
    if read_purge(home, year) is not None:
        return None
    return _read(_place(home, year, period, pins), key_of(home, year, period, pins))


def _place(home: Path, year: int, period: str | None, pins: Pins) -> Path:
    pinned = hashlib.sha256(repr(pins).encode()).hexdigest()[:12] if pins else ""
    return folder(home, year) / ".".join(filter(None, ("slices", period, pinned, "json")))


def _read(path: Path, key: str) -> Slices | None:
    content = read_derived(path)
    if content.get("key") != key or not content.keys() >= Slices.__dataclass_fields__.keys():
        return None
    return Slices(**{name: content[name] for name in Slices.__dataclass_fields__})


def key_of(home: Path, year: int, period: str | None = None, pins: Pins = ()) -> str:
    """Changes with all that the parts are worked out from, and with nothing else."""
    params = home / "params"
    files = [params / "units.yml", *sorted((params / "baseline").glob("*.yml"))]
    digest = hashlib.sha256(f"{period}\0{code_of('reportkit.annual.serving')}".encode())
    for each in (y for y in available_years(home) if y <= year):
        files.append(params / f"{each}.yml")
        if has_figures(home, each, pins):
            records = records_of(home, each, dict(pins).get(each, ""))
            inputs = [(i["file"], i["unit_id"], i["state"]) for i in records.inputs]
            digest.update(f"{each}:{records.digest}:{inputs}\0".encode())
    for path in files:
        if path.is_file():
            digest.update(f"{path.relative_to(params).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
