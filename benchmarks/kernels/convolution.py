"""Convolutions and their gradients: the lowerings of ops/nn beside what JAX derives.

Run ``python -m benchmarks.kernels.convolution [names of cases]``. Numbers are wall milliseconds and, in
brackets, CPU time over 2 cores; a wall time far above the bracket was disturbed.
"""

from __future__ import annotations

import sys
from typing import Any

import jax

from benchmarks.kernels.measure import Form, normal, table
from thalweg._src.ops.nn import conv_kernels, depthwise_kernels
from thalweg._src.ops.nn.windows import window

# batch, size, channels in, channels out, window, stride, groups
CASES = {
    "mnist1": (64, 28, 1, 32, 3, 1, 1),
    "mnist2": (64, 13, 32, 64, 3, 1, 1),
    "rgb": (128, 32, 3, 32, 3, 1, 1),
    "cifar": (64, 16, 64, 64, 3, 1, 1),
    "strided": (32, 56, 64, 128, 3, 2, 1),
    "deep": (32, 14, 256, 256, 3, 1, 1),
    "pointwise": (32, 44, 64, 128, 1, 1, 1),
    "groups": (32, 16, 128, 128, 3, 1, 32),
}


def dense(case: tuple[int, ...]) -> list[Form]:
    """Forms of one convolution."""
    batch, size, inputs, outputs, k, stride, groups = case
    geometry = window((k, k), (stride, stride), (1, 1), "SAME", (size, size))
    x, w = normal(batch, size, size, inputs), normal(k, k, inputs // groups, outputs)
    g = normal(batch, *geometry.output_sizes((size, size)), outputs)

    def native(a: Any, b: Any) -> Any:
        return conv_kernels.native(a, b, geometry, groups)

    def derived(argument: int, *arrays: Any) -> Any:
        other, cotangent = arrays
        if argument == 0:
            return jax.linear_transpose(lambda a: native(a, other), x)(cotangent)[0]
        return jax.linear_transpose(lambda b: native(other, b), w)(cotangent)[0]

    return [
        Form("forward", "ours", lambda a, b: conv_kernels.forward(a, b, geometry), (x, w)),
        Form("forward", "native", native, (x, w)),
        Form(
            "input gradient",
            "ours",
            lambda c, b: conv_kernels.input_gradient(c, b, geometry, (size, size), groups),
            (g, w),
        ),
        Form("input gradient", "derived", lambda c, b: derived(0, b, c), (g, w)),
        Form(
            "kernel gradient",
            "ours",
            lambda a, c: conv_kernels.kernel_gradient(a, c, geometry, groups),
            (x, g),
        ),
        Form("kernel gradient", "derived", lambda a, c: derived(1, a, c), (x, g)),
    ]


def depthwise(batch: int, size: int, channels: int, stride: int) -> list[Form]:
    """Forms of one depthwise convolution of 3 x 3."""
    geometry = window((3, 3), (stride, stride), (1, 1), "SAME", (size, size))
    x, w = normal(batch, size, size, channels), normal(3, 3, channels, 1)
    g = normal(batch, *geometry.output_sizes((size, size)), channels)

    def native(a: Any, b: Any) -> Any:
        return depthwise_kernels._native(a, b, geometry)

    return [
        Form("forward", "ours", lambda a, b: depthwise_kernels.forward(a, b, geometry), (x, w)),
        Form("forward", "native", native, (x, w)),
        Form(
            "input gradient",
            "ours",
            lambda c, b: depthwise_kernels.input_gradient(c, b, geometry, (size, size)),
            (g, w),
        ),
        Form(
            "kernel gradient",
            "ours",
            lambda a, c: depthwise_kernels.kernel_gradient(a, c, geometry),
            (x, g),
        ),
    ]


def main() -> None:
    """Prints the tables of the cases named on the command line, or of all."""
    chosen = sys.argv[1:] or [*CASES, "depthwise"]
    for name in chosen:
        if name == "depthwise":
            table("depthwise 8x88x88x64", depthwise(8, 88, 64, 1), loops=False)
            table("depthwise 8x88x88x64, stride 2", depthwise(8, 88, 64, 2), loops=False)
        else:
            table(
                f"{name}: batch, size, in, out, window, stride, groups = {CASES[name]}",
                dense(CASES[name]),
            )


if __name__ == "__main__":
    main()
