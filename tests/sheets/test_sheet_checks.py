"""核稿: each check on a document worked by hand, whole and with one fault."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets_support import COUNTS, PAPER, para, reworded, with_blocks

from reportkit.publish import model
from reportkit.publish.model import Column, Document, Table
from reportkit.sheets.checks import Check, fails, run_checks
from reportkit.sheets.facts import Passage, gather
from reportkit.sheets.given import Given, Phrase, Source
from reportkit.sheets.numbering import numbering_faults, series_faults
from reportkit.sheets.origins import Origin, origins
from reportkit.sheets.totals import check_totals

SOURCES = (
    Source("集体学习", "27次", "27"),
    Source("集体学习：比上年", "3次", "", "", "集体学习", "aside", ("比上年",)),
    Source("班子成员参学率", "85%", "17/20"),
    Source("集体学习", "7次", "7", "集团本级"),
)
GIVEN = Given(SOURCES, (), ("张三",), ("甲岭矿业", "甲岭矿业有限公司"), "集团本级")


def checked(document: Document = PAPER, told: Given = GIVEN) -> dict[str, Check]:
    """By key; of several tables the last."""
    facts = gather(document)
    return {c.key: c for c in run_checks(facts, told, origins(facts, told.sources))}


def figures(document: Document = PAPER, sources: tuple[Source, ...] = SOURCES) -> list[Origin]:
    return origins(gather(document), sources)


def test_a_paper_without_a_fault_fails_no_check() -> None:
    """Every one passes, and says what it looked at."""
    found = checked()
    assert {c.result for c in found.values()} == {"通过"} and not fails(found.values())
    assert len(found) == 12 and all(c.found for c in found.values())


# --- the parts ---


@pytest.mark.parametrize(
    ("place", "lacking"), [(0, "标题"), (1, "主送"), (9, "署名、成文日期")], ids=str
)
def test_title_addressee_and_signature_must_be_there(place: int, lacking: str) -> None:
    """What lacks is named, and the document must not go up."""
    found = checked(with_blocks((PAPER.blocks[place], None)))["parts"]
    assert (found.result, found.found) == ("不通过", (f"缺{lacking}",))


def test_length_counts_without_blanks_tables_and_annexes() -> None:
    """The sum of the texts themselves; the annex with its title, table and note apart."""
    texts = ["关于2023年学习情况的通报", "各权属单位党委", "现通报如下。", "一、总体情况",
             "全年组织集体学习27次，比上年增加3次；班子成员参学率85%。", "二、存在的问题",
             "（一）学习不够系统。个别单位未安排必学专题。",
             "（二）质量不高。一是发言少；二是笔记简单。"]  # fmt: skip
    by_hand = sum(map(len, texts))
    facts = gather(reworded("现通报如下。", " 现 通报\u3000如下。"))
    assert facts.characters == by_hand
    # The annex: its title 7, heads 2+2+7+3, rows and note.
    rows = sum(len("".join(cell.split())) for row in COUNTS.rows for cell in row)
    assert facts.annex_characters == 7 + 14 + rows + len(COUNTS.notes[0])
    assert checked(told=replace(GIVEN, most_characters=by_hand))["length"].result == "通过"
    over = checked(told=replace(GIVEN, most_characters=by_hand - 1))["length"]
    assert over.result == "提醒" and "超过1字" in over.found[0]


def test_phrases_are_told_with_their_sentence_and_none_without_a_table() -> None:
    phrase = Phrase("truncated", "党二十大精神", "党的二十大精神", "学习党二十大精神。")
    found = checked(told=replace(GIVEN, phrases=(phrase,)))["phrases"]
    assert found.result == "提醒"
    assert "“党二十大精神”缺字漏字，规范提法为“党的二十大精神”" in found.found[0]
    assert "学习党二十大精神。" in found.found[0]
    assert checked(told=replace(GIVEN, phrases=None))["phrases"].result == "人工核对"


# --- numbering ---


def faults(*texts: str) -> list[str]:
    return numbering_faults(Passage(text, "") for text in texts)


def test_headings_begin_at_one_below_each_higher_heading() -> None:
    """（一） again under 二、 is right; so is 1. under each （一）."""
    assert not faults(
        "一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "1.己", "二、庚", "（一）辛", "文字"
    )


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        (("一、甲", "三、乙"), "缺号"),
        (("一、甲", "一、乙"), "重复"),
        (("一、甲", "（二）乙"), "不从一"),
        (("（一）甲", "（二）乙", "（四）丙"), "缺号"),
        (("1.甲", "2.乙", "4.丙"), "缺号"),
        (("一、甲", "二、乙", "一、丙"), "次序不对"),
        (("十、甲",), "不从一"),
    ],
)
def test_gaps_repeats_and_wrong_beginnings_are_told(texts: tuple[str, ...], word: str) -> None:
    (fault,) = faults(*texts)
    assert word in fault


def test_a_decimal_or_a_date_at_the_head_is_no_number_of_a_heading() -> None:
    assert not faults("3.5天的读书班", "2023年，各单位", "（不含本级）另计")


def test_series_in_a_text_are_held_to_the_same() -> None:
    """A second series may begin again at one; 二是 without 一是, or a gap, is a fault."""
    assert not series_faults([Passage("一是甲；二是乙。另外：一是丙；二是丁。", "")])
    assert len(series_faults([Passage("一是甲；三是乙。", "")])) == 1
    assert len(series_faults([Passage("重点：二是乙。", "")])) == 1
    assert not series_faults([Passage("这一是非问题", "")])


@given(st.integers(1, 30), st.data())
def test_leaving_out_any_heading_but_the_last_is_found(n: int, data: st.DataObject) -> None:
    texts = [f"{i}.标题" for i in range(1, n + 1)]
    assert not faults(*texts)
    gone = data.draw(st.integers(0, n - 1))
    left = texts[:gone] + texts[gone + 1 :]
    assert bool(faults(*left)) == (gone < n - 1)


def test_numbers_that_word_gives_are_left_to_people() -> None:
    found = run_checks(replace(gather(PAPER), numbered=2), GIVEN, [])
    assert next(c for c in found if c.key == "numbering").result == "人工核对"


# --- annexes ---


@pytest.mark.parametrize(
    ("items", "told"),
    [((), "未列"), (("学习情况统计表", "口径"), "未附"), (("另一张表",), "未列")],
)  # fmt: skip
def test_annexes_listed_and_present_must_agree(items: tuple[str, ...], told: str) -> None:
    old = PAPER.blocks[8]
    new = model.AnnexList(items) if items else None
    found = checked(with_blocks((old, new)))["annexes"]
    assert found.result == "不通过" and any(told in line for line in found.found)


def test_annexes_out_of_order_or_wrongly_numbered_are_told() -> None:
    def paper(*annexes: model.Annex) -> Document:
        listed = model.AnnexList(("甲表", "乙表"))
        return Document("t", (para("文"), listed, *annexes))

    good = paper(model.Annex("甲表", "1"), model.Annex("乙表", "2"))
    turned = paper(model.Annex("乙表", "1"), model.Annex("甲表", "2"))
    skipped = paper(model.Annex("甲表", "1"), model.Annex("乙表", "3"))
    results = [checked(each)["annexes"].result for each in (good, turned, skipped)]
    assert results == ["通过", "不通过", "不通过"]


# --- totals ---


def table(*rows: tuple[str, ...], notes: tuple[str, ...] = ()) -> Table:
    return Table((Column("单位"), Column("次数（次）")), rows, notes=notes)


def test_totals_are_added_up_anew() -> None:
    """小计 12 + 8 = 20; 合计 27 is 7 more, which the note gives to 集团本级 and it reported 7."""
    found = check_totals("附件", COUNTS)
    assert [(t.row, t.printed, t.computed, t.state, t.left_out) for t in found.totals] == [
        ("小计", Decimal(20), Decimal(20), "sum", 1),
        ("合计", Decimal(27), Decimal(20), "rest", 1),
    ]
    assert checked()["totals"].result == "通过"
    other = tuple(replace(s, shown="8次") if s.of else s for s in SOURCES)
    assert checked(told=replace(GIVEN, sources=other))["totals"].result == "人工核对"


def test_a_total_that_is_not_the_sum_fails_with_both_numbers() -> None:
    """12 + 8 is 20, not 21; without a note there is no excuse for 27 either."""
    rows = list(COUNTS.rows)
    rows[3] = ("", "小计", "21", "")
    found = checked(with_blocks((COUNTS, replace(COUNTS, rows=tuple(rows)))))["totals"]
    assert found.result == "不通过"
    assert found.found == (
        "小计·集体学习（次）：印为21，各行相加为20（另有1格非数字，未计），相差1",
    )
    bare = checked(with_blocks((COUNTS, replace(COUNTS, notes=()))))["totals"]
    assert bare.result == "不通过"


def test_each_subtotal_adds_the_rows_since_the_one_before() -> None:
    """1 + 2 = 3; 4 = 4; 合计 7: subtotals are not counted twice."""
    rows = (("甲", "1"), ("乙", "2"), ("小计", "3"), ("丙", "4"), ("小计", "4"), ("合 计", "7"))
    assert check_totals("", table(*rows)).state == "sum"


def test_tables_without_a_total_or_without_numbers_say_so() -> None:
    assert check_totals("", table(("甲", "1"), ("乙", "2"))).state == "no total"
    assert check_totals("", table(("甲", "是"), ("合计", "是"))).state == "no numbers"
    assert check_totals("", table(("甲", "90%"), ("合计", "95%"))).state == "no numbers"


@given(
    st.lists(st.decimals(-999, 999, places=1), min_size=1, max_size=12),
    st.decimals(-5, 5, places=1),
)
def test_a_total_passes_if_and_only_if_it_is_the_sum(values: list[Decimal], off: Decimal) -> None:
    """Decimals add up exactly; a total off by 0.1 is found."""
    rows = [(f"第{n}", str(value)) for n, value in enumerate(values)]
    found = check_totals("", table(*rows, ("合计", str(sum(values) + off))))
    assert found.state == ("sum" if off == 0 else "differs")


# --- figures ---


def test_a_figure_next_to_its_indicators_name_is_known() -> None:
    """27次 is 集体学习, 3次 its change, 85% the ratio with its 17/20."""
    told = [(each.figure.text, each.state, each.sources[0].name) for each in figures()]
    assert told == [
        ("27次", "known", "集体学习"), ("3次", "known", "集体学习：比上年"),
        ("85%", "known", "班子成员参学率"),
    ]  # fmt: skip


def test_a_figure_other_than_its_indicators_is_told_with_the_right_one() -> None:
    """A leader typed 28: the checklist says that 集体学习 is 27次."""
    paper = reworded("27次", "28次")
    (first, *_) = figures(paper)
    assert (first.state, first.sources[0].shown) == ("differs", "27次")
    found = checked(paper)["figures"]
    assert found.result == "提醒" and "集体学习应为27次" in found.found[1]


def test_a_typed_number_that_stands_nowhere_is_seen() -> None:
    paper = reworded("现通报如下。", "现将46家单位情况通报如下。")
    (first, *_) = figures(paper)
    assert (first.figure.text, first.state) == ("46家", "unknown")
    assert any("“46家”不见于" in line for line in checked(paper)["figures"].found)


def test_nothing_is_guessed_where_two_indicators_have_the_same_number() -> None:
    """其中按时报送90% names neither: both are listed, none is chosen."""
    sources = (Source("一学一报率", "90%"), Source("一学一报及时率", "90%"))
    paper = reworded("现通报如下。", "一学一报率90%，其中按时报送90%。")
    first, second, *_ = figures(paper, sources)
    assert (first.state, first.sources) == ("known", sources[:1])
    assert second.state == "candidates" and set(second.sources) == set(sources)


def test_a_number_of_another_measure_word_is_not_the_same() -> None:
    """27人 is not 27次, 27% neither."""
    for text in ("集体学习27人", "集体学习27%"):
        (first, *_) = figures(reworded("现通报如下。", text))
        assert first.state != "known"


def test_a_number_of_the_annex_is_found_by_row_and_column() -> None:
    """甲岭矿业 12次 stands in the annex; it is a candidate until somebody has looked."""
    (first, *_) = figures(reworded("现通报如下。", "甲岭矿业集体学习12次。"), ())
    assert first.state == "in a table"
    assert first.cells == ("附件《学习情况统计表》：甲岭矿业·集体学习（次）",)


# --- names ---


def test_a_person_named_anywhere_fails() -> None:
    """In the text, or in a cell of an annex."""
    rows = (("1", "甲岭矿业（张三）", "12", "90%"), *COUNTS.rows[1:])
    for paper in (
        reworded("现通报如下。", "由张三同志主讲。"),
        with_blocks((COUNTS, replace(COUNTS, rows=rows))),
    ):
        found = checked(paper)["persons"]
        assert found.result == "不通过" and "张三" in found.found[0]


def test_a_unit_named_among_the_groups_problems_fails_and_elsewhere_may_stand() -> None:
    """A longer name is told once; a unit's own paper is not asked."""
    named = checked(reworded("个别单位", "甲岭矿业有限公司"))["units"]
    assert named.result == "不通过"
    assert list(named.found) == ["“甲岭矿业有限公司”。原句：甲岭矿业有限公司未安排必学专题。"]
    assert checked(reworded("现通报如下。", "甲岭矿业做得好。"))["units"].result == "通过"
    assert "units" not in checked(told=replace(GIVEN, units=()))
    assert checked(reworded("二、存在的问题", "二、不足"))["units"].result == "人工核对"


def test_changes_and_comments_left_in_the_file_are_told() -> None:
    facts = replace(gather(PAPER), revisions=3, comments=1)
    found = next(c for c in run_checks(facts, GIVEN, []) if c.key == "revisions")
    assert found.result == "提醒" and "修订3处、批注1处" in found.found[0]


def test_of_a_long_sentence_the_part_in_question_is_shown() -> None:
    """The number stands at its end: its beginning would tell nothing."""
    paper = reworded("现通报如下。", "各单位认真部署，" * 20 + "共涉及46家。")
    (line,) = [line for line in checked(paper)["figures"].found if "46家" in line]
    assert "共涉及46家。" in line and "原句：…" in line and len(line) < 120
