"""A year's parameters moved on as text: dates go a year on, norms and layout stay."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import ParameterError
from reportkit.params import YearParams, load_year
from reportkit.params.moving import Moved, empty_decisions, move_year, next_year
from reportkit.params.reading import parse_model
from reportkit.params.rollover import prepare

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (ROOT / "params" / "2023.yml").read_text(encoding="utf-8")
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2190, 12, 31))


def lines(moved: Moved) -> list[str]:
    return moved.text.splitlines()


def told(moved: Moved) -> dict[int, str]:
    return {remark.line: remark.what for remark in moved.remarks}


@given(DAYS, DAYS)
def test_a_day_moves_by_a_year_and_order_stays(one: dt.date, other: dt.date) -> None:
    """Month stays; the day too but at February's end; what came first does not come later."""
    new = next_year(one)
    assert (new.year, new.month) == (one.year + 1, one.month)
    assert new.day == one.day or (one.month == 2 and one.day >= 28)
    assert (one <= other) <= (new <= next_year(other))


@given(DAYS)
def test_the_last_of_a_month_stays_the_last(day: dt.date) -> None:
    """A month's last day is followed by the first of another; so it is a year on."""
    one = dt.timedelta(days=1)
    if (day + one).day == 1:
        assert (next_year(day) + one).day == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2024-02-29", "2025-02-28"),  # there is no 29th
        ("2023-02-28", "2024-02-29"),  # the end of February, as 2022.yml and 2023.yml have it
        ("2024-02-28", "2025-02-28"),
        ("2023-12-31", "2024-12-31"),
        ("2023-03-31", "2024-03-31"),
    ],
)
def test_leap_days(old: str, new: str) -> None:
    """February ends on the 28th or the 29th."""
    assert next_year(dt.date.fromisoformat(old)).isoformat() == new


def test_the_shipped_year_moves_on_line_by_line() -> None:
    """Of 300 lines only those with days, topics, and paths in comments are others."""
    moved = move_year(SHIPPED, 2024)
    new = parse_model(moved.text, YearParams, "x")
    old = parse_model(SHIPPED, YearParams, "x")
    assert (new.year, new.cutoff, new.issued_on) == (
        2024, dt.date(2024, 12, 31), dt.date(2025, 1, 8),
    )  # fmt: skip
    assert (new.metrics, new.themes, new.quantifiers) == (old.metrics, old.themes, old.quantifiers)
    assert [r.threshold for r in new.rules] == [r.threshold for r in old.rules]
    assert list(new.periods) == ["2024Q1", "2024H1", "2024Q3"]
    deadlines = {r.rule_id: r.deadline for r in new.rules}
    assert deadlines["party_affairs_head"] == dt.date(2025, 2, 28)  # from 2024-02-29
    text = moved.text
    assert "# 2024年参数" in text and "data/checks/2024.xlsx" in text and "2024Q3 生成" in text
    same = set(SHIPPED.splitlines()) & set(text.splitlines())
    assert len(same) > 150
    at = told(moved)
    for number, line in enumerate(lines(moved), 1):
        assert ("deadline: " in line) == at.get(number, "").startswith("deadline of"), line
        if "deadline: " in line:
            assert "待核：原2024-" in line


def test_topics_are_to_be_decided_anew() -> None:
    """No topic of last year is mandatory in the new one unless somebody says so."""
    moved = move_year(SHIPPED, 2024)
    assert parse_model(moved.text, YearParams, "x").topics == ()
    place = lines(moved).index("topics: []")
    assert "必学专题" in lines(moved)[place + 1] and "待核" in lines(moved)[place + 1]
    assert told(moved)[place + 1].startswith("topics: those of 2023 stand as comments")
    on = [
        line.replace("# - ", "- ", 1).replace("topics: []", "topics:")
        for line in lines(moved)
    ]  # fmt: skip
    again = parse_model("\n".join(on), YearParams, "x")
    assert [t.code for t in again.topics][:2] == ["2024-01", "2024-02"]
    assert again.topics[0].learn_by == dt.date(2024, 3, 31)


