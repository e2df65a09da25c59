"""Amplification: margin of error, stability, collapse, time left (theory, section 6)."""
