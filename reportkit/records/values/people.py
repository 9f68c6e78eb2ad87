"""Names: one, a name or a staff number, several in one cell.

A blank between two characters may only align a column (“张 三”), or part two persons (“张三
李四”). What can be both is refused.
"""

from __future__ import annotations

import re
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.values.base import Reading, is_number, narrow, words
from reportkit.records.values.texts import read_key

_CJK = "㐀-鿿豈-\ufaff\U00020000-\U0003ffff〇"
_CJK_GAP = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_PIECE = re.compile(rf"[{_CJK}]+(?:·[{_CJK}]+)*")
_DOT = re.compile(rf"(?<=[{_CJK}]) ?[·•・‧∙⋅.．･﹒ꞏᐧ] ?(?=[{_CJK}])")
"""The marks that people type for the dot (·) within a name such as 阿依古丽·买买提."""
_COMPOUND = words(
    "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 司徒 令狐 东方 南宫 西门 端木 百里 呼延 轩辕 "
    "长孙 宇文 独孤 太史 申屠 闻人 澹台 公冶 宗政 濮阳 淳于 单于 公羊 赫连 钟离 鲜于 司空 仲孙 "
    "东郭 拓跋 完颜"
)
DEPUTY = re.compile(r"(?<![人党职团妇工])代(?!表)|委托")
"""A deputy was there instead; no 党代会, no 代表."""
_SOUND = (
    "阿艾爱奥巴拜班包贝别宾波布才措达旦德登迪丁顿多尔法夫甫盖嘎格根古哈海汗合和赫呼基吉加江金"
    "卡凯克肯库拉莱兰朗勒里力丽利列罗洛马玛买麦曼芒蒙米敏莫默姆木穆娜尼努帕潘皮普其恰青曲让热"
    "仁日肉萨桑森沙山什斯苏孙索塔泰坦特提铁图吐托娃外旺维温乌吾西希夏雅亚耶叶伊依音英尤于玉云"
    "扎再增泽孜珠卓兹不都逊卜杜罕丹鲜生赛那顺朝鲁敖琪次明居"
)
_SOUNDS = re.compile(rf"(?:[{_SOUND}]{{4,}}|[阿艾依吐热努迪扎次旺索格尼买][{_SOUND}]+)")
"""A part of a name spelt by sound (阿依古丽, 扎西): of four characters, or of no Han surname."""
_ONE_NAME = "一个人的姓名，须与成员名单一致"
_NOT_IN_NAME = re.compile(
    r"[（）()\[\]【】〔〕、，,；;：:。？?！!\n\t/／\\]|^\d+ ?[.．)]|\d.*等|等\d*[人名位]?$"
)
_COUNT = re.compile(
    r"[共计]?[\d.一二两三四五六七八九十百]+ ?(?:人|名|位|人次|名同志|位同志)|[\d.+-]+"
)
_TITLE = (
    r"(?:党委|党总支|党支部|支部|纪委|工会|团委|常务|代理?)?(?:第一)?副?"
    r"(?:书记|主任|总?经理|董事长|总裁|部长|处长|科长|局长|厂长|矿长|院长|校长|所长|站长|队长|主席"
    r"|同志|总监|总工程师|总会计师|工程师|秘书长?|组长|主管|主持人|老师|教授|先生|女士|委员)"
)
_TITLED = re.compile(rf"[{_CJK}]+{_TITLE}|(?:{_TITLE}) ?[{_CJK}·]+")
_PLACEHOLDERS = words(
    "全体 全体成员 全体人员 全体班子成员 班子成员 全员 全部 所有人 同上 同前 同左 待定 待补 未定 "
    "不详 未知 见附件 详见附件 附件 见签到表 见签到簿 略 其他 其它 其他人员 本人 同志 空 暂缺 "
    "有关人员 相关人员"
)
_ROLE_NOTED = re.compile(r"[（(【\[]([^（）()【】\[\]]*)[）)】\]]")


def tidy_name(text: str) -> str:
    """A name without the blanks people put between two characters to align a column."""
    return _CJK_GAP.sub("", " ".join(text.split()))


