"""ConvNeXt: a convolutional network drawn as a vision transformer is."""

from thalweg._src.keras.applications.convnext import ConvNeXtBase as ConvNeXtBase
from thalweg._src.keras.applications.convnext import ConvNeXtLarge as ConvNeXtLarge
from thalweg._src.keras.applications.convnext import ConvNeXtSmall as ConvNeXtSmall
from thalweg._src.keras.applications.convnext import ConvNeXtTiny as ConvNeXtTiny
from thalweg._src.keras.applications.convnext import ConvNeXtXLarge as ConvNeXtXLarge
from thalweg._src.keras.applications.convnext import preprocess_input as preprocess_input
from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
