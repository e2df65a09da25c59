"""The likelihood and the compensator against sums written out, and against other libraries."""

import hawkesbook
import jax
import numpy as np
import pytest

from tests.series.planted import exponential, flat, power_law
from throffer.series import (
    Background,
    EventSeries,
    Exponential,
    Hawkes,
    PowerLaw,
    simulate_hawkes,
)
from throffer.series._hawkes import compensator, expected_count, log_likelihood
from throffer.series._hawkes_likelihood import observe

SERIES = EventSeries(np.array([0.4, 0.5, 1.9, 3.0, 3.1, 7.5]), 0.0, 9.0)


def written_out(model: Hawkes, series: EventSeries) -> float:
    """The log-likelihood by double sums."""
    marks = np.zeros(series.times.size) if series.marks is None else series.marks
    productive = np.exp(model.mark_effect * marks) / model.mark_scale
    total = -float(model.background.integral(series.origin, series.end))
    for place, time in enumerate(series.times):
        late = float(model.kernel.cumulative(series.end - time))
        early = float(model.kernel.cumulative(max(series.origin - time, 0.0)))
        total -= float(model.ratio) * productive[place] * (late - early)
        if time >= series.origin:
            lags = time - series.times[:place]
            excited = productive[:place] @ np.asarray(model.kernel.density(lags))
            total += np.log(float(model.background.rate(time)) + float(model.ratio) * excited)
    return total


@pytest.mark.parametrize("kernel", [Exponential(1.3), PowerLaw(0.4, 0.2)])
@pytest.mark.parametrize("origin", [0.0, 2.0])
def test_the_likelihood_is_the_double_sum(kernel, origin: float) -> None:
    with jax.enable_x64(True):
        marks = np.array([0.1, -1.0, 0.3, 2.0, 0.0, 0.5])
        background = Background(np.array([0.0, 4.0, 9.0]), np.array([-1.0, 0.2, -0.4]))
        model = Hawkes(background, 0.6, kernel, 0.4, float(np.exp(0.4 * marks).mean()))
        series = EventSeries(SERIES.times, 0.0, 9.0, marks, origin)
        found = float(log_likelihood(model, observe(series)))
        assert found == pytest.approx(written_out(model, series), rel=1e-6)


def test_the_exponential_likelihood_is_that_of_hawkesbook() -> None:
    model = exponential(0.6, rate=0.4, memory=1.3)
    theirs = hawkesbook.exp_log_likelihood(SERIES.times, SERIES.end, np.array([0.4, 0.78, 1.3]))
    with jax.enable_x64(True):
        assert float(log_likelihood(model, observe(SERIES))) == pytest.approx(theirs, rel=1e-9)


def test_the_power_law_likelihood_is_that_of_hawkesbook() -> None:
    # theirs is k / (c + t)^p, so that n = k / (theta c^theta) and p = 1 + theta
    theta, c, ratio = 0.7, 0.3, 0.5
    k = ratio * theta * c**theta
    theirs = hawkesbook.power_log_likelihood(
        SERIES.times, SERIES.end, np.array([0.4, k, c, 1 + theta])
    )
    with jax.enable_x64(True):
        model = power_law(ratio, theta, c, rate=0.4)
        assert float(log_likelihood(model, observe(SERIES))) == pytest.approx(theirs, rel=1e-4)


@pytest.mark.parametrize("model", [exponential(0.6), power_law(0.5, 0.4)])
def test_the_compensator_ends_at_the_expected_count(model: Hawkes) -> None:
    with jax.enable_x64(True):
        to_last = EventSeries(SERIES.times, 0.0, float(SERIES.times[-1]))
        seen = observe(to_last)
        last = float(compensator(model, seen)[to_last.times.size - 1])
        before_first = 0.5 * SERIES.times[0]
        whole = float(expected_count(model, seen))
        assert last == pytest.approx(whole - before_first, rel=1e-5)


def test_padding_changes_nothing() -> None:
    with jax.enable_x64(True):
        seen = observe(SERIES)
        count = SERIES.times.size
        bare = jax.tree.map(lambda column: column[:count] if column.ndim else column, seen)
        for model in (exponential(0.6), power_law(0.5, 0.4)):
            full, cut = log_likelihood(model, seen), log_likelihood(model, bare)
            assert float(full) == pytest.approx(float(cut), rel=1e-12)


def test_offspring_are_as_many_as_the_branching_ratio_says() -> None:
    rng = np.random.default_rng(0)
    series = simulate_hawkes(exponential(0.75, rate=1.0), 20_000.0, rng)
    assert series.count / 20_000 == pytest.approx(1 / (1 - 0.75), rel=0.03)


def test_a_supercritical_process_is_given_up_with_a_remedy() -> None:
    with pytest.raises(ValueError, match="lower the ratio"):
        simulate_hawkes(exponential(1.5), 1e4, np.random.default_rng(0), limit=10_000)


def test_shocks_bring_offspring_of_their_own() -> None:
    rng = np.random.default_rng(1)
    quiet = Hawkes(flat(1e-9), 0.5, Exponential(1.0))
    series = simulate_hawkes(quiet, 100.0, rng, shocks=np.full(2000, 10.0))
    # each shock begins a cluster of 1/(1 - n) events on average
    assert series.count == pytest.approx(4000, rel=0.05)
    assert series.times[0] == 10.0
