"""The two sheets as Word files: 发文稿纸 and 核稿单."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportkit.publish import model
from reportkit.publish.model import Column, Document, PageStyle
from reportkit.publish.word.forms import FormCell, FormRow, Line, filled, form_grid, label
from reportkit.publish.word.oxml import run
from reportkit.publish.word.tables import paragraph, table_blocks
from reportkit.publish.word.writing import write_elements
from reportkit.sheets.checks import Check
from reportkit.sheets.facts import Facts
from reportkit.sheets.given import Form, Source
from reportkit.sheets.origins import Origin

_PAGE = PageStyle(top_mm=20, bottom_mm=20, inside_mm=22, outside_mm=18)
_COLUMNS_MM = (20.0, 50.0, 18.0, 24.0, 22.0, 36.0)
_DAY = "年　　月　　日"
_BOX = "□"
_LINES: tuple[Line, ...] = (("", "left"),) * 5

COUNTED = "正文字数含标题、主送、标点，不计空格、表格、附件说明、落款；附件字数含表格。"


def write_dispatch_sheet(facts: Facts, form: Form) -> bytes:
    """发文稿纸 for a document, as a ``.docx`` file; the same bytes every time.

    What the document and ``form`` tell is filled in; 签发, 会签, 拟稿, 核稿 and 印发份数 stay
    empty, for people to write in.
    """
    annexes = facts.annexes_listed
    numbered = [f"{n}.{t}" for n, t in enumerate(annexes, 1)] if len(annexes) > 1 else annexes
    pages = f"{form.pages}页（PDF）" if form.pages else ""
    words = f"正文{facts.characters}字"
    words += f"，附件{facts.annex_characters}字" if facts.annexes else "，无附件"
    rows = [
        FormRow((label("文　号"), filled(form.number.replace("〕号", "〕　　号")),
                 label("密　级"),
                 filled(form.secrecy or "无", align="center"), label("紧急程度"),
                 filled(form.urgency, align="center"))),
        FormRow((_signing("签发："), _signing("会签：")), 42),
        FormRow((label("标　题"), filled(facts.title, 5)), 16),
        FormRow((label("主　送"), filled(facts.addressee, 5))),
        FormRow((label("抄　送"), filled(facts.copies_to, 5))),
        FormRow((label("附　件"), filled("\n".join(numbered) or "无", 5))),
        FormRow((label("拟稿单位"), filled("", 2), label("拟稿人"), filled("", 2)), 14),
        FormRow((label("核　稿"), filled("", 2), label("印发份数"), filled("", 2)), 14),
        FormRow((label("成文日期"), filled(facts.date, 2), label("页　数"), filled(pages, 2))),
        FormRow((label("字　数"), filled(words, 5))),
        FormRow((label("备　注"), filled("", 5)), 22),
    ]  # fmt: skip
    title = f"{form.organ}发文稿纸"
    elements = [
        paragraph("Title", run(f"{form.organ}\n发文稿纸" if form.organ else title)),
        paragraph("Blank"),
        form_grid(rows, _COLUMNS_MM),
        paragraph("TableNote", run(f"注：{COUNTED}")),
    ]
    if form.draft:
        elements.append(paragraph("TableNote", run(f"文稿：{form.draft}")))
    return _written(title, facts, elements)


def _signing(what: str) -> FormCell:
    """The room in which a leader signs, with room for the day."""
    lines: tuple[Line, ...] = ((what, "left"), *_LINES, (_DAY, "right"))
    return FormCell(lines, 3, top=True)


def write_checklist(
    facts: Facts, form: Form, checks: Sequence[Check], figures: Sequence[Origin]
) -> bytes:
    """核稿单 of a document, as a ``.docx`` file: a line a check, then a line a figure."""
    worst = [check for check in checks if check.result == "不通过"]
    told = f"{len(worst)}项不通过，改正后再送签。" if worst else "没有不通过的事项。"
    by_hand = sum(check.result == "人工核对" for check in checks)
    warned = sum(check.result == "提醒" for check in checks)
    told += f"提醒{warned}项，须人工核对{by_hand}项。"
    elements = [
        paragraph("Title", run("核稿单")),
        paragraph("Blank"),
        paragraph("TableNote", run(f"文稿：{facts.title or '（无标题）'}")),
        *([paragraph("TableNote", run(f"文件：{form.draft}"))] if form.draft else []),
        paragraph("TableNote", run(f"核对结果：{told}")),
        *table_blocks(_checks_table(checks), _PAGE.text_width_pt),
        *table_blocks(_figures_table(figures), _PAGE.text_width_pt),
    ]
    return _written(f"核稿单：{facts.title}", facts, elements)


def _checks_table(checks: Sequence[Check]) -> model.Table:
    columns = (
        Column("序号", "center", 6), Column("核对事项", "left", 17), Column("结果", "center", 9),
        Column("说明", "left", 50), Column("核对人", "center", 10), Column("时间", "center", 10),
    )  # fmt: skip
    rows = tuple(
        (str(n), check.what, check.result, "\n".join(check.found), "", "")
        for n, check in enumerate(checks, 1)
    )
    bad = tuple(n for n, check in enumerate(checks) if check.result == "不通过")
    notes = ("注：核对人、时间由核稿人手填。“人工核对”为程序不能判断、须由人认定的事项。",)
    return model.Table(columns, rows, "一、核对事项", notes, bad, "各核对事项的结果")


def _figures_table(figures: Sequence[Origin]) -> model.Table:
    columns = (
        Column("序号", "center", 6), Column("数字", "center", 10), Column("所在分句", "left", 28),
        Column("出处", "left", 33), Column("指标值", "center", 9),
        Column("分子/分母", "center", 10), Column("已核", "center", 5),
    )  # fmt: skip
    rows = tuple(
        (str(n), each.figure.text, each.figure.clause, origin_text(each), *_values(each), _BOX)
        for n, each in enumerate(figures, 1)
    )
    bad = tuple(n for n, each in enumerate(figures) if each.state in ("unknown", "differs"))
    notes: tuple[str, ...] = (
        "注：日期、标题序号不列。数值、量词、名称都相符的写明指标，不能确定的由核稿人认定；"
        "“无出处”为指标和本文各表中都没有的数字。",
    )
    if not rows:
        rows, notes = (("", "—", "正文无数字", "", "", "", ""),), ()
    return model.Table(columns, rows, "二、文中数字", notes, bad, "正文中每个数字的出处")


def origin_text(origin: Origin) -> str:
    """Where a figure comes from, in words."""
    match origin.state:
        case "known":
            return _named(origin.sources[0])
        case "candidates":
            shown = "；".join(f"{_named(s)} {s.shown}" for s in origin.sources)
            cells = "".join(f"\n本文表格：{cell}" for cell in origin.cells)
            return f"待认定：{shown}{cells}"
        case "in a table":
            return "待认定：" + "；".join(f"本文表格：{cell}" for cell in origin.cells)
        case "differs":
            return f"与指标不符：{_named(origin.sources[0])}为{origin.sources[0].shown}"
    return "无出处"


def _named(source: Source) -> str:
    return f"{source.of}·{source.name}" if source.of else source.name


def _values(origin: Origin) -> tuple[str, str]:
    if origin.state not in ("known", "differs"):
        return "", ""
    return origin.sources[0].shown, origin.sources[0].parts


def _written(title: str, facts: Facts, elements: Sequence[Any]) -> bytes:
    """The file; it bears no date of its own, so that it is the same whenever it is made."""
    return write_elements(Document(title, (), author=facts.issuer, page=_PAGE), elements)
