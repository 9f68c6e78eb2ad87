"""The year's indicators: computed once for all units, remembered, and served per unit.

Stands between the pure metrics and what a notebook opens: it alone brings snapshot,
parameters and metrics together. Names are loaded when first asked for: whoever only wants to
know what has changed (:func:`slices`) does not wait for pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.annual.dependence import Slices, known_slices, slices
    from reportkit.annual.indicators import Indicators
    from reportkit.annual.main_figures import headlines, known_headlines
    from reportkit.annual.pinning import all_pins, current_pins, effective, lost, pins_of
    from reportkit.annual.serving import blocked, preload, prepare
    from reportkit.annual.year import Annual, load_annual

_NAMES = {
    "dependence": ("Slices", "known_slices", "slices"),
    "indicators": ("Indicators",),
    "main_figures": ("headlines", "known_headlines"),
    "pinning": ("all_pins", "current_pins", "effective", "lost", "pins_of"),
    "serving": ("blocked", "preload", "prepare"),
    "year": ("Annual", "load_annual"),
}
_PLACES = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "Annual",
    "Indicators",
    "Slices",
    "all_pins",
    "blocked",
    "current_pins",
    "effective",
    "headlines",
    "known_headlines",
    "known_slices",
    "load_annual",
    "lost",
    "pins_of",
    "preload",
    "prepare",
    "slices",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'reportkit.annual' has no attribute {name!r}")
    return getattr(import_module(f"reportkit.annual.{_PLACES[name]}"), name)
