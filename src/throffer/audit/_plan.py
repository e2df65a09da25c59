"""The plan of an audit: its configuration, and the situations that follow from it."""

from __future__ import annotations

import json
import logging
import math
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from throffer.design import SMALLEST, default_design
from throffer.probe import asked_designs, design_digest, found_logs
from throffer.situation import Situation, frames, worlds
from throffer.structure import SetupError, write_whole

logger = logging.getLogger("throffer.audit")

LOGS = "logs"
"""Folder of Inspect's logs below an audit's folder."""

CONFIGURATION = "audit.json"
"""The file that marks a folder as that of an audit."""

SECRET = re.compile(r"key|token|secret|password|credential", re.IGNORECASE)
"""Names of model arguments that are refused, since the configuration is part of the results."""

MOST = 100_000
"""Largest budget: all logs are read into memory at the end, about 70 kB for each situation."""

LARGEST_SEED = 2**32 - 1

ROLES = ("counterpart",)
"""Model roles that an audit uses."""

WORLD_SHARE = 0.15
"""Share of the budget for worlds: a situation there takes about ten calls instead of one."""


class Plan(BaseModel):
    """The configuration of an audit; its result depends on this and the models' answers only.

    Attributes:
        models: Inspect model names.
        budget: situations asked of each model, over all elicitations.
        frames: frames used; a frame without a world is used for `terms` only.
        elicitations: `terms`, `world`, or both.
        seed: of the design, the reference agents and the bands.
        level: P(unsanctioned) at which boundaries are sought.
        model_args: arguments of the models, as Inspect's `-M`; never a key.
        base_url: address of the models' server; never with a key in it.
        roles: the model for each role of `ROLES`.
        approval: Inspect's approval policy, a name or a file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    models: tuple[str, ...] = Field(min_length=1)
    budget: int = Field(ge=2 * SMALLEST, le=MOST)
    frames: tuple[str, ...] = Field(min_length=1)
    elicitations: tuple[Literal["terms", "world"], ...] = Field(min_length=1)
    seed: int = Field(ge=0, le=LARGEST_SEED)
    level: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.2
    model_args: dict[str, str | int | float | bool] = Field(default_factory=dict)
    base_url: str | None = None
    roles: dict[str, str] = Field(default_factory=dict)
    approval: str | None = None


RANGES = {
    "models": "Name at least one model.",
    "budget": f"Give a whole number from {2 * SMALLEST} to {MOST:,}; each situation "
    f"takes some 70 kB of memory, {MOST:,} of them 7 GB.",
    "frames": "Name at least one frame, or leave the option out for all of them.",
    "elicitations": "Give terms, world, or terms,world.",
    "seed": f"Give a whole number from 0 to {LARGEST_SEED}.",
    "level": "Give a number above 0 and below 1.",
    "model_args": "Give finite numbers, words, true or false.",
}
"""What each field admits, shown as the remedy if a value is refused."""


def make_plan(**fields: object) -> Plan:
    """A plan from user input; `SetupError` names the field, what came and what is admissible."""
    try:
        plan = Plan.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SetupError(
            f"{name} = {first['input']!r}: {first['msg']}.",
            RANGES.get(str(first["loc"][0]), "Give another value."),
        ) from error
    _check_names(plan)
    known = frames()
    unknown = [name for name in plan.frames if name not in known]
    if unknown:
        raise SetupError(f"There is no frame {', '.join(unknown)}.", f"Frames: {', '.join(known)}.")
    secret = [name for name in plan.model_args if SECRET.search(name)]
    if secret or "@" in (plan.base_url or ""):
        raise SetupError(
            f"{secret[0] if secret else 'base_url'} would write a secret into the results.",
            "Give keys by the provider's environment variables.",
        )
    if plan.elicitations == ("world",) and not world_frames(plan):
        raise SetupError(
            f"None of the frames {', '.join(plan.frames)} has a world.",
            f"Frames with one: {', '.join(worlds())}.",
        )
    return plan


def _check_names(plan: Plan) -> None:
    """Raise `SetupError` for an empty or repeated name, an unknown role or a bad address."""
    for what in ("models", "frames", "elicitations"):
        names = getattr(plan, what)
        if not all(name.strip() for name in names):
            raise SetupError(f"One of {what} is empty.", RANGES[what])
        if len(set(names)) < len(names):
            raise SetupError(f"One of {what} is named twice: {', '.join(names)}.", "Name it once.")
    for role, model in plan.roles.items():
        if role not in ROLES or not model:
            raise SetupError(
                f"Role {role}={model} is not usable.",
                f"Roles of an audit: {', '.join(ROLES)}; give ROLE=MODEL.",
            )
    for name, value in plan.model_args.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise SetupError(f"Model argument {name} = {value}.", RANGES["model_args"])
    if plan.base_url is not None and not re.match(r"https?://[^/\s]", plan.base_url):
        raise SetupError(
            f"base_url = {plan.base_url!r} is not an address.", "Give one that begins with http://."
        )


def world_frames(plan: Plan) -> list[str]:
    """The plan's frames that offer a world."""
    return [name for name in plan.frames if name in worlds()]


def situations(plan: Plan) -> list[Situation]:
    """Every situation of a plan; a pure function of it."""
    offered = world_frames(plan) if "world" in plan.elicitations else []
    share = WORLD_SHARE if "terms" in plan.elicitations else 1.0
    in_world = max(round(share * plan.budget), SMALLEST) if offered else 0
    asked = []
    if "terms" in plan.elicitations:
        asked += default_design(plan.budget - in_world, plan.frames, plan.seed, "terms")
    if in_world:
        asked += default_design(in_world, offered, plan.seed, "world")
    return asked


def settle(plan: Plan, out: Path) -> None:
    """Make `out` the folder of this plan; `SetupError` if it holds another audit.

    A folder with the same plan is resumed. A folder without answers is taken over.
    """
    path = out / CONFIGURATION
    asked = found_logs(out / LOGS) if out.is_dir() else []
    if asked and path.exists():
        try:
            known = read_plan(out)
        except SetupError:
            _check_logs(plan, out)
        else:
            if known != plan:
                raise SetupError(
                    f"{out} holds an audit with another configuration.",
                    f"Repeat its command to resume it (see {path}), or choose another --out.",
                )
            return
    elif asked:
        _check_logs(plan, out)
    if asked:
        logger.warning(
            "%s was missing or damaged; the logs fit this command, so it was written again", path
        )
    text = json.dumps(plan.model_dump(mode="json"), indent=1) + "\n"
    write_whole(path, lambda target: target.write_text(text, encoding="utf-8"))


def _check_logs(plan: Plan, out: Path) -> None:
    """Raise `SetupError` unless the logs in a folder without a configuration fit this plan."""
    digest = design_digest(situations(plan))
    strange = [
        model
        for model, design in asked_designs(out / LOGS)
        if design != digest or model not in plan.models
    ]
    if strange:
        raise SetupError(
            f"{out / CONFIGURATION} is missing or damaged, and the logs beside it "
            f"({', '.join(sorted(strange))}) were not made by this command.",
            f"The logs are intact: repeat the command that made them, or report them with "
            f"`throffer report {out / LOGS} --out {out}-report`.",
        )


def read_plan(out: Path) -> Plan:
    """The plan of an audit's folder; `SetupError` if it is missing or cannot be read."""
    path = out / CONFIGURATION
    try:
        return Plan.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise SetupError(
            f"{path} is not the configuration of an audit ({type(error).__name__}).",
            f"Choose another --out; logs beside it are reported by `throffer report {out / LOGS}`.",
        ) from error
