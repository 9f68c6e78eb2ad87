"""The pages before other judges: the Nu checker, axe-core, and Chromium itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from font_support import with_own_fonts
from web_support import CHROMIUM, MODULES, Framed, tool

NAMES = [
    "group", "group.formal", "group.masked", "dongling", "dongling.formal", "dongling.masked",
    "general", "hostile",
]  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def test_the_nu_checker_finds_nothing(pages: dict[str, Path]) -> None:
    """No error and no warning in any page."""
    java = tool(shutil.which("java"), "java")
    jar = tool(MODULES / "vnu-jar/build/dist/vnu.jar", "vnu-jar")
    done = subprocess.run(
        [java, "-jar", jar, "--format", "json", "--exit-zero-always", *map(str, pages.values())],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    found = json.loads(done.stderr)["messages"]
    assert [(m["url"].rpartition("/")[2], m["message"], m.get("extract")) for m in found] == []


def test_the_nu_checker_can_find_something(tmp_path: Path) -> None:
    java = tool(shutil.which("java"), "java")
    jar = tool(MODULES / "vnu-jar/build/dist/vnu.jar", "vnu-jar")
    (tmp_path / "bad.html").write_text("<p><table><div>", encoding="utf-8")
    done = subprocess.run(
        [java, "-jar", jar, "--format", "json", str(tmp_path / "bad.html")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode and json.loads(done.stderr)["messages"]


_RUN = (
    f"onload=()=>axe.run(document,{{runOnly:{json.dumps(TAGS)}}}).then(r=>done({{"
    "passes:r.passes.length,dark:matchMedia('(prefers-color-scheme:dark)').matches,"
    "wide:document.documentElement.scrollWidth,window:innerWidth,"
    "over:[...document.querySelectorAll('main *')].filter(e=>!e.closest('.table')&&"
    "e.getBoundingClientRect().right>innerWidth+1).slice(0,3).map(e=>e.outerHTML.slice(0,200)),"
    "found:r.violations.map(v=>[v.id,v.help,v.nodes.slice(0,3).map(n=>n.html.slice(0,200)"
    "+n.failureSummary)])}),e=>done({error:String(e)}))"
)


# Each kind of page in light or dark, those with the most in them in both.
_SEEN = [
    ("group", False), ("dongling", False), ("dongling", True), ("group.formal", True),
    ("dongling.formal", False), ("group.masked", True), ("dongling.masked", False),
    ("general", False), ("general", True), ("hostile", True), ("index", False), ("index", True),
    ("unit_page", True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "dark"), _SEEN)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    pages: dict[str, Path], framed: Framed, name: str, dark: bool
) -> None:
    """WCAG 2.2 AA as far as a program can tell, in light and dark, wide and on phones.

    Tables scroll within their own region; the page itself never sideways.
    """
    axe = Path(tool(MODULES / "axe-core/axe.min.js", "axe-core")).read_text(encoding="utf-8")
    for result in framed(pages[name], f"{axe};{_RUN}", 1000, 360, 320, dark=dark):
        assert result.get("passes", 0) > 15, result
        assert result["dark"] is dark
        assert result["found"] == []
        assert (result["wide"] <= result["window"], result["over"]) == (True, [])


def test_axe_can_find_something(framed: Framed, tmp_path: Path) -> None:
    axe = Path(tool(MODULES / "axe-core/axe.min.js", "axe-core")).read_text(encoding="utf-8")
    page = tmp_path / "bad.html"
    page.write_text('<!DOCTYPE html><html><body><img src="x"></body></html>', encoding="utf-8")
    run = axe + ";axe.run().then(r=>done(r.violations.map(v=>v.id)))"
    (result,) = framed(page, run, 900)
    assert {"image-alt", "html-has-lang"} <= set(result)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_breaks_the_page_s_own_policy(
    pages: dict[str, Path], console: Any, name: str
) -> None:
    """No style, script or address that the strict Content-Security-Policy refuses."""
    assert console(pages[name]) == ""
    text = pages[name].read_text(encoding="utf-8")
    assert text.count("Content-Security-Policy") == 1
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy and "unsafe" not in policy[1] and "default-src 'none'" in policy[1]
    assert not re.search(r"<[a-z][^<>]*\sstyle=", text)
    assert text.count("<style") == 1 and "<script" not in text


def test_the_policy_is_in_force(pages: dict[str, Path], console: Any, tmp_path: Path) -> None:
    """One declaration changed in the stylesheet, and the browser refuses it."""
    text = pages["general"].read_text(encoding="utf-8")
    changed = tmp_path / "changed.html"
    changed.write_text(text.replace("<style>", "<style>b{color:red}", 1), encoding="utf-8")
    assert "Content Security Policy" in console(changed)


def test_text_spacing_and_large_type_lose_nothing(pages: dict[str, Path], framed: Framed) -> None:
    """WCAG 1.4.12 and 200 %: still no text cut off, nor a page that scrolls sideways."""
    script = (
        "onload=()=>{const s=document.createElement('style');"
        "s.textContent='*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}html{font-size:200%}';"
        "document.head.append(s);done([document.documentElement.scrollWidth,innerWidth])}"
    )
    for wide, window in framed(pages["dongling"], script, 700, 1280):
        assert wide <= window


def test_pages_are_small(pages: dict[str, Path]) -> None:
    """Under 200 KB without their charts, records included."""
    for name, page in pages.items():
        text = re.sub(r"<svg.*?</svg>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert len(text.encode("utf-8")) < 200_000, name


def test_it_prints_as_the_pdf_does(pages: dict[str, Path], chromium: str, tmp_path: Path) -> None:
    """A4, the standard's margins, 22 lines a page, an annex on a turned page, records left out."""
    import pdfplumber

    target = tmp_path / "print.pdf"
    subprocess.run(
        [chromium, *CHROMIUM, f"--user-data-dir={tmp_path / 'p'}", "--no-pdf-header-footer",
         f"--print-to-pdf={target}", pages["group"].as_uri()],
        check=True, capture_output=True, timeout=600,
        env=with_own_fonts(tmp_path),
    )  # fmt: skip
    mm = 72 / 25.4
    with pdfplumber.open(target) as pdf:
        first = pdf.pages[1]
        assert (round(first.width / mm), round(first.height / mm)) == (210, 297)
        text = [c for c in first.chars if c["size"] > 15 and c["text"].strip()]
        assert min(c["x0"] for c in text) >= 26 * mm - 1
        assert max(c["x1"] for c in text) <= 184 * mm + 1
        lines = {round(c["matrix"][5]) for c in text}
        assert 20 <= len(lines) <= 22
        assert any(page.width > page.height for page in pdf.pages)
        whole = "".join(page.extract_text() for page in pdf.pages)
        assert "附件1" in whole and re.search(r"— ?\d+ ?—", whole)


