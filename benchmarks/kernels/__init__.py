"""Timings of single lowerings beside the forms that they replace; the reasons for what ops/nn does."""
