"""Five hundred damaged files: each opens with the cells it had, or is refused in Chinese."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from opening_support import FILES, book, parts_of, zipped

from reportkit.errors import SubmissionError
from reportkit.records.opening import open_file

ROUNDS = 500
CSV = '姓名,次数,备注\r\n张伟,12,甲\r\n李娜,3,"乙\n丙"\r\n王强,,丁\r\n'.encode("gb18030")
GOOD = {
    "a.xlsx": book(),
    "b.xlsx": (FILES / "libreoffice.xlsx").read_bytes(),
    "c.xls": (FILES / "old.xls").read_bytes(),
    "d.csv": CSV,
}


def flip(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def blank(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    length = min(chance.randint(1, 400), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def double(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = min(start + chance.randint(1, 200), len(data))
    return data[:end] + data[start:end] + data[end:]


BYTES = (flip, cut, blank, double)


def damaged_inside(content: bytes, chance: random.Random) -> tuple[bytes, bool]:
    """Parts spoilt before zipping, their checksums right; whether their bytes were changed."""
    parts = parts_of(content)
    one, other = chance.sample(sorted(parts), 2)
    way = chance.randrange(3)
    if way == 0:
        parts[one], parts[other] = parts[other], parts[one]
    elif way == 1:
        del parts[one]
    else:
        parts[one] = chance.choice(BYTES)(parts[one] or b"x", chance)
    return zipped(parts), way == 2


def outcome(content: bytes, name: str) -> object:
    """What came of a file: its cells, or the words of its refusal."""
    try:
        opened = open_file(content, name)
    except SubmissionError as error:
        for text in (error.found, error.expected, error.next_step):
            assert re.search("[\u4e00-\u9fff]", text), (name, error)
            assert "Traceback" not in text
        return "refused"
    return [(grid.name, grid.rows, grid.unreadable) for grid in opened.grids]


@pytest.mark.parametrize("seed", range(5))
def test_damage_is_refused_or_harmless(seed: int) -> None:
    """A cut, swapped or missing part of an .xlsx never changes a cell in silence.

    Only bytes changed before zipping, or in formats without checksums, can be valid content.
    """
    chance = random.Random(seed)
    right = {name: outcome(content, name) for name, content in GOOD.items()}
    seen: Counter[str] = Counter()
    for number in range(ROUNDS // 5):
        name, content = list(GOOD.items())[number % 4]
        inside = name.endswith(".xlsx") and chance.random() < 0.5
        spoilt, changed = (
            damaged_inside(content, chance)
            if inside
            else (chance.choice(BYTES)(content, chance), not name.endswith(".xlsx"))
        )
        result = outcome(spoilt, name)
        if result == "refused":
            seen["refused"] += 1
        else:
            seen["opened"] += 1
            if not changed:
                assert result == right[name], (seed, number)
    assert seen["refused"] > 20 and seen["opened"] > 5
