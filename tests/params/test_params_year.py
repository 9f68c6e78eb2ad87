"""params/<year>.yml: rules, topics, words and dates, checked against each other on load."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from reportkit.params import Letterhead, Quantifiers, Rule, YearParams, load_year, rules
from reportkit.params import year as declared
from reportkit.records.schemas import allowed


def rule(**fields: Any) -> dict[str, Any]:
    """A rule that loads."""
    return {
        "rule_id": "attendance", "theme": "t", "metric": "M4", "comparison": "below",
        "threshold": 0.8, "unit_pattern": "参学率{value}", "group_pattern": "{quantifier}偏低",
        "requirement": "严格考勤", "deadline": "2024-06-30", **fields,
    }  # fmt: skip


def year(**fields: Any) -> dict[str, Any]:
    """A year that loads."""
    return {
        "year": 2023, "cutoff": "2023-12-31", "issued_on": "2024-01-08", "topics": [],
        "archive_items": ["签到簿", "学习记录簿", "研讨发言簿"],
        "themes": [{"key": "t", "title": "题"}], "rules": [rule()], **fields,
    }  # fmt: skip


@pytest.mark.parametrize("pattern", [
    "{value.__class__}", "{value!r}", "{value:>9}", "{value[0]}", "{0}", "{}", "{Value}", "{数}",
    "{value", "{{value}}", "{unknown}", "{quantifier}", "{ value }", "${line.x}",
])  # fmt: skip
def test_a_pattern_reaches_nothing_but_plain_names(pattern: str) -> None:
    """No attribute, index, conversion or unknown name; nothing left open."""
    with pytest.raises(ValidationError, match="unit_pattern may hold"):
        Rule.model_validate(rule(unit_pattern=pattern))


@pytest.mark.parametrize("pattern", ["{value}低", "{quantifier}{value}", "{quantifier.x}"])
def test_a_group_pattern_takes_the_quantifier_alone(pattern: str) -> None:
    """The group circular has no figures: {value} in its pattern does not load."""
    with pytest.raises(ValidationError, match="group_pattern may hold"):
        Rule.model_validate(rule(group_pattern=pattern))


def test_a_group_pattern_needs_its_quantifier() -> None:
    """A sentence without 个别 or 部分 would speak of everyone."""
    with pytest.raises(ValidationError, match="needs"):
        Rule.model_validate(rule(group_pattern="参学率偏低"))


def test_a_group_pattern_holds_its_quantifier_once() -> None:
    """Twice, the sentence would count two shares of units."""
    with pytest.raises(ValidationError, match=r"needs {quantifier} once; .* holds it 2 times"):
        Rule.model_validate(rule(group_pattern="{quantifier}偏低，{quantifier}不严"))


@pytest.mark.parametrize("field", ["unit_pattern", "none_pattern", "group_pattern", "requirement"])
@pytest.mark.parametrize("blank", [" ", "　", "\n"])
def test_a_rule_s_sentences_say_something(field: str, blank: str) -> None:
    """A blank one would be printed as a stop behind nothing."""
    with pytest.raises(ValidationError, match="says nothing"):
        Rule.model_validate(rule(**{field: blank}))


@pytest.mark.parametrize("fields", [
    {"threshold": float("nan")}, {"threshold": float("inf")}, {"threshold": "80%"},
    {"comparison": "under"}, {"rule_id": "Bad Id"}, {"rule_id": "a-b"}, {"thresold": 0.8},
    {"deadline": "2024-02-30"}, {"deadline": None}, {"minimum_n": 0}, {"minimum_n": True},
    {"threshold": True}, {"requirement": ""},
])  # fmt: skip
def test_a_wrong_rule_is_refused(fields: dict[str, Any]) -> None:
    """A line that nothing can cross, a word misspelt, a day that is none."""
    with pytest.raises(ValidationError):
        Rule.model_validate(rule(**fields))


@pytest.mark.parametrize(("fields", "word"), [
    ({"rules": [rule(), rule()]}, "rule_id is used twice"),
    ({"rules": [rule(theme="x")]}, "theme 'x' is not in themes"),
    ({"themes": [{"key": "t", "title": "a"}, {"key": "t", "title": "b"}]}, "theme key"),
    ({"topics": [{"code": "1", "name": n, "issued_on": "2023-01-01", "learn_by": "2023-02-01"}
                 for n in "ab"]}, "topic code"),
    ({"archive_items": ["签到簿"]}, "学习记录簿、研讨发言簿 are not in archive_items"),
    ({"cutoff": "2024-01-01"}, "does not lie in 2023"),
    ({"rules": [rule(deadline="2023-06-30")]}, "deadline 2023-06-30 lies before issued_on"),
    ({"issued_on": "2023-12-30"}, "issued_on 2023-12-30 lies before cutoff 2023-12-31"),
    ({"topics": [{"code": "1", "name": "a", "issued_on": "2023-03-02", "learn_by": "2023-03-01"}]},
     "learn_by 2023-03-01 lies before issued_on 2023-03-02"),
    ({"issue_on": "2024-01-08"}, "Extra inputs"),
    ({"metrics": {"report_day": 7}}, "Extra inputs"),
])  # fmt: skip
def test_parameters_that_contradict_each_other_are_refused(
    fields: dict[str, Any], word: str
) -> None:
    """On load, before anything is computed; last year's deadlines left in a copy among them."""
    with pytest.raises(ValidationError, match=word):
        YearParams.model_validate(year(**fields))


