"""The list of the absent (缺席人员及原因): who was away, and under which status.

Which words make a reason 公务假, 病事假 or 缺席 stands in the year's parameters (``absence``).
A reason that they do not decide is leave of unknown kind, with a note; it is never guessed.
The reason itself is not kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from reportkit.params.year import ABSENCE
from reportkit.records.forms import Field
from reportkit.records.values.base import Reading, is_number
from reportkit.records.values.people import (
    DEPUTY,
    name_problem,
    one_or_more,
    plain_name,
    split_list,
)

UNKNOWN_LEAVE = "请假（原因不明）"
Words = tuple[tuple[str, str], ...]
"""(word, status): what the parameters say of reasons; a field has them as its synonyms."""
_USUAL: Words = tuple((word, status) for status, words in ABSENCE.items() for word in words)

_EXPECTED = "姓名（原因）、姓名（原因），没有缺席的填“无”"
_SEVERAL = f"{_EXPECTED}；几人同一原因的写“均…”，只是一人的原因请逐人写明"
_THERE = f"{_EXPECTED}；视频参会、迟到的人不列入缺席"

_NOT_ASKED = re.compile(
    r"(?:未|没有?|无)(?:事先|提前|及时|按规定|按要求|履行|办理|任何)*请假(?:手续)?"
)
_AWAY = re.compile(
    r"(?:未|没|没有|不|无法)能?(?:按时|及时)?(?:参加|参会|出席|到会|到场|到|前来)(?:会议?|学习)?"
    r"|缺席|缺勤|请假"
)
"""Says no more than the list itself: that somebody was not there."""
_PRESENT = re.compile(
    r"^(?!.*(?:参加|出席|列席|召开|主持).{2,}(?:视频|线上)).*(?:视频|线上|远程)|迟到|早退"
)
_ATTENDED = re.compile(r"(?:到会|出席|列席|参会|参加)、?$")


@lru_cache(maxsize=64)
def _pattern(words: Words) -> re.Pattern[str]:
    longest = sorted((word for word, _ in words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)) or r"(?!)")


@lru_cache(maxsize=4096)
def reason_status(reason: str, words: Words = _USUAL) -> str | None:
    """The status that a reason gives; None if it speaks of someone who was there.

    A reason of two kinds, a negated one (“非公务”) and one without a known word are leave of
    unknown kind. No reason at all is 缺席, and so is a deputy sent instead.
    """
    clauses = re.split(r"[\s,，、；;。/+]+", _NOT_ASKED.sub("未请假", reason))
    said = "、".join(each for each in clauses if each and not DEPUTY.search(each))
    if _PRESENT.search(said):
        return None
    status = dict(words)
    asked = "请假" in said.replace("未请假", "")
    said = "未请假".join(_AWAY.sub("", each) for each in said.split("未请假")).strip("、")
    known = _pattern(words)
    found, rest = {status[word] for word in known.findall(said)}, known.sub("", said)
    if not found and _ATTENDED.search(rest):
        return None
    if len(found) == 1 and not re.search("[未非不没无否]", rest):
        return found.pop()
    return UNKNOWN_LEAVE if said or asked else "缺席"


# --- the list --------------------------------------------------------------------------

_NOBODY = {"无", "零", "0", "无缺席", "全勤", "全部到会"}
_STAFF_NUMBER = re.compile(r"[0-9]{3,20}")
_LABELLED = re.compile(r"([^：:]{1,30})[：:]\s*(.+)")
_PART = re.compile(r"([^（）()、，,；;：:。\n]+?) ?(?:[（(]([^（）()]*)[）)])?")
_COUNT = re.compile(r"[（(]?(?:等|共|计)*(?:\d+|[一二两三四五六七八九十]+)[人名位]+[）)]?|等人?$")
_SHARED = re.compile(rf"^(?:以上|上述)?(?:{_COUNT.pattern})?(?:均|都|皆|全部?)[为是因系]?")
_LEFT_OPEN = re.compile(r"(?s)[：:].*[；;\n] *[^\s；;：:（(。][^；;\n：:（(]*(?:[；;\n]|$)")
"""“出差：张伟；李娜”: whether the reason is also that of who stands behind the ；"""


class _Unclear(Exception):
    """What should stand in the cell instead."""


def read_absent(raw: Any, field: Field, year: int) -> Reading:
    """“张伟（公务）、李娜（病假）” or “出差：张伟” as ((name, status), …); “无” as ()."""
    if is_number(raw) and raw == 0:
        return Reading((), "“0”读作“无”")
    if not isinstance(raw, str) or len(raw) > field.longest or _LEFT_OPEN.search(raw):
        return Reading(expected=_EXPECTED)
    if raw.rstrip("。") in _NOBODY:
        return Reading(())
    people: list[tuple[str, str]] = []
    try:
        for line in split_list(_parted(raw), re.compile(r"[；;\n]")):
            people += _people(split_list(line, re.compile(r"[、，,]")), field.synonyms or _USUAL)
    except _Unclear as unclear:
        return Reading(expected=str(unclear))
    if not people:
        return Reading(expected=_EXPECTED)
    parted = re.search(r"\w +\w", re.sub(r"[（(][^）)]*[）)]", "", raw))
    changed = [name for name, _ in people if parted or name not in raw]
    unknown = [name for name, status in people if status == UNKNOWN_LEAVE]
    notes = [f"读作“{'、'.join(changed)}”"] if changed else []
    if unknown:
        notes.append(f"“{'、'.join(unknown)}”的原因看不出类别，按“{UNKNOWN_LEAVE}”计")
    return Reading(tuple(people), "；".join(notes))


def _parted(raw: str) -> str:
    """The list with a mark where a name follows a bracket without one."""
    return re.sub(r"(?<=[）)]) *(?=[^\s、，,；;：:。（）()])", "、", raw.rstrip("。；; "))


def _people(parts: list[str], words: Words) -> list[tuple[str, str]]:
    """The people of one line; a label (“出差：”) holds until the next one.

    A bracket behind several names is for all of them if it says so (均), or if it gives the
    others the status that they would have without it.
    """
    people: list[tuple[str, str]] = []
    bare: list[str] = []
    label = ""
    for part in parts:
        if labelled := _LABELLED.fullmatch(part):
            people += [(name, _status(label, "", words)) for name in bare]
            label, part = _label_first(labelled[1], labelled[2], words)
            if bare and not label:  # “A、B：出差”: of both, or of one?
                raise _Unclear(_SEVERAL)
            bare = []
        match = _PART.fullmatch(part)
        if match is None:
            raise _Unclear(_EXPECTED)
        bare += _names(_COUNT.sub("", match[1]), words)
        if match[2] is None:
            continue
        reason = match[2].strip()
        status = _status(label, _SHARED.sub("", reason), words)
        shared = _SHARED.match(reason) or _COUNT.search(match[1])
        if len(bare) > 1 and not shared and status != _status(label, "", words):
            raise _Unclear(_SEVERAL)
        people += [(name, status) for name in bare]
        bare = []
    return people + [(name, _status(label, "", words)) for name in bare]


def _label_first(label: str, rest: str, words: Words) -> tuple[str, str]:
    """The reason of “出差：张伟” and its names; “张伟：出差” as “”, “张伟（出差）”."""
    reason = re.sub(r"(?:人员|同志|名单)+$", "", _COUNT.sub("", label).strip())
    if _pattern(words).search(reason) or _AWAY.fullmatch(reason):
        return reason, rest
    if _pattern(words).search(rest):
        return "", f"{label}（{rest}）"
    raise _Unclear(_EXPECTED)


def _status(label: str, reason: str, words: Words) -> str:
    found = reason_status(f"{label}、{reason}", words)
    if found is None:
        raise _Unclear(_THERE)
    return found


def _names(text: str, words: Words) -> list[str]:
    found = one_or_more(plain_name(text.strip()))
    names = [plain_name(name) for name in found or ()]
    if not names or any(_pattern(words).match(n) or _AWAY.fullmatch(n) for n in names):
        raise _Unclear(_EXPECTED)
    # Of two people of one name the staff number tells which was away.
    if any(name_problem(n) and not _STAFF_NUMBER.fullmatch(n) for n in names):
        raise _Unclear(_EXPECTED)
    return names
