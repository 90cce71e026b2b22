"""Helpers for data, names, progress and seeds."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.base.py_dataset import PyDataset as PyDataset
from thalweg._src.keras.base.py_dataset import PyDataset as Sequence
from thalweg._src.keras.base.seeds import set_random_seed as set_random_seed
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
from thalweg._src.keras.base.settings import (
    disable_interactive_logging as disable_interactive_logging,
)
from thalweg._src.keras.base.settings import (
    enable_interactive_logging as enable_interactive_logging,
)
from thalweg._src.keras.base.settings import (
    is_interactive_logging_enabled as is_interactive_logging_enabled,
)
from thalweg._src.keras.training.data import pack_x_y_sample_weight as pack_x_y_sample_weight
from thalweg._src.keras.training.data import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from thalweg._src.keras.utils.audio_dataset import (
    audio_dataset_from_directory as audio_dataset_from_directory,
)
from thalweg._src.keras.utils.config import Config as Config
from thalweg._src.keras.utils.feature_space import FeatureSpace as FeatureSpace
from thalweg._src.keras.utils.get_file import get_file as get_file
from thalweg._src.keras.utils.image_dataset import (
    image_dataset_from_directory as image_dataset_from_directory,
)
from thalweg._src.keras.utils.images import array_to_img as array_to_img
from thalweg._src.keras.utils.images import img_to_array as img_to_array
from thalweg._src.keras.utils.images import load_img as load_img
from thalweg._src.keras.utils.images import save_img as save_img
from thalweg._src.keras.utils.numerical import normalize as normalize
from thalweg._src.keras.utils.numerical import to_categorical as to_categorical
from thalweg._src.keras.utils.plotting.plot import model_to_dot as model_to_dot
from thalweg._src.keras.utils.plotting.plot import plot_model as plot_model
from thalweg._src.keras.utils.progbar import Progbar as Progbar
from thalweg._src.keras.utils.sequences import pad_sequences as pad_sequences
from thalweg._src.keras.utils.session import clear_session as clear_session
from thalweg._src.keras.utils.session import is_keras_tensor as is_keras_tensor
from thalweg._src.keras.utils.session import standardize_dtype as standardize_dtype
from thalweg._src.keras.utils.sources import get_source_inputs as get_source_inputs
from thalweg._src.keras.utils.splitting import split_dataset as split_dataset
from thalweg._src.keras.utils.text_dataset import (
    text_dataset_from_directory as text_dataset_from_directory,
)
from thalweg._src.keras.utils.timeseries import (
    timeseries_dataset_from_array as timeseries_dataset_from_array,
)
from thalweg.keras.utils import bounding_boxes as bounding_boxes
from thalweg.keras.utils import legacy as legacy

_know_other_names(__name__)
