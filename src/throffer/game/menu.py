"""The agent's menu and its choice: logit over proposals, with cells split at conduct boundaries.

A proposal is a concession on a grid of `cells` midpoints, a lever and candour, or withdraw. On
the lower side of a block the counterpart ends below its baseline, on the upper side it does not.
A cell which that boundary crosses is divided in proportion, so that every probability is a
differentiable function of the dyad and the preferences (except at `legitimacy` = 0.5).
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from throffer.game.preferences import Preferences, norm_against
from throffer.game.terms import MEANS, expected_candid, expected_false, fallback, payoffs
from throffer.structure import RECOGNISED_RANK, SHARE_EDGES, Conduct, Dyad, Lever

CELLS = 50
"""Cells of the concession grid; see docs/theory.md for its error against 4,000."""

MEANS_SCALE = 0.1
"""Harm or gain at which a means has half its full weight on the menu (theory, section 2)."""


T = TypeVar("T")


class Menu(NamedTuple):
    """Choice masses, not normalised: axes `lever` (none, force, leverage), `candour` (candid,
    false), `cell`.

    `upper` is the part of each cell that leaves the counterpart at or above its baseline, `lower`
    the rest; `withdraw` the mass of making no proposal. Without a lever all is `upper`.
    """

    upper: Float[Array, "*batch lever candour cell"]
    lower: Float[Array, "*batch lever candour cell"]
    withdraw: Float[Array, "*batch"]

    @property
    def total(self) -> Float[Array, "*batch"]:
        """Sum of all masses."""
        return (self.upper + self.lower).sum((-3, -2, -1)) + self.withdraw


class Proposals(NamedTuple):
    """Every proposal of the menu: axes `lever`, `candour`, `cell`.

    `probability` of choice, summing to one with `withdraw`; `utility` (expected, before the
    sanction that depends on the side of the boundary); `acceptance` if the answer is given.
    """

    probability: Float[Array, "*batch lever candour cell"]
    withdraw: Float[Array, "*batch"]
    utility: Float[Array, "*batch lever candour cell"]
    acceptance: Float[Array, "*batch lever cell"]


def midpoints(cells: int) -> np.ndarray:
    """Concessions on the menu: the midpoints of `cells` equal parts of [0, 1]."""
    return (np.arange(cells) + 0.5) / cells


def utilities(
    dyad: Dyad, preferences: Preferences, cells: int = CELLS
) -> tuple[Float[Array, "*batch lever candour cell"], Float[Array, "*batch lever cell"]]:
    """Expected utility of every proposal before side-dependent sanctions, and its acceptance.

    The sanctions left out are chi (z + f) for candid and chi z for false proposals (theory,
    section 2): they depend on the side of the conduct boundary and not on the cell.
    """
    dyad, preferences = _with_cells(dyad), _with_cells(preferences)
    rows, taken = [], []
    for lever in MEANS:
        point = fallback(dyad, lever)
        y = point.counterpart + midpoints(cells) * point.surplus
        pay = payoffs(dyad, point, y, preferences.guilt, preferences.counterpart_envy)
        p = jax.nn.sigmoid(preferences.counterpart_precision * pay.answer)
        rows.append(
            jnp.stack(
                jnp.broadcast_arrays(expected_candid(pay, p), expected_false(dyad, pay, p)), -2
            )
        )
        taken.append(p)
    return jnp.stack(jnp.broadcast_arrays(*rows), -3), jnp.stack(jnp.broadcast_arrays(*taken), -2)


def menu(
    dyad: Dyad, preferences: Preferences, cells: int = CELLS, structure: ArrayLike = 1.0
) -> Menu:
    """Choice masses of every proposal, split at the conduct boundary.

    `structure` multiplies precision times expected utility; 0 leaves the bare menu weights, from
    which a lapse draws (with norms 0).
    """
    expected, _ = utilities(dyad, preferences, cells)
    scale = jnp.asarray(preferences.precision) * structure
    scaled = scale[..., None, None, None] * expected
    withdraw = scale * dyad.outside_agent
    top = jax.lax.stop_gradient(jnp.maximum(scaled.max((-3, -2, -1)), withdraw))
    base = jnp.exp(scaled - top[..., None, None, None])
    below = _fraction_below(dyad, cells)
    upper_factor, lower_factor = _factors(dyad, preferences, scale)
    weight = block_weights(dyad) / cells
    return Menu(
        upper=base * (1 - below) * (weight * upper_factor)[..., None],
        lower=base * below * (weight * lower_factor)[..., None],
        withdraw=jnp.exp(withdraw - top - norm_against(preferences, Conduct.WITHDRAW)),
    )


def block_weights(dyad: Dyad) -> Float[Array, "*batch lever candour"]:
    """Menu weight of each block: means too small to matter go unnoticed (theory, section 2)."""
    force, leverage = jnp.asarray(dyad.force), jnp.asarray(dyad.leverage)
    gain = jnp.asarray(dyad.deceit_gain)
    means = jnp.stack(
        jnp.broadcast_arrays(
            jnp.ones_like(force + leverage),
            force / (force + MEANS_SCALE),
            leverage / (leverage + MEANS_SCALE),
        ),
        -1,
    )
    candour = jnp.stack(jnp.broadcast_arrays(jnp.ones_like(gain), gain / (gain + MEANS_SCALE)), -1)
    return means[..., :, None] * candour[..., None, :]


def conduct_masses(dyad: Dyad, parts: Menu) -> Float[Array, "*batch conduct"]:
    """Sum the masses of a menu into conducts, in the order of `Conduct`; not normalised."""
    upper, lower = parts.upper.sum(-1), parts.lower.sum(-1)
    offers = parts.upper[..., 0, 0, :] @ _offer_shares(parts.upper.shape[-1])
    ranked = jnp.asarray(dyad.legitimacy) >= RECOGNISED_RANK
    by_rank = upper[..., 1, 0]
    columns = {
        Conduct.ULTIMATUM: offers[..., 0],
        Conduct.HARD_BARGAIN: offers[..., 1],
        Conduct.EVEN: offers[..., 2],
        Conduct.GENEROUS: offers[..., 3],
        Conduct.AUTHORITY: jnp.where(ranked, by_rank, 0),
        Conduct.PRESSURE: jnp.where(ranked, 0, by_rank)
        + upper[..., 1, 1]
        + upper[..., 2, :].sum(-1),
        Conduct.EXTORTION: lower[..., 1, :].sum(-1),
        Conduct.BLACKMAIL: lower[..., 2, :].sum(-1),
        Conduct.DECEPTION: upper[..., 0, 1],
        Conduct.WITHDRAW: parts.withdraw,
    }
    return jnp.stack(jnp.broadcast_arrays(*(columns[conduct] for conduct in Conduct)), -1)


def conduct_probabilities(
    dyad: Dyad, preferences: Preferences, *, lapse: ArrayLike = 0.0, cells: int = CELLS
) -> Float[Array, "*batch conduct"]:
    """Probability of each conduct, on the last axis in the order of `Conduct`.

    **Arguments:**

    - `dyad`, `preferences`: broadcast together to `*batch`.
    - `lapse`: probability in [0, 1] that the agent draws from the bare menu instead (weights of
      theory, section 2, without utility and norms).
    - `cells`: resolution of the concession grid; 50 for precision up to 20 and harm up to 5.

    Theory, section 2; float32 unless `jax.enable_x64` is on.

    ```python
    >>> dyad = Dyad.from_asymmetry(0.0, 0.0, 0.0)
    >>> shares = conduct_probabilities(dyad, Preferences.of())
    >>> list(Conduct)[int(shares.argmax())]
    <Conduct.EVEN: 'even'>

    ```
    """
    chosen = conduct_masses(dyad, menu(dyad, preferences, cells))
    chosen = chosen / chosen.sum(-1, keepdims=True)
    if isinstance(lapse, (int, float)) and lapse == 0:
        return chosen
    drawn = conduct_masses(dyad, lapse_menu(dyad, preferences, cells))
    drawn = drawn / drawn.sum(-1, keepdims=True)
    lapse = jnp.asarray(lapse)[..., None]
    return (1 - lapse) * chosen + lapse * drawn


def lapse_menu(dyad: Dyad, preferences: Preferences, cells: int = CELLS) -> Menu:
    """The menu's bare weights: no utility, no norms."""
    shape = jnp.broadcast_shapes(dyad.shape, jnp.shape(preferences.precision))
    zero = jnp.zeros(shape)
    indifferent = Preferences(zero, zero, jnp.zeros((*shape, len(Conduct))), zero, zero)
    return menu(dyad, indifferent, cells)


