"""EfficientNetV2: early blocks convolve all channels at once."""

from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B0 as EfficientNetV2B0
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B1 as EfficientNetV2B1
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B2 as EfficientNetV2B2
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B3 as EfficientNetV2B3
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2L as EfficientNetV2L
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2M as EfficientNetV2M
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2S as EfficientNetV2S
from thalweg._src.keras.applications.efficientnet_v2 import preprocess_input as preprocess_input
from thalweg._src.keras.applications.imagenet_utils import decode_predictions as decode_predictions
