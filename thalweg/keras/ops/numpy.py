"""Functions of tensors under NumPy's names, with Keras' promotion of dtypes."""

from thalweg._src.keras.ops.arithmetic import add as add
from thalweg._src.keras.ops.arithmetic import sqrt as sqrt
