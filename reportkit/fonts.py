"""Which font plays which role, for text and for charts: the first that is at hand.

GB/T 9704 asks for fonts that may not be shipped (仿宋_GB2312, 方正小标宋 …). They are used
where the machine or the office's own folder has them; elsewhere a free one stands in, and
:attr:`FontSet.substituted` says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args
from unicodedata import category

from reportkit.errors import FontError

Role = Literal["仿宋", "楷体", "黑体", "小标宋", "宋体", "等宽"]
ROLES: tuple[Role, ...] = get_args(Role)

SHIPPED = Path(__file__).parent / "assets" / "fonts"
FONT_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})

# Names under which the right font goes, best first, as files and as catalogues have them.
STANDARD: dict[Role, tuple[str, ...]] = {
    "仿宋": (
        "仿宋_GB2312", "FangSong_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋",
        "Zhuque Fangsong", "Zhuque Fangsong (technical preview)", "朱雀仿宋",
        "FandolFang R", "FandolFang",
    ),
    "楷体": (
        "楷体_GB2312", "KaiTi_GB2312", "KaiTi", "楷体", "STKaiti", "华文楷体", "Kaiti SC",
    ),
    "黑体": ("SimHei", "黑体", "STHeiti", "华文黑体", "Heiti SC"),
    "小标宋": (
        "方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05",
        "方正小标宋", "FZXiaoBiaoSong",
    ),
    "宋体": ("SimSun", "宋体", "STSong", "华文宋体", "Songti SC"),
    "等宽": ("DejaVu Sans Mono",),
}  # fmt: skip

# Stands in where no standard font is found. A family, and the weight that tells it apart.
SHIPPED_FAMILY: dict[Role, str] = {
    "仿宋": "LXGW WenKai",
    "楷体": "LXGW WenKai",
    "黑体": "Noto Sans SC",
    "小标宋": "Noto Serif SC Biaosong",
    "宋体": "Noto Serif SC",
    "等宽": "DejaVu Sans Mono",
}
WEIGHT: dict[Role, int] = {
    "仿宋": 300, "楷体": 500, "黑体": 400, "小标宋": 700, "宋体": 400, "等宽": 400,
}  # fmt: skip
_USUAL = re.compile("[\t\n\r\u0020-\u007e\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\ufffd·×—…‘’“”"
                    "\u3000-\u3017\uff01-\uff5e\u4e00-\u9fa5]+")  # fmt: skip
"""What the shipped fonts have in every role, and marks that are seen nowhere: never looked up."""
LAST_RESORT = "Noto Serif SC"  # 20,902 characters: rare names print


@dataclass(frozen=True)
class Face:
    """One font in one file: the name by which Typst, CSS and matplotlib know it."""

    family: str
    weight: int
    path: Path

    @property
    def role_by_file_name(self) -> str:
        """An office may simply call a file 仿宋.ttf."""
        return next((role for role in ROLES if self.path.stem.startswith(role)), "")


@dataclass(frozen=True)
class FontSet:
    """The faces that the roles take on this machine; made by :meth:`find`.

    Attributes
    ----------
    chains:
        For each role the faces in the order in which a character is looked for.
    """

    chains: tuple[tuple[Role, tuple[Face, ...]], ...]

    @staticmethod
    def find(own_folder: Path | None = None) -> FontSet:
        """The fonts for every role: own folder, then this machine's, then the shipped.

        Parameters
        ----------
        own_folder:
            The office's font folder (``params/fonts``); one that does not exist is no error.
        """
        folder = own_folder.resolve() if own_folder and own_folder.is_dir() else None
        return _find(folder, _folder_state(folder) if folder else ())

    def faces(self, role: Role) -> tuple[Face, ...]:
        """The whole chain of one role."""
        return dict(self.chains)[role]

    def families(self, role: Role) -> list[str]:
        """The family names of the role's chain, for Typst, CSS or matplotlib."""
        return list(dict.fromkeys(face.family for face in self.faces(role)))

    def files(self) -> list[Path]:
        """Every file that takes part, each once."""
        return list(dict.fromkeys(face.path for _, chain in self.chains for face in chain))

    def folders(self) -> list[Path]:
        """The folders of :meth:`files`: Typst takes folders, never single files."""
        return list(dict.fromkeys(path.parent for path in self.files()))

    @property
    def substituted(self) -> dict[Role, tuple[str, str]]:
        """Role → (the font that GB/T 9704 wants, the one that stands in for it)."""
        found: dict[Role, tuple[str, str]] = {}
        for role, chain in self.chains:
            if role != "等宽" and not _is_standard(chain[0], role):
                found[role] = (STANDARD[role][0], f"{chain[0].family} {chain[0].weight}")
        return found

    def fingerprint(self) -> str:
        """A hash of the contents of all files and of who plays what."""
        total = hashlib.sha256()
        for role, chain in self.chains:
            for face in chain:
                stat = face.path.stat()
                content = _content_hash(face.path, stat.st_size, stat.st_mtime_ns)
                total.update(f"{role}\0{face.family}\0{face.weight}\0{content}\n".encode())
        return total.hexdigest()

    @cached_property
    def _covered(self) -> dict[Role, frozenset[int]]:
        return {
            role: frozenset().union(*(_characters(face.path, face.family) for face in chain))
            for role, chain in self.chains
        }

    def covers(self, char: str, role: Role = "仿宋") -> bool:
        """Whether some font of the role's chain has a glyph for this character."""
        return ord(char) in self._covered[role]

    def missing(self, text: str, role: Role = "仿宋") -> list[str]:
        """The characters of ``text`` that no font of the role's chain has, each once."""
        covered = self._covered[role]
        return [char for char in dict.fromkeys(text) if ord(char) not in covered and char != "\n"]

    def register_matplotlib(self, role: Role = "黑体") -> list[str]:
        """Make the role's chain known to matplotlib; returns its families for ``font.family``."""
        from matplotlib import font_manager

        known = {Path(entry.fname) for entry in font_manager.fontManager.ttflist}
        for face in self.faces(role):
            if face.path not in known:
                font_manager.fontManager.addfont(face.path)
                known.add(face.path)
        return self.families(role)


