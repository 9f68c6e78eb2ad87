"""One 数据确认单 that came back: what the unit says to it, or why it cannot be read for sure."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Literal

from reportkit.confirming.belonging import whose
from reportkit.confirming.dates import read_day
from reportkit.confirming.grids import (
    Closing,
    Line,
    Problem,
    ReplyError,
    closing_of,
    lines_of,
    quoted,
)
from reportkit.confirming.sheet import (
    CONFIRM,
    FIGURES,
    FIGURES_HEADS,
    OPINION,
    RECEIVED,
    RECEIVED_HEADS,
    REMARK,
    SIGNED_BY,
    SIGNED_ON,
    Sheet,
    differences,
    version_in,
)
from reportkit.confirming.ticks import Ticked, is_filled, opinion, yes_or_no
from reportkit.errors import DraftError, SubmissionError
from reportkit.params import Unit
from reportkit.records.issues import shown
from reportkit.records.opening import classified_marking, read_bytes
from reportkit.records.opening.isolation import isolated
from reportkit.records.opening.kinds import format_of
from reportkit.records.private import mask_private
from reportkit.text.normalising import plain
from reportkit.word.form import WordFile, open_word
from reportkit.word.model import Cell

WHOLE = "数据确认单"
"""What an objection is about that names no figure."""
BY_PICTURE = "（签名图片）"
NO_TEXT = "（未填说明）"
_ASK_FOR_WORD = "请用 Word 文档填报或由办公室登记纸质件"
_HEADS = {RECEIVED: RECEIVED_HEADS, FIGURES: FIGURES_HEADS}


@dataclass(frozen=True)
class Point:
    """One thing that a unit objects to."""

    about: str
    text: str


@dataclass(frozen=True)
class Reply:
    """What a file says.

    Parameters
    ----------
    result:
        ``unanswered``: nothing is to be recorded; ``why`` says what is lacking.
    figures:
        数据版本 that the file bears.
    points:
        The objections, in the order of the file.
    changed:
        What the figures are now, where they are others than in the file.
    """

    result: Literal["confirmed", "objected", "unanswered"]
    figures: str
    why: str = ""
    signed_by: str | None = None
    signed_on: dt.date | None = None
    points: tuple[Point, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A file that is a 数据确认单: whose, of which year, and what is in it."""

    name: str
    sha256: str
    unit: Unit
    year: int
    word: WordFile


@dataclass(frozen=True)
class Days:
    """What the date in a file is held against.

    ``earliest``, ``latest``: between which days it can lie; ``near``: the day about which a date
    without its year is meant; ``stated``: what counts where the file has none.
    """

    earliest: dt.date
    latest: dt.date
    near: dt.date
    stated: dt.date | None = None


def open_reply(path: Path, names: Mapping[str, Unit], wanted: int | None) -> Opened:
    """A file, and whose it is.

    Parameters
    ----------
    names, wanted:
        As :func:`~.belonging.whose` takes them.

    Raises
    ------
    SubmissionError
        If it is no Word file, damaged, marked as a secret, or nothing says whose it is.
    """
    content = read_bytes(path)
    kind = isolated(format_of, content, path.name)
    if kind != "docx":
        raise _no_word(kind, PurePath(path.name).suffix)
    try:
        word = isolated(open_word, content)
    except DraftError:
        raise _damaged("文件已损坏，或不是 Word 保存的文档") from None
    if not word.tables:
        raise _damaged("文件里没有表格")
    if marked := next(filter(None, map(classified_marking, word.texts)), None):
        raise SubmissionError(
            f"文件标有密级“{marked}”", expected="不涉密的材料", next_step="本工具不处理涉密信息"
        )
    unit, year = whose(word, PurePath(path.name).stem, names, wanted)
    return Opened(path.name, hashlib.sha256(content).hexdigest()[:16], unit, year, word)


def _damaged(found: str) -> SubmissionError:
    return SubmissionError(
        found, expected="数据确认单的 Word 文档（.docx）",
        next_step="用 Word 或 WPS 打开后另存为 .docx 重新报送",
    )  # fmt: skip


