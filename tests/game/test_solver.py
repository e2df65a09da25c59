"""The game compared with an independent solver: pygambit's logit equilibrium of the full tree."""

import io

import jax
import numpy as np
import pytest

from tests.game.brute import LEVERS, random_dyads, single
from throffer.game import Preferences, conduct_probabilities
from throffer.structure import Conduct, Dyad, locate_codes

pygambit = pytest.importorskip("pygambit")


def tree(dyad, preferences, cells):
    """The game as an extensive form, and the conduct of each of the agent's moves.

    A cell that a boundary crosses becomes two moves, one for each side. Log weights and norms,
    divided by the agent's precision, are added to its payoffs. The counterpart's payoffs are
    multiplied by the ratio of the precisions, because the solver has only one precision.
    """
    a, b = dyad["outside_agent"], dyad["outside_counterpart"]
    w, v, o = dyad["finality"], dyad["veto"], dyad["opacity"]
    d, z, f, held = (dyad[k] for k in ("deceit_gain", "oversight", "future", "legitimacy"))
    own, norms = preferences.precision, preferences.norms
    ratio = preferences.counterpart_precision / own
    conducts, nodes = [], []

    def end(agent, counterpart=0.0):
        end.count += 1
        return f't "" {end.count} "" {{ {agent:.15f}, {counterpart:.15f} }}'

    def answer(yes, no):
        answer.count += 1
        return [f'p "" 2 {answer.count} "" {{ "yes" "no" }} 0', end(*yes), end(*no)]

    end.count = answer.count = 0
    for number, lever in enumerate(LEVERS):
        harm, cost = dyad.get(lever, 0.0), dyad.get(f"{lever}_cost", 0.0)
        t_a, t_b = a - cost, b - harm
        surplus = max(1 - t_a - t_b, 0)
        for false in (False, True):
            lost = harm + (d if false else 0)
            edge = 0.0 if lever == "none" else min(lost / surplus, 1.0)
            for cell in range(cells):
                y = t_b + (cell + 0.5) / cells * surplus
                m = max((1 - y - a) - (y - b), 0)
                u = 1 - y - preferences.guilt * m
                refused = v * t_a + (1 - v) * u
                content = y - preferences.counterpart_envy * m
                no_deal = v * (t_b + (1 - w) * surplus) + (1 - v) * content
                below = float(np.clip(edge * cells - cell, 0, 1))
                for side, share in (("below", below), ("above", 1 - below)):
                    if share == 0:
                        continue
                    accept = -1.0 if side == "below" else y - b
                    code = int(
                        locate_codes(
                            np.array(accept if lever == "none" or side == "below" else 0.0),
                            np.array(1 - a - b),
                            np.array(number),
                            np.array(not false),
                            np.array(held),
                        )
                    )
                    chi = 0.0 if lever == "none" else 1.0
                    if lever == "force" and side == "above":
                        chi = 1 - held
                    weight = share / cells * (1 if lever == "none" else harm / (harm + 0.1))
                    norm = norms[code]
                    if false:
                        weight *= d / (d + 0.1)
                        norm += norms[Conduct.DECEPTION.code] if lever != "none" else 0
                    extra = (np.log(weight) - norm) / own
                    conducts.append(code)
                    if not false:
                        extra -= chi * (z + f)
                        nodes += answer(
                            (u + extra, ratio * content), (refused + extra, ratio * no_deal)
                        )
                        continue
                    extra -= f + chi * z
                    g_a, g_b = 1 - y - a, y - b
                    u_false = 1 - y + d - preferences.guilt * max(g_a - g_b + 2 * d, 0)
                    chance = len(nodes)
                    nodes.append(f'c "" {chance + 1} "" {{ "unseen" {o} "found" {1 - o:.3f} }} 0')
                    nodes += answer(
                        (u_false + extra, ratio * content), (refused + extra, ratio * no_deal)
                    )
                    nodes.append(end(refused - z + extra))
    conducts.append(Conduct.WITHDRAW.code)
    nodes.append(end(a - norms[Conduct.WITHDRAW.code] / own))
    moves = " ".join(f'"m{number}"' for number in range(len(conducts)))
    head = f'EFG 2 R "throffer" {{ "A" "B" }} ""\np "" 1 1 "" {{ {moves} }} 0\n'
    return pygambit.read_efg(io.StringIO(head + "\n".join(nodes) + "\n")), conducts


def solved(dyad, preferences, cells):
    game, conducts = tree(dyad, preferences, cells)
    (found,) = pygambit.qre.logit_solve_lambda(game, lam=float(preferences.precision))
    ((_, choice),) = list(found.profile["A"])
    shares = [float(choice[f"m{number}"]) for number in range(len(conducts))]
    return np.bincount(conducts, shares, len(Conduct))


@pytest.mark.parametrize("index", range(12))
def test_conducts_are_those_of_an_independent_solver(index):
    # a grid of five has the edges of the offers (.2, .4, .6) on cell boundaries
    cells = 5
    rng = np.random.default_rng(100 + index)
    dyad = single(random_dyads(index, 1), 0)
    dyad["opacity"] = round(dyad["opacity"], 3)
    preferences = Preferences(
        precision=float(rng.uniform(1, 5)),
        guilt=float(rng.uniform(0, 0.4)),
        norms=rng.normal(0, 1, len(Conduct)),
        counterpart_precision=float(rng.uniform(1, 8)),
        counterpart_envy=float(rng.uniform(0, 0.6)),
    )
    with jax.enable_x64(True):
        ours = conduct_probabilities(Dyad.validated(**dyad), preferences, cells=cells)
    assert np.asarray(ours) == pytest.approx(solved(dyad, preferences, cells), abs=1e-6)