def one_or_more(text: str) -> tuple[str, ...] | None:
    """The names in a text in which blanks alone stand between them; None if it is unclear.

    A single character is no name: with “张 三” and “欧阳 修” one person is meant. Of two
    characters and more each piece can be a name, unless the first is a surname of two. Pieces
    that are spelt by sound are one name, with a blank for its dot.
    """
    pieces = text.split()
    chinese = sum(bool(_PIECE.fullmatch(piece)) for piece in pieces)
    if len(pieces) <= 1 or not chinese:
        return (" ".join(pieces),)
    if chinese < len(pieces):
        return None
    sizes = [len(piece) for piece in pieces]
    joined = "".join(pieces)
    if len(pieces) == 2 and 1 in sizes and len(joined) <= 3:
        return (joined,)
    if sizes == [1, 1, 1] or (pieces[0] in _COMPOUND and sizes[1:] in ([1], [2], [1, 1])):
        return (joined,)
    if any(piece in _COMPOUND for piece in pieces):
        return None
    if max(sizes) > 2 and all(map(_SOUNDS.fullmatch, pieces)):
        return ("·".join(pieces),)
    return tuple(pieces) if all(map(_is_whole_name, pieces)) else None


def _is_whole_name(piece: str) -> bool:
    """Whether a piece is a name by itself: not the half of a longer one, written apart."""
    return len(piece) in (2, 3) or "·" in piece or (len(piece) == 4 and piece[:2] in _COMPOUND)


def name_problem(text: str) -> str:
    """What should stand there instead, if this is no name; else empty."""
    if len(text) > 100:
        return _ONE_NAME
    if noted := _ROLE_NOTED.search(text):
        if DEPUTY.search(noted[1]):
            return f"{_ONE_NAME}；“（代）”表示本人未到，代会人员不计入，请只填到会的成员"
        if "列席" in noted[1]:
            return f"{_ONE_NAME}；列席人员不计入，请删去"
        return f"{_ONE_NAME}，不带括号"
    if (
        not 2 <= len(text) <= 30
        or text in _PLACEHOLDERS
        or _NOT_IN_NAME.search(text)
        or _COUNT.fullmatch(narrow(text))
    ):
        return _ONE_NAME
    if _TITLED.fullmatch(text):
        return f"{_ONE_NAME}，不带职务"
    return ""


def plain_name(text: str) -> str:
    """The dot as “·”; without 同志 behind a whole name."""
    text = _DOT.sub("·", text)
    stripped = text.removesuffix("同志").rstrip()
    is_whole = len(stripped) >= 2 and stripped not in _COMPOUND
    return stripped if stripped != text and is_whole else text


def read_name(raw: Any, field: Field, year: int) -> Reading:
    """The name of one person."""
    if not isinstance(raw, str):
        return Reading(expected=_ONE_NAME)
    written = plain_name(raw)
    names = one_or_more(written)
    if names is None or len(names) > 1:
        problem = name_problem(tidy_name(written)) or f"{_ONE_NAME}（“{written}”像是几个人）"
        return Reading(expected=problem if len(written) <= 30 else _ONE_NAME)
    name = plain_name(names[0])
    if problem := name_problem(name):
        return Reading(expected=problem)
    return Reading(name, "" if name == raw else f"读作“{name}”")


def read_person(raw: Any, field: Field, year: int) -> Reading:
    """Somebody on the roster: a name, or a staff number where a name would not do."""
    if is_number(raw) or (isinstance(raw, str) and raw[0].isdigit()):
        number = read_key(raw, field, year)
        if number.value is not None and number.value.isdigit():
            return number
    return read_name(raw, field, year)


_BETWEEN_NAMES = re.compile(r"[、，,；;/／\n&＆+＋|]")


def read_people(raw: Any, field: Field, year: int) -> Reading:
    """Several persons in one cell as a tuple of names, each once."""
    expected = "姓名，多人之间用、隔开"
    if not isinstance(raw, str) or len(raw) > max(field.longest, 500):
        return Reading(expected=expected)
    names: list[str] = []
    for part in split_list(raw.rstrip("。；;、 \n"), _BETWEEN_NAMES):
        found = one_or_more(plain_name(part))
        if found is None:
            return Reading(expected=f"{expected}（“{part[:20]}”看不出是一人还是几人）")
        for name in map(plain_name, found):
            if problem := name_problem(name):
                return Reading(expected=problem.replace(_ONE_NAME, expected))
            names.append(name)
    if not names:
        return Reading(expected=expected)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        return Reading(expected=f"{expected}，每人只写一次（“{twice}”写了两次）")
    text = "、".join(names)
    return Reading(tuple(names), "" if text == raw else f"读作“{text}”")


def split_list(text: str, between: re.Pattern[str]) -> list[str]:
    """The parts of a list; what stands in brackets is not split."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "（(") - (character in "）)")
        if depth == 0 and between.fullmatch(character):
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]
