"""Circulars are made here as in ``tests/circular``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "circular"))
