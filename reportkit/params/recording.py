"""Parameters that commands write: YAML as a person would, each value where it belongs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line breaks to YAML, and characters like any other to us: they survive as escapes alone."""


def yaml_text(value: Any) -> str:
    """A value as YAML: its keys in their order, no line folded, nothing told by reference.

    What is read back is the same, to the last character of every text.
    """
    import yaml

    text: str = yaml.dump(
        _listed(value), Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=10**6
    )
    return text


@lru_cache(maxsize=1)
def _dumper() -> Any:
    import yaml

    def represent(dumper: Any, text: str) -> Any:
        style = '"' if _BREAKS.search(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    # The same day in two entries is two days, not one and a mark that leads to it.
    dumper: Any = type("Dumper", (yaml.SafeDumper,), {"ignore_aliases": lambda self, data: True})
    dumper.add_representer(str, represent)
    return dumper


def _listed(value: object) -> object:
    """Tuples as lists, which YAML knows."""
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_listed(each) for each in value]
    return value
