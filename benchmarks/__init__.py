"""Scripts that print measured figures; none asserts."""
