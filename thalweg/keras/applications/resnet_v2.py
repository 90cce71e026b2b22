"""ResNet version 2: normalization and activation come first."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.resnet_v2 import ResNet50V2 as ResNet50V2
from thalweg._src.keras.applications.resnet_v2 import ResNet101V2 as ResNet101V2
from thalweg._src.keras.applications.resnet_v2 import ResNet152V2 as ResNet152V2
from thalweg._src.keras.applications.resnet_v2 import preprocess_input as preprocess_input
