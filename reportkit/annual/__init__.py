"""The year's indicators: computed once for all units, remembered, and served per unit.

Stands between the pure metrics and what a notebook opens: it alone brings snapshot,
parameters and metrics together.
"""

from reportkit.annual.indicators import Indicators
from reportkit.annual.serving import blocked, prepare, slice_fingerprint
from reportkit.annual.year import Annual, load_annual

__all__ = ["Annual", "Indicators", "blocked", "load_annual", "prepare", "slice_fingerprint"]
