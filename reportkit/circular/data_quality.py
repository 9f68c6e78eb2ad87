"""数据质量报告: what arrived and from whom; what was refused, corrected or is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from reportkit import wording
from reportkit.annual import blocked, load_annual
from reportkit.circular.base import Circular
from reportkit.circular.sentences import paragraph
from reportkit.display import Block, Blocks
from reportkit.params import Unit, find_home
from reportkit.records.codes import OFFICE_FIRST
from reportkit.records.schemas import TABLES
from reportkit.tables import table

DATA_QUALITY = "data_quality"
_FILE_STATES = {
    "accepted": "采用", "partly": "部分采用", "refused": "退回", "evidence": "佐证",
    "skipped": "未读",
}  # fmt: skip
_ANNEXES = ("退回、更正和需核对的内容", "收到的文件")
_PLACE: list[tuple[str, str, float | None]] = [
    ("单位", "left", 1.6), ("文件", "left", 2.0), ("表", "left", 1.3), ("单元格", "center", 0.9),
]  # fmt: skip


@dataclass(frozen=True)
class DataQuality(Circular):
    """The year's submissions as the import found them; for the office alone."""

    official: ClassVar[bool] = False

    def letterhead(self) -> Blocks:
        """The title; there is no addressee, since it goes to nobody."""
        front = self._front(self.filled(self.letter.title(self.document)), "", DATA_QUALITY)
        return Blocks([block for block in front if block.kind != "addressee"])

    # ------------------------------------------------------------ what there is

    @cached_property
    def _units(self) -> list[Unit]:
        return list(self.annual.units.in_year(self.year))

    @cached_property
    def _files(self) -> pd.DataFrame:
        return self.annual.records["files"]

    @cached_property
    def _issues(self) -> pd.DataFrame:
        return self.annual.records["issues"]

    @cached_property
    def _blocked(self) -> dict[str, str]:
        return blocked(self.annual.home, self.year)

    def _name(self, unit_id: object) -> str:
        known = {unit.unit_id: unit.short_name for unit in self._units}
        return known.get(str(unit_id), "—" if unit_id != unit_id else str(unit_id))

    # ------------------------------------------------------------ what is told

    def summary(self) -> Block:
        """How many units sent what, and how much of it was refused, corrected or queried."""
        severity = self._issues["severity"].value_counts()
        there = len(self._units) - len(self._blocked)
        first = self._issues.loc[self._issues["code"] == OFFICE_FIRST, "found"]
        office = (
            f"请先核对本级参数（params/{self.year}.yml）：{'；'.join(first)}。"
            if len(first)
            else ""
        )
        return paragraph(
            f"{office}{self.year}年应报送的{len(self._units)}家单位（含集团本级）中，{there}家已报送并采用，"
            f"{len(self._blocked)}家未报送或整份退回。共收到文件{len(self._files)}个，"
            f"采用记录{int(self._files['rows'].sum())}条，退回记录{_refused(self._files, '条')}，"
            f"更正{int(severity.get('corrected', 0))}处，需核对{int(severity.get('warned', 0))}处。"
        )

    def by_unit(self) -> Block:
        """各单位报送情况, in official order."""
        rows = []
        for unit in self._units:
            files = self._files[self._files["unit_id"] == unit.unit_id]
            issues = self._issues.loc[self._issues["unit_id"] == unit.unit_id, "severity"]
            rows.append([
                unit.short_name,
                self._blocked.get(unit.unit_id, "采用"),
                _latest(files["filled_on"]),
                str(len(files)),
                str(int(files["rows"].sum())),
                _refused(files),
                *(str(int((issues == kind).sum())) for kind in ("corrected", "warned")),
                str(len(self._blank_of(unit.unit_id))),
            ])  # fmt: skip
        return table(
            "各单位报送情况",
            [("单位", "left", 1.8), ("结果", "left", 1.6), ("填报日期", "center", 1.8),
             ("文件", "center", 0.8), ("采用记录", "center", 1.0), ("退回记录", "center", 1.0),
             ("更正", "center", 0.8), ("需核对", "center", 0.9), ("缺表", "center", 0.8)],
            rows, notes=["注：填报日期以表内所填为准，多个文件的取最晚。"],
            alt=f"{len(rows)}家单位的报送情况",
        )  # fmt: skip

    def _blank_of(self, unit_id: str) -> list[str]:
        told = self.annual.records["submissions"]
        blank = told[(told["unit_id"] == unit_id) & (told["state"] == "未报")]
        return [TABLES[name].label for name in blank["table"] if name in TABLES]

    def missing(self) -> Block:
        """缺报: which tables which units left blank."""
        rows = [
            [unit.short_name, wording.names(blank, "项", most=len(blank))]
            for unit in self._units
            if unit.unit_id not in self._blocked and (blank := self._blank_of(unit.unit_id))
        ]
        rows += [[self._name(unit_id), why] for unit_id, why in self._blocked.items()]
        if not rows:
            return paragraph("各单位均已报送全部材料。")
        return table(
            "缺报情况", [("单位", "left", 1.5), ("缺报内容", "left", 6.0)], rows,
            alt=f"{len(rows)}家单位有缺报",
        )  # fmt: skip

    def refused(self) -> Block:
        """退回: cell by cell what was found, and what is expected."""
        return self._listed(
            "退回的内容",
            ("refused",),
            ("填写内容", "应填", "处理"),
            ("found", "expected", "action"),
        )

    def corrected(self) -> Block:
        """更正: what was read otherwise than it was written."""
        return self._listed("更正的内容", ("corrected",), ("原填写", "处理"), ("found", "action"))

    def queried(self) -> Block:
        """需核对: what was taken as it stands, and deserves a second look."""
        return self._listed(
            "需核对的内容", ("warned",), ("发现", "应为", "处理"), ("found", "expected", "action")
        )

    def _listed(
        self, title: str, severities: Sequence[str], heads: Sequence[str], fields: Sequence[str]
    ) -> Block:
        issues = self._issues[self._issues["severity"].isin(list(severities))]
        if issues.empty:
            return paragraph(f"没有{title}。")
        rows = [
            [self._name(row["unit_id"]), _file(row["file"]), row["sheet"], row["cell"],
             *(row[name] for name in fields)]
            for row in issues.to_dict("records")
        ]  # fmt: skip
        columns = [*_PLACE, *((head, "left", 3.0) for head in heads)]
        return table(title, columns, rows, alt=f"{title}，共{len(rows)}处")

    def files(self) -> Block:
        """收到的文件: each with its unit, its date and what became of it."""
        rows = [
            [_file(row["file"]), self._name(row["unit_id"]), _day(row["filled_on"]),
             row["format"], _FILE_STATES.get(str(row["state"]), str(row["state"])),
             str(row["rows"]), row["reason"]]
            for row in self._files.to_dict("records")
        ]  # fmt: skip
        return table(
            "", [("文件", "left", 3.0), ("单位", "left", 1.6), ("填报日期", "center", 1.8),
                 ("格式", "center", 0.8), ("结果", "center", 0.9), ("记录", "center", 0.8),
                 ("说明", "left", 3.0)],
            rows, alt=f"收到的{len(rows)}个文件",
        )  # fmt: skip

    def annexes(self) -> Blocks:
        """附件1 退回、更正和需核对的内容 and 附件2 收到的文件, on turned pages."""
        first, second = (
            Block("annex", number=number, title=title, landscape=True)
            for number, title in enumerate(_ANNEXES, 1)
        )
        cells = (self.refused(), self.corrected(), self.queried())
        return Blocks([first, *cells, second, self.files()])

    def annex_list(self) -> Block:
        """附件说明, below the body."""
        return Block("annex_list", items=list(_ANNEXES))


def _refused(files: pd.DataFrame, unit: str = "") -> str:
    """Rows refused of files that were read, and files refused as a whole, of which none was."""
    rows, whole = int(files["refused"].sum()), int((files["state"] == "refused").sum())
    return f"{rows}{unit}" + (f"，另整份退回{whole}个文件" if whole else "")


def _file(path: Any) -> str:
    """The path below the year's submissions: dongling.xlsx, cuiping/签到簿.pdf."""
    return "—" if path != path or path is None else str(path).split("/", 2)[-1]


def _day(value: Any) -> str:
    return "—" if value is None or value != value else f"{pd.Timestamp(value):%Y-%m-%d}"


def _latest(days: pd.Series) -> str:
    known = pd.to_datetime(days).dropna()
    return "—" if known.empty else f"{known.max():%Y-%m-%d}"


def open_data_quality(year: int, *, home: Path | None = None) -> DataQuality:
    """The year's 数据质量报告.

    Raises
    ------
    ParameterError, RecordsError
        If the year is unknown, or was not imported.
    """
    return DataQuality(load_annual(home or find_home(), year), DATA_QUALITY)
