"""Models as coders of text acts, compared with the two coders on the messages that they coded."""

import hashlib

import numpy as np
import polars as pl
import pytest

from tests.people.test_talk_sample import small_talk
from throffer.people import agree_with_coders, draw, read_codes, with_message_ids
from throffer.people.talk import ACTS
from throffer.people.talk._codes import UNREADABLE, coder_lines
from throffer.stats import Interval
from throffer.structure import SetupError


def test_a_copy_of_a_coder_agrees_with_it_fully_and_with_the_other_as_the_two_do() -> None:
    coders = read_codes()
    copy = coders.filter(coder="a").with_columns(coder=pl.lit("model"))
    found = {(pair.act, pair.coder): pair for pair in agree_with_coders(copy, coders)}
    assert len(found) == 2 * (1 + len(ACTS))
    assert found["threat", "a"].alpha == Interval(estimate=1.0, low=1.0, high=1.0)
    # as docs/record/acts.md gives for the two coders
    whole = found[None, "b"].alpha
    assert whole.estimate is not None
    rounded = [round(value, 2) for value in (whole.estimate, *whole.ends)]
    assert rounded == [0.92, 0.89, 0.94]
    assert found[None, "b"].coded == 660


def test_missing_codes_are_left_out_and_not_taken_for_zero() -> None:
    coders = read_codes()
    known = np.arange(660) % 3 > 0
    copy = coders.filter(coder="a").with_columns(
        pl.lit("model").alias("coder"),
        *(pl.when(pl.Series(known)).then(name).alias(name) for name in (*ACTS, UNREADABLE)),
    )
    found = agree_with_coders(copy, coders)
    assert {pair.coded for pair in found} == {int(known.sum())}
    assert found[0].alpha.estimate == 1


def test_a_model_without_any_code_has_no_alpha() -> None:
    coders = read_codes()
    none = coders.filter(coder="a").with_columns(pl.lit(None, pl.Int64).alias(act) for act in ACTS)
    for pair in agree_with_coders(none, coders):
        assert pair.coded == 0
        assert pair.alpha == Interval.unknown("no message was coded")


def test_codes_get_the_ids_of_their_messages_only_for_the_file_that_was_written() -> None:
    sample = draw(small_talk(), per_source=60)
    digest = hashlib.sha256(coder_lines(sample).encode()).hexdigest()
    given = pl.DataFrame(
        {"id": ["m003", "m001"], "coder": ["model"] * 2}
        | {act: [1, 0] for act in ACTS}
        | {UNREADABLE: [0, None]}
    )
    codes = with_message_ids(given, sample, digest)
    assert codes.columns == read_codes().columns
    assert dict(codes.select("id", "threat").iter_rows()) == {
        sample["id"][2]: 1,
        sample["id"][0]: 0,
    }
    with pytest.raises(SetupError, match="not of the messages"):
        with_message_ids(given, sample[::-1], digest)
