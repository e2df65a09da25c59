"""Payments and prices, compared with the printed digits of the reference statistics."""

import math
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from tests.record.printed import with_interval
from throffer.record import SOURCES, code_source, ransomchats


@pytest.fixture(scope="module")
def labels(folder: Path) -> pl.DataFrame:
    return ransomchats.read_labels(SOURCES["ransomchats"].raw(folder)).filter("distinct")


@pytest.fixture(scope="module")
def prices(labels: pl.DataFrame) -> pl.DataFrame:
    return labels.filter("paid").drop_nulls("discount")


def quartiles(values: pl.Series) -> list[float]:
    found = [values.quantile(q, "linear") for q in (0.25, 0.5, 0.75)]
    return [value for value in found if value is not None]


def spearman(first: pl.Series, second: pl.Series) -> str:
    frame = pd.DataFrame({"a": first.to_list(), "b": second.to_list()})
    return f"{frame['a'].corr(frame['b'], method='spearman'):.3f}"


def test_numbers_of_chats_and_messages_equal_the_reference(folder: Path) -> None:
    means = ransomchats.read_means(SOURCES["ransomchats"].raw(folder))
    assert (means.height, means["messages"].sum()) == (259, 12446)


def test_payments(labels: pl.DataFrame) -> None:
    assert (labels["paid"].sum(), labels.height) == (67, 251)
    assert with_interval(67, 251) == "0.2669 0.2160 0.3249"
    long = labels.filter(pl.col("n_messages") >= 20)
    assert (long["paid"].sum(), long.height) == (67, 182)
    assert with_interval(67, 182) == "0.3681 0.3015 0.4403"


def test_demands_and_final_prices(prices: pl.DataFrame) -> None:
    initial, final = prices["initial_demand_usd"], prices["final_usd"]
    assert prices.height == 52
    assert [round(value) for value in quartiles(initial)] == [195000, 350325, 957500]
    assert [round(value) for value in quartiles(final)] == [100000, 150000, 300000]
    assert f"{initial.mean():.0f} {final.mean():.0f}" == "1140589 316083"


def test_discounts(prices: pl.DataFrame) -> None:
    discount = prices["discount"]
    low, middle, high = quartiles(discount)
    found = [middle, discount.mean(), discount.std(), low, high]
    assert [f"{value:.3f}" for value in found] == ["0.554", "0.551", "0.230", "0.394", "0.691"]
    assert f"{math.exp((1 - discount).log().mean()):.3f}" == "0.371"  # type: ignore[arg-type]
    certain = prices.filter(~pl.col("note").fill_null("").str.contains("inferred"))
    assert (certain.height, f"{certain['discount'].median():.3f}") == (43, "0.556")


def test_larger_demands_are_cut_more(prices: pl.DataFrame) -> None:
    demand = pl.col("initial_demand_usd")
    band = sum(((demand > edge).cast(int) for edge in (100e3, 500e3, 1e6)), start=pl.lit(0))
    table = (
        prices.group_by(band=band)
        .agg(pl.len(), pl.col("final_usd").median(), pl.col("discount").median())
        .sort("band")
    )
    assert table["len"].to_list() == [7, 22, 12, 11]
    assert [round(value / 1000) for value in table["final_usd"]] == [35, 125, 253, 500]
    assert [f"{value:.3f}" for value in table["discount"]] == ["0.375", "0.495", "0.677", "0.857"]
    initial = prices["initial_demand_usd"]
    assert spearman(initial, prices["final_usd"]) == "0.846"
    assert spearman(initial, prices["discount"]) == "0.624"


def test_all_final_prices(labels: pl.DataFrame) -> None:
    final = labels.filter("paid")["final_usd"].drop_nulls()
    assert (final.len(), final.median(), f"{final.mean():.0f}") == (59, 150000, "308462")


# chats / messages / paid of each group
GROUPS = (
    "Akira 69/2977/24, lockbit3.0 42/2220/3, Conti 32/1709/10, REvil 20/1065/6, "
    "Dragonforce 14/375/0, trinity 14/713/4, Hive 8/372/1, Avaddon 7/380/2, Nightspire 7/367/5, "
    "fog 6/333/3, Darkside 5/425/2, BlackBasta 4/207/3, Mallox 3/108/1, Babuk 2/150/0, "
    "BlackMatter 2/121/0, NoEscape 2/10/0, Qilin 2/39/0, Ranzy 2/56/0, SilentRansomGroup 2/85/0, "
    "Avos 1/86/1, Cloak 1/54/0, Hunters International 1/29/0, Pear 1/42/0, RansomHub 1/1/0, "
    "RunSomeWares 1/27/0, kairos 1/41/1, mount-locker 1/60/1"
)


def test_chats_by_group(labels: pl.DataFrame) -> None:
    table = labels.group_by("group").agg(pl.len(), pl.col("n_messages").sum(), pl.col("paid").sum())
    found = {f"{name} {chats}/{lines}/{paid}" for name, chats, lines, paid in table.rows()}
    assert found == set(GROUPS.split(", "))


@pytest.mark.parametrize(
    ("text", "locked", "published"),
    [
        ("You get the decryptor after payment.", True, False),
        ("Otherwise everything goes to our blog.", False, True),
        ("Hello. How can we help?", False, False),
    ],
)
def test_means_are_read_from_the_attackers_words(text: str, locked: bool, published: bool) -> None:
    assert bool(ransomchats.LOCKED.search(text)) is locked
    assert bool(ransomchats.PUBLISHED.search(text)) is published


def test_distinct_chats_are_episodes_without_text_or_refusals(folder: Path) -> None:
    coded = code_source("ransomchats", folder)
    table = coded.table
    assert (table.height, coded.skipped.height) == (251, 8)
    assert dict(table["answer"].value_counts().rows()) == {"accepted": 67, None: 184}
    assert table["text"].null_count() == table.height
    levers = table.group_by("outcome").agg(pl.col("lever").unique()).rows()
    assert dict(levers) == {"blackmail": ["leverage"], "extortion": ["force"], None: [None]}


def test_a_victim_that_pays_ends_below_its_baseline_by_price_over_demand(folder: Path) -> None:
    table = code_source("ransomchats", folder).table
    paid = table.drop_nulls("accept")
    assert paid.height == 52
    assert paid["accept"].is_between(-1, 0).all()
    assert f"{paid['accept'].median():.3f}" == "-0.446"
    gain = 1 - table["outside_agent"] - table["outside_counterpart"]
    assert gain.unique().to_list() == [0.0]
