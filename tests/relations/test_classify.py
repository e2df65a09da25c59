"""Relations of logs: the source's sequences, incomplete rows, and an independent implementation."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.relations import oracle
from throffer.relations import _block as block
from throffer.relations import _spill as spill
from throffer.relations import classify, count_rows

SCHEMA = {"actor": pl.String, "partner": pl.String, "action": pl.String, "time": pl.Int64}


def log(text: str) -> pl.DataFrame:
    """A log from text: `aX` is X done by a to b, `bX` X done by b to a, `=` joins equal times."""
    rows = []
    for time, moment in enumerate(text.split()):
        for actor, act in moment.split("="):
            rows.append((actor, "b" if actor == "a" else "a", act, time))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def found(events: pl.DataFrame, **options: Any) -> list[tuple[Any, ...]]:
    """Relations of a log without the names of the pair."""
    return [row[2:] for row in classify(events, **options).iter_rows()]


SEQUENCES = {
    "aX bX " * 5: [("equality", "X", None, "both", 10)],
    "aX bY " * 5: [("authority", "X", "Y", "a>b", 10)],
    "aY bX " * 5: [("authority", "X", "Y", "b>a", 10)],
    "aX bY " * 5 + "bX aY " * 5: [("market", "X", "Y", "both", 20)],
    "aX aX bX bX " * 5: [("communal", "X", None, "both", 20)],
    "aX " * 5: [("asocial", "X", None, "a>b", 5)],
    "bX": [("asocial", "X", None, "b>a", 1)],
    "aX aX bY bY " * 5: [("asocial", "X", None, "a>b", 10), ("asocial", "Y", None, "b>a", 10)],
    "aX aX bX bX bY " * 5: [("communal", "X", None, "both", 20), ("asocial", "Y", None, "b>a", 5)],
}
"""The source's sequences of single acts, and two mixed ones."""


@pytest.mark.parametrize("text", SEQUENCES)
def test_sequences_of_single_acts_are_read_as_in_the_source(text: str) -> None:
    assert found(log(text)) == SEQUENCES[text]


@pytest.mark.parametrize(
    "text",
    ["aX bY bX aY " * 5, "aX bY aY bX " * 5, "aX=bY aY=bX " * 5, "bY aX aY bX " * 5],
)
def test_roles_that_change_every_round_are_market_and_not_equality(text: str) -> None:
    assert found(log(text)) == [("market", "X", "Y", "both", 20)]


@pytest.mark.parametrize(
    "text",
    # in the last each act is as close to that before as to that after: equality is tested first
    ["aX bX aY bY " * 5, "aX bX bY aY " * 5, "aX=bX aY=bY " * 5, "aX bX aY bY " * 5 + "aX"],
)
def test_two_acts_that_are_each_returned_in_kind_are_two_equalities(text: str) -> None:
    assert [row[:2] for row in found(log(text))] == [("equality", "X"), ("equality", "Y")]


def test_an_act_that_two_acts_answer_takes_turns_with_both() -> None:
    rows = found(log("aX bX bY " * 6))
    assert [row[:4] for row in rows] == [
        ("equality", "X", None, "both"),
        ("authority", "X", "Y", "a>b"),
    ]


def test_an_answer_shared_with_another_act_is_half_an_exchange() -> None:
    # a X, b X stand alone in half of the rounds; in the others b Y comes first, and halves it:
    # X and X meet 1.5 times in two rounds, X and Y 0.5 times, which is less than half as often
    rows = found(log("aX bX bY aX bX bY aZ " * 6))
    assert [row[:2] for row in rows] == [("equality", "X"), ("asocial", "Z"), ("asocial", "Y")]


def test_other_acts_in_between_do_not_hide_turns() -> None:
    assert ("equality", "X", None, "both", 10) in found(log("aX aZ bX aZ aZ " * 5))


@pytest.mark.parametrize(
    ("tolerance", "relation"), [(0.24, "communal"), (0.25, "equality"), (0.5, "equality")]
)
def test_the_tolerance_is_the_share_of_turns_missed(tolerance: float, relation: str) -> None:
    # five turns, one of four missed: b answers only the second of the first two
    assert found(log("aX aX bX aX bX"), tolerance=tolerance)[0][0] == relation


