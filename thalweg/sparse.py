"""tf.sparse: sparse tensors."""

from thalweg._src.ops.sparse.tensor import SparseTensor as SparseTensor
from thalweg._src.ops.sparse_segment import segment_mean as segment_mean
from thalweg._src.ops.sparse_segment import segment_sqrt_n as segment_sqrt_n
from thalweg._src.ops.sparse_segment import segment_sum as segment_sum
