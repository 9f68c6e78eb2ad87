"""The demo's figures computed a second time, from the workbooks' cells, by code of its own.

Nothing of reportkit reads a cell here: openpyxl opens each workbook, headers are found by
their text, and each metric is counted as §3 of the domain words it. Only the list of units
and of mandatory topics comes from ``params/``, as plain YAML.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from workbooks import Book, books, cells, date, life, text, year_file

from reportkit.annual import load_annual
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import METRICS
from reportkit.metrics.trace import rows_behind

YEARS = (2022, 2023)
HERE = {"出席", "视频"}
LEAVE = {"公务": "公务假", "出差": "公务假", "病假": "病事假", "事假": "病事假", "休假": "病事假"}


# --- the workbook as sessions and people --------------------------------------------------


def held(book: Book) -> list[dict[str, Any]]:
    """Sessions that took place; the same day, subject and host twice is one session."""
    seen, kept = set(), []
    for row in book.rows("学习情况"):
        key = (date(row["开始日期"]), row["学习主题"], row["主持人"])
        if row["是否取消"] != "是" and key not in seen:
            kept.append(row)
        seen.add(key)
    return kept


def study(book: Book) -> list[dict[str, Any]]:
    """Of these, the study group's own."""
    return [row for row in held(book) if row["计入类别"] in ("集体学习", "读书班")]


def members(book: Book) -> list[dict[str, Any]]:
    """Everybody but the secretary."""
    return [row for row in book.rows("成员名单") if "秘书" not in row["职务"]]


def in_post(row: dict[str, Any], day: dt.date) -> bool:
    """Whether a member was one on that day."""
    since, until = date(row["任职起"]), date(row["任职止"])
    assert since is not None
    return since <= day and (until is None or day <= until)


def attendance(book: Book) -> dict[tuple[str, str], str] | None:
    """(session, name) → status, from the sign-in list or from the lists of the absent."""
    sign_in = book.rows("签到表")
    if sign_in:
        return {(text(r["学习序号"]), text(r["姓名"])): r["状态"] for r in sign_in}
    if all(row["缺席人员及原因"] is None for row in held(book)):
        return None  # counts alone
    status = {}
    for row in held(book):
        absent = {}
        listed = row["缺席人员及原因"]
        for part in [] if listed == "无" else listed.split("、"):
            name, _, reason = part.partition("（")
            absent[text(name)] = LEAVE.get(reason.rstrip("）"), "缺席")
        day = date(row["开始日期"])
        for person in members(book):
            if in_post(person, day):
                name = text(person["姓名"])
                status[text(row["序号"]), name] = absent.get(name, "出席")
    return status


# --- the metrics ----------------------------------------------------------------------------


def m1(book: Book) -> Fraction:
    """Sessions of kind 集体学习 that count as such."""
    rows = held(book)
    return Fraction(sum(r["学习类型"] == "集体学习" and r["计入类别"] == "集体学习" for r in rows))


