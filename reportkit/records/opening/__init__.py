"""Opening a file that a unit sent: whatever its kind, its sheets as grids of cells.

:mod:`.kinds` tells what a file is, by content before name; :mod:`.xlsx`, :mod:`.xls`,
:mod:`.ods` and :mod:`.csv_text` open the kinds that are read, :mod:`.isolation` in a process
apart; :mod:`.limits` says how large a file may be; :mod:`.classified` knows the markings of
state secrets; :mod:`.grid` is what comes out.
"""

from __future__ import annotations

from pathlib import Path, PurePath

from reportkit.errors import SubmissionError
from reportkit.records.opening.classified import classified_marking
from reportkit.records.opening.grid import (
    TABLE_FORMAT,
    EvidenceError,
    Grid,
    Notice,
    Opened,
    Range,
    address,
    column_letters,
    damaged,
    position,
    refusal,
)
from reportkit.records.opening.kinds import (
    Kind,
    evidence_notice,
    format_of,
    is_lock,
    is_system,
    kind_of,
)
from reportkit.records.opening.limits import MAXIMUM_FILE

__all__ = [
    "TABLE_FORMAT",
    "EvidenceError",
    "Grid",
    "Kind",
    "Notice",
    "Opened",
    "Range",
    "address",
    "classified_marking",
    "column_letters",
    "evidence_notice",
    "format_of",
    "is_lock",
    "is_system",
    "kind_of",
    "open_file",
    "position",
    "read_bytes",
    "refusal",
]

_SAVE_AS = "用 Excel 或 WPS 另存为 .xlsx 后重新报送"
_USUAL = {
    "xlsx": (".xlsx", ".et", ".xlsm"),
    "xlsm": (".xlsm", ".et"),
    "xls": (".xls", ".et"),
    "csv": (".csv",),
    "ods": (".ods",),
}
"""Format → the extensions under which it is no surprise."""


def open_file(content: bytes, name: str) -> Opened:
    """All worksheets of a file, in its own order.

    Parameters
    ----------
    content:
        The file's bytes.
    name:
        Its name, which tells apart what the content alone does not.

    Raises
    ------
    EvidenceError
        If it is no table but evidence, which is registered and answered.
    SubmissionError
        If nothing of it can be read; ``code`` says which fault it is.
    """
    if len(content) > MAXIMUM_FILE:
        raise _too_large(len(content))
    found = format_of(content, name)
    suffix = PurePath(name).suffix.lower()
    try:
        opened = _open(content, name, found, suffix)
    except (SubmissionError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001, RUF100 - a unit's file never ends an import
        raise damaged("文件的内容无法识别") from error
    if suffix not in _USUAL[found if found == "xls" else opened.format.replace("et", "xlsx")]:
        notice = Notice(
            "extension",
            f"扩展名 {suffix or '（无）'} 与内容不符，内容是 {opened.format} 文件",
            f"扩展名 .{opened.format}",
            "已按内容读取；请用 Excel 或 WPS 另存后使用正确的扩展名",
        )
        opened = Opened(opened.format, opened.grids, (notice, *opened.notices))
    return opened


def _open(content: bytes, name: str, found: str, suffix: str) -> Opened:
    if found.startswith("broken") and kind_of(content, name) == "evidence":
        raise _not_read(content, name, found)
    if found in ("xlsx", "broken_zip", "xlsb"):
        from reportkit.records.opening.xlsx import open_workbook

        opened = open_workbook(content)
        return Opened("et", opened.grids, opened.notices) if suffix == ".et" else opened
    if found in ("xls", "broken_ole"):
        from reportkit.records.opening.xls import open_old_workbook

        return open_old_workbook(content, "et" if suffix == ".et" else "xls")
    if found == "ods":
        from reportkit.records.opening.ods import open_ods

        return open_ods(content)
    if found in ("csv", "text"):
        from reportkit.records.opening.csv_text import looks_like_table, open_csv

        if found == "csv" or looks_like_table(content):
            return open_csv(content, name)
    raise _not_read(content, name, found)


def _not_read(content: bytes, name: str, found: str) -> Exception:
    if found == "empty":
        return refusal("文件是空的（0 字节）", next_step="重新保存后再报送", code="empty_file")
    if found == "locked":
        from reportkit.records.opening.xls import locked

        return locked()
    if found == "html":
        return refusal("网页或 XML 文件，只是扩展名像表格", next_step=_SAVE_AS, code="html_as_xls")
    if kind_of(content, name) == "evidence":
        notice = evidence_notice(content, name)
        error = EvidenceError(notice.found, expected=notice.expected, next_step=notice.action)
        error.code = notice.code
        return error
    return refusal("不是 .xlsx 工作簿（内容与扩展名不符）", next_step=_SAVE_AS, code="format")


def _too_large(size: int) -> Exception:
    return refusal(
        f"文件过大（{size // 2**20} MB）", f"不超过 {MAXIMUM_FILE // 2**20} MB",
        "删去多余的图片和空白行列后重新报送", code="too_large",
    )  # fmt: skip


def read_bytes(path: Path) -> bytes:
    """A file's content.

    Raises
    ------
    SubmissionError
        If the system does not let it be read, or it is too large.
    """
    try:
        if not path.is_file():
            raise refusal("不是普通文件", next_step="请放入报送表文件本身")
        if path.stat().st_size > MAXIMUM_FILE:
            raise _too_large(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        denied = isinstance(error, PermissionError)
        raise refusal(
            "没有读取权限，或正被其他程序占用" if denied else "文件打不开",
            "可以读取的文件",
            "检查文件权限，或关闭正在编辑它的程序" if denied else "确认文件仍在原处且能打开",
        ) from None
