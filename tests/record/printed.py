"""Printing rates in the form of the reference statistics."""

from throffer.record import wilson


def with_interval(count: int, trials: int) -> str:
    """Print a rate and both ends of its 95 % Wilson interval, with four decimals."""
    low, high = wilson(count, trials)
    return f"{count / trials:.4f} {low:.4f} {high:.4f}"
