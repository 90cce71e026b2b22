"""Rows of the op table, one file per family: what the contracts in tests/ops run."""
