"""Recurrent layers: cells, the loops around them, and wrappers that go along time."""
