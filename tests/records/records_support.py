"""A small invented group and a workbook that is right, for tests to spoil."""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from reportkit.records.issues import Issue

if TYPE_CHECKING:
    from reportkit.records.importing import ImportReport

UNITS = """\
group_name: 岱川能源集团有限公司
group_short_name: 岱川集团
units:
  - {unit_id: aa, name: 甲岭矿业有限公司, short_name: 甲岭矿业, order: 1, mask_label: A,
     valid_from: 2015-01-01}
  - {unit_id: bb, name: 乙川冶炼有限公司, short_name: 乙川冶炼, order: 2, mask_label: B,
     valid_from: 2015-01-01, aliases: [乙川公司]}
  - {unit_id: cc, name: 丙湾物流有限公司, short_name: 丙湾物流, order: 3, mask_label: C,
     valid_from: 2015-01-01, valid_to: 2023-06-30, successor_id: aa}
  - {unit_id: dd, name: 丁原公司, short_name: 丁原, order: 4, mask_label: D,
     valid_from: 2015-01-01, has_study_group: false}
"""
YEAR = """\
year: 2023
cutoff: 2023-12-31
issued_on: 2024-01-08
topics:
  - {code: "2023-01", name: 专题一, mandatory: true, issued_on: 2023-01-09, learn_by: 2023-03-31}
  - {code: "2023-02", name: 专题二, mandatory: true, issued_on: 2023-02-09, learn_by: 2023-04-30}
archive_items: [签到簿, 学习记录簿, 研讨发言簿]
themes: []
rules: []
"""

Book = dict[str, list[list[Any]]]
D = dt.date
SESSION_HEADER = [
    "序号",
    "开始日期",
    "结束日期",
    "学时",
    "学习类型",
    "计入类别",
    "学习形式",
    "学习主题",
    "专题编号",
    "主持人",
    "计划内容序号",
    "计划外依据",
    "联学编号",
    "扩大",
    "是否取消",
    "应到",
    "实到",
    "缺席人员及原因",
    "报告报送日期",
    "退回次数",
]
_RIGHT: Book = {
    "封面": [["单位名称", "甲岭矿业有限公司"], ["年度", 2023], ["填报日期", D(2024, 1, 3)]],
    "成员名单": [
        ["姓名", "工号", "职务", "是否班子成员", "是否党群部门负责人", "任职起", "任职止"],
        ["张伟", None, "组长", "是", "否", D(2020, 1, 1), None],
        ["李娜", None, "副组长", "是", "否", D(2020, 1, 1), None],
        ["王强", None, "成员", "是", "否", D(2020, 1, 1), D(2023, 6, 30)],
        ["赵敏", None, "成员", "否", "是", D(2021, 3, 1), None],
        ["钱进", None, "成员", "是", "否", D(2023, 7, 1), None],
        ["孙书", None, "学习秘书", "否", "否", D(2020, 1, 1), None],
    ],
    "学习计划": [
        ["计划级次", "计划期间", "审定日期", "报备日期"],
        ["年度", "2023年", D(2023, 1, 10), D(2023, 1, 12)],
        ["季度", "2023年第一季度", D(2023, 1, 10), D(2023, 1, 12)],
        ["月度", "2023年3月", D(2023, 2, 25), D(2023, 2, 26)],
    ],
    "计划内容": [
        ["序号", "计划完成时间", "学习内容", "专题编号"],
        [1, "2023年3月", "学习专题一", "2023-01"],
        [2, "2023年第二季度", "学习专题二", "2023-02"],
    ],
    "学习情况": [
        SESSION_HEADER,
        [1, D(2023, 3, 8), D(2023, 3, 8), 2, "集体学习", "集体学习", "研讨", "学习专题一",
         "2023-01", "张伟", 1, None, None, "否", "否", 4, 3, "李娜（公务）", D(2023, 3, 10), 0],
        [2, D(2023, 8, 9), D(2023, 8, 10), 12, "读书班", "读书班", "集中培训", "读书班",
         "2023-01、2023-02", "李娜", None, "上级通知",
         None, "是", "否", 4, 4, "无", "未报送", None],
        [3, D(2023, 9, 5), None, None, "集体学习", "集体学习", None, "取消的学习", None,
         None, None, None, None, None, "是", None, None, None, None, None],
    ],
    "补学记录": [["学习序号", "姓名", "补学日期", "佐证"], [1, "李娜", D(2023, 3, 20), "笔记"]],
    "研讨发言": [
        ["学习序号", "姓名", "发言类型", "书面材料", "顺序"],
        [1, "张伟", "领学", "有", 1],
        [1, "赵敏", "重点", "无", 2],
    ],
    "述学": [["姓名", "述学日期", "评价等次"], ["张伟", D(2023, 12, 20), "优秀"]],
    "经验做法": [
        ["序号", "类别", "名称", "主要做法", "成效"],
        [1, "制度", "首讲负责", "建立首讲负责制度", "发言质量提高"],
    ],
}  # fmt: skip


def right_book() -> Book:
    """Sheets of a workbook in which everything is right."""
    return copy.deepcopy(_RIGHT)


def to_bytes(book: Book, spoil: Callable[[Any], None] | None = None) -> bytes:
    """The sheets as .xlsx; ``spoil`` may change the openpyxl workbook before it is saved."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in book.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.data_type = "s"  # text, unless a test asks for a formula
    if spoil:
        spoil(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


class Home:
    """A workbook's folder for one test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "data" / "submissions" / "2023"
        self.folder.mkdir(parents=True)
        (root / "params").mkdir()
        (root / "params" / "units.yml").write_text(UNITS, encoding="utf-8")
        (root / "params" / "2023.yml").write_text(YEAR, encoding="utf-8")

    def put(
        self,
        book: Book | None = None,
        name: str = "aa.xlsx",
        spoil: Callable[[Any], None] | None = None,
    ) -> None:
        """Write one submission."""
        (self.folder / name).write_bytes(to_bytes(book or right_book(), spoil))

    def put_bytes(self, content: bytes, name: str) -> None:
        """Write one file as it is."""
        (self.folder / name).write_bytes(content)

    def put_checks(self, rows: list[list[Any]]) -> None:
        """Write the office's own checks."""
        path = self.root / "data" / "checks" / "2023.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(to_bytes({"档案核查": rows}))

    def run(self) -> ImportReport:
        """Import the year."""
        from reportkit.records.importing import import_year

        return import_year(self.root, 2023)

    def table(self, name: str) -> Any:
        """One table of the snapshot."""
        from reportkit.records.snapshot import read_table

        return read_table(self.root, 2023, name)


def refusals(report: ImportReport) -> list[tuple[str | None, str | None, str]]:
    """(sheet, cell, found) of everything refused."""
    return [(i.sheet, i.cell, i.found) for i in of(report, "refused")]


def of(report: ImportReport, severity: str) -> list[Issue]:
    """The issues of one severity."""
    return [issue for issue in report.issues if issue.severity == severity]
