"""A 更正: what changes in a document that was issued, sentence by sentence and cell by cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportkit.comparing.comparison import Change, Comparison, compare
from reportkit.comparing.tables import TableChange
from reportkit.comparing.texts import changed
from reportkit.publish import model
from reportkit.publish.model import Block, Document, Text

_MARKS = "，；：。\n"
_CLAUSES = re.compile(f"[^{_MARKS}]*[{_MARKS}]|[^{_MARKS}]+")
_INNER = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class Correction:
    """What a correction says beside the differences: its own number and day, and of what."""

    number: str
    date: dt.date
    corrected_number: str
    reason: str = ""


def differences(issued: Document, now: Document) -> Comparison:
    """What differs between the document that was issued and as it is to read."""
    return compare(issued, now)


def notice(found: Comparison, corrected: Document, about: Correction) -> Document:
    """The 更正 itself, in the look of the document that it corrects.

    Parameters
    ----------
    found:
        The differences, the issued document first.
    corrected:
        The document as it is to read: its addressee, signature, mark and page are taken over.
    """
    title = f"关于更正《{found.a.title}》的通知"
    blocks: list[Block] = [model.Title(title)]
    blocks += [block for block in corrected.blocks if isinstance(block, model.Addressee)]
    number = f"（{about.corrected_number}）" if about.corrected_number else ""
    because = f"因{about.reason.rstrip('。；，')}，" if about.reason else "经核对，"
    blocks.append(_paragraph(f"《{found.a.title}》{number}印发后，{because}有关内容更正如下："))
    told = list(_items(found))
    for n, text in enumerate(told, 1):
        blocks.append(_paragraph(f"{n}.{text}" if len(told) > 1 else text))
    blocks.append(_paragraph("原文与本通知不一致的，以本通知为准；其他内容不变。"))
    for block in corrected.blocks:
        if isinstance(block, model.Signature):
            blocks.append(replace(block, date=_in_words(about.date)))
            break
    return replace(
        corrected, title=title, blocks=tuple(blocks), date=about.date.isoformat(),
        head=replace(corrected.head, number=about.number) if corrected.head else None,
        imprint=_imprint(corrected.imprint, about.date), attach=False, origins=(),
        name="correction",
    )  # fmt: skip


def _imprint(imprint: model.Imprint | None, day: dt.date) -> model.Imprint | None:
    return replace(imprint, printed_on=f"{_in_words(day)}印发") if imprint else None


def _in_words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _paragraph(text: str) -> model.Paragraph:
    return model.Paragraph((Text(text),))


def _items(found: Comparison) -> Iterator[str]:
    for change in found.changes:
        yield from _of_passage(change)
    for table in found.tables:
        yield _of_table(table)


def _of_passage(change: Change) -> Iterator[str]:
    """What becomes of one passage; only sentences that differ are quoted."""
    where = _place(change.where)
    if change.where.startswith("图") and change.kind == "changed":
        caption = change.a.partition("：")[0]
        yield f"图“{caption}”按更正后的数据重新绘制。"
        return
    if change.kind == "a":
        yield f"{where}中，删去{_quoted(change.a)}。"
    elif change.kind == "b":
        yield f"{where}处，增加{_quoted(change.b)}。"
    elif change.kind == "changed":
        for sentence in change.sentences:
            if changed(sentence):
                old = "".join(edit.a for edit in sentence)
                new = "".join(edit.b for edit in sentence)
                yield f"{where}中，{_from_to(old, new, change.a)}"
    if change.moved:
        yield f"{_quoted(change.b)}一段移至{where}处。"


def _place(where: str) -> str:
    """“一、总体情况”第1段 of what a comparison calls 一、总体情况　第1段."""
    head, gap, last = where.rpartition("　")
    return f"{_quoted(head)}{last}" if gap and head else _quoted(where)


def _from_to(old: str, new: str, whole: str) -> str:
    if not old:
        return f"增加{_quoted(new)}。"
    if not new:
        return f"删去{_quoted(old)}。"
    was, now = apart(old, new, whole)
    return f"{_quoted(was)}更正为{_quoted(now)}。"


def apart(old: str, new: str, whole: str = "") -> tuple[str, str]:
    """Of two versions of a text the clauses that differ, from the first to the last of them.

    Where one version has nothing there, a clause beside it says where that is. What stands more
    than once in ``whole`` (default: the old text) would be no place: then both texts in full.
    """
    one, other = _CLAUSES.findall(old), _CLAUSES.findall(new)
    most = min(len(one), len(other))
    head = next((n for n in range(most) if one[n] != other[n]), most)
    rest = range(most - head)
    tail = next((n for n in rest if one[-1 - n] != other[-1 - n]), most - head)
    if head + tail == most:
        head, tail = (head - 1, tail) if head else (head, max(0, tail - 1))
    was, now = ("".join(part[head : len(part) - tail]) for part in (one, other))
    if was[-1:] == now[-1:] and was[-1:] in _MARKS:
        was, now = was[:-1], now[:-1]
    return (was, now) if was and now and (whole or old).count(was) == 1 else (old, new)


def _quoted(text: str) -> str:
    """In quotation marks; those within become single ones."""
    return f"“{text.translate(_INNER)}”"


def _of_table(table: TableChange) -> str:
    name = f"{table.where}“{table.name}”" if table.name else f"{table.where}的表"
    if table.only:
        return f"{name}：{'删去' if table.only == 'a' else '增加'}此表。"
    told = [
        f"{_quoted(cell.row)}的{_quoted(cell.column)}由{_quoted(was or '空')}更正为"
        f"{_quoted(now or '空')}"
        for cell in table.cells
        for was, now in [apart(cell.a, cell.b)]
    ]  # fmt: skip
    for what, some in (
        ("删去行", table.rows_a), ("增加行", table.rows_b),
        ("删去列", table.columns_a), ("增加列", table.columns_b),
    ):  # fmt: skip
        told += [f"{what}{''.join(map(_quoted, some))}"] if some else []
    for what, pair in (("表题", table.title), ("表注", table.notes)):
        told += [f"{what}{_from_to(*pair, pair[0]).rstrip('。')}"] if pair else []
    told += ["各行次序调整"] if table.reordered else []
    return f"{name}：{'；'.join(told)}。"
