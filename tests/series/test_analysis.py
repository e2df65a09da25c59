"""A file to its answer: planted truth is found, null data give null answers, bad input is named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.series.planted import exponential
from throffer.series import (
    SeriesResult,
    SeriesSettings,
    analyse_series,
    simulate_hawkes,
)
from throffer.structure import SetupError

PAGE = Path(__file__).parents[2] / "docs" / "collapse.md"


def write(path: Path, header: str, rows: object) -> Path:
    path.write_text("\n".join([header, *map(str, rows), ""]))  # type: ignore[call-overload]
    return path


def approach(last: float, seed: int, count: int = 500) -> np.ndarray:
    """First-order series whose memory rises evenly from .1 to `last`."""
    noise = np.random.default_rng(seed).standard_normal(count)
    value = np.zeros(count)
    for place, memory in enumerate(np.linspace(0.1, last, count)):
        value[place] = memory * value[place - 1] + noise[place]
    return value


def pareto(count: int, seed: int) -> np.ndarray:
    """Exponent 2.5 from 1 on."""
    return (1 - np.random.default_rng(seed).uniform(size=count)) ** (-1 / 1.5)


@pytest.fixture(scope="module")
def hawkes(tmp_path_factory: pytest.TempPathFactory) -> SeriesResult:
    series = simulate_hawkes(exponential(0.6), 320.0, np.random.default_rng(3))
    file = write(tmp_path_factory.mktemp("hawkes") / "events.csv", "time", series.times)
    settings = SeriesSettings(kind="events", knots=(1, 3), draws=19, start="0", end="320")
    return analyse_series(file, settings)


def test_a_planted_branching_ratio_is_found(hawkes: SeriesResult) -> None:
    assert hawkes.events is not None
    ratio = hawkes.events.backgrounds[0].ratio
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 0.6 < ratio.high
    assert hawkes.events.excitation == "shown"
    assert hawkes.events.chosen == 1
    assert hawkes.events.window_given


def test_the_chart_of_events_adds_up(hawkes: SeriesResult) -> None:
    found = hawkes.events
    assert found is not None
    assert sum(each.count for each in found.bins) == found.count
    # at the maximum of the likelihood the expected number is the number seen
    assert sum(each.expected for each in found.bins) == pytest.approx(found.count, rel=1e-3)
    assert all(each.background < each.expected for each in found.bins[1:])


def test_the_result_names_what_makes_it_again(hawkes: SeriesResult) -> None:
    assert set(hawkes.identity) == {"configuration", "code_version", "seed", "data"}
    assert len(hawkes.identity["data"]) == 64
    again = SeriesResult.model_validate_json(hawkes.model_dump_json())
    assert again == hawkes


def test_poisson_events_leave_no_excitation_possible(tmp_path: Path) -> None:
    times = np.sort(np.random.default_rng(1).uniform(0, 300, 200))
    file = write(tmp_path / "quiet.csv", "time", times)
    settings = SeriesSettings(kind="events", knots=(1,), draws=19, start="0", end="300")
    found = analyse_series(file, settings).events
    assert found is not None
    assert found.backgrounds[0].ratio.low is None
    assert found.excitation == "not_shown"
    assert all(peak.origin == "cannot_tell" for peak in found.peaks)
    assert found.growth.faster != "shown"


def test_a_planted_shock_is_a_peak_from_outside(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    # lags from 1 to 1,000 with density t^-0.7: memory of a critical process after a shock
    lags = (1 + rng.uniform(size=600) * (1000**0.3 - 1)) ** (1 / 0.3)
    times = np.sort(np.concatenate([4000 + lags, rng.uniform(0, 8000, 200)]))
    file = write(tmp_path / "shock.csv", "time", times)
    settings = SeriesSettings(kind="events", knots=(1,), draws=0, start="0", end="8000")
    found = analyse_series(file, settings).events
    assert found is not None
    assert found.goodness.p is None
    assert "asked for" in found.goodness.why
    largest = max(found.peaks, key=lambda peak: peak.events)
    assert abs(largest.time - 4000) < 100
    assert largest.origin == "exogenous_critical"


def test_days_are_spread_and_the_rounding_is_stated(tmp_path: Path) -> None:
    series = simulate_hawkes(
        exponential(0.5, rate=0.3, memory=0.2), 400.0, np.random.default_rng(2)
    )
    days = np.datetime64("2020-01-01") + np.floor(series.times).astype("timedelta64[D]")
    file = write(tmp_path / "days.csv", "what,date", [f"x,{day}" for day in days])
    result = analyse_series(file, SeriesSettings(knots=(1,), draws=0))
    assert result.reading.kind == "events"
    assert result.reading.time == "date"
    assert result.events is not None
    assert result.events.rounding == 1
    assert result.events.start_label == str(days.min())
    ratio = result.events.backgrounds[0].ratio
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 0.5 < ratio.high


def test_an_approach_to_a_fold_alarms_and_white_noise_does_not(tmp_path: Path) -> None:
    fold = write(tmp_path / "fold.csv", "value", approach(0.98, 4))
    found = analyse_series(fold).values
    assert found is not None
    assert found.alarm == "both"
    noise = np.random.default_rng(5).standard_normal(500)
    white = analyse_series(write(tmp_path / "white.csv", "value", noise)).values
    assert white is not None
    assert white.alarm == "none"


def test_noise_that_grows_is_no_alarm_by_itself(tmp_path: Path) -> None:
    noise = np.random.default_rng(6).standard_normal(500) * np.linspace(1, 3, 500)
    found = analyse_series(write(tmp_path / "louder.csv", "value", noise)).values
    assert found is not None
    assert found.alarm == "variance"


def test_the_rates_of_alarms_are_those_that_the_page_on_collapse_prints(tmp_path: Path) -> None:
    file = write(tmp_path / "value.csv", "value", approach(0.5, 0))
    found = analyse_series(file).values
    assert found is not None
    page = PAGE.read_text("utf-8")
    for rate in found.rates:
        cells = " | ".join(
            f"{each.estimate:.3f} ({each.low:.3f} to {each.high:.3f})".replace("0.", ".")
            for each in (rate.variance, rate.autocorrelation, rate.both)
        )
        assert cells in page, rate.run


def test_long_series_are_averaged_and_say_so(tmp_path: Path) -> None:
    file = write(tmp_path / "long.csv", "value", np.random.default_rng(7).standard_normal(4001))
    result = analyse_series(file)
    assert result.values is not None
    assert (result.values.block, result.values.points) == (2, 2000)
    assert "averaged in blocks of 2" in result.notes[0]


def test_a_planted_tail_is_found_without_dragon_kings(tmp_path: Path) -> None:
    file = write(tmp_path / "losses.csv", "loss", pareto(300, 8))
    found = analyse_series(file, SeriesSettings(kind="sizes")).sizes
    assert found is not None
    assert found.exponent.low is not None
    assert found.exponent.high is not None
    assert found.exponent.low < 2.5 < found.exponent.high
    assert found.fits
    assert found.outsized == []
    assert found.outsized_p is not None
    assert found.outsized_p > 0.05


def test_planted_dragon_kings_are_found(tmp_path: Path) -> None:
    sizes = np.concatenate([pareto(300, 8), [4000.0, 5000.0, 6000.0]])
    file = write(tmp_path / "losses.csv", "loss", sizes)
    found = analyse_series(file, SeriesSettings(kind="sizes")).sizes
    assert found is not None
    assert found.outsized == [6000.0, 5000.0, 4000.0]


def test_the_same_file_and_seed_give_the_same_result(tmp_path: Path) -> None:
    file = write(tmp_path / "losses.csv", "loss", pareto(100, 9))
    settings = SeriesSettings(kind="sizes", seed=3)
    assert analyse_series(file, settings) == analyse_series(file, settings)


def test_every_kind_of_file_reads_the_same(tmp_path: Path) -> None:
    values = approach(0.5, 1, 60).round(6)
    plain = write(tmp_path / "v.csv", "x,value", [f"a,{each}" for each in values])
    packed = tmp_path / "v.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    lines = tmp_path / "v.jsonl"
    lines.write_text("\n".join(json.dumps({"x": "a", "value": each}) for each in values))
    columns = tmp_path / "v.parquet"
    pl.DataFrame({"x": ["a"] * 60, "value": values}).write_parquet(columns)
    found = [analyse_series(path).values for path in (plain, packed, lines, columns)]
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize(
    ("name", "text", "settings", "message"),
    [
        ("a.csv", "", {}, "is empty"),
        ("a.csv", "time\n", {}, "a header and no rows"),
        ("a.csv", "time\n1.5\n", {"kind": "events"}, "has no length"),
        ("a.csv", "time\n1\n2.5\n", {"kind": "events"}, "2 events; a fit needs at least 10"),
        ("a.csv", "1\n2\n", {}, "line 1: '1' is data; the header is missing"),
        ("a.csv", "a;b\n1;2\n", {}, "the separator is not a comma"),
        ("a.csv", "a,a\n1,2\n", {}, "line 1: 'a' is there twice"),
        ("a.csv", "a,b\n1,2,3\n", {}, "cannot be read"),
        ("a.csv", "x\n1\n2\n3\n", {}, "may be times of events or growing values"),
        ("a.csv", "a,b\n1,2\n2,1\n", {}, "not clear how to read its columns 'a', 'b'"),
        ("a.csv", "value\n3\nmany\n2\n", {}, "line 3: value is 'many', no finite number"),
        ("a.csv", "value\n3\n1\ninf\n", {}, "line 4: value is 'inf', no finite number"),
        ("a.csv", "value\n3\n1\n\n2\n", {"kind": "values"}, "line 4: value is missing"),
        ("a.csv", "value\n3\n1\n2\n", {}, "3 values in 'value'"),
        ("a.csv", "value\n3\n1\n", {"column": "size"}, "has no column 'size'; it has 'value'"),
        ("a.csv", "time\n1\nnan\n2\n", {"kind": "events"}, "line 3: time is 'nan'"),
        ("a.csv", "time\n2020-01-01\n01/02/2020\n", {}, "line 3: time is '01/02/2020'"),
        ("a.csv", "time\n2020-01-01\n2020-02-30\n", {}, "line 3: time is '2020-02-30'"),
        ("a.csv", "size\n1\n-2\n", {"kind": "sizes"}, "line 3: size is -2"),
        ("a.jsonl", '{"a": 1, "a": 2}\n', {}, "'a' is there twice"),
        ("a.jsonl", "[1, 2]\n", {}, "is no object"),
        ("a.txt", "time\n", {}, "is no .csv"),
    ],
)
def test_bad_input_is_refused_with_its_place(
    name: str, text: str, settings: dict[str, str], message: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(SetupError) as caught:
        analyse_series(file, SeriesSettings.model_validate(settings))
    assert message in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([f"{k},{k % 7}" for k in (*range(30), 29, *range(30, 60))], "line 32: t is the same as"),
        ([f"{k},{k % 7}" for k in (*range(30), 5, *range(30, 60))], "line 32: t is before"),
        ([f"{k + 9 * (k > 40)},{k % 7}" for k in range(60)], "line 43: the gap in t is 10, and 1"),
    ],
)
def test_values_need_times_that_rise_evenly(rows: list[str], message: str, tmp_path: Path) -> None:
    file = write(tmp_path / "v.csv", "t,v", rows)
    with pytest.raises(SetupError, match=message):
        analyse_series(file, SeriesSettings(column="v", time="t"))


def test_exact_times_that_are_the_same_are_refused_until_their_rounding_is_stated(
    tmp_path: Path,
) -> None:
    years = np.sort(np.random.default_rng(0).integers(1900, 1990, 60))
    file = write(tmp_path / "wars.csv", "year", years)
    with pytest.raises(SetupError, match=r"shares its time with line .* --resolution"):
        analyse_series(file, SeriesSettings(kind="events", knots=(1,), draws=0))
    found = analyse_series(
        file, SeriesSettings(kind="events", knots=(1,), draws=0, resolution=1)
    ).events
    assert found is not None
    assert (found.count, found.rounding) == (60, 1)


def test_intervals_of_time_are_two_columns(tmp_path: Path) -> None:
    starts = np.sort(np.random.default_rng(0).uniform(0, 100, 40))
    rows = [f"{each},{each + 2}" for each in starts]
    file = write(tmp_path / "spans.csv", "earliest,latest", rows)
    result = analyse_series(file, SeriesSettings(knots=(1,), draws=0))
    assert result.reading.rule == "the file has columns earliest and latest"
    assert result.events is not None
    assert result.events.rounding == pytest.approx(2)
    wrong = write(tmp_path / "wrong.csv", "earliest,latest", [*rows, "9,9"])
    with pytest.raises(SetupError, match="line 42: the interval from 9 to 9 is empty"):
        analyse_series(wrong)


@pytest.mark.parametrize("knots", [(), (1, 1), (0,), (21,)])
def test_knots_out_of_range_are_refused(knots: tuple[int, ...], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="knots"):
        analyse_series(tmp_path / "none.csv", SeriesSettings(knots=knots))


@pytest.mark.slow
def test_a_million_rows_take_bounded_time(tmp_path: Path) -> None:
    values = np.random.default_rng(0).standard_normal(1_000_000)
    file = tmp_path / "v.parquet"
    pl.DataFrame({"value": values}).write_parquet(file)
    found = analyse_series(file).values
    assert found is not None
    assert (found.count, found.block, found.alarm) == (1_000_000, 250, "none")
