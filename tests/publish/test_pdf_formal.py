"""The formal edition and the office's own sheet, measured in the finished PDF."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pdfplumber
import pypdf
import pytest

from reportkit.errors import FontError
from reportkit.fonts import FontSet
from reportkit.publish.model import (
    Annex,
    Column,
    Document,
    Head,
    Imprint,
    PageStyle,
    Paragraph,
    Signature,
    Table,
    Text,
    Title,
)
from reportkit.publish.pdf import pdf_bytes

MM = 72 / 25.4
PITCH, SIZE = 29.55, 15.75
TOP = 37 * MM
MARK = "中共岱川能源集团有限公司委员会文件"
HEAD = Head(MARK, number="岱能党〔2024〕3号")
IMPRINT = Imprint("各权属单位党委，纪委监察部门", "岱川能源集团党委办公室", "2024年1月8日印发")
HANZI = "各单位党委认真贯彻落实上级部署要求精心组织学习"


def body(times: int = 3) -> Paragraph:
    return Paragraph((Text(HANZI * times + "。"),))


def formal(*blocks: Any, **changes: Any) -> Any:
    """The PDF of a formal edition, opened."""
    fields = {"head": HEAD, "imprint": IMPRINT, "formal": True, **changes}
    document = Document("通报", (Title("关于学习情况的通报"), *blocks), **fields)
    return pdfplumber.open(io.BytesIO(pdf_bytes(document, FontSet.find())))


def chars_of(page: Any, text: str) -> list[dict[str, Any]]:
    """The characters of the first place at which a text stands."""
    chars = page.chars
    told = "".join(char["text"] for char in chars)
    assert text in told, (text, told[:300])
    return list(chars[told.index(text) : told.index(text) + len(text)])


def baseline(char: dict[str, Any], page: Any) -> float:
    """How far below the sheet's upper edge a character stands."""
    return float(page.height - char["matrix"][5])


def red(rule: dict[str, Any]) -> bool:
    colour = rule["stroking_color"]
    return (
        isinstance(colour, tuple) and len(colour) == 3 and colour[0] > 0.7 and max(colour[1:]) < 0.2
    )


def rules(page: Any) -> list[dict[str, Any]]:
    return sorted(page.lines, key=lambda rule: float(rule["top"]))


def test_the_mark_is_red_and_begins_35_mm_below_the_text_area() -> None:
    """发文机关标志: 小标宋, red, centred, within the text's width; its top 35 mm down."""
    with formal(body()) as pdf:
        page = pdf.pages[0]
        mark = chars_of(page, MARK)
        assert {char["text"] for char in mark} == set(MARK)
        assert all("SerifSC-Bold" in char["fontname"] for char in mark)
        assert all(char["non_stroking_color"][0] > 0.7 for char in mark)
        assert mark[0]["x0"] >= 28 * MM - 0.1 and mark[-1]["x1"] <= 184 * MM + 0.1
        middle = (mark[0]["x0"] + mark[-1]["x1"]) / 2
        assert middle == pytest.approx(106 * MM, abs=0.6)
        assert mark[0]["size"] == pytest.approx(156 * MM / len(MARK), abs=0.3)
        # Seen as a picture: the first red row of pixels.
        assert _first_red(page) == pytest.approx(TOP + 35 * MM, abs=0.8)


def _first_red(page: Any) -> float:
    image = page.to_image(resolution=144).original.convert("RGB")
    wide, high = image.size
    for y in range(high):
        row = [image.getpixel((x, y)) for x in range(0, wide, 2)]
        if any(r > 180 and g < 90 and b < 90 for r, g, b in row):
            return y / 2
    raise AssertionError("nothing red")


def test_a_short_mark_is_62_points_and_an_office_may_choose() -> None:
    """As large as the width allows up to 62 pt; its own size, but never wider than the text."""
    for head, size in (
        (Head("岱川文件"), 62),
        (Head("岱川文件", mark_pt=40), 40),
        (Head(MARK, mark_pt=60), 156 * MM / len(MARK)),
    ):
        with formal(body(), head=head) as pdf:
            mark = chars_of(pdf.pages[0], head.mark)
            assert mark[0]["size"] == pytest.approx(size, abs=0.3)


def test_organs_that_issue_together_stand_on_a_line_each() -> None:
    head = Head("甲集团有限公司委员会文件\n乙集团委员会文件")
    with formal(body(), head=head) as pdf:
        page = pdf.pages[0]
        first, second = (
            chars_of(page, "甲集团有限公司委员会文件"),
            chars_of(page, "乙集团委员会文件"),
        )
        assert baseline(second[0], page) > baseline(first[0], page) + first[0]["size"]
        assert first[0]["size"] == second[0]["size"]


