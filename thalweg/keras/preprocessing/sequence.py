"""Preparation of sequences."""

from thalweg._src.keras.utils.sequences import pad_sequences as pad_sequences
