"""Speed of the choice kernel: throffer, a hand-written numba loop, and pygambit on one game.

Run from the repository root: `python benchmarks/bench_choice.py [--rounds 7]`. The 247-proposal
game has 41 concessions under 3 levers, candid or false, and withdrawing. Rounds take turns, so
that the ratios hold on a busy machine, where processor time says more than wall time; it prints
and never asserts. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import io
import math
import resource
import time
from collections.abc import Callable

import jax
import numba
import numpy as np
import pygambit

from throffer.game import Preferences, conduct_probabilities, play_each
from throffer.structure import FIELDS, Conduct, Dyad

CELLS = 41
BATCH = 200_000


def dyads(count: int, seed: int = 0) -> Dyad:
    """Random dyads in single precision, every field drawn on its own."""
    draw = np.random.default_rng(seed).uniform
    scale = {"force": 3.0, "leverage": 2.0, "outside_agent": 0.3, "outside_counterpart": 0.3}
    fields = {name: draw(0, scale.get(name, 1.0), count).astype(np.float32) for name in FIELDS}
    return Dyad(**fields)


@numba.njit(parallel=True, fastmath=True)
def numba_loop(fields, precision, guilt, norms, their_precision, envy, cells, shares):
    """Conduct probabilities, `(dyad, conduct)`, by plain loops over the same formula."""
    one, zero, scale = np.float32(1), np.float32(0), np.float32(0.1)
    edges = np.array([0.2, 0.4, 0.6, 1.0], np.float32)
    band_of = np.array([3, 2, 1, 0])
    for i in numba.prange(fields.shape[1]):
        a, b, w, v = fields[0, i], fields[1, i], fields[2, i], fields[3, i]
        held, o, d = fields[6, i], fields[9, i], fields[10, i]
        z, f = fields[11, i], fields[12, i]
        value = np.empty((6, 64), np.float32)
        top = precision * a
        for lever in range(3):
            harm = fields[4, i] if lever == 1 else fields[7, i] if lever == 2 else zero
            cost = fields[5, i] if lever == 1 else fields[8, i] if lever == 2 else zero
            t_a, t_b = a - cost, b - harm
            surplus = max(one - t_a - t_b, zero)
            refusing = t_b + (one - w) * surplus
            for j in range(cells):
                y = t_b + np.float32((j + 0.5) / cells) * surplus
                lead = one - a - y - y + b
                ahead = max(lead, zero)
                p = one / (one + math.exp(-their_precision * v * (y - envy * ahead - refusing)))
                u = one - y - guilt * ahead
                refused = v * t_a + (one - v) * u
                u_false = one - y + d - guilt * max(lead + d + d, zero)
                candid = precision * (refused + p * (u - refused))
                false = precision * (refused + o * p * (u_false - refused) - (one - o) * z - f)
                value[2 * lever, j] = candid
                value[2 * lever + 1, j] = false
                top = max(top, max(candid, false))
        mass = np.zeros(10, np.float32)
        for block in range(6):
            lever, lie = block // 2, block % 2
            harm = fields[4, i] if lever == 1 else fields[7, i] if lever == 2 else zero
            cost = fields[5, i] if lever == 1 else fields[8, i] if lever == 2 else zero
            surplus = max(one - a + cost - b + harm, zero)
            weight = one if lever == 0 else harm / (harm + scale)
            if lie == 1:
                weight *= d / (d + scale)
            if lever == 0 and lie == 0:
                band = 0
                for j in range(cells):
                    each = math.exp(value[0, j] - top)
                    low, high = np.float32(j) / cells, np.float32(j + 1) / cells
                    if high > edges[band] and band < 3:
                        part = (edges[band] - low) * cells
                        mass[band_of[band]] += each * part
                        band += 1
                        each *= one - part
                    mass[band_of[band]] += each
                continue
            if lever == 0:
                total = zero
                for j in range(cells):
                    total += math.exp(value[1, j] - top)
                mass[8] += weight * total * math.exp(-norms[8])
                continue
            edge = min((harm + lie * d) / surplus, one) * cells if surplus > 0 else one * cells
            below, above = zero, zero
            for j in range(cells):
                each = math.exp(value[block, j] - top)
                part = min(max(edge - j, zero), one)
                below += each * part
                above += each * (one - part)
            sanction = precision * (z if lie == 1 else z + f)
            waived = one - held if lever == 1 else one
            upper = 4 if lever == 1 and lie == 0 and held >= np.float32(0.5) else 5
            lower = 6 if lever == 1 else 7
            norm = norms[8] if lie == 1 else zero
            mass[lower] += weight * below * math.exp(-sanction - norms[lower] - norm)
            mass[upper] += weight * above * math.exp(-waived * sanction - norms[upper] - norm)
        mass[9] = cells * math.exp(precision * a - top - norms[9])
        total = zero
        for c in range(10):
            total += mass[c]
        for c in range(10):
            shares[i, c] = mass[c] / total


def logit_tree(cells: int) -> pygambit.Game:
    """One game of the same size as an extensive form: the agent's moves, then yes or no."""
    rng = np.random.default_rng(0)
    count = 6 * cells + 1
    lines = []
    for move in range(count - 1):
        lines.append(f'p "" 2 {move + 1} "" {{ "yes" "no" }} 0')
        for end in (1, 2):
            one, other = rng.uniform(0, 1, 2)
            lines.append(f't "" {2 * move + end} "" {{ {one:.6f}, {other:.6f} }}')
    lines.append(f't "" {2 * count} "" {{ 0.1, 0 }}')
    moves = " ".join(f'"{move}"' for move in range(count))
    head = f'EFG 2 R "" {{ "A" "B" }} ""\np "" 1 1 "" {{ {moves} }} 0\n'
    return pygambit.read_efg(io.StringIO(head + "\n".join(lines) + "\n"))


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall time of one call, and processor time of all its threads."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def spread(values: np.ndarray) -> str:
    """Median and range."""
    return f"{np.median(values):,.3g} ({values.min():,.3g} to {values.max():,.3g})"


