"""Which files of parameters make which circular stale: those it reads, and no others."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from reportkit.batch.contract import Document
from reportkit.cli.workbook import StudyWorkbook

ROOT = Path(__file__).resolve().parents[2]


def parameters(home: Path, unit: str) -> dict[str, str]:
    name = "group" if unit == "group" else "unit"
    document = Document(
        unit=unit, year=2023, notebook=home / f"notebooks/{name}_circular.ipynb",
        folder=f"2023/{unit}", parameters={}, label=unit,
    )  # fmt: skip
    return StudyWorkbook(home).dependence._parameter_files(document)


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        ("text/2023/group.md", {"group"}),
        ("text/2023/unit.md", {"dongling"}),
        ("decisions/2023.yml", {"group"}),
        ("letterhead.yml", {"group", "dongling"}),
        ("units.yml", set()),
        ("2023.yml", set()),
        ("text/2022/unit.md", set()),
    ],
)
def test_an_edit_makes_stale_what_reads_it(tmp_path: Path, file: str, stale: set[str]) -> None:
    """An edit of the group's prose is no reason to make a unit's circular again.

    A remark in the list of units, or in the year's parameters, is none at all.
    """
    shutil.copytree(ROOT / "params", tmp_path / "params")
    before = {unit: parameters(tmp_path, unit) for unit in ("group", "dongling")}
    path = tmp_path / "params" / file
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    after = {unit: parameters(tmp_path, unit) for unit in before}
    assert {unit for unit in before if before[unit] != after[unit]} == stale


@pytest.mark.parametrize(
    ("year", "old", "new", "stale"),
    [
        (2023, "threshold: 0.9\n", "threshold: 0.95\n", set()),
        (2022, "threshold: 0.9\n", "threshold: 0.95\n", set()),
        (2023, "few_up_to: 0.1", "few_up_to: 0.2", {"group"}),
        (2023, "minimum_peers: 8", "minimum_peers: 7", {"group", "dongling"}),
        (2022, "report_days: 7", "report_days: 8", {"group", "dongling"}),
    ],
)
def test_sections_of_the_years_parameters_count_apart(
    tmp_path: Path, year: int, old: str, new: str, stale: set[str]
) -> None:
    """Rules count by what they find, which is compared; what the group alone shows is its own."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    before = {unit: parameters(tmp_path, unit) for unit in ("group", "dongling")}
    path = tmp_path / f"params/{year}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    after = {unit: parameters(tmp_path, unit) for unit in before}
    assert {unit for unit in before if before[unit] != after[unit]} == stale


@pytest.mark.parametrize(
    ("line", "stale"),
    [
        ("  peer_group: 冶炼加工类\n", {"group", "dongling"}),
        ("  aliases: [东岭]\n", {"group", "dongling"}),
        ("  contact: 张三\n  telephone: '0311-1234567'\n  email: d@example.com\n", set()),
    ],
)
def test_an_address_makes_nothing_stale_and_all_else_of_a_unit_does(
    tmp_path: Path, line: str, stale: set[str]
) -> None:
    """No paper prints whom the office telephones."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    before = {unit: parameters(tmp_path, unit) for unit in ("group", "dongling")}
    path = tmp_path / "params" / "units.yml"
    text = path.read_text(encoding="utf-8")
    name = line.partition(":")[0]
    start = text.index("- unit_id: dongling")
    end = text.index("- unit_id:", start + 1)
    unit = re.sub(rf"{name}:.*\n(  - .*\n)*", "", text[start:end]) + line
    path.write_text(text[:start] + unit + text[end:], encoding="utf-8")
    after = {unit: parameters(tmp_path, unit) for unit in before}
    assert {unit for unit in before if before[unit] != after[unit]} == stale


def test_a_large_group_is_worked_out_elsewhere_and_comes_to_the_same(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slices, figures, lines: the run's own process opens not one table for them."""
    from reportkit import loaders
    from reportkit.cli import dependence

    for name in ("large", "usual"):
        shutil.copytree(demo_home, tmp_path / name)
        for kept in (tmp_path / name / "outputs" / "records").rglob("*"):
            if kept.name.startswith(("slices", "lines", "indicators", "totals", "spreads")):
                kept.unlink()
    usual = StudyWorkbook(tmp_path / "usual")
    found = usual.dependence.slices(2023, None, ())
    usual.prepare([(2023, None)], 24)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a table was read here")

    monkeypatch.setattr(dependence, "_LARGE", 3)
    monkeypatch.setattr(loaders.Records, "read", never)
    large = StudyWorkbook(tmp_path / "large")
    assert large.dependence.slices(2023, None, ()) == found
    large.prepare([(2023, None)], 24)
    kept = [
        sorted(path.name for path in (tmp_path / name / "outputs/records/2023").glob("*.parquet"))
        for name in ("large", "usual")
    ]
    assert kept[0] == kept[1] and any(name.startswith("lines-") for name in kept[0])
