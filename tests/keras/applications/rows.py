"""Networks that are compared with real Keras, and how: the same by a formula on both sides.

Imports neither Keras nor thalweg: each side hands in its own.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

CLASSES = 10

# Ways to ask for a network; the first is also run.
VARIANTS: dict[str, dict[str, Any]] = {
    "top": {"classes": CLASSES, "classifier_activation": None},
    "maps": {"include_top": False},
    "avg": {"include_top": False, "pooling": "avg"},
    "max": {"include_top": False, "pooling": "max"},
}


@dataclass(frozen=True)
class Row:
    """A network.

    Attributes:
        name: Name in `keras.applications`.
        size: Height and width of the image that it is run on.
        slow: Whether its family has a smaller network that ordinary tests run.
        arguments: More arguments of the network.
        tag: Tells rows of one network apart.
        scales: Whether the network takes images in 0 to 255.
        variance: Middle of the variances by which it is filled: such that the image is still seen in the
            outputs, and sums of many residuals do not grow too large.
    """

    name: str
    size: int
    slow: bool = True
    arguments: dict[str, Any] = field(default_factory=dict)
    tag: str = ""
    scales: bool = False
    variance: float = 2.5

    @property
    def id(self) -> str:
        """Name in the golden file and in test ids."""
        return self.name + self.tag

    def make(self, applications: Any, variant: str) -> Any:
        """The network without published weights."""
        sized = {"input_shape": (self.size, self.size, 3)} if variant == "top" else {}
        build = getattr(applications, self.name)
        return build(weights=None, **sized | VARIANTS[variant] | self.arguments)

    def image(self) -> np.ndarray[Any, Any]:
        """An image in about -1 to 1 or 0 to 255, ``(1, size, size, 3)``."""
        steps = np.arange(self.size * self.size * 3, dtype="float64")
        values = np.sin(steps * 0.37).reshape(1, self.size, self.size, 3).astype("float32")
        return 127.5 * (values + 1) if self.scales else values


ROWS = (
    Row("VGG16", 32, slow=False),
    Row("VGG19", 32),
    Row("ResNet50", 32, slow=False),
    Row("ResNet101", 32),
    Row("ResNet152", 32),
    Row("ResNet50V2", 32, slow=False),
    Row("ResNet101V2", 32),
    Row("ResNet152V2", 32),
    Row("DenseNet121", 32, slow=False),
    Row("DenseNet169", 32),
    Row("DenseNet201", 32),
    Row("Xception", 71, slow=False),
    Row("MobileNet", 32, slow=False, variance=0.8),
    Row("MobileNet", 40, tag="-half", arguments={"alpha": 0.5}, variance=0.8),
    Row("MobileNetV2", 32, slow=False, variance=1.2),
    Row("MobileNetV2", 45, tag="-wide", arguments={"alpha": 1.4}, variance=1.2),
    Row("MobileNetV3Small", 32, slow=False, scales=True, variance=1.0),
    Row("MobileNetV3Small", 45, tag="-thin", arguments={"alpha": 0.75}, scales=True, variance=1.0),
    Row("MobileNetV3Large", 32, scales=True, variance=1.2),
    Row(
        "MobileNetV3Large",
        45,
        tag="-minimalistic",
        arguments={"minimalistic": True},
        scales=True,
        variance=1.5,
    ),
    Row("EfficientNetB0", 32, slow=False, scales=True, variance=0.8),
    Row("EfficientNetB1", 32, scales=True, variance=0.85),
    Row("EfficientNetB2", 32, scales=True, variance=0.8),
    Row("EfficientNetB3", 32, scales=True, variance=0.8),
    Row("EfficientNetB4", 32, scales=True, variance=0.9),
    Row("EfficientNetB5", 32, scales=True, variance=0.9),
    Row("EfficientNetB6", 32, scales=True, variance=1.05),
    Row("EfficientNetB7", 32, scales=True, variance=1.0),
    Row("EfficientNetV2B0", 32, slow=False, scales=True, variance=1.0),
    Row("EfficientNetV2B1", 32, scales=True, variance=1.2),
    Row("EfficientNetV2B2", 32, scales=True, variance=1.2),
    Row("EfficientNetV2B3", 32, scales=True, variance=1.2),
    Row("EfficientNetV2S", 32, scales=True, variance=1.3),
    Row("EfficientNetV2M", 32, scales=True, variance=1.4),
    Row("EfficientNetV2L", 32, scales=True, variance=1.7),
    Row(
        "EfficientNetV2S",
        32,
        tag="-unscaled",
        arguments={"include_preprocessing": False},
        variance=1.3,
    ),
    Row("ConvNeXtTiny", 32, slow=False, scales=True),
    Row("ConvNeXtSmall", 32, scales=True),
    Row("ConvNeXtBase", 32, scales=True),
    Row("ConvNeXtLarge", 32, scales=True),
    Row("ConvNeXtXLarge", 32, scales=True),
    Row("InceptionV3", 75, slow=False, variance=1.2),
    Row("InceptionResNetV2", 75, slow=False),
    Row("NASNetMobile", 32, slow=False, variance=2.0),
    # Without a size, Keras draws a body that cannot run.
    Row("NASNetLarge", 331, arguments={"input_shape": (331, 331, 3)}, variance=2.0),
)


MODULES = (
    "convnext",
    "densenet",
    "efficientnet",
    "efficientnet_v2",
    "imagenet_utils",
    "inception_resnet_v2",
    "inception_v3",
    "mobilenet",
    "mobilenet_v2",
    "mobilenet_v3",
    "nasnet",
    "resnet",
    "resnet50",
    "resnet_v2",
    "vgg16",
    "vgg19",
    "xception",
)


def public_names(module: Any) -> list[str]:
    """Functions that a module of `keras.applications` offers."""
    return sorted(name for name, value in vars(module).items() if inspect.isfunction(value))


def pixels() -> np.ndarray[Any, Any]:
    """Two images of two pixels in 0 to 255, ``(2, 1, 2, 3)``."""
    return (np.arange(12, dtype="float32") * 23).reshape(2, 1, 2, 3)


def fill(model: Any, variance: float) -> str:
    """Gives a network weights by a formula, under which activations stay of one size.

    Args:
        model: The network.
        variance: Middle of its variances.

    Returns:
        Digest of the weights, in order.
    """
    digest = hashlib.sha256()
    values = []
    for index, weight in enumerate(model.weights):
        value = _values(index, weight.path.rpartition("/")[2], tuple(weight.shape), variance)
        digest.update(value.tobytes())
        values.append(value)
    model.set_weights(values)
    for layer in model.layers:
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()  # Keras' Normalization reads its weights only then
    return digest.hexdigest()


def _values(
    index: int, name: str, shape: tuple[int, ...], variance: float
) -> np.ndarray[Any, Any]:
    even = _scattered(np.arange(math.prod(shape), dtype="uint32") + np.uint32(index * 104729))
    if name.endswith("kernel"):
        inputs = shape[:2] if shape[-1] == 1 else shape[:-1]
        even *= math.sqrt(6 / math.prod(inputs))
    elif name == "gamma":
        even = 1 + 0.3 * even
    elif name.endswith("variance"):
        even = variance + 0.5 * even
    else:
        even *= 0.1
    return even.reshape(shape).astype("float32")


def _scattered(keys: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Numbers in -1 to 1 that look random, the same bits everywhere: a hash of integers."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        keys ^= keys >> np.uint32(shift)
        keys *= np.uint32(factor)
    keys ^= keys >> np.uint32(16)
    return keys * 2.0**-31 - 1.0


def outline(model: Any) -> dict[str, Any]:
    """What weight files and readers of a summary depend on: columns of a table of layers, as digests."""
    layers = model.get_config()["layers"]
    columns = {
        "layers": [[entry["class_name"], entry["config"]["name"]] for entry in layers],
        "inputs": [_histories(entry["inbound_nodes"]) for entry in layers],
        "weights": [
            [[weight.name, list(weight.shape)] for weight in layer.weights] for layer in model.layers
        ],
        "outputs": [list(layer.output.shape) for layer in model.layers],
    }
    digests = {name: _digest(column) for name, column in columns.items()}
    return {"count": len(layers), "parameters": model.count_params(), **digests}


def _histories(value: Any) -> list[str]:
    """Names of the layers that a call's arguments come from."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return [value["config"]["keras_history"][0]]
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [name for part in value for name in _histories(part)]
    return []


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
