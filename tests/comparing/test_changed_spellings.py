"""A figure that changed is told by `diff` and by `adopt` alike, however it is written."""

from __future__ import annotations

import pytest
from comparing_support import paper, para

from reportkit.comparing.comparison import compare
from reportkit.drafts.figures import figure_changes

CHANGED = [
    ("十二家单位按时报送", "十三家单位按时报送", "十二家", "十三家"),
    ("占百分之八十五", "占百分之九十五", "百分之八十五", "百分之九十五"),
    ("三分之一的成员缺席", "三分之二的成员缺席", "三分之一", "三分之二"),
    ("九成五的单位完成", "八成五的单位完成", "九成五", "八成五"),
    ("两家单位未报", "三家单位未报", "两家", "三家"),
    ("共⑬家", "共⑭家", "13家", "14家"), ("发放一万二", "发放一万三", "一万二", "一万三"),
    ("学习３６次", "学习37次", "36次", "37次"),
    ("系数零点八五", "系数零点八六", "零点八五", "零点八六"),
    ("研讨贰拾叁次", "研讨贰拾肆次", "贰拾叁次", "贰拾肆次"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "old", "new"), CHANGED)
def test_a_changed_figure_is_told_by_both(a: str, b: str, old: str, new: str) -> None:
    """In digits of any kind, in words, in parts and tenths."""
    found = compare(paper(para(a, "一")), paper(para(b, "一")))
    assert [(f.a, f.b) for f in found.figures] == [(old, new)]
    assert [(f.old, f.new) for f in figure_changes(a, (), b)] == [(old, new)]


@pytest.mark.parametrize(
    ("a", "b"),
    [("发放1,200份", "发放1200份"), ("投入1万元", "投入10000元"), ("学习二十次", "学习20次"),
     ("共⑬家", "共13家"), ("占百分之八十五", "占85%"), ("研讨贰拾叁次", "研讨23次"),
     ("落实“一岗双责”", "落实一岗双责"), ("党的十九大精神", "党的二十大精神"),
     ("第一议题落实到位", "第二议题落实到位"), ("一是认识不足", "二是认识不足")],
)  # fmt: skip
def test_another_spelling_and_another_name_are_no_changed_figure(a: str, b: str) -> None:
    """The value counts; 二十大 is no figure."""
    assert not compare(paper(para(a, "一")), paper(para(b, "一"))).figures
    assert not figure_changes(a, (), b)


def test_a_figure_keeps_the_name_of_its_indicator() -> None:
    """Of 12 in 集体学习12次, which the notebook printed as sessions."""
    (change,) = figure_changes("集体学习12次。", ((4, 6, "sessions"),), "集体学习13次。")
    assert (change.name, change.old, change.new) == ("sessions", "12次", "13次")
