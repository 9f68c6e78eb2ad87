"""The masked edition of any document: names and figures covered, what slips through refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import RenderError
from reportkit.publish import model
from reportkit.publish.masking import HIDDEN, Mask, check_masked, check_page, masked

MASK = Mask(
    names=(("东岭矿业有限公司", "A公司"), ("东岭矿业", "A公司"), ("岱川集团", "集团公司")),
    persons=("张三", "欧阳建国"),
    allowed=("落实13项工作制度，每年应旁听1次", "领导班子成员每人领办一个课题"),
    phrases=("95%区间",),
)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("东岭矿业组织集体学习22次", f"A公司组织集体学习{HIDDEN}次"),
        ("东岭矿业有限公司党委", "A公司党委"),  # the longer name first
        ("主持人张三、欧阳建国", f"主持人{HIDDEN}、{HIDDEN}"),
        ("参学率95.3%，比上年提高1.2个百分点", f"参学率{HIDDEN}%，比上年提高{HIDDEN}个百分点"),
        ("实到1,204人次", f"实到{HIDDEN}人次"),
        ("３６次", f"{HIDDEN}次"),  # full-width digits
        ("学习二十三次、研讨十余场", f"学习{HIDDEN}次、研讨{HIDDEN}场"),
        ("22", HIDDEN),  # a cell
        ("3/6", f"{HIDDEN}/{HIDDEN}"),
        ("13项工作制度", "13项工作制度"),  # the office's own words
        ("13次", f"{HIDDEN}次"),  # the same number of something else
        ("13", HIDDEN),
        ("95%区间", "95%区间"),
        ("95%", f"{HIDDEN}%"),
        ("2023年1—9月", "2023年1—9月"),
        ("于2024年1月18日前反馈", "于2024年1月18日前反馈"),
        ("3月15日", "3月15日"),
        ("附件2", "附件2"),
        ("1.学懂弄通", "1.学懂弄通"),
        ("1.5倍", f"{HIDDEN}倍"),
        ("第一时间、两级党委、一是、每季度", "第一时间、两级党委、一是、每季度"),
        ("2023项", f"{HIDDEN}项"),
    ],
)
def test_what_is_covered_and_what_stays(text: str, covered: str) -> None:
    """Figures in digits and in words before a counter; not days, headings, the office's words."""
    assert MASK.cover(text) == covered
    assert not list(MASK.leaks(covered))


@given(st.text(alphabet="东岭矿业张三0123456789.,%次项年月日一二（）×", max_size=40))
def test_what_is_covered_does_not_leak(text: str) -> None:
    """Whatever the text: covering is complete, and covering again changes nothing."""
    covered = MASK.cover(text)
    assert not list(MASK.leaks(covered))
    assert MASK.cover(covered) == covered
    assert "东岭矿业" not in covered and "张三" not in covered


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["次", "%", "", "场次"]))
def test_every_figure_has_one_width(one: int, other: int, unit: str) -> None:
    """Of how many digits a figure was does not show (13 and 1 of what the office counts apart)."""
    counted = {f"{one}{unit}"[:3], f"{other}{unit}"[:3]} & {"13项", "1次"}
    if not counted:
        assert MASK.cover(f"共{one}{unit}") == MASK.cover(f"共{other}{unit}")


def _document(*blocks: model.Block) -> model.Document:
    return model.Document("通报", blocks, masked=True)


def test_a_document_is_covered_everywhere() -> None:
    """Title, author, head, imprint, tables with their alternative text, lists, links, code."""
    table = model.Table(
        (model.Column("序号"), model.Column("单位"), model.Column("集体学习（次）")),
        (("1", "东岭矿业", "22"), ("2", "其他", "未报")),
        title="东岭矿业22次", notes=("注：共22次。",), alt="东岭矿业22次",
        links=((None, "m1", None),) * 2,
    )  # fmt: skip
    inline = (
        model.Text("东岭矿业"),
        model.Link("https://x", (model.Text("22次"),)),
        model.Code("22"),
    )
    document = model.Document(
        "关于东岭矿业的通报",
        (
            model.Title("关于东岭矿业的通报"),
            model.Paragraph(inline, lead="张三22次。"),
            table,
            model.Figure("<svg/>", "东岭矿业22次", "图"),
            model.ListBlock(False, ((model.Paragraph((model.Text("东岭矿业"),)),),)),
            model.Preformatted("东岭矿业 22", tints=(model.Tint(0, 2, "red"),)),
            model.Annex("数据明细", only="html"),
            model.Records("m1", "集体学习 22次", "", "", ("日期",), (("1月1日",),)),
        ),
        author="岱川集团党委",
        keywords=("2023",),
        keep=("东岭矿业",),
        head=model.Head("岱川集团文件", number="岱党〔2024〕3号"),
        imprint=model.Imprint("东岭矿业", "岱川集团", "2024年1月8日印发"),
        masked=True,
    )
    done = masked(document, MASK)
    check_masked(done, MASK)
    told = repr(done)
    for name in ("东岭", "岱川", "张三", "22"):
        assert name not in told, name
    kept = next(block for block in done.blocks if isinstance(block, model.Table))
    assert kept.rows == (("1", "A公司", HIDDEN), ("2", "其他", "未报"))
    assert not any(isinstance(b, model.Figure | model.Records | model.Annex) for b in done.blocks)
    assert done.imprint is not None and done.imprint.printed_on == "2024年1月8日印发"
    assert done.head is not None and done.head.number == f"岱党〔2024〕{HIDDEN}号"


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (
            model.Paragraph((model.Text("东岭"), model.Styled("strong", (model.Text("矿业"),)))),
            "东岭矿业",
        ),
        (model.Paragraph((model.Text("共22次"),)), "22"),
        (model.Figure("<svg/>", "图"), "chart"),
        (model.Table((model.Column("次"),), (("22",),)), "22"),
        (model.Heading(1, (model.Text("张三"),)), "张三"),
        (model.Paragraph((model.Text("东岭 矿业"),)), "东岭矿业"),
        (model.Paragraph((model.Text("由张\u3000三牵头"),)), "张三"),
    ],
)
def test_what_slipped_through_is_refused(block: model.Block, found: str) -> None:
    """A name spread over two pieces, a figure, a chart: an error that names it."""
    with pytest.raises(RenderError, match=found):
        check_masked(_document(block), MASK)


@pytest.mark.parametrize("page", ["<p>东岭&#30719;业</p>", '<svg aria-label="张三"></svg>'])
def test_a_finished_page_is_looked_over(page: str) -> None:
    """Escaped or in an attribute, a name is a name."""
    with pytest.raises(RenderError, match="masked edition still holds"):
        check_page(page, MASK)


def test_names_that_are_labels_may_stand() -> None:
    """集团本级 is its own label."""
    mask = Mask(names=(("集团本级", "集团本级"), ("岱川集团本级", "集团本级")))
    assert mask.cover("岱川集团本级和集团本级") == "集团本级和集团本级"
    assert not list(mask.leaks("集团本级"))


def test_pattern_like_names_are_data() -> None:
    """A name with a mark of regular expressions in it is covered as it stands."""
    mask = Mask(names=(("东岭(集团)+公司", "A公司"),))
    assert mask.cover("东岭(集团)+公司22次") == f"A公司{HIDDEN}次"
    assert not re.search("东岭", mask.cover("东岭(集团)+公司"))
