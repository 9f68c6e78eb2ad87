"""Workbooks of every writer read the same; what calamine hides is found."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from opening_support import (
    CELLS,
    FILES,
    MAIN,
    ROWS,
    book,
    codes,
    parts_of,
    raw,
    refused,
    sheet,
    zipped,
)

from reportkit.records.opening import Range, open_file

PLAIN = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>2</v></c></row>'


def by_pandas() -> bytes:
    import pandas

    buffer = io.BytesIO()
    pandas.DataFrame(ROWS[1:], columns=ROWS[0]).to_excel(buffer, sheet_name="表", index=False)
    return buffer.getvalue()


def prefixed() -> bytes:
    """Tags with a prefix, absolute targets, no dimension: as some other programs write."""
    parts = parts_of(book())
    path = "xl/worksheets/sheet1.xml"
    xml = re.sub(rb"<dimension[^>]*/>", b"", parts[path])
    xml = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")
    parts[path] = xml.replace(b"<x:t>", b'<x:t xml:space="preserve">')
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = re.sub(rb'Target="(?!/)', b'Target="/xl/', parts[rels])
    return zipped(parts)


def quoted_otherwise() -> bytes:
    """Single quotes, a comment between cells, UTF-16, and the cell's attributes in turn."""
    parts = parts_of(book())
    path = "xl/worksheets/sheet1.xml"
    xml = parts[path].decode().replace('"', "'").replace("</c><c ", "</c><!-- <c r='Z9'> --><c ")
    xml = re.sub(r"<c r='(\w+)'( [^>/]*)>", r"<c\2 r='\1'>", xml)
    xml = re.sub(r"^<\?xml.*?\?>", "", xml)
    parts[path] = ('<?xml version="1.0" encoding="UTF-16"?>' + xml).encode("utf-16")
    return zipped(parts)


def without_addresses() -> bytes:
    """Rows and cells that do not say where they are, which is allowed."""
    parts = parts_of(book())
    path = "xl/worksheets/sheet1.xml"
    parts[path] = re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", parts[path])
    return zipped(parts)


@pytest.mark.parametrize(
    "make",
    [
        book,
        by_pandas,
        prefixed,
        quoted_otherwise,
        without_addresses,
        lambda: (FILES / "libreoffice.xlsx").read_bytes(),
    ],
    ids=["openpyxl", "pandas", "prefixed", "quoted", "no-addresses", "libreoffice"],
)
def test_every_writer_gives_the_same_cells(make: Any) -> None:
    """openpyxl, pandas, LibreOffice and odd but valid XML differ in nothing that is read."""
    opened = open_file(make(), "甲岭.xlsx")
    assert (opened.format, opened.notices) == ("xlsx", ())
    assert [(grid.name, grid.rows, grid.unreadable) for grid in opened.grids] == [("表", CELLS, {})]


def test_formulas_and_errors_that_calamine_reads_as_blanks_are_found() -> None:
    """No value, an error, and ="" are three different things; a value is a value."""
    data = (
        '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v></v></c>'
        '<c r="C1" t="e"><v>#N/A</v></c><c r="D1" t="str"><f>""</f><v></v></c>'
        '<c r="E1"><f>1+1</f><v>2</v></c><c t="e" r="F1"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    (grid,) = open_file(sheet(data), "a.xlsx").grids
    assert grid.unreadable == {
        (0, 0): "没有计算结果的公式",
        (0, 1): "没有计算结果的公式",
        (0, 2): "#N/A",
        (0, 5): "#DIV/0!",
    }
    assert grid.rows[0][4] == 2


def test_unreadable_cells_below_and_beside_all_values_are_within_the_rows() -> None:
    """A form of nothing but formulas without values is not an empty form."""
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="B3"><f>1+1</f></c></row>'
    (grid,) = open_file(sheet(data), "a.xlsx").grids
    assert grid.rows == [[1.0, ""], ["", ""], ["", ""]] and set(grid.unreadable) == {(2, 1)}


@pytest.mark.parametrize(
    ("formula", "outside"),
    [
        ("[1]Sheet1!A1", True),
        ("SUM('[2]甲 表'!A1:B2)", True),
        ("VLOOKUP(A1,'C:\\表\\[名单.xlsx]Sheet1'!A:B,2,0)", True),
        ('WEBSERVICE("http://example.invalid")', True),
        ("外部名称*2", True),
        ("表1[2023]", False),
        ("SUM(表1[[2023]:[2024]])", False),
        ("Sheet2!A1", False),
        ("外部名称二", False),
    ],
)
def test_a_value_from_another_file_is_not_trusted(formula: str, outside: bool) -> None:
    """Such a cell is unreadable, with a notice that names it; tables within are no links."""
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>'
        '<definedNames><definedName name="外部名称">[1]Sheet1!$A$1</definedName></definedNames>'
        "</workbook>"
    )
    data = f'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>{formula}</f><v>7</v></c></row>'
    opened = open_file(sheet(data, **{"xl/workbook.xml": workbook}), "a.xlsx")
    expected = {(0, 1): "引用外部文件的公式"} if outside else {}
    assert opened.grids[0].unreadable == expected
    places = [(n.code, n.sheet, n.cell) for n in opened.notices]
    assert places == ([("external_link", "表", "B1")] if outside else [])


