"""Two documents compared: edits, alignment, moves, figures, years; worked by hand and at random."""

from __future__ import annotations

from typing import Any

import pytest
from comparing_support import paper, para
from counting import steps
from hypothesis import given
from hypothesis import strategies as st

from reportkit.comparing.comparison import Comparison, compare
from reportkit.comparing.texts import Sentence, edit_sentences
from reportkit.publish import model
from reportkit.publish.model import Document, Heading, Text


def marked(sentences: tuple[Sentence, ...]) -> str:
    """[-gone-], [+come+], {own year}."""
    shape = {"same": "{}", "year": "{{{}}}", "delete": "[-{}-]", "insert": "[+{}+]"}
    return "".join(
        shape[e.kind].format(e.b or e.a) for sentence in sentences for e in sentence
    )  # fmt: skip


def kinds(found: Comparison) -> list[tuple[str, bool]]:
    """Of each passage but the title."""
    return [(c.kind, c.moved) for c in found.changes if c.where != "标题"]


def rebuilt(found: Comparison) -> tuple[list[str], list[str]]:
    """The passages of a and of b, from the reported changes alone."""
    a = sorted((c.place, c.a) for c in found.changes if c.place is not None)
    b = sorted((c.place_b, c.b) for c in found.changes if c.place_b is not None)
    return [text for _, text in a], [text for _, text in b]


# --- within a paragraph ---


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("学习20次。", "学习21次。", "学习[-20-][+21+]次。"),
        ("甲好。乙好。", "甲好。", "甲好。[-乙好。-]"),
        ("甲好。", "新加一句话。甲好。", "[+新加一句话。+]甲好。"),
        ("参学率85.7%。", "参学率85.9%。", "参学率[-85.7%-][+85.9%+]。"),
        ("组织学习研讨", "组织集中学习研讨", "组织[+集中+]学习研讨"),
        ("同。", "同。", "同。"),
        ("", "", ""),
    ],
)
def test_what_went_and_what_came(a: str, b: str, expected: str) -> None:
    """Numbers change whole, 20 → 21 and not 0 → 1; sentences go and come as a whole."""
    assert marked(edit_sentences(a, b)) == expected


def test_what_is_left_between_two_changes_and_too_short_to_read_joins_them() -> None:
    """One 的 between two changed words is no island."""
    assert marked(edit_sentences("甲乙的丙丁学习情况通报", "戊己的庚辛学习情况通报")) == (
        "[-甲乙的丙丁-][+戊己的庚辛+]学习情况通报"
    )


def test_a_sentence_rewritten_from_scratch_is_not_shredded() -> None:
    """Two sentences without likeness are shown one after the other."""
    edits = edit_sentences("各单位认真部署。", "研讨效果明显增强！")
    assert marked(edits) == "[-各单位认真部署。-][+研讨效果明显增强！+]"


# --- which is which ---


def test_two_of_the_same_do_not_differ() -> None:
    found = compare(paper("甲。", "乙。"), paper("甲。", "乙。"))
    assert not found.differs and not found.figures and not found.tables
    assert found.counted("same") == 3


def test_blanks_alone_are_no_difference() -> None:
    assert not compare(paper("学习 20次"), paper("学习20次")).differs


def test_paragraphs_of_one_name_are_one_whatever_they_say() -> None:
    """A bookmark goes before likeness, also before the same text elsewhere."""
    a = paper(para("甲的文字。", "一"), para("乙的文字。", "二"))
    b = paper(para("完全另写！", "一"), para("乙的文字。", "二"))
    found = compare(a, b)
    assert kinds(found) == [("changed", False), ("same", False)]


def test_a_name_by_place_alone_proves_nothing() -> None:
    """一+2 is another paragraph once one was put in before it."""
    a = paper(para("第一段的文字内容。", "一+1"), para("第二段讲研讨发言。", "一+2"))
    b = paper(para("第一段的文字内容。", "一+1"), para("新加的话与前无关！", "一+2"),
              para("第二段讲研讨发言。", "一+3"))  # fmt: skip
    assert kinds(compare(a, b)) == [("same", False), ("b", False), ("same", False)]


