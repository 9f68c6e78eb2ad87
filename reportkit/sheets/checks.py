"""The checks of a document before it goes up (核稿), each with its result and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportkit.sheets.facts import Facts, Passage
from reportkit.sheets.given import Given
from reportkit.sheets.numbering import numbering_faults, series_faults
from reportkit.sheets.origins import Origin, dates
from reportkit.sheets.totals import TableTotals, Total, check_totals, column_name, plain
from reportkit.text.figures import figures
from reportkit.text.sentences import sentences

Result = Literal["通过", "提醒", "不通过", "人工核对"]

_KINDS = {"outdated": "过时或不规范", "truncated": "缺字漏字", "misordered": "次序或搭配有误"}
_PROBLEMS = "问题"
_LONGEST = 80


@dataclass(frozen=True)
class Check:
    """One line of the checklist.

    Parameters
    ----------
    key:
        Its name for programs.
    what:
        What is checked, in Chinese.
    result:
        通过 · 提醒: a person decides · 不通过: must be mended before it goes up · 人工核对: a
        program cannot tell.
    found:
        What was found, a line each.
    """

    key: str
    what: str
    result: Result
    found: tuple[str, ...] = ()


def run_checks(facts: Facts, given: Given, figures: Sequence[Origin]) -> list[Check]:
    """All checks of a document, in the order of the checklist.

    ``figures``: those of its text, as :func:`~reportkit.sheets.origins.origins` finds them.
    """
    return [
        _present(facts),
        _length(facts, given),
        _phrases(given),
        _numbers(facts),
        _series(facts),
        _annexes(facts),
        *_totals(facts, given),
        _figures(figures),
        _dates(facts),
        _persons(facts, given),
        *_units(facts, given),
        _left_in_file(facts),
    ]


def fails(checks: Iterable[Check]) -> bool:
    """Whether one of them must be mended before the document goes up."""
    return any(check.result == "不通过" for check in checks)


def _present(facts: Facts) -> Check:
    parts = {"标题": facts.title, "主送": facts.addressee, "署名": facts.issuer,
             "成文日期": facts.date}  # fmt: skip
    lacking = [name for name, text in parts.items() if not text.strip()]
    told = [f"缺{'、'.join(lacking)}"] if lacking else ["标题、主送、署名、成文日期齐全"]
    return Check(
        "parts", "标题、主送、署名、成文日期", "不通过" if lacking else "通过", tuple(told)
    )


def _length(facts: Facts, given: Given) -> Check:
    over = facts.characters - given.most_characters
    told = f"{facts.characters}字，篇幅上限{given.most_characters}字"
    if over > 0:
        return Check("length", "正文篇幅", "提醒", (f"{told}，超过{over}字",))
    return Check("length", "正文篇幅", "通过", (told,))


def _phrases(given: Given) -> Check:
    what = "提法（对照提法表）"
    if given.phrases is None:
        return Check("phrases", what, "人工核对", ("未设提法表",))
    told = []
    for phrase in given.phrases:
        note = f"（{phrase.note}）" if phrase.note else ""
        told.append(
            f"“{phrase.found}”{_KINDS.get(phrase.kind, phrase.kind)}，规范提法为"
            f"“{phrase.approved}”{note}。原句：{_short(phrase.sentence, phrase.found)}"
        )
    return Check("phrases", what, "提醒" if told else "通过", tuple(told) or ("未见不规范提法",))


def _numbers(facts: Facts) -> Check:
    what = "标题序号连续"
    faults = numbering_faults(facts.passages)
    if facts.numbered:
        told = f"{facts.numbered}段用了自动编号，其序号不在文字中，请目视核对"
        return Check("numbering", what, "不通过" if faults else "人工核对", (*faults, told))
    return Check("numbering", what, "不通过" if faults else "通过", tuple(faults) or ("连续",))


def _series(facts: Facts) -> Check:
    faults = series_faults(facts.paragraphs)
    return Check("series", "文内“一是、二是”连续", "不通过" if faults else "通过",
                 tuple(faults) or ("连续",))  # fmt: skip


def _annexes(facts: Facts) -> Check:
    what = "附件说明与附件一致"
    listed = [_plain(title) for title in facts.annexes_listed]
    present = [_plain(title) for _, title in facts.annexes]
    if not listed and not present:
        return Check("annexes", what, "通过", ("无附件",))
    told = []
    if len(listed) != len(present):
        told.append(f"附件说明列{len(listed)}件，文后附{len(present)}件")
    told += [f"附件说明所列《{t}》，文后未附" for t in listed if t not in present]
    told += [f"文后所附《{t}》，附件说明未列" for t in present if t not in listed]
    if not told and listed != present:
        told.append("附件说明与附件的次序不同")
    numbers = [number for number, _ in facts.annexes]
    wanted = [str(n) for n in range(1, len(numbers) + 1)] if len(numbers) > 1 else [""]
    if not told and numbers != wanted and not (len(numbers) == 1 and numbers[0] in ("", "1")):
        told.append(
            f"附件序号为{'、'.join(n or '（无）' for n in numbers)}，应为{'、'.join(wanted)}"
        )
    fine = f"{len(present)}件，标题、次序一致"
    return Check("annexes", what, "不通过" if told else "通过", tuple(told) or (fine,))


def _plain(title: str) -> str:
    return "".join(title.split()).strip("《》")


def _totals(facts: Facts, given: Given) -> Iterator[Check]:
    """One line a table that holds numbers to add up."""
    for place, table in facts.tables:
        found = check_totals(place, table)
        what = f"合计：{place}" + (f"“{table.title}”" if table.title else "")
        match found.state:
            case "no numbers":
                continue
            case "no total":
                yield Check("totals", what, "人工核对", ("表内无合计行",))
            case "differs":
                told = tuple(_told_total(t) for t in found.totals if t.state == "differs")
                yield Check("totals", what, "不通过", told)
            case "rest":
                sure = _rest_is_known(found, given)
                told = tuple(_rests(found, given))
                yield Check("totals", what, "通过" if sure else "人工核对", told)
            case _:
                yield Check("totals", what, "通过", (_sums(found),))


def _told_total(total: Total) -> str:
    out = f"（另有{total.left_out}格非数字，未计）" if total.left_out else ""
    return (
        f"{total.row}·{total.column}：印为{plain(total.printed)}，各行相加为"
        f"{plain(total.computed)}{out}，相差{plain(total.rest)}"
    )


def _sums(found: TableTotals) -> str:
    rows = "、".join(dict.fromkeys(t.row for t in found.totals if t.state == "sum"))
    columns = len({t.column for t in found.totals if t.state == "sum"})
    out = max((t.left_out for t in found.totals), default=0)
    more = f"（非数字的格未计，至多一列{out}格）" if out else ""
    return f"{rows}：{columns}列均等于各行之和{more}"


def _rests(found: TableTotals, given: Given) -> Iterator[str]:
    """What sums do prove, and by how much the totals exceed the rows, for a person to confirm."""
    if any(total.state == "sum" for total in found.totals):
        yield _sums(found)
    rests = [total for total in found.totals if total.state == "rest"]
    shown = "、".join(f"{t.column}{plain(t.rest)}" for t in rests)
    if _rest_is_known(found, given):
        yield f"{rests[0].row}与各行之和的差等于{given.rest_of}各数：{shown}"
    else:
        yield f"{rests[0].row}多于各行之和，表注说明另含他项，差数请核：{shown}"


def _rest_is_known(found: TableTotals, given: Given) -> bool:
    """Whether the totals exceed the rows by just what the one that has no row reported."""
    rests = [total for total in found.totals if total.state == "rest"]
    known = {source.name: _amount(source.shown) for source in given.sources
             if source.of and source.of == given.rest_of}  # fmt: skip
    return all(known.get(column_name(total.column)) == total.rest for total in rests)


def _amount(shown: str) -> Decimal | None:
    """The number that a figure begins with: 16次 → 16."""
    return next((f.value for f in figures(shown) if not f.start), None)


def _figures(figures: Sequence[Origin]) -> Check:
    what = "文中数字有出处"
    by_state = {state: [each for each in figures if each.state == state] for state in _STATES}
    unknown, differing = by_state["unknown"], by_state["differs"]
    counts = {"出处明确": by_state["known"], "待认定": by_state["candidates"]
              + by_state["in a table"], "与指标不符": differing, "无出处": unknown}  # fmt: skip
    shown = "，".join(f"{name}{len(some)}个" for name, some in counts.items())
    told = [f"共{len(figures)}个：{shown}；逐个核对见后表"]
    for each in differing:
        source = each.sources[0]
        told.append(f"“{each.figure.text}”：{source.name}应为{source.shown}。原句："
                    f"{_short(each.figure.sentence, each.figure.text)}")  # fmt: skip
    by_sentence: dict[str, list[str]] = {}
    for each in unknown:
        by_sentence.setdefault(each.figure.sentence, []).append(f"“{each.figure.text}”")
    told += [f"{'、'.join(some)}不见于指标和本文各表。原句：{_short(sentence, some[0].strip('“”'))}"
             for sentence, some in by_sentence.items()]  # fmt: skip
    result: Result = "通过" if len(by_state["known"]) == len(figures) else "人工核对"
    return Check("figures", what, "提醒" if unknown or differing else result, tuple(told))


_STATES = ("known", "candidates", "in a table", "differs", "unknown")


def _dates(facts: Facts) -> Check:
    named = dates(facts)
    return Check("dates", "文中日期", "人工核对" if named else "通过",
                 ("、".join(named) if named else "正文未写日期",))  # fmt: skip


def _persons(facts: Facts, given: Given) -> Check:
    texts = [*_printed(facts)]
    told = [
        f"“{name}”。{where}：{_short(_around(text, name), name)}"
        for name in sorted(set(given.persons))
        for where, text in texts
        if name in text
    ]
    return Check("persons", "不出现个人姓名（对照中心组成员名单）", "不通过" if told else "通过",
                 tuple(told) or (f"对照{len(set(given.persons))}人，未见",))  # fmt: skip


def _units(facts: Facts, given: Given) -> Iterator[Check]:
    """Of the group's paper: its problems name no unit."""
    if not given.units:
        return
    what = "问题部分不点名"
    passages = [each for each in facts.passages if _PROBLEMS in each.section]
    if not passages:
        yield Check("units", what, "人工核对", ("未找到写问题的部分（标题含“问题”）",))
        return
    # 东岭矿业 within 东岭矿业有限公司 is told once.
    told = []
    for passage in passages:
        names = [name for name in set(given.units) if name in passage.text]
        for name in sorted(n for n in names if not any(n != o and n in o for o in names)):
            told.append(f"“{name}”。原句：{_short(_sentence_with(passage, name), name)}")
    yield Check("units", what, "不通过" if told else "通过", tuple(told) or ("未见单位名称",))


