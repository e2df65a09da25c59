"""A server that speaks the OpenAI chat-completions protocol, and breaks it on demand.

Behind it sits a reference agent that reads the same prompt as any model. Faults are scheduled by
situation: the n-th request about a situation meets the n-th fault of its list, and honest answers
follow. The server knows the design only to give each situation its seed and its faults.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import anyio
import uvicorn
from inspect_ai.model import ChatMessage, messages_from_openai
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from throffer.probe._reference import ReferenceAPI
from throffer.probe._script import read_world
from throffer.situation import Call, Situation, parse

MARKUP = "</script><img src=x onerror=alert(1)> \x1b[31m\x1b]0;owned\x07 red \x1b[0m"
HUGE = "word " * 40_000
"""200 kB of text."""


class Fault(StrEnum):
    """What goes wrong with one request."""

    RATE_LIMIT = "rate limit"
    SERVER_ERROR = "server error"
    BAD_REQUEST = "bad request"
    RESET = "reset"
    TRUNCATED = "truncated"
    UNKNOWN_TOOL = "unknown tool"
    BROKEN_ARGUMENTS = "broken arguments"
    PROSE = "prose"
    REFUSAL = "refusal"
    FILTERED = "filtered"
    HUGE_TEXT = "huge text"
    MARKUP = "markup"


class FaultyServer:
    """The application; what it did can be read off.

    - `seen`: requests by situation id; `bodies`: what was asked.
    - `delay`: seconds that each answer takes.
    """

    def __init__(
        self, design: Iterable[Situation], faults: Mapping[str, Sequence[Fault]] | None = None
    ) -> None:
        self.situations = {_key(s.described): s for s in design}
        self.faults = dict(faults or {})
        self.seen: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.agent = ReferenceAPI("reference")
        self.url = ""
        self.delay = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = await Request(scope, receive).json()
        self.bodies.append(body)
        messages = await messages_from_openai(body["messages"])
        situation = self._situation(messages)
        fault = None
        if situation is not None:
            scheduled = self.faults.get(situation.id, ())
            count = self.seen[situation.id]
            self.seen[situation.id] += 1
            fault = scheduled[count] if count < len(scheduled) else None
        if fault is Fault.RESET:
            # the transport of uvicorn's request cycle, of which `receive` is a method
            receive.__self__.transport.abort()
            return
        tools = {tool["function"]["name"] for tool in body.get("tools", [])}
        await anyio.sleep(self.delay)
        calls = self.agent.calls(messages, tools, 0 if situation is None else situation.seed)
        await _response(fault, calls)(scope, receive, send)

    def _situation(self, messages: list[ChatMessage]) -> Situation | None:
        text = "\n\n".join(message.text for message in messages)
        try:
            return self.situations[_key(parse(text).dyad)]
        except ValueError:
            pass
        try:
            return self.situations.get(_key(read_world(text).dyad))
        except ValueError:
            return None


@contextmanager
def serving(app: FaultyServer) -> Iterator[FaultyServer]:
    """The application on a free port of 127.0.0.1, in a thread of its own; sets `app.url`."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    app.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
    try:
        yield app
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _key(dyad: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(dyad.items()))


def _response(fault: Fault | None, calls: list[Call]) -> Response:
    match fault:
        case Fault.RATE_LIMIT:
            return _error(429, "slow down", {"Retry-After": "1"})
        case Fault.SERVER_ERROR:
            return _error(500, "out of order")
        case Fault.BAD_REQUEST:
            return _error(400, "no such thing")
        case Fault.TRUNCATED:
            whole = json.dumps(_completion(_message(calls)))
            return Response(whole[: len(whole) // 2], media_type="application/json")
        case Fault.UNKNOWN_TOOL:
            return JSONResponse(_completion(_message([Call("launch", {"at": "once"})])))
        case Fault.BROKEN_ARGUMENTS:
            message = _message(calls)
            for call in message["tool_calls"]:
                call["function"]["arguments"] = '{"they_receive": 12'
            return JSONResponse(_completion(message))
        case Fault.PROSE:
            return JSONResponse(_completion(_message([], "We offer them half of it.")))
        case Fault.REFUSAL:
            message = _message([]) | {"refusal": "This is not something for me."}
            return JSONResponse(_completion(message))
        case Fault.FILTERED:
            return JSONResponse(_completion(_message([], "..."), "content_filter"))
        case Fault.HUGE_TEXT:
            return JSONResponse(_completion(_message(calls, HUGE)))
        case Fault.MARKUP:
            return JSONResponse(_completion(_message(calls, MARKUP)))
        case None:
            return JSONResponse(_completion(_message(calls)))


def _error(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    body = {"error": {"message": text, "type": "error", "code": None}}
    return JSONResponse(body, status, dict(headers or {}))


def _message(calls: list[Call], text: str | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if calls:
        message["tool_calls"] = [
            {
                "id": f"call_{n}",
                "type": "function",
                "function": {"name": call.tool, "arguments": json.dumps(dict(call.arguments))},
            }
            for n, call in enumerate(calls)
        ]
    return message


def _completion(message: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    if finish is None:
        finish = "tool_calls" if message.get("tool_calls") else "stop"
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "reference",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
