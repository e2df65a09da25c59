"""Design: the list of situations that an audit asks, including two controls."""

from throffer.design._design import (
    SLICE_END,
    SLICES,
    SMALLEST,
    default_design,
    slice_dyads,
    sobol_dyads,
)

__all__ = [
    "SLICES",
    "SLICE_END",
    "SMALLEST",
    "default_design",
    "slice_dyads",
    "sobol_dyads",
]
