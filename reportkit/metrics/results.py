"""How a metric hands back its figures: one row a unit, with parts, exclusions and state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from reportkit.metrics.frames import YearFrames

COLUMNS = ("numerator", "denominator", "value", "left_out", "missing", "state")


def by_unit(values: pd.Series, frames: YearFrames) -> pd.Series:
    """Values per unit_id, filled with 0 for units that have none, in official order."""
    return values.reindex(frames.unit_frame.index).fillna(0).astype(float)


def counted(rows: pd.DataFrame, frames: YearFrames) -> pd.Series:
    """Rows per unit."""
    return by_unit(rows.groupby("unit_id").size(), frames)


def collected(pairs: pd.DataFrame, column: str) -> dict[str, tuple[str, ...]]:
    """The values of ``column`` per unit, each once, in order of appearance."""
    return {
        str(unit): tuple(dict.fromkeys(group)) for unit, group in pairs.groupby("unit_id")[column]
    }


def result(
    frames: YearFrames,
    tables: tuple[str, ...],
    numerator: pd.Series,
    denominator: pd.Series | None = None,
    *,
    value: pd.Series | None = None,
    left_out: Mapping[str, pd.Series] | None = None,
    missing: Mapping[str, Sequence[str]] | None = None,
    when_empty: str = "不适用",
    states: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The frame of a metric: index unit_id, columns :data:`COLUMNS`.

    A unit that did not send one of ``tables`` is 未报 and has no value; a ratio whose
    denominator is zero has the state ``when_empty`` and no value; ``states`` overrides
    both for single units. The keys of ``left_out`` say why, with {} where the number goes.
    """
    rows = []
    for unit_id in frames.unit_frame.index:
        state = frames.state_of(unit_id, tables)
        top = float(numerator[unit_id])
        bottom = None if denominator is None else float(denominator[unit_id])
        if state == "已报":
            if bottom == 0:
                state = when_empty
            elif top == 0 and bottom is None:
                state = "零"
        state = (states or {}).get(unit_id, state)
        known = state in ("已报", "零")
        amount = float(value[unit_id]) if value is not None else top / bottom if bottom else top
        rows.append(
            {
                "numerator": top if known else None,
                "denominator": bottom if known else None,
                "value": amount if known else None,
                "left_out": {
                    why: int(n[unit_id]) for why, n in (left_out or {}).items() if n[unit_id] > 0
                },
                "missing": tuple((missing or {}).get(unit_id, ())) if known else (),
                "state": state,
            }
        )
    frame = pd.DataFrame(rows, index=frames.unit_frame.index, columns=list(COLUMNS))
    return frame.astype({"numerator": float, "denominator": float, "value": float})
