"""The reference agent `people`: preferences fitted to what people did, as a table that ships.

The numbers come from games without any lever or false promise. They say nothing of the norms
against coercion and deception, and the table says so: `estimate` is null, and `used` is what the
agent plays with instead.
"""

from __future__ import annotations

import functools
import importlib.resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from throffer.structure import SetupError

TABLE = Path(str(importlib.resources.files("throffer.game") / "people.json"))
"""Where the package keeps the table."""


class Number(BaseModel):
    """A fitted preference with its interval; units of `Preferences`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: float
    low: float
    high: float


class Norm(BaseModel):
    """The norm against one conduct: null where no game could show it, and what is used instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: float | None
    used: float
    why: str


class DataSource(BaseModel):
    """Whose choices these are; `data` is the checksum of the raw files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    citation: str
    licence: str
    data: str


class PeopleAgent(BaseModel):
    """What is known of people as an agent of theory, section 2.

    Attributes:
        numbers: `precision`, `guilt`, `counterpart_precision`, `counterpart_envy`.
        lapse: share of offers that follow nothing in the model. The agent plays without it: a lapse
            in dividing a pie is no lapse into a threat.
        names: of the fit, on the unconstrained scale (`log_`, `logit_`).
        covariance: of the fit, on the unconstrained scale (`log_`, `logit_`).
        norms: by conduct.
        trials: choices, and persons or pairs who made them.
        clusters: choices, and persons or pairs who made them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fit: str
    numbers: dict[str, Number]
    lapse: Number
    names: tuple[str, ...]
    mode: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    norms: dict[str, Norm]
    trials: int
    clusters: int
    sources: tuple[DataSource, ...]
    code_version: str
    note: str


@functools.cache
def load_people_agent(path: Path = TABLE) -> PeopleAgent:
    """The table that ships; `SetupError` for a damaged installation.

    ```python
    >>> people = load_people_agent()
    >>> people.norms["blackmail"].estimate is None
    True

    ```
    """
    try:
        return PeopleAgent.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read ({error}).", "Install throffer again.") from error
