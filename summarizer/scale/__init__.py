"""Existing engines beyond one machine: a provider's batch files, and Ray."""
