"""keras.ops.image: functions of images."""

from thalweg._src.keras.ops.image_colors import hsv_to_rgb as hsv_to_rgb
from thalweg._src.keras.ops.image_colors import rgb_to_grayscale as rgb_to_grayscale
from thalweg._src.keras.ops.image_colors import rgb_to_hsv as rgb_to_hsv
from thalweg._src.keras.ops.image_cropping import crop_images as crop_images
from thalweg._src.keras.ops.image_cropping import pad_images as pad_images
from thalweg._src.keras.ops.image_filters import gaussian_blur as gaussian_blur
from thalweg._src.keras.ops.image_filters import sobel_edges as sobel_edges
from thalweg._src.keras.ops.image_filters import ssim as ssim
from thalweg._src.keras.ops.image_patches import extract_patches as extract_patches
from thalweg._src.keras.ops.image_patches import extract_patches_3d as extract_patches_3d
from thalweg._src.keras.ops.image_resizing import resize as resize
from thalweg._src.keras.ops.image_resizing import scale_and_translate as scale_and_translate
from thalweg._src.keras.ops.image_warping import affine_transform as affine_transform
from thalweg._src.keras.ops.image_warping import elastic_transform as elastic_transform
from thalweg._src.keras.ops.image_warping import map_coordinates as map_coordinates
from thalweg._src.keras.ops.image_warping import perspective_transform as perspective_transform
