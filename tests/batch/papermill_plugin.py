"""A pytest plugin for papermill's own tests: the engine ``reportkit`` in the place of its own."""

from __future__ import annotations

from typing import Any


def pytest_configure(config: Any) -> None:
    """Before papermill's tests are imported."""
    from papermill import engines

    from reportkit.batch.engine import TruthfulEngine
    from reportkit.batch.papermill_engine import ReportkitEngine

    for name in (None, "nbclient"):
        engines.papermill_engines.register(name, ReportkitEngine)
    engines.NBClientEngine = TruthfulEngine
