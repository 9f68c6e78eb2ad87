"""Whose submission a workbook is, and of which period: by its cover, then by its file name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from reportkit.params import Unit, Units
from reportkit.records.forms import sheet_of
from reportkit.records.issues import Log, shown
from reportkit.records.opening import refusal
from reportkit.text.normalising import plain


class Names(dict[str, Unit]):
    """Every name of every unit → the unit; and the same for looking them up within a text."""

    def __init__(self, names: Mapping[str, Unit]) -> None:
        super().__init__(names)
        self.narrow: dict[str, list[Unit]] = {}
        for name, unit in names.items():
            self.narrow.setdefault(plain(name).lower(), []).append(unit)
        self.lengths = sorted({len(name) for name in self.narrow if name}, reverse=True)


def unit_by_name(units: Units) -> dict[str, Unit]:
    """Every name, short name, alias and id → unit; brackets and blanks do not matter."""
    names = {plain(name): unit for unit in units.units for name in unit.names}
    return Names({**{unit.unit_id: unit for unit in units.units}, **names})


def identify(
    cover: Mapping[str, Any],
    stem: str,
    folder: str,
    names: Mapping[str, Unit],
    year: int,
    log: Log,
) -> tuple[Unit, str | None]:
    """The unit and the period, by what stands on the cover, then by the file's and folder's name.

    Parameters
    ----------
    cover:
        Its values by English name, as :func:`reportkit.records.reading.read_file` gives them.
    stem, folder:
        The file's name without its ending, and that of the subfolder it lies in; ``""`` if
        it lies in none.
    names:
        As :func:`unit_by_name` gives them.

    Returns
    -------
    tuple
        The unit; and 2023, 2023Q1, 2023-01, or None where nothing says it.

    Raises
    ------
    SubmissionError
        If none of them names a known unit, two contradict each other, the year on the cover
        is another, or the unit did not exist in the year.
    """
    unit = _unit(cover, stem, folder, names, log)
    log.unit_id = unit.unit_id
    if not cover.get("unit"):
        log.add("cover_missing", "封面没有单位名称", "单位名称", f"按文件名认定为“{unit.name}”")
    if cover.get("year") is None:
        log.add("cover_missing", "封面没有年度", f"年度 {year}", f"按所在文件夹认定为{year}年")
    elif cover["year"] != year:
        raise refusal(
            f"封面年度是{cover['year']}年",
            f"{year}年",
            "核对年度后重新报送",
            sheet=sheet_of("cover").title,
        )
    if not unit.in_being_during(dt.date(year, 1, 1), dt.date(year, 12, 31)):
        raise refusal(
            f"“{unit.name}”在{year}年不存在", f"{year}年在册的单位", "核对单位名录的起止日期"
        )
    return unit, _period(cover.get("period"), stem, folder, year)


# --- the unit --------------------------------------------------------------------------


def _unit(
    cover: Mapping[str, Any], stem: str, folder: str, names: Mapping[str, Unit], log: Log
) -> Unit:
    stated = cover.get("unit")
    by_cover = names.get(plain(str(stated))) if stated else None
    if stated and by_cover is None:
        raise refusal(
            f"封面单位名称“{shown(stated)}”不在单位名录中",
            "名录中的单位全称或简称",
            "更正封面的单位名称后重新报送",
            sheet=sheet_of("cover").title,
        )
    by_name: Unit | None = None
    for what, text in (("文件名", stem), ("文件夹", folder)):
        found = units_in(text, names)
        if len(found) > 1:
            raise refusal(
                f"{what}里有两个单位：“{'”“'.join(unit.name for unit in found)}”",
                "文件名只写报送单位",
                "改正文件名后重新报送",
            )
        named = found[0] if found else None
        known = by_cover or by_name
        if named and known and named.unit_id != known.unit_id:
            source = "封面" if by_cover else "文件名"
            raise refusal(
                f"{source}是“{known.name}”，{what}是“{named.name}”",
                f"{source}与{what}为同一单位",
                "核对后重新报送",
                sheet=sheet_of("cover").title if by_cover else None,
            )
        by_name = by_name or named
    if by_cover is None and by_name is None:
        raise refusal(
            "封面没有单位名称，文件名也不是单位",
            "封面填写单位名称",
            "补填封面后重新报送",
            sheet=sheet_of("cover").title,
        )
    return by_cover or by_name  # type: ignore[return-value]


def guess_unit(stem: str, folder: str, names: Mapping[str, Unit]) -> str | None:
    """The id of the unit that a file's name tells, else its folder's; None: none, or unsure."""
    for text in (stem, folder):
        found = units_in(text, names)
        if found:
            return found[0].unit_id if len(found) == 1 else None
    return None


def units_in(text: str, names: Mapping[str, Unit]) -> list[Unit]:
    """The units named in a text, the longest names first.

    ``dongling-2024Q1`` and ``岱川集团东岭矿业有限公司（第一季度）`` name one each. A name within a
    longer one is not read by itself, and the group's own name before a unit's is its prefix.
    """
    known = names if isinstance(names, Names) else Names(names)
    text = plain(text).lower()
    taken = [False] * len(text)
    found: dict[str, Unit] = {}
    for length in known.lengths:
        for start in range(len(text) - length + 1):
            name = text[start : start + length]
            if name not in known.narrow or not _stands_alone(text, start, name):
                continue
            if any(taken[start : start + length]):
                continue
            taken[start : start + length] = [True] * length
            found.update({unit.unit_id: unit for unit in known.narrow[name]})
    subordinate = [unit for unit in found.values() if unit.level != "group"]
    return subordinate or list(found.values())


def _stands_alone(text: str, start: int, name: str) -> bool:
    """Whether an id is no part of another word; a name of one character must be all there is."""
    if not name.isascii():
        return len(name) > 1 or name == text
    rest = text[start + len(name) :]
    before = text[start - 1 : start]
    return not _WORD.match(before) and (not _WORD.match(rest) or bool(_YEAR.match(rest)))


_WORD = re.compile(r"[a-z0-9]", re.ASCII)
_YEAR = re.compile(r"20\d\d", re.ASCII)


# --- the period ------------------------------------------------------------------------

_DAYS = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|(?<!\d)\d{8}(?!\d)|\d{4}[-._]\d{1,2}[-._]\d{1,2}(?!\d)"
)
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MONTHS = re.compile(
    r"(?:(?P<year>20\d\d)年?度?[-_.]?)?(?<![\d])(?P<first>\d{1,2})月?[-—–~至到](?P<last>\d{1,2})月份?"
)
_QUARTER = re.compile(
    r"(?:(?P<year>20\d\d)年?度?[-_.]?)?(?:第?(?P<word>[一二三四1-4])季度?|q(?P<q>[1-4])(?!\d))"
)
_MONTH = re.compile(
    r"(?:(?P<year>20\d\d)年?度?[-_.]?)?(?<!\d)(?P<month>1[0-2]|0?[1-9])月"
    r"|(?P<year2>20\d\d)[-_.](?P<month2>1[0-2]|0[1-9])(?!\d)"
)
_SEVERAL = re.compile(r"[一二三四1-4][、,和至\-—~][第一二三四1-4]+季|上半年|下半年|半年")
_WHOLE = re.compile(r"全年|年度总|1[-—~至到]12月")
_THREE_MONTHS = {(1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4", (1, 12): ""}


def period_in(text: str, year: int) -> set[str]:
    """The periods that a name tells: 2023, 2023Q1, 2023-01; empty if none, or not one of these.

    A period without its year is of ``year``; “1-9月” and “上半年” are none of these.
    """
    text = _DAYS.sub(" ", plain(text).lower())
    if match := _MONTHS.search(text):
        months = int(match["first"]), int(match["last"])
        known = _THREE_MONTHS.get(months)
        return set() if known is None else {f"{match['year'] or year}{known}"}
    if _SEVERAL.search(text):
        return set()
    found = {
        f"{m['year'] or year}Q{_NUMERALS[m['word'] or m['q']]}" for m in _QUARTER.finditer(text)
    }
    if not found:
        found = {
            f"{m['year'] or m['year2'] or year}-{int(m['month'] or m['month2']):02}"
            for m in _MONTH.finditer(text)
        }
    if not found and _WHOLE.search(text):
        found = {str(year)}
    return found


def _period(stated: str | None, stem: str, folder: str, year: int) -> str | None:
    """The period of the cover, else of the names; contradictions are refused."""
    if stated and not stated.startswith(str(year)):
        raise refusal(
            f"封面报送期间是{stated}",
            f"{year}年内的期间",
            "核对后重新报送",
            sheet=sheet_of("cover").title,
        )
    known, source = stated, "封面报送期间"
    for what, text in (("文件名", stem), ("文件夹", folder)):
        found = period_in(text, year)
        if len(found) > 1:
            raise refusal(
                f"{what}里有两个期间：{'、'.join(sorted(found))}",
                "文件名只写一个期间",
                "改正文件名后重新报送",
            )
        named = next(iter(found), None)
        if named is None:
            continue
        if not named.startswith(str(year)):
            raise refusal(
                f"{what}的期间是{named}", f"{year}年内的期间", "改正文件名，或放入相应年度的文件夹"
            )
        if known is not None and named != known and what == "文件夹" and _within(known, named):
            continue  # a month's file in its quarter's folder
        if known is not None and named != known:
            raise refusal(
                f"{source}是{known}，{what}是{named}",
                f"{source}与{what}一致",
                "核对后重新报送",
                sheet=sheet_of("cover").title if source.startswith("封面") else None,
            )
        if known is None:
            known, source = named, what
    return known


def _within(shorter: str, longer: str) -> bool:
    """Whether a period lies in another: 2023-02 in 2023Q1, any in its year."""
    if "Q" in longer and "-" in shorter:
        return shorter[:4] == longer[:4] and (int(shorter[5:]) + 2) // 3 == int(longer[5:])
    return len(longer) == 4 and shorter.startswith(longer)
