"""Curves of people: counts, cluster intervals, rank trends, and sources that give no rate."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import somersd

from throffer.people import FIXED, PeopleCurve, load_people, pool_signs
from throffer.people.curves._curve import BinEnds, Dose, curve_of, somers_d
from throffer.record import diplomacy, games_moblab
from throffer.stats import wilson

CURVES = {curve.name: curve for curve in load_people()}


def dose(events: np.ndarray, trials: np.ndarray, **changes: object) -> Dose:
    fields = {
        "name": "n",
        "heading": "h",
        "source": diplomacy.SOURCE,
        "coordinate": "power",
        "outcome": "acts",
        "unsanctioned": True,
        "axis": "axis",
        "unit": "unit",
        "expected": "up",
        "why": "why",
        "bins": tuple(BinEnds(place, place) for place in range(events.shape[1])),
        "events": events,
        "trials": trials,
        "cluster_unit": "game",
        "note": "",
    }
    return Dose(**(fields | changes))  # type: ignore[arg-type]


def counts(name: str) -> list[tuple[int | None, int]]:
    return [(one.count, one.trials) for one in CURVES[name].bins]


def test_lies_by_score_difference_are_those_of_the_reference() -> None:
    assert counts("diplomacy-lies") == [
        (9, 142),
        (17, 711),
        (146, 4564),
        (301, 6011),
        (288, 4814),
        (97, 827),
        (29, 220),
    ]
    assert (CURVES["diplomacy-lies"].clusters, CURVES["diplomacy-lies"].cluster_unit) == (
        12,
        "game",
    )


def test_levels_of_hostility_by_capability_are_those_of_the_reference() -> None:
    levels = [counts(f"interstate-{name}") for name in ("threats", "displays", "force")]
    assert [trials for _, trials in levels[0]] == [
        64747, 14888, 20622, 12720, 13116, 12720, 20622, 14888, 64747,
    ]  # fmt: skip
    assert [one for one, _ in levels[0]] == [5, 3, 10, 10, 14, 9, 13, 10, 20]
    assert [one for one, _ in levels[1]] == [35, 23, 74, 79, 103, 122, 122, 59, 151]
    # force and war of the reference's columns L4 and L5
    assert [one for one, _ in levels[2]] == [152, 74, 187, 154, 218, 160, 249, 116, 230]


def test_disputes_by_number_of_democracies_are_those_of_the_reference() -> None:
    assert counts("interstate-democracies") == [(1061, 42552), (981, 42962), (186, 21487)]


def test_refusals_and_shares_of_the_games_are_those_of_the_reference() -> None:
    refused = [count for count, _ in counts("heffner-rejections")]
    assert refused == [1025, 859, 733, 593, 417, 301, 196, 60, 36, 13]
    minima = [round(one.rate, 4) for one in CURVES["moblab-minima"].bins]
    assert minima == [0.9508, 0.8028, 0.7354, 0.6069, 0.4026, 0.0804]
    given = [[round(one.rate, 4) for one in CURVES[f"{name}-shares"].bins]
             for name in ("forsythe", "moblab")]  # fmt: skip
    assert given == [[0.2261, 0.4590], [0.2586, 0.4426]]
    assert sum(count or 0 for count, _ in counts("forsythe-rejections")) == 12


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_a_curve_adds_up_and_its_intervals_contain_its_rates(curve: PeopleCurve) -> None:
    assert curve.trials == sum(one.trials for one in curve.bins)
    if curve.count is not None:
        assert curve.count == sum(one.count or 0 for one in curve.bins)
        assert all(one.rate == (one.count or 0) / one.trials for one in curve.bins)
    for one in curve.bins:
        assert one.interval_low is not None
        assert one.interval_high is not None
        assert one.interval_low <= one.rate <= one.interval_high
    assert curve.trend.low <= curve.trend.estimate <= curve.trend.high


def test_intervals_over_games_are_wider_than_those_over_messages() -> None:
    for one in CURVES["diplomacy-lies"].bins[2:6]:
        independent = wilson(one.count or 0, one.trials)
        assert one.interval_high is not None
        assert one.interval_low is not None
        assert one.interval_high - one.interval_low > independent.high - independent.low


def test_a_bin_without_events_has_the_wilson_interval_of_its_clusters() -> None:
    trials = np.full((20, 2), 50.0)
    events = np.zeros((20, 2))
    events[:5, 1] = 3.0
    first = curve_of(dose(events, trials), "x").bins[0]
    # 20 clusters without an event, not 1,000 trials
    assert (first.interval_low, first.interval_high) == pytest.approx(wilson(0, 20).ends)


def test_a_bin_with_one_cluster_has_no_interval() -> None:
    trials = np.array([[3.0, 0.0], [3.0, 4.0]])
    events = np.array([[1.0, 0.0], [2.0, 1.0]])
    assert curve_of(dose(events, trials), "x").bins[1].interval_low is None


def test_somers_d_equals_that_of_scipy() -> None:
    events, others = np.array([3.0, 1.0, 4.0, 9.0]), np.array([7.0, 5.0, 2.0, 6.0])
    table = np.array([others, events])
    expected = somersd(table.astype(int)).statistic
    assert float(somers_d(events, others)) == pytest.approx(expected)


def test_somers_d_equals_a_count_of_pairs() -> None:
    events, others = [2, 0, 1], [1, 1, 0]
    acts = [place for place, n in enumerate(events) for _ in range(n)]
    rest = [place for place, n in enumerate(others) for _ in range(n)]
    pairs = [np.sign(a - b) for a, b in product(acts, rest)]
    assert float(somers_d(np.array(events, float), np.array(others, float))) == np.mean(pairs)


def test_without_events_somers_d_is_nan() -> None:
    assert np.isnan(somers_d(np.zeros(3), np.ones(3)))


def test_no_rate_of_unsanctioned_conduct_comes_from_a_source_that_is_fixed() -> None:
    assert "ransomchats" in FIXED
    assert {curve.source for curve in CURVES.values() if curve.unsanctioned} & set(FIXED) == set()
    ones = np.ones((3, 2))
    with pytest.raises(ValidationError, match="no means of coercion"):
        curve_of(dose(ones, 2 * ones, source=games_moblab.SOURCE), "x")


def test_only_signs_are_pooled() -> None:
    signs = {sign.name: sign for sign in pool_signs([c for c in CURVES.values() if c.unsanctioned])}
    assert len(signs) == sum(curve.unsanctioned for curve in CURVES.values())
    # theory expects fewer disputes with more democracies: the sign is turned
    assert signs["interstate-democracies"].trend.estimate > 0
    assert CURVES["interstate-democracies"].trend.estimate < 0
    # rises and falls: most displays of force are near equality, not at the strong end
    displays = signs["interstate-displays"]
    assert displays.highest == "0.6 to 0.75"
    assert (displays.with_expected, displays.steps) == (5, 8)
    assert displays.turns
    assert not signs["diplomacy-lies"].turns
    assert "rate" not in signs["diplomacy-lies"]._fields


def test_a_curve_of_sanctioned_conduct_has_no_sign_to_pool() -> None:
    with pytest.raises(ValueError, match="heffner-rejections"):
        pool_signs([CURVES["heffner-rejections"]])


def test_a_trend_whose_interval_contains_zero_is_not_seen() -> None:
    rng = np.random.default_rng(0)
    trials = np.full((30, 3), 20.0)
    flat = curve_of(dose(rng.binomial(20, 0.3, (30, 3)).astype(float), trials), "x")
    assert pool_signs([flat])[0].verdict == "not seen"


def test_bins_are_labelled_by_their_ends() -> None:
    assert CURVES["diplomacy-lies"].labels() == [
        "-7 and below", "-6 to -4", "-3 to -1", "0", "+1 to +3", "+4 to +6", "+7 and above",
    ]  # fmt: skip
    assert CURVES["interstate-force"].labels()[0] == "0 to 0.05"
    assert CURVES["moblab-shares"].labels() == ["0, dictator", "1, ultimatum"]


def test_a_curve_forbids_unknown_fields() -> None:
    content = json.loads(CURVES["diplomacy-lies"].model_dump_json())
    with pytest.raises(ValidationError, match="surplus"):
        PeopleCurve.model_validate(content | {"surplus": 1})
