"""Files that are no Word file, are broken, or mean harm: refused in words, never by a traceback."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_support import comments_file, p, unzipped, word_file, zipped

from reportkit.errors import DraftError
from reportkit.word import archive
from reportkit.word.reading import read_word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
GOOD = word_file(p("甲"))


def refused(data: bytes) -> DraftError:
    with pytest.raises(DraftError) as caught:
        read_word(data, "送审稿.docx")
    error = caught.value
    assert error.where == "送审稿.docx" and error.expected and error.next_step
    return error


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (OLE + "WordDocument".encode("utf-16-le"), "old format (.doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        (OLE, "old office file"),
        (b"{\\rtf1 x}", ".rtf"),
        (b"%PDF-1.7", "a PDF"),
        (b"<?xml version='1.0'?><pkg/>", "an XML file or web page"),
        (b"\xef\xbb\xbf<html>", "an XML file or web page"),
        (b"\x00\x01\x02", "neither a Word file"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
            ".odt",
        ),
        (zipped({"xl/workbook.xml": "<x/>"}), "an Excel workbook"),
        (zipped({"ppt/presentation.xml": "<x/>"}), "a presentation"),
        (zipped({"OFD.xml": "<x/>"}), "OFD"),
        (zipped({"送审/通报.docx": "x"}), "an archive with Word files"),
        (zipped({"a.txt": "x"}), "word/document.xml is missing"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_other_kinds_of_file_are_called_by_their_name(data: bytes, found: str) -> None:
    """What it is, what is wanted, and what to do."""
    assert found in refused(data).found


def replaced(name: str, content: bytes | None) -> bytes:
    contents = unzipped(GOOD)
    if content is None:
        del contents[name]
    else:
        contents[name] = content
    return zipped(contents)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (replaced("word/document.xml", None) + b"", "missing"),
        (replaced("word/document.xml", b""), "no XML"),
        (replaced("word/document.xml", b"<w:document"), "no XML"),
        (replaced("word/document.xml", b"<document/>"), "holds no document"),
        (replaced("word/document.xml", b"\xff\xfe\x00"), "no XML"),
        (replaced("word/document.xml", b'<?xml version="1.0" encoding="nothing"?><x/>'), "no XML"),
        (replaced("_rels/.rels", b"&"), "no XML"),
        (replaced("word/_rels/document.xml.rels", b"<x>"), "no XML"),
        (comments_file(b"<w:comments>"), "no XML"),
    ],
)
def test_damaged_parts_are_named(data: bytes, found: str) -> None:
    """A part that is broken or not there makes no half reading."""
    assert found in refused(data).found


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "1">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
        b"<!-- x --><!DOCTYPE x>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_dtd_is_refused(declaration: bytes, encoding: str) -> None:
    """Entities come in by a DTD, which no office program writes; in whatever encoding."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{declaration.decode()}<x>&a;</x>'
    data = replaced("word/document.xml", xml.encode(encoding))
    assert "declares a DTD" in refused(data).found


def test_a_bomb_is_refused_before_it_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that unpacks to more than any circular, or many that do together."""
    data = replaced("word/document.xml", b" " * (archive.MAXIMUM_PART + 1))
    assert len(data) < 100_000
    assert "word/document.xml unpacks to 32 MB" in refused(data).found
    monkeypatch.setattr(archive, "MAXIMUM_UNPACKED", 2**22)
    parts = {f"word/media/{number}.bin": bytes(2**20) for number in range(5)}
    assert "it unpacks to 5 MB" in refused(zipped({**unzipped(GOOD), **parts})).found


def test_sizes_that_lie_are_found_out() -> None:
    """A part that says it is small and is not: no more of it comes out than it said."""
    data = bytearray(GOOD)
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/document.xml"))
    struct.pack_into("<L", data, place + 24, 10)
    assert "cannot be unpacked" in refused(bytes(data)).found


def test_parts_that_stand_twice_or_are_too_many() -> None:
    """Programs would disagree on which counts."""
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as target:
        target.writestr("WORD/document.xml", "<x/>")
    assert "stands twice" in refused(buffer.getvalue()).found
    many = {f"word/{n}.xml": "" for n in range(archive.MAXIMUM_MEMBERS + 1)}
    assert "5001 parts" in refused(zipped(many)).found


def test_a_file_too_large_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by its size alone."""
    monkeypatch.setattr(archive, "MAXIMUM_FILE", 100)
    assert "more than any circular" in refused(GOOD).found


def test_a_part_with_a_password_of_the_zip() -> None:
    """Encrypted by a packing program rather than by Word."""
    data = bytearray(GOOD)
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 8] |= 1
        start += 4
    assert "password" in refused(bytes(data)).found


def test_elements_nested_without_end() -> None:
    """Ten thousand deep: an error, not the end of the interpreter."""
    deep = "<w:smartTag>" * 10_000 + "</w:smartTag>" * 10_000
    assert "nested deeper" in refused(word_file(p(deep))).found


def test_relations_that_lead_out_or_nowhere_are_passed_over() -> None:
    """A comments part that is not there, one on a server, one above the package."""
    told = ["../../../etc/passwd", "http://localhost/x", "nirgends.xml"]
    for target in told:
        contents = unzipped(word_file(p("甲"), comments=target))
        assert [line.text for line in read_word(zipped(contents), "x").lines] == ["甲"]


def test_a_part_outside_is_no_part() -> None:
    """What is said to be elsewhere is not looked for here, even if there is one of its name."""
    contents = unzipped(WHOLE)
    path = "word/_rels/document.xml.rels"
    contents[path] = contents[path].replace(b" Target=", b' TargetMode="External" Target=')
    assert not any(line.comments for line in read_word(zipped(contents), "x").lines)
    assert any(line.comments for line in read_word(WHOLE, "x").lines)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_bytes_changed_at_random_are_read_or_refused(data: st.DataObject) -> None:
    """Whatever is done to the bytes of the file or of a part, it ends in data or in words."""
    whole = bytearray(WHOLE)
    if data.draw(st.booleans()):
        contents = {name: bytearray(content) for name, content in unzipped(WHOLE).items()}
        name = data.draw(st.sampled_from(sorted(contents)))
        _damage(contents[name], data)
        whole = bytearray(zipped({key: bytes(value) for key, value in contents.items()}))
    else:
        _damage(whole, data)
    try:
        assert isinstance(read_word(bytes(whole), "x").lines, tuple)
    except DraftError as error:
        assert error.found and error.where == "x"


def _damage(content: bytearray, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        if content:
            place = data.draw(st.integers(0, len(content) - 1))
            content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))


WHOLE = comments_file(None)
