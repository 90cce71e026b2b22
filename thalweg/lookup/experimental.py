"""tf.lookup.experimental: tables that can be written to."""

from thalweg._src.lookup.mutable import DenseHashTable as DenseHashTable
from thalweg._src.lookup.mutable import MutableHashTable as MutableHashTable
