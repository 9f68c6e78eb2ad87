"""Word files are made here as in ``tests/drafts``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "drafts"))
