"""Leaders' wording as it is kept: templates and figures, what an edit may say, its file."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from counting import steps
from hypothesis import example, given
from hypothesis import strategies as st

from reportkit.errors import ParameterError
from reportkit.params.edits import (
    Edit,
    Edits,
    Remark,
    Superseded,
    as_text,
    edits_path,
    edits_text,
    escaped,
    figures_of,
    filled,
    load_edits,
    names_in,
    with_spans,
)
from reportkit.params.reading import parse_model

DAY = dt.date(2024, 1, 9)
WORDS = st.text(alphabet="{}年次。、a1％\n ", max_size=8)
NAMES = st.sampled_from(["sessions", "M1", "次数#2", "a.b", "年 度"])
VALUES = st.text(alphabet="0123456789.%×{}", min_size=1, max_size=5)


@st.composite
def templates(draw: st.DrawFn) -> tuple[str, str, dict[str, str], list[str]]:
    """A template, the text that it stands for, its figures, and their names in order."""
    figures = draw(st.dictionaries(NAMES, VALUES, max_size=4))
    template = text = ""
    order = []
    for name in draw(st.lists(st.sampled_from(sorted(figures)), max_size=5)) if figures else ():
        words = draw(WORDS)
        template += f"{escaped(words)}{{{name}}}"
        text += words + figures[name]
        order.append(name)
    last = draw(WORDS)
    return template + escaped(last), text + last, figures, order


@given(st.text())
def test_text_as_a_template_is_that_text(text: str) -> None:
    """Braces and all; it has no figure, and reads as nothing else."""
    template = escaped(text)
    assert filled(template, {}) == text
    assert names_in(template) == []
    assert figures_of(template, text) == {} and figures_of(template, text + "次") is None


@given(templates())
def test_a_template_filled(case: tuple[str, str, dict[str, str], list[str]]) -> None:
    """Word for word; each span is where its figure stands."""
    template, text, figures, order = case
    made, spans = with_spans(template, figures)
    assert made == filled(template, figures) == text
    assert names_in(template) == [name for _, _, name in spans] == order
    assert all(made[begin:end] == figures[name] for begin, end, name in spans)


@given(templates())
def test_figures_are_found_in_what_they_were_put_into(
    case: tuple[str, str, dict[str, str], list[str]],
) -> None:
    """Perhaps others where no word stands between two, but such that the text comes out."""
    template, text, _, order = case
    found = figures_of(template, text)
    assert found is not None and list(found) == list(dict.fromkeys(order))
    assert filled(template, found) == text


@given(templates(), st.text(alphabet="{}年次。0123", max_size=20))
def test_figures_in_another_text(
    case: tuple[str, str, dict[str, str], list[str]], other: str
) -> None:
    """If there are any, the text comes out; none is empty."""
    found = figures_of(case[0], other)
    if found is not None:
        assert filled(case[0], found) == other and all(found.values())


@given(templates(), st.sets(NAMES))
def test_figures_as_words(
    case: tuple[str, str, dict[str, str], list[str]], names: set[str]
) -> None:
    """Those that are written out are figures no more; the text stays as it is."""
    template, text, figures, order = case
    left = as_text(template, figures, names)
    assert filled(left, figures) == text
    assert names_in(left) == [name for name in order if name not in names]


@pytest.mark.parametrize(
    ("template", "text", "figures"),
    [
        ("学习{n}次", "学习12次", {"n": "12"}),
        ("学习{n}次", "学习次", None),  # a figure is never nothing
        ("学习{n}次，共{n}次", "学习12次，共12次", {"n": "12"}),
        ("学习{n}次，共{n}次", "学习12次，共13次", None),
        ("{a}{b}", "123", {"a": "1", "b": "23"}),
        # a = 1 leaves 2 3 1 for b and a: only a = "12" does
        ("{a}{b}{a}", "12312", {"a": "12", "b": "3"}),
        ("{a}次{a}", "1次1次1次1", {"a": "1次1"}),
        ("{a}", "1\n2", {"a": "1\n2"}),
        ("a.b{n}", "axb1", None),  # a dot is a dot
        ("{{{n}}}", "{7}", {"n": "7"}),
        ("{n}次", "12次。", None),
        ("", "", {}),
        ("{n}", "", None),
        ("ab{n}ab", "abab", None),
        ("ab{n}ba", "aba", None),
    ],
)
def test_figures_worked_by_hand(template: str, text: str, figures: dict[str, str] | None) -> None:
    """Shortest first; the same name is the same figure."""
    assert figures_of(template, text) == figures


def test_a_long_line_that_does_not_fit_is_seen_at_once() -> None:
    """24 figures between words that recur: every way of sharing them out would take years."""
    template = "、".join(f"{{a{n}}}" for n in range(24)) + "共计"
    text = "、".join(map(str, range(60))) + "合计"
    assert figures_of(template, text) is None
    assert steps(lambda: figures_of(template, text)) < 2_000


@pytest.mark.parametrize(("text", "made"), [("{", "{"), ("}", "}"), ("{}", "{}"), ("a{b", "a{b")])
def test_a_brace_by_itself_is_a_brace(text: str, made: str) -> None:
    """Nobody who edits the file by hand has to know of {{."""
    assert filled(text, {}) == made and names_in(text) == []


# --- an edit ---


def edit(**changes: Any) -> Edit:
    fields = {
        "place": "一.1", "was": "学习{n}次。", "now": "共学习{n}次。", "figures": {"n": "12"},
        "by": "王芳", "day": DAY,
    }  # fmt: skip
    return Edit.model_validate({**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"was": "", "now": None}, "neither was nor now"),
        ({"now": "  "}, "now is blank"),
        ({"now": ""}, "now is blank"),
        ({"lead": "一是。"}, "now does not begin with its lead"),
        ({"now": "共学习{m}次。"}, "{m} stands in the text and not under figures"),
        ({"was": "学习{m}次。"}, "{m} stands in the text and not under figures"),
        ({"by_hand": {"m": "13"}}, "by_hand: m is not under figures"),
        ({"by": " "}, "by"),
        ({"place": ""}, "place"),
        ({"heading": 5}, "heading"),
        ({"heading": -1}, "heading"),
    ],
)
def test_an_edit_that_contradicts_itself(changes: dict[str, Any], said: str) -> None:
    """It is refused, also where a person typed it into the file."""
    with pytest.raises(ValueError, match=re.escape(said)):
        edit(**changes)


def test_what_an_edit_may_be() -> None:
    """A new line, one taken away, one whose figure the leader replaced by his own."""
    assert edit(was="").added and not edit().added
    assert edit(now=None).now is None
    assert edit(now="共学习13次。", by_hand={"n": "13"}).by_hand == {"n": "13"}
    assert edit(lead="共学习").lead == "共学习"


def test_a_place_is_edited_once() -> None:
    """Two edits of one place would depend on their order."""
    with pytest.raises(ValueError, match=r"一\.1 is edited twice"):
        Edits(edits=(edit(), edit()))
    assert not Edits() and not Edits(remarks=(Remark(text="好"),)) and Edits(edits=(edit(),))


def test_a_wrong_edit_in_the_file_is_told_with_field_and_line(tmp_path: Path) -> None:
    """The second edit, whose name for a figure nobody knows."""
    path = edits_path(tmp_path, 2023, "group", "circular")
    path.parent.mkdir(parents=True)
    good = "- place: 一\n  was: 原文\n  now: 新文\n  by: 王芳\n  day: 2024-01-09\n"
    path.write_text(f"edits:\n{good}{good.replace('一', '二').replace('新文', '“{n}”次')}",
                    encoding="utf-8")  # fmt: skip
    with pytest.raises(ParameterError) as caught:
        load_edits(tmp_path, 2023, "group", "circular")
    told = str(caught.value)
    assert "params/text/2023/edits/group/circular.yml" in told
    assert "{n} stands in the text" in told and "line 7" in told
    path.write_text(f"edits:\n{good}  wass: x\n", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_edits(tmp_path, 2023, "group", "circular")
    assert "expected: was" in str(caught.value) and "line 7" in str(caught.value)


def test_without_the_file_nothing_is_edited(tmp_path: Path) -> None:
    """Also of a document that there is not."""
    assert load_edits(tmp_path, 2023, "group", "circular.2023Q3") == Edits()


LINES = st.one_of(
    st.sampled_from(["2024-01-01", "no", "null", "1.0", "~", "- a", "a: b", "#x", "x #y", "'",
                     "\x85",
                     "\u2028", "\u2029", "\ufeff", "\t", " 前后 ", "行一\n行二", "{{}}", "!x", "&a",
                     "%", "@", "`", "𠮷", "\x07", "\xa0", "a\r\nb", "\r"]),
    st.text(max_size=30),
)  # fmt: skip


@given(LINES.filter(str.strip), LINES, st.lists(LINES, max_size=3), st.booleans())
@example("a" * 20_000 + " " + "b" * 20_000, "", [], True)
def test_what_is_written_is_read_back(now: str, was: str, after: list[str], moved: bool) -> None:
    """Whatever characters a Word file may bring: the text comes back to the last one."""
    one = edit(place="一.1", was=escaped(was), now=escaped(now), moved=moved, after=tuple(after),
               source=was)  # fmt: skip
    edits = Edits(
        edits=(one,), remarks=(Remark(text=now, quoted=was),),
        earlier=(Superseded(because=was, edit=one),),
    )  # fmt: skip
    assert parse_model(edits_text(edits), Edits, "x") == edits
