"""Set phrases: what is warned of, what is not, and where an analyst is sent to."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from counting import steps
from hypothesis import example, given
from hypothesis import strategies as st

from reportkit.errors import ParameterError
from reportkit.params import available_years, load_year
from reportkit.params.terms import Terms, fold, load_terms
from reportkit.terms import TermIssue, TermWarning, check, check_workbook

ROOT = Path(__file__).resolve().parents[1]

THOUGHT = "习近平新时代中国特色社会主义思想"


def terms(*phrases: dict[str, Any], sequences: tuple[dict[str, Any], ...] = ()) -> Terms:
    """Terms as a file would hold them."""
    return Terms.model_validate({"phrases": phrases, "sequences": sequences})


TERMS = terms(
    {"approved": THOUGHT, "truncated": ["新时代中国特色社会主义思想"]},
    {"approved": "党委理论学习中心组", "outdated": ["党委中心组学习小组"],
     "truncated": ["党委学习中心组", "中心组学习小"]},
    {"approved": "“三会一课”", "misordered": ["“一课三会”"]},
    {"approved": "学原文悟原理"},
    {"approved": "增强“四个意识”", "outdated": ["树牢“四个意识”"], "note": "见有关决定"},
    sequences=(
        {"items": ["增强“四个意识”", "坚定“四个自信”", "做到“两个维护”"], "whole": True},
        {"items": ["读原著", "学原文", "悟原理"], "whole": True, "note": "三句"},
        {"items": ["不忘初心", "牢记使命"]},
    ),
)  # fmt: skip
SHIPPED = load_terms(ROOT)


def told(text: str, known: Terms = TERMS) -> list[tuple[str, str, str]]:
    """Kind, what was found, what is approved."""
    return [(issue.kind, issue.found, issue.approved) for issue in check(text, known)]


# --- wrong forms ---


@pytest.mark.parametrize(("text", "expected"), [
    (f"坚持以{THOUGHT}为指导", []),
    ("坚持以新时代中国特色社会主义思想为指导",
     [("truncated", "新时代中国特色社会主义思想", THOUGHT)]),
    (f"{THOUGHT}，即新时代中国特色社会主义思想",  # in order at one place, not at the other
     [("truncated", "新时代中国特色社会主义思想", THOUGHT)]),
    ("成立党委中心组学习小组", [("outdated", "党委中心组学习小组", "党委理论学习中心组")]),
    ("坚持一课三会制度", [("misordered", "一课三会", "“三会一课”")]),
    ("党委中心组集中学习，落实三会一课", []),
    ("", []),
])  # fmt: skip
def test_a_wrong_form_is_told_where_it_is_no_part_of_the_approved_phrase(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    """With its kind, as it stands there, and with what is approved."""
    assert told(text) == expected


def test_of_overlapping_forms_the_longest_is_told_once() -> None:
    """中心组学习小 stands inside 党委中心组学习小组: one fault, one warning."""
    assert [found for _, found, _ in told("党委中心组学习小组")] == ["党委中心组学习小组"]
    chain = terms({"approved": "丁", "outdated": ["甲乙", "乙丙丙", "丙己"]})
    assert [found for _, found, _ in told("甲乙丙丙己", chain)] == ["乙丙丙"]
    assert [found for _, found, _ in told("甲乙丙己", chain)] == ["甲乙", "丙己"]


def test_a_form_that_only_overlaps_an_approved_phrase_is_told() -> None:
    """It is no part of it: 乙丙 begins in 甲乙 and ends outside, and the other way round."""
    known = terms({"approved": "甲乙", "outdated": ["乙丙", "丁甲"]})
    assert [found for _, found, _ in told("甲乙丙", known)] == ["乙丙"]
    assert [found for _, found, _ in told("丁甲乙", known)] == ["丁甲"]


def test_a_form_around_the_approved_phrase_is_told() -> None:
    """Approved words within a wrong whole do not excuse it."""
    known = terms({"approved": "甲乙", "outdated": ["丙甲乙丁"], "truncated": ["乙丁"]})
    assert [found for _, found, _ in told("丙甲乙丁", known)] == ["丙甲乙丁"]


@pytest.mark.parametrize(("text", "found"), [
    ("树牢四个意识", "树牢四个意识"),
    ("要树牢“四个意识”。", "树牢“四个意识”"),
    ('要树牢"四个意识"。', '树牢"四个意识"'),
    ("要树牢＂四个意识＂。", "树牢＂四个意识＂"),
    ("要树牢「四个意识」。", "树牢「四个意识」"),
    ("要树牢‘四个意识’。", "树牢‘四个意识’"),
    ("要“树牢四个意识”。", "树牢四个意识"),
    ("要“树牢‘四个意识’”。", "树牢‘四个意识’"),
    ("要树牢\n“四个意识”。", "树牢“四个意识”"),
    ("要树牢\r\n  “四个\u3000意识”。", "树牢“四个 意识”"),
    ("要树牢\u200b“四个意识”", "树牢“四个意识”"),
    ("要“树牢”“四个意识”", "“树牢”“四个意识”"),
    ("树牢”四个意识", "树牢”四个意识"),
])  # fmt: skip
def test_quotation_marks_blanks_and_line_breaks_hide_nothing(text: str, found: str) -> None:
    """Typed in any style, or forgotten; what is shown is what stands there, on one line."""
    assert told(text) == [("outdated", found, "增强“四个意识”")]


def test_the_width_of_letters_and_digits_makes_no_difference() -> None:
    """２０ is 20, in the terms as in the text; stops stay stops."""
    known = terms({"approved": "党的二十大", "outdated": ["党的20大", "初心,使命"]})
    assert [found for _, found, _ in told("党的２０大，初心，使命", known)] == [
        "党的２０大",
        "初心，使命",
    ]
    assert told("初心、使命", known) == []


@pytest.mark.parametrize("gap", ["\n\n", "\n \u3000\n", "\r\n\r\n", "\u2029", "\n\n\n"])
def test_a_phrase_does_not_span_paragraphs(gap: str) -> None:
    """A blank line ends the paragraph: 一课 and 三会 on its two sides are two things."""
    assert told(f"一课{gap}三会") == []


def test_an_issue_says_where_it_stands() -> None:
    """Index and line of its first character, with a few characters around it."""
    text = (
        "第一行文字。\n第二行说的是贯彻落实新时代中国特色社会\n主义思想，并且还有一些别的话要说。"
    )
    (issue,) = check(text, TERMS)
    assert (issue.line, text[issue.position :][:3]) == (2, "新时代")
    assert issue.found == "新时代中国特色社会主义思想"
    assert (
        issue.excerpt
        == "…。第二行说的是贯彻落实新时代中国特色社会主义思想，并且还有一些别的话要说…"
    )
    assert (issue.since, issue.note) == (None, "")


def test_a_warning_is_an_english_sentence_around_the_phrases() -> None:
    """Where, what, why, what is approved; since and note only where the terms give them."""
    known = terms({"approved": "增强“四个意识”", "outdated": ["树牢“四个意识”"],
                   "since": "2019-10-31", "note": "见决定"})  # fmt: skip
    (issue,) = check("要树牢“四个意识”", known)
    assert str(TermWarning("a.md, line 3", issue)) == (
        "a.md, line 3: '树牢“四个意识”' is outdated; approved since 2019-10-31: '增强“四个意识”'; "
        "it stands in '要树牢“四个意识”' (见决定)"
    )
    (issue,) = check("一课三会", TERMS)
    text = "a.md: '一课三会' is misordered; approved: '“三会一课”'"
    assert str(TermWarning("a.md", issue)) == text


# --- sequences ---

THREE = "增强“四个意识”、坚定“四个自信”、做到“两个维护”"
READ = "读原著、学原文、悟原理"


@pytest.mark.parametrize(("text", "expected"), [
    (THREE, []),
    (f"要{THREE}，{THREE}。", []),  # twice in one sentence
    ("要增强四个意识，要坚定四个自信；更要做到两个维护。", []),
    ("做到“两个维护”。", []),  # one alone is no sequence
    ("增强“四个意识”。做到“两个维护”。", []),  # one a sentence
    ("增强“四个意识”！做到“两个维护”？坚定“四个自信”", []),
    ("增强“四个意识”\n\n做到“两个维护”", []),
    ("增强“四个意识”、做到“两个维护”。",
     [("truncated", "增强“四个意识”…做到“两个维护”", THREE)]),
    ("增强“四个意识”、增强“四个意识”、坚定“四个自信”",
     [("truncated", "增强“四个意识”…坚定“四个自信”", THREE)]),
    ("坚定“四个自信”、增强“四个意识”、做到“两个维护”。",
     [("misordered", "坚定“四个自信”…增强“四个意识”…做到“两个维护”", THREE)]),
    ("做到“两个维护”，增强“四个意识”",  # out of order and not whole: told once
     [("misordered", "做到“两个维护”…增强“四个意识”", THREE)]),
    (f"{THREE}；坚定“四个自信”、增强“四个意识”",
     [("misordered", "坚定“四个自信”…增强“四个意识”", THREE)]),
    ("牢记使命、不忘初心", [("misordered", "牢记使命…不忘初心", "不忘初心、牢记使命")]),
    ("不忘初心", []),
    (f"坚持{READ}", []),
    ("读原著学原文悟原理", []),
    ("坚持读原著、悟原理", [("truncated", "读原著…悟原理", READ)]),
    ("悟原理、学原文、读原著；牢记使命、不忘初心。",
     [("misordered", "悟原理…学原文…读原著", READ),
      ("misordered", "牢记使命…不忘初心", "不忘初心、牢记使命")]),
])  # fmt: skip
def test_a_sentence_holds_a_sequence_in_order_and_whole(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    """If it holds two or more of it; whole only where the terms say so; told once a sentence."""
    assert told(text) == expected


def test_items_that_stand_together_in_an_approved_phrase_are_in_order() -> None:
    """学原文悟原理 is approved as it is; one item within a longer phrase still counts."""
    assert told("把学原文悟原理与学指示促落实贯通起来") == []
    assert told("学原文、悟原理") == [("truncated", "学原文…悟原理", READ)]
    known = terms(
        {"approved": "坚决做到“两个维护”"}, sequences=({"items": ["两个确立", "两个维护"]},)
    )
    assert told("坚决做到“两个维护”、捍卫“两个确立”", known) == [
        ("misordered", "两个维护…两个确立", "两个确立、两个维护")
    ]


def test_what_is_told_as_a_wrong_form_is_not_told_again_as_a_sequence() -> None:
    """One place, one warning."""
    known = terms(
        {"approved": "甲乙式", "misordered": ["乙甲式"]}, sequences=({"items": ["甲", "乙"]},)
    )
    assert told("乙甲式", known) == [("misordered", "乙甲式", "甲乙式")]
    assert told("乙甲", known) == [("misordered", "乙…甲", "甲、乙")]


def test_an_issue_of_a_sequence_says_where_it_begins() -> None:
    """And carries the sequence's note."""
    (issue,) = check("先说。\n要悟原理，并且\n读原著。", TERMS)
    assert (issue.position, issue.line, issue.note) == (5, 2, "三句")
    assert issue.excerpt == "先说。要悟原理，并且读原著。"


