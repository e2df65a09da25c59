"""The rational limit: infinite precision, no envy, guilt or norms (theory, section 3)."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from throffer.game._terms import MEANS, expected_candid, expected_false, fallback, payoffs
from throffer.structure import RECOGNISED_RANK, SHARE_EDGES, TOLERANCE, Conduct, Dyad, Lever


class RationalChoice(NamedTuple):
    """The choice of a rational agent: `conduct` (codes of `Conduct`) and expected `value`."""

    conduct: Int[Array, "*batch"]
    value: Float[Array, "*batch"]


class Worth(NamedTuple):
    """What each alternative to an honest offer is worth to a rational agent, with `veto` = 1.

    The values are in units of the pie, after sanctions. `honest` is the value a + w G of an honest
    offer; the others are gains over it. Extortion is possible only if `coercion_distance` of force
    is negative, blackmail only if that of leverage is.
    """

    honest: Float[Array, "*batch"]
    authority: Float[Array, "*batch"]
    extortion: Float[Array, "*batch"]
    blackmail: Float[Array, "*batch"]
    deception: Float[Array, "*batch"]


def lever_gain(dyad: Dyad, lever: Lever) -> Float[Array, "*batch"]:
    """What a lever adds to the agent's share before sanctions: g = w h - (1 - w) k."""
    point = fallback(dyad, lever)
    w = jnp.asarray(dyad.finality)
    return w * point.harm - (1 - w) * point.cost


def coercion_distance(dyad: Dyad, lever: Lever | str = Lever.FORCE) -> Float[Array, "*batch"]:
    """Distance to coercion, D: how far above its baseline a bargain leaves the counterpart.

    `D = (1 - w) G - g`, in units of the pie (theory, section 3), if the surplus under the lever is
    positive. If D is negative, a rational agent's best terms leave the counterpart worse off than
    if the two had never met. If `1 - v > w`, the agent does better by going ahead without
    agreement, and D is `-h`. D is differentiable with `jax.grad` except where `1 - v = w`.

    Args:
        dyad: one dyad or a batch.
        lever: force or leverage.

    ```python
    >>> print(f"{coercion_distance(Dyad.from_asymmetry(0.5, 0.0, 0.5)):.4f}")
    -0.4625

    ```
    """
    lever = Lever(lever)
    w, v = jnp.asarray(dyad.finality), jnp.asarray(dyad.veto)
    bargained = (1 - w) * dyad.gain - lever_gain(dyad, lever)
    return jnp.where(1 - v > w, -fallback(dyad, lever).harm, bargained)


def worth(dyad: Dyad) -> Worth:
    """Closed-form values of theory, section 3.

    They hold if `veto` is 1 and the surplus is positive under every lever.
    """
    w, gain = jnp.asarray(dyad.finality), dyad.gain
    sanction = jnp.asarray(dyad.oversight) + dyad.future
    force, leverage = lever_gain(dyad, Lever.FORCE), lever_gain(dyad, Lever.LEVERAGE)
    opacity = jnp.asarray(dyad.opacity)
    held = 1 - jnp.asarray(dyad.legitimacy)
    return Worth(
        honest=jnp.asarray(dyad.outside_agent) + w * gain,
        authority=jnp.minimum(force, (1 - w) * gain) - held * sanction,
        extortion=force - sanction,
        blackmail=leverage - sanction,
        deception=opacity * dyad.deceit_gain
        - (1 - opacity) * (w * gain + dyad.oversight)
        - dyad.future,
    )


