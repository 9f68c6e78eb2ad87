"""Whose submission a workbook is: by its cover, then by its file name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from reportkit.params import Unit, Units
from reportkit.records.forms import COVER
from reportkit.records.issues import Log, shown
from reportkit.records.workbook import refusal


def unit_by_name(units: Units) -> dict[str, Unit]:
    """Every name, short name, alias and id → unit; brackets and blanks do not matter."""
    names = {plain(name): unit for unit in units.units for name in unit.names}
    return {**{unit.unit_id: unit for unit in units.units}, **names}


def plain(name: str) -> str:
    """A unit's name without blanks, with ordinary brackets."""
    return "".join(name.split()).replace("（", "(").replace("）", ")")


def identify(
    cover: Mapping[str, Any], stem: str, names: Mapping[str, Unit], year: int, log: Log
) -> Unit:
    """The unit by what stands on the cover, then by the file's name.

    Raises
    ------
    SubmissionError
        If neither names a known unit, the two contradict each other, the year on the cover
        is another, or the unit did not exist in the year.
    """
    stated = cover.get("unit")
    by_cover = names.get(plain(str(stated))) if stated else None
    by_name = names.get(stem.lower()) or names.get(plain(stem))
    if stated and by_cover is None:
        raise refusal(
            f"封面单位名称“{shown(stated)}”不在单位名录中",
            "名录中的单位全称或简称",
            "更正封面的单位名称后重新报送",
            sheet=COVER.title,
        )
    if by_cover and by_name and by_cover.unit_id != by_name.unit_id:
        raise refusal(
            f"封面是“{by_cover.name}”，文件名是“{by_name.name}”",
            "封面与文件名为同一单位",
            "核对后重新报送",
            sheet=COVER.title,
        )
    unit = by_cover or by_name
    if unit is None:
        raise refusal(
            "封面没有单位名称，文件名也不是单位",
            "封面填写单位名称",
            "补填封面后重新报送",
            sheet=COVER.title,
        )
    log.unit_id = unit.unit_id
    if not stated:
        log.add("warned", "cover", "封面没有单位名称", "单位名称", f"按文件名认定为“{unit.name}”")
    if cover.get("year") is None:
        log.add("warned", "cover", "封面没有年度", f"年度 {year}", f"按所在文件夹认定为{year}年")
    elif cover["year"] != year:
        raise refusal(
            f"封面年度是{cover['year']}年", f"{year}年", "核对年度后重新报送", sheet=COVER.title
        )
    if not unit.in_being_during(dt.date(year, 1, 1), dt.date(year, 12, 31)):
        raise refusal(
            f"“{unit.name}”在{year}年不存在", f"{year}年在册的单位", "核对单位名录的起止日期"
        )
    return unit
