"""What each unit is handed of an issue: the issued files, named by their number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from workbook_support import UNITS

from reportkit.delivery.issued import issued_parcels
from reportkit.params import Units

SHA = "ab" * 32


@pytest.fixture
def units() -> Units:
    return Units.model_validate(yaml.safe_load(UNITS))


def manifest(*papers: tuple[str, str], corrects: str = "", **more: Any) -> dict[str, Any]:
    """An issue of these papers: unit and number."""
    names = ["circular.formal.pdf", "circular.formal.docx", "circular.formal.ipynb"]
    names += ["correction.pdf", "correction.docx"] if corrects else []
    files = {
        f"documents/{unit}/{name}": {"sha256": SHA, "bytes": 9} for unit, _ in papers
        for name in names
    }  # fmt: skip
    files["inputs/params/2023.yml"] = {"sha256": SHA, "bytes": 1}
    documents = {
        f"{unit}/circular.formal": {"unit": unit, "folder": f"documents/{unit}", "number": number}
        for unit, number in papers
    }
    return {"id": "2023-x", "year": 2023, "period": None, "date": "2024-01-08",
            "corrects": corrects, "documents": documents, "files": files, **more}  # fmt: skip


def test_each_unit_gets_its_own_and_the_group_s(units: Units) -> None:
    """In official order; a unit that was gone by the day of issue gets nothing; nor 集团本级."""
    found = issued_parcels(
        Path("issued"), manifest(("dongling", "岱能党〔2024〕5号"), ("group", "岱能党〔2024〕3号")),
        units, ("pdf", "docx"), {"xiling": [], "dongling": []},
    )  # fmt: skip
    assert [(p.unit, [i.shown for i in p.items]) for p in found] == [
        ("dongling", [
            "东岭公司2023年度通报（岱能党〔2024〕5号）.pdf",
            "东岭公司2023年度通报（岱能党〔2024〕5号）.docx",
            "岱川集团2023年度通报（岱能党〔2024〕3号）.pdf",
            "岱川集团2023年度通报（岱能党〔2024〕3号）.docx",
        ]),
        ("xiling", [
            "岱川集团2023年度通报（岱能党〔2024〕3号）.pdf",
            "岱川集团2023年度通报（岱能党〔2024〕3号）.docx",
        ]),
    ]  # fmt: skip
    assert [i.name for i in found[0].items] == [
        "circular.formal.pdf", "circular.formal.docx", "group.circular.formal.pdf",
        "group.circular.formal.docx",
    ]  # fmt: skip
    assert found[0].items[0].source == Path("issued/documents/dongling/circular.formal.pdf")


def test_of_a_correction_the_notice_goes_first(units: Units) -> None:
    """It bears its own number; the text as it is to read is no longer called by that number."""
    found = issued_parcels(
        Path("issued"), manifest(("dongling", "岱能党〔2024〕9号"), corrects="2023-a"), units,
        ("pdf",), {}, ("dongling",),
    )  # fmt: skip
    assert [i.shown for i in found[0].items] == [
        "东岭公司2023年度通报更正（岱能党〔2024〕9号）.pdf", "东岭公司2023年度通报（更正后）.pdf",
    ]  # fmt: skip


def test_only_the_units_that_are_meant(units: Units) -> None:
    """And only formats asked for; a unit without a paper of its own gets none."""
    one = manifest(("dongling", ""), ("xiling", ""))
    found = issued_parcels(Path("x"), one, units, ("docx",), {}, ("xiling",))
    assert [(p.unit, [i.name for i in p.items]) for p in found] == [
        ("xiling", ["circular.formal.docx"])
    ]
    assert issued_parcels(Path("x"), one, units, ("docx",), {}, ("gone",)) == []