def test_paragraphs_in_one_alone_stand_where_they_belong() -> None:
    """The one gone is shown behind the one that it followed."""
    found = compare(
        paper("甲甲甲。", "旧旧旧。", "乙乙乙。"), paper("甲甲甲。", "乙乙乙。", "新新新。")
    )
    assert [(c.kind, c.a or c.b) for c in found.changes][1:] == [
        ("same", "甲甲甲。"), ("a", "旧旧旧。"), ("same", "乙乙乙。"), ("b", "新新新。"),
    ]  # fmt: skip


def test_the_fewest_are_called_moved() -> None:
    """Of 甲乙丙丁 → 乙丙丁甲 only 甲 has moved."""
    a, b = ["甲一。", "乙二。", "丙三。", "丁四。"], ["乙二。", "丙三。", "丁四。", "甲一。"]
    found = compare(paper(*a), paper(*b))
    assert [(c.b, c.moved) for c in found.changes][1:] == [
        ("乙二。", False), ("丙三。", False), ("丁四。", False), ("甲一。", True),
    ]  # fmt: skip
    assert found.differs


def test_a_title_is_never_a_paragraphs_other_version() -> None:
    """Title against title, though a paragraph says the same."""
    a = paper("关于学习的通知内容", title="关于会议的安排")
    b = paper("关于会议的安排", title="关于学习的通知内容")
    found = compare(a, b)
    assert [(c.kind, c.where) for c in found.changes if c.where == "标题"] == [("changed", "标题")]


def test_addressee_signature_annexes_and_imprint_are_compared() -> None:
    """Every part of the document is held against its own."""

    def whole(date: str, item: str) -> Document:
        blocks = (
            model.Title("t"), model.Addressee(f"各单位{item}"), model.AnnexList((item,)),
            model.Signature("党委", date), model.Annex(item, "1"),
        )  # fmt: skip
        return Document("t", blocks, imprint=model.Imprint("抄送", "办公室", date))

    found = compare(whole("2024年1月8日", "甲表"), whole("2024年1月9日", "乙表"))
    assert {c.where for c in found.changes if c.kind == "changed"} == {
        "主送", "附件说明", "落款", "版记",
    }  # fmt: skip
    assert [(f.where, f.a, f.b) for f in found.figures] == [
        ("落款", "2024年1月8日", "2024年1月9日"), ("版记", "2024年1月8日", "2024年1月9日")
    ]  # fmt: skip


# --- figures ---


def changes(a: str, b: str, **titles: Any) -> list[tuple[str, str, str]]:
    found = compare(paper(para(a, "一")), paper(para(b, "一")), **titles)
    return [(f.clause, f.a, f.b) for f in found.figures]


def test_figures_that_differ_are_told_with_their_clause() -> None:
    """The one that stayed is not; each with its measure word."""
    assert changes("学习20次，研讨7场次，共4天。", "学习21次，研讨7场次，共5天。") == [
        ("学习…", "20次", "21次"), ("共…", "4天", "5天"),
    ]  # fmt: skip


def test_a_figure_that_came_or_went_has_an_empty_side() -> None:
    assert changes("学习20次。", "学习20次，调研8项。") == [("调研…", "", "8项")]
    assert changes("学习20次，调研8项。", "学习20次。") == [("调研…", "8项", "")]


def test_figures_that_change_places_are_paired_by_their_clauses() -> None:
    """学习 stays 20, though 研讨 now comes first."""
    assert changes("学习20次，研讨7场次。", "研讨8场次，学习20次。") == [
        ("研讨…", "7场次", "8场次")
    ]


def test_a_number_written_otherwise_is_the_same() -> None:
    """９ is 9; 二十次 is 20次."""
    assert changes("学习９次。", "学习9次。") == []
    assert changes("学习20次。", "学习二十次。") == []


def test_a_picture_has_no_figures_of_a_text() -> None:
    """What a chart's description says is compared as text alone."""

    def shown(n: int) -> Document:
        return paper(model.Figure("", f"柱状图：甲{n}次，乙7次", "次数"))

    found = compare(shown(3), shown(4))
    assert found.differs and not found.figures


# --- years ---


def test_own_years_are_no_difference_between_years() -> None:
    """2022 in the paper of 2022 is 2023 in that of 2023; so is the year before."""
    a = paper("2022年学习20次。", "比2021年好。", title="关于2022年的通报")
    b = paper("2023年学习20次。", "比2022年好。", title="关于2023年的通报")
    found = compare(a, b)
    assert not found.differs and not found.figures
    assert sum(change.year_only for change in found.changes) == 3


