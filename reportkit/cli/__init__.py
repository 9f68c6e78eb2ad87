"""The one command, ``reportkit``: here batch and the analysis side meet."""

from __future__ import annotations

from importlib import import_module


def main() -> None:
    """Runs the command line; the entry point of ``reportkit`` and ``python -m reportkit``."""
    # By name: whoever imports one module of this package imports not all commands.
    import_module("reportkit.cli.app").app()
