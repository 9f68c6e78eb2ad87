"""A folder with one Parquet or CSV file a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from reportkit.errors import SubmissionError, UsageError
from reportkit.files import sha256
from reportkit.records.issues import shown
from reportkit.records.opening.isolation import isolated
from reportkit.records.opening.limits import MAXIMUM_TEXT
from reportkit.records.schemas import SOURCE_TABLES
from reportkit.records.sources.frames import TABLE_OUT, RawTable
from reportkit.records.sources.problems import Problems

MAXIMUM_FILE = 512 * 2**20
"""Bytes of one file: two million rows of attendance as CSV are 200 MB."""
MAXIMUM_UNPACKED = 4 * 2**30
"""Bytes of a Parquet file's columns, unpacked."""
MAXIMUM_ROWS = 5_000_000
MAXIMUM_SECONDS = 1200
"""For reading one Parquet file."""

_ENDINGS = (".parquet", ".csv")


class _Refused(Exception):
    """A file that cannot be read: what was found, and what is expected."""


def read_folder(folder: Path, problems: Problems) -> Iterator[RawTable]:
    """Every table that the folder has a file of, in the order of the schema.

    Raises
    ------
    UsageError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(
            f"{folder.name or folder} is no folder",
            expected="a folder with one .parquet or .csv file a table, a database's address, "
            "or env:NAME of a variable that holds one",
            next_step="correct the location",
            where="--from",
        )
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        name = path.stem.lower()
        if path.suffix.lower() in _ENDINGS and name in SOURCE_TABLES and path.is_file():
            files.setdefault(name, []).append(path)
        elif path.name != "snapshot.json":
            problems.add(
                "source_file_extra", "", shown(path.name),
                "以表名命名的 .parquet 或 .csv 文件", "未读", file=shown(path.name),
            )  # fmt: skip
    for name in SOURCE_TABLES:
        paths = files.get(name, [])
        if len(paths) > 1:
            found = "、".join(path.name for path in paths)
            problems.add("source_file", name, found, "一个表一个文件", TABLE_OUT)
        elif paths:
            raw = _read(paths[0], name, problems)
            if raw is not None:
                yield raw


def _read(path: Path, name: str, problems: Problems) -> RawTable | None:
    try:
        size = path.stat().st_size
        if size > MAXIMUM_FILE:
            raise _Refused(f"{size // 2**20} MB", f"不超过 {MAXIMUM_FILE // 2**20} MB")
        if path.suffix.lower() == ".parquet":
            columns, numbers = isolated(
                _parquet, path, seconds=MAXIMUM_SECONDS, memory=3 * MAXIMUM_UNPACKED
            )
        else:
            columns, numbers = _csv(path, name, problems)
        return RawTable(name, path.name, columns, numbers, sha256(path))
    except _Refused as error:
        found, expected = error.args
    except SubmissionError as error:
        found, expected = error.found, "完整、未损坏的 Parquet 文件"
    except OSError as error:
        denied = isinstance(error, PermissionError)
        found = "没有读取权限，或正被其他程序占用" if denied else "文件打不开"
        expected = "可以读取的文件"
    problems.add("source_file", name, found, expected, TABLE_OUT, file=path.name)
    return None


Read = tuple[dict[str, Sequence[Any]], Sequence[int]]


def _parquet(path: Path) -> Read:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            metadata = file.metadata
            sizes = [metadata.row_group(n).total_byte_size for n in range(file.num_row_groups)]
            if metadata.num_rows > MAXIMUM_ROWS or sum(sizes) > MAXIMUM_UNPACKED:
                raise _Refused(f"{metadata.num_rows} 行", f"不超过 {MAXIMUM_ROWS} 行")
            names = file.schema_arrow.names
            _no_column_twice(names)
            content = file.read()
            columns = {column: content.column(column).to_pylist() for column in names}
    except (pa.ArrowException, UnicodeDecodeError, ValueError):
        raise _Refused("内容无法识别", "完整、未损坏的 Parquet 文件") from None
    return columns, range(1, content.num_rows + 1)


def _csv(path: Path, name: str, problems: Problems) -> Read:
    rows = csv.reader(io.StringIO(_decoded(path.read_bytes()), newline=""), strict=True)
    before = csv.field_size_limit(MAXIMUM_TEXT)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if not any(header):
            raise _Refused("空文件", "第一行为英文列名")
        _no_column_twice(header)
        good: list[list[str]] = []
        numbers: list[int] = []
        for number, row in enumerate(rows, 1):
            if number > MAXIMUM_ROWS:
                raise _Refused(f"超过 {MAXIMUM_ROWS} 行", f"不超过 {MAXIMUM_ROWS} 行")
            if len(row) == len(header):
                good.append(row)
                numbers.append(number)
            elif row:  # a line without anything is no row
                problems.add(
                    "source_row", name, f"{len(row)}项", f"{len(header)}项，与列名一致",
                    "该行未采用，请在数据源中更正后重新导入", row=f"第{number}行", file=path.name,
                )  # fmt: skip
    except csv.Error as error:
        found = "有过长的内容" if "field larger" in str(error) else "引号不成对，或有多余的字符"
        raise _Refused(f"第{rows.line_num}行{found}", "逗号分隔的 CSV") from None
    finally:
        csv.field_size_limit(before)
    columns = [list(column) for column in zip(*good, strict=True)] or [[] for _ in header]
    return dict(zip(header, columns, strict=True)), numbers


def _decoded(content: bytes) -> str:
    """UTF-8, with or without its mark, else GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _Refused("不是 UTF-8 或 GB18030 编码", "UTF-8 或 GB18030 编码的 CSV")


def _no_column_twice(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise _Refused(f"{'、'.join(map(shown, twice))} 列重复", "每列一个名称")
