"""Layers: the building blocks of models."""

from thalweg._src.keras.layers.base.input_spec import InputSpec as InputSpec
from thalweg._src.keras.layers.base.layer import Layer as Layer
from thalweg._src.keras.layers.convolution.conv2d import Conv2D as Conv2D
from thalweg._src.keras.layers.convolution.conv2d import Conv2D as Convolution2D
from thalweg._src.keras.layers.core.activation import Activation as Activation
from thalweg._src.keras.layers.core.dense import Dense as Dense
from thalweg._src.keras.layers.core.input_layer import Input as Input
from thalweg._src.keras.layers.core.input_layer import InputLayer as InputLayer
from thalweg._src.keras.layers.pooling.average_pooling2d import AveragePooling2D as AveragePooling2D
from thalweg._src.keras.layers.pooling.average_pooling2d import AveragePooling2D as AvgPool2D
from thalweg._src.keras.layers.pooling.global_average_pooling2d import (
    GlobalAveragePooling2D as GlobalAveragePooling2D,
)
from thalweg._src.keras.layers.pooling.global_average_pooling2d import (
    GlobalAveragePooling2D as GlobalAvgPool2D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling2d import (
    GlobalMaxPooling2D as GlobalMaxPool2D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling2d import (
    GlobalMaxPooling2D as GlobalMaxPooling2D,
)
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D as MaxPool2D
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D as MaxPooling2D
from thalweg._src.keras.layers.preprocessing.rescaling import Rescaling as Rescaling
from thalweg._src.keras.layers.regularization.dropout import Dropout as Dropout
from thalweg._src.keras.layers.reshaping.flatten import Flatten as Flatten
