"""The mini Xception of chapter 9 on images of 180 x 180."""

from typing import Any

import numpy as np

from benchmarks.workloads import by_hand
from benchmarks.workloads.workload import Array, Size, Workload, sizes


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Images (count, side, side, 3) from 0 to 255, and cat or dog."""
    rng = np.random.default_rng(0)
    images = rng.random((count, size.side, size.side, 3), dtype="float32") * 255
    return images, rng.integers(0, 2, count).astype("float32")


def model(keras: Any, size: Size) -> Any:
    """Blocks of two separable convolutions with a residual connection around each block."""
    layers = keras.layers
    inputs = keras.Input((size.side, size.side, 3))
    x = layers.Rescaling(1 / 255)(inputs)
    x = layers.Conv2D(size.filters[0], 5, use_bias=False)(x)
    for filters in size.filters:
        residual = x
        for _ in range(2):
            x = layers.BatchNormalization()(x)
            x = layers.Activation("relu")(x)
            x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        residual = layers.Conv2D(filters, 1, strides=2, padding="same", use_bias=False)(residual)
        x = layers.add([x, residual])
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.5)(x)
    found = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
    found.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return found


def torch_model(torch: Any, size: Size) -> Any:
    """The same in channels-last memory, its loss and its metric."""
    nn = torch.nn

    def separable(before: int, after: int) -> list[Any]:
        depthwise = nn.Conv2d(before, before, 3, padding=1, groups=before, bias=False)
        norm = nn.BatchNorm2d(before, eps=1e-3, momentum=0.01)
        return [norm, nn.ReLU(), depthwise, nn.Conv2d(before, after, 1, bias=False)]

    class Block(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, before: int, after: int) -> None:
            super().__init__()
            pool = nn.MaxPool2d(3, 2, padding=1)
            self.main = nn.Sequential(*separable(before, after), *separable(after, after), pool)
            self.short = nn.Conv2d(before, after, 1, stride=2, bias=False)

        def forward(self, x: Any) -> Any:
            return self.main(x) + self.short(x)

    channels = (size.filters[0], *size.filters)
    module = nn.Sequential(
        by_hand.torch_channels_first(torch, 1 / 255),
        nn.Conv2d(3, channels[0], 5, bias=False),
        *(Block(*pair) for pair in zip(channels, channels[1:], strict=False)),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(channels[-1], 1),
        nn.Flatten(0),
    )
    logits_loss = nn.functional.binary_cross_entropy_with_logits
    return module, logits_loss, by_hand.torch_logit_accuracy


CPU = {"batch": 32, "steps": 2, "side": 180, "filters": (32, 64, 128, 256, 512), "bar": False}
WORKLOAD = Workload(
    "mini Xception 180x180, batch 32",
    data,
    model,
    sizes(CPU, {"steps": 20}, batch=2, steps=2, side=16, filters=(2,)),
    torch=torch_model,
)
