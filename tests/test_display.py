"""The contract between notebooks and exporters: blocks, and how they show themselves."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.display import (
    BLOCK_MIME,
    BLOCK_VERSION,
    KINDS,
    Block,
    Blocks,
    block_html,
    block_text,
)

NASTY = "#$@*_<>\"'`&\\{}[]|~^<script>alert(1)</script>"


def sample(kind: str, text: str) -> dict[str, object]:
    """The fields of a kind, with one text wherever a text may stand."""
    table = {"title": text, "columns": [{"text": text, "align": "left", "width": None}],
             "rows": [[text]], "notes": [text], "emphasis": [], "alt": text,
             "links": [["m1"]]}  # fmt: skip
    return {
        "document": {"title": text, "author": text, "language": "zh-CN", "date": None,
                     "unit": text, "year": 2023, "keep": [text]},
        "title": {"text": text}, "addressee": {"text": text},
        "heading": {"level": 2, "text": text},
        "paragraph": {"text": text, "lead": text, "lead_level": 2},
        "table": table,
        "figure": {"svg": "<svg/>", "title": text, "alt": text, "width_mm": None},
        "annex_list": {"items": [text]}, "signature": {"issuer": text, "date": text},
        "annex": {"number": 1, "title": text, "landscape": False, "only": None},
        "records": {"anchor": "m1", "title": text, "definition": text, "summary": text,
                    "columns": [text], "rows": [[text]], "notes": [text]},
    }[kind]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_literal_in_data_and_escaped_in_html(kind: str) -> None:
    """Marks of any markup stay text; only a figure's SVG is markup."""
    bundle = Block(kind, **sample(kind, NASTY))._repr_mimebundle_()
    assert bundle[BLOCK_MIME] == {"version": BLOCK_VERSION, "kind": kind, **sample(kind, NASTY)}
    assert json.loads(json.dumps(bundle[BLOCK_MIME])) == bundle[BLOCK_MIME]
    shown = bundle["text/html"]
    assert "<script" not in shown and "alert(1)</" not in shown
    if kind != "document":
        assert html.escape(NASTY) in shown
        assert NASTY in bundle["text/plain"]
    assert ("image/svg+xml" in bundle) == (kind == "figure")


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "document"])
@given(text=st.text(min_size=1, max_size=20))
def test_no_text_opens_a_tag(kind: str, text: str) -> None:
    """Whatever the text, the HTML has the tags that a harmless one has."""
    plain, odd = block_html(kind, sample(kind, "x")), block_html(kind, sample(kind, text))
    assert plain.count("<") == odd.count("<") and plain.count(">") == odd.count(">")


def test_a_document_prints_nothing() -> None:
    """It is what the file says of itself."""
    fields = sample("document", "x")
    assert (block_text("document", fields), block_html("document", fields)) == ("", "")


def test_records_are_closed_in_a_notebook_and_readable_as_text() -> None:
    """A circular has many of them; what is empty takes no line."""
    fields = sample("records", "x") | {"definition": "口径文字", "summary": ""}
    shown = block_html("records", fields)
    assert shown.startswith("<details><summary>x</summary>")
    assert "口径：口径文字" in shown and shown.count("<p>") == 2
    assert block_text("records", fields) == "x\n口径：口径文字\nx\nx\nx"


def test_an_unknown_kind_is_refused() -> None:
    """With the kinds there are."""
    with pytest.raises(ValueError, match=r"'pargraph'.*paragraph"):
        Block("pargraph", text="x")


@pytest.mark.parametrize(("level", "tag"), [(1, "h2"), (2, "h3"), (4, "h5")])
def test_levels_of_headings(level: int, tag: str) -> None:
    """The title is h1; headings follow."""
    assert block_html("heading", {"level": level, "text": "x"}) == f"<{tag}>x</{tag}>"


def test_blocks_show_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """In order; none shows nothing."""
    shown: list[Block] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    Blocks([])._ipython_display_()
    assert shown == []
    both = [Block("title", text="甲"), Block("title", text="乙")]
    Blocks(both)._ipython_display_()
    assert shown == both and len(Blocks(both)) == 2
