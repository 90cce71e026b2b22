"""`keras.utils.bounding_boxes`: formats, what moves boxes, overlaps, encodings of detectors."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()

FORMATS = ["xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw"]
RELATIVE = ["rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh"]
SIZE = {"height": 100, "width": 200}


def _boxes(np: Any) -> Any:
    return np.array([[10, 20, 30, 50], [5, 6, 70, 80]], np.float32)


def _batch(np: Any) -> Any:
    return np.stack([_boxes(np), _boxes(np) + 1])


@cases
def formats(tf: Any, np: Any) -> Any:
    convert = tf.keras.utils.bounding_boxes.convert_format
    boxes, whole = _boxes(np), _boxes(np).astype(np.int64)
    marked = {"boxes": whole, "labels": np.array([1, 2]), "confidence": np.array([0.5, 1.0])}
    return {
        "to": {name: convert(boxes, "xyxy", name, **SIZE) for name in FORMATS + RELATIVE},
        "from": {name: convert(boxes / 100, name, "xyxy", **SIZE) for name in FORMATS + RELATIVE},
        "capitals": convert(boxes, "XYXY", "Center_XYWH"),
        "integers": convert(whole, "xyxy", "xywh"),
        "list": convert([[10, 20, 30, 50]], "xyxy", "xywh"),
        "float64": convert(whole, "xyxy", "xywh", dtype="float64"),
        "no dtype": convert(whole, "xyxy", "xywh", dtype=None),
        "same": convert(whole, "xyxy", "xyxy"),
        "one": convert(boxes[0], "xyxy", "xywh"),
        "batch": convert(_batch(np), "xyxy", "xywh"),
        "dictionary": convert(marked, "xyxy", "xywh"),
        "unknown source": attempt(lambda: convert(boxes, "foo", "xyxy")),
        "unknown target": attempt(lambda: convert(boxes, "xyxy", "rel_foo", **SIZE)),
        "no size": attempt(lambda: convert(boxes, "xyxy", "rel_xyxy")),
        "no width": attempt(lambda: convert(boxes, "rel_xyxy", "xyxy", height=3)),
        "three numbers": attempt(lambda: convert(boxes[:, :3], "xyxy", "xywh")),
    }


@cases
def edges(tf: Any, np: Any) -> Any:
    kit = tf.keras.utils.bounding_boxes
    rows = np.array([[-10, -20, 150, 160], [50, 40, 70, 80], [200, 200, 210, 220], [5, 5, 5, 9]])
    marked = {"boxes": rows, "labels": np.array([0, 1, 2, 3]), "confidence": np.array([0.5] * 4)}
    floats = {"boxes": _batch(np) * 10, "labels": np.ones((2, 2), np.float32)}
    shares = {"boxes": rows.astype(np.float32) / 100, "labels": np.arange(4)}
    return {
        "integers": kit.clip_to_image_size(marked, 100, 120),
        "floats": kit.clip_to_image_size(floats, 100, 120),
        "shares": kit.clip_to_image_size(shares, bounding_box_format="rel_xyxy"),
        "no size": attempt(lambda: kit.clip_to_image_size(marked)),
        "crop": kit.crop(rows, top=10, left=20, height=40, width=30),
        "crop floats": kit.crop(_batch(np), top=10.5, left=20, height=40, width=30),
        "pad": kit.pad(rows, top=10, left=20),
        "pad floats": kit.pad(_batch(np), top=10, left=20, height=100, width=200),
    }


@cases
def affine(tf: Any, np: Any) -> Any:
    names = ["angle", "translate_x", "translate_y", "scale", "shear_x", "shear_y"]
    rest = dict.fromkeys(names, [0.0, 0.0]) | {"scale": [1.0, 1.0]}

    def run(boxes: Any = None, center_x: Any = None, center_y: Any = None, **changed: Any) -> Any:
        values = {k: np.array(v, np.float32) for k, v in (rest | changed).items()}
        boxes = _batch(np) if boxes is None else boxes
        return tf.keras.utils.bounding_boxes.affine_transform(
            boxes, **values, **SIZE, center_x=center_x, center_y=center_y
        )

    return {
        "nothing": run(),
        "turned": run(angle=[30, -90]),
        "moved": run(translate_x=[0.1, -0.2], translate_y=[0.3, 0]),
        "scaled": run(scale=[2, 0.5]),
        "leaning columns": run(shear_x=[10, -20]),
        "leaning rows": run(shear_y=[10, -20]),
        "turned, leaning rows": run(angle=[30, -50], shear_y=[10, -20]),
        "turned, scaled, moved": run(angle=[30, 200], scale=[2, 0.5], translate_x=[0.1, 0]),
        "scaled, leaning columns": run(scale=[2, 0.5], shear_x=[10, 5], translate_y=[0.1, 0]),
        "center": run(angle=[30, 60], center_x=0.1, center_y=0.9),
        "centers": run(angle=[30, 60], center_x=np.array([0.1, 0.5], np.float32)),
        "integers": run(_batch(np).astype(np.int32), angle=[30, 60]),
        "turned, leaning columns": run(angle=[30, -50], shear_x=[10, -20]),
        "leaning both ways": run(shear_x=[10, 0], shear_y=[10, 0]),
    }


@cases
def overlaps(tf: Any, np: Any) -> Any:
    iou = tf.keras.utils.bounding_boxes.compute_iou
    boxes, batch = _boxes(np), _batch(np)
    near = boxes[:1] + 5
    holes = np.array([[10, 20, 30, 50], [-1, -1, -1, -1], [5, 5, -1, 9]], np.float32)
    return {
        "plain": iou(boxes, near, "xyxy"),
        "integers": iou(boxes.astype(np.int32), boxes.astype(np.int32), "xyxy"),
        "lists": iou(boxes.tolist(), near.tolist(), "xyxy"),
        "batches": iou(batch, batch[:, :1], "xyxy"),
        "batch and boxes": iou(batch, near, "xyxy"),
        "boxes and batch": iou(near, batch, "xyxy"),
        "formats": {name: iou(boxes, near, name) for name in FORMATS},
        "shares": iou(boxes / 100, near / 100, "rel_xywh", image_shape=(50, 100, 3)),
        "masked": iou(holes, holes, "xyxy", use_masking=True),
        "masked by -7": iou(holes, boxes, "xywh", use_masking=True, mask_val=-7),
        "not masked": iou(holes, holes, "xyxy"),
        "no area": iou(np.zeros((2, 4)), np.zeros((1, 4)), "xyxy"),
        "one": attempt(lambda: iou(boxes[0], boxes, "xyxy")),
        "four dimensions": attempt(lambda: iou(batch[None], boxes, "xyxy")),
        "unknown format": attempt(lambda: iou(boxes, boxes, "foo")),
    }


@cases
def complete_overlaps(tf: Any, np: Any) -> Any:
    ciou = tf.keras.utils.bounding_boxes.compute_ciou
    boxes, batch = _boxes(np), _batch(np)
    flat = np.array([[0, 0, 4, 0]], np.float32)

    def slopes() -> Any:
        source = tf.constant(boxes)
        with tf.GradientTape() as tape:
            tape.watch(source)
            total = tf.reduce_sum(ciou(source, boxes[::-1] + 3, "xyxy"))
        return tape.gradient(total, source)

    return {
        "plain": ciou(boxes, boxes + 5, "xyxy"),
        "same": ciou(boxes, boxes, "xyxy"),
        "far": ciou(boxes, boxes + 500, "xyxy"),
        "formats": {name: ciou(boxes, boxes[::-1] + 3, name) for name in FORMATS},
        "integers": ciou(boxes.astype(np.int32), boxes[::-1].astype(np.int32), "xyxy"),
        "batches": ciou(batch, batch[::-1] + 3, "xyxy"),
        "each with each": ciou(boxes[:, None], boxes[None] * 1.1, "xyxy"),
        "one": ciou(boxes[0], boxes[1], "xyxy"),
        "no area": ciou(flat * 0, flat * 0, "xyxy"),
        "no height": ciou(flat, np.array([[0, 0, 4, 4]], np.float32), "xyxy"),
        "gradient": slopes(),
        "shares without shape": attempt(lambda: ciou(boxes, boxes, "rel_xyxy")),
        "shares": attempt(lambda: ciou(boxes / 100, boxes / 100, "rel_xyxy", image_shape=(100, 100, 3))),
    }


@cases
def encodings(tf: Any, np: Any) -> Any:
    kit = tf.keras.utils.bounding_boxes
    encode, decode = kit.encode_box_to_deltas, kit.decode_deltas_to_boxes
    boxes, batch = _boxes(np), _batch(np)
    anchors = np.array([[0, 0, 20, 30], [10, 10, 60, 90]], np.float32)
    four = [0.1, 0.1, 0.2, 0.2]
    corners = ("xyxy", "xyxy")
    image = (100, 200, 3)
    levels = {"P3": anchors, "P4": anchors[:1]}
    deltas = {"P3": boxes / 100, "P4": boxes[:1] / 100}
    result: dict[str, Any] = {}
    for name in ("center_xywh", "center_yxhw"):
        for variance in (None, four):
            result[f"encode {name} {variance}"] = encode(
                anchors, boxes, *corners, encoding_format=name, variance=variance
            )
            result[f"decode {name} {variance}"] = decode(
                anchors, boxes / 100, *corners, encoded_format=name, variance=variance
            )
    return result | {
        "encode batch": encode(anchors, batch, *corners),
        "decode batch": decode(anchors, batch / 100, "xyxy", "xywh"),
        "encode formats": encode(anchors, boxes, "xywh", "yxyx"),
        "encode shares": encode(anchors / 100, boxes / 100, "rel_xyxy", "rel_xyxy", image_shape=image),
        "encode mixed": encode(anchors, boxes / 100, "xyxy", "rel_xyxy", image_shape=image),
        "decode shares": decode(anchors, boxes / 100, "xyxy", "rel_xyxy", image_shape=image),
        "encode at a point": encode(anchors[:1] * 0, boxes[:1], *corners),
        "encode a point": encode(anchors[:1], boxes[:1] * 0, *corners),
        "encode integers": encode(anchors.astype(np.int32), boxes.astype(np.int32), *corners),
        "decode levels": decode(levels, deltas, *corners),
        "encode, format": attempt(lambda: encode(anchors, boxes, *corners, encoding_format="xyxy")),
        "decode, format": attempt(lambda: decode(anchors, boxes, *corners, encoded_format="xyxy")),
        "encode, variance": attempt(lambda: encode(anchors, boxes, *corners, variance=[1, 2, 3])),
        "decode, variance": attempt(lambda: decode(anchors, boxes, *corners, variance=[1, 2, 3])),
        "encode, no shape": attempt(lambda: encode(anchors, boxes, "rel_xyxy", "rel_xyxy")),
        "decode, no shape": attempt(lambda: decode(anchors, boxes, "xyxy", "rel_xyxy")),
    }
