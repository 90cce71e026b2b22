"""Preparation of images."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.utils.images import array_to_img as array_to_img
from thalweg._src.keras.utils.images import img_to_array as img_to_array
from thalweg._src.keras.utils.images import load_img as load_img
from thalweg._src.keras.utils.images import save_img as save_img
from thalweg._src.keras.utils.images import smart_resize as smart_resize

_know_other_names(__name__)
