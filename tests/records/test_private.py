"""Numbers of persons: found where they stand, hidden where cells are quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.records.private import (
    MASKED,
    MASKED_TELEPHONE,
    find_private,
    find_private_number,
    has_identity,
    mask_private,
)

IDENTITIES = [
    "110101199003070018", "11010119900307001X", "11010119900307001x", "110101900307001",
    "１１０１０１１９９００３０７００１８", "110101 19900307 0018", "110101-1990-03-07-001X",
    "1101 0119 9003 0700 18", "110 101 1990 0307 0018", "110101\u200b199003070018",
]  # fmt: skip
TELEPHONES = [
    "13800001111", "１３８００００１１１１", "138 0000 1111", "138-0000-1111", "1380000 1111",
    "+86 13800001111", "+8613800001111", "008613800001111", "0571-88886666", "010 8888 6666",
    "(0571)88886666", "（0571）8888666", "0571—88886666", "057188886666",
    "电话：88886666", "手机 8888-6666",
]  # fmt: skip
OTHERS = [
    "20230305", "2023-03-05 2023-03-06", "2023-12 2023-03 2023-04", "2023.3.15-2023.3.16",
    "1 2 3 4 5 6 7 8 9 10 11 12", "13 14 15 16 17 1", "岭党〔2023〕13号", "20230001", "YG13800001",
    "2023年3月5日 9:00-11:30", "A-138-0000-1111", "2023-0571-8888666", "12300001111",
    "138000011112", "第138期", "",
]  # fmt: skip


@pytest.mark.parametrize("text", IDENTITIES)
def test_an_identity_number_is_found_and_hidden(text: str) -> None:
    """Of 15 or 18 digits, of any width, in groups; alone or within words."""
    for around in ("{}", "张三{}", "张三（{}）", "证号 {}，女"):
        assert find_private(around.format(text)) == "identity_number"
        assert has_identity(around.format(text))
        assert mask_private(around.format(text)) == around.format(MASKED)


@pytest.mark.parametrize("text", TELEPHONES)
def test_a_telephone_is_found_and_hidden(text: str) -> None:
    """Mobile numbers and landlines with their area code, or behind the word for them."""
    for around in ("{}", "张三{}", "联系人张三，{}。"):
        assert find_private(around.format(text)) == "telephone"
        masked = mask_private(around.format(text))
        assert MASKED_TELEPHONE in masked or MASKED in masked
        assert not any(c.isdigit() for c in masked)


@pytest.mark.parametrize("text", OTHERS)
def test_dates_lists_and_document_numbers_are_none(text: str) -> None:
    """Many digits are no number of a person by themselves."""
    assert find_private(text) == "" and not has_identity(text)


def test_a_staff_number_that_begins_with_naught_is_none_where_numbers_are_asked() -> None:
    """The same digits are a telephone in a text."""
    assert find_private("057188886666", numbered=True) == ""
    assert find_private("057188886666") == "telephone"
    assert find_private("0571-88886666", numbered=True) == "telephone"


def test_number_cells() -> None:
    """Excel keeps 15 digits of 18, and a mobile number whole."""
    assert find_private_number(110101199003070018.0) == "identity_number"
    assert find_private_number(110101900307001) == "identity_number"
    assert find_private_number(13800001111.0) == "telephone"
    assert find_private_number(8613800001111) == "telephone"
    for value in (20230305, 13800001111.5, 12345678901, -13800001111, float("nan"), 10**30):
        assert find_private_number(value) == ""


def test_two_numbers_in_one_text_are_both_hidden_and_the_words_stay() -> None:
    """Nothing but the numbers is lost."""
    text = "张三110101199003070018、13800001111，李四 0571-88886666。"
    assert mask_private(text) == f"张三{MASKED}、{MASKED_TELEPHONE}，李四 {MASKED_TELEPHONE}。"


@given(st.text("0123456789Xx +-—.·() \u3000\u200b张电话:1138", max_size=60))
def test_what_is_masked_holds_no_number_any_more(text: str) -> None:
    """Whatever is found is hidden, also where two patterns overlap."""
    masked = mask_private(text)
    assert find_private(masked) == ""
    assert len(text) < 7 or (masked != text) >= bool(find_private(text))
