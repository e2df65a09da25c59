"""Laboratory and classroom games, compared with the printed digits of the reference statistics."""

from pathlib import Path

import polars as pl
import pytest

from throffer.record import (
    SOURCES,
    code_source,
    full_dyad,
    games_heffner,
    games_impunity,
    games_moblab,
    games_printed_tables,
    games_repeated_pd,
    rates,
)
from throffer.record._splits import divided, with_offers
from throffer.record.sources import games_crosscultural_dictator
from throffer.structure import FIELDS, Dyad


def digits(values: object, places: int = 4) -> list[str]:
    return [f"{value:.{places}f}" for value in values]  # type: ignore[attr-defined]


def test_offers_are_named_by_the_share_they_leave() -> None:
    shares = [0.0, 0.19, 0.2, 0.39, 0.4, 0.6, 0.61, None]
    frame = with_offers(pl.DataFrame({"accept": shares}))
    assert frame["outcome"].to_list() == [
        "ultimatum",
        "ultimatum",
        "hard_bargain",
        "hard_bargain",
        "even",
        "even",
        "generous",
        None,
    ]
    assert frame["attempted"].to_list() == [True] * 7 + [None]


def test_an_offer_is_named_by_its_share_of_the_gain() -> None:
    # 0.3 of a gain of 0.5 is 60 %: even; 0.2 is 40 %: even; 0.15 is 30 %: hard bargain
    frame = with_offers(pl.DataFrame({"accept": [0.3, 0.2, 0.15], "gain": [0.5] * 3}), "gain")
    assert frame["outcome"].to_list() == ["even", "even", "hard_bargain"]


# Forsythe 1994: game, pie, pay: n, mean share, zero, at least half, rejected (percent)
FORSYTHE = {
    ("dictator", 5, 1): "45 .2222 35.6 22.2",
    ("dictator", 10, 1): "24 .2333 20.8 20.8",
    ("dictator", 5, 0): "46 .3826 13.0 50.0",
    ("ultimatum", 5, 1): "43 .4547 0.0 65.1 7.0",
    ("ultimatum", 10, 1): "24 .4667 0.0 75.0 4.2",
    ("ultimatum", 5, 0): "48 .4375 4.2 52.1 16.7",
}


@pytest.mark.parametrize("cell", FORSYTHE)
def test_forsythe_cells_are_those_of_the_reference(
    folder: Path, cell: tuple[str, int, int]
) -> None:
    game, pie, pay = cell
    frame = games_printed_tables.read_divisions(SOURCES["games_printed_tables"].raw(folder)).filter(
        (pl.col("game") == game) & (pl.col("pie_usd") == pie) & (pl.col("pay") == pay)
    )
    share = pl.col("share")
    n, mean, zero, half, rejected = frame.select(
        n=pl.len(),
        mean=share.mean(),
        zero=100 * (share == 0).mean(),
        half=100 * (share >= 0.5).mean(),
        rejected=100 * pl.col("rejected").mean(),
    ).row(0)
    found = [str(n), f"{mean:.4f}"[1:], *digits([zero, half], 1)]
    found += [] if rejected is None else digits([rejected], 1)
    assert " ".join(found) == FORSYTHE[cell]


def test_forsythe_pooled_over_stakes_when_paid(folder: Path) -> None:
    frame = games_printed_tables.read_divisions(SOURCES["games_printed_tables"].raw(folder))
    paid = (
        frame.filter(pl.col("pay") == 1)
        .group_by("game")
        .agg(pl.len(), pl.col("share").mean(), pl.col("rejected").sum())
    )
    assert sorted(paid.rows()) == [
        ("dictator", 69, pytest.approx(0.2261, abs=5e-5), 0),
        ("ultimatum", 67, pytest.approx(0.4590, abs=5e-5), 4),
    ]


