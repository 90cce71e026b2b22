"""Layers: the building blocks of models."""

from thalweg._src.keras.layers.base.layer import Layer as Layer
from thalweg._src.keras.layers.core.activation import Activation as Activation
from thalweg._src.keras.layers.core.dense import Dense as Dense
from thalweg._src.keras.layers.core.input_layer import Input as Input
from thalweg._src.keras.layers.core.input_layer import InputLayer as InputLayer
from thalweg._src.keras.layers.preprocessing.rescaling import Rescaling as Rescaling
from thalweg._src.keras.layers.regularization.dropout import Dropout as Dropout
from thalweg._src.keras.layers.reshaping.flatten import Flatten as Flatten
