"""EfficientNet: one small network, made wider, deeper and finer at once."""

from thalweg._src.keras.applications.efficientnet import EfficientNetB0 as EfficientNetB0
from thalweg._src.keras.applications.efficientnet import EfficientNetB1 as EfficientNetB1
from thalweg._src.keras.applications.efficientnet import EfficientNetB2 as EfficientNetB2
from thalweg._src.keras.applications.efficientnet import EfficientNetB3 as EfficientNetB3
from thalweg._src.keras.applications.efficientnet import EfficientNetB4 as EfficientNetB4
from thalweg._src.keras.applications.efficientnet import EfficientNetB5 as EfficientNetB5
from thalweg._src.keras.applications.efficientnet import EfficientNetB6 as EfficientNetB6
from thalweg._src.keras.applications.efficientnet import EfficientNetB7 as EfficientNetB7
from thalweg._src.keras.applications.efficientnet import preprocess_input as preprocess_input
from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
