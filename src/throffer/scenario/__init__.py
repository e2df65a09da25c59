"""Scenario: dyads as texts that a model reads, and what it did as one outcome each."""
