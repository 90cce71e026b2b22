"""Keras' files: `.keras` archives, `.weights.h5` weights, and their checks against damage and malice."""