def test_the_number_stands_two_lines_below_the_mark_and_the_rule_4_mm_below_it() -> None:
    """发文字号 3号仿宋 centred, two blank lines; the red rule as wide as the text."""
    with formal(body()) as pdf:
        page = pdf.pages[0]
        number = chars_of(page, HEAD.number)
        middle = (number[0]["x0"] + number[-1]["x1"]) / 2
        assert middle == pytest.approx(106 * MM, abs=0.6)
        assert number[0]["size"] == pytest.approx(SIZE)
        mark_bottom = max(char["bottom"] for char in chars_of(page, MARK))
        top = baseline(number[0], page) - 0.88 * SIZE
        # Two lines of one pitch each, and what parts lines; the glyphs' own bounds move a little.
        assert top - mark_bottom == pytest.approx(2 * PITCH + PITCH - SIZE, abs=9)
        (rule,) = [rule for rule in rules(page) if red(rule)]
        assert rule["x0"] == pytest.approx(28 * MM, abs=0.1)
        assert rule["x1"] == pytest.approx(184 * MM, abs=0.1)
        assert rule["top"] - (top + SIZE) == pytest.approx(4 * MM, abs=0.3)
        title = chars_of(page, "关于学习情况的通报")
        gap = baseline(title[0], page) - 0.88 * SIZE - rule["top"]
        assert gap == pytest.approx(2 * PITCH + PITCH - SIZE, abs=0.5)
        assert title[0]["size"] == pytest.approx(22)


def test_notes_at_the_head_stand_at_the_left_a_line_each() -> None:
    """份号 on the first line, 密级 and 紧急程度 below it, in 黑体."""
    head = dataclasses.replace(HEAD, copy_number="000012", secrecy="内部资料", urgency="特急")
    with formal(body(), head=head) as pdf:
        page = pdf.pages[0]
        for line, (text, font) in enumerate(
            [("000012", "WenKai"), ("内部资料", "NotoSans"), ("特急", "NotoSans")]
        ):
            chars = chars_of(page, text)
            assert chars[0]["x0"] == pytest.approx(28 * MM, abs=0.6)
            assert font in chars[0]["fontname"].replace(" ", "")
            assert chars[0]["size"] == pytest.approx(SIZE)
            place = TOP + line * PITCH + 0.88 * SIZE
            assert baseline(chars[0], page) == pytest.approx(place, abs=0.1)
        assert _first_red(page) == pytest.approx(TOP + 35 * MM, abs=0.8)


def test_with_a_signatory_the_number_goes_to_the_left() -> None:
    """签发人 of a paper that goes up: both one character in, the name in 楷体."""
    with formal(body(), head=dataclasses.replace(HEAD, signatory="某某")) as pdf:
        page = pdf.pages[0]
        number, said = chars_of(page, HEAD.number), chars_of(page, "签发人：某某")
        assert number[0]["x0"] == pytest.approx(28 * MM + SIZE, abs=0.1)
        assert said[-1]["x1"] == pytest.approx(184 * MM - SIZE, abs=0.1)
        assert number[0]["matrix"][5] == said[0]["matrix"][5]
        assert said[-1]["fontname"] != said[0]["fontname"]


def test_the_first_page_shows_body_text() -> None:
    """With all that a head may have, and a title of three lines."""
    head = dataclasses.replace(HEAD, copy_number="000012", secrecy="内部", urgency="加急")
    title = Title(
        "关于某某某某集团有限公司2023年度党委理论学习中心组学习情况和有关问题整改情况的通报"
    )
    document = Document("通报", (title, body(9)), head=head, imprint=IMPRINT, formal=True)
    with pdfplumber.open(io.BytesIO(pdf_bytes(document, FontSet.find()))) as pdf:
        assert HANZI[:8] in pdf.pages[0].extract_text()


def test_the_imprint_ends_on_the_text_area_s_bottom_line() -> None:
    """版记: 4号, one character in, rules of 0.35, 0.25 and 0.35 mm, at the last page's foot."""
    with formal(body(60)) as pdf:
        assert len(pdf.pages) > 2
        page = pdf.pages[-1]
        left = 28 if len(pdf.pages) % 2 else 26
        outer, inner, last = rules(page)
        assert [rule["linewidth"] for rule in (outer, inner, last)] == pytest.approx(
            [0.35 * MM, 0.25 * MM, 0.35 * MM], abs=0.01
        )
        assert last["top"] == pytest.approx((297 - 35) * MM, abs=0.6)
        for rule in (outer, inner, last):
            assert rule["x0"] == pytest.approx(left * MM, abs=0.1)
            assert rule["x1"] == pytest.approx((left + 156) * MM, abs=0.1)
        copies, by = (
            chars_of(page, "抄送：各权属单位党委，纪委监察部门。"),
            chars_of(page, IMPRINT.printed_by),
        )
        on = chars_of(page, IMPRINT.printed_on)
        assert {char["size"] for char in copies} == {14.0}
        assert copies[0]["x0"] == by[0]["x0"] == pytest.approx(left * MM + 14, abs=0.1)
        assert on[-1]["x1"] == pytest.approx((left + 156) * MM - 14, abs=0.1)
        assert on[0]["matrix"][5] == by[0]["matrix"][5]
        assert not [p for p in pdf.pages[:-1] if "抄送" in p.extract_text()]


