"""Preparation of data, under the names of Keras 2."""

from thalweg._src.keras.utils.image_dataset import (
    image_dataset_from_directory as image_dataset_from_directory,
)
from thalweg._src.keras.utils.text_dataset import (
    text_dataset_from_directory as text_dataset_from_directory,
)
from thalweg._src.keras.utils.timeseries import (
    timeseries_dataset_from_array as timeseries_dataset_from_array,
)
from thalweg.keras.preprocessing import image as image
from thalweg.keras.preprocessing import sequence as sequence
from thalweg.keras.preprocessing import text as text
