"""params/terms.yml: what loads, and what is refused with its field."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import ParameterError
from reportkit.params.terms import LONGEST, Terms, fold, load_terms

ROOT = Path(__file__).resolve().parents[2]


def load(tmp_path: Path, text: str) -> Terms:
    """The terms of a file with this text."""
    (tmp_path / "params").mkdir(exist_ok=True)
    (tmp_path / "params" / "terms.yml").write_text(text, encoding="utf-8")
    return load_terms(tmp_path)


def test_without_the_file_there_are_no_terms(tmp_path: Path) -> None:
    """An office that checks none needs no file."""
    assert load_terms(tmp_path) == Terms()


@pytest.mark.parametrize(
    "text", ["", "# 没有\n", "phrases: []\n", "phrases:\n", "phrases:\nsequences:\n"]
)
def test_an_empty_file_has_no_terms(tmp_path: Path, text: str) -> None:
    """Also one of comments alone, or with nothing behind its keys."""
    assert load(tmp_path, text) == Terms()


def test_an_entry_keeps_all_that_it_says(tmp_path: Path) -> None:
    """Every key of the file arrives; the wrong forms come with their kind."""
    terms = load(tmp_path, """\
phrases:
  - approved: 三会一课
    outdated: [甲]
    truncated: [乙, 丙]
    misordered: [一课三会]
    since: 2022-10-16
    note: 见党章
sequences:
  - items: [读原著, 学原文, 悟原理]
    whole: true
    note: 三句
