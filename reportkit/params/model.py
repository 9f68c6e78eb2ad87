"""The base of all parameters."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Base of all parameters: immutable, and a name that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
