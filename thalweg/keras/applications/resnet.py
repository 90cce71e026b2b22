"""ResNet: layers learn what to add to their input."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.resnet import ResNet50 as ResNet50
from thalweg._src.keras.applications.resnet import ResNet101 as ResNet101
from thalweg._src.keras.applications.resnet import ResNet152 as ResNet152
from thalweg._src.keras.applications.resnet import preprocess_input as preprocess_input
