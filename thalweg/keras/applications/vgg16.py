"""VGG with 16 layers of weights."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.vgg import VGG16 as VGG16
from thalweg._src.keras.applications.vgg import preprocess_input as preprocess_input
