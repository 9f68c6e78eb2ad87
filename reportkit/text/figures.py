"""The figures in prose, in whatever way they are written, and what only looks like one.

A figure is a number with its measure word and the clause that it stands in (集体学习405次, 十二家,
九成五). Days and years, the numbers of headings, and names with numerals in them (二十大, 第一议题,
一岗双责) are none, and are told apart as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from reportkit.text.normalising import Normal
from reportkit.text.numerals import chinese_number
from reportkit.text.phrases import (
    COUNTED,
    COUNTERS,
    DOCTRINES,
    FEW,
    FIXED,
    NEVER,
    ONE,
    OTHERWISE,
)
from reportkit.text.sentences import clause_of, sentence_at

Kind = Literal["figure", "date", "numbering", "name"]


@dataclass(frozen=True)
class Found:
    """A figure or date in a text, or a numeral that is neither.

    ``text``: as printed, in half width, with its measure word; ``value``: of a figure its number,
    a percentage as such (85.7); None for a date, and where no exact number is stated (十余);
    ``unit``: its measure word, %, or "". ``number``: begin and end of the number alone.
    ``whole``: all of the paragraph in half width; ``span``: where it stands in that.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    number: tuple[int, int]
    whole: str
    span: tuple[int, int]

    @property
    def sentence(self) -> str:
        """Its sentence."""
        return sentence_at(self.whole, self.span[0])[0].strip()

    @property
    def before(self) -> str:
        """What the sentence says ahead of it."""
        return self.whole[sentence_at(self.whole, self.span[0])[1] : self.span[0]]

    @property
    def clause(self) -> str:
        """Its clause, itself in it."""
        return clause_of(self.whole, *self.span)


def figures(text: str) -> Iterator[Found]:
    """The figures and dates of one paragraph, in order."""
    return (found for found in numbers(text) if found.kind in ("figure", "date"))


def numbers(text: str, *, titles: bool = False) -> Iterator[Found]:
    """All numerals of a paragraph, digits in headings and names too, in order.

    ``titles``: whether to look into titles of documents (《9号文》) as well; else each is a name.
    """
    normal = Normal.of(text)
    for match in _matches(normal.text, 0, len(normal.text), titles):
        kind: Kind = next((k for k in ("numbering", "date", "name") if match[k]), "figure")
        if kind == "figure" and _is_listed(match, text, normal):
            kind = "numbering"
        begin, end = next((match.span(name) for name in _NUMBERS if match[name]), match.span())
        if kind == "name":
            digits = _DIGITS.search(normal.text, begin, end)
            if digits is None:  # 第一, 一岗双责
                continue
            begin, end = digits.span()
        value, unit = _amount(match) if kind == "figure" else (None, "")
        yield Found(
            kind, *normal.place(*match.span()), match.group().strip(), value, unit,
            normal.place(begin, max(end, match.end("about"))), normal.text, match.span(),
        )  # fmt: skip


def _matches(text: str, begin: int, end: int, titles: bool) -> Iterator[re.Match[str]]:
    for match in _pattern().finditer(text, begin, end):
        if titles and match["title"]:
            yield from _matches(text, match.start() + 1, match.end(), titles)
        else:
            yield match


def _is_listed(match: re.Match[str], text: str, normal: Normal) -> bool:
    """Whether it is a ① at the head of a clause, which it numbers."""
    begin, end = match.span()
    if not match["digits"] or text[normal.origin[begin]].isdecimal() or end == len(normal.text):
        return False
    return not match["unit"] and (begin == 0 or normal.text[begin - 1] in "：；。，、\n ")


def _amount(match: re.Match[str]) -> tuple[Decimal | None, str]:
    """The number that is stated, and what it counts."""
    if match["whole"]:  # 三分之一, 百分之八十五
        base = {"百": "%", "千": "‰", "万": "‱"}.get(match["whole"], "")
        part, whole = chinese_number(match["part"]), chinese_number(match["whole"])
        return (part, base) if base or not part or not whole else (part / whole, "")
    if match["tenths"]:  # 九成五
        tenths, more = chinese_number(match["tenths"]), match["more"] or "零"
        hundredths = chinese_number("五" if more == "半" else more) or 0
        return (None if tenths is None else tenths * 10 + hundredths), "%"
    if match["half"]:
        return (Decimal(50), "%") if match["half"] in ("半数", "一半") else (None, "")
    unit = match["unit"] or match["halved"] or ""
    number = match["digits"] or match["words"] or match["rank"] or match["place"]
    halves = match["halves"] or match["and_half"] or "零"
    value = chinese_number("".join((number or halves).split()))
    if value is not None and not number:
        value += Decimal("0.5")
    return (None if match["about"] else value), unit


