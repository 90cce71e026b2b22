"""tf.image: images resized, cropped, adjusted, compared, read and written."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.ops.image.adjusting import adjust_brightness as adjust_brightness
from thalweg._src.ops.image.adjusting import adjust_contrast as adjust_contrast
from thalweg._src.ops.image.adjusting import adjust_gamma as adjust_gamma
from thalweg._src.ops.image.adjusting import adjust_hue as adjust_hue
from thalweg._src.ops.image.adjusting import adjust_saturation as adjust_saturation
from thalweg._src.ops.image.adjusting import grayscale_to_rgb as grayscale_to_rgb
from thalweg._src.ops.image.adjusting import per_image_standardization as per_image_standardization
from thalweg._src.ops.image.adjusting import rgb_to_grayscale as rgb_to_grayscale
from thalweg._src.ops.image.boxes import crop_and_resize as crop_and_resize
from thalweg._src.ops.image.boxes import draw_bounding_boxes as draw_bounding_boxes
from thalweg._src.ops.image.codecs.decoding import decode_and_crop_jpeg as decode_and_crop_jpeg
from thalweg._src.ops.image.codecs.decoding import decode_bmp as decode_bmp
from thalweg._src.ops.image.codecs.decoding import decode_gif as decode_gif
from thalweg._src.ops.image.codecs.decoding import decode_image as decode_image
from thalweg._src.ops.image.codecs.decoding import decode_jpeg as decode_jpeg
from thalweg._src.ops.image.codecs.decoding import decode_jxl as decode_jxl
from thalweg._src.ops.image.codecs.decoding import decode_png as decode_png
from thalweg._src.ops.image.codecs.decoding import decode_webp as decode_webp
from thalweg._src.ops.image.codecs.decoding import extract_jpeg_shape as extract_jpeg_shape
from thalweg._src.ops.image.codecs.decoding import is_jpeg as is_jpeg
from thalweg._src.ops.image.codecs.encoding import adjust_jpeg_quality as adjust_jpeg_quality
from thalweg._src.ops.image.codecs.encoding import encode_jpeg as encode_jpeg
from thalweg._src.ops.image.codecs.encoding import encode_png as encode_png
from thalweg._src.ops.image.colors import hsv_to_rgb as hsv_to_rgb
from thalweg._src.ops.image.colors import rgb_to_hsv as rgb_to_hsv
from thalweg._src.ops.image.colors import rgb_to_yiq as rgb_to_yiq
from thalweg._src.ops.image.colors import rgb_to_yuv as rgb_to_yuv
from thalweg._src.ops.image.colors import yiq_to_rgb as yiq_to_rgb
from thalweg._src.ops.image.colors import yuv_to_rgb as yuv_to_rgb
from thalweg._src.ops.image.combined_suppression import (
    combined_non_max_suppression as combined_non_max_suppression,
)
from thalweg._src.ops.image.combined_suppression import (
    generate_bounding_box_proposals as generate_bounding_box_proposals,
)
from thalweg._src.ops.image.conversion import convert_image_dtype as convert_image_dtype
from thalweg._src.ops.image.cropping import central_crop as central_crop
from thalweg._src.ops.image.cropping import crop_to_bounding_box as crop_to_bounding_box
from thalweg._src.ops.image.cropping import pad_to_bounding_box as pad_to_bounding_box
from thalweg._src.ops.image.cropping import resize_with_crop_or_pad as resize_with_crop_or_pad
from thalweg._src.ops.image.filters import image_gradients as image_gradients
from thalweg._src.ops.image.filters import sobel_edges as sobel_edges
from thalweg._src.ops.image.filters import total_variation as total_variation
from thalweg._src.ops.image.flipping import flip_left_right as flip_left_right
from thalweg._src.ops.image.flipping import flip_up_down as flip_up_down
from thalweg._src.ops.image.flipping import rot90 as rot90
from thalweg._src.ops.image.flipping import transpose as transpose
from thalweg._src.ops.image.scaling import ResizeMethod as ResizeMethod
from thalweg._src.ops.image.scaling import resize as resize
from thalweg._src.ops.image.scaling import resize_with_pad as resize_with_pad
from thalweg._src.ops.image.similarity import psnr as psnr
from thalweg._src.ops.image.similarity import ssim as ssim
from thalweg._src.ops.image.similarity import ssim_multiscale as ssim_multiscale
from thalweg._src.ops.image.suppression import non_max_suppression as non_max_suppression
from thalweg._src.ops.image.suppression import (
    non_max_suppression_overlaps as non_max_suppression_overlaps,
)
from thalweg._src.ops.image.suppression import (
    non_max_suppression_padded as non_max_suppression_padded,
)
from thalweg._src.ops.image.suppression import (
    non_max_suppression_with_scores as non_max_suppression_with_scores,
)
from thalweg._src.ops.image.windows import extract_patches as extract_patches
from thalweg._src.random.boxes import extract_glimpse as extract_glimpse
from thalweg._src.random.boxes import sample_distorted_bounding_box as sample_distorted_bounding_box
from thalweg._src.random.boxes import (
    stateless_sample_distorted_bounding_box as stateless_sample_distorted_bounding_box,
)
from thalweg._src.random.image import random_brightness as random_brightness
from thalweg._src.random.image import random_contrast as random_contrast
from thalweg._src.random.image import random_crop as random_crop
from thalweg._src.random.image import random_flip_left_right as random_flip_left_right
from thalweg._src.random.image import random_flip_up_down as random_flip_up_down
from thalweg._src.random.image import random_hue as random_hue
from thalweg._src.random.image import random_jpeg_quality as random_jpeg_quality
from thalweg._src.random.image import random_saturation as random_saturation
from thalweg._src.random.image import stateless_random_brightness as stateless_random_brightness
from thalweg._src.random.image import stateless_random_contrast as stateless_random_contrast
from thalweg._src.random.image import stateless_random_crop as stateless_random_crop
from thalweg._src.random.image import (
    stateless_random_flip_left_right as stateless_random_flip_left_right,
)
from thalweg._src.random.image import stateless_random_flip_up_down as stateless_random_flip_up_down
from thalweg._src.random.image import stateless_random_hue as stateless_random_hue
from thalweg._src.random.image import stateless_random_jpeg_quality as stateless_random_jpeg_quality
from thalweg._src.random.image import stateless_random_saturation as stateless_random_saturation

_know_other_names(__name__)
