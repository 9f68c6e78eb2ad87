"""Every YAML file under params/: what YAML, a name, a number or a day can hide in none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import ParameterError
from reportkit.params import (
    Baseline,
    Confirmations,
    Decisions,
    Delivery,
    Letterhead,
    OfficeForms,
    Schedule,
    Terms,
    Units,
    YearParams,
)
from reportkit.params.edits import Edits
from reportkit.params.every_file import check_every_file
from reportkit.params.issue import Issue
from reportkit.params.model import SHORT, Model
from reportkit.params.reading import parse_model
from reportkit.params.recording import yaml_text
from reportkit.params.retention import Retention
from reportkit.params.stages import Stages
from reportkit.params.yaml_data import plain_data

ROOT = Path(__file__).resolve().parents[2]
HASH = "a" * 64


def shipped(name: str, **kept: int) -> str:
    """A file of the demo with the first few of its lists."""
    data = plain_data((ROOT / "params" / name).read_text(encoding="utf-8"))
    return yaml_text({key: value[: kept.get(key, 3)] if isinstance(value, list) else value
                      for key, value in data.items()})  # fmt: skip


FILES: dict[str, tuple[type[Model], str]] = {
    "units.yml": (Units, shipped("units.yml", units=2)),
    "2023.yml": (YearParams, shipped("2023.yml", topics=1, rules=1)),
    "letterhead.yml": (Letterhead, shipped("letterhead.yml")),
    "terms.yml": (Terms, shipped("terms.yml", phrases=1, sequences=1)),
    "delivery.yml": (Delivery, "deliver: {subject: 送达}\nremind: {due: {2023: 2024-01-15}}\n"),
    "decisions/2023.yml": (Decisions, "practices: {一: [dongling/2]}\nmany_confirmed: [a]\n"),
    "forms.yml": (OfficeForms, "forms:\n- {sheet: sessions, names: [学习], header_row: 2}\n"),
    "schedule.yml": (Schedule, "timezone: Asia/Shanghai\njobs:\n"
                     "  yearly: {cron: 0 6 8 1 *, do: [run]}\n"),
    "retention.yml": (Retention, "persons: {years: 3}\n"),
    "baseline/2021.yml": (Baseline, "year: 2021\nsource: 通报\ntotals: {M1: 12}\n"),
    "stages/2023.yml": (Stages, "documents:\n  group/circular:\n  - {stage: 送审稿, by: 李强, "
                        f"day: 2024-01-05, snapshots: {{2023: {HASH}}}}}\n"),
    "confirmations/2023.yml": (Confirmations, "units:\n  dongling: {sent_on: 2024-01-02}\n"),
    "issue/a1.yml": (Issue, "year: 2023\ndocuments: [group]\nnumber: 岱能党〔2024〕3号\n"
                     "signatory: 李强\ndate: 2024-01-08\n"),
    "text/2023/edits/group/circular.yml": (
        Edits, "edits:\n- {place: 一.1, was: 甲, now: 乙, by: 李强, day: 2024-01-05}\n"),
}  # fmt: skip
BOMB = "x0: &x0 [1, 1]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]\n" for n in range(1, 60))


def refusal(name: str, text: str) -> ParameterError:
    """The error of a file with this text."""
    with pytest.raises(ParameterError) as caught:
        parse_model(text, FILES[name][0], f"params/{name}")
    error = caught.value
    assert error.where == f"params/{name}"
    assert error.found and error.expected and error.next_step and len(str(error)) < 3000
    assert str(error).replace("\n", "").isprintable()
    return error


@pytest.mark.parametrize("name", FILES)
def test_each_is_read_with_a_mark_in_front_and_other_ends_of_line(name: str) -> None:
    """As Windows' editors save them; a line --- in front is as usual."""
    model, text = FILES[name]
    plain = parse_model(text, model, name)
    assert parse_model("---\n" + text.replace("\n", "\r\n"), model, name) == plain


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("more", "what"), [
    ("zz: " + "[" * 5000, "levels"),
    ("\n".join(" " * n + "zz:" for n in range(2000)), "levels"),
    (BOMB, "values up to here"),
    ("zz: &zz [*zz]", "quotation marks"),
    ("---\nzz: 1", "a second document"),
    ("zz: 1\nzz: 2", "stands twice"),
    ("zz: !!python/object/apply:os.system [ls]", "a tag"),
    ("zz: !!str 1", "a tag"),
    ("zz: 2023-02-30", "no date"),
    ("zz:\n\t- 1", "a tab"),
    ("zz: \x1b[31m", "control character"),
    ('"z\\u202ez\\nz": 1', "no such field"),
    ("z" * 900 + ": 1", "no such field"),
])  # fmt: skip
def test_what_yaml_can_do_to_a_reader_is_refused_in_each(name: str, more: str, what: str) -> None:
    """Without end, twice, by reference, with a tag, unseen: told with its line."""
    error = refusal(name, FILES[name][1].rstrip("\n") + "\n" + more + "\n")
    assert what in error.found + error.expected, error
    assert "line " in error.found + error.next_step


