"""What a notebook imports, and nothing else; each name is loaded when first asked for (PEP 562)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

PLACES = {
    "open_unit": "reportkit.circular",
    "open_group": "reportkit.circular",
    "open_working_paper": "reportkit.circular",
    "open_confirmation": "reportkit.circular",
    "open_data_quality": "reportkit.circular",
    "paragraph": "reportkit.circular",
    "heading": "reportkit.circular",
    "clauses": "reportkit.circular",
    "when": "reportkit.circular",
    "chart_fonts": "reportkit.charts",
    "table": "reportkit.tables",
    "names": "reportkit.wording",
    "percent": "reportkit.wording",
    "full_date": "reportkit.wording",
}
"""Name → the module that has it."""

__all__ = [
    "chart_fonts",
    "clauses",
    "full_date",
    "heading",
    "names",
    "open_confirmation",
    "open_data_quality",
    "open_group",
    "open_unit",
    "open_working_paper",
    "paragraph",
    "percent",
    "table",
    "when",
]


def __getattr__(name: str) -> Any:
    if name not in PLACES:
        raise AttributeError(f"module 'reportkit' has no attribute {name!r}")
    return getattr(import_module(PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
