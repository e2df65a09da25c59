"""Lies and their detection, compared with the printed digits of the reference statistics."""

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.record.printed import with_interval
from throffer.record import Raw, cluster, code_source, diplomacy, rates
from throffer.stats import fit_logit, wilson

# delta bin, lies, n, P(lie), 95 % Wilson
LIES = """
0 9 142 0.0634 0.0337 0.1161
1 17 711 0.0239 0.0150 0.0380
2 146 4564 0.0320 0.0273 0.0375
3 301 6011 0.0501 0.0448 0.0559
4 288 4814 0.0598 0.0535 0.0669
5 97 827 0.1173 0.0971 0.1410
6 29 220 0.1318 0.0934 0.1829
"""


@pytest.fixture(scope="module")
def messages(folder: Path) -> pl.DataFrame:
    frame, _ = diplomacy.read_messages(diplomacy.SOURCE.raw(folder))
    return frame.with_columns(bin=diplomacy.delta_bin(pl.col("delta")))


def test_bins_of_the_score_difference_include_their_ends() -> None:
    deltas = [-18, -7, -6, -4, -3, -1, 0, 1, 3, 4, 6, 7, 17]
    found = pl.DataFrame({"delta": deltas}).select(diplomacy.delta_bin(pl.col("delta")))
    assert found.to_series().to_list() == [0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6]


def test_lie_rates_by_score_difference_are_those_of_the_reference(messages: pl.DataFrame) -> None:
    table = rates(messages, "bin", "lie")
    lines = [
        f"{bin_} {k} {n} {rate:.4f} {wilson(k, n).low:.4f} {wilson(k, n).high:.4f}"
        for bin_, k, n, rate in table.iter_rows()
    ]
    assert lines == LIES.split("\n")[1:-1]


def test_numbers_of_messages_and_lies_equal_the_reference(
    folder: Path, messages: pl.DataFrame
) -> None:
    assert (messages["lie"].sum(), messages.height) == (887, 17289)
    assert with_interval(887, 17289) == "0.0513 0.0481 0.0547"
    talks = [
        [talk["sender_labels"] for _, talk in diplomacy.SOURCE.raw(folder).json_lines(name)]
        for name in diplomacy.SOURCE.files
    ]
    assert [
        (sum(map(len, split)), sum(marks.count(False) for marks in split)) for split in talks
    ] == [
        (13132, 591),
        (1416, 56),
        (2741, 240),
    ]


def test_the_number_of_orders_on_the_board_equals_the_reference(folder: Path) -> None:
    moves = Raw("diplomacy", ("moves.jsonl.gz",), folder, diplomacy.SOURCE.origin)
    phases = [phase for _, phase in moves.json_lines("moves.jsonl.gz")]
    kinds = Counter(
        order["type"]
        for phase in phases
        for orders in phase["orders"].values()
        for order in orders.values()
    )
    assert len(phases) == 342
    assert kinds == {
        "MOVE": 4041,
        "SUPPORT": 2029,
        "HOLD": 1091,
        "BUILD": 441,
        "DISBAND": 155,
        "CONVOY": 138,
    }


def test_lies_by_sign_of_the_score_difference(messages: pl.DataFrame) -> None:
    table = rates(messages.with_columns(sign=pl.col("delta").sign()), "sign", "lie")
    assert table["k"].to_list() == [172, 301, 414]
    assert table["n"].to_list() == [5417, 6011, 5861]
    assert [f"{rate:.4f}" for rate in table["rate"]] == ["0.0318", "0.0501", "0.0706"]


def test_lies_rise_with_the_score_difference(messages: pl.DataFrame) -> None:
    delta, lie = messages["delta"].to_numpy(), messages["lie"].to_numpy().astype(float)
    fit = fit_logit(np.stack([np.ones(len(delta)), delta], axis=1), lie)
    assert [f"{value:.4f}" for value in (*fit.estimate, fit.errors[1])] == [
        "-3.0021",
        "0.1650",
        "0.0132",
    ]
    games = messages["game"].to_dummies().to_numpy().astype(float)
    within = fit_logit(np.column_stack([delta, games]), lie)
    assert f"{within.estimate[0]:.4f} {within.errors[0]:.4f}" == "0.1458 0.0132"


