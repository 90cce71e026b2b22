"""DenseNet: every layer sees the outputs of all layers before it."""

from thalweg._src.keras.applications.densenet import DenseNet121 as DenseNet121
from thalweg._src.keras.applications.densenet import DenseNet169 as DenseNet169
from thalweg._src.keras.applications.densenet import DenseNet201 as DenseNet201
from thalweg._src.keras.applications.densenet import preprocess_input as preprocess_input
from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
