"""All that a circular shows, as blocks and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportkit import clauses, paragraph, when
from reportkit.circular import GroupCircular, UnitCircular
from reportkit.display import Block, Blocks, block_text

COMPARED = ("M1", "M2", "M3", "M4", "M4b", "M5", "M7b", "M8", "M9a", "M9b", "M10a", "M11", "M14")
ANNEX = ("M1", "M2", "M2s", "M3", "M3d", "M6d")


def flat(parts: Iterable[Block | Blocks]) -> Iterator[Block]:
    """Blocks one by one."""
    for part in parts:
        yield from part if isinstance(part, Blocks) else [part]


def unit_blocks(r: UnitCircular, *, charts: bool = True) -> list[Block]:
    """What the notebook of a unit shows, cell by cell."""
    m = r.indicators
    shown: list[Block | Blocks] = [
        r.letterhead(),
        paragraph(r.text("依据")),
        paragraph(r.text("一"), clauses(
            when(m.sessions, f"全年组织集体学习{m.sessions}次，{m.sessions.change}"),
            when(m.discussions, f"开展研讨交流{m.discussions}场次，研讨发言{m.speakers}人次"),
            when(m.reading_classes, f"举办专题读书班{m.reading_classes}期，共{m.reading_days}天"),
            when(m.attendance, f"班子成员年度平均参学率{m.attendance}，{m.attendance.change}"),
            when(m.mandatory_topics, f"必学专题覆盖率{m.mandatory_topics}"),
            when(m.reports, f"一学一报率{m.reports}，其中按时报送{m.reports_on_time}"),
            when(m.accounts, f"述学率{m.accounts}"),
        )),
        r.comparison_table(*COMPARED),
        r.data_notes(),
        r.practices(),
        r.findings(),
        r.requirements(),
        r.rectification_table(),
        r.objection(),
        r.signature(),
    ]  # fmt: skip
    if charts:
        shown += [r.peers_chart(), r.calendar_chart()]
    return list(flat(shown))


def group_blocks(g: GroupCircular) -> list[Block]:
    """What the notebook of the group shows, cell by cell."""
    m = g.totals
    return list(flat([
        g.letterhead(),
        paragraph(g.text("依据")),
        paragraph(g.text("一"), "全年，两级党委中心组共", clauses(
            when(m.sessions, f"组织集体学习{m.sessions}次"),
            when(m.discussions, f"开展学习研讨交流{m.discussions}场次"),
            when(m.reading_classes, f"举办专题读书班{m.reading_classes}期{g.unreported()}"),
        )),
        g.practices(),
        g.findings(),
        g.requirements(),
        g.annex_list(),
        g.signature(),
        g.annexes(ANNEX),
    ]))  # fmt: skip


def text_of(blocks: Iterable[Block | Blocks]) -> str:
    """Everything that prints, a block a line."""
    return "\n".join(block_text(block.kind, block.fields) for block in flat(blocks))
