"""Fashion-MNIST: small gray pictures of clothes."""

from thalweg._src.keras.datasets.fashion_mnist import load_data as load_data
