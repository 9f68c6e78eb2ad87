"""Opening a CSV: its encoding and its delimiter found for sure, or the file refused.

A CSV names neither. UTF-8 and UTF-16 are known by their marks or by being valid; what is
neither is GB18030 if it reads as Chinese that way. All values are text, as they stand.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import PurePath

from reportkit.records.opening.grid import Grid, Opened, damaged, refusal
from reportkit.records.opening.limits import MAXIMUM_CELLS, MAXIMUM_TEXT
from reportkit.records.opening.sheet_scan import check_area
from reportkit.records.opening.texts import check_texts

_DELIMITERS = (",", ";", "\t")
_SAVE = "在 Excel 或 WPS 中打开确认后，另存为 .xlsx 重新报送"
_COMMON = 0.85
"""Share of a Chinese text's characters that stand in GB 2312; in garbled text it is half."""


def open_csv(content: bytes, name: str) -> Opened:
    """One grid, named by the file's stem, with every value as text.

    Raises
    ------
    SubmissionError
        ``encoding``, ``nul``, ``delimiter``, ``damaged``, ``classified``, or a limit's code.
    """
    text = decode(content)
    rows = _rows(text)
    width = max(map(len, rows), default=0)
    stem = PurePath(name).stem
    check_area(stem, len(rows), width)
    grid = Grid(stem, [row + [""] * (width - len(row)) for row in rows])
    check_texts([grid])
    return Opened("csv", (grid,))


def looks_like_table(content: bytes) -> bool:
    """Whether a text has at least two rows of the same two or more columns."""
    from reportkit.errors import SubmissionError

    try:
        rows = _rows(decode(content))
    except SubmissionError:
        return False
    widths = Counter(len(row) for row in rows if any(row))
    return any(width > 1 and count > 1 for width, count in widths.items())


def decode(content: bytes) -> str:
    """The text of a file whose encoding can be told for sure.

    Raises
    ------
    SubmissionError
        ``encoding`` or ``nul``.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
                           (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if content.startswith(mark):
            try:
                return _without_nul(content.decode(encoding))
            except UnicodeDecodeError:
                raise _unsure("编码标记与内容不符") from None
    if b"\0" in content:
        raise _nul()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _chinese(content)
    if not text.isascii() and all(ord(character) < 0x800 for character in text):
        # Short texts in GBK can be valid UTF-8 (一 is), but then hold no Chinese character.
        try:
            content.decode("gb18030")
        except UnicodeDecodeError:
            return text
        raise _unsure("文字编码无法判定")
    return text


def _chinese(content: bytes) -> str:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise _unsure("文字编码无法识别") from None
    special = [character for character in text if not character.isascii()]
    common = sum(_in_gb2312(c) * n for c, n in Counter(special).items())
    if common < _COMMON * len(special) or any(0xE000 <= ord(c) <= 0xF8FF for c in special):
        raise _unsure("文字编码无法判定")
    return text


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise _nul()
    return text


def _nul() -> Exception:
    return refusal("CSV 中有空字符（NUL）", "纯文本的 CSV", _SAVE, code="nul")


def _unsure(found: str) -> Exception:
    return refusal(found, "UTF-8 或 GB18030（GBK）编码的 CSV", _SAVE, code="encoding")


def _rows(text: str) -> list[list[str]]:
    if not text.strip():
        raise refusal("文件没有内容", next_step="填好后重新报送", code="empty_file")
    stated = text[:6].lower()
    if stated.startswith("sep=") and len(text) > 4 and text[4] in _DELIMITERS:
        return _parse(text.partition("\n")[2], text[4])
    found: dict[str, list[list[str]]] = {}
    score: dict[str, tuple[int, int]] = {}
    for delimiter in _DELIMITERS:
        if delimiter in text:
            rows = found[delimiter] = _parse(text, delimiter)
            score[delimiter] = _evenness(rows)
    if not found:
        return _parse(text, ",")
    best = max(score, key=lambda delimiter: score[delimiter])
    if sum(value == score[best] for value in score.values()) > 1 and score[best][1] > 1:
        raise refusal("CSV 的分隔符无法判定", "以逗号分隔的 CSV", _SAVE, code="delimiter")
    return found[best]


def _evenness(rows: list[list[str]]) -> tuple[int, int]:
    """(rows of the commonest width above one, that width)."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return count, width


def _parse(text: str, delimiter: str) -> list[list[str]]:
    longest = csv.field_size_limit()
    rows = []
    cells = 0
    try:
        csv.field_size_limit(MAXIMUM_TEXT + 1)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(row)
            cells += len(row)
            if cells > MAXIMUM_CELLS:
                raise refusal("CSV 单元格过多", f"不超过 {MAXIMUM_CELLS} 个", code="cells")
    except csv.Error as error:
        if "field larger" in str(error):
            raise refusal(
                f"第 {len(rows) + 1} 行有过长的内容", f"每格不超过 {MAXIMUM_TEXT} 个字符",
                "检查引号是否成对、内容是否过长后重新报送", code="cell_length",
            ) from None  # fmt: skip
        raise damaged(f"CSV 第 {len(rows) + 1} 行起引号不成对") from None
    finally:
        csv.field_size_limit(longest)
    return rows
