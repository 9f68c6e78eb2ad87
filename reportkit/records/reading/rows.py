"""Reading the rows below a header: which of them are records, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportkit.records.forms import Field, Sheet
from reportkit.records.forms.custom import OwnForm, lacking
from reportkit.records.issues import Log, shown
from reportkit.records.opening import Grid, address
from reportkit.records.reading.cells import CellReader
from reportkit.records.reading.headers import Header, needed
from reportkit.records.reading.merges import contradicts, find_merges, first_of, one_each
from reportkit.records.reading.others import OtherColumns
from reportkit.records.reading.spans import settle_spans
from reportkit.records.reading.table import Row, Table
from reportkit.records.reading.totals import Totals
from reportkit.records.reading.words import is_note, says_none, squeeze, total_word
from reportkit.records.values import is_blank

_LONG = 12
"""A text of this length that stands alone below the table is a remark."""


class RowReader:
    """Reads all rows of one sheet into ``table``."""

    def __init__(self, grid: Grid, table: Table, header: Header, year: int, log: Log) -> None:
        sheet: Sheet = table.sheet
        self._grid = grid
        self._table = table
        self._header = header
        self._log = log
        self._cells = CellReader(grid, year, log)
        self._fields = sheet.fields
        self._columns = header.columns
        self._required = [f.name for f in sheet.fields if f.required and f.name in self._columns]
        self._required_set = frozenset(self._required)
        self._many_required = len(needed(sheet)) > 2
        self._given = lacking(sheet)
        self._numbered = isinstance(sheet, OwnForm) and sheet.number_rows
        self._again = {
            name: {*map(squeeze, sheet.field(name).headers), header.texts[column]}
            for name, column in self._columns.items()
        }
        self._merges = find_merges(grid, header.bottom, self._columns)
        self._unreadable = {row for row, _ in grid.unreadable}
        self._records: list[Row] = []
        self._totals = Totals(grid, sheet, header.columns, log)
        self._end = len(grid.rows)
        self._last_solid: int | None = None
        self._after_note = False
        self._none_at: int | None = None
        self._shared: dict[str, tuple[Field, Any]] = {}
        self._others = OtherColumns(grid, header, table)

    def read(self, end: int, *, is_first: bool) -> None:
        """Read every row before ``end``; what is no record is known for what it is, or refused.

        ``is_first``: no other table of this form stands above in the sheet.
        """
        self._end = end
        if is_first:
            self._above_header()
        for row in range(self._header.bottom + 1, end):
            self._row(row, self._grid.rows[row])
        self._number_rows()
        self._say_merged()
        self._others.say(self._log)
        if self._table.rows or self._table.refused:
            self._table.state = "已报"
        elif self._none_at is not None:
            self._table.state = "零"

    # --- which rows are records ---

    def _row(self, row: int, cells: Sequence[Any]) -> None:
        filled = {}
        for name, column in self._columns.items():
            raw = cells[column] if column < len(cells) else ""
            if raw != "" and not is_blank(raw):
                filled[name] = raw
        covered = self._merges.covered
        if covered and filled:
            filled = {n: raw for n, raw in filled.items() if (row, self._columns[n]) not in covered}
        broken = row in self._unreadable and any(
            (row, c) in self._grid.unreadable and (row, c) not in covered
            for name, c in self._columns.items()
            if name != "number"
        )
        if not filled and not broken:
            self._only_other_columns(row, cells)
            return
        if self._is_total(row, cells, filled):
            return
        if not broken and self._is_no_record(row, cells, filled):
            return
        if self._none_at is not None:
            # “无” first and rows after it contradict each other: the rows count, and it is said.
            self._none_at = None
            self._log.add("none_and_rows", "先填“无”，后面又有内容", "“无”或各行内容，只填一种",
                          "按有内容处理", sheet=self._grid.name, cell=f"A{row + 1}")  # fmt: skip
        self._others.see(row, cells)
        if len(filled) == 1 and self._many_required and not broken and not self._shares(row):
            ((name, raw),) = filled.items()
            self._unrecognised(row, name, raw)
            return
        self._record(row, cells)

    def _is_no_record(self, row: int, cells: Sequence[Any], filled: Mapping[str, Any]) -> bool:
        """A note, the header again, “无”, or a number printed in advance."""
        if len(filled) > 1 and self._is_header_again(filled):
            return True
        if self._may_be_none(filled) and is_note(cells):
            self._after_note = True
            return True
        own = {name: raw for name, raw in filled.items() if name != "number"}
        if not self._records and not self._table.refused and self._none_at is None:
            if all(says_none(raw) for raw in (own or filled).values()):
                self._none_at = row
                return True
        elif self._none_at is not None and own and all(says_none(raw) for raw in own.values()):
            return True
        if not own and not self._shares(row):
            wanted = self._table.sheet.field("number")
            if not self._cells.reading(wanted, filled["number"]).refused:
                return True
        return len(filled) == 1 and self._is_remark(row, *next(iter(filled.items())))

    def _is_header_again(self, filled: Mapping[str, Any]) -> bool:
        return all(
            isinstance(raw, str) and squeeze(raw) in self._again[name]
            for name, raw in filled.items()
        )

    def _may_be_none(self, filled: Mapping[str, Any]) -> bool:
        """Whether a row lacks something that every record has; one such column tells nothing."""
        return len(self._required) < 2 or not self._required_set <= filled.keys()

    def _is_total(self, row: int, cells: Sequence[Any], filled: Mapping[str, Any]) -> bool:
        """合计 and its like, compared; a formula without a value in it is nobody's loss."""
        if not self._may_be_none(filled):
            return False
        column = total_word(cells)
        if column is None:
            return False
        if self._required_set <= filled.keys() and any(
            f.kind == "text" and self._columns.get(f.name) == column for f in self._fields
        ):
            return False  # a record whose text is “合计”
        self._totals.compare(row, column, self._records)
        return True

    def _is_remark(self, row: int, name: str, raw: Any) -> bool:
        """A text that stands alone below the last record, where no record could have it."""
        if not isinstance(raw, str) or row <= self._last_record():
            return False
        if self._after_note:
            return True
        wanted = next(f for f in self._fields if f.name == name)
        is_wide = (row, self._columns[name]) in self._merges.wide
        return len(raw) >= _LONG and (is_wide or wanted.kind not in ("text", "absent", "people"))

    def _last_record(self) -> int:
        """The last row with at least two filled columns that is no total, note or header."""
        if self._last_solid is None:
            self._last_solid = -1
            for row in range(self._end - 1, self._header.bottom, -1):
                cells = self._grid.rows[row]
                count = sum(c < len(cells) and not is_blank(cells[c])
                            for c in self._columns.values())  # fmt: skip
                if count > 1 and total_word(cells) is None and not is_note(cells):
                    self._last_solid = row
                    break
        return self._last_solid

    def _shares(self, row: int) -> bool:
        """Whether a merged cell above gives this row a value."""
        return bool(self._merges) and any(
            (row, column) in self._merges.same for column in self._columns.values()
        )

    def _only_other_columns(self, row: int, cells: Sequence[Any]) -> None:
        """A row without anything in a known column: blank, a total, a remark, or other data."""
        filled = [raw for raw in cells if raw != "" and not is_blank(raw)]
        if not filled or total_word(cells) is not None:
            return
        if is_note(cells):
            self._after_note = True
        elif len(filled) > 1 or row < self._last_record():
            self._others.see(row, cells)

    def _unrecognised(self, row: int, name: str, raw: Any) -> None:
        self._table.refused += 1
        self._log.add("unrecognised_row", shown(raw), "一行记录，或以“合计”“注：”开头的行", "",
                      sheet=self._grid.name,
                      cell=address(row, self._columns[name]))  # fmt: skip

    def _above_header(self) -> None:
        """Records above the header would be lost without a word."""
        columns = [self._columns[name] for name in self._required]
        if len(columns) < 2:
            return
        for row, cells in enumerate(self._grid.rows[: self._header.top]):
            raws = [cells[c] if c < len(cells) else "" for c in columns]
            if any(is_blank(raw) for raw in raws) or self._is_label_row(cells):
                continue
            if self._is_header_again(dict(zip(self._required, raws, strict=True))):
                continue
            self._table.refused += 1
            self._log.add("unrecognised_row", f"表头以上有内容：{shown(raws[0])}",
                          "记录都在表头以下", "", sheet=self._grid.name,
                          cell=address(row, columns[0]))  # fmt: skip

    @staticmethod
    def _is_label_row(cells: Sequence[Any]) -> bool:
        texts = [raw.strip() for raw in cells if isinstance(raw, str)]
        return any(":" in text or "：" in text for text in texts) or is_note(cells)

    # --- one record ---

    def _record(self, row: int, cells: Sequence[Any]) -> None:
        entry = Row(row + 1, {}, self._columns, self._table.source)
        special = bool(self._merges) or row in self._unreadable
        for wanted in self._fields:
            name = wanted.name
            column = self._columns.get(name)
            if column is None:
                entry.values[name] = self._given.get(name)
                continue
            at, stopped = (row, column), None
            raw = cells[column] if column < len(cells) else ""
            if special:
                at, raw, stopped = self._under_merge(row, column, wanted, raw)
            if name == "number" and self._lacks_number(wanted, raw, entry, stopped):
                continue
            if not self._cells.read(wanted, raw, entry, stopped, at):
                entry.fault = entry.fault or name
        self._records.append(entry)
        if self._numbered and "number" not in self._columns:
            entry.values["number"] = str(len(self._records))
        if not settle_spans(entry, self._fields):
            entry.fault = entry.fault or "start"
        if entry.fault:
            self._table.lost.append(entry)
            self._table.refused += 1
        else:
            self._table.rows.append(entry)

    # --- 序号 ---

    def _lacks_number(
        self, wanted: Field, raw: Any, entry: Row, stopped: tuple[str, str, str] | None
    ) -> bool:
        """Whether a row's 序号 cannot be read, and was not decided: it enters all the same."""
        entry.values[wanted.name] = None
        if stopped and stopped[0] != "formula":
            return False
        if self._log.decided.override(self._log.file, self._grid.name, entry.cell(wanted.name)):
            return False
        reading = self._cells.reading(wanted, raw)
        return bool(stopped) or (reading.value is None and not reading.code)

    def _number_rows(self) -> None:
        """Number the rows without 序号 by their place, if all others are numbered so; say it once.

        Otherwise such a row has a number that nothing refers to.
        """
        numbers = [record.values.get("number") for record in self._records]
        rows = {n: record for n, record in enumerate(self._records)
                if numbers[n] is None and "number" not in record.refused}  # fmt: skip
        if "number" not in self._columns or not rows:
            return
        firsts = {int(v) - n if v.isdigit() else 0 for n, v in enumerate(numbers) if v} or {1}
        counted = {n: str(n + min(firsts)) for n in rows}
        taken = {row.values.get("number") for row in self._table.rows}
        is_sure = len(firsts) == 1 and 0 not in firsts and not taken.intersection(counted.values())
        for n, record in rows.items():
            record.values["number"] = counted[n] if is_sure else f"第{record.number}行"
        code, action = "bad_key", "各行照常采用；其他表按序号引用这些行的，请补填序号"
        if is_sure:
            code, action = "corrected_key", f"按行的次序读作{'、'.join(counted.values())}，请核对"
        next(iter(rows.values())).issue(
            code, "number", f"序号空白或没有结果（共{len(rows)}行）", "每行一个序号", action
        )

    def _under_merge(
        self, row: int, column: int, wanted: Field, raw: Any
    ) -> tuple[tuple[int, int], Any, tuple[str, str, str] | None]:
        """(where the value stands, the value, why it must not be read) of one cell."""
        at = (row, column)
        if (merge := self._merges.wide.get(at)) is not None:
            return at, raw, ("merged_cells", f"合并单元格 {merge}", "不合并的单元格，逐列填写")
        if (merge := self._merges.same.get(at)) is not None:
            shared = self._merges.several(merge)
            if shared and (one_each(wanted) or contradicts(self._grid, at, merge)):
                return at, raw, ("merged_cells", f"合并单元格 {merge}", "不合并的单元格，逐行填写")
            at = (merge.top, merge.left)
            raw = first_of(self._grid, merge)
            if shared and not is_blank(raw):
                self._shared.setdefault(str(merge), (wanted, raw))
        if at in self._grid.unreadable:
            return at, raw, ("formula", self._grid.unreadable[at], "填好的值（公式请粘贴为数值）")
        return at, raw, None

    def _say_merged(self) -> None:
        for merge, (wanted, raw) in self._shared.items():
            self._log.add("merged_read", f"{wanted.header}：合并单元格 {merge}（{shown(raw)}）",
                          "逐行填写", f"{merge} 各行按同值读取", sheet=self._grid.name,
                          cell=merge.partition(":")[0])  # fmt: skip