def _speeches(book: Book, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    numbers = {text(row["序号"]) for row in study(book)}
    return [(text(r["学习序号"]), text(r["姓名"])) for r in book.rows("研讨发言")
            if r["发言类型"] in kinds and text(r["学习序号"]) in numbers]  # fmt: skip


def m2(book: Book) -> Fraction:
    """Study sessions with a 重点 or 补充 speech."""
    return Fraction(len({number for number, _ in _speeches(book, ("重点", "补充"))}))


def m2s(book: Book) -> Fraction:
    """Speakers at them."""
    return Fraction(len(set(_speeches(book, ("重点", "补充")))))


def m3(book: Book) -> Fraction:
    """Reading classes."""
    return Fraction(sum(row["学习类型"] == "读书班" for row in held(book)))


def m3d(book: Book) -> Fraction:
    """Their days."""
    return Fraction(sum(
        (date(row["结束日期"]) - date(row["开始日期"])).days + 1
        for row in held(book) if row["学习类型"] == "读书班"
    ))  # fmt: skip


def m4(book: Book, *, makeups: bool = False) -> Fraction | None:
    """Mean over the leadership of presence ÷ sessions while a member, from four sessions up."""
    status = attendance(book)
    if status is None:
        return None
    made_up = {(text(r["学习序号"]), text(r["姓名"])) for r in book.rows("补学记录") if r["佐证"]}
    rates = []
    for person in members(book):
        if person["是否班子成员"] != "是":
            continue
        name, there, expected = text(person["姓名"]), 0, 0
        for row in study(book):
            key = (text(row["序号"]), name)
            if in_post(person, date(row["开始日期"])):
                expected += 1
                there += status[key] in HERE or (makeups and key in made_up)
        if expected >= 4:
            rates.append(Fraction(there, expected))
    return sum(rates, Fraction(0)) / len(rates) if rates else None


def m4c(book: Book) -> Fraction | None:
    """With makeups that have evidence."""
    return m4(book, makeups=True)


def m4b(book: Book) -> Fraction:
    """Σ present ÷ Σ expected."""
    rows = study(book)
    present, expected = (sum(int(text(r[head])) for r in rows) for head in ("实到", "应到"))
    return Fraction(present, expected)


def m5(book: Book) -> Fraction:
    """Quarters with a discussion ÷ quarters wholly within the unit's life."""
    first, last = life(book)
    discussed = {number for number, _ in _speeches(book, ("重点", "补充"))}
    spoken = [date(row["开始日期"]) for row in study(book) if text(row["序号"]) in discussed]
    done = {(day.month + 2) // 3 for day in spoken}
    whole = set()
    for quarter, end in {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}.items():
        start = dt.date(book.year, 3 * quarter - 2, 1)
        if first <= start and dt.date(book.year, *end) <= last:
            whole.add(quarter)
    return Fraction(len(done & whole), len(whole))


def m8(book: Book) -> Fraction:
    """Mandatory topics studied ÷ those to be learnt while the unit existed."""
    first, last = life(book)
    asked = {t["code"] for t in year_file(book.year)["topics"]
             if t["mandatory"] and first <= t["learn_by"] <= last}  # fmt: skip
    studied = {code for row in study(book) for code in text(row["专题编号"] or "").split("、")}
    return Fraction(len(asked & studied), len(asked))


def m9a(book: Book) -> Fraction:
    """Reports received ÷ reports due by the year's end, or come before they were due."""
    due = received = 0
    for row in study(book):
        came = date(row["报告报送日期"]) is not None
        week = date(row["结束日期"]) + dt.timedelta(days=7)
        received += came
        due += came or week <= dt.date(book.year, 12, 31)
    return Fraction(received, due)


def m9b(book: Book) -> Fraction:
    """Of those received, within seven days of the session's last day."""
    waits = [(date(r["报告报送日期"]) - date(r["结束日期"])).days for r in study(book)
             if date(r["报告报送日期"])]  # fmt: skip
    return Fraction(sum(wait <= 7 for wait in waits), len(waits))


def m11(book: Book) -> Fraction:
    """Members with a speech at a study session ÷ members of the year."""
    spoke = {name for _, name in _speeches(book, ("领学", "重点", "补充", "书面"))}
    names = {text(person["姓名"]) for person in members(book)}
    return Fraction(len(names & spoke), len(names))


def m14(book: Book) -> Fraction | None:
    """Leadership in post on 31 December with an account; None: not reported, or merged before."""
    end = dt.date(book.year, 12, 31)
    if life(book)[1] < end or not book.sheets["述学"]:
        return None
    post = {text(person["姓名"]) for person in members(book)
            if person["是否班子成员"] == "是" and in_post(person, end)}  # fmt: skip
    return Fraction(len(post & {text(row["姓名"]) for row in book.rows("述学")}), len(post))


SECOND = {
    "M1": m1, "M2": m2, "M2s": m2s, "M3": m3, "M3d": m3d, "M4": m4, "M4b": m4b, "M4c": m4c,
    "M5": m5, "M8": m8, "M9a": m9a, "M9b": m9b, "M11": m11, "M14": m14,
}  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("metric_id", SECOND)
def test_each_unit_s_figure_is_what_its_workbook_says(
    demo_home: Path, year: int, metric_id: str
) -> None:
    """The two computations agree, unit by unit, on values and on where there is none."""
    annual = load_annual(demo_home, year)
    second = {unit: SECOND[metric_id](book) for unit, book in books(year).items()}
    assert set(second) == set(annual.frames.unit_frame.index)
    differ = {}
    for unit, expected in second.items():
        value = annual.row(unit, metric_id)["value"]
        if expected is None:
            if value == value:
                differ[unit] = (value, None)
        elif value != pytest.approx(float(expected), abs=1e-12):
            differ[unit] = (value, float(expected))
    assert not differ


@pytest.mark.parametrize("year", YEARS)
def test_the_group_circular_s_first_figures_are_sums_over_workbooks(
    demo_home: Path, year: int
) -> None:
    """两级党委中心组共组织集体学习…次、研讨…场次、读书班…期: as the workbooks add up."""
    totals = load_annual(demo_home, year).of_group()
    printed = (str(totals.sessions), str(totals.discussions), str(totals.reading_classes))
    sums = tuple(str(sum(count(book) for book in books(year).values())) for count in (m1, m2, m3))
    assert printed == sums
    assert all(int(figure) > 10 for figure in printed)


def test_the_demo_holds_what_could_be_counted_wrong() -> None:
    """The comparison is worth something: every trap occurs in the year's workbooks."""
    rows = [row for book in books(2023).values() for row in book.rows("学习情况")]
    assert any(row["是否取消"] == "是" for row in rows)
    assert any(row["计入类别"] == "第一议题" for row in rows)
    assert any(row["联学编号"] for row in rows)
    assert any(date(row["结束日期"]) > date(row["开始日期"]) for row in rows)
    assert [b.unit for b in books(2023).values() if attendance(b) is None] == ["wangchuan"]
    assert any(len(book.rows("学习情况")) > len({
        (date(r["开始日期"]), r["学习主题"], r["主持人"]) for r in book.rows("学习情况")
    }) for book in books(2023).values())  # fmt: skip
    assert any(not book.sheets["述学"] for book in books(2023).values())


@pytest.mark.parametrize("year", YEARS)
def test_each_record_behind_a_figure_is_found_where_it_is_said_to_stand(
    demo_home: Path, year: int
) -> None:
    """File, sheet and line exist and hold something; a session's line holds its day and title.

    The records add up to the figure: Σ of what each adds to numerator and denominator.
    """
    annual = load_annual(demo_home, year)
    frames = YearFrames(annual.params, annual.units, annual.records)
    places: set[tuple[str, str, int]] = set()
    for metric in METRICS:
        rows = rows_behind(metric, frames)
        placed = rows[rows["file"].notna()]
        places |= set(zip(placed["file"], placed["sheet"], placed["row"], strict=True))
        if metric.metric_id in ("M4", "M4c"):
            continue
        for unit, parts in rows.groupby("unit_id")[["top", "bottom"]].sum().iterrows():
            figure = annual.row(str(unit), metric.metric_id)
            if figure["state"] in ("已报", "零"):
                assert parts["top"] == pytest.approx(figure["numerator"])
                if metric.kind != "count":
                    assert parts["bottom"] == pytest.approx(figure["denominator"])
    assert len(places) > 2000
    for file, sheet, row in places:
        lines = cells(demo_home / "data" / file)[sheet]
        assert 0 < row <= len(lines) and any(cell is not None for cell in lines[row - 1])
    sessions = rows_behind(METRICS[0], frames)
    assert len(sessions) > 100
    for session in sessions.itertuples():
        line = cells(demo_home / "data" / session.file)[session.sheet][session.row - 1]
        assert text(session.what) in {text(cell) for cell in line if cell is not None}
        days = [cell for cell in line if re.match(rf"{year}\D\d+\D\d+", text(cell))]
        assert session.date.date() in {date(cell) for cell in days}
