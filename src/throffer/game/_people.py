"""The reference agent `people`: preferences fitted to people, in a table inside the package.

The numbers come from games that offer no lever and no false promise. Such games cannot measure
norms against coercion and deception. For these the table has `estimate` null and, under `used`,
the value that the agent plays with.
"""

from __future__ import annotations

import functools
import importlib.resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from throffer.structure import SetupError

TABLE = Path(str(importlib.resources.files("throffer.game") / "people.json"))
"""Path of the table."""


class Number(BaseModel):
    """A fitted preference with its interval, in the units of `Preferences`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: float
    low: float
    high: float


class Norm(BaseModel):
    """The norm against one conduct.

    Attributes:
        estimate: the fitted norm; None if no game of the sources can measure it.
        used: the value that the agent plays with.
        why: reason for the value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: float | None
    used: float
    why: str


class DataSource(BaseModel):
    """A data set that the agent was fitted to; `data` is the checksum of its raw files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    citation: str
    licence: str
    data: str


class PeopleAgent(BaseModel):
    """People as an agent of theory, section 2, with the fit that the numbers come from.

    Attributes:
        fit: name of the fit.
        numbers: `precision`, `guilt`, `counterpart_precision`, `counterpart_envy`.
        lapse: share of offers that the model does not explain. The agent plays without it, because
            a lapse in dividing a pie would become a random threat in other games.
        names: names of the fitted parameters, on the unconstrained scale (`log_`, `logit_`).
        mode: their estimates, in the order of `names`.
        covariance: their covariance, in the order of `names`.
        norms: norms by conduct.
        trials: number of choices.
        clusters: number of persons or pairs who made them.
        sources: the data sets.
        code_version: version of the package that made the fit.
        note: what the fit covers, in words.
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
    """Read the table of the agent `people`.

    Raises:
        SetupError: If the file is missing or damaged.

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
