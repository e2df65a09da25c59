"""Who bears the load of those that fell: equal and nearest-neighbour sharing.

The two rules of a fibre bundle (theory, section 6). One function, for a cascade that passes on
a stock as for a system that passes on inflow.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from throffer.series._links import Links


def share_load(
    load: Float[Array, "regime *batch"],
    standing: Bool[Array, "regime *batch"],
    neighbours: Links | None = None,
) -> Float[Array, "regime *batch"]:
    """What each regime receives of the loads that others shed; 0 for one that does not stand.

    What is received adds up to what was shed; where nobody stands it is lost.

    Args:
        load: what each regime sheds, 0 for one that sheds nothing.
        standing: who can bear it.
        neighbours: without them all that stand bear the same (global sharing). With them a load
            goes to the neighbours that stand, in proportion to the weight of their link from the
            one that sheds it; where none stands, it is borne by all alike.

    ```python
    >>> up = jnp.array([False, True, True])
    >>> share_load(jnp.array([1.0, 0.0, 0.0]), up).tolist()
    [0.0, 0.5, 0.5]

    ```
    """
    bears = standing.astype(load.dtype)
    if neighbours is None:
        return _equally(load, bears)
    back = neighbours._replace(target=neighbours.source, source=neighbours.target)
    open_to = back.gathered(bears)
    reached = open_to > 0
    per_weight = jnp.where(reached, load / jnp.where(reached, open_to, 1), 0)
    stranded = jnp.where(reached, 0, load)
    return bears * neighbours.gathered(per_weight) + _equally(stranded, bears)


def _equally(
    load: Float[Array, "regime *batch"], bears: Float[Array, "regime *batch"]
) -> Float[Array, "regime *batch"]:
    count = bears.sum(0)
    return bears * (load.sum(0) / jnp.maximum(count, 1))
