"""`keras.ops`: NumPy's and neural networks' functions, with Keras' promotion of dtypes."""

# The operators of symbolic tensors are bound whenever a function of `keras.ops` is there.
from thalweg._src.keras.ops import operators as operators