_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")

# ---------------------------------------------------------------- how numerals are written


def _any(words: Iterable[str]) -> str:
    """Any of the words, longer ones first: 场次 before 场; not where more makes another of it."""
    found = []
    for word in sorted(words, key=lambda word: (-len(word), word)):
        other = OTHERWISE.get(word)
        found.append(word + (f"(?!{'|'.join(other)})" if other else ""))
    return "|".join(found)


_ONES = "一二两三四五六七八九壹贰叁肆伍陆柒捌玖俩仨"
_CHINESE = f"零〇○{_ONES}十百千万亿廿卅卌拾佰仟"
_RUN = f"[{_CHINESE}](?:[ ]?[{_CHINESE}]){{0,24}}"
_POINT = f"点[零〇{_ONES}]+"
_D = r"\d+(?:,\d{3})*(?:\.\d+)?"
_ANY = f"(?:{_D}|{_RUN}(?:{_POINT})?)"
_DOCTRINE = f"个(?!{'|'.join(DOCTRINES)})"
_UNIT = rf"[ ]*(?P<unit>[%‰]|{_any(COUNTERS)})"
_LATIN = r"(?:kg|km|kWh|kW|MW|GW|MWh|GWh|GB|MB|TB|min|mm|cm|h|t|m)(?![A-Za-z\d])"
_MORE = f"[{_CHINESE} ]{{0,24}}(?<![ ])"
_BIG = f"(?:(?:[{_ONES}][ ]?)?[十拾百佰千仟万亿]|[廿卅卌]|[零〇{_ONES}]{{2}}){_MORE}"
_YEAR = r"(?:19|20)\d\d"
_HAN_YEAR = r"[零〇○一二三四五六七八九]{4}"
_DAY = r"[一二三四五六七八九十廿卅]{1,3}"
_AHEAD = f"(?=(?:[—–~～到至-][{_CHINESE}]{{1,3}})?[余多几来]?[ ]*"
_OTHER = rf"[^\W\d{_CHINESE}次场家项人篇期份名件]"
_TO = r"\s*[—–~至到-]\s*"


def _not_one(words: list[str]) -> str:
    """The units of small numbers, 个 only before what it counts."""
    return "|".join((_any(w for w in words if w != "个"), f"个(?=半?[ ]?(?:{'|'.join(COUNTED)}))"))


