"""Checking one unit's sheets: which of their rows may enter the tables.

What cannot be for sure is refused with its cell; a refused optional cell leaves an empty
value in a row that stays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportkit.params import Unit, YearParams
from reportkit.records.attendance import AttendanceReader, Held, Record
from reportkit.records.issues import Log, shown
from reportkit.records.reading import Row, Table
from reportkit.records.roster import Roster, build_roster
from reportkit.records.workbook import refusal

UNIT_TABLES = (
    "members", "plans", "plan_items", "sessions", "session_topics", "attendance", "speeches",
    "session_reports", "accounts", "practices",
)  # fmt: skip
"""The tables that a unit's workbook fills."""


_TELEPHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def _names(text: str, person: str) -> bool:
    """Whether a text names a person; two characters alone may be a word, a title tells."""
    if len(person) > 2:
        return person in text
    return (
        re.search(re.escape(person) + "(?:同志|书记|董事长|总经理|经理|主任|部长|主席)", text)
        is not None
    )


@dataclass
class UnitRecords:
    """What one submission brings to the tables."""

    unit_id: str
    file: str
    rows: dict[str, list[Record]] = field(default_factory=dict)
    states: dict[str, tuple[str, int]] = field(default_factory=dict)
    """table → (state, rows refused)."""


class UnitChecker:
    """Turns one unit's sheets into rows of the tables."""

    def __init__(
        self, unit: Unit, params: YearParams, file: str, tables: Mapping[str, Table], log: Log
    ) -> None:
        self._unit = unit
        self._params = params
        self._file = file
        self._tables = tables
        self._log = log
        self._topics = {topic.code for topic in params.topics}

    def check(self) -> UnitRecords:
        """All tables of the unit.

        Raises
        ------
        SubmissionError
            If 成员名单 or 学习情况 has no row that can be read although some were filled in.
        """
        tables = self._tables
        roster = build_roster(tables["members"], self._unit.unit_id, self._log)
        rows: dict[str, list[Record]] = {"members": self._members(roster)}
        rows["plans"] = self._plans()
        rows["plan_items"] = self._plan_items()
        held, rows["sessions"], rows["session_topics"] = self._sessions(roster, rows["plan_items"])
        reader = AttendanceReader(
            roster, self._params.metrics.attendance.roles, self._file, tables["sessions"], self._log
        )
        rows["attendance"] = reader.expand(held, tables["sign_in"])
        reader.add_makeups(rows["attendance"], tables["makeups"], held)
        rows["speeches"] = self._speeches(roster, held)
        rows["session_reports"] = self._reports(held)
        rows["accounts"] = self._accounts(roster)
        rows["practices"] = self._practices(roster)
        return UnitRecords(self._unit.unit_id, self._file, rows, self._states(rows))

    def _states(self, rows: Mapping[str, list[Record]]) -> dict[str, tuple[str, int]]:
        states: dict[str, tuple[str, int]] = {}
        for name in UNIT_TABLES:
            table = self._tables.get(name)
            if table is not None:
                refused = table.refused
                if name == "members" and not rows[name] and refused:
                    raise refusal(
                        "“成员名单”没有一行可用", "至少一名成员", "按所列问题更正后重新报送"
                    )
                states[name] = (table.state, refused)
                continue
            parts = ("sign_in", "makeups") if name == "attendance" else ()
            refused = sum(self._tables[part].refused for part in parts)
            state = "已报" if rows[name] else self._tables["sessions"].state
            if name in ("attendance", "session_reports") and not rows[name] and state == "已报":
                state = "未报"
            states[name] = (state, refused)
        return states

    # --- helpers ---

    def _source(self, table: Table, row: Row | int) -> Record:
        number = row if isinstance(row, int) else row.number
        return {"source_file": self._file, "source_sheet": table.title, "source_row": number}

    def _refuse_row(self, table: Table, row: Row, name: str, found: str, expected: str) -> None:
        self._log.add("refused", "check", found, expected, "该行未采用，请更正后重新报送",
                      sheet=table.title, cell=row.cell(name))  # fmt: skip
        table.refused += 1

    def _refuse_cell(self, table: Table, row: Row, name: str, found: str, expected: str) -> None:
        self._log.add("refused", "check", found, expected, "该项按未报处理，其余照常采用",
                      sheet=table.title, cell=row.cell(name))  # fmt: skip
        row.values[name] = None
        row.refused.add(name)

    def _once(
        self, table: Table, row: Row, name: str, first: int | None, same: bool, what: str
    ) -> bool:
        """Whether a row may enter; a repetition is counted once, a contradiction refused."""
        if first is None:
            return True
        if same:
            self._log.add(
                "corrected",
                "duplicate",
                f"第{row.number}行与第{first}行重复（{what}）",
                "每项一行",
                "只计一次",
                sheet=table.title,
                cell=row.cell(name),
            )
        else:
            self._refuse_row(table, row, name, f"{what}在第{first}行已有，内容不同", "不重复的一行")
        return False

    # --- members, plans, practices ---

    def _members(self, roster: Roster) -> list[Record]:
        return [
            {
                "unit_id": self._unit.unit_id,
                "person_id": term.person_id,
                "name": term.name,
                "role": term.role,
                "in_leadership": term.in_leadership,
                "party_affairs_head": term.party_affairs_head,
                "from": term.first,
                "to": term.last,
                **self._source(self._tables["members"], term.row),
            }
            for term in roster.terms
        ]

    def _plans(self) -> list[Record]:
        table, rows, seen = self._tables["plans"], [], dict[str, tuple[int, Any]]()
        for row in table.rows:
            values = row.values
            level = "季" if "Q" in values["period"] else "月" if "-" in values["period"] else "年"
            if level != values["level"] or not values["period"].startswith(f"{self._params.year}"):
                self._refuse_row(
                    table,
                    row,
                    "period",
                    f"{values['level']}度计划，期间 {values['period']}",
                    f"{self._params.year}年内、与计划级次一致的期间",
                )
                continue
            content = (values["approved_on"], values["filed_on"])
            first, same = seen.get(values["period"], (None, None))
            if self._once(table, row, "period", first, same == content, f"期间 {values['period']}"):
                seen[values["period"]] = (row.number, content)
                names = ("level", "period", "approved_on", "filed_on")
                rows.append({"unit_id": self._unit.unit_id, **{n: values[n] for n in names},
                             **self._source(table, row)})  # fmt: skip
        return rows

    def _plan_items(self) -> list[Record]:
        table, rows, seen = self._tables["plan_items"], [], dict[str, tuple[int, Any]]()
        for row in table.rows:
            values = row.values
            period = values["due_period"]
            if not period.startswith(f"{self._params.year}") or len(period) < 6:
                self._refuse_row(table, row, "due_period", f"计划完成时间 {period}",
                                 f"{self._params.year}年的某月或某季度")  # fmt: skip
                continue
            codes = self._known_topics(table, row, "topic_code")
            if len(codes) > 1:
                self._refuse_cell(
                    table, row, "topic_code", f"{len(codes)}个专题编号", "每项计划一个专题编号"
                )
                codes = ()
            content = (values["title"], period, codes)
            first, same = seen.get(values["number"], (None, None))
            if self._once(table, row, "number", first, same == content, f"序号 {values['number']}"):
                seen[values["number"]] = (row.number, content)
                rows.append({
                    "item_id": f"{self._unit.unit_id}/{values['number']}",
                    "unit_id": self._unit.unit_id,
                    "topic_code": codes[0] if codes else None,
                    "title": values["title"],
                    "due_period": period,
                    **self._source(table, row),
                })  # fmt: skip
        return rows

    def _known_topics(self, table: Table, row: Row, name: str) -> tuple[str, ...]:
        codes: tuple[str, ...] = row.values[name] or ()
        unknown = [code for code in codes if code not in self._topics]
        if unknown:
            self._log.add("refused", "topic", f"专题编号 {shown('、'.join(unknown))}",
                          f"{self._params.year}年参数中的专题编号",
                          "所列编号未采用，同格其余编号照常采用",
                          sheet=table.title, cell=row.cell(name))  # fmt: skip
        return tuple(code for code in codes if code in self._topics)

    def _practices(self, roster: Roster) -> list[Record]:
        table, rows, seen = self._tables["practices"], [], dict[str, tuple[int, Any]]()
        for row in table.rows:
            values = row.values
            if not self._impersonal(table, row, roster):
                continue
            first, same = seen.get(values["number"], (None, None))
            content = (values["name"], values["what"])
            if self._once(table, row, "number", first, same == content, f"序号 {values['number']}"):
                seen[values["number"]] = (row.number, content)
                rows.append({
                    "practice_id": f"{self._unit.unit_id}/{values['number']}",
                    "unit_id": self._unit.unit_id,
                    **{n: values[n] for n in ("kind", "name", "what", "outcome")},
                    **self._source(table, row),
                })  # fmt: skip
        return rows

    def _impersonal(self, table: Table, row: Row, roster: Roster) -> bool:
        """Whether a practice names no member and no telephone: it is quoted in circulars."""
        for column in ("name", "what", "outcome"):
            text = str(row.values[column] or "")
            person = next((t.name for t in roster.terms if _names(text, t.name)), None)
            if person or _TELEPHONE.search(text):
                found = f"写有成员姓名“{person}”" if person else "写有手机号码"
                self._refuse_row(table, row, column, found, "不写个人姓名和电话，可写职务")
                return False
        return True

    def _accounts(self, roster: Roster) -> list[Record]:
        table, rows, seen = self._tables["accounts"], [], dict[str, tuple[int, Any]]()
        first_day, year = self._params.first_day, self._params.year
        for row in table.rows:
            values = row.values
            person, why = roster.find(values["name"], first_day, dt.date(year, 12, 31))
            if person is None:
                self._refuse_row(table, row, "name", why, "本年度成员名单中的一个人")
                continue
            day = values["date"]
            if day is not None and not first_day <= day <= dt.date(year + 1, 6, 30):
                self._refuse_cell(
                    table, row, "date", f"述学日期 {day}", f"{year}年内，至迟次年6月底"
                )
            content = (values["date"], values["rating"])
            first, same = seen.get(person, (None, None))
            if self._once(table, row, "name", first, same == content, f"“{values['name']}”"):
                seen[person] = (row.number, content)
                rows.append({"unit_id": self._unit.unit_id, "person_id": person, "year": year,
                             "date": values["date"], "rating": values["rating"],
                             **self._source(table, row)})  # fmt: skip
        return rows

    # --- sessions and what hangs on them ---

    def _sessions(
        self, roster: Roster, plan_items: Sequence[Record]
    ) -> tuple[list[Held], list[Record], list[Record]]:
        table = self._tables["sessions"]
        items = {item["item_id"] for item in plan_items}
        held: list[Held] = []
        sessions: list[Record] = []
        topics: list[Record] = []
        numbers: dict[str, int] = {}
        contents: dict[Any, int] = {}
        for row in table.rows:
            if not self._dates_fit(table, row):
                continue
            values = row.values
            content = (values["start"], values["end"], values["title"], values["host"])
            repeated = contents.get(content)
            if not self._once(table, row, "number", repeated, True, "日期、主题、主持人相同"):
                continue
            first = numbers.get(values["number"])
            if not self._once(table, row, "number", first, False, f"序号 {values['number']}"):
                continue
            numbers[values["number"]] = contents[content] = row.number
            record = self._session(table, row, roster, items)
            sessions.append(record)
            topics += [
                {"session_id": record["session_id"], "unit_id": self._unit.unit_id, "topic_code": c}
                for c in self._known_topics(table, row, "topics")
            ]
            if not record["cancelled"]:
                held.append(Held(record, row))
        return held, sessions, topics

    def _dates_fit(self, table: Table, row: Row) -> bool:
        values, unit, year = row.values, self._unit, self._params.year
        values["end"] = values["end"] or values["start"]
        if values["end"] < values["start"]:
            self._refuse_row(
                table,
                row,
                "end",
                f"结束日期 {values['end']} 早于开始日期 {values['start']}",
                "不早于开始日期",
            )
            return False
        for name, what in (("start", "开始日期"), ("end", "结束日期")):
            day = values[name]
            column = name if name in row.columns else "start"
            if day.year != year:
                self._refuse_row(table, row, column, f"{what} {day}", f"{year}年内的日期")
                return False
            if not unit.in_being_on(day):
                until = f"至 {unit.valid_to}" if unit.valid_to else "起"
                self._refuse_row(table, row, column, f"{what} {day}",
                                 f"本单位存续期内的日期（{unit.valid_from} {until}）")  # fmt: skip
                return False
        return True

    def _session(self, table: Table, row: Row, roster: Roster, items: Iterable[str]) -> Record:
        values, unit_id = row.values, self._unit.unit_id
        expected, present = values["expected"], values["present"]
        if expected is not None and present is not None and present > expected:
            for name in ("expected", "present"):
                self._refuse_cell(
                    table, row, name, f"应到{expected}人，实到{present}人", "实到不大于应到"
                )
        host = None
        if values["host"] is not None:
            host, why = roster.find(values["host"], values["start"], values["end"])
            if host is None:
                self._refuse_cell(table, row, "host", why, "学习当日成员名单中的一个人")
        item = f"{unit_id}/{values['plan_item']}" if values["plan_item"] else None
        if item is not None and item not in items:
            self._refuse_cell(table, row, "plan_item", f"计划内容序号 {values['plan_item']}",
                              "“计划内容”中的序号")  # fmt: skip
            item = None
        most = 24 * ((values["end"] - values["start"]).days + 1)
        if values["hours"] is not None and values["hours"] > most:
            self._refuse_cell(table, row, "hours", f"学时 {values['hours']:g}", f"不超过{most}小时")
        names = ("start", "end", "hours", "kind", "counted_as", "form", "title", "enlarged",
                 "joint_id")  # fmt: skip
        return {
            "session_id": f"{unit_id}/{values['number']}",
            "unit_id": unit_id,
            **{name: values[name] for name in names},
            "host_id": host,
            "plan_item": item,
            "ad_hoc_basis": values["ad_hoc_basis"],
            "cancelled": bool(values["cancelled"]),
            "expected": values["expected"],
            "present": values["present"],
            **self._source(table, row),
        }

    def _speeches(self, roster: Roster, held: Sequence[Held]) -> list[Record]:
        table, rows = self._tables["speeches"], list[Record]()
        sessions = {session.row.values["number"]: session.record for session in held}
        seen: dict[tuple[str, str, int], tuple[int, Any]] = {}
        count: dict[str, int] = {}
        for row in table.rows:
            values = row.values
            session = sessions.get(values["session"])
            if session is None:
                self._refuse_row(table, row, "session", f"学习序号 {values['session']}",
                                 "“学习情况”中已举办的一次学习")  # fmt: skip
                continue
            person, why = roster.find(values["name"], session["start"], session["end"])
            if person is None:
                self._refuse_row(table, row, "name", why, "学习当日成员名单中的一个人")
                continue
            session_id = session["session_id"]
            count[session_id] = count.get(session_id, 0) + 1
            seq = values["seq"] if values["seq"] is not None else count[session_id]
            content = (values["type"], values["has_paper"])
            first, same = seen.get((session_id, person, seq), (None, None))
            what = f"学习序号 {values['session']}、“{values['name']}”、顺序 {seq}"
            if self._once(table, row, "name", first, same == content, what):
                seen[session_id, person, seq] = (row.number, content)
                rows.append(
                    {
                        "session_id": session_id,
                        "unit_id": self._unit.unit_id,
                        "person_id": person,
                        "seq": seq,
                        "type": values["type"],
                        "has_paper": values["has_paper"],
                        **self._source(table, row),
                    }
                )
        return rows

    def _reports(self, held: Sequence[Held]) -> list[Record]:
        """一学一报: a row for each session held; none if the column is blank throughout (未报)."""
        table = self._tables["sessions"]
        days = dt.timedelta(days=self._params.metrics.report_days)
        for session in held:
            received = session.row.values["received_on"]
            if received is not None and received < session.record["start"]:
                self._refuse_cell(table, session.row, "received_on",
                                  f"报告报送日期 {received} 早于学习日期 {session.record['start']}",
                                  "不早于学习日期")  # fmt: skip
        if not any(
            session.row.values["received_on"] is not None
            or "received_on" in session.row.stated_none
            or "received_on" in session.row.refused
            for session in held
        ):
            return []
        return [
            {
                "session_id": session.record["session_id"],
                "unit_id": self._unit.unit_id,
                "due_on": session.record["end"] + days,
                "received_on": session.row.values["received_on"],
                "times_returned": session.row.values["times_returned"],
                **self._source(table, session.row),
            }
            for session in held
        ]
