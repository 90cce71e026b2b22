"""tf.linalg: linear algebra."""

from thalweg._src.ops.clipping import global_norm as global_norm
from thalweg._src.ops.creation import eye as eye
