"""Rows → pages. All that comes from data is data: escaped in markup, and in the script's JSON."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reportkit.site.gathering import Row, Told

FOLDER = "index"
"""Where the units' own pages are, below ``outputs/``."""

STATES = {
    "done": "已生成", "failed": "失败", "timeout": "超时", "dead": "内核异常终止",
    "cancelled": "已取消", "none": "未生成",
}  # fmt: skip
_EDITIONS = {"draft": "", "formal": "正式版", "masked": "脱敏版", "formal.masked": "正式脱敏版"}
_FILES = {"pdf": "PDF", "html": "网页", "docx": "Word", "ipynb": "笔记本"}
_STALE = "（已过时）"
"""Behind a file that was not made anew with the others."""
_HERE = Path(__file__).parent


@lru_cache(maxsize=2)
def _asset(name: str) -> str:
    # Without the last line's end, which not every program counts to what is hashed.
    return (_HERE / name).read_text(encoding="utf-8").rstrip()


def index_page(rows: Sequence[Row], told: Told) -> str:
    """``outputs/index.html``: everything in one file, found and filtered without a server."""
    kinds = list(dict.fromkeys(_kind(row, told) for row in rows))
    data = _json(_data(rows, told, kinds))
    years = list(dict.fromkeys(row.year for row in rows))
    states = [state for state in STATES if any(row.state == state for row in rows)]
    filters = (
        _select("year", "年度", [(str(year), f"{year}年") for year in years])
        + _select("kind", "文档", [(str(n), kind) for n, kind in enumerate(kinds)])
        + _select("state", "状态", [("bad", "未完成的"), *((s, STATES[s]) for s in states)])
    )
    bad = sum(row.state != "done" for row in rows)
    summary = f"共{len(rows)}份文档" + (f"，其中{bad}份未完成。" if bad else "，全部完成。")
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("单位", "年度", "文档", "状态", "日期", "页数", "主要指标（比上年）", "文件")
    )
    main = f"""\
<form id="find" role="search" aria-label="查找文档" hidden>
<label for="q">单位名称、简称或代码<input id="q" type="search" autocomplete="off"></label>
{filters}</form>
<p class="count" id="count" role="status" aria-live="polite"></p>
<div class="frame" tabindex="0" role="region" aria-label="文档列表">
<table id="list"><caption>每行一份文档；单位名称链接到该单位历年情况</caption>
<thead><tr>{head}</tr></thead><tbody></tbody></table></div>
<p class="more"><button id="more" type="button" hidden>显示更多</button></p>
{_without_script(rows, told)}
<script type="application/json" id="data">{data}</script>
<script>{_asset("index.js")}</script>"""
    return _page(f"{told.group}通报目录", summary, main, scripts=(data, _asset("index.js")))


def _data(rows: Sequence[Row], told: Told, kinds: list[str]) -> dict[str, Any]:
    """What the script lists; short names, since there are thousands of rows."""
    known: dict[tuple[str, str], int] = {}
    units: list[list[str]] = []
    listed = []
    for row in rows:
        key = (row.unit, row.label)
        if key not in known:
            known[key] = len(units)
            names = told.units.get(row.unit, (row.label or row.unit,))
            units.append([*names, row.unit])
        each: dict[str, Any] = {
            "u": known[key], "y": row.year, "k": kinds.index(_kind(row, told)), "s": row.state,
            "d": row.date, "n": row.pages, "b": _url(row.base),
            "f": [list(_FILES).index(ending) for ending in row.files],
        }  # fmt: skip
        optional = {
            "p": row.period, "w": "" if row.state == "done" else row.why,
            "l": "" if row.state == "done" else _url(row.partial),
            "c": list(_figures(row, told)),
            "o": row.unit in told.units,
            "g": _feedback(row, told),
            "x": [list(_FILES).index(ending) for ending in row.stale],
            "t": _stage(row, told), "i": _issued(row, told),
        }  # fmt: skip
        listed.append({**each, **{name: value for name, value in optional.items() if value}})
    return {
        "units": units, "kinds": kinds, "rows": listed,
        "files": list(_FILES.items()), "folder": FOLDER, "stale": _STALE,
        "states": {state: [state, words] for state, words in STATES.items()},
    }  # fmt: skip


def unit_page(unit: str, rows: Sequence[Row], told: Told) -> str:
    """A unit's own page: its documents, year by year, and its figures; no script."""
    names = told.units[unit]
    parts = []
    for year in dict.fromkeys(row.year for row in rows):
        of_year = [row for row in rows if row.year == year]
        figures = told.figures.get(year, {}).get(unit, ())
        told_of = f"<p>{html.escape('；'.join(figures))}。</p>" if figures else ""
        body = "".join(_static_row(row, told) for row in of_year)
        heads = "".join(
            f'<th scope="col">{name}</th>' for name in ("文档", "状态", "日期", "页数", "文件")
        )
        parts.append(
            f'<h2 id="y{year}">{year}年</h2>{told_of}<div class="frame" tabindex="0" role="region" '
            f'aria-label="{year}年的文档"><table><caption>{year}年的文档</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
        )
    others = f"又称：{'、'.join(names[1:])}。" if len(names) > 1 else ""
    back = '<p><a href="../index.html">返回目录</a></p>'
    return _page(f"{names[0]}历年情况", others, back + "".join(parts))