def proposals(dyad: Dyad, preferences: Preferences, *, cells: int = CELLS) -> Proposals:
    """Probability, utility and acceptance of every proposal of the menu."""
    expected, taken = utilities(dyad, preferences, cells)
    parts = menu(dyad, preferences, cells)
    total = parts.total
    return Proposals(
        (parts.upper + parts.lower) / total[..., None, None, None],
        parts.withdraw / total,
        expected,
        taken,
    )


def imposition(
    dyad: Dyad, preferences: Preferences, *, cells: int = CELLS
) -> Float[Array, "*batch"]:
    """Expected share of the pie taken without consent: refused, and put into effect all the same.

    Sum over proposals of P(proposal) P(refused) (1 - v) (1 - y); 0 where `veto` is 1.
    """
    table = proposals(dyad, preferences, cells=cells)
    share = jnp.stack(
        jnp.broadcast_arrays(
            *(
                1 - point.counterpart[..., None] - midpoints(cells) * point.surplus[..., None]
                for point in (fallback(dyad, lever) for lever in MEANS)
            )
        ),
        -2,
    )
    opacity = jnp.asarray(dyad.opacity)[..., None, None]
    refused = jnp.stack(
        jnp.broadcast_arrays(1 - table.acceptance, 1 - opacity * table.acceptance), -2
    )
    taken = (table.probability * refused * share[..., :, None, :]).sum((-3, -2, -1))
    return taken * (1 - jnp.asarray(dyad.veto))