def test_long_copies_hang_below_the_colon() -> None:
    imprint = dataclasses.replace(IMPRINT, copies_to="各权属单位党委、党总支、直属党支部" * 5)
    with formal(body(), imprint=imprint) as pdf:
        page = pdf.pages[-1]
        lines = page.crop((0, 200 * MM, page.width, 262 * MM)).extract_text_lines()
        hanging = [
            line["x0"] for line in lines if "党" in line["text"] and "办公室" not in line["text"]
        ]
        assert len(hanging) >= 3
        assert hanging[1] == pytest.approx(28 * MM + 4 * 14, abs=0.8)


@pytest.mark.parametrize("landscape", [False, True])
def test_the_imprint_follows_annexes_on_an_upright_page(landscape: bool) -> None:
    table = Table((Column("单位"),), (("甲",),), title="表")
    with formal(body(), Annex("统计表", "1", landscape=landscape), table) as pdf:
        page = pdf.pages[-1]
        assert page.height > page.width
        assert "抄送" in page.extract_text()
        assert rules(page)[-1]["top"] == pytest.approx((297 - 35) * MM, abs=0.6)
        assert len(pdf.pages) == (3 if landscape else 2)


def test_no_room_below_the_text_sends_the_imprint_to_the_next_page() -> None:
    """A last page filled to the last line; nothing is printed over anything."""
    with formal(body(1), Paragraph((Text(HANZI * 41),)), head=None) as pdf:
        page = pdf.pages[-1]
        others = [c for c in page.chars if c["size"] == pytest.approx(SIZE)]
        assert "抄送" in page.extract_text()
        if others:
            assert max(c["bottom"] for c in others) < rules(page)[0]["top"]


def test_a_plain_edition_prints_neither(pdf_of: Any) -> None:
    document = Document("通报", (Title("通报"), body()), head=HEAD, imprint=IMPRINT)
    with pdfplumber.open(io.BytesIO(pdf_bytes(document, FontSet.find()))) as pdf:
        text = "".join(page.extract_text() for page in pdf.pages)
    assert MARK not in text and "抄送" not in text


def test_with_a_seal_the_date_ends_four_characters_from_the_right() -> None:
    """署名 is centred above it, and a line is left for the seal; 附注 follows in brackets."""
    signature = Signature("某某集团委员会", "2024年1月8日", seal=True, note="此件公开发布")
    with formal(body(), signature, head=None, imprint=None) as pdf:
        page = pdf.pages[0]
        name, day = chars_of(page, signature.issuer), chars_of(page, signature.date)
        assert day[-1]["x1"] == pytest.approx(184 * MM - 4 * SIZE, abs=0.1)
        middles = [(c[0]["x0"] + c[-1]["x1"]) / 2 for c in (name, day)]
        assert middles[0] == pytest.approx(middles[1], abs=0.2)
        last = chars_of(page, "学习。")[-1]
        assert baseline(name[0], page) - baseline(last, page) == pytest.approx(3 * PITCH, abs=0.1)
        note = chars_of(page, "（此件公开发布）")
        assert baseline(note[0], page) - baseline(day[0], page) == pytest.approx(PITCH, abs=0.1)
        assert note[1]["x0"] == pytest.approx(28 * MM + 3 * SIZE, abs=SIZE / 2 + 0.2)


def test_an_issuer_longer_than_the_line_stays_on_the_page() -> None:
    signature = Signature("中共" + "某" * 22 + "委员会", "2024年1月8日", seal=True)
    with formal(body(), signature) as pdf:
        for page in pdf.pages:
            assert max(c["x1"] for c in page.chars) <= 184 * MM + 0.2


