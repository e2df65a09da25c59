"""Links between regimes, stored sparsely: W of theory, section 6."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, Int

from throffer.structure import checked


class Links(NamedTuple):
    """Edges of a network: `weight` is W_jk, the effect of regime k = `source` on j = `target`.

    Regimes are numbered from 0. An edge that occurs twice counts twice; there are no links from a
    regime to itself. Create them with `links` or `edges`, which check them.
    """

    target: Int[ArrayLike, "edge"]
    source: Int[ArrayLike, "edge"]
    weight: Float[ArrayLike, "edge"]

    def gathered(self, sent: Float[Array, "regime *batch"]) -> Float[Array, "regime *batch"]:
        """sum_k W_jk `sent`_k, for every j."""
        weight = jnp.asarray(self.weight, sent.dtype)
        weight = weight.reshape(-1, *(1,) * (sent.ndim - 1))
        return jax.ops.segment_sum(weight * sent[self.source], self.target, sent.shape[0])


def links(matrix: Float[ArrayLike, "regime regime"]) -> Links:
    """The links of a matrix W with W_jk at row j, column k; its diagonal must be 0.

    Raises:
        ValueError: For a matrix that is not square, or an entry that is negative, not finite or on
            the diagonal.

    ```python
    >>> links([[0.0, 0.5], [0.0, 0.0]])
    Links(target=array([0]), source=array([1]), weight=array([0.5]))

    ```
    """
    whole = np.asarray(matrix, float)
    if whole.ndim != 2 or whole.shape[0] != whole.shape[1]:
        raise ValueError(f"links come as a square matrix, not as one of shape {whole.shape}")
    target, source = np.nonzero(whole)
    return edges(target, source, whole[target, source], len(whole))


def edges(
    target: Int[ArrayLike, "edge"],
    source: Int[ArrayLike, "edge"],
    weight: Float[ArrayLike, "edge"],
    regimes: int,
) -> Links:
    """Links from lists of edges among `regimes` regimes; `ValueError` for a faulty one."""
    heads, tails = np.asarray(target, int), np.asarray(source, int)
    for name, ends in (("target", heads), ("source", tails)):
        outside = ends[(ends < 0) | (ends >= regimes)]
        if outside.size:
            raise ValueError(f"link {name} = {outside[0]}; there are {regimes} regimes, from 0")
    if (heads == tails).any():
        raise ValueError("a regime is linked to itself; leave the diagonal of the matrix 0")
    return Links(heads, tails, checked("link weight", weight))


def ring(regimes: int, weight: float = 1.0) -> Links:
    """Every regime linked to the two beside it on a ring; two regimes are linked once."""
    here = np.arange(regimes)
    both = [(here, (here + 1) % regimes), (here, (here - 1) % regimes)]
    if regimes < 3:
        both = both[: regimes - 1]
    if not both:
        return Links(here[:0], here[:0], np.zeros(0))
    target, source = (np.concatenate(each) for each in zip(*both, strict=True))
    return edges(target, source, np.full(target.size, weight), regimes)


def contention(network: Links, values: Float[ArrayLike, "regime value"]) -> Links:
    """The same edges with weight W_jk |v_j - v_k|^2: contradiction from differing values."""
    v = np.asarray(values, float)
    target, source = np.asarray(network.target), np.asarray(network.source)
    apart = ((v[target] - v[source]) ** 2).sum(-1)
    return network._replace(weight=np.asarray(network.weight) * apart)
