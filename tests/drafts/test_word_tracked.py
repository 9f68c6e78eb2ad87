"""Tracked changes: what is accepted, what is rejected, and who did what."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from word_support import (
    BY,
    dele,
    ins,
    lines,
    marked,
    p,
    r,
    read,
    rejected,
    row,
    table,
    texts,
    tracked,
)

from reportkit.word.model import Change

WHO = ("张三", "2024-01-09T10:00:00Z")
STATES = ("", "ins", "del", "ins del", "moveFrom", "moveTo", "moveTo del", "ins moveFrom")


def test_insertions_and_deletions_of_runs() -> None:
    """12次 became 15次: both are told with author and date, and the text reads as accepted."""
    (line,) = lines(p("共", dele("12"), ins(r("15")), "次"))
    assert (line.text, line.before) == ("共15次", "共12次")
    assert line.changes == (Change("delete", "12", *WHO), Change("insert", "15", *WHO))


def test_what_was_inserted_by_one_and_deleted_by_another_is_in_neither() -> None:
    """A deletion within an insertion: in neither text; both changes are told."""
    other = '<w:del w:id="9" w:author="李四" w:date="2024-01-10T08:00:00Z">{}</w:del>'
    (line,) = lines(p("甲", ins(r("乙") + other.format(r("丙", deleted=True)))))
    assert (line.text, line.before) == ("甲乙", "甲")
    assert line.changes == (
        Change("insert", "乙丙", *WHO),
        Change("delete", "丙", "李四", "2024-01-10T08:00:00Z"),
    )


def test_a_change_cut_into_runs_is_one() -> None:
    """Programs cut a change at each digit; text that adjoins by one hand at one time is one."""
    (line,) = lines(p(dele("12"), dele("次"), ins(r("13")), ins(r("次")), "，", ins(r("又"))))
    assert [(c.kind, c.text) for c in line.changes] == [
        ("delete", "12次"), ("insert", "13次"), ("insert", "又")]  # fmt: skip


def test_a_paragraph_that_is_deleted_whole() -> None:
    """It is no line any more; what follows is as if nothing had been; its text is told apart."""
    edited = read(p("甲") + p(dele("乙"), mark="del") + p("丙", style="x"))
    assert texts(edited) == ["甲", "丙"]
    assert not any(line.changes for line in edited.lines)
    (gone,) = edited.gone
    assert (gone.at, gone.line.before, gone.line.text) == (1, "乙", "")
    assert gone.line.changes == (Change("delete", "乙\n", *WHO),)


def test_the_last_paragraph_deleted_by_the_mark_of_the_one_before() -> None:
    """Who deletes from the end of 甲 to the end of 乙 leaves 甲 as it was."""
    edited = read(p("甲", mark="del") + p(dele("乙")))
    assert texts(edited) == ["甲"] and edited.lines[0].before == "甲"
    assert edited.lines[0].changes == ()
    assert [(g.at, g.line.before) for g in edited.gone] == [(1, "乙")]


def test_two_paragraphs_made_one() -> None:
    """A deleted mark joins; rejected, the two stand apart again."""
    edited = read(p("甲", mark="del", style="Heading1") + p("乙"))
    (line,) = edited.lines
    assert (line.text, line.before, line.style) == ("甲乙", "甲\n乙", "Heading1")
    assert line.changes == (Change("delete", "\n", *WHO),)


def test_from_the_midst_of_one_to_the_midst_of_another() -> None:
    """What is left of both is one line; the paragraph between is in what it was before."""
    body = p("甲一", dele("甲二"), mark="del") + p(dele("乙"), mark="del") + p(dele("丙一"), "丙二")
    (line,) = lines(body)
    assert (line.text, line.before) == ("甲一丙二", "甲一甲二\n乙\n丙一丙二")
    assert [c.text for c in line.changes] == ["甲二\n乙\n丙一"]


def test_a_paragraph_that_was_cut_in_two() -> None:
    """An inserted mark: two lines, which rejected run into one."""
    first, second = lines(p("甲", mark="ins") + p("乙"))
    assert (first.text, first.before, first.continues) == ("甲", "甲", True)
    assert (second.text, second.before, second.continues) == ("乙", "乙", False)
    assert first.changes == (Change("insert", "\n", *WHO),)


def test_a_paragraph_added_behind_another() -> None:
    """Word marks the end of 甲 as inserted; to a reader 甲 is as it was, and 新 is new."""
    first, second = lines(p("甲", mark="ins") + p(ins(r("新"))))
    assert (first.before, first.continues, first.changes) == ("甲", False, ())
    assert (second.before, second.continues) == ("", True)
    assert second.changes == (Change("insert", "新\n", *WHO),)


def test_a_move_is_told_as_a_move() -> None:
    """Where a paragraph was it is gone, where it is it is new, and both say that it moved."""
    move = (
        '<w:{0}RangeStart w:id="7" w:name="m1"/><w:{0} w:id="8" {2}>{1}</w:{0}>'
        '<w:{0}RangeEnd w:id="7"/>'
    )
    edited = read(
        p(move.format("moveFrom", r("甲"), BY), mark="moveFrom") + p("乙")
        + p(move.format("moveTo", r("甲"), BY), mark="moveTo") + p("丙")
    )  # fmt: skip
    assert texts(edited) == ["乙", "甲", "丙"]
    assert [c for line in edited.lines for c in line.changes] == [Change("move_to", "甲\n", *WHO)]
    assert edited.gone[0].line.changes == (Change("move_from", "甲\n", *WHO),)
    assert rejected(edited) == "甲\n乙\n丙\n"


def test_rows_deleted_and_inserted() -> None:
    """Rows are counted as they are once accepted; a deleted one is told as it was counted."""
    edited = read(table(
        row("一", "1"), row(p(dele("二"), mark="del"), p(dele("2"), mark="del"), track="del"),
        row("三", "3", track="ins"), row("四", "4"),
    ) + p("末"))  # fmt: skip
    found = [(line.cell, line.text, line.before) for line in edited.lines]
    assert found == [
        ((0, 0, 0), "一", "一"), ((0, 0, 1), "1", "1"), ((0, 1, 0), "三", ""),
        ((0, 1, 1), "3", ""), ((0, 2, 0), "四", "四"), ((0, 2, 1), "4", "4"), (None, "末", "末"),
    ]  # fmt: skip
    assert [(g.at, g.line.cell, g.line.before) for g in edited.gone] == [
        (2, (0, 1, 0), "二"), (2, (0, 1, 1), "2")]  # fmt: skip
    assert [c.text for c in edited.gone[0].line.changes] == ["二\n"]
    assert [c.text for c in edited.lines[2].changes] == ["三\n"]


def test_a_table_that_is_deleted_does_not_count() -> None:
    """The next table has its number; rejected it would have been the second."""
    edited = read(table(row("甲", track="del")) + p("间") + table(row("乙")) + p(""))
    assert [line.cell for line in edited.lines] == [None, (0, 0, 0), None]
    assert edited.gone[0].line.cell == (0, 0, 0)


def test_a_cell_is_never_without_a_paragraph() -> None:
    """All of a cell deleted: an empty line, which was 甲; in front of a table it may be gone."""
    edited = read(
        table(row(p(dele("甲"), mark="del")))
        + p(dele("乙"), mark="del")
        + table(row("丙"))
        + p("丁")
    )
    assert [(line.text, line.before) for line in edited.lines] == [
        ("", "甲"),
        ("丙", "丙"),
        ("丁", "丁"),
    ]
    assert [g.line.before for g in edited.gone] == ["乙"]


def test_paragraphs_do_not_join_over_a_table() -> None:
    """A deleted mark before a table joins nothing."""
    edited = read(p("甲", mark="del") + table(row("乙")) + p("丙"))
    assert texts(edited) == ["甲", "乙", "丙"]


def test_text_deleted_by_nobody_in_particular() -> None:
    """delText outside of any w:del is no text, as in Word."""
    (line,) = lines(p("甲", r("乙", deleted=True)))
    assert (line.text, line.before) == ("甲", "甲乙")
    assert line.changes == (Change("delete", "乙", "", ""),)


def test_a_bookmark_whose_text_was_rewritten() -> None:
    """It covers only what is deleted: it is told as collapsed, in its paragraph."""
    (line,) = lines(p(marked("rk_甲", dele("旧")), ins(r("新"))))
    assert (line.bookmarks, line.collapsed) == ((), ("rk_甲",))


# ---------------------------------------------------------------- against a list


runs = st.tuples(st.text(alphabet="甲乙丙丁1 ", min_size=1, max_size=3), st.sampled_from(STATES))
paragraphs = st.tuples(st.lists(runs, max_size=4), st.sampled_from(STATES))
documents = st.lists(paragraphs, min_size=1, max_size=7)


def there(state: str, *, accepted: bool) -> bool:
    """Whether what has such changes is there: what takes away counts, or what brings."""
    return not set(state.split()) & ({"del", "moveFrom"} if accepted else {"ins", "moveTo"})


@settings(max_examples=300, deadline=None)
@given(documents)
@example([([("甲", "")], "del"), ([("乙", "del")], "del"), ([], "")])
@example([([("甲", "")], "ins"), ([("乙", "ins")], "ins"), ([("丙", "ins")], "")])
@example([([], "del"), ([], ""), ([("甲", "del")], "")])
def test_any_changes_come_out_as_a_list_of_characters_says(document: list) -> None:
    """Leave out of characters and marks what is deleted, or what is inserted: the same."""
    document[-1] = (document[-1][0], "")  # the last mark of a document always stays
    body, flat = "", []
    for number, (content, mark) in enumerate(document):
        inner = "".join(tracked(text, state) for text, state in content)
        body += p(marked(f"rk_{number}", inner or "<w:r/>", number), mark=mark)
        flat += [(char, state, number) for text, state in content for char in text]
        flat.append(("\n", mark, number))
    edited = read(body)
    accepted = [(char, number) for char, state, number in flat if there(state, accepted=True)]
    assert "".join(f"{text}\n" for text in texts(edited)) == "".join(c for c, _ in accepted)
    assert rejected(edited) == "".join(c for c, s, _ in flat if there(s, accepted=False))
    covered: list[set[str]] = [set()]
    for char, number in accepted:
        if char == "\n":
            covered.append(set())
        else:
            covered[-1].add(f"rk_{number}")
    assert [set(line.bookmarks) for line in edited.lines] == covered[:-1]
    alive = set().union(*covered)
    every = list(edited.lines) + [each.line for each in edited.gone]
    told = [name for line in every for name in line.collapsed]
    assert sorted(told) == sorted({f"rk_{n}" for n in range(len(document))} - alive)
    assert not any(each.line.text for each in edited.gone)


@settings(max_examples=100, deadline=None)
@given(documents)
def test_changes_tell_of_all_that_differs(document: list) -> None:
    """The text of all insertions is what accepted has and rejected lacks, and the other way."""
    document[-1] = (document[-1][0], "")
    body = "".join(
        p("".join(tracked(text, state) for text, state in content) or "<w:r/>", mark=mark)
        for content, mark in document
    )
    edited = read(body)
    every = [*edited.lines, *(each.line for each in edited.gone)]
    changes = [change for line in every for change in line.changes]
    pieces = [piece for content, mark in document for piece in (*content, ("\n", mark))]
    for kind, word in (("insert", "ins"), ("delete", "del"), ("move_from", "moveFrom"),
                       ("move_to", "moveTo")):  # fmt: skip
        told = sum(len(change.text) for change in changes if change.kind == kind)
        assert told == sum(len(text) for text, state in pieces if word in state.split())
