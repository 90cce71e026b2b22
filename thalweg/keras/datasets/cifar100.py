"""CIFAR-100: small color pictures of a hundred kinds."""

from thalweg._src.keras.datasets.cifar100 import load_data as load_data
