"""ResNet with 50 layers of weights."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.resnet import ResNet50 as ResNet50
from thalweg._src.keras.applications.resnet import preprocess_input as preprocess_input