def main() -> None:
    """Print rates, ratios and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    agent, batch = Preferences.of(), dyads(BATCH)
    fields = np.stack([np.asarray(value) for value in batch.as_dict().values()])
    shares = np.empty((BATCH, len(Conduct)), np.float32)
    f32 = np.float32
    numbers = (f32(8), f32(0.1), np.asarray(agent.norms, f32), f32(8), f32(0.3), CELLS)
    game = logit_tree(CELLS)
    work = {
        "throffer": lambda: jax.block_until_ready(conduct_probabilities(batch, agent, cells=CELLS)),
        "numba": lambda: numba_loop(fields, *numbers, shares),
        "play": lambda: jax.block_until_ready(
            play_each(np.arange(BATCH), batch, agent, lapse=0.05)
        ),
        "pygambit": lambda: pygambit.qre.logit_solve_lambda(game, lam=8.0),
    }
    counts = {"throffer": BATCH, "numba": BATCH, "play": BATCH, "pygambit": 1}
    for call in work.values():
        call()
    error = np.abs(shares - np.asarray(conduct_probabilities(batch, agent, cells=CELLS))).max()
    print(f"largest difference between throffer and numba: {error:.1e} (single precision)")
    times = np.array([[seconds(call) for call in work.values()] for _ in range(rounds)])
    rates = {name: counts[name] / times[:, i, 0] for i, name in enumerate(work)}
    busy = {name: counts[name] / times[:, i, 1] for i, name in enumerate(work)}
    for name, unit in (
        ("throffer", "dyads/s"),
        ("numba", "dyads/s"),
        ("pygambit", "games/s"),
        ("play", "trials/s"),
    ):
        print(f"{name}: {spread(rates[name])} {unit}; {spread(busy[name])} a processor second")
    for other in ("numba", "pygambit"):
        print(
            f"throffer / {other}: {spread(rates['throffer'] / rates[other])}; "
            f"by processor time {spread(busy['throffer'] / busy[other])}"
        )

    million = dyads(1_000_000, seed=1)
    jax.block_until_ready(conduct_probabilities(million[:BATCH], agent, cells=CELLS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took, _ = seconds(
        lambda: jax.block_until_ready(conduct_probabilities(million, agent, cells=CELLS))
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"1,000,000 dyads: {took:.1f} s with compilation; peak memory {peak / 1024:,.0f} MB, "
        f"{(peak - before) / 1024:,.0f} MB more than before (arguments and result: 92 MB)"
    )


if __name__ == "__main__":
    main()
