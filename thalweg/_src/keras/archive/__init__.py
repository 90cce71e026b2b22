"""Keras' files of all versions since 2: archives, weights, and their checks against damage and malice."""