def test_ultimatum_rejections_by_share_offered(folder: Path) -> None:
    table = code_source("games_printed_tables", folder).table.filter(frame="ultimatum")
    edges = [0.2 - 1e-9, 0.3 - 1e-9, 0.4 - 1e-9, 0.5 - 1e-9, 0.5 + 1e-9]
    names = ["0-.2", ".2-.3", ".3-.4", ".4-.5", ".5", "above"]
    binned = table.with_columns(
        share=pl.col("concession").cut(edges, labels=names), refused=pl.col("answer") == "refused"
    )
    found = {name: f"{k}/{n}" for name, k, n, _ in rates(binned, "share", "refused").rows()}
    assert [found[name] for name in names] == ["2/2", "4/8", "1/3", "5/31", "0/60", "0/11"]


def test_trust_sent_and_returned(folder: Path) -> None:
    frame = games_printed_tables.read_trust(SOURCES["games_printed_tables"].raw(folder))
    means = frame.group_by("treatment").agg(
        pl.len(), pl.col("sent_usd").mean(), pl.col("returned_usd").mean()
    )
    assert [(name, n, *digits(rest, 3)) for name, n, *rest in sorted(means.rows())] == [
        ("no_history", 32, "5.156", "4.656"),
        ("social_history", 28, "5.357", "6.464"),
    ]
    sent, returned = frame["sent_usd"], frame["returned_usd"]
    assert f"{sent.sum() / 600:.3f} {returned.sum() / frame['tripled'].sum():.3f}" == "0.525 0.349"
    some = frame.filter(pl.col("sent_usd") > 0)
    back = 100 * (some["returned_usd"] >= some["sent_usd"]).mean()
    nothing = 100 * (some["returned_usd"] == 0).mean()
    assert (some.height, f"{back:.1f}", f"{nothing:.1f}") == (55, "56.4", "20.0")


def test_printed_tables_become_full_dyads(folder: Path) -> None:
    coded = code_source("games_printed_tables", folder)
    assert coded.table.height == 230 + 55
    assert coded.skipped.height == 5
    assert coded.table.select(full_dyad().all()).item()
    veto = coded.table.group_by("frame").agg(pl.col("veto").unique())
    assert sorted(veto.rows()) == [("dictator", [0]), ("trust", [0]), ("ultimatum", [1])]


def test_heffner_rejections_by_share_offered(folder: Path) -> None:
    frame = games_heffner.read_answers(SOURCES["games_heffner"].raw(folder))
    table = rates(frame, "share", "refused").sort("share", descending=True)
    assert table["k"].to_list() == [13, 36, 60, 196, 301, 417, 593, 733, 859, 1025]
    assert table["n"].to_list() == [1430] * 10
    expected = ".0091 .0252 .0420 .1371 .2105 .2916 .4147 .5126 .6007 .7168"
    assert digits(table["rate"]) == ["0" + value for value in expected.split()]


def test_heffner_contributions_follow_the_partners(folder: Path) -> None:
    frame = SOURCES["games_heffner"].raw(folder).csv(games_heffner.DILEMMA)
    partner, own = pl.col("partner_contribution"), pl.col("sub_contribution")
    assert f"{frame.select(pl.corr(partner, own)).item():.3f}" == "0.565"
    means = dict(frame.group_by(partner).agg(own.mean()).rows())
    assert f"{means[0]:.3f} {means[1]:.3f}" == "0.143 0.773"


def test_scripted_offers_are_nobodys_conduct(folder: Path) -> None:
    coded = code_source("games_heffner", folder)
    assert coded.table["outcome"].null_count() == coded.table.height
    assert coded.table["answer"].count() == 14300
    assert coded.table.filter(frame="public_goods").height + coded.skipped.height == 58280


