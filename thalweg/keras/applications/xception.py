"""Xception: Inception taken to its extreme."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.xception import Xception as Xception
from thalweg._src.keras.applications.xception import preprocess_input as preprocess_input
