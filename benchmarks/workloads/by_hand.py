"""Parts of networks as one writes them by hand, for PyTorch and for JAX: what Keras has as layers."""

from typing import Any

import numpy as np


def torch_accuracy(logits: Any, y: Any) -> Any:
    """Share of the samples whose largest logit is the label's."""
    return (logits.argmax(-1) == y).float().mean()


def torch_binary_accuracy(found: Any, y: Any) -> Any:
    """Share of the samples that lie on the target's side of one half."""
    return ((found > 0.5) == (y > 0.5)).float().mean()


def torch_logit_accuracy(logits: Any, y: Any) -> Any:
    """Share of the samples whose logit has the sign that the target asks for."""
    return ((logits > 0) == (y > 0.5)).float().mean()


def torch_channels_first(torch: Any, scale: float = 1.0) -> Any:
    """A module that turns images (batch, height, width, channels) into PyTorch's order."""

    class ChannelsFirst(torch.nn.Module):  # type: ignore[misc]
        def forward(self, images: Any) -> Any:
            # The numbers stay where they are: PyTorch's channels-last memory, its fast one.
            return images.permute(0, 3, 1, 2) * scale

    return ChannelsFirst()


def dense_weights(jax: Any, rows: int, columns: int) -> Any:
    """Kernel (rows, columns), uniform as of Glorot, and bias."""
    limit = np.sqrt(6 / (rows + columns))
    kernel = np.random.default_rng(0).uniform(-limit, limit, (rows, columns))
    return jax.numpy.asarray(kernel, "float32"), jax.numpy.zeros(columns)


def dense(weights: Any, x: Any) -> Any:
    """A dense layer without activation."""
    return x @ weights[0] + weights[1]


def convolution_weights(jax: Any, size: int, before: int, after: int) -> Any:
    """Kernel (size, size, before, after) and bias."""
    kernel, bias = dense_weights(jax, size * size * before, after)
    return kernel.reshape(size, size, before, after), bias


def convolution(jax: Any, x: Any, kernel: Any, padding: str) -> Any:
    """A convolution of images with their channels last."""
    order = ("NHWC", "HWIO", "NHWC")
    return jax.lax.conv_general_dilated(x, kernel, (1, 1), padding, dimension_numbers=order)


def max_pool(jax: Any, x: Any, size: int, stride: int, padding: str) -> Any:
    """The largest of each window."""
    window, strides = (1, size, size, 1), (1, stride, stride, 1)
    return jax.lax.reduce_window(x, -np.inf, jax.lax.max, window, strides, padding)


def layer_norm(jax: Any, weights: Any, x: Any) -> Any:
    """Normalizes the last axis, then scales and shifts it."""
    centred = x - x.mean(-1, keepdims=True)
    variance = (centred**2).mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt(variance + 1e-3) * weights[0] + weights[1]


def dropout(jax: Any, key: Any, x: Any, rate: float) -> Any:
    """Zeros for a share of the numbers, the others scaled up."""
    return jax.numpy.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def jax_cross_entropy(jax: Any, logits: Any, y: Any) -> Any:
    """Loss and accuracy of labels."""
    picked = jax.numpy.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1)
    return -picked.mean(), (logits.argmax(-1) == y).mean()


def jax_logit_loss(jax: Any, logits: Any, y: Any) -> Any:
    """Binary cross-entropy and accuracy of logits."""
    loss = jax.nn.softplus(logits) - y * logits
    return loss.mean(), ((logits > 0) == (y > 0.5)).mean()
