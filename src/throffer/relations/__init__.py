"""Relations: relational models from event logs (theory, section 4)."""
