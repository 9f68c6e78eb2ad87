"""The masked edition as files (脱敏版): what a reader could find in them, by other readers.

The files are read by lxml, pypdf and zipfile; names come from ``params/units.yml`` and the
records; figures are whatever digits are left but for days, headings and the office's own words.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import yaml
from circular_support import YEAR, shown
from lxml import etree
from lxml import html as lxml_html
from pypdf import PdfReader

from reportkit.cli.masking import mask_of
from reportkit.display import Block
from reportkit.errors import RenderError
from reportkit.loaders import Records
from reportkit.metrics.registry import METRICS
from reportkit.params import load_year
from reportkit.publish import Edition, publish_notebook

UNITS = ("dongling", "shitang", "likun")
HIDDEN = "×××"
DAYS = re.compile(
    r"20\d\d年(\d{1,2}月(\d{1,2}日)?)?|〔20\d\d〕|\d{1,2}月\d{1,2}日|至\d{1,2}月|1—\d{1,2}月"
    r"|(D:)?20\d{6,}[Z+'\d]*|20\d\d-\d\d-\d\d"
)


def notebook_of(blocks: list[Block]) -> nbformat.NotebookNode:
    """A notebook that has shown these blocks."""
    outputs = [
        nbformat.v4.new_output("display_data", data=block._repr_mimebundle_()) for block in blocks
    ]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("…", outputs=outputs)])


@pytest.fixture(scope="module")
def published(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """``unit/format`` → the masked file; formal, since that edition prints most."""
    folder = tmp_path_factory.mktemp("masked")
    files = {}
    for unit in (*UNITS, "group"):
        name = "group_circular" if unit == "group" else "unit_circular"
        more = {} if unit == "group" else {"unit": unit}
        blocks = shown(name, demo_home, year=YEAR, masked=True, **more)
        mask = mask_of(demo_home, YEAR, demo_home / "notebooks" / f"{name}.ipynb")
        made = publish_notebook(
            notebook_of(blocks), ("html", "pdf", "docx"), folder / unit,
            edition=Edition(formal=True, mask=mask, standard_fonts=False),
        )  # fmt: skip
        files |= {f"{unit}/{fmt}": path for fmt, path in made.items()}
    return files


_LINES = {"p", "td", "th", "h1", "h2", "h3", "li", "dt", "dd", "caption", "div", "tr", "title"}


def texts_of(path: Path) -> Iterator[str]:
    """All that a reader or a program finds in a file, by lines: text, properties, alternatives."""
    if path.suffix == ".html":
        page = lxml_html.fromstring(path.read_text(encoding="utf-8"))
        for style in page.iter("style"):
            style.text = ""
        for node in page.iter(*_LINES):
            node.text = "\n" + (node.text or "")
        yield from page.text_content().split("\n")
        for node in page.iter(etree.Element):
            if node.tag != "meta" or node.get("name") in ("author", "date", "keywords"):
                yield from (str(node.get(name, "")) for name in ("aria-label", "alt", "content"))
    elif path.suffix == ".pdf":
        reader = PdfReader(path)
        for page in reader.pages:
            yield from page.extract_text().splitlines()
        told = dict(reader.metadata or {})
        yield from (str(v) for k, v in told.items() if k not in ("/Creator", "/Producer"))
        yield from (str(item.title) for item in reader.outline if not isinstance(item, list))
        yield from reader.attachments
    else:
        yield from _texts_of_word(path)


def _texts_of_word(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        for name in archive.namelist():
            if not re.search(r"(document|footer\d*|header\d*|footnotes|comments|core)\.xml$", name):
                continue
            root = etree.fromstring(archive.read(name))
            for paragraph in root.iter("{*}p"):
                yield "".join(node.text or "" for node in paragraph.iter("{*}t"))
            for node in root.iter(etree.Element):
                yield from (
                    value for key, value in node.attrib.items() if key in ("descr", "title")
                )
                local = etree.QName(node).localname
                if name.endswith("core.xml") and local not in ("revision", "created", "modified"):
                    yield node.text or ""


def secret_names(home: Path) -> set[str]:
    """Every name of a unit or of the group, and every person of the records."""
    data = yaml.safe_load((home / "params" / "units.yml").read_text(encoding="utf-8"))
    names = {data["group_name"], data["group_short_name"]}
    for unit in data["units"]:
        names |= {unit["name"], unit["short_name"], *unit.get("aliases", ())} - {unit["mask_label"]}
    persons = set(Records(home, YEAR).read("members", ["name"])["name"])
    assert len(persons) > 100
    return names | persons


@pytest.mark.parametrize("fmt", ["html", "pdf", "docx"])
def test_no_name_is_left(published: dict[str, Path], demo_home: Path, fmt: str) -> None:
    """Neither in the text nor in the properties, split over lines or not; nor the unit's code."""
    names = secret_names(demo_home)
    files = {key: path for key, path in published.items() if key.endswith(fmt)}
    assert len(files) == 4
    for key, path in files.items():
        told = "".join("".join(texts_of(path)).split())
        assert len(told) > 1000 and re.search("[A-Z]公司", told)
        assert [name for name in names if name in told] == [], key
        assert "岱川" not in told and key.partition("/")[0].replace("group", "?") not in told


