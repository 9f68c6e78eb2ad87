"""What ``params/letterhead.yml`` says of the formal and the masked edition, and of the sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from reportkit.errors import ParameterError
from reportkit.params import load_letterhead

ROOT = Path(__file__).resolve().parents[2]


def letterhead(home: Path, **changes: Any) -> Path:
    """A workbook whose letterhead is the demo's with some entries changed (None: left out)."""
    data = yaml.safe_load((ROOT / "params" / "letterhead.yml").read_text(encoding="utf-8"))
    data |= changes
    path = home / "params" / "letterhead.yml"
    path.parent.mkdir(exist_ok=True)
    kept = {key: value for key, value in data.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    return home


def test_an_office_that_says_nothing_gets_the_standard(tmp_path: Path) -> None:
    """Without the new entries: no 版头, no 版记, the standard's margins, no seal."""
    left_out = dict.fromkeys(
        ("formal", "imprint", "seal", "note", "page", "attach_figures", "masked")
    )
    letter = load_letterhead(letterhead(tmp_path, **left_out))
    assert letter.formal is None and letter.imprint is None and not letter.seal
    page = letter.page
    assert (page.top_mm, page.bottom_mm, page.inside_mm, page.outside_mm) == (37, 35, 28, 26)
    assert letter.masked.group == "集团公司"


@pytest.mark.parametrize(
    "number",
    ["", "岱能党〔2024〕3号", "岱能党〔{issue_year}〕号", "岱能党办发〔{issue_year}〕12号"],
)
def test_numbers_that_are_right(tmp_path: Path, number: str) -> None:
    """The year in 〔〕; a number, or room for it."""
    letter = load_letterhead(letterhead(tmp_path, formal={"mark": "某某文件", "number": number}))
    assert letter.formal is not None and letter.formal.number == number


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("formal", {"mark": "某", "number": "岱能党[2024]3号"}, "〔〕"),
        ("formal", {"mark": "某", "number": "岱能党〔2024〕第3号"}, "no 第"),
        ("formal", {"mark": "某", "number": "岱能党〔2024〕03号"}, "no leading zero"),
        ("formal", {"mark": "某", "number": "岱能党〔24〕3号"}, "发文字号"),
        ("formal", {"mark": ""}, "mark"),
        ("formal", {"number": ""}, "mark"),
        ("formal", {"mark": "某", "secrecy": "机密★10年"}, "不处理涉密信息"),
        ("formal", {"mark": "某", "urgency": "很急"}, "urgency"),
        ("formal", {"mark": "某", "copy_number": "12"}, "copy_number"),
        ("formal", {"mark": "某", "mark_pt": True}, "mark_pt"),
        ("formal", {"mark": "某", "mark_pt": 200}, "mark_pt"),
        ("formal", {"mark": "某", "colour": "red"}, "colour"),
        ("imprint", {"copies_to": "某"}, "printed_by"),
        ("page", {"inside_mm": 5}, "inside_mm"),
        ("page", {"folio": "roman"}, "folio"),
        ("page", {"top_mm": True}, "top_mm"),
        ("seal", "maybe", "seal"),
        ("attach_figures", "some", "attach_figures"),
        ("masked", {"group": ""}, "group"),
        ("masked", {"words": ["岱川"]}, "words"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, field: str, value: Any, said: str) -> None:
    """File and field; nothing of it is guessed at."""
    home = letterhead(tmp_path, **{field: value})
    with pytest.raises(ParameterError) as caught:
        load_letterhead(home)
    assert "letterhead.yml" in str(caught.value)
    assert field in str(caught.value) and said in str(caught.value)