# --- properties ---

NEUTRAL = st.text(alphabet="这段文字没有任何问题，。；\n “”《》x1%\\.*[]{}<>", max_size=40)
FORMS = [(p, kind, form) for p in SHIPPED.phrases for kind, form in p.wrong_forms()]
APPROVED = [p.approved for p in SHIPPED.phrases] + [s.approved for s in SHIPPED.sequences]


@given(st.sampled_from(APPROVED), NEUTRAL, NEUTRAL)
def test_an_approved_phrase_never_warns(phrase: str, before: str, after: str) -> None:
    """Alone or in a neutral text: the list that comes with the workbook agrees with itself."""
    assert check(phrase, SHIPPED) == []
    assert check(before + phrase + after, SHIPPED) == []


@given(NEUTRAL)
def test_a_text_without_any_term_never_warns(text: str) -> None:
    """Whatever punctuation and marks stand in it."""
    assert check(text, SHIPPED) == []


@given(st.sampled_from(FORMS), NEUTRAL, NEUTRAL)
def test_a_wrong_form_in_a_neutral_text_is_always_found(
    form: tuple[Any, str, str], before: str, after: str
) -> None:
    """Exactly once, at its place, with its kind and what is approved."""
    phrase, kind, wrong = form
    text = before + wrong + after
    (issue,) = check(text, SHIPPED)
    assert (issue.kind, issue.approved) == (kind, phrase.approved)
    assert fold(issue.found) == fold(wrong)
    assert abs(issue.position - len(before)) <= 1  # a quotation mark before it may belong to it
    assert issue.line == text.count("\n", 0, issue.position) + 1


