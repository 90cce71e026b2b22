"""Functions that Keras 2 named `keras.backend`, for programs that still call them."""
