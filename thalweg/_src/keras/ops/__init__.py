"""`keras.ops`: NumPy's and neural networks' functions, with Keras' promotion of dtypes."""