""")  # fmt: skip
    (phrase,), (sequence,) = terms.phrases, terms.sequences
    assert phrase.approved == "三会一课"
    assert list(phrase.wrong_forms()) == [
        ("outdated", "甲"), ("truncated", "乙"), ("truncated", "丙"), ("misordered", "一课三会"),
    ]  # fmt: skip
    assert (phrase.since, phrase.note) == (dt.date(2022, 10, 16), "见党章")
    assert (sequence.items, sequence.whole) == (("读原著", "学原文", "悟原理"), True)
    assert (sequence.approved, sequence.note) == ("读原著、学原文、悟原理", "三句")


@pytest.mark.parametrize(("entry", "words"), [
    ("{outdated: [甲]}", ["approved"]),
    ("{approved: ''}", ["approved", f"1 to {LONGEST} characters"]),
    ("{approved: ' “”　'}", ["approved", "not counting blanks"]),
    (f"{{approved: {'长' * (LONGEST + 1)}}}", ["approved", str(LONGEST)]),
    ("{approved: 甲乙, outdated: ['']}", ["outdated.0"]),
    ("{approved: 甲乙, truncated: ['甲', '\"']}", ["truncated.1"]),
    ("{approved: 甲乙, outdated: 甲}", ["outdated"]),
    ("{approved: 甲乙, outdated: [12]}", ["outdated.0", "12"]),
    ("{approved: 甲乙, wrong: [甲]}", ["wrong"]),
    ("{approved: 甲乙, since: 不久前}", ["since", "不久前"]),
    ("{approved: 甲乙, note: [甲]}", ["note"]),
    ("{approved: 甲乙, misordered: [甲乙]}", ["misordered", "'甲乙' is the approved phrase"]),
    ("{approved: 甲乙, truncated: ['“甲 乙”']}", ["truncated", "the approved phrase itself"]),
    ("{approved: 甲乙, outdated: [丁], truncated: [丁]}", ["甲乙.truncated", "'丁' stands twice"]),
    ("{approved: 甲乙, outdated: [丁, '丁 ']}", ["甲乙.outdated", "stands twice"]),
])  # fmt: skip
def test_a_wrong_entry_is_refused_with_file_and_field(
    tmp_path: Path, entry: str, words: list[str]
) -> None:
    """What is lacking, empty, ill-typed, misspelt, or said twice."""
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, f"phrases:\n  - {entry}\n")
    assert caught.value.where == "params/terms.yml"
    assert "phrases" in caught.value.found
    assert all(word in caught.value.found for word in words), caught.value.found


@pytest.mark.parametrize(("sequence", "words"), [
    ("{whole: true}", ["items"]),
    ("{items: [甲]}", ["items", "at least 2"]),
    ("{items: [甲, '']}", ["items.1"]),
    ("{items: [甲, 乙], whole: 也许}", ["whole", "也许"]),
    ("{items: [甲, 乙, 甲]}", ["items: '甲' is a part of '甲'"]),
    ("{items: [四个意识, 增强“四个意识”]}", ["items: '四个意识' is a part of '增强“四个意识”'"]),
    ("{items: [甲, 乙], order: [1, 2]}", ["order"]),
])  # fmt: skip
def test_a_wrong_sequence_is_refused_with_file_and_field(
    tmp_path: Path, sequence: str, words: list[str]
) -> None:
    """What cannot be in any order, or not be told apart."""
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, f"sequences:\n  - {sequence}\n")
    assert caught.value.where == "params/terms.yml"
    assert "sequences.0" in caught.value.found
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(("text", "words"), [
    ("phrases: [{approved: 甲}, {approved: '甲 '}]", ["phrases.甲 .approved", "approved twice"]),
    ("phrases: [{approved: 甲, outdated: [乙]}, {approved: 乙}]",
     ["phrases.甲.outdated", "'乙' is approved as well (phrases.乙.approved)"]),
    ("phrases: [{approved: 甲, outdated: [丁]}, {approved: 乙, misordered: ['“丁”']}]",
     ["phrases.乙.misordered", "stands twice (also phrases.甲.outdated)"]),
    ("{phrases: [{approved: 甲, outdated: [乙]}], sequences: [{items: [乙, 丙]}]}",
     ["phrases.甲.outdated", "approved as well (sequences.0.items)"]),
    ("sequences: [{items: [甲, 乙]}, {items: [甲, “乙”]}]", ["sequences.1.items", "stands twice"]),
    ("sequences: [{items: [甲, 乙, 丙]}, {items: [丙, “甲”]}]",
     ["sequences.1.items: '丙' stands before '“甲”'", "behind it in sequences.0.items"]),
    ("sequences: [{items: [甲, 乙]}, {items: [乙, 甲]}]", ["sequences.1.items", "behind it"]),
    ("terms: []", ["terms"]),
    ("phrases: 甲", ["phrases"]),
    ("- 甲", ["file"]),
])  # fmt: skip
def test_entries_that_contradict_each_other_are_refused(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    """No phrase is both approved and wrong, and none stands twice: which would be proper?"""
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, text)
    assert caught.value.where == "params/terms.yml"
    assert all(word in caught.value.found for word in words), caught.value.found


def test_sequences_that_agree_may_share_phrases(tmp_path: Path) -> None:
    """A part of a sequence in the same order, or one phrase alone, contradicts nothing."""
    text = "sequences: [{items: [甲, 乙, 丙]}, {items: [甲, 丙]}, {items: [丁, 甲]}]"
    assert len(load(tmp_path, text).sequences) == 3


def test_a_phrase_may_be_approved_alone_and_in_a_sequence(tmp_path: Path) -> None:
    """增强“四个意识” has wrong forms of its own, and a place among the three."""
    terms = load(tmp_path, "{phrases: [{approved: 甲}], sequences: [{items: [甲, 乙]}]}")
    assert len(terms.phrases) == len(terms.sequences) == 1


@pytest.mark.parametrize(("text", "plain"), [
    ("“四个意识”", "四个意识"), ("「四个意识」", "四个意识"), ('"四个 意识"', "四个意识"),
    ("＂四个意识＂", "四个意识"), ("党的２０大", "党的20大"), ("读原著，\n 学", "读原著,学"),
    ("《规则》（试行）", "《规则》(试行)"), ("甲\u200b乙\ufeff", "甲乙"), (" \t\u3000", ""),
])  # fmt: skip
def test_width_blanks_and_quotation_marks_are_folded(text: str, plain: str) -> None:
    """Book marks and stops are part of a phrase; quotation marks are typed in any style."""
    assert fold(text) == plain


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    """Folding twice is folding once, whatever stands there."""
    assert fold(fold(text)) == fold(text)


def test_what_is_wrong_only_later_is_not_wrong_yet(tmp_path: Path) -> None:
    """An earlier document keeps the wording of its day; the new phrase is approved all the same."""
    terms = load(tmp_path, "phrases: [{approved: 甲, outdated: [乙], since: 2022-10-16}]")
    before, on = terms.in_force(dt.date(2022, 10, 15)), terms.in_force(dt.date(2022, 10, 16))
    assert [p.approved for p in before.phrases] == ["甲"]
    assert list(before.phrases[0].wrong_forms()) == []
    assert list(on.phrases[0].wrong_forms()) == [("outdated", "乙")]
    assert on == terms


def test_the_list_that_comes_with_the_workbook_loads() -> None:
    """A starting point of some twenty entries, each kind of fault among them."""
    terms = load_terms(ROOT)
    assert 15 <= len(terms.phrases) + len(terms.sequences) <= 40
    kinds = {kind for phrase in terms.phrases for kind, _ in phrase.wrong_forms()}
    assert kinds == {"outdated", "truncated", "misordered"}
    approved = {phrase.approved for phrase in terms.phrases}
    assert {"习近平新时代中国特色社会主义思想", "党委理论学习中心组", "学懂弄通做实"} <= approved