def test_too_few_turns_are_no_evidence_of_alternation() -> None:
    assert found(log("aX bX aX bX"), least=2)[0][0] == "equality"
    assert found(log("aX bX aX bX"), least=3)[0][0] == "communal"


def test_acts_at_one_time_are_one_exchange_whoever_is_named_first() -> None:
    assert found(log("aX=bX " * 6)) == [("equality", "X", None, "both", 12)]
    assert found(log("aX=bY " * 6)) == [("authority", "X", "Y", "a>b", 12)]
    # the same act twice at one time is one turn, and two events
    assert found(log("aX=aX bX " * 4)) == [("equality", "X", None, "both", 12)]


def test_rows_of_a_party_with_itself_or_nobody_are_ignored() -> None:
    events = log("aX bX " * 3)
    extra = pl.DataFrame(
        [("a", "a", "X", 1), ("c", "c", "X", 1), (None, "a", "X", 1), ("a", None, "X", 1)],
        schema=SCHEMA,
        orient="row",
    )
    assert classify(pl.concat([events, extra])).equals(classify(events))


def test_an_unknown_action_is_not_an_act_and_a_pair_without_known_acts_is_null() -> None:
    events = log("aX bX " * 3)
    unknown = pl.DataFrame(
        [("a", "b", None, 1), ("c", "b", None, 2), ("b", "c", None, 2)], schema=SCHEMA, orient="row"
    )
    rows = classify(pl.concat([events, unknown]))
    null = ("b", "c", "null", None, None, "both", 0)
    assert rows.rows() == [("a", "b", "equality", "X", None, "both", 6), null]
    unordered = classify(pl.concat([events, unknown]), timed=False)
    assert unordered.rows() == [("a", "b", "communal", "X", None, "both", 6), null]


def test_actions_that_mean_nothing_make_null_relations_with_a_count() -> None:
    assert found(log("aX b0 a0"), nothing=["0"]) == [("asocial", "X", None, "a>b", 1)]
    assert found(log("a0 b0 a0"), nothing=["0"]) == [("null", None, None, "both", 3)]


@pytest.mark.parametrize(
    ("idle", "named", "act", "dtype"),
    [
        (0, 0.0, 1.0, pl.Float64()),
        ("0", 0.0, 1.0, pl.Float64()),
        (0.0, 0, 1, pl.Int8()),
        ("0", 0, 1, pl.Int64()),
        (False, False, True, pl.Boolean()),
        ("false", False, True, pl.Boolean()),
        (0, "0", "1", pl.String()),
        ("none", "none", "pay", pl.Categorical()),
        (dt.date(2026, 1, 1), dt.date(2026, 1, 1), dt.date(2026, 1, 2), pl.Date()),
        ("2026-01-01", dt.date(2026, 1, 1), dt.date(2026, 1, 2), pl.Date()),
    ],
)
@pytest.mark.parametrize("timed", [True, False])
def test_the_option_nothing_is_converted_to_the_type_of_the_actions(
    idle: object, named: object, act: object, dtype: pl.DataType, timed: bool
) -> None:
    events = log("aX bX").with_columns(action=pl.Series([act, named], dtype=dtype))
    assert [row[0] for row in found(events, nothing=[idle], timed=timed)] == ["asocial"]
    assert count_rows(events, [idle]).nothing == 1


@pytest.mark.parametrize(
    ("idle", "dtype"),
    [
        ("none", pl.Int64()),
        (0.5, pl.Int64()),
        (300, pl.Int8()),
        (0, pl.Boolean()),
        (None, pl.String()),
    ],
)
def test_a_nothing_that_cannot_be_an_action_is_named(idle: object, dtype: pl.DataType) -> None:
    events = log("aX").with_columns(action=pl.lit(None, dtype))
    with pytest.raises(ValueError, match=f"nothing = {idle!r} .* {dtype}"):
        classify(events, nothing=[idle])


def test_acts_without_a_time_count_as_acts_but_not_as_turns() -> None:
    events = log("aX bX " * 3).with_columns(time=pl.lit(None, pl.Int64))
    assert found(events) == [("communal", "X", None, "both", 6)]
    late = pl.concat([log("aX bX " * 3), events.head(1)])
    assert found(late) == [("equality", "X", None, "both", 7)]
    floats = events.with_columns(time=pl.lit(float("nan")))
    assert found(floats) == [("communal", "X", None, "both", 6)]


