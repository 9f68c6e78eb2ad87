"""params/retention.yml: how long rows on persons are kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.params.retention import Retention, Term, load_retention

ROOT = Path(__file__).resolve().parents[2]


def put(home: Path, text: str) -> Path:
    (home / "params").mkdir(exist_ok=True)
    (home / "params" / "retention.yml").write_text(text, encoding="utf-8")
    return home


def test_without_the_file_nothing_is_purged(tmp_path: Path) -> None:
    """And the shipped one, which explains, sets no term either."""
    assert load_retention(tmp_path) == Retention()
    assert load_retention(ROOT) == Retention(persons=None, submissions=None)


def test_a_term_counts_from_the_end_of_the_year() -> None:
    """2020 and three full years: 2021, 2022, 2023; the first day after is in 2024."""
    term = Term(years=3)
    assert term.ends(2020) == dt.date(2023, 12, 31)
    assert not term.has_passed(2020, dt.date(2023, 12, 31))
    assert term.has_passed(2020, dt.date(2024, 1, 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("persons: {years: 0}", "persons.years"),
        ("persons: {years: yes}", "persons.years"),
        ("persons: {years: 2.5}", "persons.years"),
        ("persons: 3", "persons"),
        ("person: {years: 3}", "person"),
        ("submissions: {years: 3}", "persons has none"),
        ("persons: {years: 3}\nsubmissions: {years: 2}", "expected: as many or more"),
        ("persons: {years: 3}\npersons: {years: 4}", "stands twice"),
    ],
)
def test_a_wrong_term_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """Nothing is deleted on a guess."""
    with pytest.raises(ParameterError) as raised:
        load_retention(put(tmp_path, text))
    assert told in str(raised.value)
    assert raised.value.where == "params/retention.yml"