def test_slope_over_whole_games_is_as_uncertain_as_the_reference(messages: pl.DataFrame) -> None:
    cells = messages.group_by("game", "delta").agg(k=pl.col("lie").sum(), n=pl.len()).sort("game")
    game, delta = cells["game"].to_numpy() - 1, cells["delta"].to_numpy()
    lies, honest = cells["k"].to_numpy(), (cells["n"] - cells["k"]).to_numpy()
    design = np.stack([np.ones(len(delta)), delta], axis=1)
    rows, event = np.concatenate([design, design]), np.repeat([1.0, 0.0], len(delta))
    draws = np.random.default_rng(1).multinomial(12, np.full(12, 1 / 12), size=600)
    slopes = [
        fit_logit(
            rows,
            event,
            weight=np.concatenate([lies * draw[game], honest * draw[game]]).astype(float),
        ).estimate[1]
        for draw in draws
    ]
    # 0.044 to 0.249 in the reference, itself a bootstrap with its own draws
    assert np.quantile(slopes, [0.025, 0.975]) == pytest.approx([0.044, 0.249], abs=0.012)


def test_detection_is_that_of_the_reference(messages: pl.DataFrame) -> None:
    read = messages.drop_nulls("suspected")
    lie, suspected = pl.col("lie"), pl.col("suspected")
    counts = read.select(
        annotated=pl.len(),
        suspected=suspected.sum(),
        lies=lie.sum(),
        caught=(lie & suspected).sum(),
        false_alarms=(~lie & suspected).sum(),
        right=(lie == suspected).sum(),
    ).row(0)
    assert counts == (15783, 778, 802, 111, 667, 14425)
    annotated, suspects, lies, caught, false_alarms, right = counts
    assert with_interval(caught, lies) == "0.1384 0.1162 0.1640"
    assert with_interval(false_alarms, annotated - lies) == "0.0445 0.0413 0.0479"
    assert f"{right / annotated:.4f} {caught / suspects:.4f}" == "0.9140 0.1427"
    assert f"{suspects / annotated:.4f}" == "0.0493"
    assert f"{100 * annotated / messages.height:.1f}" == "91.3"


def test_hits_and_false_alarms_by_score_difference(messages: pl.DataFrame) -> None:
    table = rates(messages, ["lie", "bin"], "suspected")
    pairs = [f"{k}/{n}" for k, n in table.select("k", "n").iter_rows()]
    assert pairs[7:] == ["1/9", "2/15", "21/129", "36/278", "41/260", "8/88", "2/23"]
    assert pairs[:7] == ["1/117", "18/626", "147/3973", "259/5268", "198/4165", "29/679", "15/153"]


def test_lies_by_year(messages: pl.DataFrame) -> None:
    found = [f"{rate:.4f}"[1:] for rate in rates(messages, "year", "lie")["rate"]]
    expected = ".0644 .0378 .0472 .0420 .0269 .0700 .1022 .0352 .0255 .0048"
    assert found == expected.split()


def test_lies_after_the_other_players_latest_message(messages: pl.DataFrame) -> None:
    after = {False: [0, 0], True: [0, 0]}
    for _, talk in messages.group_by("game", "players"):
        latest: dict[str, bool] = {}
        for sender, lie in talk.sort("position").select("sender", "lie").iter_rows():
            for other in latest.keys() - {sender}:
                after[latest[other]][0] += lie
                after[latest[other]][1] += 1
            latest[sender] = lie
    assert after == {False: [816, 16153], True: [53, 830]}
    assert [f"{k / n:.4f}" for k, n in after.values()] == ["0.0505", "0.0639"]


def test_episodes_hold_every_message_and_no_text(folder: Path) -> None:
    coded = code_source("diplomacy", folder)
    table = coded.table
    assert table.height == 17289
    assert coded.skipped["reason"].to_list() == ["a dialogue without a message"] * 6
    assert table["text"].null_count() == table.height
    assert table.select(cluster().n_unique()).item() == 12
    assert table["outcome"].value_counts().sort("outcome").rows() == [
        (None, 16402),
        ("deception", 887),
    ]
    assert table["candour"].sum() == 16402
    believed = table.filter(~pl.col("candour"))["completed"]
    assert (believed.sum(), believed.null_count()) == (802 - 111, 887 - 802)


def test_power_is_the_score_difference_over_the_winning_score(
    folder: Path, messages: pl.DataFrame
) -> None:
    table = code_source("diplomacy", folder).table
    assert (table["power"] * 18).round().cast(pl.Int64).to_list() == messages["delta"].to_list()