@pytest.mark.parametrize("timed", [True, False])
def test_an_empty_table_has_no_relations_and_all_columns(timed: bool) -> None:
    empty = classify(pl.DataFrame(schema=SCHEMA), timed=timed)
    assert empty.shape == (0, 7)
    assert empty.columns == ["a", "b", "relation", "act", "other_act", "direction", "n"]


NAMES: dict[str, list[Any]] = {
    "whole": [3, 20],
    "far apart": [-(10**15), 10**15],
    "number": [0.5, 1.5],
    "day": [dt.date(2020, 1, 1), dt.date(2021, 1, 1)],
}


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_any_type_keep_their_type_and_order(kind: str) -> None:
    low, high = NAMES[kind]
    events = log("aX bY " * 3).with_columns(
        pl.col("actor", "partner").replace_strict({"a": low, "b": high})
    )
    (row,) = classify(events).rows()
    assert row == (low, high, "authority", "X", "Y", "a>b", 6)
    (bare,) = classify(events.tail(1), timed=False).rows()
    assert bare == (low, high, "asocial", "Y", None, "b>a", 1)


@pytest.mark.parametrize("timed", [True, False])
def test_numbers_at_the_ends_of_their_type_do_not_run_over(timed: bool) -> None:
    ends = {"a": -128, "b": 127, "X": -128, "Y": 127}
    events = log("aX bY " * 3).with_columns(
        pl.col("actor", "partner", "action").replace_strict(ends, return_dtype=pl.Int8),
        time=(pl.col("time") * 28 - 128).cast(pl.Int8),
    )
    text = classify(log("aX bY " * 3), timed=timed)
    expected = [tuple(ends.get(value, value) for value in row) for row in text.iter_rows()]
    assert classify(events, timed=timed).rows() == expected


@pytest.mark.parametrize(
    "time",
    [
        pl.col("time").cast(pl.UInt64) + 2**63,
        (pl.col("time") * 28 - 128).cast(pl.Int8),
        pl.col("time").cast(pl.Decimal(10, 2)),
        pl.col("time").cast(pl.Float64) / 0.7,
    ],
)
def test_times_of_any_size_keep_their_gaps(time: pl.Expr) -> None:
    text = "aX bY bX aY " + "aX=bX aY aY bX aX bY"
    assert found(log(text).with_columns(time=time)) == found(log(text))


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["b", "a"])])
def test_categories_are_ordered_by_name(dtype: Any) -> None:
    events = log("bX aY " * 3).with_columns(pl.col("actor", "partner").cast(dtype))
    assert classify(events).rows() == classify(log("bX aY " * 3)).rows()


@pytest.mark.parametrize("dtype", [pl.Date, pl.Datetime("us"), pl.Duration("ms"), pl.Float64])
def test_times_of_any_kind_order_the_log(dtype: Any) -> None:
    events = log("aX bY bX aY " * 4).with_columns(pl.col("time").cast(dtype))
    assert found(events) == found(log("aX bY bX aY " * 4))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"action": None}, r"missing: action"),
        ({"time": pl.col("time").cast(pl.String)}, r"time is String"),
        ({"actor": pl.lit(1)}, r"must have the same type"),
        ({"actor": pl.Series([[1]]), "partner": pl.Series([[2]])}, r"actor is List.*be sorted"),
        ({"action": pl.Series([object()], dtype=pl.Object)}, r"action is Object.*be sorted"),
    ],
)
def test_unsuitable_tables_are_rejected(change: dict[str, Any], message: str) -> None:
    events = log("aX")
    for name, value in change.items():
        events = events.drop(name) if value is None else events.with_columns(value.alias(name))
    with pytest.raises(ValueError, match=message):
        classify(events)