def test_moblab_gifts(folder: Path) -> None:
    gifts, left_out = games_moblab.read_dictators(SOURCES["games_moblab"].raw(folder))
    assert gifts.height + left_out.height == 45625
    move = gifts.filter(pl.col("Total") == 100)["move"]
    assert (move.len(), move.median()) == (13232, 25)
    assert digits([move.mean(), move.std()], 2) == ["25.86", "21.86"]
    assert digits([100 * (move == 0).mean(), 100 * (move == 50).mean()], 1) == ["26.1", "19.4"]


def test_moblab_offers_and_smallest_acceptable_offers(folder: Path) -> None:
    pairs, left_out = games_moblab.read_ultimata(SOURCES["games_moblab"].raw(folder))
    assert (pairs.height, left_out.height) == (5993, 6417 - 5993)
    offer, least = pairs["propose"], pairs["accept"]
    assert (offer.median(), least.median()) == (49, 40)
    assert digits([offer.mean(), offer.std(), least.mean(), least.std()], 2) == [
        "44.26",
        "19.79",
        "34.30",
        "20.33",
    ]
    assert f"{100 * (offer == 50).mean():.1f}" == "28.3"
    above = [(least > share).mean() for share in (0, 10, 20, 30, 40, 50)]
    assert digits(above) == ["0.9508", "0.8028", "0.7354", "0.6069", "0.4026", "0.0804"]
    assert f"{pairs.select(pl.corr('propose', 'accept')).item():.3f}" == "0.223"


def test_moblab_rejection_under_random_pairing(folder: Path) -> None:
    pairs, _ = games_moblab.read_ultimata(SOURCES["games_moblab"].raw(folder))
    counts = [pairs[name].value_counts().rename({name: "x"}) for name in ("propose", "accept")]
    every = counts[0].join(counts[1], how="cross")
    refused = every.filter(pl.col("x") < pl.col("x_right"))
    weight = pl.col("count").cast(pl.Int64) * pl.col("count_right").cast(pl.Int64)
    share = refused.select(weight.sum()).item() / every.select(weight.sum()).item()
    assert f"{share:.4f}" == "0.3130"


def test_impunity_offers(folder: Path) -> None:
    frame = games_impunity.read_offers(SOURCES["games_impunity"].raw(folder))
    found = {}
    for pie in (11, 19):
        choice = frame.filter(pl.col("endowment") == pie)["choice"]
        shares = [100 * (choice == offer).mean() for offer in (1, 3, 5)]
        mean = choice.mean()
        assert isinstance(mean, float)
        found[pie] = [f"{mean:.2f}", f"{mean / pie:.4f}", *digits(shares, 1)]
    assert found == {
        11: ["1.80", "0.1636", "66.7", "26.7", "6.7"],
        19: ["2.60", "0.1368", "45.8", "28.3", "25.8"],
    }


def test_impunity_rejections_at_own_cost(folder: Path) -> None:
    kept, left_out = games_impunity.read_answers(SOURCES["games_impunity"].raw(folder))
    assert kept.height + left_out.height == 5980
    table = rates(kept, ["pie", "offer"], "refused")
    assert [f"{k}/{n} {rate:.3f}" for k, n, rate in table.select("k", "n", "rate").rows()] == [
        "994/1902 0.523",
        "63/767 0.082",
        "25/192 0.130",
        "853/1309 0.652",
        "78/809 0.096",
        "62/742 0.084",
    ]


def test_impunity_has_no_veto_that_fits_both_sides(folder: Path) -> None:
    table = code_source("games_impunity", folder).table
    assert table["veto"].null_count() == table.height
    assert table.filter(role="proposer")["outcome"].null_count() == 0


@pytest.fixture(scope="module")
def divisions(folder: Path) -> pl.DataFrame:
    raw = SOURCES["games_crosscultural_dictator"].raw(folder)
    kept, _ = games_crosscultural_dictator.valid(games_crosscultural_dictator.read_divisions(raw))
    return kept