def stand_ins(text: str, own_folder: Path | None) -> dict[int, str]:
    """For :meth:`str.translate`: the code point in brackets of each character without a glyph.

    Controls and marks of direction, which no page shows, are among them.
    """
    odd = set(_USUAL.sub("", text))
    fonts = FontSet.find(own_folder) if odd else None
    return {
        ord(char): f"〔U+{ord(char):04X}〕"
        for char in odd
        if fonts
        and (category(char) in ("Cc", "Cf", "Cs") or not all(fonts.covers(char, r) for r in ROLES))
    }


def _is_standard(face: Face, role: Role) -> bool:
    names = {name.casefold() for name in STANDARD[role]}
    return face.family.casefold() in names or face.role_by_file_name == role


def _folder_state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells that fonts were put into the folder or taken out of it."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in FONT_ENDINGS)
    return tuple((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files)


@lru_cache(maxsize=8)
def _find(own: Path | None, _state: tuple[tuple[str, int, int], ...]) -> FontSet:
    own_faces = _faces_of([own]) if own else ()
    shipped = _shipped_faces()
    chains: list[tuple[Role, tuple[Face, ...]]] = []
    for role in ROLES:
        first = _best(own_faces, role, by_file_name=True)
        if role != "等宽":
            first = first or _best(_system_faces(), role)
        chain = [first] if first else []
        chain += [_shipped(shipped, SHIPPED_FAMILY[role], WEIGHT[role])]
        if role == "等宽":
            chain += [_shipped(shipped, "Noto Sans SC", 400)]
        chain += [_shipped(shipped, LAST_RESORT, 400)]
        chains.append((role, tuple(dict.fromkeys(chain))))
    return FontSet(tuple(chains))


def _best(faces: Iterable[Face], role: Role, *, by_file_name: bool = False) -> Face | None:
    """The face whose name stands first in the role's list; its plainest weight."""
    rank = {name.casefold(): place for place, name in enumerate(STANDARD[role])}
    found = [
        (rank.get(face.family.casefold(), len(rank)), abs(face.weight - 400), str(face.path), face)
        for face in faces
        if face.family.casefold() in rank or (by_file_name and face.role_by_file_name == role)
    ]
    return min(found, key=lambda entry: entry[:3])[3] if found else None


def _shipped(faces: Iterable[Face], family: str, weight: int) -> Face:
    for face in faces:
        if face.family == family and face.weight == weight:
            return face
    raise FontError(
        f"the shipped font {family} {weight} is not there",
        expected=f"its file in {SHIPPED} or in the package pylopdf-fonts-zh-cn",
        next_step="install reportkit anew",
    )


@lru_cache(maxsize=1)
def _shipped_faces() -> tuple[Face, ...]:
    folders = [SHIPPED]
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent)
    return _faces_of(folders)


@lru_cache(maxsize=1)
def _system_faces() -> tuple[Face, ...]:
    """This machine's fonts, as Typst finds them in the usual places of each system."""
    return _faces_of([], system=True)


def _faces_of(folders: Iterable[Path], *, system: bool = False) -> tuple[Face, ...]:
    import typst

    fonts = typst.Fonts(system, False, [str(folder) for folder in folders])
    return tuple(Face(f.family, f.weight, Path(f.path)) for f in fonts.fonts() if f.path)


@lru_cache(maxsize=256)
def _content_hash(path: Path, _size: int, _mtime_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=64)
def _characters(path: Path, family: str) -> frozenset[int]:
    """The code points that one font has a glyph for; a collection is searched by family."""
    from fontTools.ttLib import TTCollection, TTFont

    if path.suffix.lower() in {".ttc", ".otc"}:
        fonts = TTCollection(path, lazy=True).fonts
        named = [f for f in fonts if family in {str(record) for record in f["name"].names}]
        font = (named or fonts)[0]
    else:
        font = TTFont(path, lazy=True)
    return frozenset(font.getBestCmap() or ())
