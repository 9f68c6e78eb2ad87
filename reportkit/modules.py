"""Our own modules by their import graph: which files a piece of code is made of."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)
_DATA = re.compile(r'"([\w-]+\.yml)"')
"""How a module names a data file that lies beside it."""


@lru_cache(maxsize=8)
def code_of(*roots: str) -> str:
    """A hash of some modules and of all that they import, of reportkit or lying beside them."""
    return digest_of(files_of(*roots))


def digest_of(files: Iterable[Path]) -> str:
    """Names and contents in short; line ends are evened out, as git may have changed them."""
    digest = hashlib.sha256()
    for path in sorted(files):
        name = path.relative_to(PACKAGE) if path.is_relative_to(PACKAGE) else path.name
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}:{hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]


@lru_cache(maxsize=32)
def files_of(*roots: str) -> frozenset[Path]:
    """The files of some modules, and of those that they import in turn, within functions too.

    With the data files that lie beside a module and that it names.
    Libraries are passed over: their versions tell what they are.
    """
    folders = {PACKAGE.parent, *filter(None, map(_folder_of, roots))}
    found: dict[str, Path] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found or (path := _file_of(name, folders)) is None:
            continue
        found[name] = path
        source = path.read_text(encoding="utf-8")
        beside = (path.with_name(data) for data in _DATA.findall(source))
        found |= {str(data): data for data in beside if data.is_file()}
        waiting += [name.rpartition(".")[0], *imported_in(source)]
    return frozenset(found.values())


def imported_in(source: str) -> Iterator[str]:
    """The names that a piece of source imports: of modules, or of what lies in them."""
    for module, names, modules in _IMPORT.findall(source):
        yield from re.findall(r"[\w.]+", modules)
        if module:
            yield module
            yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))


def _folder_of(root: str) -> Path | None:
    """Where a module lies that is neither ours nor a library's, with those beside it."""
    name, found = root.partition(".")[0], None
    with contextlib.suppress(ImportError, ValueError):
        found = importlib.util.find_spec(name) if name != PACKAGE.name else None
    if not found or not found.origin or not found.origin.endswith(".py"):
        return None
    path = Path(found.origin)
    library = {"site-packages", "dist-packages"} & set(path.parts) or path.is_relative_to(_STANDARD)
    return None if library else path.parents[1 if found.submodule_search_locations else 0]


_STANDARD = Path(contextlib.__file__).parent


def _file_of(name: str, folders: Iterable[Path]) -> Path | None:
    of_ours = name.partition(".")[0] == PACKAGE.name
    for folder in folders:
        base = folder.joinpath(*name.split("."))
        if of_ours == (folder == PACKAGE.parent):
            for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
                if path.is_file():
                    return path
    return None
