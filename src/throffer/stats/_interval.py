"""One record for an estimate with its interval."""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

CONFIDENCE = 0.95
"""Probability content of every interval for which no other is asked."""


class Interval(BaseModel):
    """An estimate with the ends of its interval.

    A number that is unknown or infinite is None, and `why` then gives the reason. An interval with
    one end None is one-sided. The estimate of a bootstrap may lie outside of its interval.

    Args:
        estimate: The point estimate, in the unit of the quantity.
        low: Lower end, in the same unit.
        high: Upper end, not below `low`.
        confidence: Probability content, in (0, 1).
        why: Reason for a None, or a remark on the numbers.

    Raises:
        ValueError: For NaN or infinity, for ends in the wrong order, for a confidence outside
            (0, 1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: float | None
    low: float | None
    high: float | None
    confidence: float = Field(default=CONFIDENCE, gt=0, lt=1)
    why: str = ""

    @field_validator("estimate", "low", "high")
    @classmethod
    def _is_finite(cls, value: float | None) -> float | None:
        if value is not None and not math.isfinite(value):
            raise ValueError(f"{value} is not finite; give None, or use Interval.of")
        return value

    @model_validator(mode="after")
    def _is_ordered(self) -> Interval:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low = {self.low} is above high = {self.high}; swap them")
        return self

    @classmethod
    def of(
        cls,
        estimate: float,
        low: float,
        high: float,
        *,
        why: str = "",
        confidence: float = CONFIDENCE,
    ) -> Interval:
        """Build an interval from numbers that may be NaN or infinite; these become None.

        Args:
            estimate: The point estimate.
            low: Lower end.
            high: Upper end.
            why: Reason, kept only if one of the three became None.
            confidence: Probability content, in (0, 1).

        Returns:
            The interval.

        Example:
            >>> Interval.of(3.0, 2.0, float("inf"), why="the horizon ends first").high is None
            True
        """
        known = [finite_or_none(value) for value in (estimate, low, high)]
        return cls(
            estimate=known[0],
            low=known[1],
            high=known[2],
            confidence=confidence,
            why=why if None in known else "",
        )

    @classmethod
    def unknown(cls, why: str, *, confidence: float = CONFIDENCE) -> Interval:
        """Build an interval without any number.

        Args:
            why: The reason.
            confidence: Probability content that it would have had, in (0, 1).

        Returns:
            The interval, with None for all three numbers.
        """
        return cls(estimate=None, low=None, high=None, confidence=confidence, why=why)

    @property
    def value(self) -> float:
        """The estimate as a number for an array; NaN where it is None."""
        return math.nan if self.estimate is None else self.estimate

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper end as numbers for an array; NaN where an end is None."""
        low = math.nan if self.low is None else self.low
        return low, math.nan if self.high is None else self.high


def finite_or_none(value: float) -> float | None:
    """Turn NaN and infinity into None.

    Args:
        value: Any number.

    Returns:
        The number as a Python float, or None.
    """
    return float(value) if math.isfinite(value) else None
