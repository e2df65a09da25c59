"""Ransoms: estimators checked by hand and on planted data, and the table rebuilt from raw files."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from throffer.people import ransom_table
from throffer.people.ransom import (
    FACTS,
    RansomTable,
    apply_rules,
    fit_ransoms,
    judge,
    load_ransoms,
    ransom_frame,
    read_openings,
    regress,
)
from throffer.people.ransom._openings import NAMED, RESTORE, SHOWN, _timed
from throffer.stats import Interval

PAGE = Path(__file__).parents[2] / "docs" / "record" / "ransom.md"


@pytest.fixture(scope="module")
def frame(folder: Path) -> pl.DataFrame:
    return ransom_frame(folder)


@pytest.fixture(scope="module")
def table(folder: Path) -> RansomTable:
    return ransom_table(folder)


def planted(rng: np.random.Generator, groups: int = 12) -> pl.DataFrame:
    """y = 1 + 0.5 x + 2 fact + group + noise; `first` and `second` code the fact with errors."""
    group = np.repeat(np.arange(groups), rng.integers(1, 12, groups))
    fact = rng.random(len(group)) < 0.5
    x = rng.normal(size=len(group))
    effect = rng.normal(scale=0.5, size=groups)[group]
    y = 1 + 0.5 * x + 2 * fact + effect + rng.normal(scale=0.5, size=len(group))
    codings = [np.where(rng.random(len(group)) < 0.15, ~fact, fact) for _ in range(2)]
    return pl.DataFrame(
        {"group": [f"g{g}" for g in group], "x": x, "y": y, "fact": fact}
        | {"first": codings[0], "second": codings[1]}
    )


def test_intervals_cover_planted_effects_with_few_unequal_groups() -> None:
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(150):
        effect = regress(planted(rng), "y", {"x": "x", "fact": "fact"}).effects["fact"]
        low, high = effect.ends
        covered.append(low < 2 < high)
    assert 0.92 <= np.mean(covered) <= 0.995


def test_a_coding_with_errors_draws_to_zero_and_a_second_one_mends_it() -> None:
    rng = np.random.default_rng(4)
    frame = planted(rng, groups=400)
    alone = regress(frame, "y", {"x": "x", "first": "first"}).effects["first"].estimate
    mended = regress(frame, "y", {"x": "x", "first": "second"}).effects["first"]
    # with 15 % errors in each: slope 2 (1 - 2 0.15) = 1.4; instrument 2 / (1 - 2 0.15) = 2.86
    assert alone == pytest.approx(1.4, abs=0.15)
    assert mended.estimate == pytest.approx(2 / 0.7, abs=0.3)


def test_within_groups_differences_between_groups_have_no_effect() -> None:
    frame = pl.DataFrame(
        {
            "group": ["a"] * 4 + ["b"] * 4 + ["c"],
            "x": [0.0, 1, 2, 3, 0, 1, 2, 4, 9],
            "y": [10.0, 11, 12, 13, 0, 1, 2, 4, 70],
        }
    )
    fit = regress(frame, "y", {"x": "x"}, within=True)
    assert fit.effects["x"].estimate == pytest.approx(1)
    # the chat that is alone in its group compares with nothing
    assert (fit.rows, fit.groups) == (8, 2)


def test_a_fact_that_two_rows_show_is_not_estimated() -> None:
    rng = np.random.default_rng(5)
    frame = planted(rng).with_columns(rare=pl.int_range(pl.len()) < 2)
    rare = regress(frame, "y", {"x": "x", "rare": "rare"}).effects["rare"]
    assert (rare.estimate, rare.why) == (None, "fewer than 3 rows show it, or lack it")


def test_an_effect_that_one_group_alone_shows_has_no_interval() -> None:
    frame = planted(np.random.default_rng(8)).with_columns(own=pl.col("group") == "g3")
    own = regress(frame, "y", {"x": "x", "own": "own"}).effects["own"]
    assert own.estimate is not None
    assert (own.low, own.high, own.why) == (None, None, "one group alone determines it")


def test_rows_with_a_null_are_left_out_and_counted() -> None:
    frame = planted(np.random.default_rng(6))
    fit = regress(frame.with_columns(pl.when(pl.col("x") < 1).then("x")), "y", {"x": "x"})
    assert fit.rows + fit.left_out == frame.height
    assert fit.left_out == (frame["x"] >= 1).sum()


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ((0.1, 0.5), "as predicted"),
        ((-0.1, 0.5), "open"),
        ((-0.5, -0.1), "against"),
        ((math.nan, math.nan), "not estimated"),
    ],
)
def test_verdicts_compare_the_interval_with_the_predicted_region(
    ends: tuple[float, float], verdict: str
) -> None:
    assert judge(Interval.of(sum(ends) / 2, *ends), (0, math.inf)) == verdict


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("You have two days to pay.", True),
        ("The timer is running.", True),
        ("Reply by Friday or we publish.", True),
        ("It takes 3 hours to decrypt.", False),
        ("We will leak everything.", False),
    ],
)
def test_a_deadline_is_a_name_or_a_time_with_a_consequence(text: str, deadline: bool) -> None:
    assert bool(NAMED.search(text) or _timed(text)) is deadline


@pytest.mark.parametrize(
    ("text", "shown"),
    [("list.7z // 3 MB", True), ("Here are the files", True), ("We can send you proof.", False)],
)
def test_proof_is_shown_and_not_offered(text: str, shown: bool) -> None:
    assert bool(SHOWN.search(text)) is shown


@pytest.mark.parametrize(
    ("text", "says"),
    [("We have a backup.", True), ("We do not need your decryptor", True), ("Help us!", False)],
)
def test_backups_are_found_if_victims_say_that_they_need_no_key(text: str, says: bool) -> None:
    assert bool(RESTORE.search(text)) is says


def test_first_demands_read_are_those_coded_with_the_prices(frame: pl.DataFrame) -> None:
    both = frame.drop_nulls(["demand_usd", "initial_demand_usd"]).filter(
        pl.col("discount").is_not_null()
    )
    assert both.height == 47
    assert (both["demand_usd"] == both["initial_demand_usd"]).all()


def test_every_long_chat_was_read(folder: Path) -> None:
    assert set(read_openings()["chat"]) == set(apply_rules(folder)["chat"])


def test_prices_lie_below_the_baseline_and_within_the_demand(table: RansomTable) -> None:
    assert table.accept[0] >= -1
    assert table.accept[-1] < 0


def test_the_shipped_table_is_what_the_raw_files_give(table: RansomTable) -> None:
    shipped = load_ransoms()
    fields = {"data", "chats", "paid", "priced", "known"}
    assert table.model_dump(include=fields) == shipped.model_dump(include=fields)
    assert table.accept == pytest.approx(shipped.accept)
    for now, then in zip(table.agreement, shipped.agreement, strict=True):
        assert now.model_dump(exclude={"kappa"}) == then.model_dump(exclude={"kappa"})
        assert now.kappa == pytest.approx(then.kappa)
    for now, then in zip(table.effects, shipped.effects, strict=True):
        assert (now.model, now.term, now.verdict) == (then.model, then.term, then.verdict)
        assert [now.value, now.low, now.high] == pytest.approx([then.value, then.low, then.high])


def test_prices_rise_less_than_demands_whichever_way_facts_are_coded(frame: pl.DataFrame) -> None:
    for coding in ("reading", "rules", "both"):
        for within in (False, True):
            effect = fit_ransoms(frame, "price", coding, within=within).effects["demand"]
            assert effect.ends[1] < 1


def test_the_page_prints_the_numbers_of_the_table() -> None:
    shipped = load_ransoms()
    page = PAGE.read_text("utf-8")
    for effect in shipped.effects:
        if effect.within_groups or effect.coding == "both":
            continue
        assert f"{effect.value:+.2f} [{effect.low:+.2f}, {effect.high:+.2f}]" in page
    for one in shipped.agreement:
        row = f"| {one.fact} | {one.both} | {one.reading_alone} | {one.rules_alone} | {one.neither}"
        assert f"{row} | {one.kappa:.2f} |" in page
    assert {one.fact for one in shipped.agreement} == set(FACTS)
