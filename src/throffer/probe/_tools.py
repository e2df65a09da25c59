"""The scenario's tools as Inspect tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from inspect_ai.tool import ToolDef, ToolInfo, ToolParams

from throffer.situation import Tool

Run = Callable[[str, Mapping[str, Any]], Awaitable[str]]
"""What a call does: takes the tool's name and arguments, returns what the model is told."""


def tool_infos(tools: Sequence[Tool]) -> list[ToolInfo]:
    """The tools as a model sees them."""
    return [
        ToolInfo(
            name=tool.name,
            description=tool.description,
            parameters=ToolParams.model_validate(dict(tool.parameters)),
        )
        for tool in tools
    ]


def runnable(tools: Sequence[Tool], run: Run) -> list[ToolDef]:
    """The tools as Inspect executes them, so that approval policies apply to every call.

    Arguments are not checked here: an odd call is conduct, and the coding has to see it.
    """
    anything = ToolParams(properties={}, additionalProperties=True)

    def bind(name: str) -> Callable[..., Awaitable[str]]:
        async def execute(**kwargs: Any) -> str:
            return await run(name, kwargs)

        return execute

    return [
        ToolDef(bind(tool.name), tool.name, tool.description, parameters=anything) for tool in tools
    ]
