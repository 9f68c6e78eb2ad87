"""Unpacking a zip that somebody sent, trusting nothing that its directory says.

Each part's declared size is compared with what really comes out, and never more than that
is unpacked; parts that overlap or stand twice, sizes that lie, and names that point outside
are refused. Parts stay in memory: nothing is ever written by the name it bears.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from reportkit.records.opening.grid import damaged, refusal
from reportkit.records.opening.limits import (
    MAXIMUM_MEMBERS,
    MAXIMUM_RATIO,
    MAXIMUM_UNPACKED,
    RATIO_FROM,
)

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


@dataclass(frozen=True)
class Archive:
    """A zip whose directory has been checked; its parts are unpacked one at a time."""

    content: bytes
    members: dict[str, zipfile.ZipInfo]
    """Lower-case path → member: Excel takes no notice of case."""

    def __contains__(self, path: str) -> bool:
        return path.lower() in self.members

    def read(self, path: str) -> bytes:
        """A part, unpacked; ``b""`` if there is none.

        Raises
        ------
        SubmissionError
            If its bytes are not what the directory says.
        """
        member = self.members.get(path.lower())
        return b"" if member is None else _unpack(self.content, member)


def open_archive(content: bytes) -> Archive:
    """The zip's directory, checked against the limits.

    Raises
    ------
    SubmissionError
        ``damaged``, ``unpacked_size``, ``ratio``, ``members``, ``path_trick`` or ``password``.
    """
    infos = _directory(content)
    if len(infos) > MAXIMUM_MEMBERS:
        raise refusal(
            f"压缩包内有 {len(infos)} 个部件", f"不超过 {MAXIMUM_MEMBERS} 个",
            "把表格内容复制到新的报送表后重新报送", code="members",
        )  # fmt: skip
    _check_sizes(infos)
    members: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        # Members that share bytes unpack to far more than the file can honestly hold.
        if info.header_offset < end:
            raise damaged("压缩包内的部件互相重叠")
        end = info.header_offset + _LOCAL_HEADER.size + info.compress_size
        path = _safe_path(info)
        if path in members:
            raise damaged("压缩包内有重复的部件")
        members[path] = info
    return Archive(content, members)


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, EOFError, IndexError,
            NotImplementedError, OverflowError):  # fmt: skip
        raise damaged("文件已损坏或不完整") from None


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    size = sum(info.file_size for info in infos)
    if size > MAXIMUM_UNPACKED:
        raise refusal(
            f"文件解压后过大（{size // 2**20} MB）", f"解压后不超过 {MAXIMUM_UNPACKED // 2**20} MB",
            "删去多余的图片和空白行列后重新报送", code="unpacked_size",
        )  # fmt: skip
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > MAXIMUM_RATIO * info.compress_size:
            raise refusal(
                f"压缩比异常（{info.file_size // max(info.compress_size, 1)} 倍）",
                f"不超过 {MAXIMUM_RATIO} 倍",
                "把表格内容复制到新的报送表后重新报送",
                code="ratio",
            )


def _safe_path(info: zipfile.ZipInfo) -> str:
    """The member's path in lower case; some old programs write it with backslashes."""
    path = info.orig_filename.replace("\\", "/")
    if "\0" in path or path.startswith("/") or ":" in path or ".." in path.split("/"):
        raise refusal(
            "压缩包内的部件名指向文件之外", "Excel 或 WPS 保存的报送表",
            "把表格内容复制到新的报送表后重新报送", code="path_trick",
        )  # fmt: skip
    return path.lower()


def _unpack(content: bytes, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & 0x1:
        raise refusal(
            "文件加密，无法打开", "不设密码的报送表", "取消密码后重新报送", code="password"
        )
    packed = _packed(content, info)
    if info.compress_type == zipfile.ZIP_STORED:
        data, whole = packed, True
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        inflate = zlib.decompressobj(-15)
        try:
            # One byte more than declared, so that a size that lies is seen and not obeyed.
            data = inflate.decompress(packed, info.file_size + 1)
            whole = inflate.eof or (not data and not packed)
        except zlib.error:
            raise damaged("文件已损坏（解压失败）") from None
    else:
        raise refusal("压缩方式特殊，无法打开", next_step="用 Excel 或 WPS 另存为 .xlsx 后重新报送",
                      code="damaged")  # fmt: skip
    if not whole or len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise damaged("文件已损坏（部件的长度或校验码不符）")
    return data


def _packed(content: bytes, info: zipfile.ZipInfo) -> bytes:
    start = info.header_offset
    header = content[start : start + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise damaged("文件已损坏（部件头缺失）")
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start += _LOCAL_HEADER.size
    name = content[start : start + name_length]
    # Two names for one part: programs would disagree on what the file holds.
    if name not in _encodings(info.orig_filename):
        raise damaged("文件已损坏（部件名前后不一）")
    start += name_length + extra_length
    if start + info.compress_size > len(content):
        raise damaged("文件不完整")
    return content[start : start + info.compress_size]


def _encodings(name: str) -> set[bytes]:
    found = set()
    for encoding in ("utf-8", "cp437"):
        try:
            found.add(name.encode(encoding))
        except UnicodeEncodeError:
            continue
    return found
