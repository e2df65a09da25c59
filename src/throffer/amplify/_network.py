"""Complexity and stability: the leading eigenvalue of many coupled regimes.

Near equilibrium a regime recovers at its gain `gamma (1 - u)^2`. In theory, section 6, links add an
inflow, `W_jk |v_j - v_k|^2`, that does not depend on how much contradiction is unresolved in other
regimes. The Jacobian is then block-diagonal, one block for each regime, and complexity acts only
through utilisation. If unresolved contradiction itself spreads (`contagion`, a further assumption),
May's criterion (1972, Nature 238:413) applies: a random network of S regimes, connectance C and
couplings of mean 0 and standard deviation s is stable up to `s sqrt(S C)` equal to that gain.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence, eigs, splu

from throffer.amplify._path import place_of
from throffer.amplify._system import System, check_system

DENSE = 400
"""Largest matrix for which all eigenvalues are computed."""

TOLERANCE = 1e-3
"""Relative tolerance of the iterative solver; random spectra have many eigenvalues at the edge."""

KRYLOV = 80
"""Krylov vectors of the solver; more need fewer iterations, more memory and about equal time."""


class LeadingEigenvalue(NamedTuple):
    """The eigenvalue with the largest real part; NaN where `converged` is False."""

    value: complex
    converged: bool


class Equilibrium(NamedTuple):
    """Equilibrium of regimes at one amplification; see `equilibrium_of`.

    Attributes:
        utilisation: u by regime.
        gain: gamma (1 - u)^2, per unit of time; NaN for u >= 1, where there is no equilibrium.
        lag: tau.
    """

    utilisation: Float[np.ndarray, "regime"]
    gain: Float[np.ndarray, "regime"]
    lag: Float[np.ndarray, "regime"]


def random_couplings(
    size: int,
    connectance: float,
    spread: float,
    rng: np.random.Generator,
    *,
    mean: float = 0.0,
    modules: int = 1,
    modularity: float = 0.0,
) -> sparse.csr_array:
    """A random matrix of couplings, diagonal 0: entry (j, k) is what regime k does to j.

    Args:
        size: number of regimes S.
        connectance: C in (0, 1], probability of a link.
        spread: standard deviation s of the couplings that exist (normal), per unit of time.
        rng: source of the links and couplings.
        mean: mean of the couplings that exist, per unit of time.
        modules: number of modules of equal size, numbered in order.
        modularity: q in [0, 1]; links are `1 + (modules - 1) q` times as likely inside a module and
            `1 - q` times across modules, so that the overall C does not change.

    Raises:
        ValueError: For a probability above 1 or numbers out of range.
    """
    if not 0 < connectance <= 1 or not 0 <= modularity <= 1 or spread < 0:
        raise ValueError(
            f"connectance = {connectance} in (0, 1], modularity = {modularity} in [0, 1] and "
            f"spread = {spread} >= 0 are needed"
        )
    if modules < 1 or size % modules:
        raise ValueError(f"modules = {modules} must divide the {size} regimes into equal parts")
    inside = connectance * (1 + (modules - 1) * modularity)
    if inside > 1:
        raise ValueError(
            f"modularity = {modularity} asks for a chance of {inside:.3g} inside a module; lower "
            "it, the connectance or the number of modules"
        )
    part = size // modules
    # pairs by row, inside and across in turn: how many by the binomial law, then which
    rows, columns = [], []
    for row in range(size):
        home = row // part
        near = rng.choice(part, rng.binomial(part, inside), replace=False) + home * part
        count = rng.binomial(size - part, connectance * (1 - modularity))
        far = rng.choice(size - part, count, replace=False)
        far = far + part * (far >= home * part)
        column = np.concatenate([near, far])
        columns.append(column[column != row])
        rows.append(np.full(columns[-1].size, row))
    row, column = np.concatenate(rows), np.concatenate(columns)
    values = mean + spread * rng.standard_normal(row.size)
    return sparse.csr_array((values, (row, column)), shape=(size, size))


def may_bound(size: int, connectance: float, spread: float, mean: float = 0.0) -> float:
    """The gain below which a large random network loses stability, per unit of time.

    `max( sqrt(S C (s^2 + (1 - C) mean^2)), (S - 1) C mean )`: the radius of the circular law of
    the couplings (May 1972; Allesina & Tang 2012, Nature 483:205), or the single eigenvalue of the
    mean coupling if that is larger. Assumes no lag, equal gains and independent couplings.

    ```python
    >>> may_bound(250, 0.1, 0.2)
    1.0

    ```
    """
    variance = connectance * (spread**2 + (1 - connectance) * mean**2)
    return float(max(np.sqrt(size * variance), (size - 1) * connectance * mean))


def equilibrium_of(system: System, amplification: float = 1.0) -> Equilibrium:
    """Utilisation, recovery gain and lag of every regime at a constant amplification A.

    `u = nu A^e_s [ c(A) + A^e_w sum_k W_jk |v_j - v_k|^2 ] / (gamma A^e_g chi)`, with no regime
    down.

    Raises:
        ValueError: For a system whose numbers differ by trajectory.
    """
    known = check_system(system)
    trajectories, _ = known.shape
    if trajectories > 1:
        raise ValueError(f"the system holds {trajectories} trajectories; give one")
    place = place_of(known, np.array([amplification], float))
    utilisation, lag, gain_lag = (
        part[0, 0] for part in (place.utilisation, place.lag, place.gain_lag)
    )
    gain = np.where(utilisation < 1, gain_lag / lag * (1 - utilisation) ** 2, np.nan)
    return Equilibrium(utilisation, gain, lag)


def jacobian(
    gain: Float[np.ndarray, "regime"],
    *,
    lag: Float[np.ndarray, "regime"] | float = 0.0,
    stages: int = 1,
    contagion: sparse.csr_array | None = None,
) -> sparse.csr_array:
    """Jacobian at equilibrium of X and of the stages of the lag.

    Square, with `(1 + stages) J` rows: first X of all regimes, then their first stages, and so on.

    Args:
        gain: gamma (1 - u)^2, per unit of time.
        lag: tau, in the same unit of time; 0 leaves the stages out.
        stages: number of stages of the lag.
        contagion: entry (j, k) is the increase of the inflow of j, per unit of time, for each unit
            of unresolved contradiction in k; None is the model of theory, section 6.

    Raises:
        ValueError: If a regime has no equilibrium.
    """
    if not np.all(np.isfinite(gain)):
        raise ValueError(
            "gain: a regime without equilibrium (utilisation of 1 or more) has no Jacobian"
        )
    size = gain.size
    passed = sparse.csr_array((size, size)) if contagion is None else sparse.csr_array(contagion)
    tau = np.broadcast_to(np.asarray(lag, float), (size,))
    if not np.any(tau):
        return sparse.csr_array(passed - sparse.diags_array(gain))
    if not np.all(tau > 0):
        raise ValueError("lag: 0 for some regimes and not for others; give those a small one")
    rate = sparse.diags_array(stages / tau)
    blocks: list[list[Any]] = [[None] * (stages + 1) for _ in range(stages + 1)]
    blocks[0][0] = passed
    blocks[0][stages] = -sparse.diags_array(gain)
    for stage in range(1, stages + 1):
        blocks[stage][stage - 1], blocks[stage][stage] = rate, -rate
    return sparse.csr_array(sparse.block_array(blocks))


def leading_eigenvalue(matrix: sparse.csr_array, *, seed: int = 0) -> LeadingEigenvalue:
    """The eigenvalue with the largest real part; if it is negative, the equilibrium is stable.

    Up to 400 rows all eigenvalues are computed. Larger matrices use Arnoldi iteration (ARPACK) to a
    relative tolerance of 1e-3 from a start drawn by `seed`, and the residual is checked. If the
    iteration does not converge, the value is NaN.
    """
    size = matrix.indptr.size - 1
    if size <= DENSE:
        values = np.linalg.eigvals(matrix.toarray())
        return LeadingEigenvalue(complex(values[np.argmax(values.real)]), True)
    start = np.random.default_rng(seed).standard_normal(size)
    try:
        asked: dict[str, Any] = {"ncv": KRYLOV, "tol": TOLERANCE, "maxiter": 4000, "v0": start}
        found: Any = eigs(matrix, k=1, which="LR", **asked)
    except ArpackNoConvergence:
        return LeadingEigenvalue(complex(np.nan, np.nan), False)
    value, vector = complex(found[0][0]), found[1][:, 0]
    # on systems with lag ARPACK has reported convergence to values that are no eigenvalues
    if np.linalg.norm(matrix @ vector - value * vector) > 10 * TOLERANCE * abs(value):
        return LeadingEigenvalue(complex(np.nan, np.nan), False)
    return LeadingEigenvalue(value, True)


def shock_reach(matrix: sparse.csr_array, regime: int, size: int) -> Float[np.ndarray, "regime"]:
    """Long-run change of each regime's X for one unit of inflow added to `regime`.

    `-J^(-1) e`, in units of time. It is meaningful only if the equilibrium is stable.
    """
    shock = np.zeros(matrix.indptr.size - 1)
    shock[regime] = -1.0
    return splu(sparse.csc_array(matrix)).solve(shock)[:size]