def test_crosscultural_divisions(divisions: pl.DataFrame) -> None:
    second = pl.col("second")
    table = divisions.group_by("pair").agg(
        second.mean(), n=pl.len(), zero=100 * (second == 0).mean()
    )
    found = {pair: f"{mean:.3f} {n} {zero:.1f}" for pair, mean, n, zero in table.rows()}
    assert found["self-distant"] == "3.461 1187 16.6"
    assert found["self-outgroup"] == "3.347 1185 20.8"
    assert found["local-distant"].startswith("3.889 1184")
    assert found["distant-outgroup"].startswith("4.654 1015")


def test_crosscultural_gifts_by_site(divisions: pl.DataFrame) -> None:
    own = divisions.filter(pl.col("pair") == "self-distant")
    means = own.group_by("site").agg(pl.col("second").mean()).sort("second")
    assert [(site, f"{mean:.2f}") for site, mean in means.rows()] == [
        ("Hadza", "1.37"),
        ("Cachoeira", "2.70"),  # 522 coins over 193 people; the reference prints 2.71
        ("In.Tanna", "3.49"),
        ("Turkana", "3.52"),
        ("Huatasani", "3.87"),
        ("Kananga", "3.90"),
        ("Co.Tanna", "4.29"),
        ("Mauritius", "4.50"),
        ("Sursurunga", "4.60"),
        ("Mysore", "4.71"),
    ]


def test_crosscultural_episodes_are_divisions_with_a_stake(folder: Path) -> None:
    coded = code_source("games_crosscultural_dictator", folder)
    assert coded.table.height == 1187 + 1185
    assert coded.table.height + coded.skipped.height == 4 * 2228
    assert coded.table.select(full_dyad().all()).item()


# cooperation after (own, other) last choices cc, cd, dc, dd: rate (n)
MEMORY = {
    "DF2011.csv.gz": "0.979 (1738) 0.362 (459) 0.373 (459) 0.044 (2098)",
    "FRD2012.csv.gz": "0.921 (4838) 0.445 (1915) 0.454 (1915) 0.107 (2922)",
}


@pytest.mark.parametrize("file", MEMORY)
def test_cooperation_after_both_last_choices(folder: Path, file: str) -> None:
    frame = games_repeated_pd.read_choices(SOURCES["games_repeated_pd"].raw(folder), file)
    table = rates(frame.drop_nulls(["own", "other"]), ["own", "other"], "cooperates")
    found = " ".join(f"{rate:.3f} ({n})" for n, rate in table.select("n", "rate").rows())
    assert found == MEMORY[file]


def test_cooperation_by_treatment(folder: Path) -> None:
    raw = SOURCES["games_repeated_pd"].raw(folder)
    table = rates(games_repeated_pd.read_choices(raw, "DF2011.csv.gz"), "treatment", "cooperates")
    assert {name: f"{rate:.3f}" for name, rate in table.select("treatment", "rate").rows()} == {
        "D5R32": "0.081",
        "D5R40": "0.211",
        "D5R48": "0.401",
        "D75R32": "0.243",
        "D75R40": "0.694",
        "D75R48": "0.941",
    }


def test_repeated_choices_are_no_proposals(folder: Path) -> None:
    table = code_source("games_repeated_pd", folder).table
    assert table.height == 7358 + 13126
    assert table["outcome"].null_count() == table.height
    assert set(table["concession"].unique()) == {0.0, 1.0}


def test_the_dyad_of_a_division_has_the_coordinates_that_stand_beside_it() -> None:
    row = pl.DataFrame({"share": [0.3]}).select(**divided(pl.col("share"), veto=1.0))
    fields = row.row(0, named=True)
    dyad = Dyad.validated(**{name: fields[name] for name in FIELDS})
    assert (fields["finality"], float(dyad.gain)) == (1.0, 1.0)
    coordinates = tuple(fields[name] for name in ("power", "information", "constraint"))
    assert tuple(float(value) for value in dyad.asymmetry()) == coordinates == (0.0, 0.0, 1.0)
