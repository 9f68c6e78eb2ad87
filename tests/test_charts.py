"""The charts of a unit's circular: the same bytes each time, texts as text, nobody named."""

from __future__ import annotations

import hashlib
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from reportkit.charts import calendar_chart, peers_chart
from reportkit.circular import open_unit
from reportkit.display import Block
from reportkit.fonts import FontSet
from reportkit.metrics.comparison import Spread, quarter
from reportkit.wording import percent

VALUES = [0.71, 0.8, 0.8, 0.85, 0.9, 0.92, 0.97, 1.0]
NAME = "班子成员年度平均参学率"
TEXT = "{http://www.w3.org/2000/svg}text"


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    """The fonts that come with the package."""
    return FontSet.find(None)


def sessions(*rows: tuple[str, str]) -> pd.DataFrame:
    """Sessions as the calendar takes them: (day, mark)."""
    return pd.DataFrame({
        "start": pd.to_datetime([day for day, _ in rows]), "mark": [mark for _, mark in rows],
    })  # fmt: skip


def texts(block: Block) -> list[str]:
    """Every text that stands in the SVG as text."""
    root = ElementTree.fromstring(block.fields["svg"])
    return ["".join(element.itertext()) for element in root.iter(TEXT)]


def among(own: float, fonts: FontSet, values: list[float] = VALUES) -> Block:
    """A unit among its peers, as a circular draws it: with their median and its own quarter."""
    ordered = sorted(values)
    q1, median, q3 = (float(q) for q in np.quantile(ordered, [0.25, 0.5, 0.75]))
    place = quarter(own, Spread(q1, median, q3, len(ordered)))
    return peers_chart(NAME, values, own, statistics.median(ordered), place, fonts)


def both(fonts: FontSet) -> list[Block]:
    """One chart of each kind."""
    return [
        among(0.85, fonts),
        calendar_chart(
            2023, sessions(("2023-03-08", "集体学习"), ("2023-08-01", "读书班")), 12, fonts
        ),
    ]


def test_svg_holds_no_time_and_no_program(fonts: FontSet) -> None:
    """No date, no version: an unchanged circular is the same bytes tomorrow."""
    for block in both(fonts):
        svg = block.fields["svg"]
        assert svg.startswith("<svg") and "dc:date" not in svg
        assert not re.search(r"\d{4}-\d\d-\d\dT|[Mm]atplotlib (v|\d)|matplotlib\.org", svg)


def test_the_same_chart_in_another_process_is_the_same_bytes(fonts: FontSet) -> None:
    """Under another hash seed and another time zone."""
    program = (
        "import hashlib, test_charts\nfrom reportkit.fonts import FontSet\n"
        "for b in test_charts.both(FontSet.find(None)):\n"
        "    print(hashlib.sha256(b.fields['svg'].encode()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "99", "TZ": "Asia/Shanghai",
             "PYTHONPATH": str(Path(__file__).parent)},
    )  # fmt: skip
    here = [hashlib.sha256(b.fields["svg"].encode()).hexdigest() for b in both(fonts)]
    assert run.stdout.split() == here
    assert here == [hashlib.sha256(b.fields["svg"].encode()).hexdigest() for b in both(fonts)]


def test_texts_are_text(fonts: FontSet) -> None:
    """Searchable, in the page's fonts: not outlines."""
    shown = texts(among(0.85, fonts))
    assert {"本单位85%", "中位数87.5%", "同类单位（由低到高，不列名称）", "100%"} <= set(shown)


def bars(block: Block) -> list[str]:
    """The fills of the bars, from left to right."""
    svg = block.fields["svg"]
    return re.findall(r'<path d="[^"]*"[^>]*style="fill: (#[0-9a-f]{6}); stroke: #1a1a1a', svg)


@pytest.mark.parametrize(("own", "place"), [(0.71, 0), (0.85, 3), (1.0, 7)])
def test_one_bar_a_unit_and_its_own_filled(fonts: FontSet, own: float, place: int) -> None:
    """Ascending, whatever the order given; safe in black and white."""
    fills = bars(among(own, fonts, VALUES[::-1]))
    assert fills == ["#1a1a1a" if n == place else "#ffffff" for n in range(8)]


def test_units_of_one_value_stand_alike(fonts: FontSet) -> None:
    """All equal: no error, and nobody is told to stand first or last."""
    block = among(0.9, fonts, [0.9] * 9)
    assert len(bars(block)) == 9
    assert block.fields["title"] == f"{NAME}居9家同类单位中位水平"


