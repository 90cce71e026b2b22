"""Boxes around things in images: their formats, what moves them, how much they overlap."""

from thalweg._src.keras.bounding_boxes.deltas import (
    decode_deltas_to_boxes as decode_deltas_to_boxes,
)
from thalweg._src.keras.bounding_boxes.deltas import encode_box_to_deltas as encode_box_to_deltas
from thalweg._src.keras.bounding_boxes.formats import convert_format as convert_format
from thalweg._src.keras.bounding_boxes.moving import affine_transform as affine_transform
from thalweg._src.keras.bounding_boxes.moving import clip_to_image_size as clip_to_image_size
from thalweg._src.keras.bounding_boxes.moving import crop as crop
from thalweg._src.keras.bounding_boxes.moving import pad as pad
from thalweg._src.keras.bounding_boxes.overlap import compute_ciou as compute_ciou
from thalweg._src.keras.bounding_boxes.overlap import compute_iou as compute_iou
