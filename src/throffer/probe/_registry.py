"""What Inspect finds through the entry point: tasks, scorers and the model provider."""

from __future__ import annotations

from inspect_ai.model import ModelAPI, modelapi

from throffer.probe.scoring import outcome
from throffer.probe.tasks import terms, world


@modelapi(name="throffer")
def throffer() -> type[ModelAPI]:
    """The reference agents; loads the game only when one is asked for."""
    from throffer.probe.reference import ReferenceAPI

    return ReferenceAPI


__all__ = ["outcome", "terms", "throffer", "world"]
