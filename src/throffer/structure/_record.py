"""What every stored record is: frozen, and without unknown fields."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record that takes no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
