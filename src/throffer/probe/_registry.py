"""Tasks, scorers and the model provider that Inspect finds through the entry point."""

from __future__ import annotations

from inspect_ai.model import ModelAPI, modelapi

from throffer.probe._acts import acts, codes
from throffer.probe._scoring import outcome
from throffer.probe._tasks import terms, world


@modelapi(name="throffer")
def throffer() -> type[ModelAPI]:
    """The provider of reference agents; the game is imported only when an agent is used."""
    from throffer.probe._reference import ReferenceAPI

    return ReferenceAPI


__all__ = ["acts", "codes", "outcome", "terms", "throffer", "world"]