@given(st.text(), st.text())
@example("\ud800\u2029\n\n\x00", "\x1b[31m")
def test_no_text_makes_it_fail(before: str, after: str) -> None:
    """Any Unicode text, lone surrogates and controls among it; what is shown can be printed."""
    check(before, SHIPPED)
    for issue in check(before + "党的20大" + after, SHIPPED):
        assert issue.found.isprintable() and issue.excerpt.isprintable()
        assert 0 <= issue.position < len(before + "党的20大") and issue.line >= 1


@given(st.lists(st.text(alphabet="甲乙.*[(?|\\^$#&<", min_size=1, max_size=3), unique_by=fold,
                min_size=2, max_size=5))  # fmt: skip
def test_marks_of_markup_and_expressions_are_data(texts: list[str]) -> None:
    """A dot in a phrase is a dot: each wrong form finds itself, and not the neutral text."""
    known = terms({"approved": "丙", "outdated": texts})
    for text in texts:
        assert [fold(issue.found) for issue in check(text, known)] == [fold(text)]
    assert check("一二三", known) == []


def occurrences(text: str, forms: list[str]) -> list[tuple[int, int]]:
    """Every place of every form, by trying all: the plain way."""
    return [(i, i + len(f)) for f in forms for i in range(len(text)) if text.startswith(f, i)]


