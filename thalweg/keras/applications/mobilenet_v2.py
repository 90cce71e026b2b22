"""MobileNetV2: residuals between thin layers."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.mobilenet_v2 import MobileNetV2 as MobileNetV2
from thalweg._src.keras.applications.mobilenet_v2 import preprocess_input as preprocess_input