@pytest.mark.parametrize(("own", "place"), [
    (1.0, "前四分之一"), (0.97, "前四分之一"), (0.92, "中上水平"), (0.9, "中上水平"),
    (0.85, "中下水平"), (0.8, "后四分之一"), (0.71, "后四分之一"),
])  # fmt: skip
def test_the_title_states_the_quarter(fonts: FontSet, own: float, place: str) -> None:
    """Of eight, by the quartiles 80% and 93.25%: the two units of 80% reach the lower one."""
    block = among(own, fonts)
    assert block.fields["title"].endswith(place) and block.fields["alt"].endswith(place)


def test_a_value_of_zero_and_one_draw(fonts: FontSet) -> None:
    """The ends of the scale."""
    block = among(0.0, fonts, [0.0] * 4 + [1.0] * 4)
    assert "本单位0%" in texts(block)


@pytest.mark.parametrize("unit", ["dongling", "shitang"])
def test_no_unit_is_named_among_its_peers(demo_home: Path, unit: str) -> None:
    """Neither its own name nor another's: in the picture, its title or its description."""
    r = open_unit(unit, 2023, home=demo_home)
    block = r.peers_chart()
    assert block.kind == "figure"
    shown = " ".join([block.fields["svg"], block.fields["title"], block.fields["alt"]])
    named = [n for u in r.annual.units for n in (*u.names, u.unit_id, u.mask_label) if n in shown]
    assert not named


def test_the_calendar_marks_each_session(fonts: FontSet) -> None:
    """A mark a session, a legend of the kinds that occur, the months in words."""
    rows = [("2023-01-05", "集体学习"), ("2023-01-20", "集体学习（含研讨）"),
            ("2023-12-31", "集体学习（含研讨）")]  # fmt: skip
    block = calendar_chart(2023, sessions(*rows), 12, fonts)
    assert block.fields["svg"].count("<use") >= 3
    shown = texts(block)
    assert "集体学习（含研讨）" in shown and "读书班" not in shown and "12月" in shown
    assert block.fields["title"] == "2023年学习3次，有学习的月份2个"
    assert block.fields["alt"] == "2023年学习日历：1月2次，12月1次"


def test_a_year_of_every_month_says_so(fonts: FontSet) -> None:
    """Twelve of twelve."""
    rows = [(f"2023-{month:02}-08", "集体学习") for month in range(1, 13)]
    assert calendar_chart(2023, sessions(*rows), 12, fonts).fields["title"].endswith("每月均有学习")


def test_a_year_without_sessions_draws(fonts: FontSet) -> None:
    """An empty calendar, and words for it."""
    block = calendar_chart(2023, sessions(), 12, fonts)
    assert block.fields["alt"] == "2023年学习日历：无学习记录"
    assert "学习0次" in block.fields["title"]


def test_a_new_unit_is_not_blamed_for_months_before_it_existed(fonts: FontSet) -> None:
    """Nine months in being, nine with study: every month is covered."""
    rows = [(f"2023-{month:02d}-10", "集体学习") for month in range(4, 13)]
    whole = calendar_chart(2023, sessions(*rows), 9, fonts).fields["title"]
    assert whole == "2023年学习9次，在册的9个月均有学习"
    lacking = calendar_chart(2023, sessions(*rows[:-1]), 9, fonts).fields["title"]
    assert lacking == "2023年学习8次，有学习的月份8个"


def test_a_chart_among_hundreds_is_no_longer_than_among_tens(fonts: FontSet) -> None:
    """Nor does it take more drawing: one grey step instead of bars, the unit's own one in it."""
    few, many = ([n / number for n in range(1, number + 1)] for number in (60, 900))
    lengths = [len(among(values[20], fonts, values).fields["svg"]) for values in (few, many)]
    # Two points of a step for each unit, some 25 characters each, and nothing else that grows.
    assert lengths[1] < lengths[0] + 900 * 2 * 25
    block = among(many[20], fonts, many)
    assert "900家" in block.fields["alt"] and percent(many[20]) in block.fields["alt"]


def test_each_chart_is_drawn_once(fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is most of what a circular takes."""
    from matplotlib.figure import Figure

    drawn = []
    draw = Figure.draw
    monkeypatch.setattr(Figure, "draw", lambda self, r: (drawn.append(self), draw(self, r))[1])
    made = both(fonts)
    assert len(drawn) == len(made) == 2