SMALL = st.lists(
    st.text(alphabet="甲乙丙", min_size=1, max_size=4), unique=True, min_size=2, max_size=8
)


@given(SMALL, st.integers(1, 4), st.text(alphabet="甲乙丙丁", max_size=20))
def test_what_is_told_is_what_the_rule_says(texts: list[str], n: int, text: str) -> None:
    """Against the plain way: no more than the wrong places outside approved ones, and no fewer
    than one for each, at least as long, that overlaps it."""
    approved, wrong = texts[: min(n, len(texts) - 1)], texts[min(n, len(texts) - 1) :]
    known = terms({"approved": approved[0], "outdated": wrong},
                  *({"approved": each} for each in approved[1:]))  # fmt: skip
    covers = occurrences(text, approved)
    open_places = {
        (b, e) for b, e in occurrences(text, wrong) if not any(x <= b and e <= y for x, y in covers)
    }
    found = [(i.position, i.position + len(i.found)) for i in check(text, known)]
    assert set(found) <= open_places
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    for b, e in open_places:
        assert any(x < e and b < y and y - x >= e - b for x, y in found)


@given(st.permutations(range(4)), st.integers(0, 4), st.booleans())
def test_a_sequence_is_told_if_and_only_if_it_is_broken(
    order: list[int], held: int, whole: bool
) -> None:
    """Every order of every number of items, with other words between them."""
    items = ["一甲", "二乙", "三丙", "四丁"]
    known = terms(sequences=({"items": items, "whole": whole},))
    places = order[:held]
    issues = check("，又说".join(items[place] for place in places), known)
    if places != sorted(places):
        assert [issue.kind for issue in issues] == ["misordered"]
    elif whole and 1 < held < 4:
        assert [issue.kind for issue in issues] == ["truncated"]
    else:
        assert issues == []


@pytest.mark.parametrize("text", ["甲" * 4_000, "甲乙丙丁" * 1_000, "乙甲" * 2_000, " \n" * 2_000])
def test_long_texts_and_many_terms_take_linear_work(text: str) -> None:
    """Thousands of characters against a thousand forms, also where all of them overlap."""
    forms = ["甲" * n for n in range(1, 100)]
    forms += [f"{chr(0x4E00 + n % 256)}{chr(0x4E00 + n // 256)}式" for n in range(1000)]
    known = terms({"approved": "丙丁", "outdated": forms}, sequences=({"items": ["乙", "丁"]},))
    check("", known)
    assert steps(lambda: check(text, known)) < 2.1 * steps(lambda: check(text[:2_000], known))


# --- the workbook ---


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The example's parameters, ours to spoil."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    return tmp_path


def notebook(path: Path, *cells: tuple[str, object]) -> Path:
    """A notebook of these cells: type and source."""
    path.parent.mkdir(exist_ok=True)
    body = {"cells": [{"cell_type": kind, "source": source} for kind, source in cells]}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


