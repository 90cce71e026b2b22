"""Images as networks of ImageNet expect them, and the names of its classes."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.imagenet_utils import preprocess_input as preprocess_input