def test_an_office_s_own_margins_hold() -> None:
    """The text area follows them on odd, even and turned pages; pitch and size stay."""
    style = PageStyle(top_mm=30, bottom_mm=28, inside_mm=30, outside_mm=20, folio="hyphens")
    table = Table(tuple(Column(f"第{n}列") for n in range(9)), (tuple("一" * 9),) * 3, title="表")
    with formal(body(60), Annex("表", landscape=True), table, head=None, page=style) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            upright = [c for c in page.chars if abs(c["matrix"][1]) < 1e-3 and c["size"] != 14.0]
            if page.width > page.height:
                assert min(c["x0"] for c in upright) >= 28 * MM - 0.1
                assert max(c["x1"] for c in upright) <= (297 - 30) * MM + 0.1
                assert min(c["top"] for c in upright) >= 30 * MM - 5
                continue
            left = 30 if number % 2 else 20
            if upright:
                assert min(c["x0"] for c in upright) >= left * MM - 0.1
                assert max(c["x1"] for c in upright) <= (left + 160) * MM + 0.1
        second = pdf.pages[1]
        assert baseline(second.chars[0], second) == pytest.approx(30 * MM + 0.88 * SIZE, abs=0.1)
        assert "-2-" in second.extract_text().replace(" ", "")


@pytest.mark.parametrize(
    ("folio", "told"), [("dashes", "— 1 —"), ("hyphens", "-1-"), ("plain", "1")]
)
def test_page_numbers_as_the_office_writes_them(folio: Any, told: str) -> None:
    with formal(body(), head=None, imprint=None, page=PageStyle(folio=folio)) as pdf:
        last = pdf.pages[0].extract_text_lines()[-1]
        assert last["text"] == told
        assert last["x1"] == pytest.approx(184 * MM - 14, abs=0.3)
        assert (297 - 35 + 5) * MM < (last["top"] + last["bottom"]) / 2 < (297 - 35 + 9) * MM


@pytest.mark.parametrize(("folio", "told"), [("dashes", "—2—"), ("hyphens", "-2-"), ("plain", "2")])
def test_the_number_of_a_turned_page_is_one_line(folio: Any, told: str) -> None:
    """Read from the left edge, whole: its characters side by side, none over another."""
    table = Table((Column("单位"),), (("甲",),), title="表")
    page = PageStyle(folio=folio)
    with formal(
        body(), Annex("表", landscape=True), table, head=None, imprint=None, page=page
    ) as pdf:
        turned = [c for c in pdf.pages[1].chars if abs(c["matrix"][1]) > 1e-3 and c["text"] != " "]
        assert "".join(c["text"] for c in turned) == told
        assert len({round(c["x0"], 1) for c in turned}) == 1
        tops = [c["top"] for c in turned]
        assert len(set(tops)) == len(tops) and tops == sorted(tops)


def test_a_character_without_glyph_in_the_head_is_named() -> None:
    with pytest.raises(FontError, match=r"U\+20BB7.*|𠮷"):
        formal(body(), head=dataclasses.replace(HEAD, mark="𠮷野家文件"))


def test_figures_go_with_the_pdf_where_switched_on() -> None:
    """A CSV a table: BOM, CRLF, formulas made harmless, negative numbers left alone."""
    table = Table(
        (Column("单位"), Column("次数")),
        (("=HYPERLINK(1)", "-3"), ("甲，“乙”", "+5%"), ("-cmd", "@x")),
        title="统计表",
    )
    document = Document("通报", (Title("通报"), table, table), attach=True)
    reader = pypdf.PdfReader(io.BytesIO(pdf_bytes(document, FontSet.find())))
    files = {name: data[0] for name, data in reader.attachments.items()}
    assert list(files) == ["table-1.csv", "table-2.csv"]
    text = files["table-1.csv"].decode("utf-8-sig")
    assert files["table-1.csv"].startswith(b"\xef\xbb\xbf")
    assert text == "单位,次数\r\n'=HYPERLINK(1),-3\r\n甲，“乙”,+5%\r\n'-cmd,'@x\r\n"
    plain = dataclasses.replace(document, attach=False)
    assert not pypdf.PdfReader(io.BytesIO(pdf_bytes(plain, FontSet.find()))).attachments


def test_a_title_of_two_hundred_characters_leaves_no_page_empty() -> None:
    """Too long to stay with what follows it, a title begins below the red rule all the same."""
    title = Title("关于" + "认真贯彻落实上级部署要求" * 16 + "情况的通报")
    document = Document("通报", (title, body(60)), head=HEAD, imprint=IMPRINT, formal=True)
    with pdfplumber.open(io.BytesIO(pdf_bytes(document, FontSet.find()))) as pdf:
        chars_of(pdf.pages[0], "关于认真贯彻")
        assert len(pdf.pages[1].chars) > 300, (
            "what follows it has a page of its own, or begins here"
        )