@contextmanager
def edited(path: Path) -> Iterator[Any]:
    """A YAML file as data, written back as it is changed."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    yield data
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def places(warnings: list[TermWarning]) -> list[tuple[str, str]]:
    return [(warning.where, warning.issue.found) for warning in warnings]


@pytest.mark.parametrize("year", available_years(ROOT))
def test_the_demo_gives_no_warning(year: int) -> None:
    """Its prose, parameters, notebooks and practices are an example to follow."""
    from reportkit.records.demo.invented import invented

    practices = [
        (name, f"{name}：{what}，{outcome}")
        for _, name, what, outcome in (*invented()["practices"], *invented()["plain_practices"])
    ]
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert len(notebooks) >= 2 and len(practices) > 10
    assert check_workbook(ROOT, year, notebooks, practices) == []


def test_prose_is_told_by_file_line_and_paragraph(home: Path) -> None:
    """Also a heading, a phrase split over two lines, and the prose of single units."""
    prose = home / "params/text/2023"
    (prose / "units").mkdir()
    (prose / "units/dongling.md").write_text("## 一\n坚持一课三会。\n", encoding="utf-8")
    (prose / "group.md").write_text(
        "一课三会：标题以前的不印。\n"
        "<!-- 一课三会\n是说明 -->\n"
        "## 二.（一） 落实一课三会\n"
        "第一段。\n\n以新时代中国特色\n社会主义思想为指导。<!-- 一课三会 -->\n"
        "## {四}\n没有问题。",
        encoding="utf-8",
    )
    warnings = check_workbook(home, 2023, [])
    assert places(warnings) == [
        ("params/text/2023/group.md, line 4, paragraph 二.（一）", "一课三会"),
        ("params/text/2023/group.md, line 7, paragraph 二.（一）", "新时代中国特色社会主义思想"),
        ("params/text/2023/units/dongling.md, line 2, paragraph 一", "一课三会"),
    ]
    assert places(check_workbook(home, 2022, [])) == []


def test_parameters_are_told_by_file_and_field(home: Path) -> None:
    """Topics, heads and leads, the patterns of enabled rules, and the letterhead's titles."""
    with edited(home / "params/2023.yml") as year:
        topic, theme, rules = year["topics"][7], year["themes"][0], year["rules"]
        topic["name"] = "一课三会"
        theme.update(title="学懂弄通还有差距", lead="落实意识形态责任制。")
        rules[0].update(unit_pattern="未安排一课三会", requirement="加强党风廉洁建设")
        rules[1].update(group_pattern="{quantifier}一课三会不够到位", enabled=False)
        rules[2].update(group_pattern="{quantifier}党委学习中心组不够到位")
        rules[3].update(unit_pattern=["{missing}未安排", "{missing}未落实一课三会"])
    with edited(home / "params/letterhead.yml") as letterhead:
        letterhead["group_title"] = "关于{year}年党委理论中心组学习情况的通报"
    ids = [rule["rule_id"] for rule in rules]
    assert sorted(places(check_workbook(home, 2023, []))) == sorted([
        (f"params/2023.yml, topics.{topic['code']}.name", "一课三会"),
        (f"params/2023.yml, themes.{theme['key']}.title", "学懂弄通"),
        (f"params/2023.yml, themes.{theme['key']}.lead", "意识形态责任制"),
        (f"params/2023.yml, rules.{ids[0]}.unit_pattern", "一课三会"),
        (f"params/2023.yml, rules.{ids[0]}.requirement", "党风廉洁建设"),
        (f"params/2023.yml, rules.{ids[2]}.group_pattern", "党委学习中心组"),
        (f"params/2023.yml, rules.{ids[3]}.unit_pattern.1", "一课三会"),
        ("params/letterhead.yml, group_title", "党委理论中心组"),
    ])  # fmt: skip


def test_notebooks_are_told_by_cell(home: Path) -> None:
    """Strings in code and Markdown, cells counted from 1; names and comments say nothing."""
    path = notebook(
        home / "notebooks/a.ipynb",
        ("markdown", ["## 落实一课\n", "三会"]),
        ("code", "一课三会 = 1  # 一课三会\nx = '没有问题'"),
        ("code", ["paragraph(\n", "    '坚持一课'\n", "    '三会'\n", ")"]),
        ("code", "f'一课{m.sessions}三会'"),
        ("code", "f\"{when(m, '一课三会')}学懂弄通\""),
        ("code", "f'学懂弄通{m!r:>{width}}'; '\\d'"),
        ("code", "%matplotlib inline\nparagraph('一课三会')"),
        ("raw", "一课三会"),
        ("code", ""),
    )
    warnings = check_workbook(home, 2023, [path])
    assert places(warnings) == [
        ("notebooks/a.ipynb, cell 1", "一课三会"),
        ("notebooks/a.ipynb, cell 3", "一课三会"),
        ("notebooks/a.ipynb, cell 5", "学懂弄通"),
        ("notebooks/a.ipynb, cell 5", "一课三会"),
        ("notebooks/a.ipynb, cell 6", "学懂弄通"),
        ("notebooks/a.ipynb, cell 7", "一课三会"),
        ("notebooks/a.ipynb, cell 8", "一课三会"),
    ]
    assert warnings[2].issue.excerpt == "{…}学懂弄通"


