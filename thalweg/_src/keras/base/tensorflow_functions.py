"""Functions of TensorFlow by the names under which graphs of Keras 2 keep their calls.

Keras 2 writes ``tf.reduce_mean(x, axis=1)`` in a graph as a layer of class ``TFOpLambda`` with the function
``"math.reduce_mean"`` and the arguments by name. The table below is closed: each of its functions computes
tensors from tensors and does nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.autodiff import stop
from thalweg._src.core import convert
from thalweg._src.ops import (
    band,
    blocks,
    casting,
    clipping,
    combining,
    comparison,
    complex_numbers,
    contraction,
    counting,
    creation,
    cumulative,
    einsum,
    elementwise,
    exponential,
    gather,
    guarded,
    inspection,
    joining,
    linalg,
    ranges,
    ranking,
    reduction,
    reordering,
    rounding,
    scatter,
    selection,
    shaping,
    slicing,
    sorting,
    special,
    tiling,
    trigonometric,
)
from thalweg._src.ops.nn import (
    activations,
    average_pooling,
    convolution,
    depthwise,
    embedding,
    max_pooling,
    moments,
    normalization,
    pooling,
    softmax,
)

MODULE = "tensorflow"

# Functions of each module, `name=ours` where ours has another name.
_TABLE = {
    activations: "crelu elu gelu leaky_relu relu relu6 selu silu swish",
    average_pooling: "avg_pool avg_pool1d avg_pool2d",
    band: "band_part diag diag_part set_diag trace",
    blocks: "batch_to_space depth_to_space space_to_batch space_to_depth",
    casting: "cast",
    clipping: "clip_by_norm clip_by_value maximum minimum",
    combining: "accumulate_n add_n scalar_mul",
    comparison: """
        equal greater greater_equal less less_equal logical_and logical_not logical_or logical_xor not_equal
    """,
    complex_numbers: "angle conj imag real",
    contraction: "cross matmul matvec tensordot",
    convert: "convert_to_tensor",
    convolution: "bias_add conv1d conv2d",
    counting: "zero_fraction",
    creation: "eye fill ones_like zeros_like",
    cumulative: "cumprod cumsum cumulative_logsumexp",
    depthwise: "depthwise_conv2d",
    einsum: "einsum",
    elementwise: """
        abs add divide floor_div=floordiv floordiv floormod mod=floormod multiply negative pow reciprocal sign
        square squared_difference subtract truediv
    """,
    embedding: "embedding_lookup",
    exponential: "exp expm1 log log1p log_sigmoid rsqrt sigmoid softplus softsign sqrt",
    gather: "gather gather_nd",
    guarded: "divide_no_nan multiply_no_nan reciprocal_no_nan xdivy xlogy",
    inspection: "ensure_shape identity rank shape size",
    joining: "concat split stack unstack",
    linalg: "det inv l2_normalize matrix_transpose norm normalize",
    max_pooling: "max_pool max_pool2d",
    moments: "moments",
    normalization: "batch_normalization local_response_normalization",
    pooling: "pool",
    ranges: "meshgrid one_hot",
    ranking: "argmax argmin in_top_k top_k",
    reduction: """
        reduce_all reduce_any reduce_euclidean_norm reduce_logsumexp reduce_max reduce_mean reduce_min
        reduce_prod reduce_std reduce_sum reduce_variance
    """,
    reordering: "pad reverse reverse_sequence roll",
    rounding: "ceil floor is_finite is_inf is_nan round",
    scatter: "scatter_nd",
    selection: "boolean_mask sequence_mask where",
    shaping: "broadcast_to expand_dims reshape squeeze transpose",
    slicing: "slice=slice_ strided_slice",
    softmax: "log_softmax softmax",
    sorting: "argsort searchsorted sort",
    special: "digamma erf erfc lgamma",
    stop: "stop_gradient",
    tiling: "repeat tile",
    trigonometric: "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan tanh",
}
# Modules of TensorFlow under which the functions stand; each of them under one name or several.
_PREFIXES = ("", "__operators__", "compat.v1", "compat.v1.math", "compat.v1.nn", "linalg", "math", "nn")


def get_item(tensor: Any, slice_spec: Any) -> Any:
    """A part of a tensor.

    Args:
        tensor: Tensor.
        slice_spec: What stands in brackets; a list for several.
    """
    return tensor[tuple(slice_spec) if isinstance(slice_spec, list) else slice_spec]


def _functions() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {"getitem": get_item}
    for module, names in _TABLE.items():
        for word in names.split():
            name, _, ours = word.partition("=")
            found[name] = getattr(module, ours or name)
    return found


_by_name = _functions()


def tensorflow_function(name: str) -> Callable[..., Any] | None:
    """Function that a name such as ``"math.reduce_mean"`` stands for; None where there is none."""
    prefix, _, leaf = name.rpartition(".")
    return _by_name.get(leaf) if prefix in _PREFIXES else None
