"""Whose 数据确认单 a file is, and of which year: by its properties, then by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reportkit.errors import SubmissionError
from reportkit.params import Unit
from reportkit.records.identity import units_in
from reportkit.word.form import WordFile

_KEYWORD_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?!\s*\d{1,2}\s*月)", re.ASCII)
"""A year that is no part of a date: files are named by the day they were sent, too."""


def whose(
    word: WordFile, stem: str, names: Mapping[str, Unit], wanted: int | None
) -> tuple[Unit, int]:
    """The unit and the year of a file.

    Parameters
    ----------
    stem:
        The file's name without its ending.
    names:
        As :func:`~reportkit.records.identity.unit_by_name` gives them.
    wanted:
        The year asked for; None: the file's.

    Raises
    ------
    SubmissionError
        If nothing names a known unit or a year, or two sources contradict each other.
    """
    words = [part.strip() for part in re.split(r"[，,;；]", word.keywords) if part.strip()]
    ids = {unit.unit_id: unit for unit in names.values()}
    own = [ids[each] for each in words if each in ids]
    head = "\n".join(word.head)
    units = {
        "文件属性": own,
        "标题和主送": _units_of(word.head, names),
        "文件名": units_in(stem, names),
    }
    years = {
        "文件属性": [int(each) for each in words if _KEYWORD_YEAR.fullmatch(each)],
        "标题": [int(each) for each in _YEAR.findall(head)],
        "文件名": [int(each) for each in _YEAR.findall(stem)],
    }
    named = {source: [unit.name for unit in found] for source, found in units.items()}
    name = _agreed("单位", named, "params/units.yml 中的单位")
    unit = next(unit for found in units.values() for unit in found if unit.name == name)
    year = _agreed("年度", {s: [f"{y}年" for y in found] for s, found in years.items()}, "年度")
    if wanted is not None and year != f"{wanted}年":
        raise SubmissionError(
            f"这是{year}的数据确认单",
            expected=f"{wanted}年的数据确认单",
            next_step=f"放入 data/confirmations/{year[:4]}/，或改用 --year {year[:4]}",
        )
    return unit, int(year[:4])


def _units_of(lines: Iterable[str], names: Mapping[str, Unit]) -> list[Unit]:
    found = {unit.unit_id: unit for line in lines for unit in units_in(line, names)}
    # A unit is addressed by the name of the group before its own.
    own = {key: unit for key, unit in found.items() if unit.level != "group"}
    return list((own or found).values())


def _agreed(what: str, found: Mapping[str, Iterable[str]], expected: str) -> str:
    """What all sources that say anything say alike."""
    told = {source: tuple(dict.fromkeys(values)) for source, values in found.items()}
    told = {source: values for source, values in told.items() if values}
    values = {value for each in told.values() for value in each}
    if len(values) == 1:
        return values.pop()
    shown = "，".join(f"{source}是“{'”“'.join(values)}”" for source, values in told.items())
    raise SubmissionError(
        f"{what}不一致：{shown}" if told else f"看不出是哪个{what}的数据确认单",
        expected=f"文件属性、标题、主送、文件名写同一个{what}"
        if told
        else f"标题或主送写明{expected}",
        next_step="核对后重新报送" if told else "用原发的数据确认单填报",
    )
