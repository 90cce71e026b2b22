"""InceptionResNetV2: Inception's branches as residuals."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.inception_resnet_v2 import (
    InceptionResNetV2 as InceptionResNetV2,
)
from thalweg._src.keras.applications.inception_resnet_v2 import preprocess_input as preprocess_input
