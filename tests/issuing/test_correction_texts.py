"""What a 更正 says: the clauses that differ, their place, and quotation marks within others."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.issuing.correcting import Correction, apart, differences, notice
from reportkit.publish.model import (
    Addressee,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Signature,
    Table,
    Text,
    Title,
)
from reportkit.publish.places import text_of

ABOUT = Correction("岱能党〔2024〕9号", dt.date(2024, 2, 20), "岱能党〔2024〕3号", "有关单位补报")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # One clause of three differs: it alone is quoted, without the comma after it.
        (
            "甲学88次，研讨47场，办班8期。",
            "甲学87次，研讨47场，办班8期。",
            ("甲学88次", "甲学87次"),
        ),
        # Two that differ are quoted with what stands between them.
        ("甲1，乙2，丙3；丁4。", "甲9，乙2，丙8；丁4。", ("甲1，乙2，丙3", "甲9，乙2，丙8")),
        ("19", "18", ("19", "18")),
        # Where one has nothing, the clause before it says where; at the beginning the one behind.
        ("甲，乙，丙。", "甲，丙。", ("甲，乙", "甲")),
        ("乙，丙。", "丙。", ("乙，丙", "丙")),
        # What stands twice would be no place.
        ("甲1，甲1，乙。", "甲1，甲2，乙。", ("甲1，甲1，乙。", "甲1，甲2，乙。")),
        ("注一。\n共3次。", "注一。\n共4次。", ("共3次", "共4次")),
    ],
)
def test_only_the_clauses_that_differ(old: str, new: str, told: tuple[str, str]) -> None:
    """A reader is not to look for one figure in two hundred characters."""
    assert apart(old, new) == told


@given(st.text("甲乙12，；。\n", min_size=1), st.text("甲乙12，；。\n", min_size=1))
def test_what_is_quoted_put_in_place_gives_the_new_text(old: str, new: str) -> None:
    """For any two texts: the one stretch replaced by the other is all that differs."""
    was, now = apart(old, new)
    assert old.replace(was, now, 1) == new or (was, now) == (old, new)


def paper(*blocks: Block) -> Document:
    title = "关于2023年学习情况的通报"
    signed = Signature("集团公司党委", "2024年1月15日")
    return Document(title, (Title(title), Addressee("各单位"), *blocks, signed))


def lines(before: Document, after: Document) -> list[str]:
    page = notice(differences(before, after), after, ABOUT)
    return [text_of(block) for block in page.blocks if isinstance(block, Paragraph)]


def with_figure(sessions: str) -> Document:
    return paper(
        Heading(1, (Text("一、总体情况"),), 1),
        Paragraph((Text(f"推行“三单”学习法，全年学习{sessions}次，研讨7场。"),)),
        Table(
            (Column("指标"), Column("口径")),
            (("集体学习", f"类型为“集体学习”，取消的不计，共{sessions}次"),),
        ),
    )


def test_a_correction_says_where_and_what() -> None:
    """Heading and paragraph, the clause as it was and as it is; of a long cell its clause too."""
    told = lines(with_figure("12"), with_figure("13"))
    assert told == [
        "《关于2023年学习情况的通报》（岱能党〔2024〕3号）印发后，因有关单位补报，有关内容更正如下：",
        "1.“一、总体情况”第1段中，“全年学习12次”更正为“全年学习13次”。",
        "2.正文的表：“集体学习”的“口径”由“共12次”更正为“共13次”。",
        "原文与本通知不一致的，以本通知为准；其他内容不变。",
    ]


def test_quotation_marks_within_others_are_single_ones() -> None:
    """GB/T 15834: ‘’ within “”."""
    before = paper(Paragraph((Text("推行“三单”学习法。"),)))
    after = paper(Paragraph((Text("推行“两单”学习法。"),)))
    assert "“推行‘三单’学习法”更正为“推行‘两单’学习法”。" in lines(before, after)[1]