_LINKS = """onload = () => done(
  [...document.querySelectorAll('#list a')].map((a) => a.getAttribute('href')))"""


def test_links_lead_to_files_that_are_there(pages: dict[str, Path], framed: Framed) -> None:
    """Of the demo's own index, as the browser has them: documents, and the units' pages."""
    (seen,) = framed(pages["index"], _LINKS, 1000)
    assert len(seen) > 10
    base = pages["index"].parent
    assert [link for link in seen if not (base / unquote(link)).is_file()] == []
    assert {"index/dongling.html", "2023/dongling/circular.html"} <= set(seen)


@pytest.mark.parametrize("name", ["index", "unit_page"])
def test_its_policy_allows_its_own_script_and_nothing_else(
    pages: dict[str, Path], console: Callable[[Path], str], name: str, tmp_path: Path
) -> None:
    """As it is, the browser has nothing to say; with a word changed in the script, it refuses."""
    assert console(pages[name]) == ""
    text = pages[name].read_text(encoding="utf-8")
    assert text.count("Content-Security-Policy") == 1 and "unsafe" not in text.split("</head>")[0]
    changed = tmp_path / "changed.html"
    changed.write_text(text.replace("</body>", "<script>1</script></body>"), encoding="utf-8")
    assert "Content Security Policy" in console(changed)
