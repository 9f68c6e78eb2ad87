"""What an indicator prints, whatever its figures: by hypothesis."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit import wording
from reportkit.metrics.indicator import Earlier, Indicator
from reportkit.metrics.registry import BY_ID, METRICS

many = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))

RATIOS = [m.metric_id for m in METRICS if m.kind == "ratio" and not m.averaged]
COUNTS = [m.metric_id for m in METRICS if m.kind == "count"]
parts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
few = st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
nothing = st.just(Earlier(note="新设单位"))
FORBIDDEN = re.compile(r"nan|inf|none|null|[−-]0(?![.\d])|[−-]0\.0+(?!\d)|e[+-]?\d|\d\.\d*0%", re.I)


def ratio(metric_id: str, part: tuple[int, int], last: Earlier) -> Indicator:
    """A reported ratio of whole parts."""
    top, bottom = part
    return Indicator(BY_ID[metric_id], "已报", top / bottom, float(top), float(bottom), last=last)


earlier = nothing | st.just(Earlier()) | parts.map(lambda p: Earlier(p[0] / p[1], *map(float, p)))


@st.composite
def indicators(draw: st.DrawFn) -> Indicator:
    """Any metric, with a value of its kind or in a state without one, with last year's or none."""
    metric = draw(st.sampled_from(METRICS))
    left_out = tuple(
        draw(
            st.dictionaries(
                st.sampled_from(["取消{}次", "未记{}人次", "未到期{}项"]), st.integers(1, 99)
            )
        ).items()
    )
    state = draw(st.sampled_from(["已报", "已报", "已报", "未报", "不适用", "未核查", "数据不足",
                                  "未到期"]))  # fmt: skip
    values = {
        "ratio": few.map(lambda p: (p[0] / p[1], float(p[0]), float(p[1]))),
        "count": st.integers(0, 9999).map(lambda n: (n / 2, n / 2, None)),
        "mean": st.integers(0, 9999).map(lambda n: (n / 7, n / 1.0, 7.0)),
    }[metric.kind]  # fmt: skip
    last = draw(nothing | values.map(lambda v: Earlier(*v)))
    if state != "已报":
        return Indicator(metric, state, left_out=left_out, last=last)
    value, top, bottom = draw(values)
    if metric.kind == "count" and value == 0:
        state = "零"
    return Indicator(metric, state, value, top, bottom, left_out, last=last)


def prints(one: Indicator) -> dict[str, str]:
    """Everything that it can be asked to print."""
    return {
        "str": str(one), "format": f"{one:>3}", "cell": one.cell, "last_cell": one.last_cell,
        "change": one.change, "change_short": one.change_short, "parts": one.parts,
        "exact": one.exact, "exclusions": one.exclusions, "interval": one.interval_text,
    }  # fmt: skip


@many
@given(indicators())
def test_nothing_that_is_no_figure_prints(one: Indicator) -> None:
    """Never nan, inf, None, −0, an exponent, or a superfluous zero behind the point."""
    for name, text in prints(one).items():
        assert not FORBIDDEN.search(text), (name, text)
        assert name == "exclusions" or text


@many
@given(indicators())
def test_masked_no_digit_prints(one: Indicator) -> None:
    """Whatever it is asked, the figure, its n, its change, and what was left out print as ×××."""
    for name, text in prints(one.as_masked()).items():
        assert not re.search(r"\d", text), (name, text)
    shown = {str(one.as_masked()) for one in (one,) if one.reported}
    assert shown <= {"×××", "×××%"}


@many
@given(st.sampled_from(RATIOS), few, earlier)
def test_a_ratio_of_fewer_than_eleven_says_of_how_many(
    metric_id: str, part: tuple[int, int], last: Earlier
) -> None:
    """（top/bottom） stands behind it exactly then, and behind last year's by the same rule."""
    one = ratio(metric_id, part, last)
    top, bottom = part
    assert one.cell == f"{one}（{top}/{bottom}）" if bottom < 11 else one.cell == str(one)
    if last.value is not None and last.denominator is not None:
        assert ("（" in one.last_cell) == (last.denominator < 11)


@many
@given(st.sampled_from(RATIOS), parts, parts)
def test_a_change_of_ratios_is_the_difference_of_what_prints(
    metric_id: str, now: tuple[int, int], before: tuple[int, int]
) -> None:
    """Both values and the change parsed back: no reader's subtraction proves the paper wrong."""
    one = ratio(metric_id, now, Earlier(before[0] / before[1], *map(float, before)))
    first = Decimal(str(one).rstrip("%"))
    second = Decimal(one.show(one.last.value).rstrip("%"))
    found = re.fullmatch(r"([+−])([\d.]+)个百分点", one.change_short)
    if found is None:
        assert one.change_short == "持平" and first == second
        exact = Fraction(*now) == Fraction(*before)
        assert one.change == ("与上年持平" if exact else "与上年基本持平")
        return
    sign = 1 if found[1] == "+" else -1
    assert sign * Decimal(found[2]) == first - second != 0
    verb = "提高" if sign > 0 else "下降"
    assert one.change == f"比上年{verb}{found[2]}个百分点"


