"""The order of units and of rows never matters, and tables keep their keys."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from typing import Any

from across_support import GROUP, D, Sent, clone, parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.records.across import settle
from reportkit.records.identity import unit_by_name
from reportkit.records.issues import Log
from reportkit.records.office import OfficeRecords, read_office
from reportkit.records.opening import Grid
from reportkit.records.schemas import TABLES

_UNITS = ("hq", "aa", "bb", "cc", "old", "elder")
_NAMES = ("张伟", "李娜", "王强", "赵敏")


def invented(seed: int) -> list[Sent]:
    """Units that clash in every way there is, from few names, days, titles and numbers."""
    rng = random.Random(seed)
    sent = []
    for unit_id in _UNITS:
        each = Sent(unit_id)
        for n, name in enumerate(rng.sample(_NAMES, rng.randint(1, 4))):
            number = rng.choice((None, f"{n}", f"{_NAMES.index(name)}00"))
            each.member(name, number, until=rng.choice((None, D(2023, 3, 31), D(2023, 6, 30))))
        names = [row["name"] for row in each.part.rows["members"]]
        for n in range(1, rng.randint(1, 6)):
            there = rng.sample(names, rng.randint(0, len(names)))
            each.session(
                n, D(2023, 3, rng.randint(1, 4)), rng.choice("甲乙"), there=there,
                host=rng.choice((None, *names)), joint_id=rng.choice((None, None, "LX1", "LX2")),
                cancelled=rng.random() < 0.1,
            )  # fmt: skip
            if there and rng.random() < 0.5:
                each.speech(n, there[0])
        for name in names:
            if rng.random() < 0.5:
                each.account(name)
        for _ in range(rng.randint(0, 3)):
            other = rng.choice([u for u in _UNITS if u != unit_id])
            each.visit(rng.choice(("旁听", "被旁听")), other, D(2023, 3, rng.randint(1, 8)))
        each.part.rows["visits"] = list(
            {v["visit_id"]: v for v in each.part.rows["visits"]}.values()
        )
        for n in range(rng.randint(0, 4)):
            each.practice(n, f"做法{n}")
        sent.append(each)
    return sent


def office() -> OfficeRecords:
    """The office's workbook: notes, ratings and pairings of people who may not be there."""
    sheets: dict[str, list[list[Any]]] = {
        "笔记抽查": [["单位", "姓名", "抽查日期", "评价"],
                 *[[u, n, "2023-05-05", "好"] for u in ("AA", "OLD") for n in _NAMES]],
        "发言评议": [["单位", "学习序号", "姓名", "是否联系实际", "有无具体措施"],
                 *[["AA", n, name, "是", "否"] for n in (1, 2) for name in _NAMES]],
        "旁听评价": [["旁听单位", "被旁听单位", "旁听日期", "评价"],
                 *[["AA", "BB", f"2023-03-0{n}", "优秀"] for n in (1, 2, 3)]],
        "旁听结对": [["组别", "单位"], [1, "AA"], [1, "BB"], [2, "CC"], [2, "HQ"]],
    }  # fmt: skip
    grids = [Grid(name, rows) for name, rows in sheets.items()]
    return read_office(grids, unit_by_name(GROUP), parameters(), Log("checks/2023.xlsx"))


def outcome(sent: list[Sent]) -> tuple[Any, ...]:
    """All rows, states and issues after settling, rows as a set, issues in their order."""
    checks = office()
    settle([each.part for each in sent], GROUP, parameters(), checks)
    by_unit = sorted(sent, key=lambda each: each.unit_id)
    rows = [
        (each.unit_id, table, sorted(repr(sorted(r.items(), key=repr)) for r in found))
        for each in by_unit
        for table, found in sorted(each.part.rows.items())
    ]
    logs = [
        [dataclasses.asdict(i) for log in each.part.logs.values() for i in log.issues]
        for each in by_unit
    ]
    states = [(each.unit_id, each.part.states) for each in by_unit]
    return rows, states, logs, checks.rows, [dataclasses.asdict(i) for i in checks.log.issues]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_units_and_rows_never_matters(seed: int, rng: random.Random) -> None:
    """Shuffled units and rows give the same rows, states and issues."""
    sent = invented(seed)
    shuffled = clone(*sent)
    rng.shuffle(shuffled)
    for each in shuffled:
        for rows in each.part.rows.values():
            rng.shuffle(rows)
    assert outcome(shuffled) == outcome(sent)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_settled_keeps_the_tables_keys_and_references(seed: int) -> None:
    """Over all units each key is unique; attendance and speeches have their session."""
    sent = invented(seed)
    before = {s.unit_id: Counter(t for t, rows in s.part.rows.items() for _ in rows) for s in sent}
    checks = office()
    settle([each.part for each in sent], GROUP, parameters(), checks)
    for name in ("members", "sessions", "attendance", "accounts", "visits", "note_checks"):
        rows = [r for each in sent for r in each.part.rows.get(name, ())] + checks.rows.get(
            name, []
        )
        keys = Counter(tuple(row[c] for c in TABLES[name].key) for row in rows)
        assert [key for key, n in keys.items() if n > 1] == []
        for row in rows:
            assert set(row) == set(TABLES[name].column_names)
    for each in sent:
        sessions = {row["session_id"] for row in each.part.rows["sessions"]}
        people = {row["person_id"] for row in each.part.rows["members"]}
        for table in ("attendance", "speeches"):
            for row in each.part.rows[table]:
                assert row["session_id"] in sessions and row["person_id"] in people
        # Whatever went out was said: at least one issue for each row of a table of its own.
        for table in ("sessions", "accounts", "members"):
            gone = before[each.unit_id][table] - len(each.part.rows[table])
            sheet = {"sessions": "学习情况", "accounts": "述学", "members": "成员名单"}[table]
            said = [
                i for log in each.part.logs.values() for i in log.issues
                if i.severity == "corrected" and i.sheet == sheet
            ]  # fmt: skip
            assert gone == len(said)
