"""OpenDocument tables (.ods) read as .xlsx ones do, through the same guards."""

from __future__ import annotations

import datetime as dt

import pytest
from opening_support import codes, refused, zipped

from reportkit.records.opening import Opened, Range, open_file

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
    )
)  # fmt: skip
STYLES = (
    '<style:style style:name="off"><style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="gone"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
)


def ods(*sheets: str, **parts: str) -> bytes:
    """A file of sheets 表, 表2 …, each given by its rows, with attributes before a ``|``."""
    tables = ""
    for number, rows in enumerate(sheets):
        more, _, rows = rows.rpartition("|")
        tables += f'<table:table table:name="表{number or ""}" {more}>{rows}</table:table>'
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, **parts})


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", kind: str = "string", more: str = "", value: str = "") -> str:
    name = {"date": "date-value", "boolean": "boolean-value", "time": "time-value"}.get(
        kind, "value"
    )
    stated = f'office:{name}="{value}"' if value else ""
    kinds = f'office:value-type="{kind}"' if kind else ""
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {kinds} {stated} {more}>{shown}</table:table-cell>"


BLANK_REST = row('<table:table-cell table:number-columns-repeated="16384"/>',
                 more='table:number-rows-repeated="1048000"')  # fmt: skip


def opened(*sheets: str, **parts: str) -> Opened:
    return open_file(ods(*sheets, **parts), "a.ods")


def test_values_are_read_by_their_types_and_blanks_to_the_end_count_for_nothing() -> None:
    """Dates as dates; a note beside a cell is none of its text; a percentage is told."""
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    found = opened(
        row(cell("姓名<text:s text:c='2'/>甲").replace("<text:p>", note + "<text:p>", 1),
            cell("03-08", "date", value="2023-03-08"), cell("是", "boolean", value="true"),
            cell("95%", "percentage", value="0.95"), cell("2023.10", "float", value="2023.1"))
        + row(cell("09:30", "time", value="PT09H30M00S"),
              cell("10:00", "date", value="2023-03-08T10:00:00"),
              cell("2", "float", more='table:number-columns-repeated="2"', value="2"))
        + BLANK_REST
    )  # fmt: skip
    (grid,) = found.grids
    assert found.format == "ods" and not found.notices
    assert grid.rows == [
        ["姓名  甲", dt.date(2023, 3, 8), True, 0.95, 2023.1],
        [dt.time(9, 30), dt.datetime(2023, 3, 8, 10), 2.0, 2.0, ""],
    ]
    assert grid.percent == {(0, 3)} and grid.shown == {(0, 4): "2023.10"}


def test_what_is_hidden_merged_struck_or_without_a_value_is_told() -> None:
    """As of an .xlsx file; a value from another file is not taken."""
    found = opened(
        '<table:table-column/><table:table-column table:visibility="collapse"/>'
        + row(cell("甲", more='table:number-columns-spanned="2" table:number-rows-spanned="2"'))
        + row(cell("乙", more='table:style-name="gone"'), more='table:visibility="filter"')
        + row(cell(kind="", more='table:formula="of:=NOW()"'),
              cell("#N/A", more='table:formula="of:=X()"'),
              cell("7", "float", value="7", more="table:formula=\"of:='file:///b.ods'#$A.A1\"")),
        'table:style-name="off"|' + row(cell("丙")),
    )  # fmt: skip
    grid, hidden = found.grids
    assert grid.merged == [Range(0, 0, 1, 1)] and grid.struck == {(1, 0)}
    assert (grid.hidden_rows, grid.hidden_columns) == ([1], [1])
    assert grid.unreadable == {
        (2, 0): "没有计算结果的公式",
        (2, 1): "#N/A",
        (2, 2): "引用外部文件的公式",
    }
    assert hidden.hidden and not grid.hidden
    assert codes(found) == ["external_link", "struck_through"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ods(row(cell("x"), more='table:number-rows-repeated="900000"')), "rows"),
        (ods(row(cell("x", more='table:number-columns-repeated="9000"'))), "columns"),
        (ods(row(cell("x", more='table:number-columns-repeated="0"'))), "damaged"),
        (ods(row(cell("x", "float", value="many"))), "damaged"),
        (ods(row(cell("机密★"))), "classified"),
        (ods(row(cell("x")), **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "password"),
        (ods(row(cell("x")), **{"content.xml": "<!DOCTYPE a><a/>"}), "dtd"),
        (ods(row(cell("x")), **{"big.xml": " " * (210 << 20)}), "unpacked_size"),
    ],
    ids=["rows", "columns", "none", "number", "marked", "locked", "entities", "bomb"],
)
def test_a_hostile_or_damaged_one_is_refused(content: bytes, code: str) -> None:
    assert refused(content, "a.ods").code == code
