"""Parameters that commands write: YAML as a person would, each value where it belongs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


def yaml_text(value: Any) -> str:
    """A value as YAML: its keys in their order, no line folded, nothing told by reference."""
    import yaml

    text: str = yaml.dump(
        _listed(value), Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=10**6
    )
    return text


@lru_cache(maxsize=1)
def _dumper() -> Any:
    import yaml

    # The same day in two entries is two days, not one and a mark that leads to it.
    return type("Dumper", (yaml.SafeDumper,), {"ignore_aliases": lambda self, data: True})


def _listed(value: object) -> object:
    """Tuples as lists, which YAML knows."""
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_listed(each) for each in value]
    return value
