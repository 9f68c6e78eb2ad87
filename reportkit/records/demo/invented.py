"""What is invented: names, words and faults, as ``invented.yml`` beside this file has them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.params.yaml_data import plain_data


@lru_cache(maxsize=1)
def invented() -> Any:
    """All of it, by the names that stand there; read when first asked for."""
    return plain_data(Path(__file__).with_name("invented.yml").read_text(encoding="utf-8"))
