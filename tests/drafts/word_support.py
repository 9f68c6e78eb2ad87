"""Word files made by hand: a body in WordprocessingML, and whatever parts go with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from reportkit.word.model import Edited, Line
from reportkit.word.reading import read_word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
BY = 'w:author="张三" w:date="2024-01-09T10:00:00Z"'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="'
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
BASE = '<base xmlns="urn:reportkit:base:1">{}</base>'
BASE_RELATION = (
    f'<Relationship Id="rIdBase" Type="{OFFICE}/customXml" Target="../customXml/item9.xml"/>'
)


def r(text: str, *, deleted: bool = False) -> str:
    """A run."""
    tag = "delText" if deleted else "t"
    return f'<w:r><w:{tag} xml:space="preserve">{escape(text)}</w:{tag}></w:r>'


def ins(inner: str) -> str:
    return f'<w:ins w:id="1" {BY}>{inner}</w:ins>'


def dele(text: str) -> str:
    return f'<w:del w:id="2" {BY}>{r(text, deleted=True)}</w:del>'


def tracked(text: str, state: str) -> str:
    """The run under the changes of a state, the outer one first."""
    away = "del" in state.split()
    made = r(text, deleted=away)
    for each in reversed(state.split()):
        made = f'<w:{each} w:id="1" {BY}>{made}</w:{each}>'
    return made


def p(*inner: str, style: str = "", mark: str = "", more: str = "") -> str:
    """A paragraph; ``mark``: changes that its mark is under (``ins``, ``del`` …)."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    marks = "".join(f'<w:{each} w:id="3" {BY}/>' for each in mark.split())
    properties = f"{styled}{more}<w:rPr>{marks}</w:rPr>"
    content = "".join(each if each.startswith("<") else r(each) for each in inner if each)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def marked(name: str, inner: str, number: int = 1) -> str:
    """What a bookmark is around."""
    content = inner if inner.startswith("<") else r(inner)
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str, track: str = "") -> str:
    """A row; its cells are texts or paragraphs."""
    tracked = f'<w:trPr><w:{track} w:id="4" {BY}/></w:trPr>' if track else ""
    inner = (each if each.startswith("<") else p(each) for each in cells)
    return f"<w:tr>{tracked}{''.join(f'<w:tc><w:tcPr/>{each}</w:tc>' for each in inner)}</w:tr>"


def part(root: str, inner: str) -> str:
    """A part of WordprocessingML."""
    return f"{XML}<w:{root} {NAMESPACES}>{inner}</w:{root}>"


def word_file(body: str, parts: Mapping[str, str | bytes] | None = None, **kinds: str) -> bytes:
    """A Word file.

    ``parts``: further parts by path, or others in the place of those made here; ``kinds``:
    relationships of the document by kind, and the parts that they lead to (``comments="word/…"``).
    """
    relations = "".join(
        f'<Relationship Id="rId{kind}" Type="{OFFICE}/{kind}" Target="/{target}"/>'
        for kind, target in kinds.items()
    )
    contents: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": rels(
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": rels(relations),
        "word/document.xml": part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
        **(parts or {}),
    }
    return zipped(contents)


def rels(relations: str) -> str:
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'


def zipped(contents: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_base(data: bytes, text: str) -> bytes:
    """The file with our base in a custom XML part, related from the document.

    It has properties of its own (itemProps), without which LibreOffice drops it.
    """
    contents = unzipped(data)
    path = "word/_rels/document.xml.rels"
    told = contents[path].decode("utf-8")
    contents[path] = told.replace("</Relationships>", f"{BASE_RELATION}</Relationships>").encode()
    contents["customXml/item9.xml"] = (XML + BASE.format(escape(text))).encode("utf-8")
    schema = f"{OFFICE.removesuffix('/relationships')}/customXml"
    contents["customXml/itemProps9.xml"] = (
        f'{XML}<ds:datastoreItem xmlns:ds="{schema}" '
        'ds:itemID="{7C6F7EE0-5B0D-4C55-9A0B-000000000009}"/>'
    ).encode()
    contents["customXml/_rels/item9.xml.rels"] = rels(
        f'<Relationship Id="rId1" Type="{OFFICE}/customXmlProps" Target="itemProps9.xml"/>'
    ).encode()
    return zipped(contents)


def with_property(data: bytes, values: Mapping[str, str]) -> bytes:
    """The file with custom properties (docProps/custom.xml)."""
    contents = unzipped(data)
    entries = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" '
        f'name="{escape(name)}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(values.items(), 2)
    )
    schema = "http://schemas.openxmlformats.org/officeDocument/2006"
    contents["docProps/custom.xml"] = (
        f'{XML}<Properties xmlns="{schema}/custom-properties" '
        f'xmlns:vt="{schema}/docPropsVTypes">{entries}</Properties>'
    ).encode()
    told = contents["_rels/.rels"].decode("utf-8")
    relation = (
        f'<Relationship Id="rIdC" Type="{OFFICE}/custom-properties" Target="docProps/custom.xml"/>'
    )
    contents["_rels/.rels"] = told.replace(
        "</Relationships>", f"{relation}</Relationships>"
    ).encode()
    types = contents["[Content_Types].xml"].decode("utf-8")
    override = (
        '<Override PartName="/docProps/custom.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>'
    )
    contents["[Content_Types].xml"] = types.replace("</Types>", override).encode()
    return zipped(contents)


def read(body: str, parts: Mapping[str, str | bytes] | None = None, **kinds: str) -> Edited:
    return read_word(word_file(body, parts, **kinds), "送审稿.docx")


def lines(body: str, parts: Mapping[str, str | bytes] | None = None, **kinds: str) -> list[Line]:
    return list(read(body, parts, **kinds).lines)


def texts(edited: Edited) -> list[str]:
    return [line.text for line in edited.lines]


def rejected(edited: Edited) -> str:
    """The whole text once all changes are rejected, a paragraph's end as ``\\n``."""
    told = ""
    for place in range(len(edited.lines) + 1):
        here = [each.line for each in edited.gone if each.at == place]
        for line in [*here, *edited.lines[place : place + 1]]:
            told += line.before + ("" if line.continues else "\n")
    return told


def comments_file(content: bytes | None) -> bytes:
    """A file with a comment on a word, or with this as its comments."""
    good = part("comments", f'<w:comment w:id="0" {BY}>{p("问")}</w:comment>').encode()
    body = p('<w:commentRangeStart w:id="0"/>', marked("rk_甲", ins(r("甲"))), dele("乙"))
    body += p('<w:commentRangeEnd w:id="0"/>', mark="del") + table(row("丙", "丁")) + p("")
    parts: dict[str, str | bytes] = {"word/comments.xml": content or good}
    return word_file(body, parts, comments="word/comments.xml")
