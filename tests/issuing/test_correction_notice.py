"""The text of a 更正: each change in words that a reader can apply, in the form of a notice."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.issuing.correcting import Correction, differences, notice
from reportkit.publish import model
from reportkit.publish.model import Block, Document
from reportkit.publish.places import text_of

sys.path.insert(0, str(Path(__file__).parents[1] / "comparing"))

from comparing_support import paper

ABOUT = Correction("岱能党〔2024〕9号", dt.date(2024, 2, 20), "岱能党〔2024〕3号", "补报了材料。")


def told(a: Document, b: Document, about: Correction = ABOUT) -> list[str]:
    """The paragraphs of the notice."""
    found = notice(differences(a, b), b, about)
    return [text_of(block) for block in found.blocks if isinstance(block, model.Paragraph)]


def test_one_figure() -> None:
    """What opens it, the one change without a number before it, what closes it."""
    opening, change, closing = told(
        paper("全年学习12次。其他照旧。"), paper("全年学习11次。其他照旧。")
    )
    assert opening == (
        "《关于2023年学习情况的通报》（岱能党〔2024〕3号）印发后，因补报了材料，有关内容更正如下："
    )
    assert change.endswith("中，“全年学习12次”更正为“全年学习11次”。")
    assert closing == "原文与本通知不一致的，以本通知为准；其他内容不变。"


def test_several_changes_are_numbered_in_order() -> None:
    """A paragraph that goes, one that comes, one that differs."""
    a = paper("甲单位学习情况良好。", "要抓好整改落实工作。", "这一段将会被整个删去的。")
    b = paper("甲单位学习情况良好。", "要抓好整改落实的工作。", "另外写来的、完全不同的内容！")
    lines = told(a, b)[1:-1]
    assert [line[:2] for line in lines] == [f"{n}." for n in range(1, len(lines) + 1)]
    text = "\n".join(lines)
    assert "“要抓好整改落实工作”更正为“要抓好整改落实的工作”" in text
    assert "删去“这一段将会被整个删去的。”" in text
    assert "增加“另外写来的、完全不同的内容！”" in text


def test_without_number_and_reason() -> None:
    """经核对; no empty brackets."""
    about = Correction("", dt.date(2024, 2, 20), "")
    opening = told(paper("学习1次。"), paper("学习2次。"), about)[0]
    assert opening == "《关于2023年学习情况的通报》印发后，经核对，有关内容更正如下："


def test_title_addressee_signature_and_date() -> None:
    """The day is the correction's own; what is signed is signed by the same."""
    blocks: tuple[Block | str, ...] = (
        model.Addressee("各单位党委："), "学习2次。", model.Signature("某党委", "2024年1月12日"),
    )  # fmt: skip
    made = notice(differences(paper("学习1次。"), paper(*blocks)), paper(*blocks), ABOUT)
    assert made.title == "关于更正《关于2023年学习情况的通报》的通知"
    assert made.date == "2024-02-20" and made.name == "correction" and not made.attach
    assert [type(block).__name__ for block in made.blocks[:2]] == ["Title", "Addressee"]
    signed = made.blocks[-1]
    assert isinstance(signed, model.Signature) and signed.date == "2024年2月20日"


def table(*rows: tuple[str, ...]) -> model.Table:
    return model.Table((model.Column("单位"), model.Column("次数")), rows, title="统计表")


def test_cells_and_rows_of_a_table() -> None:
    """Which cell of which row and column, from what to what; a blank cell is called so."""
    a = paper(table(("甲", "12"), ("乙", ""), ("丙", "7")))
    b = paper(table(("甲", "11"), ("乙", "3"), ("丁", "7")))
    line = told(a, b)[1]
    for part in (
        "“甲”的“次数”由“12”更正为“11”", "“乙”的“次数”由“空”更正为“3”",
        "删去行“丙”", "增加行“丁”",
    ):  # fmt: skip
        assert part in line


SENTENCES = st.lists(
    st.text(alphabet="学习次数12，一", min_size=1, max_size=9), min_size=1, max_size=4
)


@given(SENTENCES, SENTENCES)
def test_a_reader_is_told_of_each_difference(a: list[str], b: list[str]) -> None:
    """Nothing is said where nothing differs, something where anything does; no blank item."""
    one, other = paper(*(f"{text}。" for text in a)), paper(*(f"{text}。" for text in b))
    lines = told(one, other)[1:-1]
    assert bool(lines) == (a != b)
    assert all("“”" not in line and line.endswith("。") for line in lines)


@pytest.mark.parametrize("text", ["{x}", "<b>", "#set", "*a*", "$1$", "\\"])
def test_text_is_text(text: str) -> None:
    """Marks of markup in a sentence stand in the notice as they are."""
    assert any(text in line for line in told(paper(f"学习{text}1次。"), paper(f"学习{text}2次。")))


def test_quotation_marks_within_what_is_quoted_are_single_ones() -> None:
    line = told(paper("学习“引”1次。"), paper("学习“引”2次。"))[1]
    assert "“学习‘引’1次”更正为“学习‘引’2次”" in line
