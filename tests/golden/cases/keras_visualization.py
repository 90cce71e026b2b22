"""`keras.visualization`: what is drawn on images, where Keras draws it with lines of one pixel."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()

COLORS = {0: (9, 9, 9), 1: (255, 0, 0), 2: (0, 255, 0), 3: (0, 0, 255)}


@cases
def boxes(tf: Any, np: Any) -> Any:
    images = np.random.default_rng(0).integers(0, 256, (2, 9, 12, 3), np.uint8)
    rows = np.array([[[1, 2, 5, 6], [4, 0, 11, 8]], [[-3, 2, 4, 20], [0, 0, 3, 3]]], np.float32)
    labels = np.array([[0, 1], [2, -1]])
    marked = {"boxes": rows, "labels": labels}
    shares = {"boxes": rows[:, :1] / np.float32([12, 9, 12, 9]), "labels": labels[:, :1]}

    def draw(images: Any = images, marked: Any = marked, format: str = "xyxy", **options: Any) -> Any:
        return tf.keras.visualization.draw_bounding_boxes(
            images, marked, format, **{"line_thickness": 1, "color": (255, 128, 7)} | options
        )

    return {
        "plain": draw(),
        "list as color": draw(color=[1, 2, 3]),
        "shares": draw(marked=shares, format="rel_xyxy"),
        "floats": draw(images.astype(np.float32)),
        "floats from 0 to 1": draw(np.full((2, 9, 12, 3), 0.5, np.float32)),
        "one image": attempt(lambda: draw(images[0])),
        "array": attempt(lambda: draw(marked=rows)),
        "no labels": attempt(lambda: draw(marked={"boxes": rows})),
        "unknown format": attempt(lambda: draw(format="foo")),
    }


@cases
def masks(tf: Any, np: Any) -> Any:
    images = np.full((1, 2, 2, 3), 100, np.uint8)
    classes = np.array([[[1, 2], [3, 1]]])[..., None]

    def draw(images: Any = images, classes: Any = classes, **options: Any) -> Any:
        options = {"num_classes": 4, "color_mapping": COLORS} | options
        drawn = tf.keras.visualization.draw_segmentation_masks(images, classes, **options)
        return np.asarray(drawn).astype(np.uint8)

    return {
        "plain": draw(),
        "half": draw(alpha=0.5),
        "covered": draw(blend=False),
        "ignored": draw(ignore_index=2),
        "background": draw(classes=classes - 1),
        "own colors": draw(color_mapping=None),
        "many colors": draw(
            np.full((1, 1, 11, 3), 100, np.uint8),
            np.arange(1, 12)[None, None, :, None],
            num_classes=20,
            color_mapping=None,
            blend=False,
        ),
        "floats": draw(images.astype(np.float32)),
        "no color": attempt(lambda: draw(color_mapping={0: (0, 0, 0), 1: (255, 0, 0)})),
        "masks of floats": attempt(lambda: draw(classes=classes.astype(np.float32))),
        "one image": attempt(lambda: draw(images[0])),
    }