def rational_choice(dyad: Dyad) -> RationalChoice:
    """The best proposal of an agent without noise, guilt or norms to a counterpart without envy.

    Under each lever and candour, only three terms can be best: the least that the counterpart
    accepts, the least that leaves it at its baseline, and none of the surplus, which is refused
    and imposed. The best of these and of withdrawing is the exact solution for `veto` in (0, 1].
    With `veto` 0 the counterpart's answer does not matter.
    """
    values, codes = [jnp.asarray(dyad.outside_agent)], [jnp.asarray(Conduct.WITHDRAW.code)]
    for lever in MEANS:
        point = fallback(dyad, lever)
        least = point.counterpart + (1 - jnp.asarray(dyad.finality)) * point.surplus
        most = point.counterpart + point.surplus
        for candour in (True, False):
            lost = 0.0 if candour else jnp.asarray(dyad.deceit_gain)
            base = jnp.clip(dyad.outside_counterpart + lost, point.counterpart, most)
            for terms in (least, base, point.counterpart):
                value, code = _candidate(dyad, lever, candour, terms, least)
                values.append(value)
                codes.append(code)
    stacked = jnp.stack(jnp.broadcast_arrays(*values), -1)
    best = stacked.argmax(-1)
    named = jnp.stack(jnp.broadcast_arrays(*codes, stacked[..., 0])[:-1], -1)
    pick = best[..., None]
    return RationalChoice(
        jnp.take_along_axis(named, pick, -1)[..., 0].astype(int),
        jnp.take_along_axis(stacked, pick, -1)[..., 0],
    )


def rational_conduct(dyad: Dyad) -> Int[Array, "*batch"]:
    """Codes of the conducts that `rational_choice` picks.

    ```python
    >>> corner = Dyad.from_asymmetry(0.8, 0.0, 0.8, legitimacy=0.0)
    >>> list(Conduct)[int(rational_conduct(corner))]
    <Conduct.EXTORTION: 'extortion'>

    ```
    """
    return rational_choice(dyad).conduct


def _candidate(
    dyad: Dyad,
    lever: Lever,
    candour: bool,
    terms: Float[Array, "*batch"],
    least: Float[Array, "*batch"],
) -> tuple[Float[Array, "*batch"], Int[Array, "*batch"]]:
    """Value and conduct of promised `terms`; the counterpart accepts from `least` on."""
    point = fallback(dyad, lever)
    pay = payoffs(dyad, point, terms, 0.0, 0.0)
    taken = jnp.where(terms >= least - TOLERANCE, 1.0, 0.0)
    value = expected_candid(pay, taken) if candour else expected_false(dyad, pay, taken)
    lost = 0.0 if candour else jnp.asarray(dyad.deceit_gain)
    accept = terms - lost - jnp.asarray(dyad.outside_counterpart)
    if lever is Lever.NONE:
        share = jnp.where(
            point.surplus > 0,
            (terms - point.counterpart) / jnp.where(point.surplus > 0, point.surplus, 1),
            0.5,
        )
        code = _offer_code(share) if candour else jnp.full(share.shape, Conduct.DECEPTION.code)
        return value, code
    sanction = jnp.asarray(dyad.oversight) + (dyad.future if candour else 0.0)
    # in single precision, terms at the baseline can round to below it
    harmless = accept >= -jnp.sqrt(jnp.finfo(accept.dtype).eps) * 1e-2
    held = jnp.asarray(dyad.legitimacy)
    if lever is Lever.FORCE:
        paid = jnp.where(harmless, (1 - held) * sanction, sanction)
        ranked = (held >= RECOGNISED_RANK) & candour
        throffer = jnp.where(ranked, Conduct.AUTHORITY.code, Conduct.PRESSURE.code)
        return value - paid, jnp.where(harmless, throffer, Conduct.EXTORTION.code)
    return value - sanction, jnp.where(harmless, Conduct.PRESSURE.code, Conduct.BLACKMAIL.code)


def _offer_code(share: Float[Array, "*batch"]) -> Int[Array, "*batch"]:
    low, middle, high = SHARE_EDGES
    slack = jnp.sqrt(jnp.finfo(share.dtype).eps) * 1e-2
    return jnp.where(
        share < low - slack,
        Conduct.ULTIMATUM.code,
        jnp.where(
            share < middle - slack,
            Conduct.HARD_BARGAIN.code,
            jnp.where(share <= high + slack, Conduct.EVEN.code, Conduct.GENEROUS.code),
        ),
    )
