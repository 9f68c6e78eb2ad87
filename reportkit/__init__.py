"""What a notebook imports, and nothing else; each name is loaded when first asked for (PEP 562)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_NAMES = {
    "reportkit.circular": (
        "open_unit", "open_group", "open_working_paper", "open_confirmation", "open_data_quality",
        "paragraph", "heading", "clauses", "when",
    ),
    "reportkit.charts": ("chart_fonts",),
    "reportkit.tables": ("table",),
    "reportkit.wording": ("names", "percent", "full_date"),
}  # fmt: skip
PLACES = {name: module for module, names in _NAMES.items() for name in names}
"""Name → the module that has it."""

__all__ = [*PLACES]


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module 'reportkit' has no attribute {name!r}")
    return getattr(import_module(PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