def test_cells_that_share_an_outside_formula_are_all_untrusted() -> None:
    """The formula stands at the first cell only; the others refer to it by number."""
    data = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="3">[1]S!B1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="3"/><v>2</v></c></row>'
    )
    assert set(open_file(sheet(data), "a.xlsx").grids[0].unreadable) == {(0, 0), (1, 0)}


def test_hidden_rows_columns_sheets_and_merged_cells_are_told() -> None:
    """Hidden columns and sheets too; merged ranges are kept and fill nothing."""

    def spoil(workbook: Any) -> None:
        first = workbook.active
        first.row_dimensions[2].hidden = True
        first.row_dimensions[3].height = 0
        first.column_dimensions["C"].hidden = True
        first.merge_cells("A5:B6")
        first["A5"] = "合并"
        for state in ("hidden", "veryHidden"):
            workbook.create_sheet(state).sheet_state = state

    shown, hidden, very = open_file(book(spoil), "a.xlsx").grids
    assert (shown.hidden, hidden.hidden, very.hidden) == (False, True, True)
    assert (shown.hidden_rows, shown.hidden_columns) == ([1], [2])
    assert shown.merged == [Range(4, 0, 5, 1)] and shown.rows[4][:2] == ["合并", ""]


def test_rows_and_columns_without_size_are_hidden() -> None:
    """Height or width 0 hides as well as the mark does; 10 does not."""
    rows = "".join(
        f'<row r="{n}" ht="{height}" customHeight="1"><c r="A{n}"><v>1</v></c>'
        f'<c r="B{n}"><v>1</v></c></row>'
        for n, height in enumerate(("0", "10", "0.0"), 1)
    )
    head = '<cols><col min="2" max="9" width="0" customWidth="1"/></cols>'
    grid = open_file(sheet(rows, "", head), "a.xlsx").grids[0]
    assert (grid.hidden_rows, grid.hidden_columns) == ([0, 2], [1])


def test_dates_of_chinese_formats_and_of_1904_are_dates() -> None:
    """Built-in format 31 and the weekday's format have no sign that calamine knows."""

    def spoil(workbook: Any) -> None:
        workbook.active["A1"] = 45000
        workbook.active["A1"].number_format = "aaaa"

    assert open_file(book(spoil, []), "a.xlsx").grids[0].rows == [[dt.date(2023, 3, 15)]]
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/><xf numFmtId="31"/></cellXfs></styleSheet>'
    data = '<row r="1"><c r="A1" s="1"><v>45000</v></c><c r="B1" s="0"><v>45000</v></c></row>'
    content = sheet(data, **{"xl/styles.xml": styles})
    assert open_file(content, "a.xlsx").grids[0].rows == [[dt.date(2023, 3, 15), 45000.0]]
    parts = parts_of(content)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<sheets>", b'<workbookPr date1904="1"/><sheets>'
    )
    # 45000 days after 1904-01-01, worked by hand: 1462 days after 2023-03-15.
    assert open_file(zipped(parts), "a.xlsx").grids[0].rows[0][0] == dt.date(2027, 3, 16)


