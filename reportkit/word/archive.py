"""The guard of all that reads Word files: the zip and its XML, of which nothing is believed.

Parts stay in memory, and only those that are read are unpacked; nothing is written by the
name it bears. XML is well-formed and without DTD, or refused.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from reportkit.errors import DraftError

MAXIMUM_FILE = 50 * 2**20
"""Bytes of a file as it came."""
MAXIMUM_UNPACKED = 200 * 2**20
"""Bytes of all its parts, unpacked."""
MAXIMUM_PART = 32 * 2**20
"""Bytes of one part that is read, unpacked: its tree takes ten times as much."""
MAXIMUM_MEMBERS = 5000
"""Parts of one file."""

Element = ElementTree.Element

_WORD = frozenset({
    "", "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
})  # fmt: skip
_SAVE_AS = "open it in Word or WPS, save it as .docx, and take that file"
_AS_SAVED = "a file as Word, WPS or LibreOffice saved it"
_REPAIR = "open it in Word, let Word repair it, save it anew; or ask for it again"
_BROKEN = (
    zipfile.BadZipFile, OSError, ValueError, struct.error, EOFError, IndexError, OverflowError,
    NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError,
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"{\\rtf", "a rich text file (.rtf)"),
    (b"%PDF-", "a PDF"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
)
_OTHER_ZIPS = (
    (r"xl/workbook\.(xml|bin)", "an Excel workbook"),
    (r"ppt/presentation\.xml", "a presentation"),
    (r"ofd\.xml", "an OFD file (.ofd)"),
    (r"mimetype|content\.xml", "an OpenDocument file (.odt)"),
    (r".*\.(docx?|wps)", "an archive with Word files inside"),
)


def refusal(
    found: str, where: str, expected: str = "a Word file (.docx)", next_step: str = _SAVE_AS
) -> DraftError:
    """The error for a file that is not what is read here."""
    return DraftError(found, expected=expected, next_step=next_step, where=where)


def damaged(part: str, where: str) -> DraftError:
    """The error for a file that is broken, by the part in which it shows."""
    return refusal(f"the file is damaged ({part})", where, _AS_SAVED, _REPAIR)


@dataclass(frozen=True)
class Archive:
    """A zip whose directory has been looked over; its parts are unpacked one at a time."""

    data: bytes
    members: dict[str, zipfile.ZipInfo]
    """Lower-case path → member: Word takes no notice of case."""
    where: str

    def __contains__(self, path: str) -> bool:
        return path.lower() in self.members

    def read(self, path: str) -> bytes:
        """A part, unpacked.

        Raises
        ------
        DraftError
            If it is missing, encrypted, too large, or its bytes are not what the zip says.
        """
        member = self.members.get(path.lower())
        if member is None:
            raise damaged(f"its part {path} is missing", self.where)
        if member.file_size > MAXIMUM_PART:
            raise _too_large(f"its part {path} unpacks to", member.file_size, self.where)
        if member.flag_bits & 0x1:
            raise _locked(self.where)
        try:
            # zipfile gives no more than the size that was checked above, and checks the sum.
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return archive.read(member)
        except _BROKEN:
            raise damaged(f"its part {path} cannot be unpacked", self.where) from None

    def tree(self, path: str) -> Element:
        """The root of a part, names as they are written.

        Raises
        ------
        DraftError
            If it cannot be unpacked, is not well-formed, or declares a DTD, by which entities
            would come in.
        """
        xml = self.read(path)
        parser = expat.ParserCreate()

        def refuse(*_: object) -> NoReturn:
            found = f"its part {path} declares a DTD, which no office program writes"
            raise refusal(found, self.where, _AS_SAVED, "ask where the file comes from")

        parser.StartDoctypeDeclHandler = refuse
        try:
            parser.Parse(xml, True)
            return ElementTree.fromstring(xml)  # noqa: S314 - read once above: no DTD, no entities
        except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError):
            raise damaged(f"its part {path} is no XML", self.where) from None

    def plain(self, path: str) -> Element:
        """The same by short names.

        Word writes two dialects (transitional and strict), which differ by their namespaces
        alone: an element of WordprocessingML goes by its bare name (``p``) in either, one of
        another vocabulary has a line before it (``_Choice``). Attributes have bare names.
        """
        root = self.tree(path)
        for element in root.iter():
            namespace, _, local = element.tag.rpartition("}")
            element.tag = local if namespace.lstrip("{") in _WORD else f"_{local}"
            for key in [key for key in element.attrib if "}" in key]:
                element.attrib.setdefault(key.rpartition("}")[2], element.attrib.pop(key))
        return root


def open_archive(data: bytes, where: str) -> Archive:
    """The zip of a ``.docx``.

    Raises
    ------
    DraftError
        If it is another kind of file, broken, has a password, or is too large.
    """
    if len(data) > MAXIMUM_FILE:
        raise _too_large("it has", len(data), where)
    if not data.startswith(b"PK"):
        raise _no_zip(data, where)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except _BROKEN:
        raise damaged("its end is missing, or it was cut off on its way", where) from None
    if len(infos) > MAXIMUM_MEMBERS:
        raise damaged(f"{len(infos)} parts, more than any Word file has", where)
    if (size := sum(info.file_size for info in infos)) > MAXIMUM_UNPACKED:
        raise _too_large("it unpacks to", size, where)
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = info.filename.replace("\\", "/").lower()
        if path in members:  # programs would disagree on which of the two counts
            raise damaged(f"its part {path} stands twice", where)
        members[path] = info
    _check_word(members, where)
    return Archive(data, members, where)


def _check_word(members: dict[str, zipfile.ZipInfo], where: str) -> None:
    if "word/document.xml" in members or any(re.match(r"word/.*\.xml", m) for m in members):
        return
    for pattern, called in _OTHER_ZIPS:
        if any(re.fullmatch(pattern, member) for member in members):
            raise refusal(f"{called}, not a Word file", where)
    raise refusal("a zip without a Word document in it (word/document.xml is missing)", where)


def _no_zip(data: bytes, where: str) -> DraftError:
    if not data:
        return refusal("an empty file", where, next_step="ask for the file again")
    if data.startswith(_OLE):
        # The names of its streams stand in it as they are, also where its directory is broken.
        if "WordDocument".encode("utf-16-le") in data:
            return refusal("a file of the old format (.doc, or WPS's .wps)", where)
        if "EncryptedPackage".encode("utf-16-le") in data:
            return _locked(where)
        return refusal("an old office file that is no Word document", where)
    for magic, called in _MAGIC:
        if data.startswith(magic):
            return refusal(f"{called}, not a Word file", where)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") or head.startswith((b"<!doctype html", b"<html")):
        return refusal("an XML file or web page, not a Word file", where)
    return refusal("neither a Word file nor anything else that is known here", where)


def _locked(where: str) -> DraftError:
    next_step = "take the password off in Word (File, Info, Protect Document) and save it"
    return refusal("the file has a password", where, "one that opens without", next_step)


def _too_large(what: str, size: int, where: str) -> DraftError:
    limits = f"at most {MAXIMUM_FILE // 2**20} MB, unpacked {MAXIMUM_UNPACKED // 2**20} MB"
    next_step = "copy its text into a new file, or take large pictures out"
    found = f"{what} {size // 2**20} MB, more than any circular"
    return refusal(found, where, limits, next_step)
