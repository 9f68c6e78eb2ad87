"""What is wrong with a file of parameters is told in plain words, with its place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.params import load_year

ROOT = Path(__file__).resolve().parents[2]


def refusal(tmp_path: Path, text: str) -> ParameterError:
    """The error of loading a year's file with this text."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "2023.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_year(tmp_path, 2023)
    assert caught.value.where == "params/2023.yml"
    return caught.value


def edited(old: str, new: str) -> str:
    """The demo's year with one place changed."""
    text = (ROOT / "params" / "2023.yml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(("text", "place", "what"), [
    ("year: 2023\n\tcutoff: x", "line 2, column 1", "a tab"),
    ("metrics:\n \t report_days: 7", "line 2, column 2", "a tab"),
    ("\ufeffmetrics:\n\treport_days: 7", "line 2, column 1", "a tab"),
    ("year：2023\ncutoff: 2023-12-31", "line 1, column 5", "full-width"),
    ("year: 2023\ncutoff：2023-12-31\nissued_on: x\n", "line 2, column 7", "full-width"),
    ("a:\n  - b: {c: 1}\n  - b：\n    - d\n    e: 1\n", "line 3, column 6", "full-width"),
    ("year: 2023\ncutoff：2023-12-31", "line 2, column 7", "full-width"),
    ("二.（一）：[aa/1]\n二.（二）: [aa/2]", "line 1, column 6", "full-width"),
    ("year:2023\ncutoff: 2023-12-31", "line 1, column 5", "no space behind the colon"),
    ("a: 1\nb: \"x\nc: 1\nd: 2\n", "line 2, column 4", "quotation mark opened here"),
    ("a: 1\nb: 'x\n", "line 2, column 4", "quotation mark opened here"),
    ("a: 1\nb: [x, y\nc: 1", "line 2, column 4", "bracket opened here"),
    ("a: 1\nb: {x: 1\nc: 1", "line 2, column 4", "brace opened here"),
    ("a: b: c", "line 1, column 5", "a colon where none can stand"),
    ("a: 1\nb: @x", "line 2, column 4", "quotation marks"),
    ("a: *x", "line 1, column 4", "quotation marks"),
    ("a: !x 1", "line 1, column 4", "quotation marks"),
    ("a:\n  - b: 1\n   c: 2\n", "line 3, column 4", "indentation"),
    ("a: 甲\n乙: \x07", "line 2, column 4", "control character"),
    ("? [a]\n: b", "line 1, column 3", "where a key should"),
])  # fmt: skip
def test_what_is_no_yaml_is_told_by_line_and_column(
    tmp_path: Path, text: str, place: str, what: str
) -> None:
    """The line that is wrong, not the one at which YAML noticed; what is usual; what to do."""
    error = refusal(tmp_path, text)
    assert error.found.startswith(f"{place}: ") and what in error.found, error.found
    for usual in ("spaces, never with a tab", "half-width colon and a space", "closed"):
        assert usual in error.expected
    assert error.next_step == f"correct {place.partition(',')[0]} and run again"
    assert "unicode string" not in str(error)


def test_a_key_that_stands_twice_is_told_with_what_to_do(tmp_path: Path) -> None:
    """It is well-formed: nothing is said of tabs and colons."""
    error = refusal(tmp_path, "year: 2023\nyear: 2022")
    assert error.found == "line 2: the key 'year' stands twice"
    assert (error.expected, error.next_step) == (
        "each key once", "leave one of the two and run again",
    )  # fmt: skip


def test_a_day_that_does_not_exist_is_told_with_what_a_date_is(tmp_path: Path) -> None:
    """Likewise."""
    error = refusal(tmp_path, "cutoff: 2023-02-30")
    assert error.found == "line 1: '2023-02-30' is no date"
    assert "2024-01-08" in error.expected and error.next_step


