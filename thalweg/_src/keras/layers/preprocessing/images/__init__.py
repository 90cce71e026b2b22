"""Layers that change images, and labels, boxes and masks with them: sizes, data augmentation."""
