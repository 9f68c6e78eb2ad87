"""How units stand, and what is entered into the record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from reportkit.confirming.record import answered, changing, entered, on_paper, waived
from reportkit.confirming.reply import Point, Reply
from reportkit.confirming.standing import judged
from reportkit.errors import ParameterError, UsageError
from reportkit.params import Confirmations, confirmations_path, load_confirmations

NOW, BEFORE = "BCDF-GHJK-LMNP", "ZZZZ-ZZZZ-ZZZZ"
UNIT = "dongling"


def day(number: int) -> dt.date:
    """A day of January 2024."""
    return dt.date(2024, 1, number)


def reply(number: int, *texts: str, figures: str = NOW) -> Reply:
    """What a file of that day says: objections to 集体学习, or, without a text, nothing wrong."""
    return Reply(
        "objected" if texts else "confirmed", figures, signed_by="王芳", signed_on=day(number),
        points=tuple(Point("集体学习", text) for text in texts),
    )  # fmt: skip


def after(*replies: Reply) -> Confirmations:
    """The record with some files entered, one after the other."""
    record = Confirmations()
    for number, each in enumerate(replies):
        record, _ = entered(record, UNIT, each, f"{number}.docx", f"{number:016x}")
    return record


def state(record: Confirmations, version: str | None = NOW) -> str:
    """How dongling stands."""
    return judged(record, UNIT, version).state


def say(
    record: Confirmations, number: int, version: str | None = NOW, **more: Any
) -> Confirmations:
    """dongling-1 answered on a day."""
    return answered(record, "dongling-1", "已核", "李强", day(number), more.get("why"), version)


def test_nothing_is_on_record() -> None:
    """No answer: the issue waits."""
    found = judged(Confirmations(), UNIT, NOW)
    assert (found.state, found.reason, found.blocks) == ("none", "no answer", True)


def test_confirmed_until_the_figures_change() -> None:
    """The same figures: confirmed. Others, or none any more: outdated, and who had signed."""
    record = after(reply(5))
    found = judged(record, UNIT, NOW)
    assert (found.state, found.blocks) == ("confirmed", False)
    assert found.reason == "signed by 王芳 on 2024-01-05"
    for version in (BEFORE, None):
        found = judged(record, UNIT, version)
        assert (found.state, found.blocks) == ("outdated", True) and "王芳" in found.reason


def test_an_objection_blocks_until_it_is_answered() -> None:
    """Two were made: one answer is not enough; with both, the unit no longer holds things up."""
    record = after(reply(5, "应为21次", "漏计"))
    found = judged(record, UNIT, NOW)
    assert found.state == "objected" and "dongling-1" in found.reason
    record = say(record, 6)
    assert "dongling-1" not in judged(record, UNIT, NOW).reason
    assert state(record) == "objected"
    record = answered(record, "dongling-2", "已更正", "李强", day(6), "补计1次", NOW)
    found = judged(record, UNIT, NOW)
    assert (found.state, found.blocks) == ("confirmed", False)
    assert "answered" in found.reason and "not confirmed anew" in found.reason


def test_an_answered_objection_holds_for_the_figures_it_was_answered_on() -> None:
    """Figures that changed after the answer were seen by nobody."""
    assert state(say(after(reply(5, "应为21次")), 6), BEFORE) == "outdated"


def test_a_later_confirmation_settles_an_objection() -> None:
    """And an objection after a confirmation undoes it; the earlier answers stay on record."""
    assert state(after(reply(5, "应为21次"), reply(8))) == "confirmed"
    record = after(reply(5), reply(8, "应为21次"))
    assert state(record) == "objected"
    assert [each.signed_on for each in record.of(UNIT).answers] == [day(5), day(8)]
    # Read late, but signed before the confirmation.
    assert state(after(reply(8), reply(5, "应为21次"))) == "confirmed"


def test_repeated_after_a_confirmation_it_is_a_new_objection() -> None:
    """The same words as one that was settled: recorded again, or it would be lost."""
    record = after(reply(3, "应为21次"), reply(4), reply(6, "应为21次"))
    assert [each.id for each in record.objections] == ["dongling-1", "dongling-2"]
    assert state(record) == "objected"
    record = after(reply(3, "应为21次"), reply(6, "应为21次"))  # still open: once
    assert [each.id for each in record.objections] == ["dongling-1"]


def test_a_waiver() -> None:
    """For who does not answer, or whose confirmation is outdated; not for an open objection."""
    nobody = waived(Confirmations(), UNIT, "新设单位", "李强", day(7))
    found = judged(nobody, UNIT, NOW)
    assert (found.state, found.blocks) == ("waived", False) and "新设单位" in found.reason
    assert state(waived(after(reply(5)), UNIT, "来不及", "李强", day(7)), BEFORE) == "waived"
    assert state(waived(after(reply(5)), UNIT, "来不及", "李强", day(7))) == "confirmed"
    objected = waived(after(reply(5, "应为21次")), UNIT, "来不及", "李强", day(7))
    assert state(objected) == "objected"
    # An answer that came after the waiver is heard.
    assert state(waived(after(reply(9)), UNIT, "来不及", "李强", day(7)), BEFORE) == "outdated"


def test_the_same_file_is_entered_once() -> None:
    """Reading the folder again changes nothing."""
    record = after(reply(5, "应为21次"))
    again, new = entered(record, UNIT, reply(5, "应为21次"), "other name.docx", f"{0:016x}")
    assert again is record and new == ()
    paper = on_paper(record, UNIT, "王芳", day(6), NOW)
    assert on_paper(paper, UNIT, "王芳", day(6), NOW) is paper


def test_answers_that_cannot_be() -> None:
    """No such objection, answered already, before it came."""
    record = after(reply(5, "应为21次"))
    with pytest.raises(UsageError, match="no objection"):
        answered(record, "x-1", "已核", "李强", day(6), None, NOW)
    with pytest.raises(UsageError, match="before"):
        say(record, 4)
    with pytest.raises(UsageError, match="answered on"):
        say(say(record, 6), 7)


# --- the file --------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workbook with one unit."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "units.yml").write_text(
        "group_name: 岱川集团\ngroup_short_name: 岱川\nunits:\n  - {unit_id: dongling, "
        "name: 东岭公司, short_name: 东岭, order: 1, mask_label: A, valid_from: 2010-01-01}\n",
        encoding="utf-8",
    )
    return tmp_path


def enter(home: Path, record: Confirmations) -> str:
    """The file, once a record is in it."""
    with changing(home, 2023) as book:
        book.record = record
    return confirmations_path(home, 2023).read_text(encoding="utf-8")


def test_it_is_written_and_read_back(home: Path) -> None:
    """With a head that explains it; nothing changed, nothing written."""
    with changing(home, 2023):
        pass
    assert not confirmations_path(home, 2023).exists()
    record = say(after(reply(5, "应为21次：“含”联学 # 1")), 6, why="补计")
    text = enter(home, record)
    assert text.startswith("# 数据确认单") and load_confirmations(home, 2023) == record


def test_what_a_person_wrote_stays(home: Path) -> None:
    """Comments, order, quotation marks, line ends of Windows."""
    enter(home, after(reply(5)))
    path = confirmations_path(home, 2023)
    text = path.read_text(encoding="utf-8") + "# 电话核过\n"
    text = text.replace("    answers:", '    sent_on: "2023-12-28"  # 专人送达\n    answers:')
    path.write_bytes(text.replace("\n", "\r\n").encode())
    with changing(home, 2023) as book:
        book.record = waived(book.record, UNIT, "新设单位", "李强", day(7))
    now = path.read_bytes().decode()
    assert now.count("\n") == now.count("\r\n")
    assert '    sent_on: "2023-12-28"  # 专人送达\r\n' in now and now.endswith("# 电话核过\r\n")
    assert load_confirmations(home, 2023).of(UNIT).waived_by == "李强"


def test_yaml_that_cannot_be_changed_in_place(home: Path) -> None:
    """An anchor: refused, and the file as it was."""
    path = confirmations_path(home, 2023)
    path.parent.mkdir()
    text = (
        "objections:\n- &a {id: a, unit: dongling, about: x, text: y, received_on: 2024-01-05}\n"
        "- <<: *a\n  id: b\n"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match="in place"), changing(home, 2023) as book:
        book.record = answered(book.record, "a", "已核", "李强", day(6), None, NOW)
    assert path.read_text(encoding="utf-8") == text


def test_an_error_leaves_the_file_alone(home: Path) -> None:
    """What fails half-way is not half written."""
    text = enter(home, after(reply(5)))
    with pytest.raises(UsageError), changing(home, 2023) as book:
        book.record = waived(book.record, UNIT, "新设单位", "李强", day(7))
        answered(book.record, "x-1", "已核", "李强", day(6), None, NOW)
    assert confirmations_path(home, 2023).read_text(encoding="utf-8") == text
