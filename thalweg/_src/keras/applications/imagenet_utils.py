"""Images as networks of ImageNet expect them, and the names of its classes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataLossError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.applications.frame import IMAGENET_CLASSES
from thalweg._src.keras.applications.published import PublishedFile
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.ops.casting import cast

# Mean color of ImageNet's training images in 0 to 255, blue first; and, red first, mean and standard
# deviation in 0 to 1.
_MEAN_BLUE_FIRST = (103.939, 116.779, 123.68)
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)

_CLASS_INDEX = PublishedFile(
    "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json",
    "c2c37ea517e94d9795004a39431a14cb",
)


def preprocess_input(x: Any, data_format: str | None = None, mode: str = "caffe") -> Any:
    """Images as networks of ImageNet were trained on.

    Args:
        x: Images with red, green and blue in 0 to 255, ``(..., height, width, 3)``; an array, tensor or
            symbolic tensor of rank 3 or 4.
        data_format: ``"channels_last"``, or ``"channels_first"`` for ``(..., 3, height, width)``; the
            default layout when None.
        mode: ``"caffe"``: blue, green, red, less the mean color; ``"tf"``: scaled to -1 to 1;
            ``"torch"``: scaled to 0 to 1, less the mean color, divided by the standard deviation.

    Returns:
        Images like `x`, of its dtype if that is floating, else of the default float.

    Raises:
        ValueError: An unknown mode or layout.

    Example:
        >>> preprocess_input(np.zeros((1, 1, 3)), mode="tf").tolist()
        [[[-1.0, -1.0, -1.0]]]

    Source: `keras.applications.imagenet_utils.preprocess_input`; the means are those of the files of Caffe
    and torchvision. Keras writes the result into an array `x` that is floating, and lets tensors of
    uint8 overflow; here `x` stays as it was, and integers become floats.
    """
    axis = -3 if data_format_of(data_format, "preprocess_input") == "channels_first" else -1
    if mode not in ("caffe", "tf", "torch"):
        raise InvalidArgumentError(
            f"[preprocess_input] expected mode 'caffe', 'tf' or 'torch', got {mode!r}."
        )
    x = _floating(x)
    if mode == "tf":
        return x / 127.5 - 1.0
    if mode == "torch":
        return (x / 255.0 - _along(_MEAN, axis, x)) / _along(_DEVIATION, axis, x)
    blue_first = x[..., ::-1] if axis == -1 else x[..., ::-1, :, :]
    return blue_first - _along(_MEAN_BLUE_FIRST, axis, x)


def decode_predictions(preds: Any, top: int = 5) -> list[list[tuple[str, str, float]]]:
    """The likeliest classes of ImageNet for each image, best first.

    Args:
        preds: Scores of the 1000 classes, ``(batch, 1000)``.
        top: How many classes of each image.

    Returns:
        For each image, `top` tuples of WordNet's number of the class, its name, and its score.

    Raises:
        ValueError: `preds` has another shape.
        DataUnavailableError: The names are neither in the cache nor reachable.

    Source: `keras.applications.imagenet_utils.decode_predictions`.
    """
    scores = np.asarray(preds)
    if scores.ndim != 2 or scores.shape[1] != IMAGENET_CLASSES:
        raise ShapeError(
            f"[decode_predictions] expected scores of shape (batch, {IMAGENET_CLASSES}), got {scores.shape}; "
            "networks for other classes have names of their own."
        )
    names = _class_names()
    best = np.argsort(scores, axis=1)[:, : -top - 1 : -1]
    return [[(*names[k], row[k]) for k in kinds] for row, kinds in zip(scores, best)]


def _class_names() -> list[tuple[str, str]]:
    """WordNet's number and the name of each class, in order."""
    path = Path(_CLASS_INDEX.fetched())
    try:
        index = json.loads(path.read_bytes())
        return [(str(index[str(k)][0]), str(index[str(k)][1])) for k in range(IMAGENET_CLASSES)]
    except (ValueError, LookupError, TypeError) as error:
        raise DataLossError(
            f"[decode_predictions] expected names of {IMAGENET_CLASSES} classes in {path}, got "
            f"{type(error).__name__}: {error}; delete the file to have it fetched anew."
        ) from error


def _floating(x: Any) -> Any:
    """Images that can be computed with: symbolic or not, a tensor or an array, floating."""
    tensor = x if isinstance(x, KerasTensor) else as_tensor(x)
    if tensor is None:
        array = np.asarray(x)
        return array if np.issubdtype(array.dtype, np.floating) else array.astype(floatx())
    return tensor if dtypes.as_dtype(tensor.dtype).is_floating else cast(tensor, floatx())


def _along(values: tuple[float, float, float], axis: int, x: Any) -> np.ndarray[Any, Any]:
    """Numbers for three channels, in an array that broadcasts against images."""
    array = np.asarray(values, dtypes.as_dtype(x.dtype).as_numpy_dtype)
    return array if axis == -1 else array[:, None, None]
