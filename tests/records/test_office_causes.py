"""What all units have in common is asked of the office's parameters first."""

from __future__ import annotations

import datetime as dt

import pytest
from records_support import YEAR, Home, right_book

from reportkit.params import YearParams
from reportkit.params.reading import parse_model
from reportkit.records.checks import UnitRecords
from reportkit.records.importing.causes import office_causes
from reportkit.records.importing.files import FileRead
from reportkit.records.importing.report import FileReport
from reportkit.records.issues import Log

PARAMS = parse_model(YEAR, YearParams, "params/2023.yml")


def sent(unit: str, *codes: str, state: str = "accepted") -> FileRead:
    """One unit's file, and what was refused in it."""
    log = Log(f"submissions/2023/{unit}.xlsx")
    for code in codes:
        log.add(code, "见单元格", "应填", sheet="学习情况", cell="I2")
    return FileRead(FileReport(log.file, state, unit_id=unit), log)  # type: ignore[arg-type]


def learnt(*codes: str) -> UnitRecords:
    """A unit's records with these topics."""
    return UnitRecords("aa", rows={"session_topics": [{"topic_code": code} for code in codes]})


BOTH = {unit: learnt("2023-01", "2023-02") for unit in "abc"}


@pytest.mark.parametrize(("files", "records", "found"), [
    ([sent(unit, "topic", "hours") for unit in "abc"], BOTH, 2),
    ([sent(unit, "topic") for unit in "ab"] + [sent("c", "hours")], BOTH, 0),  # not all
    ([sent(unit, "topic") for unit in "ab"], {}, 0),  # of two it may be chance
    ([sent(unit, "file", state="refused") for unit in "abc"], {}, 1),
    ([sent(unit, "total_mismatch") for unit in "abc"], BOTH, 0),  # a warning is no refusal
    ([sent(unit) for unit in "abc"], {unit: learnt("2023-02") for unit in "abc"}, 1),
    ([sent(unit) for unit in "abc"], {**BOTH, "c": learnt()}, 0),
])  # fmt: skip
def test_what_all_units_have_in_common(
    files: list[FileRead], records: dict[str, UnitRecords], found: int
) -> None:
    """Refused of every unit for one reason, or learnt by none: told with the field to look at."""
    log = office_causes(files, records, PARAMS)
    assert len(log.issues if log else ()) == found
    for issue in log.issues if log else ():
        assert issue.file == "params/2023.yml" and issue.severity == "warned"
        assert "全部" in issue.found and "本级参数" in issue.action


def test_a_topic_that_is_not_yet_due_may_be_learnt_by_none() -> None:
    """Its time runs beyond the cutoff."""
    late = [t.model_copy(update={"learn_by": dt.date(2024, 6, 30)}) for t in PARAMS.topics]
    params = PARAMS.model_copy(update={"topics": tuple(late)})
    assert office_causes([], {unit: learnt() for unit in "abc"}, params) is None


def test_an_import_names_them_first(home: Home) -> None:
    """Three units' cells refused for a topic that the year's file codes otherwise."""
    path = home.root / "params" / "2023.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"2023-01"', '"2023-1"'), encoding="utf-8"
    )
    for unit in ("甲岭矿业有限公司", "乙川冶炼有限公司", "丙湾物流有限公司"):
        book = right_book()
        book["封面"][0][1] = unit
        home.put(book, name=f"{unit}.xlsx")
    first = home.run().issues[0]
    assert (first.file, first.code) == ("params/2023.yml", "all_units")
    assert "3家单位全部" in first.found and "topics" in first.expected
