"""What a cell was read as, and what all readers share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from reportkit.records.forms import Field
from reportkit.records.private import PrivateCode
from reportkit.text.normalising import half_width

ValueState = Literal["", "零", "不适用", "未核查"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was read as.

    Attributes
    ----------
    value:
        None for a blank or refused cell, and for one that states there is no value.
    note:
        What was corrected, in Chinese; empty if the value is what stands there.
    expected:
        What a refused cell should hold; empty otherwise.
    state:
        What the cell says in so many words instead of a value: 零 (“无”, “未报送”), 不适用,
        未核查; empty for a value, a blank and a refusal.
    code:
        The issue code of a refusal when it is not simply that of the field's kind:
        ``identity_number`` or ``telephone``.
    """

    value: Any = None
    note: str = ""
    expected: str = ""
    state: ValueState = ""
    code: PrivateCode = ""

    @property
    def refused(self) -> bool:
        """Whether the cell could not be read for sure."""
        return bool(self.expected)

    def with_note_before(self, note: str) -> Reading:
        """The same with a further note in front, unless it was refused."""
        if not note or self.expected:
            return self
        return replace(self, note="；".join(filter(None, (note, self.note))))


Reader = Callable[[Any, Field, int], Reading]
"""(what stands in the cell, its field, the form's year) → reading; never raises."""

BLANK = Reading()
NONE_STATED = Reading(state="零")
NO_IDENTITY = "不含证件号码的内容（本表不收集身份证号）"
NO_TELEPHONE = "不含电话号码的内容（本表不收集电话号码）"
NOTHING = re.compile(r"[/／\\＼\-－–—―─_＿~～]+")
"""Strokes that people put into a cell to say that it is empty on purpose."""

_PRIVATE = {
    "identity_number": Reading(expected=NO_IDENTITY, code="identity_number"),
    "telephone": Reading(expected=NO_TELEPHONE, code="telephone"),
}


def private_refusal(code: PrivateCode) -> Reading:
    """The refusal of a cell with a number of a person in it; ``code`` is not empty."""
    return _PRIVATE[code]


_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]|_x00[01][0-9A-Fa-f]_"
)
_PLAIN = re.compile(r"[一-鿿A-Za-z0-9、，。：；（）《》“”.-]*")


def clean(raw: str, *, keep_lines: bool = False) -> tuple[str, str]:
    """Text without control and invisible characters, outer and doubled blanks; and a note.

    ``keep_lines``: line breaks stay (``\\n``), as in a cell with a name on each line.
    """
    if _PLAIN.fullmatch(raw):
        return raw, ""
    text = _INVISIBLE.sub("", _INVISIBLE.sub("", raw))  # one mark may have stood within another
    note = "删去不可见的控制字符" if text != raw else ""
    lines = text.split("\n") if keep_lines else [text]
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines))), note


_SIMPLIFIED = str.maketrans(
    "侷係個偉備傳價優內兩冊別刪創劃動務參叄員問單嚮國團埰執報場孫學宮寀實審寫專對導層屬師帶幾"
    "廠強彔後從復態應採擇據擴數於時暫書會東査條榮檔檢權歲沒況無狀獎獨獲現異當發監確祕禮稱積筆"
    "箇節範簡簽籤紀納級終組結統經綫線編緻繫續羣義習聞聯職聽臺與萬蓋處號裏補製複覈見規視觀計討"
    "訓託記設註証評話該詳誌認說説課調請諸講證識議譽讀負責買質賬躍較輔轉辦迴這連週進過達適遲選"
    "還錄錯録鐘鑑長門開間關隊際離電頁項順須頒領頻題顏類餘饋驗體鮮麗點黨齊",
    "局系个伟备传价优内两册别删创划动务参叁员问单向国团采执报场孙学宫采实审写专对导层属师带几"
    "厂强录后从复态应采择据扩数于时暂书会东查条荣档检权岁没况无状奖独获现异当发监确秘礼称积笔"
    "个节范简签签纪纳级终组结统经线线编致系续群义习闻联职听台与万盖处号里补制复核见规视观计讨"
    "训托记设注证评话该详志认说说课调请诸讲证识议誉读负责买质账跃较辅转办回这连周进过达适迟选"
    "还录错录钟鉴长门开间关队际离电页项顺须颁领频题颜类余馈验体鲜丽点党齐",
)
"""Traditional characters of the forms' vocabulary: headers, sheets, words of a list, dates."""


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as ordinary ones, 集體學習 as 集体学习: to match words.

    Never for what is stored as it stands: a name, a title.
    """
    return text if text.isascii() else half_width(text).translate(_SIMPLIFIED)


def without_header(text: str, field: Field) -> str:
    """What a cell says before its header's own word: “已” of 已取消; “=” if that word alone.

    Empty if the word does not stand there.
    """
    for header in field.headers:
        word = re.sub("^(?:是否|有无|已)|(?:次数|人数)$", "", header)
        if word and text.endswith(word):
            return text.removesuffix(word) or "="
    return ""


def is_blank(raw: Any) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return raw is None or (isinstance(raw, str) and not clean(raw)[0])


def is_number(raw: Any) -> bool:
    """A number cell: TRUE and FALSE are none."""
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def whole_text(raw: float) -> str | None:
    """A whole number as Excel shows it; None for a broken one or more digits than Excel keeps."""
    if raw != raw or abs(raw) >= 10**15 or raw != int(raw):
        return None
    return str(int(raw))


def words(text: str) -> frozenset[str]:
    """A list of words that stand in one text, parted by blanks."""
    return frozenset(text.split())
