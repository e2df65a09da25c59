"""Scenario files: institutions, the agents they deal with, and how amplification grows.

An uncertain number may be a range, `{low: 1, high: 4}`: ensembles draw from it, and the
sensitivity analysis shows which range matters most. Units: time in `time_unit`, contradiction in
pies (the value of an average agreement), so a rate of correction is in pies per unit of time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from jaxtyping import Float
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from throffer.game import AGENTS
from throffer.structure import FIELDS, Asymmetry

MOST_REGIMES = 10_000
"""Most regimes in a scenario file; for more, call the engine from Python."""


class Between(BaseModel):
    """An uncertain number, drawn evenly from `low` to `high`, or evenly in its logarithm."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"low = {self.low:g} must lie below high = {self.high:g}")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low = {self.low:g} must be above 0 on a log scale")
        return self

    def at(self, share: Float[np.ndarray, "*batch"]) -> Float[np.ndarray, "*batch"]:
        """The number at shares in [0, 1] of the range."""
        if self.scale == "log":
            return np.exp(math.log(self.low) + share * math.log(self.high / self.low))
        return self.low + share * (self.high - self.low)


Quantity = float | Between
"""A number, or a range in its place."""


def middle(value: Quantity) -> float:
    """A number, or the middle of its range."""
    return float(value.at(np.array(0.5))) if isinstance(value, Between) else float(value)


class Span(NamedTuple):
    """Admissible range of a field: from `low` to `high`; `above` excludes `low` itself."""

    low: float
    high: float
    above: bool

    def __str__(self) -> str:
        start = f"{'above' if self.above else 'at least'} {self.low:g}"
        start = start if self.low > -math.inf else ""
        end = f"at most {self.high:g}" if self.high < math.inf else ""
        return " and ".join(part for part in (start, end) if part) or "any number"

    def holds(self, value: float) -> bool:
        """Whether a number is admissible."""
        return self.low <= value <= self.high and not (self.above and value == self.low)


FROM_ZERO = Span(0.0, math.inf, False)
POSITIVE = Span(0.0, math.inf, True)
SHARE = Span(0.0, 1.0, False)
ANY = Span(-math.inf, math.inf, False)


def number(meaning: str, unit: str, default: Any = ..., *, span: Span = FROM_ZERO) -> Any:
    """A field for a number or a range; the schema gives its unit and admissible range."""
    limits: dict[str, Any] = {}
    if span.low > -math.inf:
        limits["exclusiveMinimum" if span.above else "minimum"] = span.low
    if span.high < math.inf:
        limits["maximum"] = span.high
    extra: dict[str, Any] = {"unit": unit, "admissible": str(span), **limits}
    if limits:  # a range is a mapping, to which limits of a number do not apply
        extra["properties"] = {"low": limits, "high": limits}
    return Field(default, description=meaning, json_schema_extra=extra)


def plain(meaning: str, default: Any = ..., unit: str = "1", **limits: Any) -> Any:
    """A field for a number that cannot be a range; the schema gives its unit."""
    return Field(default, description=meaning, json_schema_extra={"unit": unit}, **limits)


def span_of(field: FieldInfo) -> Span | None:
    """The admissible range of a field made by `number`; None for other fields."""
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or "admissible" not in extra:
        return None
    low = extra.get("minimum", extra.get("exclusiveMinimum", -math.inf))
    high = extra.get("maximum", math.inf)
    return Span(float(low), float(high), "exclusiveMinimum" in extra)  # type: ignore[arg-type]


def ends_of(value: Quantity) -> tuple[float, ...]:
    """A number, or both ends of a range."""
    return (value.low, value.high) if isinstance(value, Between) else (value,)