def test_a_deadline_on_the_day_of_issue_loads() -> None:
    """The line itself is in order."""
    loaded = YearParams.model_validate(year(rules=[rule(deadline="2024-01-08")]))
    assert loaded.rules[0].deadline == loaded.issued_on


def test_an_issue_on_the_cutoff_and_a_topic_of_one_day_load() -> None:
    """As do these lines."""
    topic = {"code": "1", "name": "a", "issued_on": "2023-03-01", "learn_by": "2023-03-01"}
    loaded = YearParams.model_validate(year(issued_on="2023-12-31", topics=[topic]))
    assert loaded.issued_on == loaded.cutoff


@pytest.mark.parametrize(("fields", "field"), [
    ({"attendance": {"present": []}}, "metrics.attendance.present"),
    ({"attendance": {"roles": []}}, "metrics.attendance.roles"),
    ({"study_sessions": []}, "metrics.study_sessions"),
    ({"discussion_speeches": []}, "metrics.discussion_speeches"),
])  # fmt: skip
def test_a_convention_that_counts_nothing_is_refused(fields: dict[str, Any], field: str) -> None:
    """No status is 到会, no one is due, no session counts: every figure would be zero or none."""
    with pytest.raises(ValidationError, match=rf"{field}\n.*at least 1 item"):
        YearParams.model_validate(year(metrics=fields))


def test_a_status_is_present_or_left_out() -> None:
    """In both it would be counted as there and not be counted; left_out may be empty."""
    both = {"present": ["出席", "公务假"], "left_out": ["未记", "公务假"]}
    with pytest.raises(ValidationError, match="公务假 stands in present and in left_out"):
        YearParams.model_validate(year(metrics={"attendance": both}))
    with pytest.raises(ValidationError, match="未记 stands in present and in left_out"):
        YearParams.model_validate(year(metrics={"attendance": {"present": ["出席", "未记"]}}))
    loaded = YearParams.model_validate(year(metrics={"attendance": {"left_out": []}}))
    assert loaded.metrics.attendance.left_out == ()


@pytest.mark.parametrize(("name", "wrong", "good"), [
    ("attendance.minimum_sessions", [0, -1, 367, True, 1.5], [1, 366]),
    ("report_days", [-1, 367, True, "seven"], [0, 366]),
    ("feedback_days", [-1, 367, False], [0, 366]),
    ("visits_a_partner", [0, -1, 367, True], [1, 366]),
    ("study_days_norm", [0, -12, 367, float("nan"), float("inf"), True], [0.5, 366]),
    ("half_day_hours", [0, -4, 24.5, float("nan"), float("inf"), True], [0.5, 24]),
])  # fmt: skip
def test_a_number_that_no_convention_can_have_is_refused(
    name: str, wrong: list[Any], good: list[Any]
) -> None:
    """Negative, more than a year has days or a day has hours, no number; the bounds load."""

    def metrics(value: Any) -> dict[str, Any]:
        *outer, field = name.split(".")
        return {outer[0]: {field: value}} if outer else {field: value}

    for value in wrong:
        with pytest.raises(ValidationError, match=name):
            YearParams.model_validate(year(metrics=metrics(value)))
    for value in good:
        YearParams.model_validate(year(metrics=metrics(value)))


@pytest.mark.parametrize(("fields", "field"), [
    ({"objection_days": -1}, "objection_days"), ({"objection_days": 367}, "objection_days"),
    ({"objection_days": True}, "objection_days"),
    ({"comparison": {"minimum_peers": 0}}, "comparison.minimum_peers"),
    ({"comparison": {"minimum_peers": True}}, "comparison.minimum_peers"),
    ({"comparison": {"minimum_person_times": -1}}, "comparison.minimum_person_times"),
])  # fmt: skip
def test_a_number_outside_metrics_is_checked_as_well(fields: dict[str, Any], field: str) -> None:
    """Days within which to object, and how many peers a comparison needs."""
    with pytest.raises(ValidationError, match=field):
        YearParams.model_validate(year(**fields))
    assert YearParams.model_validate(year(objection_days=0)).objection_days == 0


