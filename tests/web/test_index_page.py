"""The index page as people use it, in Chromium: search, filters, keyboard, thousands of rows."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from counting import wait_until
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import websocket_connect
from web_support import CHROMIUM

sys.path.insert(0, str(Path(__file__).parents[1] / "site"))
from site_support import entry, failed, large, outputs_with, told

from reportkit.site import write_site

_TOOLS = """
const $ = (id) => document.getElementById(id);
const rows = () => [...document.querySelectorAll('#list tbody tr')].map((r) =>
  [r.cells[0].textContent, r.cells[1].textContent, r.cells[3].firstChild.textContent]);
const set = (id, value, event) => { $(id).value = value; $(id).dispatchEvent(new Event(event)); };
"""


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """Two units over two years, one of whose documents failed."""
    outputs = outputs_with(
        tmp_path,
        entry("aa", 2023),
        failed("bb", 2023, "坏<b>"),
        entry("aa", 2022),
        entry("bb", 2022),
    )
    return write_site(outputs, told("aa", "bb"))


def test_search_and_filters(some: Path, framed: Callable[..., list[Any]]) -> None:
    """By name, short name or id; by year and state; together; and nothing found is said."""
    script = (
        _TOOLS
        + """onload = () => {
      const seen = {all: rows(), count: $('count').textContent};
      set('q', 'BB有限', 'input'); seen.named = rows();
      set('year', '2022', 'change'); seen.both = rows();
      set('q', '', 'input'); seen.year = rows();
      set('year', '', 'change'); set('state', 'bad', 'change'); seen.bad = rows();
      seen.why = document.querySelector('.why').textContent;
      set('q', '没有', 'input'); seen.none = [rows().length, $('count').textContent];
      done(seen); }"""
    )
    (seen,) = framed(some, script, 1000)
    good, bad = "已生成", "失败"
    assert seen["all"] == [["aa公司", "2023", good], ["bb公司", "2023", bad],
                           ["aa公司", "2022", good], ["bb公司", "2022", good]]  # fmt: skip
    assert seen["count"] == "共4份"
    assert seen["named"] == [["bb公司", "2023", bad], ["bb公司", "2022", good]]
    assert seen["both"] == [["bb公司", "2022", good]]
    assert seen["year"] == [["aa公司", "2022", good], ["bb公司", "2022", good]]
    assert seen["bad"] == [["bb公司", "2023", bad]]
    assert seen["why"] == "第5个单元格，ValueError：坏<b>"
    assert seen["none"] == [0, "没有符合条件的文档"]


def test_thousands_of_rows_come_a_hundred_at_a_time(
    tmp_path: Path, framed: Callable[..., list[Any]]
) -> None:
    """The button brings more, puts the focus on the first new one, and goes when all are there."""
    page = write_site(*large(tmp_path, 250, 1))
    script = (
        _TOOLS
        + """onload = () => {
      const seen = [[rows().length, $('count').textContent]];
      $('more').click(); seen.push([rows().length, document.activeElement.textContent]);
      $('more').click(); seen.push([rows().length, $('more').hidden]);
      done(seen); }"""
    )
    (seen,) = framed(page, script, 1000)
    assert seen == [[100, "共250份，已列出前100份"], [200, "岱川100矿业"], [250, True]]


def test_everything_is_reached_by_keyboard(some: Path, framed: Callable[..., list[Any]]) -> None:
    """In the order of the page, each with a name; nothing takes the focus out of turn."""
    script = (
        _TOOLS
        + """onload = () => {
      const found = [...document.querySelectorAll('a[href],button,input,select,[tabindex]')];
      const named = (e) => e.getAttribute('aria-label') || e.textContent || e.labels[0].textContent;
      done(found.filter((e) => e.checkVisibility()).map((e) => [e.tagName, e.tabIndex, named(e)]));
      }"""
    )
    (seen,) = framed(some, script, 1000)
    tags = [tag for tag, _, _ in seen]
    assert tags[:6] == ["A", "INPUT", "SELECT", "SELECT", "SELECT", "DIV"]
    assert all(index == 0 and name.strip() for _, index, name in seen)
    assert "aa公司 2023 通报 PDF" in [name for _, _, name in seen]


class Keyboard:
    """A browser's page by its debugging port, worked by keys alone."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._number = 0

    async def ask(self, method: str, **parameters: Any) -> Any:
        """One command, and its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        await self._connection.write_message(json.dumps(message))
        while True:
            answer = json.loads(await asyncio.wait_for(self._connection.read_message(), 60))
            if answer.get("id") == self._number:
                return answer["result"]

    async def value(self, script: str) -> Any:
        """What an expression is on the page."""
        answer = await self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        return answer["result"].get("value")

    async def press(self, key: str, code: int, text: str = "") -> None:
        """A key goes down and up."""
        for kind, typed in (("keyDown", text), ("keyUp", "")):
            await self.ask(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key,
                windowsVirtualKeyCode=code, text=typed,
            )  # fmt: skip

    async def tab_to(self, wanted: str) -> None:
        """Tab, until what has the focus is what an expression of ``e`` wants."""
        for _ in range(60):
            await self.press("Tab", 9)
            if await self.value(f"(e => {wanted})(document.activeElement)"):
                return
        raise AssertionError(f"no Tab leads to {wanted}")

    async def until(self, script: str) -> Any:
        """Waits for an expression to hold."""
        for _ in range(200):
            if found := await self.value(script):
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"never: {script}")


async def _search_and_open(port: int, page: Path) -> list[str]:
    """By keys alone: to the search, a word, to the PDF of what is left, Enter."""
    client = AsyncHTTPClient()
    targets = json.loads((await client.fetch(f"http://127.0.0.1:{port}/json")).body)
    (target,) = (each for each in targets if each["type"] == "page")
    connection = await websocket_connect(target["webSocketDebuggerUrl"], max_message_size=2**26)
    keys = Keyboard(connection)
    await keys.ask("Page.navigate", url=page.as_uri())
    await keys.until("document.readyState === 'complete' && !!document.querySelector('#list td')")
    await keys.tab_to("e.id === 'q'")
    await keys.ask("Input.insertText", text="bb有限")
    await keys.until("document.querySelectorAll('#list tbody tr').length === 2")
    await keys.tab_to("e.tagName === 'A' && e.textContent.includes('PDF')")
    name = await keys.value("document.activeElement.getAttribute('aria-label')")
    await keys.press("Enter", 13, "\r")
    opened = await keys.until("location.pathname.endsWith('.pdf') && location.pathname")
    connection.close()
    return [name, opened]


def test_a_pdf_is_found_and_opened_by_keyboard(some: Path, chromium: str, tmp_path: Path) -> None:
    """The page as it is, from its file: search, Tab, Enter; the browser shows the paper."""
    paper = some.parent / "2022" / "bb" / "circular.pdf"
    paper.parent.mkdir(parents=True)
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(paper)
    profile = tmp_path / "keys"
    browser = subprocess.Popen(
        [chromium, *CHROMIUM, f"--user-data-dir={profile}", "--remote-debugging-port=0",
         "--window-size=1000,800", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said = profile / "DevToolsActivePort"
        wait_until(
            lambda: (
                browser.poll() is not None
                or (said.is_file() and said.read_text(encoding="utf-8").strip())
            )
        )
        assert browser.poll() is None, "no browser"
        port = int(said.read_text(encoding="utf-8").split()[0])
        name, opened = asyncio.run(_search_and_open(port, some))
    finally:
        browser.kill()
        browser.wait()
    assert name == "bb公司 2022 通报 PDF"
    assert opened.endswith("/2022/bb/circular.pdf")
