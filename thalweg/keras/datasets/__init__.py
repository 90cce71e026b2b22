"""Data sets to learn with; each module has `load_data()`."""

from thalweg.keras.datasets import boston_housing as boston_housing
from thalweg.keras.datasets import california_housing as california_housing
from thalweg.keras.datasets import cifar10 as cifar10
from thalweg.keras.datasets import cifar100 as cifar100
from thalweg.keras.datasets import fashion_mnist as fashion_mnist
from thalweg.keras.datasets import imdb as imdb
from thalweg.keras.datasets import mnist as mnist
from thalweg.keras.datasets import reuters as reuters