def test_moved_on_again_the_marks_are_the_new_ones() -> None:
    """2025 from 2024 as it came: no mark of the first time is left, none stands twice."""
    twice = move_year(move_year(SHIPPED, 2024).text, 2025)
    assert parse_model(twice.text, YearParams, "x").year == 2025
    assert "原2024-06-30" not in twice.text and "原2025-06-30" in twice.text
    assert all(line.count("待核") <= 1 for line in lines(twice))
    assert sum("reportkit rollover" in line for line in lines(twice)) == 1
    weekend = [line for line in lines(twice) if "2026-02-28" in line]
    assert weekend and "2026-02-28为星期六" in weekend[0]
    assert "2026-02-28, a Saturday" in "\n".join(r.what for r in twice.remarks)


BASE = """\
year: 2023
cutoff: 2023-12-31
issued_on: "2024-01-08"   # 自2023年起提前
topics: {topics}
archive_items: [签到簿, 学习记录簿, 研讨发言簿]
themes:
- {{key: content, title: "2023年的#问题"}}
rules:
- rule_id: one
  theme: content
  metric: M1
  comparison: below
  threshold: 2023
  unit_pattern: >-
    不足  # 不是注释，2023
    次
  group_pattern: "{{quantifier}}不足"
  requirement: '2024年补学'
  deadline: 2024-06-29
periods: {{"2023Q1": {{issued_on: 2023-04-12}}}}
"""


def test_what_names_a_year_in_words_is_told_and_stays() -> None:
    """A sentence, a title, a threshold, a comment on history: a person says whether they hold."""
    moved = move_year(BASE.format(topics="[]"), 2024)
    new = parse_model(moved.text, YearParams, "x")
    assert new.rules[0].threshold == 2023 and new.rules[0].requirement == "2024年补学"
    assert new.themes[0].title == "2023年的#问题"
    assert "# 自2023年起提前；待核：原2024-01-08" in moved.text
    assert 'issued_on: "2025-01-08"' in moved.text and '"2024Q1"' in moved.text
    found = [remark.what for remark in moved.remarks]
    assert "the comment names 2023: does it still hold?" in found
    assert sum(what.startswith("the text names") for what in found) == 4
    assert "deadline of one: 2024-06-29 → 2025-06-29, a Sunday" in found
    assert "2025-06-29为星期日" in moved.text


ONE = '{code: "2023-01", name: 甲, mandatory: true, issued_on: 2023-01-09, learn_by: 2023-03-31}'
LATE = '{code: "2023-12", name: 乙, issued_on: 2023-12-09, learn_by: 2024-01-31}'