def _no_word(kind: str, suffix: str) -> SubmissionError:
    told = {
        "locked": "文件加密，无法打开",
        "empty": "文件是空的（0 字节）",
        "broken_zip": "文件已损坏或不完整",
    }
    found = told.get(kind, f"{suffix} 文件" if suffix else "没有扩展名的文件")
    return SubmissionError(
        found, expected="数据确认单的 Word 文档（.docx）", next_step=_ASK_FOR_WORD
    )


def read_reply(opened: Opened, sheet: Sheet, days: Days) -> Reply:
    """What the unit says.

    Parameters
    ----------
    sheet:
        What its 数据确认单 says now.

    Raises
    ------
    ReplyError
        If something cannot be read for sure, or contradicts itself; each place is told.
    """
    problems: list[Problem] = []
    lines = {title: lines_of(opened.word, title, problems) for title in _HEADS}
    closing = closing_of(opened.word, problems)
    if problems:
        raise ReplyError(problems)
    _check_names(lines, problems)
    stated = next(filter(None, map(version_in, opened.word.paragraphs)), None)
    there = Sheet(*(tuple(each.row(_HEADS[t]) for each in found) for t, found in lines.items()))
    typed = _typed_over(there, sheet, stated)
    _check_rows(there, sheet, stated, problems)
    # The figures themselves come before what is printed of them: a letter may be mistyped.
    bears = sheet.version if there.version == sheet.version else stated or sheet.version
    points: list[Point] = []
    said: dict[str, list[str]] = {"yes": [], "no": []}
    for title, found in lines.items():
        for line in found:
            change = typed.get((title, plain(line.name)), "")
            points += _of_line(title, line, change, said, problems)
    ticked = _opinion(closing.opinion, said["no"], problems)
    points += _of_whole(ticked, opened.word, points)
    reply = Reply(
        result="objected" if points else "confirmed" if ticked.choice == "first" else "unanswered",
        figures=bears,
        why="数据无误 is ticked, but there are remarks" if ticked.choice == "first" else "",
        points=tuple(points),
        changed=tuple(_changes(there, sheet)) if bears != sheet.version else (),
    )
    return _signed(reply, closing, days, bool(said["yes"]), problems)


# --- the rows --------------------------------------------------------------------------


def _check_names(lines: Mapping[str, Sequence[Line]], problems: list[Problem]) -> None:
    for title, found in lines.items():
        seen: set[str] = set()
        for line in found:
            name = plain(line.name)
            if not name:
                problems.append(Problem(title, "", "有一行没有名称", "与原发的表相同"))
            elif name in seen:
                problems.append(Problem(title, line.name, "出现两次", "每项一行"))
            seen.add(name)


def _typed_over(there: Sheet, now: Sheet, stated: str | None) -> dict[tuple[str, str], str]:
    """(table, name) → what was typed over the figures that were sent.

    A file whose tables bear out its 数据版本 was not touched, whatever the figures are now.
    """
    if there.version == (stated or now.version):
        return {}
    found = {}
    for title, rows in there.tables.items():
        for row in rows:
            sent = now.row(title, row[0])
            told = ["单位增加的一行"] if sent is None else differences(title, sent, row)
            if told:
                found[title, plain(row[0])] = "表中改动：" + "；".join(told)
    return found


def _check_rows(there: Sheet, now: Sheet, stated: str | None, problems: list[Problem]) -> None:
    """Rows that were deleted were not confirmed."""
    if there.version == stated:
        return
    for title, rows in now.tables.items():
        problems += [
            Problem(title, row[0], "没有这一行", "与原发的表相同")
            for row in rows if there.row(title, row[0]) is None
        ]  # fmt: skip


def _changes(there: Sheet, now: Sheet) -> list[str]:
    """What has changed since the file was made."""
    told = []
    for title, rows in now.tables.items():
        for row in rows:
            before = there.row(title, row[0])
            changes = ["新增"] if before is None else differences(title, before, row)
            told += [f"{row[0]}：{'；'.join(changes)}"] if changes else []
        told += [f"{row[0]}：不再列入" for row in there.tables[title] if not now.row(title, row[0])]
    return told


