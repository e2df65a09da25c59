"""Files that commands on the pages read and the pages only name: planted ones, made beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

TURNS = 12
"""Events of a planted log, in which two take turns."""


def _log(names: tuple[str, str, str, str], times: list) -> pl.DataFrame:
    actor, partner, action, time = names
    half = TURNS // 2
    return pl.DataFrame(
        {
            actor: ["ann", "bob"] * half,
            partner: ["bob", "ann"] * half,
            action: ["work", "pay"] * half,
            time: times,
        }
    )


PLAIN = ("actor", "partner", "action", "time")


def write_inputs(command: str, folder: Path) -> None:
    """Write what a command reads, if it is one of those that are known here.

    Args:
        command: The command as its page shows it.
        folder: Where it runs.
    """
    rng = np.random.default_rng(1)
    if "trades.csv --actor seller" in command:
        _log(("seller", "buyer", "what", "when"), list(range(TURNS))).write_csv(
            folder / "trades.csv"
        )
    elif "trades.csv --time-format %d/%m/%Y" in command:
        days = [f"{day + 10:02}/03/2024" for day in range(TURNS)]
        _log(PLAIN, days).write_csv(folder / "trades.csv", separator=";")
    elif "events.parquet" in command:
        _log(PLAIN, list(range(TURNS))).write_parquet(folder / "events.parquet")
    elif "incidents.csv" in command:
        first, last = np.datetime64("2015-01-01"), np.datetime64("2025-12-31")
        days = np.sort(rng.integers(0, (last - first).astype(int), 150))
        pl.DataFrame({"date": first + days}).write_csv(folder / "incidents.csv")
    elif "temperatures.parquet" in command:
        warmth = 10 + np.cumsum(rng.normal(size=300)) * 0.1 + rng.normal(size=300)
        frame = pl.DataFrame({"day": np.arange(300), "celsius": warmth})
        frame.write_parquet(folder / "temperatures.parquet")
    elif "losses.csv" in command:
        sizes = (1 - rng.uniform(size=300)) ** (-1 / 1.5)
        pl.DataFrame({"loss": sizes}).write_csv(folder / "losses.csv")
