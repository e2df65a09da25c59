"""Comparing the codes that language models gave the sample with those of its two coders."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
import polars as pl

from throffer.people.talk._agreement import alpha_over_dialogues
from throffer.people.talk._codes import ACTS, UNREADABLE, coder_lines
from throffer.stats import Interval
from throffer.structure import SetupError


class ModelAgreement(NamedTuple):
    """Alpha between a model and a coder.

    Attributes:
        model: name of the model.
        act: one of `ACTS`; None for all acts together.
        coder: name of the coder.
        alpha: Krippendorff's alpha with its interval.
        coded: number of messages that both coded.
    """

    model: str
    act: str | None
    coder: str
    alpha: Interval
    coded: int


def with_message_ids(given: pl.DataFrame, sample: pl.DataFrame, digest: str) -> pl.DataFrame:
    """Replace the ids of the file for coders by the ids of the messages.

    Args:
        given: codes by id in the file for coders (m001 ...); null for no code.
        sample: the sample.
        digest: SHA-256 of the file that the models were given.

    Returns:
        The codes in the columns of `read_codes`.

    Raises:
        SetupError: If the file is not the one that `coder_lines` makes of the sample.
    """
    if hashlib.sha256(coder_lines(sample).encode()).hexdigest() != digest:
        raise SetupError(
            "The logs are not of the messages that are sampled from these raw files.",
            "Write the messages again with `throffer record acts --sample FILE`, and ask again.",
        )
    names = [f"m{place:03d}" for place in range(1, sample.height + 1)]
    keys = pl.DataFrame({"name": names, "message": sample["id"]})
    return (
        given.join(keys, left_on="id", right_on="name", validate="m:1")
        .select(pl.col("message").alias("id"), "coder", *ACTS, UNREADABLE)
        .sort("id", "coder")
    )


def agree_with_coders(models: pl.DataFrame, coders: pl.DataFrame) -> list[ModelAgreement]:
    """Compute alpha of each model with each coder, for all acts together and for each act.

    Intervals are at 95 % and clustered by dialogue.

    Args:
        models: codes of the models, in the columns of `read_codes`; null for no code.
        coders: codes of the coders, likewise.
    """
    found = []
    for (model,), theirs in models.group_by("coder", maintain_order=True):
        known = theirs.drop_nulls(ACTS)
        for (coder,), ours in coders.group_by("coder", maintain_order=True):
            both = known.join(ours, on="id", suffix="_coder", maintain_order="left")
            # an id has the form source/dialogue/position
            dialogue = both["id"].str.replace(r"/[^/]*$", "").rank("dense").cast(pl.Int64)
            pair = np.stack(
                [both.select(f"{act}{end}" for act in ACTS).to_numpy() for end in ("", "_coder")]
            ).astype(float)
            for act in (None, *ACTS):
                columns = slice(None) if act is None else [ACTS.index(act)]
                alpha = alpha_over_dialogues(pair[:, :, columns], dialogue.to_numpy())
                found.append(ModelAgreement(str(model), act, str(coder), alpha, both.height))
    return found
