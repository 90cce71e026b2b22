"""Objects as configs in the form of Keras 2."""

from thalweg._src.keras.utils.legacy import deserialize_keras_object as deserialize_keras_object
from thalweg._src.keras.utils.legacy import serialize_keras_object as serialize_keras_object
