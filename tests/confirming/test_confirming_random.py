"""Random fillings, held against a model that knows nothing of Word or of the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from confirming_support import DAYS, Form, opened, sheet_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.confirming.grids import ReplyError
from reportkit.confirming.reply import read_reply

ROWS = ("集体学习", "研讨交流", "总参学率", "述学率")
SPELLED = {
    "yes": ("是", "√", "对", "无误", "☑"), "no": ("否", "×", "不", "有误"),
    "blank": ("", " ", "/"), "unclear": ("○", "21次", "x"),
}  # fmt: skip
GOOD = [(kind, word) for kind in ("yes", "no", "blank") for word in SPELLED[kind]]
BAD = [("unclear", word) for word in SPELLED["unclear"]]
CELL = st.sampled_from([*GOOD * 3, *BAD])
REMARK = st.sampled_from(["", "", "", "无", "应为21次", "漏计"])
MARK = st.sampled_from(["□", "□", "☑", "■", "√"])
DAY = st.sampled_from([("2024年1月5日", True), ("2024.1.5", True), ("1月5日", True), ("", False)])


def expected(
    cells: list[str], remarks: list[str], typed: bool, right: bool, wrong: bool,
    signed: bool, dated: bool,
) -> tuple[str, list[str]]:  # fmt: skip
    """What the rules say: (result, the rows objected to)."""
    objected = [
        name for name, cell, remark, changed in zip(
            ROWS, cells, remarks, (typed, False, False, False), strict=True)
        if cell == "no" or remark not in ("", "无") or changed
    ]  # fmt: skip
    bad = "unclear" in cells or (right and (wrong or "no" in cells))
    if not bad and not objected and not wrong and not (right and signed):
        return "unanswered", []
    if bad or not dated:
        return "refused", []
    if objected or wrong:
        return "objected", objected or ["数据确认单"]
    return "confirmed", []


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(CELL, min_size=4, max_size=4), st.lists(REMARK, min_size=4, max_size=4),
    st.sampled_from([False, False, True]),
    MARK, MARK, st.sampled_from(["王芳", "王芳", ""]), DAY,
)  # fmt: skip
def test_random_fillings(
    small_home: Path, blank: Callable[..., bytes], tmp_path: Path,
    cells: list[tuple[str, str]], remarks: list[str], typed: bool, right: str, wrong: str,
    name: str, day: tuple[str, bool],
) -> None:  # fmt: skip
    """Whatever a unit fills in, the outcome is the one of the rules, row by row."""
    form = Form(blank())
    for row, (_, word), remark in zip(ROWS, cells, remarks, strict=True):
        form.say(row, word).remark(row, remark)
    if typed:
        form.figure(ROWS[0], "99次")
    form.opinion(f"{right} 数据无误\n{wrong} 有异议（请在说明栏注明，并附依据）").sign(name, day[0])
    result, about = expected(
        [kind for kind, _ in cells], remarks, typed, right != "□", wrong != "□", bool(name), day[1]
    )
    try:
        reply = read_reply(
            opened(small_home, form.save(tmp_path / "x.docx")), sheet_of(small_home), DAYS
        )
    except ReplyError as error:
        assert result == "refused", error.problems
        return
    assert (reply.result, [point.about for point in reply.points]) == (result, about)
    assert (reply.signed_on == dt.date(2024, 1, 5)) == (result != "unanswered")


def test_the_model_tells_all_outcomes_apart() -> None:
    """The model itself, by hand: a confirmation, an objection, a refusal, nothing."""
    yes, none = ["yes"] * 4, [""] * 4
    assert expected(yes, none, False, True, False, True, True) == ("confirmed", [])
    assert expected(yes, none, True, True, False, True, True) == ("objected", ["集体学习"])
    assert expected([*yes[:3], "no"], none, False, True, False, True, True) == ("refused", [])
    assert expected(yes, none, False, False, False, True, True) == ("unanswered", [])
    assert expected(yes, none, False, False, True, False, True) == ("objected", ["数据确认单"])
