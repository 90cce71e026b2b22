"""MobileNet: convolutions taken apart, for small devices."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.mobilenet import MobileNet as MobileNet
from thalweg._src.keras.applications.mobilenet import preprocess_input as preprocess_input