@pytest.mark.parametrize("off", [
    "m15", "M", "15", "M15aa", "M15A", "M 15", "M15 ", "M１５", "", "学习笔记", "M-1",
])  # fmt: skip
def test_what_is_no_metric_s_number_cannot_be_switched_off(off: str) -> None:
    """It would switch off nothing; whether there is such a metric is asked where they are known."""
    with pytest.raises(ValidationError, match="is no metric's number; expected as M15 or M17b"):
        YearParams.model_validate(year(switched_off=["M17", off]))
    loaded = YearParams.model_validate(year(switched_off=["M15", "M17b"]))
    assert loaded.switched_off == ("M15", "M17b")


@pytest.mark.parametrize("fields", [
    {"attendance": {"present": ["出席", "视屏"]}},
    {"attendance": {"left_out": ["未计"]}},
    {"attendance": {"roles": ["组员"]}},
    {"study_sessions": ["集中学习"]},
    {"discussion_speeches": ["重点发言"]},
    {"joint_sessions": "twice"},
])  # fmt: skip
def test_a_misspelt_word_is_an_error_and_no_zero(fields: dict[str, Any]) -> None:
    """A word that no table holds would turn a whole year's figures into zeros."""
    with pytest.raises(ValidationError):
        YearParams.model_validate(year(metrics=fields))


@pytest.mark.parametrize("absence", [
    {"公务假": ["出差", "出差"]}, {"公务假": ["出差"], "病事假": ["出差"]}, {"缺席": [" "]},
    {"出席": ["到会"]}, {"公务假": "出差"},
])  # fmt: skip
def test_a_reason_for_absence_has_one_kind(absence: dict[str, Any]) -> None:
    """A word twice, a blank one and a kind that there is not are refused."""
    with pytest.raises(ValidationError):
        YearParams.model_validate(year(absence=absence))


@pytest.mark.parametrize("shipped", ["2022", "2023"])
def test_the_shipped_years_show_every_usual_reason(shipped: str) -> None:
    """What holds where a year says nothing is what the shipped files show."""
    assert load_year(Path(__file__).parents[2], int(shipped)).absence == declared.ABSENCE


@pytest.mark.parametrize(("words", "column"), [
    (declared.Status, allowed("attendance")), (declared.Role, allowed("roles")),
    (declared.CountedAs, allowed("counted_as")), (declared.SpeechType, allowed("speech_types")),
])  # fmt: skip
def test_the_words_of_parameters_are_those_of_the_tables(words: Any, column: tuple) -> None:
    """Two lists of the same words, kept in step here: params may not import records."""
    assert get_args(words) == column


@pytest.mark.parametrize("fields", [
    {"few_up_to": 0.6, "some_up_to": 0.5}, {"few_up_to": 0.5, "some_up_to": 0.5},
    {"few_up_to": -0.1}, {"some_up_to": 1.1}, {"few": []}, {"many": []},
    {"few_up_to": float("nan")}, {"few": [""]}, {"some": ["部分单位", " "]}, {"many": ["　"]},
])  # fmt: skip
def test_bands_out_of_order_are_refused(fields: dict[str, Any]) -> None:
    """0 ≤ few_up_to < some_up_to ≤ 1, each with a word at least."""
    with pytest.raises(ValidationError):
        Quantifiers.model_validate(fields)


# --- what a rule says ------------------------------------------------------------------------


@pytest.mark.parametrize("name", [
    "value", "line", "against_line", "numerator", "denominator", "lacking", "missing", "evidence",
    "change",
])  # fmt: skip
def test_a_unit_pattern_may_use_each_figure(name: str) -> None:
    """Every placeholder that the file's comment promises, in one pattern or in several."""
    pattern = f"参学率{{{name}}}"
    assert Rule.model_validate(rule(unit_pattern=pattern)).unit_pattern == (pattern,)
    both = Rule.model_validate(rule(unit_pattern=["参学率低", pattern]))
    assert both.unit_pattern == ("参学率低", pattern)


