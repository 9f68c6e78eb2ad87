"""The year's rules held against a unit, as circulars ask for it."""

from __future__ import annotations

from reportkit.annual.judging import findings_of

__all__ = ["findings_of"]
