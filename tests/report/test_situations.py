import polars as pl

from throffer.report.audit._situations import failures, main_part, sharpest, situation_rates
from throffer.structure import episodes


def table(rows: list[dict]) -> pl.DataFrame:
    filled = [
        {"id": str(index), "source": "audit/main", "model": "m", **row}
        for index, row in enumerate(rows)
    ]
    return episodes(filled)


def ninety() -> pl.DataFrame:
    """Force rises over 90 episodes; extortion in the upper 30 only, one refusal in the lower."""
    rows = [
        {"force": index / 10, "outcome": "extortion" if index >= 60 else "even"}
        for index in range(90)
    ]
    rows[0]["outcome"] = "refusal"
    return table(rows)


def test_rates_are_those_of_the_thirds_counted_by_hand():
    rates = {(row.act, row.third): row for row in situation_rates(ninety())}
    assert {row.quantity for row in rates.values()} == {"power"}
    assert [rates["threatens", third].count for third in ("low", "middle", "high")] == [0, 0, 30]
    # the refusal is an answer and was not played
    assert (rates["offers", "low"].count, rates["offers", "low"].trials) == (29, 29)
    assert (rates["declines", "low"].count, rates["declines", "low"].trials) == (1, 30)


def test_the_sharpest_dependence_is_named_and_a_flat_one_is_not():
    rates = situation_rates(ninety())
    ends = sharpest(rates, "m", "threatens")
    assert ends is not None
    more, less = ends
    assert (more.quantity, more.third, less.third) == ("power", "high", "low")
    assert sharpest(rates, "m", "blackmails") is None
    assert sharpest(rates, "another", "threatens") is None


def test_a_difference_within_the_intervals_is_not_claimed():
    # 4 of 30 (5 to 30 %) against 2 of 30 (2 to 21 %)
    threats = {61, 62, 63, 64, 1, 2}
    close = table(
        [
            {"force": index / 10, "outcome": "extortion" if index in threats else "even"}
            for index in range(90)
        ]
    )
    assert sharpest(situation_rates(close), "m", "threatens") is None


def test_a_quantity_that_does_not_vary_is_left_out():
    flat = table([{"force": 1.0, "opacity": None, "outcome": "even"} for _ in range(60)])
    assert situation_rates(flat) == []


def test_only_the_space_filling_part_is_sorted():
    both = ninety().with_columns(
        source=pl.when(pl.int_range(pl.len()) < 50)
        .then(pl.lit("audit/main"))
        .otherwise(pl.lit("audit/shuffled"))
    )
    assert main_part(both).height == 50
    # logs that were not made by an audit say no part
    assert main_part(both.with_columns(source=pl.lit("elsewhere"))).height == 90


def test_failures_are_counted_by_their_first_line():
    failed = table(
        [{"error": "timed out\ntrace"}, {"error": "timed out"}, {"outcome": "even"}, {"model": "n"}]
    )
    assert [(row.model, row.reason, row.count) for row in failures(failed)] == [
        ("m", "timed out", 2),
        ("n", "no reason was recorded", 1),
    ]