def leaves(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to the values of a file."""
    if not isinstance(data, dict | list):
        return [way]
    steps = data if isinstance(data, dict) else range(len(data))
    return [leaf for step in steps for leaf in leaves(data[step], (*way, step))]


def with_value(name: str, way: tuple[Any, ...], value: Any) -> str:
    """The file with another value at one place."""
    data = plain_data(FILES[name][1])
    inner = data
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return yaml_text(data)


PLACES = [(name, way) for name in FILES for way in leaves(plain_data(FILES[name][1]))]
FREE = "text/"
"""Edits are taken over from a Word file as they stand there."""


UNSEEN = ["甲\x1b[2J", "甲\u202e乙", "甲\u200b", "\ufeff甲", "甲\x00", "甲" * 40_000]
LINES = ["甲\n乙", "甲\u2028乙", "甲\t乙"]


@pytest.mark.parametrize("wrong", [UNSEEN, LINES], ids=["unseen", "two lines"])
def test_no_value_anywhere_hides_anything(wrong: list[str]) -> None:
    """Escape, bidi, invisible characters, lines, thousands of characters: one at every place."""
    for number, (name, way) in enumerate(PLACES):
        if not name.startswith(FREE) and way[-1] != "mark":
            error = refusal(name, with_value(name, way, wrong[number % len(wrong)]))
            assert error.next_step.startswith("correct ")


NUMBERS = [(n, w) for n, w in PLACES if w[-1] in ("order", "threshold", "report_days", "header_row",
           "years", "year", "days_between", "few_up_to", "minimum_n")]  # fmt: skip
DAYS = [(n, w) for n, w in PLACES if w[-1] in ("cutoff", "issued_on", "learn_by", "valid_from",
        "deadline", "day", "date", "sent_on")]  # fmt: skip


@pytest.mark.parametrize(
    "value", [True, "yes", "0x10", "1:30", ".inf", "nan", 10**30, "１０", "甲"]
)
def test_a_number_is_never_made_of_something_else(value: object) -> None:
    """Nor of true, of hours and minutes, of full-width digits, or without end."""
    assert len({name for name, _ in NUMBERS}) >= 4
    for name, way in NUMBERS[::2]:
        refusal(name, with_value(name, way, value))


@pytest.mark.parametrize("value", [0, 86400, 20240108, "86400", "2024-1-8", "2024/01/08", True,
                                   "2024-01-08 00:00:00", "2024-01-08T00:00:00Z"])  # fmt: skip
def test_a_day_is_never_made_of_a_number_or_a_moment(value: object) -> None:
    """Seconds since 1970 are no day that anybody means."""
    assert len({name for name, _ in DAYS}) >= 6
    for name, way in DAYS[::2]:
        refusal(name, with_value(name, way, value))


@pytest.mark.parametrize(("written", "meant"), [
    ("010", 10), ("007", 7), ("10", 10), ("+10", 10), ("1_0", 10), ("'10'", 10), ("10.0", 10),
])  # fmt: skip
def test_a_number_is_the_one_that_a_person_reads(written: str, meant: int) -> None:
    """``order: 010`` was 8."""
    text = FILES["units.yml"][1].replace("order: 10\n", f"order: {written}\n", 1)
    assert parse_model(text, Units, "x")["dongling"].order == meant


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "y", "n", "1e3", "1:30", "0x1F", "=", "010"]
)
def test_a_word_stays_a_word(word: str) -> None:
    """Norway is no “false”, and a name in the form of a number of YAML 1.1 no number."""
    text = FILES["units.yml"][1].replace("short_name: 东岭矿业\n", f"short_name: {word}\n", 1)
    assert parse_model(text, Units, "x")["dongling"].short_name == word
    text = FILES["2023.yml"][1].replace("code: 2023-01", f"code: {word}", 1)
    if word not in ("=", "1:30"):
        assert parse_model(text, YearParams, "x").topics[0].code == word


@pytest.mark.parametrize("wrong", [
    "“2023-01”", "＂2023-01＂", "「2023-01」", "２０２３-01", "2023－01", "2023—01", "2023 -01",
    "2023-01\u3000", "\u00a02023-01", "2023-01\u200b", "2023\u2060-01", "'2023-01'", "“2023-01",
])  # fmt: skip
def test_a_topic_s_code_stands_there_as_cells_hold_it(wrong: str) -> None:
    """Else no cell of any unit would be taken; what is meant is told with file, line and field."""
    error = refusal(
        "2023.yml", FILES["2023.yml"][1].replace("code: 2023-01", f'code: "{wrong}"', 1)
    )
    assert ".code: " in error.found and "correct line " in error.next_step
    assert "'2023-01'" in error.expected or "nobody sees" in error.found


@pytest.mark.parametrize(("name", "old"), [
    ("2023.yml", "学习组织"), ("2023.yml", "学习计划"), ("units.yml", "矿山类"),
    ("units.yml", "岱川集团东岭矿业有限公司"),
])  # fmt: skip
@pytest.mark.parametrize(
    "form", ["“{}”", "{} ", "\u3000{}", "{}\u200b", "{}１", "「{}」", "{}\u00a0", "“{}"]
)
def test_a_name_stands_there_as_cells_hold_it(name: str, old: str, form: str) -> None:
    """Systems, items of the archive, peer groups, units' names."""
    text = FILES[name][1].replace(old, '"' + form.format(old) + '"', 1)
    error = refusal(name, text)
    assert old in error.expected or "nobody sees" in error.found


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_written_is_read_back_as_text(text: str) -> None:
    """No text becomes a number, a day or nothing on its way through a file."""
    assert plain_data(yaml_text({"a": [text], text: 1})) == {"a": [text], text: 1}


def test_all_files_have_their_models_here() -> None:
    """A new model of a file is added to this list, or to one that is."""
    import reportkit.params as params

    def inner(model: Any) -> set[type[Model]]:
        found = {part for arg in get_args(model) for part in inner(arg)}
        if isinstance(model, type) and issubclass(model, Model):
            found |= {model}
            for field in model.model_fields.values():
                found |= inner(field.annotation)
        return found

    known = {each for model, _ in FILES.values() for each in inner(model)}
    every = {
        each for each in vars(params).values() if isinstance(each, type) and issubclass(each, Model)
    }
    assert every - known == {params.Prose}
    assert SHORT is Model.texts


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook's folder with one file of each kind."""
    folder = tmp_path_factory.mktemp("every") / "params"
    for name, (_, text) in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    check_every_file(folder.parent)
    return folder.parent


@pytest.mark.parametrize("name", FILES)
def test_each_is_looked_at_before_anything_runs(home: Path, name: str) -> None:
    """Of whatever kind and year, though nothing would need it now."""
    path = home / "params" / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "zz: 1\n", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        check_every_file(home)
    path.write_text(text, encoding="utf-8")
    assert caught.value.where == f"params/{name}" and "zz" in caught.value.found
