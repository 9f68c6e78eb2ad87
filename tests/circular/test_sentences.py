"""What sentences and paragraphs are made of."""

from __future__ import annotations

import pytest

from reportkit.circular.sentences import (
    clauses,
    heading,
    paragraph,
    practice_name,
    practice_text,
    when,
)  # fmt: skip
from reportkit.metrics.indicator import Indicator
from reportkit.metrics.registry import BY_ID


@pytest.mark.parametrize("state", ["未报", "数据不足", "未核查", "不适用"])
def test_a_clause_without_its_figure_says_what_is_lacking(state: str) -> None:
    """研讨交流未报 — never a clause around a blank."""
    one = Indicator(BY_ID["M2"], state)
    assert clauses(when(one, f"开展研讨交流{one}场次"), "丙") == f"研讨交流{state}；丙。"


def test_a_clause_with_its_figure_stands() -> None:
    """A reported zero is a figure."""
    zero = Indicator(BY_ID["M2"], "零", 0.0)
    assert clauses(when(zero, f"开展研讨交流{zero}场次")) == "开展研讨交流0场次。"


def test_a_zero_may_have_a_clause_of_its_own() -> None:
    """未举办专题读书班, not 0期; what was not reported stays 未报."""
    said = {state: when(Indicator(BY_ID["M3"], state, value), "举办", zero="未举办")
            for state, value in (("已报", 2.0), ("零", 0.0), ("未报", None))}  # fmt: skip
    assert said == {"已报": "举办", "零": "未举办", "未报": "专题读书班未报"}


def test_paragraphs_and_headings_are_blocks() -> None:
    """Texts joined as they are; the lead beside them."""
    block = paragraph("甲。", "", "乙。", lead="（一）题。", level=3)
    assert (block.fields["text"], block.fields["lead"], block.fields["lead_level"]) == \
        ("甲。乙。", "（一）题。", 3)  # fmt: skip
    assert heading("一、总体情况").fields == {"level": 1, "text": "一、总体情况"}


@pytest.mark.parametrize(("name", "shown"), [
    ("三单", "“三单”"), ("“三单”学习法", "“三单”学习法"), ("《规程》", "《规程》"),
])  # fmt: skip
def test_a_practice_s_name_has_one_pair_of_marks(name: str, shown: str) -> None:
    """Its own, if it brings some along."""
    assert practice_name(name) == shown


@pytest.mark.parametrize(("outcome", "text"), [
    ("质量提高。", "建立制度，质量提高"), ("", "建立制度"), (None, "建立制度"),
    (float("nan"), "建立制度"),
])  # fmt: skip
def test_a_practice_is_one_clause(outcome: object, text: str) -> None:
    """What it does and what came of it; an empty cell of a frame is no text."""
    assert practice_text("建立制度。", outcome) == text  # type: ignore[arg-type]
