"""Convert a situation's tools to Inspect tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from inspect_ai.tool import ToolDef, ToolInfo, ToolParams

from throffer.situation import Tool

Run = Callable[[str, Mapping[str, Any]], Awaitable[str]]
"""Carries out a call: takes the tool's name and arguments, returns the text for the model."""


def tool_infos(tools: Sequence[Tool]) -> list[ToolInfo]:
    """The descriptions of tools for a model."""
    return [
        ToolInfo(
            name=tool.name,
            description=tool.description,
            parameters=ToolParams.model_validate(dict(tool.parameters)),
        )
        for tool in tools
    ]


def runnable(tools: Sequence[Tool], run: Run) -> list[ToolDef]:
    """The tools for Inspect to execute, so that approval policies apply to every call.

    Arguments are not validated here: an invalid call is conduct, and the coding has to see it.
    """
    anything = ToolParams(properties={}, additionalProperties=True)

    def bind(name: str) -> Callable[..., Awaitable[str]]:
        async def execute(**kwargs: Any) -> str:
            return await run(name, kwargs)

        return execute

    return [
        ToolDef(bind(tool.name), tool.name, tool.description, parameters=anything) for tool in tools
    ]
