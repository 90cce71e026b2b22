"""MobileNetV3, whose networks are in `keras.applications`: blocks that also weigh their channels."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.mobilenet_v3 import preprocess_input as preprocess_input
