"""What all units seem to have got wrong at once: the office looks at its own parameters first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportkit.params import YearParams
from reportkit.records.checks import UnitRecords
from reportkit.records.codes import OFFICE_FIRST, catalogue
from reportkit.records.importing.files import FileRead
from reportkit.records.issues import Log

FEWEST = 3
"""Of fewer units what they have in common may be chance."""

_PARAMETERS = {
    "topic": "topics（专题编号）",
    "outside_unit_years": "units.yml 的 valid_from、valid_to",
    "unit_name": "units.yml 的 name、short_name、aliases",
}
"""What in the parameters makes all cells of a code wrong."""


def office_causes(
    files: Sequence[FileRead], records: Mapping[str, UnitRecords], params: YearParams
) -> Log | None:
    """The issues that are the office's before they are the units'; None if there are none.

    What was refused of every unit for the same reason, and mandatory topics that no unit learnt.
    """
    name = f"params/{params.year}.yml"
    log = Log(name)
    refused: dict[tuple[str, str], set[str]] = {}
    senders = set()
    for result in files:
        if result.log.file.startswith("submissions/") and result.report.state in _READ:
            sender = result.report.unit_id or result.log.file
            senders.add(sender)
            for issue in result.log.issues:
                if issue.severity == "refused":
                    refused.setdefault((issue.code, issue.expected), set()).add(sender)
    if len(senders) >= FEWEST:
        for (code, expected), units in sorted(refused.items()):
            if units == senders:
                title = catalogue()[code].title
                found = f"{len(units)}家单位全部有同一类退回：{title}（应填{expected}）"
                wanted = f"与各单位所填一致的 {_PARAMETERS.get(code, '参数和报送表')}"
                log.add(OFFICE_FIRST, found, wanted, key=f"{code} {expected}")
    learnt = {row["topic_code"] for part in records.values()
              for row in part.rows.get("session_topics", ())}  # fmt: skip
    due = [t.code for t in params.mandatory_topics if t.learn_by <= params.cutoff]
    missed = [code for code in due if code not in learnt]
    if missed and len(records) >= FEWEST:
        log.add(OFFICE_FIRST, f"{len(records)}家单位全部没有学习必学专题 {'、'.join(missed)}",
                "与各单位所填一致的 topics（专题编号）", key="topics")  # fmt: skip
    return log if log.issues else None


_READ = ("accepted", "partly", "refused")
