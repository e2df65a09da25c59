"""Curves of people: conduct counted along an axis of each source of the human record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from throffer.people.curves._curve import Dose
from throffer.people.curves._diplomacy import lies_by_score
from throffer.people.curves._division import (
    forsythe_rejections,
    forsythe_shares,
    heffner_rejections,
    impunity_refusals,
    moblab_minima,
    moblab_shares,
)
from throffer.people.curves._interstate import by_capability, by_democracy
from throffer.people.curves._repeated import breaches_by_noise, breaches_by_stakes

DOSES: tuple[Callable[[Path], list[Dose]], ...] = (
    lies_by_score,
    by_capability,
    by_democracy,
    breaches_by_stakes,
    breaches_by_noise,
    forsythe_shares,
    moblab_shares,
    heffner_rejections,
    moblab_minima,
    forsythe_rejections,
    impunity_refusals,
)
"""Functions that count, in the order in which curves are shown: unsanctioned conduct first."""

__all__ = ["DOSES"]
