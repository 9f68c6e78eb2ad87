"""What a file is, told by its content first: a table, evidence (佐证), or the system's own.

Names lie: web systems save HTML as ``.xls``, WPS saves either kind of workbook as ``.et``.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath
from typing import Literal

from reportkit.records.opening.grid import TABLE_FORMAT, Notice

Kind = Literal["table", "evidence", "system"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

SYSTEM_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep", ".gitignore"})
_LOCKS = ("~$", ".~", "._")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"II*\0", "tif"),
    (b"MM\0*", "tif"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"{\\rtf", "rtf"),
    (b"ID3", "mp3"),
)
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("EncryptedPackage", "locked"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
)
_ZIP_PARTS: tuple[tuple[str, str], ...] = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("ofd.xml", "ofd"),
)
_TABLES = frozenset({"xlsx", "xls", "xlsb", "csv", "html", "ods", "locked"})
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".ods")
_EVIDENCE_NAMES = frozenset(
    {".pdf", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".webp",
     ".doc", ".docx", ".ppt", ".pptx", ".wps", ".dps", ".ofd", ".rtf", ".txt", ".md", ".rar",
     ".zip", ".7z", ".gz", ".tar", ".mp3", ".mp4", ".m4a", ".mov", ".avi", ".wav", ".eml", ".msg",
     ".caj"}
)  # fmt: skip
_HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html|<table|<head|<meta|<style|<body|<div|"
                   rb"<\?xml[^>]*>\s*(?:<\?mso|<html|<!doctype\s+html|<(?:\w+:)?Workbook)|"
                   rb"<(?:ss:)?Workbook|MIME-Version:)", re.IGNORECASE)  # fmt: skip


def format_of(content: bytes, name: str) -> str:
    """The format of a file by its content, and by its name where the content says nothing.

    A known format's usual extension without the dot (``xlsx`` also for .xlsm and a new .et,
    ``xls`` also for an old .et), ``html`` for what web systems save as .xls, ``locked`` for a
    workbook with a password, ``archive`` for a zip with workbooks inside, ``text``, ``empty``,
    or ``unknown``.
    """
    if not content:
        return "empty"
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _zip_format(content)
    if content.startswith(OLE):
        return _ole_format(content)
    for magic, found in _MAGIC:
        if content.startswith(magic):
            return found
    if content.startswith(b"BM") and content[6:10] == b"\0\0\0\0":
        return "bmp"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return "heic" if content[8:11] in (b"hei", b"mif", b"hev", b"avi") else "mp4"
    return _text_format(content, PurePath(name).suffix.lower())


def _zip_format(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.lower().replace("\\", "/") for name in archive.namelist()]
            paths = set(names)
            for part, found in _ZIP_PARTS:
                if part in paths:
                    return found
            if any("worksheets/" in path and path.endswith(".xml") for path in paths):
                return "xlsx"
            if "mimetype" in paths and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype")
                return "ods" if b"spreadsheet" in kind else "odt"
    except Exception:  # noqa: BLE001, RUF100 - whatever is wrong with it, it is a broken zip
        return "broken_zip"
    inside = (name for name in names if not name.rpartition("/")[2].startswith(_LOCKS))
    return "archive" if any(name.endswith(_WORKBOOK_NAMES) for name in inside) else "zip"


def _ole_format(content: bytes) -> str:
    from reportkit.records.opening.ole import open_ole

    ole = open_ole(content)
    if ole is not None:
        for stream, found in _OLE_STREAMS:
            if ole.has(stream):
                return found
        return "ole"
    for stream, found in _OLE_STREAMS:  # its directory is broken: by what its name looks like
        if stream.encode("utf-16-le") in content:
            return found
    return "broken_ole"


def _text_format(content: bytes, suffix: str) -> str:
    head = content[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            head = head[: len(head) // 2 * 2].decode("utf-16").encode("utf-8", "replace")
        except UnicodeDecodeError:
            return "csv" if suffix == ".csv" else "unknown"
    if _HTML.match(head):
        return "html"
    if suffix == ".csv":
        return "csv"
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    return "unknown" if controls else "text"


def kind_of(content: bytes, name: str) -> Kind:
    """Whether a file is to be read as a table, registered as evidence, or passed over.

    What is neither a known format nor named as evidence counts as a table: opening it gives
    the reason why it cannot be read.
    """
    if is_system(name):
        return "system"
    found = format_of(content, name)
    suffix = PurePath(name).suffix.lower()
    if found in _TABLES:
        return "table"
    if found in ("empty", "unknown", "broken_zip", "broken_ole"):
        return "evidence" if suffix in _EVIDENCE_NAMES else "table"
    if found == "text":
        return _text_kind(content, suffix)
    return "evidence"


def _text_kind(content: bytes, suffix: str) -> Kind:
    """Text under another name than .csv: a table if it has columns."""
    from reportkit.records.opening.csv_text import looks_like_table

    if suffix in _EVIDENCE_NAMES - {".txt"}:
        return "evidence"
    return "evidence" if suffix == ".txt" and not looks_like_table(content) else "table"


def is_system(name: str) -> bool:
    """Whether a name is a program's lock or a system's own file, never anyone's submission."""
    return name.lower() in SYSTEM_NAMES or is_lock(name)


def is_lock(name: str) -> bool:
    """Whether a name is what a program leaves beside a file: a lock, or a Mac's second half."""
    return name.startswith(_LOCKS)


_CALLED = {
    "pdf": "PDF 文件", "jpg": "图片", "png": "图片", "gif": "图片", "bmp": "图片", "tif": "图片",
    "heic": "图片", "webp": "图片", "doc": "Word 或 WPS 文字文件", "docx": "Word 文件",
    "rtf": "Word 文件", "ppt": "演示文稿", "pptx": "演示文稿", "ofd": "OFD 版式文件",
    "rar": "RAR 压缩包", "7z": "7z 压缩包", "zip": "压缩包", "gz": "压缩包", "text": "文本文件",
    "mp4": "音视频", "mp3": "音视频", "odt": "文字文件",
}  # fmt: skip


def evidence_notice(content: bytes, name: str) -> Notice:
    """What a unit is told of a file that is registered as evidence and not read.

    A zip with workbooks inside is answered that they are to be sent unpacked.
    """
    found = format_of(content, name)
    if found == "archive":
        return Notice("archive", "压缩包内有表格文件", TABLE_FORMAT,
                      "压缩包内的表格未读取，请解压后报送；压缩包本身已登记为佐证")  # fmt: skip
    suffix = PurePath(name).suffix.lower()
    called = _CALLED.get(found, f"{suffix} 文件" if suffix else "其他文件")
    return Notice("evidence", called, TABLE_FORMAT, "已登记为佐证，请用表格填报")
