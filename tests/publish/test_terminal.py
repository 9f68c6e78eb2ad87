"""Colours of a terminal: where they stand in the text that is left of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.publish.layout import wrapped_runs
from reportkit.publish.model import Tint, clean
from reportkit.publish.terminal import COLOURS, nearest, screen


@pytest.mark.parametrize(
    ("printed", "text", "tints"),
    [
        ("plain", "plain", ()),
        ("\x1b[31mred\x1b[0m x", "red x", (Tint(0, 3, "red"),)),
        ("a\x1b[1;32mb\x1b[mc", "abc", (Tint(1, 2, "green", True),)),
        ("\x1b[38;5;196mr\x1b[39m\x1b[90mg", "rg", (Tint(0, 1, "red"), Tint(1, 2, "grey"))),
        ("\x1b[38;2;0;0;200mb\x1b[0m", "b", (Tint(0, 1, "blue"),)),
        ("\x1b[48;5;1mbackground\x1b[0m", "background", ()),
        ("1%\r\x1b[32m50%\r100%\n", "100%", (Tint(0, 4, "green"),)),
        ("a\tb\x1b[35mc\td", "a    bc    d", (Tint(6, 12, "magenta"),)),
        ("\x1b[33mtwo\nlines\x1b[0m", "two\nlines", (Tint(0, 3, "yellow"), Tint(4, 9, "yellow"))),
        ("\x1b]0;title\x07x\x1b[2K\x1b[1Ay", "xy", ()),
        ("a\r\nb\n\n", "a\nb", ()),
        ("\x1b[37mwhite\x1b[30mblack", "whiteblack", ()),
    ],
)
def test_what_is_left_and_where_it_is_coloured(
    printed: str, text: str, tints: tuple[Tint, ...]
) -> None:
    """Offsets are of the cleaned text: tabs are four blanks, a return starts the line anew."""
    assert screen(printed) == (text, tints)


PIECES = st.lists(
    st.one_of(
        st.text(alphabet="ab 各\t\n\r\x00é", max_size=6),
        st.sampled_from(
            ["\x1b[31m", "\x1b[0m", "\x1b[1m", "\x1b[38;5;33m", "\x1b[K", "\x1b[", "\x1b[9;9m"]
        ),
    ),
    max_size=12,
)


@given(PIECES)
def test_tints_lie_within_the_text_in_order(pieces: list[str]) -> None:
    """None overlaps, none is empty, none reaches over a line end; nothing is left to clean."""
    text, tints = screen("".join(pieces))
    assert clean(text) == text
    place = 0
    for tint in tints:
        assert place <= tint.start < tint.end <= len(text)
        assert "\n" not in text[tint.start : tint.end]
        place = tint.end


@given(PIECES, st.integers(5, 40))
def test_lines_cut_at_the_page_s_width_keep_text_and_colours(
    pieces: list[str], columns: int
) -> None:
    """Put together again they are the same text, each character in its own colour."""
    text, tints = screen("".join(pieces))
    lines = wrapped_runs(text, tints, columns)
    assert "".join(run for line in lines for run, _ in line) == text.replace("\n", "")
    coloured = [style for line in lines for run, style in line for _ in run]
    wanted = []
    for place, char in enumerate(text):
        if char != "\n":
            inside = [t for t in tints if t.start <= place < t.end]
            wanted.append(
                " ".join(filter(None, ("bold" if inside[0].bold else "", inside[0].colour)))
                if inside
                else ""
            )
    assert coloured == wanted


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_any_colour_is_one_of_ours_or_the_text_s_own(red: int, green: int, blue: int) -> None:
    assert nearest(red, green, blue) in (*COLOURS, None)


def test_a_very_long_output_says_how_much_is_left_out() -> None:
    """A megabyte of log lines: the first part, and the number of characters that follow."""
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from reportkit.publish.reading import read_notebook

    text = "".join(f"line {n}\n" for n in range(120_000))
    notebook = new_notebook(cells=[
        new_code_cell("x", outputs=[new_output("stream", name="stdout", text=text)])
    ])  # fmt: skip
    shown, notice = read_notebook(notebook).blocks
    found = re.search(r"其后(\d+)个字符", notice.text)  # type: ignore[union-attr]
    assert found
    assert len(shown.text) + int(found[1]) == len(text.rstrip("\n"))  # type: ignore[union-attr]
    assert shown.text.endswith("\n")  # type: ignore[union-attr]
