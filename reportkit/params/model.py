"""The base of all parameters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Model(BaseModel):
    """Base of all parameters: immutable, and a name that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("no number; expected a number (yes and no mean true and false)")
    return value


NUMBER = BeforeValidator(_no_truth_value)
"""A number is written as one: ``report_days: yes`` would be 1."""


NAME = Annotated[str, Field(pattern=r"\S")]
"""Some text: who did something is never left blank."""

DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""What Windows takes for a device, and for the name of no file or folder."""


def twice(values: Iterable[str]) -> list[str]:
    """What stands there more than once, in the order of its first place."""
    return [value for value, number in Counter(values).items() if number > 1]


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)


def check_address(value: str) -> str:
    """One address of e-mail, and nothing that could be more than one.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not _ADDRESS.fullmatch(value):
        raise ValueError("no address; expected one address of e-mail, as office@example.com")
    return value
