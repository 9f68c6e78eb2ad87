"""What no document may show: traces of a program, and ratios of few without their number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from circular_support import YEAR, cells, shown, tables_of

from reportkit.annual import Annual, load_annual
from reportkit.display import Block
from reportkit.metrics.indicator import SMALL_N
from reportkit.metrics.registry import BY_ID, METRICS

Papers = dict[str, list[Block]]
TRACE = re.compile(
    r"(?<![A-Za-z])(nan|NaN|inf|Infinity|None|null|NaT|True|False|<NA>)(?![A-Za-z])"
    r"|(?<![\d.])[-−]0(?![\d.])|[-−]0\.0+(?!\d)|\de[+-]?\d|\d\.\d{8,}|\{\w*\}"
)
BY_NAME = {m.name: m for m in METRICS}
RATIO = re.compile(r"^([+−-]?[\d.]+)%(?:（(.+)）)?$")


def texts(block: Block) -> Iterator[str]:
    """Every text in a block, however deep; what the HTML edition alone shows as well."""

    def inside(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for one in value.values():
                yield from inside(one)
        elif isinstance(value, list | tuple):
            for one in value:
                yield from inside(one)

    yield from inside({k: v for k, v in block.fields.items() if k != "svg"})


@pytest.fixture(scope="module")
def documents(demo_home: Path, papers: Papers, quarterly_papers: Papers) -> Papers:
    """Every document of the demo: each unit's two, the group's two, the 底稿, last year's."""
    quarter = f"{YEAR}Q3"
    found = {f"{unit}": blocks for unit, blocks in papers.items()}
    found |= {f"{unit}.{quarter}": blocks for unit, blocks in quarterly_papers.items()}
    found["group"] = shown("group_circular", demo_home, year=YEAR)
    found[f"group.{quarter}"] = shown("group_period", demo_home, year=YEAR, period=quarter)
    found["working_paper"] = shown("working_paper", demo_home, year=YEAR)
    for unit in ("dongling", "canglu", "hq"):  # a year without a year before it
        found[f"{unit}.{YEAR - 1}"] = shown(
            "unit_circular", demo_home, charts=False, unit=unit, year=YEAR - 1
        )
    return found


def test_no_document_shows_a_trace_of_the_program(documents: Papers) -> None:
    """nan, inf, −0, None, True, 1e-05, 0.30000000000000004, an unfilled {placeholder}."""
    assert len(documents) > 50
    for name, blocks in documents.items():
        for block in blocks:
            for text in texts(block):
                found = TRACE.search(text)
                assert not found, (name, block.kind, text[max(0, found.start() - 20) :][:60])


def test_every_block_is_plain_json(documents: Papers) -> None:
    """What reaches the exporters: no number that JSON does not know, nothing that is no JSON."""
    for blocks in documents.values():
        for block in blocks:
            json.dumps(block.to_json(), allow_nan=False)


def test_no_cell_is_blank_but_where_someone_fills_it_in(documents: Papers) -> None:
    """An empty cell says nothing: a dash, a state, a zero do. 责任人 is the unit's to fill in."""
    for name, blocks in documents.items():
        if name == "working_paper":
            continue  # internal: 未计入 and 已选入 are blank where there is nothing
        for block in tables_of(blocks):
            heads = [each["text"] for each in block.fields["columns"]]
            for row in block.fields["rows"]:
                blank = {head for head, cell in zip(heads, row, strict=True) if not cell.strip()}
                # 小计 and 合计 have no number of their own.
                assert blank <= {"责任人"} or row[1] in ("小计", "合计"), (name, row)


def small(annual: Annual, unit: str, metric_id: str) -> bool:
    """Whether a unit's ratio is of fewer than eleven."""
    denominator = annual.row(unit, metric_id)["denominator"]
    return denominator == denominator and denominator < SMALL_N


def metric_of(row: list[str]) -> str:
    """The number of the metric that a row is about: its name may carry a measure word."""
    name = next(n for n in BY_NAME if row[0] in (n, f"{n}（{BY_NAME[n].counter}）"))
    return BY_NAME[name].metric_id