@pytest.mark.parametrize("options", [{"tolerance": 1.0}, {"tolerance": -0.1}, {"least": 0}])
def test_numbers_out_of_range_are_rejected(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        classify(log("aX"), **options)


def test_rows_are_counted_by_kind() -> None:
    rows = [
        ("a", "b", "X", 1),
        ("a", "b", "X", None),
        ("a", "b", "0", 1),
        ("a", "b", None, 1),
        ("a", "a", "X", 1),
        (None, "b", "X", 1),
    ]
    counted = count_rows(pl.DataFrame(rows, schema=SCHEMA, orient="row"), nothing=["0"])
    assert counted == (6, 1, 1, 1, 1, 1, 1)
    numbers = log("aX bX").with_columns(time=pl.Series([1.0, float("nan")]))
    assert count_rows(numbers)[-2:] == (1, 1)


parties = st.sampled_from(["a", "b", "c", None])
events_of = st.lists(
    st.tuples(
        parties,
        parties,
        st.sampled_from(["X", "Y", "Z", None]),
        st.one_of(st.none(), st.integers(0, 12), st.integers(0, 1000)),
    ),
    max_size=40,
)


def table(rows: list[oracle.Event]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def sorted_rows(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: tuple(str(value) for value in row))


@settings(max_examples=150, deadline=None)
@given(rows=events_of, eighths=st.integers(0, 7), least=st.integers(1, 3))
def test_whole_tables_follow_the_definition(
    rows: list[oracle.Event], eighths: int, least: int
) -> None:
    got = classify(table(rows), tolerance=eighths / 8, least=least).rows()
    assert sorted_rows(got) == sorted_rows(oracle.relations(rows, Fraction(eighths, 8), least))


@settings(max_examples=50, deadline=None)
@given(rows=events_of, seed=st.integers(0, 99))
def test_order_of_rows_clock_and_idle_additions_do_not_matter(
    rows: list[oracle.Event], seed: int
) -> None:
    base = classify(table(rows))
    assert classify(table(rows).sample(fraction=1, shuffle=True, seed=seed)).equals(base)
    assert classify(table(rows).with_columns(pl.col("time") * 3600 - 10**6)).equals(base)
    assert classify(table([*rows, ("a", "a", "X", 3), ("d", "d", "Y", 4)])).equals(base)


@settings(max_examples=50, deadline=None)
@given(
    rows=events_of, names=st.permutations(["a", "b", "c"]), acts=st.permutations(["X", "Y", "Z"])
)
def test_names_of_parties_and_acts_do_not_matter(
    rows: list[oracle.Event], names: list[str], acts: list[str]
) -> None:
    new = {
        None: None,
        **dict(zip("abc", names, strict=True)),
        **dict(zip("XYZ", acts, strict=True)),
    }
    expected = []
    for a, b, relation, act, other, direction, n in classify(table(rows)).rows():
        flipped = new[a] > new[b]
        one, two = new[act], new[other]
        if other is not None and one > two:
            one, two = two, one
            flipped ^= relation == "authority"
        swap = {"a>b": "b>a", "b>a": "a>b", "both": "both"}
        way = swap[direction] if flipped else direction
        expected.append((min(new[a], new[b]), max(new[a], new[b]), relation, one, two, way, n))
    renamed = [(new[a], new[b], new[x], t) for a, b, x, t in rows]
    assert sorted_rows(classify(table(renamed)).rows()) == sorted_rows(expected)


@settings(max_examples=50, deadline=None)
@given(rows=events_of)
def test_every_act_with_a_known_kind_is_in_some_relation(rows: list[oracle.Event]) -> None:
    relations = classify(table(rows))
    fluxes = {(a, b, x) for a, b, x, _ in rows if None not in (a, b, x) and a != b}
    covered = set()
    for a, b, _, act, other, direction, _n in relations.iter_rows():
        ways = {"a>b": [(a, b)], "b>a": [(b, a)], "both": [(a, b), (b, a)]}[direction]
        for one, two in ways:
            covered |= {(one, two, act)} | ({(two, one, other)} if other else set())
    assert covered - {(a, b, None) for a, b, _ in covered} == fluxes


def random_log(rows: int, names: int, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "actor": rng.integers(0, names, rows, dtype=np.int32),
            "partner": rng.integers(0, names, rows, dtype=np.int32),
            "action": rng.integers(0, 3, rows, dtype=np.int8),
            "time": rng.integers(0, 5 * rows, rows),
        }
    )


@pytest.mark.parametrize("text", [False, True])
def test_blocks_on_disk_and_pieces_of_threads_change_nothing(
    monkeypatch: pytest.MonkeyPatch, text: bool
) -> None:
    events = random_log(6_000, 40)
    if text:
        events = events.with_columns(pl.col("actor", "partner", "action").cast(pl.String))
    whole = classify(events)
    monkeypatch.setattr(spill, "BLOCK", 2000)
    monkeypatch.setattr(block, "_PIECE", 501)
    assert classify(events.lazy()).equals(whole)
    monkeypatch.setattr(spill, "_PARTS", 3)
    assert classify(events.lazy()).equals(whole)


def test_a_large_sparse_log_agrees_with_the_independent_implementation() -> None:
    events = random_log(60_000, 300)
    # those with the highest numbers, where a product of 32 bits would run over
    few = events.filter((pl.col("actor") >= 260) & (pl.col("partner") >= 260))
    got = classify(events).filter((pl.col("a") >= 260) & (pl.col("b") >= 260))
    assert sorted_rows(got.rows()) == sorted_rows(oracle.relations(few.rows()))


def test_pairs_are_renumbered_if_names_do_not_fit_a_key() -> None:
    events = random_log(5_000, 30)
    spread = events.with_columns(
        pl.col("actor", "partner").cast(pl.Int64) * 2_000_000,
        time=pl.col("time").cast(pl.Int64) * 10**9,
    )
    back = classify(spread).with_columns(pl.col("a", "b") // 2_000_000)
    assert back.rows() == classify(events).rows()


def test_unordered_logs_have_no_links_and_the_same_events() -> None:
    events = random_log(20_000, 60)
    dense = classify(events, timed=False)
    text = classify(
        events.with_columns(pl.col("actor", "partner", "action").cast(pl.String)), timed=False
    )
    assert set(dense["relation"]) == {"communal", "asocial"}
    assert dense["n"].sum() == events.filter(pl.col("actor") != pl.col("partner")).height
    pairs = [dense.with_columns(pl.col("a", "b", "act", "other_act").cast(pl.String)), text]
    flat = [
        sorted_rows([(*sorted(row[:2]), row[2], row[3], row[6]) for row in each.rows()])
        for each in pairs
    ]
    assert flat[0] == flat[1]
    never = classify(events, tolerance=0, least=10**6)
    assert sorted_rows(never.rows()) == sorted_rows(dense.rows())


def test_shuffling_times_keeps_the_acts_and_destroys_the_turns() -> None:
    events = pl.concat(
        [log("aX bX " * 40).with_columns(pl.col("actor", "partner") + f"{i}") for i in range(50)]
    )
    dealt = classify(events, shuffle=1)
    assert set(classify(events)["relation"]) == {"equality"}
    assert dealt["n"].sum() == events.height
    assert (dealt["relation"] == "communal").sum() >= 49
    assert dealt.equals(classify(events, shuffle=1))


@pytest.mark.parametrize(("each", "switches", "expected"), [(3, 4, 0.30), (10, 15, 0.02)])
def test_random_order_looks_like_turns_as_often_as_the_distribution_of_runs_says(
    each: int, switches: int, expected: float
) -> None:
    # each + each turns: a quarter of the steps may be missed, so so many must change sides
    rng, count = np.random.default_rng(3), 2000
    pair = np.repeat(np.arange(count), 2 * each)
    side = np.tile(np.repeat([0, 1], each), count)
    events = pl.DataFrame(
        {
            "actor": 2 * pair + side,
            "partner": 2 * pair + 1 - side,
            "action": "X",
            "time": rng.random(pair.size),
        }
    )
    share = (classify(events)["relation"] == "equality").mean()
    exact = exact_share(each, switches)
    assert exact == pytest.approx(expected, abs=0.005)
    assert share == pytest.approx(exact, abs=4 * (exact * (1 - exact) / count) ** 0.5)


def exact_share(each: int, switches: int) -> float:
    """Probability of at least so many changes of side in random order (Wald-Wolfowitz runs)."""
    ways = 0
    for runs in range(switches + 1, 2 * each + 1):
        half, odd = divmod(runs, 2)
        if odd:
            ways += 2 * comb(each - 1, half) * comb(each - 1, half - 1)
        else:
            ways += 2 * comb(each - 1, half - 1) ** 2
    return ways / comb(2 * each, each)
