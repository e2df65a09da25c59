"""Disputes of relevant pairs of states, compared with the printed reference statistics."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from throffer.record import SOURCES, Raw, code_source, interstate, rates
from throffer.stats import wilson

RATIOS = [1.5, 3.0, 10.0, 30.0, 100.0]
SHARES = [0.05, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.95]


def band(value: pl.Expr, edges: Sequence[float]) -> pl.Expr:
    """Index of the band; a band includes its lower end."""
    return pl.sum_horizontal((value >= edge).cast(pl.Int64) for edge in edges)


@pytest.fixture(scope="module")
def raw(folder: Path) -> Raw:
    return SOURCES["interstate"].raw(folder)


@pytest.fixture(scope="module")
def dyads(raw: Raw) -> pl.DataFrame:
    every = interstate.read_dyads(raw).with_columns(band=band(pl.col("ratio"), RATIOS))
    for name, originators in (("level", True), ("joined", False)):
        levels = interstate.highest_levels(interstate.read_onsets(raw, originators=originators))
        every = every.join(levels.rename({"level": name}), on=interstate.DYAD, how="left")
    return every.with_columns(
        any=pl.col("level").is_not_null(), any_joined=pl.col("joined").is_not_null()
    )


@pytest.fixture(scope="module")
def directed(raw: Raw) -> pl.DataFrame:
    return interstate.read_directed(raw).with_columns(
        band=band(pl.col("share"), SHARES), begun=pl.col("level").is_not_null()
    )


def test_state_years_and_relevant_dyads_are_as_many_as_the_reference(
    raw: Raw, dyads: pl.DataFrame
) -> None:
    states = interstate.read_state_years(raw)
    assert states.height == 15561
    members = states.group_by("year").len()["len"]
    assert (members * (members - 1) // 2).sum() == 918345
    assert dyads.height == 119535
    assert dyads["cinc1"].min() > 0 < dyads["cinc2"].min()  # type: ignore[operator]


# ratio band: n, any, P(any), 95 % Wilson, P(threat), P(display), P(force), P(war)
BANDS = """
6558 326 .04971 .04471 .05524 .00091 .01327 .03278 .00274
12720 520 .04088 .03758 .04446 .00134 .01336 .02429 .00189
22558 680 .03014 .02799 .03246 .00075 .00807 .01951 .00182
22384 368 .01644 .01486 .01819 .00071 .00433 .01068 .00071
22631 266 .01175 .01043 .01324 .00035 .00371 .00703 .00066
32684 177 .00542 .00468 .00627 .00018 .00110 .00404 .00009
"""


def test_disputes_by_ratio_of_capabilities(dyads: pl.DataFrame) -> None:
    lines = []
    for _, k, n, rate in rates(dyads, "band", "any").rows():
        members = dyads.filter(pl.col("band") == len(lines))
        levels = [(members["level"] == level).sum() / n for level in range(2, 6)]
        numbers = [rate, *wilson(k, n).ends, *levels]
        lines.append(" ".join([str(n), str(k), *(f"{value:.5f}"[1:] for value in numbers)]))
    assert lines == BANDS.split("\n")[1:-1]
    counts = [(dyads["level"] == level).sum() for level in range(2, 6)]
    assert (dyads["any"].sum(), counts) == (2337, [70, 656, 1494, 117])
    assert f"{dyads['any'].mean():.5f}" == "0.01955"


def test_disputes_with_those_who_joined(dyads: pl.DataFrame) -> None:
    table = rates(dyads, "band", "any_joined")
    assert table["k"].to_list() == [382, 632, 843, 488, 351, 238]
    assert table["k"].sum() == 2934
    rounded = ".05825 .04969 .03737 .02180 .01551 .00728"
    assert [f"{rate:.5f}"[1:] for rate in table["rate"]] == rounded.split()
    wars = dyads.filter(pl.col("joined") == 5).group_by("band").len().sort("band")
    assert wars["len"].to_list() == [40, 71, 108, 71, 59, 20]


def test_onset_dyad_years_in_and_out_of_the_relevant_dyads(raw: Raw) -> None:
    found = [
        interstate.highest_levels(interstate.read_onsets(raw, originators=first)).height
        for first in (True, False)
    ]
    assert found == [2612, 3462]


# who: n, disputes, rates by ratio band (None where the reference gives none)
GROUPS = {
    "contiguous": (40108, 1697, ".05495 .04948 .04708 .02801 .03316 .02418"),
    "land": (23840, 1353, ".06247 .06844 .06469 .03419 .04096 .03918"),
    "contiguous minor": (30342, 1190, ".04759 .04403 .04623 .01995 .02887 .01084"),
    "majors": (3028, 195, ".10086 .06645 .03918 .03571"),
    "remote": (79427, 640, ".02773 .02106 .01089 .01036 .00723 .00401"),
}


@pytest.mark.parametrize("group", GROUPS)
def test_disputes_by_nearness_and_rank(dyads: pl.DataFrame, group: str) -> None:
    near = pl.col("conttype").is_not_null()
    which = {
        "contiguous": near,
        "land": pl.col("conttype") == 1,
        "contiguous minor": near & (pl.col("majors") == 0),
        "majors": pl.col("majors") == 2,
        "remote": ~near,
    }
    members = dyads.filter(which[group])
    n, k, expected = GROUPS[group]
    assert (members.height, members["any"].sum()) == (n, k)
    found = [f"{rate:.5f}"[1:] for rate in rates(members, "band", "any")["rate"]]
    assert found[: len(expected.split())] == expected.split()


# share band: n, initiations, P, 95 % Wilson, levels 2 to 5, P(response), 95 % Wilson
INITIATIONS = """
64747 192 .00297 .00258 .00341 5/35/147/5 .391 .324 .461
14888 100 .00672 .00553 .00816 3/23/72/2 .440 .347 .538
20622 271 .01314 .01168 .01479 10/74/172/15 .601 .542 .658
12720 243 .01910 .01687 .02163 10/79/142/12 .601 .538 .660
13116 335 .02554 .02298 .02838 14/103/204/14 .573 .520 .625
12720 291 .02288 .02042 .02562 9/122/150/10 .526 .468 .582
20622 385 .01867 .01691 .02061 13/122/231/18 .501 .452 .551
14888 185 .01243 .01077 .01434 10/59/105/11 .503 .431 .574
64747 401 .00619 .00562 .00683 20/151/218/12 .397 .350 .445
"""


def test_who_begins_by_share_of_capabilities(directed: pl.DataFrame) -> None:
    lines = []
    for place, k, n, rate in rates(directed, "band", "begun").rows():
        members = directed.filter((pl.col("band") == place) & pl.col("begun"))
        levels = "/".join(str((members["level"] == level).sum()) for level in range(2, 6))
        answered = members["response"].sum()
        chance = [f"{value:.5f}"[1:] for value in (rate, *wilson(k, n).ends)]
        answers = [f"{value:.3f}"[1:] for value in (answered / k, *wilson(answered, k).ends)]
        lines.append(" ".join([str(n), str(k), *chance, levels, *answers]))
    assert lines == INITIATIONS.split("\n")[1:-1]
    assert directed["begun"].sum() == 2403


def test_how_bilateral_disputes_end(raw: Raw) -> None:
    disputes = interstate.read_bilateral(raw)
    assert disputes.height == 2064
    ends = dict(disputes["outcome"].value_counts().rows())
    assert ends == {
        1: 85, 2: 29, 3: 50, 4: 95, 5: 1336, 6: 116, 7: 163, 8: 157, 9: 17, -9: 16
    }  # fmt: skip
    assert dict(disputes["settle"].value_counts().rows()) == {
        1: 310,
        2: 101,
        3: 1577,
        4: 56,
        -9: 20,
    }


def test_how_bilateral_disputes_end_by_share_of_the_side_that_began(raw: Raw) -> None:
    edges = [0.1, 0.25, 0.4, 0.6, 0.75, 0.9]
    outcome = pl.col("outcome")
    table = (
        interstate.read_bilateral(raw)
        .drop_nulls("share")
        .with_columns(band=band(pl.col("share"), edges))
        .group_by("band")
        .agg(
            n=pl.len(),
            a=outcome.is_in([1, 4]).mean(),
            b=outcome.is_in([2, 3]).mean(),
            stalemate=(outcome == 5).mean(),
            compromise=(outcome == 6).mean(),
        )
        .sort("band")
    )
    assert table["n"].to_list() == [216, 247, 221, 312, 267, 348, 453]
    expected = {
        "a": ".0370 .0526 .0769 .0673 .0787 .0661 .1700",
        "b": ".0602 .0324 .0543 .0353 .0300 .0374 .0309",
        "stalemate": ".565 .709 .674 .644 .712 .678 .581",
        "compromise": ".028 .057 .063 .074 .056 .049 .060",
    }
    for name, numbers in expected.items():
        places = len(numbers.split()[0]) - 1
        assert [f"{value:.{places}f}"[1:] for value in table[name]] == numbers.split(), name


def test_disputes_by_regime(raw: Raw, dyads: pl.DataFrame) -> None:
    polity = raw.csv(interstate.REGIMES).select("ccode", "year", "polity2")
    both = dyads
    for side in "12":
        named = polity.rename({"ccode": f"ccode{side}", "polity2": f"polity{side}"})
        both = both.join(named, on=[f"ccode{side}", "year"], how="left")
    both = both.drop_nulls(["polity1", "polity2"]).with_columns(
        democracies=(pl.col("polity1") >= 6).cast(int) + (pl.col("polity2") >= 6).cast(int)
    )
    table = rates(both, "democracies", "any")
    assert [f"{k}/{n}" for k, n in table.select("k", "n").rows()] == [
        "1061/42552",
        "981/42962",
        "186/21487",
    ]
    assert [f"{rate:.4f}" for rate in table["rate"]] == ["0.0249", "0.0228", "0.0087"]
    assert [f"{end:.4f}" for end in wilson(186, 21487).ends] == ["0.0075", "0.0100"]
    fought = both.filter(pl.col("level") >= 4).group_by("democracies").len().sort("democracies")
    assert fought["len"].to_list() == [778, 637, 99]


def test_disputes_by_defence_pact(raw: Raw, dyads: pl.DataFrame) -> None:
    pacts = raw.csv(interstate.ALLIANCES).select(*interstate.DYAD, "cow_defense")
    until = dyads.filter(pl.col("year") <= 2012).join(pacts, on=interstate.DYAD, how="left")
    table = rates(
        until.with_columns(pact=(pl.col("cow_defense") == 1).fill_null(False)), "pact", "any"
    )
    assert [f"{k}/{n}" for k, n in table.select("k", "n").rows()] == ["1859/98252", "421/17661"]
    assert [f"{rate:.4f}" for rate in table["rate"]] == ["0.0189", "0.0238"]


def test_quiet_years_are_episodes_and_demands_stay_unknown(folder: Path) -> None:
    table = code_source("interstate", folder).table
    assert table.height == 239070
    assert table["attempted"].sum() == 2403 - 1  # one initiation without a militarised act
    assert dict(table["outcome"].drop_nulls().value_counts().rows()) == {"unilateral": 1441 + 99}
    weaker = table.filter(pl.col("power") < 0)["attempted"].sum()
    stronger = table.filter(pl.col("power") > 0)["attempted"].sum()
    assert weaker < stronger
    assert table["power"].abs().max() <= 1  # type: ignore[operator]