def test_other_years_are_and_a_figure_beside_an_own_year_is() -> None:
    """2015年 in both years' papers stays; 2015 → 2016 differs; 20 → 21 is told once."""
    a = paper("2022年学习20次，始于2015年。", title="关于2022年的通报")
    b = paper("2023年学习21次，始于2016年。", title="关于2023年的通报")
    found = compare(a, b)
    assert [(f.a, f.b) for f in found.figures] == [("20次", "21次"), ("2015年", "2016年")]
    assert marked(found.changes[1].sentences) == (
        "{2023}年学习[-20-][+21+]次，始于[-2015-][+2016+]年。"
    )


def test_within_a_year_years_are_numbers_like_others() -> None:
    found = compare(paper("始于2022年。"), paper("始于2023年。"))
    assert [(f.a, f.b) for f in found.figures] == [("2022年", "2023年")]


# --- at random ---

WORDS = st.sampled_from(
    [
        "学习",
        "研讨",
        "20次",
        "2023年",
        "2022年",
        "，",
        "。",
        "；",
        "各单位",
        " ",
        "a1",
        "（一）",
        "\n",
    ]
)
TEXT = st.lists(WORDS, max_size=12).map("".join)


@given(TEXT, TEXT)
def test_edits_lead_from_any_text_to_any_other(a: str, b: str) -> None:
    """Without what came it is a; without what went it is b; each sentence counted once."""
    edits = [edit for sentence in edit_sentences(a, b) for edit in sentence]
    assert "".join(e.a for e in edits) == a
    assert "".join(e.b for e in edits) == b
    assert all(e.a == e.b for e in edits if e.kind == "same")
    assert (a == b) == (not any(e.differs for e in edits))


@st.composite
def edited_papers(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Paragraphs, and the same after random edits: reworded, dropped, put in, moved."""
    texts = draw(st.lists(TEXT.filter(str.strip), max_size=8))
    after = list(texts)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(after)))
        match draw(st.sampled_from(["put", "drop", "move", "reword"])):
            case "put":
                after.insert(at, draw(TEXT.filter(str.strip)))
            case "drop" if at < len(after):
                del after[at]
            case "move" if at < len(after):
                after.insert(draw(st.integers(0, len(after) - 1)), after.pop(at))
            case "reword" if at < len(after):
                after[at] += draw(TEXT)
    return texts, after


@given(edited_papers(), st.booleans())
def test_applying_the_reported_changes_to_a_gives_b(
    drawn: tuple[list[str], list[str]], years: bool
) -> None:
    """Of both every passage once, in order; no difference is told if and only if there is none."""
    a, b = drawn
    title = "关于2022年的通报" if years else "关于2023年的通报"
    found = compare(paper(*a, title=title), paper(*b))
    assert rebuilt(found) == (
        [title, *a],
        ["关于2023年学习情况的通报", *b],
    )
    if a == b and not years:
        assert all(kind == "same" and not move for kind, move in kinds(found))
    if ["".join(t.split()) for t in a] != ["".join(t.split()) for t in b] and not years:
        assert found.differs


def test_twice_the_paragraphs_are_about_twice_the_work() -> None:
    """All reworded and none named: 0.8 million steps for 25, 1.6 for 50."""

    def compared(count: int) -> None:
        texts = [
            f"第{n}家单位把学习同安全生产结合起来，查出隐患{n * 7}项，" * 6 + "。"
            for n in range(count)
        ]
        others = [text.replace("查出", "整改").replace("安全", "经营") for text in reversed(texts)]
        found = compare(paper(*texts), paper(*others))
        assert found.counted("changed") + found.counted("a") >= count

    assert steps(lambda: compared(50)) < 2.6 * steps(lambda: compared(25))


def test_headings_are_compared_like_paragraphs() -> None:
    one = paper(Heading(1, (Text("一、总体情况"),)), "文。")
    other = paper(Heading(1, (Text("一、总体情况和特点"),)), "文。")
    (change,) = [c for c in compare(one, other).changes if c.kind == "changed"]
    assert marked(change.sentences) == "一、总体情况[+和特点+]"