_HALVABLE = "(?:小时|学时|课时|工作日|天|月)"
_LARGE = _any(set(COUNTERS) - {*NEVER, "个"})
_COUNTS = _any(set(COUNTERS) - set(NEVER))
_NUMBERING = r"""
    ^\s*\d{1,3}(?:[.．](?!\d)|、)(?=\s*[^\d\s]) | ^\s*[（(]\d{1,3}[）)](?=\s*\S)
    | (?<=[：；。])\d{1,2}[.．](?!\d) | (?<=[：；。])[（(]\d{1,2}[）)] | 附件\s*\d{1,2}(?![\d.])
"""
_DATE = rf"""
    (?<![\d.])(?:{_YEAR}(?:[ ]*年)?(?:{_TO}|、|和))*{_YEAR}\s*年度?
      (?:(?:\d{{1,2}}\s*月?{_TO})?\d{{1,2}}\s*月(?:份)?(?:\d{{1,2}}\s*日)?)?
    | (?<![\d.]){_YEAR}(?P<sign>[-/.])(?:0?[1-9]|1[0-2])(?P=sign)(?:0?[1-9]|[12]\d|3[01])(?![\d.])
    | (?<![\d.])(?:\d{{1,2}}\s*月\s*)?\d{{1,2}}\s*月\d{{1,2}}\s*日
    | (?<![\d.])(?:\d{{1,2}}\s*月?{_TO})?\d{{1,2}}\s*月(?:份)?
    | [〔\[［]{_YEAR}[〕\]］](?:\d+号?)? | [〔\[［]{_HAN_YEAR}[〕\]］](?:{_DAY}号)?
    | [（(]{_YEAR}[）)]\d+号
    | (?<=[上下]午)\d{{1,2}}(?:[:：]\d\d|[时点](?:\d{{1,2}}分|半)?)
    | {_HAN_YEAR}年(?:{_DAY}月(?:份|{_DAY}日)?)?
    | (?<![{_CHINESE}]){_DAY}月(?:份|{_DAY}[日号])?(?!革命)
    | (?<![{_CHINESE}]){_DAY}日(?=前|起|止|至|上午|下午)
    | {_DAY}[点时](?:{_DAY}分(?!之)|半(?!个)|整)
"""
_NAME = rf"""
    (?P<title>《[^》]*》) | (?<![排列居名占得])第\s*(?:\d++(?:\.\d+)*|{_RUN}+)(?!名) | 附表\s*\d+
    | (?<=[A-Za-z])[A-Za-z]*[-–]?\d[\d.]* | \d+(?:\.\d+)?(?=[A-Za-z])(?!{_LATIN})
    | {"|".join(FIXED)}
    | (?<=[“‘「『])[{_CHINESE}]{{1,3}}(?:个(?!{"|".join(COUNTED)})|[项条种类张套次支批])
        (?=[^”’」』，。；]{{1,6}}[”’」』])
    | [{_ONES}](?:{_OTHER})[{_ONES}](?<![分成点到至比].)(?:{_OTHER})
"""
_SPECIAL = rf"""
    (?P<whole>{_ANY})[ ]?分[ ]?之[ ]?(?P<part>{_ANY})
    | (?P<tenths>[{_ONES}十数几\d])成(?P<more>[{_ONES}半])?
        (?!员|立|为|果|功|绩|效|本|就|长|熟|套|不变|语|都)
    | (?P<half>半数|(?<!时间)(?<!任务)过半|一半|大半|对半
        |(?:(?<=翻)|(?<=翻了))(?:[{_ONES}]番|[番倍]))
    | (?P<halves>{_ANY})(?P<halved>小时|天|倍|个月)半
    | (?<=排第|列第|居第|名第|占第|得第)(?P<rank>\d+|[{_CHINESE}]+)
    | (?<=第)(?P<place>\d+|[{_CHINESE}]+)(?=名)
"""
_BEHIND = "$|[，。；、）→]"
_FIGURE = rf"""
    (?: (?P<and_half>{_ANY})个半[ ]?(?={_HALVABLE}) | 半(?=个?{_HALVABLE.replace("|天", "")})
      | (?<![A-Za-z])(?P<digits>{_D}
          (?:[ ]?[十百千]?[万亿](?:\d+千?)?|[百千](?=[余多]?(?:{_any(FEW)})))?)
        (?P<latin>[ ]?{_LATIN})?
      | (?P<words>
          (?<=[近上约逾超数几达过好])[百千万亿十]+(?=[余多几]?[ ]?(?:{_COUNTS}|{_BEHIND}))
        | (?<!第)(?:
            (?![百千万亿](?![余多])){_BIG}{_AHEAD}(?:[%‰]|{_DOCTRINE}|{_LARGE}))
          | (?<![{_CHINESE}])(?:
              [零{_ONES[1:]}]{_AHEAD}(?:{_not_one(FEW)})) | [一壹]{_AHEAD}(?:{_not_one(ONE)})))
          | {_RUN}{_POINT}(?=[%‰]|{_COUNTS}|{_BEHIND}) | 零点[零〇{_ONES}]+
          | [{_ONES}](?:[百千万亿佰仟]|拾)[{_CHINESE}]*(?!年|夜|强)
          | (?<![A-Za-z])[IVXLC]{{2,}}(?=[ ]?(?:{_any(FEW)})) | [廿卅卌][{_CHINESE}]*
          | (?<=[共计为达到至由增减仅近约超逾满])(?![百千万亿]){_BIG}(?=[增减升降提]|{_BEHIND})
          | ^\s*(?![百千万亿]){_BIG}\s*$
        )))
    (?P<about>[余多几来](?=[ ]?(?:{_COUNTS})))?(?:{_UNIT})?
"""
_NUMBERS = ("digits", "words", "half", "rank", "place")
_BEGIN = (
    rf"(?=[\s\d{_CHINESE}半过大对番倍中第附之上下本这那每某任另同统唯逐再又新〔\[［（(《A-Za-z-])"
)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Of what begins at one place the first of these; made when it is first needed."""
    return re.compile(
        rf"{_BEGIN}(?:(?P<numbering>{_NUMBERING})|(?P<date>{_DATE})|{_SPECIAL}|(?P<name>{_NAME})"
        rf"|{_FIGURE})",
        re.MULTILINE | re.VERBOSE,
    )
