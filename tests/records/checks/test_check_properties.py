"""Several files of one unit: what holds of any of them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from checks_support import (
    FIRST,
    SESSION_HEADER,
    SIGN_IN,
    SPEECHES,
    D,
    as_file,
    changed,
    check,
    facts,
    issues,
    month,
    right_book,
    session,
    small,
    told,
)
from hypothesis import given, settings
from hypothesis import strategies as st


def test_the_order_of_the_files_never_matters() -> None:
    """Three files that overlap and contradict each other, in all six orders."""

    def files() -> list[Any]:
        q1 = changed(right_book(), "学习情况", 1, 学时=3, 主持人="李娜")
        return [
            as_file(q1, "q1.xlsx", "2023Q1", D(2023, 4, 1)),
            as_file(right_book(), "year.xlsx", "2023", D(2024, 1, 2)),
            month(session(1, D(2023, 3, 20), "别的"), session(2, FIRST, 主持人=None)),
        ]  # fmt: skip

    def outcome(order: tuple[int, ...]) -> Any:
        made = files()
        records = check(*(made[n] for n in order))
        return records.rows, records.files, [
            (i.file, i.code, i.cell, i.found) for i in issues(records)
        ]  # fmt: skip

    first = outcome((0, 1, 2))
    assert any(code == "files_contradict" for _, code, _, _ in first[2])
    for order in itertools.permutations(range(3)):
        assert outcome(order) == first


def test_monthly_files_give_the_tables_of_one_file() -> None:
    """Each month's sessions with their speeches and makeups, the roster in every file."""
    book = right_book()
    book["学习情况"].append(session(4, D(2023, 3, 20), "调研成果交流"))
    book["研讨发言"].append([2, "李娜", "重点", "有", 1])
    whole = check(as_file(book))
    parts = []
    for number, name in ((3, "2023-03"), (8, "2023-08"), (9, "2023-09")):
        rows = [r for r in book["学习情况"][1:] if r[1].month == number]
        mine = {row[0] for row in rows}
        part = {**book, "学习情况": [SESSION_HEADER, *rows]}
        for sheet in ("研讨发言", "补学记录"):
            part[sheet] = [book[sheet][0], *(r for r in book[sheet][1:] if r[0] in mine)]
        parts.append(as_file(part, f"{name}.xlsx", name))
    records = check(*parts)
    assert facts(records) == facts(whole)
    assert told(records) == []


@given(
    days=st.lists(st.integers(0, 364), min_size=1, max_size=12, unique=True),
    part=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    seed=st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_however_sessions_are_split_over_files_the_tables_are_the_same(
    days: list[int], part: list[int], seed: Any
) -> None:
    """Any sessions of a year in up to four files, handed over in any order."""
    rows = [
        session(n, D(2023, 1, 1) + dt.timedelta(days=day), f"第{day}日的学习", 主持人=None)
        for n, day in enumerate(days, start=1)
    ]
    speeches = [[n, "李娜", "重点", "有", None] for n in range(1, len(days) + 1)]
    whole = check(as_file(small(*rows, 研讨发言=[SPEECHES, *speeches])))
    files = []
    for file in sorted(set(part[: len(days)])):
        mine = [n for n in range(len(days)) if part[n] == file]
        book = small(*(rows[n] for n in mine), 研讨发言=[SPEECHES, *(speeches[n] for n in mine)])
        files.append(as_file(book, f"part-{file}.xlsx", f"2023Q{file + 1}"))
    seed.shuffle(files)
    assert facts(check(*files)) == facts(whole)


def test_one_file_under_two_names_changes_nothing_but_notes() -> None:
    """Also where its rows are faulty, and two rows of a sheet have one key."""
    book = changed(right_book(), "学习情况", 1, 主持人="陌生人", 实到=9)
    book["学习情况"] += [session(4, FIRST, 学时=1), session(5, FIRST, 学时=3)]
    book["签到表"] = [SIGN_IN, [4, "张伟", "出席"], [4, "李娜", "公务"]]
    book["研讨发言"] += [[1, "赵敏", "重点", "无", 3], [4, "张伟", "重点", "有", None]]
    book["计划内容"] += [[3, "2023年3月", "学习专题一", "2023-01"]]
    once = check(as_file(book))
    twice = check(as_file(book), as_file(book, "aa (2).xlsx"))
    assert facts(twice) == facts(once)
    assert told(twice, "files_contradict") == []
