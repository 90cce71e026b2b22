"""NASNet: two cells that a search found, stacked again and again."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.nasnet import NASNetLarge as NASNetLarge
from thalweg._src.keras.applications.nasnet import NASNetMobile as NASNetMobile
from thalweg._src.keras.applications.nasnet import preprocess_input as preprocess_input
