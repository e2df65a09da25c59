"""Fits on planted truth, and the traps: each is shown, then what removes it."""

import jax
import numpy as np
import pytest

from tests.series.planted import exponential, flat, power_law, settled
from throffer.series import (
    Background,
    EventSeries,
    Exponential,
    Hawkes,
    branching_interval,
    compare_backgrounds,
    fit_hawkes,
    hawkes_goodness_of_fit,
    parameter_intervals,
    poisson_times,
    simulate_hawkes,
)
from throffer.series._hawkes_fit import STRETCH, _crossing
from throffer.series._hawkes_likelihood import Objective


def held(interval, truth: float) -> bool:
    return interval.low is not None and interval.low <= truth <= interval.high


def test_an_exponential_process_is_found_again() -> None:
    series = simulate_hawkes(exponential(0.7, rate=0.3), 900.0, np.random.default_rng(0))
    fit = fit_hawkes(series)
    intervals = parameter_intervals(fit)
    assert fit.converged
    assert held(branching_interval(fit), 0.7)
    assert held(intervals["rate"], 1.0)
    assert held(intervals["background_0"], 0.3)


def test_a_power_law_process_is_found_again_and_beats_an_exponential_one() -> None:
    series = simulate_hawkes(power_law(0.7, 0.5, cutoff=0.1), 550.0, np.random.default_rng(3))
    fit = fit_hawkes(series, "power_law", starts=1)
    intervals = parameter_intervals(fit)
    assert held(branching_interval(fit), 0.7)
    assert held(intervals["exponent"], 0.5)
    assert fit.log_likelihood > fit_hawkes(series).log_likelihood


def test_the_effect_of_marks_is_found_again() -> None:
    rng = np.random.default_rng(2)
    pool = rng.normal(0, 1, 500)
    model = exponential(0.6)._replace(mark_effect=0.8, mark_scale=float(np.exp(0.8 * pool).mean()))
    series = simulate_hawkes(model, 700.0, rng, marks=pool)
    fit = fit_hawkes(series)
    assert held(parameter_intervals(fit)["mark_effect"], 0.8)
    assert held(branching_interval(fit), 0.6)


