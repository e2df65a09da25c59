"""CaSiNo and Deal or No Deal, compared with the printed digits of the reference statistics."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.record.printed import with_interval
from throffer.record import SOURCES, Coded, casino, code_source, rates
from throffer.record.sources import dealornodeal


@pytest.fixture(scope="module")
def talks(folder: Path) -> list[dict[str, Any]]:
    return casino.read_dialogues(SOURCES["casino"].raw(folder))


@pytest.fixture(scope="module")
def campers(talks: list[dict[str, Any]]) -> pl.DataFrame:
    return casino.summarise(talks)


@pytest.fixture(scope="module")
def deals(folder: Path) -> Coded:
    return code_source("casino", folder)


def test_campers_agree_as_often_as_the_reference(campers: pl.DataFrame) -> None:
    ends = dict(campers["end"].value_counts().rows())
    assert ends == {"Accept-Deal": 2 * 1005, "Walk-Away": 2 * 25}
    assert with_interval(1005, 1030) == "0.9757 0.9644 0.9835"


def test_numbers_of_lines_and_actions_equal_the_reference(talks: list[dict[str, Any]]) -> None:
    texts = [line["text"] for talk in talks for line in talk["chat_logs"]]
    assert (len(texts), f"{len(texts) / len(talks):.2f}") == (14297, "13.88")
    assert (texts.count("Submit-Deal"), texts.count("Reject-Deal")) == (1181, 167)


def test_points_of_campers(campers: pl.DataFrame) -> None:
    points = campers["points"]
    assert (points.len(), f"{points.mean():.3f}", f"{points.std():.3f}") == (
        2060,
        "18.637",
        "3.537",
    )
    agreed = campers.filter(pl.col("end") == "Accept-Deal").unique("dialogue")
    joint, gap = agreed["points"] + agreed["other"], (agreed["points"] - agreed["other"]).abs()
    assert f"{joint.mean():.3f} {joint.std():.3f} {gap.mean():.3f}" == "37.953 2.079 4.144"
    assert f"{joint.mean() / 2:.3f} {100 * (gap == 0).mean():.2f}" == "18.977 4.58"


def test_campers_with_the_same_priorities_have_less_to_share(campers: pl.DataFrame) -> None:
    joint, gap = pl.col("points") + pl.col("other"), (pl.col("points") - pl.col("other")).abs()
    agreed = pl.col("end") == "Accept-Deal"
    table = (
        campers.unique("dialogue")
        .group_by("matching")
        .agg(
            n=pl.len(),
            agreed=agreed.mean(),
            joint=joint.filter(agreed).mean(),
            gap=gap.filter(agreed).mean(),
        )
        .sort("matching")
    )
    found = [f"{m} {n} {a:.4f} {j:.2f} {g:.2f}" for m, n, a, j, g in table.rows()]
    assert found == [
        "0 256 0.9805 39.39 4.46",
        "1 517 0.9787 38.20 4.16",
        "3 257 0.9650 36.00 3.79",
    ]


def test_points_by_social_value_orientation(campers: pl.DataFrame) -> None:
    table = campers.group_by("svo").agg(pl.col("points").mean(), pl.len()).sort("svo")
    assert [f"{svo} {mean:.3f} {n}" for svo, mean, n in table.rows()] == [
        "proself 18.823 1002",
        "prosocial 18.488 1021",
        "unclassified 17.730 37",
    ]


def test_strategies_of_campers(talks: list[dict[str, Any]]) -> None:
    counts, total = casino.count_strategies(talks)
    assert total == 4615
    assert counts == {
        "non-strategic": 1455,
        "small-talk": 1054,
        "self-need": 964,
        "promote-coordination": 579,
        "vouch-fair": 439,
        "other-need": 409,
        "elicit-pref": 377,
        "showing-empathy": 254,
        "no-need": 196,
        "uv-part": 131,
    }
    rates_from_the_top = [f"{count / total:.4f}" for count in sorted(counts.values(), reverse=True)]
    assert rates_from_the_top == [
        *("0.3153", "0.2284", "0.2089", "0.1255", "0.0951"),
        *("0.0886", "0.0817", "0.0550", "0.0425", "0.0284"),
    ]
    assert sum(bool(talk["annotations"]) for talk in talks) == 396


def test_a_submitted_deal_is_placed_by_what_it_leaves_the_other(deals: Coded) -> None:
    # dialogue 157: camper 1 (firewood 5, food 4, water 3) keeps 2, 1, 1 and leaves 1, 2, 2 to
    # camper 2, who ranks alike: 5 + 8 + 6 = 19. Together at most 3 (5 + 4 + 3) = 36; walk-away 5.
    row = deals.table.filter(pl.col("id") == "casino/dialogue-157/11").row(0, named=True)
    assert row["accept"] == pytest.approx((19 - 5) / 36)
    assert row["outside_counterpart"] == row["outside_agent"] == pytest.approx(5 / 36)
    assert row["concession"] == pytest.approx(14 / 26)
    assert (row["outcome"], row["answer"], row["role"]) == ("even", "accepted", "camper 1")


def test_every_submitted_deal_and_walk_away_is_an_episode(deals: Coded) -> None:
    table = deals.table
    assert table.height == 1181 + 25
    assert table.filter(pl.col("outcome") == "withdraw").height == 25
    answers = dict(table.filter(pl.col("outcome") != "withdraw")["answer"].value_counts().rows())
    assert answers == {"accepted": 1005, "refused": 167 + 9}


@pytest.fixture(scope="module")
def dialogues(folder: Path) -> pl.DataFrame:
    frame, left_out = dealornodeal.read_dialogues(SOURCES["dealornodeal"].raw(folder))
    assert left_out.height == 402
    return frame


@pytest.fixture(scope="module")
def agreed(dialogues: pl.DataFrame) -> pl.DataFrame:
    return dialogues.filter(pl.col("result") == "agree")


def test_both_views_are_joined_and_classed_as_in_the_reference(dialogues: pl.DataFrame) -> None:
    assert dialogues.height == 5916
    assert dict(dialogues["result"].value_counts().rows()) == {
        "agree": 4765,
        "no_agreement": 704,
        "conflict": 408,
        "disconnect": 39,
    }
    assert dialogues["scenario"].n_unique() == 2250
    assert with_interval(4765, 5916 - 39) == "0.8108 0.8006 0.8206"
    assert f"{4765 / 5916:.4f}" == "0.8054"


def test_points_of_agreements(agreed: pl.DataFrame) -> None:
    first, second = agreed["first"], agreed["second"]
    points, joint = pl.concat([first, second]), first + second
    assert f"{points.mean():.3f} {points.std():.3f}" == "7.470 1.687"
    assert f"{joint.mean():.3f} {agreed['best'].mean():.3f}" == "14.941 15.725"
    gap = (first - second).abs()
    shares = [100 * (joint == agreed["best"]).mean(), 100 * (gap == 0).mean()]
    assert f"{shares[0]:.1f} {gap.mean():.3f} {shares[1]:.1f}" == "58.1 1.935 16.0"
    assert f"{agreed['utterances'].mean():.2f}" == "4.34"


def test_the_first_speaker_gets_more(agreed: pl.DataFrame) -> None:
    unequal = agreed.filter(pl.col("first") != pl.col("second"))
    more = (unequal["first"] > unequal["second"]).sum()
    assert (more, unequal.height) == (2363, 4003)
    assert with_interval(more, unequal.height) == "0.5903 0.5750 0.6054"
    assert f"{agreed['first'].mean():.3f} {agreed['second'].mean():.3f}" == "7.681 7.259"


def test_agreement_falls_where_both_want_the_same(dialogues: pl.DataFrame) -> None:
    met = dialogues.filter(pl.col("result") != "disconnect").with_columns(
        band=(pl.col("overlap") * 4 + 1e-9).floor().clip(0, 3),
        agrees=pl.col("result") == "agree",
        joint=pl.col("first") + pl.col("second"),
    )
    table = rates(met, "band", "agrees").join(
        met.group_by("band").agg(pl.col("joint").mean()), on="band"
    )
    found = [
        f"{n} {with_interval(k, n)} {joint:.2f}" for _, k, n, _, joint in table.sort("band").rows()
    ]
    assert found == [
        "1441 0.9244 0.9095 0.9369 17.50",
        # 25,329 points over 1,655 agreements; the reference prints 15.31
        "1879 0.8808 0.8654 0.8947 15.30",
        "1989 0.7114 0.6911 0.7309 13.05",
        "568 0.6391 0.5988 0.6775 11.27",
    ]


def test_the_side_that_needs_one_item_more_gets_a_larger_share(agreed: pl.DataFrame) -> None:
    share = pl.col("first") / (pl.col("first") + pl.col("second"))
    own = agreed.select(gap="concentration", share=share)
    both = pl.concat([own, own.select(gap=-pl.col("gap"), share=1 - pl.col("share"))])
    edges = [-4, -2, -1, 0, 1, 3]
    table = (
        both.with_columns(band=pl.col("gap").cut(edges, labels=[*"abcdefg"]).cast(pl.String))
        .group_by("band")
        .agg(pl.col("share").mean(), pl.len())
        .sort("band")
    )
    assert [f"{mean:.4f} {n}" for _, mean, n in table.rows()] == [
        "0.4240 1263",
        "0.4756 1756",
        "0.4875 648",
        "0.5000 2196",
        "0.5125 648",
        "0.5244 1756",
        "0.5760 1263",
    ]
    slope = np.polyfit(both["gap"].to_numpy(), both["share"].to_numpy(), 1)[0]
    assert f"{slope:.4f} {both.select(pl.corr('gap', 'share')).item():.3f}" == "0.0149 0.499"


def test_agreements_of_unknown_proposers_have_no_outcome(folder: Path) -> None:
    table = code_source("dealornodeal", folder).table
    assert table["outcome"].null_count() == table.height == 5916
    assert (table["completed"].sum(), table["completed"].null_count()) == (4765, 39)
    assert table["accept"].count() == 4765
