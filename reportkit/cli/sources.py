"""What a document's figures may come from: indicators, and sentences worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from reportkit.params import GROUP_DOCUMENT
from reportkit.sheets.given import Source
from reportkit.text.figures import figures

if TYPE_CHECKING:
    from reportkit.batch.contract import Document
    from reportkit.cli.workbook import StudyWorkbook
    from reportkit.metrics.indicator import Indicator

_SENTENCES = {
    "findings": "问题规则", "follow_up": "上年问题整改", "data_notes": "数据说明",
    "not_due": "未到期指标", "reminders": "提醒事项", "coming": "到期专题",
}  # fmt: skip
"""What of a circular tells figures that are no indicator's, and what to call them."""


def circular_of(workbook: StudyWorkbook, document: Document) -> Any:
    """The unit's or the group's year, as the document's notebook opens it."""
    from reportkit.circular import open_group, open_unit

    if document.unit == GROUP_DOCUMENT:
        return open_group(document.year, document.period, home=workbook.home)
    return open_unit(document.unit, document.year, document.period, home=workbook.home)


def sources_of(workbook: StudyWorkbook, document: Document, circular: Any) -> list[Source]:
    """All figures that the document's may come from, those of 集团本级 for the group's totals."""
    group = document.unit == GROUP_DOCUMENT
    own = circular.totals if group else circular.indicators
    found = [source for one in own for source in _of_indicator(one)]
    if group:
        for unit in head_offices(workbook, document.year):
            indicators = circular.annual.of_unit(unit.unit_id)
            found += [s for one in indicators for s in _of_indicator(one, unit.short_name)]
        found += of_text("未报送单位", circular.unreported())
    for name, label in _SENTENCES.items():
        if (told := getattr(circular, name, None)) is not None:
            for text in _texts(told()):
                found += of_text(label, text)
    return list(dict.fromkeys(found))


def head_offices(workbook: StudyWorkbook, year: int) -> list[Any]:
    """集团本级: counted in the group's totals, with no row of its own."""
    return [unit for unit in workbook.units.in_year(year) if unit.level == "group"]


def _of_indicator(one: Indicator, of: str = "") -> Iterator[Source]:
    """Its value, and what a text may tell beside it: the change, what was left out, what lacks."""
    name, than = one.metric.name, one.last.than
    if one.reported:
        yield Source(name, one.told(one.value), one.parts, of)
        for shown in _numbers(one.change):
            yield _beside(one, f"比{than}", shown, of, f"比{than}", f"与{than}", f"较{than}")
    if one.last.value is not None:
        yield _beside(one, than, one.told(one.last.value), of, f"{than}为", f"（{than}")
    for why, amount in one.left_out:
        for shown in _numbers(why.replace("{}", str(amount))):
            yield _beside(one, "未计入", shown, of, "未计入", "不含")
    if one.missing and one.metric.lacks:
        shown = f"{len(one.missing)}{one.metric.lacks}"
        yield _beside(one, "缺项", shown, of, "未", "缺")


def _beside(one: Indicator, what: str, shown: str, of: str, *cues: str) -> Source:
    name = one.metric.name
    return Source(f"{name}：{what}", shown, "", of, name, "aside", cues)


def of_text(name: str, text: str) -> list[Source]:
    """The figures of a sentence worked out from the records, each with the words before it."""
    found = []
    for figure in figures(text):
        clause = figure.clause.partition(figure.text)[0].strip()
        if figure.kind == "figure" and clause:
            found.append(Source(name, figure.text, words=clause, kind="sentence"))
    return found


def _numbers(text: str) -> list[str]:
    return [figure.text for figure in figures(text) if figure.kind == "figure"]


def _texts(told: Any) -> Iterable[str]:
    """The text of a block or of several; what is no text has none."""
    blocks = [told] if hasattr(told, "fields") else list(told)
    return [text for block in blocks if (text := block.fields.get("text"))]
