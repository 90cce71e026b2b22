"""tf.sets: sets of values in the rows of tensors."""

from thalweg._src.ops.sparse.sets import difference as difference
from thalweg._src.ops.sparse.sets import intersection as intersection
from thalweg._src.ops.sparse.sets import size as size
from thalweg._src.ops.sparse.sets import union as union