def test_percentages_fixed_decimals_and_struck_text_are_told() -> None:
    """0.95 shown as 95%, 2023.1 shown as 2023.10; a number that reads as it shows is not."""

    def spoil(workbook: Any) -> None:
        from openpyxl.styles import Font

        first = workbook.active
        for cell, value, form in (
            ("A1", 0.95, "0%"), ("B1", 2023.1, "0.00"), ("C1", 2.25, "0.00"),
            ("D1", 7, "000"), ("E1", "95%", "0%"), ("F1", 0.5, '0"%"'),
        ):  # fmt: skip
            first[cell] = value
            first[cell].number_format = form
        first["A2"] = "已离任"
        first["A2"].font = Font(strike=True)

    opened = open_file(book(spoil, []), "a.xlsx")
    grid = opened.grids[0]
    assert grid.percent == {(0, 0)}
    assert grid.shown == {(0, 1): "2023.10", (0, 3): "007"}
    assert grid.struck == {(1, 0)} and grid.rows[1][0] == "已离任"
    assert [(n.code, n.cell) for n in opened.notices] == [("struck_through", "A2")]


def test_rich_text_is_joined_and_its_reading_aid_left_out() -> None:
    """Runs make one text; <rPh> is no part of it; a struck run is told."""
    strings = (
        f'<sst xmlns="{MAIN}"><si><r><t xml:space="preserve">张 </t></r><r><rPr><strike/></rPr>'
        '<t>伟</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></si><si><t>李娜</t></si></sst>'
    )
    data = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    (grid,) = open_file(sheet(data, **{"xl/sharedStrings.xml": strings}), "a.xlsx").grids
    assert grid.rows == [["张 伟", "李娜"]] and grid.struck == {(0, 0)}


def test_macros_and_what_points_elsewhere_are_told_and_left_alone() -> None:
    """Nothing is run, fetched or opened; the unit hears of it."""
    rel = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="x/image" Target="http://example.invalid/a.png" '
        'TargetMode="External"/></Relationships>'
    )
    parts = parts_of(sheet(PLAIN))
    parts["xl/vbaProject.bin"] = b"x"
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    parts["xl/connections.xml"] = b"<connections/>"
    parts["xl/embeddings/oleObject1.bin"] = b"x"
    parts["xl/drawings/_rels/drawing1.xml.rels"] = rel.encode()
    opened = open_file(zipped(parts), "a.xlsm")
    assert opened.format == "xlsm" and opened.grids[0].rows == [["甲", 2.0]]
    assert sorted(codes(opened)) == ["embedded", *["external_link"] * 3, "macros"]


def test_cells_that_only_carry_a_format_count_for_nothing() -> None:
    """A sheet formatted down to its last row is as large as what stands in it."""
    data = PLAIN + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    tail = '<dataValidations count="0"/>'
    content = sheet(data, tail, '<dimension ref="A1:XFD1048576"/>')
    assert open_file(content, "a.xlsx").grids[0].rows == [["甲", 2.0]]


def test_parts_are_found_without_regard_to_case_and_by_relation() -> None:
    """A workbook part of another name, as some web systems write it, is followed."""
    parts = parts_of(raw({"xl/worksheets/Sheet1.XML": b""}))
    parts["xl/worksheets/Sheet1.XML"] = (
        f'<worksheet xmlns="{MAIN}"><sheetData>{PLAIN}</sheetData></worksheet>'.encode()
    )
    parts["xl/book2.xml"] = parts.pop("xl/workbook.xml")
    parts["xl/_rels/book2.xml.rels"] = parts.pop("xl/_rels/workbook.xml.rels")
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"workbook.xml", b"book2.xml")
    parts["[Content_Types].xml"] = b"<Types/>"
    assert open_file(zipped(parts), "a.xlsx").grids[0].rows == [["甲", 2.0]]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ('<row r="2"><c r="{}"><v>2</v></c></row>', place)
        for place in (
            "A99999999",
            "xfd1048576",
            "A1048577",
            "AAAA1",
            "A4294967298",
            "A0",
            "A3",
            "2",
        )
    ]
    + [('<row r="0"><c r="{}"><v>2</v></c></row>', "A0"), ('<c r="{}"><v>2</v></c>', "A2")],
)
def test_a_cell_that_is_nowhere_is_refused_before_it_is_read(rows: str, place: str) -> None:
    """calamine would end the process, or put the value elsewhere."""
    assert refused(sheet(rows.format(place))).code in ("damaged", "rows", "columns")


