"""Pictures of what models see: boxes and masks drawn on images, galleries of images."""

from thalweg._src.keras.visualization.boxes import draw_bounding_boxes as draw_bounding_boxes
from thalweg._src.keras.visualization.galleries import (
    plot_bounding_box_gallery as plot_bounding_box_gallery,
)
from thalweg._src.keras.visualization.galleries import plot_image_gallery as plot_image_gallery
from thalweg._src.keras.visualization.galleries import (
    plot_segmentation_mask_gallery as plot_segmentation_mask_gallery,
)
from thalweg._src.keras.visualization.masks import (
    draw_segmentation_masks as draw_segmentation_masks,
)
