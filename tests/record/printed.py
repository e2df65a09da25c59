"""Printing rates in the form of the reference statistics."""

from throffer.stats import wilson


def with_interval(count: int, trials: int) -> str:
    """The rate and both ends of its 95 % Wilson interval, with four decimals."""
    low, high = wilson(count, trials).ends
    return f"{count / trials:.4f} {low:.4f} {high:.4f}"
