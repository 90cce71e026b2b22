"""Saving: configs of objects, and the names by which they are found again."""

from thalweg._src.keras.archive.file_editor import KerasFileEditor as KerasFileEditor
from thalweg._src.keras.base.serialization import CustomObjectScope as CustomObjectScope
from thalweg._src.keras.base.serialization import CustomObjectScope as custom_object_scope
from thalweg._src.keras.base.serialization import (
    deserialize_keras_object as deserialize_keras_object,
)
from thalweg._src.keras.base.serialization import get_custom_objects as get_custom_objects
from thalweg._src.keras.base.serialization import get_registered_name as get_registered_name
from thalweg._src.keras.base.serialization import get_registered_object as get_registered_object
from thalweg._src.keras.base.serialization import (
    register_keras_serializable as register_keras_serializable,
)
from thalweg._src.keras.base.serialization import serialize_keras_object as serialize_keras_object
from thalweg._src.keras.models.saving import load_model as load_model
from thalweg._src.keras.models.saving import load_weights as load_weights
from thalweg._src.keras.models.saving import save_model as save_model
from thalweg._src.keras.models.saving import save_weights as save_weights