def _with_cells(tree: T) -> T:
    """Every array of a pytree with an axis of one at the end, to broadcast against the cells."""
    return jax.tree.map(lambda leaf: jnp.asarray(leaf)[..., None], tree)


def _fraction_below(dyad: Dyad, cells: int) -> Float[Array, "*batch lever candour cell"]:
    """Part of each cell in which the counterpart ends below its baseline (0 without a lever)."""
    rows = []
    for lever in MEANS:
        point = fallback(dyad, lever)
        if lever is Lever.NONE:
            shape = jnp.broadcast_shapes(point.surplus.shape, jnp.shape(dyad.deceit_gain))
            rows.append(jnp.zeros((*shape, 2, cells)))
            continue
        deceit = jnp.asarray(dyad.deceit_gain)
        lost = jnp.stack(jnp.broadcast_arrays(point.harm, point.harm + deceit), -1)
        surplus = point.surplus[..., None]
        some = surplus > 0
        edge = jnp.where(some, lost / jnp.where(some, surplus, 1), jnp.where(lost > 0, 1.0, 0.0))
        rows.append(jnp.clip(edge[..., None] * cells - np.arange(cells), 0, 1))
    return jnp.stack(jnp.broadcast_arrays(*rows), -3)


def _factors(
    dyad: Dyad, preferences: Preferences, scale: Float[Array, "*batch"]
) -> tuple[Float[Array, "*batch lever candour"], Float[Array, "*batch lever candour"]]:
    """Sanction and norm of the upper and lower side of each block, as factors of its masses."""
    oversight = jnp.asarray(dyad.oversight)
    candid, false = oversight + dyad.future, oversight
    held = jnp.asarray(dyad.legitimacy)
    waived = 1 - held

    def norm(conduct: Conduct) -> Float[Array, "*batch"]:
        return norm_against(preferences, conduct)

    by_rank = jnp.where(held >= RECOGNISED_RANK, norm(Conduct.AUTHORITY), norm(Conduct.PRESSURE))
    pressure, lie = norm(Conduct.PRESSURE), norm(Conduct.DECEPTION)
    zero = jnp.zeros_like(candid)
    upper = [
        [zero, lie],
        [scale * waived * candid + by_rank, scale * waived * false + pressure + lie],
        [scale * candid + pressure, scale * false + pressure + lie],
    ]
    lower = [
        [zero, zero],
        *(
            [scale * candid + norm(conduct), scale * false + norm(conduct) + lie]
            for conduct in (Conduct.EXTORTION, Conduct.BLACKMAIL)
        ),
    ]
    return _stack_blocks(upper), _stack_blocks(lower)


def _stack_blocks(penalties: list[list[Array]]) -> Float[Array, "*batch lever candour"]:
    flat = jnp.broadcast_arrays(*(entry for row in penalties for entry in row))
    return jnp.exp(-jnp.stack(flat, -1).reshape(*flat[0].shape, len(MEANS), 2))


def _offer_shares(cells: int) -> np.ndarray:
    """Part of each cell in the four bands of offers, `(cells, 4)`: ultimatum up to generous."""
    low = np.arange(cells)[:, None] / cells
    edges = np.array([0.0, *SHARE_EDGES, 1.0])
    overlap = np.minimum(low + 1 / cells, edges[1:]) - np.maximum(low, edges[:-1])
    return np.clip(overlap * cells, 0, 1)
