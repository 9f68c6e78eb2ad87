"""params/issue/<id>.yml: what may be issued together, under which number, by which date."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import ParameterError
from reportkit.params.issue import Issue, check_numbers, is_id, issues_of, load_issue
from reportkit.params.reading import parse_model

GOOD: dict[str, Any] = {
    "year": 2023, "documents": ["group", "dongling"], "number": "岱能党〔2024〕3号",
    "numbers": {"dongling": "岱能党〔2024〕4号"}, "signatory": "王芳", "date": "2024-01-12",
}  # fmt: skip


def text(**changes: Any) -> str:
    """The file, but for these fields; None takes one out."""
    content = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def read(**changes: Any) -> Issue:
    return parse_model(text(**changes), Issue, "params/issue/a1.yml")


def wrong(**changes: Any) -> str:
    with pytest.raises(ParameterError) as caught:
        read(**changes)
    assert str(caught.value).startswith("params/issue/a1.yml: ")
    return str(caught.value)


def test_each_document_bears_its_own_number() -> None:
    """The group's is number, a unit's stands under numbers; a 情况反馈 has none."""
    issue = read(documents=["group", "dongling", "xiling"])
    assert issue.number_of("group") == "岱能党〔2024〕3号"
    assert issue.number_of("dongling") == "岱能党〔2024〕4号"
    assert issue.number_of("xiling") == ""


@pytest.mark.parametrize(
    ("documents", "unit", "holds"),
    [
        (["group"], "group", True), (["group"], "dongling", False),
        (["units"], "dongling", True), (["units"], "group", False),
        (["units", "group"], "group", True), (["dongling"], "xiling", False),
    ],
)  # fmt: skip
def test_which_documents_it_holds(documents: list[str], unit: str, holds: bool) -> None:
    """`units` is every unit and never the group; another year or period is another document."""
    issue = read(documents=documents, number=None, numbers=None)
    assert issue.holds(unit, 2023, None) is holds
    assert not issue.holds(unit, 2022, None) and not issue.holds(unit, 2023, "2023Q3")


@pytest.mark.parametrize(
    "number",
    [
        "岱能党[2024]3号", "岱能党(2024)3号", "岱能党〔24〕3号", "岱能党〔2024〕03号",
        "岱能党〔2024〕第3号", "岱能党〔2024〕3", "〔2024〕3号", "岱能党〔2024〕0号",
        "岱能 党〔2024〕3号",
        "岱能党〔２０２４〕3号", "岱能党〔2024〕３号", "岱能党〔2024〕3号 ",
    ],
)  # fmt: skip
def test_a_number_is_written_as_the_standard_has_it(number: str) -> None:
    """Six-cornered brackets, the year in full, no 第, no leading zero, half-width digits."""
    for changes in ({"number": number}, {"numbers": {"dongling": number}}):
        told = wrong(**changes)
        assert "no 发文字号" in told and "岱能党〔2024〕3号" in told


def test_a_wrong_number_is_told_with_its_line() -> None:
    """The fourth of the file: year, documents (three lines), number."""
    assert "number: " in (told := wrong(number="岱能党2024-3号")) and "line 5" in told


def test_a_long_text_is_no_number() -> None:
    """It is refused; that this takes linear time is seen by `make benchmark`."""
    wrong(number="岱" * 50_000 + "〔2024〕" * 5_000)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"numbers": {"dongling": "岱能党〔2024〕3号"}}, "given to two documents"),
        ({"numbers": {"xiling": "岱能党〔2024〕5号"}}, "xiling is not among the documents"),
        ({"documents": ["dongling"]}, "number without group"),
        ({"documents": ["group", "dongling", "group"]}, "group twice"),
        ({"documents": [], "numbers": None}, "at least one"),
        ({"period": "2022Q3"}, "period 2022Q3 is not of 2023"),
        ({"period": "third"}, "third"),
        ({"corrects": "../a1"}, "is no id"),
        ({"corrects": "con"}, "is no id"),
        ({"edition": "masked"}, "one of formal, draft"),
        ({"date": "2024-02-30"}, "date"),
        ({"date": "二〇二四年一月"}, "a date as 2024-01-08"),
        ({"date": None}, "date: missing"),
        ({"signatory": None}, "signatory: missing"),
        ({"signatory": "  "}, "signatory"),
        ({"signatory": 7}, "signatory"),
        ({"year": True}, "no number"),
        ({"year": "last"}, "a whole number"),
        ({"seal": "x.png"}, "seal: no such field"),
    ],
)
def test_what_contradicts_itself_is_refused(changes: dict[str, Any], said: str) -> None:
    """Before anything is made, with the field and what is the matter."""
    assert said in wrong(**changes)


def test_a_date_is_never_made_up() -> None:
    """Without one there is no issue: the clock is no date of a document."""
    assert "date: missing" in wrong(date=None) and read().date.isoformat() == "2024-01-12"


@pytest.mark.parametrize("name", ["2023-annual", "a", "0", "a" * 60, "com10", "con-1"])
def test_ids_that_name_a_folder_on_any_system(name: str) -> None:
    """Small letters, digits and -."""
    assert is_id(name)


@pytest.mark.parametrize(
    "name",
    ["", "A1", "a_1", "a.1", "-a", "a/b", "..", ".new-a", "a b", "二〇", "a" * 61, "a\n", "a\\b",
     "con", "nul", "prn", "aux", "com1", "lpt9", "com0", "a:b"],
)  # fmt: skip
def test_ids_that_do_not(tmp_path: Path, name: str) -> None:
    """Windows' devices among them; none of them is looked for on the disk."""
    assert not is_id(name)
    with pytest.raises(ParameterError) as caught:
        load_issue(tmp_path, name)
    assert "2023-annual" in str(caught.value)