@pytest.mark.parametrize(
    "topics",
    [
        f"[{ONE}]",
        f"[\n  {ONE},  # 首个\n  {LATE}]  # 末尾",
        f"\n- {ONE}\n# 中间\n- {ONE.replace('-01', '-02')}",
        "\n    - code: 2023-01\n      name: 甲\n\n      mandatory: true  # 必学\n"
        "      issued_on: 2023-01-09\n      learn_by: 2023-03-31",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_topics_in_any_layout_become_comments(topics: str, newline: str) -> None:
    """In brackets, indented or not, over several lines; Windows' ends of line stay."""
    text = BASE.format(topics=topics).replace("\n", newline)
    moved = move_year(text, 2024)
    assert parse_model(moved.text, YearParams, "x").topics == ()
    assert "甲" in moved.text and "2024-03-31" in moved.text
    assert ("\r" in moved.text) == (newline == "\r\n")
    assert moved.text.count("\n") == moved.text.count(newline)


def test_a_topic_that_runs_into_the_new_year_stays() -> None:
    """To be learnt by January 2024: it is still due, under its own number, and told of."""
    moved = move_year(BASE.format(topics=f"  # 专题\n  - {ONE}\n  - {LATE}"), 2024)
    topics = parse_model(moved.text, YearParams, "x").topics
    assert [(t.code, t.learn_by) for t in topics] == [("2023-12", dt.date(2024, 1, 31))]
    assert "topics:   # 专题" in moved.text
    assert any(what.startswith("a topic of 2023 that runs on") for what in told(moved).values())


ISSUED = st.dates(dt.date(2024, 1, 1), dt.date(2024, 6, 30))
LATER = st.lists(st.dates(dt.date(2024, 6, 30), dt.date(2025, 12, 31)), max_size=4)


@given(ISSUED, LATER, st.sampled_from(["", "  # 说明", " #"]), st.booleans())
def test_any_days_move_and_nothing_else_does(
    issued: dt.date, deadlines: list[dt.date], comment: str, quoted: bool
) -> None:
    """The data of the new text is that of the old with each day a year on."""
    mark = "'" if quoted else ""
    text = f"year: 2023\ncutoff: 2023-12-31{comment}\nissued_on: {mark}{issued}{mark}{comment}\n"
    text += "topics: []\narchive_items: [签到簿, 学习记录簿, 研讨发言簿]\n"
    text += "themes: [{key: a, title: b}]\n"
    text += "rules:\n" if deadlines else "rules: []\n"
    for number, day in enumerate(deadlines):
        text += f"- {{rule_id: r{number}, theme: a, metric: M1, comparison: below, threshold: 1,\n"
        text += f"   unit_pattern: x, group_pattern: '{{quantifier}}',{comment}\n"
        text += f"   requirement: z, deadline: {mark}{day}{mark}}}{comment}\n"
    old, new = (yaml.safe_load(each) for each in (text, move_year(text, 2024).text))

    def moved(value: object) -> object:
        return next_year(value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)))

    def plain(value: object) -> object:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))

    for name in ("cutoff", "issued_on"):
        assert plain(new.pop(name)) == moved(old.pop(name))
    for before, after in zip(old["rules"], new["rules"], strict=True):
        assert plain(after.pop("deadline")) == moved(before.pop("deadline"))
    assert new == {**old, "year": 2024}


def test_text_that_cannot_be_moved_is_refused(tmp_path: Path) -> None:
    """A year written as 2_023 loads, but is not found in the text: no wrong file is made."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "units.yml").write_text(
        "group_name: 甲\ngroup_short_name: 甲\nunits:\n- {unit_id: a, name: 甲, short_name: 甲, "
        "order: 1, mask_label: A, valid_from: 2010-01-01}\n",
        encoding="utf-8",
    )
    path = tmp_path / "params" / "2023.yml"
    path.write_text(BASE.format(topics="[]").replace("year: 2023", "year: 2_023"), encoding="utf-8")
    assert load_year(tmp_path, 2023).year == 2023
    with pytest.raises(ParameterError, match="cannot be moved on by itself"):
        prepare(tmp_path, 2024)


def test_decisions_become_empty_and_keep_their_comments() -> None:
    """Keys and comments of the year before; nothing of what was decided."""
    text = (
        "# 说明（见 params/text/2023/group.md）\n"
        "practices:   # 入选\n"
        "  二.（一）: [a/1, b/2]\n"
        "  二.（二）:\n"
        "  - a/2\n"
        "  - b/3\n"
        "many_confirmed: [attendance]  # 已确认\n"
        "issues:\n"
        "  - {code: bad_span, file: a.xlsx, sheet: 学习情况, cell: B7,\n"
        "     decision: override, value: 2023-03-08, by: 王芳, why: 已核实}\n"
        "# 末尾\n"
    )
    new = empty_decisions(text, 2024).text
    assert new == (
        "# 说明（见 params/text/2024/group.md）\n"
        "practices:   # 入选\n"
        "  二.（一）: []\n"
        "  二.（二）: []\n"
        "many_confirmed: []  # 已确认\n"
        "issues: []\n"
        "# 末尾\n"
    )
    assert empty_decisions("# 只有注释\n", 2024).text == "# 只有注释\n"
