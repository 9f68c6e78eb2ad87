"""Make the fonts that the package ships: subsets of openly licensed ones. A developer's tool.

    python tools/build_fonts.py LXGW_WENKAI.tgz NOTO_SERIF_SC.tgz

The two arguments are the npm tarballs ``@fontsource/lxgw-wenkai`` (5.3.0) and
``@expo-google-fonts/noto-serif-sc`` (0.4.3), fetched by ``npm pack``. The font for code
comes out of matplotlib. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import tarfile
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "reportkit" / "assets" / "fonts"

# Symbols beyond GB2312 that circulars and their tables use.
EXTRA = "〇〔〕【】《》№℃℉‰‱√×÷±≤≥≠≈∞∑°·•‧–—―…‥‘’“”‹›«»†‡′″※€£¥￥©®™→←↑↓↔■□▲△▼▽◆◇●○◎★☆▪▫"
RANGES = (
    (0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027), (0x2030, 0x203B), (0x2160, 0x217B),
    (0x2460, 0x249B), (0x2500, 0x257F), (0x3000, 0x301F), (0x3220, 0x3229), (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),
)  # fmt: skip

# LXGW WenKai draws these as wide as Latin letters; Chinese sets them on a full square.
FULL_WIDTH = {"“": "right", "‘": "right", "”": "left", "’": "left"} | dict.fromkeys(
    "×÷±√·", "centre"
)


BIAOSONG = "Noto Serif SC Biaosong"


def gb2312() -> set[int]:
    """Every character of GB2312: 6,763 hanzi and the symbols of its first nine rows."""
    found: set[int] = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def wanted() -> set[int]:
    """The code points that a shipped text font keeps, so far as its source has them."""
    ranges = {code for first, last in RANGES for code in range(first, last + 1)}
    return gb2312() | ranges | {ord(char) for char in EXTRA}


def widen(font: TTFont) -> None:
    """Put the marks of FULL_WIDTH on a full square, on the side that Chinese wants."""
    cmap, metrics, glyphs = font.getBestCmap(), font["hmtx"].metrics, font["glyf"]
    em = font["head"].unitsPerEm
    for char, side in FULL_WIDTH.items():
        name = cmap[ord(char)]
        advance, bearing = metrics[name]
        spare = em - advance
        shift = {"right": spare, "left": 0, "centre": spare // 2}[side]
        glyph = glyphs[name]
        if glyph.isComposite():
            for component in glyph.components:
                component.x += shift
        else:
            glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        metrics[name] = (em, bearing + shift)


def rename(font: TTFont, old: str, new: str) -> None:
    """Give a subset a family of its own.

    Under one name with the complete Regular it would hide it: Typst takes one file per
    family, and a rare character in a title would find no glyph.
    """
    for record in font["name"].names:
        text = record.toUnicode()
        if old in text:
            record.string = text.replace(old, new)


def build(font: TTFont, target: Path, codes: set[int], weight: int, *, cjk: bool) -> None:
    """Write one subset; hints and vertical writing are of no use here and left out."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "mark", "ccmp", "locl", "halt", "palt"] if cjk else []
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.recalc_timestamp = False
    options.drop_tables += ["FFTM", "vhea", "vmtx", "STAT"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font["OS/2"].usWeightClass = weight
    font.recalcTimestamp = False
    font.flavor = None
    font.save(target, reorderTables=True)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size:,} bytes")


def member(archive: Path, name: str) -> bytes:
    """One file of an npm tarball."""
    with tarfile.open(archive) as tar:
        handle = tar.extractfile(f"package/{name}")
        if handle is None:
            raise SystemExit(f"{archive} holds no {name}")
        return handle.read()


def opened(data: bytes) -> TTFont:
    """A font with its times kept as they are, so that a rebuild gives the same bytes."""
    options: dict[str, Any] = {"recalcTimestamp": False}
    return TTFont(io.BytesIO(data), **options)


SOURCES = """Where these fonts come from, and what was changed (tools/build_fonts.py does it anew)

LXGWWenKai-300.ttf, LXGWWenKai-500.ttf
    LXGW WenKai 1.311, by way of npm @fontsource/lxgw-wenkai 5.3.0. SIL Open Font License 1.1,
    LXGWWenKai-OFL.txt. Changed: cut down to GB2312 and symbols; vertical writing and hints
    left out; the marks “ ” ‘ ’ × ÷ ± √ · set on a full square, as Chinese text wants them.
NotoSerifSC-700.ttf
    Noto Serif SC Bold, by way of npm @expo-google-fonts/noto-serif-sc 0.4.3. SIL Open Font
    License 1.1, NotoSerifSC-OFL.txt. Changed: cut down likewise; family renamed to
    "Noto Serif SC Biaosong", so that it does not hide the complete Regular.
DejaVuSansMono.ttf
    DejaVu Sans Mono, out of matplotlib; DejaVuSansMono-LICENSE.txt. Changed: cut down to
    Latin letters and box drawing.
"""


def main() -> None:
    """Build all shipped fonts and put their licences beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wenkai", type=Path)
    parser.add_argument("noto_serif", type=Path)
    arguments = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    codes = wanted()
    # npm names the second file 500 though its own table says 400 ("Regular"): the name
    # that its distribution gives it is kept, and set in the table.
    for weight in (300, 500):
        # .woff rather than .woff2: the same outlines, readable without brotli.
        data = member(arguments.wenkai, f"files/lxgw-wenkai-latin-{weight}-normal.woff")
        font = opened(data)
        widen(font)
        build(font, TARGET / f"LXGWWenKai-{weight}.ttf", codes, weight, cjk=True)
    font = opened(member(arguments.noto_serif, "700Bold/NotoSerifSC_700Bold.ttf"))
    rename(font, "Noto Serif SC", BIAOSONG)
    build(font, TARGET / "NotoSerifSC-700.ttf", codes, 700, cjk=True)
    (TARGET / "LXGWWenKai-OFL.txt").write_bytes(member(arguments.wenkai, "LICENSE"))
    (TARGET / "NotoSerifSC-OFL.txt").write_bytes(member(arguments.noto_serif, "LICENSE_FONT"))
    (TARGET / "SOURCES.txt").write_text(SOURCES, encoding="utf-8")
    build_code_font()


def build_code_font() -> None:
    """DejaVu Sans Mono, small, for program output: letters and box drawing alone.

    Symbols stay out, so that it never hides that the text fonts lack one.
    """
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    codes = {*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2500, 0x25A0)}
    font = opened((folder / "DejaVuSansMono.ttf").read_bytes())
    build(font, TARGET / "DejaVuSansMono.ttf", codes, 400, cjk=False)
    licence = (folder / "LICENSE_DEJAVU").read_bytes()
    (TARGET / "DejaVuSansMono-LICENSE.txt").write_bytes(licence)


if __name__ == "__main__":
    main()
