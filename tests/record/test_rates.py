"""Rates of an event by group."""

import polars as pl

from throffer.record import rates


def test_a_rate_leaves_out_rows_without_an_answer() -> None:
    frame = pl.DataFrame({"group": [1, 1, 1, 2], "event": [True, False, None, True]})
    assert rates(frame, "group", "event").rows() == [(1, 1, 2, 0.5), (2, 1, 1, 1.0)]
