"""Records what Keras 3.15's copy of Keras 2's image functions gives, into `golden/image_transforms.json`.

Run with a Python that has TensorFlow 2.21, Keras 3.15 and SciPy: `python record_image_transforms.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
from keras.src.legacy.preprocessing import image

SHAPE = (2, 6, 6, 3)
AXES = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}
AFFINE = [
    {"theta": 30},
    {"tx": 1.5, "ty": -0.5, "fill_mode": "constant", "cval": 7.0},
    {"shear": 20, "fill_mode": "reflect"},
    {"zx": 0.5, "zy": 1.5, "fill_mode": "wrap", "order": 0},
    {"theta": 10, "tx": 1, "ty": 2, "shear": 5, "zx": 0.9, "zy": 1.1, "order": 3},
]
RANDOM = {
    "random_rotation": [20],
    "random_shift": [0.3, 0.2],
    "random_zoom": [[0.5, 1.5]],
    "random_shear": [20],
}
DRAWS = [
    {"rotation_range": 10, "width_shift_range": 0.2, "height_shift_range": 2, "shear_range": 0.1},
    {"width_shift_range": [-1, 1], "height_shift_range": 3, "zoom_range": [0.5, 0.9]},
    {"zoom_range": 0.2, "channel_shift_range": 5, "horizontal_flip": True, "vertical_flip": True},
    {"brightness_range": [0.5, 1.5], "rotation_range": 3},
]
SCALES = [
    {"featurewise_center": True, "featurewise_std_normalization": True},
    {"samplewise_center": True, "samplewise_std_normalization": True, "rescale": 0.5},
    {"zca_whitening": True, "featurewise_center": True},
]


def main() -> None:
    np.random.seed(0)
    x = np.random.uniform(0, 250, SHAPE).astype("float32")
    rows = {
        "affine": [[a, image.apply_affine_transform(x[0], **AXES, **a).tolist()] for a in AFFINE],
        "random": [],
        "draws": [],
        "scales": [],
    }
    for name, arguments in RANDOM.items():
        np.random.seed(3)
        rows["random"].append(
            [name, arguments, getattr(image, name)(x[0], *arguments, **AXES).tolist()]
        )
    np.random.seed(3)
    rows["random"].append(
        [
            "random_channel_shift",
            [20],
            image.random_channel_shift(x[0], 20, channel_axis=2).tolist(),
        ]
    )
    for arguments in DRAWS:
        generator = image.ImageDataGenerator(**arguments)
        for seed in range(3):
            found = generator.get_random_transform(SHAPE[1:], seed=seed)
            plain = {key: None if value is None else float(value) for key, value in found.items()}
            rows["draws"].append([arguments, seed, plain])
    for arguments in SCALES:
        generator = image.ImageDataGenerator(**arguments)
        generator.fit(x)
        rows["scales"].append([arguments, generator.standardize(x[0].copy()).tolist()])
    content = {"keras": keras.__version__, "numpy": np.__version__, "x": x.tolist(), **rows}
    path = Path(__file__).parent / "golden" / "image_transforms.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


if __name__ == "__main__":
    main()
