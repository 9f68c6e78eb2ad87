"""No figure gets through the mask by the way it is written."""

from __future__ import annotations

import random

import pytest

from reportkit.publish.masking import HIDDEN, Mask
from reportkit.text.numerals import spelt

UNITS = ["次", "家", "项", "人", "篇", "场", "场次", "人次", "期", "个支部", "个专题", "件"]
PLACES = [
    "全年组织集体学习{}", "{}按时报送", "比上年增加{}，增长明显", "其中{}未达标；",
    "学习情况（{}）", "“{}”", "《学习{}的通报》", "较好的有{}、较差的有其他", "第一议题落实{}以上",
    "{}", "1.学习{}。",
]  # fmt: skip
NUMERALS = set("123456789一二三四五六七八九十百千万")
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("万两贰叁陆", "萬兩貳參陸")


def words(number: int) -> str:
    return spelt(number).removeprefix("一") if 10 <= number < 20 else spelt(number)


def spellings(draw: random.Random) -> list[str]:
    """One number of each way of writing."""
    number, large = draw.randint(2, 99), draw.randint(100, 99_999)
    unit, unseen = draw.choice(UNITS), draw.choice("\u200b\u00ad\u202c\u2060")
    small = draw.randint(1, 9)
    return [
        f"{number}{unit}", f"{large:,}{unit}", f"{words(number)}{unit}", f"{words(large)}{unit}",
        f"{words(number).translate(FORMAL)}{unit}",
        f"{words(number).translate(FORMAL).translate(TRADITIONAL)}{unit}",
        f"百分之{words(number)}", f"百分之{words(number)}点{words(small)}",
        f"{words(small + 1)}分之{words(small)}", f"{words(small)}成五", f"{number}.{small}%",
        "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)) + unit,
        chr(0x2460 + draw.randint(0, 19)) + unit, chr(0x2160 + draw.randint(0, 11)) + unit,
        f"{number / 10:.1f}万人次", f"1{unseen}{small}{unit}", f"二{unseen}十{unit}",
        f"廿{words(small)}{unit}", f"零点{words(small)}", " ".join(words(number)) + " " + unit,
        f"二十余{unit}",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_no_spelling_of_a_figure_gets_through(seed: int) -> None:
    """2,310 figures in sentences, brackets, quotes, titles and cells: each is covered."""
    draw, mask = random.Random(seed), Mask()
    for place in PLACES:
        for figure in spellings(draw):
            text = place.format(figure)
            before, after = (mask.cover(part) for part in place.split("{}"))
            covered = mask.cover(text)
            rest = covered.removeprefix(before).removesuffix(after)
            assert HIDDEN in rest, text
            assert not set(rest.replace(HIDDEN, "")) & NUMERALS, text
            assert list(mask.leaks(text)) and not list(mask.leaks(covered))


def test_numbers_of_documents_stand_in_sentences_and_not_at_the_head() -> None:
    """〔2024〕3号 of a paper that is cited tells nothing of a unit."""
    assert Mask().cover("按照中办发〔2024〕3号文件要求") == "按照中办发〔2024〕3号文件要求"