@many
@given(st.sampled_from(COUNTS), st.integers(0, 999), st.integers(0, 999))
def test_a_change_of_counts_is_their_difference(metric_id: str, now: int, before: int) -> None:
    """增加 or 减少 by the difference, half days too; the percentage is of last year's."""
    one = Indicator(BY_ID[metric_id], "已报" if now else "零", now / 2, last=Earlier(before / 2))
    if now == before:
        assert (one.change, one.change_short) == ("与上年持平", "持平")
        return
    found = re.match(r"比上年(增加|减少)([\d.]+)", one.change)
    assert found is not None
    sign = 1 if found[1] == "增加" else -1
    assert sign * Decimal(found[2]) == Decimal(now - before) / 2
    assert one.change_short == f"{'+' if sign > 0 else '−'}{found[2]}"
    share = re.search(r"(增长|下降)([\d.]+)%$", one.change)
    assert (share is None) == (before == 0)
    if share is not None:
        assert abs(float(share[2]) - abs(now - before) / before * 100) <= 0.05 + 1e-9


def mean(now: float, before: float) -> Indicator:
    """M17c of three months."""
    return Indicator(BY_ID["M17c"], "已报", now, now * 3, 3.0, last=Earlier(before))


@pytest.mark.parametrize(("now", "before"), [(12.34, 12.31), (12.44, 12.36), (12.31, 12.34)])
def test_a_change_of_means_that_does_not_print_is_none(now: float, before: float) -> None:
    """12.3 after 12.3, 12.4 after 12.4, though by 0.08: no 增加0分; clause and cell agree."""
    one = mean(now, before)
    assert (one.change, one.change_short) == ("与上年基本持平", "持平")


@pytest.mark.parametrize(("now", "before", "change", "short"), [
    # 12.4 after 12.3, though they differ by 0.02; 0.1 of 12.34 is 0.81%
    (12.36, 12.34, "比上年增加0.1分，增长0.8%", "+0.1"),
    (12.34, 12.36, "比上年减少0.1分，下降0.8%", "−0.1"),  # 12.3 after 12.4
    # 12.4 after 12.2: 0.2, though they differ by 0.11; 0.2 of 12.24 is 1.63%, not 0.9%
    (12.35, 12.24, "比上年增加0.2分，增长1.6%", "+0.2"),
    # 12.3 after 12.3: equal is more than 基本
    (12.34, 12.34, "与上年持平", "持平"),
])  # fmt: skip
def test_a_change_of_means_is_the_difference_of_what_prints(
    now: float, before: float, change: str, short: str
) -> None:
    """A reader who subtracts one printed value from the other finds the change."""
    one = mean(now, before)
    assert (one.change, one.change_short) == (change, short)


@many
@given(st.integers(0, 9999).map(lambda n: n / 100), st.integers(0, 9999).map(lambda n: n / 100))
def test_any_change_of_means_is_what_a_reader_subtracts(now: float, before: float) -> None:
    """Both values and the change parsed back."""
    one = mean(now, before)
    first, second = Decimal(str(one)), Decimal(one.show(before))
    found = re.fullmatch(r"([+−])([\d.]+)", one.change_short)
    if found is None:
        assert one.change_short == "持平" and first == second
        assert one.change == ("与上年持平" if abs(now - before) <= 1e-9 else "与上年基本持平")
        return
    sign = 1 if found[1] == "+" else -1
    assert sign * Decimal(found[2]) == first - second != 0
    assert one.change.startswith(f"比上年{'增加' if sign > 0 else '减少'}{found[2]}分")


@many
@given(st.sampled_from(RATIOS), st.integers(1, 10**6).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
))  # fmt: skip
def test_exact_reads_back_as_the_value(metric_id: str, part: tuple[int, int]) -> None:
    """To the fifteenth digit: the ratio is the one whose parts are told beside it."""
    one = ratio(metric_id, part, Earlier())
    read = float(one.exact.rstrip("%")) / 100
    assert read == pytest.approx(part[0] / part[1], rel=1e-14, abs=0)
    assert Fraction(read).limit_denominator(10**6) == Fraction(*part)


@many
@given(st.sampled_from(COUNTS), st.integers(0, 10**9))
def test_exact_counts_read_back_whole(metric_id: str, number: int) -> None:
    """Counts and half days, without a point where there is none."""
    for value in (float(number), number / 2):
        one = Indicator(BY_ID[metric_id], "已报", value)
        assert float(one.exact) == value
        assert ("." in one.exact) == (value != int(value))


@many
@given(st.lists(st.integers(0, 500), min_size=1, max_size=9).filter(any), st.integers(0, 2))
def test_shares_add_up_to_exactly_a_hundred(counts: list[int], places: int) -> None:
    """As printed, whatever the parts; each within one step of the exact share, none for nothing."""
    printed = [Decimal(text.rstrip("%")) for text in wording.shares(counts, places)]
    assert sum(printed) == 100
    step = Decimal(1).scaleb(-places)
    for count, share in zip(counts, printed, strict=True):
        assert abs(share - Decimal(100 * count) / sum(counts)) < step
        assert count or share == 0
    ordered = [share for _, share in sorted(zip(counts, printed, strict=True))]
    assert ordered == sorted(printed)


@many
@given(st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=9).filter(
    lambda parts: sum(parts) > 1e-9
))  # fmt: skip
def test_shares_of_any_parts_add_up_to_exactly_a_hundred(weights: list[float]) -> None:
    """Parts that are no counts, of any size beside each other."""
    printed = [Decimal(text.rstrip("%")) for text in wording.shares(weights)]
    assert sum(printed) == 100
    assert all(share >= 0 for share in printed)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1, 2]])
def test_what_is_no_whole_has_no_shares(weights: list[float]) -> None:
    """Nothing, or a negative part: an error, never a percentage."""
    with pytest.raises(ValueError):
        wording.shares(weights)