def test_a_notebook_from_elsewhere_is_told_by_its_name(home: Path, tmp_path: Path) -> None:
    """It has no path below the workbook."""
    path = notebook(tmp_path.parent / "elsewhere.ipynb", ("markdown", "一课三会"))
    assert places(check_workbook(home, 2023, [path])) == [("elsewhere.ipynb, cell 1", "一课三会")]


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{"cell_type": "code"}]}',
    b'{"cells": [{"cell_type": "code", "source": [1]}]}', b"\xff\xfe\x00", b"[" * 100_000,
])  # fmt: skip
def test_a_notebook_that_cannot_be_read_is_passed_over(home: Path, content: bytes) -> None:
    """The run itself refuses it; a check of phrases stops nobody."""
    path = home / "bad.ipynb"
    path.write_bytes(content)
    assert check_workbook(home, 2023, [path, home / "missing.ipynb"]) == []


@pytest.mark.parametrize(
    "code",
    ["x = (", "\x00", "(" * 500, "~" * 99_999 + "1", "'\\d'", "'a'" + "+'a'" * 20_000, "if 1:\nx"],
)
def test_no_code_makes_it_fail(home: Path, code: str, recwarn: pytest.WarningsRecorder) -> None:
    """Code that is not Python, or is too much of it; what Python says of it is not passed on."""
    path = notebook(home / "notebooks/a.ipynb", ("code", code), ("code", "'一课三会'"))
    assert places(check_workbook(home, 2023, [path])) == [("notebooks/a.ipynb, cell 2", "一课三会")]
    assert not recwarn


def test_further_texts_are_told_by_what_they_are_called(home: Path) -> None:
    """The chosen practices come from the records, which are no matter of this module."""
    texts = [("practice dongling/1", "推行一课三会。"), ("practice dongling/2", "没有问题")]
    assert places(check_workbook(home, 2023, [], texts)) == [("practice dongling/1", "一课三会")]


def test_a_document_is_held_to_what_held_on_its_day(home: Path) -> None:
    """That is issued_on: what is wrong only since a later day is not told."""
    day, texts = load_year(home, 2023).issued_on, [("x", "乙甲")]
    for since, told_of in ((day, [day]), (day + dt.timedelta(days=1), [])):
        entry = f"{{approved: 甲乙, outdated: [乙甲], since: {since}}}"
        (home / "params/terms.yml").write_text(f"phrases: [{entry}]", encoding="utf-8")
        warnings = check_workbook(home, 2023, [], texts)
        assert [warning.issue.since for warning in warnings] == told_of


def test_without_terms_nothing_is_read(tmp_path: Path) -> None:
    """An office without params/terms.yml is told nothing, and nothing is asked of it."""
    assert check_workbook(tmp_path, 2023, [tmp_path / "a.ipynb"], [("x", "一课三会")]) == []


def test_a_wrong_file_of_terms_is_an_error_of_parameters(home: Path) -> None:
    """As with every other file of parameters: the field is named."""
    (home / "params/terms.yml").write_text("phrases: [{approved: ''}]", encoding="utf-8")
    with pytest.raises(ParameterError, match="approved"):
        check_workbook(home, 2023, [])


def test_nothing_is_rewritten(home: Path) -> None:
    """Every file is as it was: a warning is all that is given."""
    (home / "params/text/2023/group.md").write_text("## 一\n一课三会", encoding="utf-8")
    path = notebook(home / "notebooks/a.ipynb", ("markdown", "一课三会"))
    before = {p: p.read_bytes() for p in home.rglob("*") if p.is_file()}
    warnings = check_workbook(home, 2023, [path])
    assert len(warnings) == 2
    assert {p: p.read_bytes() for p in home.rglob("*") if p.is_file()} == before


def test_an_issue_is_a_value() -> None:
    """Checked twice, told the same."""
    text = "一课三会"
    assert check(text, TERMS) == check(text, TERMS)
    assert isinstance(check(text, TERMS)[0], TermIssue)
