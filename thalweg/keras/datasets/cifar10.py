"""CIFAR-10: small color pictures of ten kinds."""

from thalweg._src.keras.datasets.cifar10 import load_data as load_data
