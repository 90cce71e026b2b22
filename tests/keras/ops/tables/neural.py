"""Functions of neural networks: activations, convolutions, pools, normalization, losses, attention."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import Call, call

FLOATS = (("float16",), ("bfloat16",), ("float32",), ("float64",))
PAIRS = (("float16", "float16"), ("bfloat16", "bfloat16"), ("float32", "float32"))
_KINDS = (*FLOATS, ("int32",))


def one(name: str, low: float = -2.0, high: float = 2.0, **options: Any) -> Call:
    """Row of an activation: a function of each value of one tensor."""
    options.setdefault("dtypes", _KINDS)
    return call(name, lambda m: (m.distinct(m.n, 4, low=low, high=high),), **options)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _softmax(x: Any, axis: Any = -1) -> Any:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


_SUM = "here the probabilities add up to 1, as in the paper"

ACTIVATIONS = [
    one("relu", reference=lambda x: np.maximum(x, 0), gradient=(0,)),
    one("relu6", low=-2, high=9, reference=lambda x: np.clip(x, 0, 6), gradient=(0,)),
    one("leaky_relu", reference=lambda x: np.where(x > 0, x, 0.2 * x), gradient=(0,)),
    one("leaky_relu", label="slope", kwargs={"negative_slope": 0.5}),
    one("sigmoid", reference=_sigmoid, gradient=(0,)),
    one("sparse_sigmoid", reference=lambda x: np.clip((x + 1) / 2, 0, 1), gradient=(0,)),
    one("hard_sigmoid", low=-5, high=5, gradient=(0,)),
    one("log_sigmoid", low=-30, high=30, reference=lambda x: -np.logaddexp(0, -x), gradient=(0,)),
    one("softplus", low=-30, high=30, reference=lambda x: np.logaddexp(0, x), gradient=(0,)),
    one("sparse_plus", gradient=(0,)),
    one("squareplus", reference=lambda x: (x + np.sqrt(x * x + 4)) / 2, gradient=(0,)),
    one("squareplus", label="b", kwargs={"b": 1}),
    one("softsign", reference=lambda x: x / (1 + np.abs(x)), gradient=(0,)),
    one("soft_shrink", low=-2.1, high=2.2, dtypes=FLOATS, gradient=(0,)),
    one("soft_shrink", label="threshold", kwargs={"threshold": 1.0}, dtypes=()),
    one("hard_shrink", low=-2.1, high=2.2, gradient=(0,)),
    one("hard_shrink", label="threshold", kwargs={"threshold": 1.0}),
    one("tanh_shrink", reference=lambda x: x - np.tanh(x), gradient=(0,)),
    one("hard_tanh", reference=lambda x: np.clip(x, -1, 1), gradient=(0,)),
    one("silu", reference=lambda x: x * _sigmoid(x), gradient=(0,)),
    one("swish"),
    one("hard_silu", low=-5, high=5, gradient=(0,)),
    one("hard_swish", low=-5, high=5),
    one("elu", gradient=(0,)),
    one("elu", label="alpha", kwargs={"alpha": 0.5}),
    one("selu", gradient=(0,)),
    one("celu", gradient=(0,)),
    one("celu", label="alpha", kwargs={"alpha": 0.5}),
    one("gelu", gradient=(0,)),
    one("gelu", label="exact", kwargs={"approximate": False}, gradient=(0,)),
    one("glu", gradient=(0,), reference=lambda x: x[:, :2] * _sigmoid(x[:, 2:])),
    call("glu", lambda m: (m(m.n, 4, 3),), label="axis", kwargs={"axis": 1}),
    one("threshold", low=-2.1, high=2.2, kwargs={"threshold": 0.5, "default_value": 9}, gradient=(0,)),
    one("softmax", reference=_softmax, gradient=(0,)),
    call("softmax", lambda m: (m(m.n, 2, 3),), label="axes", kwargs={"axis": (1, 2)}),
    call("softmax", lambda m: (m(2, 3),), label="all", kwargs={"axis": None},
         reference=lambda x, axis: np.exp(x) / np.exp(x).sum()),
    one("log_softmax", reference=lambda x: np.log(_softmax(x)), gradient=(0,)),
    call("log_softmax", lambda m: (m(m.n, 2, 3),), label="axes", kwargs={"axis": (1, 2)}),
    call("sparsemax", lambda m: (m(m.n, 4),), dtypes=FLOATS, gradient=(0,), differs=_SUM),
    call("sparsemax", lambda m: (m(m.n, 3, 2),), label="axis", kwargs={"axis": 1}, differs=_SUM),
]  # fmt: skip


def conv(name: str, sizes: tuple[int, ...], kernel: tuple[int, ...], label: str, **options: Any) -> Call:
    """Row of a convolution with channels last."""
    return call(name, lambda m: (m(m.n, *sizes), m(*kernel)), label=label, rtol=1e-4, **options)


def first(name: str, sizes: tuple[int, ...], kernel: tuple[int, ...], label: str, **options: Any) -> Call:
    """Row of a convolution with channels first."""
    kwargs = {"data_format": "channels_first", **options.pop("kwargs", {})}
    return conv(name, sizes, kernel, label, kwargs=kwargs, **options)


CONVOLUTIONS = [
    conv("conv", (5, 5, 2), (3, 2, 2, 3), "2d", dtypes=PAIRS, gradient=(0, 1)),
    conv("conv", (5, 2), (3, 2, 3), "1d-same", kwargs={"padding": "same", "strides": 2}),
    conv("conv", (4, 4, 3, 1), (2, 2, 2, 1, 2), "3d", kwargs={"strides": (1, 2, 1)}),
    conv("conv", (6, 6, 1), (2, 2, 1, 2), "dilated", kwargs={"dilation_rate": (2, 3)}),
    conv("conv", (5, 4), (2, 2, 4), "groups", gradient=(0, 1)),
    first("conv", (2, 5, 4), (3, 3, 2, 2), "first", kwargs={"padding": "SAME"}),
    conv("depthwise_conv", (5, 4, 2), (2, 3, 2, 2), "2d", dtypes=PAIRS, gradient=(0, 1)),
    conv("depthwise_conv", (5, 2), (2, 2, 3), "1d", kwargs={"padding": "same"}),
    conv("depthwise_conv", (5, 5, 2), (2, 2, 2, 1), "strides", kwargs={"strides": 2, "padding": "same"}),
    conv("depthwise_conv", (5, 5, 2), (2, 2, 2, 1), "dilated", kwargs={"dilation_rate": 2}),
    conv("depthwise_conv", (3, 3, 3, 2), (2, 2, 2, 2, 1), "3d"),
    first("depthwise_conv", (2, 5, 4), (2, 2, 2, 2), "first"),
    call("separable_conv", lambda m: (m(m.n, 4, 4, 2), m(2, 2, 2, 2), m(1, 1, 4, 3)), rtol=1e-4,
         gradient=(0, 1, 2)),
    call("separable_conv", lambda m: (m(m.n, 5, 2), m(2, 2, 2), m(1, 4, 3)), label="1d", rtol=1e-4,
         kwargs={"strides": 2, "padding": "same"}),
    call("separable_conv", lambda m: (m(m.n, 2, 4, 4), m(2, 2, 2, 2), m(1, 1, 4, 3)), label="first",
         rtol=1e-4, kwargs={"data_format": "channels_first"}),
    conv("conv_transpose", (3, 4, 2), (3, 2, 3, 2), "2d", kwargs={"strides": 2}, dtypes=PAIRS,
         gradient=(0, 1)),
    *(conv("conv_transpose", (3, 1), (k, 1, 1), f"{p}-{s}-{k}", kwargs={"strides": s, "padding": p})
      for p, s, k in (("valid", 1, 3), ("valid", 3, 2), ("same", 2, 3), ("same", 3, 1), ("same", 1, 2))),
    conv("conv_transpose", (3, 1), (3, 1, 1), "extra",
         kwargs={"strides": 3, "padding": "same", "output_padding": 1}),
    conv("conv_transpose", (3, 1), (3, 1, 1), "extra-valid", kwargs={"strides": 3, "output_padding": 2}),
    conv("conv_transpose", (3, 1), (3, 1, 1), "dilated", kwargs={"dilation_rate": 2, "padding": "same"}),
    conv("conv_transpose", (3, 1), (3, 1, 1), "dilated-strides",
         kwargs={"dilation_rate": 2, "strides": 2, "padding": "same"}),
    conv("conv_transpose", (2, 2, 2, 1), (2, 2, 2, 2, 1), "3d", kwargs={"strides": 2}),
    first("conv_transpose", (2, 3, 3), (2, 2, 3, 2), "first", kwargs={"strides": (2, 1)}),
]  # fmt: skip


def image(name: str, label: str = "", shape: tuple[int, ...] = (4, 5, 2), **options: Any) -> Call:
    """Row of a function of images."""
    return call(name, lambda m: (m.distinct(m.n, *shape),), label=label, **options)


POOLS = [
    image("max_pool", kwargs={"pool_size": 2}, dtypes=FLOATS, gradient=(0,)),
    image("max_pool", "same", kwargs={"pool_size": (3, 2), "strides": 1, "padding": "same"}),
    image("max_pool", "first", (2, 4, 5), kwargs={"pool_size": 2, "data_format": "channels_first"}),
    image("max_pool", "1d", (5, 2), kwargs={"pool_size": 2}),
    image("max_pool", "3d", (3, 3, 3, 1), kwargs={"pool_size": 2, "strides": 1}),
    image("average_pool", kwargs={"pool_size": 2}, dtypes=FLOATS, gradient=(0,)),
    image("average_pool", "same", kwargs={"pool_size": 3, "strides": 2, "padding": "same"}),
    image("average_pool", "first", (2, 4, 5), kwargs={"pool_size": 2, "data_format": "channels_first"}),
    image("average_pool", "1d", (5, 2), kwargs={"pool_size": (2,)}),
    image("adaptive_max_pool", kwargs={"output_size": (3, 2)}, dtypes=FLOATS, gradient=(0,)),
    image("adaptive_max_pool", "more", kwargs={"output_size": 6}),
    image("adaptive_max_pool", "first", (2, 7, 6),
          kwargs={"output_size": (2, 1), "data_format": "channels_first"}),
    image("adaptive_max_pool", "1d", (9, 2), kwargs={"output_size": 4}),
    image("adaptive_average_pool", kwargs={"output_size": (3, 2)}, dtypes=FLOATS, gradient=(0,)),
    image("adaptive_average_pool", "one", kwargs={"output_size": 1},
          reference=lambda x, output_size: x.mean((1, 2), keepdims=True)),
    image("adaptive_average_pool", "first", (2, 4, 5),
          kwargs={"output_size": (2, 3), "data_format": "channels_first"}),
    image("adaptive_average_pool", "3d", (3, 3, 3, 1), kwargs={"output_size": 2}),
    image("space_to_depth", shape=(4, 6, 2), kwargs={"block_size": 2}, gradient=(0,)),
    image("space_to_depth", "first", (2, 4, 6), kwargs={"block_size": 2, "data_format": "channels_first"}),
    image("depth_to_space", shape=(2, 3, 8), kwargs={"block_size": 2}, gradient=(0,)),
    image("depth_to_space", "first", (8, 2, 3), kwargs={"block_size": 2, "data_format": "channels_first"}),
    image("unfold", shape=(2, 4, 5), kwargs={"kernel_size": (2, 3)}, gradient=(0,)),
    image("unfold", "all", (2, 5, 5),
          kwargs={"kernel_size": 2, "padding": 1, "stride": 2, "dilation": (1, 2)}),
    image("fold", shape=(8, 9), kwargs={"output_size": (4, 4), "kernel_size": 2}, gradient=(0,)),
    image("fold", "all", (8, 9), kwargs={"output_size": 5, "kernel_size": 2, "padding": 1, "stride": 2,
                                         "dilation": (1, 2)}),
]  # fmt: skip

_VECTORS = (("float32",) * 3, ("float16",) * 3, ("bfloat16",) * 3, ("float64",) * 3,
            ("float16", "float32", "float32"))  # fmt: skip


def _moments(x: Any, axes: Any, keepdims: bool = False) -> Any:
    return [x.mean(axes, keepdims=keepdims), x.var(axes, keepdims=keepdims)]


def _normalized(x: Any, *_: Any) -> Any:
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-7)


NORMALIZATION = [
    call("moments", lambda m: (m(m.n, 4, 2),), kwargs={"axes": (0, 1)}, reference=_moments, dtypes=FLOATS,
         gradient=(0,)),
    call("moments", lambda m: (m(m.n, 4, 2),), label="keepdims", kwargs={"axes": 1, "keepdims": True},
         reference=_moments),
    call("moments", lambda m: (m(m.n, 4),), label="all", kwargs={"axes": None, "synchronized": True}),
    call("batch_normalization", lambda m: (m(m.n, 3, 2), m(2), m(2, low=0.5)), kwargs={"axis": -1},
         dtypes=_VECTORS, gradient=(0, 1, 2)),
    call("batch_normalization", lambda m: (m(m.n, 3, 2), m(3), m(3, low=0.5), 1, m(3), m(3)), label="all",
         kwargs={"epsilon": 0.1}, gradient=(0, 1, 2, 4, 5)),
    call("layer_normalization", lambda m: (m(m.n, 4),), reference=_normalized, dtypes=FLOATS,
         gradient=(0,)),
    call("layer_normalization", lambda m: (m(m.n, 4), m(4), m(4)), label="weights", dtypes=_VECTORS,
         gradient=(0, 1, 2), rtol=1e-4),
    call("layer_normalization", lambda m: (m(m.n, 3, 2), m(3)), label="axis",
         kwargs={"axis": 1, "epsilon": 0.1}, gradient=(0, 1)),
    call("layer_normalization", lambda m: (m(m.n, 3, 2), m(3, 2), m(3, 2)), label="axes",
         kwargs={"axis": (1, 2)}, gradient=(0, 1, 2), rtol=1e-4),
    call("layer_normalization", lambda m: (m(m.n, 4), m(4)), label="scaling",
         kwargs={"rms_scaling": True}),
    call("rms_normalization", lambda m: (m(m.n, 4),), dtypes=FLOATS, gradient=(0,),
         reference=lambda x: x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-7)),
    call("rms_normalization", lambda m: (m(m.n, 4), m(4)), label="scale", gradient=(0, 1),
         dtypes=(("float32", "float32"), ("float16", "float16"), ("float16", "float32"))),
    call("rms_normalization", lambda m: (m(m.n, 3, 4), 2.0), label="number",
         kwargs={"axis": (1, 2), "epsilon": 0.1}),
    call("normalize", lambda m: (m(m.n, 4),), dtypes=FLOATS, gradient=(0,),
         reference=lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)),
    call("normalize", lambda m: (m(m.n, 4),), label="order", kwargs={"order": 3, "axis": 1}),
    call("normalize", lambda m: (m(m.n, 4),), label="sum", kwargs={"order": 1, "axis": 0}),
    call("normalize", lambda m: (m(m.n, 2, 2),), label="all", kwargs={"axis": None}),
    call("normalize", lambda m: (np.zeros((m.n, 2), m.dtype),), label="zeros"),
    call("normalize", lambda m: (m(m.n, 3, low=0.0, high=0.2),), label="epsilon",
         kwargs={"epsilon": 1.0}),
]  # fmt: skip


def _probabilities(m: Any, *shape: int) -> Any:
    x = m(*shape, low=0.1, high=1.0)
    return (x / x.sum(-1, keepdims=True)).astype(m.dtype)


def _one_hot(m: Any, rows: int, classes: int) -> Any:
    return np.eye(classes, dtype=m.dtype)[m.ints(rows, low=0, high=classes)]


LOSSES = [
    call("one_hot", lambda m: (m.ints(m.n, 2, low=-1, high=4),), kwargs={"num_classes": 3},
         dtypes=(("int32",), ("int64",), ("uint8",), ("float32",))),
    call("one_hot", lambda m: (m.ints(m.n, 2, low=0, high=3),), label="axis",
         kwargs={"num_classes": 3, "axis": 1, "dtype": "int32"}),
    call("one_hot", lambda m: (m.ints(m.n, low=0, high=3),), label="bool",
         kwargs={"num_classes": 3, "dtype": "bool"}),
    call("multi_hot", lambda m: (m.ints(m.n, 2, low=-1, high=4),), kwargs={"num_classes": 3},
         dtypes=(("int32",), ("int64",), ("uint8",))),
    call("multi_hot", lambda m: (m.ints(2, low=0, high=3),), label="vector",
         kwargs={"num_tokens": 3, "dtype": "int32"}),
    call("multi_hot", lambda m: (m.ints(m.n, 2, 2, low=0, high=3),), label="axis",
         kwargs={"num_classes": 3, "axis": 1}),
    call("binary_crossentropy", lambda m: (_probabilities(m, m.n, 3), _probabilities(m, m.n, 3)),
         dtypes=PAIRS, gradient=(1,)),
    call("binary_crossentropy", lambda m: (_one_hot(m, m.n, 3), m(m.n, 3)), label="logits",
         kwargs={"from_logits": True}, gradient=(1,)),
    call("binary_crossentropy", lambda m: (np.ones((m.n, 2), m.dtype), np.zeros((m.n, 2), m.dtype)),
         label="clipped"),
    call("categorical_crossentropy", lambda m: (_one_hot(m, m.n, 3), m(m.n, 3, low=0.1)), dtypes=PAIRS,
         gradient=(1,)),
    call("categorical_crossentropy", lambda m: (_one_hot(m, m.n, 3), m(m.n, 3)), label="logits",
         kwargs={"from_logits": True}, gradient=(1,)),
    call("categorical_crossentropy", lambda m: (_one_hot(m, 3, m.n).T, m(m.n, 3, low=0.1)), label="axis",
         kwargs={"axis": 0}),
    call("sparse_categorical_crossentropy",
         lambda m: (m.ints(m.n, low=0, high=3), _probabilities(m, m.n, 3)), gradient=(1,),
         dtypes=(("int32", "float32"), ("int64", "float16"), ("float32", "float32"))),
    call("sparse_categorical_crossentropy", lambda m: (m.ints(m.n, 1, low=0, high=3), m(m.n, 3)),
         label="logits", kwargs={"from_logits": True}, gradient=(1,)),
    call("ctc_loss", lambda m: (m.ints(m.n, 2, low=1, high=4), m(m.n, 5, 4), np.full(m.n, 2, np.int32),
                                np.full(m.n, 5, np.int32)), rtol=1e-4, gradient=(1,)),
    call("ctc_loss", lambda m: (m.ints(m.n, 3, low=0, high=3), m(m.n, 5, 4),
                                np.arange(m.n, dtype=np.int32) % 3, np.full(m.n, 4, np.int32)),
         label="blank", rtol=1e-4, kwargs={"mask_index": 3}),
    *(call("ctc_decode", lambda m: (m(m.n, 6, 4, low=-6, high=6), 6 - np.arange(m.n, dtype=np.int32) % 3),
           label="-".join(map(str, kwargs.values())), rtol=1e-4, kwargs=kwargs)
      for kwargs in ({"strategy": "greedy"}, {"strategy": "greedy", "merge_repeated": False, "mask_index": 3},
                     {"strategy": "beam_search", "beam_width": 4},
                     {"strategy": "beam_search", "beam_width": 30, "top_paths": 3, "mask_index": 3})),
]  # fmt: skip


def _attend(label: str = "", **options: Any) -> Call:
    extra = options.pop("extra", lambda m: ())

    def args(m: Any) -> tuple[Any, ...]:
        return m(m.n, 3, 2, 4), m(m.n, 5, 2, 4), m(m.n, 5, 2, 4), *extra(m)

    return call("dot_product_attention", args, label=label, **options)


ATTENTION = [
    _attend(gradient=(0, 1, 2), dtypes=tuple((d,) * 3 for d in ("float16", "bfloat16", "float32"))),
    _attend("causal", kwargs={"is_causal": True, "flash_attention": False}, gradient=(0, 1, 2)),
    _attend("bias", extra=lambda m: (m(2, 3, 5),), gradient=(0, 3), kwargs={"scale": 0.3}),
    _attend("mask", extra=lambda m: (None, np.tril(np.ones((m.n, 1, 3, 5), bool), 1))),
    _attend("nothing", extra=lambda m: (None, np.zeros((3, 5), bool))),
    _attend("cap", kwargs={"attn_logits_soft_cap": 1.0}, gradient=(0, 1, 2)),
    call("dot_product_attention", lambda m: (m(m.n, 3, 4, 2), m(m.n, 5, 2, 2), m(m.n, 5, 2, 3)),
         label="shared", gradient=(0, 1, 2)),
]  # fmt: skip

LIKENESS = [
    call("psnr", lambda m: (m(m.n, 4), m(m.n, 4)), kwargs={"max_val": 255.0}, dtypes=PAIRS,
         gradient=(0, 1)),
    call("psnr", lambda m: (m.ints(2, 3, low=0, high=9, dtype="uint8"),
                            m.ints(2, 3, low=0, high=9, dtype="uint8")), label="bytes",
         kwargs={"max_val": 255}, differs="the mean is not cut to an integer"),
    call("polar", lambda m: (m(m.n, 3, low=0.5), m(m.n, 3)), gradient=(0, 1),
         reference=lambda r, phi: r * np.exp(1j * phi), dtypes=(("float32",) * 2, ("float64",) * 2)),
]  # fmt: skip

ROWS = [*ACTIVATIONS, *CONVOLUTIONS, *POOLS, *NORMALIZATION, *LOSSES, *ATTENTION, *LIKENESS]
