"""The stratified sample of messages whose acts are coded, with its weights."""

from __future__ import annotations

import numpy as np
import polars as pl
from jaxtyping import Float
from scipy.optimize import brentq

PER_SOURCE = 220
"""Number of messages drawn from each of the three sources."""

SEED = 20261124
"""Seed of the draw and of the order in which coders see the messages."""

LEAST = 4
"""Smallest number of messages drawn from a stratum; a smaller stratum is drawn completely."""

LONG = 80
"""Smallest number of characters of a long message."""

PULL = {"cue": 2.0, "long": 1.0, "short": 0.7}
"""Factor on the number drawn from a stratum by kind of message; short messages have few acts."""

CUES = (
    r"(?i)\b(unless|otherwise|or else|threat\w*|warn\w*|deadline|hours?|days? left|until|proofs?"
    r"|prove|samples?|last (chance|offer)|final (offer|price)|please|beg|mercy|fair\w*|unfair\w*"
    r"|equal\w*|reasonable|promise\w*|swear|guarantee\w*|walk away|no deal|publish\w*|leak\w*"
    r"|retaliat\w*|revenge|regret|consequences)\b"
)
"""Words that often accompany rare acts.

Messages with them are drawn more often. The weights correct for this, so that estimates are not
affected.
"""


def with_strata(talk: pl.DataFrame) -> pl.DataFrame:
    """Select the population and add its `stratum`: source, group and kind.

    - Kind: `cue` for a message with one of `CUES`, otherwise `long` or `short`.
    - Group: in ransomchats role and third of the chat, in diplomacy whether the sender marked the
      message as a lie, in casino half of the dialogue.

    Args:
        talk: the messages, from `read_talk`.
    """
    part = (pl.col("position") - 1) / pl.col("length")
    kind = (
        pl.when(pl.col("text").str.contains(CUES))
        .then(pl.lit("cue"))
        .when(pl.col("text").str.len_chars() >= LONG)
        .then(pl.lit("long"))
        .otherwise(pl.lit("short"))
    )
    group = (
        pl.when(pl.col("source") == "ransomchats")
        .then(pl.format("{} third-{}", "role", (part * 3).floor().cast(pl.Int64) + 1))
        .when(pl.col("source") == "diplomacy")
        .then(pl.when("lie").then(pl.lit("lie")).otherwise(pl.lit("truth")))
        .otherwise(pl.format("half-{}", (part * 2).floor().cast(pl.Int64) + 1))
    )
    return talk.filter("counted").with_columns(stratum=pl.format("{} {} {}", "source", group, kind))


def allocate(pull: dict[str, float], sizes: dict[str, int], total: int) -> dict[str, int]:
    """Compute how many messages to draw from each stratum.

    The number is proportional to pull times the square root of the stratum's size. This is power
    allocation (Bankier 1988, Am. Stat. 42:174) with exponent 1/2, which draws small strata more
    often than large ones. At least `LEAST` are drawn from each stratum, or all that there are.
    Fractions are rounded by largest remainders.

    Args:
        pull: factor of each stratum.
        sizes: size of each stratum.
        total: number to draw in all.

    Raises:
        ValueError: If these limits do not allow the total.

    ```python
    >>> allocate({"rare": 1, "common": 1}, {"rare": 100, "common": 10_000}, 110)
    {'rare': 10, 'common': 100}

    ```
    """
    most = np.array([sizes[name] for name in pull])
    least = np.minimum(most, LEAST)
    if not least.sum() < total < most.sum():
        raise ValueError(
            f"total is {total}; {len(pull)} strata allow more than {least.sum()} and fewer than "
            f"{most.sum()}"
        )
    wish = np.array(list(pull.values())) * np.sqrt(most)

    def share(scale: float) -> Float[np.ndarray, "stratum"]:
        return np.clip(scale * wish, least, most)

    scale = brentq(lambda scale: share(scale).sum() - total, 0, (most / wish).max(), xtol=1e-9)
    exact = share(float(scale))  # pyright: ignore[reportArgumentType]
    drawn = np.floor(exact + 1e-6).astype(int)
    short = np.argsort(drawn - exact, kind="stable")[: total - drawn.sum()]
    drawn[short] += 1
    return dict(zip(pull, drawn.tolist(), strict=True))


def draw(talk: pl.DataFrame, per_source: int = PER_SOURCE, seed: int = SEED) -> pl.DataFrame:
    """Draw the sample.

    Args:
        talk: the messages, from `read_talk`.
        per_source: number of messages from each source.
        seed: seed of the draw and of the order.

    Returns:
        The columns of `with_strata`, in random order, with `population` and `drawn` (size of the
        stratum, and number drawn from it without replacement and with equal probabilities) and
        `weight` = population / drawn, the inverse of a message's probability of being drawn.
    """
    rng = np.random.default_rng(seed)
    frame = with_strata(talk)
    parts = []
    for _, rows in frame.group_by("source", maintain_order=True):
        strata = rows.partition_by("stratum", as_dict=True, maintain_order=True)
        sizes = {str(name): part.height for (name,), part in sorted(strata.items())}
        pull = {name: PULL[name.split()[-1]] for name in sizes}
        for name, count in allocate(pull, sizes, per_source).items():
            chosen = np.sort(rng.choice(sizes[name], count, replace=False))
            parts.append(
                strata[(name,)][chosen].with_columns(
                    population=pl.lit(sizes[name]), drawn=pl.lit(count)
                )
            )
    sample = pl.concat(parts)
    return sample[rng.permutation(sample.height)].with_columns(
        weight=pl.col("population") / pl.col("drawn")
    )