def _of_line(
    title: str, line: Line, typed: str, said: dict[str, list[str]], problems: list[Problem]
) -> list[Point]:
    """What the unit objects to in one row, as one point; none if it does not."""
    cell = line.cells.get(CONFIRM)
    text = cell.text if cell else ""
    answer = yes_or_no(text)
    remark = line.text(REMARK)
    if answer.answer == "unclear" and REMARK in line.swallowed:
        answer, remark = yes_or_no(""), text  # 确认 and 说明 were merged, and hold a remark
    blank = answer.answer == "blank"
    if answer.answer == "unclear" or (blank and cell is not None and cell.picture):
        found = quoted(text) if answer.answer == "unclear" else "图片"
        problems.append(Problem(title, line.name, f"“确认”栏是{found}", "是、否或空白"))
        return []
    if not blank:
        said[answer.answer].append(line.name)
    told = [answer.remark, remark if is_filled(remark) else "", typed]
    told = [_kept(each) for each in told if each.strip()]
    if not told and answer.answer != "no":
        return []
    return [Point(line.name or title, "；".join(told) or NO_TEXT)]


# --- the end of it ---------------------------------------------------------------------


def _opinion(cell: Cell, noes: Sequence[str], problems: list[Problem]) -> Ticked:
    ticked = opinion(cell.text)
    expected = "在“数据无误”“有异议”中勾选一项"
    if ticked.choice in ("unclear", "both"):
        problems.append(Problem(OPINION, OPINION, quoted(cell.text), expected))
    elif ticked.choice == "first" and noes:
        told = f"勾选“数据无误”，但有{len(noes)}项填“否”（{shown('、'.join(noes))}）"
        problems.append(Problem(OPINION, OPINION, told, "前后一致"))
    elif ticked.choice == "none" and cell.picture:
        problems.append(Problem(OPINION, OPINION, "图片", expected))
    return ticked


def _of_whole(ticked: Ticked, word: WordFile, points: Sequence[Point]) -> list[Point]:
    """What is said beside 确认意见, and in the margin (批注)."""
    found = [Point("批注", _kept(text)) for text in word.comments]
    if ticked.rest:
        found.append(Point(WHOLE, _kept(ticked.rest)))
    if ticked.choice == "second" and not points and not found:
        found.append(Point(WHOLE, "（未写明有异议的事项）"))
    return found


def _kept(text: str) -> str:
    """The text as it goes on record: whole, on one line, numbers of persons masked."""
    line = mask_private(" ".join(text.split()))
    return "".join(char if char.isprintable() else "�" for char in line)


_NO_NAME = re.compile(
    r"\d+\s*[年月日号]?|[\s.．/：:，,。;；、()（）\-—_]|签字|签名|签章|盖章|公章|负责人|书记"
)


def _signed(
    reply: Reply, closing: Closing, days: Days, some: bool, problems: list[Problem]
) -> Reply:
    """The same with who signed it and when; a confirmation without a signature is none."""
    name = _NO_NAME.sub("", closing.signer.text)
    by = _kept(name) if name else BY_PICTURE if closing.signer.picture else None
    lacking = "" if by else f"数据无误 is ticked, but “{SIGNED_BY}” is blank"
    if reply.result == "unanswered":
        lacking = (
            "rows are answered, but 确认意见 is not ticked" if some else "nothing is filled in"
        )
    elif reply.result == "objected":
        lacking = ""
    if lacking and not problems:
        return replace(reply, result="unanswered", why=lacking)
    day = None if lacking else _day(closing.date.text, days, problems)
    if problems:
        raise ReplyError(problems)
    why = reply.why if reply.result == "objected" else ""
    return replace(reply, why=why, signed_by=by, signed_on=day)


def _day(text: str, days: Days, problems: list[Problem]) -> dt.date | None:
    """When it was signed; what is wrong with the date goes to ``problems``."""
    day = read_day(text, days.near) or days.stated
    if day is None:
        expected = "签字的日期，如 2024年1月5日（办公室可用 --on 补登）"
        problems.append(Problem(OPINION, SIGNED_ON, "空白", expected))
    elif isinstance(day, str):
        problems.append(Problem(OPINION, SIGNED_ON, quoted(text), day))
    elif not days.earliest <= day <= days.latest:
        expected = f"{days.earliest} 至 {days.latest} 之间的日期"
        problems.append(Problem(OPINION, SIGNED_ON, day.isoformat(), expected))
    else:
        return day
    return None
