"""Reading in several processes: a file that kills its process is refused, and no other."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import Any, cast

from records_support import Home, right_book

from reportkit.records.importing.gathering import Found
from reportkit.records.importing.pool import read_groups
from reportkit.records.importing.year import setting_of


class DeadlyPath:
    """A path that ends the process to which it is sent."""

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return os._exit, (9,)


def deadly(name: str) -> Found:
    """A file whose reading ends the process, as one does that exhausts the memory."""
    return Found(cast(Path, DeadlyPath()), f"submissions/2023/{name}")


def good(home: Home, unit: str) -> Found:
    """A right workbook of a unit."""
    book = right_book()
    book["封面"][0][1] = {"aa": "甲岭矿业有限公司", "bb": "乙川冶炼有限公司"}[unit]
    home.put(book, f"{unit}.xlsx")
    return Found(home.folder / f"{unit}.xlsx", f"submissions/2023/{unit}.xlsx")


def test_a_file_that_kills_its_process_is_refused_alone(home: Home) -> None:
    """Its neighbour of the same unit is read, and so is every other unit."""
    groups = [
        [good(home, "aa"), deadly("aa-2.xlsx")],
        [deadly("x.xlsx")],
        [good(home, "bb")],
    ]
    done: list[int] = []
    results = read_groups(setting_of(home.root, 2023), groups, jobs=2, advance=done.append)
    states = {
        PurePath(file.report.file).name: file.report.state
        for result in results
        for file in result.files
    }
    assert states == {
        "aa.xlsx": "accepted", "aa-2.xlsx": "refused", "x.xlsx": "refused", "bb.xlsx": "accepted"
    }  # fmt: skip
    assert [set(result.records) for result in results] == [{"aa"}, set(), {"bb"}]
    assert sum(done) == 4
    (issue,) = results[1].files[0].log.issues
    assert "异常终止" in issue.found and issue.severity == "refused"


def test_several_processes_and_one_read_the_same(home: Home) -> None:
    """Also in which order they come."""
    groups = [[good(home, "bb")], [good(home, "aa")]]
    setting = setting_of(home.root, 2023)
    one, two = (read_groups(setting, groups, jobs=jobs) for jobs in (1, 2))
    assert [r.records.keys() for r in one] == [r.records.keys() for r in two]
    for a, b in zip(one, two, strict=True):
        (unit,) = a.records
        assert a.records[unit].rows == b.records[unit].rows and a.records[unit].rows["sessions"]
