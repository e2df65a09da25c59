"""The Inspect task `throffer/acts`: a model codes messages by the codebook of text acts.

`inspect eval throffer/acts -T messages=FILE.jsonl --model X`, over the file that
`throffer record acts --sample FILE.jsonl` writes. Some messages are hostile: a model sees each
as quoted data, a JSON object on one line, after instructions that no message can alter. If an
answer cannot be read or a call fails, the message has no codes; it is never coded 0.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from inspect_ai import Epochs, Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import TaskState, generate
from pydantic import BaseModel, ConfigDict, ValidationError

from throffer.structure import SetupError

NAME = "throffer/acts"

TEXTS = Path(__file__).parent / "texts"
CODEBOOK = (TEXTS / "acts_codebook_1.md").read_text("utf-8")
"""The codebook of text acts, version 1; the same text as docs/record/acts-codebook.md."""

CODES = tuple(re.findall(r"^\| `(\w+)` \|", CODEBOOK, re.MULTILINE))
"""The codes of an answer: the acts in the order of the codebook, and `unreadable`."""

PROMPT = (
    (TEXTS / "acts_1.txt")
    .read_text("utf-8")
    .replace("{answer}", json.dumps(dict.fromkeys(CODES, 0)))
    .replace("{codebook}", CODEBOOK.strip())
)
"""The instructions, version 1; the same for every message."""

LONGEST = 500
"""Most characters of an answer that is read; a valid answer has about 200."""


class Before(BaseModel):
    """An earlier message; `speaker` is `same speaker` or `other side`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speaker: str
    text: str


class Message(BaseModel):
    """A line of the file of messages: a message and its context, as a coder sees them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    source: str
    speaker: str
    before: tuple[Before, ...]
    message: str


@task
def acts(messages: str) -> Task:
    """Let a model code each message in a file written by `throffer record acts --sample`.

    The log holds the messages, so store it as safely as the file.
    """
    asked, digest = read_messages(messages)
    samples = [
        Sample(
            id=message.id,
            input=[ChatMessageSystem(content=PROMPT), ChatMessageUser(content=quote(message))],
        )
        for message in asked
    ]
    return Task(
        dataset=MemoryDataset(samples, name="throffer-acts"),
        solver=generate(),
        scorer=codes(),
        # each message is asked once
        epochs=Epochs(1, "mode"),
        fail_on_error=False,
        name=NAME,
        metadata={"messages": digest, "prompt": hashlib.sha256(PROMPT.encode()).hexdigest()},
    )


def read_messages(path: Path | str) -> tuple[list[Message], str]:
    """The messages of a file and its SHA-256; `SetupError` names the file and the faulty line."""
    again = "Write it with `throffer record acts --sample FILE.jsonl`."
    try:
        data = Path(path).read_bytes()
        # not splitlines, which also splits at Unicode separators inside a message
        lines = data.decode("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"Cannot read the messages {path} ({error}).", again) from error
    found: dict[str, Message] = {}
    for number, line in enumerate(lines, 1):
        try:
            message = Message.model_validate_json(line)
        except ValidationError as error:
            # the error's own text would show the message
            what = "; ".join(f"{fault['loc']}: {fault['msg']}" for fault in error.errors())
            raise SetupError(f"{path}, line {number} is not a message ({what}).", again) from None
        if message.id in found:
            raise SetupError(f"{path}, line {number} repeats id {message.id!r}.", again)
        found[message.id] = message
    return list(found.values()), hashlib.sha256(data).hexdigest()


def quote(message: Message) -> str:
    """A message as a JSON object of one line, without its id.

    Quotes, line ends and unprintable characters are escaped, so no text can end its field or
    appear to.
    """
    text = json.dumps(message.model_dump(exclude={"id"}), ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def parse_codes(answer: str) -> dict[str, int]:
    """The codes in an answer; `ValueError` says why it has none.

    A valid answer is one JSON object with exactly the keys `CODES`, each 0 or 1, and with no act if
    the message is unreadable.
    """
    if len(answer) > LONGEST:
        raise ValueError(f"longer than {LONGEST} characters")
    pairs = json.loads(answer, object_pairs_hook=tuple)
    if not isinstance(pairs, tuple) or sorted(name for name, _ in pairs) != sorted(CODES):
        raise ValueError("not an object with each code once")
    given = dict(pairs)
    if any(type(value) is not int or value not in (0, 1) for value in given.values()):
        raise ValueError("a code that is not 0 or 1")
    if given["unreadable"] and sum(given.values()) > 1:
        raise ValueError("acts of an unreadable message")
    return {name: given[name] for name in CODES}


@metric
def share() -> Metric:
    """Share of coded messages with the act, for a look at the log; not a population estimate."""

    def mean(scores: list[SampleScore]) -> float:
        given = [score.score.as_int() for score in scores]
        return sum(given) / len(given) if given else float("nan")

    return mean


@scorer(metrics={"*": [share()]})
def codes() -> Scorer:
    """Score an answer by its codes; unscored if the answer cannot be read."""

    async def score(state: TaskState, target: Target) -> Score:
        answer = state.output.completion
        try:
            return Score(value=dict(parse_codes(answer)), answer=answer)
        except ValueError as error:
            return Score.unscored(
                reason="invalid_answer", answer=answer[:LONGEST], explanation=str(error)
            )

    return score
