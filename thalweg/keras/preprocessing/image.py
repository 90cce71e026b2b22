"""Preparation of images."""

from thalweg._src.keras.utils.image_files import DirectoryIterator as DirectoryIterator
from thalweg._src.keras.utils.image_generator import ImageDataGenerator as ImageDataGenerator
from thalweg._src.keras.utils.image_iterators import Iterator as Iterator
from thalweg._src.keras.utils.image_iterators import NumpyArrayIterator as NumpyArrayIterator
from thalweg._src.keras.utils.image_transforms import (
    apply_affine_transform as apply_affine_transform,
)
from thalweg._src.keras.utils.image_transforms import (
    apply_brightness_shift as apply_brightness_shift,
)
from thalweg._src.keras.utils.image_transforms import apply_channel_shift as apply_channel_shift
from thalweg._src.keras.utils.image_transforms import random_brightness as random_brightness
from thalweg._src.keras.utils.image_transforms import random_channel_shift as random_channel_shift
from thalweg._src.keras.utils.image_transforms import random_rotation as random_rotation
from thalweg._src.keras.utils.image_transforms import random_shear as random_shear
from thalweg._src.keras.utils.image_transforms import random_shift as random_shift
from thalweg._src.keras.utils.image_transforms import random_zoom as random_zoom
from thalweg._src.keras.utils.images import array_to_img as array_to_img
from thalweg._src.keras.utils.images import img_to_array as img_to_array
from thalweg._src.keras.utils.images import load_img as load_img
from thalweg._src.keras.utils.images import save_img as save_img
from thalweg._src.keras.utils.images import smart_resize as smart_resize
