"""params/stages: which steps a file may hold, what it says of a document, how it is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from counting import steps
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import ParameterError, UsageError
from reportkit.params.model import PROSE, SHORT
from reportkit.params.reading import parse_model
from reportkit.params.stages import (
    COMMENTS,
    ISSUED,
    REVIEW,
    SIGNATURE,
    STAGES,
    Stages,
    Step,
    document_key,
    load_stages,
    stages_path,
    stages_text,
)

A, B = "a" * 64, "b" * 64
DAY = dt.date(2024, 1, 9)


def step(stage: str, **more: object) -> Step:
    """A step that is in order, but for what is said otherwise."""
    fields: dict[str, object] = {"stage": stage, "by": "李", "day": DAY}
    if stage != COMMENTS:
        fields["snapshots"] = {2023: A}
    if stage == ISSUED:
        fields |= {"issue": "a1", "manifest": B}
    return Step.model_validate({**fields, **more})


def wrong(text: str) -> str:
    """What is said of a file of stages that is refused."""
    with pytest.raises(ParameterError) as caught:
        parse_model(text, Stages, "params/stages/2023.yml")
    assert "params/stages/2023.yml" in str(caught.value)
    return str(caught.value)


def one(line: str, stage: str = "送审稿") -> str:
    """A file with one document of one step, its last line being this."""
    head = f"documents:\n  group/circular:\n  - stage: {stage}\n    by: 李\n"
    return f"{head}    day: 2024-01-09\n{line}"


PINNED = f"    snapshots: {{2023: {A}}}\n"


def test_a_document_without_a_step_has_no_stage_and_no_pins() -> None:
    """Neither one that is not there, nor in a year without the file."""
    assert Stages().of("group/circular") is None
    assert Stages().snapshots_of("group/circular") == {}


def test_pins_come_with_the_review_and_go_with_it() -> None:
    """Sent back to 征求意见稿 a document is pinned to nothing."""
    stages = Stages(documents={"a/circular": (step(COMMENTS), step(REVIEW))})
    assert stages.snapshots_of("a/circular") == {2023: A}
    assert stages.with_steps({"a/circular": step(COMMENTS)}).snapshots_of("a/circular") == {}


@pytest.mark.parametrize("stage", STAGES)
def test_snapshots_stand_where_figures_are_pinned_and_nowhere_else(stage: str) -> None:
    """From 送审稿 on a step without them is refused, before it one with them."""
    given_ = {"snapshots": {2023: A} if stage == COMMENTS else {}}
    with pytest.raises(ValueError, match="snapshots at"):
        step(stage, **given_)


@pytest.mark.parametrize("missing", ["issue", "manifest"])
def test_what_was_issued_says_under_which_id_and_with_which_manifest(missing: str) -> None:
    """Else nothing could show that the manifest was replaced."""
    with pytest.raises(ValueError, match=f"no issue or manifest at {ISSUED}"):
        step(ISSUED, **{missing: ""})


@pytest.mark.parametrize("stage", [COMMENTS, REVIEW, SIGNATURE])
@pytest.mark.parametrize("field", [{"issue": "a1"}, {"manifest": B}])
def test_before_it_was_issued_it_says_neither(stage: str, field: dict[str, str]) -> None:
    """A stage that was not reached by issuing bears no id and no hash."""
    with pytest.raises(ValueError, match=f"at {stage}"):
        step(stage, **field)


def test_after_it_was_issued_there_are_corrections_alone() -> None:
    """A further 已印发 is a correction; any other stage behind it is refused."""
    Stages(documents={"a/circular": (step(REVIEW), step(ISSUED), step(ISSUED, issue="c1"))})
    with pytest.raises(ValueError, match="goes on after 已印发"):
        Stages(documents={"a/circular": (step(ISSUED), step(REVIEW))})


@pytest.mark.parametrize(
    ("line", "said", "number"),
    [
        (PINNED.replace(A, "abc"), "a hash of 64 characters", 6),
        (PINNED.replace(A, "A" * 64), "a hash of 64 characters", 6),
        (f"    snapshots: {{last: {A}}}\n", "a whole number", 6),
        (PINNED + "    wy: x\n", "expected: why", 7),
        (PINNED + "    manifest: 3a\n", "manifest: found '3a'", 7),
        ("", f"no snapshots at {REVIEW}", 3),
    ],
)
def test_what_is_wrong_is_told_with_field_and_line(line: str, said: str, number: int) -> None:
    """One step, in the words of whoever has to mend the file."""
    told = wrong(one(line))
    assert said in told
    assert f"line {number}" in told


def test_an_unknown_stage_is_answered_with_those_there_are() -> None:
    """送审 is none."""
    told = wrong(one(PINNED, "送审"))
    assert all(name in told for name in STAGES) and "line 3" in told


@pytest.mark.parametrize("by", ["''", "' '", "null", "12"])
def test_nobody_takes_no_step(by: str) -> None:
    """Blank is nobody; a number is no name."""
    assert "by" in wrong(one(PINNED).replace("李", by))


def test_a_day_that_does_not_exist() -> None:
    """It is named with its line, though YAML itself stumbles over it."""
    told = wrong(one(PINNED).replace("2024-01-09", "2024-02-30"))
    assert "2024-02-30" in told and "line 5" in told


def test_a_document_without_steps_is_refused() -> None:
    """An empty list says nothing of it."""
    assert "group/circular has no step" in wrong("documents: {group/circular: []}\n")


@pytest.mark.parametrize("text", ["- a\n", "documents: [a]\n", "documents: {a: 1}\n", "text\n"])
def test_what_is_no_file_of_stages(text: str) -> None:
    """Of another form altogether: told, never a traceback."""
    assert "expected" in wrong(text)


def test_the_same_key_twice() -> None:
    """YAML would take the last one in silence: a step would be lost."""
    assert "stands twice" in wrong(one(PINNED) + one(PINNED).removeprefix("documents:\n"))


AWKWARD = ["2024-01-01", "yes", "#", "null", "12", "a: b", "- a", " a ", "a\n\n b\n", "'\"", "*x",
           "\t", "{a}", "%", "𠮷", "1_0", "=", "…"]  # fmt: skip
SEEN = st.text(max_size=20).filter(lambda text: not PROSE.wrong.search(text))
TEXTS = st.one_of(st.sampled_from(AWKWARD), SEEN)
STEPS = st.builds(
    step,
    st.sampled_from(STAGES[:3]),
    by=TEXTS.filter(lambda text: text.strip() and not SHORT.wrong.search(text)),
    why=TEXTS,
    day=st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31)),
)
KEYS = st.sampled_from(["group/circular", "a-b_1/circular", "no/circular.2023Q3", "on/circular"])


@given(st.dictionaries(KEYS, st.lists(STEPS, min_size=1, max_size=4), max_size=4))
def test_what_is_written_is_read_back(documents: dict[str, list[Step]]) -> None:
    """Names as 2024-01-01, yes or #; reasons of several lines, quotes, tabs, marks of YAML."""
    stages = Stages(documents={key: tuple(steps) for key, steps in documents.items()})
    assert parse_model(stages_text(stages), Stages, "x") == stages


