"""An invented group company and what its units would send: an example to start from."""

from reportkit.records.demo.generating import generate

__all__ = ["generate"]
