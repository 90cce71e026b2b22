"""MNIST: handwritten digits."""

from thalweg._src.keras.datasets.mnist import load_data as load_data