def _left_in_file(facts: Facts) -> Check:
    what = "文稿无修订、批注"
    counts = {"修订": facts.revisions, "批注": facts.comments}
    told = [f"{name}{n}处" for name, n in counts.items() if n]
    if told:
        shown = f"{'、'.join(told)}未处理；以上各项按接受修订后的文字核对"
        return Check("revisions", what, "提醒", (shown,))
    return Check("revisions", what, "通过", ("无",))


# ---------------------------------------------------------------- what is shown


def _printed(facts: Facts) -> Iterator[tuple[str, str]]:
    """Where and what: all text that the document prints."""
    yield from (("标题", facts.title), ("主送", facts.addressee))
    yield from (("正文", passage.text) for passage in facts.passages)
    for place, table in facts.tables:
        for row in table.rows:
            yield from ((f"{place}表格", cell) for cell in row)
        yield from ((f"{place}表注", note) for note in table.notes)


def _sentence_with(passage: Passage, name: str) -> str:
    return next((s for s in sentences(passage.text) if name in s), passage.text).strip()


def _around(text: str, name: str) -> str:
    return next((s for s in sentences(text) if name in s), text).strip()


def _short(text: str, about: str) -> str:
    """A sentence; of a long one what stands around the place that it is told for."""
    if len(text) <= _LONGEST:
        return text
    start = max(min(text.find(about) - _LONGEST // 2, len(text) - _LONGEST), 0)
    end = start + _LONGEST
    return "…" * (start > 0) + text[start:end] + "…" * (end < len(text))
