"""Papers of one rule set do not read alike: rules alone read as forty identical alarms."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

from circular_support import YEAR, text_of

from reportkit.circular import open_unit
from reportkit.display import Block
from reportkit.params import load_text


def problems(papers: dict[str, list[Block]]) -> dict[str, list[Block]]:
    """unit_id → the paragraphs of its section three that tell of problems."""
    found = {}
    for unit, blocks in papers.items():
        mine = [b for b in blocks if b.kind == "paragraph" and b.fields["lead_level"] == 3]
        if mine := [b for b in mine if b.fields["lead"]]:
            found[unit] = mine
    return found


def words(text: str) -> str:
    """A paragraph without its figures and the names of what is missing: its words alone."""
    bare = re.sub(r"《[^》]*》(、《[^》]*》)*(等\d+项)?", "《》", text)
    bare = re.sub(r"\d[\d.]*%?(（[^）]*）)?", "×", bare)
    return bare.replace("（上年已指出）", "")


def alike(texts: list[str]) -> float:
    """The share of pairs that are the same."""
    pairs = list(combinations(texts, 2))
    return sum(a == b for a, b in pairs) / len(pairs)


def test_no_two_units_have_the_same_problems_in_the_same_words(
    papers: dict[str, list[Block]],
) -> None:
    """The whole of section three, figures and all: each paper is its unit's own."""
    whole = [text_of(blocks) for blocks in problems(papers).values()]
    assert len(whole) >= 15
    assert len(set(whole)) == len(whole)


def test_paragraphs_of_one_theme_rarely_repeat(papers: dict[str, list[Block]]) -> None:
    """Even without figures: of two units under one head fewer than one pair in ten is the same."""
    by_head: dict[str, list[str]] = {}
    for blocks in problems(papers).values():
        for block in blocks:
            head = block.fields["lead"].partition(".")[2]
            by_head.setdefault(head, []).append(words(block.fields["text"]))
    several = {head: texts for head, texts in by_head.items() if len(texts) >= 4}
    assert len(several) >= 2
    for head, texts in several.items():
        assert alike(texts) < 0.1, (head, Counter(texts).most_common(2))


def test_leads_vary_and_stay(demo_home: Path, papers: dict[str, list[Block]]) -> None:
    """Each line of 三.1 … 三.3 begins some paper; a unit has the same one when opened again."""
    prose = load_text(demo_home, YEAR, "unit")
    used: dict[str, Counter[str]] = {}
    for unit, blocks in problems(papers).items():
        for block in blocks:
            lines = [
                (name, line) for name in ("三.1", "三.2", "三.3") for line in prose[name].paragraphs
                if block.fields["text"].startswith(line)
            ]  # fmt: skip
            assert len(lines) == 1, block.fields["text"]
            ((name, line),) = lines
            used.setdefault(name, Counter())[line] += 1
            assert open_unit(unit, YEAR, home=demo_home).lead(name) == line
    for name, counts in used.items():
        assert set(counts) == set(prose[name].paragraphs), name
        assert max(counts.values()) / sum(counts.values()) < 0.8, (name, counts)


def test_a_lead_is_an_analyst_s_and_can_be_left_out(demo_home: Path) -> None:
    """Without its block in unit.md the clauses stand alone."""
    r = open_unit("shitang", YEAR, home=demo_home)
    assert r.lead("三.9") == ""
    for lead in ("三.1", "三.2", "三.3"):
        assert r.lead(lead).endswith("。")


def test_one_unit_s_paper_varies_from_its_last(demo_home: Path) -> None:
    """The same fault two years running: said to have been told, with this year's figures."""
    this, last = (open_unit("shitang", year, home=demo_home) for year in (YEAR, YEAR - 1))
    now = next(f for f in this.triggered if f.rule.rule_id == "attendance")
    then = next(f for f in last.triggered if f.rule.rule_id == "attendance")
    assert now.repeated and now.sentence.endswith("（上年已指出）")
    assert not then.repeated and then.sentence != now.plain_sentence


def test_what_was_told_last_year_is_told_first(papers: dict[str, list[Block]]) -> None:
    """Under each head clauses with 上年已指出 come before those without."""
    seen = 0
    for blocks in problems(papers).values():
        for block in blocks:
            clauses = block.fields["text"].rpartition("。")[0].rpartition("。")[2].split("；")
            flags = ["上年已指出" in clause for clause in clauses]
            seen += len(flags) > 1 and any(flags)
            assert flags == sorted(flags, reverse=True), block.fields["text"]
    assert seen >= 3