@pytest.mark.parametrize("knots", [1, 3])
@pytest.mark.parametrize("marked", [False, True])
def test_a_long_series_ends_where_the_bounded_search_does(
    knots: int, marked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    pool = rng.normal(0, 1, 500)
    model = exponential(0.6)
    if marked:
        model = model._replace(mark_effect=0.8, mark_scale=float(np.exp(0.8 * pool).mean()))
    series = simulate_hawkes(model, 16_000.0, rng, marks=pool if marked else None)
    assert series.times.size > 4 * STRETCH
    asked = []
    once = Objective.slope
    monkeypatch.setattr(
        Objective,
        "slope",
        lambda self, theta: (asked.append(self.series is series), once(self, theta))[1],
    )
    fit = fit_hawkes(series, knots=knots)
    quick = sum(asked)
    objective = Objective(series, "exponential", knots)
    with jax.enable_x64(True):
        found = objective.minimise(objective.grid()[0])
    assert fit.mode == pytest.approx(found.x, abs=2e-4)
    assert fit.converged
    assert quick < 12


def test_a_start_whose_curvature_is_no_minimums_is_searched_within_bounds() -> None:
    series = simulate_hawkes(exponential(0.7), 600.0, np.random.default_rng(1))
    objective = Objective(series, "exponential", 1)
    with jax.enable_x64(True):
        start = objective.grid()[0]
        found = objective.refine(start, -np.eye(start.size))
        assert found.x == pytest.approx(objective.minimise(start).x, abs=1e-9)


def test_the_unit_of_time_does_not_matter() -> None:
    series = simulate_hawkes(exponential(0.5), 900.0, np.random.default_rng(4))
    slow = EventSeries(series.times * 365.25, 0.0, series.end * 365.25)
    one, other = fit_hawkes(series), fit_hawkes(slow)
    assert float(one.model.ratio) == pytest.approx(float(other.model.ratio), rel=1e-4)
    assert float(one.model.kernel.rate) == pytest.approx(
        365.25 * float(other.model.kernel.rate), rel=1e-3
    )


def test_without_excitation_zero_is_not_excluded() -> None:
    times = poisson_times(flat(0.5), 0.0, 1800.0, np.random.default_rng(5))
    interval = branching_interval(fit_hawkes(EventSeries(times, 0.0, 1800.0)))
    assert interval.low is None
    assert "no excitation" in interval.why
    assert interval.high is not None
    assert interval.high < 0.35


def test_drift_passes_for_excitation_until_the_background_may_drift() -> None:
    drift = Background(np.array([0.0, 500.0, 1000.0]), np.log([0.1, 3.0, 0.2]))
    times = poisson_times(drift, 0.0, 1000.0, np.random.default_rng(6))
    fits = compare_backgrounds(EventSeries(times, 0.0, 1000.0), knots=(1, 3))
    # nothing excites anything here
    assert float(fits[0].model.ratio) > 0.85
    assert branching_interval(fits[1]).low is None
    assert fits[1].bic < fits[0].bic - 5


def test_a_background_that_may_drift_leaves_true_excitation() -> None:
    drift = Background(np.array([0.0, 1100.0]), np.log([0.15, 0.9]))
    model = Hawkes(drift, 0.5, Exponential(2.0))
    fits = compare_backgrounds(
        simulate_hawkes(model, 1100.0, np.random.default_rng(7)), knots=(1, 2)
    )
    assert float(fits[0].model.ratio) > float(fits[1].model.ratio) + 0.02
    assert held(branching_interval(fits[1]), 0.5)


def test_offspring_after_the_end_are_not_held_against_the_ratio() -> None:
    # slow memory: a tenth of the offspring and more come after the window
    rng = np.random.default_rng(8)
    model = power_law(0.8, 0.3, cutoff=1.0, rate=0.3)
    series = simulate_hawkes(model, 1000.0, rng)
    outside = 1 - np.asarray(model.kernel.cumulative(1000.0 - series.times)).mean()
    assert outside > 0.1
    assert held(branching_interval(fit_hawkes(series, "power_law", starts=1)), 0.8)


@pytest.mark.slow
def test_a_missing_past_lowers_the_ratio_and_history_mends_part_of_it() -> None:
    rng = np.random.default_rng(9)
    slow = exponential(0.8, rate=0.5, memory=0.02)
    cut, kept = [], []
    for _ in range(24):
        series = settled(slow, 900.0, rng, past=1500.0)
        cut.append(float(fit_hawkes(series.cut(2100.0, 2400.0)).model.ratio))
        kept.append(float(fit_hawkes(series.counting_from(2100.0)).model.ratio))
    assert np.mean(cut) < 0.5
    assert np.mean(kept) > np.mean(cut) + 0.1


def test_the_true_model_passes() -> None:
    rng = np.random.default_rng(10)
    series = simulate_hawkes(exponential(0.5), 750.0, rng)
    found = hawkes_goodness_of_fit(fit_hawkes(series), rng, draws=19)
    assert found.plain_p > 0.05
    assert found.distance < 0.05
    # parameters fitted to the same events pull the distance down
    assert found.p < found.plain_p


def test_events_more_regular_than_chance_fail() -> None:
    rng = np.random.default_rng(11)
    times = np.cumsum(rng.gamma(3, 1 / 3, 700))
    found = hawkes_goodness_of_fit(fit_hawkes(EventSeries(times, 0.0, times[-1])), rng, draws=19)
    assert found.p == 0.05
    assert found.distance > 0.1


@pytest.mark.parametrize(
    ("kernel", "events", "message"),
    [("gaussian", 50, "one of exponential"), ("exponential", 9, "a fit needs 10")],
)
def test_what_cannot_be_fitted_is_said(kernel: str, events: int, message: str) -> None:
    series = EventSeries(np.arange(1.0, events + 1), 0.0, 100.0)
    with pytest.raises(ValueError, match=message):
        fit_hawkes(series, kernel)  # type: ignore[arg-type]


def test_an_interval_stands_where_a_refit_from_the_other_side_ends_lower() -> None:
    # asked again, the fit ends lower and the sign is lost: only the first answer may count
    asked: dict[float, int] = {}

    def fall(value: float) -> float:
        asked[value] = asked.get(value, 0) + 1
        plain = abs(value) - 0.1
        return plain if asked[value] == 1 else -0.01

    found = _crossing(fall, 0.0, 5.0)
    assert found == pytest.approx(0.1, abs=1e-3)
