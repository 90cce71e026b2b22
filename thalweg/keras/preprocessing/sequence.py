"""Preparation of sequences."""

from thalweg._src.keras.utils.sequence_samples import TimeseriesGenerator as TimeseriesGenerator
from thalweg._src.keras.utils.sequence_samples import make_sampling_table as make_sampling_table
from thalweg._src.keras.utils.sequence_samples import skipgrams as skipgrams
from thalweg._src.keras.utils.sequences import pad_sequences as pad_sequences
