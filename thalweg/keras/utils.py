"""Helpers for data, names and seeds."""

from thalweg._src.keras.base.seeds import set_random_seed as set_random_seed
from thalweg._src.keras.training.arrays import pack_x_y_sample_weight as pack_x_y_sample_weight
from thalweg._src.keras.training.arrays import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from thalweg._src.keras.utils.numerical import normalize as normalize
from thalweg._src.keras.utils.numerical import to_categorical as to_categorical
from thalweg._src.keras.utils.session import clear_session as clear_session
from thalweg._src.keras.utils.session import is_keras_tensor as is_keras_tensor
from thalweg._src.keras.utils.session import standardize_dtype as standardize_dtype