@pytest.mark.parametrize("period", [None, f"{YEAR}Q3"])
def test_a_ratio_of_few_stands_with_its_number(
    demo_home: Path, papers: Papers, quarterly_papers: Papers, period: str | None
) -> None:
    """本单位 and 上年 of every unit: 75%（6/8） or 92.3%（7人） below eleven, else bare."""
    annual = load_annual(demo_home, YEAR, period)
    last = annual.last
    assert last is not None
    seen = 0
    for unit, blocks in (quarterly_papers if period else papers).items():
        table = next(t for t in tables_of(blocks) if t.fields["title"] == "主要指标对照表")
        for head, year in (("本单位", annual), ("上年同期" if period else "上年", last)):
            for row, cell in zip(table.fields["rows"], cells(table, head), strict=True):
                metric = BY_ID[metric_of(row)]
                if metric.kind == "count" or "%" not in cell:
                    continue
                found = RATIO.match(cell)
                assert found, (unit, row[0], cell)
                few = small(year, unit, metric.metric_id)
                assert (found[2] is not None) == few, (unit, head, row[0], cell)
                seen += few
    assert seen > 100


def parts(number: str) -> tuple[float, float]:
    """6/8 → 6, 8; 8家 → 8, 8; 7人 → 7, 7."""
    top, _, bottom = number.partition("/")
    return float(re.sub(r"\D*$", "", top)), float(re.sub(r"\D*$", "", bottom or top))


def test_the_number_is_that_of_the_ratio(papers: Papers) -> None:
    """75%（6/8）: what stands in the brackets gives what stands before them."""
    for unit, blocks in papers.items():
        for table in tables_of(blocks):
            for row in table.fields["rows"]:
                for cell in row:
                    found = RATIO.match(cell)
                    if not found or found[2] is None or "/" not in found[2]:
                        continue
                    top, bottom = parts(found[2])
                    assert bottom < SMALL_N, (unit, row[0], cell)
                    assert abs(float(found[1]) - 100 * top / bottom) < 0.05001, (unit, cell)


def test_a_median_of_few_says_of_how_many(demo_home: Path, papers: Papers) -> None:
    """Eight units of 冶炼加工类: （8家） behind every ratio; the group's 23 need none."""
    annual = load_annual(demo_home, YEAR)
    for unit, blocks in papers.items():
        group = annual.units[unit].peer_group
        table = next(t for t in tables_of(blocks) if t.fields["title"] == "主要指标对照表")
        for row in table.fields["rows"]:
            metric = BY_ID[metric_of(row)]
            if metric.kind == "count":
                continue
            spread = annual.spreads.get((metric.metric_id, group or "-"))
            shown_of = spread.units if spread and spread.units >= 8 else 0
            assert row[2].endswith(f"（{shown_of}家）") == (0 < shown_of < SMALL_N), (unit, row)
            assert "家" not in row[4], (unit, row)


def test_quartiles_of_few_say_of_how_many(demo_home: Path, papers: Papers) -> None:
    """同类四分位 of eight units is a range of few, as their median is: （8家） behind it too."""
    annual = load_annual(demo_home, YEAR)
    lacking = []
    for unit, blocks in papers.items():
        group = annual.units[unit].peer_group
        table = next(t for t in tables_of(blocks) if "95%区间" in str(t.fields["columns"]))
        for row, cell in zip(table.fields["rows"], cells(table, "同类四分位"), strict=True):
            spread = annual.spreads.get((BY_NAME[row[0]].metric_id, group or "-"))
            few = spread is not None and spread.units < SMALL_N
            if BY_NAME[row[0]].kind != "count" and few and "%" in cell and "家" not in cell:
                lacking.append((unit, row[0], cell))
    assert not lacking, lacking[:3]


def test_a_ratio_of_few_in_a_problem_stands_with_its_number(
    demo_home: Path, papers: Papers
) -> None:
    """The 整改台账 is a table too: every value in it of fewer than eleven has its n."""
    annual = load_annual(demo_home, YEAR)
    for unit, blocks in papers.items():
        for table in tables_of(blocks):
            if table.fields["title"] != "整改台账":
                continue
            for number, text in zip(cells(table, "编号"), cells(table, "问题"), strict=True):
                rule = annual.params.rules[int(number[3:]) - 1]
                if not small(annual, unit, rule.metric):
                    continue
                value = re.search(r"率(\d[\d.]*%)(（[^）]*\d[^）]*）)?", text)
                assert value is None or value[2] is not None, (unit, text)
