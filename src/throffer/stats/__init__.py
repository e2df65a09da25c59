"""Statistics that every room shares: intervals, clusters, penalised fits, agreement.

One `Interval` with its confidence and, where it has no numbers, its reason. Proportions, logistic
regression and kappa are computed by statsmodels, which is imported on first use.
"""

from throffer.stats._agreement import (
    Disagreement,
    cohen_kappa,
    cohen_kappa_of_counts,
    krippendorff_alpha,
    krippendorff_interval,
    sum_disagreement,
)
from throffer.stats._cluster_fit import (
    ClusterFit,
    ClusterLikelihood,
    ClusterModel,
    differentiate,
    fit_clusters,
    one_step_draws,
)
from throffer.stats._clusters import cluster_draws, cluster_intervals, cluster_weights
from throffer.stats._critical import normal_interval, normal_quantile, student_quantile, tails
from throffer.stats._draws import draws_interval, percentile_interval, quantile_interval
from throffer.stats._interval import CONFIDENCE, Interval, finite_or_none
from throffer.stats._jackknife import Jackknife, cluster_jackknife
from throffer.stats._logit import LogitFit, fit_logit
from throffer.stats._penalised import (
    UNMOVED,
    Minimum,
    Objective,
    PenalisedFit,
    Prior,
    fit_penalised,
    hessian,
    is_identified,
    laplace_covariance,
    laplace_draws,
    laplace_interval,
    minimise,
    natural,
    start_points,
)
from throffer.stats._proportions import (
    clopper_pearson,
    draw_share_interval,
    effective_count,
    paired_difference_interval,
    share_interval,
    widen_to_exact,
    wilson,
)

__all__ = [
    "CONFIDENCE",
    "UNMOVED",
    "ClusterFit",
    "ClusterLikelihood",
    "ClusterModel",
    "Disagreement",
    "Interval",
    "Jackknife",
    "LogitFit",
    "Minimum",
    "Objective",
    "PenalisedFit",
    "Prior",
    "clopper_pearson",
    "cluster_draws",
    "cluster_intervals",
    "cluster_jackknife",
    "cluster_weights",
    "cohen_kappa",
    "cohen_kappa_of_counts",
    "differentiate",
    "draw_share_interval",
    "draws_interval",
    "effective_count",
    "finite_or_none",
    "fit_clusters",
    "fit_logit",
    "fit_penalised",
    "hessian",
    "is_identified",
    "krippendorff_alpha",
    "krippendorff_interval",
    "laplace_covariance",
    "laplace_draws",
    "laplace_interval",
    "minimise",
    "natural",
    "normal_interval",
    "normal_quantile",
    "one_step_draws",
    "paired_difference_interval",
    "percentile_interval",
    "quantile_interval",
    "share_interval",
    "start_points",
    "student_quantile",
    "sum_disagreement",
    "tails",
    "widen_to_exact",
    "wilson",
]
