"""学习计划 and 计划内容 of one unit."""

from __future__ import annotations

from reportkit.records.checks.context import Context, columns
from reportkit.records.checks.entry import Entry
from reportkit.records.checks.keyed import Keyed, once_each
from reportkit.records.checks.records import Record
from reportkit.records.issues import shown
from reportkit.text.normalising import bare

_PLANS = Keyed(
    "plans",
    key=lambda entry: entry.values["period"],
    label=lambda entry: f"期间 {entry.values['period']}",
    cell="period",
    compare=("approved_on", "filed_on"),
    prefilled=True,
    late=("approved_on", "filed_on"),
)
_ITEMS = Keyed(
    "plan_items",
    key=lambda entry: (bare(entry.values["title"]), entry.values["due_period"]),
    label=lambda entry: f"“{shown(entry.values['title'])}”",
    cell="number",
    compare=("topic_code",),
    numbered=True,
    prefilled=True,
)


def check_plans(context: Context) -> list[Record]:
    """The rows of ``plans``: one for each period."""
    files = [
        [entry for entry in entries if _plan_fits(context, entry)]
        for entries in context.entries("plans")
    ]
    rows = []
    for entry in once_each(context, _PLANS, files):
        record: Record = {
            "unit_id": context.unit_id,
            **columns(entry, "level", "period", "approved_on", "filed_on"),
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("plans", record, entry)
    return rows


def _plan_fits(context: Context, entry: Entry) -> bool:
    level, period, year = entry.values["level"], entry.values["period"], context.params.year
    meant = "季" if "Q" in period else "月" if "-" in period else "年"
    return (meant == level and period.startswith(f"{year}")) or context.admits(
        entry, "plans", "plan_period", "period", f"{level}度计划，期间 {period}",
        f"{year}年内、与计划级次一致的期间",
    )  # fmt: skip


def check_plan_items(context: Context) -> tuple[list[Record], list[Entry]]:
    """The rows of ``plan_items``, and their entries, which know their number in each file."""
    files = [
        [entry for entry in entries if _item_fits(context, entry)]
        for entries in context.entries("plan_items")
    ]
    entries = context.files.give_ids(once_each(context, _ITEMS, files), context.unit_id)
    rows = []
    for entry in entries:
        codes = entry.values["topic_code"]
        record: Record = {
            "item_id": entry.id,
            "unit_id": context.unit_id,
            "topic_code": codes[0] if codes else None,
            **columns(entry, "title", "due_period"),
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("plan_items", record, entry)
    return rows, entries


def _item_fits(context: Context, entry: Entry) -> bool:
    period, year = entry.values["due_period"], context.params.year
    if not (period.startswith(f"{year}") and len(period) >= 6) and not context.admits(
        entry, "plan_items", "plan_period", "due_period", f"计划完成时间 {period}",
        f"{year}年的某月或某季度",
    ):  # fmt: skip
        return False
    codes = known_topics(context, entry, "topic_code")
    if len(codes) > 1:
        entry.lose("topic", "topic_code", f"{len(codes)}个专题编号（{'、'.join(codes[:5])}）",
                   "每项计划一个专题编号", "该项按未报处理；请分成几项计划填写")  # fmt: skip
    else:
        entry.values["topic_code"] = codes or None
    return True


def known_topics(context: Context, entry: Entry, name: str) -> tuple[str, ...]:
    """The topic codes of a cell that the year's parameters know; the others are refused."""
    known = {topic.code for topic in context.params.topics}
    codes: tuple[str, ...] = entry.values.get(name) or ()
    unknown = [code for code in codes if code not in known]
    if unknown:
        entry.issue("topic", name, f"专题编号 {shown('、'.join(unknown))}",
                    f"{context.params.year}年专题清单中的编号",
                    "所列编号未采用，同格其余编号照常采用；请按专题清单更正")  # fmt: skip
    return tuple(dict.fromkeys(code for code in codes if code in known))