class Entry(BaseModel):
    """A frozen part of a scenario; unknown fields and numbers outside their range are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_values(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError("true and false are no numbers")
        return value

    @field_validator("*")
    @classmethod
    def _admissible(cls, value: Any, info: ValidationInfo) -> Any:
        field = cls.model_fields[info.field_name or ""]
        span = span_of(field)
        if span is None or value is None:
            return value
        for end in ends_of(value):
            if not span.holds(end):
                raise ValueError(f"{end:g} is not admissible for {field.description}: {span}")
        return value


Coordinate = Annotated[float, Field(ge=0, lt=1)]


class Population(Entry):
    """Dyads that agents meet: evenly spread over ranges of the asymmetry coordinates."""

    power: tuple[Coordinate, Coordinate] = plain("least and most asymmetry of power", (0.0, 0.5))
    information: tuple[Coordinate, Coordinate] = plain(
        "least and most asymmetry of information", (0.0, 0.5)
    )
    constraint: tuple[Coordinate, Coordinate] = plain(
        "least and most asymmetry of constraint", (0.0, 0.5)
    )
    dyads: int = plain("number of dyads that represent the population", 512, ge=1, le=100_000)
    fields: dict[str, float] = Field(
        default_factory=dict, description="dyad fields held at a number, such as legitimacy: 0.5"
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name in ("power", "information", "constraint"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name} = [{low:g}, {high:g}] runs backwards")
        unknown = sorted(set(self.fields) - set(FIELDS))
        if unknown:
            raise ValueError(f"fields names {unknown[0]!r}; fields of a dyad: {', '.join(FIELDS)}")
        return self


class Agents(Entry):
    """Preferences of the agents, the dyads they meet, and how amplification changes both.

    `preferences` is a reference agent (planted, rational, sanctioned, people) or the path of an
    audit's report.json, in which `model` selects the model. `episodes` is an Episode table that
    replaces the population. Paths are relative to the scenario file. `loss` replaces all of this by
    a constant c, the expected loss per interaction.
    """

    preferences: str = "planted"
    model: str | None = None
    population: Population = Population()
    episodes: str | None = None
    loss: Quantity | None = number("expected loss per interaction", "pies", None)
    intelligence: float = plain("e_i: precision grows as A^e_i", 0.0, ge=-5, le=5)
    power: float = plain("e_p: harm and its cost grow as A^e_p", 0.0, ge=-5, le=5)

    @field_validator("preferences")
    @classmethod
    def _known_agent(cls, value: str) -> str:
        if not value.endswith(".json") and value not in AGENTS:
            raise ValueError(f"is no reference agent ({', '.join(AGENTS)}) and no report.json")
        return value


class GrowthPart(Entry):
    """dA/dt = r (1 - phi_0 A^(-e_phi)) A^(1+delta); `throffer.amplify.Growth`."""

    rate: Quantity = number("growth rate r", "1/time")
    friction: Quantity = number("friction phi_0", "1", 0.0, span=Span(0.0, 0.999, False))
    wear: Quantity = number("wear e_phi of friction", "1", 0.0)
    acceleration: Quantity = number("acceleration delta", "1", 0.0)
    feedback: Quantity = number(
        "feedback kappa of collapses on growth", "1", 0.0, span=Span(-1.0, math.inf, False)
    )
    ceiling: float = plain("A at which the model ends", 1e6, gt=1, le=1e12)


class Powers(Entry):
    """Exponents of A: pace e_s, contact e_w, capacity e_g, lag e_tau."""

    pace: Quantity = number("power of A of pace", "1", 1.0, span=ANY)
    contact: Quantity = number("power of A of contact", "1", 0.0, span=ANY)
    capacity: Quantity = number("power of A of capacity", "1", 0.0, span=ANY)
    lag: Quantity = number("power of A of lag", "1", 0.0, span=ANY)


class RegimeGroup(Entry):
    """One regime, or `count` equal ones: inflow, correction, and margin at which it collapses."""

    name: str = Field(min_length=1, max_length=80, pattern=r"^[\w \-]+$")
    count: int = plain("number of equal regimes", 1, ge=1, le=MOST_REGIMES)
    pace: Quantity = number("pace nu of interactions", "interactions/time")
    capacity: Quantity = number("capacity gamma of correction", "1/time", span=POSITIVE)
    saturation: Quantity = number("saturation chi of correction", "pies", span=POSITIVE)
    lag: Quantity = number("mean lag tau until correction sees", "time", span=POSITIVE)
    margin: Quantity = number("margin m at which it collapses", "pies", span=POSITIVE)
    noise: Quantity = number("noise sigma", "pies/sqrt(time)", 0.0)
    initial: Quantity = number("contradiction at the start", "pies", 0.0)
    values: list[list[float]] | None = Field(
        None, description="value positions: one for the whole group, or one for each regime"
    )

    @model_validator(mode="after")
    def _begins_below_its_margin(self) -> Self:
        most, least = max(ends_of(self.initial)), min(ends_of(self.margin))
        if most >= least:
            raise ValueError(
                f"initial = {most:g} must lie below margin = {least:g}, where a regime collapses"
            )
        return self

    @model_validator(mode="after")
    def _positions(self) -> Self:
        if self.values is None:
            return self
        if len(self.values) not in (1, self.count) or len({len(v) for v in self.values}) != 1:
            raise ValueError(
                f"values holds {len(self.values)} positions for {self.count} regimes; give one "
                "for all or one for each, all of one length"
            )
        return self


class Network(Entry):
    """Links between regimes: W_jk = `weight` on every link, in interactions per interaction."""

    kind: Literal["none", "ring", "complete", "random"] = "none"
    weight: float = plain("W of a link", 1.0, "interactions/interaction", ge=0)
    degree: float = plain("mean number of links of a random network", 4.0, gt=0)


class CollapsePart(Entry):
    """What a collapse does to the regime and to the others; `throffer.amplify.Collapse`."""

    recovery: Quantity | None = number("time until it stands again", "time", None, span=POSITIVE)
    handover: Quantity = number(
        "share of its inflow that others receive while it is down", "1", 0.0, span=SHARE
    )
    spill: Quantity = number(
        "share of its contradiction that others receive at once", "1", 0.0, span=SHARE
    )
    sharing: Literal["equal", "neighbours"] = "equal"


class Intervention(Entry):
    """A lever: factors that multiply fields, to compare the run with and without them.

    Keys are `regimes.FIELD` (all groups), `regimes.NAME.FIELD`, `growth.rate` and the other numbers
    of growth, exponents and collapse, `shared_noise`, `population.power` and the like (both ends of
    its range), `population.opacity` or another field of a dyad, or `loss` (c itself).
    """

    name: str = Field(min_length=1, max_length=80)
    multiply: dict[str, Annotated[float, Field(ge=0, le=1000)]] = Field(min_length=1)


class Scenario(Entry):
    """A whole scenario file; docs/how-to/amplify.md explains every field."""

    name: str = Field(min_length=1, max_length=120)
    description: str = ""
    time_unit: str = Field(default="year", min_length=1, max_length=20)
    horizon: float = plain("how far to look", unit="time", gt=0, le=1e9)
    trajectories: int = plain("runs with draws of their own", 2000, ge=50, le=1_000_000)
    steps: int = plain("steps of time to the horizon", 2000, ge=50, le=1_000_000)
    seed: int = plain("of all that is drawn", 1, ge=0, lt=2**63)
    agents: Agents = Agents()
    growth: GrowthPart
    exponents: Powers = Powers()
    regimes: list[RegimeGroup] = Field(min_length=1)
    network: Network = Network()
    collapse: CollapsePart = CollapsePart()
    stages: int = plain("stages n of the lag", 3, ge=1, le=20)
    shared_noise: Quantity = number(
        "share of the variance of noise that is common to all", "1", 0.0, span=SHARE
    )
    levers: list[Intervention] = Field(default_factory=list, max_length=20)
    sensitivity: int = Field(
        0,
        description="base samples of the Sobol indices, a power of two; 0: none",
        json_schema_extra={"unit": "1", "enum": [0, *(2**power for power in range(17))]},
        ge=0,
        le=65_536,
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.count > MOST_REGIMES:
            raise ValueError(f"{self.count} regimes are more than {MOST_REGIMES}")
        names = [group.name for group in self.regimes]
        if len(set(names)) < len(names):
            raise ValueError(f"regimes: names occur twice: {', '.join(names)}")
        dimensions = {len(position) for group in self.regimes for position in group.values or [[]]}
        if len(dimensions) > 1:
            raise ValueError("regimes: either all have values of one length, or none has values")
        if self.collapse.sharing == "neighbours" and self.network.kind == "none":
            raise ValueError("collapse.sharing = neighbours needs a network.kind other than none")
        if self.sensitivity & (self.sensitivity - 1):
            raise ValueError(f"sensitivity = {self.sensitivity} is no power of two")
        for lever in self.levers:
            self.factors(lever.multiply, f"lever {lever.name!r}")
        return self

    @property
    def count(self) -> int:
        """Number of regimes."""
        return sum(group.count for group in self.regimes)

    def ranges(self) -> dict[str, Between]:
        """Every uncertain number by its path, such as `regimes.court.lag`."""
        return {
            path: value for path, (value, _) in self.numbers().items() if isinstance(value, Between)
        }

    def numbers(self) -> dict[str, tuple[Quantity, Span]]:
        """Every given number or range of the scenario by its path, with its admissible range."""
        parts: list[tuple[str, Entry]] = [
            (name, getattr(self, name)) for name in ("growth", "exponents", "collapse", "agents")
        ]
        parts += [(f"regimes.{group.name}", group) for group in self.regimes]
        found = {}
        for place, entry in [*parts, ("", self)]:
            for name, field in type(entry).model_fields.items():
                span, value = span_of(field), getattr(entry, name)
                if span is not None and value is not None:
                    found[f"{place}.{name}" if place else name] = (value, span)
        return found

    def factors(self, multiply: Mapping[str, float], whose: str = "multiply") -> dict[str, float]:
        """Factor of every number that a lever changes; `regimes.lag` changes all groups.

        Factors of `loss` and `population` are applied where c is computed.

        Raises:
            ValueError: For a path that names no number, and for a factor that moves a number out of
                its admissible range.
        """
        numbers = self.numbers()
        factors: dict[str, float] = {}
        for path, factor in multiply.items():
            head, _, field = path.partition(".")
            if path == "loss" or (head == "population" and self._meets(field)):
                continue
            groups = self.regimes if head == "regimes" else []
            every = [f"regimes.{group.name}.{field}" for group in groups]
            touched = [each for each in (path, *every) if each in numbers and head != "agents"]
            if not touched:
                raise ValueError(
                    f"{whose} names {path!r}, which changes nothing here; such are regimes.lag, "
                    "regimes.NAME.capacity, growth.rate, population.power and loss"
                )
            for each in touched:
                factors[each] = factors.get(each, 1.0) * factor
        for path, factor in factors.items():
            value, span = numbers[path]
            wrong = [factor * end for end in ends_of(value) if not span.holds(factor * end)]
            if wrong:
                raise ValueError(f"{whose} makes {path} {wrong[0]:g}; admissible is {span}")
        return factors

    def _meets(self, field: str) -> bool:
        """Whether c depends on this field of the population."""
        coordinates = Asymmetry._fields if self.agents.episodes is None else ()
        return self.agents.loss is None and field in (*coordinates, *FIELDS)
