"""Files that units sent back, read one by one and entered into the record together."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.cli.console import shown_path
from reportkit.cli.options import latest_year
from reportkit.confirming.grids import ReplyError
from reportkit.confirming.record import changing, entered
from reportkit.confirming.reply import Days, Opened, Reply, open_reply, read_reply
from reportkit.errors import SubmissionError, UsageError
from reportkit.params import (
    Confirmations,
    available_years,
    load_confirmations,
    load_units,
    load_year,
)
from reportkit.records.identity import unit_by_name
from reportkit.records.importing.gathering import Found, files_in
from reportkit.records.opening.kinds import is_system


@dataclass
class Read:
    """What became of one file."""

    file: str
    unit: str | None = None
    year: int | None = None
    result: str = "refused"
    new: bool = False
    """Whether it was entered now; else it was recorded before, or there is nothing to enter."""
    why: str = ""
    signed_by: str | None = None
    signed_on: dt.date | None = None
    figures: str | None = None
    outdated: bool = False
    changed: tuple[str, ...] = ()
    objections: tuple[dict[str, str | None], ...] = ()
    problems: tuple[dict[str, str], ...] = ()
    """place, found, expected."""
    next_step: str = ""

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)


@dataclass
class _Pending:
    read: Read
    opened: Opened
    reply: Reply | None = None


def read_files(
    home: Path, files: Sequence[Path], year: int | None, on: dt.date | None, today: dt.date
) -> list[Read]:
    """Reads the files named, or those of ``data/confirmations/<year>/``, and records them.

    Parameters
    ----------
    year:
        The only one that is taken; None: that which each file bears (without files: the latest).
    on:
        When those were signed that bear no date.

    Raises
    ------
    UsageError
        If a file or folder is missing, or there is none in it.
    ParameterError
        If the record, or another file of parameters, is wrong.
    RecordsError
        If a year has not been imported.
    """
    paths, wanted = _files(home, files, year)
    names = unit_by_name(load_units(home))
    read: list[Read] = []
    by_year: dict[int, list[_Pending]] = {}
    for path in paths:
        each = Read(shown_path(path))
        read.append(each)
        try:
            opened = open_reply(path, names, wanted)
            each.unit, each.year = opened.unit.unit_id, opened.year
            _check_year(home, opened)
            by_year.setdefault(opened.year, []).append(_Pending(each, opened))
        except Exception as error:  # one unit's file never stops the others
            _refuse(each, error)
    for of, pending in by_year.items():
        _read_year(home, of, pending, on, today)
    return read


def _files(home: Path, files: Sequence[Path], year: int | None) -> tuple[list[Path], int | None]:
    wanted = year
    if not files:
        wanted = year or latest_year(home)
        files = [home / "data" / "confirmations" / str(wanted)]
    found: list[Path] = []
    for path in files:
        if not path.exists():
            raise UsageError(
                f"there is no {path}", expected="数据确认单 that units sent back, as Word files",
                next_step="put them there, or name them", where="FILES",
            )  # fmt: skip
        inside = files_in(path) if path.is_dir() else [Found(path, path.name)]
        found += [each.path for each in inside if not is_system(each.path.name)]
    if not found:
        raise UsageError(
            f"no file in {files[0]}", expected="数据确认单 that units sent back", where="FILES"
        )
    return list(dict.fromkeys(found)), wanted


def _check_year(home: Path, opened: Opened) -> None:
    year, unit = opened.year, opened.unit
    if year not in available_years(home):
        raise SubmissionError(
            f"这是{year}年的数据确认单", expected=f"有 params/{year}.yml 的年度",
            next_step="核对标题中的年度",
        )  # fmt: skip
    if not unit.in_being_during(dt.date(year, 1, 1), dt.date(year, 12, 31)):
        raise SubmissionError(
            f"“{unit.name}”在{year}年不存在", expected=f"{year}年在册的单位",
            next_step="核对单位名录的起止日期",
        )  # fmt: skip


def _read_year(
    home: Path, year: int, pending: list[_Pending], on: dt.date | None, today: dt.date
) -> None:
    from reportkit.circular.confirmation import current_sheets

    params, record = load_year(home, year), load_confirmations(home, year)
    sheets = current_sheets(home, year, {each.opened.unit.unit_id for each in pending})
    for each in pending:
        unit_id = each.opened.unit.unit_id
        sent = record.of(unit_id).sent_on
        days = Days(sent or params.cutoff.replace(day=1), today, params.issued_on, on)
        try:
            if unit_id not in sheets:
                raise SubmissionError(
                    "该单位现在没有可确认的数据", expected="已接收报送材料的单位",
                    next_step=f"先运行 reportkit import --year {year}",
                )  # fmt: skip
            each.reply = read_reply(each.opened, sheets[unit_id], days)
            _tell(each.read, each.reply, sheets[unit_id].version)
        except Exception as error:  # one unit's file never stops the others
            _refuse(each.read, error)
    with changing(home, year) as book:
        for each in sorted((one for one in pending if one.reply), key=_in_time):
            book.record = _enter(book.record, each)


def _in_time(pending: _Pending) -> tuple[dt.date, bool, str]:
    """By date; of one day an objection comes last, so that no confirmation covers it up."""
    reply = pending.reply
    day = reply.signed_on if reply and reply.signed_on else dt.date.min
    return day, bool(reply and reply.points), pending.read.file


def _tell(read: Read, reply: Reply, version: str) -> None:
    read.result, read.why, read.figures = reply.result, reply.why, reply.figures
    read.signed_by, read.signed_on = reply.signed_by, reply.signed_on
    read.outdated, read.changed = reply.figures != version, reply.changed
    read.objections = tuple(
        {"id": None, "about": point.about, "text": point.text} for point in reply.points
    )


def _enter(record: Confirmations, pending: _Pending) -> Confirmations:
    """The record with a file's answer; its objections by their ids."""
    read, opened, reply = pending.read, pending.opened, pending.reply
    if reply is None:
        return record
    unit_id = opened.unit.unit_id
    changed, _ = entered(record, unit_id, reply, opened.name, opened.sha256)
    read.new = changed != record
    ids = {(each.about, each.text): each.id for each in changed.objections_of(unit_id)}
    read.objections = tuple(
        {"id": ids.get((point.about, point.text)), "about": point.about, "text": point.text}
        for point in reply.points
    )
    return changed


def _refuse(read: Read, error: Exception) -> None:
    read.result = "refused"
    if isinstance(error, ReplyError):
        read.problems = tuple(
            {"place": "，".join(filter(None, (each.table, each.row))), "found": each.found,
             "expected": each.expected}
            for each in error.problems
        )  # fmt: skip
        read.next_step = error.next_step
    elif isinstance(error, SubmissionError):
        found = {"place": error.where, "found": error.found, "expected": error.expected}
        read.problems, read.next_step = (found,), error.next_step
    else:
        found = {"place": "", "found": "文件的内容无法识别", "expected": "数据确认单的 Word 文档"}
        read.problems = (found,)
        read.next_step = "用 Word 或 WPS 打开后另存为 .docx 重新报送"
