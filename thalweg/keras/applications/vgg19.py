"""VGG with 19 layers of weights."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.vgg import VGG19 as VGG19
from thalweg._src.keras.applications.vgg import preprocess_input as preprocess_input
