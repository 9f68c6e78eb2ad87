"""params/delivery.yml: what may stand in it, and how a mistake is told: line and field."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.params import Delivery, load_delivery
from reportkit.params.delivery import filled

ROOT = Path(__file__).resolve().parents[2]


def written(tmp_path: Path, text: str) -> Path:
    """A folder with this file."""
    (tmp_path / "params").mkdir(exist_ok=True)
    (tmp_path / "params" / "delivery.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_file_that_comes_with_the_demo_is_right_and_mails_nothing(tmp_path: Path) -> None:
    """Whoever starts from it sends nothing by chance."""
    (tmp_path / "params").mkdir()
    shutil.copy(ROOT / "params" / "delivery.yml", tmp_path / "params")
    found = load_delivery(tmp_path)
    assert not found.deliver.mail and not found.remind.mail and not found.remind.tell
    assert found.remind.due == {2022: dt.date(2023, 1, 5), 2023: dt.date(2024, 1, 5)}
    assert found.model_copy(update={"remind": Delivery().remind}) == Delivery()


def test_without_the_file_nothing_is_mailed(tmp_path: Path) -> None:
    """An office need not have one."""
    assert load_delivery(tmp_path) == Delivery()
    assert not Delivery().deliver.mail and not Delivery().remind.mail


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("deliver: {mail: perhaps}", ["deliver.mail", "line 1"]),
        ("deliver:\n  formats: [exe]", ["deliver.formats", "line 2"]),
        ("deliver:\n  formats: []", ["deliver.formats", "line 2"]),
        ("deliver: {formats: [pdf, pdf]}", ["pdf stands there twice"]),
        ("deliver: {text: '{name}'}", ["'{name}'", "{unit}", "{count}"]),
        ("deliver: {subject: '{unit.name}'}", ["'{unit.name}'"]),
        ("deliver: {subject: '{unit!r}'}", ["'{unit!r}'"]),
        ("deliver: {text: '{due}'}", ["'{due}'"]),
        ("remind: {text: '{unit}'}", ["'{unit}'", "{due}"]),
        ("remind: {due: {2023: 2034-01-05}}", ["2034-01-05", "2023 or 2024"]),
        ("remind: {due: {2023: soon}}", ["remind.due"]),
        ("remind: {days_between: 0}", ["remind.days_between"]),
        ("remind: {tell: ['a@b.c, d@e.f']}", ["no address"]),
        ("remind: {tell: [a@b.c, a@b.c]}", ["a@b.c stands there twice"]),
        ("send: yes", ["send"]),
    ],
)
def test_a_mistake_names_its_place(tmp_path: Path, text: str, told: list[str]) -> None:
    """File, field, what is expected."""
    with pytest.raises(ParameterError) as error:
        load_delivery(written(tmp_path, text))
    assert "params/delivery.yml" in str(error.value)
    for part in told:
        assert part in str(error.value), str(error.value)


def test_what_is_filled_in_is_data() -> None:
    """Braces in a unit's name are no placeholder."""
    text = filled("{unit}：{count}份", {"unit": "{count}{group}<b>", "count": 2, "group": "岱川"})
    assert text == "{count}{group}<b>：2份"
