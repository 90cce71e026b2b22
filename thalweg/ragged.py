"""tf.ragged: tensors whose rows have different lengths."""

from thalweg._src.ops.ragged.creation import constant as constant
