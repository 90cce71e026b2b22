"""Functions of tensors for layers, losses and metrics, under the names of NumPy and of neural networks."""

from thalweg._src.keras.ops.arithmetic import add as add
from thalweg._src.keras.ops.arithmetic import sqrt as sqrt
from thalweg.keras.ops import numpy as numpy