def _static_row(row: Row, told: Told) -> str:
    good = row.state == "done"
    state = f'<span class="{"good" if good else "bad"}">{STATES[row.state]}</span>'
    if stage := _stage(row, told):
        state += f'<p class="stage">{html.escape(stage)}</p>'
    if not good and row.why:
        state += f'<p class="why">{html.escape(row.why)}</p>'
    if not good and row.partial:
        state += f'<a href="../{_url(row.partial)}">出错的笔记本</a>'
    what = _kind(row, told) + (f" {row.period}" if row.period else "")
    links = "".join(
        f'<a href="../{link}" aria-label="{html.escape(f"{row.year}年{what} {label}")}">{label}</a>'
        for label, link in _links(row, told)
    )
    pages = str(row.pages or "")
    return (
        f'<tr><th scope="row">{html.escape(what)}</th><td data-head="状态">{state}</td>'
        f'<td data-head="日期" class="nowrap">{row.date}</td>'
        f'<td data-head="页数" class="number">{pages}</td>'
        f'<td data-head="文件" class="files">{links}</td></tr>'
    )


def _without_script(rows: Sequence[Row], told: Told) -> str:
    """For a browser without scripts: the units' own pages, of the latest year."""
    latest = rows[0].year if rows else 0
    units = dict.fromkeys(r.unit for r in rows if r.year == latest and r.unit in told.units)
    links = "".join(
        f'<li><a href="{FOLDER}/{_url(unit)}.html">{html.escape(told.units[unit][0])}</a></li>'
        for unit in units
    )
    return (
        "<noscript><p>浏览器未启用脚本，不能查找和筛选；各单位历年情况见：</p>"
        f"<ul>{links}</ul></noscript>"
    )


def _links(row: Row, told: Told) -> list[tuple[str, str]]:
    """What can be opened: (what it is called, relative address)."""
    found = [(_FILES[ending] + _STALE * (ending in row.stale), f"{_url(row.base)}.{ending}")
             for ending in row.files]  # fmt: skip
    more = (("反馈", _feedback(row, told)), ("印发件", _issued(row, told)))
    return [*found, *(each for each in more if each[1])]


def _feedback(row: Row, told: Told) -> str:
    """What went back to the unit, beside its plain yearly document."""
    if row.edition != "draft" or row.period:
        return ""
    return _url(told.feedback.get(row.year, {}).get(row.unit, ""))


def _stage(row: Row, told: Told) -> str:
    """How far its draft has come on its way to issue."""
    return told.stages.get(row.year, {}).get(row.document, "")


def _issued(row: Row, told: Told) -> str:
    """What was issued of it, beside its plain document."""
    if row.edition != "draft":
        return ""
    return _url(told.issued.get(row.year, {}).get(row.document, ""))


def _figures(row: Row, told: Told) -> Sequence[str]:
    if row.period:
        return ()
    return told.figures.get(row.year, {}).get(row.unit, ())


def _kind(row: Row, told: Told) -> str:
    name = told.kinds.get(row.kind, row.kind)
    edition = _EDITIONS.get(row.edition, row.edition)
    return f"{name}（{edition}）" if edition else name


def _url(path: str) -> str:
    return quote(path, safe="/")


def _select(name: str, label: str, options: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<option value="{html.escape(value)}">{html.escape(text)}</option>'
        for value, text in options
    )
    return (
        f'<label for="{name}">{label}<select id="{name}"><option value="">全部</option>'
        f"{listed}</select></label>\n"
    )


def _json(data: Any) -> str:
    """JSON that can stand within a script element: nothing in it ends or opens one."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _page(title: str, summary: str, main: str, *, scripts: Sequence[str] = ()) -> str:
    """A whole page, whose policy allows its own style and ``scripts``, and nothing else."""
    style = _asset("style.css")
    allowed = " ".join(_hash(script) for script in scripts) or "'none'"
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
    shown = html.escape(title)
    return f"""\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{shown}</title>
<style>{style}</style>
</head>
<body>
<header><a class="skip" href="#main">跳到正文</a><h1>{shown}</h1>
<p>{html.escape(summary)}</p></header>
<main id="main">
{main}
</main>
<footer><p>由 reportkit 生成，仅供内部使用。</p></footer>
</body>
</html>
"""