@pytest.mark.parametrize(("old", "new", "found", "expected"), [
    ("comparison: below", "comparison: under",
     "rules.mandatory_topics.comparison: found 'under'", "one of below, above"),
    ("[出席, 视频]", "[出席, 视屏]", "metrics.attendance.present.1: found '视屏'",
     "one of 出席, 视频, 公务假, 病事假, 请假（原因不明）, 缺席, 未记"),
    ("[出席, 视频]", "出席", "metrics.attendance.present: found '出席'", "a list, as [a, b]"),
    ("[出席, 视频]", "[]", "metrics.attendance.present: found an empty list",
     "at least one entry"),
    ("report_days: 7", "report_days: 7.5", "metrics.report_days: found 7.5", "a whole number"),
    ("report_days: 7", "report_days: 七", "metrics.report_days: found '七'", "a whole number"),
    ("report_days: 7", "report_days: yes", "metrics.report_days: found 'yes'", "a whole number"),
    ("report_days: 7", "report_days: true", "metrics.report_days: no number (found true)",
     "a number"),
    ("report_days: 7", "report_days: -7", "metrics.report_days: found -7", "0 or more"),
    ("half_day_hours: 4", "half_day_hours: 0", "metrics.half_day_hours: found 0", "more than 0"),
    ("half_day_hours: 4", "half_day_hours: 40", "metrics.half_day_hours: found 40", "24 or less"),
    ("report_days:", "report_day:", "metrics.report_day: no such field", "report_days"),
    ("minimum_peers: 8", "peers: 8", "comparison.peers: no such field",
     "one of minimum_peers, minimum_person_times"),
    ("cutoff: 2023-12-31", "cutoff: 年底", "cutoff: found '年底'", "a date as 2024-01-08"),
    ("cutoff: 2023-12-31", "cutoff:", "cutoff: found nothing", "a date as 2024-01-08"),
    ("cutoff: 2023-12-31", "", "cutoff: missing", "the field with its value"),
    ("threshold: 1.0", "threshold: 八成", "rules.mandatory_topics.threshold: found '八成'",
     "a number"),
    ("mandatory: true", "mandatory: 是", "topics.2023-01.mandatory: found '是'", "true or false"),
    ("rule_id: attendance", "rule_id: 参学率", "rules.参学率.rule_id: found '参学率'",
     "small letters, digits and _, beginning with a letter"),
    ("metrics:\n", "metrics: 3\nattendance:\n", "metrics: found 3", "keys and values"),
    ("[M15, M17]", "[M15, 17]", "switched_off.1: found 17", "text (a number as text needs"),
    ("[M15, M17]", "[M15, m17]", "switched_off: 'm17' is no metric's number", "as M15 or M17b"),
    ("2023Q1:", "2023Q5:", "periods: period '2023Q5' is none",
     "a quarter or a half-year, as 2023Q3 or 2023H1"),
    ("issued_on: 2024-01-08", "issued_on: 2023-12-08",
     "issued_on 2023-12-08 lies before cutoff 2023-12-31", "values as the comments"),
])  # fmt: skip
def test_a_wrong_field_is_told_in_plain_words(
    tmp_path: Path, old: str, new: str, found: str, expected: str
) -> None:
    """The field, what stands there, and what may: no word of our types."""
    error = refusal(tmp_path, edited(old, new))
    assert error.found.startswith(found), error.found
    assert expected in error.expected, error.expected
    assert re.fullmatch(r"correct (lines? [\d, ]+|the field) and run again", error.next_step)
    for jargon in ("tuple", "parse", "Input", "datetime", "permitted", "NoneType"):
        assert jargon not in str(error)


def test_of_several_wrong_fields_each_has_what_was_expected(tmp_path: Path) -> None:
    """Told side by side, at most five of them."""
    error = refusal(tmp_path, edited("year: 2023\ncutoff: 2023-12-31", "year: x\ncutoff: y"))
    assert error.found == "year: found 'x'; cutoff: found 'y'"
    assert error.expected == "year: a whole number; cutoff: a date as 2024-01-08"
    shutil.rmtree(tmp_path / "params")
    many = refusal(tmp_path, "{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1}")
    assert many.found.count(": ") == 5


def test_a_full_width_colon_within_braces_is_told(tmp_path: Path) -> None:
    """There it is YAML, and a key that nobody knows."""
    error = refusal(tmp_path, edited('code: "2023-01"', 'code："2023-01"'))
    assert "topics.0.code: missing" in error.found and "a full-width colon" in error.found
