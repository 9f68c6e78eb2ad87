"""Raw tables of any source as frames that keep their contracts, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.records.issues import shown
from reportkit.records.opening.classified import classified_marking
from reportkit.records.schemas import TABLES, Table, frame_of
from reportkit.records.sources.cells import Dated, WrongValue, is_blank, read_column
from reportkit.records.sources.problems import Problems

if TYPE_CHECKING:
    import pandas as pd

ROW_OUT = "该行未采用，请在数据源中更正后重新导入"
CELL_OUT = "该项未采用，该行其余照常采用"
TABLE_OUT = "整表未采用，请在数据源中更正后重新导入"
_SOURCE = ("source_file", "source_sheet", "source_row")


@dataclass(frozen=True)
class RawTable:
    """A table as the source has it: its columns by name, all of one length; its sha256.

    ``numbers`` are the rows' numbers in the source, from 1.
    """

    name: str
    file: str
    columns: Mapping[str, Sequence[Any]]
    numbers: Sequence[int]
    sha256: str = ""

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, places: Sequence[int]) -> RawTable:
        """The rows at these places."""
        if len(places) == len(self):
            return self
        columns = {name: [values[i] for i in places] for name, values in self.columns.items()}
        return RawTable(
            self.name, self.file, columns, [self.numbers[i] for i in places], self.sha256
        )


def row_label(raw: RawTable, place: int) -> str:
    """A row as a problem names it: its key, and its number in the source."""
    table = TABLES[raw.name]
    key = [f"{k}={shown(raw.columns[k][place])}" for k in table.key if k in raw.columns]
    return f"{'，'.join(key)}（第{raw.numbers[place]}行）"


def typed(raw: RawTable, problems: Problems) -> pd.DataFrame | None:
    """The table's good rows as a frame of its schema; None if the table lacks a column.

    What breaks the contract is put down in ``problems``, and its row left out.
    """
    table = TABLES[raw.name]
    if not _columns_fit(raw, table, problems):
        return None
    _refuse_classified(raw)
    out: set[int] = set()
    values: dict[str, list[Any]] = {}
    for column in table.columns:
        if column.name in _SOURCE:
            continue
        given = raw.columns.get(column.name) or [None] * len(raw)
        dated = Dated()
        values[column.name], wrong = read_column(given, column, dated)
        for place, error in wrong.items():
            _tell(raw, place, column.name, given[place], error, column.nullable, problems)
            if not (error.private and column.nullable):
                out.add(place)
        if not column.nullable:
            for place, value in enumerate(values[column.name]):
                if value is None and place not in wrong:
                    problems.add(
                        "source_blank", raw.name, "空白", f"{column.name} 必填", ROW_OUT,
                        column=column.name, row=row_label(raw, place), file=raw.file,
                    )  # fmt: skip
                    out.add(place)
        if dated.with_time:
            problems.add(
                "source_time", raw.name, f"{dated.with_time}行带有时刻", "日期",
                "只取日期", column=column.name, file=raw.file,
            )  # fmt: skip
    out |= _repeated(raw, table, values, out, problems)
    return _frame(raw, table, values, [n for n in range(len(raw)) if n not in out])


def _refuse_classified(raw: RawTable) -> None:
    """A source with a 密级 marking is not for this tool, whatever else it holds."""
    for name, given in raw.columns.items():
        for place, value in enumerate(given):
            if isinstance(value, str) and "密" in value and classified_marking(value):
                raise RecordsError(
                    f"a 密级 marking in {raw.name}.{name}: {row_label(raw, place)}",
                    expected="records that are not classified",
                    next_step="handle the source by the rules of secrecy; nothing was imported",
                    where=raw.file,
                )


def _columns_fit(raw: RawTable, table: Table, problems: Problems) -> bool:
    missing = [c for c in table.columns if c.name not in raw.columns and c.name not in _SOURCE]
    for column in missing:
        problems.add(
            "source_column_blank" if column.nullable else "source_column",
            raw.name, f"没有 {column.name} 列", f"{column.name} 列",
            "按空白处理" if column.nullable else TABLE_OUT, column=column.name, file=raw.file,
        )  # fmt: skip
    for name in raw.columns:
        if name not in table.column_names and name != "year":
            problems.add(
                "source_column_extra", raw.name, f"多出 {shown(name)} 列",
                f"{'、'.join(table.column_names)}", "该列未读", column=shown(name), file=raw.file,
            )  # fmt: skip
    return all(column.nullable for column in missing)


def _tell(
    raw: RawTable, place: int, column: str, value: Any, error: WrongValue, nullable: bool,
    problems: Problems,
) -> None:  # fmt: skip
    private = error.private
    problems.add(
        "source_private" if private else "source_value", raw.name,
        "证件号码或电话号码（已隐去）" if private else shown(value), error.expected,
        CELL_OUT if private and nullable else ROW_OUT,
        column=column, row=row_label(raw, place), file=raw.file,
    )  # fmt: skip


def _repeated(
    raw: RawTable,
    table: Table,
    values: dict[str, list[Any]],
    out: set[int],
    problems: Problems,
) -> set[int]:
    """Rows that share their key with another: the same once, different ones not at all."""
    if not table.key:
        return set()
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, key in enumerate(zip(*(values[k] for k in table.key), strict=True)):
        if place not in out:
            groups.setdefault(key, []).append(place)
    dropped: set[int] = set()
    for places in (group for group in groups.values() if len(group) > 1):
        alike = len({tuple(column[p] for column in values.values()) for p in places}) == 1
        said = f"{len(places)}行的 {'、'.join(table.key)} 相同" + ("，内容也相同" if alike else "")
        for place in places[1:] if alike else places:
            dropped.add(place)
            problems.add(
                "source_repeat" if alike else "source_key", raw.name,
                said, "每行各不相同", "只计一次" if alike else ROW_OUT,
                column="、".join(table.key), row=row_label(raw, place), file=raw.file,
            )  # fmt: skip
    return dropped


def _frame(
    raw: RawTable, table: Table, values: dict[str, list[Any]], kept: list[int]
) -> pd.DataFrame:
    from reportkit.records.schemas import Column

    columns = dict(values)
    fill = {"source_file": raw.file, "source_sheet": raw.name}
    for name in _SOURCE:
        given = raw.columns.get(name) or [None] * len(raw)
        dtype = "Int64" if name == "source_row" else "str"
        read, _ = read_column(given, Column(name, dtype), Dated())  # type: ignore[arg-type]
        own = raw.numbers if name == "source_row" else [fill[name]] * len(raw)
        columns[name] = [o if is_blank(r) else r for r, o in zip(read, own, strict=True)]
    names = table.column_names
    picked = [[columns[name][n] for n in kept] for name in names]
    return frame_of(
        table, [dict(zip(names, row, strict=True)) for row in zip(*picked, strict=True)]
    )
