"""keras.ops.image: functions of images."""

from thalweg._src.keras.ops.image_patches import extract_patches as extract_patches
from thalweg._src.keras.ops.image_patches import extract_patches_3d as extract_patches_3d