@pytest.mark.parametrize("fmt", ["html", "pdf", "docx"])
def test_no_figure_is_left(published: dict[str, Path], demo_home: Path, fmt: str) -> None:
    """What digits remain are days, numbering, or stand so in the office's own words."""
    params = load_year(demo_home, YEAR)
    words = "".join(
        [metric.definition(params.metrics) for metric in METRICS]
        + [p.read_text(encoding="utf-8") for p in sorted((demo_home / "params").rglob("*.md"))]
    )
    for key, path in published.items():
        if not key.endswith(fmt):
            continue
        text = DAYS.sub("", "\n".join(texts_of(path)))
        assert text.count("×") > 60
        left = [
            text[max(0, found.start() - 8) : found.end() + 6]
            for found in re.finditer(r"\d+(?:\.\d+)?", text)
            if not _numbering(text, found)
            and text[found.start() : found.end() + 1].rstrip("\n") not in words
        ]
        assert left == [], key


def _numbering(text: str, found: re.Match[str]) -> bool:
    """Headings, rows, annexes, pages, findings (WT-03), the year among the keywords."""
    before, after = text[: found.start()].rsplit("\n", 1)[-1], text[found.end() : found.end() + 3]
    at_start = not before.strip() and (not after or after[0] in "\n. ")
    told = before.endswith(("附件", "WT-", "附件：", "— ", "—")) or after.startswith("组")
    return at_start or told or found.group() == str(YEAR) or after.startswith("%区间")


def test_the_summary_reads_as_the_pattern_has_it(demo_home: Path) -> None:
    """两级党委中心组共…: the sentence of the circular that ours is made after, × for ×."""
    blocks = shown("group_circular", demo_home, year=YEAR, masked=True)
    text = "".join(b.fields["text"] for b in blocks if b.kind == "paragraph")
    ours = re.search("两级党委中心组共.*?。", text)
    assert ours is not None
    pattern = (
        "两级党委中心组共组织集体学习×××次，组织集中学习研讨交流×××××场次，举办专题读书班××××期。"
    )
    assert ours.group() == re.sub("×+", HIDDEN, pattern)


def test_it_has_the_pattern_s_parts_and_levels(demo_home: Path) -> None:
    """Four parts; below them （一）（二）（三）, 1. 2. 3., （一）（二）（三）."""
    blocks = shown("group_circular", demo_home, year=YEAR, masked=True)
    heads = [b.fields["text"] for b in blocks if b.kind == "heading"]
    assert heads == ["一、总体情况", "二、经验做法", "三、存在的问题和不足", "四、工作要求"]
    leads = [
        (re.match(r"（.）|\d\.", b.fields["lead"]).group(), b.fields["lead_level"])  # type: ignore[union-attr]
        for b in blocks if b.kind == "paragraph" and b.fields["lead"]
    ]  # fmt: skip
    second = [("（一）", 2), ("（二）", 2), ("（三）", 2)]
    assert leads == [*second, ("1.", 3), ("2.", 3), ("3.", 3), *second]


def test_a_notebook_that_prints_its_figures_is_refused(demo_home: Path, tmp_path: Path) -> None:
    """One that was not opened with masked=masked: no edition, no file."""
    blocks = shown("group_circular", demo_home, year=YEAR)
    mask = mask_of(demo_home, YEAR, demo_home / "notebooks" / "group_circular.ipynb")
    with pytest.raises(RenderError, match="masked=masked"):
        publish_notebook(notebook_of(blocks), ("html",), tmp_path / "x", edition=Edition(mask=mask))
    assert not list(tmp_path.iterdir())


def test_charts_and_records_are_left_out(published: dict[str, Path]) -> None:
    """Bar heights show figures, and records are figures."""
    for key, path in published.items():
        if key.endswith("html"):
            page = path.read_text(encoding="utf-8")
            assert "<svg" not in page and 'class="rec"' not in page


def test_one_unit_s_own_wording_is_masked_as_its_figures_are(
    tmp_path: Path, demo_home: Path
) -> None:
    """What stands in ``units/dongling.md`` is about dongling; what all units share may stand."""
    params = tmp_path / "params"
    shutil.copytree(demo_home / "params", params)
    (tmp_path / "outputs").symlink_to(demo_home / "outputs")
    text = params / "text" / str(YEAR)
    (text / "units").mkdir(exist_ok=True)
    own = "## 二\n完成37次，占85％，参加12345人，共三十七次。\n"
    (text / "units" / "dongling.md").write_text(own, encoding="utf-8")
    shared = text / "unit.md"
    shared.write_text(shared.read_text("utf-8") + "\n每年应旁听41次。\n", encoding="utf-8")
    mask = mask_of(tmp_path, YEAR, demo_home / "notebooks" / "unit_circular.ipynb")
    hidden = f"完成{HIDDEN}次，占{HIDDEN}%，参加{HIDDEN}人，共{HIDDEN}次。"
    assert mask.cover("完成37次，占85%，参加12345人，共三十七次。") == hidden
    assert mask.cover("每年应旁听41次") == "每年应旁听41次"
