"""A rule that an office adds in YAML alone reaches every paper; no code knows of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from circular_support import YEAR, Edit, cells, shown, tables_of, text_of

from reportkit.annual import load_annual
from reportkit.circular import open_group, open_unit
from reportkit.errors import ParameterError

BEFORE = "\ngroup_requirements: 6"
THEME = """\
  - key: practice
    title: 学用结合需进一步加强
"""
NEW_THEME = """\
  - key: lead
    title: 以上率下需进一步加强
"""
RULE = """\
  - rule_id: months_covered
    theme: lead
    metric: M6
    comparison: below
    threshold: 0.9
    minimum_n: 4
    unit_pattern:
      - "{denominator}个月中有{lacking}个月没有学习（{missing}）"
      - "有学习的月份{numerator}个，覆盖率{value}，{against_line}"
    group_pattern: "{quantifier}没有做到月月有学习"
    requirement: "每月至少安排一次学习"
    deadline: 2024-05-31
    contradicts: [形式]
"""


@pytest.fixture
def home(edited: Edit) -> Path:
    """The demo with one more theme and one more rule under it."""
    return edited("2023.yml", (THEME, THEME + NEW_THEME), (BEFORE, f"{RULE}{BEFORE}"))


def hit(home: Path) -> list[str]:
    """The units whose months are covered to less than 90 %, in official order."""
    annual = load_annual(home, YEAR)
    return [u.unit_id for u in annual.at_end if annual.row(u.unit_id, "M6")["value"] < 0.9]


def test_the_unit_is_told_under_the_new_head(home: Path) -> None:
    """Section three, four and the 整改台账, from the notebook as it is: words, number, date."""
    for unit in hit(home):
        blocks = shown("unit_circular", home, charts=False, unit=unit, year=YEAR)
        text = text_of(blocks)
        (said,) = [b for b in blocks if b.kind == "paragraph" and "以上率下" in b.fields["lead"]]
        told = said.fields["text"]
        assert "个月没有学习（" in told or "覆盖率" in told, told
        assert "{" not in text and "每月至少安排一次学习" in text
        (ledger,) = [t for t in tables_of(blocks) if t.fields["title"] == "整改台账"]
        assert cells(ledger, "编号")[-1] == "WT-19"
        assert cells(ledger, "时限")[-1] == "2024年5月31日"


def test_both_patterns_are_used(home: Path) -> None:
    """Of several units each keeps one, and not all the same."""
    words = {
        "没有学习" in finding.sentence
        for unit in hit(home)
        for finding in open_unit(unit, YEAR, home=home).triggered
        if finding.rule.rule_id == "months_covered"
    }
    assert words == {True, False}


def test_a_unit_that_it_does_not_hit_is_told_that_it_was_checked(home: Path) -> None:
    """月度学习覆盖率 joins what was found in order."""
    others = [u.unit_id for u in load_annual(home, YEAR).at_end if u.unit_id not in hit(home)]
    text = text_of([open_unit(others[0], YEAR, home=home).findings()])
    assert "以上率下" not in text
    said = next(line for line in text.splitlines() if line.startswith("经核查"))
    assert "月度学习覆盖率" in said


def test_the_group_is_told_without_figures_or_names(home: Path) -> None:
    """With the quantifier of its share, the new head last; the definition joins the annex."""
    g = open_group(YEAR, home=home)
    blocks = shown("group_circular", home, year=YEAR)
    (said,) = [b for b in blocks if b.kind == "paragraph" and "以上率下" in b.fields["lead"]]
    assert said.fields["lead"] == "4.以上率下需进一步加强。"
    share = len(hit(home)) / len(g.annual.at_end)
    words = ("个别单位",) if share <= 0.1 else ("部分单位", "有的单位", "一些单位")
    assert said.fields["text"] in {f"{word}没有做到月月有学习。" for word in words}
    assert "月度学习覆盖率" in cells(tables_of(blocks)[-1], "指标")


def test_the_working_paper_says_who_is_behind_it(home: Path) -> None:
    """Names and figures, for the office alone."""
    blocks = shown("working_paper", home, year=YEAR)
    behind = next(t for t in tables_of(blocks) if t.fields["title"] == "问题所涉单位")
    (row,) = [row for row in behind.fields["rows"] if "月月有学习" in row[0]]
    assert row[1] == f"{len(hit(home))}/23"
    names = load_annual(home, YEAR).units
    assert [part.partition("：")[0] for part in row[2].split("；")] == [
        names[unit].short_name for unit in hit(home)
    ]


def test_practices_that_it_belies_are_candidates_no_more(home: Path, demo_home: Path) -> None:
    """Those of kind 形式 of the units that it hits, with its sentence as the reason."""
    before = {c.practice_id: c for c in open_group(YEAR, home=demo_home).candidates()}
    after = {c.practice_id: c for c in open_group(YEAR, home=home).candidates()}
    changed = {name for name in after if after[name].fit != before[name].fit}
    expected = {
        name for name, one in before.items()
        if one.fit and one.kind == "形式" and one.unit_id in hit(home)
    }  # fmt: skip
    assert changed == expected
    for name in changed:
        assert "个月" in after[name].against or "覆盖率" in after[name].against


def test_a_rule_that_is_switched_off_says_nothing(home: Path, demo_home: Path) -> None:
    """enabled: false — every paper reads as it did without the rule."""
    path = home / "params" / "2023.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("theme: lead", "theme: lead\n    enabled: false"), encoding="utf-8"
    )
    for unit in hit(home)[:2]:
        ours, theirs = (
            text_of(shown("unit_circular", each, charts=False, unit=unit, year=YEAR))
            for each in (home, demo_home)
        )
        assert ours == theirs
    assert text_of(shown("group_circular", home, year=YEAR)) == text_of(
        shown("group_circular", demo_home, year=YEAR)
    )


@pytest.mark.parametrize(("old", "new", "told"), [
    ("metric: M6\n", "metric: M66\n", "no metric 'M66'"),
    ("theme: lead", "theme: leader", "is not in themes"),
    ("{against_line}", "{against_lines}", "unit_pattern may hold"),
    ("{quantifier}没有", "没有", "needs {quantifier}"),
    ("deadline: 2024-05-31", "deadline: 2023-05-31", "lies before issued_on"),
    ("contradicts: [形式]", "contradicts: [形势]", "contradicts"),
])  # fmt: skip
def test_a_rule_with_a_slip_is_refused_with_its_file(
    home: Path, old: str, new: str, told: str
) -> None:
    """Before any paper is made."""
    path = home / "params" / "2023.yml"
    text = path.read_text(encoding="utf-8")
    assert old in RULE
    path.write_text(text.replace(RULE, RULE.replace(old, new)), encoding="utf-8")
    with pytest.raises(ParameterError) as raised:
        load_annual(home, YEAR)
    assert told in raised.value.found and "2023.yml" in (raised.value.where or "")