@pytest.mark.parametrize("pattern", [
    [], "", " ", ["参学率{value}", ""], ["参学率{value}", "{unknown}"], ["{quantifier}低"], None,
    ["参学率{value}", 3],
])  # fmt: skip
def test_each_of_several_patterns_is_checked(pattern: Any) -> None:
    """None at all, one that says nothing, one with an unknown name: the rule does not load."""
    with pytest.raises(ValidationError):
        Rule.model_validate(rule(unit_pattern=pattern))


def test_a_rule_names_the_practices_that_it_speaks_against() -> None:
    """By kind, as the form has them; a misspelt one would silently let every practice pass."""
    kinds = ["品牌学习法", "制度", "形式", "成果转化", "荣誉"]
    assert Rule.model_validate(rule(contradicts=kinds)).contradicts == tuple(kinds)
    assert Rule.model_validate(rule()).contradicts == ()
    for wrong in (["制度建设"], ["学习法"], "制度"):
        with pytest.raises(ValidationError, match="contradicts"):
            Rule.model_validate(rule(contradicts=wrong))


def test_the_kinds_of_practices_are_those_of_the_tables() -> None:
    """Kept in step here: params may not import records."""
    assert get_args(rules.PracticeKind) == allowed("practice_kinds")


def test_findings_are_numbered_by_their_place_in_the_file() -> None:
    """WT-01 is the first rule, switched off or not: the number stays when a rule is."""
    several = [rule(rule_id=f"r{n}", enabled=n != 1) for n in range(12)]
    loaded = YearParams.model_validate(year(rules=several))
    numbers = [loaded.finding_number(each) for each in loaded.rules]
    assert numbers[:3] == ["WT-01", "WT-02", "WT-03"] and numbers[-1] == "WT-12"


@pytest.mark.parametrize("number", [0, -1, "six", 1.5])
def test_the_group_lists_at_least_one_requirement(number: Any) -> None:
    """A whole number from one."""
    with pytest.raises(ValidationError, match="group_requirements"):
        YearParams.model_validate(year(group_requirements=number))


# --- letterhead ------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["关于{unit.name}的通报", "{month}月", "{year", "{0}"])
def test_a_title_takes_year_and_unit_alone(title: str) -> None:
    """As with patterns: plain names, nothing behind them."""
    fields = {"issuer": "党委", "group_title": "t", "group_addressee": "a"}
    with pytest.raises(ValidationError, match="may hold"):
        Letterhead.model_validate({**fields, "unit_title": title})
    good = Letterhead.model_validate({**fields, "unit_title": "关于{unit}{year}年的通报"})
    assert good.unit_title.startswith("关于{unit}")


@pytest.mark.parametrize(("field", "title"), [
    ("group_title", "关于{unit}{year}年的通报"),
    ("group_title", "关于{year}年{period}的通报"),
    ("unit_title", "关于{unit}{year}年{period}的通报"),
    ("group_period_title", "关于{unit}{year}年{period}的通报"),
    ("unit_period_title", "关于{unit}{quarter}的通报"),
    ("working_paper_title", "{unit}底稿"),
])  # fmt: skip
def test_a_title_takes_what_its_document_knows(field: str, title: str) -> None:
    """A year's paper has no period, the group's no unit: the brace would be printed."""
    fields = {"issuer": "党委", "group_title": "t", "group_addressee": "a", "unit_title": "t"}
    with pytest.raises(ValidationError, match=f"{field} may hold"):
        Letterhead.model_validate({**fields, field: title})


def test_titles_of_periods_come_by_themselves() -> None:
    """An office's letterhead from before there were quarterly papers still loads."""
    fields = {"issuer": "党委", "group_title": "t", "group_addressee": "a", "unit_title": "t"}
    loaded = Letterhead.model_validate(fields)
    for document in ("group", "unit", "group_period", "unit_period", "working_paper"):
        assert loaded.title(document)
    assert "{period}" in loaded.title("unit_period") and "{period}" in loaded.title("group_period")


def test_parameters_cannot_be_changed_once_loaded() -> None:
    """Frozen: what was checked is what is computed with."""
    loaded = YearParams.model_validate(year())
    with pytest.raises(ValidationError, match="frozen"):
        loaded.cutoff = dt.date(2023, 6, 30)  # type: ignore[misc]
    assert loaded.first_day == dt.date(2023, 1, 1)


def test_mandatory_topics_keep_the_order_of_the_file() -> None:
    """As they stand there, the others left out."""
    topics = [{"code": c, "name": c, "mandatory": c != "b", "issued_on": "2023-01-01",
               "learn_by": "2023-02-01"} for c in "cba"]  # fmt: skip
    loaded = YearParams.model_validate(year(topics=topics))
    assert [topic.code for topic in loaded.mandatory_topics] == ["c", "a"]
