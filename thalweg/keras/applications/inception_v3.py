"""InceptionV3: convolutions of several sizes side by side."""

from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
from thalweg._src.keras.applications.inception_v3 import InceptionV3 as InceptionV3
from thalweg._src.keras.applications.inception_v3 import preprocess_input as preprocess_input
