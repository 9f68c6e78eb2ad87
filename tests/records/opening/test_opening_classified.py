"""Markings of state secrets are refused wherever they stand; topics about secrecy are read."""

from __future__ import annotations

from typing import Any

import pytest
from opening_support import MAIN, book, parts_of, refused, sheet, zipped

from reportkit.records.opening import classified_marking, open_file

MARKED = [
    ("秘密", "秘密"), ("机密", "机密"), (" 绝 密 ", "绝密"), ("秘密★", "秘密"),
    ("机密★20年", "机密"), ("绝密★长期", "绝密"), ("秘密 10年", "秘密"), ("密级：秘密", "秘密"),
    ("密级:机密★10年", "机密"), ("密  级 ： 【秘密】", "秘密"), ("【机密】", "机密"),
    ("（秘密）关于某事项的通知", "秘密"), ("关于某事项的通知〔机密〕", "机密"), ("机密级", "机密"),
    ("秘\u200b密", "秘密"), ("機密", "机密"), ("秘密☆五年", "秘密"), ("机密\n关于某事项", "机密"),
    ("传达文件（绝密级）", "绝密"), ("密级及保密期限：秘密", "秘密"), ("绝密文件", "绝密"),
    ("某某文件 秘密★1年 印发", "秘密"),
]  # fmt: skip
FREE = [
    "《中华人民共和国保守国家秘密法》", "商业秘密", "保密工作", "学习保守国家秘密有关规定",
    "密级：公开", "密级：内部", "密级：无", "密级", "工作秘密", "商业秘密★5年", "密级：商业秘密",
    "国家秘密的密级分为绝密、机密、秘密三级", "密级（秘密/机密/绝密）", "组织观看《国家机密》",
    "学习保守国家\n秘密\n有关规定", "密切联系群众", "保密", "",
    "涉密人员管理，严守党的秘密", "核心商密",
]  # fmt: skip


@pytest.mark.parametrize(("text", "level"), MARKED)
def test_a_marking_is_known_in_every_spelling(text: str, level: str) -> None:
    """Blanks, widths, brackets, terms and traditional characters do not hide it."""
    assert classified_marking(text) == level


@pytest.mark.parametrize("text", FREE)
def test_what_speaks_of_secrecy_is_no_marking(text: str) -> None:
    """Topics, secrets of trade and work, and lists of levels are read as usual."""
    assert classified_marking(text) is None


def header(text: str) -> bytes:
    return sheet("", f"<headerFooter><oddHeader>{text}</oddHeader></headerFooter>")


def beside(path: str, xml: str) -> bytes:
    parts = parts_of(book())
    parts[path] = xml.encode()
    return zipped(parts)


def in_cell(workbook: Any) -> None:
    workbook.create_sheet("二")["C4"] = "机密★10年"


def as_title(workbook: Any) -> None:
    workbook.active.title = "秘密"


DRAWING = '<d xmlns:a="u"><a:p><a:r><a:t>机</a:t></a:r><a:r><a:t>密★</a:t></a:r></a:p></d>'


@pytest.mark.parametrize(
    ("content", "sheet_name", "cell"),
    [
        (book(in_cell), "二", "C4"),
        (book(as_title), None, None),
        (header('&amp;L某公司&amp;R&amp;"宋体,常规"&amp;12秘密★10年'), "表", None),
        (header("&amp;C&#31192;&#23494;"), "表", None),
        (beside("xl/drawings/drawing1.xml", DRAWING), None, None),
        (beside("xl/comments1.xml", f'<c xmlns="{MAIN}"><t>绝密</t></c>'), None, None),
        (beside("docProps/custom.xml", '<p name="密级：秘密"/>'), None, None),
        (beside("xl/drawings/vmlDrawing1.vml", "<xml><div>【机密】<br></div></xml>"), None, None),
        (sheet('<row r="1"><c r="A1" t="inlineStr"><is><r><t>绝</t></r><r><t>密</t></r></is></c>'
               "</row>"), "表", "A1"),
    ],
    ids=["cell", "title", "header", "references", "text-box", "comment", "property", "vml", "runs"],
)  # fmt: skip
def test_a_marking_anywhere_refuses_the_whole_file(
    content: bytes, sheet_name: str | None, cell: str | None
) -> None:
    """With its place, the advice of the law, and nothing of the content."""
    error = refused(content)
    assert (error.code, error.sheet, error.cell) == ("classified", sheet_name, cell)
    assert "本工具不处理涉密信息，请按保密规定处理" in error.next_step
    assert not any(word in str(error) for word in ("机密", "绝密", "★", "张伟"))


def test_topics_about_secrecy_open_as_usual() -> None:
    """A year's study of the law on secrets is an ordinary submission."""
    rows = [[text] for text in FREE if text]
    opened = open_file(book(None, rows), "a.xlsx")
    assert [row[0] for row in opened.grids[0].rows] == [text for text in FREE if text]