@given(st.text(max_size=12))
def test_an_id_never_leads_out_of_its_folder(name: str) -> None:
    """Whatever is typed: what passes is one plain name."""
    if is_id(name):
        assert Path("issued", name).parts == ("issued", name) and name == name.lower().strip()


def test_an_id_without_a_file_is_answered_with_those_there_are(tmp_path: Path) -> None:
    """So that a slip of the pen is seen."""
    folder = tmp_path / "params" / "issue"
    folder.mkdir(parents=True)
    with pytest.raises(ParameterError, match="none yet"):
        load_issue(tmp_path, "a1")
    for name in ("b2", "a2"):
        (folder / f"{name}.yml").write_text(text(), encoding="utf-8")
    with pytest.raises(ParameterError, match="a2, b2"):
        load_issue(tmp_path, "a1")


def write(home: Path, name: str, **changes: Any) -> None:
    path = home / "params" / "issue" / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(**changes), encoding="utf-8")


def test_what_issues_a_document(tmp_path: Path) -> None:
    """Its issue by id; corrections aside; of a document that nobody issues, nothing."""
    assert issues_of(tmp_path, "group", 2023, None) == []
    write(tmp_path, "a1")
    write(tmp_path, "c1", corrects="a1")
    assert [name for name, _ in issues_of(tmp_path, "group", 2023, None)] == ["a1"]
    assert issues_of(tmp_path, "xiling", 2023, None) == []


def test_two_issues_of_one_document_are_refused(tmp_path: Path) -> None:
    """Both are named: a document has one number and one date. `units` counts for each."""
    write(tmp_path, "a1")
    write(tmp_path, "b1", documents=["units"], number=None, numbers=None)
    with pytest.raises(ParameterError, match=r"dongling of 2023 is issued by a1 and by b1"):
        issues_of(tmp_path, "dongling", 2023, None)
    assert [name for name, _ in issues_of(tmp_path, "xiling", 2023, None)] == ["b1"]


def test_an_edited_file_counts_at_once(tmp_path: Path) -> None:
    """Though what was read is kept: another size or time of change is another file."""
    write(tmp_path, "a1")
    assert issues_of(tmp_path, "group", 2023, None)[0][1].signatory == "王芳"
    write(tmp_path, "a1", signatory="赵敏")
    os.utime(tmp_path / "params" / "issue" / "a1.yml", ns=(1, 1))
    assert issues_of(tmp_path, "group", 2023, None)[0][1].signatory == "赵敏"
    (tmp_path / "params" / "issue" / "a1.yml").unlink()
    assert issues_of(tmp_path, "group", 2023, None) == []


def test_a_damaged_file_among_them_is_named(tmp_path: Path) -> None:
    """It may be the one that matters: nothing is passed over in silence."""
    write(tmp_path, "a1")
    (tmp_path / "params" / "issue" / "b1.yml").write_text("year: [", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"params/issue/b1\.yml"):
        issues_of(tmp_path, "group", 2023, None)


def test_a_file_whose_name_is_no_id_is_named(tmp_path: Path) -> None:
    """A backup beside it (a1 copy.yml) is told of, not issued."""
    write(tmp_path, "a1 副本")
    with pytest.raises(ParameterError, match="file's name"):
        issues_of(tmp_path, "group", 2023, None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date": "2023-12-31", "number": "岱能党〔2024〕3号"}, "expected: 〔2023〕"),
        ({"date": "2022-12-31"}, "lies before 2023"),
    ],
)
def test_number_and_date_are_of_one_year(changes: dict[str, Any], said: str) -> None:
    """A number of 2024 goes with no day of another year; no paper is older than its year."""
    assert said in wrong(**changes)


def test_numbers_and_days_are_held_against_other_issues(tmp_path: Path) -> None:
    """A number is given once, also to corrections; a correction is not older than its paper."""
    folder = tmp_path / "params" / "issue"
    folder.mkdir(parents=True)
    (folder / "a1.yml").write_text(text(), encoding="utf-8")
    correction = {"documents": ["group"], "numbers": {}, "corrects": "a1"}

    def check(**changes: Any) -> None:
        (folder / "c1.yml").write_text(text(**correction, **changes), encoding="utf-8")
        check_numbers(tmp_path, "c1", load_issue(tmp_path, "c1"))

    check(number="岱能党〔2024〕9号", date="2024-01-12")
    for number in ("岱能党〔2024〕3号", "岱能党〔2024〕4号"):
        with pytest.raises(ParameterError, match="is also that of params"):
            check(number=number, date="2024-02-01")
    with pytest.raises(ParameterError, match="what it corrects is of 2024-01-12"):
        check(number="岱能党〔2024〕9号", date="2024-01-11")
