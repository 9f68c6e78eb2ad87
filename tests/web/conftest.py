"""Pages of every kind, and the programs that judge them."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from web_support import CHROMIUM, Framed, tool

from reportkit.display import BLOCK_MIME, Block
from reportkit.publish.page import html_page
from reportkit.publish.reading import read_notebook

DARK = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")
NASTY = "<b>&amp;{{x}}#$@*_`\\</script><style>*{display:none}</style>\"'"


@pytest.fixture(scope="session")
def pages(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Name → HTML file: the demo's by the command itself, general notebooks by the exporter."""
    folder = tmp_path_factory.mktemp("pages")
    home = folder / "home"
    shutil.copytree(demo_home, home)
    made = {"general": folder / "general.html", "hostile": folder / "hostile.html"}
    for more in ((), ("--formal",), ("--mask",)):
        subprocess.run(
            [sys.executable, "-m", "reportkit", "run", "--home", str(home), "--unit", "group",
             "--unit", "dongling", "--format", "html", *more],
            check=True, capture_output=True,
        )  # fmt: skip
    for unit in ("group", "dongling"):
        for ending in ("", ".formal", ".masked"):
            made[unit + ending] = home / f"outputs/2023/{unit}/circular{ending}.html"
    made["index"] = home / "outputs" / "index.html"
    made["unit_page"] = home / "outputs" / "index" / "dongling.html"
    for name, notebook in (("general", _general()), ("hostile", _hostile())):
        document = read_notebook(notebook, name=name, show_code=True)
        made[name].write_text(html_page(document), encoding="utf-8")
    return made


def _general() -> Any:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="40pt"><style>rect{fill:red}'
        '</style><g style="fill:#123456"><rect width="9" height="9" style="stroke:blue"/></g></svg>'
    )
    table = (
        "<table><thead><tr><th></th><th>甲</th></tr></thead><tr><th>0</th><td>1</td></tr></table>"
    )
    trace = ["\x1b[31mValueError\x1b[0m: 坏", "\x1b[1;32m行\x1b[0m"]
    return new_notebook(cells=[
        new_markdown_cell(
            "# 分析\n\n### 跳级\n\n1. 一\n   - 二 [链接](https://example.org)\n   - [ ] 三\n\n"
            "$$x^2$$\n\n行内 $y$ 注[^1]\n\n[^1]: 脚注\n\n| 甲 | 乙 |\n|:--|--:|\n| 1 | 2 |\n\n"
            "> 引文\n\n---\n\n"
            "```python\nprint(1)\n```\n\n<details>x</details>"
        ),
        new_code_cell("df", outputs=[
            new_output("display_data", data={"text/html": table, "text/plain": "x"}),
            new_output("display_data", data={"text/html": table, "text/plain": "x"}),
            new_output("display_data", data={"image/svg+xml": svg, "text/plain": "图"}),
            new_output("error", ename="ValueError", evalue="坏", traceback=trace),
            new_output("stream", name="stderr", text="\x1b[33m警告\x1b[0m"),
        ]),
    ])  # fmt: skip


def _hostile() -> Any:
    columns = [{"text": NASTY, "align": "left", "width": None}] * 3
    blocks = [
        Block("document", title=NASTY, author=NASTY, language="zh-CN", date="2024-01-08",
              unit=None, year=2023),
        Block("title", text=NASTY),
        Block("paragraph", text=NASTY, lead=NASTY, lead_level=2),
        Block("table", title=NASTY, columns=columns, rows=[[NASTY] * 3] * 2, notes=[NASTY],
              emphasis=[0], alt=NASTY),
        Block("signature", issuer=NASTY, date=NASTY, seal=True, note=NASTY),
    ]  # fmt: skip
    outputs = [new_output("display_data", data={BLOCK_MIME: b.to_json()}) for b in blocks]
    return new_notebook(cells=[new_code_cell("x", outputs=outputs)])


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's own; never one that a test tool brings along."""
    return tool(shutil.which("chromium"), "chromium")


@pytest.fixture
def framed(chromium: str, tmp_path: Path) -> Framed:
    """Opens a page in frames of several widths at once, runs a script in each.

    The script runs in a copy without the page's policy, and calls ``done(value)``; the values
    come back in the order of the widths.
    """

    def run(page: Path, script: str, *widths: int, dark: bool = False) -> list[Any]:
        text = page.read_text(encoding="utf-8")
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        frames = []
        for number, width in enumerate(widths):
            told = (
                f"<script>function done(v){{parent.document.getElementById('r{number}')"
                f".textContent=JSON.stringify(v)}}</script><script>{script}</script></body>"
            )
            inner = html.escape(text.replace("</body>", told), quote=True)
            frames.append(f'<pre id="r{number}"></pre>')
            frames.append(f'<iframe width="{width}" height="900" srcdoc="{inner}"></iframe>')
        outer = tmp_path / "outer.html"
        outer.write_text(
            '<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
            + "".join(frames),
            encoding="utf-8",
        )
        done = _browse(chromium, tmp_path, outer, "--dump-dom", "--virtual-time-budget=60000",
                       "--window-size=1400,1000", *(DARK if dark else ()))  # fmt: skip
        values = []
        for number in range(len(widths)):
            found = re.search(rf'<pre id="r{number}">(.*?)</pre>', done.stdout, re.DOTALL)
            assert found and found[1], done.stderr[-2000:]
            values.append(json.loads(html.unescape(found[1])))
        return values

    return run


def _browse(
    chromium: str, folder: Path, page: Path, *flags: str
) -> subprocess.CompletedProcess[str]:
    profile = folder / "profile"
    return subprocess.run(
        [chromium, *CHROMIUM, f"--user-data-dir={profile}", *flags, page.as_uri()],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip


@pytest.fixture
def console(chromium: str, tmp_path: Path) -> Callable[[Path], str]:
    """What the browser has to say of a page as it is, its policy in force."""

    def run(page: Path) -> str:
        done = _browse(chromium, tmp_path, page, f"--screenshot={tmp_path / 'x.png'}")
        assert (tmp_path / "x.png").is_file(), done.stderr[-2000:]
        return "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)

    return run
