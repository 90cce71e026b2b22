"""tf.ragged: tensors whose rows have different lengths."""

from thalweg._src.ops.ragged.creation import constant as constant
from thalweg._src.ops.ragged.crossing import cross as cross
from thalweg._src.ops.ragged.crossing import cross_hashed as cross_hashed
from thalweg._src.ops.ragged.joining import stack as stack
from thalweg._src.ops.ragged.mapping import map_flat_values as map_flat_values
from thalweg._src.ops.ragged.masking import boolean_mask as boolean_mask
from thalweg._src.ops.ragged.masking import stack_dynamic_partitions as stack_dynamic_partitions
from thalweg._src.ops.ragged.ranges import range as range
from thalweg._src.ops.ragged.ranges import row_splits_to_segment_ids as row_splits_to_segment_ids
from thalweg._src.ops.ragged.ranges import segment_ids_to_row_splits as segment_ids_to_row_splits
