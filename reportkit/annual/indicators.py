"""One unit's (or the group's) indicators by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportkit import reads
from reportkit.errors import ParameterError
from reportkit.metrics.indicator import Indicator, finite
from reportkit.metrics.registry import BY_ATTRIBUTE


class Indicators:
    """One unit's (or the group's) indicators by name: ``m.sessions``, ``m.attendance``.

    The names are those of :mod:`reportkit.metrics.registry`; an unknown one raises
    AttributeError and lists them. ``m["M4"]`` goes by number.
    """

    def __init__(self, indicators: Mapping[str, Indicator]) -> None:
        self._indicators = indicators

    def __getattr__(self, name: str) -> Indicator:
        if name.startswith("_") or name not in BY_ATTRIBUTE:
            raise AttributeError(
                f"no indicator {name!r}; expected one of {', '.join(sorted(BY_ATTRIBUTE))}"
            )
        return self._indicators[BY_ATTRIBUTE[name].metric_id]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *BY_ATTRIBUTE]

    def __getitem__(self, metric_id: str) -> Indicator:
        if metric_id not in self._indicators:
            raise ParameterError(
                f"no indicator {metric_id!r}",
                expected=f"one of {'、'.join(self._indicators)}",
                next_step="correct the metric in params/<year>.yml or in the notebook",
            )
        return self._indicators[metric_id]

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._indicators.values())

    def masked(self) -> Indicators:
        """The same for a masked edition (脱敏版): every figure prints as ×××."""
        with reads.recording(None):  # nothing is shown yet
            return Indicators({i: one.as_masked() for i, one in self._indicators.items()})


class _Beside:
    """What stands beside a unit's figure: found, and noted as read, when asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, indicator: Indicator, owner: type) -> Any:
        background = indicator.background
        return getattr(background, self._name)(indicator.metric) if background else None

    def __set__(self, indicator: Indicator, value: object) -> None:
        """As given when it is made: nothing."""


class UnitIndicator(Indicator):
    """An indicator of a unit among its peers, and among all units."""

    peers: Any = _Beside()
    group: Any = _Beside()
    quarter: Any = _Beside()


def parts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a row of ``indicators_by_unit``, as an Indicator takes them."""
    return {
        "state": row["state"],
        "value": finite(row["value"]),
        "numerator": finite(row["numerator"]),
        "denominator": finite(row["denominator"]),
        "left_out": tuple(row["left_out"].items()),
        "missing": tuple(row["missing"]),
    }
