"""The one command, ``reportkit``: here batch and the analysis side meet."""

from __future__ import annotations


def main() -> None:
    """Runs the command line; the entry point of ``reportkit`` and ``python -m reportkit``."""
    from reportkit.cli.app import app

    app()
