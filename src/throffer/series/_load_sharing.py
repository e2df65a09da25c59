"""How the load of collapsed regimes is shared: equally, or among neighbours.

The two rules of a fibre bundle (theory, section 6). The same function serves cascades, which pass
on a stock, and systems, which pass on inflow.
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
    """Load that each regime receives from those that shed load; 0 for a regime that is down.

    The received loads add up to the shed loads. If no regime stands, the load is lost.

    Args:
        load: load that each regime sheds, 0 for one that sheds none.
        standing: regimes that can receive load.
        neighbours: None shares equally among all standing regimes (global sharing). With links a
            load goes to the standing neighbours, in proportion to the weight of their link from the
            regime that sheds it; if no neighbour stands, all standing regimes share it equally.

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