def test_the_file_reads_as_a_person_would_write_it() -> None:
    """Who, when and what, in Chinese as it is; a comment on top; nothing by reference."""
    text = stages_text(Stages(documents={"group/circular": (step(REVIEW), step(SIGNATURE))}))
    assert text.startswith("# 各文稿走到哪一步")
    assert text.endswith(
        "documents:\n  group/circular:\n"
        f"  - stage: 送审稿\n    by: 李\n    day: 2024-01-09\n    snapshots:\n      2023: {A}\n"
        f"  - stage: 签发稿\n    by: 李\n    day: 2024-01-09\n    snapshots:\n      2023: {A}\n"
    )


def test_the_file_of_a_year(tmp_path: Path) -> None:
    """Without it nothing has a stage; a folder or bytes in its place are named."""
    assert load_stages(tmp_path, 2023) == Stages()
    path = stages_path(tmp_path, 2023)
    path.parent.mkdir(parents=True)
    path.write_bytes("documents: {}\n# 阶段".encode("gbk"))
    with pytest.raises(UsageError, match="UTF-8"):
        load_stages(tmp_path, 2023)


@pytest.mark.parametrize(("period", "key"), [(None, "x/circular"), ("2023Q3", "x/circular.2023Q3")])
def test_a_document_is_called_the_same_whatever_its_edition(period: str | None, key: str) -> None:
    """By unit, name and period."""
    assert document_key("x", "circular", period) == key


def test_steps_of_many_documents_at_once_take_work_in_proportion() -> None:
    """1,000 documents of four steps are added to by 49 steps each: nothing is checked anew."""
    before = (step(COMMENTS), step(REVIEW), step(SIGNATURE), step(ISSUED))
    stages = Stages(documents={f"u{n}/circular": before for n in range(1000)})
    added = {f"u{n}/circular": step(ISSUED, issue="c") for n in range(1000)}
    assert steps(lambda: stages.with_steps(added)) < 100 * 1000
    more = stages.with_steps(added)
    assert len(more.documents["u7/circular"]) == 5 and len(more.documents) == 1000
    assert more.documents["u7/circular"][0] is before[0]
