"""Words that are no data: headers as people write them, 合计 rows, notes, “无”, known pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from reportkit.records.forms import SHEETS_OF_OURS
from reportkit.records.values import clean, is_blank, narrow

_MARK = (
    r"必填|选填|必填项|可不填|可空|是/否|有/无|单选|下拉选择|年-月-日|年月日|年/月/日|年\.月\.日"
    r"|人|人次|次|小时|天|名|%|盖章|公章|签章|如.{1,20}|例.{1,20}|格式.{1,20}|不超过\d+字|\d+字以内"
)
_TRAILING_MARK = re.compile(rf"\((?:{_MARK})\)$")
_UNIT_MARK = re.compile(rf"\(?(?:{_MARK}|元|万元|场|篇|份|分)\)?")


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """A header or a sheet's name, simplified, without blanks, line breaks and “（必填）”."""
    text = narrow(clean(text)[0])
    text = re.sub(r"\s|[*:]", "", text)
    before = ""
    while text != before:
        text, before = _TRAILING_MARK.sub("", text) or text, text
    return text


_HOW_TO_FILL_IN = re.compile(
    r"\((?:没有|无|若|如|的|则|请|可|须|应|不得|填写|填报|填|写|选择|选|注明|逐一|如实|留空|空白|"
    r"姓名|原因|必|及|和|并|以|用|隔开|多人|[“”‘’\"',、;。0])+\)$"
)
_SAME_WORDS = (
    ("课时", "学时"), ("时间", "日期"), ("代码", "编号"), ("编码", "编号"), ("号码", "编号"),
    ("实际", "实"), ("应该", "应"), ("应当", "应"), ("到会", "到"), ("参会", "到"), ("参加", "到"),
    ("出席", "到"), ("人员名单", "人员"),
)  # fmt: skip
_EMPTY_WORDS = re.compile(
    r"对应|相应|相关|有关|所属|本次|当次|该次|每次|情况|具体|的|及|和|与|或|[^\w]"
)


def gist(header: str, subject: str) -> str:
    """A squeezed header without what says nothing of which column it is.

    “应到会人数” and “应到人数” have the same; “应到人数” and “实到人数”, “学时” and “学时（分钟）”,
    “缺席人员” and “缺席人数” have not. ``subject``: what the sheet is about, 学习 in “学习情况”.
    """
    text = _HOW_TO_FILL_IN.sub("", header)
    for written, meant in _SAME_WORDS:
        text = text.replace(written, meant)
    return re.sub("是否[有为]|有无", "是否", _EMPTY_WORDS.sub("", text.replace(subject, "")))


@lru_cache(maxsize=1024)
def loose_name(text: str) -> str:
    """A sheet's name also without its number and what people add: “表3 学习情况表（2）”."""
    text = squeeze(text)
    text = re.sub(r"^(?:附[件表]|表)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})?[-_.、)]?", "", text)
    text = re.sub(r"^\((?:\d{1,2}|[一二三四五六七八九十]{1,2})\)", "", text)
    text = re.sub(r"(?:\([^()]*\)|[-_]?\d{1,2}|副本)$", "", text)
    return text.removesuffix("表")


_PAGES = {*SHEETS_OF_OURS, "问题清单", "填表说明", "说明"}


def is_known_page(name: str) -> bool:
    """Whether a sheet is a page of our own forms, or of WPS itself, that holds no data."""
    return squeeze(name) in _PAGES or name.startswith(("WpsReserved", "_xl"))


def is_unit_mark(text: str) -> bool:
    """Whether a cell under a header only says in which unit the column counts: “（人）”."""
    return _UNIT_MARK.fullmatch(re.sub(r"\s", "", narrow(text))) is not None


# --- rows that are no records ----------------------------------------------------------

_TOTAL = re.compile(
    r"(?:本[年月季页期]度?)?(?:合计|总计|小计|共计|累计|总数|合计数|平均|平均数|平均值)[::]?(?:\d.*)?"
)
_TOTAL_BEGINS = frozenset("合总總小共累本平 \t\u3000\xa0")
_SUBTOTAL = re.compile(r"小计|本页|本月|本季")
_NO_SUM = re.compile(r"平均|累计")
_NOTE = re.compile(
    r"(?:附?注|备注|说明|填表说明|填报说明|注意事项|填表人|填报人|经办人|审核人|审批人|负责人|制表人|制表"
    r"|复核人?|联系人|联系电话|电话|单位负责人|主要负责人|填报日期|填表日期|报送日期|填报时间"
    r"|填报单位|单位\(?盖章\)?|\(?盖章\)?)\d*[:、.]"
)


def total_word(cells: Sequence[Any]) -> int | None:
    """The column of “合计” or its like among the first three filled cells; None if none."""
    filled = 0
    for column, raw in enumerate(cells):
        if raw == "" or raw is None:
            continue
        if type(raw) is str and raw[0] in _TOTAL_BEGINS and _TOTAL.fullmatch(_tight(raw)):
            rest = (other for other in cells[column + 1 :] if isinstance(other, str))
            return column if all(len(other) < 20 for other in rest) else None
        filled += 1
        if filled == 3:
            break
    return None


def sums_up(word: str) -> str:
    """What a total adds up: ``all`` rows, the ``part`` since the last one, or ``nothing``."""
    word = _tight(word)
    if _NO_SUM.search(word):
        return "nothing"
    return "part" if _SUBTOTAL.search(word) else "all"


def is_note(cells: Sequence[Any]) -> bool:
    """A line below the table such as “注：……” or “填表人：…… 审核人：……”."""
    first = next((raw for raw in cells if not is_blank(raw)), "")
    return isinstance(first, str) and bool(_NOTE.match(_tight(first)))


def _tight(text: str) -> str:
    return re.sub(r"\s", "", narrow(clean(text)[0]))


_NONE = {"无", "零", "0", "本年无", "本期无", "无此项", "本年度无", "本季度无", "本月无"}


def says_none(raw: Any) -> bool:
    """Whether a cell is 无 or a zero."""
    if isinstance(raw, str):
        return narrow(clean(raw)[0]).rstrip("。") in _NONE
    return isinstance(raw, int | float) and not isinstance(raw, bool) and raw == 0