@pytest.mark.parametrize(
    "again",
    [
        '<c r="A1"><v>2</v></c>',
        '<c r="A1"/>',
        '<c r="a1"><v>2</v></c>',
        '</row><row r="1"><c r="A1"><v>2</v></c>',
    ],
)
def test_a_cell_with_two_values_is_refused_and_one_told_twice_is_read(again: str) -> None:
    """Neither is guessed; what stands there twice in the same words is no contradiction."""
    once = '<c r="A1"><v>1</v></c>'
    error = refused(sheet(f'<row r="1">{once}{again}</row>'))
    assert error.code == "damaged" and error.cell == "A1" and "两次" in error.found
    assert open_file(sheet(f'<row r="1">{once}{once}</row>'), "a.xlsx").grids[0].rows == [[1]]


@pytest.mark.parametrize("area", ["A0", "A1:XFD1048576", "nonsense", "B7:A1"])
def test_what_a_sheet_states_of_its_area_is_not_asked(area: str) -> None:
    """Addresses in small letters are read as well."""
    content = sheet('<row r="1"><c r="b1"><v>1</v></c></row>', head=f'<dimension ref="{area}"/>')
    assert open_file(content, "a.xlsx").grids[0].rows == [["", 1]]


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        ("sharedStrings", '<sst xmlns="{}" uniqueCount="4294967295"><si><t>x</t></si></sst>'),
        (
            "styles",
            '<styleSheet xmlns="{}"><cellXfs count="999999999"/></styleSheet>',
        ),
    ],
)
def test_a_list_longer_than_any_file_is_refused_before_room_is_made_for_it(
    part: str, xml: str
) -> None:
    """calamine asks for the memory first, and ends with the process."""
    content = sheet('<row r="1"/>', **{f"xl/{part}.xml": xml.format(MAIN)})
    assert "数量" in refused(content).found


@pytest.mark.parametrize(("value", "form", "shown"), [
    (5, ";;;", False), ("文", ";;;", False), (5, "0;-0;;@", True), (0, "0;-0;;@", False),
    (1, '"已完成"', False), (3, '0"次"', True), (5, '"1"0', False),
    (1, '[=1]"是";[=0]"否";', False),
    (dt.date(2023, 3, 5), 'yyyy"年"m"月"d"日"', True), (dt.date(2023, 3, 5), '"2023年"', False),
    (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', True), ("文", '0;0;0;"略"', False),
    (3, "[Red]0", True), ("文", "0", True), (True, ";;;", False),
])  # fmt: skip
def test_a_value_that_its_format_does_not_show_is_told(value: Any, form: str, shown: bool) -> None:
    """Nothing, another text, or digits of the format's own beside it; the value is read."""

    def spoil(workbook: Any) -> None:
        workbook.active["B3"] = value
        workbook.active["B3"].number_format = form

    opened = open_file(book(spoil, []), "a.xlsx")
    assert opened.grids[0].unseen == (set() if shown else {(2, 1)})
    told = [(n.code, n.cell) for n in opened.notices]
    assert told == ([] if shown else [("not_shown", "B3")])


@pytest.mark.parametrize(("ink", "paper", "shown"), [
    ("FFFFFFFF", None, False), ("FFFF0000", "FFFF0000", False), ("FF000000", "FF000000", False),
    ("FFFFFFFF", "FF4472C4", True), ("FFFF0000", None, True), (None, "FFFFFF00", True),
    (None, None, True), ("theme", None, False),
])  # fmt: skip
def test_a_value_in_the_colour_of_its_paper_is_told(
    ink: str | None, paper: str | None, shown: bool
) -> None:
    """White on white, by value or by theme, and any other colour on itself."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.styles.colors import Color

    def spoil(workbook: Any) -> None:
        cell = workbook.active["A1"]
        cell.value = "已取消"
        cell.font = Font(color=Color(theme=0) if ink == "theme" else ink)
        if paper:
            cell.fill = PatternFill("solid", fgColor=paper)

    opened = open_file(book(spoil, []), "a.xlsx")
    assert [n.code for n in opened.notices] == ([] if shown else ["not_shown"])
